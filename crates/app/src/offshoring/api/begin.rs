//! Beginning a proposal.

use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::{CaseFile, stands};
use platform::web::Answer;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Proposals;
use crate::casework::handing::api::{Beginning, beginnings};
use crate::offshoring::act;

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    Api::new()
        .add(Op::get("proposals.places", "/api/v1/proposals/places", area).all_of::<Beginning>(), places)
        .add(Op::post("proposals.begin", "/api/v1/proposals", area).takes::<AtPlace>().answers::<CaseFile>().makes(), begin)
}

async fn places(call: Call) -> Answer {
    call.listed(&Listed { items: beginnings(&call).await?, after: None })
}

/// Where a proposal begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AtPlace {
    /// The place of the party that would do the work.
    place: Uuid,
    /// An earlier proposal whose answers are carried forward, to be confirmed section by section.
    from: Option<Uuid>,
}

async fn begin(call: Call) -> Answer {
    let with: AtPlace = call.body()?;
    let id = match with.from {
        Some(from) => act::begin_from(&call.cx, with.place, from).await?,
        None => act::begin(&call.cx, with.place).await?,
    };
    stands::<Proposals>(&call, id).await
}
