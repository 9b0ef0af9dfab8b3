//! Changes of plans, through acts, pages and programs.

mod acts;
mod pages;
mod papers;
mod tested;
mod twin;

use std::collections::BTreeSet;

use platform::Cx;
use platform::cases::Case;
use rules::plan_change::Added;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{CHANGE, Changes, Notice};
use super::{act, store};
use crate::offshoring::tests::world::World;
use crate::testing::forms::answer_case;

#[test]
fn the_table_is_sound() {
    assert_eq!(CHANGE.faults(), Vec::<String>::new());
}

/// Complete answers to the request, of a change of systems and of how data is held.
pub(crate) fn answers(abroad: bool) -> Value {
    json!({
        "change_title": "A second booking desk",
        "completed_by": "Ash Marlow, security lead",
        "supplier_director": "Kit Larch",
        "change_contact": { "name": "Ash Marlow", "role": "Security lead", "organisation": "Halyard Systems", "email": "ash@halyard.example", "telephone": "+44 20 7946 0000", "address": "1 Quay Street", "responsibility": "Answers for security." },
        "description": "A second desk takes half of the bookings.",
        "aspects": ["systems", "handling"],
        "offshore": abroad,
        "dates": { "from": "2026-06-01", "to": "2026-06-30" },
        "programmes": "all",
        "software": false,
        "people_affected": false,
        "sites_affected": false,
        "data_effect": "no",
        "data_untouched": "The desks share one store, which stays as it is.",
        "holding_changes": false,
        "testing": "no",
        "testing_reason": "It is the same system again.",
        "penetration_testing": "no",
        "penetration_reason": "The yearly test covers it.",
        "service_lost": false,
    })
}

/// Notice of these additions.
pub(super) fn considered(added: &[Added], handles: Option<bool>) -> Notice {
    Notice {
        title: "A second desk".to_owned(),
        added: added.iter().copied().collect::<BTreeSet<_>>(),
        handles,
        about: "We think of a second desk, on another system.".to_owned(),
        expected: None,
    }
}

/// A request, handed in.
pub(crate) async fn submitted(lead: &Cx, place: Uuid, abroad: bool) -> Uuid {
    let id = act::begin(lead, place, &[]).await.unwrap();
    answer_case::<Changes>(lead, id, answers(abroad)).await;
    act::submit(lead, id, store::get(lead.db(), id).await.unwrap().case.version, true, None).await.unwrap();
    id
}

pub(super) async fn case(world: &World, id: Uuid) -> Case {
    store::get(world.app.core.db.reader(), id).await.unwrap().case
}

pub(super) async fn version(world: &World, id: Uuid) -> i32 {
    case(world, id).await.version
}
