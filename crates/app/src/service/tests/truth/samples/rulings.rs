//! Rulings, and what is kept of a contract for its chain, as they typically stand.

use platform::authz::Resource;
use uuid::Uuid;

use super::{ABOVE, Block, ME, MINE, OTHER, SOMEONE, THING, block, reading};
use crate::ruling::model::RULING;

pub(super) fn rulings() -> Vec<Block> {
    let of = |stage: &str, above: &[Uuid], asked_by: Uuid| {
        Resource::new("ruling", THING)
            .with("stage", stage)
            .set("waits_for", RULING.stage(stage).unwrap().waits_for)
            .set("above", above)
            .with("asked_by", asked_by)
    };
    vec![
        block("asked by somebody else, at a place at or below the supplier's", of("asked", &[OTHER, MINE], SOMEONE)),
        block("asked by oneself, at a place at or below the supplier's", of("asked", &[MINE], ME)),
        block("asked at a place above the supplier's, or beside it", of("asked", &[ABOVE], SOMEONE)),
        block("asked, taken on by the same account", of("asked", &[MINE], SOMEONE).with("owner", ME)),
        block("ruled", of("ruled", &[MINE], SOMEONE)),
        reading("asked by somebody else, at a place at or below the supplier's", of("asked", &[MINE], SOMEONE)),
    ]
}

pub(super) fn authority_data() -> Vec<Block> {
    let of = |seen_by: &[Uuid]| Resource::new("authority_data", THING).with("contract", THING).set("seen_by", seen_by);
    vec![
        block("under a contract in whose chain the supplier stands", of(&[MINE, ABOVE])),
        block("under another contract", of(&[OTHER])),
        reading("under a contract in whose chain the supplier stands", of(&[MINE])),
    ]
}

/// Of what is kept of a contract for its chain.
pub(super) fn terms_of(kind: &'static str) -> Vec<Block> {
    let of = |seen_by: &[Uuid], leads: &[Uuid]| {
        Resource::new(kind, THING).with("contract", THING).with("manager", SOMEONE).set("seen_by", seen_by).set("leads", leads)
    };
    vec![
        block("of a contract at whose tier 1 the supplier stands", of(&[MINE, OTHER], &[MINE])),
        block("of a contract in whose chain the supplier is a sub-contractor", of(&[ABOVE, MINE], &[ABOVE])),
        block("of another contract", of(&[OTHER], &[OTHER])),
        reading("of a contract at whose tier 1 the supplier stands", of(&[MINE], &[MINE])),
    ]
}
