//! The database: SQLite with one writing connection, or PostgreSQL with a pool of them; on both a second pool that can only read. Engine
//! differences live in [`dialect`].

pub mod copy;
pub mod dialect;
pub(crate) mod passing;
mod writing;

use std::path::Path;
use std::time::Duration;

use sea_orm::sea_query::{Asterisk, Expr, Func, Query, SelectStatement};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, IsolationLevel, SqliteTransactionMode, Statement,
    TransactionOptions,
};

use crate::error::{Error, Result};

pub(crate) use writing::{Writing, settle, settled};

/// How many rows `select` finds, at most `most`: nothing is counted beyond what is told.
///
/// # Errors
/// When the database fails.
pub(crate) async fn count_up_to<C: ConnectionTrait>(db: &C, mut select: SelectStatement, most: u64) -> Result<u64> {
    let some = select.clear_selects().expr_as(Expr::val(1), "one").limit(most).take();
    let count = Query::select().expr_as(Func::count(Expr::col(Asterisk)), "n").from_subquery(some, "some").take();
    let row = db.query_one(&count).await?.ok_or_else(|| Error::internal("a count without a row"))?;
    let n: i64 = row.try_get("", "n")?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Which database engine is underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The open database.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    line: writing::Line,
}

/// What each SQLite connection may keep of the file in memory, in KiB, written as SQLite wants it: taken only as pages are read.
const CACHE: &str = "-8192";

/// Whether a connection is outside of any transaction. One on which SQLite gave a transaction up by itself, as it does when the disk is full,
/// is still counted as being within it; what is committed there from then on would only join a transaction that nobody ever ends. Such a
/// connection is thrown away.
async fn unused(connection: &mut sqlx::sqlite::SqliteConnection) -> Result<bool, sqlx::Error> {
    // The end of the transaction before was only asked for: once this is answered, it has been tried.
    sqlx::Connection::ping(connection).await?;
    let free = !sqlx::Connection::is_in_transaction(connection);
    if !free {
        tracing::warn!("a transaction ended in an unclear way: its connection is closed and another opened");
    }
    Ok(free)
}

/// Has SQLite keep how much each index tells apart, and forget the rows that it sampled. While it knows such rows it looks at the values that a
/// query is asked with, and therefore prepares nearly every query anew each time it is run: a seventh of the processor time of a submission.
async fn forget_samples(writer: &DatabaseConnection) -> Result<()> {
    let text = |sql: &str| Statement::from_string(DbBackend::Sqlite, sql);
    if writer.query_one_raw(text("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'")).await?.is_none() {
        return Ok(());
    }
    if writer.execute_raw(text("DELETE FROM sqlite_stat4")).await?.rows_affected() > 0 {
        // Read again what is known of the indexes, which this analyses nothing for.
        writer.execute_unprepared("ANALYZE sqlite_schema").await?;
    }
    Ok(())
}

impl Db {
    /// Opens `url`: `sqlite:PATH` or `postgres://…`. A SQLite file is created when missing.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`] when it cannot be opened, or when PostgreSQL does not sort text by "C".
    pub async fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::open_sqlite(Path::new(path)).await;
        }
        Self::open_postgres(url).await
    }

    async fn open_postgres(url: &str) -> Result<Self> {
        let pool = || {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(16)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(10))
                .test_before_acquire_if_idle_for(Duration::from_secs(30))
                .sqlx_logging(false);
            options
        };
        // Two pools: reads cannot write, and transactions that read beside themselves never wait for one another's connections.
        let writer = Database::connect(pool()).await?;
        let mut read = pool();
        read.map_sqlx_postgres_opts(|o| o.options([("default_transaction_read_only", "on")]));
        let reader = Database::connect(read).await?;
        let db = Self { engine: Engine::Postgres, writer, reader, line: writing::Line::default() };
        dialect::check_collation(&db).await?;
        Ok(db)
    }

    async fn open_sqlite(path: &Path) -> Result<Self> {
        // SQLite would make the file for everybody to read; the files beside it take over its permissions.
        use std::os::unix::fs::OpenOptionsExt as _;
        match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(Error::internal(format!("cannot make the database {}: {error}", path.display())));
            }
            _ => {}
        }
        let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        let mut write = ConnectOptions::new(format!("sqlite://{path}?mode=rwc"));
        write
            .max_connections(1)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .test_before_acquire(false)
            .sqlx_logging(false)
            .map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(unused(connection)))
            .map_sqlx_sqlite_opts(|o| {
                // What is written with a commit comes in many shapes.
                o.statement_cache_capacity(400)
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("foreign_keys", "ON")
                    .pragma("temp_store", "MEMORY")
                    .pragma("cache_size", CACHE)
                    .busy_timeout(Duration::from_secs(10))
            });
        let writer = Database::connect(write).await?;
        // Before readers learn of what an earlier version left.
        forget_samples(&writer).await?;
        let mut read = ConnectOptions::new(format!("sqlite://{path}?mode=ro"));
        read.max_connections(4)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|o| {
                o.pragma("query_only", "ON")
                    .pragma("temp_store", "MEMORY")
                    .pragma("cache_size", CACHE)
                    .busy_timeout(Duration::from_secs(10))
            });
        let reader = Database::connect(read).await?;
        Ok(Self { engine: Engine::Sqlite, writer, reader, line: writing::Line::default() })
    }

    /// The engine underneath.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// For reading outside a transaction. This connection cannot write.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// The writing connection, for migrations and for the transactions of [`crate::cx`] only.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// A writing transaction. Immediate on SQLite: a reading transaction that turns into a writing one cannot wait for the lock. Read
    /// committed on PostgreSQL, whatever the server's default: what a lock waited for must be seen.
    pub(crate) async fn begin(&self) -> Result<Writing> {
        self.writing(false).await
    }

    /// As [`Db::begin`], sharing SQLite's way to the disk with others who do. For acts that read nothing beside their transaction once they have
    /// begun it: what stood before them in the line may not be there yet for other connections.
    pub(crate) async fn begin_sharing(&self) -> Result<Writing> {
        self.writing(true).await
    }

    async fn writing(&self, shares: bool) -> Result<Writing> {
        let mut options = TransactionOptions::default();
        match self.engine {
            Engine::Sqlite => {
                options.sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
                Writing::in_line(&self.line, &self.writer, options, shares).await
            }
            Engine::Postgres => {
                options.isolation_level = Some(IsolationLevel::ReadCommitted);
                Writing::beside(&self.writer, options).await
            }
        }
    }

    /// Waits until nobody stands before SQLite's one writer, but no longer than `at_most`: for work that nobody waits for.
    pub(crate) async fn calm(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.line.calm()).await;
    }

    /// Has SQLite count anew how much each index tells apart, where tables have grown, from samples: without it, a query takes the index that
    /// gives its order, however many rows it then reads. PostgreSQL sees to that itself.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn keep_statistics(&self) -> Result<()> {
        if self.engine == Engine::Sqlite {
            // Tables of every connection, not only of this one's queries; within limits, so that writers do not wait long.
            self.writer.execute_unprepared("PRAGMA optimize = 0x10012").await?;
            forget_samples(&self.writer).await?;
        }
        Ok(())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        self.reader.query_one_raw(Statement::from_string(self.backend(), "SELECT 1")).await.map_err(|_| Error::Unavailable)?;
        Ok(())
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When a connection cannot be closed.
    pub async fn close(self) -> Result<()> {
        self.reader.close().await?;
        self.writer.close().await?;
        Ok(())
    }

    fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;

    async fn rows(db: &Db, of: &str) -> i64 {
        let count = Statement::from_string(DbBackend::Sqlite, format!("SELECT count(*) AS n FROM sqlite_{of}"));
        db.reader.query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    #[tokio::test]
    async fn what_indexes_tell_apart_is_kept_and_sampled_rows_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("some.db").display());
        let grow =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO thing (kind) SELECT i % 7 FROM n";
        let db = Db::open(&url).await.unwrap();
        db.writer.execute_unprepared("CREATE TABLE thing (id INTEGER PRIMARY KEY, kind TEXT)").await.unwrap();
        db.writer.execute_unprepared("CREATE INDEX thing_kind ON thing (kind)").await.unwrap();
        db.writer.execute_unprepared(grow).await.unwrap();
        // As an earlier version left it.
        db.writer.execute_unprepared("ANALYZE").await.unwrap();
        assert!(rows(&db, "stat4").await > 0);
        db.close().await.unwrap();
        let db = Db::open(&url).await.unwrap();
        assert_eq!(rows(&db, "stat4").await, 0);
        assert!(rows(&db, "stat1").await > 0);
        // And as the job does it once more has come.
        for _ in 0..12 {
            db.writer.execute_unprepared(grow).await.unwrap();
        }
        db.keep_statistics().await.unwrap();
        let told = Statement::from_string(DbBackend::Sqlite, "SELECT stat FROM sqlite_stat1 WHERE idx = 'thing_kind'");
        let told: String = db.reader.query_one_raw(told).await.unwrap().unwrap().try_get("", "stat").unwrap();
        assert!(told.starts_with("26000 "), "{told}");
        assert_eq!(rows(&db, "stat4").await, 0);
        db.close().await.unwrap();
    }
}
