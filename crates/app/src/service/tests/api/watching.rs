//! Lists of findings and notices for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::contract::{act as contracts, store as contract};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// OFF-9b, OWN-3: a program brings in a list of findings, once, where its page could; what is wrong with a row is told beside what went in.
async fn off_9b_a_list_of_findings_by_programs(db) {
    let world = World::new(db).await;
    let cx = world.app.operator();
    let row = contract::get(cx.db(), world.contract).await.unwrap().row;
    let mut details = row.details();
    details.reference = Some("FER-7".to_owned());
    contracts::change(&cx, world.contract, row.version, &details).await.unwrap();
    let mut manager = Program::of(&world.app, &world.official("contract_manager").await.cx).await;
    let mut assessor = Program::of(&world.app, &world.official("assessor").await.cx).await;
    let list = json!([
        { "id": 1, "contract": "FER-7", "party": "Halyard Systems", "work": "Night calls", "began": "2026-02-01", "country": "India" },
        { "id": 2, "contract": "FER-7", "party": "Halyard Systems", "work": "Night calls" },
    ]);
    let send = |list: &serde_json::Value| list.to_string().into_bytes();
    let (to, kind) = ("/api/v1/breaches/import?source=Audit", [("content-type", "application/json")]);
    assessor.raw("POST", to, &kind, send(&list)).await.is(403);
    let told = manager.raw("POST", to, &kind, send(&list)).await.is(200);
    let items = told.items();
    assert_eq!((&items[0]["outcome"], &items[0]["reference"], &items[0]["judged"]), (&json!("opened"), &json!("BRE-2026-000001"), &json!(true)));
    assert_eq!((&items[1]["outcome"], &items[1]["reasons"][0]["column"]), (&json!("quarantined"), &json!("began")));
    let again = manager.raw("POST", to, &kind, send(&list)).await.is(200);
    assert_eq!(again.items()[0]["outcome"], "known");
    manager.raw("POST", to, &kind, b"[".to_vec()).await.is(422);
    let all = manager.get("/api/v1/breaches").await.is(200);
    assert_eq!(all.items().len(), 1);
    let one = format!("/api/v1/breaches/{}/facts", all.items()[0]["id"].as_str().unwrap());
    assert_eq!(manager.get(&one).await.is(200).json["found"], json!({ "source": "Audit", "number": "1", "country": "IN", "noticed": null }));
});

both_engines!(migrations, /// OFF-8: a program reads what its holder was told and how that went, and chooses how they are told.
async fn off_8_notices_by_programs(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let mut program = Program::of(&world.app, &manager.cx).await;
    assert!(program.get("/api/v1/account/notices").await.is(200).items().is_empty());
    for _ in 0..3 {
        world.submitted(&lead).await;
        world.app.advance(1_000);
        world.app.work().await;
    }
    let first = program.get("/api/v1/account/notices?limit=2").await.is(200);
    assert_eq!(first.items().len(), 2);
    assert_eq!((&first.items()[0]["sort"], &first.items()[0]["delivery"]), (&json!("hand_over"), &json!("sent")));
    let rest = program.get(first.json["next"].as_str().unwrap()).await.is(200);
    assert_eq!(rest.items().len(), 1);
    let at = "/api/v1/account/notices/choices";
    assert_eq!(program.get(at).await.is(200).json, json!({ "hand_over": "at_once", "before_due": "at_once", "late": "at_once", "other": "at_once", "hour": 7 }));
    let chosen = json!({ "hand_over": "page", "before_due": "daily", "late": "at_once", "other": "page", "hour": 18 });
    assert_eq!(program.post(at, chosen.clone()).await.is(200).json, chosen);
    assert_eq!(program.get(at).await.is(200).json, chosen);
    program.post(at, json!({ "hand_over": "never", "before_due": "daily", "late": "daily", "other": "daily", "hour": 18 })).await.is(422);
    world.app.advance(1_000);
    world.submitted(&lead).await;
    world.app.work().await;
    assert_eq!(program.get("/api/v1/account/notices?limit=1").await.is(200).items()[0]["delivery"], "page");
});
