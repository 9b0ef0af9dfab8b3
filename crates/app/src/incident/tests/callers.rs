//! Checks of callers (SEC-X1j): what the agreed plan says of them beside which of them were made.

use serde_json::json;
use testkit::both_engines;

use super::reporting::answer;
use super::{case, reported};
use crate::incident::act;
use crate::incident::callers::MADE;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::plan;
use crate::plan::model::CALLERS;

const TITLE: &str = "What the agreed security plan says of checks of callers";
/// What the plan of the tests answers.
const SAYS: &str = "We call back by the number in the register.";

both_engines!(migrations, /// SEC-X1j: beside the question which checks of callers were made, and above its answer, stands what the agreed plan of the place says of
/// them, for whoever may read that plan and nobody else; before one is agreed there is nothing.
async fn sec_x1j_the_agreed_plan_stands_beside_the_checks(db) {
    let world = World::new(db).await;
    let pack = crate::pack::packs(&world.app.core).newest("provider_security").unwrap().clone();
    let asks = |form: &str, question: &str| pack.form(form).unwrap().question(question).is_some();
    assert!(asks(plan::model::FORM, CALLERS) && asks(&pack.incidents.as_ref().unwrap().form, MADE), "both forms ask");
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let sub = world.person("supplier_lead", world.sub.0).await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    let below = reported(&sub.cx, world.sub.1).await.id;
    let section = format!("/incidents/{id}/answers/callers");
    let drafted = plan::tests::submitted(&world, &lead).await;
    let none = lead.browser(&world).get(&section).await.text();
    assert!(!none.contains(TITLE) && !none.contains(SAYS), "nothing is agreed yet: {none}");
    plan::act::agree(&security.cx, drafted, plan::tests::version(&world, drafted).await, "It covers what we ask for.").await.unwrap();
    let mut browser = lead.browser(&world);
    let page = browser.get(&section).await;
    assert!(page.text().contains(TITLE) && page.text().contains(SAYS) && page.text().contains("version 1"), "{}", page.text());
    assert!(page.body.contains(&format!("href=\"/plans/{drafted}\"")), "{}", page.body);
    assert!(!browser.get(&format!("/incidents/{id}/answers/cause")).await.text().contains(TITLE));
    // On the incident itself once it is answered which were made.
    assert!(!browser.get(&format!("/incidents/{id}")).await.text().contains(TITLE));
    answer(&lead, id, "nature", json!({ "actions": ["disclosed"] })).await;
    let made = json!({ "caller_involved": true, "caller_posed": "A trainee", "caller_checks": ["no_check"], "caller_checks_usual": "A call back." });
    answer(&lead, id, "callers", made).await;
    act::add(&lead.cx, id, case(&world, id).await.version).await.unwrap();
    let manager = world.official("contract_manager").await;
    for who in [&lead, &security, &manager] {
        let page = who.browser(&world).get(&format!("/incidents/{id}")).await.text();
        assert!(page.contains(TITLE) && page.contains(SAYS), "{page}");
    }
    // A party below reads no plan of those above it.
    let page = sub.browser(&world).get(&format!("/incidents/{below}/answers/callers")).await;
    assert!(page.status == 200 && !page.text().contains(SAYS), "{}", page.text());
});
