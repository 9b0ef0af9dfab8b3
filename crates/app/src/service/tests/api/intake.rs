//! Mail that came in, for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::intake::tests::waiting;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// SEC-24, SEC-25, OWN-3: a program lists mail that waits, masked, makes it a report, adds it or sets it aside, and is refused where a page is.
async fn sec_24_mail_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let first = waiting(app, "robin@elsewhere.example", "Booking of sam.bell@customers.example").await;
    let second = waiting(app, "news@elsewhere.example", "Cheap lanterns").await;
    let third = waiting(app, "robin@elsewhere.example", "More about it").await;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let mut audit = Program::of(app, &world.official("internal_audit").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let all = "/api/v1/incident-mail";
    lead.get(all).await.is(404);
    let listed = security.get(&format!("{all}?state=waiting&limit=2")).await.is(200);
    assert_eq!(listed.items().len(), 2);
    assert!(listed.json["next"].is_string());
    let one = format!("{all}/{first}");
    let read = security.get(&one).await.is(200);
    assert!(!read.json.to_string().contains("sam.bell"), "{}", read.json);
    assert_eq!((&read.json["why"], &read.json["state"]), (&json!("unknown"), &json!("waiting")));
    audit.get(&one).await.is(200);
    audit.step(&format!("{one}/report"), read.version(), json!({ "place": world.lead.1 })).await.is(403);
    let done = security.step(&format!("{one}/report"), read.version(), json!({ "place": world.lead.1 })).await.is(200);
    assert_eq!(done.json["state"], "reported");
    security.step(&format!("{one}/report"), done.version(), json!({ "place": world.lead.1 })).await.is(409);
    let aside = format!("{all}/{second}/aside");
    security.step(&aside, 1, json!({ "reason": " " })).await.is(422);
    assert_eq!(security.step(&aside, 1, json!({ "reason": "It sells lanterns." })).await.is(200).json["reason"], "It sells lanterns.");
    let add = format!("{all}/{third}/add");
    security.step(&add, 1, json!({ "reference": "INC-2026-000002" })).await.is(422);
    let added = security.step(&add, 1, json!({ "reference": "INC-2026-000001" })).await.is(200);
    assert_eq!(added.json["incident"], done.json["incident"]);
    assert_eq!(security.get(&format!("{all}?state=waiting")).await.is(200).items().len(), 0);
});
