//! A text for people, as an id of the message catalogue and its arguments.

use std::collections::BTreeMap;

use serde::Serialize;

/// A message of `locales/`, still to be put into words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Message {
    /// The message's id in the catalogue.
    pub id: &'static str,
    /// Its arguments by name; numbers and dates as text in their ISO form.
    pub args: BTreeMap<String, String>,
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, args: BTreeMap::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}
