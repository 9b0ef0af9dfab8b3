//! The ledger's copy as an auditor verifies it, and what the database's administrator cannot hide.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ledger::export::MemoryFolder;
use ledger::verify::{Options, Outcome, Report, verify};
use platform::authz::Actor;
use platform::checkpoint;
use platform::cx::Cx;
use sea_orm::ConnectionTrait as _;
use testkit::both_engines;

use super::{someone, write};
use crate::assurance::act;
use crate::migrations::migrations;
use crate::testing::TestApp;

async fn copy(app: &TestApp, details: bool) -> MemoryFolder {
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    let mut folder = MemoryFolder::new();
    act::export(&cx, &mut folder, details).await.unwrap();
    folder
}

fn judge(app: &TestApp, folder: &MemoryFolder, after: Option<String>) -> Report {
    verify(folder, &Options { key: Some(app.core.ledger_key.public().clone()), after })
}

both_engines!(migrations, async fn an_export_verifies_and_names_itself_last(db) {
    let app = TestApp::new(db);
    write(&app, 7).await;
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    let kept = checkpoint::make(&cx).await.unwrap().unwrap().note;
    let folder = copy(&app, true).await;
    let report = judge(&app, &folder, Some(kept.clone()));
    assert_eq!(report.outcome, Outcome::Verified, "{report}");
    assert_eq!((report.size, report.details, report.checkpoints), (8, 7, 1));
    let entries = String::from_utf8(folder["entries-0000000000000.jsonl"].clone()).unwrap();
    assert!(entries.lines().last().unwrap().contains(r#""action":"system.export""#));
    assert!(String::from_utf8_lossy(&folder["details-0000000000000.jsonl"]).contains("Halyard 3"));

    let closed = copy(&app, false).await;
    assert_eq!(judge(&app, &closed, Some(kept)).outcome, Outcome::Verified);
    assert!(!closed.values().any(|file| String::from_utf8_lossy(file).contains("Halyard")));
});

both_engines!(migrations, /// OWN-5: what is changed in the database past the program, each row that the ledger lies in, is found in an export.
async fn rewritten_history_is_named_by_its_entry(db) {
    // What somebody with the database's password might do, and the entry that tells of it.
    let cases = [
        ("UPDATE ledger_entry SET bytes = (SELECT bytes FROM ledger_entry WHERE idx = 1) WHERE idx = 3", 3),
        ("DELETE FROM ledger_detail WHERE idx = 4", 4),
        ("UPDATE ledger_detail SET sealed = (SELECT sealed FROM ledger_detail WHERE idx = 1) WHERE idx = 2", 2),
        ("UPDATE ledger_node SET hash = (SELECT hash FROM ledger_node WHERE idx = 0) WHERE idx = 3", 2),
    ];
    let app = TestApp::new(db);
    write(&app, 6).await;
    let raw = app.db.raw().await;
    for (sql, entry) in cases {
        let table = sql.split_whitespace().find(|w| w.starts_with("ledger_")).unwrap();
        raw.execute_unprepared(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await.unwrap();
        raw.execute_unprepared(sql).await.unwrap();
        let cx = Cx::new(&app.core, Actor::Operator).unwrap();
        let mut folder = MemoryFolder::new();
        platform::export::export(&cx, &mut folder, true).await.unwrap();
        let report = judge(&app, &folder, None);
        assert_eq!(report.outcome.exit_code(), 1, "{sql}: {report}");
        assert!(report.to_string().contains(&format!("ntry {entry}")), "{sql}: {report}");
        raw.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
        raw.execute_unprepared(&format!("INSERT INTO {table} SELECT * FROM kept")).await.unwrap();
        raw.execute_unprepared("DROP TABLE kept").await.unwrap();
    }
});

both_engines!(migrations, /// OWN-5: a changed head row is found.
async fn a_changed_head_is_found(db) {
    let app = TestApp::new(db);
    write(&app, 5).await;
    let raw = app.db.raw().await;
    for (change, back) in [
        ("UPDATE ledger_head SET size = 4", "UPDATE ledger_head SET size = 5"),
        (
            "UPDATE ledger_head SET root = (SELECT hash FROM ledger_node WHERE idx = 0)",
            "",
        ),
    ] {
        raw.execute_unprepared(change).await.unwrap();
        let cx = Cx::new(&app.core, Actor::Operator).unwrap();
        let mut folder = MemoryFolder::new();
        let told = match platform::export::export(&cx, &mut folder, true).await {
            Err(error) => error.to_string().contains("root"),
            Ok(_) => judge(&app, &folder, None).outcome.exit_code() == 1,
        };
        assert!(told, "{change}");
        raw.execute_unprepared(back).await.unwrap();
    }
});

both_engines!(migrations, /// OWN-5: the columns beside an entry, by which lists find it, are found where they were changed; pages show the entry itself.
async fn a_changed_copy_is_found(db) {
    let app = TestApp::new(db);
    write(&app, 6).await;
    let raw = app.db.raw().await;
    let columns = [("at", "17"), ("actor_kind", "'job'"), ("actor_id", "'nobody'"), ("action", "'party.view'"), ("kind", "'site'"), ("subject_id", "'x'")];
    for (n, (column, value)) in columns.iter().enumerate() {
        raw.execute_unprepared(&format!("UPDATE ledger_entry SET {column} = {value} WHERE idx = {n}")).await.unwrap();
    }
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    let mut folder = MemoryFolder::new();
    let exported = platform::export::export(&cx, &mut folder, true).await.unwrap();
    assert_eq!(exported.altered, [0, 1, 2, 3, 4, 5]);
    assert_eq!(judge(&app, &folder, None).outcome, Outcome::Verified, "the entries themselves are whole");
    // Pages show the entry, not the copy.
    let mut auditor = someone(&app, "authority", "internal_audit").await;
    let page = auditor.get("/ledger").await;
    assert!(!page.text().contains("nobody") && !page.text().contains("party.view"), "{}", page.text());
});

both_engines!(migrations, async fn entries_cut_off_are_seen_with_a_kept_checkpoint(db) {
    let app = TestApp::new(db);
    write(&app, 6).await;
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    let kept = checkpoint::make(&cx).await.unwrap().unwrap();
    let raw = app.db.raw().await;
    // Entries 4 and 5 vanish with all that belongs to them; nothing in the database tells of it.
    for sql in [
        "DELETE FROM ledger_entry WHERE idx >= 4",
        "DELETE FROM ledger_detail WHERE idx >= 4",
        "DELETE FROM ledger_node WHERE idx >= 7",
        "DELETE FROM ledger_checkpoint",
    ] {
        raw.execute_unprepared(sql).await.unwrap();
    }
    let cut = platform::book::frontier(app.core.db.reader(), 4).await.unwrap().root();
    let sql = "UPDATE ledger_head SET size = 4, root = $1";
    raw.execute_raw(sea_orm::Statement::from_sql_and_values(raw.get_database_backend(), sql, [cut.0.to_vec().into()])).await.unwrap();
    assert!(!checkpoint::continues(app.core.db.reader(), &kept, 4).await.unwrap());
    let folder = copy(&app, true).await;
    assert_eq!(judge(&app, &folder, None).outcome, Outcome::Verified);
    assert_eq!(judge(&app, &folder, Some(kept.note)).outcome.exit_code(), 1);
});

both_engines!(migrations, async fn nothing_is_signed_over_a_changed_tree(db) {
    let app = TestApp::new(db);
    write(&app, 4).await;
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    checkpoint::make(&cx).await.unwrap().unwrap();
    // Node 6 is the root over the first four entries.
    let raw = app.db.raw().await;
    raw.execute_unprepared("UPDATE ledger_node SET hash = (SELECT hash FROM ledger_node WHERE idx = 0) WHERE idx = 6").await.unwrap();
    write(&app, 1).await;
    assert!(checkpoint::make(&cx).await.is_err());
    assert_eq!(checkpoint::list(cx.db(), 10).await.unwrap().len(), 1);
});
