//! The view policy and its SQL twin agree.

use std::collections::BTreeSet;

use jiff::civil::date;
use platform::authz::{Actor, Side};
use platform::cases::queue::{self, Filter};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use crate::bid::model::{BID, Bid};
use crate::bid::{act, store};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::testing::actor;

both_engines!(migrations, /// OFF-7, OWN-3: a list of bids shows what the policy lets each actor view.
async fn twin_equals_policy(db) {
    use platform::cases::store::{CaseColumn, CaseEntity};
    let world = World::new(db).await;
    let procurement = world.official("procurement_lead").await;
    let mut parties = vec![world.lead.0, world.sub.0, world.other.0];
    for n in 0..3 {
        parties.push(world.app.party(Side::Supplier, &format!("Bidder {n}")).await);
    }
    for n in 0..3 {
        let contract = world.app.contract(world.authority, &format!("Tender {n}")).await;
        for party in parties.iter().skip(n) {
            act::invite(&procurement.cx, contract, *party, date(2026, 4, 1)).await.unwrap();
        }
    }
    let db = world.app.core.db.reader();
    let rows = CaseEntity::find().filter(CaseColumn::Kind.eq(BID.id)).all(db).await.unwrap();
    assert_eq!(rows.len(), 15);
    let all: Vec<Bid> = rows.into_iter().map(Bid::of).collect();
    let mut actors: Vec<Actor> = vec![Actor::Anonymous, Actor::Operator, Actor::Job("schedule")];
    actors.extend(parties.iter().flat_map(|p| [actor("supplier_lead", *p), actor("supplier_member", *p)]));
    actors.extend(crate::party::model::AUTHORITY_ROLES.iter().map(|role| actor(role, world.authority)));
    for actor in actors {
        let allowed: BTreeSet<Uuid> =
            all.iter().filter(|of| world.app.core.authz.check(&actor, "bid.view", *of).is_ok()).map(|of| of.case.id).collect();
        let (found, _) = queue::list(db, &BID, store::visible(&actor), &Filter::default(), None).await.unwrap();
        assert_eq!(allowed, found.into_iter().map(|case| case.id).collect(), "{actor:?}");
    }
});
