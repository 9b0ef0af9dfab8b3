//! Who is reminded of what, when, and how often; and how people choose to be told.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use platform::authz::Side;
use platform::cases::tasks::{self, NewTask};
use platform::notices::choice::{self, Chosen};
use platform::notices::reading::{Delivery, Missed, missed, told};
use platform::notices::{How, Sort, Telling};
use testkit::both_engines;
use uuid::Uuid;

use crate::account::act::choose_notices;
use crate::casework::act as around;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving};
use crate::offshoring::model::Turn;
use crate::offshoring::tests::world::{Person, World};

/// A world in which jobs are done; its lead, and a proposal approved from June on with two conditions.
async fn approved(db: testkit::TestDb) -> (World, Person, Uuid) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _, _) = world.at_decision(&lead).await;
    let with = Approving {
        reason: "The risk left is low.".to_owned(),
        conditions: "Lock the room at night.\nTell us before a sixth person joins.".to_owned(),
        more_controls: Vec::new(),
        from: date(2026, 6, 1),
        to: date(2027, 5, 31),
    };
    let boss = world.official("management").await;
    act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap();
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    (world, lead, id)
}

/// The day comes, and jobs are done.
async fn on(world: &World, day: Date) {
    world.until(day);
    world.app.work().await;
}

/// The subjects mailed to somebody that say this.
async fn mailed(world: &World, to: &Person, part: &str) -> Vec<String> {
    world.mail().await.get(&to.email).into_iter().flatten().filter(|subject| subject.contains(part)).cloned().collect()
}

both_engines!(migrations, /// OFF-10, OFF-11: whoever must do a task hears of it 7 days and a day before, on its first day of being late, and each week after: by one mail a day.
async fn off_11_tasks_are_reminded_of(db) {
    let (world, lead, id) = approved(db).await;
    let count = tasks::list(&lead.cx, lead.cx.db(), &world.case(id).await, Side::Supplier).await.unwrap().len();
    assert!(count > 2);
    let days = [
        (date(2026, 5, 24), 0, 0),
        (date(2026, 5, 25), 1, 0),
        (date(2026, 5, 26), 1, 0),
        (date(2026, 5, 31), 2, 0),
        (date(2026, 6, 1), 2, 0),
        (date(2026, 6, 2), 2, 1),
        (date(2026, 6, 8), 2, 1),
        (date(2026, 6, 9), 2, 2),
    ];
    for (day, soon, late) in days {
        on(&world, day).await;
        // The watch looks several times a day.
        world.app.advance(7 * platform::clock::HOUR);
        world.app.work().await;
        assert_eq!(mailed(&world, &lead, &format!("{count} tasks are due on 1 June 2026")).await.len(), soon, "{day}");
        assert_eq!(mailed(&world, &lead, &format!("{count} tasks are late")).await.len(), late, "{day}");
    }
    // What is done is reminded of no more.
    let lead = world.person("supplier_lead", world.lead.0).await;
    for task in tasks::list(&lead.cx, lead.cx.db(), &world.case(id).await, Side::Supplier).await.unwrap() {
        around::finish_task::<Proposals>(&lead.cx, id, task.id, task.version, None).await.unwrap();
    }
    on(&world, date(2026, 6, 16)).await;
    assert!(mailed(&world, &lead, "late").await.is_empty());
});

both_engines!(migrations, /// OFF-11: what is ignored for a week is told to whoever is responsible: for the contract, and of the supplier its lead.
async fn off_11_what_is_ignored_is_told_to_those_responsible(db) {
    let (world, lead, id) = approved(db).await;
    let manager = world.official("contract_manager").await;
    let member = world.person("supplier_member", world.lead.0).await;
    // A task of one person's: the lead hears of it only when it is ignored.
    let boss = world.official("contract_manager").await;
    let new = NewTask { owner: Some(member.account), due: Some(date(2026, 6, 15)), ..NewTask::new("Send the drawing", Side::Supplier) };
    around::add_task::<Proposals>(&boss.cx, id, new).await.unwrap();
    let heard = async |person: &Person, part: &str| {
        told(&person.cx, person.account, None, 100).await.unwrap().iter().filter(|one| one.subject.contains(part)).count()
    };
    on(&world, date(2026, 6, 16)).await;
    assert_eq!(heard(&member, "a task is late").await, 1);
    assert_eq!(heard(&lead, "a task is late").await, 0);
    on(&world, date(2026, 6, 21)).await;
    assert_eq!((heard(&lead, ": a task is").await, heard(&manager, ": a task is").await), (0, 0));
    on(&world, date(2026, 6, 22)).await;
    for person in [&lead, &manager] {
        assert_eq!(heard(person, "a task is 7 days late").await, 1);
    }
    // Its own doer is told of it as late, not as ignored; and all that came together went out as one.
    assert_eq!(heard(&member, "7 days late").await, 0);
    assert_eq!(mailed(&world, &member, "2 notices of today").await.len(), 1);
    // An approval that was taken back asks nobody for anything.
    let boss = world.official("management").await;
    act::turn(&boss.cx, id, world.version(id).await, Turn::Revoke, "A theft there.", "").await.unwrap();
    world.app.work().await;
    let before = told(&member.cx, member.account, None, 100).await.unwrap().len();
    on(&world, date(2026, 7, 20)).await;
    assert_eq!(told(&member.cx, member.account, None, 100).await.unwrap().len(), before);
});

both_engines!(migrations, /// OFF-11: what becomes due after the mail of the day comes with that of the next, at its hour; a schedule that finds nothing writes nothing.
async fn off_11_a_person_gets_one_mail_a_day(db) {
    let (world, lead, id) = approved(db).await;
    let manager = world.official("contract_manager").await;
    on(&world, date(2026, 5, 25)).await;
    assert_eq!(mailed(&world, &lead, "tasks are due").await.len(), 1);
    let all = async || told(&lead.cx, lead.account, None, 100).await.unwrap();
    let before = all().await.len();
    let new = NewTask { due: Some(date(2026, 5, 30)), ..NewTask::new("Send the drawing", Side::Supplier) };
    around::add_task::<Proposals>(&manager.cx, id, new).await.unwrap();
    world.app.advance(6 * platform::clock::HOUR);
    world.app.work().await;
    let news = all().await;
    assert_eq!(news.len(), before + 1);
    let Delivery::Waits(at) = news[0].delivery else { panic!("{:?}", news[0]) };
    assert_eq!(world.app.core.clock.moment_text(at), world.app.core.clock.moment_text("2026-05-26T06:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond()));
    assert!(mailed(&world, &lead, "a task is due").await.is_empty());
    world.until(date(2026, 5, 26));
    world.app.advance(9 * platform::clock::HOUR);
    world.app.work().await;
    assert_eq!(mailed(&world, &lead, "a task is due on 30 May 2026").await.len(), 1);
    // The watch finds nothing new: nothing is kept, and nobody is mailed.
    let (count, letters) = (all().await.len(), mailed(&world, &lead, "").await.len());
    for _ in 0..3 {
        world.app.advance(2 * platform::clock::HOUR);
        world.app.work().await;
    }
    assert_eq!((all().await.len(), mailed(&world, &lead, "").await.len()), (count, letters));
});

both_engines!(migrations, /// OFF-8: of very many notices some are written at a time, so that nobody waits for all of them; each is told once.
async fn off_8_very_many_notices_are_told_in_parts(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let cx = world.app.operator();
    let to = platform::cases::people::account(&cx, cx.db(), lead.account).await.unwrap().unwrap();
    let notice = |n: usize| platform::notices::Notice {
        to: to.clone(),
        sort: Sort::BeforeDue,
        key: format!("many:{n:05}"),
        about: ("proposal", Uuid::from_u128(n as u128)),
        subject: format!("Number {n}"),
        text: "Something is due.".to_owned(),
        path: "/".to_owned(),
        gathered: true,
    };
    let count = async || told(&lead.cx, lead.account, None, 10_000).await.unwrap().len();
    let before = count().await;
    let mut telling = Telling::new(&cx);
    telling.add((0..1_900).map(notice).collect()).await.unwrap();
    assert_eq!(count().await, before, "few are told together");
    telling.add((1_800..2_100).map(notice).collect()).await.unwrap();
    assert_eq!(count().await, before + 2_100, "very many are not kept back, and none is told twice");
    telling.add((2_000..2_101).map(notice).collect()).await.unwrap();
    telling.done().await.unwrap();
    assert_eq!(count().await, before + 2_101);
});

both_engines!(migrations, /// OFF-8: a case that waits for somebody is reminded of like a task, and once it is late told to the manager of its contract.
async fn off_8_a_case_that_waits_is_reminded_of(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    // It came on 2 March and is due on the 9th: told of at once, and of its day with it.
    let reference = world.case(id).await.reference.unwrap();
    on(&world, date(2026, 3, 8)).await;
    assert_eq!(mailed(&world, &manager, "waits for you until 9 March 2026").await.len(), 2, "7 days and a day before");
    on(&world, date(2026, 3, 10)).await;
    assert_eq!(mailed(&world, &manager, &format!("{reference} is late")).await.len(), 1);
    assert!(mailed(&world, &lead, "is late").await.is_empty(), "it is not the supplier's turn");
});

both_engines!(migrations, /// OFF-8: each person chooses: at once, once a day gathered at an hour, or on the page alone; nothing is lost.
async fn off_8_people_choose_how_they_are_told(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let (daily, quiet) = (world.official("contract_manager").await, world.official("contract_manager").await);
    let all = |how: How| Sort::ALL.into_iter().map(|sort| (sort, how)).collect();
    choose_notices(&daily.cx, &Chosen { how: all(How::Daily), hour: 16 }).await.unwrap();
    choose_notices(&quiet.cx, &Chosen { how: all(How::Page), hour: 7 }).await.unwrap();
    let (first, second) = (world.submitted(&lead).await, world.submitted(&lead).await);
    world.app.work().await;
    let reference = world.case(first).await.reference.unwrap();
    assert_eq!(mailed(&world, &manager, &reference).await.len(), 1);
    assert!(mailed(&world, &daily, "").await.is_empty() && mailed(&world, &quiet, "").await.is_empty());
    let on_page = async |person: &Person| told(&person.cx, person.account, None, 100).await.unwrap();
    assert!(on_page(&manager).await.iter().all(|one| matches!(one.delivery, Delivery::Sent(_))));
    assert!(on_page(&quiet).await.iter().all(|one| one.delivery == Delivery::Page));
    assert_eq!(on_page(&quiet).await.len(), 2);
    assert!(on_page(&daily).await.iter().all(|one| matches!(one.delivery, Delivery::Waits(_))));
    // At four in the afternoon, by the clock of the authority, both come in one.
    world.app.advance(6 * platform::clock::HOUR);
    world.app.work().await;
    assert!(mailed(&world, &daily, "").await.is_empty());
    world.app.advance(platform::clock::HOUR);
    world.app.work().await;
    assert_eq!(mailed(&world, &daily, "").await, ["2 notices of today"]);
    let text = world.app.mailed(&daily.email).await.pop().unwrap();
    for id in [first, second] {
        assert!(text.contains(&format!("/proposals/{id}")), "{text}");
    }
    assert!(text.contains("/account/notices"), "{text}");
    assert!(on_page(&daily).await.iter().all(|one| matches!(one.delivery, Delivery::Sent(_))));
    world.app.advance(24 * platform::clock::HOUR);
    world.app.work().await;
    assert_eq!(mailed(&world, &daily, "").await.len(), 1, "what went out goes out once");
    // What was chosen is told, and chosen again nothing is written.
    let stood = choice::one(daily.cx.db(), daily.account).await.unwrap();
    assert_eq!((stood.hour, stood.how(Sort::Late)), (16, How::Daily));
});

both_engines!(migrations, /// OFF-8: mail that failed for good is shown to its reader, to an administrator, and on the case to those who can do something about it.
async fn off_8_what_was_not_delivered_is_shown(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    // The folder that takes mail in place of a server is in the way of itself: nothing can be written.
    let folder = world.app.core.settings.mail_folder();
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::write(&folder, "in the way").unwrap();
    for _ in 0..platform::jobs::TRIES {
        world.app.work().await;
        world.app.advance(7 * 24 * platform::clock::HOUR);
    }
    let failed = missed(&manager.cx, "proposal", id).await.unwrap();
    let accounts: BTreeSet<Uuid> = failed.iter().map(|one: &Missed| one.account).collect();
    assert_eq!(accounts, BTreeSet::from([lead.account, manager.account]));
    let (manager, security) = (world.official("contract_manager").await, world.official("administrator").await);
    let page = manager.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(page.contains("could not be delivered to 2 people") && page.contains("Pat supplier lead, last tried on"), "{page}");
    let page = security.browser(&world).get(&format!("/proposals/{id}")).await;
    assert!(page.body.contains(&format!("/accounts/{}", lead.account)) && page.body.contains("/admin/jobs"), "{}", page.text());
    // The supplier reads nothing of others; whoever was not reached reads it themselves.
    let again = world.person("supplier_lead", world.lead.0).await;
    assert!(!again.browser(&world).get(&format!("/proposals/{id}")).await.text().contains("could not be delivered"));
    let own = told(&lead.cx, lead.account, None, 10).await.unwrap();
    assert!(own.iter().any(|one| matches!(one.delivery, Delivery::Failed(_))), "{own:?}");
});

both_engines!(migrations, /// OFF-8: the page of notices tells them, and takes the choice; what is wrong is said.
async fn off_8_notices_are_read_and_chosen_on_pages(db) {
    let (world, _, id) = approved(db).await;
    on(&world, date(2026, 5, 25)).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    on(&world, date(2026, 6, 5)).await;
    let mut browser = world.person("supplier_lead", world.lead.0).await.browser(&world);
    let home = browser.get("/").await.text();
    assert!(home.contains("late by 4 days"), "{home}");
    let page = browser.get(&format!("/proposals/{id}/tasks")).await.text();
    assert!(page.contains("late by 4 days"), "{page}");
    let empty = browser.get("/account/notices").await;
    assert!(empty.text().contains("Nothing yet"), "{}", empty.text());
    assert!(told(&lead.cx, lead.account, None, 10).await.unwrap().iter().any(|one| one.subject.contains("are late")));
    let form = browser.get("/account/notices/choose").await;
    assert!(form.text().contains("always come by e-mail at once"), "{}", form.text());
    let choose = |late: &'static str| [("hand_over", "daily"), ("before_due", "page"), ("late", late), ("other", "page"), ("hour", "18")];
    let (to, fields) = form.fill("/account/notices/choose", &choose("never"));
    let wrong = browser.post_raw(&to, &fields).await;
    assert!(wrong.text().contains("Choose how you want to be told of this"), "{}", wrong.text());
    let (to, fields) = form.fill("/account/notices/choose", &choose("at_once"));
    browser.post_raw(&to, &fields).await;
    let again = browser.get("/account/notices/choose").await;
    let (_, filled) = again.fill("/account/notices/choose", &[]);
    for (name, value) in choose("at_once") {
        assert!(filled.contains(&(name.to_owned(), value.to_owned())), "{name}: {filled:?}");
    }
});
