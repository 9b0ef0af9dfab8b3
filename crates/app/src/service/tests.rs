//! The spine: the write path on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use platform::authz::{Actor, Resource};
use platform::cx::{Cx, Entry};
use platform::{Error, book};
use serde_json::json;
use testkit::both_engines;

use crate::migrations::migrations;
use crate::testing::TestApp;

mod api;
mod archiving;
mod changes;
mod crawl;
mod exporting;
mod files;
mod hardening;
mod hostile;
mod importing;
mod isolation;
mod lifecycles;
mod reach;
mod refusing;
mod requests;
mod searching;
mod truth;
mod unchanged;

#[test]
fn policies_validate() {
    super::authz().unwrap();
}

both_engines!(migrations, async fn a_commit_writes_entry_and_sealed_detail(db) {
    let app = TestApp::new(db);
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    let party = Resource::new("party", cx.id().unwrap()).with("side", "supplier").set("seen_by", [""; 0]);
    let party = Resource { attrs: [vec![("id", party.id.clone().into())], party.attrs.clone()].concat(), ..party };
    let tx = cx.begin().await.unwrap();
    let permit = cx.permit("party.add", &party).unwrap();
    let entry = Entry::on("party.add", &party).body(json!({"name": "Halyard Systems"}));
    cx.commit(tx, permit, [entry]).await.unwrap();

    assert_eq!(book::size(cx.db()).await.unwrap(), 1);
    let lines = book::timeline(&cx, "party", &party.id, 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].body, Some(json!({"name": "Halyard Systems"})));
});

both_engines!(migrations, async fn a_permit_does_not_cover_another_thing(db) {
    let app = TestApp::new(db);
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    let id = cx.id().unwrap();
    let party = Resource { kind: "party", id: id.to_string(), attrs: vec![("id", id.into()), ("side", "supplier".into())] }.set("seen_by", [id]);
    let tx = cx.begin().await.unwrap();
    let permit = cx.permit("party.add", &party).unwrap();
    let other = Entry::new("party.add", "party", cx.id().unwrap());
    assert!(matches!(cx.commit(tx, permit, [other]).await, Err(Error::Internal(_))));
    assert_eq!(book::size(cx.db()).await.unwrap(), 0);
});

both_engines!(migrations, async fn concurrent_commits_leave_no_gap(db) {
    let app = TestApp::new(db);
    let mut tasks = Vec::new();
    for _ in 0..24 {
        let core = app.core.clone();
        tasks.push(tokio::spawn(async move {
            let cx = Cx::new(&core, Actor::Operator).unwrap();
            let id = cx.id().unwrap();
            let party = Resource { kind: "party", id: id.to_string(), attrs: vec![("id", id.into()), ("side", "supplier".into())] }.set("seen_by", [id]);
            let tx = cx.begin().await.unwrap();
            let permit = cx.permit("party.add", &party).unwrap();
            cx.commit(tx, permit, [Entry::on("party.add", &party).body(json!({"n": 1}))]).await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(book::size(app.core.db.reader()).await.unwrap(), 24);
    let (size, root) = book::head(app.core.db.reader()).await.unwrap();
    assert_eq!(book::frontier(app.core.db.reader(), size).await.unwrap().root(), root);
});
