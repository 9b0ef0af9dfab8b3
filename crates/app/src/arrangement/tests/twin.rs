//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::{Actor, Side};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::work;
use crate::arrangement::{act, store};
use crate::contract::act::{self as contracts, Joining};
use crate::contract::store as chains;
use crate::migrations::migrations;
use crate::party::model::AUTHORITY_ROLES;
use crate::testing::{TestApp, actor};

/// How many parties a world has.
const PARTIES: usize = 5;

/// What happens in a world, in order; numbers pick a party or a place, modulo how many there are.
#[derive(Debug, Clone)]
enum Event {
    Join { party: usize, above: Option<usize> },
    Leave { place: usize },
    Report { place: usize },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let join = (0..PARTIES, proptest::option::weighted(0.8, 0..16usize)).prop_map(|(party, above)| Event::Join { party, above });
    let leave = (0..16usize).prop_map(|place| Event::Leave { place });
    let report = (0..16usize).prop_map(|place| Event::Report { place });
    proptest::collection::vec(prop_oneof![4 => join, 1 => leave, 4 => report], 6..20)
}

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let all = store::with_sight(db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let may = |of: &&store::Arrangement| app.core.authz.check(actor, "arrangement.view", *of).is_ok();
    let allowed: BTreeSet<Uuid> = all.iter().filter(may).map(|of| of.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// OFF-6b, OWN-3: a list of work abroad shows what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..4 {
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
                Event::Report { place } => {
                    if let Some(place) = pick(place) {
                        act::report(&cx, place.id, &work("Somewhere")).await.unwrap();
                    }
                }
            }
        }
        for party in &parties {
            for role in ["supplier_lead", "supplier_member"] {
                seen.insert(agree(&app, &actor(role, *party)).await);
            }
        }
    }
    assert!(seen.len() > 2, "worlds in which everybody sees the same show nothing: {seen:?}");
    for other in AUTHORITY_ROLES.iter().map(|role| actor(role, authority)).chain([Actor::Anonymous, Actor::Operator, Actor::Job("schedule")]) {
        agree(&app, &other).await;
    }
});
