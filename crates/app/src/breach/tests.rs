//! Breaches, through acts, pages and programs.

mod importing;
mod pages;
mod twin;

use std::collections::BTreeMap;

use jiff::civil::date;
use platform::Error;
use platform::authz::Side;
use platform::cases::Case;
use platform::cases::tasks::NewTask;
use testkit::both_engines;
use uuid::Uuid;

use super::act::{self, NewBreach};
use super::model::{Action, BREACH, Breach, Facts};
use super::{Breaches, store};
use crate::arrangement::act as arrangements;
use crate::arrangement::model::Details;
use crate::casework;
use crate::migrations::migrations;
use crate::offshoring::act::{self as proposals, Approving};
use crate::offshoring::model::Turn;
use crate::offshoring::tests::world::{Person, World, refused_by};

/// Five people in India look at records since February.
pub(super) fn work() -> Details {
    crate::arrangement::tests::work("Night calls")
}

pub(super) fn facts(finding: &str) -> Facts {
    Facts {
        finding: finding.to_owned(),
        began: date(2026, 2, 1),
        informed: None,
        approved: None,
        facts: Some("Two of the night team looked bookings up from Goa.".to_owned()),
        containment: Some("Their access was taken away on 2 March.".to_owned()),
    }
}

/// All breaches, first opened first.
pub(super) async fn everything(world: &World) -> Vec<Breach> {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
    let db = world.app.core.db.reader();
    let found = platform::cases::store::CaseEntity::find().filter(platform::cases::store::CaseColumn::Kind.eq(BREACH.id));
    store::load_all(db, found.order_by_asc(platform::cases::store::CaseColumn::Reference).all(db).await.unwrap()).await.unwrap()
}

pub(super) async fn case(world: &World, id: Uuid) -> Case {
    store::get(world.app.core.db.reader(), id).await.unwrap().case
}

async fn about(world: &World, id: Uuid) -> store::About {
    let cx = world.app.operator();
    store::about(&cx, cx.db(), &case(world, id).await).await.unwrap()
}

/// What the ledger says of a breach, action by action.
async fn told(world: &World, id: Uuid) -> Vec<(String, BTreeMap<String, String>)> {
    let lines = platform::book::timeline(&world.app.operator(), BREACH.id, &id.to_string(), 50).await.unwrap();
    lines.into_iter().map(|line| (line.action, line.about)).collect()
}

both_engines!(migrations, /// OFF-9b: work that nobody told of is a breach as soon as it is reported, by whichever side; the same work has one at a time.
async fn off_9b_unreported_work_opens_a_breach(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let work_id = arrangements::report(&lead.cx, world.lead.1, &work()).await.unwrap();
    let all = everything(&world).await;
    assert_eq!(all.len(), 1);
    let of = &all[0].case;
    assert_eq!((of.reference.as_deref(), of.stage.as_str(), of.title.as_str()), (Some("BRE-2026-000001"), "establishing", "Night calls"));
    assert_eq!((of.party, of.place, of.contract), (world.lead.0, Some(world.lead.1), Some(world.contract)));
    let known = about(&world, of.id).await;
    assert_eq!((known.facts.finding.as_str(), known.facts.began, known.facts.informed), ("not_informed", date(2026, 2, 1), None));
    assert_eq!((known.arrangement, known.gaps.as_slice()), (Some(work_id), &["no_approval".to_owned()][..]));
    let ledger = told(&world, of.id).await;
    assert_eq!(ledger.len(), 1);
    assert_eq!((ledger[0].0.as_str(), ledger[0].1["arrangement"].as_str()), ("breach.open", work_id.to_string().as_str()));
    // What is written about the same work further is the same breach; and once it is dismissed, the same gaps open no other.
    let rename = async |name: &str| {
        let row = crate::arrangement::store::get(lead.cx.db(), work_id).await.unwrap().row;
        arrangements::change(&lead.cx, work_id, row.version, &Details { name: name.to_owned(), people: 9, ..work() }).await.unwrap();
    };
    rename("Calls at night").await;
    let boss = world.official("management").await;
    dismissed(&world, &boss, of.id).await;
    rename("Night calls").await;
    assert_eq!(everything(&world).await.len(), 1);
    // Other work is another.
    arrangements::report(&lead.cx, world.sub.1, &Details { name: "Tests in Porto".to_owned(), country: "PT".to_owned(), ..work() }).await.unwrap();
    let all = everything(&world).await;
    assert_eq!((all.len(), all[1].case.party, all[1].case.reference.as_deref()), (2, world.sub.0, Some("BRE-2026-000002")));
    assert_eq!(all[1].standing.lead, Some(world.lead.0), "the lead answers for those below it");
});

/// Approves a proposal from June on and starts its work on the second: the lead, and the work.
async fn started(world: &World, proposal: Uuid) -> (Person, crate::arrangement::store::Model) {
    let boss = world.official("management").await;
    let with = Approving {
        reason: "The risk left is low.".to_owned(),
        conditions: String::new(),
        more_controls: Vec::new(),
        from: date(2026, 6, 1),
        to: date(2027, 5, 31),
    };
    proposals::approve(&boss.cx, proposal, world.version(proposal).await, &with).await.unwrap();
    world.until(date(2026, 6, 2));
    let lead = world.person("supplier_lead", world.lead.0).await;
    let all = {
        let tx = world.app.operator().begin().await.unwrap();
        crate::arrangement::store::open_under(tx.db(), world.contract).await.unwrap()
    };
    let row = all.into_iter().find(|row| row.origin == Some(proposal)).unwrap();
    arrangements::start(&lead.cx, row.id, row.version).await.unwrap();
    let row = crate::arrangement::store::get(lead.cx.db(), row.id).await.unwrap().row;
    (lead, row)
}

both_engines!(migrations, /// OFF-9b: to have been informed is another finding; and work that goes beyond its approval is one from that day.
async fn off_9b_informed_and_started_all_the_same(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    // Handed in on 2 March, decided later; the work begins in between.
    let (proposal, _, _) = world.at_decision(&lead).await;
    world.until(date(2026, 3, 20));
    let lead = world.person("supplier_lead", world.lead.0).await;
    arrangements::report(&lead.cx, world.lead.1, &Details { from: date(2026, 3, 15), ..work() }).await.unwrap();
    let first = everything(&world).await.remove(0).case;
    let known = about(&world, first.id).await.facts;
    assert_eq!((known.finding.as_str(), known.informed), ("started_unapproved", Some(date(2026, 3, 2))));
    // Work that was covered when it started goes beyond: a breach from that day.
    let (lead, row) = started(&world, proposal).await;
    assert_eq!(everything(&world).await.len(), 1);
    let more = Details { people: 60, ..row.details().unwrap() };
    arrangements::change(&lead.cx, row.id, row.version, &more).await.unwrap();
    let second = everything(&world).await.remove(1).case;
    let known = about(&world, second.id).await;
    assert_eq!((known.facts.finding.as_str(), known.facts.began), ("started_unapproved", date(2026, 6, 2)));
    assert_eq!(known.gaps, ["people"]);
});

both_engines!(migrations, /// OFF-9b: that an approval was suspended says that work must stop, not that it went on; who finds that it did opens a breach by hand.
async fn off_9b_a_suspended_approval_alone_is_no_breach(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (proposal, _, _) = world.at_decision(&lead).await;
    let (_, row) = started(&world, proposal).await;
    let boss = world.official("management").await;
    proposals::turn(&boss.cx, proposal, world.version(proposal).await, Turn::Suspend, "A theft there.", "").await.unwrap();
    assert!(everything(&world).await.is_empty());
    let manager = world.official("contract_manager").await;
    let new = NewBreach { title: "Goes on though suspended".to_owned(), arrangement: Some(row.id), facts: facts("started_unapproved") };
    let id = act::open(&manager.cx, world.lead.1, &new).await.unwrap();
    assert_eq!(about(&world, id).await.arrangement, Some(row.id));
    // One at a time for each finding about the same work, and work of another place is none of this one's.
    assert!(matches!(act::open(&manager.cx, world.lead.1, &new).await, Err(Error::Conflict(_))));
    act::open(&manager.cx, world.lead.1, &NewBreach { facts: facts("not_informed"), ..new.clone() }).await.unwrap();
    assert!(matches!(act::open(&manager.cx, world.sub.1, &new).await, Err(Error::NotFound)));
});

/// Brings a breach before management, by somebody who opened no case, and has it dismissed.
async fn dismissed(world: &World, boss: &Person, id: Uuid) {
    let manager = world.official("contract_manager").await;
    act::establish(&manager.cx, id, case(world, id).await.version, &facts("not_informed")).await.unwrap();
    act::propose(&manager.cx, id, case(world, id).await.version, "There is nothing to it.").await.unwrap();
    act::dismiss(&boss.cx, id, case(world, id).await.version, "There is nothing to it.").await.unwrap();
}

both_engines!(migrations, /// OFF-9b: what the authority does to an approval or to the chain opens no breach; work that is reported under an approval taken back does.
async fn off_9b_the_authoritys_own_acts_open_none(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (proposal, _, _) = world.at_decision(&lead).await;
    let (_, row) = started(&world, proposal).await;
    let boss = world.official("management").await;
    proposals::turn(&boss.cx, proposal, world.version(proposal).await, Turn::Revoke, "A theft there.", "").await.unwrap();
    let operator = world.app.operator();
    let place = crate::contract::store::place(operator.db(), world.lead.1).await.unwrap().row;
    let below = crate::contract::store::standing(operator.db(), place.contract).await.unwrap();
    let under = below.iter().find(|one| one.id == world.sub.1).unwrap();
    crate::contract::act::end_place(&operator, under.id, under.version, None).await.unwrap();
    assert!(everything(&world).await.is_empty());
    let lead = world.person("supplier_lead", world.lead.0).await;
    let again = Details { name: "Days, too".to_owned(), from: date(2026, 6, 2), ..row.details().unwrap() };
    arrangements::report(&lead.cx, world.lead.1, &again).await.unwrap();
    let known = about(&world, everything(&world).await.remove(0).case.id).await;
    assert_eq!((known.facts.finding.as_str(), known.gaps.contains(&"revoked".to_owned())), ("started_unapproved", true));
});

both_engines!(migrations, /// OFF-9b: to have proposed something else is not to have informed of this.
async fn off_9b_another_proposal_informs_of_nothing(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    world.at_decision(&lead).await;
    world.until(date(2026, 3, 20));
    let lead = world.person("supplier_lead", world.lead.0).await;
    let elsewhere = Details { country: "PT".to_owned(), from: date(2026, 3, 15), ..work() };
    arrangements::report(&lead.cx, world.lead.1, &elsewhere).await.unwrap();
    let known = about(&world, everything(&world).await.remove(0).case.id).await.facts;
    assert_eq!((known.finding.as_str(), known.informed), ("not_informed", None));
});

both_engines!(migrations, /// OFF-9b: a supplier that does not answer, or whose place has ended, holds nothing up.
async fn off_9b_no_answer_holds_nothing_up(db) {
    let world = World::new(db).await;
    let (manager, id) = opened(&world).await;
    let version = async || case(&world, id).await.version;
    act::ask(&manager.cx, id, version().await, "Since when?").await.unwrap();
    assert!(matches!(act::establish(&manager.cx, id, version().await, &facts("not_informed")).await, Err(Error::Conflict(_))), "while it is answered");
    let operator = world.app.operator();
    let place = crate::contract::store::place(operator.db(), world.lead.1).await.unwrap().row;
    crate::contract::act::end_place(&operator, place.id, place.version, None).await.unwrap();
    act::go_on(&manager.cx, id, version().await, "They have left the contract.").await.unwrap();
    act::propose(&manager.cx, id, version().await, "Claim damages.").await.unwrap();
    assert_eq!(case(&world, id).await.stage, "deciding");
});

/// A breach of the lead's, entered by hand by the manager.
pub(super) async fn opened(world: &World) -> (Person, Uuid) {
    let manager = world.official("contract_manager").await;
    let new = NewBreach { title: "Night calls from Goa".to_owned(), arrangement: None, facts: facts("not_informed") };
    let id = act::open(&manager.cx, world.lead.1, &new).await.unwrap();
    (manager, id)
}

both_engines!(migrations, /// OFF-9b: established, asked, answered, put before management, decided by other eyes, done and closed.
async fn off_9b_from_the_facts_to_what_follows(db) {
    let world = World::new(db).await;
    let (manager, id) = opened(&world).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let version = async || case(&world, id).await.version;
    // The supplier is asked, and answers by its lead alone.
    act::ask(&manager.cx, id, version().await, "Since when did they have access?").await.unwrap();
    let member = world.person("supplier_member", world.lead.0).await;
    let below = world.person("supplier_lead", world.sub.0).await;
    refused_by(act::answer(&member.cx, id, version().await, "Since May.").await, "nothing-permits");
    assert!(matches!(act::answer(&below.cx, id, version().await, "Since May.").await, Err(Error::Refused(r)) if r.hidden));
    act::answer(&lead.cx, id, version().await, "Since the first of February.").await.unwrap();
    // Management does not decide before it has the facts.
    let bare = Facts { containment: None, ..facts("not_informed") };
    act::establish(&manager.cx, id, version().await, &bare).await.unwrap();
    let early = act::propose(&manager.cx, id, version().await, "A warning will do.").await;
    assert!(matches!(early, Err(Error::Blocked(b)) if b.len() == 1 && b[0].code == "breach-containment"));
    act::establish(&manager.cx, id, version().await, &facts("not_informed")).await.unwrap();
    act::propose(&manager.cx, id, version().await, "A warning will do.").await.unwrap();
    assert!(matches!(act::establish(&manager.cx, id, version().await, &bare).await, Err(Error::Conflict(_))), "what management reads stands");
    // Whoever opened it, established its facts or put it there does not decide, in whatever role.
    let security = world.official("security").await;
    let handled = store::get(security.cx.db(), id).await.unwrap().handled_by;
    assert!(handled.contains(&manager.account) && !handled.contains(&security.account));
    refused_by(act::decide(&manager.acting_as("management"), id, version().await, &[Action::Warn], "So be it.").await, "who-handles-a-breach-never-decides-on-it");
    let boss = world.official("management").await;
    for (actions, field) in [(&[][..], "actions"), (&[Action::Nothing, Action::Warn][..], "actions")] {
        let wrong = act::decide(&boss.cx, id, version().await, actions, "Because.").await;
        assert!(matches!(wrong, Err(Error::Invalid(e)) if e.get(field).is_some()));
    }
    assert!(matches!(act::decide(&boss.cx, id, version().await, &[Action::Warn], " ").await, Err(Error::Invalid(e)) if e.get("reason").is_some()));
    act::decide(&boss.cx, id, version().await, &[Action::StopWork, Action::Warn], "The data was sensitive.").await.unwrap();
    assert_eq!(about(&world, id).await.actions, [Action::StopWork, Action::Warn]);
    // It is closed when everything is done.
    let task = NewTask::new("Show the log".to_owned(), Side::Supplier);
    let task = casework::act::add_task::<Breaches>(&manager.cx, id, task).await.unwrap();
    assert!(matches!(act::close(&manager.cx, id, version().await, "Done.").await, Err(Error::Blocked(b)) if b[0].code == "breach-tasks"));
    casework::act::finish_task::<Breaches>(&lead.cx, id, task, 1, None).await.unwrap();
    act::close(&manager.cx, id, version().await, "The log was shown.").await.unwrap();
    let of = case(&world, id).await;
    assert_eq!((of.stage.as_str(), of.closed_at.is_some()), ("closed", true));
    let steps: Vec<String> = told(&world, id).await.into_iter().map(|(action, _)| action).collect();
    for action in ["breach.open", "breach.ask", "breach.answer", "breach.establish", "breach.propose", "breach.decide", "breach.close"] {
        assert!(steps.iter().any(|step| step == action), "{action} is not in {steps:?}");
    }
    // Another may be opened about the same place now.
    opened(&world).await;
});

both_engines!(migrations, /// OFF-9b: it is sent back or dismissed with reasons; a dismissal asks for a sign-in of just now.
async fn off_9b_sent_back_and_dismissed(db) {
    let world = World::new(db).await;
    let (manager, id) = opened(&world).await;
    let version = async || case(&world, id).await.version;
    act::propose(&manager.cx, id, version().await, "Dismiss it.").await.unwrap();
    let boss = world.official("management").await;
    assert!(matches!(act::send_back(&boss.cx, id, version().await, "").await, Err(Error::Invalid(_))));
    act::send_back(&boss.cx, id, version().await, "Since when?").await.unwrap();
    assert_eq!(case(&world, id).await.stage, "establishing");
    act::propose(&manager.cx, id, version().await, "Dismiss it: they were at home.").await.unwrap();
    let stale = act::dismiss(&boss.cx, id, version().await - 1, "They were at home.").await;
    assert!(matches!(stale, Err(Error::Stale(_))));
    world.app.advance(platform::clock::HOUR);
    assert!(matches!(act::dismiss(&boss.tired(), id, version().await, "They were at home.").await, Err(Error::SignInAgain)));
    let boss = world.official("management").await;
    act::dismiss(&boss.cx, id, version().await, "They were at home.").await.unwrap();
    assert_eq!(case(&world, id).await.stage, "dismissed");
});

/// The table of stages and steps is sound, and every gap that is a failing has its words.
#[test]
fn off_9b_the_lifecycle_is_sound() {
    assert_eq!(BREACH.faults(), Vec::<String>::new());
    for (gap, _) in rules::cover::RULES.iter().filter(|(gap, _)| rules::breach::is_failing(gap)) {
        let id = format!("breach-gap-{}", gap.replace('_', "-"));
        assert!(platform::texts::has(&id), "{id}");
    }
    assert!(Action::ALL.iter().all(|action| Action::from_code(action.code()) == Some(*action)));
    assert_eq!(Action::split(&Action::join(&Action::ALL)), Action::ALL);
}
