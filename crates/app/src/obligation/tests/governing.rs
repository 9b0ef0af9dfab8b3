//! Which document governs a duty, and what contract and plan ask of it.

use axum::http::StatusCode;
use platform::Error;
use rules::governing::{Demand, Direction, Outcome, Source};
use testkit::both_engines;
use uuid::Uuid;

use crate::migrations::migrations;
use crate::obligation::act;
use crate::obligation::governing;
use crate::obligation::store::{self, Duty};
use crate::obligation::terms::{Document, PLAN, Way, plan_at};
use crate::offshoring::tests::world::{World, refused_by};
use crate::plan::tests::agreed;
use crate::ruling::model::Rule;
use crate::ruling::tests::{SECURITY, governs, ruled_by};

fn rule() -> Rule {
    Rule { pack: SECURITY.to_owned(), obligation: "ask_before_doubt".to_owned() }
}

fn words(text: &str) -> Way {
    Way::Asks(Demand::Text { text: text.to_owned() })
}

async fn duty(world: &World, place: Uuid) -> Duty {
    store::get(&world.app.operator(), place, SECURITY, &rule().obligation).await.unwrap()
}

both_engines!(migrations, /// SEC-1: what is not recorded is not known; contract and pack alone, the same, and another are told apart, with the reasons.
async fn sec_1_contract_and_pack(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let legal = world.official("legal").await;
    let stands = async || governs(&world, world.sub.1, &rule()).await.decision;
    let before = stands().await;
    assert_eq!(before.explained.outcome, Outcome::Undetermined);
    let missing: Vec<&str> = before.explained.missing.iter().map(|fact| fact.0).collect();
    assert_eq!(missing, ["contract.applies", "contract.asks"]);
    let rows = [
        (Way::Nothing, Outcome::Governed, Some(Source::Pack), false),
        (Way::Same, Outcome::Governed, Some(Source::Contract), false),
        (words("Ask the registrar."), Outcome::Conflict, None, true),
        (Way::Unknown, Outcome::Undetermined, None, false),
    ];
    for (version, (way, outcome, source, invited)) in (0..).zip(rows) {
        // Recorded at the lead's, it holds for the whole chain.
        act::state_term(&legal.cx, &duty(&world, world.lead.1).await, Document::Contract, version, way.clone(), Some("Schedule 7")).await.unwrap();
        let decision = stands().await;
        assert_eq!((decision.explained.outcome, decision.governs, decision.ruling_invited), (outcome, source, invited), "{way:?}");
    }
    let stale = act::state_term(&legal.cx, &duty(&world, world.lead.1).await, Document::Contract, 1, Way::Same, None).await;
    assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");
    let none = act::state_term(&legal.cx, &duty(&world, world.lead.1).await, Document::Plan, 0, Way::Same, None).await;
    assert!(matches!(none, Err(Error::Conflict(_))), "no plan is agreed: {none:?}");
});

both_engines!(migrations, /// SEC-1: a period of the pack is compared with the contract's as a number, and the stricter applies, also if it is the pack's.
async fn sec_1_the_stricter_applies(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let legal = world.official("legal").await;
    let cx = world.app.operator();
    let duty = store::get(&cx, world.contract, SECURITY, "give_rulings").await.unwrap();
    let limit = |value: u64| Way::Asks(Demand::Limit { value, unit: "working_days".to_owned(), direction: Direction::AtMost });
    let rows = [
        (5, Outcome::StricterApplies, Source::Contract),
        (20, Outcome::StricterApplies, Source::Pack),
        (10, Outcome::Governed, Source::Contract),
    ];
    for (version, (value, outcome, source)) in (0..).zip(rows) {
        act::state_term(&legal.cx, &duty, Document::Contract, version, limit(value), None).await.unwrap();
        let decision = governing::of(&cx, cx.db(), &duty).await.unwrap().decision;
        assert_eq!((decision.explained.outcome, decision.governs), (outcome, Some(source)), "{value}");
    }
});

both_engines!(migrations, /// SEC-1: what the plan asks is of the version in which it was read; those below work by the plan above them where they have none.
async fn sec_1_the_agreed_plan(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let cx = world.app.operator();
    assert_eq!(plan_at(cx.db(), world.sub.1).await.unwrap(), None);
    let plan = agreed(&world, &lead, &security).await;
    assert_eq!(crate::plan::model::PLAN.id, PLAN);
    let in_force = crate::plan::store::in_force(cx.db(), world.lead.1).await.unwrap().unwrap();
    for place in [world.lead.1, world.sub.1] {
        assert_eq!(plan_at(cx.db(), place).await.unwrap().map(|case| case.id), Some(in_force.case.id));
    }
    assert_eq!(plan_at(cx.db(), world.other.1).await.unwrap(), None);
    let at = duty(&world, world.sub.1).await;
    act::state_term(&security.cx, &at, Document::Contract, 0, Way::Nothing, None).await.unwrap();
    let open = governs(&world, world.sub.1, &rule()).await.decision.explained;
    assert_eq!((open.outcome, open.missing.iter().map(|fact| fact.0).collect::<Vec<_>>()), (Outcome::Undetermined, vec!["plan.applies", "plan.asks"]));
    act::state_term(&security.cx, &at, Document::Plan, 0, Way::Same, Some("Section 3")).await.unwrap();
    for place in [world.lead.1, world.sub.1] {
        let found = governs(&world, place, &rule()).await;
        assert_eq!((found.decision.explained.outcome, found.decision.governs), (Outcome::Governed, Some(Source::Plan)));
        assert_eq!((found.plan.plan, found.plan_is_earlier()), (Some(plan), false));
    }
});

both_engines!(migrations, /// SEC-1, OWN-3: who answers for contract, security or law records; suppliers read what applies, and others nothing.
async fn sec_1_who_records_and_who_reads(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let at = duty(&world, world.lead.1).await;
    for role in ["management", "assessor", "procurement_lead", "owner", "internal_audit", "administrator"] {
        let cx = world.official(role).await.cx;
        refused_by(act::state_term(&cx, &at, Document::Contract, 0, Way::Same, None).await, "nothing-permits");
    }
    let lead = world.person("supplier_lead", world.lead.0).await;
    refused_by(act::state_term(&lead.cx, &at, Document::Contract, 0, Way::Same, None).await, "nothing-permits");
    let path = format!("/obligations/{}/{SECURITY}/{}", world.lead.1, rule().obligation);
    let mut manager = world.official("contract_manager").await.browser(&world);
    let page = manager.get(&path).await;
    assert!(page.text().contains("Not recorded yet") && page.body.contains(&format!("{path}/terms/contract")), "{}", page.text());
    assert!(!page.body.contains("/terms/plan"));
    let form = manager.get(&format!("{path}/terms/contract")).await;
    let (to, fields) = form.fill("/terms/contract", &[]);
    let again = manager.post_raw(&to, &fields).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.text().contains("Choose what it says"), "{}", again.text());
    let (to, fields) = again.fill("/terms/contract", &[("q.asks", "words"), ("words", "Ask the registrar."), ("clause", "Schedule 7")]);
    assert_eq!(manager.post_raw(&to, &fields).await.status, StatusCode::SEE_OTHER);
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    for word in ["Conflict", "Ask the registrar.", "Schedule 7", "Follow each as far as you can", "Ask for a ruling"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    assert!(!page.body.contains("/terms/contract"), "{}", page.body);
    assert_eq!(browser.get(&format!("{path}/terms/contract")).await.status, StatusCode::NOT_FOUND);
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
});
