//! Reviews of an approval: set when it is given, and again from the day on which the last one was done.

use jiff::civil::{Date, date};
use platform::authz::Side;
use platform::cases::tasks::{self, For, Stands, Task};
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, answers};
use crate::arrangement::{act as arrangements, store as work};
use crate::casework::act as around;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving};
use crate::offshoring::model::Turn;
use crate::offshoring::store;

/// A proposal approved for these days, with its lead.
async fn approved(world: &World, (from, to): (Date, Date)) -> (Person, Uuid) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut asked = answers(world.lead.0);
    asked["dates"] = serde_json::json!({ "from": from.to_string(), "to": to.to_string() });
    let (id, _, _) = world.at_decision_of(&lead, asked).await;
    let with = Approving { reason: "The risk left is low.".to_owned(), conditions: String::new(), more_controls: Vec::new(), from, to };
    let boss = world.official("management").await;
    act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap();
    (lead, id)
}

/// The reviews of a proposal that are set, those open first.
async fn reviews(world: &World, id: Uuid) -> Vec<Task> {
    let cx = world.app.operator();
    let all = tasks::list(&cx, cx.db(), &world.case(id).await, Side::Authority).await.unwrap();
    all.into_iter().filter(|task| task.kind == For::Review).collect()
}

async fn review(world: &World, id: Uuid) -> store::Review {
    let cx = world.app.operator();
    store::approval(&cx, cx.db(), &world.case(id).await).await.unwrap().unwrap().review
}

/// The work that the approval brought along.
async fn brought(world: &World, id: Uuid) -> work::Model {
    let tx = world.app.operator().begin().await.unwrap();
    work::open_under(tx.db(), world.contract).await.unwrap().into_iter().find(|row| row.origin == Some(id)).unwrap()
}

/// Somebody of the lead does a review, and the contract manager finds it done on a later day.
async fn done(world: &World, id: Uuid, on: Date, checked: Date) {
    world.until(on);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let task = reviews(world, id).await.remove(0);
    around::finish_task::<Proposals>(&lead.cx, id, task.id, task.version, Some("All is as it was.".to_owned())).await.unwrap();
    world.until(checked);
    let manager = world.official("contract_manager").await;
    let task = reviews(world, id).await.into_iter().find(|task| task.stands() == Stands::Said).unwrap();
    around::check_task::<Proposals>(&manager.cx, id, task.id, task.version, None).await.unwrap();
}

both_engines!(migrations, /// OFF-10, OWN: a review comes again an interval after the day on which the last one was done, not after the day on which it was to be; the approval stays in force.
async fn off_10_reviews_renew_from_the_last_one_done(db) {
    let world = World::new(db).await;
    let (_, id) = approved(&world, (date(2026, 6, 1), date(2036, 5, 31))).await;
    let first = review(&world, id).await;
    let every: rules::pack::Interval = first.every.as_deref().unwrap().parse().unwrap();
    let pack = act::pack_of(&world.app.operator(), &world.case(id).await).unwrap();
    let after = |day: Date| rules::schedule::add(day, every, &pack.calendar).unwrap();
    let due = after(date(2026, 6, 1));
    assert_eq!((first.due.as_deref(), first.last), (Some(due.to_string().as_str()), None));
    let set = reviews(&world, id).await;
    assert_eq!(set.len(), 1);
    assert!(set[0].checks && set[0].side == "supplier" && set[0].due == first.due, "{set:?}");
    assert_eq!(brought(&world, id).await.review_due, first.due);
    // Lacking at first, it is done late, and found done later still.
    let late = due.checked_add(jiff::Span::new().days(40)).unwrap();
    world.until(due);
    let lead = world.person("supplier_lead", world.lead.0).await;
    around::finish_task::<Proposals>(&lead.cx, id, set[0].id, set[0].version, None).await.unwrap();
    let manager = world.official("contract_manager").await;
    let said = reviews(&world, id).await.remove(0);
    around::check_task::<Proposals>(&manager.cx, id, said.id, said.version, Some("Who works there now?")).await.unwrap();
    assert_eq!(review(&world, id).await, store::Review { every: review(&world, id).await.every, last: None, due: Some(due.to_string()) });
    done(&world, id, late, late.checked_add(jiff::Span::new().days(9)).unwrap()).await;
    let second = review(&world, id).await;
    assert_eq!((second.last.as_deref(), second.due.as_deref()), (Some(late.to_string().as_str()), Some(after(late).to_string().as_str())));
    let set = reviews(&world, id).await;
    assert_eq!(set.iter().map(Task::stands).collect::<Vec<_>>(), [Stands::Open, Stands::Done]);
    assert_eq!(set[0].due, second.due);
    assert_eq!(brought(&world, id).await.review_due, second.due, "the register knows it in the same moment");
    let told = platform::book::timeline(&world.app.operator(), "proposal", &id.to_string(), 100).await.unwrap();
    let checked = told.iter().rfind(|line| line.action == "proposal.check_task" && line.about["found"] == "done").unwrap();
    assert_eq!((checked.about["reviewed"].as_str(), checked.about.get("next")), (late.to_string().as_str(), second.due.as_ref()));
    assert_eq!(store::standing_of(world.app.core.db.reader(), id).await.unwrap(), Some(crate::offshoring::model::Standing::InForce));
});

both_engines!(migrations, /// OFF-10: no review is asked for that comes after the approval's end; the last one says that none is left.
async fn off_10_an_approval_that_ends_first_is_not_reviewed(db) {
    let world = World::new(db).await;
    let (_, id) = approved(&world, (date(2026, 6, 1), date(2026, 8, 31))).await;
    assert!(reviews(&world, id).await.is_empty());
    assert_eq!((review(&world, id).await.due, brought(&world, id).await.review.as_str()), (None, "none"));
});

both_engines!(migrations, /// OFF-6b, OFF-10: an overdue review stands on the approval, on its work, in the register and at home, for both sides; an approval taken back is reviewed no more.
async fn off_6b_an_overdue_review_is_shown(db) {
    let world = World::new(db).await;
    let (_, id) = approved(&world, (date(2026, 6, 1), date(2036, 5, 31))).await;
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.until(date(2026, 6, 1));
    world.app.work().await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let row = brought(&world, id).await;
    arrangements::start(&lead.cx, row.id, row.version).await.unwrap();
    let due: Date = review(&world, id).await.due.unwrap().parse().unwrap();
    world.until(due);
    world.app.work().await;
    assert_eq!(brought(&world, id).await.review, "due", "its day is not over");
    world.until(due.tomorrow().unwrap());
    world.app.work().await;
    let row = brought(&world, id).await;
    assert_eq!((row.review.as_str(), row.cover.as_str()), ("overdue", "covered"));
    let told = platform::book::timeline(&world.app.operator(), "arrangement", &row.id.to_string(), 50).await.unwrap();
    assert_eq!(told.iter().filter(|line| line.action == "arrangement.review_missed").count(), 1);
    let lead = world.person("supplier_lead", world.lead.0).await;
    for person in [&world.official("contract_manager").await, &lead] {
        let mut browser = person.browser(&world);
        let home = browser.get("/").await;
        assert!(home.text().contains("under an approval whose review is overdue"), "{}", home.text());
        let list = browser.get("/arrangements?state=started&review=overdue").await;
        assert!(list.body.contains(&row.id.to_string()) && list.text().contains("Review overdue"), "{}", list.text());
        let page = browser.get(&format!("/arrangements/{}", row.id)).await.text();
        assert!(page.contains("Review overdue") && page.contains("was to be reviewed by"), "{page}");
        let page = browser.get(&format!("/proposals/{id}")).await.text();
        assert!(page.contains("Review overdue") && page.contains("is next reviewed by"), "{page}");
        assert!(browser.get(&format!("/proposals/{id}/tasks")).await.text().contains("A review of the approval"));
    }
    // Done, nothing is overdue any more.
    let day = due.tomorrow().unwrap();
    done(&world, id, day, day).await;
    assert_eq!(brought(&world, id).await.review, "due");
    let boss = world.official("management").await;
    act::turn(&boss.cx, id, world.version(id).await, Turn::Revoke, "A theft there.", "").await.unwrap();
    assert_eq!(brought(&world, id).await.review, "none");
    let page = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(!page.contains("next reviewed by"), "{page}");
});
