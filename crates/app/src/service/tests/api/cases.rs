//! Proposals by program: from the draft to each end.

use serde_json::{Value, json};
use testkit::both_engines;

use super::program::{Program, Reply, fresh};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, answers, exempt};
use crate::testing::PASSWORD;

/// Answers every section of the draft at `at`.
async fn answer(program: &mut Program, at: &str, answers: &Value) {
    let sections = program.get(&format!("{at}/schema")).await.is(200);
    for section in sections.json["sections"].as_array().unwrap() {
        let id = section["id"].as_str().unwrap();
        let mut own = serde_json::Map::new();
        for question in section["questions"].as_array().unwrap().iter().filter_map(Value::as_str) {
            if let Some(answer) = answers.get(question) {
                own.insert(question.to_owned(), answer.clone());
            }
        }
        let version = program.get(&format!("{at}/answers/{id}")).await.is(200).version();
        program.change("PUT", &format!("{at}/answers/{id}"), version, json!({ "answers": own })).await.is(200);
    }
}

async fn take(program: &mut Program, at: &str, step: &str, body: Value) -> Reply {
    let version = program.get(at).await.is(200).version();
    program.step(&format!("{at}/steps/{step}"), version, body).await
}

/// A proposal that was handed in, and who did it.
async fn submitted(world: &World, with: &Value) -> (Program, String) {
    let mut lead = Program::of(&world.app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let places = lead.get("/api/v1/proposals/places").await.is(200);
    assert!(places.items().iter().any(|p| p["place"] == json!(world.lead.1)));
    let begun = lead.post("/api/v1/proposals", json!({ "place": world.lead.1 })).await.is(201);
    let at = begun.header("location").to_owned();
    answer(&mut lead, &at, with).await;
    let sent = take(&mut lead, &at, "submit", json!({ "declaration": true })).await.is(200);
    assert_eq!(sent.json["stage"], "checking");
    (lead, at)
}

both_engines!(migrations, /// OFF-3, OFF-Q1 to OFF-Q5, OFF-10, OWN-1, OWN-2, OWN-5: a proposal goes from its draft to an approval with conditions, by programs alone.
async fn from_draft_to_approval(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let begun = lead.post("/api/v1/proposals", json!({ "place": world.lead.1 })).await.is(201);
    let at = begun.header("location").to_owned();
    // What is wrong is told at once with its path, and nothing of it is kept; what is missing waits.
    let wrong = lead.change("PUT", &format!("{at}/answers/work"), 0, json!({ "answers": { "work_title": 7 } })).await.is(422);
    assert_eq!(wrong.json["errors"][0]["path"], "answers.work_title");
    let unknown = lead.change("PUT", &format!("{at}/answers/work"), 0, json!({ "answers": { "colour": 7 } })).await.is(422);
    assert_eq!(unknown.json["errors"][0]["path"], "answers.colour");
    let early = take(&mut lead, &at, "submit", json!({ "declaration": true })).await.is(422);
    assert!(early.json["errors"].as_array().unwrap().len() > 5, "{}", early.body);
    answer(&mut lead, &at, &answers(world.lead.0)).await;
    // Two people at one section: the second is told both versions.
    let version = lead.get(&format!("{at}/answers/work")).await.version();
    let mut other = answers(world.lead.0);
    other["work_title"] = json!("Day support");
    let stale = lead.change("PUT", &format!("{at}/answers/work"), version - 1, json!({ "answers": { "work_title": "Day support" } })).await.is(409);
    assert_eq!(stale.json["now"]["answers"]["work_title"], "Night support for ferry bookings");
    assert_eq!(lead.get(&format!("{at}/classification")).await.is(200).json["outcome"], "offshoring");
    let undeclared = take(&mut lead, &at, "submit", json!({ "declaration": false })).await.is(422);
    assert_eq!(undeclared.json["errors"][0]["path"], "declaration");
    let sent = take(&mut lead, &at, "submit", json!({ "declaration": true })).await.is(200);
    assert_eq!(sent.json["reference"], "OFF-2026-000001");
    assert_eq!(lead.get(&format!("{at}/submissions")).await.is(200).items().len(), 1);

    let mut manager = Program::of(app, &world.official("contract_manager").await.cx).await;
    assert_eq!(manager.get("/api/v1/proposals?whose=nobodys&stage=checking&q=night").await.is(200).items().len(), 1);
    assert_eq!(manager.get("/api/v1/proposals/counts").await.is(200).json["waiting"]["all"], 1);
    let version = manager.get(&at).await.version();
    let taken = manager.send("POST", &format!("{at}/take-on"), &[("if-match", &format!("\"{version}\""))], None).await.is(200);
    assert!(!taken.json["owner"].is_null());
    manager.post(&format!("{at}/thread"), json!({ "body": "Who guards the office?" })).await.is(201);
    manager.post(&format!("{at}/thread"), json!({ "body": "Hush: late before", "internal": true })).await.is(201);
    assert_eq!(manager.get(&format!("{at}/thread")).await.is(200).items().len(), 2);
    assert_eq!(lead.get(&format!("{at}/thread")).await.is(200).items().len(), 1);
    let tasks = manager.post(&format!("{at}/tasks"), json!({ "title": "Send the plan", "side": "supplier", "due": "2026-03-20" })).await.is(201);
    let task = tasks.items()[0].clone();
    let done = format!("{at}/tasks/{}/finish", task["id"].as_str().unwrap());
    manager.step(&done, 1, json!({})).await.is(404);
    let finished = lead.step(&done, 1, json!({ "note": "Sent." })).await.is(200);
    assert_eq!(finished.items()[0]["note"], "Sent.");
    lead.step(&done, 1, json!({})).await.is(409);
    take(&mut lead, &at, "pass_on", json!({})).await.is(403);
    app.advance(1_000);
    assert_eq!(take(&mut manager, &at, "pass_on", json!({ "reason": "Complete." })).await.is(200).json["stage"], "assessing");
    let late = take(&mut manager, &at, "pass_on", json!({})).await.is(409);
    assert_eq!(late.json["code"], "conflict");

    app.advance(1_000);
    let mut assessor = Program::of(app, &world.official("assessor").await.cx).await;
    let open = take(&mut assessor, &at, "assess", json!({ "summary": "Low." })).await.is(422);
    assert!(!open.json["errors"].as_array().unwrap().is_empty());
    let sheet = assessor.get(&format!("{at}/risk")).await.is(200);
    let judged = json!({ "inherent": { "likelihood": 3, "impact": 3 }, "residual": { "likelihood": 2, "impact": 2 }, "controls": ["allow_audit"], "why": "As the answers say." });
    let mut version = sheet.version();
    for factor in sheet.json["factors"].as_array().unwrap() {
        let path = format!("{at}/risk/{}", factor["factor"].as_str().unwrap());
        version = assessor.change("PUT", &path, version, judged.clone()).await.is(200).version();
    }
    let stale = assessor.change("PUT", &format!("{at}/risk/{}", sheet.json["factors"][0]["factor"].as_str().unwrap()), 1, judged).await.is(409);
    assert_eq!(stale.json["now"]["version"], version);
    lead.get(&format!("{at}/risk")).await.is(403);
    app.advance(1_000);
    take(&mut assessor, &at, "assess", json!({ "summary": "Few people." })).await.is(200);
    app.advance(1_000);
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    assert_eq!(take(&mut security, &at, "recommend", json!({ "choice": "approve", "reason": "The rest is low." })).await.is(200).json["stage"], "deciding");

    // A decision asks for a confirmation, as the page does.
    app.advance(1_000);
    let login = app.account("management", world.authority).await;
    let mut boss = Program::of(app, &fresh(app, login.account).await).await;
    let approving = json!({ "reason": "Agreed.", "conditions": "Badges are worn.", "from": "2026-06-01", "to": "2027-05-31" });
    let unconfirmed = take(&mut boss, &at, "approve", approving.clone()).await.is(403);
    assert_eq!(unconfirmed.json["code"], "confirm-first");
    boss.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(200);
    let approved = take(&mut boss, &at, "approve", approving).await.is(200);
    assert_eq!((&approved.json["stage"], &approved.json["steps"]), (&json!("approved"), &json!([])));
    let letter = lead.get(&format!("{at}/letter")).await.is(200);
    assert_eq!(letter.json["conditions"], json!(["Badges are worn."]));
    let papers = lead.post(&format!("{at}/papers"), json!({ "kind": "letter" })).await.is(201);
    let pdf = lead.get(papers.header("location")).await.is(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    // The supplier reads who acted, not which of the authority's people.
    let history = lead.get(&format!("{at}/history")).await.is(200);
    let of = |action: &str| history.items().iter().find(|m| m["action"] == action).unwrap().clone();
    assert!(of("proposal.approve")["by"].is_null() && !of("proposal.submit")["by"].is_null());
    assert!(lead.get(&format!("{at}/decisions")).await.is(200).items().iter().all(|d| d["by"].is_null() && d["level"] != "assess"));
    assert!(manager.get(&format!("{at}/decisions")).await.is(200).items().len() > 3);
    // Stale: confirmed with the mark of what was read, which a supplier has no use for.
    assert!(boss.get(&format!("{at}/approval")).await.is(200).json["rests_on"].is_null(), "it is not stale");
    app.advance(1_000);
    let india = rules::country::Country::from_code("IN").unwrap();
    let facts = |law: &str| crate::country::model::Details { law: Some(law.to_owned()), ..Default::default() };
    let data = world.official("data_controller").await;
    crate::geography::act::state(&data.cx, india, 0, &facts("A new act on keys.")).await.unwrap();
    let read = lead.get(&format!("{at}/approval")).await.is(200);
    assert!(!read.json["stale"].as_array().unwrap().is_empty() && read.json["rests_on"].is_null(), "{}", read.body);
    let read = boss.get(&format!("{at}/approval")).await.is(200);
    let mark = read.json["rests_on"].clone();
    crate::geography::act::state(&data.cx, india, 1, &facts("Another act on keys.")).await.unwrap();
    let confirm = format!("{at}/approval/confirm");
    boss.step(&confirm, read.version(), json!({ "reason": "The keys are at home." })).await.is(422);
    let late = boss.step(&confirm, read.version(), json!({ "reason": "The keys are at home.", "rests_on": mark })).await.is(409);
    assert!(late.body.contains("changed since you opened"), "{}", late.body);
    let read = boss.get(&format!("{at}/approval")).await.is(200);
    let right = json!({ "reason": "The keys are at home.", "rests_on": read.json["rests_on"] });
    let done = boss.step(&confirm, read.version(), right).await.is(200);
    assert!(done.json["stale"].as_array().unwrap().is_empty(), "{}", done.body);
});

both_engines!(migrations, /// OFF-8, OWN-5: returned with points, mended, and closed as not offshoring; withdrawn and discarded by their supplier.
async fn returned_closed_withdrawn_discarded(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let (mut lead, at) = submitted(&world, &exempt(world.lead.0)).await;
    let mut manager = Program::of(app, &world.official("contract_manager").await.cx).await;
    app.advance(1_000);
    let unknown = take(&mut manager, &at, "return", json!({ "reason": "Mend.", "points": [{ "question": "colour", "text": "Which?" }] })).await.is(422);
    assert_eq!(unknown.json["errors"][0]["path"], "points");
    take(&mut manager, &at, "send_back", json!({ "reason": "Mend.", "points": [{ "text": "All" }] })).await.is(409);
    let back = take(&mut manager, &at, "return", json!({ "reason": "Mend.", "points": [{ "question": "work_title", "text": "Say which desk." }] })).await.is(200);
    assert_eq!((&back.json["stage"], &back.json["round"]), (&json!("returned"), &json!(2)));
    let points = lead.get(&format!("{at}/points")).await.is(200);
    assert_eq!((&points.items()[0]["section"], &points.items()[0]["text"]), (&json!("work"), &json!("Say which desk.")));
    app.advance(1_000);
    let mut mended = exempt(world.lead.0);
    mended["work_title"] = json!("Printing at night");
    answer(&mut lead, &at, &mended).await;
    take(&mut lead, &at, "submit", json!({ "declaration": true })).await.is(422);
    take(&mut lead, &at, "submit", json!({ "declaration": true, "reply": "Named the desk." })).await.is(200);
    let changes = manager.get(&format!("{at}/changes")).await.is(200);
    assert!(changes.items().iter().any(|c| c["path"] == "work_title" && c["new"] == "Printing at night"), "{}", changes.body);
    app.advance(1_000);
    assert_eq!(take(&mut manager, &at, "not_offshoring", json!({ "reason": "It reaches nothing." })).await.is(200).json["stage"], "not_offshoring");

    let draft = lead.post("/api/v1/proposals", json!({ "place": world.lead.1 })).await.is(201);
    assert_eq!(take(&mut lead, draft.header("location"), "discard", json!({})).await.is(200).json["stage"], "withdrawn");
    let (mut second, at) = submitted(&world, &answers(world.lead.0)).await;
    assert_eq!(take(&mut second, &at, "withdraw", json!({ "reason": "The plan fell through." })).await.is(200).json["stage"], "withdrawn");
});

both_engines!(migrations, /// OFF-Q5, OWN-5: sealed answers are told to whoever asks for one, and asking leaves an entry.
async fn sealed_answers_are_asked_for(db) {
    let world = World::new(db).await;
    let (_, at) = submitted(&world, &answers(world.lead.0)).await;
    let mut manager = Program::of(&world.app, &world.official("contract_manager").await.cx).await;
    let handed_in = manager.get(&format!("{at}/submissions")).await.is(200);
    assert!(handed_in.body.contains("\"sealed\":true") && !handed_in.body.contains("ash@halyard.example"), "{}", handed_in.body);
    let shown = manager.post(&format!("{at}/reveal"), json!({ "answer": "governing_contact" })).await.is(200);
    assert_eq!(shown.json["value"]["email"], "ash@halyard.example");
    manager.post(&format!("{at}/reveal"), json!({ "answer": "work_title" })).await.is(404);
    let history = manager.get(&format!("{at}/history")).await.is(200);
    assert!(history.items().iter().any(|m| m["action"] == "proposal.reveal"));
});
