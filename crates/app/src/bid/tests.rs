//! Bids, through acts, pages and programs.

mod pages;
mod twin;

use jiff::civil::date;
use platform::Error;
use testkit::both_engines;
use uuid::Uuid;

use super::model::{BID, Plans, lacking};
use super::{act, store};
use crate::migrations::migrations;
use crate::offshoring::act as proposals;
use crate::offshoring::tests::world::{Person, World, answers, refused_by};
use crate::{arrangement, contract};

#[test]
fn the_table_is_sound() {
    assert_eq!(BID.faults(), Vec::<String>::new());
}

#[test]
fn off_7_what_a_bid_lacks() {
    let plans = |abroad, statement: &str| Plans { abroad, statement: Some(statement.to_owned()).filter(|text| !text.is_empty()) };
    let cases: [(Plans, &[&str], &[&str]); 12] = [
        (plans(None, ""), &[], &["does not say whether"]),
        (plans(None, ""), &["bidding"], &["does not say whether"]),
        (plans(Some(false), ""), &[], &["how the bidder knows"]),
        (plans(Some(false), "All of it is done in Leeds."), &[], &[]),
        (plans(Some(false), "All of it is done in Leeds."), &["withdrawn", "not_offshoring"], &[]),
        (plans(Some(false), "All of it is done in Leeds."), &["bidding"], &["says that nothing will be abroad"]),
        (plans(Some(true), ""), &[], &["no questionnaire is submitted"]),
        (plans(Some(true), ""), &["draft"], &["no questionnaire is submitted", "begun and not submitted"]),
        (plans(Some(true), ""), &["bidding", "returned"], &["begun and not submitted"]),
        (plans(Some(true), ""), &["declined"], &["no questionnaire is submitted"]),
        (plans(Some(true), ""), &["withdrawn"], &["no questionnaire is submitted"]),
        (plans(Some(true), ""), &["bidding", "approved"], &[]),
    ];
    for (plans, stages, found) in cases {
        let lacks: Vec<String> = lacking(&plans, stages.iter().copied()).iter().map(|blocker| blocker.text.say()).collect();
        assert_eq!(lacks.len(), found.len(), "{plans:?} {stages:?}: {lacks:?}");
        assert!(lacks.iter().zip(found).all(|(said, part)| said.contains(part)), "{plans:?} {stages:?}: {lacks:?}");
    }
}

/// A contract for which a party bids.
pub(super) struct Tender {
    pub(super) contract: Uuid,
    pub(super) bid: Uuid,
    pub(super) place: Uuid,
    pub(super) procurement: Person,
    pub(super) bidder: Person,
}

impl Tender {
    /// The other supplier of the world is asked to bid for a new contract by the end of March.
    pub(super) async fn new(world: &World) -> Self {
        let contract = world.app.contract(world.authority, "Night ferries").await;
        let procurement = world.official("procurement_lead").await;
        let bid = act::invite(&procurement.cx, contract, world.other.0, date(2026, 3, 31)).await.unwrap();
        let place = case(world, bid).await.place.unwrap();
        let bidder = world.person("supplier_lead", world.other.0).await;
        Self { contract, bid, place, procurement, bidder }
    }
}

pub(super) async fn case(world: &World, id: Uuid) -> platform::cases::Case {
    store::get(world.app.core.db.reader(), id).await.unwrap().case
}

pub(super) async fn version(world: &World, id: Uuid) -> i32 {
    case(world, id).await.version
}

fn blocked<T: std::fmt::Debug>(done: platform::Result<T>) -> String {
    match done {
        Err(Error::Blocked(all)) => all.iter().map(|blocker| blocker.text.say()).collect::<Vec<_>>().join(" "),
        other => panic!("{other:?}"),
    }
}

both_engines!(migrations, /// OFF-7: a bid that plans work abroad is incomplete without the questionnaire; chosen, the bidder is a supplier and types nothing again.
async fn off_7_a_bidder_becomes_a_supplier(db) {
    let world = World::new(db).await;
    let tender = Tender::new(&world).await;
    let (bid, lead) = (tender.bid, &tender.bidder);
    let of = case(&world, bid).await;
    assert_eq!((of.reference.as_deref(), of.stage.as_str()), (Some("BID-2026-000001"), "preparing"));
    // It says nothing yet; then that it plans work abroad, without the questionnaire.
    assert!(blocked(act::submit(&lead.cx, bid, of.version).await).contains("does not say whether"));
    act::state(&lead.cx, bid, of.version, &Plans { abroad: Some(true), statement: None }).await.unwrap();
    assert!(blocked(act::submit(&lead.cx, bid, version(&world, bid).await).await).contains("no questionnaire is submitted"));
    let proposal = world.draft(lead, tender.place, answers(world.other.0)).await;
    assert!(blocked(act::submit(&lead.cx, bid, version(&world, bid).await).await).contains("begun and not submitted"));
    // Submitted, it is with the bid: no contract manager has it, and none may act on it.
    proposals::submit(&lead.cx, proposal, world.version(proposal).await, true, None).await.unwrap();
    let with_bid = world.case(proposal).await;
    assert_eq!((with_bid.stage.as_str(), with_bid.owner), ("bidding", None));
    let manager = world.official("contract_manager").await;
    assert!(matches!(proposals::pass_on(&manager.cx, proposal, with_bid.version, None).await, Err(Error::Conflict(_))));
    refused_by(proposals::hand_over(&manager.cx, proposal, with_bid.version).await, "nothing-permits");
    act::submit(&lead.cx, bid, version(&world, bid).await).await.unwrap();
    // The procurement lead asks for more by a day; the answer comes, and it is complete.
    let asking = &tender.procurement;
    let late = act::ask(&asking.cx, bid, version(&world, bid).await, "Who reaches the logs?", date(2026, 3, 2)).await;
    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
    act::ask(&asking.cx, bid, version(&world, bid).await, "Who reaches the logs?", date(2026, 3, 9)).await.unwrap();
    let asked = case(&world, bid).await;
    assert_eq!((asked.stage.as_str(), asked.due.map(|due| world.app.core.clock.date_of(due))), ("answering", Some(date(2026, 3, 9))));
    act::answer(&lead.cx, bid, asked.version, "Only the night team.").await.unwrap();
    assert!(matches!(act::choose(&asking.cx, bid, version(&world, bid).await, "Best value.", false).await, Err(Error::Conflict(_))));
    act::accept(&asking.cx, bid, version(&world, bid).await, None).await.unwrap();
    assert!(matches!(act::choose(&asking.tired(), bid, version(&world, bid).await, "Best value.", false).await, Err(Error::SignInAgain)));
    let before = contract::store::get(lead.cx.db(), tender.contract).await.unwrap();
    assert!(before.leads.is_empty() && before.parties.contains(&world.other.0));
    act::choose(&asking.cx, bid, version(&world, bid).await, "Best value.", false).await.unwrap();
    // A supplier now, with the same questionnaire, which goes its way as any other.
    assert_eq!(case(&world, bid).await.stage, "chosen");
    let after = contract::store::get(lead.cx.db(), tender.contract).await.unwrap();
    assert!(after.leads.contains(&world.other.0));
    let handed = world.case(proposal).await;
    assert_eq!((handed.stage.as_str(), handed.reference, handed.round), ("checking", with_bid.reference, 1));
    proposals::pass_on(&manager.cx, proposal, handed.version, None).await.unwrap();
});

both_engines!(migrations, /// OFF-7, OWN-3: bidders see nothing of each other, nor what the contract is worth; who is not chosen sees its bid and no more.
async fn off_7_bidders_are_kept_apart(db) {
    let world = World::new(db).await;
    let tender = Tender::new(&world).await;
    let rival = act::invite(&tender.procurement.cx, tender.contract, world.sub.0, date(2026, 3, 31)).await.unwrap();
    let second = world.person("supplier_lead", world.sub.0).await;
    let again = act::invite(&tender.procurement.cx, tender.contract, world.sub.0, date(2026, 3, 31)).await;
    assert!(matches!(again, Err(Error::Invalid(_))), "{again:?}");
    let of = store::get(second.cx.db(), tender.bid).await.unwrap();
    refused_by(second.cx.permit("bid.view", &of), "nothing-permits");
    refused_by(act::state(&second.cx, tender.bid, of.case.version, &Plans { abroad: Some(true), statement: None }).await, "nothing-permits");
    let on = contract::store::get(second.cx.db(), tender.contract).await.unwrap();
    assert!(second.cx.may("contract.view", &on) && !second.cx.may("contract.terms", &on) && !second.cx.may("contract.attach", &on));
    let places = contract::chain::seen_places(second.cx.db(), &second.cx.actor, tender.contract, false).await.unwrap();
    assert!(places.iter().all(|place| place.row.party == world.sub.0));
    // Who works for nobody cannot be moved under another, nor ended from the chain: a bid ends as a bid.
    let (admin, place) = (world.official("administrator").await, case(&world, rival).await.place.unwrap());
    let row = contract::chain::place(admin.cx.db(), place).await.unwrap().row;
    assert!(matches!(contract::act::end_place(&admin.cx, place, row.version, None).await, Err(Error::Conflict(_))));
    assert!(matches!(contract::act::move_place(&admin.cx, place, row.version, Some(tender.place), None).await, Err(Error::Invalid(_))));
    // A draft of the rival's goes with its bid when the other is chosen.
    let draft = world.draft(&second, place, answers(world.sub.0)).await;
    let stated = Plans { abroad: Some(false), statement: Some("All of it is done in Leeds.".to_owned()) };
    act::state(&tender.bidder.cx, tender.bid, of.case.version, &stated).await.unwrap();
    act::submit(&tender.bidder.cx, tender.bid, version(&world, tender.bid).await).await.unwrap();
    act::accept(&tender.procurement.cx, tender.bid, version(&world, tender.bid).await, None).await.unwrap();
    act::choose(&tender.procurement.cx, tender.bid, version(&world, tender.bid).await, "Best value.", true).await.unwrap();
    let lost = store::get(second.cx.db(), rival).await.unwrap();
    assert_eq!((lost.case.stage.as_str(), world.case(draft).await.stage.as_str()), ("not_chosen", "withdrawn"));
    assert!(second.cx.may("bid.view", &lost), "its own bid");
    let on = contract::store::get(second.cx.db(), tender.contract).await.unwrap();
    assert!(!second.cx.may("contract.view", &on));
    // The contract is no more for bids once it is let.
    let details = contract::model::Details { state: "active".to_owned(), ..on.row.details() };
    contract::act::change(&world.app.operator(), tender.contract, on.row.version, &details).await.unwrap();
    let over = act::invite(&tender.procurement.cx, tender.contract, world.lead.0, date(2026, 3, 31)).await;
    assert!(matches!(over, Err(Error::Conflict(_))), "{over:?}");
});

/// The one piece of work in the register.
async fn planned(world: &World) -> arrangement::store::Model {
    use sea_orm::EntityTrait as _;
    arrangement::store::Entity::find().one(world.app.core.db.reader()).await.unwrap().unwrap()
}

both_engines!(migrations, /// OFF-7, OFF-6: what is approved for a bidder starts only once its bid is chosen; a bidder owes the duties of bidders until then.
async fn off_7_nothing_starts_for_a_bid(db) {
    let world = World::new(db).await;
    let tender = Tender::new(&world).await;
    let admin = world.official("administrator").await;
    contract::act::put_pack(&admin.cx, tender.contract, "offshoring", "2026.1", Some("For the test.")).await.unwrap();
    let owes = async || {
        use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
        use crate::obligation::store::{Column, Entity};
        let all = Entity::find().filter(Column::Place.eq(tender.place)).filter(Column::Owed.eq(true)).all(admin.cx.db()).await.unwrap();
        all.into_iter().map(|row| (row.obligation, row.due_key)).collect::<Vec<_>>()
    };
    let before = owes().await;
    assert!(before.iter().any(|(duty, due)| duty == "bid_questionnaire" && due.starts_with("2026-03")), "{before:?}");
    assert!(before.iter().all(|(duty, _)| duty.starts_with("bid_")), "{before:?}");
    // The procurement lead hands the questionnaire over before the bid is chosen, and it is approved.
    let (lead, proposal) = (&tender.bidder, world.draft(&tender.bidder, tender.place, answers(world.other.0)).await);
    proposals::submit(&lead.cx, proposal, world.version(proposal).await, true, None).await.unwrap();
    proposals::hand_over(&tender.procurement.cx, proposal, world.version(proposal).await).await.unwrap();
    world.approve(proposal).await;
    world.until(date(2026, 6, 2));
    let (lead, procurement) = (world.person("supplier_lead", world.other.0).await, world.official("procurement_lead").await);
    let row = planned(&world).await;
    let done = arrangement::act::start(&lead.cx, row.id, row.version).await;
    assert!(matches!(&done, Err(Error::Conflict(text)) if text.say().contains("only bids")), "{done:?}");
    let stated = Plans { abroad: Some(true), statement: None };
    act::state(&lead.cx, tender.bid, version(&world, tender.bid).await, &stated).await.unwrap();
    act::submit(&lead.cx, tender.bid, version(&world, tender.bid).await).await.unwrap();
    act::accept(&procurement.cx, tender.bid, version(&world, tender.bid).await, None).await.unwrap();
    act::choose(&procurement.cx, tender.bid, version(&world, tender.bid).await, "Best value.", true).await.unwrap();
    let after = owes().await;
    assert!(!after.is_empty() && after.iter().all(|(duty, _)| !duty.starts_with("bid_")), "{after:?}");
    let row = planned(&world).await;
    arrangement::act::start(&lead.cx, row.id, row.version).await.unwrap();
});

both_engines!(migrations, /// OFF-7: whoever is asked to bid, and whoever reads bids, is told by e-mail at each hand-over.
async fn off_7_who_is_told(db) {
    let world = World::new(db).await;
    let tender = Tender::new(&world).await;
    let heard = async |who: &Person| world.mail().await.remove(&who.email).unwrap_or_default().join(" | ");
    // The bidder's person came after the invitation's job was written: it is found when the job is done.
    assert!(heard(&tender.bidder).await.contains("you are asked to bid"), "{}", heard(&tender.bidder).await);
    let stated = Plans { abroad: Some(false), statement: Some("All of it is done in Leeds.".to_owned()) };
    act::state(&tender.bidder.cx, tender.bid, version(&world, tender.bid).await, &stated).await.unwrap();
    act::submit(&tender.bidder.cx, tender.bid, version(&world, tender.bid).await).await.unwrap();
    assert!(heard(&tender.procurement).await.contains("waits for you"), "{}", heard(&tender.procurement).await);
    act::refuse(&tender.procurement.cx, tender.bid, version(&world, tender.bid).await, "Too dear.").await.unwrap();
    assert!(heard(&tender.bidder).await.contains("Not chosen"), "{}", heard(&tender.bidder).await);
});
