//! Files and webhooks by programs.

use platform::clock::DAY;
use testkit::both_engines;

use super::super::crawl::Town;
use super::program::Program;
use crate::migrations::migrations;

const BYTES: (&str, &str) = ("content-type", "application/octet-stream");

both_engines!(migrations, /// OWN-4: a program adds evidence, reads it back, and puts a new version in its place; nothing is taken away.
async fn evidence_by_a_program(db) {
    let town = Town::new(db).await;
    let (mut lead, mut manager) = (Program::of(&town.world.app, &town.lead.cx).await, Program::of(&town.world.app, &town.manager.cx).await);
    let of = format!("/api/v1/files/of/proposal/{}", town.proposal);
    let before = lead.get(&of).await.is(200).items().len();
    let asked = format!("{of}?name=plan.txt&covers_from=2026-01-01&expires_on=2026-12-31");
    let made = lead.raw("POST", &asked, &[BYTES], b"The plan of the office".to_vec()).await.is(201);
    assert_eq!((made.json["name"].as_str(), made.json["covers_from"].as_str(), made.json["number"].as_i64()), (Some("plan.txt"), Some("2026-01-01"), Some(1)));
    let at = format!("/api/v1/files/{}", made.id());
    assert_eq!(manager.get(&format!("{at}/bytes")).await.is(200).body, "The plan of the office");
    let next = lead.raw("POST", &format!("{at}/versions?name=plan.txt"), &[BYTES], b"The second plan".to_vec()).await.is(201);
    assert_eq!(next.json["number"], 2);
    assert_eq!(manager.get(&at).await.is(200).json["superseded_by"], next.json["id"]);
    assert_eq!(manager.get(&of).await.is(200).items().len(), before + 2);
    // What was handed in stays.
    lead.raw("POST", &format!("/api/v1/files/{}/remove", next.id()), &[], Vec::new()).await.is(403);
    // What is wrong is told by its parameter.
    let wrong = lead.raw("POST", &format!("{of}?name=plan.txt&covers_to=soon"), &[BYTES], b"x".to_vec()).await.is(422);
    assert!(wrong.body.contains("?covers_to") && wrong.body.contains("2026-03-27"), "{}", wrong.body);
    lead.raw("POST", &of, &[BYTES], b"x".to_vec()).await.is(422);
});

both_engines!(migrations, /// A program of an administrator looks after webhooks as the pages do.
async fn webhooks_by_a_program(db) {
    let town = Town::new(db).await;
    let app = &town.world.app;
    let mut keeper = Program::of(app, &town.world.official("administrator").await.cx).await;
    let made = keeper.post("/api/v1/webhooks", serde_json::json!({ "name": "Board", "url": "https://board.example/hook", "actions": ["party."] })).await.is(201);
    let at = format!("/api/v1/webhooks/{}", made.id());
    let paused = serde_json::json!({ "name": "Board", "url": "https://board.example/hook", "actions": ["party."], "state": "paused" });
    let changed = keeper.change("PUT", &at, made.version(), paused.clone()).await.is(200);
    assert_eq!(changed.json["state"], "paused");
    let stale = keeper.change("PUT", &at, made.version(), paused).await.is(409);
    assert_eq!(stale.json["now"]["state"], "paused");
    keeper.post(&format!("{at}/test"), serde_json::Value::Null).await.is(409);
    for url in ["http://board.example/", "https://10.0.0.1/", "https://a:b@board.example/"] {
        keeper.post("/api/v1/webhooks", serde_json::json!({ "name": "Board", "url": url })).await.is(422);
    }
    assert_eq!(keeper.get(&format!("{at}/deliveries")).await.is(200).items().len(), 0);
    // Its secret asks for a confirmation, and nobody else learns of it.
    app.advance(DAY);
    keeper.post(&format!("{at}/secret"), serde_json::Value::Null).await.is(403);
    Program::of(app, &town.manager.cx).await.get(&at).await.is(404);
});
