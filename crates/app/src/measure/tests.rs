//! Measures, through acts, pages and programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::ToSpan as _;
use platform::authz::{Actor, Side};
use platform::{Cx, Error};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::model::Details;
use super::{act, store};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

fn encryption(title: &str, cx: &Cx) -> Details {
    let review_on = cx.core().clock.today().checked_add(200.days()).unwrap();
    Details { description: "Disks are encrypted.".to_owned(), state: "in_place".to_owned(), ..Details::of(title, review_on) }
}

/// A measure that is in place.
pub(crate) async fn taken(cx: &Cx, contract: Uuid, title: &str) -> Uuid {
    act::add(cx, contract, &encryption(title, cx)).await.unwrap()
}

both_engines!(migrations, /// SEC-7: measures are held per contract with their evidence and the day of their review, by those who answer for its data.
async fn sec_7_measures_with_evidence_and_review(db) {
    let world = World::new(db).await;
    let controller = world.official("data_controller").await;
    let id = taken(&controller.cx, world.contract, "Disks are encrypted").await;
    for role in ["administrator", "assessor", "procurement_lead", "owner", "management", "internal_audit"] {
        let cx = world.official(role).await.cx;
        refused_by(act::add(&cx, world.contract, &encryption("x", &cx)).await, "nothing-permits");
    }
    let lead = world.person("supplier_lead", world.lead.0).await;
    refused_by(act::change(&lead.cx, id, 1, &encryption("x", &lead.cx)).await, "nothing-permits");
    let today = controller.cx.core().clock.today();
    let wrong: [(Details, &str); 4] = [
        (Details { reviewed_on: Some(today), review_on: today, ..encryption("x", &controller.cx) }, "review_on"),
        (encryption(" ", &controller.cx), "title"),
        (Details { kind: "magic".to_owned(), ..encryption("x", &controller.cx) }, "kind"),
        (Details { description: String::new(), ..encryption("x", &controller.cx) }, "description"),
    ];
    for (details, field) in wrong {
        let refused = act::change(&controller.cx, id, 1, &details).await;
        assert!(matches!(&refused, Err(Error::Invalid(e)) if e.get(field).is_some()), "{field}: {refused:?}");
    }
    act::change(&controller.cx, id, 1, &Details { found: Some("All of them.".to_owned()), ..encryption("Disks are encrypted", &lead.cx) }).await.unwrap();
    assert!(matches!(act::change(&controller.cx, id, 1, &encryption("x", &lead.cx)).await, Err(Error::Stale(_))));
    // The lead shows that it is taken; others of the chain read it, others not.
    crate::testing::attach(&lead.cx, "measure", id, "Disk report.pdf", false).await;
    let path = format!("/measures/{id}");
    let mut manager = world.official("contract_manager").await.browser(&world);
    let page = manager.get(&path).await;
    for word in ["Disks are encrypted", "All of them.", "Disk report.pdf", "In place"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let mut below = world.person("supplier_lead", world.sub.0).await.browser(&world);
    assert!(below.get(&path).await.text().contains("All of them."));
    assert_eq!(below.get(&format!("{path}/change")).await.status, StatusCode::NOT_FOUND);
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/measures").await.text().contains("Disks are encrypted"));
});

both_engines!(migrations, /// SEC-7: whoever manages the contract is reminded of a review, once for each of its days; of one that ended nobody is.
async fn sec_7_people_are_reminded_of_reviews(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let soon = |state: &str| Details { state: state.to_owned(), ..Details { review_on: manager.cx.core().clock.today().checked_add(3.days()).unwrap(), ..encryption("Locks", &manager.cx) } };
    act::add(&manager.cx, world.contract, &soon("in_place")).await.unwrap();
    act::add(&manager.cx, world.contract, &soon("ended")).await.unwrap();
    let due = async || crate::measure::due::reviews(&world.app.operator()).await.unwrap();
    let first = due().await;
    assert_eq!(first.iter().map(|one| one.to.account).collect::<Vec<_>>(), [manager.account]);
    assert!(first[0].subject.contains("Ferry bookings") && !first[0].text.contains("Locks"), "{:?}", first[0]);
    platform::notices::send_now(&world.app.operator(), first).await.unwrap();
    assert!(due().await.is_empty(), "told once");
    world.app.advance(5 * platform::clock::DAY);
    let late = due().await;
    assert!(late.len() == 1 && late[0].subject.starts_with("Late"), "{late:?}");
});

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let all = store::with_sight(db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let may = |of: &&store::Measure| app.core.authz.check(actor, "measure.view", *of).is_ok();
    let allowed: BTreeSet<Uuid> = all.iter().filter(may).map(|of| of.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-7, OWN-3: a list of measures shows what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let cx = app.acting("security", authority);
    let enter = async |_, place: Option<Uuid>| {
        if let Some(place) = place {
            let contract = crate::contract::chain::place(cx.db(), place).await.unwrap().row.contract;
            taken(&cx, contract, "Locks").await;
        }
    };
    in_random_chains(&app, 4, enter, async |actor: &Actor| agree(&app, actor).await).await;
});
