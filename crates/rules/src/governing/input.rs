//! Strict reading of the facts: what is not exactly a document of facts is refused with the place of the fault, as a JSON path.

use jiff::civil::Date;

use super::{Ask, Demand, Direction, Facts, Ruling};
use crate::input::{self, BadInput, Object};

/// Longest text of a demand, in characters.
pub const TEXT: usize = 2000;
/// Longest unit, in characters.
pub const UNIT: usize = 40;
/// Longest reference, in characters.
pub(super) const REFERENCE: usize = 64;

// Options on purpose: absent and null are both "not known".
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFacts {
    contract: Option<Object<RawAsk>>,
    plan: Option<Object<RawAsk>>,
    pack: Option<Object<RawAsk>>,
    rulings: Option<Vec<Object<RawRuling>>>,
    blocked_until_ruling: Option<bool>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAsk {
    applies: Option<bool>,
    asks: Option<Object<RawDemand>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDemand {
    value: Option<u64>,
    unit: Option<String>,
    direction: Option<Direction>,
    text: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRuling {
    reference: Option<String>,
    day: Option<String>,
    this_contract: Option<bool>,
    asks: Option<Object<RawDemand>>,
    allows: Option<bool>,
}

/// Reads the facts from a JSON document.
pub(super) fn read(text: &str) -> Result<Facts, BadInput> {
    let raw: RawFacts = input::read(text)?;
    let rulings = raw.rulings.map(|rulings| {
        let each = rulings.into_iter().enumerate();
        each.map(|(at, Object(ruling))| ruling.checked(&format!("$.rulings[{at}]"))).collect::<Result<Vec<_>, _>>()
    });
    Ok(Facts {
        contract: checked_ask(raw.contract, "$.contract")?,
        plan: checked_ask(raw.plan, "$.plan")?,
        pack: checked_ask(raw.pack, "$.pack")?,
        rulings: rulings.transpose()?,
        blocked_until_ruling: raw.blocked_until_ruling,
    })
}

fn checked_ask(ask: Option<Object<RawAsk>>, path: &str) -> Result<Ask, BadInput> {
    let Some(Object(ask)) = ask else { return Ok(Ask::default()) };
    Ok(Ask { applies: ask.applies, asks: checked_demand(ask.asks, path)? })
}

fn checked_demand(demand: Option<Object<RawDemand>>, path: &str) -> Result<Option<Demand>, BadInput> {
    demand.map(|Object(demand)| demand.checked(&format!("{path}.asks"))).transpose()
}

impl RawDemand {
    fn checked(self, path: &str) -> Result<Demand, BadInput> {
        let lacks = |field: &str, problem: &str| BadInput::new(&format!("{path}.{field}"), problem);
        match self {
            Self { text: Some(text), value: None, unit: None, direction: None } => {
                if text.trim().is_empty() || text.chars().count() > TEXT {
                    return Err(lacks("text", &format!("write what is asked, in {TEXT} characters at most")));
                }
                Ok(Demand::Text { text })
            }
            Self { text: Some(_), .. } => Err(lacks("text", "give either a text or a value with its unit and direction")),
            Self { value: None, unit: None, direction: None, .. } => {
                Err(BadInput::new(path, "give a value with its unit and direction, or a text"))
            }
            Self { value: None, .. } => Err(lacks("value", "give the number, a whole one")),
            Self { unit: None, .. } => Err(lacks("unit", "name the unit, such as hours or working_days")),
            Self { direction: None, .. } => Err(lacks("direction", "say at_most or at_least")),
            Self { value: Some(value), unit: Some(unit), direction: Some(direction), text: None } => {
                if !is_unit(&unit) {
                    let problem = format!("write the unit in small letters, digits and _, {UNIT} at most, such as hours or working_days");
                    return Err(lacks("unit", &problem));
                }
                Ok(Demand::Limit { value, unit, direction })
            }
        }
    }
}

// As it is written in facts, so it is kept.
impl<'de> serde::Deserialize<'de> for Demand {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <RawDemand as serde::Deserialize>::deserialize(deserializer)?;
        raw.checked("$").map_err(|bad| serde::de::Error::custom(format!("{}: {}", bad.path, bad.problem)))
    }
}

impl RawRuling {
    fn checked(self, path: &str) -> Result<Ruling, BadInput> {
        let lacks = |field: &str, problem: &str| BadInput::new(&format!("{path}.{field}"), problem);
        let reference = self.reference.filter(|reference| is_reference(reference)).ok_or_else(|| {
            let problem =
                format!("give the ruling's reference: letters, digits, dots, dashes, strokes and underscores, {REFERENCE} at most");
            lacks("reference", &problem)
        })?;
        let day = self.day.as_deref().and_then(day).ok_or_else(|| lacks("day", "give the day of the ruling, such as 2026-11-02"))?;
        let this_contract = self.this_contract.ok_or_else(|| lacks("this_contract", "say whether it was given on this contract"))?;
        let asks = checked_demand(self.asks, path)?;
        if asks.is_none() && self.allows.is_none() {
            return Err(BadInput::new(path, "say what the ruling asks, or whether it allows what is blocked"));
        }
        Ok(Ruling { reference, day, this_contract, asks, allows: self.allows })
    }
}

/// A day in its one form; the parser would take a time after it as well.
fn day(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|day| day.to_string() == text)
}

/// Whether this is a unit: small letters, digits and `_`, beginning with a letter.
pub fn is_unit(unit: &str) -> bool {
    unit.len() <= UNIT
        && unit.starts_with(|sign: char| sign.is_ascii_lowercase())
        && unit.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
}

fn is_reference(reference: &str) -> bool {
    reference.len() <= REFERENCE
        && reference.starts_with(|sign: char| sign.is_ascii_alphanumeric())
        && reference.chars().all(|sign| sign.is_ascii_alphanumeric() || "./_-".contains(sign))
}
