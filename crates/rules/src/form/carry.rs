//! Answers carried forward into another proposal.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Answers, Form, Question, QuestionType};

impl Form {
    /// What of these answers to this form, or to another edition of it, can stand in a new set: answers to questions that it asks, of the kind
    /// that it takes now. Files stay with what they were handed in with, and what is kept sealed is asked again.
    #[must_use]
    pub fn carry(&self, answers: &Answers) -> Answers {
        self.carrying(answers, false)
    }

    /// The same for a new set that the same people read: what is kept sealed goes along, and stays sealed.
    #[must_use]
    pub fn carry_sealed(&self, answers: &Answers) -> Answers {
        self.carrying(answers, true)
    }

    fn carrying(&self, answers: &Answers, sealed: bool) -> Answers {
        let questions = self.sections.iter().flat_map(|section| &section.questions);
        questions.filter_map(|question| Some((question.id.clone(), carried(question, answers.get(&question.id)?, sealed)?))).collect()
    }

    /// The questions whose answers [`Form::carry`] leaves behind, in whole or in part, because this edition does not ask them, or takes another
    /// kind of answer or other choices. Files and sealed answers, which are never carried, are none of these.
    #[must_use]
    pub fn left_behind(&self, answers: &Answers) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let own: Vec<&Question> = self.sections.iter().flat_map(|section| &section.questions).collect();
        for (id, value) in answers.iter().filter(|(_, value)| !value.is_null()) {
            behind(own.iter().find(|question| question.id == id).copied(), id, value, &mut found);
        }
        found
    }
}

fn behind(question: Option<&Question>, id: &str, value: &Value, found: &mut BTreeSet<String>) {
    match question {
        Some(question) if question.sensitive || question.kind == QuestionType::File => {}
        Some(question) if question.kind == QuestionType::Group && value.is_array() => {
            for entry in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                for (id, value) in entry.iter().filter(|(_, value)| !value.is_null()) {
                    behind(question.questions.iter().find(|inner| inner.id == *id), id, value, found);
                }
            }
        }
        Some(question) if fitting(question, value).as_ref() == Some(value) => {}
        _ => drop(found.insert(id.to_owned())),
    }
}

fn carried(question: &Question, answer: &Value, sealed: bool) -> Option<Value> {
    if (question.sensitive && !sealed) || question.kind == QuestionType::File {
        return None;
    }
    if question.kind != QuestionType::Group {
        return fitting(question, answer);
    }
    let entry = |entry: &Value| {
        let of = entry.as_object()?;
        let kept = question.questions.iter().filter_map(|inner| Some((inner.id.clone(), carried(inner, of.get(&inner.id)?, sealed)?)));
        Some(Value::Object(kept.collect::<Map<_, _>>()))
    };
    Some(Value::Array(answer.as_array()?.iter().filter_map(entry).collect()))
}

/// The answer, as far as it is of the kind that the question takes. Whether it is a good one, checking says.
fn fitting(question: &Question, answer: &Value) -> Option<Value> {
    use QuestionType as T;
    let offered = |value: &Value| question.options.iter().any(|option| Some(option.id.as_str()) == value.as_str());
    let fits = match question.kind {
        T::Text | T::LongText | T::System | T::Date | T::Country | T::Party | T::Site => answer.is_string(),
        T::Number => answer.is_number(),
        T::YesNo => answer.is_boolean() || (question.allow_unknown && answer.is_string()),
        T::Choice => offered(answer),
        T::Choices => {
            let kept: Vec<Value> = answer.as_array()?.iter().filter(|value| offered(value)).cloned().collect();
            return (!kept.is_empty()).then_some(Value::Array(kept));
        }
        T::Countries => answer.as_array().is_some_and(|all| all.iter().all(Value::is_string)),
        T::Money | T::Period | T::Moment | T::Address | T::Contact => {
            answer.as_object().is_some_and(|of| of.keys().all(|name| question.parts().iter().any(|part| part.name == name)))
        }
        T::Group => answer.is_array(),
        T::File => false,
    };
    fits.then(|| answer.clone())
}
