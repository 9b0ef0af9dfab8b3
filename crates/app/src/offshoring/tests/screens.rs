//! The same route by browser, without JavaScript, and what each side may read.

use axum::http::StatusCode;
use platform::cases::rounds::NewPoint;
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::world::{World, answers};
use crate::casework::act as around;
use crate::casework::writing::Writing;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act;

async fn ok(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
    page
}

both_engines!(migrations, /// OFF-8, OFF-10, OFF-11, OWN-1: a proposal goes from the start page to its letter by browser; both sides see where it stands.
async fn from_start_page_to_letter(db) {
    let world = World::new(db).await;
    let (lead, manager, assessor, security, boss) = (
        world.person("supplier_lead", world.lead.0).await,
        world.official("contract_manager").await,
        world.official("assessor").await,
        world.official("security").await,
        world.official("management").await,
    );
    let (mut supplier, mut checking) = (lead.browser(&world), manager.browser(&world));
    let start = ok(&mut supplier, "/proposals/new").await;
    assert!(start.text().contains("What to have at hand"));
    let lacking = supplier.submit(&start, "/proposals/new", &[]).await;
    assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = supplier.submit(&start, "/proposals/new", &[("place", &world.lead.1.to_string())]).await;
    let id: Uuid = list.path.split('/').nth(2).unwrap().parse().unwrap();
    let work = ok(&mut supplier, &format!("/proposals/{id}/answers/work")).await;
    let saved = supplier.submit(&work, "/answers/work", &[("q.work_title", "Night desk")]).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
    let early = ok(&mut supplier, &format!("/proposals/{id}/check")).await;
    assert!(!early.has_form("/submit"), "nothing to submit while answers are missing");
    world.answer(&lead.cx, id, answers(world.lead.0)).await;
    let check = ok(&mut supplier, &format!("/proposals/{id}/check")).await;
    let undeclared = supplier.submit(&check, "/submit", &[]).await;
    assert_eq!(undeclared.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (path, filled) = check.fill("/submit", &[("declaration", "yes")]);
    let first = supplier.post_raw(&path, &filled).await;
    assert_eq!(first.location(), format!("/proposals/{id}/sent"));
    let second = supplier.post_raw(&path, &filled).await;
    assert_eq!(second.location(), format!("/proposals/{id}/sent"), "a double click leads to the same place");
    assert!(ok(&mut supplier, &first.location()).await.text().contains("OFF-2026-000001"));

    assert!(ok(&mut checking, "/").await.text().contains("OFF-2026-000001"));
    let overview = ok(&mut checking, &format!("/proposals/{id}")).await;
    assert!(overview.text().contains("Pune office"));
    let class = ok(&mut checking, &format!("/proposals/{id}/classification")).await;
    assert!(class.text().contains("OFF-3b"), "{}", class.text());
    let step = ok(&mut checking, &format!("/proposals/{id}/step/pass_on")).await;
    checking.submit(&step, "/step/pass_on", &[]).await;
    let mut assessing = assessor.browser(&world);
    for factor in world.factors(&assessor, id).await {
        let page = ok(&mut assessing, &format!("/proposals/{id}/risk/{factor}")).await;
        let levels = [("inherent.likelihood", "3"), ("inherent.impact", "3"), ("residual.likelihood", "2"), ("residual.impact", "2")];
        let bare = assessing.submit(&page, &format!("/risk/{factor}"), &levels).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "no control and no reason");
        let mut fields = levels.to_vec();
        fields.extend([("controls", "allow_audit"), ("why", "As the answers say")]);
        let next = assessing.submit(&bare, &format!("/risk/{factor}"), &fields).await;
        assert_eq!(next.status, StatusCode::OK, "{}", next.text());
    }
    let risk = ok(&mut assessing, &format!("/proposals/{id}/risk")).await;
    assessing.submit(&risk, "/risk", &[("summary", "Small")]).await;
    let mut advising = security.browser(&world);
    let step = ok(&mut advising, &format!("/proposals/{id}/step/recommend")).await;
    advising.submit(&step, "/step/recommend", &[("choice", "approve"), ("reason", "The risk left is low")]).await;
    let mut deciding = boss.browser(&world);
    let question = ok(&mut deciding, &format!("/proposals/{id}/decide")).await;
    for part in ["The facts", "What the rules say", "The risk left is low", "Your choice"] {
        assert!(question.text().contains(part), "{part}: {}", question.text());
    }
    let approve = ok(&mut deciding, &format!("/proposals/{id}/approve")).await;
    let letter = deciding.submit(&approve, "/approve", &[("reason", "Low risk"), ("conditions", "Tell us of every change")]).await;
    assert_eq!(letter.status, StatusCode::OK, "{}", letter.text());
    let letter = ok(&mut supplier, &format!("/proposals/{id}/letter")).await;
    for part in ["Approved", "Low risk", "Tell us of every change", "Keep within scope", "1 June 2026"] {
        assert!(letter.text().contains(part), "{part}: {}", letter.text());
    }
    assert!(ok(&mut supplier, &format!("/proposals/{id}")).await.text().contains("Nobody: nothing waits"));
});

both_engines!(migrations, /// OWN-3: another supplier finds no page of it; internal notes, risk and names of officials reach the supplier on no page.
async fn nothing_internal_reaches_the_supplier(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    around::write::<Proposals>(&manager.cx, id, &Writing::note("Hush: the board dislikes it")).await.unwrap();
    around::write::<Proposals>(&manager.cx, id, &Writing::message("Please name the guards")).await.unwrap();
    act::pass_on(&manager.cx, id, world.version(id).await, Some("Hush: look twice")).await.unwrap();
    let mut own = lead.browser(&world);
    for page in ["", "/classification", "/tasks", "/thread", "/history"] {
        let text = ok(&mut own, &format!("/proposals/{id}{page}")).await.body;
        assert!(!text.contains("Hush"), "{page}");
    }
    assert!(ok(&mut own, &format!("/proposals/{id}/thread")).await.text().contains("Please name the guards"));
    assert!(own.get(&format!("/proposals/{id}/risk")).await.status.is_client_error());
    for path in ["/", "/proposals", "/proposals?q=hush"] {
        assert!(!ok(&mut own, path).await.body.contains("Hush"));
    }
    let mut official = manager.browser(&world);
    assert!(ok(&mut official, &format!("/proposals/{id}/thread")).await.text().contains("Hush"));
    let other = world.person("supplier_lead", world.other.0).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    for stranger in [&other, &sub] {
        let mut browser = stranger.browser(&world);
        for page in ["", "/classification", "/tasks", "/thread", "/history", "/risk", "/letter", "/answers", "/check", "/decide", "/sent", "/changes"] {
            assert_eq!(browser.get(&format!("/proposals/{id}{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        assert!(!ok(&mut browser, "/proposals").await.text().contains("OFF-2026"));
        assert!(!ok(&mut browser, "/").await.text().contains("OFF-2026"));
    }
});

both_engines!(migrations, /// OFF-11: the return page takes points; stale pages answer 409; the supplier sees the points, and both see what changed.
async fn returned_by_browser(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    let mut checking = manager.browser(&world);
    let page = ok(&mut checking, &format!("/proposals/{id}/return")).await;
    let none = checking.submit(&page, "/return", &[("reason", "Too thin")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let more = checking.submit(&page, "/return", &[("reason", "Too thin"), ("add", "points")]).await;
    assert!(more.body.contains("q.points.2.text"));
    let fields = [("reason", "Too thin"), ("q.points.1.question", "site_protection"), ("q.points.1.text", "Who guards it?")];
    let sent = checking.submit(&more, "/return", &fields).await;
    assert!(sent.text().contains("Returned"), "{}", sent.text());
    let stale = checking.submit(&page, "/return", &fields).await;
    assert!(stale.status.is_client_error(), "{}", stale.status);
    let mut supplier = lead.browser(&world);
    let list = ok(&mut supplier, &format!("/proposals/{id}/answers")).await;
    assert!(list.text().contains("Who guards it?"));
    let mut better = answers(world.lead.0);
    better["sites"][0]["site_protection"] = "Guarded day and night.".into();
    better["exit_plan"] = "The day team takes it back within a day.".into();
    world.answer(&lead.cx, id, better).await;
    let check = ok(&mut supplier, &format!("/proposals/{id}/check")).await;
    let done = supplier.submit(&check, "/submit", &[("declaration", "yes"), ("reply", "We named them")]).await;
    assert!(done.text().contains("OFF-2026-000001"), "{}", done.text());
    // Of a sealed answer it is told that it changed.
    let changes = ok(&mut checking, &format!("/proposals/{id}/changes")).await.text();
    assert!(changes.contains("takes it back within a day.") && changes.contains("Changed Sealed Sealed"), "{changes}");
    let points = [NewPoint { section: None, question: None, text: "More".to_owned() }];
    assert!(act::send_back(&manager.cx, id, 1, "Old page", &points).await.is_err());
});
