//! Sweeps for programs.

use serde_json::json;
use testkit::both_engines;

use super::super::crawl::Town;
use super::program::Program;
use crate::migrations::migrations;

both_engines!(migrations, /// OWN-3, SEC-21, SEC-24: a program asks, answers, reminds and ends as pages do, and a supplier's finds its own answer alone.
async fn own_3_sweeps_by_programs(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let mut manager = Program::of(app, &town.manager.cx).await;
    let mut lead = Program::of(app, &town.lead.cx).await;
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let new = json!({ "title": "Label readers", "question": "Do they run release 4?", "due": "2026-03-10", "incident": town.incident, "without": [world.sub.0] });
    manager.post("/api/v1/sweeps", json!({ "title": "", "question": "x", "due": "2026-03-10" })).await.is(422);
    manager.post("/api/v1/sweeps", json!({ "title": "x", "question": "x", "due": "2026-03-01" })).await.is(422);
    manager.post("/api/v1/sweeps", json!({ "title": "x", "question": "x", "due": "2026-03-10", "country": "XX" })).await.is(422);
    lead.post("/api/v1/sweeps", new.clone()).await.is(404);
    let made = manager.post("/api/v1/sweeps", new).await.is(201);
    let sweep = made.id();
    assert_eq!((&made.json["asked"], &made.json["awaited"], &made.json["incident"]), (&json!(2), &json!(2), &json!(town.incident)));
    assert_eq!(manager.get("/api/v1/sweeps").await.is(200).items().len(), 2);
    lead.get("/api/v1/sweeps").await.is(404);
    lead.get(&format!("/api/v1/sweeps/{sweep}")).await.is(404);
    // A supplier: its own, without the sweep and the incident.
    let all = lead.get("/api/v1/sweep-answers?answer=awaited").await.is(200);
    assert_eq!(all.items().len(), 2);
    let mine = all.items().iter().find(|row| row["title"] == "Label readers").unwrap().clone();
    assert_eq!((&mine["sweep"], &mine["incident"], &mine["party"]), (&json!(null), &json!(null), &json!(world.lead.0)));
    let at = format!("/api/v1/sweep-answers/{}", mine["id"].as_str().unwrap());
    other.get(&at).await.is(404);
    other.change("PUT", &at, 1, json!({ "answer": "affected" })).await.is(404);
    manager.change("PUT", &at, 1, json!({ "answer": "affected" })).await.is(403);
    lead.change("PUT", &at, 1, json!({ "answer": "not_affected" })).await.is(422);
    lead.change("PUT", &at, 1, json!({ "answer": "not_affected", "said": "Ask robin@halyard.example" })).await.is(422);
    let done = lead.change("PUT", &at, 1, json!({ "answer": "not_known", "until": "2026-03-12" })).await.is(200);
    assert_eq!((&done.json["answer"], &done.json["until"], &done.json["version"]), (&json!("not_known"), &json!("2026-03-12"), &json!(2)));
    let stale = lead.change("PUT", &at, 1, json!({ "answer": "affected" })).await.is(409);
    assert_eq!(stale.json["now"]["version"], 2);
    // A report that names the answer is tied to it.
    let answers = crate::incident::tests::first();
    let report = format!("/api/v1/places/{}/incidents", world.lead.1);
    let case = lead.post(&report, json!({ "answers": answers, "asked": mine["id"] })).await.is(201).id();
    let now = manager.get(&at).await.is(200);
    assert_eq!((&now.json["answer"], &now.json["incident"], &now.json["sweep"]), (&json!("affected"), &json!(case), &json!(sweep)));
    assert_eq!(lead.get(&format!("{at}/history")).await.is(200).items().len(), 2);
    other.get(&format!("{at}/history")).await.is(404);
    let at = format!("/api/v1/sweeps/{sweep}");
    assert_eq!(manager.step(&format!("{at}/reminders"), 1, json!({})).await.is(200).json["reminded"], 1);
    manager.step(&format!("{at}/reminders"), 1, json!({})).await.is(409);
    manager.step(&format!("{at}/end"), 7, json!({ "reason": "Done." })).await.is(409);
    lead.step(&format!("{at}/end"), 1, json!({ "reason": "Done." })).await.is(404);
    let ended = manager.step(&format!("{at}/end"), 1, json!({ "reason": "Done." })).await.is(200);
    assert_eq!((&ended.json["reason"], &ended.json["affected"], &ended.json["awaited"]), (&json!("Done."), &json!(1), &json!(1)));
    assert_eq!(manager.get(&format!("{at}/history")).await.is(200).items().len(), 3);
    assert_eq!(manager.get(&format!("/api/v1/sweep-answers?sweep={sweep}&late=true")).await.is(200).items().len(), 0);
});
