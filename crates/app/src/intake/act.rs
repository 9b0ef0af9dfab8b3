//! Writing mail that came in: the only place that opens transactions for it. Bytes lie in the store before a row speaks of them; the message, its
//! files, the report and the answer to its sender are one transaction.

mod left;

use std::sync::Arc;

use inbox::{Message, Settings};
use platform::authz::{AccountActor, Side};
use platform::cases::store as cases;
use platform::clock::DAY;
use platform::cx::{Cx, Entry, Tx};
use platform::error::FieldErrors;
use platform::files::{self, AtHand, Brought, Received};
use platform::texts::Text;
use platform::{Core, Error, Result};
use serde_json::json;
use uuid::Uuid;

pub(super) use left::look as look_at_left;

use super::answer;
use super::matched::{self, Sender};
use super::model::{KIND, Known, LONGEST, Mail, State, Why, why};
use super::said::{self, LATER, Said};
use super::store::{self, Model};
use crate::casework::{Process as _, account};
use crate::incident::Incidents;
use crate::incident::act::{self as incidents, Mailed};
use crate::incident::model::INCIDENT;

/// What became of a message as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is a report, with this reference.
    Reported(String),
    /// It waits for a person.
    Waiting(Why),
    /// It came before, and was kept then.
    Known,
}

/// How messages are read here.
pub fn settings(core: &Core) -> Settings {
    let set = &core.settings;
    // The address from which we write may stand in a name and brackets.
    let from = set.mail.from.rsplit_once('<').map_or(set.mail.from.as_str(), |(_, rest)| rest.trim_end_matches('>')).trim().to_owned();
    let own = set.receive.addresses.iter().cloned().chain([from]).collect();
    Settings { trusted: set.receive.trusted.clone(), own, ..Settings::default() }
}

/// Takes a message in, as a mail server handed it over: it is on disk once this returns, and a report where sender and place are clear. The same message
/// once more changes nothing.
///
/// # Errors
/// Within, when it is no e-mail at all or larger than one may be. [`Error::Unavailable`] and the like when it could not be kept: it is to be brought
/// again.
pub async fn receive(cx: &Cx, bytes: Vec<u8>) -> Result<Result<Outcome, inbox::Error>> {
    let reading = settings(cx.core());
    let bytes = Arc::new(bytes);
    let within = bytes.clone();
    // A large one takes a while, and others are served meanwhile.
    let read = tokio::task::spawn_blocking(move || inbox::read(&within, &reading)).await.map_err(Error::internal)?;
    let message = match read {
        Ok(message) => message,
        Err(none) => return Ok(Err(none)),
    };
    let outcome = match taken(cx, &message, &bytes, None).await {
        // What the report asks for is not there: it waits for somebody who knows where it belongs.
        Err(Error::Conflict(_) | Error::Invalid(_) | Error::NotFound) => taken(cx, &message, &bytes, Some(Why::NoForm)).await,
        other => other,
    };
    outcome.map(Ok)
}

/// What stands against a file of a message becoming one of the incident: the id of a text.
type Refused = String;

/// A file of a message as it was taken in, or why it was not; none where nobody tried.
type Taken = Option<Result<Received, Refused>>;

/// The files of a message, each taken in, or why not: the message as it came has it all the same. Those that `which` leaves out are not tried.
async fn enclosed(cx: &Cx, message: &Message, which: impl Fn(usize) -> bool) -> Vec<Taken> {
    let mut all = Vec::new();
    for (n, file) in message.attachments.iter().enumerate() {
        if !which(n) {
            all.push(None);
            continue;
        }
        let taken = files::receive(cx, (INCIDENT.id, "new"), &mut AtHand::new(file.bytes.clone())).await;
        all.push(Some(taken.map_err(|error| match error {
            Error::Invalid(errors) => errors.iter().next().map_or_else(|| LATER.to_owned(), |(_, text)| text.id.to_string()),
            Error::Refused(_) => "mail-file-infected".to_owned(),
            other => {
                tracing::warn!(error = %other, "a file of an e-mail stays in the message alone for now");
                LATER.to_owned()
            }
        })));
    }
    all
}

/// Makes what was taken in files of an incident, and notes of the others why not: the entries.
async fn bring(cx: &Cx, tx: &mut Tx, case: Uuid, (said, taken): (&mut Said, &[Taken]), by: (Uuid, Uuid, Side)) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (file, taken) in said.files.iter_mut().zip(taken) {
        match taken {
            None => {}
            Some(Ok(received)) => {
                let brought = Brought { on: (INCIDENT.id, &case.to_string()), name: &file.name, internal: false, screened: true, by };
                match files::bring(cx, tx, &brought, received).await {
                    Ok(entry) => {
                        entries.push(entry);
                        file.refused = None;
                    }
                    // The incident takes no more: the message has it, and the others come all the same.
                    Err(Error::Conflict(text)) => file.refused = Some(text.id.to_string()),
                    Err(other) => return Err(other),
                }
            }
            Some(Err(text)) => file.refused = Some(text.clone()),
        }
    }
    Ok(entries)
}

async fn taken(cx: &Cx, message: &Message, bytes: &[u8], waits: Option<Why>) -> Result<Outcome> {
    let mark = store::mark(&message.id);
    let before = store::with_mark(cx.db(), &mark).await?;
    if before.iter().any(|row| row.digest == message.digest) {
        return Ok(Outcome::Known);
    }
    let sender = matched::sender(cx, message).await?;
    let about = matched::about(cx, message).await?;
    let reports = match &sender {
        Some(sender) => store::reported_since(cx.db(), sender.account, cx.now() - DAY).await?,
        None => 0,
    };
    let known = Known {
        somebody: sender.is_some(),
        places: sender.as_ref().map_or(0, |sender| sender.places.len()),
        answers: about.is_some(),
        same_id: !before.is_empty(),
        reports,
    };
    let why = waits.or_else(|| why(message, known));
    // Who is not who they say to be reports nothing in anybody's name.
    let sender = sender.filter(|_| why != Some(Why::Forged));
    let original = files::keep(cx, bytes, "eml").await?;
    let files = if why.is_none() { enclosed(cx, message, |_| true).await } else { Vec::new() };
    let id = cx.id()?;
    let mut tx = cx.begin().await?;
    let permit = cx.permit("mail.receive", &Mail { id })?;
    let mut said = Said::of(message);
    let mut entries = Vec::new();
    let mut row = Model {
        id,
        mark,
        digest: message.digest.clone(),
        received_at: tx.now(),
        size: i64::try_from(bytes.len()).map_err(Error::internal)?,
        kind: message.kind.code().to_owned(),
        why: why.map(|why| why.code().to_owned()),
        state: State::Waiting.code().to_owned(),
        account: sender.as_ref().map(|sender| sender.account),
        party: sender.as_ref().map(|sender| sender.party),
        about,
        case: None,
        original: original.id(),
        answer: None,
        said: Vec::new(),
        reason: None,
        decided_by: None,
        decided_at: None,
        files_left: 0,
        version: 1,
    };
    let mut outcome = Outcome::Waiting(why.unwrap_or(Why::NoForm));
    match (why, &sender) {
        (None, Some(Sender { account, party, places })) => {
            let place = places.first().ok_or_else(|| Error::internal("a sender who stands nowhere"))?;
            let new = mailed(message, place.id, Some(*party), *account, tx.now());
            let (case, reported) = incidents::mailed(cx, &mut tx, &new).await?;
            entries.extend(reported);
            entries.extend(bring(cx, &mut tx, case.id, (&mut said, &files), (*account, *party, Side::Supplier)).await?);
            let reference = case.reference.clone().unwrap_or_default();
            row.answer = answer::to_sender(cx, &mut tx, message, true, Incidents::marking(cx, &case).as_deref(), Some(&reference))?;
            (row.state, row.case, row.files_left) = (State::Reported.code().to_owned(), Some(case.id), said.files_left());
            left::again_later(&mut tx, &row);
            outcome = Outcome::Reported(reference);
        }
        (why, sender) => {
            let why = why.unwrap_or(Why::NoForm);
            // Of a message that came with a known id, the sender was told when that came; and whoever floods us, or a loop, is told no more.
            if !matches!(why, Why::SameId | Why::Many) {
                answer::to_sender(cx, &mut tx, message, sender.is_some(), None, None)?;
            }
            answer::to_readers(&mut tx, id, why);
        }
    }
    row.said = store::sealed(cx, &tx, id, &said).await?;
    let first = told("mail.receive", &row).about("digest", &row.digest).about("size", row.size).about("kind", &row.kind);
    let thing = id.to_string();
    let brought = Brought {
        on: (KIND, &thing),
        name: "message.eml",
        internal: true,
        screened: false,
        by: (Uuid::nil(), Uuid::nil(), Side::Authority),
    };
    entries.push(files::bring(cx, &mut tx, &brought, &original).await?);
    if !store::insert(&tx, row).await? {
        // A twin was faster: what it made stands, and nothing of this one.
        return Ok(Outcome::Known);
    }
    cx.commit(tx, permit, std::iter::once(first).chain(entries)).await?;
    Ok(outcome)
}

fn mailed(message: &Message, place: Uuid, party: Option<Uuid>, by: Uuid, at: platform::clock::Millis) -> Mailed {
    let sender = said::sender(message);
    let sender = if sender.is_empty() { platform::t!("mail-no-sender") } else { sender };
    Mailed { place, party, by, sender, says: said::report(message), at }
}

/// Who of a supplier sent a message, by account, party and side.
fn of_supplier(row: &Model) -> Option<(Uuid, Uuid, Side)> {
    row.account.zip(row.party).map(|(account, party)| (account, party, Side::Supplier))
}

/// The same, or whoever decides about it where that is nobody of a supplier's.
fn sent_by(row: &Model, by: &AccountActor) -> (Uuid, Uuid, Side) {
    of_supplier(row).unwrap_or((by.account, by.party, Side::Authority))
}

/// An entry about a message: ids and codes.
fn told(action: &'static str, row: &Model) -> Entry {
    let entry = Entry::on(action, &row.thing()).about("state", &row.state);
    let entry = row.why.iter().fold(entry, |entry, why| entry.about("why", why));
    row.case.iter().fold(entry, |entry, case| entry.about("case", case))
}

/// A message as it came, read once more.
async fn again(cx: &Cx, row: &Model) -> Result<Message> {
    let (bytes, reading) = (files::whole(cx, row.original).await?, settings(cx.core()));
    let read = tokio::task::spawn_blocking(move || inbox::read(&bytes, &reading)).await.map_err(Error::internal)?;
    read.map_err(Error::internal)
}

/// Makes a message that waits a report at a place; its reference.
///
/// # Errors
/// [`Error::Conflict`] when somebody decided about it, or the contract's pack asks nothing about incidents; [`Error::NotFound`] when there is no such
/// place; [`Error::Stale`]; or a refusal.
pub async fn report(cx: &Cx, id: Uuid, version: i32, place: Uuid) -> Result<(Uuid, String)> {
    let by = account(cx)?;
    let row = seen(cx, id, "mail.report").await?;
    let message = again(cx, &row).await?;
    let files = enclosed(cx, &message, |_| true).await;
    let mut tx = cx.begin().await?;
    let before = store::waiting(&tx, id, version).await?;
    let permit = cx.permit("mail.report", &before.thing())?;
    let new = mailed(&message, place, before.party, before.account.unwrap_or(by.account), before.received_at);
    let (case, reported) = incidents::mailed(cx, &mut tx, &new).await?;
    let mut said = opened(cx, &tx, &before).await?;
    let brought = bring(cx, &mut tx, case.id, (&mut said, &files), sent_by(&before, by)).await?;
    let reference = case.reference.clone().unwrap_or_default();
    let answer =
        answer::to_sender(cx, &mut tx, &message, before.party.is_some(), Incidents::marking(cx, &case).as_deref(), Some(&reference))?;
    let after = Model {
        state: State::Reported.code().to_owned(),
        case: Some(case.id),
        said: store::sealed(cx, &tx, id, &said).await?,
        files_left: said.files_left(),
        answer,
        decided_by: Some(by.account),
        decided_at: Some(tx.now()),
        ..before
    };
    store::update(&tx, &after, version).await?;
    left::again_later(&mut tx, &after);
    let entries = std::iter::once(told("mail.report", &after)).chain(reported).chain(brought);
    cx.commit(tx, permit, entries).await?;
    Ok((case.id, reference))
}

/// Adds a message that waits to an incident that was reported before: its files become files of it, and whoever looks after it is told.
///
/// # Errors
/// [`Error::Conflict`] when somebody decided about it; [`Error::NotFound`] when there is no such incident; [`Error::Stale`]; or a refusal.
pub async fn add(cx: &Cx, id: Uuid, version: i32, reference: &str) -> Result<Uuid> {
    let by = account(cx)?;
    let row = seen(cx, id, "mail.add").await?;
    let wrong = || Error::field("reference", Text::new("mail-reference-wrong"));
    let case = cases::referenced(cx.db(), &INCIDENT, &reference.trim().to_uppercase()).await?.ok_or_else(wrong)?;
    let message = again(cx, &row).await?;
    let files = enclosed(cx, &message, |_| true).await;
    let mut tx = cx.begin().await?;
    let before = store::waiting(&tx, id, version).await?;
    let permit = cx.permit("mail.add", &before.thing())?;
    let (of, entry) = incidents::add_mail(cx, &mut tx, case.id, id).await?;
    let mut said = opened(cx, &tx, &before).await?;
    let brought = bring(cx, &mut tx, of.case.id, (&mut said, &files), sent_by(&before, by)).await?;
    let after = Model {
        state: State::Added.code().to_owned(),
        case: Some(of.case.id),
        said: store::sealed(cx, &tx, id, &said).await?,
        files_left: said.files_left(),
        decided_by: Some(by.account),
        decided_at: Some(tx.now()),
        ..before
    };
    store::update(&tx, &after, version).await?;
    left::again_later(&mut tx, &after);
    cx.commit(tx, permit, [told("mail.add", &after), entry].into_iter().chain(brought)).await?;
    Ok(of.case.id)
}

/// Sets a message that waits aside, with a reason. It is kept.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] when somebody decided about it; [`Error::Stale`]; or a refusal.
pub async fn set_aside(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    seen(cx, id, "mail.set_aside").await?;
    let tx = cx.begin().await?;
    let before = store::waiting(&tx, id, version).await?;
    let permit = cx.permit("mail.set_aside", &before.thing())?;
    let reason = reason.trim();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", Text::new("mail-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    let after = Model {
        state: State::SetAside.code().to_owned(),
        reason: Some(store::sealed_reason(cx, &tx, id, reason).await?),
        decided_by: Some(by),
        decided_at: Some(tx.now()),
        ..before
    };
    store::update(&tx, &after, version).await?;
    let entry = told("mail.set_aside", &after).body(json!({ "reason": reason }));
    cx.commit(tx, permit, [entry]).await
}

/// A message that the actor may view and do `action` to: asked before anything of it is read.
async fn seen(cx: &Cx, id: Uuid, action: &'static str) -> Result<Model> {
    let row = store::get(cx.db(), id).await?;
    cx.permit("mail.view", &row.thing())?;
    cx.permit(action, &row.thing())?;
    Ok(row)
}

/// What a message says, within the transaction that changes it.
async fn opened(cx: &Cx, tx: &Tx, row: &Model) -> Result<Said> {
    let opened = store::opened(cx, tx.db(), vec![row.clone()]).await?.pop();
    opened.and_then(|opened| opened.said).ok_or_else(|| Error::conflict("error-subject-destroyed"))
}
