//! Conditions: when a section or question is asked, a path is taken, a duty applies.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
