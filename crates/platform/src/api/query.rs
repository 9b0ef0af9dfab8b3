//! Parameters of an address's query: declared once, for the document and for the check.

use std::collections::BTreeMap;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use uuid::Uuid;

use crate::error::{Error, FieldErrors, Result};
use crate::texts::Text;
use crate::web::Fields;

/// The most rows that one page holds.
pub(super) const MOST: u64 = 200;

/// What a parameter holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// A text of at most so many characters.
    Text(usize),
    /// An id.
    Id,
    /// One of these codes.
    Code(Vec<String>),
    /// A country's two letters.
    Country,
    /// `true` or `false`.
    Flag,
    /// A whole number between these, both included.
    Number(u64, u64),
}

/// A parameter. What it is for is the message `api-query-<name>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub takes: Takes,
}

impl Param {
    /// A parameter.
    pub fn new(name: &'static str, takes: Takes) -> Self {
        Self { name, takes }
    }

    /// One of these codes.
    pub fn code<'a>(name: &'static str, codes: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(name, Takes::Code(codes.into_iter().map(str::to_owned).collect()))
    }

    /// Where a page begins: what the page before said.
    pub fn after() -> Self {
        Self::new("after", Takes::Text(600))
    }

    /// How many rows a page holds.
    pub fn limit() -> Self {
        Self::new("limit", Takes::Number(1, MOST))
    }

    pub(super) fn schema(&self) -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let schema = match &self.takes {
            Takes::Text(most) => text().max_length(Some(*most)).pattern(Some(super::schema::LINE)),
            Takes::Id => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
            Takes::Code(codes) => text().enum_values(Some(codes.clone())),
            Takes::Country => text().pattern(Some("^[A-Z]{2}$")),
            Takes::Flag => ObjectBuilder::new().schema_type(Type::Boolean),
            #[allow(clippy::cast_precision_loss, reason = "small bounds")]
            Takes::Number(least, most) => {
                ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(*least as f64)).maximum(Some(*most as f64))
            }
        };
        schema.build().into()
    }

    fn holds(&self, value: &str) -> bool {
        match &self.takes {
            Takes::Text(most) => value.chars().count() <= *most && !value.chars().any(char::is_control),
            Takes::Id => value.len() == 36 && value.parse::<Uuid>().is_ok(),
            Takes::Code(codes) => codes.iter().any(|code| code == value),
            Takes::Country => value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase()),
            Takes::Flag => ["true", "false"].contains(&value),
            Takes::Number(least, most) => {
                let plain = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
                plain && value.parse::<u64>().is_ok_and(|n| (*least..=*most).contains(&n))
            }
        }
    }
}

/// The query of an address, each parameter known, fitting and once.
pub(super) fn read(params: &[Param], query: &str) -> Result<BTreeMap<&'static str, String>> {
    let fields = Fields::read(query.as_bytes())?;
    let mut errors = FieldErrors::default();
    let mut found = BTreeMap::new();
    for (name, value) in fields.pairs() {
        match params.iter().find(|p| p.name == name) {
            None => errors.add(format!("?{name}"), Text::new("error-query-unknown")),
            Some(param) if !param.holds(value) => errors.add(format!("?{name}"), Text::new("error-query-wrong")),
            Some(param) => {
                if found.insert(param.name, value.clone()).is_some() {
                    errors.add(format!("?{name}"), Text::new("error-query-twice"));
                }
            }
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(Error::Malformed(errors)) }
}
