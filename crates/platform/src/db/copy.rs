//! Copying a database row by row, in values that mean the same on both engines: what backups are made of. Tables and columns are asked of
//! the database itself, so that none is forgotten; a column of a type that is not one of the portable ones stops the copy.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, IsolationLevel, QueryResult, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _, Value,
};
use uuid::Uuid;

use super::{Db, Engine};
use crate::error::{Error, Result};

/// The table in which migrations are noted. It is written by migrating, never copied.
const MIGRATIONS: &str = "seaql_migrations";
/// Most values in one statement: below what either engine takes.
const MOST_VALUES: usize = 20_000;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Whole,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// An id.
    Uuid,
    /// A yes or no.
    Flag,
}

impl Kind {
    /// Every kind.
    const ALL: [Self; 5] = [Self::Whole, Self::Text, Self::Bytes, Self::Uuid, Self::Flag];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Uuid => "uuid",
            Self::Flag => "flag",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind of a column of this type, and whether PostgreSQL keeps only 32 bits of it.
    fn of(declared: &str) -> Option<(Self, bool)> {
        Some(match declared.to_ascii_lowercase().as_str() {
            "bigint" => (Self::Whole, false),
            "integer" => (Self::Whole, true),
            "text" | "varchar" | "character varying" => (Self::Text, false),
            "blob" | "bytea" => (Self::Bytes, false),
            "uuid" | "uuid_text" => (Self::Uuid, false),
            "boolean" => (Self::Flag, false),
            _ => return None,
        })
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    narrow: bool,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, by name.
    pub columns: Vec<Column>,
    /// Where among the columns those of the primary key are, in the key's order.
    key: Vec<usize>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// None.
    Null,
    /// A whole number.
    Whole(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An id.
    Uuid(Uuid),
    /// A yes or no.
    Flag(bool),
}

impl Cell {
    fn value(&self, kind: Kind) -> Value {
        match (self, kind) {
            (Self::Whole(n), _) => (*n).into(),
            (Self::Text(text), _) => text.clone().into(),
            (Self::Bytes(bytes), _) => bytes.clone().into(),
            (Self::Uuid(id), _) => (*id).into(),
            (Self::Flag(flag), _) => (*flag).into(),
            (Self::Null, Kind::Whole) => Option::<i64>::None.into(),
            (Self::Null, Kind::Text) => Option::<String>::None.into(),
            (Self::Null, Kind::Bytes) => Option::<Vec<u8>>::None.into(),
            (Self::Null, Kind::Uuid) => Option::<Uuid>::None.into(),
            (Self::Null, Kind::Flag) => Option::<bool>::None.into(),
        }
    }
}

/// The database at one moment: a transaction that reads it as it stands at the first reading, whatever others write meanwhile.
///
/// # Errors
/// [`Error::Unavailable`] when the database does not answer.
pub async fn snapshot(db: &Db) -> Result<DatabaseTransaction> {
    let postgres = db.engine() == Engine::Postgres;
    Ok(db
        .reader
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
        })
        .await?)
}

/// Every table but the one of migrations, by name.
///
/// # Errors
/// When one has no primary key or a column of a type that is not portable; the message names it.
pub async fn tables<C: ConnectionTrait>(db: &C) -> Result<Vec<Table>> {
    let backend = db.get_database_backend();
    let names = match backend {
        DbBackend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    };
    let mut found = Vec::new();
    for row in db.query_all_raw(Statement::from_string(backend, names)).await? {
        found.push(row.try_get::<String>("", "name")?);
    }
    found.retain(|name| name != MIGRATIONS);
    found.sort();
    let mut tables = Vec::with_capacity(found.len());
    for name in found {
        tables.push(table(db, name).await?);
    }
    Ok(tables)
}

/// The migrations that the database has, in the order of their names; none where there is no table of them.
///
/// # Errors
/// When the database fails.
pub async fn migrations<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let backend = db.get_database_backend();
    let there = match backend {
        DbBackend::Postgres => {
            "SELECT 1 AS one FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'"
        }
        _ => "SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    if db.query_one_raw(Statement::from_string(backend, there)).await?.is_none() {
        return Ok(Vec::new());
    }
    let query = Query::select().column(Alias::new("version")).from(Alias::new(MIGRATIONS)).to_owned();
    let rows = db.query_all(&query).await?;
    let mut names = rows.iter().map(|row| row.try_get::<String>("", "version")).collect::<Result<Vec<_>, _>>()?;
    names.sort();
    Ok(names)
}

async fn table<C: ConnectionTrait>(db: &C, name: String) -> Result<Table> {
    let backend = db.get_database_backend();
    let about = match backend {
        DbBackend::Postgres => {
            "SELECT c.column_name::text AS name, c.data_type::text AS type, COALESCE((SELECT k.ordinal_position::int FROM \
             information_schema.table_constraints t JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name) \
             WHERE t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' AND k.column_name = \
             c.column_name), 0) AS pk FROM information_schema.columns c WHERE c.table_schema = current_schema() AND c.table_name = $1"
        }
        _ => "SELECT name, type, pk FROM pragma_table_info(?)",
    };
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    for row in db.query_all_raw(Statement::from_sql_and_values(backend, about, [name.as_str().into()])).await? {
        let (column, declared): (String, String) = (row.try_get("", "name")?, row.try_get("", "type")?);
        let (kind, narrow) = Kind::of(&declared)
            .ok_or_else(|| Error::internal(format!("the column {name}.{column} has a type that no copy holds: {declared}")))?;
        let place: i32 = row.try_get("", "pk")?;
        if place > 0 {
            key.push((place, column.clone()));
        }
        columns.push(Column { name: column, kind, narrow });
    }
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    key.sort();
    let key: Vec<usize> = key.iter().filter_map(|(_, name)| columns.iter().position(|column| column.name == *name)).collect();
    if key.is_empty() {
        return Err(Error::internal(format!("the table {name} has no primary key, so that no copy can be made of it")));
    }
    Ok(Table { name, columns, key })
}

impl Table {
    /// At most `limit` rows after the row `after`, in the order of the primary key.
    ///
    /// # Errors
    /// When the database fails or holds a value of another type than its column's.
    pub async fn page<C: ConnectionTrait>(&self, db: &C, after: Option<&[Cell]>, limit: u64) -> Result<Vec<Vec<Cell>>> {
        let mut query = Query::select();
        query.columns(self.columns.iter().map(|column| Alias::new(&column.name))).from(Alias::new(&self.name)).limit(limit);
        let key = || self.key.iter().filter_map(|at| self.columns.get(*at).map(|column| (*at, column)));
        for (_, column) in key() {
            query.order_by(Alias::new(&column.name), Order::Asc);
        }
        if let Some(row) = after {
            let columns = key().map(|(_, column)| Expr::col(Alias::new(&column.name)));
            let last = key().filter_map(|(at, column)| row.get(at).map(|cell| Expr::val(cell.value(column.kind))));
            query.and_where(Expr::tuple(columns).gt(Expr::tuple(last)));
        }
        let sqlite = db.get_database_backend() == DbBackend::Sqlite;
        let rows = db.query_all(&query).await?;
        rows.iter().map(|row| self.columns.iter().map(|column| self.cell(row, column, sqlite)).collect()).collect()
    }

    fn cell(&self, row: &QueryResult, column: &Column, sqlite: bool) -> Result<Cell> {
        let name = column.name.as_str();
        let read = match column.kind {
            Kind::Whole if column.narrow && !sqlite => row.try_get::<Option<i32>>("", name).map(|n| n.map(|n| Cell::Whole(n.into()))),
            Kind::Whole => row.try_get::<Option<i64>>("", name).map(|n| n.map(Cell::Whole)),
            Kind::Text => row.try_get::<Option<String>>("", name).map(|text| text.map(Cell::Text)),
            Kind::Bytes => row.try_get::<Option<Vec<u8>>>("", name).map(|bytes| bytes.map(Cell::Bytes)),
            Kind::Uuid => row.try_get::<Option<Uuid>>("", name).map(|id| id.map(Cell::Uuid)),
            Kind::Flag => row.try_get::<Option<bool>>("", name).map(|flag| flag.map(Cell::Flag)),
        };
        let read = read.map_err(|e| Error::internal(format!("{}.{name} holds what is no {}: {e}", self.name, column.kind.code())))?;
        Ok(read.unwrap_or(Cell::Null))
    }

    /// Empties it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear(&self, tx: &DatabaseTransaction) -> Result<()> {
        tx.execute(&Query::delete().from_table(Alias::new(&self.name)).to_owned()).await?;
        Ok(())
    }

    /// How many rows one statement may write.
    pub fn at_once(&self) -> usize {
        (MOST_VALUES / self.columns.len().max(1)).clamp(1, 1_000)
    }

    /// Writes rows whose cells stand in the order of `columns`.
    ///
    /// # Errors
    /// When the database refuses one.
    pub async fn write(&self, tx: &DatabaseTransaction, rows: &[Vec<Cell>]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut query = Query::insert();
        query.into_table(Alias::new(&self.name)).columns(self.columns.iter().map(|column| Alias::new(&column.name)));
        for row in rows {
            let values = row.iter().zip(&self.columns).map(|(cell, column)| Expr::val(cell.value(column.kind)));
            query.values(values).map_err(|_| Error::internal(format!("a row of {} has the wrong number of values", self.name)))?;
        }
        tx.execute(&query).await?;
        Ok(())
    }
}

/// References between tables, let go until [`References::hold`]: rows come in the order of tables, not of what refers to what.
pub struct References(Vec<(String, String, String)>);

impl References {
    /// Lets them go for the rest of the transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_go(tx: &DatabaseTransaction) -> Result<Self> {
        if tx.get_database_backend() == DbBackend::Sqlite {
            // They are looked at when the transaction ends.
            tx.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
            return Ok(Self(Vec::new()));
        }
        let list = "SELECT conrelid::regclass::text AS held, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS says FROM pg_constraint \
                    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
        let mut held = Vec::new();
        for row in tx.query_all_raw(Statement::from_string(DbBackend::Postgres, list)).await? {
            let (table, name, says): (String, String, String) =
                (row.try_get("", "held")?, row.try_get("", "name")?, row.try_get("", "says")?);
            tx.execute_unprepared(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}")).await?;
            held.push((table, name, says));
        }
        Ok(Self(held))
    }

    /// Holds to them again, and to what was written meanwhile.
    ///
    /// # Errors
    /// When a row refers to one that is not there.
    pub async fn hold(self, tx: &DatabaseTransaction) -> Result<()> {
        if tx.get_database_backend() == DbBackend::Sqlite {
            let broken = tx.query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check")).await?;
            return match broken {
                None => Ok(()),
                Some(row) => Err(Error::internal(format!(
                    "a row of {} refers to one of {} that is not there",
                    row.try_get::<String>("", "table")?,
                    row.try_get::<String>("", "parent")?
                ))),
            };
        }
        for (table, name, says) in self.0 {
            tx.execute_unprepared(&format!("ALTER TABLE {table} ADD CONSTRAINT {name} {says}")).await?;
        }
        Ok(())
    }
}
