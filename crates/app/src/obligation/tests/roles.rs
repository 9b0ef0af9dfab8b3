//! Duties of the authority's own roles.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{MET, World, pages, said};
use crate::migrations::migrations;

both_engines!(
    migrations,
    /// SEC-6a, OUT-RE: a role's duties stand under each contract, for the authority alone; the role that owes one shows that it is met.
    async fn roles_show_what_they_owe(db) {
        let w = World::new(db).await;
        w.put("outsourcing").await;
        let mut owner = w.browser("owner", w.authority).await;
        let path = format!("/obligations/{}/outsourcing/manage_risk_throughout", w.contract);
        let text = said(&pages(&mut owner, "/obligations?whose=mine").await);
        assert!(text.contains("Manage risk throughout") && !text.contains("Report at once"), "{text}");
        let page = owner.get(&path).await;
        assert!(page.text().contains("Owed by Owner") && page.text().contains("a role of the authority: Owner"), "{}", page.text());
        assert!(!page.has_form("/aside"), "an owner sets an own duty aside");
        let page = owner.submit(&page, "/met", &MET).await;
        assert!(page.text().contains("Register of 1 March"), "{}", page.text());

        for role in ["legal", "security", "contract_manager", "internal_audit", "administrator"] {
            let page = w.browser(role, w.authority).await.get(&path).await;
            assert!(page.status == StatusCode::OK && !page.has_form("/met") && !page.has_form("/aside"), "{role}: {}", page.text());
        }
        let mut management = w.browser("management", w.authority).await;
        let page = management.get(&path).await;
        assert!(!page.has_form("/met"));
        assert_eq!(management.submit(&page, "/aside", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = management.submit(&page, "/aside", &[("reason", "The function is run by two people.")]).await;
        assert!(page.text().contains("Not applicable") && page.text().contains("run by two people"), "{}", page.text());
        let page = management.submit(&page, "/again", &[]).await;
        assert!(page.text().contains("Register of 1 March") && !page.text().contains("run by two people"), "{}", page.text());
        let own = management.get(&format!("/obligations/{}/outsourcing/oversee", w.contract)).await;
        assert!(own.has_form("/met") && !own.has_form("/aside"));

        let mut lead = w.browser("supplier_lead", w.lead).await;
        assert_eq!(lead.get(&path).await.status, StatusCode::NOT_FOUND);
        assert!(!said(&pages(&mut lead, "/obligations").await).contains("Manage risk throughout"));
        // Nobody is a bidder under a contract: those duties stand on the pack's page.
        assert!(!said(&pages(&mut owner, "/obligations").await).contains("Answer truthfully about yourself"));
        assert!(owner.get("/packs/outsourcing/2026.1").await.text().contains("Answer truthfully about yourself"));
    }
);
