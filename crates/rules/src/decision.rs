//! The words that every explained decision shares: truth of three values, reasons with their sources, missing facts (OWN-1).

use std::collections::BTreeMap;
use std::ops::Not;

use serde_json::{Value, json};

#[cfg(test)]
mod tests;

/// Arguments of a message, by name.
pub type Args = BTreeMap<String, String>;

/// Puts a message into words: the caller's catalogue, given the message's id and its arguments.
pub type Render<'a> = dyn Fn(&str, &Args) -> String + 'a;

/// What is known of a statement (Kleene's logic).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// Not known.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// All hold; true of none.
    pub fn all(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::True, Self::and)
    }

    /// At least one holds; false of none.
    pub fn any(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::False, Self::or)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// `None` is a fact that is not known.
impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from)
    }
}

/// The outcomes of one kind of decision.
pub trait Outcome: Copy + Eq {
    /// The decision's name, such as `offshoring`: part of its messages' ids.
    const DECISION: &'static str;

    /// The outcome's code in documents.
    fn code(self) -> &'static str;

    /// The id of the message that says the outcome: `rule-<decision>-outcome-<code>`.
    fn message_id(self) -> String {
        format!("rule-{}-outcome-{}", Self::DECISION, dashed(self.code()))
    }
}

/// A rule that spoke, the paragraphs it rests on, and the facts it used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule's id, such as `hosting_abroad`.
    pub rule: &'static str,
    /// Ids of the requirements it comes from, such as `OFF-3a`. Never empty.
    pub source: &'static [&'static str],
    /// The facts used, as the message's arguments.
    pub args: Args,
}

impl Reason {
    /// The id of the message that says the reason: `rule-<decision>-<rule>`, with dashes.
    pub fn message_id(&self, decision: &str) -> String {
        format!("rule-{decision}-{}", dashed(self.rule))
    }
}

/// A fact that is missing and could change the outcome: its path from the thing decided, such as `staff.access_to_information`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Missing(pub &'static str);

impl Missing {
    /// The id of the message that asks for the fact: `rule-<decision>-missing-<path>`, with dashes.
    pub fn message_id(self, decision: &str) -> String {
        format!("rule-{decision}-missing-{}", dashed(self.0))
    }
}

/// An outcome with its explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained<O> {
    /// The outcome.
    pub outcome: O,
    /// The reasons. Empty only where facts are missing.
    pub because: Vec<Reason>,
    /// The missing facts that could change the outcome. Empty where nothing could.
    pub missing: Vec<Missing>,
}

impl<O: Outcome> Explained<O> {
    /// The document `{"outcome", "because": [{"rule", "source", "text"}], "missing": []}`.
    pub fn to_json(&self, render: &Render<'_>) -> Value {
        let because: Vec<Value> = self
            .because
            .iter()
            .map(|reason| json!({ "rule": reason.rule, "source": reason.source, "text": render(&reason.message_id(O::DECISION), &reason.args) }))
            .collect();
        let missing: Vec<&str> = self.missing.iter().map(|missing| missing.0).collect();
        json!({ "outcome": self.outcome.code(), "because": because, "missing": missing })
    }
}

fn dashed(id: &str) -> String {
    id.replace(['_', '.'], "-")
}
