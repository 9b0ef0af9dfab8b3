//! Sections passed on, and entry on behalf, for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, answers};

both_engines!(migrations, /// OFF-8, OWN-3: a program passes sections on, reads how each link stands, gives it another day, sends it again and calls it back, and is refused where a page is.
async fn off_8_sections_are_passed_on_by_programs(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let mut program = Program::of(&world.app, &lead.cx).await;
    let mut rival = Program::of(&world.app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let mut manager = Program::of(&world.app, &world.official("contract_manager").await.cx).await;
    let at = format!("/api/v1/proposals/{id}/passed");
    assert_eq!(program.get(&at).await.is(200).items().len(), 0);
    let new = json!({ "name": "Robin Vale", "email": "robin@helpers.example", "sections": ["ending"], "remark": "By Friday, please." });
    rival.post(&at, new.clone()).await.is(404);
    manager.post(&at, new.clone()).await.is(404);
    manager.get(&at).await.is(404);
    for (field, wrong) in [("email", json!("nowhere")), ("sections", json!(["nothing"])), ("until", json!("2026-03-01")), ("until", json!("2027-03-01"))] {
        let mut bad = new.clone();
        bad[field] = wrong;
        let reply = program.post(&at, bad).await.is(422);
        assert_eq!(reply.json["errors"][0]["path"], field, "{}", reply.body);
    }
    let made = program.post(&at, new).await.is(201);
    let one = made.items()[0].clone();
    assert_eq!((&one["name"], &one["email"], &one["state"], &one["until"]), (&json!("Robin Vale"), &json!("robin@helpers.example"), &json!("open"), &json!("2026-03-16")));
    assert_eq!((&one["mail"], &one["opened_at"]), (&json!("sending"), &json!(null)));
    world.app.work().await;
    let link = format!("{at}/{}", one["id"].as_str().unwrap());
    assert_eq!(program.get(&at).await.items()[0]["mail"], "sent");
    let version = one["version"].as_i64().unwrap();
    let extended = program.change("POST", &format!("{link}/extend"), version, json!({ "until": "2026-04-01" })).await.is(200);
    assert_eq!(extended.items()[0]["until"], "2026-04-01");
    let stale = program.change("POST", &format!("{link}/extend"), version, json!({ "until": "2026-04-02" })).await.is(409);
    assert_eq!(stale.json["now"]["items"][0]["until"], "2026-04-01", "{}", stale.body);
    let step = async |program: &mut Program, what: &str, version: i64| program.send("POST", &format!("{link}/{what}"), &[("if-match", &format!("\"{version}\""))], None).await;
    let sent = step(&mut program, "resend", version + 1).await.is(200);
    let early = step(&mut program, "take", version + 2).await.is(409);
    assert!(early.body.contains("cannot be done"), "{}", early.body);
    let ask = json!({ "remark": "And the keys?" });
    program.change("POST", &format!("{link}/ask-again"), version + 2, ask).await.is(409);
    assert_eq!(sent.items()[0]["version"], json!(version + 2));
    let over = step(&mut program, "revoke", version + 2).await.is(200);
    assert_eq!(over.items()[0]["state"], "revoked");
});

both_engines!(migrations, /// OFF-8, OWN-3: a program enters what came on paper on behalf of a supplier; the supplier's program contests it.
async fn off_8_entered_on_behalf_by_programs(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let mut program = Program::of(&world.app, &manager.cx).await;
    let at = "/api/v1/proposals/on-behalf";
    let new = json!({ "place": world.lead.1, "way": "email", "came_on": "2026-02-27", "reason": "It came by e-mail." });
    let mut security = Program::of(&world.app, &world.official("security").await.cx).await;
    security.post(at, new.clone()).await.is(403);
    let mut bad = new.clone();
    bad["came_on"] = json!("2026-03-03");
    program.post(at, bad).await.is(422);
    let made = program.post(at, new.clone()).await.is(201);
    assert_eq!(made.json["mark"], "Entered on behalf of Halyard Systems by Pat contract manager");
    let id = made.id();
    let told = program.get(&format!("/api/v1/proposals/{id}/on-behalf")).await.is(200);
    assert_eq!((&told.json["way"], &told.json["reason"], &told.json["by"]), (&json!("email"), &json!("It came by e-mail."), &json!(manager.account)));
    let case: uuid::Uuid = id.parse().unwrap();
    crate::testing::attach(&manager.cx, "proposal", case, "Mail.pdf", false).await;
    world.answer(&manager.cx, case, answers(world.lead.0)).await;
    let version = program.get(&format!("/api/v1/proposals/{id}")).await.version();
    program.step(&format!("/api/v1/proposals/{id}/steps/submit"), version, json!({ "declaration": true })).await.is(200);
    let mut lead = Program::of(&world.app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    program.post(at, new).await.is(409);
    let seen = lead.get(&format!("/api/v1/proposals/{id}/on-behalf")).await.is(200);
    assert_eq!(seen.json["by"], json!(null));
    let said = lead.post(&format!("/api/v1/proposals/{id}/on-behalf/contest"), json!({ "text": "Six people." })).await.is(200);
    assert_eq!(said.json["said"], "contested");
    lead.post(&format!("/api/v1/proposals/{id}/on-behalf/confirm"), json!({})).await.is(409);
    let own = world.draft(&world.person("supplier_lead", world.other.0).await, world.other.1, answers(world.other.0)).await;
    lead.get(&format!("/api/v1/proposals/{own}/on-behalf")).await.is(404);
});
