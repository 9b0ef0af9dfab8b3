//! Checks answers against a form, and tells how far each section has come.

use serde::Serialize;
use serde_json::Value;

use super::{
    Answers, FieldErrors, Form, Lookups, Mode, Moment, Question, QuestionType, Section,
    value::Check,
    visible::{Evaluator, Place},
};
use crate::{message::Message, truth::Truth};

impl Form {
    /// What is wrong with the answers. What is hidden is not looked at; what is shown only because an answer it depends on
    /// is missing is not demanded. Never panics, whatever the answers hold.
    pub fn check(&self, answers: &Answers, mode: Mode, lookups: &dyn Lookups) -> FieldErrors {
        let checker = Checker { evaluator: Evaluator::new(self, answers), answers, mode, lookups };
        let mut errors = FieldErrors::default();
        for section in &self.sections {
            checker.section(section, &mut errors);
        }
        let known = |id: &str| self.sections.iter().flat_map(|section| &section.questions).any(|question| question.id == id);
        for (key, _) in answers.iter().filter(|(key, _)| !known(key)) {
            errors.unknown("", key);
        }
        errors
    }

    /// What is wrong with the answers to one section; none for a section that the form does not have.
    pub fn check_section(&self, section: &str, answers: &Answers, mode: Mode, lookups: &dyn Lookups) -> FieldErrors {
        let checker = Checker { evaluator: Evaluator::new(self, answers), answers, mode, lookups };
        let mut errors = FieldErrors::default();
        if let Some(section) = self.section(section) {
            checker.section(section, &mut errors);
        }
        errors
    }

    /// A section by id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// A question by id, groups included.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.places().into_iter().map(|place| place.question).find(|question| question.id == id)
    }

    /// The same form with every condition taken away: what is not asked at present is checked too.
    #[must_use]
    pub fn unconditional(&self) -> Self {
        let mut form = self.clone();
        for section in &mut form.sections {
            section.when = None;
            for question in &mut section.questions {
                question.when = None;
                for inner in &mut question.questions {
                    inner.when = None;
                }
            }
        }
        form
    }

    /// How far each section has come, in order.
    pub fn progress(&self, answers: &Answers, lookups: &dyn Lookups) -> Vec<SectionProgress> {
        let checker = Checker { evaluator: Evaluator::new(self, answers), answers, mode: Mode::Submit, lookups };
        self.sections.iter().map(|section| checker.progress(section)).collect()
    }
}

/// How far a section has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionProgress {
    /// The section's id.
    pub section: String,
    /// How many questions are shown.
    pub asked: usize,
    /// How many of them have an answer.
    pub answered: usize,
    /// How many required answers, or parts of answers, are missing.
    pub missing: usize,
    /// How many answers must be corrected.
    pub wrong: usize,
    /// All of it in a word.
    pub status: SectionStatus,
}

/// How far a section has come, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionStatus {
    /// Nothing in it is asked.
    NotNeeded,
    /// Nothing is answered.
    NotStarted,
    /// Something is missing or wrong.
    InProgress,
    /// It can be handed in.
    Done,
}

struct Checker<'a> {
    evaluator: Evaluator<'a>,
    answers: &'a Answers,
    mode: Mode,
    lookups: &'a dyn Lookups,
}

impl<'a> Checker<'a> {
    fn section(&self, section: &'a Section, errors: &mut FieldErrors) {
        for question in &section.questions {
            let asked = self.evaluator.asked(Place { section, group: None, question }, None);
            if asked.is_false() {
                continue;
            }
            let value = self.answers.get(&question.id);
            if let Some(must) = question.must.as_ref().filter(|_| self.mode == Mode::Submit && asked.is_true())
                && self.evaluator.truth(&must.condition, None).is_false()
            {
                errors.push(&question.id, Message::new("forms-must").with("label", &question.label).with("says", &must.says));
            }
            self.agrees(question, &question.id, &|id| self.answers.get(id), errors);
            match (question.kind, value) {
                (QuestionType::Group, Some(value)) => {
                    self.group(section, question, value, asked, errors);
                }
                _ => self.question(question, &question.id, value, asked, errors),
            }
        }
    }

    fn question(&self, question: &Question, path: &str, value: Option<&Value>, asked: Truth, errors: &mut FieldErrors) {
        if let Some(value) = value {
            Check { question, mode: self.mode, lookups: self.lookups, errors }.value(path, value);
        } else if self.mode == Mode::Submit && asked.is_true() && demanded(question) {
            errors.push_missing(path, missing(question));
        }
    }

    /// A site lies in the country that the answer beside it names; what must not be below an answer beside it, is not.
    fn agrees(&self, question: &Question, path: &str, beside: &dyn Fn(&str) -> Option<&'a Value>, errors: &mut FieldErrors) {
        let least = question.at_least.as_deref().and_then(beside);
        if let Some((least, value)) = least.zip(beside(&question.id)).filter(|_| question.kind == QuestionType::Moment) {
            not_before(question, path, value, least, errors);
        } else if let Some(least) = least
            && let Some(value) = beside(&question.id).filter(|value| below(value, least))
        {
            let least = match least.get("amount").and_then(Value::as_i64) {
                Some(minor) => super::amount_text(minor, least.get("currency").and_then(Value::as_str).unwrap_or_default()),
                None => least.as_str().map_or_else(|| least.to_string(), str::to_owned),
            };
            // Of an amount, its box is told.
            let path = if value.is_object() { format!("{path}.amount") } else { path.to_owned() };
            errors.push(&path, Message::new("forms-below-other").with("label", &question.label).with("min", least));
        }
        let text = |id: &str| beside(id).and_then(Value::as_str);
        let Some((site, country)) = text(&question.id).zip(question.country.as_deref().and_then(text)) else { return };
        if let Some(lies_in) = self.lookups.site_country(site).filter(|code| code != country) {
            let name = self.lookups.title(QuestionType::Country, &lies_in).unwrap_or(lies_in);
            errors.push(path, Message::new("forms-site-elsewhere").with("label", &question.label).with("country", name));
        }
    }

    fn group(&self, section: &'a Section, group: &'a Question, value: &'a Value, asked: Truth, errors: &mut FieldErrors) {
        let path = &group.id;
        let wrong = |id| Message::new(id).with("label", &group.label).with("item", item(group));
        let Some(entries) = value.as_array() else {
            return errors.push(path, wrong("forms-not-list"));
        };
        if entries.len() > group.item_limit() as usize {
            return errors.push(path, wrong("forms-too-many-entries").with("max", group.item_limit()));
        }
        let least = group.min_items.unwrap_or(0);
        if self.mode == Mode::Submit && asked.is_true() && entries.len() < least as usize {
            errors.push_missing(path, wrong("forms-too-few-entries").with("min", least));
        }
        for (index, entry) in entries.iter().enumerate() {
            let path = format!("{path}.{index}");
            let Some(entry) = entry.as_object() else {
                errors.push(&path, wrong("forms-wrong-shape"));
                continue;
            };
            for key in entry.keys().filter(|key| group.questions.iter().all(|inner| inner.id != **key)) {
                errors.unknown(&path, key);
            }
            for inner in &group.questions {
                let asked = self.evaluator.asked(Place { section, group: Some(group), question: inner }, Some(index));
                if !asked.is_false() {
                    let path = format!("{path}.{}", inner.id);
                    self.question(inner, &path, entry.get(&inner.id), asked, errors);
                    self.agrees(inner, &path, &|id| entry.get(id), errors);
                }
            }
        }
    }

    fn progress(&self, section: &'a Section) -> SectionProgress {
        let shown: Vec<&Question> = section
            .questions
            .iter()
            .filter(|question| !self.evaluator.asked(Place { section, group: None, question }, None).is_false())
            .collect();
        let answered = shown.iter().filter(|question| self.answers.get(&question.id).is_some()).count();
        let mut errors = FieldErrors::default();
        self.section(section, &mut errors);
        let missing = errors.iter().filter(|error| error.missing).count();
        let status = match (shown.len(), answered, errors.len()) {
            (0, _, _) => SectionStatus::NotNeeded,
            (_, 0, _) => SectionStatus::NotStarted,
            (_, _, 0) => SectionStatus::Done,
            _ => SectionStatus::InProgress,
        };
        let wrong = errors.len() - missing;
        SectionProgress { section: section.id.clone(), asked: shown.len(), answered, missing, wrong, status }
    }
}

/// Whether a number, an amount of the same currency, or a day is less than another; what cannot be compared is not.
fn below(value: &Value, least: &Value) -> bool {
    match (value, least) {
        (Value::Object(a), Value::Object(b)) if a.get("currency") == b.get("currency") => {
            a.get("amount").and_then(Value::as_i64).zip(b.get("amount").and_then(Value::as_i64)).is_some_and(|(a, b)| a < b)
        }
        (Value::Number(a), Value::Number(b)) => a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a < b),
        _ => crate::condition::date(value).zip(crate::condition::date(least)).is_some_and(|(a, b)| a < b),
    }
}

/// A moment is not before another; the box is told that would have to change: of the same day, the time's.
fn not_before(question: &Question, path: &str, value: &Value, least: &Value, errors: &mut FieldErrors) {
    let Some((own, least)) = Moment::of(value).zip(Moment::of(least)).filter(|(own, least)| own.before(least)) else { return };
    let part = if own.date == least.date { "time" } else { "date" };
    errors.push(&format!("{path}.{part}"), Message::new("forms-before-other").with("label", &question.label).with("min", least));
}

/// Whether an unanswered question is missing: a group also when it asks for entries.
fn demanded(question: &Question) -> bool {
    question.required || question.min_items.is_some_and(|least| least > 0)
}

fn item(group: &Question) -> &str {
    group.item.as_deref().unwrap_or(&group.label)
}

fn missing(question: &Question) -> Message {
    use QuestionType as T;
    let id = match question.kind {
        T::YesNo | T::Choice | T::Choices | T::Country | T::Countries | T::Party | T::Site => "forms-choose",
        T::Group => {
            return Message::new("forms-too-few-entries")
                .with("label", &question.label)
                .with("item", item(question))
                .with("min", question.min_items.unwrap_or(1).max(1));
        }
        _ => "forms-enter",
    };
    Message::new(id).with("label", &question.label)
}
