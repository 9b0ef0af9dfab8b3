//! Beginning a proposal.

use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::{CaseFile, stands};
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Proposals;
use crate::offshoring::{act, pages};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    Api::new()
        .add(Op::get("proposals.places", "/api/v1/proposals/places", area).all_of::<Beginning>(), places)
        .add(Op::post("proposals.begin", "/api/v1/proposals", area).takes::<AtPlace>().answers::<CaseFile>().makes(), begin)
}

/// A place for which a proposal may be begun.
#[derive(Serialize, ToSchema)]
struct Beginning {
    /// The place.
    place: Uuid,
    /// Its contract and party, in words.
    title: String,
}

async fn places(call: Call) -> Answer {
    let items = pages::places(&call.cx).await?.into_iter().map(|(place, title)| Beginning { place, title }).collect();
    call.listed(&Listed { items, after: None })
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
