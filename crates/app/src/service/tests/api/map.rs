//! The map for programs.

use serde_json::json;
use testkit::both_engines;

use super::super::crawl::Town;
use super::program::Program;
use crate::migrations::migrations;

both_engines!(migrations, /// OWN-3, OFF-6b, OFF-Q4: a program reads the map and records what is held of a country, as a page does, and no more than its role may.
async fn own_3_the_map_by_programs(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let mut data = Program::of(app, &world.official("data_controller").await.cx).await;
    let mut manager = Program::of(app, &town.manager.cx).await;
    let mut lead = Program::of(app, &town.lead.cx).await;
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let india = manager.get("/api/v1/map?country=IN").await.is(200).items()[0].clone();
    assert_eq!((&india["country"], &india["sites"], &india["works"], &india["uncovered"], &india["subprocessors"]), (&json!("IN"), &json!(1), &json!(1), &json!(1), &json!(1)));
    assert_eq!((&india["people_at_sites"], &india["people_in_work"], &india["held_unsaid"]), (&json!(5), &json!(2), &json!(1)));
    assert_eq!(lead.get("/api/v1/map?country=IN&tier=1").await.is(200).items().len(), 1);
    assert_eq!(lead.get("/api/v1/map?country=PT").await.is(200).items().len(), 0);
    assert_eq!(other.get("/api/v1/map").await.is(200).items().len(), 0);
    let gone = manager.get("/api/v1/map?country=AN").await.is(422);
    assert!(gone.json["errors"].to_string().contains("no longer a country code"), "{}", gone.body);
    manager.get("/api/v1/map/AN").await.is(404);
    other.get("/api/v1/map/IN").await.is(404);
    // Nothing is recorded yet: version 0.
    let blank = data.get("/api/v1/map/IN").await.is(200);
    assert_eq!((&blank.json["version"], &blank.json["held"], &blank.json["transfers"]), (&json!(0), &json!(null), &json!("safeguards")));
    assert_eq!(blank.json["open"], json!([town.proposal]));
    assert_eq!(blank.json["lacking"].as_array().unwrap().len(), 1);
    let held = json!({ "mechanism": "clauses", "assessment": "Low, see the file.", "assessed_on": "2026-02-01", "law": "The state may ask." });
    manager.change("PUT", "/api/v1/map/IN", 0, held.clone()).await.is(403);
    lead.change("PUT", "/api/v1/map/IN", 0, held.clone()).await.is(404);
    data.change("PUT", "/api/v1/map/IN", 0, json!({ "review_on": "2026-02-01" })).await.is(422);
    let set = data.change("PUT", "/api/v1/map/IN", 0, held.clone()).await.is(200);
    assert_eq!((&set.json["version"], &set.json["held"]["mechanism"], &set.json["lacking"]), (&json!(1), &json!("clauses"), &json!([])));
    let stale = data.change("PUT", "/api/v1/map/IN", 0, json!({ "mechanism": "exception" })).await.is(409);
    assert_eq!(stale.json["now"]["version"], 1);
    data.change("PUT", "/api/v1/map/GB", 0, held).await.is(409);
    // What the authority holds is its own.
    let seen = lead.get("/api/v1/map/IN").await.is(200);
    assert_eq!((&seen.json["held"], &seen.json["lacking"], &seen.json["version"]), (&json!(null), &json!([]), &json!(0)));
    let rests = manager.get("/api/v1/map/concentration").await.is(200);
    assert_eq!((&rests.json["contracts"], &rests.json["works"], &rests.json["countries"][0]["on"]), (&json!(2), &json!(1), &json!("IN")));
    assert_eq!(rests.json["suppliers"][0]["contracts_share"], 500);
    lead.get("/api/v1/map/concentration").await.is(404);
});
