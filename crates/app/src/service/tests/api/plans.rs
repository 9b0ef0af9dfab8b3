//! Security plans and their changes for programs.

use serde_json::json;
use testkit::both_engines;

use super::program::Program;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::plan::Plans;
use crate::plan::tests::{site, whole};
use crate::plan_change::Changes;
use crate::plan_change::tests::answers;
use crate::testing::forms::answer_case;

both_engines!(migrations, /// SEC-8b, SEC-9, SEC-28, OWN-3: a program writes a plan, another agrees it; a change is told of, called for, asked for and agreed, and
/// the next version comes of it.
async fn sec_28_a_plan_and_its_change_by_programs(db) {
    let world = World::new(db).await;
    let (head, guard) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let (mut lead, mut security) = (Program::of(&world.app, &head.cx).await, Program::of(&world.app, &guard.cx).await);
    let mut other = Program::of(&world.app, &world.person("supplier_lead", world.other.0).await.cx).await;
    assert!(lead.get("/api/v1/plans/places").await.is(200).items().iter().any(|one| one["place"] == json!(world.lead.1)));
    other.post("/api/v1/plans", json!({ "place": world.lead.1 })).await.is(404);
    let made = lead.post("/api/v1/plans", json!({ "place": world.lead.1 })).await.is(201);
    let (one, id) = (made.header("location").to_owned(), made.id());
    security.get(&one).await.is(404);
    answer_case::<Plans>(&head.cx, id.parse().unwrap(), whole(site(&head.cx, world.lead.0).await)).await;
    let sent = lead.step(&format!("{one}/steps/submit"), made.version(), json!({ "declaration": true })).await.is(200);
    assert_eq!(sent.json["reference"], "PLN-2026-000001");
    security.step(&format!("{one}/steps/agree"), sent.version(), json!({ "reason": "It covers what we ask for." })).await.is(200);
    let found = security.get(&format!("{one}/version")).await.is(200);
    assert_eq!((&found.json["number"], &found.json["in_force"], &found.json["superseded_by"]), (&json!(1), &json!(true), &json!(null)));
    lead.post("/api/v1/plans", json!({ "place": world.lead.1 })).await.is(409);
    // A change is considered, and called for.
    let notice = json!({ "title": "A second desk", "added": ["system"], "handles_authority_data": true, "about": "Perhaps another system." });
    let told = lead.post(&format!("/api/v1/places/{}/plan-changes/notices", world.lead.1), notice).await.is(201);
    let change = told.header("location").to_owned();
    assert_eq!((&told.json["reference"], &told.json["stage"]), (&json!("CHG-2026-000001"), &json!("considered")));
    assert_eq!(security.get(&format!("{change}/notice")).await.is(200).json["outcome"], "change_request");
    let called = security.step(&format!("{change}/steps/call_for"), told.version(), json!({ "reason": "It holds our data." })).await.is(200);
    answer_case::<Changes>(&head.cx, told.id().parse().unwrap(), answers(false)).await;
    let asked = lead.step(&format!("{change}/steps/submit"), called.version(), json!({ "declaration": true })).await.is(200);
    let agree = json!({ "reason": "It is protected as well.", "conditions": ["Show the first restore."] });
    let agreed = security.step(&format!("{change}/steps/agree"), asked.version(), agree).await.is(200);
    assert_eq!(agreed.json["stage"], "agreed");
    assert_eq!(lead.get(&format!("{change}/tasks")).await.is(200).items()[0]["title"], "Show the first restore.");
    assert_eq!(lead.get(&format!("{change}/proposals")).await.is(200).items().len(), 0);
    let next = lead.get("/api/v1/plans?stage=draft").await.is(200).items()[0].clone();
    assert_eq!(next["title"], "Ferry bookings desk");
    let made = lead.step(&format!("{change}/proposals"), agreed.version(), json!({})).await.is(201);
    assert_eq!(made.items()[0]["stage"], "draft");
});
