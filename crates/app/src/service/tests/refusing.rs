//! Refusals on their way into the ledger: beside the answer where the page is hidden, before it where the refusal is told, and never lost.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use platform::Core;
use platform::authz::Actor;
use platform::book::{self, Refusals, entry};
use platform::cx::{Cx, Tx};
use platform::error::Refusal;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};
use testkit::{Page, both_engines};
use uuid::Uuid;

use super::crawl::{self, Town, gets, posts};
use crate::migrations::migrations;
use crate::testing::TestApp;

/// As long as this lives, nobody else writes to the ledger.
async fn hold(app: &TestApp) -> Tx {
    let tx = app.operator().begin().await.unwrap();
    tx.db().execute_unprepared("UPDATE ledger_head SET size = size").await.unwrap();
    tx
}

async fn refused(app: &TestApp) -> Vec<entry::Model> {
    let all = entry::Entity::find().order_by_asc(entry::Column::Idx).all(app.core.db.reader()).await.unwrap();
    all.into_iter().filter(|e| e.action == "refused").collect()
}

/// All of an answer that a visitor could tell it from another by, but what differs from one visit to the next.
fn seen(page: &Page, ids: &[&str]) -> (StatusCode, Vec<(String, String)>, String) {
    let passing = ["x-request-id", "server-timing", "date"];
    let headers = page.headers.iter().filter(|(name, _)| !passing.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    (page.status, headers, ids.iter().fold(page.body.clone(), |body, id| body.replace(id, "ID")))
}

both_engines!(migrations, /// OWN-3, OWN-5: a page that is hidden answers as one that does not exist, byte by byte, and before anything is written; the refusal is recorded all the same.
async fn what_is_hidden_answers_like_what_is_missing(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let stranger = world.person("supplier_lead", world.other.0).await;
    let mut browser = stranger.browser(world);
    crawl::csrf(&mut browser).await;
    app.core.refusals.settle().await;
    let known = refused(app).await.len();
    let (hidden, missing) = (town.proposal.to_string(), Uuid::from_u128(7).to_string());
    let holder = hold(app).await;
    for page in ["", "/risk", "/thread", "/letter", "/history", "/tasks", "/check"] {
        let asked = async {
            let one = crawl::open(&mut browser, &format!("/proposals/{hidden}{page}")).await;
            (one, crawl::open(&mut browser, &format!("/proposals/{missing}{page}")).await)
        };
        let (one, two) = tokio::time::timeout(Duration::from_secs(10), asked).await.expect("it waits for the ledger");
        assert_eq!(one.status, StatusCode::NOT_FOUND, "{page}");
        assert_eq!(seen(&one, &[&hidden]), seen(&two, &[&missing]), "{page}");
        assert_eq!(one.headers.contains_key("server-timing"), two.headers.contains_key("server-timing"));
    }
    assert_eq!(refused(app).await.len(), known);
    assert!(app.core.refusals.waiting() > 0);
    drop(holder);
    app.core.refusals.settle().await;
    let mine: Vec<_> = refused(app).await.into_iter().skip(known).collect();
    assert!(mine.iter().all(|e| e.actor_id == stranger.account.to_string()), "{mine:?}");
    assert!(mine.iter().any(|e| e.action == "refused" && e.subject_id == hidden), "{mine:?}");
});

both_engines!(migrations, /// OWN-3: on every route, a stranger cannot tell what is another's from what there is not, neither by looking nor by sending.
async fn no_route_tells_of_what_is_anothers(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let mut browser = world.person("supplier_lead", world.other.0).await.browser(world);
    let csrf = crawl::csrf(&mut browser).await;
    let missing = Uuid::from_u128(7).to_string();
    let (mut bad, mut compared) = (Vec::new(), 0);
    for info in gets().into_iter().chain(posts()) {
        for path in town.paths(&info) {
            let ids: Vec<&str> = path.split('/').filter(|part| Uuid::parse_str(part).is_ok()).collect();
            let none = ids.iter().fold(path.clone(), |path, id| path.replace(id, &missing));
            if ids.is_empty() {
                continue;
            }
            let fields = [("csrf", csrf.as_str()), ("version", "1"), ("reason", "x"), ("body", "x"), ("title", "x")];
            let mut answers = Vec::new();
            for path in [&path, &none] {
                // Whoever guesses at links is held off for a while.
                if path.starts_with("/reporting/") {
                    app.advance(2 * platform::clock::MINUTE);
                }
                answers.push(match info.method {
                    Method::GET => crawl::open(&mut browser, path).await,
                    _ => crawl::send(&mut browser, path, &fields).await,
                });
            }
            let (one, two) = (&answers[0], &answers[1]);
            compared += 1;
            if seen(one, &ids) != seen(two, &[&missing]) {
                bad.push(format!("{} {path}: {} and {}: {} | {}", info.method, one.status, two.status, one.text(), two.text()));
            }
        }
    }
    app.core.refusals.settle().await;
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(compared > 60, "{compared}");
});

both_engines!(migrations, /// OWN-5: a refusal that is told is in the ledger before it is told.
async fn what_is_told_is_recorded_before(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let mut browser = world.official("contract_manager").await.browser(world);
    let known = refused(app).await.len();
    let holder = hold(app).await;
    let waits = tokio::time::timeout(Duration::from_millis(300), crawl::open(&mut browser, "/ledger")).await;
    assert!(waits.is_err(), "it was answered before it was recorded");
    drop(holder);
    app.core.refusals.settle().await;
    assert_eq!(refused(app).await.len(), known + 1, "the visitor who hung up is recorded too");
    app.advance(120_000);
    assert_eq!(crawl::open(&mut browser, "/ledger").await.status, StatusCode::FORBIDDEN);
    assert_eq!(refused(app).await.len(), known + 2);
});

both_engines!(migrations, /// OWN-5: where too many refusals wait, the next one waits for room: none is lost, and each is counted.
async fn a_full_queue_loses_nothing(db) {
    let app = TestApp::new(db);
    let mut core: Core = std::sync::Arc::into_inner(crate::service::service(
        app.core.db.clone(),
        app.core.clock.clone(),
        app.core.settings.clone(),
        app.core.master.clone(),
        app.core.ledger_key.clone(),
    ).unwrap()).unwrap();
    core.refusals = Refusals::with_room(2);
    let core = std::sync::Arc::new(core);
    #[allow(clippy::async_yields_async, reason = "what is awaited later is that it was written")]
    let refuse = |n: u32| {
        let cx = Cx::new(&core, Actor::Link { id: Uuid::from_u128(u128::from(n)), scope: "test", on: Uuid::nil() }).unwrap();
        let refusal = Refusal { action: "party.change", kind: "party", id: format!("p-{n}"), policy: "p".into(), hidden: true };
        async move { cx.core().refusals.take(cx.clone(), refusal).await }
    };
    let holder = hold(&app).await;
    let mut written = vec![refuse(1).await, refuse(2).await];
    let third = tokio::spawn(refuse(3));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!third.is_finished() && core.refusals.waiting() <= 2, "it must wait for room");
    assert_eq!(book::size(core.db.reader()).await.unwrap(), 0);
    drop(holder);
    written.push(third.await.unwrap());
    for one in written {
        one.await.unwrap();
    }
    core.refusals.settle().await;
    let ids: Vec<_> = refused(&app).await.into_iter().map(|e| e.subject_id).collect();
    assert_eq!(ids, ["p-1", "p-2", "p-3"]);
});
