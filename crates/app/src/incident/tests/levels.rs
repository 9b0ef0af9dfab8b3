//! The times that the pack gives the authority, by the hour.

use platform::clock::{HOUR, MINUTE};
use platform::notices::reading;
use testkit::both_engines;

use super::{case, reported};
use crate::incident::act;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World};

/// How many notices on its page somebody was given whose subject has these words.
async fn heard(who: &Person, words: &str) -> usize {
    let all = reading::told(&who.cx, who.account, None, 200).await.unwrap();
    all.iter().filter(|one| one.subject.contains(words)).count()
}

both_engines!(migrations, /// SEC-24: the time within which a report is to be acknowledged is told of before it ends and when it has ended, to the minute and at night,
/// then also to whoever is responsible for the contract; each once, and to no supplier.
async fn sec_24_service_levels_escalate_by_the_hour(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (security, manager) = (world.official("security").await, world.official("contract_manager").await);
    platform::jobs::plan(&world.app.core).await.unwrap();
    let of = reported(&lead.cx, world.lead.1).await;
    let reference = of.reference.clone().unwrap();
    let until = of.due.unwrap();
    assert_eq!(until - of.submitted_at.unwrap(), 8 * HOUR, "the pack's, of a moderate one");
    let (soon, late, above) = (format!("{reference} waits for you until"), format!("{reference} is late"), format!("{reference} is late: nobody has acted"));
    let told = async || (heard(&security, &soon).await, heard(&security, &late).await, heard(&manager, &above).await);
    for (before, expected) in [(90 * MINUTE, (0, 0, 0)), (45 * MINUTE, (1, 0, 0)), (20 * MINUTE, (1, 0, 0)), (0, (1, 1, 1)), (-2 * HOUR, (1, 1, 1)), (-30 * HOUR, (1, 1, 1))] {
        world.app.advance(until - before - world.app.core.clock.now());
        world.app.work().await;
        assert_eq!(told().await, expected, "{} minutes before", before / MINUTE);
    }
    let said = reading::told(&security.cx, security.account, None, 200).await.unwrap();
    let text = said.into_iter().find(|one| one.subject.contains(&late)).unwrap().text;
    assert!(text.contains(&world.app.core.clock.moment_text(until)), "{text}");
    assert_eq!(heard(&lead, "late").await, 0, "it is not the supplier's turn");
    // Once it is taken up, another time counts.
    act::take_up(&security.cx, of.id, case(&world, of.id).await.version).await.unwrap();
    let next = case(&world, of.id).await.due.unwrap();
    world.app.advance((next - world.app.core.clock.now()).max(0));
    world.app.work().await;
    assert_eq!(told().await, (1, 2, 2), "first update");
});
