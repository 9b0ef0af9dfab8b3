//! The view policy and its SQL twin agree.

use std::collections::BTreeSet;

use platform::authz::Actor;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::{entered, everything};
use crate::incident_record::store;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::party::model::AUTHORITY_ROLES;
use crate::testing::actor;

both_engines!(migrations, /// OWN-3, SEC-21: what others recorded is the authority's to see, in lists as by its page, and nobody else's.
async fn twin_equals_policy(db) {
    let world = World::new(db).await;
    for victim in ["Halyard Systems", "Tarn Borough Council"] {
        entered(&world.app.operator(), victim).await;
    }
    let all = everything(&world).await;
    let suppliers = ["supplier_lead", "supplier_member"].map(|role| (actor(role, world.lead.0), 0));
    let officials = AUTHORITY_ROLES.map(|role| (actor(role, world.authority), 2));
    let others = [(Actor::Operator, 2), (Actor::Job("schedule"), 2), (Actor::Anonymous, 0)];
    for (who, sees) in suppliers.into_iter().chain(officials).chain(others) {
        let may = |row: &&store::Model| world.app.core.authz.check(&who, "incident_record.view", *row).is_ok();
        let allowed: BTreeSet<Uuid> = all.iter().filter(may).map(|row| row.id).collect();
        let shown = store::Entity::find().filter(store::visible(&who)).all(world.app.core.db.reader()).await.unwrap();
        assert_eq!(allowed, shown.into_iter().map(|row| row.id).collect(), "{who:?}");
        assert_eq!(allowed.len(), sees, "{who:?}");
    }
});
