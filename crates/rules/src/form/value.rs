//! The shape of each type of answer, and the check of one value.
//!
//! | type | JSON |
//! |---|---|
//! | text, longtext, system | text; longtext may have lines, parted by `\n` |
//! | number | number |
//! | money | `{"amount": minor units, "currency": "GBP"}` |
//! | date | `"2026-11-22"` |
//! | period | `{"from": date, "to": date}` |
//! | moment | `{"date": date, "time": "14:30"}`, local to the authority's time zone; the time may be left out: it is not known |
//! | `yes_no` | `true`, `false`; `"unknown"` if the question allows it |
//! | choice, choices | option id; list of them |
//! | country, countries | ISO 3166-1 alpha-2 code; list of them |
//! | address | `{"lines", "town", "postcode", "country"}`, all text, `lines` with `\n`; the postcode may be left out |
//! | contact | `{"name", "role", "organisation", "email", "telephone", "address", "responsibility"}`, all text; all of them when the question is required, else name and e-mail |
//! | file | `{"file": id}` of one that was uploaded for these answers; or, of a paper that cannot be, `{"note", "reference", "date"}`: what it is, where it can be had (may be left out), its day. Both may be given. Frozen, a file has its `name` and `sha256` too |
//! | party, site | id |

use jiff::civil::Date;
use serde_json::Value;

use super::{
    Lookups, Question, QuestionType, Refuse,
    answers::whole,
    errors::{FieldErrors, Mode},
    moment,
};
use crate::{
    condition::{NOT_KNOWN, date},
    message::Message,
};

/// How long a text may be, in characters, when the question does not say.
pub const TEXT_LENGTH: u32 = 200;
/// How long a text of several lines may be, in characters, when the question does not say.
pub const LONGTEXT_LENGTH: u32 = 10_000;
/// The part of a file's answer that names one which was uploaded.
pub const UPLOADED: &str = "file";
/// How many entries a group may have when it does not say.
pub const GROUP_ITEMS: u32 = 50;
/// Numbers and amounts stay below this, so that every reader holds them exactly.
pub const NUMBER_LIMIT: f64 = 1e15;

/// One part of an answer that has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its key in the answer and in field names.
    pub name: &'static str,
    /// What it holds.
    pub kind: PartKind,
    /// Must be given once the answer is begun.
    pub required: bool,
    /// Message when it is missing.
    pub missing: &'static str,
}

/// What a part of an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A text of one line, at most so many characters.
    Line(u32),
    /// A text of several lines, at most so many characters.
    Lines(u32),
    /// An e-mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// A day.
    Date,
    /// A time of the day.
    Time,
    /// A country code.
    Country,
    /// Minor units.
    Amount,
    /// A currency code.
    Currency,
    /// The id of a file that was uploaded.
    Upload,
}

const fn part(name: &'static str, kind: PartKind, required: bool, missing: &'static str) -> Part {
    Part { name, kind, required, missing }
}

const MONEY: &[Part] =
    &[part("amount", PartKind::Amount, true, "forms-enter-amount"), part("currency", PartKind::Currency, true, "forms-enter-currency")];
const PERIOD: &[Part] = &[part("from", PartKind::Date, true, "forms-enter-from"), part("to", PartKind::Date, true, "forms-enter-to")];
const MOMENT: &[Part] =
    &[part("date", PartKind::Date, true, "forms-enter-moment-date"), part("time", PartKind::Time, false, "forms-not-time")];
const ADDRESS: &[Part] = &[
    part("lines", PartKind::Lines(400), true, "forms-enter-lines"),
    part("town", PartKind::Line(100), true, "forms-enter-town"),
    part("postcode", PartKind::Line(20), false, "forms-enter-postcode"),
    part("country", PartKind::Country, true, "forms-enter-country"),
];
const FILE: &[Part] = &[
    part("file", PartKind::Upload, false, "forms-choose-file"),
    part("note", PartKind::Lines(1000), true, "forms-enter-note"),
    part("reference", PartKind::Line(200), false, "forms-enter-reference"),
    part("date", PartKind::Date, true, "forms-enter-date"),
];
const CONTACT: &[Part] = &contact(true);
const CONTACT_BRIEF: &[Part] = &contact(false);

const fn contact(all: bool) -> [Part; 7] {
    [
        part("name", PartKind::Line(200), true, "forms-enter-name"),
        part("role", PartKind::Line(200), all, "forms-enter-role"),
        part("organisation", PartKind::Line(200), all, "forms-enter-organisation"),
        part("email", PartKind::Email, true, "forms-enter-email"),
        part("telephone", PartKind::Telephone, all, "forms-enter-telephone"),
        part("address", PartKind::Lines(400), all, "forms-enter-address"),
        part("responsibility", PartKind::Lines(1000), all, "forms-enter-responsibility"),
    ]
}

impl Question {
    /// The parts of its answer, in order; none for an answer of one piece.
    pub fn parts(&self) -> &'static [Part] {
        match self.kind {
            QuestionType::Money => MONEY,
            QuestionType::Period => PERIOD,
            QuestionType::Moment => MOMENT,
            QuestionType::Address => ADDRESS,
            QuestionType::File => FILE,
            QuestionType::Contact if self.required => CONTACT,
            QuestionType::Contact => CONTACT_BRIEF,
            _ => &[],
        }
    }

    /// How long its text may be, in characters.
    pub fn text_limit(&self) -> u32 {
        let standard = if self.kind == QuestionType::LongText { LONGTEXT_LENGTH } else { TEXT_LENGTH };
        self.max_length.unwrap_or(standard)
    }

    /// How many entries it may have.
    pub fn item_limit(&self) -> u32 {
        self.max_items.unwrap_or(GROUP_ITEMS)
    }
}

/// The check of one answer, at one path.
pub(super) struct Check<'a> {
    pub(super) question: &'a Question,
    pub(super) mode: Mode,
    pub(super) lookups: &'a dyn Lookups,
    pub(super) errors: &'a mut FieldErrors,
}

impl Check<'_> {
    fn fail(&mut self, path: &str, id: &'static str) {
        self.errors.push(path, self.says(id));
    }

    fn says(&self, id: &'static str) -> Message {
        Message::new(id).with("label", &self.question.label)
    }

    pub(super) fn value(&mut self, path: &str, value: &Value) {
        use QuestionType as T;
        let question = self.question;
        if !question.parts().is_empty() {
            return self.parts(path, value);
        }
        match question.kind {
            T::Text | T::System => self.text(path, value, question.text_limit(), false),
            T::LongText => self.text(path, value, question.text_limit(), true),
            T::Number => self.number(path, value),
            T::Date => self.date(path, value),
            T::YesNo => self.yes_no(path, value),
            T::Choice => self.option(path, value),
            T::Choices => self.list(path, value, Self::option),
            T::Country => self.country(path, value),
            T::Countries => self.list(path, value, Self::country),
            T::Party => self.id(path, value, "forms-not-party", |lookups, id| lookups.party(id)),
            T::Site => self.id(path, value, "forms-not-site", |lookups, id| lookups.site(id)),
            T::Money | T::Period | T::Moment | T::Address | T::Contact | T::File | T::Group => {}
        }
        let refuses = question.refuse == Some(Refuse::HomeAddress);
        if refuses && matches!(question.kind, T::Text | T::LongText) && value.as_str().is_some_and(reads_as_home) {
            self.fail(path, "forms-home-address");
        }
    }

    fn text(&mut self, path: &str, value: &Value, limit: u32, lines: bool) {
        let Some(text) = value.as_str() else {
            return self.fail(path, "forms-not-text");
        };
        let length = text.chars().count();
        if length > limit as usize {
            let says = self.says("forms-too-long").with("max", limit).with("length", length);
            return self.errors.push(path, says);
        }
        let words = text.split_whitespace().count();
        if let Some(most) = self.question.max_words.filter(|most| self.question.parts().is_empty() && words > *most as usize) {
            let says = self.says("forms-too-many-words").with("max", most).with("length", words);
            return self.errors.push(path, says);
        }
        if !lines && text.contains(['\n', '\r']) {
            return self.fail(path, "forms-one-line");
        }
        if text.chars().any(|c| c.is_ascii_control() && !matches!(c, '\n' | '\t')) {
            self.fail(path, "forms-control-characters");
        }
    }

    fn number(&mut self, path: &str, value: &Value) {
        let Some(number) = value.as_f64().filter(|number| number.abs() < NUMBER_LIMIT) else {
            return self.fail(path, if self.question.integer { "forms-not-whole-number" } else { "forms-not-number" });
        };
        if self.question.integer && number.fract() != 0.0 {
            return self.fail(path, "forms-not-whole-number");
        }
        self.bounds(path, number);
    }

    fn bounds(&mut self, path: &str, number: f64) {
        let question = self.question;
        if let Some(min) = question.min.as_ref().filter(|min| min.as_f64().is_some_and(|min| number < min)) {
            let says = self.says("forms-too-small").with("min", self.shown(min));
            self.errors.push(path, says);
        } else if let Some(max) = question.max.as_ref().filter(|max| max.as_f64().is_some_and(|max| number > max)) {
            let says = self.says("forms-too-large").with("max", self.shown(max));
            self.errors.push(path, says);
        }
    }

    /// A bound as people write it: money in whole units.
    fn shown(&self, bound: &Value) -> String {
        match whole(bound) {
            Some(minor) if self.question.kind == QuestionType::Money => super::fields::pounds(minor),
            _ => bound.to_string(),
        }
    }

    fn date(&mut self, path: &str, value: &Value) {
        let Some(day) = date(value) else {
            return self.fail(path, "forms-not-date");
        };
        let bound = |bound: &Option<Value>| -> Option<Date> { bound.as_ref().and_then(date) };
        if let Some(min) = bound(&self.question.min).filter(|min| day < *min) {
            let says = self.says("forms-date-too-early").with("min", min);
            self.errors.push(path, says);
        } else if let Some(max) = bound(&self.question.max).filter(|max| day > *max) {
            let says = self.says("forms-date-too-late").with("max", max);
            self.errors.push(path, says);
        }
    }

    fn yes_no(&mut self, path: &str, value: &Value) {
        let unknown = self.question.allow_unknown && value == NOT_KNOWN;
        if !value.is_boolean() && !unknown {
            self.fail(path, "forms-not-yes-no");
        } else if value == true && self.question.refuse == Some(Refuse::HomeAddress) {
            self.fail(path, "forms-home-yes");
        }
    }

    fn option(&mut self, path: &str, value: &Value) {
        if !self.question.options.iter().any(|option| value == option.id.as_str()) {
            self.fail(path, "forms-not-option");
        }
    }

    fn country(&mut self, path: &str, value: &Value) {
        let known = value.as_str().is_some_and(|code| {
            code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) && self.lookups.country(code).as_deref() == Some(code)
        });
        if !known {
            self.fail(path, "forms-not-country");
        }
    }

    fn list(&mut self, path: &str, value: &Value, each: fn(&mut Self, &str, &Value)) {
        let Some(items) = value.as_array() else {
            return self.fail(path, "forms-not-list");
        };
        for (index, item) in items.iter().enumerate() {
            let before = self.errors.len();
            each(self, path, item);
            if self.errors.len() > before {
                return;
            }
            if items[..index].contains(item) {
                return self.fail(path, "forms-repeated");
            }
        }
        let (least, most) = (self.question.min_items, self.question.max_items);
        if let Some(most) = most.filter(|most| items.len() > *most as usize) {
            let says = self.says("forms-too-many-choices").with("max", most).with("length", items.len());
            self.errors.push(path, says);
        } else if let Some(least) = least.filter(|least| self.mode == Mode::Submit && items.len() < *least as usize) {
            let says = self.says("forms-too-few-choices").with("min", least);
            self.errors.push_missing(path, says);
        }
    }

    fn id(&mut self, path: &str, value: &Value, wrong: &'static str, known: fn(&dyn Lookups, &str) -> bool) {
        if !value.as_str().is_some_and(|id| id.len() <= 64 && known(self.lookups, id)) {
            self.fail(path, wrong);
        }
    }

    fn parts(&mut self, path: &str, value: &Value) {
        let Some(map) = value.as_object() else {
            return self.fail(path, "forms-wrong-shape");
        };
        let parts = self.question.parts();
        for key in map.keys().filter(|key| parts.iter().all(|part| part.name != key.as_str())) {
            self.errors.unknown(path, key);
        }
        let before = self.errors.len();
        // A file that was uploaded says all that is demanded of a note about one.
        let uploaded = self.question.kind == QuestionType::File && map.contains_key(UPLOADED);
        for part in parts {
            let at = format!("{path}.{}", part.name);
            match map.get(part.name) {
                Some(value) => self.part(&at, part.kind, value),
                None if part.required && !uploaded && self.mode == Mode::Submit => {
                    let says = self.says(part.missing);
                    self.errors.push_missing(&at, says);
                }
                None => {}
            }
        }
        if self.errors.len() == before {
            self.whole_answer(path, value);
        }
    }

    fn whole_answer(&mut self, path: &str, value: &Value) {
        let day = |name| value.get(name).and_then(date);
        match self.question.kind {
            QuestionType::Period if day("from").zip(day("to")).is_some_and(|(from, to)| to < from) => {
                self.fail(&format!("{path}.to"), "forms-period-order");
            }
            QuestionType::Address if self.question.refuse == Some(Refuse::HomeAddress) => {
                let text = |name| value.get(name).and_then(Value::as_str).unwrap_or_default();
                if reads_as_home(&format!("{}\n{}", text("lines"), text("town"))) {
                    self.fail(&format!("{path}.lines"), "forms-home-address");
                }
            }
            QuestionType::File => self.file(path, value),
            _ => {}
        }
    }

    /// The ending and the size of an uploaded file.
    fn file(&mut self, path: &str, value: &Value) {
        let Some(facts) = value.get(UPLOADED).and_then(Value::as_str).and_then(|id| self.lookups.file(id)) else { return };
        let at = format!("{path}.{UPLOADED}");
        let ending = facts.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        if !self.question.formats.is_empty() && !self.question.formats.contains(&ending) {
            let says = self.says("forms-file-format").with("formats", self.question.formats.join(", "));
            self.errors.push(&at, says);
        }
        if let Some(most) = self.question.max_mib.filter(|most| facts.bytes > u64::from(*most) << 20) {
            let says = self.says("forms-file-too-large").with("mib", most);
            self.errors.push(&at, says);
        }
    }

    fn part(&mut self, path: &str, kind: PartKind, value: &Value) {
        match kind {
            PartKind::Upload => self.id(path, value, "forms-not-file", |lookups, id| lookups.file(id).is_some()),
            PartKind::Line(limit) => self.text(path, value, limit, false),
            PartKind::Lines(limit) => self.text(path, value, limit, true),
            PartKind::Country => self.country(path, value),
            PartKind::Date if self.question.kind == QuestionType::Moment => self.date(path, value),
            PartKind::Date if date(value).is_none() => self.fail(path, "forms-not-date"),
            PartKind::Time if moment::time(value).is_none() => self.fail(path, "forms-not-time"),
            PartKind::Amount => match whole(value) {
                Some(minor) if self.question.min.is_none() && minor < 0 => {
                    self.fail(path, "forms-not-amount");
                }
                #[expect(clippy::cast_precision_loss, reason = "whole numbers here stay below 1e15")]
                Some(minor) if minor.unsigned_abs() < 1_000_000_000_000_000 => {
                    self.bounds(path, minor as f64);
                }
                _ => self.fail(path, "forms-not-amount"),
            },
            PartKind::Currency if !value.as_str().is_some_and(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())) => {
                self.fail(path, "forms-not-currency");
            }
            PartKind::Email if !value.as_str().is_some_and(is_email) => {
                self.fail(path, "forms-not-email");
            }
            PartKind::Telephone if !value.as_str().is_some_and(is_telephone) => {
                self.fail(path, "forms-not-telephone");
            }
            _ => {}
        }
    }
}

/// One `@`, something before it, a dotted name after it, no white space, at most 254 characters.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |part: &str| !part.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
    let dotted = domain.char_indices().any(|(at, c)| c == '.' && at > 0 && at + 1 < domain.len());
    text.chars().count() <= 254 && !local.is_empty() && plain(local) && plain(domain) && dotted
}

/// At least five digits, no letters but those of an extension, at most 40 characters.
fn is_telephone(text: &str) -> bool {
    text.chars().count() <= 40
        && text.chars().all(|c| c.is_ascii_digit() || " +-().,/#extEXT".contains(c))
        && text.chars().filter(char::is_ascii_digit).count() >= 5
}

/// Whether an address reads as someone's home (OFF-Q3). Cautious: only phrases that no workplace has.
pub fn reads_as_home(text: &str) -> bool {
    const PHRASES: [&str; 12] = [
        "home address",
        "home of",
        "my home",
        "his home",
        "her home",
        "their home",
        "my house",
        "my flat",
        "private address",
        "private residence",
        "private house",
        "employee home",
    ];
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(500).map(str::to_lowercase).collect();
    let line = format!(" {} ", words.join(" "));
    let numbered_flat = words
        .windows(2)
        .any(|pair| pair[0] == "flat" && (pair[1].chars().count() == 1 || pair[1].starts_with(|c: char| c.is_ascii_digit())));
    numbered_flat || PHRASES.iter().any(|phrase| line.contains(&format!(" {phrase} ")))
}
