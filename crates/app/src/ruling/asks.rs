//! What a document or a ruling asks, as people and programs say it: a limit, or words. One form for rulings and for the terms of contract and plan.

use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::{self, Text};
use platform::ui::{self, Choice, Field, Input};
use platform::web::Fields;
use rules::governing::{Demand, Direction, LONGEST_TEXT, LONGEST_UNIT, is_unit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::casework::typed::{Typed, hint};

/// The units that the form offers; programs may name others.
const UNITS: [&str; 12] =
    ["minutes", "hours", "days", "working_days", "weeks", "months", "years", "people", "records", "items", "percent", "count"];

/// The field that says in which way something is asked: the script of conditions reads questions by such names.
pub const WAY: &str = "q.asks";

/// A whole number beyond which none is read.
const MOST: u64 = 1_000_000_000;

/// A unit in words.
fn unit_says(unit: &str) -> String {
    let id = format!("pack-unit-{}", unit.replace('_', "-"));
    if texts::has(&id) { texts::t(&id) } else { unit.replace('_', " ") }
}

/// A demand in words.
pub fn says(demand: &Demand) -> String {
    match demand {
        Demand::Text { text } => text.clone(),
        Demand::Limit { value, unit, direction } => {
            let id = format!("asks-limit-{}", direction.code().replace('_', "-"));
            Text::new(id).with("value", value).with("unit", unit_says(unit)).say().trim().to_owned()
        }
    }
}

/// The boxes of a demand: a choice among `ways` — codes with their texts, of which `limit` and `words` ask for more — and what these ask for.
pub fn boxes(typed: Typed<'_>, label: &'static str, ways: &[(String, String)]) -> Markup {
    let words: ui::Words = &|id| texts::t(id);
    let (limit, other) = (r#"{"equals":{"question":"asks","value":"limit"}}"#, r#"{"equals":{"question":"asks","value":"words"}}"#);
    html! {
        (ui::question("asks", None, None, typed.radios(WAY, label, ways, None)))
        (ui::question("limit", Some(limit), None, html! {
            (ui::fieldset(&texts::t("asks-limit"), Some(&texts::t("asks-limit-hint")), html! {
                (directions(typed))
                (number(typed))
                (units(typed, words))
            }))
        }))
        (ui::question("words", Some(other), None, typed.area("words", "asks-words", 4)))
    }
}

fn directions(typed: Typed<'_>) -> Markup {
    let all: Vec<(String, String)> =
        Direction::ALL.iter().map(|one| (one.code().to_owned(), texts::t(&format!("asks-{}", one.code().replace('_', "-"))))).collect();
    typed.radios("direction", "asks-direction", &all, None)
}

fn number(typed: Typed<'_>) -> Markup {
    let (text, hint, error) = (texts::t("asks-value"), hint("asks-value"), typed.error("value"));
    let field = Field::new("value", &text).hint(hint.as_deref()).error(error.as_deref());
    ui::input(
        &|id| texts::t(id),
        &field,
        &Input { value: typed.fields.get("value"), kind: ui::InputKind::Number, width: Some(10), ..Input::default() },
    )
}

fn units(typed: Typed<'_>, words: ui::Words<'_>) -> Markup {
    // A unit that a program named is offered as well, so that nobody changes it by looking.
    let typed_unit = typed.fields.get("unit").to_owned();
    let more = (!typed_unit.is_empty() && !UNITS.contains(&typed_unit.as_str())).then_some(typed_unit.as_str());
    let all: Vec<(&str, String)> = UNITS
        .into_iter()
        .chain(more)
        .map(|unit| (unit, if unit == "count" { texts::t("asks-unit-count") } else { unit_says(unit) }))
        .collect();
    let choices: Vec<Choice> = all.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (text, error) = (texts::t("asks-unit"), typed.error("unit"));
    ui::select(words, &Field::new("unit", &text).error(error.as_deref()), &choices, typed.fields.some("unit"), false)
}

/// The demand that was typed where `limit` or `words` was chosen; none for any other choice, and where an error is noted.
pub fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<Demand> {
    match fields.get(WAY) {
        "limit" => {
            let value = fields.get("value").parse().ok().filter(|value| *value <= MOST);
            let (unit, direction) = (fields.get("unit").to_owned(), Direction::from_code(fields.get("direction")));
            if value.is_none() {
                errors.add("value", Text::new("asks-value-missing"));
            }
            if !is_unit(&unit) {
                errors.add("unit", Text::new("asks-unit-missing"));
            }
            if direction.is_none() {
                errors.add("direction", Text::new("asks-direction-missing"));
            }
            Some(Demand::Limit { value: value?, unit: Some(unit).filter(|unit| is_unit(unit))?, direction: direction? })
        }
        "words" => words(fields.get("words"), errors),
        _ => None,
    }
}

/// A demand in words; none, with an error noted, where there are none or too many.
fn words(text: &str, errors: &mut FieldErrors) -> Option<Demand> {
    if text.trim().is_empty() {
        errors.add("words", Text::new("asks-words-missing"));
        return None;
    }
    if text.chars().count() > LONGEST_TEXT {
        errors.add("words", Text::new("error-too-long").with("max", LONGEST_TEXT));
        return None;
    }
    Some(Demand::Text { text: text.trim().to_owned() })
}

/// A demand as it would have been typed.
pub fn typed(demand: &Demand) -> Vec<(String, String)> {
    let pairs = match demand {
        Demand::Limit { value, unit, direction } => {
            vec![
                (WAY, "limit".to_owned()),
                ("value", value.to_string()),
                ("unit", unit.clone()),
                ("direction", direction.code().to_owned()),
            ]
        }
        Demand::Text { text } => vec![(WAY, "words".to_owned()), ("words", text.clone())],
    };
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What is asked: either a limit (a whole number with its unit and direction) or words, never both.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedDemand {
    /// The number.
    #[schema(maximum = 1_000_000_000)]
    pub value: Option<u64>,
    /// Its unit, in small letters: `hours`, `working_days`, `bits`.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
    pub unit: Option<String>,
    /// To which side it limits.
    pub direction: Option<DemandSide>,
    /// The words.
    #[schema(max_length = 2000)]
    pub words: Option<String>,
}

/// To which side a number limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DemandSide {
    /// The smaller number is stricter.
    AtMost,
    /// The larger number is stricter.
    AtLeast,
}

impl AskedDemand {
    /// As it is read from a form, so that faults are said alike.
    fn fields(&self) -> Fields {
        let direction = self.direction.map(|side| if side == DemandSide::AtMost { "at_most" } else { "at_least" }.to_owned());
        let way = if self.words.is_some() { "words" } else { "limit" };
        let pairs = [
            ("value", self.value.map(|value| value.to_string())),
            ("unit", self.unit.clone()),
            ("direction", direction),
            ("words", self.words.clone()),
        ];
        let typed = pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Fields::new(typed.chain([(WAY.to_owned(), way.to_owned())]).collect())
    }

    /// The demand; none, with an error noted, where it is none.
    pub fn read(&self, errors: &mut FieldErrors) -> Option<Demand> {
        if self.words.is_some() && (self.value.is_some() || self.unit.is_some() || self.direction.is_some()) {
            errors.add("words", Text::new("asks-both"));
            return None;
        }
        if self.unit.as_ref().is_some_and(|unit| unit.len() > LONGEST_UNIT) {
            errors.add("unit", Text::new("asks-unit-missing"));
            return None;
        }
        read(&self.fields(), errors)
    }

    /// A demand, for programs.
    pub fn of(demand: &Demand) -> Self {
        match demand {
            Demand::Text { text } => Self { words: Some(text.clone()), ..Self::default() },
            Demand::Limit { value, unit, direction } => Self {
                value: Some(*value),
                unit: Some(unit.clone()),
                direction: Some(if *direction == Direction::AtMost { DemandSide::AtMost } else { DemandSide::AtLeast }),
                words: None,
            },
        }
    }
}
