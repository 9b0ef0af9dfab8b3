//! What changes arrangements without anybody writing to them.

use jiff::civil::date;
use testkit::both_engines;
use uuid::Uuid;

use super::{act, approve, approved, everything, gaps, one, work};
use crate::contract::act as contracts;
use crate::contract::chain;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World};

both_engines!(migrations, /// OFF-6, OFF-9a: people are told 90, 30 and 7 days before an approval ends, once each; after its last day it covers nothing.
async fn off_6_an_approval_nears_its_end_and_ends(db) {
    let world = World::new(db).await;
    let (lead, _, id) = approved(&world).await;
    world.until(date(2026, 6, 1));
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    assert_eq!(one(&world, id).await.row.cover, "covered", "its first day has come");
    act::start(&lead.cx, id, one(&world, id).await.row.version).await.unwrap();
    let told = async || world.mail().await.get(&lead.email).into_iter().flatten().filter(|s| s.contains("is ending")).count();
    let days = [
        (date(2027, 3, 1), "covered", 0),
        (date(2027, 3, 2), "ending", 1),
        (date(2027, 3, 3), "ending", 1),
        // The service stood still on the thirtieth day before.
        (date(2027, 5, 3), "ending", 2),
        (date(2027, 5, 4), "ending", 2),
        (date(2027, 5, 24), "ending", 3),
        (date(2027, 5, 31), "ending", 3),
        (date(2027, 6, 1), "uncovered", 3),
    ];
    for (day, cover, letters) in days {
        world.until(day);
        world.app.work().await;
        assert_eq!(one(&world, id).await.row.cover, cover, "{day}");
        assert_eq!(told().await, letters, "{day}");
    }
    assert_eq!(gaps(&world, id).await, ["ended"]);
    let mail = world.mail().await;
    assert_eq!(mail[&lead.email].iter().filter(|subject| subject.contains("no longer covered")).count(), 1, "{mail:?}");
});

both_engines!(migrations, /// OFF-12, OFF-6: an approval no longer stands for a place that ended or moved to another tier.
async fn off_12_a_chain_that_changes_reopens_the_question(db) {
    let world = World::new(db).await;
    let sub = world.person("supplier_member", world.sub.0).await;
    let (lead, _, id) = approved(&world).await;
    world.until(date(2026, 6, 1));
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    // The sub-contractor's work is reported; nothing of it is approved.
    let below = act::report(&sub.cx, world.sub.1, &work("Night calls from Goa")).await.unwrap();
    let operator = world.app.operator();
    let place = chain::place(operator.db(), world.sub.1).await.unwrap().row;
    contracts::move_place(&operator, place.id, place.version, None, None).await.unwrap();
    assert_eq!(one(&world, below).await.row.tier, "1");
    let place = chain::place(operator.db(), world.lead.1).await.unwrap().row;
    contracts::end_place(&operator, place.id, place.version, None).await.unwrap();
    let of = one(&world, id).await;
    assert_eq!((of.row.cover.as_str(), of.row.state.as_str()), ("uncovered", "planned"));
    assert_eq!(gaps(&world, id).await, ["place_ended"]);
    assert!(world.mail().await[&lead.email].iter().any(|subject| subject.contains("no longer covered")));
});

/// Work that started on 1 June 2026 under an approval to the end of the year, looked at regularly: the lead, the proposal, the work.
async fn started_until_december(world: &World) -> (Person, Uuid, Uuid) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (first, _, _) = world.at_decision(&lead).await;
    approve(world, first, date(2026, 12, 31)).await;
    let id = everything(world).await[0].row.id;
    world.until(date(2026, 6, 1));
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    act::start(&lead.cx, id, one(world, id).await.row.version).await.unwrap();
    (lead, first, id)
}

both_engines!(migrations, /// OFF-6: a second approval of the same work goes on with the first one's arrangement, and covers it longer.
async fn off_6_an_approval_that_follows_covers_on(db) {
    let world = World::new(db).await;
    let (lead, _, id) = started_until_december(&world).await;
    let (second, _, _) = world.at_decision(&lead).await;
    approve(&world, second, date(2027, 5, 31)).await;
    let all = everything(&world).await;
    assert_eq!(all.len(), 1, "{all:?}");
    world.until(date(2027, 2, 1));
    world.app.work().await;
    let of = one(&world, id).await;
    assert_eq!((of.row.cover.as_str(), of.row.approval), ("covered", Some(second)));
});

both_engines!(migrations, /// OFF-6: one approval that follows another without a day between keeps the same entry, nobody is told that anything ends, and the ledger tells of the change.
async fn off_6_an_approval_that_follows_next_day_covers_on(db) {
    let world = World::new(db).await;
    let (lead, first, id) = started_until_december(&world).await;
    let (second, _, _) = world.at_decision(&lead).await;
    let with = crate::offshoring::act::Approving {
        reason: "As before.".to_owned(),
        conditions: String::new(),
        more_controls: Vec::new(),
        from: date(2027, 1, 1),
        to: date(2027, 5, 31),
    };
    let boss = world.official("management").await;
    crate::offshoring::act::approve(&boss.cx, second, world.version(second).await, &with).await.unwrap();
    assert_eq!(everything(&world).await.len(), 1);
    for (day, approval) in [(date(2026, 12, 28), first), (date(2026, 12, 31), first), (date(2027, 1, 1), second)] {
        world.until(day);
        world.app.work().await;
        let of = one(&world, id).await.row;
        assert_eq!((of.cover.as_str(), of.approval), ("covered", Some(approval)), "{day}");
    }
    let mail = world.mail().await;
    assert!(!mail[&lead.email].iter().any(|subject| subject.contains("ending") || subject.contains("no longer")), "{mail:?}");
    let told = platform::book::timeline(&world.app.operator(), "arrangement", &id.to_string(), 50).await.unwrap();
    assert_eq!(told.iter().filter(|line| line.action == "arrangement.turn").count(), 2, "covered from June on, and by the second from January on");
});

both_engines!(migrations, /// OFF-6b: other work of the same kind at the same site is an instance of its own, and neither approval covers the other's.
async fn off_6b_other_work_at_the_same_site_is_its_own(db) {
    let world = World::new(db).await;
    let (lead, first, one_id) = approved(&world).await;
    let mut answers = crate::offshoring::tests::world::answers(world.lead.0);
    answers["information"][0]["info_name"] = "Crew lists".into();
    let (second, _, _) = world.at_decision_of(&lead, answers).await;
    approve(&world, second, date(2027, 5, 31)).await;
    let all = everything(&world).await;
    assert_eq!(all.len(), 2, "{all:?}");
    world.until(date(2026, 6, 1));
    let boss = world.official("management").await;
    crate::offshoring::act::turn(&boss.cx, first, world.version(first).await, crate::offshoring::model::Turn::Revoke, "Stop.", "").await.unwrap();
    assert_eq!(gaps(&world, one_id).await, ["revoked"]);
    let other = all.iter().find(|of| of.row.origin == Some(second)).unwrap();
    assert_eq!(gaps(&world, other.row.id).await, [""; 0]);
});

both_engines!(migrations, /// OWN-4, OFF-6: once the case's key is destroyed, nobody can say what was approved, and the work is covered no more.
async fn off_6_a_destroyed_approval_covers_nothing(db) {
    let world = World::new(db).await;
    let (_, proposal, id) = approved(&world).await;
    world.until(date(2026, 6, 1));
    let operator = world.app.operator();
    let of = crate::offshoring::store::load(operator.db(), world.case(proposal).await).await.unwrap();
    let tx = operator.begin().await.unwrap();
    assert!(operator.destroy_key(&tx, &format!("proposal:{proposal}")).await.unwrap());
    let permit = operator.permit("proposal.withdraw", &of).unwrap();
    operator.commit(tx, permit, [platform::cx::Entry::on("proposal.withdraw", &of)]).await.unwrap();
    assert_eq!(gaps(&world, id).await, ["no_approval"]);
});
