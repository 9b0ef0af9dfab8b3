//! The penetration test that a request promises.

use jiff::civil::date;
use platform::Error;
use platform::authz::Side;
use platform::cases::tasks::{self, For, Task};
use serde_json::{Value, json};
use testkit::both_engines;

use super::{answers, case, version};
use crate::casework::act as around;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World};
use crate::plan_change::act;
use crate::plan_change::model::Changes;
use crate::testing::forms::answer_case;

/// A request that promises a penetration test, agreed.
async fn promised(world: &World, lead: &Person, security: &Person, when: &str) -> uuid::Uuid {
    let mut all = answers(false);
    all["penetration_testing"] = json!(when);
    all["penetration_scope"] = json!("The second desk, from outside.");
    all["penetration_by"] = json!("Keel Ltd");
    all["penetration_date"] = json!("2026-05-04");
    all["penetration_reason"] = Value::Null;
    let id = act::begin(&lead.cx, world.lead.1, &[]).await.unwrap();
    answer_case::<Changes>(&lead.cx, id, all).await;
    act::submit(&lead.cx, id, version(world, id).await, true, None).await.unwrap();
    act::agree(&security.cx, id, version(world, id).await, "It is tested.", &[]).await.unwrap();
    id
}

async fn set(world: &World, by: &Person, id: uuid::Uuid) -> Vec<Task> {
    tasks::list(&by.cx, by.cx.db(), &case(world, id).await, Side::Supplier).await.unwrap()
}

both_engines!(migrations, /// SEC-X3: a penetration test that comes before the change is a task with its scope and its day, whose result is evidence; until it is found
/// done the change does not take effect, and then it does by itself.
async fn sec_x3_a_penetration_test_comes_first(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let id = promised(&world, &lead, &security, "before").await;
    assert_eq!(case(&world, id).await.stage, "agreed", "nothing else stands in its way");
    let test = set(&world, &lead, id).await.remove(0);
    assert_eq!((test.kind, test.due.as_deref(), test.checks), (For::Review, Some("2026-05-04"), true));
    let detail = test.detail.clone().unwrap();
    assert!(detail.contains("The second desk, from outside.") && detail.contains("Keel Ltd"), "{detail}");
    let blocked = act::take_effect(&security.cx, id, version(&world, id).await).await;
    let Err(Error::Blocked(bars)) = blocked else { panic!("{blocked:?}") };
    assert!(bars.iter().any(|bar| bar.text.say().contains("penetration test")), "{bars:?}");
    let page = lead.browser(&world).get(&format!("/plan-changes/{id}")).await;
    assert!(page.text().contains("The penetration test before the change was not found done yet"), "{}", page.text());
    crate::testing::attach(&lead.cx, "plan_change", id, "Test report.pdf", false).await;
    around::finish_task::<Changes>(&lead.cx, id, test.id, test.version, Some("See the report.".to_owned())).await.unwrap();
    let said = set(&world, &lead, id).await.remove(0);
    // Said is not found: what is lacking keeps it open.
    around::check_task::<Changes>(&security.cx, id, test.id, said.version, Some("The way in by post is missing.")).await.unwrap();
    assert_eq!(case(&world, id).await.stage, "agreed");
    let open = set(&world, &lead, id).await.remove(0);
    around::finish_task::<Changes>(&lead.cx, id, test.id, open.version, Some("It is there now.".to_owned())).await.unwrap();
    assert_eq!(case(&world, id).await.stage, "agreed");
    let said = set(&world, &lead, id).await.remove(0);
    around::check_task::<Changes>(&security.cx, id, test.id, said.version, None).await.unwrap();
    assert_eq!(case(&world, id).await.stage, "in_effect");
});

both_engines!(migrations, /// SEC-X3: one that comes after the change holds nothing up, and is asked for on its day all the same.
async fn sec_x3_a_penetration_test_may_follow(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let id = promised(&world, &lead, &security, "after").await;
    assert_eq!(case(&world, id).await.stage, "in_effect");
    let tasks = set(&world, &lead, id).await;
    assert_eq!(tasks.iter().map(|task| (task.due.as_deref(), task.done_at)).collect::<Vec<_>>(), [(Some("2026-05-04"), None)]);
    world.until(date(2026, 5, 6));
    let lead = world.person("supplier_lead", world.lead.0).await;
    let home = lead.browser(&world).get("/").await;
    assert!(home.text().contains(&case(&world, id).await.reference.unwrap()), "{}", home.text());
});
