//! Strict reading of the facts: what is not exactly a document of facts is refused with the place of the fault, as a JSON path.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

use super::{Activity, Facts, Kind, Staff};
use crate::country::{Country, Home};
use crate::input::{self, BadInput, Object};

impl Facts {
    /// Reads the facts from a JSON document. Every fault is bad input: no JSON, unknown or repeated fields, wrong types, unknown kinds and
    /// countries, no home, no activity.
    ///
    /// # Errors
    /// The first fault, with its JSON path.
    pub fn from_json(text: &str) -> Result<Self, BadInput> {
        input::read::<RawFacts>(text)?.checked()
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
