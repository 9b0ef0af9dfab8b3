//! The view policies and their SQL twins agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::Actor;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::{route, system};
use crate::holding::model::{Holding, Systems, TransferRoutes};
use crate::holding::{act, store};
use crate::migrations::migrations;
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

async fn agree<H: Holding>(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let rows = store::Entity::find().filter(store::Column::Register.eq(H::REGISTER.kind)).all(db).await.unwrap();
    let all = store::with_sight::<H>(db, rows).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        all.iter().filter(|held| app.core.authz.check(actor, H::VIEW, *held).is_ok()).map(|held| held.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible::<H>(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// OWN-3: the lists of systems and routes show what the policies let each actor view, in chains of random shape, left places included.
async fn twins_equal_policies(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let enter = async |party: Uuid, _| {
        act::add::<Systems>(&cx, party, &system("Somewhere")).await.unwrap();
        act::add::<TransferRoutes>(&cx, party, &route("Somehow")).await.unwrap();
    };
    in_random_chains(&app, 6, enter, async |actor: &Actor| agree::<Systems>(&app, actor).await + agree::<TransferRoutes>(&app, actor).await).await;
});
