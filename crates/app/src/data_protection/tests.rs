//! Data-protection terms, through acts, pages and programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::ToSpan as _;
use platform::authz::{Actor, Side};
use platform::{Cx, Error};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::model::{CONTROLLERS, Details, PROCESSORS};
use super::{act, store};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

fn terms(terms_at: &str, cx: &Cx) -> Details {
    let some = |text: &str| Some(text.to_owned());
    Details {
        processing: some("Bookings are taken and kept for a year."),
        data_and_people: some("Names and telephone numbers of travellers."),
        terms: "On written instructions only.".to_owned(),
        foi: "The authority answers; the supplier helps within five working days.".to_owned(),
        ..Details::of(terms_at, cx.core().clock.today().checked_add(300.days()).unwrap())
    }
}

/// Terms under which the authority is controller and the supplier processor.
pub(crate) async fn entered(cx: &Cx, contract: Uuid, terms_at: &str) -> Uuid {
    act::add(cx, contract, &terms(terms_at, cx)).await.unwrap()
}

both_engines!(migrations, /// SEC-6b: controller and processor go together, joint controllers say who answers for what, and what is processed is said unless nothing is.
async fn sec_6b_controller_and_processor(db) {
    let world = World::new(db).await;
    let legal = world.official("legal").await;
    let fault = |change: &dyn Fn(&mut Details), field: &str| {
        let mut details = terms("Schedule 9", &legal.cx);
        change(&mut details);
        let checked = details.check();
        match field {
            "" => assert!(checked.is_ok(), "{checked:?}"),
            field => assert!(matches!(&checked, Err(Error::Invalid(e)) if e.get(field).is_some()), "{field}: {checked:?}"),
        }
    };
    fault(&|_| {}, "");
    for controller in CONTROLLERS {
        for processor in PROCESSORS {
            let wrong = processor != "nobody" && (controller == processor || controller == "nobody");
            let set = |of: &mut Details| {
                (of.controller, of.processor) = (controller.to_owned(), processor.to_owned());
                of.joint = Some("The authority answers requests.".to_owned());
            };
            fault(&set, if wrong { "processor" } else { "" });
        }
    }
    fault(&|of| (of.controller, of.processor) = ("joint".to_owned(), "nobody".to_owned()), "joint");
    fault(&|of| of.processing = None, "processing");
    fault(&|of| of.foi = " ".to_owned(), "foi");
    fault(&|of| of.controller = "everybody".to_owned(), "controller");
    fault(&|of| (of.controller, of.processor, of.processing, of.data_and_people) = ("nobody".to_owned(), "nobody".to_owned(), None, None), "");
});

both_engines!(migrations, /// SEC-6b, SEC-7: one contract has one set of terms, each version stays readable, and the chain of the contract reads them; others nothing.
async fn sec_6b_terms_are_kept_version_by_version(db) {
    let world = World::new(db).await;
    let legal = world.official("legal").await;
    for role in ["administrator", "security", "procurement_lead", "management", "internal_audit"] {
        let cx = world.official(role).await.cx;
        refused_by(act::add(&cx, world.contract, &terms("x", &cx)).await, "nothing-permits");
    }
    let id = entered(&legal.cx, world.contract, "Schedule 9").await;
    let twice = act::add(&legal.cx, world.contract, &terms("Schedule 10", &legal.cx)).await;
    assert!(matches!(twice, Err(Error::Invalid(e)) if e.get("contract").is_some()));
    let joint = Details {
        controller: "joint".to_owned(),
        processor: "nobody".to_owned(),
        joint: Some("The authority answers requests.".to_owned()),
        ..terms("Schedule 9", &legal.cx)
    };
    act::change(&world.official("data_controller").await.cx, id, 1, &joint).await.unwrap();
    assert!(matches!(act::change(&legal.cx, id, 1, &joint).await, Err(Error::Stale(_))));
    act::change(&legal.cx, id, 2, &joint).await.unwrap();
    let versions = store::versions(legal.cx.db(), id).await.unwrap();
    assert_eq!(versions.iter().map(|one| one.version).collect::<Vec<_>>(), [2, 1]);
    let path = format!("/data-protection/{id}");
    crate::measure::tests::taken(&legal.cx, world.contract, "Disks are encrypted").await;
    for party in [world.lead.0, world.sub.0] {
        let mut browser = world.person("supplier_member", party).await.browser(&world);
        let page = browser.get(&path).await;
        for word in ["joint controllers", "Version 2", "Version 1", "The supplier", "within five working days", "Disks are encrypted"] {
            assert!(page.text().contains(word), "{word}: {}", page.text());
        }
        assert_eq!(browser.get(&format!("{path}/change")).await.status, StatusCode::NOT_FOUND);
        assert!(browser.get(&format!("/contracts/{}", world.contract)).await.body.contains("/data-protection?contract="));
    }
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    // A place that ended reads no more.
    let mut gone = world.person("supplier_lead", world.sub.0).await.browser(&world);
    let operator = world.app.operator();
    let place = crate::contract::store::place(operator.db(), world.sub.1).await.unwrap().row;
    crate::contract::act::end_place(&operator, place.id, place.version, None).await.unwrap();
    assert_eq!(gone.get(&path).await.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// SEC-6b, SEC-7: terms are entered and changed on the page; what is missing is said beside it.
async fn sec_6b_terms_on_pages(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let mut browser = manager.browser(&world);
    assert!(browser.get("/data-protection").await.text().contains("No terms kept yet"));
    let form = browser.get(&format!("/data-protection/add?contract={}", world.contract)).await;
    let (to, fields) = form.fill("/data-protection/add", &[("terms_at", "Schedule 9"), ("controller", "joint"), ("processor", "nobody")]);
    let again = browser.post_raw(&to, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text());
    let given = [
        ("joint", "The authority answers requests."),
        ("processing", "Bookings."),
        ("data_and_people", "Travellers."),
        ("terms", "As agreed."),
        ("foi", "The authority answers."),
        ("review_on.day", "1"),
        ("review_on.month", "12"),
        ("review_on.year", "2026"),
    ];
    let (to, fields) = again.fill("/data-protection/add", &given);
    let made = browser.post_raw(&to, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let page = browser.get(&made.location()).await;
    assert!(page.text().contains("Both together, as joint controllers") && page.text().contains("Ferry bookings"), "{}", page.text());
    let due = crate::data_protection::due::reviews(&world.app.operator()).await.unwrap();
    assert!(due.is_empty());
    world.app.advance(365 * platform::clock::DAY);
    let late = crate::data_protection::due::reviews(&world.app.operator()).await.unwrap();
    assert!(late.iter().any(|one| one.to.account == manager.account && one.subject.contains("Ferry bookings")), "{late:?}");
});

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let all = store::with_sight(db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let may = |of: &&store::Terms| app.core.authz.check(actor, "data_protection.view", *of).is_ok();
    let allowed: BTreeSet<Uuid> = all.iter().filter(may).map(|of| of.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-6b, OWN-3: a list of terms shows what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let cx = app.acting("legal", authority);
    // Each contract has one set of terms: so the party gets a contract of its own beside the chain that grows.
    let enter = async |party: Uuid, place: Option<Uuid>| {
        let own = app.contract(authority, "Night ferries").await;
        app.place(own, party, None).await;
        entered(&cx, own, "Schedule 9").await;
        let Some(place) = place else { return };
        let contract = crate::contract::chain::place(cx.db(), place).await.unwrap().row.contract;
        if store::of_contract(cx.db(), contract).await.unwrap().is_none() {
            entered(&cx, contract, "Schedule 9").await;
        }
    };
    in_random_chains(&app, 6, enter, async |actor: &Actor| agree(&app, actor).await).await;
});
