//! Reporting: the first answers with a reference at once, and whatever is added to them later. Nothing that was sent is ever taken back.

use std::collections::BTreeSet;

use platform::cases::rounds::{self, NewDecision};
use platform::cases::store::{self as cases, NewCase};
use platform::cases::Case;
use platform::clock::Millis;
use platform::cx::{Cx, Entry, Tx};
use platform::error::FieldErrors;
use platform::forms::drafts;
use platform::forms::submit::{self as freezing, Frozen};
use platform::forms::{Choices, names};
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::form::{Answers, Form, Mode};
use rules::pack::Pack;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use uuid::Uuid;

use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::{self, Sight, account, notices};
use crate::contract::chain::place_row;
use crate::incident::model::{Channel, FIRST, INCIDENT, Incident, Incidents, MOST_PLACES, PACK, Told, When};
use crate::incident::store::{self, About};
use crate::incident::{form_of, judged};
use crate::obligation::act::happened;
use crate::obligation::model::Happened;
use crate::{contract, pack, party, site};

/// A report.
#[derive(Debug, Clone)]
pub struct Report {
    /// Where in which chain it happened; where it happened above, the reporter's own place.
    pub place: Uuid,
    /// The tier above that place at which it happened. Who stands there, those below need not know.
    pub above: Option<i32>,
    /// Places of other chains that it touches too.
    pub also: Vec<Uuid>,
    /// The answers so far; those to the first questions at least.
    pub answers: Answers,
    /// How it came.
    pub channel: Channel,
    /// Who told of it, where somebody at the authority enters it.
    pub told: Option<Told>,
}

/// Takes a report in: it has its reference, and is on disk, once this returns. The case.
///
/// # Errors
/// [`Error::Invalid`] when one of the first questions is not answered, or an answer is wrong; [`Error::NotFound`] when there is no such place; or
/// a refusal.
pub async fn report(cx: &Cx, new: &Report) -> Result<Case> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let place = contract::store::place(tx.db(), new.place).await?.row;
    // First the contract, as everybody does who changes what belongs to it.
    contract::store::lock_row(tx.db(), place.contract).await?;
    cx.refuse_twin(&tx).await?;
    let (of, pack) = begun(cx, tx.db(), tx.now(), &place, new.told.is_some()).await?;
    let of = Incident { about_above: new.above.is_some(), ..of };
    if new.above.is_some_and(|tier| !(1..place.tier).contains(&tier)) {
        return Err(Error::NotFound);
    }
    let action = if new.told.is_some() { "incident.report_told" } else { "incident.report" };
    let permit = cx.permit(action, &of)?;
    let form = form_of(&pack)?;
    let choices = site::offered::choices(cx, tx.db(), INCIDENT.id, &of.case).await?;
    let (frozen, lacking) = so_far(form, &pack, &new.answers, &choices)?;
    let told = checked(new.told.as_ref())?;
    let also = further(cx, &tx, &place, &new.also).await?;
    let title = titled(form, &new.answers, &of.case.title);
    let words = cases::search_key(&[&title, &of.case.search_key]);
    let severity = judged::before_triage(&pack, &new.answers);
    let case = Case {
        title,
        search_key: words,
        submitted_at: Some(tx.now()),
        submitted_by: Some(by),
        due: judged::due(&pack, severity, "reported", tx.now()),
        ..of.case.clone()
    };
    let case = cases::number(&tx, &cx.core().clock, &INCIDENT, case).await?;
    cases::insert(&tx, &case).await?;
    let about = About {
        reporter: of.reporter,
        about_tier: new.above,
        channel: new.channel,
        told,
        happened: When::of(new.answers.get("happened")),
        discovered: When::of(new.answers.get("discovered")),
        lacking: count(lacking),
        taken_up_at: None,
        found: None,
        also,
    };
    store::insert(cx, &tx, &case, &about).await?;
    drafts::keep_whole(cx, &tx, case.id, form, &new.answers).await?;
    let digest = rounds::submit(cx, &tx, &case, frozen.text.as_bytes(), by).await?;
    let reported = NewDecision { level: "report", choice: new.channel.code().to_owned(), ..NewDecision::default() };
    rounds::decide(cx, &tx, &case, by, reported).await?;
    // What is added later is another round, so that this one stays as it was sent.
    let case = cases::update(&tx, Case { round: 2, ..case }).await?;
    notices::turn::<Incidents>(&mut tx, &of, &case)?;
    notices::roles::<Incidents>(&mut tx, &of, &case, "reported", vec!["contract_manager".to_owned()])?;
    counted(cx, &mut tx, &case, &about).await?;
    let mut entry = Entry::on(action, &of)
        .about("contract", place.contract)
        .about("place", place.id)
        .about("pack", &pack.pack)
        .about("edition", &pack.edition)
        .about("channel", new.channel.code())
        .about("digest", digest)
        .about("lacking", lacking);
    entry = new.above.iter().fold(entry, |entry, tier| entry.about("above", tier));
    for (name, value) in [("reference", &case.reference), ("happened", &about.happened.map(When::stored))] {
        entry = value.iter().fold(entry, |entry, value| entry.about(name, value));
    }
    cx.commit(tx, permit, [entry]).await?;
    Ok(case)
}

/// Adds to a report what is known by now: all answers are frozen anew, and what was sent before stays. The case.
///
/// # Errors
/// [`Error::Invalid`] when an answer is wrong; [`Error::Conflict`] when nothing differs from what was sent, or once it is closed; [`Error::Stale`];
/// or a refusal.
pub async fn add(cx: &Cx, id: Uuid, version: i32) -> Result<Case> {
    add_naming(cx, id, version, "").await
}

/// As [`add`], naming the answers in which something was masked for it, if any were.
pub(super) async fn add_naming(cx: &Cx, id: Uuid, version: i32, masked: &str) -> Result<Case> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    contract_first::<Incidents>(&tx, id).await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, "incident.add").await?;
    let case = &before.case;
    if case.closed_at.is_some() {
        return Err(Error::Conflict(Text::new("incident-over").with("stage", INCIDENT.stage_name(&case.stage))));
    }
    let pack = pack::of_case(cx, case)?;
    let form = form_of(&pack)?;
    let kept = drafts::load_in(cx, &tx, case.id, case.round).await?;
    let choices = site::offered::choices(cx, tx.db(), INCIDENT.id, case).await?;
    let (frozen, lacking) = so_far(form, &pack, &kept.answers, &choices)?;
    let last = rounds::submissions(cx, tx.db(), case).await?.pop().ok_or_else(|| Error::internal("an incident nobody reported"))?;
    if last.digest == frozen.digest {
        return Err(Error::conflict("incident-nothing-new"));
    }
    let digest = rounds::submit(cx, &tx, case, frozen.text.as_bytes(), by).await?;
    let (happened, discovered) = (When::of(kept.answers.get("happened")), When::of(kept.answers.get("discovered")));
    let added = NewDecision { level: "add", choice: "added".to_owned(), ..NewDecision::default() };
    rounds::decide(cx, &tx, case, by, added).await?;
    let after = cases::update(&tx, Case { round: case.round + 1, ..case.clone() }).await?;
    store::reported(&tx, &after, happened, discovered, count(lacking)).await?;
    notices::roles::<Incidents>(&mut tx, &before, &after, "added", vec!["security".to_owned()])?;
    let entry = moved::<Incidents>("incident.add", &before, &after).about("digest", digest).about("lacking", lacking);
    let entry = if masked.is_empty() { entry } else { entry.about("masked", masked) };
    cx.commit(tx, permit, [entry]).await?;
    Ok(after)
}

/// An incident about to be reported at a place, with the pack whose form is asked, for asking whether that may be and for drawing the questions.
///
/// # Errors
/// [`Error::NotFound`] when the place stands no more; when there is no such pack.
pub async fn blank(cx: &Cx, place: &place_row::Model, told: bool) -> Result<(Incident, std::sync::Arc<Pack>)> {
    begun(cx, cx.db(), cx.now(), place, told).await
}

/// An incident of nobody's yet, for asking whether somebody may enter any that was told to them.
///
/// # Errors
/// When the system gives no randomness.
pub fn entering(cx: &Cx) -> Result<Incident> {
    let (title, nobody) = (String::new(), (Uuid::nil(), String::new()));
    let new = NewCase { id: cx.id()?, title, party: nobody, contract: None, place: None, form: None, made_by: Uuid::nil() };
    let case = cases::begin(&INCIDENT, new, cx.now())?;
    Ok(Incident { case, standing: Sight::default(), reporter: None, about_above: false, told: true })
}

async fn begun<C: ConnectionTrait>(
    cx: &Cx,
    db: &C,
    now: Millis,
    place: &place_row::Model,
    told: bool,
) -> Result<(Incident, std::sync::Arc<Pack>)> {
    if place.until.is_some() {
        return Err(Error::NotFound);
    }
    let on = contract::store::get(db, place.contract).await?.row;
    let pack = contract::store::pack_for(cx, db, on.id, PACK).await?.filter(|pack| form_of(pack).is_ok());
    let pack = pack.ok_or_else(|| Error::conflict("incident-no-form"))?;
    let form = form_of(&pack)?.form.clone();
    let name = party::store::names(db, [place.party]).await?.remove(&place.party).unwrap_or_default();
    let new = NewCase {
        id: cx.id()?,
        title: name.clone(),
        party: (place.party, name),
        contract: Some((on.id, on.title)),
        place: Some(place.id),
        form: Some((pack.pack.clone(), pack.edition.clone(), form)),
        made_by: cx.actor.account().map(|by| by.account).unwrap_or_default(),
    };
    let case = cases::begin(&INCIDENT, new, now)?;
    let standing = casework::sights(db, std::slice::from_ref(&case)).await?.pop().unwrap_or_default();
    let reporter = if told { None } else { cx.actor.account().map(|by| by.party) };
    Ok((Incident { case, standing, reporter, about_above: false, told }, pack))
}

/// What there is of the answers, frozen, with how many are lacking.
fn so_far(form: &Form, pack: &Pack, answers: &Answers, choices: &Choices) -> Result<(Frozen, usize)> {
    // What is wrong anywhere is told whole, and a question that the form does not have.
    names::errors(&form.check(answers, Mode::Draft, choices)).or(())?;
    freezing::freeze_so_far(form, answers, (&pack.pack, &pack.edition), choices, FIRST).map_err(|faults| Error::Invalid(faults.all()))
}

fn count(lacking: usize) -> i32 {
    i32::try_from(lacking).unwrap_or(i32::MAX)
}

/// What the case is called: the kinds of thing that were involved, in the words of the form, and whose it is. Nothing that somebody wrote.
fn titled(form: &Form, answers: &Answers, party: &str) -> String {
    let chosen: Vec<&str> = answers.get("involved").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let options = form.question("involved").map_or(&[][..], |question| &question.options);
    let kinds: Vec<&str> = options.iter().filter(|option| chosen.contains(&option.id.as_str())).map(|option| option.label.as_str()).collect();
    t!("incident-titled", kinds = kinds.join(", "), party = party)
}

/// Who told of it, said whole.
fn checked(told: Option<&Told>) -> Result<Option<Told>> {
    let Some(told) = told else { return Ok(None) };
    let told = Told { name: told.name.trim().to_owned(), way: told.way.trim().to_owned() };
    let mut errors = FieldErrors::default();
    for (field, text, lacks) in [("told_by", &told.name, "incident-told-by-missing"), ("told_how", &told.way, "incident-told-how-missing")] {
        if text.is_empty() {
            errors.add(field, Text::new(lacks));
        } else if text.chars().count() > 200 {
            errors.add(field, Text::new("error-too-long").with("max", 200));
        }
    }
    errors.or(Some(told))
}

/// The further places that a report touches, with their contracts: each one that the reporter sees, of another contract, and named once.
async fn further(cx: &Cx, tx: &Tx, own: &place_row::Model, also: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let wanted: BTreeSet<Uuid> = also.iter().copied().filter(|place| *place != own.id).collect();
    let wrong = || Error::field("also", Text::new("incident-also-wrong"));
    if wanted.len() > MOST_PLACES {
        return Err(wrong());
    }
    let mut found = Vec::new();
    for id in wanted {
        let place = contract::store::place(tx.db(), id).await.map_err(|_| wrong())?;
        if place.row.until.is_some() || place.row.contract == own.contract || !cx.may("place.view", &place) {
            return Err(wrong());
        }
        found.push((id, place.row.contract));
    }
    Ok(found)
}

/// Duties are counted from the day of discovery, and from the report.
async fn counted(cx: &Cx, tx: &mut Tx, case: &Case, about: &About) -> Result<()> {
    let today = cx.core().clock.date_of(tx.now());
    let discovered = about.discovered.map_or(today, |when| when.date);
    let events = [("incident_found", discovered), ("incident_report", today)];
    let of = |place: Option<Uuid>| {
        events.map(|(event, day)| Happened { event: event.to_owned(), place, day, reference: case.reference.clone() })
    };
    if let Some(contract) = case.contract {
        happened(cx, tx, contract, &of(case.place)).await?;
    }
    for (place, contract) in &about.also {
        happened(cx, tx, *contract, &of(Some(*place))).await?;
    }
    Ok(())
}
