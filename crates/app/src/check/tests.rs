//! The check page and endpoint, through the router.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use testkit::TestDb;

use crate::migrations::migrations;
use crate::testing::TestApp;

mod rows;

async fn post(body: &str) -> (StatusCode, Value) {
    post_to(&TestApp::new(TestDb::sqlite(migrations).await), body).await
}

/// The reasons of a decision, in words.
fn words_of(answer: &Value) -> Vec<String> {
    let because = answer["activities"].as_array().unwrap().iter().flat_map(|a| a["because"].as_array().unwrap());
    because.map(|reason| reason["text"].as_str().unwrap().to_owned()).collect()
}

async fn post_to(app: &TestApp, body: &str) -> (StatusCode, Value) {
    let request =
        Request::post("/api/v1/rules/offshoring").header("content-type", "application/json").body(Body::from(body.to_owned())).unwrap();
    let page = app.browser().send(request, "/api/v1/rules/offshoring").await;
    (page.status, serde_json::from_str(&page.body).unwrap())
}

/// OFF-3a, OFF-4, OWN-1: the endpoint answers with outcome, reasons in words, and sources.
#[tokio::test]
async fn the_endpoint_decides_and_explains() {
    let (status, answer) = post(r#"{"home":"GB","activities":[{"kind":"hosting","country":"India","authority_information":true}]}"#).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["outcome"], "offshoring");
    let reason = &answer["activities"][0]["because"][0];
    assert_eq!(reason["rule"], "hosting_abroad");
    assert_eq!(reason["source"][0], "OFF-3a");
    assert!(reason["text"].as_str().unwrap().contains("India"), "{reason}");
}

/// OWN-1: what is not known is named, and is not "no".
#[tokio::test]
async fn what_is_missing_is_named() {
    let (status, answer) = post(r#"{"home":"GB","activities":[{"kind":"access","country":"IN"}]}"#).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["outcome"], "undetermined");
    assert_eq!(answer["activities"][0]["missing"], json!(["authority_information"]));
}

#[tokio::test]
async fn bad_input_is_422_with_the_path() {
    for (body, path) in [
        (r#"{"home":"GB","activities":[{"kind":"hosting","country":"ZZ"}]}"#, "activities[0].country"),
        (r#"{"home":"GB","activities":[]}"#, "activities"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","colour":1}]}"#, "activities[0]"),
        (r"{", "$"),
    ] {
        let (status, answer) = post(body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(answer["errors"][0]["path"].as_str().unwrap().contains(path), "{body}: {answer}");
    }
}

/// OFF-3c, OFF-5: the page without JavaScript: add an activity, be told what is missing, get the answer with its reasons.
#[tokio::test]
async fn the_page_answers_without_a_script() {
    let app = TestApp::new(TestDb::sqlite(migrations).await);
    let mut browser = app.browser();
    let page = browser.get("/check").await;
    assert_eq!(page.status, StatusCode::OK);
    let page = browser.get("/check?q.activities.1.kind_asked=1").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Choose the kind of activity"), "{}", page.text());
    let page = browser
        .get("/check?q.activities.1.kind_asked=1&q.activities.1.kind=landed_staff&q.activities.1.foreign=yes&q.activities.1.brought=yes&q.activities.1.resident=no&q.activities.1.access=yes")
        .await;
    assert!(page.text().contains("This is offshoring"), "{}", page.text());
    assert!(page.text().contains("OFF-3c"));
    let page = browser.get("/check?q.activities.1.kind_asked=1&q.activities.1.kind=hosting&q.activities.1.country=GB&q.activities.1.information=yes&add=activities").await;
    assert!(page.body.contains("q.activities.2.kind"));
    assert!(!page.text().contains("Answer"));
}
