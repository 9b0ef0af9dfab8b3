//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::{Actor, Side};
use platform::cases::queue::{self, Filter};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::{SECURITY, scans};
use crate::migrations::migrations;
use crate::ruling::model::RULING;
use crate::ruling::{act, store};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    use platform::cases::store::{CaseColumn, CaseEntity};
    let db = app.core.db.reader();
    let rows = CaseEntity::find().filter(CaseColumn::Kind.eq(RULING.id)).all(db).await.unwrap();
    let all = store::load_all(db, rows).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        all.iter().filter(|of| app.core.authz.check(actor, "ruling.view", *of).is_ok()).map(|of| of.case.id).collect();
    let filter = Filter { most: 10_000, ..Filter::default() };
    let (found, _) = queue::list(db, &RULING, store::visible(actor), &filter, None).await.unwrap();
    let found: BTreeSet<Uuid> = found.into_iter().map(|case| case.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-36, OWN-3: a list of rulings shows what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let (operator, cx) = (app.operator(), app.acting("security", authority));
    let ask = async |_, place: Option<Uuid>| {
        let Some(place) = place else { return };
        let contract = crate::contract::chain::place(cx.db(), place).await.unwrap().row.contract;
        if crate::contract::store::packs_on(cx.db(), contract).await.unwrap().is_empty() {
            crate::contract::act::put_pack(&operator, contract, SECURITY, "2026.1", Some("agreed")).await.unwrap();
        }
        act::ask(&cx, place, Some(&scans()), "May we?").await.unwrap();
    };
    in_random_chains(&app, 4, ask, async |actor: &Actor| agree(&app, actor).await).await;
});
