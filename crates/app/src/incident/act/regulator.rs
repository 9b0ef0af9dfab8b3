//! Whether the regulator is told, and what it is told (SEC-27): the data controller's alone. The case itself stays as it is, so that nobody who reads
//! the case learns of any of this by its version.

use platform::cases::Case;
use platform::clock::{Millis, timestamp};
use platform::cx::{Cx, Entry, Tx};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use rules::form::Answers;
use rules::truth::Truth;
use uuid::Uuid;

use super::people;
use super::recorded::{checked, nobody, open, said};
use crate::casework::notices;
use crate::incident::model::{Incident, Incidents, LONGEST, MERGED};
use crate::incident::people::{LONGEST_INSTRUCTION, asks_supplier};
use crate::incident::regulator::{self, Aware, Decision, Filled, Kept, LONGEST_NAME, LONGEST_REFERENCE, People, Record, Said, Sent};
use crate::incident::store::{duplicates, regulator as store};
use crate::incident::teller::Teller;

/// The longest time that a moment may lie before the report, in years: beyond it somebody mistyped.
const YEARS: i64 = 10;

/// Writes how a new incident stands before the regulator: the clock runs from its report. Tells the data controller, and raises the alarm where it
/// names a regulator that was told. The alarm's entry, if any.
pub(super) async fn begun(tx: &mut Tx, before: &Incident, case: &Case, answers: &Answers) -> Result<Option<Entry>> {
    let aware = case.submitted_at.unwrap_or_else(|| tx.now());
    let concerns = regulator::concerns(answers);
    let mut kept = Kept { case: case.id, aware, concerns, notify: None, first: None, next: None, people: None, alarm: None, version: 0 };
    let alarm = alarmed(tx, before, case, &mut kept, answers)?;
    store::begin(tx, case, &kept).await?;
    if kept.waits(&case.stage).is_some() {
        notices::holders::<Incidents>(tx, before, case, "regulator", &["data_controller"])?;
    }
    Ok(alarm)
}

/// Writes what more is known by a report that was added to.
pub(super) async fn more(tx: &mut Tx, before: &Incident, case: &Case, answers: &Answers) -> Result<Option<Entry>> {
    let was = store::get(tx.db(), case.id).await?;
    let mut kept = Kept { concerns: regulator::concerns(answers), ..was.clone() };
    // What was merged into it said, it does not unsay.
    let merged = duplicates::of(tx.db(), case.id).await?;
    if store::of(tx.db(), merged).await?.values().any(|duplicate| duplicate.concerns == Truth::True) {
        kept.concerns = Truth::True;
    }
    let alarm = alarmed(tx, before, case, &mut kept, answers)?;
    store::keep(tx, case, &kept).await?;
    if was.waits(&case.stage).is_none() && kept.waits(&case.stage).is_some() {
        notices::holders::<Incidents>(tx, before, case, "regulator", &["data_controller"])?;
    }
    Ok(alarm)
}

/// Writes how two reports of one incident stand once the first was merged into the second, which takes over its clock and tells the data controller where
/// something waits only now. The entry about the second, where that stands otherwise.
pub(super) async fn merged(tx: &mut Tx, duplicate: &Case, into: &Incident) -> Result<Option<Entry>> {
    let theirs = store::get(tx.db(), duplicate.id).await?;
    store::keep(tx, duplicate, &theirs).await?;
    let was = store::get(tx.db(), into.case.id).await?;
    let kept = was.with_duplicate(&theirs);
    if kept == was {
        return Ok(None);
    }
    let (aware, stage) = (kept.aware, &into.case.stage);
    if was.waits(stage).is_none() && kept.waits(stage).is_some() {
        notices::holders::<Incidents>(tx, into, &into.case, "regulator", &["data_controller"])?;
    }
    store::keep(tx, &into.case, &Kept { version: was.version + 1, ..kept }).await?;
    Ok(Some(Entry::on("regulator.merged", &Record::of(&into.case)).about("duplicate", duplicate.id).about("aware", timestamp(aware))))
}

/// Writes what waits again of a report that was no duplicate after all, and tells the data controller where something does.
pub(super) async fn separated(tx: &mut Tx, before: &Incident, case: &Case) -> Result<()> {
    let kept = store::get(tx.db(), case.id).await?;
    store::keep(tx, case, &kept).await?;
    if before.case.stage == MERGED && kept.waits(MERGED).is_none() && kept.waits(&case.stage).is_some() {
        notices::holders::<Incidents>(tx, before, case, "regulator", &["data_controller"])?;
    }
    Ok(())
}

/// Writes what waits once it was decided what a report is.
pub(super) async fn settled(tx: &Tx, case: &Case) -> Result<()> {
    store::keep(tx, case, &store::get(tx.db(), case.id).await?).await
}

/// Raises the alarm, once, where answers name a regulator among those who were told (SEC-X2).
fn alarmed(tx: &mut Tx, before: &Incident, case: &Case, kept: &mut Kept, answers: &Answers) -> Result<Option<Entry>> {
    let named = regulator::named(answers).len();
    if named == 0 || kept.alarm.is_some() {
        return Ok(None);
    }
    kept.alarm = Some(tx.now());
    notices::holders::<Incidents>(tx, before, case, "regulator-alarm", &["security", "data_controller"])?;
    Ok(Some(Entry::on("regulator.alarm", &Record::of(case)).about("named", named)))
}

/// Puts right when the authority became aware, with a reason: the clock counts from then.
///
/// # Errors
/// [`Error::Invalid`] without a reason, with data about people in it, of a moment that is to come, or later than what was sent; [`Error::Stale`]; or a refusal.
pub async fn put_aware(cx: &Cx, id: Uuid, version: i32, at: Millis, reason: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let on = open(cx, &tx, id, version, "regulator.aware").await?;
    let mut errors = FieldErrors::default();
    let reason = checked(&mut errors, "reason", reason, LONGEST, Some("regulator-aware-reason-missing"));
    if at > tx.now() {
        errors.add("at", Text::new("regulator-to-come"));
    } else if at < tx.now() - YEARS * 366 * platform::clock::DAY {
        errors.add("at", Text::new("regulator-too-early"));
    } else if at == on.kept.aware {
        errors.add("at", Text::new("regulator-aware-same"));
    } else if on.kept.first.is_some_and(|first| first < at) {
        errors.add("at", Text::new("regulator-aware-after-sent"));
    }
    errors.or(())?;
    nobody(cx, &[("reason", &reason)])?;
    let kept = Kept { aware: at, ..on.kept.clone() };
    let entry = Entry::on("regulator.aware", &Record::of(&on.case)).about("aware", timestamp(at));
    said(cx, tx, on, kept, &Said::Aware(Aware { at, reason }), (entry, None)).await
}

/// Decides whether the regulator is notified, and whether the people concerned are told. Another decision takes the place of an earlier one, which stays
/// in the record.
///
/// # Errors
/// [`Error::Invalid`] where something is lacking, does not fit, or tells data about people; [`Error::Stale`]; or a refusal.
pub async fn decide_regulator(cx: &Cx, id: Uuid, version: i32, with: Decision) -> Result<()> {
    let mut tx = cx.begin().await?;
    let on = open(cx, &tx, id, version, "regulator.decide").await?;
    let today = cx.core().clock.date_of(tx.now());
    let mut with = fit(with, today)?;
    nobody(cx, &[("reason", &with.reason), ("people_reason", &with.people_reason), ("people_how", &with.people_how)])?;
    if !with.notify && on.kept.first.is_some() {
        return Err(Error::field("notify", Text::new("regulator-sent-already")));
    }
    let asked = people::asked(cx, &mut tx, &on, &mut with).await?;
    let until = with.people_on.filter(|_| with.people == Some(People::WillBe));
    let kept = Kept { notify: Some(with.notify), people: regulator::due_by(&cx.core().clock, until), ..on.kept.clone() };
    let mut entry = Entry::on("regulator.decide", &Record::of(&on.case)).about("choice", if with.notify { "notify" } else { "not" });
    for (name, code) in [
        ("risk", with.risk.map(rules::regulator::Risk::code)),
        ("people", with.people.map(People::code)),
        ("people_by", with.people_by.map(Teller::code)),
    ] {
        entry = code.into_iter().fold(entry, |entry, code| entry.about(name, code));
    }
    said(cx, tx, on, kept, &Said::Decision(with), (entry, asked)).await
}

/// A decision that is whole, without what does not belong to it.
fn fit(with: Decision, today: jiff::civil::Date) -> Result<Decision> {
    let mut errors = FieldErrors::default();
    let reason = checked(&mut errors, "reason", &with.reason, LONGEST, Some("regulator-reason-missing"));
    if with.personal == Truth::False {
        // About nobody's data nobody is told.
        let none = String::new();
        return errors.or(Decision {
            risk: None,
            people: None,
            people_by: None,
            instruction: none.clone(),
            task: None,
            people_reason: none.clone(),
            people_how: none,
            people_on: None,
            reason,
            ..with
        });
    }
    let high = with.risk == Some(rules::regulator::Risk::High);
    if with.risk.is_none() {
        errors.add("risk", Text::new("regulator-risk-missing"));
    }
    let tells = matches!(with.people, Some(People::Told | People::WillBe));
    if with.people.is_none() {
        errors.add("people", Text::new("regulator-people-missing"));
    }
    let why = (high && with.people == Some(People::Not)).then_some("regulator-people-reason-missing");
    let people_reason = checked(&mut errors, "people_reason", &with.people_reason, LONGEST, why);
    let people_how = checked(&mut errors, "people_how", &with.people_how, LONGEST, tells.then_some("regulator-people-how-missing"));
    match with.people_on {
        None if tells => errors.add("people_on", Text::new("regulator-people-on-missing")),
        Some(day) if with.people == Some(People::Told) && day > today => errors.add("people_on", Text::new("regulator-to-come")),
        Some(day) if with.people == Some(People::WillBe) && day < today => errors.add("people_on", Text::new("regulator-gone-by")),
        _ => {}
    }
    if tells && with.people_by.is_none() {
        errors.add("people_by", Text::new("regulator-people-by-missing"));
    }
    let asks = asks_supplier(&with);
    let instruction =
        checked(&mut errors, "instruction", &with.instruction, LONGEST_INSTRUCTION, asks.then_some("regulator-people-instruction-missing"));
    let (people_how, people_on) = if tells { (people_how, with.people_on) } else { (String::new(), None) };
    let (people_by, instruction) = (with.people_by.filter(|_| tells), if asks { instruction } else { String::new() });
    errors.or(Decision { reason, people_reason, people_by, instruction, task: None, people_how, people_on, ..with })
}

/// Something that was sent to the regulator, to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// When it was sent.
    pub at: Millis,
    /// By whom.
    pub by: String,
    /// The regulator's reference, if it gave one.
    pub reference: String,
    /// Why it was late.
    pub late: String,
    /// What was told in the regulator's lists.
    pub filled: Filled,
    /// What was sent, in words.
    pub what: String,
    /// The day by which the next part is due.
    pub next: Option<jiff::civil::Date>,
}

/// Records what was sent to the regulator: the first time the notification, then each further part of it.
///
/// # Errors
/// [`Error::Conflict`] before it was decided to notify; [`Error::Invalid`] where something is lacking or tells data about people, or a late one has no reason; [`Error::Stale`]; or
/// a refusal.
pub async fn record_sent(cx: &Cx, id: Uuid, version: i32, with: Sending) -> Result<()> {
    let tx = cx.begin().await?;
    let on = open(cx, &tx, id, version, "regulator.send").await?;
    if on.kept.notify != Some(true) {
        return Err(Error::conflict("regulator-decide-first"));
    }
    let clock = &cx.core().clock;
    let mut errors = FieldErrors::default();
    let by = checked(&mut errors, "by", &with.by, LONGEST_NAME, Some("regulator-by-missing"));
    let reference = checked(&mut errors, "reference", &with.reference, LONGEST_REFERENCE, None);
    let what = checked(&mut errors, "what", &with.what, LONGEST, Some("regulator-what-missing"));
    let lacks = regulator::lacks_reason(&on.kept, &on.rounds, with.at).then_some("regulator-late-missing");
    let late = checked(&mut errors, "late", &with.late, LONGEST, lacks);
    if with.at > tx.now() {
        errors.add("at", Text::new("regulator-to-come"));
    } else if regulator::before(with.at, on.kept.aware) {
        errors.add("at", Text::new("regulator-sent-before-aware"));
    } else if on.kept.first.is_some_and(|first| regulator::before(with.at, first)) {
        errors.add("at", Text::new("regulator-sent-before-first"));
    }
    if with.next.is_some_and(|day| day < clock.date_of(with.at)) {
        errors.add("next", Text::new("regulator-next-before"));
    }
    for field in with.filled.wrong() {
        errors.add(field, Text::new("regulator-choose"));
    }
    errors.or(())?;
    nobody(cx, &[("late", &late), ("what", &what)])?;
    let first = on.kept.first.is_none();
    let took = regulator::took(on.kept.aware, with.at).filter(|_| first).map(|band| band.label().to_owned());
    let kept = Kept { first: on.kept.first.or(Some(with.at)), next: regulator::due_by(clock, with.next), ..on.kept.clone() };
    let sent = Sent { at: with.at, by, reference, first, late, filled: with.filled, took, what, next: with.next };
    let part = if first { "first" } else { "further" };
    let mut entry = Entry::on("regulator.send", &Record::of(&on.case)).about("sent", timestamp(with.at)).about("part", part);
    entry = with.next.into_iter().fold(entry, |entry, day| entry.about("next", day));
    said(cx, tx, on, kept, &Said::Sent(sent), (entry, None)).await
}
