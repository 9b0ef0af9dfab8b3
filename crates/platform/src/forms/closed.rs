//! A section as somebody sees it who may answer it and read nothing else: conditions that look at other sections are settled here, so that no
//! answer of theirs travels to the page, and sealed answers stay closed. In the place of a sealed answer the page carries it sealed once more:
//! sent back with the section it stands for itself, and whoever holds the page cannot open it.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use rules::condition::{Condition, Match};
use rules::form::{Answers, Form, Question, QuestionType, Section};
use rules::truth::Truth;
use serde_json::Value;
use uuid::Uuid;

use super::{Choices, drafts};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal::{self, Key, Place};
use crate::web::Fields;

/// How a sealed answer begins that the page carries along.
const MARK: &str = "sealed:";
/// The place of what is sealed for a page.
const TABLE: &str = "section_link";
/// A question that no form has: its answer is never known.
const NOWHERE: &str = "-";

/// What keeps a section closed for one link.
pub struct Closed {
    /// None while the case has no answers.
    key: Option<Key>,
    link: String,
    /// What was typed in the very post that is answered: its writer may see it again.
    typed: Vec<(String, Value)>,
}

impl Closed {
    /// For the holder of a link to a case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(cx: &Cx, case: Uuid, link: Uuid) -> Result<Self> {
        let key = seal::find_subject_key(cx.db(), &cx.core().master, &drafts::subject(case)).await?;
        Ok(Self { key, link: link.to_string(), typed: Vec::new() })
    }

    /// Knowing what was typed into a section just now, sealed answers that were only carried along left out.
    #[must_use]
    pub fn having_typed(mut self, form: &Form, section: &str, fields: &Fields, choices: &Choices) -> Self {
        let pairs: Vec<(String, String)> = fields.pairs().iter().filter(|(_, value)| !value.starts_with(MARK)).cloned().collect();
        let (patch, _) = form.from_fields(section, &pairs, &Answers::new(), choices);
        for question in form.section(section).map_or(&[][..], |section| &section.questions) {
            let Some(value) = patch.0.get(&question.id).filter(|value| !value.is_null()) else { continue };
            if question.kind != QuestionType::Group {
                self.typed.push((question.id.clone(), value.clone()));
                continue;
            }
            for entry in value.as_array().map_or(&[][..], Vec::as_slice) {
                let inner = question.questions.iter().filter_map(|inner| Some((inner.id.clone(), entry.get(&inner.id)?.clone())));
                self.typed.extend(inner);
            }
        }
        self
    }

    /// Whether an answer to a sealed question may be drawn: only to whoever typed it just now.
    pub(super) fn shows(&self, question: &str, answer: &Value) -> bool {
        self.typed.iter().any(|(id, value)| id == question && value == answer)
    }

    /// A sealed answer as the page carries it along.
    pub(super) fn mark(&self, question: &str, answer: &Value) -> Result<String> {
        let key = self.key.as_ref().ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
        let sealed = key.seal(&Place { table: TABLE, id: &self.link, field: question }, answer.to_string().as_bytes())?;
        Ok(format!("{MARK}{}", BASE64.encode(sealed)))
    }

    fn opened(&self, question: &str, mark: &str) -> Result<Value> {
        let wrong = || Error::bad_request("error-not-a-form");
        let key = self.key.as_ref().ok_or_else(wrong)?;
        let sealed = mark.strip_prefix(MARK).and_then(|text| BASE64.decode(text).ok()).ok_or_else(wrong)?;
        let plain = key.open(&Place { table: TABLE, id: &self.link, field: question }, &sealed).map_err(|_| wrong())?;
        Ok(serde_json::from_slice(&plain)?)
    }

    /// A post of a section with what was carried along in the place of sealed answers put back. Where something was typed, that counts.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when something was carried along that this page did not send.
    pub fn put_back(&self, section: &Section, fields: &Fields) -> Result<Fields> {
        let mut pairs = Vec::new();
        for (name, value) in fields.pairs() {
            let carried = name.strip_prefix("q.").filter(|_| value.starts_with(MARK)).and_then(|path| sealed_at(section, path));
            let Some(question) = carried else {
                pairs.push((name.clone(), value.clone()));
                continue;
            };
            let below = format!("{name}.");
            let typed = |(other, text): &(String, String)| {
                (other == name || other.starts_with(&below)) && !text.starts_with(MARK) && !text.trim().is_empty()
            };
            if !fields.pairs().iter().any(typed) {
                pairs.extend(question.fields(name, &self.opened(&question.id, value)?));
            }
        }
        Ok(Fields::new(pairs))
    }

    /// The fields that post an answer again, sealed parts closed.
    pub(super) fn posted(&self, question: &Question, answer: &Value) -> Result<Vec<(String, String)>> {
        let name = format!("q.{}", question.id);
        if question.kind != QuestionType::Group {
            return self.part(question, question.sensitive, &name, answer);
        }
        let mut fields = Vec::new();
        for (index, entry) in answer.as_array().map_or(&[][..], Vec::as_slice).iter().enumerate() {
            for inner in &question.questions {
                if let Some(value) = entry.get(&inner.id) {
                    let name = format!("{name}.{index}.{}", inner.id);
                    fields.extend(self.part(inner, inner.sensitive || question.sensitive, &name, value)?);
                }
            }
        }
        Ok(fields)
    }

    fn part(&self, question: &Question, sealed: bool, name: &str, answer: &Value) -> Result<Vec<(String, String)>> {
        if sealed && !self.shows(&question.id, answer) {
            return Ok(vec![(name.to_owned(), self.mark(&question.id, answer)?)]);
        }
        Ok(question.fields(name, answer))
    }

    /// The answers to a section without those that stay closed.
    pub(super) fn without_sealed(&self, section: &Section, answers: &Answers) -> Answers {
        let mut open = answers.clone();
        for question in &section.questions {
            let Some(answer) = answers.get(&question.id) else { continue };
            if question.kind != QuestionType::Group {
                if question.sensitive && !self.shows(&question.id, answer) {
                    open.set(question.id.clone(), Value::Null);
                }
                continue;
            }
            let mut entries = answer.clone();
            for entry in entries.as_array_mut().into_iter().flatten() {
                for inner in question.questions.iter().filter(|inner| inner.sensitive || question.sensitive) {
                    if let Some(map) = entry.as_object_mut()
                        && map.get(&inner.id).is_some_and(|value| !self.shows(&inner.id, value))
                    {
                        map.remove(&inner.id);
                    }
                }
            }
            open.set(question.id.clone(), entries);
        }
        open
    }
}

/// The question of a section at a path (`contact`, `sites.2.protection`), if what it is answered with is sealed.
fn sealed_at<'a>(section: &'a Section, path: &str) -> Option<&'a Question> {
    let top = |id: &str| section.questions.iter().find(|question| question.id == id);
    match path.split_once('.') {
        None => top(path).filter(|question| question.sensitive),
        Some((group, rest)) => {
            let group = top(group).filter(|group| group.kind == QuestionType::Group)?;
            let inner = group.questions.iter().find(|inner| Some(inner.id.as_str()) == rest.split_once('.').map(|(_, id)| id))?;
            (inner.sensitive || group.sensitive).then_some(inner)
        }
    }
}

/// A condition with all that looks beyond the questions of `here` settled: it tells whether, never what was answered.
pub(super) fn settled(form: &Form, answers: &Answers, here: &BTreeSet<&str>, condition: &Condition) -> Condition {
    let each = |parts: &[Condition]| parts.iter().map(|part| settled(form, answers, here, part)).collect();
    match condition {
        Condition::All(parts) => Condition::All(each(parts)),
        Condition::Any(parts) => Condition::Any(each(parts)),
        Condition::Not(part) => Condition::Not(Box::new(settled(form, answers, here, part))),
        leaf if leaf.questions().is_disjoint(here) => match form.truth(leaf, answers) {
            Truth::True => Condition::All(Vec::new()),
            Truth::False => Condition::Any(Vec::new()),
            Truth::Unknown => Condition::Equals(Match { question: NOWHERE.to_owned(), value: Value::Bool(true) }),
        },
        leaf => leaf.clone(),
    }
}

/// What of the registers and files somebody needs for some sections alone.
pub fn narrowed(choices: Choices, sections: &[&Section], answers: &Answers) -> Choices {
    let questions: Vec<&Question> =
        sections.iter().flat_map(|section| &section.questions).flat_map(|q| std::iter::once(q).chain(&q.questions)).collect();
    let asks = |kind| questions.iter().any(|question| question.kind == kind);
    let given: Vec<String> =
        sections.iter().flat_map(|section| &section.questions).filter_map(|q| answers.get(&q.id)).map(Value::to_string).collect();
    let named = |id: &str| given.iter().any(|text| text.contains(id));
    Choices {
        parties: if asks(QuestionType::Party) { choices.parties } else { Vec::new() },
        sites: if asks(QuestionType::Site) { choices.sites } else { Vec::new() },
        files: choices.files.into_iter().filter(|file| named(&file.id) || file.replaced.iter().any(|old| named(old))).collect(),
        ..choices
    }
}
