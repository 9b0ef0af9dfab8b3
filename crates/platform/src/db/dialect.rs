//! Where the two engines differ, and nowhere else: collation, row locks, full-text search, recognising a violated key.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LockType, SelectStatement};
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

/// Writes one after the other what answers nothing. SQLite takes all of it at once: each way to its thread and back costs more than most of
/// what is done there.
pub(crate) async fn write_all<C: ConnectionTrait>(db: &C, writes: Vec<Statement>) -> Result<()> {
    if db.get_database_backend() != DbBackend::Sqlite || writes.len() < 2 {
        for write in writes {
            db.execute_raw(write).await?;
        }
        return Ok(());
    }
    let sql: Vec<&str> = writes.iter().map(|write| write.sql.as_str()).collect();
    let values: Vec<_> = writes.iter().flat_map(|write| write.values.iter().flat_map(|values| values.0.iter().cloned())).collect();
    // SQLite's own marks have no numbers: each statement takes the next values.
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql.join(";"), values)).await?;
    Ok(())
}

/// Writes now what others may have to be waited for, before the last lock is taken; what is given back is to be written with the rest. SQLite
/// has one writer, who waits for nobody.
pub(crate) async fn write_first<C: ConnectionTrait>(db: &C, writes: Vec<Statement>) -> Result<Vec<Statement>> {
    if db.get_database_backend() == DbBackend::Sqlite { Ok(writes) } else { write_all(db, writes).await.map(|()| Vec::new()) }
}

/// An id as text that [`uuid::Uuid`] reads: SQLite keeps the sixteen bytes, PostgreSQL a type of its own.
pub(crate) fn id_text(backend: DbBackend, id: Expr) -> Expr {
    if backend == DbBackend::Sqlite { Func::cust("hex").arg(id).into() } else { id.cast_as("text") }
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
