//! What is attached to incidents and withheld, by programs.

use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::incident::tests::first;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// SEC-25, OWN-3: a supplier's program attaches a file with data about people, reads what was found where, and decides; others' programs find
/// neither the file nor what is in it.
async fn sec_25_withheld_files_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let mut manager = Program::of(app, &world.official("contract_manager").await.cx).await;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let made = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201);
    let of = format!("/api/v1/files/of/incident/{}?name=list.csv", made.id());
    let bytes = ("content-type", "application/octet-stream");
    let sent = lead.raw("POST", &of, &[bytes], b"Name,NINO\nSomebody,AB123456C\n".to_vec()).await.is(201);
    assert_eq!((&sent.json["held"], &sent.json["handed_in"]), (&json!("waiting"), &json!(true)));
    app.work().await;
    let (file, all) = (sent.id(), format!("/api/v1/incidents/{}/screening/files", made.id()));
    for path in [format!("/api/v1/files/{file}"), format!("/api/v1/files/{file}/bytes")] {
        manager.get(&path).await.is(404);
        other.get(&path).await.is(404);
    }
    assert_eq!(manager.get(&all).await.is(200).items().len(), 0);
    other.get(&all).await.is(404);
    // Even who may read it asks for its bytes by what leaves an entry.
    security.get(&format!("/api/v1/files/{file}/bytes")).await.is(404);
    assert!(security.post(&format!("/api/v1/files/{file}/reveal"), json!({})).await.is(200).body.contains("AB123456C"));
    let found = lead.get(&all).await.is(200);
    let one = &found.items()[0];
    assert_eq!((&one["file"], &one["held"], &one["decides"], &one["found"]), (&json!(file), &json!("found"), &json!(true), &json!(1)));
    assert_eq!((&one["places"][0]["kind"], &one["places"][0]["line"], &one["places"][0]["in_name"]), (&json!("uk_nino"), &json!(2), &json!(false)));
    assert!(!found.body.contains("AB123456C"), "{}", found.body);
    let at = format!("{all}/{file}");
    let decision = |was: &str, choice: &str| json!({ "was": was, "choice": choice, "reason": "It names who is to be warned." });
    lead.post(&at, decision("unread", "essential")).await.is(409);
    lead.post(&at, decision("waiting", "essential")).await.is(422);
    lead.post(&at, json!({ "was": "found", "choice": "essential", "reason": "" })).await.is(422);
    manager.post(&at, decision("found", "release")).await.is(404);
    other.post(&at, decision("found", "release")).await.is(404);
    let decided = lead.post(&at, decision("found", "essential")).await.is(200);
    assert_eq!((&decided.items()[0]["held"], &decided.items()[0]["choice"]), (&json!("essential"), &json!("essential")));
    manager.get(&format!("/api/v1/files/{file}")).await.is(404);
    assert_eq!(lead.post(&at, decision("essential", "release")).await.is(200).items().len(), 0);
    assert!(manager.get(&format!("/api/v1/files/{file}/bytes")).await.is(200).body.contains("AB123456C"));
});
