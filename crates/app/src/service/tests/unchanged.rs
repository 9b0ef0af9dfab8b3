//! OWN-5: looking changes nothing, and what is refused is recorded and, when it goes on, told to the security role.

use std::collections::BTreeMap;

use platform::book::entry;
use platform::db::Engine;
use sea_orm::{ConnectionTrait as _, DbBackend, EntityTrait as _, QueryOrder as _, Statement};
use testkit::both_engines;

use super::crawl::{self, Town, gets};
use crate::migrations::migrations;
use crate::party::model::AUTHORITY_ROLES;
use crate::testing::TestApp;

/// Tables in which refusals and housekeeping write; guessed links are counted.
const HOUSEKEEPING: [&str; 7] = ["refusal_tally", "refusal_window", "job", "ledger_entry", "ledger_node", "ledger_detail", "throttle"];

/// The number of rows of each table.
async fn rows(app: &TestApp) -> BTreeMap<String, i64> {
    let db = app.db.raw().await;
    let (backend, tables) = match app.core.db.engine() {
        Engine::Sqlite => (DbBackend::Sqlite, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"),
        Engine::Postgres => {
            (DbBackend::Postgres, "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'")
        }
    };
    let mut all = BTreeMap::new();
    for row in db.query_all_raw(Statement::from_string(backend, tables)).await.unwrap() {
        let name: String = row.try_get("", "name").unwrap();
        let count = Statement::from_string(backend, format!("SELECT count(*) AS n FROM \"{name}\""));
        all.insert(name, db.query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap());
    }
    all
}

async fn entries(app: &TestApp) -> Vec<entry::Model> {
    entry::Entity::find().order_by_asc(entry::Column::Idx).all(app.core.db.reader()).await.unwrap()
}

both_engines!(migrations, /// OWN-5: every page, opened by every role and by nobody, writes nothing but refusals.
async fn looking_changes_nothing(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let mut browsers = vec![("anonymous", app.browser()), ("halyard", town.lead.browser(world)), ("manager", town.manager.browser(world))];
    for role in AUTHORITY_ROLES {
        browsers.push((role, world.official(role).await.browser(world)));
    }
    for role in ["supplier_lead", "supplier_member"] {
        browsers.push((role, world.person(role, world.other.0).await.browser(world)));
    }
    app.work().await;
    let (before, known) = (rows(app).await, entries(app).await.len());
    assert!(before.len() > 20 && HOUSEKEEPING.iter().all(|t| before.contains_key(*t)), "{before:?}");
    let mut bad = Vec::new();
    for (who, browser) in &mut browsers {
        for info in gets() {
            for path in town.paths(&info) {
                let page = crawl::open(browser, &path).await;
                if page.status.is_server_error() {
                    bad.push(format!("{who} at {path}: {}", page.status));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    let after = rows(app).await;
    for (table, count) in before.iter().filter(|(table, _)| !HOUSEKEEPING.contains(&table.as_str())) {
        assert_eq!((table, Some(count)), (table, after.get(table)));
    }
    let since = entries(app).await.split_off(known);
    assert!(since.len() > 10, "refusals are recorded");
    for entry in since {
        assert!(entry.action == "refused" || entry.action == "refused.again", "{} by {}", entry.action, entry.actor_id);
    }
});

both_engines!(migrations, /// OWN-5: someone who tries doors that are not theirs is in the ledger, and the security role has a message about them.
async fn trying_doors_is_recorded_and_told(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let security = world.official("security").await;
    let stranger = world.person("supplier_lead", world.other.0).await;
    app.work().await;
    let mut browser = stranger.browser(world);
    for page in ["", "/risk", "/thread", "/letter", "/history", "/tasks"] {
        assert_eq!(crawl::open(&mut browser, &format!("/proposals/{}{page}", town.proposal)).await.status, 404, "{page}");
        app.advance(1_000);
    }
    app.work().await;
    app.work().await;
    let id = stranger.account.to_string();
    let refused: Vec<_> = entries(app).await.into_iter().filter(|e| e.action.starts_with("refused") && e.actor_id == id).collect();
    assert!(!refused.is_empty() && refused[0].subject_id == town.proposal.to_string(), "{refused:?}");
    let mail: Vec<String> = std::fs::read_dir(app.core.settings.mail_folder())
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .filter(|mail| mail.contains("Repeated refusals"))
        .collect();
    assert!(!mail.is_empty() && mail.iter().any(|m| m.contains(&security.email)), "{mail:?}");
    assert!(!mail.iter().any(|m| m.contains(&format!("To: {}", stranger.email))));
    let ledger = security.browser(world).get(&format!("/ledger?actor=account:{id}")).await;
    assert_eq!(ledger.status, 200);
    assert!(ledger.text().contains("refused") || ledger.text().contains("Refused"), "{}", ledger.text());
});
