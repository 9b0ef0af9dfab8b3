//! Requests that are odd, hostile or cut short.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::IntoResponse as _;
use platform::authz::{Actor, Resource};
use platform::cx::{Cx, Entry};
use platform::error::Refusal;
use platform::web::{Access, Answer, Json, Path, Posted, Routes, Visit, safe_next, see_other};
use platform::{Error, book, random};
use testkit::{Browser, both_engines};
use uuid::Uuid;

use crate::migrations::migrations;
use crate::testing::TestApp;

async fn no(_: Visit) -> Answer {
    Err(Error::Refused(Box::new(Refusal { action: "party.change", kind: "party", id: "1".into(), policy: "p".into(), hidden: false })))
}

async fn by_id(_: Visit, Path(id): Path<Uuid>) -> Answer {
    Ok(id.to_string().into_response())
}

async fn by_axum(_: Visit, axum::extract::Path(id): axum::extract::Path<Uuid>) -> Answer {
    Ok(id.to_string().into_response())
}

async fn json(_: Visit, Json(value): Json<Vec<String>>) -> Answer {
    Ok(value.join(",").into_response())
}

/// Adds a party, each time another one.
async fn make(posted: Posted) -> Answer {
    let operator = Cx::new(posted.visit.core(), Actor::Operator)?;
    let id = operator.id()?;
    let party =
        Resource { kind: "party", id: id.to_string(), attrs: vec![("id", id.into()), ("side", "supplier".into())] }.set("seen_by", [id]);
    let mut cx = posted.visit.cx.clone();
    cx.actor = Actor::Operator;
    let tx = cx.begin().await?;
    let permit = cx.permit("party.add", &party)?;
    cx.commit(tx, permit, [Entry::on("party.add", &party)]).await?;
    Ok(see_other(&format!("/things/{id}")))
}

fn router(app: &TestApp) -> Router {
    let routes = Routes::new()
        .get("/no", Access::Public, no)
        .get("/things/{id}", Access::Public, by_id)
        .get("/others/{id}", Access::Public, by_axum)
        .get("/api/mine", Access::SignedIn, by_id)
        .post("/mine", Access::SignedIn, make)
        .post("/api/list", Access::Public, json)
        .post("/make", Access::Public, make);
    platform::web::router(&app.core, routes)
}

both_engines!(migrations, async fn a_visitor_who_hangs_up_is_recorded_all_the_same(db) {
    let app = TestApp::new(db);
    let holder = Cx::new(&app.core, Actor::Operator).unwrap().begin().await.unwrap();
    book::size(holder.db()).await.unwrap();
    let lock = "UPDATE ledger_head SET size = size";
    sea_orm::ConnectionTrait::execute_unprepared(holder.db(), lock).await.unwrap();
    let mut browser = Browser::new(router(&app));
    assert!(tokio::time::timeout(Duration::from_millis(300), browser.get("/no")).await.is_err(), "it waits for the ledger");
    drop(holder);
    let recorded = async {
        while book::size(app.core.db.reader()).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), recorded).await.unwrap();
});

both_engines!(migrations, async fn what_leads_nowhere_is_our_404(db) {
    let app = TestApp::new(db);
    let mut browser = Browser::new(router(&app));
    let wrong = browser.post_raw("/no", &[]).await;
    let odd = Request::builder().method("BREW").uri("/assets/x").body(Body::empty()).unwrap();
    for page in [
        wrong,
        browser.send(odd, "/assets/x").await,
        browser.get("/nowhere").await,
        browser.get("/things/7").await,
        browser.get("/others/7").await,
        browser.get("/others/%00").await,
        browser.get("/things/%ff").await,
    ] {
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{}", page.path);
        assert!(page.body.contains("<h1"), "{}: {}", page.path, page.body);
        assert!(page.headers.contains_key("x-request-id") && !page.headers.contains_key(header::ALLOW), "{}", page.path);
    }
});

both_engines!(migrations, async fn programs_are_answered_in_json(db) {
    let app = TestApp::new(db);
    let mut browser = Browser::new(router(&app));
    let page = browser.send(Request::get("/api/mine").header(header::ACCEPT, "*/*").body(Body::empty()).unwrap(), "/api/mine").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(page.headers[header::CONTENT_TYPE], "application/problem+json");
    for (body, status) in [("[\"a\"]", StatusCode::OK), ("[\"\\u0000\"]", StatusCode::BAD_REQUEST), ("{", StatusCode::BAD_REQUEST)] {
        let page = browser.send(Request::post("/api/list").body(Body::from(body)).unwrap(), "/api/list").await;
        assert_eq!(page.status, status, "{body}");
    }
});

both_engines!(migrations, async fn signing_in_leads_back_to_a_page_of_ours(db) {
    let app = TestApp::new(db);
    for (referer, next) in [
        ("http://127.0.0.1:8080/things/1?a=b", "/sign-in?next=%2Fthings%2F1%3Fa%3Db"),
        ("http://evil.example/x", "/sign-in?next=%2F"),
        ("http://127.0.0.1:8080//evil.example", "/sign-in?next=%2F"),
        ("nonsense", "/sign-in?next=%2F"),
    ] {
        let post = Request::post("/mine").header(header::REFERER, referer).body(Body::empty()).unwrap();
        assert_eq!(Browser::new(router(&app)).send(post, "/mine").await.location(), next, "{referer}");
    }
    for bad in ["", "x", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb"] {
        assert_eq!(safe_next(bad), "/", "{bad}");
    }
    assert_eq!(safe_next("/a?b=c"), "/a?b=c");
});

both_engines!(migrations, async fn a_double_click_leads_to_one_place(db) {
    let app = TestApp::new(db);
    let secret = "s".repeat(43);
    let csrf = random::digest(format!("form/{secret}").as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let fields = [("csrf".to_owned(), csrf), ("once".to_owned(), "key".to_owned())];
    let mut browser = Browser::new(router(&app));
    browser.set_cookie("vouchsafe-visitor", &secret);
    let mut twin = browser.clone();
    let (one, two) = tokio::join!(browser.post_raw("/make", &fields), twin.post_raw("/make", &fields));
    assert_eq!((one.status, two.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(one.location(), two.location());
    assert_eq!(book::size(app.core.db.reader()).await.unwrap(), 1);
});

both_engines!(migrations, async fn a_form_without_origin_or_token_changes_nothing(db) {
    let app = TestApp::new(db);
    // Decides on what it is sent, and keeps nothing.
    let stateless = ["/api/v1/rules/offshoring"];
    for info in crate::service::routes().infos().into_iter().filter(|i| i.method == Method::POST) {
        let path = info.path.replace(['{', '}'], "");
        let foreign = Request::post(&path).header(header::ORIGIN, "null").body(Body::empty()).unwrap();
        let page = app.browser().send(foreign, &path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path} from nowhere");
        if stateless.contains(&&*info.path) {
            continue;
        }
        let page = app.browser().post_raw(&path, &[]).await;
        let signed_out = page.status == StatusCode::SEE_OTHER && page.location().starts_with("/sign-in");
        assert!(signed_out || [400, 401, 403, 404].contains(&page.status.as_u16()), "{path}: {}", page.status);
    }
});
