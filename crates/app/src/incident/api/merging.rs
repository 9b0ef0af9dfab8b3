//! Duplicates for programs.

use platform::{Cx, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::incident::model::Incident;
use crate::incident::pages::merging;

/// Merging a report into another one of the same incident.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergingIncident {
    /// The reference of the incident that it is merged into.
    #[schema(min_length = 1, max_length = 40)]
    pub(super) into: String,
    /// Why they are the same.
    #[schema(min_length = 1, max_length = 8000)]
    pub(super) reason: String,
}

/// Another report of the same incident.
#[derive(Serialize, ToSchema)]
pub(super) struct SameIncident {
    /// Its id.
    id: Uuid,
    /// Its reference.
    reference: Option<String>,
}

impl SameIncident {
    fn of(of: Incident) -> Self {
        Self { id: of.case.id, reference: of.case.reference }
    }
}

/// What a report was merged into and what was merged into it, as far as the actor may read those.
pub(super) async fn beside(cx: &Cx, of: &Incident) -> Result<(Option<SameIncident>, Vec<SameIncident>)> {
    let into = merging::into(cx, of).await?.map(SameIncident::of);
    Ok((into, merging::merged_in(cx, of).await?.into_iter().map(SameIncident::of).collect()))
}
