//! How a pack judges risk: scales, matrix, factors, paths, outcomes, and the control sets that they demand.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    model::{ControlRef, Named},
    when::Interval,
};
use crate::condition::Condition;

/// How risk is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskMethod {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The form whose answers it reads; may be left out in a pack with one form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
    /// How likely, levels ascending from 1.
    pub likelihood: Vec<Level>,
    /// How bad, levels ascending from 1.
    pub impact: Vec<Level>,
    /// Ratings, ascending.
    pub ratings: Vec<Named>,
    /// Rating ids: one row a likelihood level, one column an impact level.
    pub matrix: Vec<Vec<String>>,
    /// What the assessor judges.
    pub factors: Vec<Factor>,
    /// How much of it is judged: the first whose condition holds; the last has none.
    pub paths: Vec<RiskPath>,
    /// What a residual rating asks of the approval.
    pub outcomes: Vec<RiskOutcome>,
}

/// One level of a scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its number, from 1.
    pub level: u32,
    /// Its name.
    pub title: String,
    /// What it means.
    #[serde(default)]
    pub text: String,
}

/// Something the assessor judges by likelihood and impact, before and after controls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Id, unique in the method.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What to judge.
    #[serde(default)]
    pub text: String,
    /// Questions that bear on it.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// Which factors a path judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathFactors {
    /// Every factor of the method.
    All,
    /// These.
    Some(Vec<String>),
}

impl Serialize for PathFactors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Some(ids) => ids.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for PathFactors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = PathFactors;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`all` or a list of factor ids")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PathFactors, E> {
                if text == "all" { Ok(PathFactors::All) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<PathFactors, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(PathFactors::Some)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// How much of a method is judged, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskPath {
    /// Id, unique in the method.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Which factors it judges.
    pub factors: PathFactors,
    /// Over the answers; absent on the last path only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Why it is taken, for the record.
    pub reason: String,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// What a residual rating asks of the approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskOutcome {
    /// The rating's id.
    pub rating: String,
    /// How long until it is reviewed.
    pub review: Interval,
    /// The decision level's id.
    pub level: String,
    /// Control sets that the approval demands.
    #[serde(default)]
    pub controls: Vec<String>,
}

/// Controls that an outcome may demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlSet {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Over the answers: when it is demanded; whenever an outcome names it, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The controls.
    pub controls: Vec<Control>,
}

/// One control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Id, unique in the pack's control sets.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What must be in place.
    pub text: String,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
    /// Controls of standards that it answers to.
    #[serde(default)]
    pub controls: Vec<ControlRef>,
}
