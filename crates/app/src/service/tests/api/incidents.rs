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

both_engines!(migrations, /// SEC-X1j: a program reads with an incident what the agreed plan says of checks of callers, where its holder may read that plan.
async fn sec_x1j_checks_of_callers_by_programs(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let mut ours = Program::of(&world.app, &security.cx).await;
    let mut theirs = Program::of(&world.app, &lead.cx).await;
    let at = format!("/api/v1/places/{}/incidents", world.lead.1);
    let one = theirs.post(&at, json!({ "answers": first() })).await.is(201).header("location").to_owned();
    let record = format!("{one}/record");
    assert!(theirs.get(&record).await.is(200).json["checks_of_callers"].is_null(), "no plan is agreed yet");
    let plan = crate::plan::tests::agreed(&world, &lead, &security).await;
    let told = json!({ "plan": plan, "version": 1, "says": "We call back by the number in the register." });
    for program in [&mut ours, &mut theirs] {
        assert_eq!(program.get(&record).await.is(200).json["checks_of_callers"], told);
    }
});

both_engines!(migrations, /// SEC-9b, SEC-X1b: a program reads what was decided about information under the contract of an incident, and rests triage on it.
async fn sec_9b_triage_rests_on_a_kept_answer_by_programs(db) {
    let world = World::new(db).await;
    let mut security = Program::of(&world.app, &world.official("security").await.cx).await;
    let mut lead = Program::of(&world.app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let legal = world.official("legal").await;
    let piers = crate::authority_data::tests::decided(&legal.cx, world.contract, "Photographs of the piers").await;
    let made = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201);
    let one = made.header("location").to_owned();
    let (kept, triage) = (format!("{one}/authority-data"), format!("{one}/triage"));
    lead.get(&kept).await.is(403);
    let offered = security.get(&kept).await.is(200).items()[0].clone();
    assert_eq!((&offered["id"], &offered["outcome"], offered["relied_on"].is_null()), (&json!(piers), &json!("authority_data"), true));
    world.app.advance(1_000);
    let up = security.step(&format!("{one}/steps/take_up"), made.version(), json!({})).await.is(200);
    let open = json!({ "facts": { "actions": ["lost"] }, "relies_on": piers });
    let wrong = security.change("PUT", &triage, up.version(), open).await.is(422);
    assert!(wrong.json["errors"].to_string().contains("relies_on"), "{}", wrong.json);
    let facts = json!({ "facts": { "asset_involved": true, "actions": ["lost"] }, "relies_on": piers });
    security.change("PUT", &triage, up.version(), facts).await.is(200);
    assert_eq!(security.get(&kept).await.is(200).items()[0]["relied_on"], "authority_data");
});

both_engines!(migrations, /// SEC-27, SEC-X2: the data controller's program decides and records; to a supplier's program there is nothing of the kind, and nothing that it
/// reads changes.
async fn sec_27_the_regulator_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut controller = Program::of(app, &world.official("data_controller").await.cx).await;
    let mut legal = Program::of(app, &world.official("legal").await.cx).await;
    let mut manager = Program::of(app, &world.official("contract_manager").await.cx).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let one = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201).header("location").to_owned();
    let read = ["", "/history", "/record", "/decisions", "/papers", "/thread", "/tasks", "/submissions"];
    let mut before = Vec::new();
    for path in read {
        before.push(lead.get(&format!("{one}{path}")).await.is(200).json);
    }
    let at = format!("{one}/regulator");
    for path in ["", "/aware", "/decisions", "/notifications"] {
        let path = format!("{at}{path}");
        let found = if path == at { lead.get(&path).await } else { lead.step(&path, 0, json!({})).await };
        found.is(404);
    }
    manager.get(&at).await.is(404);
    let stands = legal.get(&at).await.is(200);
    assert_eq!((&stands.json["waits"], &stands.json["concerns"], &stands.json["lists"]["size"]), (&json!("decision"), &json!("yes"), &json!("Unknown")));
    assert!(controller.get(&one).await.is(200).json["mark"].as_str().unwrap().contains("72 hours left"));
    let decision = json!({ "notify": true, "personal": "yes", "risk": "likely", "reason": "Quillfeather: names are out.", "people": "not" });
    legal.step(&format!("{at}/decisions"), 0, decision.clone()).await.is(403);
    let mut lacking = decision.clone();
    lacking.as_object_mut().unwrap().remove("risk");
    let lacking = controller.step(&format!("{at}/decisions"), 0, lacking).await.is(422);
    assert!(lacking.json["errors"].to_string().contains("risk"), "{}", lacking.json);
    controller.step(&format!("{at}/decisions"), 0, json!({ "notify": "perhaps" })).await.is(422);
    let decided = controller.step(&format!("{at}/decisions"), 0, decision.clone()).await.is(200);
    assert_eq!((&decided.json["waits"], &decided.json["rounds"][0]["decision"]["owed"]), (&json!("sending"), &json!("notify")));
    // Somebody was quicker: both versions are told.
    app.advance(1_000);
    controller.step(&format!("{at}/decisions"), 0, decision).await.is(409);
    let mut lists = decided.json["lists"].clone();
    lists["sector"] = json!("Central Government");
    let sent = json!({ "at": stands.json["aware_at"], "by": "Quillfeather Reed", "lists": lists, "what": "Quillfeather: a laptop.", "next": "2026-03-20" });
    let mut wrong = sent.clone();
    wrong["lists"]["size"] = json!("a few");
    let wrong = controller.step(&format!("{at}/notifications"), 1, wrong).await.is(422);
    assert!(wrong.json["errors"].to_string().contains("lists.size"), "{}", wrong.json);
    let recorded = controller.step(&format!("{at}/notifications"), 1, sent).await.is(200);
    assert_eq!((&recorded.json["waits"], &recorded.json["rounds"][1]["sent"]["took"]), (&json!("next_part"), &json!("Less than 24 hours")));
    // What went out is attached where it is recorded, and opened by those who read the record.
    let of = format!("/api/v1/files/of/regulator/{}", one.rsplit('/').next().unwrap());
    let bytes = || b"Quillfeather: what went out".to_vec();
    let to = |round: u8| format!("{of}?field=sent.{round}&name=Quillfeather.txt");
    let raw = [("content-type", "application/octet-stream")];
    controller.raw("POST", &to(1), &raw, bytes()).await.is(404);
    legal.raw("POST", &to(2), &raw, bytes()).await.is(403);
    for program in [&mut lead, &mut manager] {
        program.raw("POST", &to(2), &raw, bytes()).await.is(404);
    }
    let file = controller.raw("POST", &to(2), &raw, bytes()).await.is(201);
    assert_eq!((&file.json["belongs_to"], &file.json["internal"]), (&json!("First notification"), &json!(true)));
    assert_eq!(legal.get(&of).await.is(200).items().len(), 1);
    let file = format!("/api/v1/files/{}", file.id());
    assert_eq!(legal.get(&format!("{file}/bytes")).await.is(200).body, "Quillfeather: what went out");
    for path in [&of, &file, &format!("{file}/bytes")] {
        lead.get(path).await.is(404);
        manager.get(path).await.is(404);
    }
    let aware = json!({ "at": "2026-02-01T08:00:00Z", "reason": "Quillfeather knew." });
    let put = controller.step(&format!("{at}/aware"), 2, aware).await.is(200);
    assert_eq!((&put.json["aware_at"], put.version()), (&json!("2026-02-01T08:00:00Z"), 3));
    for (path, was) in read.iter().zip(before) {
        assert_eq!(lead.get(&format!("{one}{path}")).await.is(200).json, was, "{path}");
    }
});

both_engines!(migrations, /// SEC-24, SEC-X2: a program has the report and the acknowledgement made, and takes them out.
async fn sec_x2_papers_by_programs(db) {
    let world = World::new(db).await;
    let mut lead = Program::of(&world.app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let one = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201).header("location").to_owned();
    let made = lead.post(&format!("{one}/papers"), json!({ "kind": "acknowledgement" })).await.is(201);
    assert_eq!(made.items()[0]["kind"], "acknowledgement");
    let paper = lead.get(made.header("location")).await.is(200);
    assert!(paper.bytes.starts_with(b"%PDF-1.7"));
    lead.post(&format!("{one}/papers"), json!({ "kind": "letter" })).await.is(422);
});

both_engines!(migrations, /// SEC-X1j: programs read what to do in special cases, with the sections of forms that it goes with.
async fn sec_x1j_guidance_by_programs(db) {
    let world = World::new(db).await;
    let mut lead = Program::of(&world.app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let edition = crate::pack::packs(&world.app.core).newest("provider_security").unwrap().edition.clone();
    let told = lead.get(&format!("/api/v1/packs/provider_security/{edition}")).await.is(200);
    let told = told.json["guidance"].as_array().unwrap().iter().find(|one| one["id"] == "bogus_vacancies").unwrap().clone();
    assert_eq!((&told["link"], &told["sections"]), (&json!("https://www.jobsaware.co.uk"), &json!(["incident.callers"])));
});

both_engines!(migrations, /// SEC-25, OWN-3: a program says what is to become of data about people in a message; another reads it on asking.
async fn sec_25_messages_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let mut manager = Program::of(app, &world.official("contract_manager").await.cx).await;
    let one = lead.post(&format!("/api/v1/places/{}/incidents", world.lead.1), json!({ "answers": first() })).await.is(201).header("location").to_owned();
    let thread = format!("{one}/thread");
    let body = "Please tell sam.bell@customers.example.";
    assert_eq!(lead.post(&thread, json!({ "body": body })).await.is(422).json["errors"][0]["path"], "people");
    lead.post(&thread, json!({ "body": body, "people": "mask" })).await.is(201);
    app.advance(1_000);
    lead.post(&thread, json!({ "body": body, "people": "essential", "people_reason": "They must be told." })).await.is(201);
    let read = security.get(&thread).await.is(200);
    assert!(!read.body.contains("sam.bell"), "{}", read.body);
    let items = read.items();
    assert_eq!((&items[0]["withheld"], &items[1]["withheld"], &items[1]["essential"]), (&json!(false), &json!(true), &json!("They must be told.")));
    let reveal = format!("{thread}/{}/reveal", items[1]["id"].as_str().unwrap());
    assert_eq!(security.post(&reveal, json!({})).await.is(200).json["body"], body);
    manager.post(&reveal, json!({})).await.is(403);
});
