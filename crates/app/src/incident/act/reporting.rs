//! Reporting: the first answers with a reference at once, and whatever is added to them later. Nothing that was sent is ever taken back.

use std::collections::BTreeSet;
use std::sync::Arc;

use platform::authz::{Actor, Guarded as _, Side};
use platform::cases::Case;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::store::{self as cases, NewCase};
use platform::clock::{DAY, Millis};
use platform::cx::{Cx, Entry, Tx};
use platform::error::FieldErrors;
use platform::forms::drafts;
use platform::forms::submit::{self as freezing, Frozen};
use platform::forms::{Choices, names};
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::form::{Answers, Form, FrozenDocument, Mode};
use rules::pack::Pack;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use uuid::Uuid;

use super::regulator;
use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::{self, Sight, account, notices};
use crate::contract::chain::place_row;
use crate::incident::model::{Channel, FIRST, INCIDENT, Incident, Incidents, MOST_PLACES, PACK, Told, When};
use crate::incident::store::{self, About, links};
use crate::incident::{form_of, judged};
use crate::obligation::act::{happened, put_off};
use crate::obligation::model::Happened;
use crate::{contract, pack, party, site};

/// The most reports that one link takes in a day: whoever floods it is stopped, and those with accounts are not.
const MOST_BY_LINK: u64 = 50;

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
    /// What asked whether there is something to report, by id: whoever asked answers to the entry.
    pub asked: Option<Uuid>,
}

/// Takes a report in: it has its reference, and is on disk, once this returns. The case.
///
/// # Errors
/// [`Error::Invalid`] when one of the first questions is not answered, or an answer is wrong; [`Error::NotFound`] when there is no such place; or
/// a refusal.
pub async fn report(cx: &Cx, new: &Report) -> Result<Case> {
    let link = match &cx.actor {
        Actor::Link { id, .. } => Some(*id),
        _ => None,
    };
    let by = sender(cx)?;
    let mut tx = cx.begin().await?;
    let place = contract::store::place(tx.db(), new.place).await?.row;
    let also = further(cx, &tx, &place, &new.also).await?;
    // First the contracts, as everybody does who changes what belongs to them, in one order: two that name each other's do not wait for each other.
    let contracts: BTreeSet<Uuid> = std::iter::once(place.contract).chain(also.iter().map(|(_, contract)| *contract)).collect();
    for contract in contracts {
        contract::store::lock_row(tx.db(), contract).await?;
    }
    cx.refuse_twin(&tx).await?;
    let (of, pack) = begun(cx, tx.db(), tx.now(), &place, new.told.is_some()).await?;
    let of = Incident { about_above: new.above.is_some(), ..of };
    // What happened above is told from one's own place.
    let own = of.reporter == Some(place.party) && link.is_none();
    if new.above.is_some_and(|tier| !own || !(1..place.tier).contains(&tier)) {
        return Err(Error::NotFound);
    }
    let (action, permit) = match link {
        Some(link) => {
            // One that was called back meanwhile names nothing that it opens. Its row is held from here on, so that reports are counted one by one.
            let open = if links::used(&tx, link).await? { of.through(link) } else { of.resource() };
            if store::came_since(tx.db(), link, tx.now() - DAY).await? >= MOST_BY_LINK {
                return Err(Error::conflict("incident-link-flooded"));
            }
            ("incident.report_by_link", cx.permit("incident.report_by_link", &open)?)
        }
        None if new.told.is_some() => ("incident.report_told", cx.permit("incident.report_told", &of)?),
        None => ("incident.report", cx.permit("incident.report", &of)?),
    };
    let told = checked(new.told.as_ref())?;
    let coming = Coming {
        answers: &new.answers,
        whole: FIRST,
        by,
        at: tx.now(),
        action,
        place: &place,
        above: new.above,
        also,
        channel: new.channel,
        told,
        via: link,
    };
    let (case, mut entries) = taken_in(cx, &mut tx, &of, &pack, coming).await?;
    if let (Some(asked), Some(entry)) = (new.asked, entries.first_mut()) {
        entry.about.insert("asked".to_owned(), asked.to_string());
    }
    cx.commit(tx, permit, entries).await?;
    Ok(case)
}

/// A report as it is taken in, whichever way it came.
pub(super) struct Coming<'a> {
    pub(super) answers: &'a Answers,
    /// The section that must be whole; none where this is blank.
    pub(super) whole: &'static str,
    /// The account that counts as having sent it in, or the link.
    pub(super) by: Uuid,
    /// When it arrived.
    pub(super) at: Millis,
    pub(super) action: &'static str,
    pub(super) place: &'a place_row::Model,
    pub(super) above: Option<i32>,
    pub(super) also: Vec<(Uuid, Uuid)>,
    pub(super) channel: Channel,
    pub(super) told: Option<Told>,
    pub(super) via: Option<Uuid>,
}

/// Takes a report in: whoever asked for the permit, and locked the contract, commits it with the entries.
pub(super) async fn taken_in(cx: &Cx, tx: &mut Tx, of: &Incident, pack: &Pack, coming: Coming<'_>) -> Result<(Case, Vec<Entry>)> {
    let form = form_of(pack)?;
    let choices = site::offered::choices(cx, tx.db(), INCIDENT.id, &of.case).await?;
    let (frozen, lacking) = so_far(form, pack, coming.answers, &choices, coming.whole)?;
    not_to_come(coming.answers, cx.core().clock.date_of(tx.now()))?;
    let title = titled(form, coming.answers, &of.case.title);
    let words = cases::search_key(&[&title, &of.case.search_key]);
    let severity = judged::before_triage(pack, coming.answers);
    let case = Case {
        title,
        search_key: words,
        submitted_at: Some(coming.at),
        submitted_by: Some(coming.by),
        due: judged::due(pack, severity, "reported", coming.at),
        ..of.case.clone()
    };
    let case = cases::number(tx, &cx.core().clock, &INCIDENT, case).await?;
    cases::insert(tx, &case).await?;
    let about = About {
        reporter: of.reporter,
        about_tier: coming.above,
        channel: coming.channel,
        via: coming.via,
        told: coming.told,
        happened: When::of(coming.answers.get("happened")),
        discovered: When::of(coming.answers.get("discovered")),
        lacking: count(lacking),
        taken_up_at: None,
        found: None,
        also: coming.also,
    };
    store::insert(cx, tx, &case, &about).await?;
    store::figures::begin(cx, tx, &case, &about, coming.place.tier).await?;
    drafts::keep_whole(cx, tx, case.id, form, coming.answers).await?;
    let digest = rounds::submit(cx, tx, &case, frozen.text.as_bytes(), coming.by).await?;
    let reported = NewDecision { level: "report", choice: coming.channel.code().to_owned(), ..NewDecision::default() };
    rounds::decide(cx, tx, &case, coming.by, reported).await?;
    // What is added later is another round, so that this one stays as it was sent.
    let case = cases::update(tx, Case { round: 2, ..case }).await?;
    notices::turn::<Incidents>(tx, of, &case)?;
    notices::roles::<Incidents>(tx, of, &case, "reported", vec!["contract_manager".to_owned()])?;
    counted(cx, tx, &case, &about, coming.at).await?;
    let alarm = regulator::begun(tx, of, &case, &sent(&frozen)?).await?;
    let mut entry = Entry::on(coming.action, of)
        .about("contract", coming.place.contract)
        .about("place", coming.place.id)
        .about("pack", &pack.pack)
        .about("edition", &pack.edition)
        .about("channel", coming.channel.code())
        .about("digest", digest)
        .about("lacking", lacking);
    entry = coming.above.iter().fold(entry, |entry, tier| entry.about("above", tier));
    for (name, value) in [("reference", &case.reference), ("happened", &about.happened.map(When::stored))] {
        entry = value.iter().fold(entry, |entry, value| entry.about(name, value));
    }
    Ok((case, [entry].into_iter().chain(alarm).collect()))
}

/// Adds to a report what is known by now: all answers are frozen anew, and what was sent before stays. The case.
///
/// # Errors
/// [`Error::Invalid`] when an answer is wrong; [`Error::Conflict`] when nothing differs from what was sent, or once it is closed; [`Error::Stale`];
/// or a refusal.
pub async fn add(cx: &Cx, id: Uuid, version: i32) -> Result<Case> {
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
    let (frozen, lacking) = so_far(form, &pack, &kept.answers, &choices, FIRST)?;
    let last = rounds::submissions(cx, tx.db(), case).await?.pop().ok_or_else(|| Error::internal("an incident nobody reported"))?;
    if last.digest == frozen.digest {
        return Err(Error::conflict("incident-nothing-new"));
    }
    let digest = rounds::submit(cx, &tx, case, frozen.text.as_bytes(), by).await?;
    not_to_come(&kept.answers, cx.core().clock.date_of(tx.now()))?;
    let (happened, discovered) = (When::of(kept.answers.get("happened")), When::of(kept.answers.get("discovered")));
    let files = platform::files::hand_in(&tx, INCIDENT.id, id).await?;
    let added = NewDecision { level: "add", choice: "added".to_owned(), ..NewDecision::default() };
    rounds::decide(cx, &tx, case, by, added).await?;
    let after = cases::update(&tx, Case { round: case.round + 1, ..case.clone() }).await?;
    let before_it = store::about(cx, tx.db(), case).await?;
    store::reported(&tx, &after, happened, discovered, count(lacking)).await?;
    store::figures::timed(cx, &tx, &after, happened, discovered).await?;
    // Duties count from the day of discovery as it is known now.
    let (was, is) = (before_it.discovered.map(|when| when.date), discovered.map(|when| when.date));
    if let (Some(was), Some(is)) = (was, is.filter(|is| Some(*is) != was)) {
        for (place, contract) in places(&after, &before_it) {
            let of = |day| Happened { event: "incident_found".to_owned(), place, day, reference: case.reference.clone() };
            put_off(cx, &tx, contract, &of(was)).await?;
            crate::obligation::act::happened(cx, &tx, contract, &[of(is)]).await?;
        }
    }
    notices::roles::<Incidents>(&mut tx, &before, &after, "added", vec!["security".to_owned()])?;
    let alarm = regulator::more(&mut tx, &before, &after, &sent(&frozen)?).await?;
    let entry =
        moved::<Incidents>("incident.add", &before, &after).about("digest", digest).about("lacking", lacking).about("side", side(cx)?);
    let entry = if files.is_empty() { entry } else { entry.about("files", files.len()) };
    cx.commit(tx, permit, [entry].into_iter().chain(alarm)).await?;
    Ok(after)
}

/// An incident about to be reported at a place, with the pack whose form is asked, for asking whether that may be and for drawing the questions.
///
/// # Errors
/// [`Error::NotFound`] when the place stands no more; when there is no such pack.
pub async fn blank(cx: &Cx, place: &place_row::Model, told: bool) -> Result<(Incident, Arc<Pack>)> {
    begun(cx, cx.db(), cx.now(), place, told).await
}

/// An incident at a place, which may have ended, for asking about what is there without one.
///
/// # Errors
/// When the database fails.
pub async fn bare<C: ConnectionTrait>(cx: &Cx, db: &C, now: Millis, place: &place_row::Model, told: bool) -> Result<Incident> {
    let on = contract::store::get(db, place.contract).await?.row;
    let name = party::store::names(db, [place.party]).await?.remove(&place.party).unwrap_or_default();
    let new = NewCase {
        id: cx.id()?,
        title: name.clone(),
        party: (place.party, name),
        contract: Some((on.id, on.title)),
        place: Some(place.id),
        form: None,
        made_by: cx.actor.account().map(|by| by.account).unwrap_or_default(),
    };
    let case = cases::begin(&INCIDENT, new, now)?;
    let standing = casework::sights(db, std::slice::from_ref(&case)).await?.pop().unwrap_or_default();
    let reporter = match &cx.actor {
        // Whoever holds a link reports for the party whose it is.
        Actor::Link { .. } => Some(place.party),
        _ if told => None,
        // Whoever stands elsewhere reports nothing here, and is not to learn that there is a place.
        other => other.account().map(|by| by.party).filter(|party| standing.above.contains(party)),
    };
    Ok(Incident { case, standing, reporter, about_above: false, told })
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

/// Whether the actor may report an incident somewhere, or enter one that was told to them.
///
/// # Errors
/// When the database fails.
pub async fn may_report(cx: &Cx) -> Result<bool> {
    let actor = account(cx)?;
    if actor.side == Side::Authority {
        return Ok(cx.may("incident.report_told", &entering(cx)?));
    }
    Ok(!contract::store::places_of(cx.db(), actor.party).await?.is_empty())
}

pub(super) async fn begun<C: ConnectionTrait>(
    cx: &Cx,
    db: &C,
    now: Millis,
    place: &place_row::Model,
    told: bool,
) -> Result<(Incident, Arc<Pack>)> {
    if place.until.is_some() {
        return Err(Error::NotFound);
    }
    let pack = match contract::store::pack_for(cx, db, place.contract, PACK).await {
        // No report is refused for an edition that was taken out of use (SEC-24): the one in use asks.
        Err(Error::Conflict(_)) => None,
        other => other?,
    };
    let in_use = || pack::packs(cx.core()).in_use(PACK).cloned();
    let pack = pack.filter(|pack| form_of(pack).is_ok()).or_else(in_use).filter(|pack| form_of(pack).is_ok());
    let pack = pack.ok_or_else(|| Error::conflict("incident-no-form"))?;
    let mut of = bare(cx, db, now, place, told).await?;
    (of.case.pack, of.case.edition, of.case.form) = (pack.pack.clone(), pack.edition.clone(), form_of(&pack)?.form.clone());
    Ok((of, pack))
}

/// What there is of the answers, those of the section `whole` all of them, frozen, with how many are lacking.
fn so_far(form: &Form, pack: &Pack, answers: &Answers, choices: &Choices, whole: &str) -> Result<(Frozen, usize)> {
    // What is wrong anywhere is told whole, and a question that the form does not have.
    names::errors(&form.check(answers, Mode::Draft, choices)).or(())?;
    freezing::freeze_so_far(form, answers, (&pack.pack, &pack.edition), choices, whole).map_err(|faults| Error::Invalid(faults.all()))
}

/// What was sent, without what stays in the draft because it is not asked by now.
fn sent(frozen: &Frozen) -> Result<Answers> {
    Ok(FrozenDocument::from_bytes(frozen.text.as_bytes())?.answers())
}

fn count(lacking: usize) -> i32 {
    i32::try_from(lacking).unwrap_or(i32::MAX)
}

/// What the case is called: the kinds of thing that were involved, in the words of the form, and whose it is. Nothing that somebody wrote.
fn titled(form: &Form, answers: &Answers, party: &str) -> String {
    let chosen: Vec<&str> = answers.get("involved").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let options = form.question("involved").map_or(&[][..], |question| &question.options);
    let kinds: Vec<&str> =
        options.iter().filter(|option| chosen.contains(&option.id.as_str())).map(|option| option.label.as_str()).collect();
    if kinds.is_empty() {
        t!("incident-titled-open", party = party)
    } else {
        t!("incident-titled", kinds = kinds.join(", "), party = party)
    }
}

/// Who told of it, said whole.
fn checked(told: Option<&Told>) -> Result<Option<Told>> {
    let Some(told) = told else { return Ok(None) };
    let told = Told { name: told.name.trim().to_owned(), way: told.way.trim().to_owned() };
    let mut errors = FieldErrors::default();
    for (field, text, lacks) in [("told_by", &told.name, "incident-told-by-missing"), ("told_how", &told.way, "incident-told-how-missing")]
    {
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

/// Who counts as having sent something in: an account, or the link by which its holder came.
pub(super) fn sender(cx: &Cx) -> Result<Uuid> {
    match &cx.actor {
        Actor::Link { id, .. } => Ok(*id),
        _ => Ok(account(cx)?.account),
    }
}

/// The side that acts: a supplier reads who of its own side did something, and of the authority's that it did. Whoever holds a link stands with the
/// supplier whose it is.
pub(super) fn side(cx: &Cx) -> Result<&'static str> {
    match &cx.actor {
        Actor::Link { .. } => Ok(Side::Supplier.code()),
        _ => Ok(account(cx)?.side.code()),
    }
}

/// Neither what happened nor its discovery is still to come.
fn not_to_come(answers: &Answers, today: jiff::civil::Date) -> Result<()> {
    let mut errors = FieldErrors::default();
    for name in ["happened", "discovered"] {
        if When::of(answers.get(name)).is_some_and(|when| when.date > today) {
            errors.add(format!("q.{name}.date"), Text::new("incident-day-to-come"));
        }
    }
    errors.or(())
}

/// The places that an incident touches, each with its contract; its own first.
fn places(case: &Case, about: &About) -> Vec<(Option<Uuid>, Uuid)> {
    let own = case.contract.map(|contract| (case.place, contract));
    own.into_iter().chain(about.also.iter().map(|(place, contract)| (Some(*place), *contract))).collect()
}

/// Duties are counted from the day of discovery, and from the report.
async fn counted(cx: &Cx, tx: &mut Tx, case: &Case, about: &About, at: Millis) -> Result<()> {
    let today = cx.core().clock.date_of(at);
    let discovered = about.discovered.map_or(today, |when| when.date);
    for (place, contract) in places(case, about) {
        let of = |(event, day): (&str, _)| Happened { event: event.to_owned(), place, day, reference: case.reference.clone() };
        happened(cx, tx, contract, &[("incident_found", discovered), ("incident_report", today)].map(of)).await?;
    }
    Ok(())
}
