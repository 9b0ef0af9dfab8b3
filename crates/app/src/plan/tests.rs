//! Plans, through acts, pages and programs.

mod acts;
mod pages;
mod papers;
mod twin;

use platform::Cx;
use platform::cases::Case;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{PLAN, Plans};
use super::{act, store};
use crate::offshoring::tests::world::{Person, World};
use crate::site::model::Details as Site;
use crate::testing::forms::answer_case;

#[test]
fn the_table_is_sound() {
    assert_eq!(PLAN.faults(), Vec::<String>::new());
}

/// Complete answers to the form, of a plan for one site.
pub(crate) fn whole(site: Uuid) -> Value {
    json!({
        "plan_title": "Ferry bookings desk",
        "first_contact": { "name": "Ash Marlow", "role": "Security lead", "organisation": "Halyard Systems", "email": "ash@halyard.example", "telephone": "+44 20 7946 0000", "address": "1 Quay Street", "responsibility": "Answers for security." },
        "out_of_hours": "The night desk, 020 7946 0000",
        "malware_products": [{ "malware_product": "Bulwark of Keel Ltd", "malware_covers": "All laptops", "malware_updates": "daily" }],
        "malware_uncovered": "none",
        "iso_asked": false,
        "scope_work": "Bookings of travellers: names and journeys, received and kept.",
        "scope_programmes": "all under the contract",
        "scope_personal": false,
        "responsible": "The director, then the security lead, then each team lead.",
        "risk_review": "Each quarter, by the security lead with the team leads.",
        "premises": [{ "premises_site": site.to_string(), "premises_use": ["people"], "premises_protection": "Guards and badges on the north door." }],
        "home_working": false,
        "people_checks": "Identity and history before the first day.",
        "people_statements": "A signed statement, kept by the office.",
        "people_training": "On the first day, and each year.",
        "access_granting": "By the team lead, by role, ended on the last day.",
        "access_watching": "Each month, by the security lead.",
        "systems": [{ "system_name": "Booking desk", "system_run_by": "Halyard Systems", "system_countries": ["GB"], "system_protection": "Patched each week behind a private line." }],
        "fault_detection": "The scanner reports to the security lead.",
        "holding": "On the booking desk alone; no paper.",
        "transfer_routes": "The private line alone.",
        "retention": "A year, then wiped with a record.",
        "chain_used": false,
        "offshore_used": false,
        "incident_procedure": "To the night desk, which reports here at once.",
        "caller_procedure": "We call back by the number in the register.",
        "backups": "Each night, restored as a test each quarter.",
        "continuity": "A second desk takes over within a day.",
        "known_how": ["read"],
        "known_proof": "A list with a date for each person.",
        "known_to": 12,
        "tests": [
            { "test_kind": "penetration", "test_scope": "The booking desk", "test_every": "yearly", "test_next": "2026-09-01", "test_by": "Keel Ltd" },
            { "test_kind": "exercise", "test_scope": "A restore", "test_every": "once", "test_next": "2026-05-01", "test_by": "The security lead" },
        ],
        "test_results": "The security lead decides; each action has a day.",
    })
}

/// A site of this person's party.
pub(crate) async fn site(cx: &Cx, party: Uuid) -> Uuid {
    crate::site::act::add(cx, party, &Site { people: 12, ..Site::of("North quay", "office", "GB", "1 Quay Street, Harbourtown") })
        .await
        .unwrap()
}

/// A first version, handed in by the lead contractor.
pub(crate) async fn submitted(world: &World, lead: &Person) -> Uuid {
    let id = act::begin(&lead.cx, world.lead.1).await.unwrap();
    answer_case::<Plans>(&lead.cx, id, whole(site(&lead.cx, world.lead.0).await)).await;
    act::submit(&lead.cx, id, version(world, id).await, true, None).await.unwrap();
    id
}

/// A first version that was agreed.
pub(crate) async fn agreed(world: &World, lead: &Person, security: &Person) -> Uuid {
    let id = submitted(world, lead).await;
    act::agree(&security.cx, id, version(world, id).await, "It covers what we ask for.").await.unwrap();
    id
}

pub(crate) async fn case(world: &World, id: Uuid) -> Case {
    store::get(world.app.core.db.reader(), id).await.unwrap().case
}

pub(crate) async fn version(world: &World, id: Uuid) -> i32 {
    case(world, id).await.version
}
