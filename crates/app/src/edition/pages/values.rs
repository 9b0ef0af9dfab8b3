//! The parts of packs in words: "owed by" rather than `owed_by`, a condition rather than its tree.

use platform::{t, texts};
use rules::condition::Condition;
use rules::form::Form;
use rules::pack::{EntryChange, Interval, Pack, When};
use serde_json::Value;

use crate::contract::facts;
use crate::pack::pages as words;

/// The most characters of one value that are shown.
const MOST: usize = 1200;

/// The name of a part: each step of its path in words, where there are any.
pub(super) fn part(path: &str) -> String {
    let said = |step: &str| {
        let id = format!("edition-part-{}", step.replace('_', "-"));
        if texts::has(&id) { texts::t(&id) } else { step.to_owned() }
    };
    path.split('.').map(said).collect::<Vec<_>>().join(": ")
}

/// The heading of an area.
pub(super) fn area(name: &str) -> String {
    let id = format!("edition-area-{}", name.replace('_', "-"));
    if texts::has(&id) { texts::t(&id) } else { name.replace('_', " ") }
}

/// A value in words, as it stands in `pack`.
pub(super) fn value(pack: &Pack, of: &EntryChange, part: &str, value: &Value) -> String {
    let last = part.rsplit('.').next().unwrap_or(part);
    let told = match (last, value) {
        ("when", _) if of.area == "obligations" => {
            serde_json::from_value::<When>(value.clone()).ok().map(|when| words::when_text(pack, &when))
        }
        ("condition", _) if of.area == "obligations" => {
            serde_json::from_value::<Condition>(value.clone()).ok().map(|condition| facts::in_words(pack, &condition))
        }
        ("when" | "condition", _) => serde_json::from_value::<Condition>(value.clone()).ok().map(|condition| asked(pack, of, &condition)),
        ("must", Value::Object(must)) => must.get("says").and_then(Value::as_str).map(str::to_owned),
        ("every" | "review", Value::String(text)) => text.parse::<Interval>().ok().map(words::interval_text),
        ("owed_by" | "role", Value::String(code)) => {
            let id = format!("pack-owed-{}", code.replace('_', "-"));
            texts::has(&id).then(|| texts::t(&id))
        }
        ("unit", Value::String(code)) => Some(t!(&format!("pack-unit-{}", code.replace('_', "-")))),
        ("type" | "required" | "adequacy" | "status" | "outcome", Value::String(code)) => Some(code.replace('_', " ")),
        _ => None,
    };
    cut(told.unwrap_or_else(|| plain(value)))
}

/// A condition over answers, by the form that asks for them.
fn asked(pack: &Pack, of: &EntryChange, condition: &Condition) -> String {
    let form: Option<&Form> = of.form.as_deref().and_then(|name| pack.form(name)).or_else(|| pack.forms.values().next());
    form.map_or_else(String::new, |form| platform::forms::condition_in_words(form, condition))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => t!("edition-yes"),
        Value::Bool(false) => t!("edition-no"),
        Value::Number(number) => {
            number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map_or_else(|| number.to_string(), |n| format!("{n:.0}"))
        }
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(of) => match (of.get("standard").and_then(Value::as_str), of.get("id").and_then(Value::as_str)) {
            (Some(standard), Some(id)) => format!("{standard} {id}"),
            _ => value.to_string(),
        },
    }
}

fn cut(text: String) -> String {
    if text.chars().count() <= MOST { text } else { text.chars().take(MOST).chain("…".chars()).collect() }
}
