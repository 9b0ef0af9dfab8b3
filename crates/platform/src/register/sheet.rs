//! A register taken out as a file: its fields are the columns, so that a new register brings its export along.

use std::str::FromStr;

use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::ask::Ask;
use super::field::{Field, Kind, Register};
use super::list;
use crate::Cx;
use crate::error::Result;
use crate::sheets::{Cell, Column, Kind as Of, Page};

/// Rows read at a time.
const PAGE: u64 = 250;

impl Register {
    /// Its fields as columns, and the record's id.
    pub fn columns(&self) -> Vec<Column> {
        let column = |field: &Field| {
            let kind = match field.kind {
                Kind::Number => Of::Number,
                Kind::Date => Of::Date,
                Kind::Money(_) => Of::Money,
                _ => Of::Text,
            };
            Column { sealed: field.is_sealed, ..Column::new(field.name, field.says(), kind) }
        };
        self.fields.iter().map(column).chain([Column::new("id", crate::t!("list-id"), Of::Text)]).collect()
    }

    /// A record as a row.
    pub fn cells(&self, id: Uuid, record: &Value) -> Vec<Cell> {
        self.fields.iter().map(|field| field.cell(record)).chain([Cell::Text(id.to_string())]).collect()
    }

    /// The page of the list at `address`. `records` gives those rows that the actor may view as records, without what it may not read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sheet<E, F>(&self, cx: &Cx, address: &str, visible: Condition, records: impl FnOnce(Vec<E::Model>) -> F) -> Result<Page>
    where
        E: EntityTrait,
        E::Column: FromStr,
        E::Model: Sync,
        F: Future<Output = Result<Vec<(Uuid, Value)>>>,
    {
        let ask = Ask::read(self, address);
        let (rows, next) = list::rows_after::<E>(cx.db(), self, &ask, visible, PAGE).await?;
        let next = next.map(|after| ask.after(after).href(self));
        let rows = records(rows).await?.iter().map(|(id, record)| self.cells(*id, record)).collect();
        Ok(Page { rows, next })
    }
}

impl Field {
    fn cell(&self, record: &Value) -> Cell {
        match (&record[self.name], self.kind) {
            (Value::String(code), Kind::Choice(_)) => Cell::Code(code.clone(), self.code_says(code)),
            (Value::String(code), Kind::Country) => Cell::Code(code.clone(), super::field::country(code)),
            (Value::String(day), Kind::Date) => Cell::day(Some(day)),
            (Value::String(text), _) => Cell::Text(text.clone()),
            (Value::Array(codes), Kind::Choices(_)) if !codes.is_empty() => Cell::Text(self.codes_say(codes)),
            (Value::Number(n), Kind::Money(currency)) => {
                Cell::Money(n.as_i64().unwrap_or(0), record[currency].as_str().unwrap_or_default().to_owned())
            }
            (Value::Number(n), _) => n.as_i64().map_or(Cell::Blank, Cell::Number),
            _ => Cell::Blank,
        }
    }
}
