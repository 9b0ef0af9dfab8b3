//! Answers carried forward into another proposal.

use serde_json::{Map, Value};

use super::{Answers, Form, Question, QuestionType};

impl Form {
    /// What of these answers to this form, or to another edition of it, can stand in a new set: answers to questions that it asks. Files
    /// stay with what they were handed in with, and what is kept sealed is asked again.
    #[must_use]
    pub fn carry(&self, answers: &Answers) -> Answers {
        let questions = self.sections.iter().flat_map(|section| &section.questions);
        questions.filter_map(|question| Some((question.id.clone(), carried(question, answers.get(&question.id)?)?))).collect()
    }
}

fn carried(question: &Question, answer: &Value) -> Option<Value> {
    if question.sensitive || question.kind == QuestionType::File {
        return None;
    }
    if question.kind != QuestionType::Group {
        return Some(answer.clone());
    }
    let entry = |entry: &Value| {
        let of = entry.as_object()?;
        let kept = question.questions.iter().filter_map(|inner| Some((inner.id.clone(), carried(inner, of.get(&inner.id)?)?)));
        Some(Value::Object(kept.collect::<Map<_, _>>()))
    };
    Some(Value::Array(answer.as_array()?.iter().filter_map(entry).collect()))
}
