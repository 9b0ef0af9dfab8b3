//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::Actor;
use platform::cases::queue::{self, Filter};
use platform::cases::store::{CaseColumn, CaseEntity};
use rules::plan_change::Added;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::considered;
use crate::migrations::migrations;
use crate::plan_change::model::CHANGE;
use crate::plan_change::{act, store};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let rows = CaseEntity::find().filter(CaseColumn::Kind.eq(CHANGE.id)).all(db).await.unwrap();
    let all = store::load_all(db, rows).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        all.iter().filter(|of| app.core.authz.check(actor, "plan_change.view", *of).is_ok()).map(|of| of.case.id).collect();
    let filter = Filter { most: 10_000, ..Filter::default() };
    let (found, _) = queue::list(db, &CHANGE, store::visible(actor), &filter, None).await.unwrap();
    let found: BTreeSet<Uuid> = found.into_iter().map(|case| case.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-9, OWN-3: a list of changes shows what the policy lets each actor view, in chains of random shape: drafts, and notices.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let begin_two = async |_, place: Option<Uuid>| {
        let Some(place) = place else { return };
        let row = crate::contract::chain::place(app.core.db.reader(), place).await.unwrap().row;
        let member = app.acting("supplier_member", row.party);
        act::begin(&member, place, &[]).await.unwrap();
        act::notify(&member, place, &considered(&[Added::Site], None), &[]).await.unwrap();
    };
    in_random_chains(&app, 3, begin_two, async |actor: &Actor| agree(&app, actor).await).await;
});
