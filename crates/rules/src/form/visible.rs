//! Which sections, questions and entries are asked.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
};

use serde_json::Value;

use super::{Answers, Form, Question, QuestionType, Section};
use crate::{
    condition::{AnswersView, Condition, Found},
    truth::Truth,
};

/// Where a question stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) section: &'a Section,
    /// The group around it.
    pub(super) group: Option<&'a Question>,
    pub(super) question: &'a Question,
}

/// What is asked, by path: `true` asked, `unknown` shown but not demanded, `false` hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    sections: BTreeMap<String, Truth>,
    paths: BTreeMap<String, Truth>,
}

impl Visibility {
    /// Whether a section is asked.
    pub fn section(&self, id: &str) -> Truth {
        self.sections.get(id).copied().unwrap_or(Truth::False)
    }

    /// Whether a question is asked, its section considered: `description`, or `sites.2.address` in an entry.
    pub fn question(&self, path: &str) -> Truth {
        self.paths.get(path).copied().unwrap_or(Truth::False)
    }

    /// Whether a question is asked in an entry, from 0, of a group.
    pub fn entry(&self, group: &str, index: usize, question: &str) -> Truth {
        self.question(&format!("{group}.{index}.{question}"))
    }

    /// Every question path with its truth.
    pub fn paths(&self) -> impl Iterator<Item = (&str, Truth)> {
        self.paths.iter().map(|(path, truth)| (path.as_str(), *truth))
    }
}

/// Evaluates the conditions of one form over one set of answers.
pub(super) struct Evaluator<'a> {
    form: &'a Form,
    answers: &'a Answers,
    places: HashMap<&'a str, Place<'a>>,
    known: RefCell<HashMap<(&'a str, Option<usize>), Truth>>,
    open: RefCell<HashSet<(&'a str, Option<usize>)>>,
}

/// The evaluator as seen from one entry of a group, or from the form itself.
struct Scope<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    entry: Option<(&'a str, usize)>,
}

impl AnswersView for Scope<'_, '_> {
    fn find(&self, question: &str) -> Found<'_> {
        self.evaluator.find(question, self.entry)
    }
}

/// Facts, and what answers say beside them.
struct Beside<'e, 'a> {
    facts: &'e BTreeMap<&'e str, Option<Value>>,
    evaluator: &'e Evaluator<'a>,
}

impl AnswersView for Beside<'_, '_> {
    fn find(&self, question: &str) -> Found<'_> {
        match self.facts.get(question) {
            Some(Some(value)) => Found::One(value),
            Some(None) => Found::NotAsked,
            None => self.evaluator.find(question, None),
        }
    }
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(form: &'a Form, answers: &'a Answers) -> Self {
        let places = form.places().into_iter().map(|place| (place.question.id.as_str(), place)).collect();
        Self { form, answers, places, known: RefCell::default(), open: RefCell::default() }
    }

    pub(super) fn truth(&self, condition: &Condition, entry: Option<(&'a str, usize)>) -> Truth {
        condition.truth(&Scope { evaluator: self, entry })
    }

    pub(super) fn section(&self, section: &Section) -> Truth {
        section.when.as_ref().map_or(Truth::True, |when| self.truth(when, None))
    }

    /// Whether a question is asked, in an entry if it stands in a group. Each is worked out once; a cycle, which a
    /// loaded pack cannot have, is unknown.
    pub(super) fn asked(&self, place: Place<'a>, index: Option<usize>) -> Truth {
        let key = (place.question.id.as_str(), index);
        if let Some(truth) = self.known.borrow().get(&key) {
            return *truth;
        }
        if !self.open.borrow_mut().insert(key) {
            return Truth::Unknown;
        }
        let around = match place.group {
            Some(group) => self.asked(Place { group: None, question: group, ..place }, None),
            None => self.section(place.section),
        };
        let entry = place.group.zip(index).map(|(group, index)| (group.id.as_str(), index));
        let own = place.question.when.as_ref().map_or(Truth::True, |when| self.truth(when, entry));
        let truth = around.and(own);
        self.open.borrow_mut().remove(&key);
        self.known.borrow_mut().insert(key, truth);
        truth
    }

    /// The entries of a group, at most as many as it may have: `check` refuses the rest.
    fn entries(&self, group: &Question) -> &'a [Value] {
        let entries = self.answers.get(&group.id).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        &entries[..entries.len().min(group.item_limit() as usize)]
    }

    fn find(&self, question: &str, entry: Option<(&str, usize)>) -> Found<'a> {
        let Some(place) = self.places.get(question).copied() else {
            return Found::Unanswered;
        };
        let one = |index: Option<usize>, value: Option<&'a Value>| {
            if self.asked(place, index).is_false() {
                return Found::NotAsked;
            }
            value.map_or(Found::Unanswered, Found::One)
        };
        let Some(group) = place.group else {
            return one(None, self.answers.get(question));
        };
        let entries = self.entries(group);
        match entry {
            Some((inside, index)) if inside == group.id => one(Some(index), entries.get(index).and_then(|entry| entry.get(question))),
            _ if self.asked(Place { group: None, question: group, ..place }, None).is_false() => Found::NotAsked,
            _ => Found::Entries(entries.iter().enumerate().map(|(index, entry)| one(Some(index), entry.get(question))).collect()),
        }
    }

    pub(super) fn visibility(&self) -> Visibility {
        let mut seen = Visibility::default();
        for section in &self.form.sections {
            seen.sections.insert(section.id.clone(), self.section(section));
            for question in &section.questions {
                let place = Place { section, group: None, question };
                seen.paths.insert(question.id.clone(), self.asked(place, None));
                if question.kind != QuestionType::Group {
                    continue;
                }
                for index in 0..self.entries(question).len() {
                    for inner in &question.questions {
                        let place = Place { section, group: Some(question), question: inner };
                        let path = format!("{}.{index}.{}", question.id, inner.id);
                        seen.paths.insert(path, self.asked(place, Some(index)));
                    }
                }
            }
        }
        seen
    }
}

impl Form {
    /// Every question with where it stands, groups before what is in them.
    pub(super) fn places(&self) -> Vec<Place<'_>> {
        let mut places = Vec::new();
        for section in &self.sections {
            for question in &section.questions {
                places.push(Place { section, group: None, question });
                places.extend(question.questions.iter().map(|inner| Place { section, group: Some(question), question: inner }));
            }
        }
        places
    }

    /// What is asked, given these answers. Hidden answers stay where they are and count as not given.
    pub fn visible(&self, answers: &Answers) -> Visibility {
        Evaluator::new(self, answers).visibility()
    }

    /// The answers to what is asked or may be, without those that are hidden: what a decision may read of a draft.
    #[must_use]
    pub fn asked(&self, answers: &Answers) -> Answers {
        let seen = self.visible(answers);
        let mut asked = Answers::default();
        for question in self.sections.iter().flat_map(|section| &section.questions) {
            let Some(answer) = answers.get(&question.id).filter(|_| !seen.question(&question.id).is_false()) else { continue };
            let mut answer = answer.clone();
            if let (QuestionType::Group, Value::Array(entries)) = (question.kind, &mut answer) {
                for (index, entry) in entries.iter_mut().enumerate().filter_map(|(n, e)| Some((n, e.as_object_mut()?))) {
                    entry.retain(|id, _| !seen.entry(&question.id, index, id).is_false());
                }
            }
            asked.set(&question.id, answer);
        }
        asked
    }

    /// Whether a condition over this form's answers holds.
    pub fn truth(&self, condition: &Condition, answers: &Answers) -> Truth {
        Evaluator::new(self, answers).truth(condition, None)
    }

    /// The same, where `facts` come before the answers; one that is known not to be there is as a question that is not asked.
    pub fn truth_beside(&self, condition: &Condition, answers: &Answers, facts: &BTreeMap<&str, Option<Value>>) -> Truth {
        condition.truth(&Beside { facts, evaluator: &Evaluator::new(self, answers) })
    }

    /// Whether a question, in any entry of its group, is asked and has no answer.
    pub fn unanswered(&self, question: &str, answers: &Answers) -> bool {
        fn open(found: &Found<'_>) -> bool {
            match found {
                Found::Unanswered => true,
                Found::Entries(entries) => entries.is_empty() || entries.iter().any(open),
                Found::One(value) => **value == crate::condition::NOT_KNOWN,
                Found::NotAsked => false,
            }
        }
        open(&Evaluator::new(self, answers).find(question, None))
    }
}
