//! An approval that was given: what it covers, how it stands, and what turns it.

use platform::Error;
use platform::api::{Api, Area, Call, Op};
use platform::cases::api::{Reasoned, viewed};
use platform::clock::timestamp;
use platform::web::Answer;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Proposals, at};
use crate::offshoring::model::Turn;
use crate::offshoring::{act, store};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let op = |turn: Turn| {
        let op = Op::post(format!("proposals.{}", turn.code()), at(&format!("approval/{}", turn.code())), area);
        op.takes::<Reasoned>().versioned().authority().answers::<ApprovalGiven>()
    };
    Api::new()
        .add(Op::get("proposals.approval", at("approval"), area).answers::<ApprovalGiven>(), read)
        .add(op(Turn::Suspend), |call| turn(call, Turn::Suspend))
        .add(op(Turn::Resume), |call| turn(call, Turn::Resume))
        .add(op(Turn::Revoke), |call| turn(call, Turn::Revoke))
}

/// An approval.
#[derive(Serialize, ToSchema)]
struct ApprovalGiven {
    /// How it stands: `in_force`, `suspended` or `revoked`.
    standing: String,
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
    /// The version of the proposal.
    version: i32,
}

async fn turn(call: Call, turn: Turn) -> Answer {
    let reason = call.body::<Reasoned>()?.reason;
    act::turn(&call.cx, call.id("id")?, call.version()?, turn, &reason).await?;
    read(call).await
}

async fn read(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let approval = store::approval(&call.cx, call.cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let scope = approval.scope.unwrap_or_default();
    let told = ApprovalGiven {
        standing: approval.standing.code().to_owned(),
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
        version: of.case.version,
    };
    call.found(&told, Some(of.case.version))
}
