//! The view policy and its SQL twin agree.

use std::collections::BTreeSet;

use platform::authz::Actor;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::used;
use crate::contract::act as contracts;
use crate::contract::chain;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::party::model::AUTHORITY_ROLES;
use crate::subprocessor::model::Details;
use crate::subprocessor::{act, store};
use crate::testing::actor;

async fn agree(world: &World, actor: &Actor) -> usize {
    let db = world.app.core.db.reader();
    let all = store::with_sight(db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let may = |of: &&store::Subprocessor| world.app.core.authz.check(actor, "subprocessor.view", *of).is_ok();
    let allowed: BTreeSet<Uuid> = all.iter().filter(may).map(|of| of.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// OWN-3, OFF-12: a list of sub-processors shows what the policy lets each actor view, before and after a chain changes.
async fn twin_equals_policy(db) {
    let world = World::new(db).await;
    let cx = world.app.operator();
    for party in [world.lead.0, world.sub.0, world.other.0] {
        act::add(&cx, &used("Fathom Mail", party, "US")).await.unwrap();
    }
    act::add(&cx, &Details::named("Nobody's yet")).await.unwrap();
    // A lead still sees what those did that have left its chain.
    for expected in [[2, 1, 1], [2, 1, 1]] {
        for (party, n) in [world.lead.0, world.sub.0, world.other.0].into_iter().zip(expected) {
            for role in ["supplier_lead", "supplier_member"] {
                assert_eq!(agree(&world, &actor(role, party)).await, n);
            }
        }
        for other in AUTHORITY_ROLES.iter().map(|role| actor(role, world.authority)).chain([Actor::Operator, Actor::Job("schedule")]) {
            assert_eq!(agree(&world, &other).await, 4);
        }
        assert_eq!(agree(&world, &Actor::Anonymous).await, 0);
        // The sub-contractor leaves the chain.
        let place = chain::place(cx.db(), world.sub.1).await.unwrap().row;
        if place.until.is_none() {
            contracts::end_place(&cx, place.id, place.version, None).await.unwrap();
        }
    }
});
