//! The levels that decide on a proposal.

use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::viewed;
use platform::clock::timestamp;
use platform::web::Answer;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Proposals, at};
use crate::offshoring::model::Level;
use crate::offshoring::store;

/// The routes.
pub(super) fn routes() -> Api {
    Api::new().add(Op::get("proposals.levels", at("levels"), Area::Cases).authority().all_of::<LevelOfDecision>(), read)
}

/// A level that decides on the present round.
#[derive(Serialize, ToSchema)]
struct LevelOfDecision {
    /// Its id in the pack.
    level: String,
    /// Its heading.
    title: String,
    /// The roles that may decide at it.
    roles: Vec<String>,
    /// How many must approve.
    quorum: u32,
    /// How many approvals it lacks.
    lacking: u32,
    /// Who approved, first to last.
    approved: Vec<LevelApproval>,
}

/// Somebody's approval at a level.
#[derive(Serialize, ToSchema)]
struct LevelApproval {
    /// The account.
    by: Uuid,
    /// In whose place, if not as itself.
    acts_for: Option<Uuid>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

async fn read(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.cx.permit("proposal.read_notes", &of)?;
    let deciding = store::deciding_of(call.cx.db(), &of.case).await?;
    let level = |level: &Level| LevelOfDecision {
        lacking: deciding.ask(None, |_, votes| rules::levels::lacking(&level.rule, votes)),
        approved: deciding
            .votes
            .iter()
            .filter(|vote| vote.level == level.rule.id)
            .map(|vote| LevelApproval { by: vote.actor, acts_for: vote.acts_for, at: timestamp(vote.at).to_string() })
            .collect(),
        level: level.rule.id.clone(),
        title: level.title.clone(),
        roles: level.rule.roles.clone(),
        quorum: level.rule.quorum,
    };
    call.listed(&Listed { items: deciding.levels.iter().map(level).collect(), after: None })
}
