//! What is wrong with answers, by path.

use serde::Serialize;

use crate::message::Message;

/// How strictly answers are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// While they are written: what is there must be right; nothing need be there.
    Draft,
    /// When they are handed in: what is required must be there too.
    Submit,
}

/// One thing wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: `description`, `sites.2.address.town`; entries count from 0.
    pub path: String,
    /// What to do about it.
    pub message: Message,
    /// Something required is not there, rather than wrong.
    pub missing: bool,
}

/// Everything wrong with answers, in the form's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

/// Keys that nobody should send are named in errors up to this length, in characters.
const KEY_SHOWN: usize = 60;

impl FieldErrors {
    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many things are wrong.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// What is wrong at exactly this path.
    pub fn at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a FieldError> {
        self.0.iter().filter(move |error| error.path == path)
    }

    pub(crate) fn push(&mut self, path: &str, message: Message) {
        self.0.push(FieldError { path: path.to_owned(), message, missing: false });
    }

    pub(crate) fn push_missing(&mut self, path: &str, message: Message) {
        self.0.push(FieldError { path: path.to_owned(), message, missing: true });
    }

    /// A key that the form does not have.
    pub(super) fn unknown(&mut self, path: &str, key: &str) {
        let shown: String = key.chars().filter(|c| !c.is_control()).take(KEY_SHOWN).collect();
        let at = if path.is_empty() { shown.clone() } else { format!("{path}.{shown}") };
        self.push(&at, Message::new("forms-unknown-question").with("name", shown));
    }
}
