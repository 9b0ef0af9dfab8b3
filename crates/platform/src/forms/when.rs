//! Conditions in words, for readers whose browser does not hide what is not asked.

use rules::condition::{Condition, Match, Operator};
use rules::form::{Form, Question, QuestionType};
use serde_json::Value;

use super::words;

/// The condition in words, as it follows "Answer this if".
pub fn words(form: &Form, condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => joined("answering-when-and", parts.iter().map(|part| words(form, part)).collect()),
        Condition::Any(parts) => any(form, parts),
        Condition::Not(part) => match part.as_ref() {
            Condition::Answered(id) => crate::t!("answering-when-unanswered", question = label(form, id)),
            Condition::Equals(wanted) | Condition::Includes(wanted) => is("answering-when-is-not", form, &wanted.question, &[wanted]),
            other => crate::t!("answering-when-not", condition = words(form, other)),
        },
        Condition::Equals(wanted) | Condition::Includes(wanted) => is("answering-when-is", form, &wanted.question, &[wanted]),
        Condition::Answered(id) => crate::t!("answering-when-answered", question = label(form, id)),
        Condition::Compare(wanted) => {
            let id = match wanted.op {
                Operator::Gt => "answering-when-more",
                Operator::Gte => "answering-when-least",
                Operator::Lt => "answering-when-less",
                Operator::Lte => "answering-when-most",
            };
            let value = form.question(&wanted.question).map_or_else(|| wanted.value.to_string(), |of| value(of, &wanted.value));
            crate::texts::Text::new(id).with("question", label(form, &wanted.question)).with("value", value).say()
        }
    }
}

/// Several answers to one question are told together.
fn any(form: &Form, parts: &[Condition]) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for part in parts {
        let (Condition::Equals(wanted) | Condition::Includes(wanted)) = part else {
            said.push(words(form, part));
            continue;
        };
        if done.contains(&wanted.question.as_str()) {
            continue;
        }
        done.push(&wanted.question);
        let same: Vec<&Match> = parts
            .iter()
            .filter_map(|part| match part {
                Condition::Equals(other) | Condition::Includes(other) if other.question == wanted.question => Some(other),
                _ => None,
            })
            .collect();
        said.push(is("answering-when-is", form, &wanted.question, &same));
    }
    joined("answering-when-or", said)
}

fn is(id: &'static str, form: &Form, question: &str, wanted: &[&Match]) -> String {
    let of = form.question(question);
    let values = wanted.iter().map(|one| {
        let shown = of.map_or_else(|| one.value.to_string(), |of| value(of, &one.value));
        crate::t!("answering-quoted", text = shown)
    });
    let values = joined("answering-when-or", values.collect());
    crate::texts::Text::new(id).with("question", label(form, question)).with("value", values).say()
}

fn joined(id: &'static str, parts: Vec<String>) -> String {
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |all, next| crate::texts::Text::new(id).with("a", all).with("b", next).say())
}

fn label(form: &Form, id: &str) -> String {
    form.question(id).map_or_else(|| id.to_owned(), |question| question.label.clone())
}

/// A wanted value as the question's page shows it.
fn value(question: &Question, wanted: &Value) -> String {
    let code = wanted.as_str().unwrap_or_default();
    match question.kind {
        QuestionType::Choice | QuestionType::Choices => {
            question.options.iter().find(|option| option.id == code).map_or_else(|| code.to_owned(), |option| option.label.clone())
        }
        kind => words::plain(kind, wanted),
    }
}
