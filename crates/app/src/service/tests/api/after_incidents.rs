//! What follows incidents, for programs: duplicates, weaknesses, whether the people concerned are told, notes.

use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::incident::tests::first;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// SEC-24: a program merges a duplicate and separates it again, and reads what belongs together.
async fn sec_24_duplicates_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let at = format!("/api/v1/places/{}/incidents", world.lead.1);
    let into = lead.post(&at, json!({ "answers": first() })).await.is(201);
    let one = lead.post(&at, json!({ "answers": first() })).await.is(201);
    let (into, one) = (into.header("location").to_owned(), one.header("location").to_owned());
    let with = json!({ "into": "INC-2026-000001", "reason": "The same laptop." });
    lead.step(&format!("{one}/steps/merge"), 1, with.clone()).await.is(403);
    security.step(&format!("{one}/steps/merge"), 1, json!({ "into": "INC-2026-000001" })).await.is(422);
    let version = security.get(&one).await.is(200).version();
    let wrong = security.step(&format!("{one}/steps/merge"), version, json!({ "into": "INC-2026-000077", "reason": "So." })).await.is(422);
    assert!(wrong.json["errors"].to_string().contains("into"), "{}", wrong.json);
    let merged = security.step(&format!("{one}/steps/merge"), version, with).await.is(200);
    assert_eq!(merged.json["stage"], "merged");
    for who in [&mut security, &mut lead] {
        assert_eq!(who.get(&format!("{one}/record")).await.is(200).json["merged_into"]["reference"], "INC-2026-000001");
        assert_eq!(who.get(&format!("{into}/record")).await.is(200).json["duplicates"][0]["reference"], "INC-2026-000002");
    }
    app.advance(1_000);
    let apart = security.step(&format!("{one}/steps/separate"), merged.version(), json!({ "reason": "Two laptops." })).await.is(200);
    assert_eq!(apart.json["stage"], "triage");
    assert!(lead.get(&format!("{one}/record")).await.is(200).json["merged_into"].is_null());
});

both_engines!(migrations, /// SEC-21, SEC-22: a program notes a weakness, ties incidents to it, orders what resolves it and says how it was resolved; one of a supplier reads
/// what its own incidents showed.
async fn sec_22_weaknesses_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let report = async |program: &mut Program, place: uuid::Uuid| {
        let made = program.post(&format!("/api/v1/places/{place}/incidents"), json!({ "answers": first() })).await.is(201);
        (made.header("location").to_owned(), made.json["id"].clone())
    };
    let (ours, our_id) = report(&mut lead, world.lead.1).await;
    let (_, their_id) = report(&mut other, world.other.1).await;
    let new = json!({ "name": "Laptops without a lock", "about": "Nobody chains them.", "party": world.lead.0, "contract": world.contract });
    lead.post("/api/v1/weaknesses", new.clone()).await.is(404);
    security.post("/api/v1/weaknesses", json!({ "name": "Nothing more" })).await.is(422);
    let made = security.post("/api/v1/weaknesses", new).await.is(201);
    let one = made.header("location").to_owned();
    lead.get(&one).await.is(404);
    for id in [&our_id, &their_id] {
        security.post(&format!("{one}/incidents"), json!({ "incident": id })).await.is(200);
    }
    lead.post(&format!("{one}/incidents"), json!({ "incident": our_id })).await.is(404);
    assert_eq!(security.get(&format!("{one}/incidents")).await.is(200).items().len(), 2);
    for (who, party) in [(&mut lead, json!(world.lead.0)), (&mut other, serde_json::Value::Null)] {
        let read = who.get(&one).await.is(200);
        assert_eq!((&read.json["about"], read.json["party"].clone()), (&json!("Nobody chains them."), party));
        assert_eq!(who.get(&format!("{one}/incidents")).await.is(200).items().len(), 1);
        assert_eq!(who.get("/api/v1/weaknesses?state=open").await.is(200).items().len(), 1);
        who.get(&format!("{one}/history")).await.is(404);
    }
    assert_eq!(lead.get(&format!("{ours}/weaknesses")).await.is(200).items()[0]["state"], "open");
    let task = json!({ "incident": our_id, "title": "Chain them", "supplier": true, "due": "2026-03-20", "checks": true });
    assert_eq!(security.post(&format!("{one}/tasks"), task).await.is(201).items()[0]["title"], "Chain them");
    assert_eq!(lead.get(&format!("{one}/tasks")).await.is(200).items().len(), 1);
    assert_eq!(other.get(&format!("{one}/tasks")).await.is(200).items().len(), 0, "what another supplier is asked is not there");
    let changed = security.change("PATCH", &one, 1, json!({ "found_in": "Night desks" })).await.is(200);
    security.step(&format!("{one}/resolve"), 1, json!({ "how": "Chains.", "on": "2026-03-02" })).await.is(409);
    let resolved = security.step(&format!("{one}/resolve"), changed.version(), json!({ "how": "Chains.", "on": "2026-03-02" })).await.is(200);
    assert_eq!((&resolved.json["state"], &resolved.json["resolution"]), (&json!("resolved"), &json!("Chains.")));
    app.advance(1_000);
    let again = security.step(&format!("{one}/reopen"), resolved.version(), json!({ "why": "One was cut." })).await.is(200);
    assert_eq!(again.json["state"], "open");
    security.post(&format!("{one}/incidents/untie"), json!({ "incident": their_id })).await.is(200);
    other.get(&one).await.is(404);
    assert!(security.get(&format!("{one}/history")).await.is(200).items().len() >= 6);
});

both_engines!(migrations, /// SEC-27: a program of the data controller lets a supplier tell the people concerned and records that they were; the supplier's reads a task.
async fn sec_27_the_people_are_told_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut controller = Program::of(app, &world.official("data_controller").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let one = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201).header("location").to_owned();
    let at = format!("{one}/regulator");
    lead.step(&format!("{at}/people"), 0, json!({})).await.is(404);
    let mut with = json!({
        "notify": false, "personal": "yes", "risk": "high", "reason": "Names are out.", "people": "will_be", "people_how": "By letter.",
        "people_on": "2026-03-20", "people_by": "supplier",
    });
    let lacking = controller.step(&format!("{at}/decisions"), 0, with.clone()).await.is(422);
    assert!(lacking.json["errors"].to_string().contains("instruction"), "{}", lacking.json);
    with["instruction"] = json!("Write to each.");
    let decided = controller.step(&format!("{at}/decisions"), 0, with).await.is(200);
    assert!(decided.json["people_until"].as_str().unwrap().starts_with("2026-03-20"), "{}", decided.json);
    let tasks = lead.get(&format!("{one}/tasks")).await.is(200);
    assert_eq!((&tasks.items()[0]["detail"], &tasks.items()[0]["due"]), (&json!("Write to each."), &json!("2026-03-20")));
    app.advance(1_000);
    let told = controller.step(&format!("{at}/people"), 1, json!({ "on": "2026-03-02", "how": "40 letters." })).await.is(200);
    assert_eq!((&told.json["people_until"], &told.json["rounds"][1]["told"]["how"]), (&serde_json::Value::Null, &json!("40 letters.")));
});

both_engines!(migrations, /// SEC-24: a program writes notes for its own party, which programs of others do not read.
async fn sec_24_notes_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let one = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201).header("location").to_owned();
    let mine = lead.post(&format!("{one}/thread"), json!({ "body": "Ask our insurers.", "internal": true })).await.is(201);
    assert_eq!((mine.items().len(), &mine.items()[0]["internal"]), (1, &json!(true)));
    assert!(security.get(&format!("{one}/thread")).await.is(200).items().is_empty());
    security.post(&format!("{one}/thread"), json!({ "body": "They are late.", "internal": true })).await.is(201);
    assert_eq!(lead.get(&format!("{one}/thread")).await.is(200).items().len(), 1);
});
