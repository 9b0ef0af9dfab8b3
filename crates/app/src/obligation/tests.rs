//! Duties under contracts, through the router on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod computed;
mod conditions;
mod governing;
mod listed;
mod roles;
mod statement;
mod twin;

use axum::http::StatusCode;
use platform::authz::Side;
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use crate::contract::act as contracts;
use crate::migrations::migrations;
use crate::testing::TestApp;

struct World {
    app: TestApp,
    authority: Uuid,
    lead: Uuid,
    sub: Uuid,
    other: Uuid,
    contract: Uuid,
    lead_place: Uuid,
}

const SECURITY: &str = "provider_security";

impl World {
    async fn new(db: testkit::TestDb) -> Self {
        let app = TestApp::new(db);
        let authority = app.party(Side::Authority, "Department of Crossings").await;
        let lead = app.party(Side::Supplier, "Halyard Systems").await;
        let sub = app.party(Side::Supplier, "Bowline Support").await;
        let other = app.party(Side::Supplier, "Capstan Group").await;
        let contract = app.contract(authority, "Ferry bookings").await;
        let lead_place = app.place(contract, lead, None).await;
        let world = Self { app, authority, lead, sub, other, contract, lead_place };
        world.put(SECURITY).await;
        world
    }

    async fn put(&self, pack: &str) {
        put(&self.app, self.contract, pack).await;
    }

    async fn browser(&self, role: &str, party: Uuid) -> Browser {
        let mut browser = self.app.browser();
        self.app.sign_in_as(&mut browser, role, party).await;
        browser
    }

    fn duty(&self, at: Uuid, duty: &str) -> String {
        format!("/obligations/{at}/{SECURITY}/{duty}")
    }
}

async fn put(app: &TestApp, contract: Uuid, pack: &str) {
    let edition = crate::pack::packs(&app.core).newest(pack).unwrap().edition.clone();
    contracts::put_pack(&app.operator(), contract, pack, &edition, Some("agreed")).await.unwrap();
}

/// Every page of a list, from this address on.
async fn pages(browser: &mut Browser, from: &str) -> Vec<Page> {
    let mut all = vec![browser.get(from).await];
    while let Some(next) = all.last().unwrap().links().into_iter().find(|l| l.contains("after=")) {
        all.push(browser.get(&next).await);
        assert!(all.len() < 40, "a list without end");
    }
    all
}

fn said(pages: &[Page]) -> String {
    pages.iter().map(Page::text).collect::<Vec<_>>().join("\n")
}

const MET: [(&str, &str); 5] =
    [("met_on.day", "1"), ("met_on.month", "3"), ("met_on.year", "2026"), ("evidence", "Register of 1 March"), ("found_at", "Shelf 4")];

both_engines!(
    migrations,
    /// SEC-2, SEC-4: duties apply to the lead, and flow down to a sub-contractor the moment it joins the chain.
    async fn duties_flow_down_when_the_chain_changes(db) {
        let w = World::new(db).await;
        let mut browser = w.browser("supplier_lead", w.sub).await;
        assert!(browser.get("/obligations").await.text().contains("No duties here"));
        let place = w.app.place(w.contract, w.sub, Some(w.lead_place)).await;
        let text = said(&pages(&mut browser, "/obligations").await);
        assert!(text.contains("Bowline Support") && text.contains("Report at once"), "{text}");
        assert!(!text.contains("Halyard Systems"), "a sub-contractor sees what is above it: {text}");
        assert!(!text.contains("Pass these duties down the chain"), "a lead's duty at tier 2: {text}");
        let mut lead = w.browser("supplier_lead", w.lead).await;
        let text = said(&pages(&mut lead, "/obligations").await);
        assert!(text.contains("Halyard Systems") && text.contains("Bowline Support"), "{text}");
        assert!(text.contains("Pass these duties down the chain"), "{text}");

        // What was recorded stays when the place ends, and those above still read it.
        let path = w.duty(place, "report_at_once");
        let page = browser.get(&path).await;
        browser.submit(&page, "/met", &MET).await;
        contracts::end_place(&w.app.operator(), place, 1, None).await.unwrap();
        let text = said(&pages(&mut lead, "/obligations").await);
        assert!(!text.contains("Bowline Support"), "{text}");
        let page = lead.get(&path).await;
        assert!(page.text().contains("No longer owed") && page.text().contains("Register of 1 March"), "{}", page.text());
        assert!(!page.has_form("/met"));
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "a past sub-contractor sees nothing");
    }
);

both_engines!(
    migrations,
    /// SEC-6a: a party shows that it met a duty; status, evidence, due date and who set it stand on the page of both sides, each reading the
    /// names that it may know.
    async fn a_duty_is_met_with_evidence(db) {
        let w = World::new(db).await;
        let mut browser = w.browser("supplier_lead", w.lead).await;
        let path = w.duty(w.lead_place, "report_at_once");
        let page = browser.get(&path).await;
        let text = page.text();
        for part in ["Within 1 day of this: An incident is found or suspected", "SEC-24", "ISO/IEC 27001:2022 A.6.8", "every supplier in the contract's chain"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(text.contains("Put on the contract by") && text.contains("2 March 2026"), "{text}");
        let page = browser.submit(&page, "/met", &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let future = [("met_on.year", "2027"), ("met_on.month", "3"), ("met_on.day", "1"), ("evidence", "x")];
        assert_eq!(browser.submit(&page, "/met", &future).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let covered = [("covers_to.day", "31"), ("covers_to.month", "3"), ("covers_to.year", "2026")];
        let page = browser.submit(&page, "/met", &[MET.as_slice(), covered.as_slice()].concat()).await;
        for part in ["Due soon", "31 March 2026", "Register of 1 March", "Shelf 4", "1 March 2026 to 31 March 2026", "A supplier_lead, on 2 March 2026"] {
            assert!(page.text().contains(part), "{part} is not in {}", page.text());
        }
        let list = said(&pages(&mut browser, "/obligations?status=soon").await);
        assert!(list.contains("1 duty") && list.contains("Register of 1 March 1 March 2026, recorded by A supplier_lead"), "{list}");
        // The authority reads the person's name with its party; a duty that it recorded itself bears its own name for suppliers.
        let mut security = w.browser("security", w.authority).await;
        let page = security.get(&path).await;
        assert!(page.text().contains("A supplier_lead of Halyard Systems, on 2 March 2026"), "{}", page.text());
        security.submit(&page, "/met", &MET).await;
        let page = browser.get(&path).await;
        assert!(page.text().contains("Department of Crossings, on 2 March 2026") && !page.text().contains("A security"), "{}", page.text());
        let mut other = w.browser("supplier_lead", w.other).await;
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    }
);

both_engines!(
    migrations,
    /// SEC-6a: whoever writes over what somebody else recorded meanwhile reads both versions, and may save theirs over it.
    async fn a_stale_record_shows_both_versions(db) {
        let w = World::new(db).await;
        let (mut one, mut two) = (w.browser("supplier_lead", w.lead).await, w.browser("supplier_member", w.lead).await);
        let path = w.duty(w.lead_place, "report_at_once");
        let (seen_by_one, seen_by_two) = (one.get(&path).await, two.get(&path).await);
        one.submit(&seen_by_one, "/met", &MET).await;
        let mine = [("met_on.day", "2"), ("met_on.month", "3"), ("met_on.year", "2026"), ("evidence", "Drill of 2 March")];
        let page = two.submit(&seen_by_two, "/met", &mine).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        let text = page.text();
        assert!(text.contains("Register of 1 March") && text.contains("Drill of 2 March"), "{text}");
        let page = two.submit(&page, "/met", &[]).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("Drill of 2 March") && !page.text().contains("Register of 1 March"), "{}", page.text());
    }
);
