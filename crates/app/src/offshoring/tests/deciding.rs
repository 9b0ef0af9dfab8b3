//! The explained classification, the path of the assessment, and the decline, as pages show them.

use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::both_engines;

use super::world::{World, answers};
use crate::migrations::migrations;
use crate::offshoring::{act, store};

both_engines!(migrations, /// OWN-1: the page of a proposal explains its classification: facts used, rules with their source paragraphs, and the facts that are missing, activity by activity.
async fn own_1_the_classification_is_explained(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let mut all = answers(world.lead.0);
    all["kinds"] = json!(["hosting", "support"]);
    all["reach"] = json!("not_known");
    all["sites"][0]["site_activities"] = json!(["hosting", "support"]);
    all["privileged_rights"] = json!("Test systems.");
    all["privileged_control"] = json!("Review at home.");
    let id = world.draft(&lead, world.lead.1, all).await;
    // The supplier reads it of its draft, the authority once it has come.
    let page = lead.browser(&world).get(&format!("/proposals/{id}/classification")).await;
    act::submit(&lead.cx, id, 1, true, None).await.unwrap();
    let official = manager.browser(&world).get(&format!("/proposals/{id}/classification")).await;
    for page in [page, official] {
        assert_eq!(page.status, StatusCode::OK);
        let each = page.select(".vs-activity");
        assert_eq!(each.len(), 2, "{}", page.text());
        let (hosting, support) = (&each[0], &each[1]);
        for part in ["Information is hosted in India", "Not decided", "Pune office", "Not known", "facts are missing"] {
            assert!(hosting.contains(part), "{part}: {hosting}");
        }
        for part in ["Support or administration in India", "Offshoring", "OFF-4", "That is always offshoring", "Pune office"] {
            assert!(support.contains(part), "{part}: {support}");
        }
        // Where the policy itself stands is said beside its rules (OFF-0).
        assert!(page.text().contains("2026.1") && page.text().contains("withdrawn"), "{}", page.text());
    }
});

both_engines!(migrations, /// OFF-10: the path of the assessment is chosen from the answers, and its reason with its source is on the page and in the record.
async fn off_10_the_path_follows_from_the_answers(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (manager, assessor) = (world.official("contract_manager").await, world.official("assessor").await);
    let privileged = [("privileged_rights", json!("Test systems.")), ("privileged_control", json!("Review at home."))];
    // Path, a part of its reason, how many factors it judges, what differs in the answers.
    type Row = (&'static str, &'static str, usize, Vec<(&'static str, Value)>);
    let table: [Row; 4] = [
        ("short", "Few people take part", 8, vec![]),
        ("full_scale", "More people take part", 14, vec![("staff_total", json!(40))]),
        ("full_privileged", "gives reach into systems", 14, [vec![("kinds", json!(["access", "support"]))], privileged.to_vec()].concat()),
        ("full", "a fact that would allow it is not known", 14, vec![("reach", json!("not_known"))]),
    ];
    for (path, reason, factors, changes) in table {
        let mut all = answers(world.lead.0);
        for (name, value) in changes {
            all[name] = value;
        }
        let id = world.draft(&lead, world.lead.1, all).await;
        act::submit(&lead.cx, id, 1, true, None).await.unwrap();
        let mut checking = manager.browser(&world);
        let step = checking.get(&format!("/proposals/{id}/step/pass_on")).await;
        checking.submit(&step, "/step/pass_on", &[]).await;
        let row = store::assessment(&manager.cx, manager.cx.db(), &world.case(id).await).await.unwrap().unwrap();
        assert_eq!((row.path.as_str(), row.path_reason.contains(reason)), (path, true), "{}", row.path_reason);
        assert_eq!(world.factors(&assessor, id).await.len(), factors, "{path}");
        let page = assessor.browser(&world).get(&format!("/proposals/{id}/risk")).await;
        assert!(page.text().contains(reason) && page.text().contains("OFF-10"), "{}", page.text());
        let line = platform::book::timeline(&manager.cx, "proposal", &id.to_string(), 50).await.unwrap().pop().unwrap();
        assert_eq!((line.action.as_str(), line.about["path"].as_str()), ("proposal.pass_on", path));
        assert!(line.body.unwrap()["path_reason"].as_str().unwrap().contains(reason));
    }
});

both_engines!(migrations, /// OFF-11: by the pages too, nothing is declined without a reason and an assessed risk; the letter names both.
async fn off_11_declined_only_for_assessed_risks(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let boss = world.official("management").await;
    let (id, _, _) = world.at_decision(&lead).await;
    let mut browser = boss.browser(&world);
    let page = browser.get(&format!("/proposals/{id}/decline")).await;
    for fields in [&[][..], &[("reason", "No")], &[("factors", "site_security")], &[("reason", "No"), ("factors", "exit")], &[("reason", "No"), ("factors", "no_such")]] {
        let refused = browser.submit(&page, "/decline", fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}: {}", refused.text());
        assert_eq!(world.case(id).await.stage, "deciding");
    }
    let letter = browser.submit(&page, "/decline", &[("reason", "Strangers share the floor."), ("factors", "site_security")]).await;
    for part in ["Declined", "Strangers share the floor.", "Risks that it rests on", "Security of the sites"] {
        assert!(letter.text().contains(part), "{part}: {}", letter.text());
    }
    let read = lead.browser(&world).get(&format!("/proposals/{id}/letter")).await;
    assert!(read.text().contains("Strangers share the floor.") && read.text().contains("Security of the sites"), "{}", read.text());
});
