//! Breaches for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::{Program, Reply, fresh};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::testing::PASSWORD;

both_engines!(migrations, /// OWN-3, OFF-9b: a program opens a breach, establishes it, asks, answers, decides and makes the letter, and is refused where a page is.
async fn own_3_a_breach_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut manager = Program::of(app, &world.official("contract_manager").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let facts = json!({ "finding": "not_informed", "began": "2026-02-01" });
    let at = format!("/api/v1/places/{}/breaches", world.lead.1);
    let new = json!({ "title": "Night calls from Goa", "facts": facts });
    lead.post(&at, new.clone()).await.is(403);
    let later = json!({ "title": "Night calls", "facts": { "finding": "not_informed", "began": "2027-02-01" } });
    assert!(manager.post(&at, later).await.is(422).json["errors"].to_string().contains("not come yet"));
    let made = manager.post(&at, new).await.is(201);
    let one = made.header("location").to_owned();
    assert_eq!((&made.json["reference"], &made.json["stage"], &made.json["pack"]), (&json!("BRE-2026-000001"), &json!("establishing"), &json!(null)));
    other.get(&one).await.is(404);
    let step = |step: &str| format!("{one}/steps/{step}");
    app.advance(1_000);
    let asked = manager.step(&step("ask"), made.version(), json!({ "reason": "Since when?" })).await.is(200);
    assert_eq!(asked.json["waits_for"], json!(["supplier"]));
    app.advance(1_000);
    let answered = lead.step(&step("answer"), asked.version(), json!({ "reason": "Since February." })).await.is(200);
    let full = json!({ "finding": "not_informed", "began": "2026-02-01", "facts": "They looked bookings up.", "containment": "Access was taken away." });
    let set = manager.change("PUT", &format!("{one}/facts"), answered.version(), full.clone()).await.is(200);
    let stale = manager.change("PUT", &format!("{one}/facts"), answered.version(), full).await.is(409);
    assert_eq!(stale.json["now"]["version"], set.version());
    assert_eq!(lead.get(&format!("{one}/facts")).await.is(200).json["facts"], "They looked bookings up.");
    app.advance(1_000);
    let before = manager.step(&step("propose"), set.version(), json!({ "reason": "Warn them." })).await.is(200);
    lead.get(&format!("{one}/letter")).await.is(404);
    app.advance(1_000);
    let login = app.account("management", world.authority).await;
    let mut boss = Program::of(app, &fresh(app, login.account).await).await;
    let deciding = json!({ "actions": ["warn", "stop_work"], "reason": "The data was sensitive." });
    assert_eq!(boss.step(&step("decide"), before.version(), deciding.clone()).await.is(403).json["code"], "confirm-first");
    boss.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(200);
    boss.step(&step("decide"), before.version(), json!({ "actions": ["warn", "nothing"], "reason": "So." })).await.is(422);
    let decided = boss.step(&step("decide"), before.version(), deciding).await.is(200);
    assert_eq!(decided.json["stage"], "acting");
    // What was decided is set as a task, done, found lacking, done again and found done.
    let set = manager.post(&format!("{one}/tasks"), json!({ "title": "Show the log", "side": "supplier", "checks": true })).await.is(201);
    let task = format!("{one}/tasks/{}", set.items()[0]["id"].as_str().unwrap());
    let version = |reply: &Reply| reply.items()[0]["version"].as_i64().unwrap();
    let said = lead.step(&format!("{task}/finish"), version(&set), json!({})).await.is(200);
    lead.step(&format!("{task}/check"), version(&said), json!({})).await.is(403);
    let lacking = manager.step(&format!("{task}/check"), version(&said), json!({ "lacks": "Of which day?" })).await.is(200);
    assert_eq!((&lacking.items()[0]["lacks"], &lacking.items()[0]["done_at"]), (&json!("Of which day?"), &json!(null)));
    manager.step(&format!("{task}/check"), version(&said), json!({})).await.is(409);
    let again = lead.step(&format!("{task}/finish"), version(&lacking), json!({})).await.is(200);
    let done = manager.step(&format!("{task}/check"), version(&again), json!({})).await.is(200);
    assert!(done.items()[0]["checked_at"].is_string());
    let letter = lead.get(&format!("{one}/letter")).await.is(200);
    assert_eq!((letter.json["actions"].as_array().unwrap().len(), &letter.json["reasons"]), (2, &json!("The data was sensitive.")));
    let papers = lead.post(&format!("{one}/papers"), json!({})).await.is(201);
    assert_eq!(lead.get(papers.header("location")).await.is(200).header("content-type"), "application/pdf");
    // What was said to management is not the supplier's to read.
    let levels = |all: &[serde_json::Value]| all.iter().map(|d| d["level"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(levels(lead.get(&format!("{one}/decisions")).await.is(200).items()), ["ask", "answer", "decide"]);
    assert_eq!(manager.get("/api/v1/breaches?stage=acting").await.is(200).items().len(), 1);
    assert_eq!(other.get("/api/v1/breaches").await.is(200).items().len(), 0);
});
