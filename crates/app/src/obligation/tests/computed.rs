//! By when a duty is due: from the contract's days, the chain, and what happened.

use std::collections::BTreeMap;

use jiff::civil::Date;
use testkit::both_engines;
use uuid::Uuid;

use crate::migrations::migrations;
use crate::obligation::model::{Ground, Happened, Key, Owed, Shown, Spot, Which};
use crate::obligation::store;
use crate::offshoring::act;
use crate::offshoring::tests::world::World;
use crate::pack::Packs;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

const LEAD: Uuid = Uuid::from_u128(1);
const SUB: Uuid = Uuid::from_u128(2);
const BESIDE: Uuid = Uuid::from_u128(3);

/// A lead with a sub-contractor, and a second lead beside it, under the three packs.
fn ground() -> Ground {
    let packs = Packs::load(std::path::Path::new("")).unwrap();
    let spot = |id, above, tier, since| Spot { id, party: id, above, tier, since: Some(day(since)), bids: false };
    Ground {
        contract: Uuid::from_u128(9),
        authority: Uuid::from_u128(8),
        days: [("contract_start", day("2026-01-10")), ("contract_end", day("2027-01-09"))].into(),
        places: vec![spot(LEAD, None, 1, "2026-01-10"), spot(BESIDE, None, 1, "2026-01-10"), spot(SUB, Some(LEAD), 2, "2026-04-01")],
        packs: packs.all_newest().map(|p| (p.clone(), BTreeMap::new())).collect(),
        ..Ground::default()
    }
}

fn key(at: Uuid, pack: &str, duty: &str) -> Key {
    (at, pack.to_owned(), duty.to_owned())
}

fn find(ground: &Ground, recorded: &BTreeMap<Key, Shown>, at: Uuid, pack: &str, duty: &str) -> Owed {
    let key = key(at, pack, duty);
    ground.owed(recorded, Which::All).into_iter().find(|o| o.key == key).unwrap_or_else(|| panic!("{key:?} is not owed"))
}

fn due(ground: &Ground, at: Uuid, pack: &str, duty: &str) -> Option<Date> {
    find(ground, &BTreeMap::new(), at, pack, duty).due_on
}

/// SEC-2, SEC-8b: a duty is due by the contract's own days; the signature is not the start; what nobody knows has no day.
#[test]
fn the_contracts_days_decide() {
    let mut on = ground();
    assert_eq!(due(&on, LEAD, "provider_security", "keep_security_plan"), Some(day("2026-01-09")));
    assert_eq!(due(&on, SUB, "provider_security", "declare_vetting_yearly"), Some(day("2027-01-10")));
    assert_eq!(due(&on, on.contract, "outsourcing", "account_for_everything"), Some(day("2027-01-08")));
    assert_eq!(due(&on, on.contract, "outsourcing", "legal_review"), None, "the start is no signature");
    on.days.insert("contract_signature", day("2025-12-20"));
    assert_eq!(due(&on, on.contract, "outsourcing", "legal_review"), Some(day("2025-12-19")));
    assert_eq!(due(&on, LEAD, "provider_security", "report_at_once"), None);
    on.ended = true;
    assert_eq!(due(&on, SUB, "provider_security", "declare_vetting_yearly"), None, "what recurs ends with the contract");
}

/// SEC-4: what a lead does before a party joins is due for those who join below it, and for no others.
#[test]
fn a_party_that_joins_concerns_its_own_lead() {
    let on = ground();
    assert_eq!(due(&on, LEAD, "provider_security", "flow_duties_down"), Some(day("2026-03-31")));
    assert_eq!(due(&on, BESIDE, "provider_security", "flow_duties_down"), None);
    assert!(!on.owed(&BTreeMap::new(), Which::All).iter().any(|o| o.key.0 == SUB && o.key.2 == "flow_duties_down"));
}

/// OFF-8, OFF-Q1: an event concerns the place where it happened, the lead above in what it owes for its chain, and the authority.
#[test]
fn what_happens_makes_due_and_shows() {
    let mut on = ground();
    let at = |event: &str, place, when: &str| Happened {
        event: event.to_owned(),
        place: Some(place),
        day: day(when),
        reference: Some("OFF-2026-000001".to_owned()),
    };
    on.events = vec![at("offshore_proposal", SUB, "2026-05-01"), at("offshore_start", SUB, "2026-08-01")];
    let none = BTreeMap::new();
    let described = find(&on, &none, SUB, "offshoring", "describe_business");
    assert!(described.met && described.due_on.is_none(), "{described:?}");
    assert_eq!(described.shown, Some((day("2026-05-01"), Some("OFF-2026-000001".to_owned()))));
    assert!(!find(&on, &none, LEAD, "offshoring", "describe_business").met);
    assert!(find(&on, &none, LEAD, "offshoring", "submit_questionnaire").met, "the lead submits for its chain");
    assert!(!find(&on, &none, BESIDE, "offshoring", "submit_questionnaire").met);
    assert_eq!(due(&on, SUB, "offshoring", "inform_before"), Some(day("2026-07-31")));
    assert_eq!(due(&on, LEAD, "offshoring", "inform_before"), None);
    // Friday 1 May and five working days, a bank holiday among them.
    assert_eq!(due(&on, on.contract, "offshoring", "check_and_pass_on"), Some(day("2026-05-11")));
    on.events.push(at("proposal_checked", SUB, "2026-05-06"));
    assert_eq!(due(&on, on.contract, "offshoring", "check_and_pass_on"), None);
    // A second one comes in: due again, counted from the one that was not checked.
    on.events.extend([at("offshore_proposal", SUB, "2026-06-01"), at("offshore_proposal", SUB, "2026-06-20")]);
    assert_eq!(due(&on, on.contract, "offshoring", "check_and_pass_on"), Some(day("2026-06-08")));
}

/// SEC-2: evidence holds until its last day, and what somebody recorded counts together with what the service saw.
#[test]
fn evidence_runs_out() {
    let on = ground();
    let which = key(LEAD, "provider_security", "keep_anti_malware");
    let shown = Shown { met_on: Some(day("2026-02-01")), covers_to: Some(day("2026-06-30")) };
    let owed = find(&on, &[(which, shown)].into(), LEAD, "provider_security", "keep_anti_malware");
    assert_eq!((owed.met, owed.due_on), (true, Some(day("2026-06-30"))));
}

/// OFF-5, SEC-2: no condition is read as "no" while its fact is not known.
#[test]
fn unknown_is_not_no() {
    let mut on = ground();
    let has = |on: &Ground, duty: &str| on.owed(&BTreeMap::new(), Which::All).into_iter().find(|o| o.key.0 == LEAD && o.key.2 == duty);
    assert!(!has(&on, "keep_special_retention").unwrap().certain);
    for (value, certain) in [(true, Some(true)), (false, None)] {
        for (_, facts) in &mut on.packs {
            facts.insert("special_retention".to_owned(), value.into());
        }
        assert_eq!(has(&on, "keep_special_retention").map(|o| o.certain), certain);
    }
}

both_engines!(migrations, /// OFF-8, OFF-10, OFF-11: the steps of a proposal make duties due, and show those that the step itself meets.
async fn the_steps_of_a_proposal_are_events(db) {
    let world = World::new(db).await;
    crate::contract::act::put_pack(&world.app.operator(), world.contract, "offshoring", "2026.1", Some("agreed")).await.unwrap();
    let cx = world.app.operator();
    let get = async |at: Uuid, duty: &str| store::get(&cx, at, "offshoring", duty).await.unwrap();
    let (lead, contract) = (world.lead.1, world.contract);
    assert!(!get(lead, "describe_sites").await.row.met);
    assert!(get(contract, "reason_for_withdrawn_pack").await.row.met, "the reason was asked for when the pack was put on");
    let by = world.person("supplier_lead", world.lead.0).await;
    let (id, _, _) = world.at_decision(&by).await;
    let described = get(lead, "describe_sites").await.row;
    assert_eq!((described.met, described.shown_on.as_deref(), described.shown_by), (true, Some("2026-03-02"), world.case(id).await.reference));
    assert!(!get(world.sub.1, "describe_sites").await.row.met, "the sub-contractor proposed nothing");
    assert!(get(contract, "check_and_pass_on").await.row.met && get(contract, "assess_risk").await.row.met);
    assert!(!get(contract, "decide_on_risk").await.row.met);
    assert_eq!(get(lead, "inform_before").await.due_on(), None);
    let boss = world.official("management").await;
    let with = act::Approving {
        reason: "Low.".to_owned(),
        conditions: String::new(),
        more_controls: Vec::new(),
        from: day("2026-06-01"),
        to: day("2027-05-31"),
    };
    act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap();
    assert!(get(contract, "decide_on_risk").await.row.met);
    assert_eq!(get(lead, "inform_before").await.due_on(), Some(day("2026-05-31")));
    // A second one, returned: the lead has 28 days to revise it.
    let second = world.submitted(&by).await;
    let manager = world.official("contract_manager").await;
    let point = platform::cases::rounds::NewPoint { section: None, question: None, text: "Name the guards.".to_owned() };
    act::send_back(&manager.cx, second, world.version(second).await, "Too short.", &[point]).await.unwrap();
    assert!(get(contract, "check_and_pass_on").await.row.met);
    assert!(get(lead, "revise_proposal").await.row.met, "handed in on the very day counts until it is returned later");
    world.app.advance(platform::clock::DAY);
    let third = world.submitted(&by).await;
    world.app.advance(platform::clock::DAY);
    let point = platform::cases::rounds::NewPoint { section: None, question: None, text: "Name the guards.".to_owned() };
    act::send_back(&manager.cx, third, world.version(third).await, "Too short.", &[point]).await.unwrap();
    assert_eq!(get(lead, "revise_proposal").await.due_on(), Some(day("2026-04-01")));
});
