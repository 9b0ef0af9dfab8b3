//! Which document governs a duty, and what contract and plan ask of it, for programs.

use platform::api::{Api, Area, Call, Op};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::web::Answer;
use platform::{Cx, Error, Result, texts};
use rules::decision::Outcome as _;
use rules::governing::{Ask, Conflict};
use serde::{Deserialize, Serialize};
use serde_json::to_value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get;
use crate::check::api::Because;
use crate::obligation::act;
use crate::obligation::governing::{self, Governs};
use crate::obligation::store::Duty;
use crate::obligation::terms::{Document, Term, Way};
use crate::ruling::api::RulingSays;
use crate::ruling::asks::{AskedDemand, WAY};

pub(super) fn routes(area: Area) -> Api {
    let at = |what: &str| format!("/api/v1/obligations/{{at}}/{{pack}}/{{duty}}/{what}");
    Api::new().add(Op::get("obligations.governing", at("governing"), area).codes(super::CODES).answers::<Governing>(), governs).add(
        Op::put("obligations.state_term", at("terms/{document}"), area)
            .codes(&["pack", "duty", "document"])
            .versioned()
            .authority()
            .takes::<StatingTerm>()
            .answers::<Governing>(),
        state_term,
    )
}

/// Which document governs a duty today, and why.
#[derive(Serialize, ToSchema)]
struct Governing {
    /// `governed`, `stricter_applies`, `conflict`, `ruled`, `blocked`, `nothing_asked` or `undetermined`.
    outcome: String,
    /// The outcome, in words.
    says: String,
    /// What governs: `ruling`, `contract`, `plan` or `pack`; none where nothing does, or where that is open.
    governs: Option<String>,
    /// Where the demands come from that hold for now.
    applies: Vec<String>,
    /// The documents that are known to differ, in pairs.
    conflicts: Vec<Differing>,
    /// Whether a ruling is invited.
    ruling_invited: bool,
    /// The rules that fired.
    because: Vec<Because>,
    /// Facts whose knowledge could change the answer.
    missing: Vec<String>,
    /// What the contract asks.
    contract: TermRead,
    /// What the plan asks.
    plan: TermRead,
    /// What the pack asks; none where that is nothing.
    pack: Option<AskedDemand>,
    /// The version of the plan to work by there; none where none was agreed.
    plan_in_force: Option<Uuid>,
    /// Every ruling on it under its contract, the first given first.
    rulings: Vec<RulingSays>,
}

/// Two documents that differ.
#[derive(Serialize, ToSchema)]
struct Differing {
    /// The one that goes first, and the other.
    between: Vec<String>,
    /// The stricter one; none where they cannot be compared.
    stricter: Option<String>,
}

/// What is recorded of a document.
#[derive(Serialize, ToSchema)]
struct TermRead {
    /// `unknown`, `nothing`, `same` (as the pack) or `asks`.
    way: String,
    /// What it asks of its own.
    asks: Option<AskedDemand>,
    /// Where it stands in the document.
    clause: Option<String>,
    /// The version of the plan in which it was read.
    plan: Option<Uuid>,
    /// For the next change; 0 while nothing is recorded.
    version: i32,
}

impl TermRead {
    fn of(term: &Term) -> Self {
        let asks = if let Way::Asks(demand) = &term.way { Some(AskedDemand::of(demand)) } else { None };
        Self { way: term.way.code().to_owned(), asks, clause: term.clause.clone(), plan: term.plan, version: term.version }
    }
}

fn shown(cx: &Cx, of: &Governs) -> Governing {
    let decision = &of.decision;
    let differing = |pair: &Conflict| Differing {
        between: [pair.higher.0, pair.lower.0].map(|of| of.code().to_owned()).into(),
        stricter: pair.stricter.map(|of| of.code().to_owned()),
    };
    let asks = |ask: &Ask| ask.asks.as_ref().filter(|_| ask.applies != Some(false)).map(AskedDemand::of);
    Governing {
        outcome: decision.explained.outcome.code().to_owned(),
        says: texts::t(&decision.explained.outcome.message_id()),
        governs: decision.governs.map(|of| of.code().to_owned()),
        applies: decision.applies.iter().map(|of| of.code().to_owned()).collect(),
        conflicts: decision.conflicts.iter().map(differing).collect(),
        ruling_invited: decision.ruling_invited,
        because: Because::all(&decision.explained),
        missing: decision.explained.missing.iter().map(|fact| fact.0.to_owned()).collect(),
        contract: TermRead::of(&of.contract),
        plan: TermRead::of(&of.plan),
        pack: asks(&of.facts.pack),
        plan_in_force: of.in_force.as_ref().map(|plan| plan.id),
        rulings: of.rulings.iter().map(|given| RulingSays::of(given, cx.core().clock.today())).collect(),
    }
}

async fn read(call: &Call, duty: &Duty) -> Result<Governs> {
    governing::of(&call.cx, call.cx.db(), duty).await
}

async fn governs(call: Call) -> Answer {
    let duty = get(&call).await?;
    call.cx.permit("obligation.view", &duty)?;
    call.found(&shown(&call.cx, &read(&call, &duty).await?), None)
}

/// What a document says.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TermWay {
    /// Not known, or taken back.
    Unknown,
    /// It asks nothing of its own here.
    Nothing,
    /// It asks the same as the pack.
    Same,
    /// It asks what `asks` says.
    Asks,
}

/// Recording what a document asks of a duty.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatingTerm {
    /// What it says.
    way: TermWay,
    /// What it asks of its own; only with `asks`.
    asks: Option<AskedDemand>,
    /// Where it stands in the document.
    #[schema(max_length = 200)]
    clause: Option<String>,
}

impl StatingTerm {
    fn way(&self) -> Result<Way> {
        let mut errors = FieldErrors::default();
        let demand = self.asks.as_ref().and_then(|asks| asks.read(&mut errors));
        errors.or(())?;
        match (self.way, demand) {
            (TermWay::Asks, Some(demand)) => Ok(Way::Asks(demand)),
            (TermWay::Unknown, None) => Ok(Way::Unknown),
            (TermWay::Nothing, None) => Ok(Way::Nothing),
            (TermWay::Same, None) => Ok(Way::Same),
            _ => Err(Error::field(WAY, Text::new("obligation-term-missing"))),
        }
    }
}

async fn state_term(call: Call) -> Answer {
    let duty = get(&call).await?;
    call.cx.permit("obligation.view", &duty)?;
    let document = Document::from_code(call.code("document")).ok_or(Error::NotFound)?;
    let with: StatingTerm = call.body()?;
    let done = act::state_term(&call.cx, &duty, document, call.version()?, with.way()?, with.clause.as_deref()).await;
    call.fresh(done, || async { Ok(to_value(shown(&call.cx, &read(&call, &duty).await?))?) }).await?;
    let row = &duty.row;
    let at = format!("/api/v1/obligations/{}/{}/{}/governing", row.at, row.pack, row.obligation);
    let found = read(&call, &duty).await?;
    call.made(&at, &shown(&call.cx, &found), Some(found.term(document).version))
}
