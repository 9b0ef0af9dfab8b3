//! Writing, agreeing and testing plans.

use platform::Error;
use platform::authz::Side;
use platform::cases::tasks::{self, For, Stands};
use serde_json::json;
use testkit::both_engines;

use super::{agreed, case, site, submitted, version, whole};
use crate::casework::act as around;
use crate::casework::answering::documents;
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{World, refused_by};
use crate::plan::act::readers as reading;
use crate::plan::model::Plans;
use crate::plan::{act, form_of, store};
use crate::testing::forms::answer_case;

both_engines!(migrations, /// SEC-8b: a plan is drafted by anybody of the chain, handed in by its lead, and agreed by security alone; it is then version 1, in
/// force, and frozen.
async fn sec_8b_written_submitted_agreed(db) {
    let world = World::new(db).await;
    let (lead, member) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_member", world.lead.0).await);
    let (security, manager) = (world.official("security").await, world.official("contract_manager").await);
    let id = act::begin(&member.cx, world.lead.1).await.unwrap();
    // Nobody at the authority reads a draft.
    let of = store::get(security.cx.db(), id).await.unwrap();
    assert!(!security.cx.may("plan.view", &of) && member.cx.may("plan.view", &of));
    let done = act::submit(&lead.cx, id, version(&world, id).await, true, None).await;
    let Err(Error::Invalid(errors)) = done else { panic!("{done:?}") };
    assert!(errors.iter().any(|(name, _)| name == "q.first_contact.name" || name.starts_with("q.first_contact")), "{errors:?}");
    answer_case::<Plans>(&member.cx, id, whole(site(&lead.cx, world.lead.0).await)).await;
    refused_by(act::submit(&member.cx, id, version(&world, id).await, true, None).await, "member-never-submits-plans");
    let undeclared = act::submit(&lead.cx, id, version(&world, id).await, false, None).await;
    assert!(matches!(undeclared, Err(Error::Invalid(_))), "{undeclared:?}");
    let sent = act::submit(&lead.cx, id, version(&world, id).await, true, None).await.unwrap();
    assert_eq!((sent.reference.as_deref(), sent.stage.as_str(), sent.title.as_str()), (Some("PLN-2026-000001"), "submitted", "Ferry bookings desk"));
    refused_by(act::agree(&manager.cx, id, sent.version, "Fine.").await, "nothing-permits");
    assert!(matches!(act::agree(&security.cx, id, sent.version, "  ").await, Err(Error::Invalid(_))));
    act::agree(&security.cx, id, sent.version, "It covers what we ask for.").await.unwrap();
    let of = store::get(security.cx.db(), id).await.unwrap();
    assert_eq!((of.number, of.in_force(), of.case.stage.as_str()), (Some(1), true, "agreed"));
    assert!(!lead.cx.may("plan.draft", &of));
    let rounds = documents::<Plans>(&security.cx, &of.case).await.unwrap();
    assert_eq!(rounds[0].1.answers().get("known_to"), Some(&json!(12)));
});

both_engines!(migrations, /// SEC-8b: while one is being written no other begins at that place, and what was agreed is only changed by a change.
async fn sec_8b_one_at_a_time_and_then_by_changes(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let other = world.person("supplier_lead", world.other.0).await;
    let id = act::begin(&lead.cx, world.lead.1).await.unwrap();
    assert!(matches!(act::begin(&lead.cx, world.lead.1).await, Err(Error::Conflict(_))));
    refused_by(act::begin(&other.cx, world.lead.1).await, "nothing-permits");
    // A sub-contractor may have one of its own.
    let sub = world.person("supplier_member", world.sub.0).await;
    let below = act::begin(&sub.cx, world.sub.1).await.unwrap();
    act::discard(&sub.cx, below, version(&world, below).await).await.unwrap();
    act::discard(&lead.cx, id, version(&world, id).await).await.unwrap();
    let id = submitted(&world, &lead).await;
    refused_by(act::discard(&lead.cx, id, version(&world, id).await).await, "nothing-permits");
    act::agree(&security.cx, id, version(&world, id).await, "It covers what we ask for.").await.unwrap();
    let Err(Error::Conflict(text)) = act::begin(&lead.cx, world.lead.1).await else { panic!("begun beside an agreed one") };
    assert!(text.say().contains("Ask for a change"), "{}", text.say());
});

both_engines!(migrations, /// SEC-8b: a plan is returned with points tied to questions, mended and handed in with a reply; withdrawn, another may begin.
async fn sec_8b_returned_mended_withdrawn(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let id = submitted(&world, &lead).await;
    let pack = crate::pack::of_case(&lead.cx, &case(&world, id).await).unwrap();
    let form = form_of(&pack).unwrap();
    let point = crate::casework::handing::point(form, Some("retention"), "Say who wipes it.");
    assert_eq!(point.section.as_deref(), Some("handling"));
    assert!(matches!(act::send_back(&security.cx, id, version(&world, id).await, "Not yet.", &[]).await, Err(Error::Invalid(_))));
    act::send_back(&security.cx, id, version(&world, id).await, "Not yet.", &[point]).await.unwrap();
    let page = lead.browser(&world).get(&format!("/plans/{id}")).await;
    assert!(page.text().contains("Say who wipes it.") && page.text().contains("Not yet."), "{}", page.text());
    answer_case::<Plans>(&lead.cx, id, json!({ "holding": "On the booking desk alone; no paper.", "transfer_routes": "The private line alone.", "retention": "A year, then wiped by Keel Ltd with a record." })).await;
    let silent = act::submit(&lead.cx, id, version(&world, id).await, true, None).await;
    assert!(matches!(silent, Err(Error::Invalid(_))), "{silent:?}");
    let again = act::submit(&lead.cx, id, version(&world, id).await, true, Some("Keel Ltd wipes it.")).await.unwrap();
    assert_eq!((again.round, again.reference.as_deref()), (2, Some("PLN-2026-000001")));
    let changes = security.browser(&world).get(&format!("/plans/{id}/changes")).await;
    assert!(changes.text().contains("wiped by Keel Ltd"), "{}", changes.text());
    act::withdraw(&lead.cx, id, again.version, "We begin anew.").await.unwrap();
    act::begin(&lead.cx, world.lead.1).await.unwrap();
});

both_engines!(migrations, /// SEC-8e: the audits and tests that an agreed plan promises are tasks of the supplier, due on its days; found done, the next one comes
/// after the interval that the plan says. What they show is attached to the version that they tested.
async fn sec_8e_audits_and_tests_are_tasks(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let id = agreed(&world, &lead, &security).await;
    let list = async || tasks::list(&security.cx, security.cx.db(), &case(&world, id).await, Side::Authority).await.unwrap();
    let mut set = list().await;
    set.sort_by(|a, b| a.due.cmp(&b.due));
    let told: Vec<(&str, Option<&str>)> = set.iter().map(|task| (task.title.as_str(), task.due.as_deref())).collect();
    assert_eq!(told, [("An exercise: A restore", Some("2026-05-01")), ("A penetration test: The booking desk", Some("2026-09-01"))]);
    assert!(set.iter().all(|task| task.kind == For::Review && task.checks && task.side == "supplier"));
    let file = crate::testing::attach(&lead.cx, "plan", id, "Test report.pdf", false).await;
    assert!(!file.is_nil());
    // On the clock of the tests: done today, long before its day.
    for task in &set {
        around::finish_task::<Plans>(&lead.cx, id, task.id, task.version, Some("See the report.".to_owned())).await.unwrap();
        let said = list().await.into_iter().find(|one| one.id == task.id).unwrap();
        around::check_task::<Plans>(&security.cx, id, task.id, said.version, None).await.unwrap();
    }
    let open: Vec<_> = list().await.into_iter().filter(|task| task.stands() == Stands::Open).collect();
    let next: Vec<(&str, Option<&str>)> = open.iter().map(|task| (task.title.as_str(), task.due.as_deref())).collect();
    // The exercise was to be done once; the test comes again a year after it was done.
    assert_eq!(next, [("A penetration test: The booking desk", Some("2027-03-02"))]);
});

both_engines!(migrations, /// SEC-8b, SEC-8e: from the agreement on duties are counted: making it known, and testing it.
async fn sec_8b_duties_count_from_the_agreement(db) {
    let world = World::new(db).await;
    crate::contract::act::put_pack(&world.app.operator(), world.contract, "provider_security", "2026.1", Some("agreed")).await.unwrap();
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    agreed(&world, &lead, &security).await;
    let page = security.browser(&world).get(&format!("/obligations?contract={}&q=known", world.contract)).await;
    assert!(page.text().contains("Make the plan known to all staff"), "{}", page.text());
    let known = crate::obligation::store::get(&security.cx, world.lead.1, "provider_security", "make_plan_known").await.unwrap();
    assert_eq!(known.row.due_key, "2026-04-01");
});

both_engines!(migrations, /// SEC-8b, SEC-8e: people are asked to read the version in force, each by a link of their own; they say that they have, the share is
/// shown, whoever has not is reminded each week, and a later version is sent to all of them. Nothing else opens by a link, and no name lies in the open.
async fn sec_8b_everyone_knows_the_plan(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let id = agreed(&world, &lead, &security).await;
    for (typed, word) in [("", "at least one"), ("Robin Sayers", "Line 1"), ("Robin, robin@crew.example\nKim", "Line 2"), ("Robin, robin at crew", "Line 1")] {
        let Err(Error::Invalid(errors)) = reading::people(typed) else { panic!("{typed} was taken") };
        assert!(errors.get("people").unwrap().say().contains(word), "{typed}: {errors:?}");
    }
    let people = reading::people("Robin Sayers, robin@crew.example\n\nKim Rowe <kim@crew.example>").unwrap();
    refused_by(reading::ask(&security.cx, id, &people).await, "nothing-permits");
    assert_eq!(reading::ask(&lead.cx, id, &people).await.unwrap(), 2);
    assert!(matches!(reading::ask(&lead.cx, id, &people).await, Err(Error::Invalid(_))), "both were asked");
    let link = async |who: &str, nth: usize| {
        world.app.work().await;
        let all = testkit::letters(&world.app.core.settings.mail_folder());
        let letters: Vec<_> = all.into_iter().filter(|one| one.to == who).collect();
        let text = &letters[nth].text;
        let at = text.find("/plan-readers/").unwrap();
        text[at..].split_whitespace().next().unwrap().to_owned()
    };
    let mine = link("robin@crew.example", 0).await;
    let mut anybody = world.app.browser();
    let page = anybody.get(&mine).await;
    assert!(page.text().contains("I have read this plan") && page.text().contains("By the team lead, by role"), "{}", page.text());
    assert!(!page.body.contains("Guards and badges") && !page.body.contains("Ash Marlow"), "what is sealed stays sealed");
    let done = anybody.submit(&page, &mine, &[]).await;
    assert!(done.text().contains("It is recorded that you have read the plan"), "{}", done.text());
    assert_eq!(anybody.get("/plan-readers/no-such-link").await.status, axum::http::StatusCode::NOT_FOUND);
    assert!(!anybody.get(&format!("/plans/{id}")).await.body.contains("By the team lead, by role"), "nothing else opens");
    let list = lead.browser(&world).get(&format!("/plans/{id}/readers")).await;
    assert!(list.text().contains("1 of 2 (50 %)") && list.text().contains("Kim Rowe") && list.text().contains("about 12 people"), "{}", list.text());
    assert!(!security.browser(&world).get(&format!("/plans/{id}/readers")).await.body.contains("crew.example"), "addresses are the supplier's");
    // The same day nobody is reminded; a week later by itself, and by another link.
    assert!(matches!(reading::remind(&lead.cx, id).await, Err(Error::Conflict(_))));
    let first = link("kim@crew.example", 0).await;
    world.app.advance(7 * platform::clock::DAY + 1_000);
    platform::jobs::plan(&world.app.core).await.unwrap();
    let again = link("kim@crew.example", 1).await;
    assert_ne!(first, again);
    assert_eq!(anybody.get(&first).await.status, axum::http::StatusCode::NOT_FOUND);
    assert_eq!(anybody.get(&again).await.status, axum::http::StatusCode::OK);
    // Who left is asked no more, and their link opens nothing.
    let asked = crate::plan::store::readers::of(&lead.cx, lead.cx.db(), &case(&world, id).await).await.unwrap();
    let kim = asked.into_iter().find(|reader| reader.name == "Kim Rowe").unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    reading::end(&lead.cx, id, kim.row.id).await.unwrap();
    assert_eq!(anybody.get(&again).await.status, axum::http::StatusCode::NOT_FOUND);
    let list = lead.browser(&world).get(&format!("/plans/{id}/readers")).await;
    assert!(list.text().contains("1 of 1 (100 %)") && !list.text().contains("Kim Rowe"), "{}", list.text());
    for text in ["Robin Sayers", "robin@crew.example", "Kim Rowe", again.rsplit('/').next().unwrap()] {
        assert_eq!(found(&world, text).await, Vec::<String>::new(), "{text}");
    }
});
