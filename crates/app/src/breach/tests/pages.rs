//! The screens and the routes for programs.

use axum::http::StatusCode;
use platform::cases::tasks::NewTask;
use testkit::both_engines;

use super::{act, case, everything, opened, work};
use crate::arrangement::act as arrangements;
use crate::breach::Breaches;
use crate::breach::model::Action;
use crate::casework;
use crate::casework::writing::Writing;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// OFF-9b: opened by hand at a place of a chain; what is wrong is said beside it and what was typed stays.
async fn off_9b_opened_by_hand(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let mut browser = manager.browser(&world);
    let list = browser.get("/breaches").await;
    assert!(list.text().contains("No breaches"), "{}", list.text());
    let choose = browser.get("/breaches/new").await;
    let path = format!("/breaches/new/{}", world.lead.1);
    assert!(choose.body.contains(&path), "{}", choose.text());
    let form = browser.get(&path).await;
    let (to, fields) = form.fill(&path, &[("title", "Night calls from Goa"), ("facts", "They looked bookings up.")]);
    let again = browser.post_raw(&to, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for word in ["Choose what failed", "Enter a real date", "They looked bookings up."] {
        assert!(again.body.contains(word), "{word}: {}", again.text());
    }
    let given = [("finding", "not_informed"), ("began.day", "1"), ("began.month", "2"), ("began.year", "2026")];
    let (to, fields) = again.fill(&path, &given);
    let made = browser.post_raw(&to, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let of = everything(&world).await.remove(0).case;
    let page = browser.get(&format!("/breaches/{}", of.id)).await;
    for word in ["BRE-2026-000001", "Night calls from Goa", "Not informed beforehand", "the authority was never informed", "They looked bookings up.", "(OFF-9b)"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    // Who opens none is offered none, and gets none.
    let mut lead = world.person("supplier_lead", world.lead.0).await.browser(&world);
    assert!(!lead.get("/breaches").await.body.contains("/breaches/new"));
    assert_eq!(lead.get("/breaches/new").await.status, StatusCode::NOT_FOUND);
    assert_eq!(lead.get(&path).await.status, StatusCode::FORBIDDEN);
});

both_engines!(migrations, /// OFF-9b, OWN-3: the supplier reads what it is charged with and what was decided, never what the authority writes to itself; others read nothing.
async fn off_9b_each_side_reads_its_own(db) {
    let world = World::new(db).await;
    let (manager, id) = opened(&world).await;
    casework::act::write::<Breaches>(&manager.cx, id, &Writing::note("Hush: keep this within us.")).await.unwrap();
    let ours = NewTask::new("Hush: ask the lawyers".to_owned(), platform::authz::Side::Authority);
    casework::act::add_task::<Breaches>(&manager.cx, id, ours).await.unwrap();
    act::propose(&manager.cx, id, case(&world, id).await.version, "Hush: they were late before.").await.unwrap();
    let boss = world.official("management").await;
    act::decide(&boss.cx, id, case(&world, id).await.version, &[Action::StopWork], "The data was sensitive.").await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    let path = format!("/breaches/{id}");
    let page = browser.get(&path).await;
    for word in ["Two of the night team", "The work stops until an approval covers it", "Read the letter"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let letter = browser.get(&format!("{path}/letter")).await.text();
    for word in ["Halyard Systems", "The data was sensitive.", "We were not informed of it.", "BRE-2026-000001"] {
        assert!(letter.contains(word), "{word}: {letter}");
    }
    let mut others = Vec::new();
    for part in ["history", "thread", "tasks", "files"] {
        others.push(browser.get(&format!("{path}/{part}")).await.text());
    }
    for secret in ["Hush", "late before"] {
        for text in [&page.text(), &letter].into_iter().chain(&others) {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    let mut manager = manager.browser(&world);
    assert!(manager.get(&path).await.text().contains("late before"));
    for (role, party) in [("supplier_lead", world.other.0), ("supplier_lead", world.sub.0)] {
        let mut other = world.person(role, party).await.browser(&world);
        for page in ["", "/letter", "/facts", "/thread", "/tasks", "/files", "/history", "/who", "/step/answer"] {
            assert_eq!(other.get(&format!("{path}{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        assert!(!other.get("/breaches").await.body.contains("Night calls from Goa"));
    }
});

both_engines!(migrations, /// OFF-9b: whom it concerns is told by mail, and never what the work is; home shows what waits.
async fn off_9b_people_are_told(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    arrangements::report(&lead.cx, world.lead.1, &work()).await.unwrap();
    world.app.work().await;
    let mail = world.mail().await;
    let all: Vec<&String> = mail.values().flatten().collect();
    assert!(all.iter().any(|letter| letter.contains("BRE-2026-000001")), "{all:?}");
    assert!(all.iter().all(|letter| !letter.contains("Night calls")), "{all:?}");
    let home = manager.browser(&world).get("/").await.text();
    assert!(home.contains("Breaches that wait for you") && home.contains("Night calls"), "{home}");
    assert!(!lead.browser(&world).get("/").await.text().contains("Breaches that wait for you"));
});
