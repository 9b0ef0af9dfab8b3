//! Deciding in somebody else's place: what counts, what is refused, and where it is said.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::Cx;
use platform::authz::{Actor, Guarded as _, Resource};
use platform::cases::api::Cases as _;
use platform::cases::rounds;
use platform::identity::{account, membership};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, refused_by};
use crate::casework::act as around;
use crate::casework::writing::Writing;
use crate::delegation::{act as delegation, model::Asking};
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving};
use crate::offshoring::model::{Hands, Proposal};
use crate::offshoring::store;

fn approving() -> Approving {
    Approving {
        reason: "The risk left is bearable.".to_owned(),
        conditions: String::new(),
        more_controls: Vec::new(),
        from: date(2026, 6, 1),
        to: date(2027, 5, 31),
    }
}

/// Lets `deputy` decide for `boss` from today, and gives what the deputy acts with then.
pub(super) async fn instead(world: &World, boss: &Person, deputy: &Person) -> (Uuid, Cx) {
    let core = &world.app.core;
    let today = core.clock.today();
    let of = boss.cx.actor.membership().unwrap();
    let asked =
        Asking { membership: of, to: deputy.account, from: today, until: today.tomorrow().unwrap(), reason: "On leave.".to_owned() };
    let id = delegation::make(&boss.cx, &asked).await.unwrap();
    let row = membership::Entity::find_by_id(id).one(core.db.reader()).await.unwrap().unwrap();
    let who = account::Entity::find_by_id(deputy.account).one(core.db.reader()).await.unwrap().unwrap();
    let session = deputy.cx.actor.account().unwrap().session;
    let actor = platform::identity::actor(core, &who, &row, session, true).await.unwrap();
    assert_eq!(actor.account().unwrap().stands_for(), Some(boss.account));
    (id, Cx::new(core, actor).unwrap())
}

both_engines!(migrations, /// OFF-11: a deputy approves as whoever is away would; the decision, its entry, the page, the history and the archive say for whom.
async fn off_11_a_deputy_decides_and_it_is_said_for_whom(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, ..) = world.at_decision(&lead).await;
    let (boss, deputy) = (world.official("management").await, world.official("owner").await);
    refused_by(act::approve(&deputy.cx, id, world.version(id).await, &approving()).await, "nothing-permits");
    let (role, cx) = instead(&world, &boss, &deputy).await;
    // The deputy hears of what comes to be decided from now on, and finds it by switching.
    let mut browser = deputy.browser(&world);
    let page = browser.get("/account/memberships").await;
    let page = browser.submit(&page, "/account/memberships", &[("membership", &role.to_string())]).await;
    assert!(page.text().contains("Waits for you (1)"), "{}", page.text());
    let page = browser.get(&format!("/proposals/{id}/decide")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("Pat owner, for Pat management"), "who may decide: {}", page.text());
    // Deciding, and no more of the role.
    refused_by(around::take_on::<Proposals>(&cx, id, world.version(id).await).await, "deputy-decides-and-no-more");
    refused_by(around::write::<Proposals>(&cx, id, &Writing::message("Hello")).await, "deputy-decides-and-no-more");
    world.app.advance(1_000);
    assert!(act::approve(&cx, id, world.version(id).await, &approving()).await.unwrap());
    let case = world.case(id).await;
    assert_eq!(case.stage, "approved");
    let decided = rounds::decisions(&boss.cx, boss.cx.db(), &case).await.unwrap().pop().unwrap();
    assert_eq!((decided.actor, decided.acts_for), (deputy.account, Some(boss.account)));
    let line = platform::book::timeline(&boss.cx, "proposal", &id.to_string(), 50).await.unwrap().pop().unwrap();
    assert_eq!((line.action.as_str(), line.about["acts_for"].as_str()), ("proposal.approve", boss.account.to_string().as_str()));
    let auditor = world.official("internal_audit").await;
    for at in ["", "/history"] {
        let page = auditor.browser(&world).get(&format!("/proposals/{id}{at}")).await.text();
        assert!(page.contains("Pat owner, for Pat management"), "{at}: {page}");
    }
    // The supplier reads what was decided, and not which of the authority's people did.
    for at in ["", "/history", "/letter"] {
        let page = lead.browser(&world).get(&format!("/proposals/{id}{at}")).await.text();
        assert!(!page.contains("Pat owner") && !page.contains("Pat management"), "{at}: {page}");
    }
});

both_engines!(migrations, /// OFF-11: neither a deputy nor whom they stand for had a hand in it, and the two count as one person.
async fn off_11_duties_are_separate_for_both(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, ..) = world.at_decision(&lead).await;
    let (boss, deputy) = (world.official("management").await, world.official("owner").await);
    let (_, cx) = instead(&world, &boss, &deputy).await;
    let of = store::load(cx.db(), world.case(id).await).await.unwrap();
    for who in [boss.account, deputy.account] {
        let hands = |hands: Hands| Proposal { hands, ..of.clone() };
        for (of, policy) in [
            (hands(Hands { assessed: vec![who], ..Hands::default() }), "assessor-never-decides"),
            (hands(Hands { recommended: vec![who], ..Hands::default() }), "recommender-never-decides"),
            (hands(Hands { submitted: vec![who], ..Hands::default() }), "submitter-never-decides"),
            (Proposal { manager: Some(who), ..of.clone() }, "who-manages-the-contract-never-decides"),
            (Proposal { entered_by: Some(who), ..of.clone() }, "who-entered-it-never-checks"),
        ] {
            refused_by(cx.permit("proposal.approve", &of).map(|_| ()), policy);
            refused_by(cx.permit("proposal.decline", &of).map(|_| ()), policy);
            assert!(!cx.may("proposal.confirm", &of), "{policy}");
        }
        // Nobody ratifies what they gave, or what was given in their place.
        for (by, given_for) in [(who, None), (lead.account, Some(who))] {
            let given = of.resource().with("urgent_by", by).maybe("urgent_for", given_for);
            let given = Resource { attrs: given.attrs.into_iter().filter(|(name, _)| *name != "urgent_ratifiers").collect(), ..given };
            let given = given.set("urgent_ratifiers", ["management"]);
            refused_by(cx.permit("proposal.ratify", &given).map(|_| ()), "who-gave-it-never-ratifies");
        }
        let vote = crate::offshoring::model::Vote {
            id: Uuid::nil(),
            level: "second_decision".to_owned(),
            actor: who,
            acts_for: None,
            at: 0,
        };
        let mut voted = of.clone();
        voted.deciding.votes.push(vote.clone());
        refused_by(cx.permit("proposal.approve", &voted).map(|_| ()), "nobody-approves-at-two-levels");
        // Whoever was stood in for has approved, too.
        voted.deciding.votes = vec![crate::offshoring::model::Vote { actor: lead.account, acts_for: Some(who), ..vote }];
        for by in [&boss.cx, &deputy.acting_as("management")] {
            let same = by.actor.account().unwrap().account == who;
            assert_eq!(by.may("proposal.approve", &voted), !same, "{:?}", by.actor);
        }
    }
    let breach = |who: Uuid| {
        Resource::new("breach", Uuid::nil())
            .with("stage", "deciding")
            .set("waits_for", ["management"])
            .set("above", Vec::<String>::new())
            .set("handled_by", [who])
    };
    for (who, may) in [(boss.account, false), (deputy.account, false), (lead.account, true)] {
        assert_eq!(cx.may("breach.decide", &breach(who)), may);
    }
});

both_engines!(migrations, /// OFF-11: nobody is a deputy at a second level of what they decided in somebody's place, and whoever is back decides nothing twice.
async fn off_11_two_levels_need_two_people_with_deputies(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, ..) = crate::offshoring::tests::levels::risky(&world, &lead).await;
    let (boss, deputy, data) = (world.official("management").await, world.official("owner").await, world.official("data_controller").await);
    let (_, for_boss) = instead(&world, &boss, &deputy).await;
    let (_, for_data) = instead(&world, &data, &deputy).await;
    world.app.advance(1_000);
    assert!(!act::approve(&for_boss, id, world.version(id).await, &approving()).await.unwrap());
    let version = world.version(id).await;
    for (cx, why) in [(&for_data, "the same deputy for another"), (&boss.acting_as("data_controller"), "whom they stood for"), (&deputy.acting_as("management"), "the deputy")] {
        let refused = act::approve(cx, id, version, &approving()).await;
        assert!(matches!(&refused, Err(platform::Error::Refused(of)) if of.policy == "nobody-approves-at-two-levels"), "{why}: {refused:?}");
    }
    let page = data.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(page.contains("Pat owner, for Pat management approved on"), "{page}");
    assert!(!page.contains("Pat owner, for Pat data controller"), "a deputy who decided may decide no more: {page}");
    world.app.advance(1_000);
    assert!(act::approve(&data.cx, id, version, &approving()).await.unwrap());
});

both_engines!(migrations, /// OFF-8, OFF-11: what whoever is away had taken on is found by their deputy, who hears of it; when it ends, it is theirs alone again.
async fn off_8_a_deputy_finds_what_was_taken_on(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, ..) = world.at_decision(&lead).await;
    let (boss, deputy) = (world.official("management").await, world.official("owner").await);
    around::take_on::<Proposals>(&boss.cx, id, world.version(id).await).await.unwrap();
    let (role, cx) = instead(&world, &boss, &deputy).await;
    let waits = platform::cases::queue::waits_for(Proposals::waiting_for(&cx.actor), &cx.actor);
    let found = platform::cases::queue::oldest(cx.db(), &crate::offshoring::model::PROPOSAL, store::visible(&cx.actor), waits, 10).await.unwrap();
    assert_eq!(found.iter().map(|case| case.id).collect::<Vec<_>>(), [id]);
    let told = platform::cases::people::deputies(&cx, cx.db(), boss.account, &["management"]).await.unwrap();
    assert_eq!(told.iter().map(|one| one.account).collect::<Vec<_>>(), [deputy.account]);
    assert!(platform::cases::people::deputies(&cx, cx.db(), boss.account, &["assessor"]).await.unwrap().is_empty());
    let row = membership::Entity::find_by_id(role).one(cx.db()).await.unwrap().unwrap();
    // An act under way when it ends is not done in their place any more.
    let mut late = cx.clone();
    delegation::end(&boss.cx, role, row.version).await.unwrap();
    late.request = Uuid::now_v7();
    let refused = act::approve(&late, id, world.version(id).await, &approving()).await;
    assert!(matches!(refused, Err(platform::Error::Stale(_))), "{refused:?}");
    assert_eq!(world.case(id).await.stage, "deciding");
    assert!(platform::cases::people::deputies(&cx, cx.db(), boss.account, &["management"]).await.unwrap().is_empty());
});

both_engines!(migrations, /// OFF-11: once it has ended, by whatever clock or hand, nothing is decided by it.
async fn off_11_nothing_is_decided_after_its_end(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, ..) = world.at_decision(&lead).await;
    let (boss, deputy) = (world.official("management").await, world.official("owner").await);
    let (role, _) = instead(&world, &boss, &deputy).await;
    let mut browser = deputy.browser(&world);
    let page = browser.get("/account/memberships").await;
    browser.submit(&page, "/account/memberships", &[("membership", &role.to_string())]).await;
    let page = browser.get(&format!("/proposals/{id}/approve")).await;
    assert_eq!(page.status, StatusCode::OK);
    let row = membership::Entity::find().filter(membership::Column::Id.eq(role)).one(boss.cx.db()).await.unwrap().unwrap();
    delegation::end(&boss.cx, role, row.version).await.unwrap();
    // The form that was open still: they are themselves again, and may not.
    let fields = [
        ("reason", "Bearable."), ("from.day", "1"), ("from.month", "6"), ("from.year", "2026"), ("to.day", "31"), ("to.month", "5"), ("to.year", "2027"),
    ];
    let answer = browser.submit(&page, "/approve", &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    assert_eq!(world.case(id).await.stage, "deciding");
    let actors = platform::identity::actors(&world.app.core, boss.cx.db(), deputy.account).await.unwrap();
    assert!(actors.iter().all(|actor: &Actor| actor.account().is_some_and(|one| one.acts_for.is_none())));
});
