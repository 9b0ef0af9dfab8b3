//! Answers to a form, without blanks, and their canonical JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Question id → answer; a group's answer is an array of objects. Holds no blank answer: `null`, empty and white text, empty
/// lists and objects are dropped when put in, except that an entry of a group may be an empty object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers {
    #[serde(deserialize_with = "pruned")]
    values: BTreeMap<String, Value>,
}

fn pruned<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Value>, D::Error> {
    Ok(BTreeMap::<String, Value>::deserialize(deserializer)?.into_iter().filter_map(|(key, value)| Some((key, prune(value)?))).collect())
}

impl Answers {
    /// No answers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The answers in a JSON object; anything else has none.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Object(map) => Some(map.into_iter().collect()),
            _ => None,
        }
    }

    /// The answer to a question.
    pub fn get(&self, question: &str) -> Option<&Value> {
        self.values.get(question)
    }

    /// Puts an answer in; a blank one takes the answer out.
    pub fn set(&mut self, question: impl Into<String>, value: Value) {
        let question = question.into();
        match prune(value) {
            Some(value) => self.values.insert(question, value),
            None => self.values.remove(&question),
        };
    }

    /// Puts a section's post in: what it set is set, what it cleared is taken out, all else stays.
    pub fn apply(&mut self, patch: &Patch) {
        for (question, value) in &patch.0 {
            self.set(question.clone(), value.clone());
        }
    }

    /// Every question id with its answer, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// No answer at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The answers as a JSON object with sorted keys.
    pub fn to_json(&self) -> Value {
        sorted(&Value::Object(self.values.clone().into_iter().collect()))
    }

    /// The same bytes for the same answers: keys sorted, no white space, whole numbers without a fraction.
    pub fn canonical(&self) -> String {
        self.to_json().to_string()
    }
}

impl FromIterator<(String, Value)> for Answers {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        let mut answers = Self::new();
        for (question, value) in pairs {
            answers.set(question, value);
        }
        answers
    }
}

/// What a post of one section changes: a value sets an answer, `null` clears it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Patch(pub BTreeMap<String, Value>);

/// The value without its blank parts; nothing if all of it is blank.
fn prune(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::Array(items) => {
            let items: Vec<Value> = items
                .into_iter()
                .filter_map(|item| match item {
                    Value::Object(_) => Some(prune(item).unwrap_or_else(|| Value::Object(serde_json::Map::new()))),
                    other => prune(other),
                })
                .collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(map) => {
            let map: serde_json::Map<String, Value> = map.into_iter().filter_map(|(key, value)| Some((key, prune(value)?))).collect();
            (!map.is_empty()).then_some(Value::Object(map))
        }
        other => Some(other),
    }
}

/// The value with keys in order and whole numbers as integers.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(map) => {
            let map: BTreeMap<&String, &Value> = map.iter().collect();
            Value::Object(map.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
        }
        Value::Number(_) => whole(value).map_or_else(|| value.clone(), Value::from),
        other => other.clone(),
    }
}

/// A whole number of at most fifteen digits, however it is written.
#[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
pub(super) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15).map(|number| number as i64))
}
