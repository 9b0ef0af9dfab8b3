//! Lists taken out as files. A [`List`] says which columns it has and reads them page by page, through the same conditions and permits as its
//! page; here it becomes CSV, XLSX or JSON, in bounded memory, and leaves an entry: who took which list, with which filter, how many rows.
//! A register brings its columns by itself (`register::sheet`).

mod act;
mod api;
mod pages;
#[cfg(test)]
mod tests;
mod write;

use std::pin::Pin;

use jiff::civil::Date;

use crate::api::Area;
use crate::authz::{Guarded, Resource};
use crate::clock::Millis;
use crate::cx::Cx;
use crate::error::Result;
use crate::web::{Access, Routes};

pub use act::{Made, note, take, write};
pub use pages::button;
pub use write::Format;

/// Where these lists are taken out: by the form on their page, and by programs.
pub fn routes(lists: &[&'static List]) -> Routes {
    pages::routes(lists).api(api::routes(lists))
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text and codes.
    Text,
    /// Whole numbers.
    Number,
    /// Days.
    Date,
    /// Instants.
    Moment,
    /// Amounts, each with its currency in a column of its own.
    Money,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in JSON.
    pub name: String,
    /// Its heading.
    pub label: String,
    /// What it holds.
    pub kind: Kind,
    /// It is sealed, and so never taken out with a list: it stays empty, and the file says so.
    pub sealed: bool,
}

impl Column {
    /// A column in the open.
    pub fn new(name: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), label: label.into(), kind, sealed: false }
    }

    /// The same, its label a message of the catalogue.
    pub fn of(name: &str, label: &str, kind: Kind) -> Self {
        Self::new(name, crate::texts::t(label), kind)
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// None, or none that the reader may know.
    Blank,
    /// Text.
    Text(String),
    /// One of a closed list: its code, and what it says.
    Code(String, String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(Date),
    /// An instant.
    Moment(Millis),
    /// An amount in minor units, and its currency.
    Money(i64, String),
}

impl Cell {
    /// Text, where there is any.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Blank, |text| Self::Text(text.into()))
    }

    /// A day written as ISO, where there is one.
    pub fn day(iso: Option<&str>) -> Self {
        iso.map_or(Self::Blank, |iso| iso.parse().map_or_else(|_| Self::Text(iso.to_owned()), Self::Date))
    }
}

/// A page of a list.
#[derive(Debug, Default)]
pub struct Page {
    /// Its rows: a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// The future of a page.
pub type Reading<'a> = Pin<Box<dyn Future<Output = Result<Page>> + Send + 'a>>;

/// A list that can be taken out.
pub struct List {
    /// Its code: `parties`.
    pub code: &'static str,
    /// The message of its title.
    pub title: &'static str,
    /// The address of its page; its search and filters stand in the query.
    pub path: &'static str,
    /// Where the form that takes it out is sent.
    pub export: &'static str,
    /// Who may reach that at all.
    pub access: Access,
    /// What scope a program needs to take it out.
    pub area: Area,
    /// Its columns.
    pub columns: fn() -> Vec<Column>,
    /// Reads the page at an address, as far as the actor may see it.
    pub read: for<'a> fn(&'a Cx, &'a str) -> Reading<'a>,
}

impl Guarded for List {
    fn resource(&self) -> Resource {
        Resource::new("list", self.code).with("code", self.code)
    }
}
