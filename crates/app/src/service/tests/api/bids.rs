//! Bids for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::{Program, fresh};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::testing::PASSWORD;

both_engines!(migrations, /// OWN-3, OFF-7: a program asks a party to bid, states what the bid plans, hands it in, asks for more and chooses, and is refused where a page is.
async fn own_3_a_bid_by_programs(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let contract = app.contract(world.authority, "Night ferries").await;
    let login = app.account("procurement_lead", world.authority).await;
    let mut procurement = Program::of(app, &fresh(app, login.account).await).await;
    let mut bidder = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let mut rival = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let at = format!("/api/v1/contracts/{contract}/bids");
    let new = json!({ "party": world.other.0, "due": "2026-03-31" });
    bidder.post(&at, new.clone()).await.is(404);
    let past = procurement.post(&at, json!({ "party": world.other.0, "due": "2026-03-02" })).await.is(422);
    assert!(past.json["errors"].to_string().contains("still to come"), "{}", past.json);
    let made = procurement.post(&at, new.clone()).await.is(201);
    procurement.post(&at, new).await.is(422);
    let one = made.header("location").to_owned();
    assert_eq!((&made.json["reference"], &made.json["stage"]), (&json!("BID-2026-000001"), &json!("preparing")));
    rival.get(&one).await.is(404);
    let (plans, step) = (format!("{one}/plans"), |step: &str| format!("{one}/steps/{step}"));
    procurement.get(&plans).await.is(403);
    let early = bidder.step(&step("submit"), made.version(), json!({})).await.is(409);
    assert!(early.json.to_string().contains("does not say whether"), "{}", early.json);
    bidder.change("PUT", &plans, made.version(), json!({ "abroad": false })).await.is(422);
    let home = json!({ "abroad": false, "statement": "All of it is done in Leeds." });
    let said = bidder.change("PUT", &plans, made.version(), home).await.is(200);
    assert_eq!(bidder.get(&plans).await.is(200).json["lacking"], json!([]));
    app.advance(1_000);
    let handed_in = bidder.step(&step("submit"), said.version(), json!({})).await.is(200);
    assert_eq!(procurement.get(&plans).await.is(200).json["statement"], "All of it is done in Leeds.");
    app.advance(1_000);
    let ask = json!({ "question": "Where are the backups?", "due": "2026-03-09" });
    let asked = procurement.step(&step("ask"), handed_in.version(), ask).await.is(200);
    assert_eq!(asked.json["waits_for"], json!(["supplier"]));
    app.advance(1_000);
    let answered = bidder.step(&step("answer"), asked.version(), json!({ "reason": "In York." })).await.is(200);
    bidder.step(&step("accept"), answered.version(), json!({})).await.is(403);
    app.advance(1_000);
    let complete = procurement.step(&step("accept"), answered.version(), json!({})).await.is(200);
    let choosing = json!({ "reason": "Best value.", "others_not_chosen": true });
    assert_eq!(procurement.step(&step("choose"), complete.version(), choosing.clone()).await.is(403).json["code"], "confirm-first");
    procurement.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(200);
    let chosen = procurement.step(&step("choose"), complete.version(), choosing).await.is(200);
    assert_eq!(chosen.json["stage"], "chosen");
    assert_eq!(bidder.get("/api/v1/bids?stage=chosen").await.is(200).items().len(), 1);
    assert_eq!(rival.get("/api/v1/bids").await.is(200).items().len(), 0);
});
