//! SQLite alone, writing the rows that something of ours wrote, and nothing else.
//!
//! What was written is found by comparing the database before and after: every row that is new or differs. The raw program writes the
//! very same rows, one transaction for each thing that was done, with the same settings of the database.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, Row as _, SqliteConnection, TypeInfo as _, ValueRef as _};

/// Clients at once, and connections of the raw program.
pub const CLIENTS: usize = 8;

/// A database before something of ours is done to it.
pub struct Before {
    file: PathBuf,
    copied: PathBuf,
    beside: PathBuf,
}

impl Before {
    /// Keeps the database `file`, which nobody uses, as it is now.
    pub async fn of(file: &Path, data: &Path) -> Result<Self> {
        Ok(Self { file: file.to_owned(), copied: copy(file, &data.join("before.db")).await?, beside: data.to_owned() })
    }

    /// What a table shows of `count` things that were done in so many seconds, each in a transaction of its own: a line for what was measured, two for
    /// SQLite alone; and how many rows one of them wrote.
    pub async fn compared(self, (what, things): (&str, &str), count: usize, seconds: f64) -> Result<(Vec<Vec<String>>, f64)> {
        let after = copy(&self.file, &self.beside.join("after.db")).await?;
        let written = difference(&self.copied, &after).await?;
        let rows: usize = written.iter().map(|table| table.rows.len()).sum();
        let alone = raw_median(&self.copied, &written, count, 1).await?;
        let together = raw_median(&self.copied, &written, count, CLIENTS).await?;
        let best = alone.min(together);
        let line = |what: String, seconds: f64| {
            vec![what, count.to_string(), format!("{:.0}", count as f64 / seconds), format!("{:.2}", best / seconds)]
        };
        let lines = vec![
            line(format!("{things} {what}, {CLIENTS} clients"), seconds),
            line("the same rows by SQLite alone, 1 connection".to_owned(), alone),
            line(format!("the same rows by SQLite alone, {CLIENTS} connections"), together),
        ];
        Ok((lines, rows as f64 / count as f64))
    }
}

/// What is new or differs in one table.
struct Written {
    sql: String,
    rows: Vec<Vec<Cell>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Cell {
    Nothing,
    Whole(i64),
    Text(String),
    Bytes(Vec<u8>),
}

async fn connect(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(30));
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// A copy of a database that nobody uses.
async fn copy(from: &Path, to: &Path) -> Result<PathBuf> {
    for end in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{end}", to.display()));
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    let mut db = connect(from).await?;
    sqlx::query("VACUUM INTO ?").bind(to.display().to_string()).execute(&mut db).await?;
    Ok(to.to_owned())
}

async fn difference(before: &Path, after: &Path) -> Result<Vec<Written>> {
    let (mut old, mut new) = (connect(before).await?, connect(after).await?);
    let names =
        sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' AND name NOT LIKE 'sqlite_%'")
            .fetch_all(&mut new)
            .await?;
    let mut out = Vec::new();
    for name in names {
        let name: String = name.get(0);
        let query = format!("SELECT * FROM \"{name}\"");
        let mut known: HashMap<Vec<Cell>, usize> = HashMap::new();
        for row in cells(&mut old, &query).await? {
            *known.entry(row).or_default() += 1;
        }
        let rows: Vec<Vec<Cell>> = cells(&mut new, &query)
            .await?
            .into_iter()
            .filter(|row| match known.get_mut(row) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            })
            .collect();
        if let Some(first) = rows.first() {
            let marks = vec!["?"; first.len()].join(", ");
            out.push(Written { sql: format!("INSERT OR REPLACE INTO \"{name}\" VALUES ({marks})"), rows });
        }
    }
    Ok(out)
}

async fn cells(db: &mut SqliteConnection, query: &str) -> Result<Vec<Vec<Cell>>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(query.to_owned())).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            (0..row.columns().len())
                .map(|at| {
                    let value = row.try_get_raw(at)?;
                    let kind = value.type_info().name().to_owned();
                    Ok(match (value.is_null(), kind.as_str()) {
                        (true, _) => Cell::Nothing,
                        (_, "INTEGER") => Cell::Whole(row.try_get_unchecked(at)?),
                        (_, "BLOB") => Cell::Bytes(row.try_get_unchecked(at)?),
                        _ => Cell::Text(row.try_get_unchecked(at)?),
                    })
                })
                .collect()
        })
        .collect()
}

/// The seconds of the middle one of three raw runs.
async fn raw_median(before: &Path, written: &[Written], count: usize, connections: usize) -> Result<f64> {
    let mut all = [0.0; 3];
    for one in &mut all {
        *one = raw(before, written, count, connections).await?;
    }
    all.sort_by(f64::total_cmp);
    Ok(all[1])
}

/// Writes the rows into a copy of the database as it was, `count` transactions over so many connections; the seconds that took.
async fn raw(before: &Path, written: &[Written], count: usize, connections: usize) -> Result<f64> {
    let file = copy(before, &before.with_file_name("raw.db")).await?;
    // Rows in the order of tables, dealt to the transactions as evenly as they can be.
    let mut shares: Vec<Vec<(String, Vec<Cell>)>> = vec![Vec::new(); count];
    for table in written {
        for (at, row) in table.rows.iter().enumerate() {
            shares[at % count].push((table.sql.clone(), row.clone()));
        }
    }
    let mut open = Vec::new();
    for _ in 0..connections {
        let mut db = connect(&file).await?;
        sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut db).await?;
        open.push(db);
    }
    let mut tasks = tokio::task::JoinSet::new();
    let began = Instant::now();
    for (mut db, share) in open.into_iter().zip(shares.chunks(count.div_ceil(connections))) {
        let share = share.to_vec();
        tasks.spawn(async move {
            for rows in share {
                sqlx::query("BEGIN IMMEDIATE").execute(&mut db).await?;
                for (sql, row) in rows {
                    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
                    for cell in row {
                        query = match cell {
                            Cell::Nothing => query.bind(None::<i64>),
                            Cell::Whole(n) => query.bind(n),
                            Cell::Text(text) => query.bind(text),
                            Cell::Bytes(bytes) => query.bind(bytes),
                        };
                    }
                    query.execute(&mut db).await?;
                }
                sqlx::query("COMMIT").execute(&mut db).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(began.elapsed().as_secs_f64())
}
