//! What is left of an urgent approval once it is over: what it demanded is asked for no longer, and work that began under it began under an approval.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::authz::Side;
use platform::book;
use platform::cases::rounds::NewPoint;
use platform::cases::tasks::{self, For, Stands};
use platform::cases::{queue, store as cases};
use platform::db::Engine;
use sea_orm::{ConnectionTrait as _, DbBackend, EntityTrait as _, Statement};
use testkit::both_engines;
use uuid::Uuid;

use super::delegated::instead;
use super::levels::risky;
use super::urgent::{FIRST, give, handed_in, with, work_of};
use super::world::{Person, World, answers};
use crate::arrangement::act as work;
use crate::arrangement::model::Details;
use crate::arrangement::tests::work as details;
use crate::casework::papers::make as make_paper;
use crate::migrations::migrations;
use crate::obligation::store::event;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving};
use crate::offshoring::model::{PROPOSAL, Turn};
use crate::offshoring::store;
use crate::site::model::Details as Site;
use platform::cases::api::Cases as _;

/// The conditions of a proposal that are asked for, and those that are no longer.
async fn conditions(world: &World, id: Uuid) -> (Vec<String>, Vec<String>) {
    let (cx, case) = (world.app.operator(), world.case(id).await);
    let all = tasks::list(&cx, cx.db(), &case, Side::Supplier).await.unwrap();
    let (over, asked): (Vec<_>, Vec<_>) =
        all.into_iter().filter(|task| task.kind == For::Condition).partition(|task| task.stands() == Stands::Dropped);
    let mut titles = [asked, over].map(|all| all.into_iter().map(|task| task.title).collect::<Vec<_>>());
    for all in &mut titles {
        all.sort();
    }
    let [asked, over] = titles;
    (asked, over)
}

/// The days on which work abroad begins, as duties count from them.
async fn starts(world: &World) -> Vec<String> {
    let all = event::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    let mut days: Vec<String> = all.into_iter().filter(|row| row.event == "offshore_start").map(|row| row.day).collect();
    days.sort();
    days
}

async fn refuse(world: &World, by: &Person, id: Uuid) {
    world.app.advance(1_000);
    act::refuse_urgent(&by.cx, id, world.version(id).await, "It can wait.").await.unwrap();
}

/// An approval of the levels from a day in June on.
async fn approve_from(world: &World, id: Uuid, day: i8, conditions: &str) {
    world.to_decision(id).await;
    let boss = world.official("management").await;
    world.app.advance(1_000);
    let with = Approving {
        reason: "The risk left is low.".to_owned(),
        conditions: conditions.to_owned(),
        more_controls: Vec::new(),
        from: date(2026, 6, day),
        to: date(2027, 5, 31),
    };
    assert!(act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap());
}

both_engines!(migrations, /// OFF-6, OFF-10: what a refused urgent approval demanded is asked for no longer, nobody is reminded of it, and there is neither a letter nor a schedule of it; what the levels demand then is.
async fn off_6_nothing_is_asked_for_by_what_was_refused(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let (boss, data) = (world.official("management").await, world.official("data_controller").await);
    give(&world, &boss.cx, id).await.unwrap();
    let both = ["Keep the keys at home.".to_owned(), "Tell us of each call.".to_owned()];
    assert_eq!(conditions(&world, id).await, (both.to_vec(), Vec::new()));
    let schedule = async |by: &Person| make_paper::<Proposals>(&by.cx, &store::load(by.cx.db(), world.case(id).await).await.unwrap(), crate::paper::model::Kind::Schedule).await;
    schedule(&boss).await.unwrap();
    let first = tasks::list(&lead.cx, lead.cx.db(), &world.case(id).await, Side::Supplier).await.unwrap().remove(0);
    crate::casework::act::finish_task::<Proposals>(&lead.cx, id, first.id, first.version, None).await.unwrap();
    refuse(&world, &data, id).await;
    assert_eq!(conditions(&world, id).await, (Vec::new(), both.to_vec()));
    assert!(matches!(schedule(&boss).await, Err(platform::Error::Conflict(_))));
    let mut browser = lead.browser(&world);
    assert_eq!(browser.get(&format!("/proposals/{id}/letter")).await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get(&format!("/proposals/{id}")).await.text().contains("/letter"));
    let page = browser.get(&format!("/proposals/{id}/tasks")).await.text();
    assert!(page.contains("No longer asked for") && !page.contains("Mark as done"), "{page}");
    let all = tasks::list(&lead.cx, lead.cx.db(), &world.case(id).await, Side::Supplier).await.unwrap();
    let [said, task] = [0, 1].map(|n| all[n].clone());
    assert_eq!((said.done_at.is_some(), said.stands()), (true, Stands::Dropped), "what was said to be done is not checked any more");
    let found = crate::casework::act::check_task::<Proposals>(&world.official("contract_manager").await.cx, id, said.id, said.version, Some("All of it")).await;
    assert!(matches!(found, Err(platform::Error::Stale(_))), "{found:?}");
    let done = crate::casework::act::finish_task::<Proposals>(&lead.cx, id, task.id, task.version, None).await;
    assert!(matches!(done, Err(platform::Error::Stale(_))), "{done:?}");
    let due = tasks::due_until(lead.cx.db(), (&PROPOSAL, &[]), date(2026, 12, 31)).await.unwrap();
    assert!(due.is_empty(), "{due:?}");
    // The levels set one of them again, and another.
    approve_from(&world, id, 10, "Keep the keys at home.\nLock the room.").await;
    let (asked, over) = conditions(&world, id).await;
    assert_eq!(asked, ["Keep the keys at home.", "Lock the room."]);
    assert_eq!(over, both);
    schedule(&boss).await.unwrap();
    // Taken back, an approval demands nothing any more.
    world.app.advance(1_000);
    act::turn(&boss.cx, id, world.version(id).await, Turn::Revoke, "The site is closed.", "").await.unwrap();
    assert_eq!(conditions(&world, id).await.0, Vec::<String>::new());
});

both_engines!(migrations, /// OFF-6: one that lapsed has an entry of its own, made once, and what it demanded is asked for no longer; so has one whose days ran out.
async fn off_6_what_lapsed_has_its_entry(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    let boss = world.official("management").await;
    give(&world, &boss.cx, id).await.unwrap();
    platform::jobs::plan(&world.app.core).await.unwrap();
    let noted = async |how: &str| {
        world.app.work().await;
        let cx = world.app.operator();
        let all = book::timeline(&cx, "proposal", &id.to_string(), 100).await.unwrap();
        all.into_iter().filter(|line| line.action == "proposal.end_urgent" && line.about.get("how").map(String::as_str) == Some(how)).count()
    };
    world.until(date(2026, 6, 6));
    assert_eq!(noted("lapsed").await, 0, "it may be ratified yet");
    world.until(date(2026, 6, 7));
    assert_eq!(noted("lapsed").await, 1);
    assert_eq!(conditions(&world, id).await.0, Vec::<String>::new());
    let boss = world.official("management").await;
    world.app.advance(1_000);
    act::approve_urgently(&boss.cx, id, world.version(id).await, &with(date(2026, 6, 7), date(2026, 6, 10))).await.unwrap();
    assert_eq!(conditions(&world, id).await.0.len(), 2, "the next one demands its own");
    let data = world.official("data_controller").await;
    world.app.advance(1_000);
    act::ratify(&data.cx, id, world.version(id).await, "The desk cannot be empty.").await.unwrap();
    world.until(date(2026, 6, 11));
    assert_eq!((noted("ran_out").await, noted("lapsed").await), (1, 1), "each once");
    assert_eq!(conditions(&world, id).await.0, Vec::<String>::new());
    let page = world.official("management").await.browser(&world).get(&format!("/proposals/{id}/history")).await.text();
    assert!(page.contains("Urgent approval ended"), "{page}");
});

both_engines!(migrations, /// OFF-6: one that lapsed has its entry also where another was given before anything noted it; what that one demands is asked for.
async fn off_6_what_lapsed_before_another_has_its_entry(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    give(&world, &world.official("management").await.cx, id).await.unwrap();
    world.until(date(2026, 6, 7));
    let boss = world.official("management").await;
    act::approve_urgently(&boss.cx, id, world.version(id).await, &with(date(2026, 6, 7), date(2026, 6, 10))).await.unwrap();
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    let cx = world.app.operator();
    let lines = book::timeline(&cx, "proposal", &id.to_string(), 100).await.unwrap();
    let over: Vec<_> = lines.iter().filter(|line| line.action == "proposal.end_urgent").collect();
    assert_eq!(over.len(), 1);
    assert_eq!(over[0].about.get("how").map(String::as_str), Some("lapsed"));
    assert_eq!(conditions(&world, id).await.0.len(), 2);
    assert!(store::urgents_over(cx.db(), date(2026, 6, 8)).await.unwrap().is_empty(), "it is looked at no more");
});

both_engines!(migrations, /// OFF-9a, OFF-9b: work that began under an urgent approval began under an approval, also once the levels' later one took its place; what began after one lapsed began without any.
async fn off_9b_work_under_an_urgent_approval_began_under_one(db) {
    let world = World::new(db).await;
    world.until(FIRST);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let pune = Site { people: 5, ..Site::of("Pune office", "office", "IN", "4 Station Road, Pune") };
    let pune = crate::site::act::add(&lead.cx, world.lead.0, &pune).await.unwrap();
    let mut all = answers(world.lead.0);
    all["sites"][0]["site_registered"] = pune.to_string().into();
    let id = world.draft(&lead, world.lead.1, all).await;
    act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    let boss = world.official("management").await;
    give(&world, &boss.cx, id).await.unwrap();
    let row = work_of(&world, id).await.remove(0);
    work::start(&lead.cx, row.id, row.version).await.unwrap();
    world.until(date(2026, 6, 8));
    approve_from(&world, id, 8, "").await;
    world.until(date(2026, 6, 12));
    let boss = world.official("management").await;
    let page = boss.browser(&world).get(&format!("/arrangements/{}", row.id)).await.text();
    assert!(!page.contains("started before its approval began"), "{page}");
    let member = world.person("supplier_member", world.lead.0).await;
    let report = async |name: &str, day: i8| {
        let said = Details { site: Some(pune), from: date(2026, 6, day), ..details(name) };
        work::report(&member.cx, world.lead.1, &said).await
    };
    // What began while the urgent one ran is covered: its lead may start it, and nobody reports it.
    assert!(matches!(report("Calls under the urgent one", 5).await, Err(platform::Error::Conflict(_))));
    let between = report("Calls after it lapsed", 7).await.unwrap();
    let page = boss.browser(&world).get(&format!("/arrangements/{between}")).await.text();
    assert!(page.contains("started before its approval began"), "{page}");
    assert_eq!(crate::breach::store::about_work(boss.cx.db(), between).await.unwrap().len(), 1, "and is a breach");
});

both_engines!(migrations, /// OFF-6, SEC-4: duties that are due before work begins abroad count from the first day of an approval, unless that ended before the day came.
async fn off_6_a_start_that_was_refused_is_put_off(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    let (boss, data) = (world.official("management").await, world.official("data_controller").await);
    let give_from = async |day: i8| {
        world.app.advance(1_000);
        act::approve_urgently(&boss.cx, id, world.version(id).await, &with(date(2026, 6, day), date(2026, 6, 20))).await.unwrap();
    };
    give_from(4).await;
    assert_eq!(starts(&world).await, ["2026-06-04"]);
    refuse(&world, &data, id).await;
    assert_eq!(starts(&world).await, Vec::<String>::new());
    // One that had begun was a start.
    give_from(1).await;
    refuse(&world, &data, id).await;
    assert_eq!(starts(&world).await, ["2026-06-01"]);
    approve_from(&world, id, 10, "").await;
    assert_eq!(starts(&world).await, ["2026-06-01", "2026-06-10"]);
    // Another approval of the same place begins on the same day: one start, which stays for as long as either does.
    let lead = world.person("supplier_lead", world.lead.0).await;
    let other = world.submitted(&lead).await;
    approve_from(&world, other, 10, "").await;
    world.app.advance(1_000);
    act::turn(&boss.cx, other, world.version(other).await, Turn::Revoke, "The site is closed.", "").await.unwrap();
    assert_eq!(starts(&world).await, ["2026-06-01", "2026-06-10"]);
    world.app.advance(1_000);
    act::turn(&boss.cx, id, world.version(id).await, Turn::Revoke, "The site is closed.", "").await.unwrap();
    assert_eq!(starts(&world).await, ["2026-06-01"]);
});

both_engines!(migrations, /// OFF-6: what runs already under another proposal is not planned again by an urgent approval of the same work.
async fn off_6_work_that_runs_is_not_planned_again(db) {
    let world = World::new(db).await;
    let (lead, first) = handed_in(&world).await;
    world.approve(first).await;
    let row = work_of(&world, first).await.remove(0);
    work::start(&lead.cx, row.id, row.version).await.unwrap();
    let boss = world.official("management").await;
    let again = world.submitted(&lead).await;
    give(&world, &boss.cx, again).await.unwrap();
    assert_eq!((work_of(&world, first).await.len(), work_of(&world, again).await.len()), (1, 0));
});

both_engines!(migrations, /// OFF-6: whoever decides reads that the urgent approval is suspended, and that approving lifts it; the entry says so too.
async fn off_6_an_approval_says_that_it_lifts_a_suspension(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    let (boss, security) = (world.official("management").await, world.official("security").await);
    give(&world, &boss.cx, id).await.unwrap();
    world.to_decision(id).await;
    let says = "It is suspended now.";
    let page = boss.browser(&world).get(&format!("/proposals/{id}/approve")).await.text();
    assert!(page.contains("covers this work until 6 June 2026") && !page.contains(says), "{page}");
    world.app.advance(1_000);
    act::turn(&security.cx, id, world.version(id).await, Turn::Suspend, "The tunnel was found open.", "").await.unwrap();
    assert!(boss.browser(&world).get(&format!("/proposals/{id}/approve")).await.text().contains(says));
    world.app.advance(1_000);
    let with = Approving {
        reason: "The tunnel is closed.".to_owned(),
        conditions: String::new(),
        more_controls: Vec::new(),
        from: FIRST,
        to: date(2027, 5, 31),
    };
    act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap();
    let cx = world.app.operator();
    let lines = book::timeline(&cx, "proposal", &id.to_string(), 100).await.unwrap();
    let line = lines.iter().find(|line| line.action == "proposal.approve").unwrap();
    assert_eq!(line.about.get("lifts").map(String::as_str), Some("suspended"));
});

both_engines!(migrations, /// OFF-11: those whom the policies let ratify are named and told: not whoever stands for the one who gave it.
async fn off_11_who_stands_for_the_giver_is_not_asked_to_ratify(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    let (boss, deputy, data) =
        (world.official("management").await, world.official("owner").await, world.official("data_controller").await);
    instead(&world, &boss, &deputy).await;
    give(&world, &boss.cx, id).await.unwrap();
    let page = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    let names = page.split("Who may ratify it").nth(1).unwrap().split("Given Pat").next().unwrap();
    assert!(names.contains("Pat data controller") && !names.contains("Pat owner") && !names.contains("Pat management"), "{names}");
    let mail = world.mail().await;
    let asked = |email: &str| mail.get(email).is_some_and(|all| all.iter().any(|subject| subject.contains("ratify an urgent approval")));
    assert!(asked(&data.email) && !asked(&deputy.email) && !asked(&boss.email), "{mail:?}");
});

both_engines!(migrations, /// OFF-11: a proposal that comes to be decided waits for every level that lacks somebody: they are told at once, and find it among what waits for them.
async fn off_11_each_level_hears_that_a_case_waits_for_it(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (boss, data, legal) =
        (world.official("management").await, world.official("data_controller").await, world.official("legal").await);
    let (id, ..) = risky(&world, &lead).await;
    let mail = world.mail().await;
    let told = |email: &str| mail.get(email).map_or(0, Vec::len);
    assert_eq!((told(&boss.email), told(&data.email), told(&legal.email)), (1, 1, 0), "{mail:?}");
    let waits = async |by: &Person| {
        let mine = queue::waits_for(Proposals::waiting_for(&by.cx.actor), &by.cx.actor);
        let found = queue::oldest(by.cx.db(), &PROPOSAL, store::visible(&by.cx.actor), mine, 10).await.unwrap();
        found.into_iter().map(|case| case.id).collect::<Vec<_>>() == [id]
    };
    assert!(waits(&boss).await && waits(&data).await && !waits(&legal).await);
    assert!(data.browser(&world).get("/").await.text().contains("Waits for you (1)"));
    assert!(data.browser(&world).get("/proposals").await.body.contains("whose=nobodys"), "its parts are offered");
    let page = data.browser(&world).get("/proposals?for=data_controller").await.text();
    assert!(page.contains("Data controller") && page.contains("Night support for ferry bookings"), "{page}");
    assert!(!legal.browser(&world).get("/proposals").await.body.contains("whose=nobodys"));
    // Whoever approved is done with it, also where the next level has their role.
    world.app.advance(1_000);
    let with = Approving {
        reason: "Bearable.".to_owned(),
        conditions: String::new(),
        more_controls: Vec::new(),
        from: FIRST,
        to: date(2027, 5, 31),
    };
    assert!(!act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap());
    let other = world.official("management").await;
    assert!(!waits(&boss).await && waits(&other).await && waits(&data).await);
    assert!(act::approve(&data.cx, id, world.version(id).await, &with).await.unwrap());
    assert!(!waits(&other).await && !waits(&data).await);
});

both_engines!(migrations, /// OFF-8: a step of a proposal holds its contract before the proposal, as whatever else changes what belongs to the contract does: neither ever waits for the other in a circle.
async fn off_8_two_that_change_a_contracts_work_never_wait_in_a_circle(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    let manager = world.official("contract_manager").await;
    if world.app.core.db.engine() == Engine::Sqlite {
        return; // One writer at a time.
    }
    let case = world.case(id).await;
    let holding = manager.cx.begin().await.unwrap();
    crate::contract::store::lock_row(holding.db(), case.contract.unwrap()).await.unwrap();
    let (cx, version) = (manager.cx.clone(), case.version);
    let point = NewPoint { section: None, question: None, text: "Say which floor.".to_owned() };
    let returning = tokio::spawn(async move { act::send_back(&cx, id, version, "Too thin", &[point]).await });
    let waiting = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        assert!(!returning.is_finished(), "it was returned while another transaction held the contract");
        let row = manager.cx.db().query_one_raw(Statement::from_string(DbBackend::Postgres, waiting)).await.unwrap().unwrap();
        if row.try_get::<i64>("", "n").unwrap() > 0 {
            break;
        }
    }
    // It waits for the contract, and holds nothing that is wanted here meanwhile.
    cases::lock(&holding, &PROPOSAL, id).await.unwrap();
    drop(holding);
    returning.await.unwrap().unwrap();
    assert_eq!(world.case(id).await.stage, "returned");
});
