//! Mail that came in, for programs: what waits, masked, and what is decided about it.

use platform::api::{Api, Area, Call, Listed, Op, Param};
use platform::cases::api::Reasoned;
use platform::clock::timestamp;
use platform::web::Answer;
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::act;
use super::model::{State, any};
use super::said::masked;
use super::store::{self, Opened};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let one = "/api/v1/incident-mail/{mail}";
    let at = |rest: &str| format!("{one}/{rest}");
    let states = State::ALL.map(State::code);
    Api::new()
        .add(
            Op::get("mail.list", "/api/v1/incident-mail", area)
                .authority()
                .lists_of::<IncidentMail>()
                .queries([Param::code("state", states)]),
            list,
        )
        .add(Op::get("mail.one", one, area).authority().answers::<IncidentMailRead>(), read)
        .add(
            Op::post("mail.report", at("report"), area).authority().versioned().takes::<MailToReport>().answers::<IncidentMailRead>(),
            report,
        )
        .add(Op::post("mail.add", at("add"), area).authority().versioned().takes::<MailToAdd>().answers::<IncidentMailRead>(), add)
        .add(
            Op::post("mail.set_aside", at("aside"), area).authority().versioned().takes::<Reasoned>().answers::<IncidentMailRead>(),
            set_aside,
        )
}

/// An e-mail that came in. Data about people in its subject is masked.
#[derive(Serialize, ToSchema)]
struct IncidentMail {
    /// Its id.
    id: Uuid,
    /// Who says to have sent it.
    sender: String,
    /// Its subject.
    subject: String,
    /// When it came in.
    #[schema(format = DateTime)]
    received_at: String,
    /// What became of it: `waiting`, `reported`, `added` or `set_aside`.
    state: String,
    /// Why it waits or waited, by code; none of one that became a report at once.
    why: Option<String>,
    /// Who or what wrote it: `person`, `automatic`, `list`, `null-sender` or `bounce`.
    kind: String,
    /// The incident that it was made, or added to.
    incident: Option<Uuid>,
    /// For the next change.
    version: i32,
}

/// A file that came with an e-mail.
#[derive(Serialize, ToSchema)]
struct EnclosedFile {
    /// Its name; data about people is masked.
    name: String,
    /// Its size in bytes.
    size: usize,
    /// Whether its encoding was broken.
    damaged: bool,
    /// Why it is no file of the incident, by code; none where it is, or where the message is no report.
    refused: Option<String>,
    /// Whether it is tried again by itself, as it could not be scanned or stored so far.
    left: bool,
}

/// Something of an e-mail that could not be read, or not whole.
#[derive(Serialize, ToSchema)]
struct UnreadPart {
    /// Its name, where it has one; data about people is masked.
    name: Option<String>,
    /// How large it would be, in bytes.
    size: usize,
    /// Why, by code.
    why: String,
}

/// An e-mail that came in, as it may be shown: data about people is masked.
#[derive(Serialize, ToSchema)]
struct IncidentMailRead {
    /// Its id.
    id: Uuid,
    /// Who says to have sent it.
    sender: String,
    /// Its subject.
    subject: String,
    /// When it came in.
    #[schema(format = DateTime)]
    received_at: String,
    /// What became of it: `waiting`, `reported`, `added` or `set_aside`.
    state: String,
    /// Why it waits or waited, by code; none of one that became a report at once.
    why: Option<String>,
    /// Who or what wrote it: `person`, `automatic`, `list`, `null-sender` or `bounce`.
    kind: String,
    /// The incident that it was made, or added to.
    incident: Option<Uuid>,
    /// For the next change.
    version: i32,
    /// Its text.
    text: String,
    /// Whether there is more of the text in the message as it came.
    cut: bool,
    /// What servers that are trusted say of the sender: `pass`, `fail` or `none`.
    author: String,
    /// The files that came with it.
    files: Vec<EnclosedFile>,
    /// What could not be read.
    unread: Vec<UnreadPart>,
    /// The incident that it seems to be about.
    about: Option<Uuid>,
    /// The file that holds it as it came; opening it leaves an entry.
    original: Uuid,
    /// Why it was set aside.
    reason: Option<String>,
}

/// Where the report of an e-mail happened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MailToReport {
    /// The place.
    place: Uuid,
}

/// To which incident an e-mail is added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MailToAdd {
    /// Its reference.
    #[schema(min_length = 1, max_length = 40)]
    reference: String,
}

fn brief(of: &Opened) -> IncidentMail {
    let (row, said) = (&of.row, of.said.as_ref());
    IncidentMail {
        id: row.id,
        sender: said.map(|said| said.sender.clone()).unwrap_or_default(),
        subject: said.map(|said| masked(&said.subject)).unwrap_or_default(),
        received_at: timestamp(row.received_at).to_string(),
        state: row.state.clone(),
        why: row.why.clone(),
        kind: row.kind.clone(),
        incident: row.case,
        version: row.version,
    }
}

fn whole(of: &Opened) -> IncidentMailRead {
    let (said, tried) = (of.said.clone().unwrap_or_default(), of.row.files_left > 0);
    let file = |file: &super::said::Enclosed| EnclosedFile {
        name: masked(&file.name),
        size: file.size,
        damaged: file.damaged,
        refused: file.refused.clone(),
        left: tried && file.is_left(),
    };
    let lost = |lost: &super::said::Lost| UnreadPart { name: lost.name.as_deref().map(masked), size: lost.size, why: lost.why.clone() };
    let IncidentMail { id, sender, subject, received_at, state, why, kind, incident, version } = brief(of);
    IncidentMailRead {
        id,
        sender,
        subject,
        received_at,
        state,
        why,
        kind,
        incident,
        version,
        text: masked(&said.text),
        cut: said.cut,
        author: said.checks[3].clone(),
        files: said.files.iter().map(file).collect(),
        unread: said.unread.iter().map(lost).collect(),
        about: of.row.about,
        original: of.row.original,
        reason: of.reason.clone(),
    }
}

async fn list(call: Call) -> Answer {
    call.cx.permit("mail.view", &any())?;
    let most = call.limit();
    let before = call.after(|text| text.parse().ok())?;
    let state = call.query("state").and_then(State::from_code);
    let mut found = store::list(&call.cx, (state, None), before, most).await?;
    let more = found.len() as u64 > most;
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let after = found.last().filter(|_| more).map(|last| last.id.to_string());
    let items = store::opened(&call.cx, call.cx.db(), found).await?.iter().map(brief).collect();
    call.listed(&Listed { items, after })
}

/// The message, for whoever may view it.
async fn seen(call: &Call) -> Result<Opened> {
    let row = store::get(call.cx.db(), call.id("mail")?).await?;
    call.cx.permit("mail.view", &row.thing())?;
    store::opened(&call.cx, call.cx.db(), vec![row]).await?.pop().ok_or(Error::NotFound)
}

async fn read(call: Call) -> Answer {
    let of = seen(&call).await?;
    call.found(&whole(&of), Some(of.row.version))
}

/// What stands now, for whoever was too late.
async fn now(call: &Call) -> Result<Value> {
    Ok(serde_json::to_value(whole(&seen(call).await?))?)
}

async fn report(call: Call) -> Answer {
    let (id, version) = (seen(&call).await?.row.id, call.version()?);
    let place = call.body::<MailToReport>()?.place;
    call.fresh(act::report(&call.cx, id, version, place).await, || now(&call)).await?;
    read(call).await
}

async fn add(call: Call) -> Answer {
    let (id, version) = (seen(&call).await?.row.id, call.version()?);
    let with: MailToAdd = call.body()?;
    call.fresh(act::add(&call.cx, id, version, &with.reference).await, || now(&call)).await?;
    read(call).await
}

async fn set_aside(call: Call) -> Answer {
    let (id, version) = (seen(&call).await?.row.id, call.version()?);
    let with: Reasoned = call.body()?;
    call.fresh(act::set_aside(&call.cx, id, version, &with.reason).await, || now(&call)).await?;
    read(call).await
}
