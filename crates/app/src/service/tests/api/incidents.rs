//! Incidents for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::incident::tests::first;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// SEC-24, OWN-3: a program reports an incident, completes it, triages and decides, and is refused where a page is.
async fn sec_24_an_incident_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let at = format!("/api/v1/places/{}/incidents", world.lead.1);
    other.post(&at, json!({ "answers": first() })).await.is(404);
    let lacking = lead.post(&at, json!({ "answers": { "what_happened": "Something." } })).await.is(422);
    assert!(lacking.json["errors"].to_string().contains("answers.discovered"), "{}", lacking.json);
    lead.post(&at, json!({ "answers": first(), "told": { "name": "Robin", "way": "by telephone" } })).await.is(403);
    let made = lead.post(&at, json!({ "answers": first() })).await.is(201);
    let one = made.header("location").to_owned();
    assert_eq!((&made.json["reference"], &made.json["stage"], &made.json["form"]), (&json!("INC-2026-000001"), &json!("reported"), &json!("incident")));
    other.get(&one).await.is(404);
    let record = lead.get(&format!("{one}/record")).await.is(200);
    assert_eq!((&record.json["channel"], &record.json["discovered"]), (&json!("program"), &json!({ "date": "2026-03-02", "time": "07:15" })));
    app.advance(1_000);
    let up = security.step(&format!("{one}/steps/take_up"), made.version(), json!({})).await.is(200);
    let triage = format!("{one}/triage");
    lead.get(&triage).await.is(403);
    assert_eq!(security.get(&triage).await.is(200).json["outcome"], "undetermined");
    security.change("PUT", &triage, up.version(), json!({ "facts": { "attempt": "perhaps" } })).await.is(422);
    let facts = json!({ "facts": { "asset_involved": true, "actions": ["lost"], "whereabouts": "outside" } });
    let known = security.change("PUT", &triage, up.version(), facts).await.is(200);
    let advice = security.get(&triage).await.is(200);
    assert_eq!((&advice.json["outcome"], &advice.json["lost_or_misplaced"]), (&json!("incident"), &json!("lost")));
    // The supplier adds what it knows meanwhile.
    let mut more = first();
    more["what_happened"] = json!("A laptop was left on the night ferry, in cabin 12.");
    let section = lead.get(&format!("{one}/answers/report")).await.is(200);
    lead.change("PUT", &format!("{one}/answers/report"), section.version(), json!({ "answers": more })).await.is(200);
    let added = lead.step(&format!("{one}/additions"), known.version(), json!({})).await.is(200);
    lead.step(&format!("{one}/additions"), added.version(), json!({})).await.is(409);
    assert_eq!(lead.get(&format!("{one}/changes")).await.is(200).items()[0]["path"], "what_happened");
    app.advance(1_000);
    let decided =
        security.step(&format!("{one}/steps/decide"), added.version(), json!({ "verdict": "incident", "reason": "It is lost." })).await.is(200);
    assert_eq!(decided.json["stage"], "acting");
    assert_eq!(lead.get(&format!("{one}/record")).await.is(200).json["verdict"], "incident");
    assert_eq!(other.get("/api/v1/incidents").await.is(200).items().len(), 0);
    // Anybody may put the tests to facts.
    let asked = security.post("/api/v1/rules/incident", json!({ "asset_involved": false })).await.is(200);
    assert_eq!(asked.json["outcome"], "not_incident");
});
