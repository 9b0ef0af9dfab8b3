//! Bids for programs: what the case engine gives to every kind, and beside it asking for one, and what it says of work abroad.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Op};
use platform::authz::Actor;
use platform::cases::api::{self as kit, CaseFile, Cases, Plain, Reasoned, stands, viewed};
use platform::cases::lifecycle::StepDef;
use platform::cases::queue::Visible;
use platform::cases::{Case, Kind as Lifecycle};
use platform::web::Answer;
use platform::{Error, Result};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act;
use super::model::{BID, Bid, Bids, Plans};
use super::store;
use crate::casework;

impl Cases for Bids {
    const KIND: &'static Lifecycle = &BID;
    const PATH: &'static str = "/api/v1/bids";
    const ID: &'static str = "bids";
    const VIEW: &'static str = "bid.view";
    const NOTES: &'static str = "bid.read_notes";
    const RATING: &'static str = "bid.read_notes";
    const LEVELS: &'static [&'static str] = &["invite", "submit", "ask", "answer", "choose", "refuse", "withdraw"];
    type Thing = Bid;

    fn visible(actor: &Actor) -> Visible {
        store::visible(actor)
    }

    async fn load<D: ConnectionTrait>(_: &D, cases: Vec<Case>) -> Result<Vec<Bid>> {
        Ok(cases.into_iter().map(Bid::of).collect())
    }

    fn case(of: &Bid) -> &Case {
        &of.case
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        match step.id {
            "ask" => op.takes::<AskingMore>(),
            "accept" => op.takes::<Accepting>(),
            "choose" => op.takes::<Choosing>(),
            _ if step.needs_reason => op.takes::<Reasoned>(),
            _ => op.takes::<Plain>(),
        }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        let reason = || Ok::<_, Error>(call.body::<Reasoned>()?.reason);
        match step.id {
            "submit" => act::submit(cx, id, version).await,
            "answer" => act::answer(cx, id, version, &reason()?).await,
            "accept" => act::accept(cx, id, version, call.body::<Accepting>()?.remark.as_deref()).await,
            "choose" => {
                let with: Choosing = call.body()?;
                act::choose(cx, id, version, &with.reason, with.others_not_chosen).await
            }
            "ask" => {
                let with: AskingMore = call.body()?;
                act::ask(cx, id, version, &with.question, with.due).await
            }
            "refuse" => act::refuse(cx, id, version, &reason()?).await,
            "withdraw" => act::withdraw(cx, id, version, &reason()?).await,
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let plans_at = "/api/v1/bids/{id}/plans";
    kit::api::<Bids>()
        .and(casework::api::routes::<Bids>())
        .add(
            Op::post("bids.invite", "/api/v1/contracts/{contract}/bids", area).takes::<InvitingBid>().answers::<CaseFile>().makes(),
            invite,
        )
        .add(Op::get("bids.plans", plans_at, area).answers::<BidPlans>(), plans)
        .add(Op::put("bids.state", plans_at, area).versioned().takes::<StatingPlans>().answers::<CaseFile>(), state)
}

/// Asking a bidder for more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskingMore {
    /// What is asked.
    #[schema(min_length = 1, max_length = 8000)]
    question: String,
    /// The last day for the answer.
    due: Date,
}

/// Finding a bid complete.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Accepting {
    /// A remark, which the bidder does not read.
    #[schema(max_length = 8000)]
    remark: Option<String>,
}

/// Choosing a bid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Choosing {
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
    /// Whether the other open bids for the contract end as not chosen.
    others_not_chosen: bool,
}

/// Asking a party to bid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitingBid {
    /// The party.
    party: Uuid,
    /// The last day for its bid.
    due: Date,
}

async fn invite(call: Call) -> Answer {
    let with: InvitingBid = call.body()?;
    let id = act::invite(&call.cx, call.id("contract")?, with.party, with.due).await?;
    stands::<Bids>(&call, id).await
}

/// What a bid says of work abroad.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatingPlans {
    /// Whether it plans any.
    abroad: bool,
    /// How the bidder knows that nothing will be abroad, or what it plans in short.
    #[schema(max_length = 8000)]
    statement: Option<String>,
}

/// What a bid says of work abroad, and what it lacks.
#[derive(Serialize, ToSchema)]
struct BidPlans {
    /// Whether it plans any; none while that is not said.
    abroad: Option<bool>,
    /// How the bidder knows that nothing will be abroad, or what it plans in short.
    statement: Option<String>,
    /// The questionnaires that came with it, or that its bidder is writing.
    proposals: Vec<Uuid>,
    /// What it lacks to be complete, in words.
    lacking: Vec<String>,
}

async fn plans(call: Call) -> Answer {
    let of = viewed::<Bids>(&call).await?;
    let cx = &call.cx;
    cx.permit("bid.read", &of)?;
    let store::Read { plans, came, lacking } = store::read(cx, &of.case).await?;
    let lacking = lacking.iter().flatten().map(|blocker| blocker.text.say()).collect();
    let proposals = came.iter().map(|one| one.id).collect();
    call.found(&BidPlans { abroad: plans.abroad, statement: plans.statement, proposals, lacking }, None)
}

async fn state(call: Call) -> Answer {
    let id = viewed::<Bids>(&call).await?.case.id;
    let with: StatingPlans = call.body()?;
    let statement = with.statement.filter(|text| !text.trim().is_empty());
    let done = act::state(&call.cx, id, call.version()?, &Plans { abroad: Some(with.abroad), statement }).await;
    kit::moved::<Bids>(&call, id, done).await
}
