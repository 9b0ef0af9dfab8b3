//! Who sees which file, whatever it is attached to.

use std::collections::BTreeSet;

use platform::authz::Actor;
use platform::files::{Entity, File, Held, Model, visible};
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

/// Files of any of these accounts, or of nobody's.
fn rows(accounts: Vec<Uuid>) -> impl Strategy<Value = Vec<Model>> {
    let row = (0..PARTIES.len(), any::<[bool; 4]>(), any::<u128>()).prop_map(move |(party, [internal, sensitive, fixed, held], id)| {
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
            account: accounts.get(usize::from(id.as_bytes()[1]) % (accounts.len() * 2)).copied().unwrap_or(id),
            party: PARTIES[party],
            side: if authority { "authority" } else { "supplier" }.to_owned(),
            fixed_at: fixed.then_some(1),
            held: held.then(|| Held::ALL[usize::from(id.as_bytes()[0]) % Held::ALL.len()].code().to_owned()),
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
    let accounts: Vec<Uuid> = actors.iter().filter_map(|actor| actor.account().map(|account| account.account)).collect();
    let (mut sizes, raw) = (BTreeSet::new(), app.db.raw().await);
    let writer = &raw;
    for _ in 0..4 {
        Entity::delete_many().exec(writer).await.unwrap();
        for row in rows(accounts.clone()).new_tree(&mut runner).unwrap().current() {
            Entity::insert(row.into_active_model().reset_all()).exec_without_returning(writer).await.unwrap();
        }
        let all = Entity::find().all(writer).await.unwrap();
        let rights = (0..8u8).map(|bits| [bits & 1 > 0, bits & 2 > 0, bits & 4 > 0]);
        for (actor, [adds, reveals, settles]) in actors.iter().flat_map(|a| rights.clone().map(move |r| (a, r))) {
            let file = |row: &Model, seen| File::new(row.clone(), [seen, adds, reveals, settles]);
            let may = |row: &&Model, seen| app.core.authz.check(actor, "file.view", &file(row, seen)).is_ok();
            let allowed: BTreeSet<Uuid> = all.iter().filter(|row| may(row, true)).map(|row| row.id).collect();
            let found = Entity::find().filter(visible(actor, reveals, settles)).all(writer).await.unwrap();
            let found: BTreeSet<Uuid> = found.into_iter().map(|row| row.id).collect();
            assert_eq!(allowed, found, "{actor:?}, reveals: {reveals}, settles: {settles}");
            sizes.insert(found.len());
            let hidden = actor.account().is_none() || all.iter().all(|row| !may(&row, false));
            assert!(hidden, "{actor:?} sees files of what it may not view");
        }
    }
    assert!(sizes.len() > 5, "worlds in which everybody sees the same show nothing: {sizes:?}");
});
