//! Breaches for programs: what the case engine gives to every kind, and beside it opening one, what is established, and the letter.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Op, Param, Takes};
use platform::authz::Actor;
use platform::cases::api::{self as kit, CaseFile, Cases, Reasoned, stands, viewed, whole};
use platform::cases::lifecycle::StepDef;
use platform::cases::queue::Visible;
use platform::cases::{Case, Kind as Lifecycle};
use platform::clock::timestamp;
use platform::web::Answer;
use platform::{Error, Result};
use rules::decision::Outcome as _;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, NewBreach, Told};
use super::letter::Letter;
use super::model::{Action, BREACH, Breach, Breaches, Facts};
use super::store;
use crate::casework;
use crate::paper::api::{Paper, papers_of};

impl Cases for Breaches {
    const KIND: &'static Lifecycle = &BREACH;
    const PATH: &'static str = "/api/v1/breaches";
    const ID: &'static str = "breaches";
    const VIEW: &'static str = "breach.view";
    const NOTES: &'static str = "breach.read_notes";
    const RATING: &'static str = "breach.read_notes";
    const LEVELS: &'static [&'static str] = &["ask", "answer", "decide", "dismiss", "close"];
    type Thing = Breach;

    fn visible(actor: &Actor) -> Visible {
        store::visible(actor)
    }

    async fn load<D: ConnectionTrait>(db: &D, cases: Vec<Case>) -> Result<Vec<Breach>> {
        store::load_all(db, cases).await
    }

    fn case(of: &Breach) -> &Case {
        &of.case
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        if step.id == "decide" { op.takes::<Deciding>() } else { op.takes::<Reasoned>() }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        if step.id == "decide" {
            let with: Deciding = call.body()?;
            let actions: Vec<Action> = with.actions.iter().map(|action| action.action()).collect();
            return act::decide(cx, id, version, &actions, &with.reason).await;
        }
        let reason = call.body::<Reasoned>()?.reason;
        match step.id {
            "ask" => act::ask(cx, id, version, &reason).await,
            "answer" => act::answer(cx, id, version, &reason).await,
            "go_on" => act::go_on(cx, id, version, &reason).await,
            "propose" => act::propose(cx, id, version, &reason).await,
            "send_back" => act::send_back(cx, id, version, &reason).await,
            "dismiss" => act::dismiss(cx, id, version, &reason).await,
            "close" => act::close(cx, id, version, &reason).await,
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let at = |what: &str| format!("/api/v1/breaches/{{id}}/{what}");
    kit::api::<Breaches>()
        .and(casework::api::routes::<Breaches>())
        .add(Op::post("breaches.open", "/api/v1/places/{place}/breaches", area).takes::<Opening>().answers::<CaseFile>().makes(), open)
        .add(
            Op::post("breaches.import", "/api/v1/breaches/import", area)
                .authority()
                .queries([Param::new("source", Takes::Text(200))])
                .takes_file("application/json")
                .all_of::<Told>(),
            import,
        )
        .add(Op::get("breaches.facts", at("facts"), area).answers::<BreachFacts>(), facts)
        .add(Op::put("breaches.establish", at("facts"), area).versioned().takes::<Establishing>().answers::<CaseFile>(), establish)
        .add(Op::get("breaches.letter", at("letter"), area).answers::<BreachLetter>(), letter)
        .add(Op::post("breaches.make_paper", at("papers"), area).all_of::<Paper>().makes(), make_paper)
}

/// What follows from a breach.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BreachAction {
    /// The work stops until an approval covers it.
    StopWork,
    /// A proposal is to be handed in at once.
    Propose,
    /// What was done is put right, by a plan with dates.
    Remedy,
    /// A warning in writing.
    Warn,
    /// Payment is withheld, or damages are claimed, as the contract allows.
    Claim,
    /// The contract, or the part of it, is ended.
    Terminate,
    /// Nothing further; by itself only.
    Nothing,
}

impl BreachAction {
    fn action(self) -> Action {
        match self {
            Self::StopWork => Action::StopWork,
            Self::Propose => Action::Propose,
            Self::Remedy => Action::Remedy,
            Self::Warn => Action::Warn,
            Self::Claim => Action::Claim,
            Self::Terminate => Action::Terminate,
            Self::Nothing => Action::Nothing,
        }
    }
}

/// Deciding what follows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Deciding {
    /// What follows.
    #[schema(min_items = 1, max_items = 7)]
    actions: Vec<BreachAction>,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

/// What failed.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BreachFinding {
    /// The authority was not informed beforehand.
    NotInformed,
    /// It was informed, and the work began without its approval.
    StartedUnapproved,
}

/// What is established.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Establishing {
    /// What failed.
    finding: BreachFinding,
    /// When the work began, or went beyond what was approved.
    began: Date,
    /// When the authority was told of it; none where it never was.
    informed: Option<Date>,
    /// The first day on which an approval covered it.
    approved: Option<Date>,
    /// What happened.
    #[schema(max_length = 8000)]
    facts: Option<String>,
    /// What was done so that it does no more harm.
    #[schema(max_length = 8000)]
    containment: Option<String>,
}

impl Establishing {
    fn facts(self) -> Facts {
        let finding = match self.finding {
            BreachFinding::NotInformed => rules::breach::Finding::NotInformed,
            BreachFinding::StartedUnapproved => rules::breach::Finding::StartedUnapproved,
        };
        Facts {
            finding: finding.code().to_owned(),
            began: self.began,
            informed: self.informed,
            approved: self.approved,
            facts: self.facts.filter(|text| !text.trim().is_empty()),
            containment: self.containment.filter(|text| !text.trim().is_empty()),
        }
    }
}

/// A breach to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// What it is about, in a few words.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// The work, where it is in the register.
    arrangement: Option<Uuid>,
    /// What is known of it.
    facts: Establishing,
}

async fn open(call: Call) -> Answer {
    let with: Opening = call.body()?;
    let new = NewBreach { title: with.title, arrangement: with.arrangement, facts: with.facts.facts() };
    let id = act::open(&call.cx, call.id("place")?, &new).await?;
    stands::<Breaches>(&call, id).await
}

/// A list of findings is taken in row by row: one with a fault keeps no other out.
async fn import(call: Call) -> Answer {
    let rows = rules::findings::read(call.file()).map_err(|bad| Error::field("file", act::refuse(&bad)))?;
    let told = act::import(&call.cx, call.query("source"), &rows).await?;
    call.made("/api/v1/breaches", &whole(told), None)
}

/// What is established of a breach, and what was decided to follow.
#[derive(Serialize, ToSchema)]
struct BreachFacts {
    /// What failed: `not_informed` or `started_unapproved`.
    finding: String,
    /// When the work began, or went beyond what was approved.
    #[schema(format = Date)]
    began: String,
    /// When the authority was told of it.
    #[schema(format = Date)]
    informed: Option<String>,
    /// The first day on which an approval covered it.
    #[schema(format = Date)]
    approved: Option<String>,
    /// What happened.
    facts: Option<String>,
    /// What was done about it.
    containment: Option<String>,
    /// The work, where it is in the register.
    arrangement: Option<Uuid>,
    /// What no approval covered when it was found, by rule.
    gaps: Vec<String>,
    /// What was decided to follow, by code.
    actions: Vec<String>,
    /// What the list of findings says that brought it in; none where none did.
    found: Option<BreachFound>,
}

/// What a list of findings says beside the facts.
#[derive(Serialize, ToSchema)]
struct BreachFound {
    /// Whose list it is.
    source: Option<String>,
    /// The finding's own id in it.
    number: Option<String>,
    /// Where, ISO 3166-1 alpha-2.
    country: Option<String>,
    /// When it was noticed.
    #[schema(format = Date)]
    noticed: Option<String>,
}

async fn facts(call: Call) -> Answer {
    let of = viewed::<Breaches>(&call).await?;
    let about = store::about(&call.cx, call.cx.db(), &of.case).await?;
    let known = about.facts;
    let found = BreachFacts {
        finding: known.finding,
        began: known.began.to_string(),
        informed: known.informed.map(|day| day.to_string()),
        approved: known.approved.map(|day| day.to_string()),
        facts: known.facts,
        containment: known.containment,
        arrangement: about.arrangement,
        gaps: about.gaps,
        actions: about.actions.iter().map(|action| action.code().to_owned()).collect(),
        found: about.found.map(|found| BreachFound {
            source: found.source,
            number: found.number,
            country: found.country,
            noticed: found.noticed.map(|day| day.to_string()),
        }),
    };
    call.found(&found, None)
}

async fn establish(call: Call) -> Answer {
    let id = viewed::<Breaches>(&call).await?.case.id;
    let done = act::establish(&call.cx, id, call.version()?, &call.body::<Establishing>()?.facts()).await;
    kit::moved::<Breaches>(&call, id, done).await
}

/// The letter about what was decided.
#[derive(Serialize, ToSchema)]
struct BreachLetter {
    /// To whom it goes.
    to: String,
    /// When it was decided.
    #[schema(format = DateTime)]
    at: String,
    /// The reference.
    reference: String,
    /// Its heading.
    subject: String,
    /// Whose work, under which contract.
    about: String,
    /// What was found.
    finding: String,
    /// What was decided.
    decision: String,
    /// What follows.
    actions: Vec<String>,
    /// Why.
    reasons: Option<String>,
}

async fn letter(call: Call) -> Answer {
    let of = viewed::<Breaches>(&call).await?;
    let letter = Letter::read(&call.cx, &of).await?;
    let found = BreachLetter {
        to: letter.to,
        at: timestamp(letter.at).to_string(),
        reference: letter.reference,
        subject: letter.subject,
        about: letter.about,
        finding: letter.finding,
        decision: letter.decision,
        actions: letter.actions,
        reasons: letter.reasons,
    };
    call.found(&found, None)
}

async fn make_paper(call: Call) -> Answer {
    let of = viewed::<Breaches>(&call).await?;
    call.cx.permit("breach.paper", &of)?;
    let made = act::make_letter(&call.cx, &of).await?;
    let all = papers_of(&call.cx, &of).await?;
    call.made(&format!("/api/v1/breaches/{}/papers/{made}", of.case.id), &whole(all), None)
}
