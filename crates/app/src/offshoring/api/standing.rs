//! An approval that was given: what it covers, how it stands, and what turns it.

use platform::Error;
use platform::api::{Api, Area, Call, Op};
use platform::cases::api::{Reasoned, viewed};
use platform::clock::timestamp;
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::urgent::UrgentState;
use super::{Proposals, at};
use crate::offshoring::model::{Standing, Turn};
use crate::offshoring::{act, stale, store};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let op = |turn: Turn| {
        let op = Op::post(format!("proposals.{}", turn.code()), at(&format!("approval/{}", turn.code())), area);
        let op = if turn == Turn::Confirm { op.takes::<ConfirmingApproval>() } else { op.takes::<Reasoned>() };
        op.versioned().authority().answers::<ApprovalGiven>()
    };
    Api::new()
        .add(Op::get("proposals.approval", at("approval"), area).answers::<ApprovalGiven>(), read)
        .add(op(Turn::Suspend), |call| turn(call, Turn::Suspend))
        .add(op(Turn::Resume), |call| turn(call, Turn::Resume))
        .add(op(Turn::Revoke), |call| turn(call, Turn::Revoke))
        .add(op(Turn::Confirm), |call| turn(call, Turn::Confirm))
        .add(op(Turn::Renew), |call| turn(call, Turn::Renew))
}

/// An approval.
#[derive(Serialize, ToSchema)]
struct ApprovalGiven {
    /// How it stands: `in_force`, `suspended` or `revoked`.
    standing: String,
    /// Why it is stale and covers no new start; empty while it is not.
    stale: Vec<StaleReason>,
    /// The mark of what it would rest on now, to be given back by whoever confirms it; none while it is not stale, and none for others.
    rests_on: Option<String>,
    /// First day.
    #[schema(format = Date)]
    from: String,
    /// Last day.
    #[schema(format = Date)]
    to: String,
    /// When it was given.
    #[schema(format = DateTime)]
    at: String,
    /// SHA-256 of what it covers, in hexadecimal.
    digest: String,
    /// The party that does the work.
    party: Option<Uuid>,
    /// The kinds of work.
    kinds: Vec<String>,
    /// The countries.
    countries: Vec<String>,
    /// The information, systems and services.
    data: Vec<String>,
    /// How many people in all.
    people: Option<u64>,
    /// How often it is reviewed, an ISO 8601 period.
    review_every: Option<String>,
    /// When it was last reviewed.
    #[schema(format = Date)]
    reviewed_on: Option<String>,
    /// By when it is next reviewed; none where it ends first.
    #[schema(format = Date)]
    review_due: Option<String>,
    /// The urgent approval that it is; none of one that the levels gave.
    urgent: Option<UrgentState>,
    /// The version of the proposal.
    version: i32,
}

/// Something that is otherwise than when the approval was given, or last confirmed.
#[derive(Serialize, ToSchema)]
struct StaleReason {
    /// The rule, by code.
    rule: String,
    /// In words.
    text: String,
    /// The paragraphs that it rests on.
    source: Vec<String>,
}

/// Confirming a stale approval anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmingApproval {
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
    /// The mark of what it would rest on, as it was read with the approval.
    #[schema(max_length = 64)]
    rests_on: String,
}

async fn turn(call: Call, turn: Turn) -> Answer {
    let (reason, mark) = if turn == Turn::Confirm {
        let with: ConfirmingApproval = call.body()?;
        (with.reason, with.rests_on)
    } else {
        (call.body::<Reasoned>()?.reason, String::new())
    };
    act::turn(&call.cx, call.id("id")?, call.version()?, turn, &reason, &mark).await?;
    read(call).await
}

async fn read(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let approval = store::approval(&call.cx, call.cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let (reasons, mark) =
        if approval.standing == Standing::Revoked { (Vec::new(), None) } else { stale::marked(&call.cx, call.cx.db(), &of.case).await? };
    let told = stale::told(&call.cx, call.cx.db(), &reasons).await?;
    let reason = |told: stale::Told| StaleReason {
        rule: told.rule.to_owned(),
        text: told.text,
        source: told.source.iter().map(|s| (*s).to_owned()).collect(),
    };
    let scope = approval.scope.unwrap_or_default();
    let given = ApprovalGiven {
        standing: approval.standing.code().to_owned(),
        // A mark tells whether anything changes that a supplier does not read.
        rests_on: mark.filter(|_| !told.is_empty() && call.cx.may("proposal.confirm", &of)),
        stale: told.into_iter().map(reason).collect(),
        from: approval.from,
        to: approval.to,
        at: timestamp(approval.at).to_string(),
        digest: approval.scope_digest,
        party: scope.party,
        kinds: scope.activities,
        countries: scope.countries,
        data: scope.data,
        people: scope.people,
        review_every: approval.review.every,
        reviewed_on: approval.review.last,
        review_due: approval.review.due,
        urgent: of
            .urgent
            .as_ref()
            .filter(|urgent| approval.urgent == Some(urgent.id))
            .map(|urgent| UrgentState::of(urgent, call.cx.core().clock.today(), approval.standing == Standing::Suspended)),
        version: of.case.version,
    };
    call.found(&given, Some(of.case.version))
}
