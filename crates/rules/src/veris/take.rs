//! Takes typed values out of JSON, and says by their path which do not fit.

use serde_json::{Map, Number, Value};

use super::lists;
use super::read::Reason;
use super::record::{Span, When, YEARS};
use crate::message::Message;

pub(super) type Object = Map<String, Value>;

/// Longest text that people wrote, in characters.
pub(super) const TEXT: usize = 100_000;
/// Longest name or word.
pub(super) const NAME: usize = 1_000;
/// Most entries of a list.
pub(super) const ENTRIES: usize = 1_000;
/// Most reasons that are told of one record.
const REASONS: usize = 20;

/// What was met while taking.
#[derive(Default)]
pub(super) struct Taking {
    reasons: Vec<Reason>,
    more: usize,
    faulty: bool,
}

impl Taking {
    /// Whether something keeps the record out.
    pub(super) fn is_faulty(&self) -> bool {
        self.faulty
    }

    /// All that is to be said.
    pub(super) fn into_reasons(mut self) -> Vec<Reason> {
        if self.more > 0 {
            let message = Message::new("veris-more").with("count", self.more);
            self.reasons.push(Reason { message, quarantines: self.faulty && !self.reasons.iter().any(|reason| reason.quarantines) });
        }
        self.reasons
    }

    /// Something that keeps the record out.
    pub(super) fn fault(&mut self, message: Message) {
        self.faulty = true;
        self.say(message, true);
    }

    /// Something to know of a record that is taken.
    pub(super) fn note(&mut self, message: Message) {
        self.say(message, false);
    }

    fn say(&mut self, message: Message, quarantines: bool) {
        if self.reasons.len() < REASONS {
            self.reasons.push(Reason { message, quarantines });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn wrong(&mut self, path: String, expected: &str) {
        self.fault(Message::new("veris-wrong-type").with("path", path).with("expected", expected));
    }

    /// What must be there: something, of whatever type.
    pub(super) fn must(&mut self, value: Option<&Value>, path: &str) {
        let said = match value {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        };
        if !said {
            self.fault(Message::new("veris-missing").with("path", path));
        }
    }

    /// A text as it is written; none where there is only blank.
    pub(super) fn text(&mut self, of: &Object, key: &str, at: &str, longest: usize) -> Option<String> {
        match of.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => self.fitting(text, || join(at, key), longest),
            Some(_) => {
                self.wrong(join(at, key), "text");
                None
            }
        }
    }

    /// A word of a list.
    pub(super) fn word(&mut self, of: &Object, key: &str, at: &str, list: &str) -> Option<String> {
        let word = self.text(of, key, at, NAME)?;
        self.know(&word, || join(at, key), &[list]);
        Some(word)
    }

    /// Texts: a list of them, or one alone. They are words of any of these lists; of none where they are names.
    pub(super) fn words(&mut self, of: &Object, key: &str, at: &str, lists: &[&str]) -> Vec<String> {
        let entries = match of.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(one @ Value::String(_)) => std::slice::from_ref(one),
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                self.wrong(join(at, key), "texts");
                return Vec::new();
            }
        };
        let mut words = Vec::with_capacity(entries.len().min(ENTRIES));
        for (index, entry) in self.some(entries, || join(at, key)).iter().enumerate() {
            let path = || format!("{}[{index}]", join(at, key));
            let Value::String(text) = entry else {
                self.wrong(path(), "text");
                continue;
            };
            let Some(word) = self.fitting(text, path, NAME) else { continue };
            self.know(&word, path, lists);
            words.push(word);
        }
        words
    }

    /// The one text of a list that has but one.
    pub(super) fn only(&mut self, of: &Object, key: &str, at: &str, list: &str) -> Option<String> {
        let mut words = self.words(of, key, at, &[list]);
        if words.len() > 1 {
            self.fault(Message::new("veris-too-many").with("path", join(at, key)).with("max", 1));
        }
        (!words.is_empty()).then(|| words.swap_remove(0))
    }

    /// A whole number, zero or more.
    pub(super) fn whole(&mut self, of: &Object, key: &str, at: &str) -> Option<u64> {
        let value = of.get(key).filter(|value| !value.is_null())?;
        let found = value.as_u64().or_else(|| value.as_f64().and_then(whole));
        if found.is_none() {
            self.wrong(join(at, key), "whole");
        }
        found
    }

    /// An object.
    pub(super) fn object<'a>(&mut self, of: &'a Object, key: &str, at: &str) -> Option<&'a Object> {
        match of.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => Some(object),
            Some(_) => {
                self.wrong(join(at, key), "object");
                None
            }
        }
    }

    /// A list of objects, each with its path.
    pub(super) fn objects<'a>(&mut self, of: &'a Object, key: &str, at: &str) -> Vec<(&'a Object, String)> {
        let entries = match of.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(entries)) => self.some(entries, || join(at, key)),
            Some(_) => {
                self.wrong(join(at, key), "objects");
                return Vec::new();
            }
        };
        let mut found = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let path = format!("{}[{index}]", join(at, key));
            match entry {
                Value::Object(object) => found.push((object, path)),
                _ => self.wrong(path, "object"),
            }
        }
        found
    }

    /// A date out of the fields of an object; none where they say nothing. What makes no date is kept as it is written, and told; where VERIS says
    /// what a date may be (`bound`), it is a fault.
    pub(super) fn when(&mut self, of: &Object, at: &str, bound: bool) -> Option<When> {
        let mut number = |key: &str, range: std::ops::RangeInclusive<i64>| {
            let found = self.whole(of, key, at).map(|number| i64::try_from(number).unwrap_or(i64::MAX))?;
            if bound && !range.contains(&found) {
                let message = Message::new("veris-out-of-range").with("path", join(at, key)).with("value", found);
                self.fault(message.with("min", range.start()).with("max", range.end()));
            }
            Some(found)
        };
        let (year, month, day) = (number("year", YEARS), number("month", 1..=12), number("day", 1..=31));
        let when = When { year, month, day, time: self.text(of, "time", at, NAME) };
        if when == When::default() {
            return None;
        }
        if !when.is_whole() {
            let shown = [year, month, day].map(|number| number.map_or_else(|| "?".to_owned(), |number| number.to_string()));
            self.note(Message::new("veris-no-date").with("path", at).with("date", shown.join("-")));
        }
        Some(when)
    }

    /// A length of time.
    pub(super) fn span(&mut self, of: &Object, key: &str, at: &str) -> Option<Span> {
        let span = self.object(of, key, at)?;
        let at = join(at, key);
        let unit = self.word(span, "unit", &at, "unit");
        let value = match span.get("value") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let number = value.as_number().and_then(steady);
                if number.is_none() {
                    self.wrong(join(&at, "value"), "number");
                }
                number
            }
        };
        self.must(span.get("unit"), &join(&at, "unit"));
        Some(Span { unit: unit?, value })
    }

    /// Whether all texts and lists of a value are of a size that is taken.
    pub(super) fn fits(&mut self, value: &Value, path: &str) {
        match value {
            Value::String(text) => drop(self.fitting(text, || path.to_owned(), TEXT)),
            Value::Array(entries) => {
                for entry in self.some(entries, || path.to_owned()) {
                    self.fits(entry, path);
                }
            }
            Value::Object(fields) => fields.values().for_each(|field| self.fits(field, path)),
            _ => {}
        }
    }

    fn some<'a>(&mut self, entries: &'a [Value], path: impl Fn() -> String) -> &'a [Value] {
        if entries.len() > ENTRIES {
            self.fault(Message::new("veris-too-many").with("path", path()).with("max", ENTRIES));
        }
        entries.get(..ENTRIES).unwrap_or(entries)
    }

    fn fitting(&mut self, text: &str, path: impl Fn() -> String, longest: usize) -> Option<String> {
        if text.trim().is_empty() {
            return None;
        }
        if text.len() > longest && text.chars().count() > longest {
            self.fault(Message::new("veris-too-long").with("path", path()).with("max", longest));
            return None;
        }
        // No database keeps it.
        if text.contains('\0') {
            self.fault(Message::new("veris-nul").with("path", path()));
            return None;
        }
        Some(text.to_owned())
    }

    fn know(&mut self, word: &str, path: impl Fn() -> String, of: &[&str]) {
        if !of.is_empty() && !of.iter().any(|list| lists::word(list, word).is_some()) {
            let shown: String = word.chars().take(100).collect();
            self.note(Message::new("veris-unknown-word").with("path", path()).with("word", shown));
        }
    }
}

/// A path with one more key.
pub(super) fn join(at: &str, key: &str) -> String {
    format!("{at}.{key}")
}

/// A number that is whole, written with a point.
fn whole(number: f64) -> Option<u64> {
    // Beyond this a float does not hold every whole number.
    let exact = number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "just looked at")]
    exact.then_some(number as u64)
}

/// A number that comes back when it is written and read again: whole, or of the 15 digits that a float always holds.
fn steady(number: &Number) -> Option<Number> {
    if !number.is_f64() {
        return Some(number.clone());
    }
    let rounded = format!("{:.14e}", number.as_f64()?).parse().ok().and_then(Number::from_f64)?;
    let again: Number = serde_json::from_str(&rounded.to_string()).ok()?;
    (again == rounded).then_some(rounded)
}
