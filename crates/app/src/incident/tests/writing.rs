//! Data about people in what is written around an incident (SEC-25).

use axum::http::StatusCode;
use jiff::civil::date;
use platform::Error;
use platform::authz::Side;
use platform::cases::tasks::NewTask;
use platform::cases::thread::{self, Reads};
use testkit::{Page, both_engines};

use super::pages::post;
use super::regulator::{self, sending, to_notify, wrong};
use super::{case, entries, noted, reported};
use crate::casework::act;
use crate::casework::writing::{People, Writing};
use crate::incident::act as act_of;
use crate::incident::act::Sending;
use crate::incident::model::Incidents;
use crate::incident::regulator::Decision;
use crate::incident::teller::Informed;
use crate::incident::weakness::{self, model::Details};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};

const MAIL: &str = "sam.bell@customers.example";

fn told(people: People) -> Writing<'static> {
    Writing { body: "Please tell sam.bell@customers.example at once.", internal: false, people }
}

/// The field at which a text was refused.
fn refused_at(done: platform::Result<()>) -> String {
    let Err(Error::Invalid(errors)) = done else { panic!("{done:?}") };
    errors.iter().next().unwrap().0.to_owned()
}

both_engines!(migrations, /// SEC-25: a message with data about people is not taken before its writer says what is to become of that; masked, nothing of it is stored.
async fn sec_25_a_message_is_masked(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    assert_eq!(refused_at(act::write::<Incidents>(&lead.cx, id, &told(People::Unasked)).await), "people");
    let path = format!("/incidents/{id}/thread");
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    assert!(!page.body.contains("name=\"people\""), "nothing is asked before");
    let asked = post(&mut browser, &page, &path, &[("body", told(People::Unasked).body)]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    for word in ["This holds data about people: e-mail address", "Mask it", "It has to stand there"] {
        assert!(asked.text().contains(word), "{word}: {}", asked.text());
    }
    let sent = post(&mut browser, &asked, &path, &[("body", told(People::Unasked).body), ("people", "mask")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let kept = thread::read(&lead.cx, lead.cx.db(), &case(&world, id).await, Reads::Everything, false).await.unwrap();
    assert!(kept.len() == 1 && kept[0].body.starts_with("Please tell █") && kept[0].essential.is_none(), "{kept:?}");
    assert!(!browser.get(&path).await.body.contains(MAIL));
    // What names nobody is sent as ever.
    act::write::<Incidents>(&lead.cx, id, &Writing::message("Who is on duty?")).await.unwrap();
});

both_engines!(migrations, /// SEC-25: a message that has to tell data about people is kept with its reason, masked for its readers, and shown to those entitled, each
/// look recorded; a supplier of another chain reaches nothing.
async fn sec_25_an_essential_message_is_shown_on_asking(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    for reason in [" ", "Or write to kim.bell@customers.example."] {
        let told = told(People::Essential(reason.to_owned()));
        assert_eq!(refused_at(act::write::<Incidents>(&lead.cx, id, &told).await), "people_reason", "{reason}");
    }
    act::write::<Incidents>(&lead.cx, id, &told(People::Essential("You must reach them.".to_owned()))).await.unwrap();
    let path = format!("/incidents/{id}/thread");
    let reads = |page: &Page| (page.body.contains(MAIL), page.text().contains("Declared essential: You must reach them."), page.text().contains("Show it."));
    let security = world.official("security").await;
    let manager = world.official("contract_manager").await;
    let colleague = world.person("supplier_member", world.lead.0).await;
    assert_eq!(reads(&lead.browser(&world).get(&path).await), (true, true, false), "whoever wrote it");
    assert_eq!(reads(&manager.browser(&world).get(&path).await), (false, true, false));
    assert_eq!(reads(&colleague.browser(&world).get(&path).await), (false, true, false));
    let mut browser = security.browser(&world);
    let page = browser.get(&path).await;
    assert_eq!(reads(&page), (false, true, true));
    assert!(!browser.get(&format!("/incidents/{id}/history")).await.body.contains(MAIL));
    let message = thread::read(&security.cx, security.cx.db(), &case(&world, id).await, Reads::Shared, true).await.unwrap()[0].id;
    let shown = post(&mut browser, &page, &format!("{path}/{message}/reveal"), &[]).await;
    assert!(shown.body.contains(MAIL), "{}", shown.text());
    let looked: Vec<_> = entries(&world, id).await.into_iter().filter(|(action, _)| action == "incident.reveal").collect();
    assert!(looked.len() == 1 && looked[0].1.get("message") == Some(&message.to_string()), "{looked:?}");
    refused_by(act::reveal_message::<Incidents>(&manager.cx, id, message).await, "nothing-permits");
    let other = world.person("supplier_lead", world.other.0).await;
    assert!(act::reveal_message::<Incidents>(&other.cx, id, message).await.is_err());
    assert!(matches!(act::reveal_message::<Incidents>(&security.cx, id, platform::random::id(0).unwrap()).await, Err(Error::NotFound)));
});

both_engines!(migrations, /// SEC-25: what is said with a step tells no data about people, of either side.
async fn sec_25_steps_name_nobody(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    let version = async || case(&world, id).await.version;
    let named = format!("Ask {MAIL} at 10.0.0.1.");
    act_of::take_up(&security.cx, id, version().await).await.unwrap();
    assert_eq!(refused_at(act_of::ask(&security.cx, id, version().await, &named).await), "reason");
    act_of::ask(&security.cx, id, version().await, "Who saw it, at 10.0.0.1?").await.unwrap();
    assert_eq!(refused_at(act_of::answer(&lead.cx, id, version().await, &named).await), "reason");
    let path = format!("/incidents/{id}/step/reply");
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    let told = post(&mut browser, &page, &path, &[("reason", &named)]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains(MAIL) && told.text().contains("Take it out: everybody who reads the case reads this"), "{}", told.text());
    act_of::answer(&lead.cx, id, version().await, "The customer did.").await.unwrap();
});

both_engines!(migrations, /// SEC-25: tasks tell no data about people: everybody who reads the incident reads them.
async fn sec_25_tasks_name_nobody(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    let security = world.official("security").await;
    let named = act::add_task::<Incidents>(&security.cx, id, NewTask::new(format!("Write to {MAIL}"), Side::Supplier)).await;
    assert_eq!(refused_at(named.map(drop)), "title");
    let task = act::add_task::<Incidents>(&security.cx, id, NewTask::new("Write to the customer".to_owned(), Side::Supplier)).await.unwrap();
    let path = format!("/incidents/{id}/tasks");
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    let told = post(&mut browser, &page, &format!("{path}/{task}"), &[("note", MAIL)]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text().contains("Take it out: everybody who reads the case reads this"), "{}", told.text());
    let done = post(&mut browser, &told, &format!("{path}/{task}"), &[("note", "It was written to.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
});

both_engines!(migrations, /// SEC-25, SEC-27: what is recorded about the regulator tells no data about people; how an office is reached may stand there, and so may who
/// sent it and the regulator's reference.
async fn sec_25_the_record_about_the_regulator_names_nobody(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let controller = world.official("data_controller").await;
    let of = reported(&lead.cx, world.lead.1).await;
    let (cx, now) = (&controller.cx, of.submitted_at.unwrap());
    let version = async || regulator::version(&world, of.id).await;
    let named = || format!("Ask {MAIL} or 020 7946 0000.");
    let aware = act_of::put_aware(cx, of.id, version().await, now - 3_600_000, &named()).await;
    assert_eq!(wrong(aware), ["reason"]);
    let decide = async |with: Decision| act_of::decide_regulator(cx, of.id, version().await, with).await;
    assert_eq!(wrong(decide(Decision { reason: named(), people_how: named(), ..to_notify() }).await), ["reason", "people_how"]);
    assert_eq!(wrong(decide(Decision { people_reason: "Her number is AB123456C.".to_owned(), ..to_notify() }).await), ["people_reason"]);
    let page = format!("/incidents/{}/regulator/decide", of.id);
    let mut browser = controller.browser(&world);
    let form = browser.get(&page).await;
    let typed = [("personal", "yes"), ("risk", "likely"), ("notify", "not"), ("people", "not"), ("reason", MAIL)];
    let told = post(&mut browser, &form, &page, &typed).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains(MAIL) && told.text().contains("say what kind of data it is"), "{}", told.text());
    let how = "By letter. They reach privacy@authority.example and 0808 157 0192.".to_owned();
    decide(Decision { people_how: how, ..to_notify() }).await.unwrap();
    let send = async |with: Sending| act_of::record_sent(cx, of.id, version().await, with).await;
    assert_eq!(wrong(send(Sending { what: named(), late: named(), ..sending(now) }).await), ["late", "what"]);
    let by = "Robin Reed, robin.reed@people.example".to_owned();
    let what = "Sent to casework@ico.org.uk, as told on 0303 123 1113.".to_owned();
    send(Sending { by, what, reference: "casework+7@ico.org.uk".to_owned(), ..sending(now) }).await.unwrap();
    let informed = async |how: &str| act_of::record_people(cx, of.id, version().await, Informed { on: date(2026, 3, 2), how: how.to_owned() }).await;
    assert_eq!(wrong(informed(&named()).await), ["how"]);
    informed("By letter to each.").await.unwrap();
});

both_engines!(migrations, /// SEC-25: what is written of a weakness tells no data about people: suppliers whose incidents showed it read it.
async fn sec_25_weaknesses_name_nobody(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let details = Details { name: "Doors".to_owned(), about: format!("{MAIL} opens them."), ..Details::default() };
    assert_eq!(wrong(weakness::act::add(&security.cx, &details, None).await.map(drop)), ["about"]);
    let id = noted(&security.cx, "Doors", None).await;
    assert_eq!(wrong(weakness::act::change(&security.cx, id, 1, &details).await), ["about"]);
    let day = Some(date(2026, 3, 2));
    assert_eq!(wrong(weakness::act::resolve(&security.cx, id, 1, &format!("{MAIL} locks them."), day).await), ["how"]);
    weakness::act::resolve(&security.cx, id, 1, "They are locked, by the system at 10.0.0.1.", day).await.unwrap();
    assert_eq!(wrong(weakness::act::reopen(&security.cx, id, 2, MAIL).await), ["why"]);
    let page = security.browser(&world).get(&format!("/weaknesses/{id}/reopen")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
});
