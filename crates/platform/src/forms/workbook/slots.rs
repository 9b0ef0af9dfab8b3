//! The cells of an answer: one for a question of one piece, one a part for others. What may stand in each, in both directions.

use jiff::civil::{Date, Time};
use rules::form::{Lookups as _, Part, PartKind, Question, QuestionType, amount_text, clock, time_text};
use serde_json::Value;

use super::CELL;
use crate::forms::Choices;
use crate::forms::render::boxes::kind_name;
use crate::texts::Text;

/// One cell of an answer.
#[derive(Clone, Copy)]
pub(super) struct Slot<'f> {
    pub(super) question: &'f Question,
    pub(super) part: Option<&'static Part>,
}

/// What a cell holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Text of at most so many characters.
    Text(u32),
    /// Text of several lines, of at most so many characters.
    Lines(u32),
    Number,
    Amount,
    Date,
    /// A time of the day.
    Time,
    /// One of what is offered.
    One,
    /// Several of what is offered, a line each.
    Several,
}

/// What somebody put into a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Given {
    Text(String),
    Number(f64),
    Truth(bool),
    Day(Date),
    /// A time of the day by itself.
    Time(Time),
    /// A day with a time of the day.
    Moment(Date, Time),
    /// An error of the spreadsheet's, such as `#N/A`.
    Error(String),
}

/// What we put into a cell.
#[derive(Debug, PartialEq)]
pub(super) enum Shown {
    Blank,
    Text(String),
    Number(f64),
    Day(Date),
    /// A cell holds no text of this length.
    TooLong,
}

/// The cells of a question; none for a group, whose questions have their own.
pub(super) fn slots(question: &Question) -> Vec<Slot<'_>> {
    if question.kind == QuestionType::Group {
        return Vec::new();
    }
    if question.parts().is_empty() {
        return vec![Slot { question, part: None }];
    }
    let filled = question.parts().iter().filter(|part| part.kind != PartKind::Upload);
    filled.map(|part| Slot { question, part: Some(part) }).collect()
}

/// A number as fields hold it: whole ones without a point.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number}") }
}

/// A number as it is held whoever wrote it: `1250.50` and `1250.5` are the same. What is none stays as it is.
fn plain_number(text: &str) -> String {
    let digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.')) && text.len() <= 15;
    text.parse().ok().filter(|_| digits).map_or_else(|| text.to_owned(), number_text)
}

impl Slot<'_> {
    /// Its id in the workbook, and the end of its field's name.
    pub(super) fn key(&self) -> String {
        match self.part {
            Some(part) => format!("{}.{}", self.question.id, part.name),
            None => self.question.id.clone(),
        }
    }

    /// What is asked.
    pub(super) fn label(&self) -> String {
        let Some(part) = self.part else { return self.question.label.clone() };
        let kind = kind_name(self.question.kind);
        format!("{}: {}", self.question.label, crate::texts::t(&format!("answering-{kind}-{}", part.name)))
    }

    pub(super) fn holds(&self) -> Holds {
        use QuestionType as T;
        let question = self.question;
        if let Some(part) = self.part {
            return match part.kind {
                PartKind::Line(most) => Holds::Text(most),
                PartKind::Lines(most) => Holds::Lines(most),
                PartKind::Email | PartKind::Telephone | PartKind::Upload => Holds::Text(254),
                PartKind::Currency => Holds::Text(3),
                PartKind::Date => Holds::Date,
                PartKind::Time => Holds::Time,
                PartKind::Country => Holds::One,
                PartKind::Amount => Holds::Amount,
            };
        }
        match question.kind {
            T::LongText => Holds::Lines(question.text_limit()),
            T::Number => Holds::Number,
            T::Date => Holds::Date,
            T::YesNo | T::Choice | T::Country | T::Party | T::Site => Holds::One,
            T::Choices | T::Countries => Holds::Several,
            _ => Holds::Text(question.text_limit()),
        }
    }

    fn countries(&self) -> bool {
        matches!(self.question.kind, QuestionType::Country | QuestionType::Countries)
            || self.part.is_some_and(|part| part.kind == PartKind::Country)
    }

    /// What may be chosen: the value of the field, and what people read. Where two read alike, they carry their ids.
    pub(super) fn offered(&self, choices: &Choices) -> Vec<(String, String)> {
        use QuestionType as T;
        if self.countries() {
            return rules::country::Country::all().map(|c| (c.code().to_owned(), c.name().to_owned())).collect();
        }
        let mut all: Vec<(String, String)> = match self.question.kind {
            T::YesNo => {
                let mut all = vec![("yes".to_owned(), crate::t!("answering-yes")), ("no".to_owned(), crate::t!("answering-no"))];
                if self.question.allow_unknown {
                    all.push(("unknown".to_owned(), crate::t!("answering-unknown")));
                }
                all
            }
            T::Choice | T::Choices => self.question.options.iter().map(|o| (o.id.clone(), one_line(&o.label))).collect(),
            T::Party => choices.parties.iter().map(|pick| (pick.id.clone(), one_line(&pick.label))).collect(),
            T::Site => choices.sites.iter().map(|pick| (pick.id.clone(), one_line(&pick.label))).collect(),
            _ => Vec::new(),
        };
        // What is written must be read back as itself.
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        let twice = |at: usize, label: &str| all.iter().enumerate().any(|(n, (id, l))| n != at && (same(l, label) || same(id, label)));
        let alike: Vec<bool> = all.iter().enumerate().map(|(at, (_, label))| twice(at, label)).collect();
        for ((id, label), _) in all.iter_mut().zip(alike).filter(|(_, alike)| *alike) {
            *label = format!("{label} ({id})");
        }
        all
    }

    /// What an answer says in this cell, as its field would be posted: nothing, one text, or several.
    pub(super) fn canonical(&self, answer: Option<&Value>) -> Vec<String> {
        let whole = answer;
        let value = match self.part {
            Some(part) => whole.and_then(|whole| whole.get(part.name)),
            None => whole,
        };
        let one = |value: &Value| match value {
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), number_text),
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().map(one).collect(),
            Some(value) if self.holds() == Holds::Amount => {
                let currency = whole.and_then(|whole| whole.get("currency")).and_then(Value::as_str).unwrap_or_default();
                vec![value.as_i64().map_or_else(|| one(value), |minor| plain_number(&amount_text(minor, currency)))]
            }
            Some(value) => vec![one(value)],
        }
    }

    /// What we put into the cell for an answer that says this.
    pub(super) fn shown(&self, canonical: &[String], choices: &Choices) -> Shown {
        let Some(first) = canonical.first() else { return Shown::Blank };
        match self.holds() {
            Holds::Number | Holds::Amount => match first.parse::<f64>() {
                // What a spreadsheet would not hold exactly stays a text.
                Ok(number) if number_text(number).trim_end_matches(".0").len() <= 15 => Shown::Number(number),
                _ => Shown::Text(first.clone()),
            },
            Holds::Date => match first.parse::<Date>() {
                Ok(day) if (1900..=9999).contains(&day.year()) => Shown::Day(day),
                _ => Shown::Text(first.clone()),
            },
            _ => {
                let text = self.words(canonical, choices).join("\n");
                if text.encode_utf16().count() > CELL { Shown::TooLong } else { Shown::Text(text) }
            }
        }
    }

    /// The same in words.
    pub(super) fn words(&self, canonical: &[String], choices: &Choices) -> Vec<String> {
        let offered = self.offered(choices);
        let word = |id: &String| offered.iter().find(|(other, _)| other == id).map_or_else(|| id.clone(), |(_, label)| label.clone());
        canonical.iter().map(word).collect()
    }

    /// What somebody put into the cell, as its field would be posted.
    ///
    /// # Errors
    /// What to do, when it is no answer of this kind at all.
    pub(super) fn read(&self, given: &Given, choices: &Choices) -> Result<Vec<String>, Text> {
        let holds = self.holds();
        let text = match given {
            Given::Error(code) => return Err(Text::new("workbook-error-value").with("code", code)),
            Given::Day(day) | Given::Moment(day, _) if matches!(holds, Holds::Number | Holds::Amount) => {
                return Err(Text::new("workbook-day-not-number").with("day", day));
            }
            Given::Day(day) | Given::Moment(day, _) if holds == Holds::Time => {
                return Err(Text::new("workbook-day-not-time").with("day", day));
            }
            Given::Time(time) if matches!(holds, Holds::Date | Holds::Number | Holds::Amount) => {
                return Err(Text::new("workbook-time").with("time", clock(*time)));
            }
            // The time would be lost without a word.
            Given::Moment(_, time) if holds == Holds::Date && self.question.kind == QuestionType::Moment => {
                return Err(Text::new("workbook-time-apart").with("time", clock(*time)));
            }
            // Whole ones are times without a colon; of others nobody can tell whether they are hours or parts of a day.
            Given::Number(number) if holds == Holds::Time && number.fract() != 0.0 => return Err(Text::new("workbook-number-not-time")),
            Given::Number(_) if holds == Holds::Date => return Err(Text::new("workbook-number-not-day")),
            Given::Truth(_) if matches!(holds, Holds::Date | Holds::Time | Holds::Number | Holds::Amount) => {
                return Err(Text::new("workbook-truth"));
            }
            Given::Truth(truth) if self.question.kind == QuestionType::YesNo => if *truth { "yes" } else { "no" }.to_owned(),
            Given::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            Given::Moment(day, time) if holds != Holds::Date => format!("{day} {}", clock(*time)),
            Given::Day(day) | Given::Moment(day, _) => day.to_string(),
            Given::Time(time) => clock(*time),
            Given::Number(number) => number_text(*number),
            Given::Text(text) => text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned(),
        };
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(Text::new("workbook-control-characters"));
        }
        if text.is_empty() {
            return Ok(Vec::new());
        }
        Ok(match holds {
            Holds::One => vec![self.resolve(&text, choices)],
            Holds::Several => self.several(&text, choices),
            Holds::Number | Holds::Amount => vec![plain_number(&text)],
            Holds::Time => vec![time_text(&text).unwrap_or(text)],
            _ => vec![text],
        })
    }

    /// What was chosen: by id, or as people read it. What is not offered stays as it was typed, for the check to refuse.
    fn resolve(&self, text: &str, choices: &Choices) -> String {
        self.known(text, choices).unwrap_or_else(|| text.to_owned())
    }

    fn known(&self, text: &str, choices: &Choices) -> Option<String> {
        let offered = self.offered(choices);
        let plain = one_line(text);
        if let Some((id, _)) = offered.iter().find(|(id, _)| *id == plain) {
            return Some(id.clone());
        }
        let label = offered.iter().find(|(_, label)| label.to_lowercase() == plain.to_lowercase());
        label.map(|(id, _)| id.clone()).or_else(|| if self.countries() { choices.country(&plain) } else { None })
    }

    /// A line each; a line that is no choice by itself may hold several with `;` between.
    fn several(&self, text: &str, choices: &Choices) -> Vec<String> {
        let mut found = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match self.known(line, choices) {
                Some(id) => found.push(id),
                None => found.extend(line.split(';').map(str::trim).filter(|p| !p.is_empty()).map(|p| self.resolve(p, choices))),
            }
        }
        found
    }
}

/// A label as a cell of a list holds it.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
