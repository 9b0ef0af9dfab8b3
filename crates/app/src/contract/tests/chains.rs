//! Random chains: the closure kept step by step equals the one computed from nothing, and every twin equals its policy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use platform::authz::{Actor, Guarded, Side};
use platform::{Cx, Error};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use crate::contract::act::{self, Joining};
use crate::contract::chain::{self, closure_row, place_row};
use crate::contract::model::{Pair, Spot, closure};
use crate::contract::store;
use crate::migrations::migrations;
use crate::party;
use crate::testing::{TestApp, actor};

/// One change to a chain; numbers pick a party or a place, modulo how many there are.
#[derive(Debug, Clone)]
enum Change {
    Add { party: usize, above: Option<usize> },
    Move { place: usize, above: Option<usize> },
    End { place: usize },
}

fn changes() -> impl Strategy<Value = Vec<(bool, Change)>> {
    let add = (0..6usize, proptest::option::weighted(0.8, 0..32usize)).prop_map(|(party, above)| Change::Add { party, above });
    let moving = (0..32usize, proptest::option::weighted(0.8, 0..32usize)).prop_map(|(place, above)| Change::Move { place, above });
    let end = (0..32usize).prop_map(|place| Change::End { place });
    proptest::collection::vec((any::<bool>(), prop_oneof![6 => add, 3 => moving, 1 => end]), 1..24)
}

struct World {
    parties: Vec<Uuid>,
    contracts: [Uuid; 2],
}

async fn world(app: &TestApp) -> World {
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let mut parties = Vec::new();
    for n in 0..6 {
        parties.push(app.party(Side::Supplier, &format!("Supplier {n}")).await);
    }
    World { parties, contracts: [app.contract(authority, "Payroll").await, app.contract(authority, "Catering").await] }
}

async fn apply(cx: &Cx, world: &World, second: bool, change: &Change) {
    let contract = world.contracts[usize::from(second)];
    let rows = place_row::Entity::find().filter(place_row::Column::Contract.eq(contract)).all(cx.db()).await.unwrap();
    let pick = |n: usize| rows.get(n % rows.len().max(1));
    let result = match change {
        Change::Add { party, above } => {
            let above = above.and_then(pick).map(|p| p.id);
            act::add_place(cx, contract, &Joining { party: world.parties[*party], above, ..Joining::default() }).await.map(|_| ())
        }
        Change::Move { place, above } => {
            let Some(place) = pick(*place) else { return };
            act::move_place(cx, place.id, place.version, above.and_then(pick).map(|p| p.id), None).await
        }
        Change::End { place } => {
            let Some(place) = pick(*place) else { return };
            act::end_place(cx, place.id, place.version, None).await
        }
    };
    assert!(matches!(result, Ok(()) | Err(Error::Invalid(_) | Error::Stale(_) | Error::Conflict(_))), "{change:?}: {result:?}");
}

async fn closure_is_right(cx: &Cx, contract: Uuid) {
    let rows = place_row::Entity::find().filter(place_row::Column::Contract.eq(contract)).all(cx.db()).await.unwrap();
    let spots: Vec<Spot> = rows.iter().map(|r| Spot { id: r.id, above: r.above, stands: r.until.is_none() }).collect();
    let stored = closure_row::Entity::find().filter(closure_row::Column::Contract.eq(contract)).all(cx.db()).await.unwrap();
    let pairs: BTreeSet<Pair> = stored.iter().map(|p| Pair { ancestor: p.ancestor, descendant: p.descendant, depth: p.depth }).collect();
    assert_eq!(pairs, closure(&spots));
    let party_of = |id: Uuid| rows.iter().find(|r| r.id == id).unwrap().party;
    for pair in &stored {
        assert_eq!((pair.ancestor_party, pair.descendant_party), (party_of(pair.ancestor), party_of(pair.descendant)));
    }
    for row in &rows {
        let depth = rows.iter().find(|r| Some(r.id) == row.above).map_or(0, |above| above.tier);
        assert_eq!(row.tier, depth + 1);
        let path = chain::at_or_above(cx.db(), row.id).await.unwrap();
        assert_eq!(path.iter().collect::<BTreeSet<_>>().len(), path.len(), "a party twice on one path");
        assert_eq!(store::lead_of(cx.db(), row.id).await.unwrap().tier, 1);
    }
}

/// Which of `things` the policy shows, and which the twin found.
fn agree<T: Guarded>(app: &TestApp, actor: &Actor, view: &'static str, things: &[T], found: &BTreeSet<String>) {
    let shown: BTreeSet<String> =
        things.iter().filter(|t| app.core.authz.check(actor, view, *t).is_ok()).map(|t| t.resource().id).collect();
    assert_eq!(&shown, found, "{view} by {actor:?}");
}

async fn twins_are_right(app: &TestApp, actor: &Actor) {
    let db = app.core.db.reader();
    let ids = |all: Vec<Uuid>| all.into_iter().map(|id| id.to_string()).collect::<BTreeSet<_>>();

    let all = store::with_parties(db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let found = store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap();
    agree(app, actor, "contract.view", &all, &ids(found.into_iter().map(|r| r.id).collect()));

    let all = chain::with_sight(db, place_row::Entity::find().all(db).await.unwrap()).await.unwrap();
    let found = place_row::Entity::find().filter(chain::visible_places(actor)).all(db).await.unwrap();
    agree(app, actor, "place.view", &all, &ids(found.into_iter().map(|r| r.id).collect()));

    let all = party::store::with_sight(db, party::store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let found = party::store::Entity::find().filter(party::store::visible(actor)).all(db).await.unwrap();
    agree(app, actor, "party.view", &all, &ids(found.into_iter().map(|r| r.id).collect()));
}

// OWN-3
both_engines!(migrations, async fn closures_and_twins_hold_in_random_worlds(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let mut runner = TestRunner::deterministic();
    for _ in 0..6 {
        let world = world(&app).await;
        for (second, change) in changes().new_tree(&mut runner).unwrap().current() {
            apply(&cx, &world, second, &change).await;
        }
        for contract in world.contracts {
            closure_is_right(&cx, contract).await;
        }
        for party in &world.parties {
            twins_are_right(&app, &actor("supplier_member", *party)).await;
        }
        for other in [actor("internal_audit", Uuid::now_v7()), Actor::Anonymous, Actor::Operator] {
            twins_are_right(&app, &other).await;
        }
    }
});
