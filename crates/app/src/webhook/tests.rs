//! Webhooks through the router, with a real receiver on this machine, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use platform::authz::Side;
use platform::book::entry;
use platform::clock::{DAY, SECOND};
use platform::hooks::rows::delivery;
use platform::hooks::signing::{Received, Secret};
use sea_orm::entity::prelude::*;
use testkit::{Browser, both_engines};
use uuid::Uuid;

use super::model::Details;
use super::{act, store};
use crate::migrations::migrations;
use crate::testing::TestApp;

/// Another system: it keeps what it is sent and answers as it is told.
#[derive(Clone)]
struct Receiver {
    at: String,
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answer: Arc<Mutex<StatusCode>>,
}

impl Receiver {
    async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = Self { at, got: Arc::default(), answer: Arc::new(Mutex::new(StatusCode::OK)) };
        async fn take(State(of): State<Receiver>, headers: HeaderMap, body: String) -> (StatusCode, [(&'static str, &'static str); 1]) {
            of.got.lock().unwrap().push((headers, body));
            (*of.answer.lock().unwrap(), [("location", "http://127.0.0.1:1/elsewhere")])
        }
        let router = Router::new().route("/hook", axum::routing::post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    fn answers(&self, status: StatusCode) {
        *self.answer.lock().unwrap() = status;
    }

    fn taken(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

fn app(db: testkit::TestDb) -> TestApp {
    TestApp::with(db, |settings| settings.webhooks.allow_private = true)
}

async fn administrator(app: &TestApp) -> (Browser, Uuid) {
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let mut browser = app.browser();
    app.sign_in_as(&mut browser, "administrator", authority).await;
    (browser, authority)
}

fn telling(at: &str, actions: &[&str]) -> Details {
    let actions = actions.iter().map(|a| (*a).to_owned()).collect();
    Details { name: "Tickets".to_owned(), url: at.to_owned(), actions, state: "active".to_owned() }
}

fn admin(app: &TestApp) -> platform::Cx {
    app.acting("administrator", Uuid::now_v7())
}

async fn one(app: &TestApp, hook: Uuid) -> delivery::Model {
    let all = store::deliveries(app.core.db.reader(), hook, None, None, 50).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

both_engines!(migrations, async fn changes_are_told_signed_and_once(db) {
    let (app, receiver) = (app(db), Receiver::new().await);
    let (mut browser, authority) = administrator(&app).await;
    let form = browser.get("/webhooks/add").await;
    let fields = [("name", "Tickets"), ("url", receiver.at.as_str()), ("actions", "party. site.add"), ("state", "active")];
    let page = browser.submit(&form, "/webhooks/add", &fields).await;
    assert!(page.text().contains("Tickets") && page.text().contains("party. site.add"), "{}", page.text());
    let path = page.path.clone();
    let shown = browser.submit(&page, "/secret", &[]).await.text();
    let secret = Secret::read(shown.split_whitespace().find(|w| w.starts_with("whsec_")).unwrap()).unwrap();

    app.party(Side::Supplier, "Halyard Systems").await;
    app.contract(authority, "Ferry bookings").await;
    app.work().await;
    let got = receiver.taken();
    assert_eq!(got.len(), 1, "{got:?}");
    let (headers, body) = &got[0];
    let header = |name: &str| headers.get(name).map(|v| v.to_str().unwrap());
    let message = Received {
        id: header("webhook-id"),
        at: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: body.as_bytes(),
    };
    assert!(secret.vouches(&message, app.core.clock.now() / SECOND));
    let said: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((said["type"].as_str(), said["data"]["about"]["side"].as_str()), (Some("party.add"), Some("supplier")));
    assert!(!body.contains("Halyard"), "what people wrote leaves the service: {body}");
    // Nothing is sent twice, and nothing is written while nothing happens.
    assert_eq!(app.work().await, 0);
    assert!(receiver.taken().is_empty());
    let page = browser.get(&path).await;
    assert!(page.text().contains("Delivered") && page.text().contains("answered 200"), "{}", page.text());

    // Sent again on asking, under the same id.
    let form = browser.get(&path).await;
    browser.submit(&form, "/replay", &[("delivery", header("webhook-id").unwrap())]).await;
    app.work().await;
    let again = receiver.taken();
    assert_eq!(again[0].0["webhook-id"], headers["webhook-id"]);
    assert_eq!(again[0].1, *body);
    browser.submit(&form, "/test", &[]).await;
    app.work().await;
    assert!(receiver.taken()[0].1.contains("webhook.test"));
    // Every step of it is in the ledger.
    for action in ["webhook.add", "webhook.reveal", "webhook.replay", "webhook.test"] {
        let found = entry::Entity::find().filter(entry::Column::Action.eq(action)).count(app.core.db.reader()).await.unwrap();
        assert_eq!(found, 1, "{action}");
    }
});

both_engines!(migrations, async fn a_receiver_that_fails_is_tried_for_days(db) {
    let (app, receiver) = (app(db), Receiver::new().await);
    let hook = act::add(&admin(&app), &telling(&receiver.at, &["party."])).await.unwrap();
    // Where it leads is not followed; an answer that says "elsewhere" is a failure.
    receiver.answers(StatusCode::TEMPORARY_REDIRECT);
    app.party(Side::Supplier, "Halyard Systems").await;
    app.work().await;
    assert_eq!(receiver.taken().len(), 1);
    let of = one(&app, hook).await;
    assert_eq!((of.state.as_str(), of.tries, of.status), ("waiting", 1, Some(307)));
    receiver.answers(StatusCode::SERVICE_UNAVAILABLE);
    let begun = app.core.clock.now();
    for _ in 0..40 {
        app.advance(DAY / 4);
        app.work().await;
    }
    let of = one(&app, hook).await;
    assert_eq!((of.state.as_str(), of.status), ("failed", Some(503)));
    assert!(of.tries >= 10 && of.tried_at.unwrap() - begun > 2 * DAY, "{of:?}");
    // Sent again once the receiver is well.
    receiver.answers(StatusCode::OK);
    receiver.taken();
    act::replay(&admin(&app), hook, of.id).await.unwrap();
    app.work().await;
    assert_eq!(receiver.taken().len(), 1);
    assert_eq!(one(&app, hook).await.state, "delivered");
    // One that says it is gone is told nothing more.
    receiver.answers(StatusCode::GONE);
    app.party(Side::Supplier, "Capstan Group").await;
    app.work().await;
    assert_eq!(store::get(app.core.db.reader(), hook).await.unwrap().state, "paused");
    receiver.taken();
    app.party(Side::Supplier, "Bowline Support").await;
    app.work().await;
    assert!(receiver.taken().is_empty());
});

both_engines!(migrations, async fn what_failed_need_not_wait_for_its_next_try(db) {
    let (app, receiver) = (app(db), Receiver::new().await);
    let hook = act::add(&admin(&app), &telling(&receiver.at, &["party."])).await.unwrap();
    receiver.answers(StatusCode::SERVICE_UNAVAILABLE);
    app.party(Side::Supplier, "Halyard Systems").await;
    app.work().await;
    let of = one(&app, hook).await;
    assert_eq!((of.state.as_str(), of.tries), ("waiting", 1));
    receiver.answers(StatusCode::OK);
    receiver.taken();
    act::replay(&admin(&app), hook, of.id).await.unwrap();
    // Waiting for its first try anew, it is not asked for twice.
    assert!(matches!(act::replay(&admin(&app), hook, of.id).await, Err(platform::Error::Conflict(_))));
    app.work().await;
    assert_eq!((one(&app, hook).await.state.as_str(), receiver.taken().len()), ("delivered", 1));
    // The try that was due anyway finds nothing to do.
    app.advance(DAY);
    app.work().await;
    assert!(receiver.taken().is_empty());
});

both_engines!(migrations, async fn private_addresses_are_not_written_to(db) {
    let app = TestApp::new(db);
    let (mut browser, _) = administrator(&app).await;
    let form = browser.get("/webhooks/add").await;
    for (url, why) in [("http://127.0.0.1:1/hook", "https://"), ("https://127.0.0.1:1/hook", "private network")] {
        let fields = [("name", "Tickets"), ("url", url), ("actions", ""), ("state", "active")];
        let page = browser.submit(&form, "/webhooks/add", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(why) && page.body.contains(url), "{}", page.text());
    }
    // A name is judged when it is used: it may have come to lead inside.
    let hook = act::add(&admin(&app), &telling("https://localhost:1/hook", &["party."])).await.unwrap();
    app.party(Side::Supplier, "Halyard Systems").await;
    app.work().await;
    assert_eq!(one(&app, hook).await.fault.as_deref(), Some("private"));
});

both_engines!(migrations, async fn a_receiver_that_never_answers_holds_nobody_up(db) {
    let app = app(db);
    // It takes the connection and says nothing.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}/hook", listener.local_addr().unwrap());
    let hook = act::add(&admin(&app), &telling(&at, &["party."])).await.unwrap();
    app.party(Side::Supplier, "Halyard Systems").await;
    let began = std::time::Instant::now();
    app.work().await;
    assert!(began.elapsed() < std::time::Duration::from_secs(30));
    let of = one(&app, hook).await;
    assert_eq!((of.state.as_str(), of.fault.as_deref()), ("waiting", Some("timeout")));
    drop(listener);
});

both_engines!(migrations, async fn what_was_delivered_is_forgotten_in_time(db) {
    let receiver = Receiver::new().await;
    let at = receiver.at.clone();
    let app = TestApp::with(db, |settings| {
        settings.webhooks.allow_private = true;
        settings.webhooks.keep_days = 7;
    });
    let hook = act::add(&admin(&app), &telling(&at, &["party."])).await.unwrap();
    let told = async |name: &str, answer| {
        receiver.answers(answer);
        app.party(Side::Supplier, name).await;
        app.work().await;
    };
    told("Halyard Systems", StatusCode::OK).await;
    app.advance(8 * DAY);
    told("Capstan Group", StatusCode::OK).await;
    app.advance(SECOND);
    // Nothing more is sent there, so it has failed for good.
    told("Bowline Support", StatusCode::GONE).await;
    let states = async || {
        let all = store::deliveries(app.core.db.reader(), hook, None, None, 50).await.unwrap();
        all.into_iter().map(|of| of.state).collect::<Vec<_>>()
    };
    assert_eq!(states().await, ["failed", "delivered", "delivered"]);
    platform::jobs::plan(&app.core).await.unwrap();
    app.work().await;
    assert_eq!(states().await, ["failed", "delivered"]);
    app.advance(8 * DAY);
    app.work().await;
    assert_eq!(states().await, ["failed"], "what failed waits for somebody who sends it again");
});
