//! The one reader of web posts, and its inverse.
//!
//! Names are `q.` and the path of the question: `q.description`, in a group `q.sites.0.site_name` (entries from 0).
//!
//! | type | names and values |
//! |---|---|
//! | text, longtext, system, party, site | `q.ID` |
//! | number | `q.ID`, as people write it: `1,250.5` |
//! | `yes_no` | `q.ID` = `yes`, `no`, `unknown` |
//! | choice | `q.ID` = option id |
//! | choices | `q.ID` repeated, an option id each |
//! | country, countries | `q.ID` (repeated), a code or a name |
//! | date | `q.ID.day`, `q.ID.month` (number or name), `q.ID.year`; or `q.ID` = `2026-11-22` |
//! | period | `q.ID.from.day` … `q.ID.to.year` |
//! | moment | `q.ID.date.day` … `q.ID.date.year`; `q.ID.time` as people type times: `9:05`, `0905`, `9.05`, `9:05 pm` |
//! | money | `q.ID.amount` in whole units (`1,250.50`), `q.ID.currency` |
//! | address, contact, file | `q.ID.PART` as in [`Part`]; a file's `date` as a date. Bytes come beside the fields, as `q.ID.upload` |
//!
//! Beside them: `asked` = question id, once for each question on the page, clears the answer of a question that posts nothing (a page
//! cannot tell otherwise); `q.GROUP.2.remove` takes an entry out; `q.GROUP.add` adds an empty one. Entries with nothing in them
//! are dropped. Names that do not start with `q.` are somebody else's. White space at both ends is dropped, line ends become `\n`.
//! What cannot be read as its type is kept as it was typed, so that the page can show it beside its error.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use serde_json::{Map, Value, json};

use super::{Answers, FieldErrors, Form, Lookups, Mode, Part, PartKind, Patch, Question, QuestionType, answers::whole, moment::time_text};
use crate::condition::NOT_KNOWN;

/// What is kept of something typed that cannot be read, in characters.
const TYPED_KEPT: usize = 200;

impl Form {
    /// Reads the post of one section: what it changes, and what is wrong with it once applied to the current answers (as in
    /// a draft: nothing is demanded). A name that the section does not have is an error.
    pub fn from_fields(
        &self,
        section: &str,
        fields: &[(String, String)],
        current: &Answers,
        lookups: &dyn Lookups,
    ) -> (Patch, FieldErrors) {
        let mut reader = Reader::new(fields, lookups);
        let mut patch = Patch::default();
        for question in self.section(section).iter().flat_map(|section| &section.questions) {
            if let Some(value) = reader.top(question) {
                patch.0.insert(question.id.clone(), value);
            }
        }
        let mut after = current.clone();
        after.apply(&patch);
        let mut errors = self.check_section(section, &after, Mode::Draft, lookups);
        for name in reader.unread() {
            errors.unknown("", name);
        }
        (patch, errors)
    }

    /// The fields that, posted, give these answers to a section again. Hidden questions are left out, but not those in the entries of
    /// a group: a post replaces the whole group, and hidden answers stay in the draft.
    pub fn to_fields(&self, section: &str, answers: &Answers) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        let seen = self.visible(answers);
        for question in self.section(section).iter().flat_map(|section| &section.questions) {
            if seen.question(&question.id).is_false() {
                continue;
            }
            fields.push(("asked".to_owned(), question.id.clone()));
            if let Some(value) = answers.get(&question.id) {
                write(question, &format!("q.{}", question.id), value, &mut fields);
            }
        }
        fields
    }
}

impl Question {
    /// The fields that, posted, give this answer again, under `name` (such as `q.description`); what could not be read as its
    /// type comes back as it was typed. Entries of a group count from 0.
    pub fn fields(&self, name: &str, answer: &Value) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        write(self, name, answer, &mut fields);
        fields
    }
}

struct Reader<'a> {
    fields: BTreeMap<&'a str, Vec<&'a str>>,
    asked: BTreeSet<&'a str>,
    read: BTreeSet<&'a str>,
    lookups: &'a dyn Lookups,
}

impl<'a> Reader<'a> {
    fn new(pairs: &'a [(String, String)], lookups: &'a dyn Lookups) -> Self {
        let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut asked = BTreeSet::new();
        for (name, value) in pairs {
            if name == "asked" {
                asked.insert(value.as_str());
            } else if let Some(path) = name.strip_prefix("q.") {
                fields.entry(path).or_default().push(value);
            }
        }
        Self { fields, asked, read: BTreeSet::new(), lookups }
    }

    fn unread(&self) -> impl Iterator<Item = &'a str> {
        self.fields.keys().filter(|path| !self.read.contains(*path)).copied()
    }

    /// The names at a path and below it.
    fn below(&self, path: &str) -> Vec<&'a str> {
        self.fields
            .range::<str, _>((Bound::Included(path), Bound::Unbounded))
            .map(|(name, _)| *name)
            .take_while(|name| name.starts_with(path))
            .filter(|name| name.len() == path.len() || name.as_bytes().get(path.len()) == Some(&b'.'))
            .collect()
    }

    /// Every value of a name, without white space at its ends.
    fn take(&mut self, path: &str) -> Vec<String> {
        let Some((name, values)) = self.fields.get_key_value(path) else {
            return Vec::new();
        };
        self.read.insert(name);
        values
            .iter()
            .map(|value| value.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect()
    }

    fn text(&mut self, path: &str) -> Option<String> {
        self.take(path).into_iter().next()
    }

    /// The answer to a question of the section: nothing if the post is silent, `null` if it is cleared.
    fn top(&mut self, question: &Question) -> Option<Value> {
        let names = self.below(&question.id);
        if names.is_empty() && !self.asked.contains(question.id.as_str()) {
            return None;
        }
        let value = match question.kind {
            QuestionType::Group => self.group(question, &names),
            _ => self.question(question, &question.id),
        };
        Some(value.unwrap_or(Value::Null))
    }

    fn group(&mut self, group: &Question, names: &[&'a str]) -> Option<Value> {
        let start = group.id.len() + 1;
        let indexes: BTreeSet<u16> = names
            .iter()
            .filter_map(|name| name.get(start..)?.split('.').next())
            .filter(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
            .filter_map(|index| index.parse().ok())
            .collect();
        let mut entries = Vec::new();
        for index in indexes {
            let path = format!("{}.{index}", group.id);
            let mut entry = Map::new();
            for inner in &group.questions {
                if let Some(value) = self.question(inner, &format!("{path}.{}", inner.id)) {
                    entry.insert(inner.id.clone(), value);
                }
            }
            let removed = self.fields.contains_key(format!("{path}.remove").as_str());
            self.take(&format!("{path}.remove"));
            if !removed && !entry.is_empty() {
                entries.push(Value::Object(entry));
            }
        }
        let add = format!("{}.add", group.id);
        if self.fields.contains_key(add.as_str()) {
            self.take(&add);
            entries.push(json!({}));
        }
        (!entries.is_empty()).then_some(Value::Array(entries))
    }

    fn question(&mut self, question: &Question, path: &str) -> Option<Value> {
        use QuestionType as T;
        if !question.parts().is_empty() {
            return self.parts(question.parts(), path);
        }
        match question.kind {
            T::Number => self.text(path).map(|typed| number(&typed)),
            T::Date => self.date(path),
            T::YesNo => self.text(path).map(|typed| match typed.as_str() {
                "yes" => json!(true),
                "no" => json!(false),
                other => json!(kept(other)),
            }),
            T::Choices => list(self.take(path).into_iter().map(|typed| json!(kept(&typed)))),
            T::Country => self.text(path).map(|typed| self.country(&typed)),
            T::Countries => {
                let typed = self.take(path);
                list(typed.iter().map(|typed| self.country(typed)))
            }
            T::Choice | T::Party | T::Site => self.text(path).map(|typed| json!(kept(&typed))),
            _ => self.text(path).map(Value::String),
        }
    }

    fn country(&self, typed: &str) -> Value {
        let typed = kept(typed);
        json!(self.lookups.country(&typed).unwrap_or(typed))
    }

    fn parts(&mut self, parts: &[Part], path: &str) -> Option<Value> {
        let mut answer = Map::new();
        let mut given = false;
        let currency = self.text(&format!("{path}.currency")).map(|typed| kept(&typed).to_uppercase());
        for part in parts {
            let at = format!("{path}.{}", part.name);
            let value = match part.kind {
                PartKind::Date => self.date(&at),
                PartKind::Time => self.text(&at).map(|typed| json!(time_text(&typed).unwrap_or_else(|| kept(&typed)))),
                PartKind::Country => self.text(&at).map(|typed| self.country(&typed)),
                PartKind::Amount => self.text(&at).map(|typed| minor_units(&typed, digits(currency.as_deref().unwrap_or_default()))),
                PartKind::Currency => currency.clone().map(Value::String),
                PartKind::Upload => self.text(&at).map(|typed| json!(kept(&typed))),
                _ => self.text(&at).map(Value::String),
            };
            // A page offers a currency before anything is answered; alone it says nothing.
            given |= value.is_some() && part.kind != PartKind::Currency;
            if let Some(value) = value {
                answer.insert(part.name.to_owned(), value);
            }
        }
        given.then_some(Value::Object(answer))
    }

    fn date(&mut self, path: &str) -> Option<Value> {
        let whole = self.text(path);
        let [year, month, day] =
            ["year", "month", "day"].map(|part| self.text(&format!("{path}.{part}")).map(|typed| kept(&typed).replace('-', "")));
        if year.is_none() && month.is_none() && day.is_none() {
            return whole.map(|typed| json!(kept(&typed)));
        }
        let [year, month, day] = [year, month, day].map(Option::unwrap_or_default);
        let month = month_number(&month).map_or(month, |number| number.to_string());
        Some(json!(format!("{year}-{month:0>2}-{day:0>2}")))
    }
}

fn list(items: impl Iterator<Item = Value>) -> Option<Value> {
    let items: Vec<Value> = items.collect();
    (!items.is_empty()).then_some(Value::Array(items))
}

fn kept(typed: &str) -> String {
    typed.chars().take(TYPED_KEPT).collect()
}

fn month_number(typed: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start: String = typed.chars().take(3).flat_map(char::to_lowercase).collect();
    MONTHS.iter().position(|month| *month == start).map(|index| index + 1)
}

/// A number without the separators that people write into it.
fn bare(typed: &str) -> String {
    typed.chars().take(TYPED_KEPT).filter(|c| !matches!(c, ',' | ' ' | '\u{a0}' | '\u{202f}' | '£' | '€' | '$')).collect()
}

fn number(typed: &str) -> Value {
    let bare = bare(typed);
    let plain = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.')) && bare.len() <= 30;
    let read = match bare.parse::<i64>() {
        _ if !plain => None,
        Ok(whole) => Some(json!(whole)),
        Err(_) => bare.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number)),
    };
    read.unwrap_or_else(|| json!(kept(typed)))
}

/// How many digits a currency has after the point.
fn digits(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

fn minor_units(typed: &str, digits: usize) -> Value {
    let bare = bare(typed);
    let (units, fraction) = bare.split_once('.').unwrap_or((&bare, ""));
    let readable = fraction.len() <= digits
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && units.strip_prefix('-').unwrap_or(units).bytes().all(|byte| byte.is_ascii_digit())
        && units.bytes().any(|byte| byte.is_ascii_digit())
        && units.len() <= 15;
    let minor = readable.then(|| format!("{units}{fraction:0<digits$}").parse::<i64>().ok()).flatten();
    minor.map_or_else(|| json!(kept(typed)), |minor| json!(minor))
}

/// Minor units of a currency with two digits, as people write them.
pub(super) fn pounds(minor: i64) -> String {
    units(minor, 2)
}

/// An amount in minor units of a currency as people write it: `1250.50`.
pub fn amount_text(minor: i64, currency: &str) -> String {
    units(minor, digits(currency))
}

fn units(minor: i64, digits: usize) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let plain = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (units, fraction) = plain.split_at(plain.len() - digits);
    if digits == 0 { format!("{sign}{units}") } else { format!("{sign}{units}.{fraction}") }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn write(question: &Question, name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    use QuestionType as T;
    match (question.kind, value) {
        (T::Group, Value::Array(entries)) => {
            for (index, entry) in entries.iter().enumerate() {
                for inner in &question.questions {
                    if let Some(value) = entry.get(&inner.id) {
                        write(inner, &format!("{name}.{index}.{}", inner.id), value, fields);
                    }
                }
            }
        }
        (_, Value::Object(answer)) => {
            let digits = digits(answer.get("currency").and_then(Value::as_str).unwrap_or_default());
            for part in question.parts() {
                let Some(value) = answer.get(part.name) else {
                    continue;
                };
                let name = format!("{name}.{}", part.name);
                match part.kind {
                    PartKind::Date => write_date(&name, value, fields),
                    PartKind::Amount => fields.push((name, whole(value).map_or_else(|| plain(value), |minor| units(minor, digits)))),
                    _ => fields.push((name, plain(value))),
                }
            }
        }
        (T::Date, value) => write_date(name, value, fields),
        (T::Choices | T::Countries, Value::Array(items)) => {
            fields.extend(items.iter().map(|item| (name.to_owned(), plain(item))));
        }
        (T::YesNo, value) => {
            let word = match value {
                Value::Bool(true) => "yes".to_owned(),
                Value::Bool(false) => "no".to_owned(),
                other if other == NOT_KNOWN => NOT_KNOWN.to_owned(),
                other => plain(other),
            };
            fields.push((name.to_owned(), word));
        }
        (_, value) => fields.push((name.to_owned(), plain(value))),
    }
}

fn write_date(name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    let text = plain(value);
    for (part, typed) in ["year", "month", "day"].into_iter().zip(text.splitn(3, '-')) {
        let short = typed.trim_start_matches('0');
        let typed = if part == "year" || short.is_empty() { typed } else { short };
        fields.push((format!("{name}.{part}"), typed.to_owned()));
    }
}
