//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::{Actor, Side};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::office;
use crate::contract::act::{self as contracts, Joining};
use crate::contract::store as chains;
use crate::migrations::migrations;
use crate::party::model::AUTHORITY_ROLES;
use crate::site::{act, store};
use crate::testing::{TestApp, actor};

/// How many parties a world has.
const PARTIES: usize = 6;

/// What happens in a world, in order; numbers pick a party or a place, modulo how many there are.
#[derive(Debug, Clone)]
enum Event {
    Join { party: usize, above: Option<usize> },
    Leave { place: usize },
    Site { party: usize },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let join = (0..PARTIES, proptest::option::weighted(0.8, 0..16usize)).prop_map(|(party, above)| Event::Join { party, above });
    let leave = (0..16usize).prop_map(|place| Event::Leave { place });
    let site = (0..PARTIES).prop_map(|party| Event::Site { party });
    proptest::collection::vec(prop_oneof![5 => join, 1 => leave, 4 => site], 4..24)
}

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let all = store::with_sight(db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let allowed: BTreeSet<Uuid> = all.iter().filter(|s| app.core.authz.check(actor, "site.view", *s).is_ok()).map(|s| s.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    let in_use: BTreeSet<Uuid> =
        store::in_use(db, actor, all.iter().map(|s| s.row.party)).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, in_use, "what a form offers to {actor:?}");
    found.len()
}

both_engines!(migrations, /// OWN-3: a list of sites shows what the policy lets each actor view, in chains of random shape, left places included.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..6 {
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
                Event::Site { party } => drop(act::add(&cx, parties[party], &office("Somewhere")).await.unwrap()),
            }
        }
        for party in &parties {
            for role in ["supplier_lead", "supplier_member"] {
                seen.insert(agree(&app, &actor(role, *party)).await);
            }
        }
    }
    assert!(seen.len() > 3, "worlds in which everybody sees the same show nothing: {seen:?}");
    for other in AUTHORITY_ROLES.iter().map(|role| actor(role, authority)).chain([Actor::Anonymous, Actor::Operator, Actor::Job("schedule")]) {
        agree(&app, &other).await;
    }
});
