//! Chains of random shape, for holding a view policy and its SQL twin against each other.

use std::collections::BTreeSet;

use platform::authz::{Actor, Side};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use super::{TestApp, actor};
use crate::contract::act::{self as contracts, Joining};
use crate::contract::store as chains;
use crate::party::model::AUTHORITY_ROLES;

/// How many parties a world has.
const PARTIES: usize = 6;

/// What happens in a world, in order; numbers pick a party or a place, modulo how many there are.
#[derive(Debug, Clone)]
enum Event {
    Join { party: usize, above: Option<usize> },
    Leave { place: usize },
    Enter { party: usize, place: usize },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let join = (0..PARTIES, proptest::option::weighted(0.8, 0..16usize)).prop_map(|(party, above)| Event::Join { party, above });
    let leave = (0..16usize).prop_map(|place| Event::Leave { place });
    let enter = (0..PARTIES, 0..16usize).prop_map(|(party, place)| Event::Enter { party, place });
    proptest::collection::vec(prop_oneof![4 => join, 1 => leave, 4 => enter], 6..22)
}

/// Grows so many worlds, in which `enter` enters something of a party, and of a place that stands where there is one; asks `agree` of every
/// supplier after each, and of everybody else at the end. It compares policy and twin, and says how much the actor sees.
pub(crate) async fn in_random_chains(
    app: &TestApp,
    worlds: usize,
    enter: impl AsyncFn(Uuid, Option<Uuid>),
    agree: impl AsyncFn(&Actor) -> usize,
) {
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..worlds {
        let contract = app.contract(authority, "Payroll").await;
        let mut parties = Vec::new();
        for n in 0..PARTIES {
            parties.push(app.party(Side::Supplier, &format!("Supplier {n}")).await);
        }
        for event in events().new_tree(&mut runner).unwrap().current() {
            let places = chains::standing(cx.db(), contract).await.unwrap();
            let pick = |n: usize| places.get(n % places.len().max(1));
            match event {
                Event::Join { party, above } => {
                    let joining = Joining { party: parties[party], above: above.and_then(pick).map(|p| p.id), ..Joining::default() };
                    drop(contracts::add_place(&cx, contract, &joining).await);
                }
                Event::Leave { place } => {
                    if let Some(place) = pick(place) {
                        contracts::end_place(&cx, place.id, place.version, None).await.unwrap();
                    }
                }
                Event::Enter { party, place } => enter(parties[party], pick(place).map(|place| place.id)).await,
            }
        }
        for party in &parties {
            for role in ["supplier_lead", "supplier_member"] {
                seen.insert(agree(&actor(role, *party)).await);
            }
        }
    }
    assert!(seen.len() > 2, "worlds in which everybody sees the same show nothing: {seen:?}");
    for other in
        AUTHORITY_ROLES.iter().map(|role| actor(role, authority)).chain([Actor::Anonymous, Actor::Operator, Actor::Job("schedule")])
    {
        agree(&other).await;
    }
}
