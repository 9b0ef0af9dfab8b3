//! Incidents for programs: what the case engine gives to every kind, and beside it reporting, adding to a report, and triage.

mod files;
mod merging;
mod people;
mod record;
mod regulator;
mod triage;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::IntoResponse as _;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::Actor;
use platform::cases::api::{self as kit, Asks, CaseFile, Cases, Plain, Reasoned, stands, viewed};
use platform::cases::lifecycle::StepDef;
use platform::cases::queue::Visible;
use platform::cases::{Case, Kind as Lifecycle};
use platform::clock::timestamp;
use platform::error::FieldErrors;
use platform::forms::{Choices, names};
use platform::web::Answer;
use platform::{Cx, Error, Result};
use rules::form::{Answers, Form, FrozenDocument};
use rules::pack::Pack;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, Report};
use super::model::{Channel, INCIDENT, Incident, Incidents, Told, Verdict};
use super::regulator::{Record, mark};
use super::{form_of, screened, store};
use crate::casework::{self, answering};
use crate::{contract, pack, site};

impl Cases for Incidents {
    const KIND: &'static Lifecycle = &INCIDENT;
    const PATH: &'static str = "/api/v1/incidents";
    const ID: &'static str = "incidents";
    const VIEW: &'static str = "incident.view";
    const NOTES: &'static str = "incident.read_notes";
    const RATING: &'static str = "incident.read_notes";
    const OWN_NOTE: Option<&'static str> = Some("incident.own_note");
    const SCREENED: bool = true;
    const LEVELS: &'static [&'static str] = &["report", "add", "take_up", "ask", "reply", "decide", "close", "merge", "separate"];
    type Thing = Incident;

    fn visible(actor: &Actor) -> Visible {
        store::visible(actor)
    }

    async fn load<D: ConnectionTrait>(db: &D, cases: Vec<Case>) -> Result<Vec<Incident>> {
        store::load_all(db, cases).await
    }

    fn case(of: &Incident) -> &Case {
        &of.case
    }

    /// What waits before the regulator, for those who may read of it (SEC-27).
    async fn marks(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
        if !cx.may("regulator.view", &Record::any()) {
            return Ok(BTreeMap::new());
        }
        let all = store::regulator::of(cx.db(), cases.iter().map(|case| case.id)).await?;
        Ok(cases.iter().filter_map(|case| Some((case.id, mark(all.get(&case.id)?, &case.stage, cx.now())?))).collect())
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        match step.id {
            "decide" => op.takes::<DecidingIncident>(),
            "merge" => op.takes::<merging::MergingIncident>(),
            _ if step.needs_reason => op.takes::<Reasoned>(),
            _ => op.takes::<Plain>(),
        }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        let reason = || Ok::<_, Error>(call.body::<Reasoned>()?.reason);
        match step.id {
            "take_up" => act::take_up(cx, id, version).await,
            "ask" => act::ask(cx, id, version, &reason()?).await,
            "reply" => act::answer(cx, id, version, &reason()?).await,
            "go_on" => act::go_on(cx, id, version, &reason()?).await,
            "close" => act::close(cx, id, version, &reason()?).await,
            "separate" => act::separate(cx, id, version, &reason()?).await,
            "merge" => {
                let with: merging::MergingIncident = call.body()?;
                act::merge(cx, id, version, &with.into, &with.reason).await
            }
            "decide" => {
                let with: DecidingIncident = call.body()?;
                act::decide(cx, id, version, with.verdict.verdict(), &with.reason).await
            }
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

impl Asks for Incidents {
    const DRAFT: &'static str = "incident.draft";

    fn pack(cx: &Cx, case: &Case) -> Result<Arc<Pack>> {
        pack::of_case(cx, case)
    }

    fn form(pack: &Pack) -> Result<&Form> {
        form_of(pack)
    }

    async fn choices(cx: &Cx, case: &Case) -> Result<Choices> {
        site::offered::choices(cx, cx.db(), INCIDENT.id, case).await
    }

    /// Data about people in what was written is withheld (SEC-25).
    async fn shown<D: ConnectionTrait>(cx: &Cx, db: &D, case: &Case, documents: Vec<FrozenDocument>) -> Result<Vec<FrozenDocument>> {
        let (essential, told) = (store::essential(cx, db, case).await?, store::is_told(db, case.id).await?);
        let shown = |document| {
            let document = screened::withheld(document, &essential);
            if told { screened::anonymous(document) } else { document }
        };
        Ok(documents.into_iter().map(shown).collect())
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let at = |what: &str| format!("/api/v1/incidents/{{id}}/{what}");
    kit::api::<Incidents>()
        .and(casework::api::routes::<Incidents>())
        .and(answering::api::routes::<Incidents>())
        .add(
            Op::post("incidents.report", "/api/v1/places/{place}/incidents", area).takes::<Reporting>().answers::<CaseFile>().makes(),
            report,
        )
        .add(Op::post("incidents.add", at("additions"), area).versioned().takes::<Plain>().answers::<CaseFile>(), add)
        .add(Op::get("incidents.links", "/api/v1/places/{place}/incident-links", area).all_of::<ReportingLink>(), reporting_links)
        .add(
            Op::post("incidents.make_link", "/api/v1/places/{place}/incident-links", area)
                .takes::<Plain>()
                .answers::<ReportingLinkMade>()
                .makes(),
            make_link,
        )
        .add(
            Op::post("incidents.end_link", "/api/v1/places/{place}/incident-links/{link}/end", area)
                .takes::<Plain>()
                .all_of::<ReportingLink>(),
            end_link,
        )
        .add(Op::get("incidents.screening", at("screening"), area).all_of::<IncidentFinding>(), screening)
        .add(Op::post("incidents.mask", at("screening/mask"), area).versioned().takes::<Masking>().answers::<CaseFile>(), mask)
        .add(Op::post("incidents.declare", at("screening/declare"), area).versioned().takes::<Declaring>().answers::<CaseFile>(), declare)
        .and(files::routes())
        .and(regulator::routes())
        .and(casework::papers::api::<Incidents>())
        .add(Op::get("incidents.record", at("record"), area).answers::<record::IncidentRecord>(), record::record)
        .add(Op::post("incidents.veris", at("veris"), area).authority().reads().answers_bytes(&["application/json"]), veris)
        .and(triage::routes())
}

/// What is decided of a report.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum IncidentVerdict {
    /// It is an incident.
    Incident,
    /// It is none.
    NotIncident,
}

impl IncidentVerdict {
    fn verdict(self) -> Verdict {
        match self {
            Self::Incident => Verdict::Incident,
            Self::NotIncident => Verdict::NotIncident,
        }
    }
}

/// Deciding whether what was reported is an incident. The tests advise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecidingIncident {
    /// What it is.
    verdict: IncidentVerdict,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

/// Who told of an incident, where somebody at the authority enters it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToldBy {
    /// The person's name, as given.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// How it was told: by telephone, in person, on paper.
    #[schema(min_length = 1, max_length = 200)]
    way: String,
}

/// A report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reporting {
    /// The answers so far, by question: those of the form's first section at least. The form is that of the pack on the contract.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// Places of other contracts that it touches too.
    #[serde(default)]
    #[schema(max_items = 20)]
    also: Vec<Uuid>,
    /// The tier above that place at which it happened, where it happened above.
    #[schema(minimum = 1, maximum = 20)]
    above: Option<i32>,
    /// Who told of it; only where somebody at the authority enters it.
    told: Option<ToldBy>,
    /// What the reporter was asked that led to it: the answer of a sweep, by id.
    asked: Option<Uuid>,
}

/// Faults by the paths of the body's JSON.
fn pathed(error: Error) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let mut out = FieldErrors::default();
    for (name, text) in errors.iter() {
        let path = match name {
            "also" => name.to_owned(),
            "told_by" => "told.name".to_owned(),
            "told_how" => "told.way".to_owned(),
            name if name.starts_with("q.") => format!("answers.{}", names::path(name)),
            name => format!("answers.{name}"),
        };
        out.add(path, text.clone());
    }
    Error::Invalid(out)
}

async fn report(call: Call) -> Answer {
    let with: Reporting = call.body()?;
    let answers = Answers::from_json(Value::Object(with.answers)).ok_or_else(|| Error::bad_request("error-not-a-form"))?;
    let told = with.told.map(|told| Told { name: told.name, way: told.way });
    let channel = if told.is_some() { Channel::Told } else { Channel::Program };
    let new = Report { place: call.id("place")?, above: with.above, also: with.also, answers, channel, told, asked: with.asked };
    let case = act::report(&call.cx, &new).await.map_err(pathed)?;
    stands::<Incidents>(&call, case.id).await
}

async fn add(call: Call) -> Answer {
    let id = viewed::<Incidents>(&call).await?.case.id;
    call.body::<Plain>()?;
    let done = act::add(&call.cx, id, call.version()?).await.map(|_| ()).map_err(pathed);
    kit::moved::<Incidents>(&call, id, done).await
}

/// A link by which anybody who holds it reports incidents at a place.
#[derive(Serialize, ToSchema)]
struct ReportingLink {
    /// Its id.
    id: Uuid,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// How many reports came by it.
    reports: i32,
    /// When the last one did.
    #[schema(format = DateTime)]
    last_at: Option<String>,
}

/// The links of a place that work, for whoever makes and ends them.
async fn links_of(call: &Call) -> Result<Vec<ReportingLink>> {
    let (cx, place) = (&call.cx, call.id("place")?);
    let row = contract::chain::place(cx.db(), place).await?.row;
    let of = act::bare(cx, cx.db(), cx.now(), &row, false).await?;
    cx.permit("incident.view", &of)?;
    cx.permit("incident.make_link", &of)?;
    let all = store::links::of_place(cx.db(), place).await?;
    let of = |link: store::links::Model| ReportingLink {
        id: link.id,
        made_at: timestamp(link.made_at).to_string(),
        reports: link.reports,
        last_at: link.last_at.map(|at| timestamp(at).to_string()),
    };
    Ok(all.into_iter().map(of).collect())
}

async fn reporting_links(call: Call) -> Answer {
    call.listed(&Listed { items: links_of(&call).await?, after: None })
}

/// A link that was made: its address is told this once.
#[derive(Serialize, ToSchema)]
struct ReportingLinkMade {
    /// Its id.
    id: Uuid,
    /// Where whoever holds it reports.
    address: String,
}

async fn make_link(call: Call) -> Answer {
    call.body::<Plain>()?;
    let place = call.id("place")?;
    let (id, token) = act::make_link(&call.cx, place).await?;
    let address = format!("{}/reporting/{token}", call.cx.core().settings.public_url.trim_end_matches('/'));
    call.made(&format!("/api/v1/places/{place}/incident-links"), &ReportingLinkMade { id, address }, None)
}

async fn end_link(call: Call) -> Answer {
    call.body::<Plain>()?;
    act::end_link(&call.cx, call.id("place")?, call.id("link")?).await?;
    call.listed(&Listed { items: links_of(&call).await?, after: None })
}

/// Data about people in what was written: where it stands, never what it says. Bytes of the answer's text.
#[derive(Serialize, ToSchema)]
struct IncidentFinding {
    /// Which answer: `what_happened`, `timeline.2.what`.
    answer: String,
    /// What it is: `uk_nino`, `email`, …
    kind: String,
    /// Where it begins.
    start: usize,
    /// Where it ends.
    end: usize,
    /// How sure that is.
    confidence: String,
    /// Whether the text was declared essential.
    essential: bool,
}

async fn screening(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    call.cx.permit("incident.declare", &of)?;
    let essential = store::essential(&call.cx, call.cx.db(), &of.case).await?;
    let mut items = Vec::new();
    for passage in act::found(&call.cx, call.cx.db(), &of.case).await? {
        let declared = essential.get(&passage.path) == Some(&passage.digest());
        items.extend(passage.found.iter().map(|finding| IncidentFinding {
            answer: passage.path.clone(),
            kind: finding.kind.code().to_owned(),
            start: finding.start,
            end: finding.end,
            confidence: finding.confidence.code().to_owned(),
            essential: declared,
        }));
    }
    call.listed(&Listed { items, after: None })
}

/// Masking what was found in answers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Masking {
    /// Which answers.
    #[schema(min_items = 1, max_items = 200)]
    answers: Vec<String>,
}

async fn mask(call: Call) -> Answer {
    let id = viewed::<Incidents>(&call).await?.case.id;
    let done = act::mask(&call.cx, id, call.version()?, &call.body::<Masking>()?.answers).await.map(|_| ());
    kit::moved::<Incidents>(&call, id, done).await
}

/// Declaring essential what was found in an answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Declaring {
    /// Which answer.
    #[schema(min_length = 1, max_length = 200)]
    answer: String,
    /// Why it is needed.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

async fn declare(call: Call) -> Answer {
    let id = viewed::<Incidents>(&call).await?.case.id;
    let with: Declaring = call.body()?;
    let done = act::declare(&call.cx, id, call.version()?, &with.answer, &with.reason).await;
    kit::moved::<Incidents>(&call, id, done).await
}

/// The incident in VERIS 1.4, which leaves an entry.
async fn veris(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    Ok(act::take_out(&call.cx, of.case.id).await?.into_response())
}
