//! The statement of duties as a paper.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{MET, World};
use crate::migrations::migrations;
use crate::obligation::statement::Statement;
use crate::paper::model::Kind;

both_engines!(
    migrations,
    /// SEC-2, SEC-6a: what a party owes under a contract, with status and evidence, as a paper for itself, those above it and the authority.
    async fn a_statement_of_duties_is_a_paper(db) {
        let w = World::new(db).await;
        let place = w.app.place(w.contract, w.sub, Some(w.lead_place)).await;
        let mut sub = w.browser("supplier_lead", w.sub).await;
        let page = sub.get(&w.duty(place, "report_at_once")).await;
        sub.submit(&page, "/met", &MET).await;

        let narrow = format!("/obligations?contract={}&party={}", w.contract, w.sub);
        assert!(sub.get("/obligations").await.text().contains("choose a contract and a party"));
        let page = sub.get(&narrow).await;
        let paper = sub.submit(&page, "/statement", &[]).await;
        assert_eq!((paper.status, paper.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/pdf"));
        assert!(paper.body.starts_with("%PDF-"));

        // The lead above it and the authority read the same paper; the lead's own is not the sub-contractor's to have.
        let mut lead = w.browser("supplier_lead", w.lead).await;
        let mut security = w.browser("security", w.authority).await;
        for browser in [&mut lead, &mut security] {
            let made = browser.get(&narrow).await.links().into_iter().find(|l| l.contains("/statement/")).unwrap();
            assert_eq!(browser.get(&made).await.body, paper.body);
        }
        let page = lead.get(&format!("/obligations?contract={}&party={}", w.contract, w.lead)).await;
        assert_eq!(lead.submit(&page, "/statement", &[]).await.status, StatusCode::OK);
        let made = lead.get(&format!("/obligations?contract={}&party={}", w.contract, w.lead)).await;
        let made = made.links().into_iter().find(|l| l.contains("/statement/")).unwrap();
        let mut other = w.browser("supplier_lead", w.other).await;
        for browser in [&mut sub, &mut other] {
            assert_eq!(browser.get(&made).await.status, StatusCode::NOT_FOUND);
        }

        // What stands in it; another day, another paper.
        let cx = w.app.acting("supplier_lead", w.sub);
        let of = Statement::of(&cx, place).await.unwrap();
        let draft = of.draft(&cx).await.unwrap();
        let said = format!("{draft:?}");
        assert_eq!(draft.kind, Kind::Obligations);
        for part in ["Bowline Support", "Ferry bookings", "Report at once", "Register of 1 March", "provider_security 2026.1", "SEC-"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        w.app.advance(platform::clock::DAY);
        let mut sub = w.browser("supplier_lead", w.sub).await;
        let before = sub.get(&narrow).await.links().len();
        let page = sub.get(&narrow).await;
        sub.submit(&page, "/statement", &[]).await;
        assert_eq!(sub.get(&narrow).await.links().len(), before + 1);

        // The authority's own duties under the contract.
        let mut security = w.browser("security", w.authority).await;
        let page = security.get(&format!("/obligations?contract={}&whose=authority", w.contract)).await;
        assert_eq!(security.submit(&page, "/statement", &[]).await.headers["content-type"], "application/pdf");
    }
);
