//! Duties under contracts, through the router on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::http::StatusCode;
use platform::authz::Side;
use testkit::both_engines;
use uuid::Uuid;

use crate::contract::act as contracts;
use crate::migrations::migrations;
use crate::testing::TestApp;

struct World {
    app: TestApp,
    lead: Uuid,
    sub: Uuid,
    other: Uuid,
    contract: Uuid,
    lead_place: Uuid,
}

async fn world(db: testkit::TestDb) -> World {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let lead = app.party(Side::Supplier, "Halyard Systems").await;
    let sub = app.party(Side::Supplier, "Bowline Support").await;
    let other = app.party(Side::Supplier, "Capstan Group").await;
    let contract = app.contract(authority, "Ferry bookings").await;
    let lead_place = app.place(contract, lead, None).await;
    let cx = app.operator();
    let edition = crate::pack::packs(&app.core).newest("provider_security").unwrap().edition.clone();
    contracts::put_pack(&cx, contract, "provider_security", &edition, Some("agreed")).await.unwrap();
    World { app, lead, sub, other, contract, lead_place }
}

both_engines!(
    migrations,
    /// SEC-2, SEC-4: duties apply to the lead, and flow down to a sub-contractor the moment it joins the chain.
    async fn duties_flow_down_when_the_chain_changes(db) {
        let w = world(db).await;
        let mut browser = w.app.browser();
        w.app.sign_in_as(&mut browser, "supplier_lead", w.sub).await;
        assert!(browser.get("/obligations").await.text().contains("No duties here"));
        w.app.place(w.contract, w.sub, Some(w.lead_place)).await;
        let text = browser.get("/obligations").await.text();
        assert!(text.contains("Bowline Support") && text.contains("Tier 2"), "{text}");
        assert!(!text.contains("Halyard Systems"), "a sub-contractor sees what is above it: {text}");
        let mut lead = w.app.browser();
        w.app.sign_in_as(&mut lead, "supplier_lead", w.lead).await;
        let text = lead.get("/obligations").await.text();
        assert!(text.contains("Halyard Systems") && text.contains("Bowline Support"), "{text}");
    }
);

both_engines!(
    migrations,
    /// SEC-6a: a party shows that it met a duty; status, evidence and who recorded it stand on the page of both sides.
    async fn a_duty_is_met_with_evidence(db) {
        let w = world(db).await;
        let mut browser = w.app.browser();
        w.app.sign_in_as(&mut browser, "supplier_lead", w.lead).await;
        let list = browser.get("/obligations").await;
        let path = list.links().into_iter().find(|l| l.starts_with(&format!("/obligations/{}/", w.lead_place))).unwrap();
        let page = browser.get(&path).await;
        let page = browser.submit(&page, "/met", &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = browser
            .submit(&page, "/met", &[("met_on.day", "1"), ("met_on.month", "3"), ("met_on.year", "2026"), ("evidence", "Register of 1 March, shelf 4")])
            .await;
        assert!(page.text().contains("Register of 1 March, shelf 4"), "{}", page.text());
        // The same version again is stale.
        let stale = [("version", "0"), ("met_on.day", "1"), ("met_on.month", "3"), ("met_on.year", "2026"), ("evidence", "other")];
        let page = browser.submit(&page, "/met", &stale).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        let mut other = w.app.browser();
        w.app.sign_in_as(&mut other, "supplier_lead", w.other).await;
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    }
);
