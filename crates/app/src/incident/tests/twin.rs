//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::Actor;
use platform::cases::queue::{self, Filter};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::{first, report, told};
use crate::contract;
use crate::incident::act::{self, Report};
use crate::incident::model::INCIDENT;
use crate::incident::store;
use crate::migrations::migrations;
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    use platform::cases::store::{CaseColumn, CaseEntity};
    let db = app.core.db.reader();
    let rows = CaseEntity::find().filter(CaseColumn::Kind.eq(INCIDENT.id)).all(db).await.unwrap();
    let all = store::load_all(db, rows).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        all.iter().filter(|of| app.core.authz.check(actor, "incident.view", *of).is_ok()).map(|of| of.case.id).collect();
    let filter = Filter { most: 10_000, ..Filter::default() };
    let (found, _) = queue::list(db, &INCIDENT, store::visible(actor), &filter, None).await.unwrap();
    let found: BTreeSet<Uuid> = found.into_iter().map(|case| case.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-21, OWN-3: a list of incidents shows what the policy lets each actor view, in chains of random shape: told, reported by
/// the party itself, and by it about one above.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let authority = app.party(platform::authz::Side::Authority, "Department of Crossings").await;
    let security = app.acting("security", authority);
    let report_one = async |_, place: Option<Uuid>| {
        let Some(place) = place else { return };
        act::report(&security, &told(place)).await.unwrap();
        let row = contract::chain::place(security.db(), place).await.unwrap().row;
        act::report(&app.acting("supplier_member", row.party), &report(place, first())).await.unwrap();
        if row.tier > 1 {
            let about = Report { above: Some(1), ..report(place, first()) };
            act::report(&app.acting("supplier_member", row.party), &about).await.unwrap();
        }
    };
    in_random_chains(&app, 3, report_one, async |actor: &Actor| agree(&app, actor).await).await;
});
