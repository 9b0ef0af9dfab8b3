//! Whether the people concerned are told: by whom, by when, and that it was done.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::Error;
use platform::authz::Side;
use platform::cases::tasks::{self, Stands, Task};
use platform::clock::{DAY, HOUR};
use rules::incident::Facts;
use testkit::both_engines;
use uuid::Uuid;

use super::pages::post;
use super::regulator::{kept, to_notify, wrong};
use super::{case, reported};
use crate::casework::act as around;
use crate::incident::act;
use crate::incident::model::{Incidents, Verdict};
use crate::incident::regulator::{Decision, People};
use crate::incident::teller::{Informed, Teller};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};

fn by_supplier() -> Decision {
    Decision {
        notify: false,
        people_by: Some(Teller::Supplier),
        instruction: "Write to each of the 40 by Friday. Say what was lost, and whom to telephone.".to_owned(),
        ..to_notify()
    }
}

async fn version(world: &World, id: Uuid) -> i32 {
    kept(world, id).await.version
}

async fn asked(world: &World, id: Uuid) -> Vec<Task> {
    let cx = world.app.operator();
    tasks::list(&cx, cx.db(), &case(world, id).await, Side::Supplier).await.unwrap()
}

both_engines!(migrations, /// SEC-27: the data controller decides who tells the people concerned and by when; a supplier that is to reads a task with what it needs,
/// and nothing of the decision; a changed decision changes the task, and what was done is recorded.
async fn sec_27_a_supplier_tells_the_people_by_a_task(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (controller, manager) = (world.official("data_controller").await, world.official("contract_manager").await);
    let id = reported(&lead.cx, world.lead.1).await.id;
    let decide = async |with: Decision| act::decide_regulator(&controller.cx, id, version(&world, id).await, with).await;
    assert_eq!(wrong(decide(Decision { people_by: None, ..to_notify() }).await), ["people_by"]);
    assert_eq!(wrong(decide(Decision { instruction: " ".to_owned(), ..by_supplier() }).await), ["instruction"]);
    assert_eq!(wrong(decide(Decision { instruction: "x".repeat(4_001), ..by_supplier() }).await), ["instruction"]);
    assert!(asked(&world, id).await.is_empty(), "what is refused asks nobody");
    decide(by_supplier()).await.unwrap();
    let task = asked(&world, id).await.pop().unwrap();
    assert_eq!((task.title.as_str(), task.due.as_deref(), task.checks), ("Tell the people concerned", Some("2026-03-20"), true));
    let mut browser = lead.browser(&world);
    let page = browser.get(&format!("/incidents/{id}/tasks")).await.text();
    assert!(page.contains("Write to each of the 40") && page.contains("by 20 March 2026"), "{page}");
    let mail = world.mail().await.remove(&lead.email).unwrap_or_default().join(" | ");
    assert!(mail.contains("INC-2026-000001: people are to be told"), "{mail}");
    for page in ["", "/history", "/thread", "/tasks"] {
        let text = browser.get(&format!("/incidents/{id}{page}")).await.text();
        assert!(!text.contains("Quillfeather") && !text.contains("Regulator to be") && !text.contains("/regulator"), "{page}: {text}");
    }
    // The same asked again leaves the task; something else takes its place; told by the authority, nothing is asked.
    decide(by_supplier()).await.unwrap();
    assert_eq!(asked(&world, id).await.iter().map(|task| task.id).collect::<Vec<_>>(), [task.id]);
    decide(Decision { instruction: "Telephone each of them.".to_owned(), ..by_supplier() }).await.unwrap();
    let all = asked(&world, id).await;
    assert_eq!((all.len(), all.iter().filter(|task| task.stands() == Stands::Open).count()), (2, 1));
    decide(to_notify()).await.unwrap();
    assert!(asked(&world, id).await.iter().all(|task| task.stands() == Stands::Dropped));
    decide(Decision { notify: true, ..by_supplier() }).await.unwrap();
    // Done, checked, and recorded from what the supplier said.
    let task = asked(&world, id).await.into_iter().find(|task| task.stands() == Stands::Open).unwrap();
    around::finish_task::<Incidents>(&lead.cx, id, task.id, task.version, Some("39 by letter, one has moved.".to_owned())).await.unwrap();
    around::check_task::<Incidents>(&manager.cx, id, task.id, task.version + 1, None).await.unwrap();
    let mut browser = controller.browser(&world);
    let path = format!("/incidents/{id}/regulator/people");
    assert!(browser.get(&format!("/incidents/{id}/regulator")).await.text().contains("To be told by 20 March 2026"));
    let form = browser.get(&path).await;
    assert!(form.body.contains("39 by letter, one has moved.") && form.text().contains("Tell the people concerned"), "{}", form.text());
    let again = post(&mut browser, &form, &path, &[("how", "39 by letter.")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let day = [("on.day", "2"), ("on.month", "3"), ("on.year", "2026"), ("how", "39 by letter.")];
    let done = post(&mut browser, &again, &path, &day).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(kept(&world, id).await.people, None);
    let text = browser.get(&format!("/incidents/{id}/regulator")).await.text();
    assert!(text.contains("The people concerned were told") && text.contains("39 by letter."), "{text}");
    assert_eq!(browser.get(&path).await.status, StatusCode::CONFLICT, "nothing waits any more");
});

both_engines!(migrations, /// SEC-27: until it is recorded that they were told, the data controller is reminded; nobody else records it, and not of a day to come.
async fn sec_27_reminded_until_the_people_are_told(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (controller, security) = (world.official("data_controller").await, world.official("security").await);
    let of = reported(&lead.cx, world.lead.1).await;
    let told = |on| Informed { on, how: "By letter.".to_owned() };
    let early = act::record_people(&controller.cx, of.id, 0, told(date(2026, 3, 2))).await;
    assert!(matches!(early, Err(Error::Conflict(_))), "{early:?}");
    let with = Decision { notify: false, people_on: Some(date(2026, 3, 4)), ..to_notify() };
    act::decide_regulator(&controller.cx, of.id, 0, with).await.unwrap();
    let until = world.app.core.clock.end_of(date(2026, 3, 4));
    assert_eq!(kept(&world, of.id).await.people, Some(until));
    let page = controller.browser(&world).get("/").await.text();
    assert!(page.contains("People concerned to be told"), "{page}");
    refused_by(act::record_people(&security.cx, of.id, 1, told(date(2026, 3, 2))).await, "nothing-permits");
    assert!(matches!(act::record_people(&lead.cx, of.id, 1, told(date(2026, 3, 2))).await, Err(Error::Refused(refusal)) if refusal.hidden));
    let record = async |with: Informed| act::record_people(&controller.cx, of.id, version(&world, of.id).await, with).await;
    assert_eq!(wrong(record(told(date(2026, 3, 9))).await), ["on"]);
    assert_eq!(wrong(record(told(date(2026, 2, 9))).await), ["on"], "before anybody knew");
    assert_eq!(wrong(record(Informed { how: " ".to_owned(), ..told(date(2026, 3, 2)) }).await), ["how"]);
    platform::jobs::plan(&world.app.core).await.unwrap();
    let heard = async || {
        world.mail().await.get(&controller.email).into_iter().flatten().filter(|subject| subject.contains("tell the people concerned")).count()
    };
    world.app.advance(until - world.app.core.clock.now() - 25 * HOUR);
    world.app.work().await;
    assert_eq!(heard().await, 0);
    for (hours, all) in [(2, 1), (18, 2), (6, 3), (2, 3)] {
        world.app.advance(hours * HOUR);
        world.app.work().await;
        assert_eq!(heard().await, all, "{hours}");
    }
    let late = world.official("data_controller").await;
    act::record_people(&late.cx, of.id, 1, told(date(2026, 3, 5))).await.unwrap();
    world.app.advance(8 * DAY);
    world.app.work().await;
    assert_eq!(heard().await, 3, "what is done is reminded of no more");
});

both_engines!(migrations, /// SEC-27: of what is over nothing is asked of a supplier: the authority tells them.
async fn sec_27_over_asks_no_supplier(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (controller, security) = (world.official("data_controller").await, world.official("security").await);
    let id = reported(&lead.cx, world.lead.1).await.id;
    let at = async || case(&world, id).await.version;
    act::take_up(&security.cx, id, at().await).await.unwrap();
    act::triage(&security.cx, id, at().await, &Facts { asset_involved: Some(false), ..Facts::default() }, None).await.unwrap();
    act::decide(&security.cx, id, at().await, Verdict::NotIncident, "It was found.").await.unwrap();
    assert_eq!(wrong(act::decide_regulator(&controller.cx, id, 0, by_supplier()).await), ["people_by"]);
    let told = Decision { people: Some(People::Told), people_on: Some(date(2026, 3, 2)), ..by_supplier() };
    act::decide_regulator(&controller.cx, id, 0, told).await.unwrap();
    assert!(asked(&world, id).await.is_empty(), "they were told already, by the supplier");
});
