//! Rulings, through acts, pages and programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod pages;
mod twin;

use jiff::civil::Date;
use platform::Cx;
use platform::Error;
use rules::governing::{Demand, Direction, Outcome, Source};
use testkit::both_engines;
use uuid::Uuid;

use super::model::{Giving, RULING, Rule, Says, Stands, stands};
use super::{act, store};
use crate::migrations::migrations;
use crate::obligation::governing::{self, Governs};
use crate::obligation::store as duties;
use crate::obligation::terms::{Document, Way};
use crate::offshoring::tests::world::{World, refused_by};

pub(crate) const SECURITY: &str = "provider_security";
/// Blocked until a ruling allows it.
pub(crate) const SCANS: &str = "no_electronic_retention_without_ruling";

pub(crate) fn scans() -> Rule {
    Rule { pack: SECURITY.to_owned(), obligation: SCANS.to_owned() }
}

/// Puts the pack with the rules on the contract, unless it is on it.
pub(crate) async fn ruled_by(world: &World) {
    let cx = world.app.operator();
    let on = crate::contract::store::packs_on(cx.db(), world.contract).await.unwrap();
    if on.iter().all(|one| one.pack != SECURITY) {
        let edition = crate::pack::packs(&world.app.core).newest(SECURITY).unwrap().edition.clone();
        crate::contract::act::put_pack(&cx, world.contract, SECURITY, &edition, Some("agreed")).await.unwrap();
    }
}

/// A question of the lead's about electronic retention.
pub(crate) async fn asked(world: &World, by: &Cx, question: &str) -> Uuid {
    ruled_by(world).await;
    act::ask(by, world.lead.1, Some(&scans()), question).await.unwrap()
}

pub(crate) fn today(world: &World) -> Date {
    world.app.core.clock.today()
}

/// That scans may be kept alone from a day on.
pub(crate) fn allowing(from: Date) -> Giving {
    let says = Says { asks: None, allows: Some(true), reason: "Your scans are certified.".to_owned() };
    Giving { from, until: None, says, replaces: Vec::new() }
}

async fn version(world: &World, id: Uuid) -> i32 {
    store::get(world.app.core.db.reader(), id).await.unwrap().case.version
}

/// What governs the rule at a place.
pub(crate) async fn governs(world: &World, place: Uuid, rule: &Rule) -> Governs {
    let cx = world.app.operator();
    let duty = duties::get(&cx, place, &rule.pack, &rule.obligation).await.unwrap();
    governing::of(&cx, cx.db(), &duty).await.unwrap()
}

async fn outcome(world: &World) -> Outcome {
    governs(world, world.lead.1, &scans()).await.decision.explained.outcome
}

/// What the contract says of electronic retention was looked up: nothing.
async fn contract_says_nothing(world: &World, by: &Cx) {
    let duty = duties::get(by, world.lead.1, SECURITY, SCANS).await.unwrap();
    crate::obligation::act::state_term(by, &duty, Document::Contract, 0, Way::Nothing, None).await.unwrap();
}

both_engines!(migrations, /// SEC-39: electronic retention stays blocked until a ruling on this contract allows it, from its first day to its last, and again once it is taken back.
async fn sec_39_electronic_retention_is_blocked_until_a_ruling_allows_it(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = asked(&world, &lead.cx, "May we keep scans alone?").await;
    assert_eq!(outcome(&world).await, Outcome::Blocked);
    // What contract and pack say does not lift it.
    let security = world.official("security").await;
    contract_says_nothing(&world, &security.cx).await;
    assert_eq!(outcome(&world).await, Outcome::Blocked);
    // From its first day.
    let tomorrow = today(&world).tomorrow().unwrap();
    let with = Giving { until: Some(tomorrow), ..allowing(tomorrow) };
    act::rule(&security.cx, id, version(&world, id).await, &with).await.unwrap();
    assert_eq!(outcome(&world).await, Outcome::Blocked);
    world.app.advance(platform::clock::DAY);
    let allowed = governs(&world, world.lead.1, &scans()).await;
    assert_eq!((allowed.decision.explained.outcome, allowed.decision.governs), (Outcome::Governed, Some(Source::Pack)));
    assert!(allowed.decision.explained.because.iter().any(|reason| reason.rule == "ruling_allows"));
    // To its last.
    world.app.advance(platform::clock::DAY);
    assert_eq!(outcome(&world).await, Outcome::Blocked);
    // And until it is taken back.
    let again = asked(&world, &lead.cx, "And from now on?").await;
    let security = world.official("security").await;
    act::rule(&security.cx, again, version(&world, again).await, &allowing(today(&world))).await.unwrap();
    assert_eq!(outcome(&world).await, Outcome::Governed);
    act::revoke(&security.cx, again, version(&world, again).await, today(&world), "The scanner failed its test.").await.unwrap();
    assert_eq!(outcome(&world).await, Outcome::Blocked);
    let twice = act::revoke(&security.cx, again, version(&world, again).await, today(&world), "Again.").await;
    assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
});

both_engines!(migrations, /// SEC-36: a supplier asks, the authority answers with a ruling that binds on that contract and its chain, and on no other.
async fn sec_36_a_question_becomes_a_ruling_binding_on_the_contract(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let rule = Rule { pack: SECURITY.to_owned(), obligation: "apply_stricter".to_owned() };
    // Anybody who is bound asks, its own question.
    let member = world.person("supplier_member", world.sub.0).await;
    let other = world.person("supplier_lead", world.other.0).await;
    for (cx, place) in [(&other.cx, world.sub.1), (&member.cx, world.lead.1)] {
        assert!(matches!(act::ask(cx, place, Some(&rule), "What?").await, Err(Error::Refused(r)) if r.hidden));
    }
    for (rule, question, field) in [(None, "What?", "rule"), (Some(&rule), " ", "question")] {
        let wrong = act::ask(&member.cx, world.sub.1, rule, question).await;
        assert!(matches!(wrong, Err(Error::Invalid(e)) if e.get(field).is_some()));
    }
    let unknown = Rule { pack: "offshoring".to_owned(), obligation: "inform_before".to_owned() };
    assert!(matches!(act::ask(&member.cx, world.sub.1, Some(&unknown), "What?").await, Err(Error::Invalid(_))), "a pack that is not on the contract");
    let id = act::ask(&member.cx, world.sub.1, Some(&rule), "Which is stricter, 24 hours or a working day?").await.unwrap();
    let case = store::get(member.cx.db(), id).await.unwrap().case;
    assert_eq!((case.reference.as_deref(), case.stage.as_str(), case.title.as_str()), (Some("RUL-2026-000001"), "asked", "Apply the stricter rule"));
    // Who rules, and with what.
    let security = world.official("security").await;
    let day = today(&world);
    let limit = Demand::Limit { value: 24, unit: "hours".to_owned(), direction: Direction::AtMost };
    let says = Says { asks: Some(limit), allows: None, reason: "Nights count.".to_owned() };
    let with = Giving { from: day, until: None, says, replaces: Vec::new() };
    for role in ["management", "assessor", "procurement_lead", "internal_audit"] {
        refused_by(act::rule(&world.official(role).await.cx, id, 1, &with).await, "nothing-permits");
    }
    refused_by(act::rule(&member.cx, id, 1, &with).await, "who-asks-never-rules");
    refused_by(act::rule(&world.person("supplier_lead", world.lead.0).await.cx, id, 1, &with).await, "nothing-permits");
    assert!(matches!(act::rule(&security.tired(), id, 1, &with).await, Err(Error::SignInAgain)));
    let wrong: [(Giving, &str); 4] = [
        (Giving { until: Some(day.yesterday().unwrap()), ..with.clone() }, "until"),
        (Giving { says: Says { allows: Some(true), ..with.says.clone() }, ..with.clone() }, "allows"),
        (Giving { says: Says { asks: None, ..with.says.clone() }, ..with.clone() }, "q.asks"),
        (Giving { replaces: vec![Uuid::from_u128(9)], ..with.clone() }, "replaces"),
    ];
    for (with, field) in wrong {
        let refused = act::rule(&security.cx, id, 1, &with).await;
        assert!(matches!(&refused, Err(Error::Invalid(e)) if e.get(field).is_some()), "{field}: {refused:?}");
    }
    act::rule(&security.cx, id, 1, &with).await.unwrap();
    assert!(matches!(act::rule(&security.cx, id, 1, &with).await, Err(Error::Stale(_))));
    // It binds above and below the place that asked, and nobody on another contract.
    for place in [world.lead.1, world.sub.1] {
        let governs = governs(&world, place, &rule).await;
        assert_eq!((governs.decision.explained.outcome, governs.decision.governs), (Outcome::Ruled, Some(Source::Ruling)));
        assert_eq!(governs.decision.ruling.unwrap().reference, "RUL-2026-000001");
    }
    let elsewhere = crate::contract::chain::place(member.cx.db(), world.other.1).await.unwrap().row.contract;
    let cx = world.app.operator();
    crate::contract::act::put_pack(&cx, elsewhere, SECURITY, "2026.1", Some("agreed")).await.unwrap();
    assert!(governs(&world, world.other.1, &rule).await.rulings.is_empty());
    assert_eq!(RULING.faults(), Vec::<String>::new());
});

both_engines!(migrations, /// SEC-36: whoever asked never rules on it, in whatever role; a question is declined or taken back with a reason.
async fn sec_36_whoever_asked_never_rules(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let security = world.official("security").await;
    let id = asked(&world, &security.cx, "What do we say of scans?").await;
    refused_by(act::rule(&security.cx, id, 1, &allowing(today(&world))).await, "who-asks-never-rules");
    refused_by(act::rule(&security.acting_as("legal"), id, 1, &allowing(today(&world))).await, "who-asks-never-rules");
    assert!(matches!(act::decline(&world.official("legal").await.cx, id, 1, "").await, Err(Error::Invalid(_))));
    act::decline(&world.official("legal").await.cx, id, 1, "The rule is plain.").await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    let theirs = asked(&world, &lead.cx, "May we?").await;
    refused_by(act::withdraw(&security.cx, theirs, 1, "Not needed.").await, "nothing-permits");
    refused_by(act::withdraw(&world.person("supplier_member", world.lead.0).await.cx, theirs, 1, "Not needed.").await, "nothing-permits");
    act::withdraw(&lead.cx, theirs, 1, "Not needed.").await.unwrap();
    assert!(matches!(act::rule(&security.cx, theirs, 2, &allowing(today(&world))).await, Err(Error::Conflict(_))));
});

both_engines!(migrations, /// SEC-36: a later ruling takes the place of those that it names, from its first day; they do not come back when it is taken back.
async fn sec_36_a_later_ruling_takes_the_place_of_an_earlier_one(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let first = asked(&world, &lead.cx, "May we keep scans alone?").await;
    act::rule(&security.cx, first, 1, &allowing(today(&world))).await.unwrap();
    contract_says_nothing(&world, &security.cx).await;
    world.app.advance(platform::clock::SECOND);
    let second = asked(&world, &lead.cx, "Also of letters?").await;
    let tomorrow = today(&world).tomorrow().unwrap();
    let refusing = Says { asks: None, allows: Some(false), reason: "Letters get lost.".to_owned() };
    let with = Giving { from: tomorrow, until: None, says: refusing, replaces: vec![first] };
    act::rule(&security.cx, second, 1, &with).await.unwrap();
    let stands = async || {
        let given = governs(&world, world.lead.1, &scans()).await.rulings;
        given.iter().map(|one| one.stands(today(&world))).collect::<Vec<_>>()
    };
    assert_eq!((stands().await, outcome(&world).await), (vec![Stands::Holds, Stands::Coming], Outcome::Governed));
    world.app.advance(platform::clock::DAY);
    assert_eq!((stands().await, outcome(&world).await), (vec![Stands::Superseded, Stands::Holds], Outcome::Blocked));
    let security = world.official("security").await;
    act::revoke(&security.cx, second, version(&world, second).await, today(&world), "We looked again.").await.unwrap();
    assert_eq!((stands().await, outcome(&world).await), (vec![Stands::Superseded, Stands::Revoked], Outcome::Blocked));
    // Its history says which took its place.
    let lines = platform::book::timeline(&world.app.operator(), RULING.id, &first.to_string(), 10).await.unwrap();
    let ended = lines.iter().find(|line| line.action == "ruling.supersede").unwrap();
    assert_eq!(ended.about.get("by"), Some(&second.to_string()));
});

both_engines!(migrations, /// SEC-36: the duty to answer counts from the question, and the ruling shows it met.
async fn sec_36_the_duty_to_answer_counts_from_the_question(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    ruled_by(&world).await;
    let cx = world.app.operator();
    let duty = async || duties::get(&cx, world.contract, SECURITY, "give_rulings").await.unwrap();
    assert_eq!(duty().await.due_on(), None);
    let first = asked(&world, &lead.cx, "May we?").await;
    assert!(duty().await.due_on().is_some() && !duty().await.row.met);
    act::withdraw(&lead.cx, first, 1, "Not needed.").await.unwrap();
    assert_eq!(duty().await.due_on(), None);
    let second = asked(&world, &lead.cx, "May we after all?").await;
    world.app.advance(platform::clock::DAY);
    act::rule(&world.official("legal").await.cx, second, 1, &allowing(today(&world))).await.unwrap();
    let after = duty().await;
    assert!(after.row.met && after.row.shown_by.as_deref() == Some("RUL-2026-000002"), "{:?}", after.row);
});

/// SEC-36: how a ruling stands on each day.
#[test]
fn sec_36_how_a_ruling_stands() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let (from, until) = (day("2026-03-02"), Some(day("2026-03-10")));
    let rows = [
        (None, "2026-03-01", Stands::Coming),
        (None, "2026-03-02", Stands::Holds),
        (None, "2026-03-10", Stands::Holds),
        (None, "2026-03-11", Stands::Ended),
        (Some(("2026-03-05", false)), "2026-03-04", Stands::Holds),
        (Some(("2026-03-05", false)), "2026-03-05", Stands::Revoked),
        (Some(("2026-03-05", true)), "2026-03-05", Stands::Superseded),
        // Taken back before it began, it never holds.
        (Some(("2026-03-02", false)), "2026-03-01", Stands::Revoked),
        (Some(("2026-03-20", false)), "2026-03-11", Stands::Ended),
    ];
    for (over, on, expected) in rows {
        assert_eq!(stands(from, until, over.map(|(on, later)| (day(on), later)), day(on)), expected, "{over:?} {on}");
    }
}
