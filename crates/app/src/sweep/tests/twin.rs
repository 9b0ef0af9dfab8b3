//! The view policies and their SQL twins agree over random worlds.

use std::collections::BTreeSet;

use platform::Cx;
use platform::authz::{Actor, Side};
use sea_orm::EntityTrait as _;
use testkit::both_engines;
use uuid::Uuid;

use super::new;
use crate::migrations::migrations;
use crate::sweep::act;
use crate::sweep::store::{self, Filter, answer, sweep};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let cx = Cx::new(&app.core, actor.clone()).unwrap();
    let sweeps = sweep::Entity::find().all(db).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        sweeps.iter().filter(|row| app.core.authz.check(actor, "sweep.view", &row.thing()).is_ok()).map(|row| row.id).collect();
    let found: BTreeSet<Uuid> = store::list(&cx, None, None, 10_000).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    let answers = answer::Entity::find().all(db).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        answers.iter().filter(|row| app.core.authz.check(actor, "sweep_answer.view", &row.thing(true)).is_ok()).map(|row| row.id).collect();
    let (found, _) = store::answers(&cx, &Filter::default(), None, 10_000).await.unwrap();
    let found: BTreeSet<Uuid> = found.into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-21, OWN-3: lists of sweeps and of answers show what the policies let each actor view, in chains of random shape.
async fn sec_21_twin_of_sweeps(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let security = app.acting("security", authority);
    let open = async |party: Uuid, place: Option<Uuid>| {
        // Of every other party, so that suppliers see different numbers.
        if place.is_some() && party.as_bytes()[15].is_multiple_of(2) {
            act::open(&security, &new("Readers")).await.unwrap();
        }
    };
    in_random_chains(&app, 3, open, async |actor: &Actor| agree(&app, actor).await).await;
});
