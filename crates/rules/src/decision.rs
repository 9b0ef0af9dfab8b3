//! The words that every explained decision shares: truth of three values, reasons with their sources, missing facts (OWN-1).

use std::collections::BTreeMap;

use serde_json::{Value, json};

#[cfg(test)]
mod tests;

/// Arguments of a message, by name.
pub type Args = BTreeMap<String, String>;

/// Puts a message into words: the caller's catalogue, given the message's id and its arguments.
pub type Render<'a> = dyn Fn(&str, &Args) -> String + 'a;

pub use crate::truth::Truth;

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

/// A rule's id and the paragraphs it rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) source: &'static [&'static str],
}

impl Rule {
    /// The reason that this rule gives, with the facts it used.
    pub(crate) fn said(self, args: Args) -> Reason {
        Reason { rule: self.id, source: self.source, args }
    }
}

/// Constants for the rules of one decision, and `EVERY` one of them.
macro_rules! rules {
    ($($name:ident = $id:literal $source:expr;)+) => {
        $(const $name: $crate::decision::Rule = $crate::decision::Rule { id: $id, source: &$source };)+
        /// Every rule that may give a reason.
        pub(super) const EVERY: &[$crate::decision::Rule] = &[$($name),+];
    };
}

pub(crate) use rules;

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
