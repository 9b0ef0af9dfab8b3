//! Duties whose condition reads what is known of the contract.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{MET, SECURITY, World, pages, said};
use crate::contract::act as contracts;
use crate::migrations::migrations;

const DUTY: &str = "Have an enhanced criminal record check";
const TITLE: &str = "Make the enhanced check where people are vulnerable";

both_engines!(
    migrations,
    /// SEC-2, SEC-13: what is not known of a contract keeps a duty listed and says so; "no" drops it, "yes" shows it, at once; what was
    /// recorded stays.
    async fn an_unknown_fact_keeps_the_duty(db) {
        let w = World::new(db).await;
        let mut lead = w.browser("supplier_lead", w.lead).await;
        let mut manager = w.browser("contract_manager", w.authority).await;
        let path = w.duty(w.lead_place, "make_enhanced_checks");
        let text = said(&pages(&mut lead, "/obligations").await);
        assert!(text.contains("Applies if “Staff deal with vulnerable people” is “Yes”: not known yet."), "{text}");
        let page = lead.get(&path).await;
        assert!(page.text().contains(DUTY) && page.text().contains("not known yet"), "{}", page.text());
        lead.submit(&page, "/met", &MET).await;

        // A supplier answers no such question, and has no page for it.
        let facts = format!("/contracts/{}/facts", w.contract);
        assert_eq!(lead.get(&facts).await.status, StatusCode::NOT_FOUND);
        let page = manager.get(&facts).await;
        let field = format!("q.{SECURITY}_vulnerable_people");
        let save = format!("/facts/{SECURITY}");
        let page = manager.submit(&page, &save, &[(&field, "no")]).await;
        assert!(page.text().contains("Staff deal with vulnerable people No"), "{}", page.text());
        let text = said(&pages(&mut lead, "/obligations").await);
        assert!(!text.contains(TITLE), "{text}");
        assert!(text.contains("Applies if “The contract handles personal data” is “Yes”: not known yet."), "{text}");
        let page = lead.get(&path).await;
        assert!(page.text().contains("No longer owed") && page.text().contains("Register of 1 March"), "{}", page.text());

        let page = manager.get(&facts).await;
        manager.submit(&page, &save, &[(&field, "yes")]).await;
        let text = said(&pages(&mut lead, "/obligations").await);
        assert!(text.contains(TITLE) && !text.contains("“Staff deal with vulnerable people”"), "{text}");
        let page = lead.get(&path).await;
        assert!(page.text().contains("It applies because “Staff deal with vulnerable people” is “Yes”."), "{}", page.text());
        assert!(page.text().contains("Register of 1 March"), "{}", page.text());

        let told = manager.get(&format!("/contracts/{}", w.contract)).await.text();
        assert!(told.contains("Staff deal with vulnerable people: No → Yes"), "{told}");
        // Taken back to "not known", it is listed as before.
        let page = manager.get(&facts).await;
        manager.submit(&page, &save, &[(&field, "unknown")]).await;
        assert!(lead.get(&path).await.text().contains("not known yet"));
    }
);

both_engines!(
    migrations,
    /// SEC-2: whoever answers over somebody else's answers reads both versions.
    async fn stale_answers_show_both_versions(db) {
        let w = World::new(db).await;
        let (mut one, mut two) = (w.browser("contract_manager", w.authority).await, w.browser("procurement_lead", w.authority).await);
        let facts = format!("/contracts/{}/facts", w.contract);
        let (seen_by_one, seen_by_two) = (one.get(&facts).await, two.get(&facts).await);
        let (field, save) = (format!("q.{SECURITY}_personal_data"), format!("/facts/{SECURITY}"));
        one.submit(&seen_by_one, &save, &[(&field, "yes")]).await;
        let page = two.submit(&seen_by_two, &save, &[(&field, "no")]).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text());
        let both = page.select(".vs-changed").join(" ");
        assert!(both.contains("The contract handles personal data") && both.contains("Yes") && both.contains("No"), "{both}");
        let page = two.submit(&page, &save, &[]).await;
        assert!(page.text().contains("The contract handles personal data No"), "{}", page.text());
        let wrong = two.get(&facts).await;
        let page = two.submit(&wrong, &save, &[(&field, "perhaps")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Nothing differs: nothing is written.
        let cx = w.app.operator();
        let size = platform::book::size(cx.db()).await.unwrap();
        let answers = crate::contract::facts::known(cx.db(), w.contract).await.unwrap().remove(SECURITY).unwrap();
        contracts::state_facts(&cx, w.contract, SECURITY, answers.version, &answers.answers).await.unwrap();
        assert_eq!(platform::book::size(cx.db()).await.unwrap(), size);
    }
);
