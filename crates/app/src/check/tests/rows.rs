//! The rows on offshoring, at the endpoint and on the page: both say of each example what the policy says.

use serde_json::{Value, json};
use testkit::TestDb;
use testkit::offshoring::{Example, examples};

use super::{post_to, words_of};
use crate::migrations::migrations;
use crate::testing::TestApp;

/// Asks the endpoint and the page.
async fn hold(examples: Vec<Example>) {
    let app = TestApp::new(TestDb::sqlite(migrations).await);
    let mut shown = 0;
    for example in examples {
        let (status, answer) = post_to(&app, &example.facts()).await;
        assert_eq!(status, 200, "{answer}");
        example.judge(&answer).unwrap_or_else(|problem| panic!("the endpoint, {problem}"));
        let Some(query) = example.query() else { continue };
        let page = app.browser().get(&query).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text());
        let tag = page.select(".vs-answer .govuk-tag").remove(0);
        let expected = platform::texts::t(&format!("check-outcome-{}", example.outcome.replace('_', "-")));
        assert_eq!(tag, expected, "the page, {}: {query}", example.rows);
        for text in words_of(&answer) {
            assert!(page.text().contains(&text), "the page does not say {text:?}: {}", page.text());
        }
        shown += 1;
    }
    assert!(shown > 0, "the page was asked nothing");
}

/// OFF-3a: hosting abroad of the authority's information is offshoring; the islands and Gibraltar are abroad.
#[tokio::test]
async fn off_3a() {
    hold(examples("OFF-3a")).await;
}

/// OFF-3b: people abroad who reach it are offshoring, wherever it lies.
#[tokio::test]
async fn off_3b() {
    hold(examples("OFF-3b")).await;
}

/// OFF-3c: foreign nationals brought in for work that reaches it are offshoring.
#[tokio::test]
async fn off_3c() {
    hold(examples("OFF-3c")).await;
}

/// OFF-3d: development abroad is offshoring.
#[tokio::test]
async fn off_3d() {
    hold(examples("OFF-3d")).await;
}

/// OFF-3e: diagnostic data sent abroad is offshoring unless shown free.
#[tokio::test]
async fn off_3e() {
    hold(examples("OFF-3e")).await;
}

/// OFF-4: each combination of people, place and data; development and support count always.
#[tokio::test]
async fn off_4() {
    hold(examples("OFF-4")).await;
}

/// OFF-5: each exemption, which removes its own trigger only.
#[tokio::test]
async fn off_5() {
    hold(examples("OFF-5")).await;
}

/// OFF-5: one remaining trigger makes the whole offshoring; else one open question makes it undetermined.
#[tokio::test]
async fn off_5_each_activity_by_itself() {
    let app = TestApp::new(TestDb::sqlite(migrations).await);
    let yes = json!({"kind": "development", "country": "IN"});
    let no = json!({"kind": "hosting", "country": "IN", "authority_information": false});
    let open = json!({"kind": "hosting", "country": "IN"});
    for (activities, outcome) in [
        (vec![&no, &no], "not_offshoring"),
        (vec![&no, &open], "undetermined"),
        (vec![&open, &yes, &no], "offshoring"),
        (vec![&no, &yes], "offshoring"),
    ] {
        let facts: Value = json!({"home": "GB", "activities": activities});
        let (status, answer) = post_to(&app, &facts.to_string()).await;
        assert_eq!((status.as_u16(), answer["outcome"].as_str()), (200, Some(outcome)), "{answer}");
        assert_eq!(answer["activities"].as_array().unwrap().len(), activities.len());
    }
}
