//! Incidents that others recorded, and incidents in VERIS, for programs.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::incident::tests::first;
use crate::incident_record::tests::incident;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// SEC-21, SEC-24, OWN-3: a program brings records in, reads, filters, ties and removes them, and takes them and incidents of ours out in VERIS.
async fn sec_24_incident_records_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let mut audit = Program::of(app, &world.official("internal_audit").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let at = "/api/v1/incident-records";
    let lines = [incident("1", "Tarn Borough Council").to_string(), incident("2", "Moor Trust").to_string(), "{}".to_owned()].join("\n");
    let json_file = [("content-type", "application/json")];
    audit.raw("POST", &format!("{at}/import"), &json_file, lines.clone().into_bytes()).await.is(404);
    lead.raw("POST", &format!("{at}/import"), &json_file, lines.clone().into_bytes()).await.is(404);
    let told = security.raw("POST", &format!("{at}/import?name=watch.jsonl"), &json_file, lines.clone().into_bytes()).await.is(200);
    let outcomes: Vec<&str> = told.items().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["imported", "imported", "quarantined"]);
    assert_eq!(told.items()[0]["reference"], "INC-2026-000001");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(lines.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let again = security.raw("POST", &format!("{at}/import"), &json_file, packed.clone()).await.is(200);
    assert_eq!(again.items()[1]["outcome"], "unchanged");
    let cut = security.raw("POST", &format!("{at}/import"), &json_file, packed[..packed.len() / 2].to_vec()).await.is(422);
    assert_eq!(cut.json["errors"][0]["path"], "file");
    let found = security.get(&format!("{at}?q=tarn&categories=theft&signs=actor&year=2024")).await.is(200);
    let one = found.items()[0].clone();
    assert_eq!((&one["victim"], &one["categories"], &one["happened"]), (&json!("Tarn Borough Council"), &json!(["theft"]), &json!("2024-05-08")));
    security.get(&format!("{at}?categories=teapots")).await.is(400);
    let here = format!("{at}/{}", one["id"].as_str().unwrap());
    audit.get(&here).await.is(200);
    lead.get(&here).await.is(404);
    assert!(lead.get(at).await.is(200).items().is_empty());
    audit.change("PATCH", &here, 1, json!({ "party": world.lead.0 })).await.is(403);
    security.change("PATCH", &here, 1, json!({ "victim": "Somebody else" })).await.is(422);
    let tied = security.change("PATCH", &here, 1, json!({ "party": world.lead.0 })).await.is(200);
    assert_eq!((&tied.json["party"], tied.version()), (&json!(world.lead.0), 2));
    let told = security.get(&format!("{here}/history")).await.is(200);
    let changed: Vec<_> = told.items().iter().filter(|line| line["action"] == "incident_record.change").collect();
    assert_eq!(changed.len(), 1, "{}", told.body);
    let veris = audit.send("POST", &format!("{here}/veris"), &[], None).await.is(200);
    assert_eq!((&veris.json["incident_id"], veris.header("content-type")), (&json!("1"), "application/json"));
    audit.step(&format!("{here}/remove"), 2, json!({ "reason": "Twice." })).await.is(403);
    security.step(&format!("{here}/remove"), 1, json!({ "reason": "Twice." })).await.is(409);
    let gone = security.step(&format!("{here}/remove"), 2, json!({ "reason": "Twice." })).await.is(200);
    assert_eq!(gone.items()[0]["reference"], "INC-2026-000001");
    security.get(&here).await.is(404);

    let made = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201);
    let veris = format!("{}/veris", made.header("location"));
    let out = security.send("POST", &veris, &[], None).await.is(200);
    assert_eq!((&out.json["incident_id"], &out.json["security_incident"]), (&json!("INC-2026-000003"), &json!("Suspected")));
    lead.send("POST", &veris, &[], None).await.is(404);
});
