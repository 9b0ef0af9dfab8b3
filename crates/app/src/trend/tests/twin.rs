//! What is counted is what the view policy lets each actor see, over random worlds.

use std::collections::BTreeMap;

use jiff::civil::date;
use platform::Cx;
use platform::authz::Actor;
use platform::cases::store::{CaseColumn, CaseEntity};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use crate::contract;
use crate::incident::act::{self, Report};
use crate::incident::model::INCIDENT;
use crate::incident::store;
use crate::incident::tests::{first, report, told};
use crate::migrations::migrations;
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;
use crate::trend::model::{self, Period};
use crate::trend::pages::asked;

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let rows = CaseEntity::find().filter(CaseColumn::Kind.eq(INCIDENT.id)).all(db).await.unwrap();
    let all = store::load_all(db, rows).await.unwrap();
    let mut allowed: BTreeMap<Uuid, i64> = BTreeMap::new();
    for of in all.iter().filter(|of| app.core.authz.check(actor, "incident.view", *of).is_ok()) {
        *allowed.entry(of.case.party).or_default() += 1;
    }
    let cx = Cx::new(&app.core, actor.clone()).unwrap();
    let year = Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap();
    let found = model::of(&cx, asked(year, None, None, None), 1_000).await.unwrap();
    let by_party: BTreeMap<Uuid, i64> = found.parties.iter().map(|(id, of)| (*id, of.now)).collect();
    assert_eq!(by_party, allowed, "{actor:?}");
    let number: i64 = allowed.values().sum();
    let summed = |of: &mut dyn Iterator<Item = i64>| of.sum::<i64>();
    let sums = [
        found.all.now,
        summed(&mut found.over.iter().map(|(_, number)| *number)),
        summed(&mut found.categories.iter().map(|(_, of)| of.now)),
        summed(&mut found.tiers.iter().map(|(_, of)| of.now)),
        summed(&mut found.discovery.iter().map(|(_, of)| of.now)),
        summed(&mut found.event.iter().map(|(_, of)| of.now)),
    ];
    assert_eq!(sums, [number; 6], "{actor:?}");
    // A filter of one's own shows no more.
    for party in allowed.keys() {
        let one = model::of(&cx, asked(year, Some(*party), None, None), 1_000).await.unwrap();
        assert_eq!(one.all.now, allowed[party], "{actor:?}");
    }
    usize::try_from(number).unwrap()
}

both_engines!(migrations, /// SEC-21, OWN-3: trends count what the policy lets each actor view, in chains of random shape: told, reported by the party
/// itself, and by it about one above.
async fn sec_21_twin_of_trends(db) {
    let app = TestApp::new(db);
    let authority = app.party(platform::authz::Side::Authority, "Department of Crossings").await;
    let security = app.acting("security", authority);
    let report_one = async |_, place: Option<Uuid>| {
        let Some(place) = place else { return };
        act::report(&security, &told(place)).await.unwrap();
        let row = contract::chain::place(security.db(), place).await.unwrap().row;
        let by = app.acting("supplier_member", row.party);
        act::report(&by, &report(place, first())).await.unwrap();
        if row.tier > 1 {
            act::report(&by, &Report { above: Some(1), ..report(place, first()) }).await.unwrap();
        }
    };
    in_random_chains(&app, 3, report_one, async |actor: &Actor| agree(&app, actor).await).await;
});
