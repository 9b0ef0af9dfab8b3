//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::Actor;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::office;
use crate::migrations::migrations;
use crate::site::{act, store};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

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
    let enter = async |party: Uuid, _| {
        act::add(&cx, party, &office("Somewhere")).await.unwrap();
    };
    in_random_chains(&app, 6, enter, async |actor: &Actor| agree(&app, actor).await).await;
});
