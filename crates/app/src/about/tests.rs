//! The pages at the foot of every page, signed out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::http::StatusCode;
use testkit::TestDb;

use crate::migrations::migrations;
use crate::testing::TestApp;

/// Every page links to them, so they are there for everybody and name whom to ask.
#[tokio::test]
async fn the_pages_at_the_foot_are_there_for_everybody() {
    let app = TestApp::new(TestDb::sqlite(migrations).await);
    let mut browser = app.browser();
    for path in ["/help", "/accessibility", "/privacy"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains(&format!("mailto:{}", app.core.settings.authority.contact)), "{path}");
    }
}
