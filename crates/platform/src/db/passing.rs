//! Which errors of either engine pass by themselves.

use sea_orm::DbErr;

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
