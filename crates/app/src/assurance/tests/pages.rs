//! Who sees the ledger, and how it is leafed through.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::http::StatusCode;
use platform::authz::Actor;
use platform::checkpoint;
use platform::cx::Cx;
use testkit::both_engines;

use super::{someone, write};
use crate::migrations::migrations;
use crate::testing::TestApp;

both_engines!(migrations, async fn only_its_roles_see_the_ledger_and_jobs(db) {
    let app = TestApp::new(db);
    for (side, role, ledger, jobs) in [
        ("authority", "administrator", 200, 200),
        ("authority", "security", 200, 403),
        ("authority", "internal_audit", 200, 200),
        ("authority", "contract_manager", 403, 403),
        ("supplier", "supplier_lead", 404, 404),
    ] {
        let mut browser = someone(&app, side, role).await;
        assert_eq!(browser.get("/ledger").await.status.as_u16(), ledger, "{role}");
        assert_eq!(browser.get("/admin/jobs").await.status.as_u16(), jobs, "{role}");
    }
});

both_engines!(migrations, async fn the_ledger_is_leafed_through_and_narrowed(db) {
    let app = TestApp::new(db);
    write(&app, 60).await;
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    checkpoint::make(&cx).await.unwrap();
    let mut auditor = someone(&app, "authority", "internal_audit").await;
    let page = auditor.get("/ledger").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.matches("party.add</a>").count(), 50);
    assert!(page.text().contains(&app.core.ledger_key.public().fingerprint()));
    assert!(!page.body.contains("Halyard"), "sealed details do not show");
    let older = auditor.get("/ledger?before=10").await;
    assert_eq!(older.body.matches("party.add</a>").count(), 10);
    let none = auditor.get("/ledger?action=refused").await;
    assert!(none.text().contains("There are no such entries"), "{}", none.text());
    assert_eq!(auditor.get("/ledger?actor=operator:operator&before=5").await.body.matches("party.add</a>").count(), 5);
    for bad in ["/ledger?before=soon", "/ledger?actor=nobody", "/ledger?before=99999999999999999999", "/ledger?actor=%ff"] {
        assert_eq!(auditor.get(bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
});
