//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::Actor;
use platform::cases::queue::{self, Filter};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::work;
use crate::arrangement::act;
use crate::breach::model::BREACH;
use crate::breach::store;
use crate::migrations::migrations;
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    use platform::cases::store::{CaseColumn, CaseEntity};
    let db = app.core.db.reader();
    let rows = CaseEntity::find().filter(CaseColumn::Kind.eq(BREACH.id)).all(db).await.unwrap();
    let all = store::load_all(db, rows).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        all.iter().filter(|of| app.core.authz.check(actor, "breach.view", *of).is_ok()).map(|of| of.case.id).collect();
    let filter = Filter { most: 10_000, ..Filter::default() };
    let (found, _) = queue::list(db, &BREACH, store::visible(actor), &filter, None).await.unwrap();
    let found: BTreeSet<Uuid> = found.into_iter().map(|case| case.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// OFF-9b, OWN-3: a list of breaches shows what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    // Each report opens one.
    let report = async |_, place: Option<Uuid>| {
        if let Some(place) = place {
            act::report(&cx, place, &work()).await.unwrap();
        }
    };
    in_random_chains(&app, 4, report, async |actor: &Actor| agree(&app, actor).await).await;
});
