//! A table as a file of lines: first its name and columns, then an array a row. Bytes are written in Base64, ids with hyphens.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::db::copy::{Cell, Kind, Table};
use crate::error::{Error, Result};

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    table: String,
    /// Name and kind of each column.
    columns: Vec<(String, String)>,
}

impl Head {
    pub(super) fn of(table: &Table) -> Self {
        let columns = table.columns.iter().map(|c| (c.name.clone(), c.kind.code().to_owned())).collect();
        Self { table: table.name.clone(), columns }
    }
}

/// A row as a line.
pub(super) fn line(row: &[Cell]) -> Result<Vec<u8>> {
    let values: Vec<Value> = row
        .iter()
        .map(|cell| match cell {
            Cell::Null => Value::Null,
            Cell::Whole(n) => (*n).into(),
            Cell::Text(text) => text.as_str().into(),
            Cell::Bytes(bytes) => BASE64_STANDARD.encode(bytes).into(),
            Cell::Uuid(id) => id.to_string().into(),
            Cell::Flag(flag) => (*flag).into(),
        })
        .collect();
    Ok(serde_json::to_vec(&values)?)
}

/// The row in a line.
pub(super) fn row(table: &Table, line: &[u8]) -> Result<Vec<Cell>> {
    let values: Vec<Value> = serde_json::from_slice(line)?;
    let wrong = || Error::internal(format!("a line of the table {} does not fit its columns", table.name));
    if values.len() != table.columns.len() {
        return Err(wrong());
    }
    let cells = values.into_iter().zip(&table.columns).map(|(value, column)| {
        Some(match (value, column.kind) {
            (Value::Null, _) => Cell::Null,
            (Value::Number(n), Kind::Whole) => Cell::Whole(n.as_i64()?),
            (Value::String(text), Kind::Text) => Cell::Text(text),
            (Value::String(text), Kind::Bytes) => Cell::Bytes(BASE64_STANDARD.decode(text).ok()?),
            (Value::String(text), Kind::Uuid) => Cell::Uuid(text.parse().ok()?),
            (Value::Bool(flag), Kind::Flag) => Cell::Flag(flag),
            _ => return None,
        })
    });
    cells.collect::<Option<_>>().ok_or_else(wrong)
}
