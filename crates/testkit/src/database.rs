//! A database of its own for each test.

use std::collections::BTreeMap;
use std::path::PathBuf;

use platform::db::Db;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sha2::{Digest as _, Sha256};

/// The migrations to run, in order.
pub type Migrations = fn() -> Vec<Box<dyn platform::migrations::Migration>>;

/// A migrated, empty database that goes away with this value.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// Its address, for a second opening or a program under test.
    pub url: String,
    folder: tempfile::TempDir,
    postgres: Option<(String, String)>,
}

impl TestDb {
    /// On SQLite, in a temporary folder, copied from a migrated template.
    pub async fn sqlite(migrations: Migrations) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        std::fs::copy(sqlite_template(migrations).await, &path).unwrap();
        let url = format!("sqlite:{}", path.display());
        let db = Db::open(&url).await.unwrap();
        Self { db, url, folder, postgres: None }
    }

    /// On the PostgreSQL server that `TEST_DATABASE_URL` names, copied from a migrated template; `None` when it is not set.
    #[allow(clippy::disallowed_methods, reason = "a name for a database, not an id of ours")]
    pub async fn postgres(migrations: Migrations) -> Option<Self> {
        let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())?;
        let admin = Database::connect(&server).await.expect("the test server of TEST_DATABASE_URL answers");
        let template = template(&admin, &server, migrations).await;
        let name = format!("t_{}", uuid::Uuid::now_v7().simple());
        run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        admin.close().await.unwrap();
        let url = with_name(&server, &name);
        let db = Db::open(&url).await.unwrap();
        Some(Self { db, url, folder: tempfile::tempdir().unwrap(), postgres: Some((server, name)) })
    }

    /// A connection beside the program's, that may do anything: what a database's administrator has.
    pub async fn raw(&self) -> DatabaseConnection {
        let url = match self.url.strip_prefix("sqlite:") {
            Some(path) => format!("sqlite://{path}?mode=rw"),
            None => self.url.clone(),
        };
        Database::connect(sea_orm::ConnectOptions::new(url).max_connections(1).to_owned()).await.unwrap()
    }

    /// All that the database holds, as its administrator would read it: by table, each row as one text, bytes as hexadecimal digits.
    pub async fn everything(&self) -> BTreeMap<String, Vec<String>> {
        let db = self.raw().await;
        let backend = db.get_database_backend();
        let ask = async |sql: String| db.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        let sqlite = backend == DbBackend::Sqlite;
        let tables = if sqlite {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        } else {
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'"
        };
        let mut all = BTreeMap::new();
        for table in ask(tables.to_owned()).await {
            let name: String = table.try_get("", "name").unwrap();
            let row = if sqlite {
                let columns = ask(format!("SELECT name FROM pragma_table_info('{name}')")).await;
                let quoted = columns.iter().map(|c| format!("quote(\"{}\")", c.try_get::<String>("", "name").unwrap()));
                quoted.collect::<Vec<_>>().join(" || ' ' || ")
            } else {
                "t::text".to_owned()
            };
            let rows = ask(format!("SELECT {row} AS line FROM \"{name}\" t ORDER BY 1")).await;
            all.insert(name, rows.iter().map(|row| row.try_get::<String>("", "line").unwrap()).collect());
        }
        db.close().await.unwrap();
        all
    }

    /// A folder of this test's own, for keys, mail and files.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Some((server, name)) = self.postgres.take() else { return };
        // Dropping is best done; the server goes away after the run in any case.
        let done = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let admin = Database::connect(&server).await.unwrap();
                let _ = admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        let _ = done.join();
    }
}

/// What tells templates apart, in hexadecimal digits: the migrations, and the program that holds them.
fn mark(migrations: Migrations) -> String {
    let mut digest = Sha256::new();
    for migration in migrations() {
        digest.update(migration.name().as_bytes());
        digest.update([0]);
    }
    // Another build may have changed a migration without renaming it.
    if let Ok(meta) = std::env::current_exe().and_then(std::fs::metadata) {
        digest.update(format!("{:?}", meta.modified().ok()).as_bytes());
    }
    hex::encode(digest.finalize())[..16].to_owned()
}

/// A migrated SQLite file beside the program, made by whichever test comes first: two at once make the same.
async fn sqlite_template(migrations: Migrations) -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let beside = program.parent().unwrap();
    let own = format!("{}.template-", program.file_name().unwrap().to_string_lossy());
    let path = beside.join(format!("{own}{}.db", mark(migrations)));
    if path.exists() {
        return path;
    }
    let folder = tempfile::tempdir_in(beside).unwrap();
    let new = folder.path().join("template.db");
    let db = Db::open(&format!("sqlite:{}", new.display())).await.unwrap();
    platform::migrations::migrate(&db, migrations).await.unwrap();
    // The last connection to close writes everything into the one file.
    db.close().await.unwrap();
    // Those of earlier builds are of no use any more.
    for entry in std::fs::read_dir(beside).unwrap().flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(&own)) {
        let _ = std::fs::remove_file(entry.path());
    }
    std::fs::rename(&new, &path).unwrap();
    path
}

/// The name of a migrated template, made by whichever test comes first.
async fn template(admin: &DatabaseConnection, server: &str, migrations: Migrations) -> String {
    let name = format!("template_{}", mark(migrations));
    let lock = Database::connect(sea_orm::ConnectOptions::new(server).max_connections(1).min_connections(1).to_owned()).await.unwrap();
    run(&lock, "SELECT pg_advisory_lock(7431)").await;
    let found = admin
        .query_one_raw(Statement::from_string(DbBackend::Postgres, format!("SELECT 1 FROM pg_database WHERE datname = '{name}'")))
        .await
        .unwrap();
    if found.is_none() {
        let building = format!("{name}_new");
        run(admin, &format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)")).await;
        run(admin, &format!("CREATE DATABASE {building} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")).await;
        let db = Db::open(&with_name(server, &building)).await.unwrap();
        platform::migrations::migrate(&db, migrations).await.unwrap();
        db.close().await.unwrap();
        run(admin, &format!("ALTER DATABASE {building} RENAME TO {name}")).await;
    }
    run(&lock, "SELECT pg_advisory_unlock(7431)").await;
    lock.close().await.unwrap();
    name
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

fn with_name(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(name);
    url.to_string()
}
