//! Where the two engines differ, and nowhere else: collation, row locks, full-text search, recognising a violated key.

use sea_orm::sea_query::{LockType, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::{Db, Engine};
use crate::error::{Error, Result};

/// Refuses a PostgreSQL database that sorts text other than by byte: list order and page keys would differ from SQLite's.
pub(crate) async fn check_collation(db: &Db) -> Result<()> {
    if db.engine() != Engine::Postgres {
        return Ok(());
    }
    let row = db
        .reader()
        .query_one_raw(Statement::from_string(
            DbBackend::Postgres,
            "SELECT datcollate AS c FROM pg_database WHERE datname = current_database()",
        ))
        .await?
        .ok_or_else(|| Error::internal("PostgreSQL does not name its database"))?;
    let collation: String = row.try_get("", "c")?;
    if ["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&collation.as_str()) {
        Ok(())
    } else {
        Err(Error::internal(format!(
            "the PostgreSQL database sorts by {collation}; create it with: CREATE DATABASE vouchsafe TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )))
    }
}

/// Locks the rows that `select` finds until the transaction ends. SQLite's one writer holds the lock already.
pub fn lock_rows(backend: DbBackend, select: &mut SelectStatement) {
    if backend == DbBackend::Postgres {
        select.lock(LockType::Update);
    }
}

/// Locks the rows that `select` finds against changes until the transaction ends; others may hold the same lock.
pub fn share_rows(backend: DbBackend, select: &mut SelectStatement) {
    if backend == DbBackend::Postgres {
        select.lock(LockType::Share);
    }
}

/// Keeps others out of what `name` stands for until the transaction ends. On SQLite the one writer does so already.
pub(crate) async fn lock_name<C: ConnectionTrait>(db: &C, name: i64) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock($1)", [name.into()]);
        db.execute_raw(lock).await?;
    }
    Ok(())
}

/// Whether an error means that the database is out of reach or has its hands full, so that the same may succeed later: no connection, a
/// broken one, a deadlock, a transaction that must be done again, a lock held too long, a disk without room.
pub(crate) fn is_passing(error: &DbErr) -> bool {
    use sea_orm::RuntimeErr::SqlxError;
    let cause = match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => return true,
        DbErr::Exec(SqlxError(cause)) | DbErr::Query(SqlxError(cause)) => cause,
        _ => return false,
    };
    match cause.as_ref() {
        sea_orm::SqlxError::Io(_) | sea_orm::SqlxError::PoolTimedOut | sea_orm::SqlxError::PoolClosed => true,
        sea_orm::SqlxError::Database(fault) => fault.code().is_some_and(|code| match db_code(&code) {
            DbCode::Postgres(code) => {
                matches!(code, "40P01" | "40001" | "55P03" | "57P01" | "57P02" | "57P03" | "53100" | "53200" | "53300")
            }
            // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR and SQLITE_FULL, with what extends them.
            DbCode::Sqlite(code) => matches!(code & 0xff, 5 | 6 | 10 | 13),
        }),
        _ => false,
    }
}

/// An engine's code: five characters on PostgreSQL, a number on SQLite.
enum DbCode<'a> {
    Postgres(&'a str),
    Sqlite(u32),
}

fn db_code(code: &str) -> DbCode<'_> {
    match code.parse() {
        Ok(number) if code.len() < 5 => DbCode::Sqlite(number),
        _ => DbCode::Postgres(code),
    }
}

/// Locks the rows found and skips those that others hold: for claiming jobs.
pub fn skip_locked(backend: DbBackend, select: &mut SelectStatement) {
    if backend == DbBackend::Postgres {
        select.lock_with_behavior(LockType::Update, sea_orm::sea_query::LockBehavior::SkipLocked);
    }
}

/// Whether an error says that a unique key exists already.
pub fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}

/// A name folded for sorting and finding: lower case, accents and punctuation away, blanks single.
pub fn fold(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;
    let mut out = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') && !out.is_empty() && !matches!(c, '\'' | '’' | '.') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}
