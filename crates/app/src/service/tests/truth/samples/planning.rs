//! Security plans and their changes, as they typically stand.

use platform::authz::Resource;
use uuid::Uuid;

use super::{ABOVE, Block, ME, MINE, OTHER, THING, block, reading};
use crate::plan::model::PLAN;
use crate::plan_change::model::CHANGE;

pub(super) fn plans() -> Vec<Block> {
    let of = |stage: &str, lead: Uuid, above: &[Uuid]| {
        Resource::new(PLAN.id, THING)
            .with("id", THING)
            .with("stage", stage)
            .with("submitted", stage != "draft")
            .with("in_force", stage == "agreed")
            .set("waits_for", PLAN.stage(stage).unwrap().waits_for)
            .with("lead", lead)
            .set("above", above)
    };
    let mut all: Vec<_> =
        PLAN.stages.iter().map(|s| block(&format!("{}, the supplier's own at tier 1", s.id), of(s.id, MINE, &[MINE]))).collect();
    all.extend([
        block("draft, a sub-contractor's below the supplier at tier 1", of("draft", MINE, &[OTHER, MINE])),
        block("draft, the supplier's own as a sub-contractor", of("draft", ABOVE, &[MINE, ABOVE])),
        block("submitted, of a party above the supplier, or beside it", of("submitted", ABOVE, &[ABOVE])),
        block("returned, taken on by the same account", of("returned", MINE, &[MINE]).with("owner", ME)),
        reading("submitted, the supplier's own at tier 1", of("submitted", MINE, &[MINE])),
    ]);
    all
}

pub(super) fn plan_changes() -> Vec<Block> {
    let of = |stage: &str, told: bool, lead: Uuid, above: &[Uuid]| {
        Resource::new(CHANGE.id, THING)
            .with("stage", stage)
            .with("told", told)
            .set("waits_for", CHANGE.stage(stage).unwrap().waits_for)
            .with("lead", lead)
            .set("above", above)
    };
    let mut all: Vec<_> =
        CHANGE.stages.iter().map(|s| block(&format!("{}, the supplier's own at tier 1", s.id), of(s.id, true, MINE, &[MINE]))).collect();
    all.extend([
        block("draft, of which the authority knows nothing", of("draft", false, MINE, &[MINE])),
        block("draft, of a sub-contractor below the supplier at tier 1", of("draft", true, MINE, &[OTHER, MINE])),
        block("draft, the supplier's own as a sub-contractor", of("draft", true, ABOVE, &[MINE, ABOVE])),
        block("considered, of a party above the supplier, or beside it", of("considered", true, ABOVE, &[ABOVE])),
        block("submitted, taken on by the same account", of("submitted", true, MINE, &[MINE]).with("owner", ME)),
        reading("submitted, the supplier's own at tier 1", of("submitted", true, MINE, &[MINE])),
    ]);
    all
}
