//! Who sees which file, whatever it is attached to.

use std::collections::BTreeSet;

use platform::authz::Actor;
use platform::files::{Entity, File, Model, visible};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use crate::migrations::migrations;
use crate::party::model::AUTHORITY_ROLES;
use crate::testing::{TestApp, actor};

const PARTIES: [Uuid; 3] = [Uuid::from_u128(0xa0), Uuid::from_u128(0xa1), Uuid::from_u128(0xa2)];

fn rows() -> impl Strategy<Value = Vec<Model>> {
    let row = (0..PARTIES.len(), any::<[bool; 3]>(), any::<u128>()).prop_map(|(party, [internal, sensitive, fixed], id)| {
        let (id, authority) = (Uuid::from_u128(id), party == 0);
        Model {
            id,
            kind: "proposal".to_owned(),
            thing: "1".to_owned(),
            field: None,
            chain: id,
            number: 1,
            superseded_by: None,
            name: Vec::new(),
            content: "pdf".to_owned(),
            size: 1,
            sha256: String::new(),
            wrapped: Vec::new(),
            covers_from: None,
            covers_to: None,
            expires_on: None,
            internal,
            sensitive,
            scanned: false,
            at: 1,
            account: id,
            party: PARTIES[party],
            side: if authority { "authority" } else { "supplier" }.to_owned(),
            fixed_at: fixed.then_some(1),
        }
    });
    proptest::collection::vec(row, 1..60)
}

both_engines!(migrations, /// OWN-3, OWN-4: of a thing's files a list shows what the policy lets each actor view, over random files, internal, sensitive and of drafts.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let mut runner = TestRunner::deterministic();
    let mut actors = vec![Actor::Anonymous, Actor::Operator, Actor::Job("schedule")];
    actors.extend(AUTHORITY_ROLES.iter().map(|role| actor(role, PARTIES[0])));
    actors.extend(PARTIES[1..].iter().flat_map(|party| [actor("supplier_lead", *party), actor("supplier_member", *party)]));
    let (mut sizes, raw) = (BTreeSet::new(), app.db.raw().await);
    let writer = &raw;
    for _ in 0..4 {
        Entity::delete_many().exec(writer).await.unwrap();
        for row in rows().new_tree(&mut runner).unwrap().current() {
            Entity::insert(row.into_active_model().reset_all()).exec_without_returning(writer).await.unwrap();
        }
        let all = Entity::find().all(writer).await.unwrap();
        for (actor, [adds, reveals]) in actors.iter().flat_map(|a| [[true, true], [true, false], [false, true], [false, false]].map(|r| (a, r))) {
            let may = |row: &&Model, seen| app.core.authz.check(actor, "file.view", &File::new((*row).clone(), [seen, adds, reveals])).is_ok();
            let allowed: BTreeSet<Uuid> = all.iter().filter(|row| may(row, true)).map(|row| row.id).collect();
            let found = Entity::find().filter(visible(actor, reveals)).all(writer).await.unwrap();
            let found: BTreeSet<Uuid> = found.into_iter().map(|row| row.id).collect();
            assert_eq!(allowed, found, "{actor:?}, reveals: {reveals}");
            sizes.insert(found.len());
            let hidden = actor.account().is_none() || all.iter().all(|row| !may(&row, false));
            assert!(hidden, "{actor:?} sees files of what it may not view");
        }
    }
    assert!(sizes.len() > 5, "worlds in which everybody sees the same show nothing: {sizes:?}");
});
