//! Conditions and demanded controls of an approval: tasks that the supplier does and the authority checks.

use jiff::civil::date;
use platform::Error;
use platform::authz::Side;
use platform::cases::tasks::{self, For, Stands, Task};
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, refused_by};
use crate::casework::act as around;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving};

/// An approval with two conditions; the lead, and the proposal.
async fn approved(world: &World) -> (Person, Uuid) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _, _) = world.at_decision(&lead).await;
    let with = Approving {
        reason: "The risk left is low.".to_owned(),
        conditions: "Tell us before a seventh person keeps watch.\n\n  Lock the room at night.  ".to_owned(),
        more_controls: Vec::new(),
        from: date(2026, 6, 1),
        to: date(2027, 5, 31),
    };
    let boss = world.official("management").await;
    act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap();
    (lead, id)
}

async fn all(world: &World, by: &Person, id: Uuid) -> Vec<Task> {
    let side = by.cx.actor.account().unwrap().side;
    tasks::list(&by.cx, by.cx.db(), &world.case(id).await, side).await.unwrap()
}

async fn one(world: &World, by: &Person, id: Uuid, title: &str) -> Task {
    all(world, by, id).await.into_iter().find(|task| task.title.starts_with(title)).unwrap()
}

both_engines!(migrations, /// OFF-10, OFF-11: each condition and each demanded control becomes a task of the supplier's, due before the work begins, and is checked.
async fn off_11_conditions_and_controls_are_tasks(db) {
    let world = World::new(db).await;
    let (lead, id) = approved(&world).await;
    let set = all(&world, &lead, id).await;
    let conditions: Vec<&str> = set.iter().filter(|t| t.kind == For::Condition).map(|t| t.title.as_str()).collect();
    assert_eq!(conditions, ["Tell us before a seventh person keeps watch.", "Lock the room at night."]);
    let approval = crate::offshoring::store::approval(&lead.cx, lead.cx.db(), &world.case(id).await).await.unwrap().unwrap();
    let mut controls: Vec<String> = set.iter().filter_map(|t| t.source.clone()).collect();
    let mut demanded = approval.controls;
    controls.sort();
    demanded.sort();
    assert!(!demanded.is_empty());
    assert_eq!(controls, demanded);
    assert!(set.iter().all(|t| t.checks && t.side == Side::Supplier.code() && t.due.as_deref() == Some("2026-06-01") && t.stands() == Stands::Open));
    assert!(set.iter().all(|t| (t.kind == For::Control) == t.source.is_some()));
});

both_engines!(migrations, /// OFF-11: what was said to be done is checked by the authority: lacking, it is open again; done, it is done. Nobody else checks.
async fn off_11_what_was_done_is_checked(db) {
    let world = World::new(db).await;
    let (lead, id) = approved(&world).await;
    let manager = world.official("contract_manager").await;
    let title = "Lock the room";
    let open = one(&world, &lead, id, title).await;
    // Nothing is checked that nobody said was done.
    assert!(matches!(around::check_task::<Proposals>(&manager.cx, id, open.id, open.version, None).await, Err(Error::Stale(_))));
    around::finish_task::<Proposals>(&lead.cx, id, open.id, open.version, Some("A lock was bought.".to_owned())).await.unwrap();
    let said = one(&world, &lead, id, title).await;
    assert_eq!(said.stands(), Stands::Said);
    for (person, policy) in [(&lead, "nothing-permits"), (&world.official("internal_audit").await, "nothing-permits")] {
        refused_by(around::check_task::<Proposals>(&person.cx, id, said.id, said.version, None).await, policy);
    }
    let other = world.person("supplier_lead", world.other.0).await;
    assert!(matches!(around::check_task::<Proposals>(&other.cx, id, said.id, said.version, None).await, Err(Error::Refused(r)) if r.hidden));
    world.mail().await;
    around::check_task::<Proposals>(&manager.cx, id, said.id, said.version, Some("Who has the key?")).await.unwrap();
    let mail = world.mail().await;
    assert!(mail[&lead.email].iter().any(|s| s == "OFF-2026-000001: something is lacking"), "{mail:?}");
    let again = one(&world, &lead, id, title).await;
    assert_eq!((again.stands(), again.lacks.as_deref(), again.note.as_deref()), (Stands::Open, Some("Who has the key?"), Some("A lock was bought.")));
    // The same form once more.
    assert!(matches!(around::check_task::<Proposals>(&manager.cx, id, said.id, said.version, None).await, Err(Error::Stale(_))));
    around::finish_task::<Proposals>(&lead.cx, id, again.id, again.version, Some("The guard has it.".to_owned())).await.unwrap();
    let said = one(&world, &lead, id, title).await;
    assert_eq!(said.lacks, None, "what was lacking before is told no more");
    around::check_task::<Proposals>(&manager.cx, id, said.id, said.version, None).await.unwrap();
    let done = one(&world, &lead, id, title).await;
    assert_eq!((done.stands(), done.checked_at.is_some()), (Stands::Done, true));
    // What is lacking must be said.
    let blank = around::check_task::<Proposals>(&manager.cx, id, done.id, done.version, Some("  ")).await;
    assert!(matches!(blank, Err(Error::Invalid(e)) if e.get("lacks").is_some()));
    // A task of another case is none of this one's.
    assert!(matches!(around::check_task::<Proposals>(&manager.cx, id, Uuid::from_u128(9), 1, None).await, Err(Error::NotFound)));
});

both_engines!(migrations, /// OFF-11: both sides find what waits for them at home, say and check it on the page of tasks, and what is wrong is said there.
async fn off_11_tasks_are_found_and_checked_on_pages(db) {
    let world = World::new(db).await;
    let (lead, id) = approved(&world).await;
    let mut theirs = lead.browser(&world);
    let home = theirs.get("/").await;
    assert!(home.text().contains("Tasks to do") && home.text().contains("the first by 1 June 2026"), "{}", home.text());
    let path = format!("/proposals/{id}/tasks");
    assert!(home.body.contains(&path));
    let page = theirs.get(&path).await;
    for word in ["A condition of the approval", "A control that the approval demands", "The authority checks it."] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let task = one(&world, &lead, id, "Lock the room").await;
    let at = format!("{path}/{}", task.id);
    let (to, fields) = page.fill(&at, &[("note", "A lock was bought.")]);
    theirs.post_raw(&to, &fields).await;
    let mut ours = world.official("contract_manager").await.browser(&world);
    let home = ours.get("/").await.text();
    assert!(home.contains("Tasks to check"), "{home}");
    let page = ours.get(&path).await;
    assert!(page.text().contains("To be checked"), "{}", page.text());
    let check = format!("{at}/check");
    let (to, fields) = page.fill(&check, &[("found", "lacking")]);
    let wrong = ours.post_raw(&to, &fields).await;
    assert!(wrong.text().contains("Say what is lacking"), "{}", wrong.text());
    let (to, fields) = ours.get(&path).await.fill(&check, &[("found", "lacking"), ("lacks", "Who has the key?")]);
    ours.post_raw(&to, &fields).await;
    let told = theirs.get(&path).await.text();
    assert!(told.contains("What is lacking: Who has the key?"), "{told}");
    // What is withdrawn asks nobody for anything.
    let other = world.submitted(&lead).await;
    let manager = world.official("contract_manager").await;
    around::add_task::<Proposals>(&manager.cx, other, tasks::NewTask::new("Send the drawing", Side::Supplier)).await.unwrap();
    assert!(theirs.get("/").await.body.contains(&format!("/proposals/{other}/tasks")));
    act::withdraw(&lead.cx, other, world.version(other).await, "Not needed.").await.unwrap();
    assert!(!theirs.get("/").await.body.contains(&format!("/proposals/{other}/tasks")));
    // Who only reads is asked for nothing.
    let mut audit = world.official("internal_audit").await.browser(&world);
    assert!(!audit.get("/").await.text().contains("Tasks to"));
    // Another supplier's home tells of none of it.
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert!(!other.get("/").await.text().contains("Tasks to do"));
});
