//! Editions of packs for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::{Program, fresh};
use crate::edition::tests::edition;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// OFF-2, OWN-3: a program checks an edition, installs it, puts it in use, moves contracts to it and takes an edition out of use, and is refused where a page is.
async fn off_2_an_edition_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    crate::contract::act::put_pack(&app.operator(), world.contract, "offshoring", "2026.1", Some("agreed")).await.unwrap();
    let login = app.account("administrator", world.authority).await;
    let mut admin = Program::of(app, &fresh(app, login.account).await).await;
    let mut manager = Program::of(app, &world.official("contract_manager").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let files = edition("offshoring", "2027.1", &[("pack.yaml", "- id: know_the_triggers", "- id: know_what_counts")]).files;
    let sent = json!({ "files": files });
    // Nothing is kept by looking.
    let seen = admin.post("/api/v1/packs/check", sent.clone()).await.is(200);
    assert_eq!((&seen.json["installable"], &seen.json["from"], &seen.json["contracts"]), (&json!(true), &json!("2026.1"), &json!({ "2026.1": 1 })));
    let changes = seen.json["changes"].as_array().unwrap();
    assert!(changes.iter().any(|change| change["id"] == "know_what_counts" && change["became"] == "added"), "{changes:?}");
    admin.get("/api/v1/packs/offshoring/2027.1").await.is(404);
    let mut broken = files.clone();
    broken.get_mut("pack.yaml").unwrap().push_str("\nno_such_key: 1\n");
    let faults = admin.post("/api/v1/packs/check", json!({ "files": broken })).await.is(200).json["faults"].clone();
    assert!(faults[0]["file"] == "pack.yaml" && faults[0]["line"].as_u64().unwrap() > 100, "{faults}");
    admin.post("/api/v1/packs", json!({ "files": broken })).await.is(422);
    admin.post("/api/v1/packs", json!({ "files": { "../pack.yaml": "" } })).await.is(422);
    manager.post("/api/v1/packs/check", sent.clone()).await.is(403);
    manager.post("/api/v1/packs", sent.clone()).await.is(403);
    lead.post("/api/v1/packs", sent.clone()).await.is(404);
    let made = admin.post("/api/v1/packs", sent.clone()).await.is(201);
    assert_eq!((&made.json["usage"], &made.json["origin"]), (&json!("waiting"), &json!("installed")));
    assert_eq!(made.json["digest"], seen.json["digest"]);
    admin.post("/api/v1/packs", sent).await.is(409);
    let one = "/api/v1/packs/offshoring/2027.1";
    admin.post(&format!("{one}/use"), json!({ "reason": "" })).await.is(422);
    manager.post(&format!("{one}/use"), json!({ "reason": "Why" })).await.is(403);
    let used = admin.post(&format!("{one}/use"), json!({ "reason": "Agreed" })).await.is(200);
    assert_eq!(used.json["usage"], "current");
    let differs = lead.get(&format!("{one}/difference?from=2026.1")).await.is(200);
    assert_eq!((&differs.json["from"], &differs.json["to"]), (&json!("2026.1"), &json!("2027.1")));
    lead.get(&format!("{one}/contracts")).await.is(404);
    let movable = manager.get(&format!("{one}/contracts")).await.is(200);
    assert_eq!(movable.items()[0]["comes"], json!({ "know_what_counts": 2 }));
    manager.post(&format!("{one}/contracts"), json!({ "contracts": [] })).await.is(422);
    manager.post(&format!("{one}/contracts"), json!({ "contracts": [world.contract], "reason": "Agreed" })).await.is(200);
    assert_eq!(manager.get(&format!("{one}/contracts")).await.is(200).items().len(), 0);
    admin.post(&format!("{one}/withdraw"), json!({ "reason": "Wrong" })).await.is(409);
    let out = admin.post("/api/v1/packs/offshoring/2026.1/withdraw", json!({ "reason": "Old" })).await.is(200);
    assert_eq!(out.json["usage"], "withdrawn");
});
