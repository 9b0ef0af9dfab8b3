//! Sweeps and what is answered, as they typically stand.

use platform::authz::Resource;
use uuid::Uuid;

use super::{Block, MINE, OTHER, THING, block, reading};

pub(super) fn sweeps() -> Vec<Block> {
    let of = |running: bool| Resource::new("sweep", THING).with("running", running);
    vec![block("open", of(true)), block("ended", of(false)), reading("open", of(true))]
}

pub(super) fn answers() -> Vec<Block> {
    let of = |party: Uuid, running: bool, people: bool| {
        Resource::new("sweep_answer", THING).with("party", party).with("running", running).with("people", people)
    };
    vec![
        block("of the supplier", of(MINE, true, true)),
        block("of another supplier", of(OTHER, true, true)),
        block("of another supplier, which has nobody here", of(OTHER, true, false)),
        block("of the supplier, ended", of(MINE, false, true)),
        block("of another supplier, which has nobody here, ended", of(OTHER, false, false)),
        reading("of the supplier", of(MINE, true, true)),
        reading("of another supplier, which has nobody here", of(OTHER, true, false)),
    ]
}
