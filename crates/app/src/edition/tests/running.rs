//! What runs keeps the edition that it began with; what begins takes the one in use.

use platform::Error;
use rules::pack::Difference;
use testkit::both_engines;

use super::{act, edition, without_question};
use crate::edition::store;
use crate::migrations::migrations;
use crate::offshoring::act as proposals;
use crate::offshoring::tests::world::World;
use crate::pack::packs;

const GONE: &str = "business_description";

both_engines!(migrations, /// OFF-2, OFF-Q1: a case under way keeps its form to its end, and is handed in and decided by it; a new case takes the edition in use.
async fn off_2_a_running_case_keeps_its_form(db) {
    let world = World::new(db).await;
    let (admin, lead) = (world.official("administrator").await, world.person("supplier_lead", world.lead.0).await);
    let begun = world.draft(&lead, world.lead.1, crate::offshoring::tests::world::answers(world.lead.0)).await;
    let source = without_question(edition("offshoring", "2027.1", &[]), GONE);
    act::install(&admin.cx, source, true).await.unwrap();
    // Installed and not in use, nothing takes it.
    let between = proposals::begin(&lead.cx, world.lead.1).await.unwrap();
    assert_eq!(world.case(between).await.edition, "2026.1");
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap();
    let new = proposals::begin(&lead.cx, world.lead.1).await.unwrap();
    assert_eq!((world.case(begun).await.edition.as_str(), world.case(new).await.edition.as_str()), ("2026.1", "2027.1"));
    let mut browser = lead.browser(&world);
    let page = browser.get(&format!("/proposals/{begun}/check")).await;
    assert!(page.text().contains("Describe the business that this work is part of"), "{}", page.text());
    let page = browser.get(&format!("/proposals/{new}/check")).await;
    assert!(!page.text().contains("Describe the business that this work is part of"), "{}", page.text());
    // It comes to its end by its own form, thresholds and levels.
    proposals::submit(&lead.cx, begun, world.version(begun).await, true, None).await.unwrap();
    world.approve(begun).await;
    let done = world.case(begun).await;
    assert_eq!((done.stage.as_str(), done.edition.as_str()), ("approved", "2026.1"));
    let (answers, _) = proposals::handed_in(&lead.cx, lead.cx.db(), &done).await.unwrap();
    assert!(answers.get(GONE).is_some(), "nothing is lost");
});

both_engines!(migrations, /// OFF-2, OFF-11: an edition that drops a question with answers names it with their number, and is installed only when somebody says that they know; answers carried forward leave it behind in sight.
async fn off_2_a_dropped_question_is_named_with_its_answers(db) {
    let world = World::new(db).await;
    let (admin, lead) = (world.official("administrator").await, world.person("supplier_lead", world.lead.0).await);
    let earlier = world.submitted(&lead).await;
    world.draft(&lead, world.lead.1, serde_json::json!({ GONE: "Boats." })).await;
    proposals::begin(&lead.cx, world.lead.1).await.unwrap();
    let changes = [("forms/proposal.yaml", "label: What is the time frame of that work?", "label: When is that work done?")];
    let source = without_question(edition("offshoring", "2027.1", &changes), GONE);
    let known = packs(&world.app.core);
    let new = rules::pack::Pack::load(&source).unwrap();
    let difference = Difference::between(known.in_use("offshoring").unwrap(), &new);
    let touched = store::touched(&admin.cx, "offshoring", &difference).await.unwrap();
    let told: Vec<_> = touched.dropped.iter().map(|gone| (gone.form.as_str(), gone.id.as_str(), gone.answers)).collect();
    assert_eq!(told, [("proposal", GONE, 2)]);
    assert_eq!((touched.cases(), touched.answers()), (3, 2));
    let refused = act::install(&admin.cx, source.clone(), false).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(errors) if errors.get("dropping").is_some()), "{refused}");
    assert!(packs(&world.app.core).get("offshoring", "2027.1").is_none());
    act::install(&admin.cx, source, true).await.unwrap();
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap();
    let id = proposals::begin_from(&lead.cx, world.lead.1, earlier).await.unwrap();
    let mut browser = lead.browser(&world);
    let list = browser.get(&format!("/proposals/{id}/answers")).await;
    assert!(list.text().contains("were left behind") && list.text().contains("Describe the business that this work is part of"), "{}", list.text());
    let kept = platform::forms::drafts::load(&lead.cx, id, 1).await.unwrap();
    assert!(kept.answers.get(GONE).is_none() && kept.answers.get("staff_total").is_some());
    // The case that it comes from still has it.
    let (answers, _) = proposals::handed_in(&lead.cx, lead.cx.db(), &world.case(earlier).await).await.unwrap();
    assert!(answers.get(GONE).is_some());
});

both_engines!(migrations, /// OFF-2: an edition without what the program works with is installed and never put in use; one that was taken out of use begins no case under a contract that is still on it.
async fn off_2_no_case_begins_by_an_edition_that_cannot_be_worked_with(db) {
    let world = World::new(db).await;
    let (admin, lead) = (world.official("administrator").await, world.person("supplier_lead", world.lead.0).await);
    act::install(&admin.cx, without_question(edition("offshoring", "2027.1", &[]), "diagnostics_clean"), true).await.unwrap();
    let refused = act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(text) if text.say().contains("without diagnostics_clean")), "{refused}");
    let manager = world.official("contract_manager").await;
    crate::contract::act::put_pack(&manager.cx, world.contract, "offshoring", "2026.1", Some("As the tender said.")).await.unwrap();
    act::install(&admin.cx, edition("offshoring", "2027.2", &[]), false).await.unwrap();
    act::put_in_use(&admin.cx, "offshoring", "2027.2", "Agreed").await.unwrap();
    let begun = proposals::begin(&lead.cx, world.lead.1).await.unwrap();
    assert_eq!(world.case(begun).await.edition, "2026.1", "the contract is on it still");
    act::withdraw(&admin.cx, "offshoring", "2026.1", "A wrong number").await.unwrap();
    let refused = proposals::begin(&lead.cx, world.lead.1).await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(text) if text.say().contains("taken out of use")), "{refused}");
    // What was begun goes on.
    assert_eq!(world.case(begun).await.edition, "2026.1");
});
