//! The view policy and its SQL twin agree over random worlds.

use std::collections::BTreeSet;

use platform::authz::Actor;
use platform::cases::queue::{self, Filter};
use platform::cases::store::{CaseColumn, CaseEntity};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use crate::contract::store as chains;
use crate::migrations::migrations;
use crate::plan::model::{PLAN, Plans};
use crate::plan::tests::{site, whole};
use crate::plan::{act, store};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;
use crate::testing::forms::answer_case;

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let rows = CaseEntity::find().filter(CaseColumn::Kind.eq(PLAN.id)).all(db).await.unwrap();
    let all = store::load_all(db, rows).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        all.iter().filter(|of| app.core.authz.check(actor, "plan.view", *of).is_ok()).map(|of| of.case.id).collect();
    let filter = Filter { most: 10_000, ..Filter::default() };
    let (found, _) = queue::list(db, &PLAN, store::visible(actor), &filter, None).await.unwrap();
    let found: BTreeSet<Uuid> = found.into_iter().map(|case| case.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-8b, OWN-3: a list of plans shows what the policy lets each actor view, in chains of random shape: drafts, and what was handed
/// in.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let begin_one = async |_, place: Option<Uuid>| {
        let Some(place) = place else { return };
        let db = app.core.db.reader();
        let contract = crate::contract::chain::place(db, place).await.unwrap().row.contract;
        // A place has one at a time, so everybody begins theirs.
        for row in chains::standing(db, contract).await.unwrap() {
            let lead = app.acting("supplier_lead", row.party);
            let Ok(id) = act::begin(&lead, row.id).await else { continue };
            // At the top it is handed in: of those the authority reads.
            if row.tier == 1 {
                answer_case::<Plans>(&lead, id, whole(site(&lead, row.party).await)).await;
                let version = store::get(lead.db(), id).await.unwrap().case.version;
                act::submit(&lead, id, version, true, None).await.unwrap();
            }
        }
    };
    in_random_chains(&app, 3, begin_one, async |actor: &Actor| agree(&app, actor).await).await;
});
