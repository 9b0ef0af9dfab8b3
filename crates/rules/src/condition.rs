//! Conditions: when a section or question is asked, a path is taken, a duty applies.
//!
//! Truth has three values. A question that is asked and has no answer makes `equals`, `includes` and `compare` unknown;
//! so does the answer "not known" of a yes-or-no question when yes or no is looked for. A question that is not asked, because
//! its own condition is known not to hold, makes them false. `answered` is always true or false.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::truth::Truth;

/// A condition over answers (or contract facts), as a pack writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Every part holds; holds when empty.
    All(Vec<Condition>),
    /// At least one part holds; does not hold when empty.
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// The answer is this value.
    Equals(Match),
    /// One of several answers is this value: a choice among several, or any entry of a group.
    Includes(Match),
    /// The question has an answer.
    Answered(String),
    /// The answer, a number, money, or date, stands so to the value.
    Compare(Comparison),
}

/// A question and the value looked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// Id of the question (or contract fact).
    pub question: String,
    /// A text, number or truth value.
    pub value: Value,
}

/// A question, an operator and the value compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Id of the question (or contract fact).
    pub question: String,
    /// How the answer must stand to the value.
    pub op: Operator,
    /// A number, or an ISO date; money in minor units.
    pub value: Value,
}

/// How an answer stands to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Greater than, later than.
    Gt,
    /// At least.
    Gte,
    /// Less than, before.
    Lt,
    /// At most.
    Lte,
}

/// What stands where a condition looks for an answer.
#[derive(Clone, Debug)]
pub enum Found<'a> {
    /// The question is not asked.
    NotAsked,
    /// The question is asked, or not known of, and has no answer.
    Unanswered,
    /// The answer.
    One(&'a Value),
    /// What each entry of a group says; empty when it has no entries.
    Entries(Vec<Found<'a>>),
}

/// Where conditions find answers.
pub trait AnswersView {
    /// What stands for a question or contract fact.
    fn find(&self, question: &str) -> Found<'_>;
}

impl AnswersView for BTreeMap<String, Value> {
    fn find(&self, question: &str) -> Found<'_> {
        match self.get(question) {
            Some(value) if !value.is_null() => Found::One(value),
            _ => Found::Unanswered,
        }
    }
}

impl Found<'_> {
    fn truth(&self, of: &impl Fn(&Value) -> Truth) -> Truth {
        match self {
            Self::NotAsked => Truth::False,
            Self::Unanswered => Truth::Unknown,
            Self::One(value) => of(value),
            Self::Entries(entries) if entries.is_empty() => Truth::Unknown,
            Self::Entries(entries) => entries.iter().map(|entry| entry.truth(of)).fold(Truth::False, Truth::or),
        }
    }

    fn answered(&self) -> bool {
        match self {
            Self::NotAsked | Self::Unanswered => false,
            Self::One(_) => true,
            Self::Entries(entries) => entries.iter().any(Found::answered),
        }
    }
}

impl Condition {
    /// Whether it holds.
    pub fn truth(&self, answers: &dyn AnswersView) -> Truth {
        match self {
            Self::All(parts) => Truth::all(parts.iter().map(|part| part.truth(answers))),
            Self::Any(parts) => Truth::any(parts.iter().map(|part| part.truth(answers))),
            Self::Not(part) => !part.truth(answers),
            Self::Equals(wanted) | Self::Includes(wanted) => answers.find(&wanted.question).truth(&|value| matches(value, &wanted.value)),
            Self::Answered(question) => answers.find(question).answered().into(),
            Self::Compare(wanted) => answers.find(&wanted.question).truth(&|value| compare(value, wanted.op, &wanted.value)),
        }
    }

    /// The questions (or contract facts) that it refers to.
    pub fn questions(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.visit(&mut |leaf| {
            found.insert(match leaf {
                Self::Equals(wanted) | Self::Includes(wanted) => wanted.question.as_str(),
                Self::Compare(wanted) => &wanted.question,
                Self::Answered(question) => question,
                Self::All(_) | Self::Any(_) | Self::Not(_) => return,
            });
        });
        found
    }

    /// Calls `each` with this condition and every part of it.
    pub fn visit<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit(each)),
            Self::Not(part) => part.visit(each),
            _ => {}
        }
    }

    /// The condition as short arrays, for a data attribute that the page's script reads: `["all", …]`, `["any", …]`,
    /// `["not", c]`, `["eq", question, value]`, `["in", question, value]`, `["has", question]`, `["cmp", question, op, value]`.
    pub fn to_compact(&self) -> Value {
        let list =
            |name: &str, parts: &[Self]| Value::Array(std::iter::once(json!(name)).chain(parts.iter().map(Self::to_compact)).collect());
        match self {
            Self::All(parts) => list("all", parts),
            Self::Any(parts) => list("any", parts),
            Self::Not(part) => json!(["not", part.to_compact()]),
            Self::Equals(wanted) => json!(["eq", wanted.question, wanted.value]),
            Self::Includes(wanted) => json!(["in", wanted.question, wanted.value]),
            Self::Answered(question) => json!(["has", question]),
            Self::Compare(wanted) => json!(["cmp", wanted.question, wanted.op, wanted.value]),
        }
    }
}

/// The answer that stands for "not known" on a yes-or-no question that allows it.
pub const NOT_KNOWN: &str = "unknown";

fn matches(answer: &Value, wanted: &Value) -> Truth {
    if wanted.is_boolean() && answer == NOT_KNOWN {
        return Truth::Unknown;
    }
    match answer {
        Value::Array(several) => several.iter().any(|one| same(one, wanted)).into(),
        one => same(one, wanted).into(),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (amount(a), amount(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        _ => a == b,
    }
}

/// The number in an answer: itself, or the minor units of money.
fn amount(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.get("amount")?.as_f64()).map(|number| number + 0.0)
}

fn compare(answer: &Value, op: Operator, wanted: &Value) -> Truth {
    let order = match (amount(answer), amount(wanted)) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => match (date(answer), date(wanted)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => None,
        },
    };
    order.map(|order| op.holds(order)).into()
}

/// The day in an answer, strictly `2026-11-22`.
pub(crate) fn date(value: &Value) -> Option<jiff::civil::Date> {
    let text = value.as_str().filter(|text| text.len() == 10)?;
    text.parse().ok()
}

impl Operator {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Gt => order.is_gt(),
            Self::Gte => order.is_ge(),
            Self::Lt => order.is_lt(),
            Self::Lte => order.is_le(),
        }
    }
}

#[cfg(test)]
mod tests;
