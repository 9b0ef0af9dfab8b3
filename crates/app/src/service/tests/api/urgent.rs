//! Urgent approvals by program.

use jiff::civil::date;
use serde_json::{Value, json};
use testkit::both_engines;

use super::program::{Program, Reply, fresh};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::testing::PASSWORD;

async fn change(program: &mut Program, at: &str, what: &str, body: Value) -> Reply {
    let version = program.get(at).await.is(200).version();
    program.step(&format!("{at}/{what}"), version, body).await
}

both_engines!(migrations, /// OFF-6, OFF-11, OWN-5: a program gives an urgent approval and another ratifies it; the supplier's reads how it stands and not why.
async fn off_6_an_urgent_approval_by_programs(db) {
    let world = World::new(db).await;
    world.until(date(2026, 6, 1));
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let boss = world.app.account("management", world.authority).await;
    let data = world.app.account("data_controller", world.authority).await;
    let at = format!("/api/v1/proposals/{id}");
    let mut supplier = Program::of(&world.app, &lead.cx).await;
    let mut first = Program::of(&world.app, &fresh(&world.app, boss.account).await).await;
    let mut second = Program::of(&world.app, &fresh(&world.app, data.account).await).await;
    let wanted = json!({ "reason": "The old desk closes tonight.", "conditions": "Tell us of each call.", "from": "2026-06-01", "until": "2026-06-28" });
    change(&mut supplier, &at, "urgent", wanted.clone()).await.is(404);
    // A decision asks for a confirmation, as the page does.
    assert_eq!(change(&mut first, &at, "urgent", wanted.clone()).await.is(403).json["code"], "confirm-first");
    first.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(200);
    second.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(200);
    let mut long = wanted.clone();
    long["until"] = json!("2026-06-29");
    let wrong = change(&mut first, &at, "urgent", long).await.is(422);
    assert_eq!(wrong.json["errors"][0]["path"], "until");
    change(&mut first, &at, "urgent", json!({ "reason": "", "from": "2026-06-01", "until": "2026-06-02" })).await.is(422);
    assert_eq!(first.get(&format!("{at}/urgent")).await.is(200).items().len(), 0);
    let given = change(&mut first, &at, "urgent", wanted.clone()).await.is(200);
    assert_eq!((&given.json["state"]["stands"], &given.json["state"]["ratify_by"]), (&json!("to_ratify"), &json!("2026-06-06")));
    assert_eq!(given.json["by"], json!(boss.account));
    change(&mut first, &at, "urgent", wanted).await.is(409);
    let stands = supplier.get(&format!("{at}/approval")).await.is(200);
    assert_eq!((&stands.json["to"], &stands.json["urgent"]["stands"]), (&json!("2026-06-06"), &json!("to_ratify")));
    let read = supplier.get(&format!("{at}/urgent")).await.is(200);
    let one = &read.items()[0];
    assert_eq!((&one["conditions"], &one["state"]["until"]), (&json!(["Tell us of each call."]), &json!("2026-06-28")));
    let letter = supplier.get(&format!("{at}/letter")).await.is(200);
    assert_eq!(letter.json["conditions"], json!(["Tell us of each call."]));
    assert!(one["reason"].is_null() && one["by"].is_null() && !read.body.contains("closes tonight"), "{}", read.body);
    let work = supplier.get("/api/v1/arrangements?cover=urgent").await.is(200);
    let work = format!("/api/v1/arrangements/{}", work.items()[0]["id"].as_str().unwrap());
    let cover = supplier.get(&format!("{work}/cover")).await.is(200);
    assert_eq!((&cover.json["covered"], &cover.json["urgent"]["runs"]), (&json!(true), &json!(true)));
    change(&mut first, &at, "urgent/ratify", json!({ "reason": "I stand by it." })).await.is(403);
    change(&mut supplier, &at, "urgent/ratify", json!({ "reason": "We stand by it." })).await.is(404);
    let ratified = change(&mut second, &at, "urgent/ratify", json!({ "reason": "The desk cannot be empty." })).await.is(200);
    assert_eq!((&ratified.json["state"]["stands"], &ratified.json["ratified_because"]), (&json!("ratified"), &json!("The desk cannot be empty.")));
    change(&mut second, &at, "urgent/refuse", json!({ "reason": "On second thoughts." })).await.is(409);
    assert_eq!(supplier.get(&format!("{at}/approval")).await.is(200).json["to"], "2026-06-28");
    let country = first.get("/api/v1/map/IN").await.is(200);
    assert_eq!(country.json["urgent"], json!([id]));
    // Another supplier's program meets none of it.
    let mut stranger = Program::of(&world.app, &world.person("supplier_lead", world.other.0).await.cx).await;
    stranger.get(&format!("{at}/urgent")).await.is(404);
    stranger.step(&format!("{at}/urgent/refuse"), 1, json!({ "reason": "Why not" })).await.is(404);
});
