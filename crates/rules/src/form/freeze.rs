//! The document that a submission freezes: what was asked, in which words, and what was answered.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Answers, Form, Lookups, Question, QuestionType, UPLOADED,
    answers::sorted,
    visible::{Evaluator, Place},
};

/// A submission as it was read: only what was shown, with its wording. The same answers give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenDocument {
    /// The pack's id.
    pub pack: String,
    /// The pack's edition.
    pub edition: String,
    /// The form's id.
    pub form: String,
    /// The form's heading.
    pub title: String,
    /// What was shown, in order.
    pub sections: Vec<FrozenSection>,
}

/// One section of a frozen document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenSection {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its questions, in order.
    pub answers: Vec<FrozenAnswer>,
}

/// One question as shown, with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenAnswer {
    /// The question's id.
    pub id: String,
    /// What kind of answer it takes.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// The question itself.
    pub label: String,
    /// Help below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Sealed when stored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// The answer; `null` when not answered, and for a group.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub value: Value,
    /// What stood for each chosen option, country, party or site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<FrozenText>,
    /// What one entry of a group is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The entries of a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Vec<FrozenAnswer>>,
}

/// A code and the words that stood for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenText {
    /// The option id, country code, or id.
    pub id: String,
    /// The words.
    pub label: String,
}

/// What differs between two rounds at one question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Where: `description`, `sites.2.address`.
    pub path: String,
    /// The question, in the newer wording where it is asked there.
    pub label: String,
    /// The answer before; none if not asked or not answered.
    pub old: Option<Value>,
    /// The answer after.
    pub new: Option<Value>,
}

impl Form {
    /// Freezes what is shown of the answers. `edition` is the pack's.
    pub fn freeze(&self, answers: &Answers, pack: &str, edition: &str, lookups: &dyn Lookups) -> FrozenDocument {
        let freezer = Freezer { evaluator: Evaluator::new(self, answers), lookups };
        let sections = self.sections.iter().filter_map(|section| {
            let shown: Vec<FrozenAnswer> = section
                .questions
                .iter()
                .filter_map(|question| freezer.answer(Place { section, group: None, question }, None, answers.get(&question.id)))
                .collect();
            (!shown.is_empty()).then(|| FrozenSection { id: section.id.clone(), title: section.title.clone(), answers: shown })
        });
        FrozenDocument {
            pack: pack.to_owned(),
            edition: edition.to_owned(),
            form: self.form.clone(),
            title: self.title.clone(),
            sections: sections.collect(),
        }
    }
}

struct Freezer<'a> {
    evaluator: Evaluator<'a>,
    lookups: &'a dyn Lookups,
}

impl<'a> Freezer<'a> {
    fn answer(&self, place: Place<'a>, index: Option<usize>, value: Option<&Value>) -> Option<FrozenAnswer> {
        if self.evaluator.asked(place, index).is_false() {
            return None;
        }
        let question = place.question;
        let group = question.kind == QuestionType::Group;
        let entries = value.and_then(Value::as_array).filter(|_| group).map_or(&[][..], Vec::as_slice);
        let entries = entries.iter().enumerate().map(|(index, entry)| {
            let inner = question.questions.iter().map(|inner| Place { group: Some(question), question: inner, ..place });
            inner.filter_map(|inner| self.answer(inner, Some(index), entry.get(&inner.question.id))).collect()
        });
        Some(FrozenAnswer {
            id: question.id.clone(),
            kind: question.kind,
            label: question.label.clone(),
            hint: question.hint.clone(),
            sensitive: question.sensitive,
            value: value.filter(|_| !group).map_or(Value::Null, |value| self.value(question, value)),
            shown: value.map_or_else(Vec::new, |value| self.shown(question, value)),
            item: question.item.clone(),
            entries: entries.collect(),
        })
    }

    /// The answer as it is kept: of a file that was uploaded the version that stands now, with its name and digest.
    fn value(&self, question: &Question, value: &Value) -> Value {
        let named = value.get(UPLOADED).and_then(Value::as_str).filter(|_| question.kind == QuestionType::File);
        let Some(facts) = named.and_then(|id| self.lookups.file(id)) else { return sorted(value) };
        let mut whole = value.clone();
        for (part, says) in [(UPLOADED, facts.id), ("name", facts.name), ("sha256", facts.sha256)] {
            whole[part] = says.into();
        }
        sorted(&whole)
    }

    fn shown(&self, question: &Question, value: &Value) -> Vec<FrozenText> {
        use QuestionType as T;
        let (kind, codes) = match (question.kind, value) {
            (T::Choices | T::Countries, Value::Array(several)) => (question.kind, several.iter().collect()),
            (T::Choice | T::Country | T::Party | T::Site, one) => (question.kind, vec![one]),
            (T::Address, address) => (T::Country, address.get("country").into_iter().collect()),
            _ => return Vec::new(),
        };
        let words = |code: &str| match kind {
            T::Choice | T::Choices => question.options.iter().find(|option| option.id == code).map(|option| option.label.clone()),
            T::Countries => self.lookups.title(T::Country, code),
            other => self.lookups.title(other, code),
        };
        codes
            .into_iter()
            .filter_map(Value::as_str)
            .filter_map(|code| Some(FrozenText { id: code.to_owned(), label: words(code)? }))
            .collect()
    }
}

impl FrozenAnswer {
    /// The answer as it was given, the entries of a group within.
    fn given(&self) -> Value {
        if self.kind != QuestionType::Group {
            return self.value.clone();
        }
        let entry = |entry: &Vec<Self>| Value::Object(entry.iter().map(|inner| (inner.id.clone(), inner.given())).collect());
        self.entries.iter().map(entry).collect()
    }
}

impl FrozenDocument {
    /// The answers within.
    pub fn answers(&self) -> Answers {
        self.sections.iter().flat_map(|section| &section.answers).map(|answer| (answer.id.clone(), answer.given())).collect()
    }

    /// The bytes to digest and store: JSON with fields in this module's order and the keys of answers sorted.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// The bytes are not such a document.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// Every answered or unanswered question by path, groups opened.
    fn flat(&self) -> Vec<(String, &FrozenAnswer)> {
        let mut flat = Vec::new();
        for answer in self.sections.iter().flat_map(|section| &section.answers) {
            if answer.kind != QuestionType::Group {
                flat.push((answer.id.clone(), answer));
            }
            for (index, entry) in answer.entries.iter().enumerate() {
                flat.extend(entry.iter().map(|inner| (format!("{}.{index}.{}", answer.id, inner.id), inner)));
            }
        }
        flat
    }

    /// What differs question by question: first in the order of the new document, then what only the old one has.
    pub fn diff(old: &Self, new: &Self) -> Vec<Change> {
        let (before, after) = (old.flat(), new.flat());
        let value = |answer: &FrozenAnswer| (!answer.value.is_null()).then(|| answer.value.clone());
        let was = |path: &str| before.iter().find(|(at, _)| at == path).map(|(_, answer)| *answer);
        let gone = before.iter().filter(|(path, _)| after.iter().all(|(at, _)| at != path));
        let changed = after.iter().map(|(path, answer)| (path, &answer.label, was(path).and_then(value), value(answer)));
        let removed = gone.map(|(path, answer)| (path, &answer.label, value(answer), None));
        changed
            .chain(removed)
            .filter(|(_, _, old, new)| old != new)
            .map(|(path, label, old, new)| Change { path: path.clone(), label: label.clone(), old, new })
            .collect()
    }
}
