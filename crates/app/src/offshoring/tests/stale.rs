//! Approvals that turn stale, what that stops, and what is done about it.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::Error;
use platform::authz::Side;
use platform::cases::tasks;
use sea_orm::EntityTrait as _;
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, answers, refused_by};
use crate::arrangement::{act as work, store as arrangements};
use crate::country::model::Details as Facts;
use crate::migrations::migrations;
use crate::offshoring::model::Turn;
use crate::offshoring::{act, stale, store};
use crate::{contract, party};

async fn state(world: &World, version: i32, facts: &Facts) {
    let data = world.official("data_controller").await;
    let india = rules::country::Country::from_code("IN").unwrap();
    crate::geography::act::state(&data.cx, india, version, facts).await.unwrap();
}

fn agreement() -> Facts {
    Facts { mechanism: Some("agreement".to_owned()), ..Facts::default() }
}

async fn reasons(world: &World, id: Uuid) -> Vec<&'static str> {
    let cx = world.app.operator();
    let found: Vec<&str> = stale::of(&cx, cx.db(), &world.case(id).await).await.unwrap().into_iter().map(|reason| reason.rule).collect();
    // What is kept for lists is what is worked out.
    let kept = store::stale_since(cx.db(), [id]).await.unwrap().contains_key(&id);
    assert_eq!(kept, !found.is_empty(), "kept and worked out: {found:?}");
    found
}

/// The lead's approved proposal, and the work that came of it.
async fn approved(world: &World, lead: &Person) -> (Uuid, Uuid) {
    let id = world.submitted(lead).await;
    world.approve(id).await;
    let all = arrangements::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    let of = all.into_iter().find(|row| row.origin == Some(id)).unwrap();
    (id, of.id)
}

async fn row(world: &World, id: Uuid) -> arrangements::Model {
    arrangements::get(world.app.core.db.reader(), id).await.unwrap().row
}

both_engines!(migrations, /// OFF-6, OFF-9a, OFF-11, OFF-Q4: facts of a country change: the approval is stale, covers no start, and says why; confirmed anew it covers one.
async fn off_6_a_stale_approval_covers_no_start(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, work_id) = approved(&world, &lead).await;
    world.until(date(2026, 6, 1));
    let lead = world.person("supplier_lead", world.lead.0).await;
    assert!(reasons(&world, id).await.is_empty());
    let boss = world.official("management").await;
    let turn = async |cx: &platform::Cx, turn: Turn, why: &str| {
        world.app.advance(1_000);
        let read = crate::offshoring::stale::mark_of(cx, cx.db(), &world.case(id).await).await.unwrap().unwrap();
        act::turn(cx, id, world.version(id).await, turn, why, &read).await
    };
    assert!(matches!(turn(&boss.cx, Turn::Confirm, "Why").await, Err(Error::Conflict(_))), "it is not stale");
    state(&world, 0, &agreement()).await;
    assert_eq!(reasons(&world, id).await, ["mechanism"]);
    assert_eq!(row(&world, work_id).await.cover, "stale");
    // The open part of the entry goes out with a supplier's archive: it does not say what of the country changed.
    let lines = platform::book::timeline(&boss.cx, "proposal", &id.to_string(), 100).await.unwrap();
    let turned = lines.iter().find(|line| line.action == "proposal.turn_stale").unwrap();
    assert_eq!(turned.about["reasons"], "country");
    let refused = work::start(&lead.cx, work_id, row(&world, work_id).await.version).await;
    let Err(Error::Blocked(blockers)) = refused else { panic!("{refused:?}") };
    assert_eq!(blockers.iter().map(|b| b.code).collect::<Vec<_>>(), ["approval-stale"]);
    let why = blockers[0].text.say();
    assert!(why.contains("What the authority holds of India has changed") && !why.contains("carries transfers"), "a supplier does not read what is held: {why}");
    // Shown on the case to both, on the work, the country's page and in the register.
    let told = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    for word in ["Stale", "What carries transfers to India has changed", "Confirm the approval anew", "Ask for a new proposal"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let mut reader = lead.browser(&world);
    let told = reader.get(&format!("/proposals/{id}")).await.text();
    assert!(told.contains("What the authority holds of India has changed") && !told.contains("Confirm the approval anew"), "{told}");
    let told = reader.get(&format!("/arrangements/{work_id}")).await.text();
    assert!(told.contains("must not start") && told.contains("Approval stale") && !told.contains("Start the work today"), "{told}");
    assert!(boss.browser(&world).get("/map/IN").await.text().contains("Stale"));
    let listed = boss.browser(&world).get("/arrangements?cover=stale").await.text();
    assert!(boss.browser(&world).get("/").await.text().contains("1 piece of work abroad has an approval that is stale"));
    assert!(listed.contains("Night support for ferry bookings"), "{listed}");
    for (email, words) in [(&lead.email, "turned stale"), (&boss.email, "confirm its approval anew")] {
        assert!(world.mail().await[email].iter().any(|subject| subject.contains(words)), "{words}");
    }
    // Who confirms, with what.
    refused_by(turn(&world.official("security").await.cx, Turn::Confirm, "Why").await, "nothing-permits");
    refused_by(turn(&lead.cx, Turn::Confirm, "Why").await, "nothing-permits");
    assert!(matches!(turn(&boss.tired(), Turn::Confirm, "Why").await, Err(Error::SignInAgain)));
    assert!(matches!(turn(&boss.cx, Turn::Confirm, " ").await, Err(Error::Invalid(_))));
    // What changes while somebody reads is not confirmed unseen.
    let mut reading = boss.browser(&world);
    let open = reading.get(&format!("/proposals/{id}/approval/confirm")).await;
    state(&world, 1, &Facts { law: Some("A new act on keys.".to_owned()), ..agreement() }).await;
    let page = reading.submit(&open, "/approval/confirm", &[("reason", "The agreement covers this work.")]).await;
    assert!(page.status == axum::http::StatusCode::CONFLICT && page.text().contains("changed since you opened this page"), "{}", page.text());
    assert_eq!(reasons(&world, id).await, ["mechanism", "law"]);
    state(&world, 2, &agreement()).await;
    turn(&boss.cx, Turn::Confirm, "The agreement covers this work.").await.unwrap();
    assert!(reasons(&world, id).await.is_empty());
    assert_eq!(row(&world, work_id).await.cover, "covered");
    work::start(&lead.cx, work_id, row(&world, work_id).await.version).await.unwrap();
    // What is under way goes on when it turns stale again, and is flagged; put back as it was, it is not.
    state(&world, 3, &Facts { law: Some("A new act on keys.".to_owned()), ..agreement() }).await;
    assert_eq!(reasons(&world, id).await, ["law"]);
    let of = row(&world, work_id).await;
    assert_eq!((of.state.as_str(), of.cover.as_str()), ("started", "stale"));
    assert!(lead.browser(&world).get(&format!("/arrangements/{work_id}")).await.text().contains("This work goes on, but its approval is stale"));
    state(&world, 4, &agreement()).await;
    assert!(reasons(&world, id).await.is_empty());
    assert_eq!(row(&world, work_id).await.cover, "covered");
});

both_engines!(migrations, /// OFF-12, OFF-6: who joins, moves or leaves the chain, and whose owner changes, makes an approval stale; a party elsewhere in the chain does not.
async fn off_12_a_changed_chain_makes_an_approval_stale(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _) = approved(&world, &lead).await;
    let (manager, boss) = (world.official("administrator").await, world.official("management").await);
    let confirm = async |why: &str| {
        world.app.advance(1_000);
        let read = crate::offshoring::stale::mark_of(&boss.cx, boss.cx.db(), &world.case(id).await).await.unwrap().unwrap();
        act::turn(&boss.cx, id, world.version(id).await, Turn::Confirm, why, &read).await.unwrap();
    };
    // Another lead's chain under the same contract is none of it.
    let third = world.app.party(Side::Supplier, "Keel Cleaning").await;
    let apart = world.app.place(world.contract, third, None).await;
    assert!(reasons(&world, id).await.is_empty(), "another lead's chain");
    let fourth = world.app.party(Side::Supplier, "Ratline Records").await;
    let below = world.app.place(world.contract, fourth, Some(world.sub.1)).await;
    assert_eq!(reasons(&world, id).await, ["joined"]);
    let told = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(told.contains("Ratline Records joined the chain at tier 3"), "{told}");
    confirm("They only keep paper.").await;
    assert!(reasons(&world, id).await.is_empty());
    let version = async |place: Uuid| contract::chain::place(boss.cx.db(), place).await.unwrap().row.version;
    contract::act::move_place(&manager.cx, below, version(below).await, Some(world.lead.1), None).await.unwrap();
    assert_eq!(reasons(&world, id).await, ["moved"]);
    confirm("Nothing changes for the work.").await;
    contract::act::end_place(&manager.cx, below, version(below).await, None).await.unwrap();
    assert_eq!(reasons(&world, id).await, ["left"]);
    confirm("The paper is back.").await;
    contract::act::end_place(&manager.cx, apart, version(apart).await, None).await.unwrap();
    assert!(reasons(&world, id).await.is_empty());
    // Who owns a party of the chain.
    let of = party::store::get(boss.cx.db(), world.sub.0).await.unwrap().row;
    let owned = party::model::Details { owner: Some("Orlop Holdings".to_owned()), owner_country: Some("US".to_owned()), ..of.details() };
    party::act::change(&manager.cx, world.sub.0, of.version, &owned).await.unwrap();
    assert_eq!(reasons(&world, id).await, ["owner"]);
    // Each time is told once.
    let told = world.mail().await[&boss.email].iter().filter(|subject| subject.contains("confirm its approval anew")).count();
    assert_eq!(told, 4);
});

both_engines!(migrations, /// OFF-9a, OFF-11: a later proposal for the same work that answers otherwise makes the approval stale; one that only asks for other days does not.
async fn off_9a_other_answers_make_an_approval_stale(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _) = approved(&world, &lead).await;
    let again = async |change: fn(&mut serde_json::Value)| {
        let later = act::begin_from(&lead.cx, world.lead.1, id).await.unwrap();
        let mut all = answers(world.lead.0);
        change(&mut all);
        world.answer(&lead.cx, later, all).await;
        world.app.advance(1_000);
        act::submit(&lead.cx, later, world.version(later).await, true, None).await.unwrap();
        later
    };
    again(|all| {
        all["dates"] = serde_json::json!({"from": "2027-06-01", "to": "2028-05-31"});
        all["certainty"] = "already_started".into();
        all["started_on"] = "2026-02-01".into();
    })
    .await;
    assert!(reasons(&world, id).await.is_empty(), "going on is no other work");
    let other = again(|all| all["staff_total"] = serde_json::json!(9)).await;
    assert_eq!(reasons(&world, id).await, ["answers"]);
    world.app.advance(1_000);
    act::withdraw(&lead.cx, other, world.version(other).await, "A mistake.").await.unwrap();
    assert!(reasons(&world, id).await.is_empty(), "what was taken back says nothing");
});

both_engines!(migrations, /// OFF-11: instead of confirming a stale approval, a new proposal is asked for: the supplier has a task, and the approval stays stale.
async fn off_11_a_new_proposal_is_asked_for(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _) = approved(&world, &lead).await;
    state(&world, 0, &agreement()).await;
    let manager = world.official("contract_manager").await;
    let mut browser = manager.browser(&world);
    let overview = browser.get(&format!("/proposals/{id}")).await;
    assert!(!overview.text().contains("Confirm the approval anew"), "{}", overview.text());
    let form = browser.get(&overview.link("Ask for a new proposal")).await;
    let action = format!("/proposals/{id}/approval/renew");
    assert_eq!(browser.submit(&form, &action, &[("reason", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.submit(&form, &action, &[("reason", "Say what the agreement covers.")]).await;
    assert_eq!(reasons(&world, id).await, ["mechanism"]);
    let case = world.case(id).await;
    let all = tasks::list(&manager.cx, manager.cx.db(), &case, Side::Authority).await.unwrap();
    assert!(all.iter().any(|task| task.title.contains("Propose again") && task.side == "supplier"), "{all:?}");
    assert!(world.mail().await[&lead.email].iter().any(|subject| subject.contains("a new proposal is asked for")));
});

#[test]
fn every_reason_has_its_words() {
    let args = ["country", "party", "was", "now", "tier"].map(|name| (name.to_owned(), "1".to_owned())).into();
    for (rule, _) in rules::stale::RULES.into_iter().chain([("country", &[][..])]) {
        let id = format!("rule-stale-{rule}");
        let said = platform::texts::say(&id, &args);
        assert!(said.ends_with('.') && !said.contains(&id), "{said}");
    }
    for outcome in ["home", "not-personal", "adequate", "conditional", "safeguards", "undetermined"] {
        assert!(platform::texts::has(&format!("stale-transfer-{outcome}")), "{outcome}");
    }
    assert!(platform::texts::has("breach-gap-stale"));
}
