//! Strict reading of the facts: what is not exactly a document of facts is refused with the place of the fault, as a JSON path.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_path_to_error::Segment;

use super::{Activity, Facts, Kind, Staff};
use crate::country::{Country, Home};

/// Longest path and longest problem in a message, in characters: input must not flood a terminal or a log.
const PATH_LIMIT: usize = 200;
const PROBLEM_LIMIT: usize = 400;

/// A fault in the facts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct BadInput {
    /// Where, as a JSON path from the document's root: `$.activities[0].country`.
    pub path: String,
    /// What is wrong there, in English, with line and column where the reader knows them.
    pub problem: String,
}

impl BadInput {
    /// A fault at this JSON path. Control characters are made visible, long texts cut.
    pub fn new(path: &str, problem: &str) -> Self {
        Self { path: printable(path, PATH_LIMIT), problem: printable(problem, PROBLEM_LIMIT) }
    }
}

fn printable(text: &str, limit: usize) -> String {
    let mut out: String = text.chars().take(limit).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

impl Facts {
    /// Reads the facts from a JSON document. Every fault is bad input: no JSON, unknown or repeated fields, wrong types, unknown kinds and
    /// countries, no home, no activity.
    ///
    /// # Errors
    /// The first fault, with its JSON path.
    pub fn from_json(text: &str) -> Result<Self, BadInput> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = serde_json::Deserializer::from_str(text);
        let raw: Object<RawFacts> = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let mut path = json_path(error.path().iter());
            let problem = error.into_inner().to_string();
            // A repeated field is noticed after its name was read, so the path ends at the object around it.
            if let Some((field, _)) = problem.strip_prefix("duplicate field `").and_then(|rest| rest.split_once('`')) {
                path = format!("{path}.{field}");
            }
            BadInput::new(&path, &problem)
        })?;
        reader.end().map_err(|error| BadInput::new("$", &error.to_string()))?;
        raw.0.checked()
    }
}

fn json_path<'a>(segments: impl Iterator<Item = &'a Segment>) -> String {
    segments.fold(String::from("$"), |path, segment| match segment {
        Segment::Seq { index } => format!("{path}[{index}]"),
        Segment::Map { key } if !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
            format!("{path}.{key}")
        }
        Segment::Map { key } => format!("{path}[{}]", serde_json::Value::from(key.as_str())),
        Segment::Enum { .. } | Segment::Unknown => path,
    })
}

/// A JSON object and nothing else: a derived structure alone would take an array of its fields as well.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFacts {
    home: Option<RawHome>,
    activities: Option<Vec<Object<RawActivity>>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawActivity {
    kind: Option<RawKind>,
    country: Option<Country>,
    authority_information: Option<bool>,
    personal_data: Option<bool>,
    staff: Option<Object<RawStaff>>,
}

// Options on purpose: absent and null are both "not known".
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStaff {
    foreign_nationals: Option<bool>,
    brought_to_home: Option<bool>,
    resident_at_home_already: Option<bool>,
    access_to_information: Option<bool>,
}

/// A country, or a list of at least one.
struct RawHome(Home);

impl<'de> Deserialize<'de> for RawHome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HomeVisitor;

        impl<'de> Visitor<'de> for HomeVisitor {
            type Value = RawHome;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a country or a list of countries")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawHome, E> {
                Country::resolve(text).map(|country| RawHome(Home::from(country))).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawHome, A::Error> {
                let mut codes = Vec::new();
                while let Some(country) = seq.next_element::<Country>()? {
                    codes.push(country.code());
                }
                Home::from_codes(&codes).map(RawHome).map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(HomeVisitor)
    }
}

/// Read as a string: a derived enumeration would take `{"hosting": null}` as well.
struct RawKind(Kind);

impl<'de> Deserialize<'de> for RawKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Kind::from_code(&code).map(RawKind).ok_or_else(|| {
            let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
            de::Error::custom(format!("unknown kind {code:?}, expected one of {}", known.join(", ")))
        })
    }
}

impl RawFacts {
    fn checked(self) -> Result<Facts, BadInput> {
        let Some(RawHome(home)) = self.home else {
            return Err(BadInput::new("$.home", "name the home country, or a list of home territories"));
        };
        let raw = self.activities.unwrap_or_default();
        if raw.is_empty() {
            return Err(BadInput::new("$.activities", "list at least one activity"));
        }
        let mut activities = Vec::with_capacity(raw.len());
        for (index, Object(activity)) in raw.into_iter().enumerate() {
            let Some(RawKind(kind)) = activity.kind else {
                return Err(BadInput::new(&format!("$.activities[{index}].kind"), "say what kind of activity this is"));
            };
            activities.push(Activity {
                kind,
                country: activity.country,
                authority_information: activity.authority_information,
                personal_data: activity.personal_data,
                staff: activity.staff.map(|Object(staff)| Staff {
                    foreign_nationals: staff.foreign_nationals,
                    brought_to_home: staff.brought_to_home,
                    resident_at_home_already: staff.resident_at_home_already,
                    access_to_information: staff.access_to_information,
                }),
            });
        }
        Ok(Facts { home, activities })
    }
}
