//! Strict reading of documents of facts: what is not exactly what a decision asks for is refused with its place, as a JSON path.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_path_to_error::Segment;

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

/// Reads a JSON document that is one object.
///
/// # Errors
/// The first fault, with its JSON path: no JSON, more than one document, no object, and whatever `T` refuses.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, BadInput> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    let Object(read) = serde_path_to_error::deserialize::<_, Object<T>>(&mut reader).map_err(|error| {
        let mut path = json_path(error.path().iter());
        let problem = error.into_inner().to_string();
        // A repeated field is noticed after its name was read, so the path ends at the object around it.
        if let Some((field, _)) = problem.strip_prefix("duplicate field `").and_then(|rest| rest.split_once('`')) {
            path = format!("{path}.{field}");
        }
        BadInput::new(&path, &problem)
    })?;
    reader.end().map_err(|error| BadInput::new("$", &error.to_string()))?;
    Ok(read)
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
pub(crate) struct Object<T>(pub(crate) T);

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

/// An enumeration with a code for each of its values: `ALL`, `code`, `from_code`, and serde by code. It is read as a string, since a derived
/// enumeration would take `{"code": null}` as well; `what` names it where a code is unknown.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident ($what:literal) { $($(#[$of:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code in documents.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_code(&code).ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|one| one.code()).collect();
                    // The known ones first: a long code that is cut must not hide them.
                    serde::de::Error::custom(format!(concat!("unknown ", $what, ", expected one of {}: {:?}"), known.join(", "), code))
                })
            }
        }
    };
}

pub(crate) use coded;
