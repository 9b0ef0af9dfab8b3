//! Incidents, what becomes of them before the regulator, and e-mails about them, as they typically stand.

use platform::authz::Resource;
use uuid::Uuid;

use super::{ABOVE, Block, ME, MINE, OTHER, THING, block, reading};
use crate::incident::model::INCIDENT;

pub(super) fn regulators() -> Vec<Block> {
    vec![block("of any incident", Resource::new("regulator", THING)), reading("of any incident", Resource::new("regulator", THING))]
}

pub(super) fn incidents() -> Vec<Block> {
    let of = |stage: &str, lead: Uuid, above: &[Uuid], reporter: Uuid| {
        Resource::new("incident", THING)
            .with("stage", stage)
            .set("waits_for", INCIDENT.stage(stage).unwrap().waits_for)
            .with("lead", lead)
            .set("above", above)
            .with("reporter", reporter)
    };
    let of = |stage, lead, above: &[Uuid], reporter| {
        of(stage, lead, above, reporter).with("told", false).set("writers", [reporter]).set("answerers", [reporter])
    };
    let told = |stage| {
        Resource::new("incident", THING)
            .with("stage", stage)
            .set("waits_for", INCIDENT.stage(stage).unwrap().waits_for)
            .with("lead", MINE)
            .set("above", [MINE])
            .with("told", true)
            .set("writers", std::iter::empty::<Uuid>())
            .set("answerers", [MINE])
    };
    vec![
        block("reported by the supplier, which is the lead", of("reported", MINE, &[MINE], MINE)),
        block("reported by a party below the supplier", of("triage", MINE, &[OTHER, MINE], OTHER)),
        block("reported by the supplier at a place that it has left", of("triage", ABOVE, &[ABOVE], MINE)),
        block("of a party above the supplier, or beside it", of("triage", ABOVE, &[ABOVE], ABOVE)),
        block("told to somebody at the authority, of the supplier", told("reported")),
        block("for the supplier to answer", of("asking", MINE, &[MINE], MINE)),
        block("for a party below the supplier to answer", of("asking", MINE, &[OTHER, MINE], OTHER)),
        block("for the supplier to answer, told to somebody at the authority", told("asking")),
        block("being acted on, taken on by the same account", of("acting", MINE, &[MINE], MINE).with("owner", ME)),
        block("closed", of("closed", MINE, &[MINE], MINE)),
        block("merged into another", of("merged", MINE, &[MINE], MINE)),
        reading("reported by the supplier, which is the lead", of("reported", MINE, &[MINE], MINE)),
    ]
}

pub(super) fn weaknesses() -> Vec<Block> {
    let of = |state: &str, seen_by: &[Uuid]| Resource::new("weakness", THING).with("state", state).set("seen_by", seen_by);
    vec![
        block("open, shown by an incident that the supplier reads", of("open", &[MINE, ABOVE])),
        block("open, shown by incidents of others alone", of("open", &[OTHER])),
        block("resolved, shown by an incident that the supplier reads", of("resolved", &[MINE])),
        reading("open, shown by an incident that the supplier reads", of("open", &[MINE])),
    ]
}

pub(super) fn mails() -> Vec<Block> {
    vec![block("any", Resource::new("mail", THING)), reading("any", Resource::new("mail", THING))]
}
