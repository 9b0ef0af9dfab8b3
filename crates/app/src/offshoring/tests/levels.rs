//! Levels that decide: how many, who, and what they agree on.

use axum::http::StatusCode;
use jiff::civil::{Date, date};
use platform::Error;
use platform::cases::rounds;
use rules::risk::{Judgement, Point};
use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, answers, judgement, refused_by};
use crate::migrations::migrations;
use crate::offshoring::act::{self, Approving, Recommending};
use crate::offshoring::store;

fn with(conditions: &str, from: Date, to: Date) -> Approving {
    Approving { reason: "The risk left is bearable.".to_owned(), conditions: conditions.to_owned(), more_controls: Vec::new(), from, to }
}

fn whole(conditions: &str) -> Approving {
    with(conditions, date(2026, 6, 1), date(2027, 5, 31))
}

/// A proposal that has come to be decided with a high rating: it, and who assessed and recommended.
pub(crate) async fn risky(world: &World, lead: &Person) -> (Uuid, Person, Person) {
    let id = world.submitted(lead).await;
    let (manager, assessor, security) =
        (world.official("contract_manager").await, world.official("assessor").await, world.official("security").await);
    world.app.advance(1_000);
    act::pass_on(&manager.cx, id, world.version(id).await, None).await.unwrap();
    for factor in world.factors(&assessor, id).await {
        let row = store::assessment(&assessor.cx, assessor.cx.db(), &world.case(id).await).await.unwrap().unwrap();
        let high = Point { likelihood: 4, impact: 4 };
        let judged = Judgement { inherent: high, residual: high, ..judgement(&factor) };
        act::judge(&assessor.cx, id, row.version, judged, "As the answers say.").await.unwrap();
    }
    world.app.advance(1_000);
    act::assess(&assessor.cx, id, world.version(id).await, "Much is left.").await.unwrap();
    world.app.advance(1_000);
    act::recommend(&security.cx, id, world.version(id).await, Recommending::Approve, "With care.").await.unwrap();
    (id, assessor, security)
}

async fn lacking(world: &World, id: Uuid) -> Vec<(String, u32)> {
    let deciding = store::deciding_of(world.app.core.db.reader(), &world.case(id).await).await.unwrap();
    let of = |level: &crate::offshoring::model::Level| {
        (level.rule.id.clone(), deciding.ask(None, |_, votes| rules::levels::lacking(&level.rule, votes)))
    };
    deciding.levels.iter().map(of).collect()
}

both_engines!(migrations, /// OFF-11: a high rating asks for a second decision; the same person never counts twice, and what is approved is what both agree on.
async fn off_11_a_high_rating_needs_two_levels(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, assessor, security) = risky(&world, &lead).await;
    assert_eq!(lacking(&world, id).await, [("management".to_owned(), 1), ("second_decision".to_owned(), 1)]);
    let (first, second, data) =
        (world.official("management").await, world.official("management").await, world.official("data_controller").await);
    world.app.advance(1_000);
    let given = act::approve(&first.cx, id, world.version(id).await, &with("Tell us of changes.", date(2026, 7, 1), date(2027, 5, 31))).await.unwrap();
    assert!(!given, "one of two is none");
    let case = world.case(id).await;
    assert_eq!((case.stage.as_str(), case.owner), ("deciding", None));
    assert!(store::approval(&first.cx, first.cx.db(), &case).await.unwrap().is_none());
    assert_eq!(lacking(&world, id).await, [("management".to_owned(), 0), ("second_decision".to_owned(), 1)]);
    // Separation of duties, whatever role they act in; the same person at the other level neither.
    let version = world.version(id).await;
    refused_by(act::approve(&first.cx, id, version, &whole("")).await, "nobody-approves-at-two-levels");
    refused_by(act::approve(&first.acting_as("data_controller"), id, version, &whole("")).await, "nobody-approves-at-two-levels");
    refused_by(act::approve(&assessor.acting_as("data_controller"), id, version, &whole("")).await, "assessor-never-decides");
    refused_by(act::approve(&security.acting_as("management"), id, version, &whole("")).await, "recommender-never-decides");
    refused_by(act::approve(&world.official("legal").await.cx, id, version, &whole("")).await, "nothing-permits");
    assert!(matches!(act::approve(&data.tired(), id, version, &whole("")).await, Err(Error::SignInAgain)));
    // Days that nobody agrees on, and days the wrong way round.
    for (from, to) in [(date(2026, 6, 1), date(2026, 6, 20)), (date(2026, 9, 1), date(2026, 8, 1))] {
        assert!(matches!(act::approve(&second.cx, id, version, &with("", from, to)).await, Err(Error::Invalid(_))));
    }
    // The next level hears of it, and reads who decided and what is missing.
    assert!(world.mail().await[&data.email].iter().any(|subject| subject.contains("next level")));
    let page = data.browser(&world).get(&format!("/proposals/{id}")).await.text();
    for word in ["Who decides", "A second decision", "1 approval missing", "Pat management approved on", "May decide: "] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let supplier = lead.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(!supplier.contains("Who decides") && !supplier.contains("bearable"), "the supplier reads nothing of it yet: {supplier}");
    world.app.advance(1_000);
    let done = act::approve(&data.cx, id, version, &with("Tell us of changes.\nKeep the keys at home.", date(2026, 6, 1), date(2027, 1, 31))).await;
    assert!(done.unwrap());
    let case = world.case(id).await;
    assert_eq!(case.stage, "approved");
    let approval = store::approval(&data.cx, data.cx.db(), &case).await.unwrap().unwrap();
    assert_eq!((approval.from.as_str(), approval.to.as_str()), ("2026-07-01", "2027-01-31"), "the days that both set");
    assert_eq!(approval.conditions, "Tell us of changes.\nKeep the keys at home.", "each condition once");
    let decided = rounds::decisions(&data.cx, data.cx.db(), &case).await.unwrap();
    let decided: Vec<(&str, &str)> = decided.iter().map(|d| (d.level.as_str(), d.choice.as_str())).skip(4).collect();
    assert_eq!(decided, [("consent", "consented"), ("decide", "approved")]);
});

both_engines!(migrations, /// OFF-11: personal data in a country without adequacy asks for a second decision, by what the pack says, and by what the authority recorded of the country.
async fn off_11_personal_data_without_adequacy_needs_two_levels(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let personal = |whose: &str| {
        let mut all = answers(world.lead.0);
        all["countries"][0]["country_personal"] = json!(["accessed"]);
        all["countries"][0]["country_personal_whose"] = json!([whose]);
        all["countries"][0]["country_protection"] = json!("An agreement and its assessment.");
        all["countries"][0]["country_mechanism"] = json!("transfer_agreement");
        all["information"][0]["info_personal"] = json!("personal");
        all["information"][0]["info_people"] = json!(40);
        all["information"][0]["info_special"] = json!(["none_of_these"]);
        all
    };
    let (id, ..) = world.at_decision_of(&lead, personal("customers")).await;
    assert_eq!(lacking(&world, id).await.len(), 2);
    let (staff, ..) = world.at_decision_of(&lead, personal("authority_staff")).await;
    assert_eq!(lacking(&world, staff).await.len(), 1, "of the authority's own staff");
    let data = world.official("data_controller").await;
    let adequate = crate::country::model::Details { adequacy: Some("full".to_owned()), ..Default::default() };
    crate::geography::act::state(&data.cx, rules::country::Country::from_code("IN").unwrap(), 0, &adequate).await.unwrap();
    let (later, ..) = world.at_decision_of(&lead, personal("customers")).await;
    assert_eq!(lacking(&world, later).await, [("management".to_owned(), 1)], "what the authority found counts first");
    // What is found meanwhile counts when it is decided: one approval is not enough any more.
    let none = crate::country::model::Details { adequacy: Some("none".to_owned()), ..Default::default() };
    crate::geography::act::state(&data.cx, rules::country::Country::from_code("IN").unwrap(), 1, &none).await.unwrap();
    let boss = world.official("management").await;
    world.app.advance(1_000);
    assert!(!act::approve(&boss.cx, later, world.version(later).await, &whole("")).await.unwrap());
    assert_eq!(world.case(later).await.stage, "deciding");
    assert_eq!(lacking(&world, later).await, [("management".to_owned(), 0), ("second_decision".to_owned(), 1)]);
});

both_engines!(migrations, /// OFF-11: anybody who may decide at a level may decline, for assessed risks; whoever manages the contract decides nothing about its work.
async fn off_11_one_level_declines_and_the_contracts_manager_never_decides(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, ..) = risky(&world, &lead).await;
    let (boss, data) = (world.official("management").await, world.official("data_controller").await);
    let of = store::load(boss.cx.db(), world.case(id).await).await.unwrap();
    let managed = crate::offshoring::model::Proposal { manager: Some(boss.account), ..of };
    refused_by(boss.cx.permit("proposal.approve", &managed).map(|_| ()), "who-manages-the-contract-never-decides");
    refused_by(boss.cx.permit("proposal.decline", &managed).map(|_| ()), "who-manages-the-contract-never-decides");
    act::approve(&boss.cx, id, world.version(id).await, &whole("")).await.unwrap();
    world.app.advance(1_000);
    let version = world.version(id).await;
    assert!(matches!(act::decline(&data.cx, id, version, &[], "No").await, Err(Error::Invalid(_))), "an assessed risk is named");
    // By its page: approving is offered to the level that lacks, declining to both.
    let mut browser = boss.browser(&world);
    let page = browser.get(&format!("/proposals/{id}/decide")).await;
    assert!(page.status == StatusCode::OK && page.text().contains("Decline"), "{}", page.text());
    assert_eq!(browser.get(&format!("/proposals/{id}/approve")).await.status, StatusCode::FORBIDDEN);
    act::decline(&data.cx, id, version, &["site_security".to_owned()], "Strangers share the floor.").await.unwrap();
    assert_eq!(world.case(id).await.stage, "declined");
});
