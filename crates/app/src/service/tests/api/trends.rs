//! Trends for programs.

use serde_json::json;
use testkit::both_engines;

use super::super::crawl::Town;
use super::program::Program;
use crate::migrations::migrations;

both_engines!(migrations, /// OWN-3, SEC-21: a program reads the numbers of the page, of what it may see.
async fn own_3_trends_by_programs(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let all = security.get("/api/v1/incident-trends").await.is(200).json;
    assert_eq!((&all["first"], &all["last"], &all["before_from"]), (&json!("2025-04-01"), &json!("2026-03-31"), &json!("2024-04-01")));
    assert_eq!((&all["all"]["number"], &all["categories"][0]["of"], &all["tiers"][0]["of"]), (&json!(1), &json!("none"), &json!("1")));
    assert_eq!((&all["over"].as_array().unwrap().len(), &all["over"][11]), (&12, &json!({ "of": "2026-03", "number": 1 })));
    assert_eq!(all["suppliers"][0]["name"], "Halyard Systems");
    // What others recorded is the authority's.
    let years = "first=2020-01-01&last=2026-12-31";
    let recorded = security.get(&format!("/api/v1/incident-trends?{years}")).await.is(200).json;
    assert_eq!(recorded["recorded_categories"].as_array().unwrap().len(), 1, "{recorded}");
    let mut lead = Program::of(app, &town.lead.cx).await;
    let own = lead.get(&format!("/api/v1/incident-trends?{years}")).await.is(200).json;
    assert_eq!((&own["all"]["number"], &own["recorded_categories"]), (&json!(1), &json!([])));
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let none = other.get(&format!("/api/v1/incident-trends?party={}", world.lead.0)).await.is(200);
    assert!(none.json["all"]["number"] == 0 && !none.body.contains("Halyard"), "{}", none.body);
    assert_eq!(security.get("/api/v1/incident-trends?category=theft&tier=2").await.is(200).json["all"]["number"], 0);
    for (wrong, status) in [("first=2026-02-30", 422), ("last=2020-01-01", 422), ("category=arson", 400), ("tier=0", 400)] {
        security.get(&format!("/api/v1/incident-trends?{wrong}")).await.is(status);
    }
});
