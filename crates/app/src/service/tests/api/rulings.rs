//! Rulings, and which document governs a duty, for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::{Program, fresh};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::ruling::tests::{SCANS, SECURITY, ruled_by};
use crate::testing::PASSWORD;

both_engines!(migrations, /// OWN-3, SEC-1, SEC-36, SEC-39: a program asks, rules, takes back, records what the contract asks, and reads what governs; it is refused where a page is.
async fn sec_36_a_ruling_by_programs(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let app = &world.app;
    let login = app.account("legal", world.authority).await;
    let mut legal = Program::of(app, &fresh(app, login.account).await).await;
    let mut lead = Program::of(app, &world.person("supplier_lead", world.lead.0).await.cx).await;
    let mut other = Program::of(app, &world.person("supplier_lead", world.other.0).await.cx).await;
    let duty = format!("/api/v1/obligations/{}/{SECURITY}/{SCANS}", world.lead.1);
    let before = lead.get(&format!("{duty}/governing")).await.is(200);
    assert_eq!((&before.json["outcome"], &before.json["ruling_invited"]), (&json!("blocked"), &json!(true)));
    other.get(&format!("{duty}/governing")).await.is(404);
    let at = format!("/api/v1/places/{}/rulings", world.lead.1);
    lead.post(&at, json!({ "pack": SECURITY, "obligation": "none", "question": "May we?" })).await.is(422);
    let asking = json!({ "pack": SECURITY, "obligation": SCANS, "question": "May we keep scans alone?" });
    other.post(&at, asking.clone()).await.is(404);
    let made = lead.post(&at, asking).await.is(201);
    let one = made.header("location").to_owned();
    assert_eq!((&made.json["reference"], &made.json["waits_for"]), (&json!("RUL-2026-000001"), &json!(["contract_manager", "security", "legal"])));
    other.get(&one).await.is(404);
    let ruling = json!({ "from": "2026-03-02", "allows": true, "reason": "Certified.", "asks": { "value": 30, "unit": "days", "direction": "at_most" } });
    lead.step(&format!("{one}/steps/rule"), made.version(), ruling.clone()).await.is(403);
    assert_eq!(legal.step(&format!("{one}/steps/rule"), made.version(), ruling.clone()).await.is(403).json["code"], "confirm-first");
    legal.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(200);
    let both = json!({ "from": "2026-03-02", "reason": "So.", "asks": { "value": 30, "unit": "days", "direction": "at_most", "words": "Thirty." } });
    legal.step(&format!("{one}/steps/rule"), made.version(), both).await.is(422);
    let today = crate::ruling::tests::today(&world).to_string();
    let ruling = json!({ "from": today, "allows": true, "reason": "Certified.", "asks": ruling["asks"] });
    let ruled = legal.step(&format!("{one}/steps/rule"), made.version(), ruling).await.is(200);
    assert_eq!(ruled.json["stage"], "ruled");
    let about = lead.get(&format!("{one}/about")).await.is(200);
    assert_eq!((&about.json["ruling"]["stands"], &about.json["ruling"]["asks"]["value"]), (&json!("holds"), &json!(30)));
    let governs = lead.get(&format!("{duty}/governing")).await.is(200);
    assert_eq!((&governs.json["outcome"], &governs.json["rulings"][0]["reference"]), (&json!("ruled"), &json!("RUL-2026-000001")));
    let back = json!({ "on": today, "reason": "The scanner failed." });
    lead.step(&format!("{one}/revoke"), ruled.version(), back.clone()).await.is(404);
    legal.step(&format!("{one}/revoke"), ruled.version(), back).await.is(200);
    assert_eq!(lead.get(&format!("{duty}/governing")).await.is(200).json["outcome"], "blocked");
    // What the contract asks.
    let term = format!("/api/v1/obligations/{}/{SECURITY}/ask_before_doubt/terms/contract", world.lead.1);
    lead.change("PUT", &term, 0, json!({ "way": "same" })).await.is(404);
    legal.change("PUT", &term, 0, json!({ "way": "asks" })).await.is(422);
    let set = legal.change("PUT", &term, 0, json!({ "way": "asks", "asks": { "words": "Ask the registrar." }, "clause": "7.2" })).await.is(200);
    assert_eq!((&set.json["outcome"], &set.json["contract"]["version"]), (&json!("conflict"), &json!(1)));
    let stale = legal.change("PUT", &term, 0, json!({ "way": "same" })).await.is(409);
    assert_eq!(stale.json["now"]["contract"]["clause"], "7.2");
    legal.change("PUT", &term.replace("/contract", "/law"), 0, json!({ "way": "same" })).await.is(404);
});
