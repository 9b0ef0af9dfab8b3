//! The regulator for programs (SEC-27): how an incident stands before it, and what its data controller alone does. To programs of suppliers these routes
//! do not exist.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::api::{Api, Area, Call, Op};
use platform::cases::store as cases;
use platform::clock::{Millis, timestamp};
use platform::texts::Text;
use platform::web::Answer;
use platform::{Cx, Error, Result};
use rules::regulator::{Risk, duty};
use rules::truth::Truth;
use serde::{Deserialize, Serialize};
use serde_json::to_value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::people::{self, RegulatorPeople};
use crate::incident::act::{self, Sending};
use crate::incident::known::Known;
use crate::incident::model::INCIDENT;
use crate::incident::regulator::{self, Filled, Record, Said, last_sent};
use crate::incident::store::regulator as store;

/// The routes.
pub(super) fn routes() -> Api {
    let (area, at) = (Area::Cases, |what: &str| format!("/api/v1/incidents/{{id}}/regulator{what}"));
    let change = |id: &str, what: &str| Op::post(id, at(what), area).authority().versioned().answers::<RegulatorRecord>();
    Api::new()
        .add(Op::get("incidents.regulator", at(""), area).authority().answers::<RegulatorRecord>(), stands)
        .add(change("incidents.regulator_aware", "/aware").takes::<PuttingAware>(), aware)
        .add(change("incidents.regulator_decide", "/decisions").takes::<DecidingRegulator>(), decide)
        .add(change("incidents.regulator_people", "/people").takes::<people::RecordingPeople>(), record_people)
        .add(change("incidents.regulator_send", "/notifications").takes::<RecordingSent>(), send)
}

/// What is known of something.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RegulatorTruth {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// Nobody knows yet.
    Unknown,
}

impl From<Truth> for RegulatorTruth {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Yes,
            Truth::False => Self::No,
            Truth::Unknown => Self::Unknown,
        }
    }
}

impl From<RegulatorTruth> for Truth {
    fn from(truth: RegulatorTruth) -> Self {
        match truth {
            RegulatorTruth::Yes => Self::True,
            RegulatorTruth::No => Self::False,
            RegulatorTruth::Unknown => Self::Unknown,
        }
    }
}

/// The risk to people.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RegulatorRisk {
    /// It is unlikely.
    Unlikely,
    /// There is one.
    Likely,
    /// It is high.
    High,
}

impl RegulatorRisk {
    fn of(risk: Risk) -> Self {
        match risk {
            Risk::Unlikely => Self::Unlikely,
            Risk::Likely => Self::Likely,
            Risk::High => Self::High,
        }
    }

    fn risk(self) -> Risk {
        match self {
            Self::Unlikely => Risk::Unlikely,
            Self::Likely => Risk::Likely,
            Self::High => Risk::High,
        }
    }
}

/// What is told in the closed lists of the regulator, each by the regulator's own words.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegulatorLists {
    /// What happened.
    #[schema(max_length = 100)]
    incident_type: String,
    /// `Cyber` or `Non Cyber`.
    #[schema(max_length = 100)]
    category: String,
    /// What the data tells.
    #[schema(max_items = 20)]
    data: Vec<String>,
    /// Whom it is about.
    #[schema(max_items = 20)]
    subjects: Vec<String>,
    /// What the authority does.
    #[schema(max_length = 100)]
    sector: String,
    /// How many people are concerned.
    #[schema(max_length = 100)]
    size: String,
}

impl From<Filled> for RegulatorLists {
    fn from(from: Filled) -> Self {
        let Filled { incident_type, category, data, subjects, sector, size } = from;
        Self { incident_type, category, data, subjects, sector, size }
    }
}

impl From<RegulatorLists> for Filled {
    fn from(from: RegulatorLists) -> Self {
        let RegulatorLists { incident_type, category, data, subjects, sector, size } = from;
        Self { incident_type, category, data, subjects, sector, size }
    }
}

/// A decision, as it was said.
#[derive(Serialize, ToSchema)]
struct RegulatorDecision {
    /// Whether the regulator is notified.
    notify: bool,
    /// Whether data about people is concerned.
    personal: RegulatorTruth,
    /// The risk to people.
    risk: Option<RegulatorRisk>,
    /// What the law asks for by these two: `nothing`, `record`, `notify`, `notify_and_tell` or `open`.
    owed: String,
    /// Why.
    reason: String,
    /// Whether the people concerned are told.
    people: Option<RegulatorPeople>,
    /// Who tells them: `authority` or `supplier`.
    people_by: Option<String>,
    /// What the supplier that is to tell them reads.
    instruction: String,
    /// Why they are, or are not.
    people_reason: String,
    /// How they are told.
    people_how: String,
    /// When.
    #[schema(format = Date)]
    people_on: Option<String>,
}

/// Something that was sent to the regulator, as it was recorded.
#[derive(Serialize, ToSchema)]
struct RegulatorSent {
    /// When it was sent.
    #[schema(format = DateTime)]
    at: String,
    /// By whom.
    by: String,
    /// The regulator's reference; empty while it has given none.
    reference: String,
    /// Whether it was the first notification; else a further part of it.
    first: bool,
    /// Why it was late; empty where it was not.
    late: String,
    /// What was told in the regulator's lists.
    lists: RegulatorLists,
    /// How long the first notification took, in the regulator's bands.
    took: Option<String>,
    /// What was sent, in words.
    what: String,
    /// The day by which the next part is due.
    #[schema(format = Date)]
    next: Option<String>,
}

/// One round of the record. Nothing that was said is taken back.
#[derive(Serialize, ToSchema)]
struct RegulatorRound {
    /// Its number.
    no: i32,
    /// When it was said.
    #[schema(format = DateTime)]
    at: String,
    /// By which account.
    by: Uuid,
    /// `aware`, `decision`, `sent` or `people`.
    kind: String,
    /// When the authority became aware, where this puts it right.
    #[schema(format = DateTime)]
    aware: Option<String>,
    /// Why that was put right.
    reason: Option<String>,
    /// A decision.
    decision: Option<RegulatorDecision>,
    /// Something that was sent.
    sent: Option<RegulatorSent>,
    /// That the people concerned were told.
    told: Option<people::PeopleTold>,
}

/// Somebody whom the supplier's side calls a regulator and says it told.
#[derive(Serialize, ToSchema)]
struct RegulatorNamed {
    /// The name, as given.
    name: String,
    /// The day.
    #[schema(format = Date)]
    date: Option<String>,
    /// The reference; empty where none was given.
    reference: String,
}

/// How an incident stands before the regulator.
#[derive(Serialize, ToSchema)]
struct RegulatorRecord {
    /// Whether data about people is concerned, as far as the report says.
    concerns: RegulatorTruth,
    /// When the authority became aware.
    #[schema(format = DateTime)]
    aware_at: String,
    /// The last instant at which a notification is in time.
    #[schema(format = DateTime)]
    deadline: String,
    /// What waits for the data controller: `decision`, `sending` or `next_part`.
    waits: Option<String>,
    /// Until when.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// Until when the people concerned are to be told, while they are to be.
    #[schema(format = DateTime)]
    people_until: Option<String>,
    /// When a report first named a regulator that was told.
    #[schema(format = DateTime)]
    alarm_at: Option<String>,
    /// The regulators that the report names now.
    named: Vec<RegulatorNamed>,
    /// What the report gives for the regulator's lists, or what was told last.
    lists: RegulatorLists,
    /// What was said, first to last.
    rounds: Vec<RegulatorRound>,
    /// Counts the changes by the data controller.
    version: i32,
}

fn text(at: Millis) -> String {
    timestamp(at).to_string()
}

fn round(round: regulator::Round) -> RegulatorRound {
    let mut out = RegulatorRound {
        no: round.no,
        at: text(round.at),
        by: round.by,
        kind: round.kind,
        aware: None,
        reason: None,
        decision: None,
        sent: None,
        told: None,
    };
    match round.said {
        None => {}
        Some(Said::Aware(aware)) => (out.aware, out.reason) = (Some(text(aware.at)), Some(aware.reason)),
        Some(Said::Decision(of)) => {
            out.decision = Some(RegulatorDecision {
                notify: of.notify,
                personal: of.personal.into(),
                risk: of.risk.map(RegulatorRisk::of),
                owed: duty(of.personal, of.risk).code().to_owned(),
                reason: of.reason,
                people: of.people.map(RegulatorPeople::of),
                people_by: of.people_by.map(|by| by.code().to_owned()),
                instruction: of.instruction,
                people_reason: of.people_reason,
                people_how: of.people_how,
                people_on: of.people_on.map(|day| day.to_string()),
            });
        }
        Some(Said::People(of)) => out.told = Some(people::PeopleTold::of(of)),
        Some(Said::Sent(of)) => {
            out.sent = Some(RegulatorSent {
                at: text(of.at),
                by: of.by,
                reference: of.reference,
                first: of.first,
                late: of.late,
                lists: of.filled.into(),
                took: of.took,
                what: of.what,
                next: of.next.map(|day| day.to_string()),
            });
        }
    }
    out
}

async fn record(cx: &Cx, id: Uuid) -> Result<RegulatorRecord> {
    let case = cases::get(cx.db(), &INCIDENT, id).await?;
    cx.permit("regulator.view", &Record::of(&case))?;
    let kept = store::get(cx.db(), id).await?;
    let rounds = store::rounds(cx, cx.db(), &case).await?;
    let known = Known::read(cx, &case).await?;
    let categories: Vec<_> = rules::incident::decide(&known.facts).categories.into_iter().collect();
    let waits = kept.waits(&case.stage);
    let named = regulator::named(&known.answers).into_iter().map(|one| RegulatorNamed {
        name: one.name,
        date: one.at.map(|at| at.date.to_string()),
        reference: one.reference,
    });
    Ok(RegulatorRecord {
        concerns: kept.concerns.into(),
        aware_at: text(kept.aware),
        deadline: text(kept.deadline()),
        waits: waits.map(|(waits, _)| waits.code().to_owned()),
        until: waits.map(|(_, until)| text(until)),
        people_until: kept.people.map(text),
        alarm_at: kept.alarm.map(text),
        named: named.collect(),
        lists: regulator::filled(&known.answers, &categories, last_sent(&rounds)).into(),
        rounds: rounds.into_iter().map(round).collect(),
        version: kept.version,
    })
}

async fn stands(call: Call) -> Answer {
    let record = record(&call.cx, call.id("id")?).await?;
    call.found(&record, Some(record.version))
}

/// The answer to a change: how it stands then, or both versions when someone was quicker.
async fn changed(call: &Call, id: Uuid, done: Result<()>) -> Answer {
    call.fresh(done, || async { Ok(to_value(record(&call.cx, id).await?)?) }).await?;
    let record = record(&call.cx, id).await?;
    call.found(&record, Some(record.version))
}

async fn record_people(call: Call) -> Answer {
    let id = call.id("id")?;
    let with: people::RecordingPeople = call.body()?;
    let done = act::record_people(&call.cx, id, call.version()?, with.informed()).await;
    changed(&call, id, done).await
}

/// A moment that was sent.
fn moment(sent: &str, field: &'static str) -> Result<Millis> {
    let at: Option<Timestamp> = sent.parse().ok();
    at.map(Timestamp::as_millisecond).ok_or_else(|| Error::field(field, Text::new("regulator-moment-wrong")))
}

/// Putting right when the authority became aware.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PuttingAware {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

async fn aware(call: Call) -> Answer {
    let id = call.id("id")?;
    let with: PuttingAware = call.body()?;
    let done = match moment(&with.at, "at") {
        Ok(at) => act::put_aware(&call.cx, id, call.version()?, at, &with.reason).await,
        Err(error) => Err(error),
    };
    changed(&call, id, done).await
}

/// Deciding whether the regulator is notified, and whether the people concerned are told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecidingRegulator {
    /// Whether the regulator is notified.
    notify: bool,
    /// Whether data about people is concerned.
    personal: RegulatorTruth,
    /// The risk to people; needed unless no data about them is concerned.
    risk: Option<RegulatorRisk>,
    /// Why, and on what it rests.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
    /// Whether the people concerned are told; needed unless no data about them is concerned.
    people: Option<RegulatorPeople>,
    /// Who tells them; needed where they are told.
    people_by: Option<people::PeopleTeller>,
    /// What the supplier is to do, which it reads as a task; needed where it is to tell them.
    #[serde(default)]
    #[schema(max_length = 4000)]
    instruction: String,
    /// Why they are, or are not; needed where the risk is high and they are not told.
    #[serde(default)]
    #[schema(max_length = 8000)]
    people_reason: String,
    /// How they are told; needed where they are.
    #[serde(default)]
    #[schema(max_length = 8000)]
    people_how: String,
    /// When they were or will be told; needed where they are.
    people_on: Option<Date>,
}

async fn decide(call: Call) -> Answer {
    let id = call.id("id")?;
    let with: DecidingRegulator = call.body()?;
    let decision = regulator::Decision {
        notify: with.notify,
        personal: with.personal.into(),
        risk: with.risk.map(RegulatorRisk::risk),
        reason: with.reason,
        people: with.people.map(RegulatorPeople::people),
        people_by: with.people_by.map(people::PeopleTeller::teller),
        instruction: with.instruction,
        task: None,
        people_reason: with.people_reason,
        people_how: with.people_how,
        people_on: with.people_on,
    };
    let done = act::decide_regulator(&call.cx, id, call.version()?, decision).await;
    changed(&call, id, done).await
}

/// Recording what was sent to the regulator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordingSent {
    /// When it was sent.
    #[schema(format = DateTime)]
    at: String,
    /// By whom.
    #[schema(min_length = 1, max_length = 200)]
    by: String,
    /// The regulator's reference, if it gave one.
    #[serde(default)]
    #[schema(max_length = 100)]
    reference: String,
    /// Why it is late; needed of one that is.
    #[serde(default)]
    #[schema(max_length = 8000)]
    late: String,
    /// What was told in the regulator's lists.
    lists: RegulatorLists,
    /// What was sent, in words.
    #[schema(min_length = 1, max_length = 8000)]
    what: String,
    /// The day by which the next part is due; none where nothing is to follow.
    next: Option<Date>,
}

/// Faults of the lists by the paths of the body's JSON.
fn pathed(error: Error) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let lists = ["incident_type", "category", "data", "subjects", "sector", "size"];
    let mut out = platform::error::FieldErrors::default();
    for (name, text) in errors.iter() {
        out.add(if lists.contains(&name) { format!("lists.{name}") } else { name.to_owned() }, text.clone());
    }
    Error::Invalid(out)
}

async fn send(call: Call) -> Answer {
    let id = call.id("id")?;
    let with: RecordingSent = call.body()?;
    let done = match moment(&with.at, "at") {
        Ok(at) => {
            let RecordingSent { by, reference, late, lists, what, next, .. } = with;
            let sending = Sending { at, by, reference, late, filled: lists.into(), what, next };
            act::record_sent(&call.cx, id, call.version()?, sending).await.map_err(pathed)
        }
        Err(error) => Err(error),
    };
    changed(&call, id, done).await
}
