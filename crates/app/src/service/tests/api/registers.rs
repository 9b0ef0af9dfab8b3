//! Registers, chains, packs and facts, duties, imports, accounts, ledger: what pages do, done by programs.

use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use super::super::crawl::release;
use super::program::{Program, fresh};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// OFF-2, OFF-Q2, OUT-0, OWN-1: contract with chain, packs and facts, and a site, entered and kept by programs on both sides.
async fn a_contract_with_chain_packs_and_facts(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let manager = world.official("contract_manager").await;
    let mut program = Program::of(app, &manager.cx).await;
    let body = json!({ "title": "Harbour cranes", "state": "active", "starts_on": "2026-01-01", "value_minor": 125_000_050, "manager": manager.account });
    let contract = program.post("/api/v1/contracts", body).await.is(201);
    assert_eq!((&contract.json["value_minor"], &contract.json["currency"]), (&json!(125_000_050), &json!("GBP")));
    let at = contract.header("location").to_owned();
    program.change("PATCH", &at, contract.version(), json!({ "manager": Uuid::nil() })).await.is(422);
    let moved = program.change("PATCH", &at, contract.version(), json!({ "reference": "C-7" })).await.is(200);
    assert_eq!(moved.json["manager"], json!(manager.account));

    let lead = program.post(&format!("{at}/places"), json!({ "party": world.lead.0, "role_text": "Cranes" })).await.is(201);
    let sub = program.post(&format!("{at}/places"), json!({ "party": world.sub.0, "above": lead.id() })).await.is(201);
    assert_eq!(sub.json["tier"], 2);
    let twice = program.post(&format!("{at}/places"), json!({ "party": world.sub.0, "above": lead.id() })).await.is(422);
    assert_eq!(twice.json["errors"][0]["path"], "party");
    let up = program.step(&format!("{at}/places/{}/move", sub.id()), sub.version(), json!({ "above": null, "role_text": null })).await.is(200);
    assert_eq!(up.json["tier"], 1);
    let stale = program.step(&format!("{at}/places/{}/move", sub.id()), sub.version(), json!({ "above": lead.id() })).await.is(409);
    assert_eq!(stale.json["now"]["tier"], 1);
    let ended = program.step(&format!("{at}/places/{}/end", sub.id()), up.version(), json!({})).await.is(200);
    assert_eq!(ended.json["until"], "2026-03-02");

    let lacking = program.post(&format!("{at}/packs"), json!({ "pack": "offshoring", "edition": "2026.1" })).await.is(422);
    assert_eq!(lacking.json["errors"][0]["path"], "reason");
    let put = program.post(&format!("{at}/packs"), json!({ "pack": "outsourcing", "edition": "2026.1", "reason": "Agreed." })).await.is(201);
    assert_eq!(put.items().len(), 1);
    let sheet = program.get(&format!("{at}/facts/outsourcing")).await.is(200);
    let fact = sheet.json["asks"].as_array().unwrap().iter().find(|f| f["kind"] == "yes_no").unwrap()["id"].as_str().unwrap().to_owned();
    let wrong = program.change("PUT", &format!("{at}/facts/outsourcing"), 0, json!({ "facts": { "no_such": true } })).await.is(422);
    assert_eq!(wrong.json["errors"][0]["path"], "facts.no_such");
    let wrong = program.change("PUT", &format!("{at}/facts/outsourcing"), 0, json!({ "facts": { fact.clone(): "perhaps" } })).await.is(422);
    assert_eq!(wrong.json["errors"][0]["path"], format!("facts.{fact}"));
    let known = program.change("PUT", &format!("{at}/facts/outsourcing"), 0, json!({ "facts": { fact.clone(): true } })).await.is(200);
    assert_eq!((known.version(), &known.json["facts"][&fact]), (1, &json!(true)));
    let stale = program.change("PUT", &format!("{at}/facts/outsourcing"), 0, json!({ "facts": {} })).await.is(409);
    assert_eq!(stale.json["now"]["facts"][&fact], true);
    assert!(program.get(&format!("{at}/history")).await.is(200).items().len() > 4);
    program.get("/api/v1/packs").await.is(200);
    let pack = program.get("/api/v1/packs/offshoring/2026.1").await.is(200);
    assert!(pack.json["duties"].as_array().unwrap().len() > 5);
    program.get("/api/v1/packs/offshoring/2026.1/forms/proposal").await.is(200);

    // The supplier's side: sees its contract without the terms that are not its own, keeps its sites.
    let mut supplier = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let seen = supplier.get(&at).await.is(200);
    assert_eq!(seen.json["value_minor"], 125_000_050);
    supplier.get(&format!("{at}/history")).await.is(404);
    supplier.change("PATCH", &at, seen.version(), json!({ "title": "Mine" })).await.is(403);
    let mut below = Program::of(app, &world.person("supplier_lead", world.sub.0).await.cx).await;
    let own = below.get(&format!("/api/v1/contracts/{}", world.contract)).await.is(200);
    assert!(own.json.get("value_minor").is_none(), "{}", own.body);
    let site = json!({ "name": "Pune office", "kind": "office", "country": "IN", "address": "4 Station Road, Pune", "people": 40, "state": "in_use" });
    let made = supplier.post("/api/v1/sites", site.clone()).await.is(201);
    assert_eq!(made.json["party"], json!(world.lead.0));
    let mut theirs = site.clone();
    theirs["party"] = json!(world.other.0);
    supplier.post("/api/v1/sites", theirs).await.is(422);
    let mut home = site;
    home["address"] = json!("Home address: 12 Elm Close");
    let refused = supplier.post("/api/v1/sites", home).await.is(422);
    assert_eq!(refused.json["errors"][0]["path"], "address");
    let grown = supplier.change("PATCH", made.header("location"), made.version(), json!({ "people": 41 })).await.is(200);
    assert_eq!((&grown.json["people"], &grown.json["name"]), (&json!(41), &json!("Pune office")));
    // SEC-9: its systems and the routes by which information travels, each a register of its own.
    let system = json!(crate::holding::tests::system("Booking platform"));
    let route = json!(crate::holding::tests::route("Fares of Halyard"));
    for (at, new, field, value) in [("/api/v1/systems", system, "run_by", "Capstan Group"), ("/api/v1/transfer-routes", route, "volume", "Once a day")] {
        let made = supplier.post(at, new.clone()).await.is(201);
        assert_eq!((&made.json["party"], &made.json["name"]), (&json!(world.lead.0), &new["name"]));
        let mut wrong = new.clone();
        wrong["kind"] = json!("castle");
        supplier.post(at, wrong).await.is(422);
        let more = supplier.change("PATCH", made.header("location"), made.version(), json!({ field: value })).await.is(200);
        assert_eq!((&more.json[field], &more.json["country"]), (&json!(value), &new["country"]));
        let stale = supplier.change("PATCH", made.header("location"), made.version(), json!({ field: "other" })).await.is(409);
        assert_eq!(stale.json["now"][field], json!(value));
        assert_eq!(supplier.get(&format!("{at}?country={}", new["country"].as_str().unwrap())).await.is(200).items().len(), 1);
        below.get(made.header("location")).await.is(404);
        below.change("PATCH", made.header("location"), more.version(), json!({ field: "theirs" })).await.is(404);
        assert_eq!(below.get(at).await.is(200).items().len(), 0);
        // Refusals stand there as well.
        let history = supplier.get(&format!("{}/history", made.header("location"))).await.is(200);
        let done: Vec<&str> = history.items().iter().filter_map(|line| line["action"].as_str()).collect();
        assert!(done.iter().any(|action| action.ends_with(".add")) && done.iter().any(|action| action.ends_with(".change")), "{done:?}");
    }
});

both_engines!(migrations, /// OFF-8, OWN-5: duties are listed, shown to be met with dated evidence, set aside and taken up again by programs.
async fn duties_and_their_evidence(db) {
    let world = World::new(db).await;
    let app = &world.app;
    crate::contract::act::put_pack(&app.operator(), world.contract, "provider_security", "2026.1", Some("agreed")).await.unwrap();
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let page = lead.get("/api/v1/obligations?whose=mine&limit=2").await.is(200);
    let one = page.items()[0].clone();
    let more = lead.get(page.json["next"].as_str().unwrap()).await.is(200);
    assert_ne!(more.items()[0]["obligation"], one["obligation"]);
    let at = format!("/api/v1/obligations/{}/{}/{}", one["at"].as_str().unwrap(), one["pack"].as_str().unwrap(), one["obligation"].as_str().unwrap());
    let version = lead.get(&at).await.is(200).version();
    let evidence = json!({ "met_on": "2026-03-01", "evidence": "Certificate of the auditor.", "covers_to": "2027-02-28" });
    let early = json!({ "met_on": "2026-04-01", "evidence": "To come." });
    let refused = lead.step(&format!("{at}/met"), version, early).await.is(422);
    assert_eq!(refused.json["errors"][0]["path"], "met_on");
    let met = lead.step(&format!("{at}/met"), version, evidence.clone()).await.is(200);
    assert_eq!((&met.json["met_on"], &met.json["evidence"]), (&json!("2026-03-01"), &json!("Certificate of the auditor.")));
    let stale = lead.step(&format!("{at}/met"), version, evidence).await.is(409);
    assert_eq!(stale.json["now"]["met_on"], "2026-03-01");
    lead.step(&format!("{at}/aside"), met.version(), json!({ "reason": "Not ours" })).await.is(403);
    let mut security = Program::of(app, &world.official("security").await.cx).await;
    let aside = security.step(&format!("{at}/aside"), met.version(), json!({ "reason": "Not here" })).await.is(200);
    assert_eq!(aside.json["status"], "not-applicable");
    let again = security.send("POST", &format!("{at}/again"), &[("if-match", &format!("\"{}\"", aside.version()))], None).await.is(200);
    assert_eq!(again.json["met_on"], "2026-03-01");
});

both_engines!(migrations, /// OWN-5: a file of contracting data is read, brought in and taken back by a program.
async fn imports_by_program(db) {
    let world = World::new(db).await;
    let mut program = Program::of(&world.app, &world.official("contract_manager").await.cx).await;
    let data = release("77", "Mooring Works").to_string().into_bytes();
    let staged = program.raw("POST", "/api/v1/imports?name=july.json", &[("content-type", "application/json")], data).await.is(201);
    assert_eq!((&staged.json["state"], &staged.json["files"], &staged.json["figures"]["new"]), (&json!("staged"), &json!(["july.json"]), &json!(1)));
    let at = staged.header("location").to_owned();
    assert_eq!(program.get(&format!("{at}/lines")).await.is(200).items()[0]["outcome"], "imported");
    let applied = program.send("POST", &format!("{at}/apply"), &[], None).await.is(200);
    assert_eq!(applied.json["state"], "applied");
    assert_eq!(program.get("/api/v1/contracts?q=parking").await.items().len(), 1);
    assert_eq!(program.send("POST", &format!("{at}/undo"), &[], None).await.is(200).json["state"], "undone");
    assert_eq!(program.get("/api/v1/imports").await.is(200).items().len(), 1);
});

both_engines!(migrations, /// OWN-2, OWN-3: people are invited, let go and their work handed over by a program; the ledger and its refusals are read.
async fn accounts_and_ledger_by_program(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let mut admin = Program::of(app, &world.official("administrator").await.cx).await;
    let body = json!({ "email": "Wren@People.example", "name": "Wren Vale", "party": world.authority, "role": "assessor" });
    let wren = admin.post("/api/v1/accounts", body.clone()).await.is(201);
    assert_eq!((&wren.json["email"], &wren.json["state"]), (&json!("wren@people.example"), &json!("invited")));
    assert!(!app.mailed("wren@people.example").await.is_empty());
    admin.post("/api/v1/accounts", body).await.is(422);
    let at = wren.header("location").to_owned();
    admin.send("POST", &format!("{at}/invite-again"), &[], None).await.is(200);
    let role = &wren.json["memberships"][0];
    let gone = format!("{at}/memberships/{}/end", role["id"].as_str().unwrap());
    admin.send("POST", &gone, &[("if-match", "\"9\"")], None).await.is(409);
    let ended = admin.send("POST", &gone, &[("if-match", "\"1\"")], None).await.is(200);
    assert!(!ended.json["memberships"][0]["until"].is_null());
    let closed = admin.send("POST", &format!("{at}/close"), &[("if-match", &format!("\"{}\"", ended.version()))], None).await.is(200);
    assert_eq!(closed.json["state"], "closed");
    let (from, to) = (world.official("assessor").await, world.official("assessor").await);
    let over = admin.post(&format!("/api/v1/accounts/{}/hand-over", from.account), json!({ "to": to.account })).await.is(200);
    assert_eq!(over.json["count"], 0);
    let page = admin.get("/api/v1/accounts?limit=2").await.is(200);
    assert_eq!(page.items().len(), 2);
    admin.get(page.json["next"].as_str().unwrap()).await.is(200);

    let deputy = world.official("owner").await;
    let login = app.account("management", world.authority).await;
    let mut away = Program::of(app, &fresh(app, login.account).await).await;
    let (today, membership) = (app.core.clock.today(), fresh(app, login.account).await.actor.membership().unwrap());
    let day = |date: jiff::civil::Date| date.to_string();
    let mut body = json!({ "membership": membership, "to": deputy.account, "from": day(today), "until": day(today), "reason": "On leave." });
    assert_eq!(away.post("/api/v1/delegations", body.clone()).await.is(403).json["code"], "confirm-first");
    away.post("/api/v1/account/confirm", json!({ "password": crate::testing::PASSWORD })).await.is(200);
    body["until"] = json!(day(today.yesterday().unwrap()));
    away.post("/api/v1/delegations", body.clone()).await.is(422);
    body["until"] = json!(day(today));
    let given = away.post("/api/v1/delegations", body.clone()).await.is(201);
    assert_eq!((&given.json["state"], &given.json["role"], &given.json["reason"]), (&json!("runs"), &json!("management"), &json!("On leave.")));
    assert_eq!(away.get("/api/v1/delegations").await.is(200).items().len(), 1);
    let named = admin.get(&format!("/api/v1/accounts/{}", deputy.account)).await.is(200);
    assert_eq!(named.json["memberships"][1]["acts_for"], json!(login.account));
    let at = given.header("location").to_owned();
    away.get(&at).await.is(200);
    away.send("POST", &format!("{at}/end"), &[("if-match", "\"9\"")], None).await.is(409);
    let over = away.send("POST", &format!("{at}/end"), &[("if-match", "\"1\"")], None).await.is(200);
    assert_eq!(over.json["state"], "ended");
    let at = wren.header("location").to_owned();
    let mut supplier = Program::of(app, &world.person("supplier_member", world.other.0).await.cx).await;
    supplier.get(&at).await.is(404);
    supplier.get(given.header("location")).await.is(404);
    supplier.get("/api/v1/ledger/entries").await.is(404);
    app.work().await;
    let refused = admin.get("/api/v1/ledger/entries?action=refused&limit=1").await.is(200);
    assert_eq!(refused.items()[0]["action"], "refused");
    let all = admin.get("/api/v1/ledger/entries?limit=3").await.is(200);
    assert_eq!(all.items().len(), 3);
    let older = admin.get(all.json["next"].as_str().unwrap()).await.is(200);
    assert!(older.items()[0]["index"].as_i64() < all.items()[2]["index"].as_i64());
    assert!(admin.get("/api/v1/ledger").await.is(200).json["size"].as_u64().unwrap() > 10);
    platform::checkpoint::make(&app.operator()).await.unwrap();
    assert_eq!(admin.get("/api/v1/ledger/checkpoints").await.is(200).items().len(), 1);
    assert!(admin.get("/api/v1/jobs/failed").await.is(200).items().is_empty());
    admin.get("/api/v1/account/sessions").await.is(200);
    admin.get("/api/v1/account/tokens").await.is(200);
});
