//! The rules of a marketplace's questions: limits, what must hold, and the fields of a price.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::said;
use super::super::text::{joined, plain, question};
use super::{Node, Set, first_upper, nodes, strings};
use crate::condition::{Condition, Match};
use crate::form::{Must, Question, QuestionType};

/// Endings of files in open formats for documents.
const OPEN_FORMATS: [&str; 4] = ["pdf", "odt", "ods", "odp"];
/// The number before a word: 100 of "100 characters or fewer".
fn number_before(text: &str, word: &str) -> Option<u32> {
    let before = text.get(..text.find(word)?)?;
    before.split_whitespace().next_back()?.replace(',', "").parse().ok()
}

fn first_number(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok()
}

impl Set<'_> {
    /// The rules of a question: on the whole, and on its text.
    pub(super) fn limits(&mut self, short: &str, node: &Node, asked: &mut Question, text: &mut Question) {
        let several = matches!(asked.kind, QuestionType::Choices | QuestionType::Group);
        let number = |key: &str| node.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        text.max_words = number("max_length_in_words");
        if several {
            asked.max_items = number("number_of_items");
        }
        for rule in nodes(node, "validations") {
            let (name, message) = (said(&rule, "name").unwrap_or_default(), said(&rule, "message").unwrap_or_default());
            let words = name.strip_prefix("under_").and_then(|rest| rest.strip_suffix("_words")).and_then(|n| n.parse::<u32>().ok());
            let mib = name.strip_prefix("file_is_less_than_").and_then(|rest| rest.strip_suffix("mb")).and_then(|n| n.parse::<u32>().ok());
            // What is chosen from a list keeps rules about its text by itself; of one choice there are never many.
            let chosen = matches!(asked.kind, QuestionType::Choice | QuestionType::Choices | QuestionType::YesNo);
            let by_itself = (chosen && (name == "under_character_limit" || words.is_some()))
                || (asked.kind == QuestionType::Choice && name == "max_items_limit");
            if by_itself {
                let most = words.map_or(usize::MAX, |most| most as usize);
                let letters = number_before(message, "characters").map_or(usize::MAX, |most| most as usize);
                let fits = |label: &str| label.split_whitespace().count() <= most && label.chars().count() <= letters;
                if asked.options.iter().all(|option| fits(&option.label)) {
                    self.reading.note(short, format!("`{short}` is chosen from a list, and keeps the rule `{name}` by itself."));
                    continue;
                }
            }
            let unclear = match name {
                "answer_required" | "file_can_be_saved" => false,
                "under_character_limit" => {
                    text.max_length = number_before(message, "characters");
                    text.max_length.is_none()
                }
                "max_items_limit" if several => {
                    let most = first_number(message);
                    let clash = asked.max_items.zip(most).is_some_and(|(a, b)| a != b);
                    asked.max_items = most;
                    most.is_none() || clash
                }
                "file_is_open_document_format" if asked.kind == QuestionType::File => {
                    asked.formats = OPEN_FORMATS.map(str::to_owned).to_vec();
                    false
                }
                "dependent_question_error" => {
                    let others = self.alike();
                    let yes = |id: &String| Condition::Equals(Match { question: id.clone(), value: json!("yes") });
                    let any: Vec<Condition> = others.iter().map(yes).collect();
                    asked.must = Some(Must { condition: Condition::Any(any), says: plain(message) });
                    others.len() < 2
                }
                _ if words.is_some() => {
                    let clash = text.max_words.zip(words).is_some_and(|(a, b)| a != b);
                    text.max_words = words;
                    clash
                }
                _ if mib.is_some() && asked.kind == QuestionType::File => {
                    asked.max_mib = mib;
                    false
                }
                _ => true,
            };
            if unclear {
                self.reading.fault(short, format!("The rule `{name}` of `{short}` cannot be kept: {message}"));
            }
        }
    }

    /// The questions of which one must be answered with yes: all that carry the same rule.
    fn alike(&self) -> Vec<String> {
        let carries = |node: &Node| nodes(node, "validations").iter().any(|rule| said(rule, "name") == Some("dependent_question_error"));
        self.all.iter().filter(|(_, node)| carries(node)).filter_map(|(short, _)| self.ids.get(short).cloned()).collect()
    }

    /// A price: each of its fields is a question.
    pub(super) fn pricing(&mut self, short: &str, node: &Node, filled_in: bool) -> Vec<Question> {
        let fields = node.get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
        let optional = strings(node, "optional_fields");
        let text = self.words(said(node, "question").unwrap_or(short), short);
        let hints = ["question_advice", "hint"].map(|key| said(node, key).map(|hint| self.words(hint, short)));
        let hint = joined(hints);
        let when = self.when(short, node);
        let mut found: Vec<Question> = Vec::new();
        let mut named: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for (role, field) in &fields {
            let Some(field) = field.as_str() else { continue };
            let of = match role.as_str() {
                "minimum_price" | "maximum_price" | "price" => QuestionType::Money,
                "price_unit" | "price_interval" | "hours_for_price" => QuestionType::Text,
                other => {
                    self.reading.fault(short, format!("`{short}` has the field `{other}`, which is not known."));
                    continue;
                }
            };
            let label = format!("{text} {}", first_upper(&role.replace('_', " ")));
            let mut asked = question(self.reading.names.give(field), of, &label, hint.clone().filter(|_| found.is_empty()));
            asked.required = filled_in && !optional.contains(&role.as_str());
            asked.when = when.clone();
            named.insert(field.to_owned(), (asked.id.clone(), found.len()));
            found.push(asked);
        }
        let least = fields.get("minimum_price").and_then(Value::as_str).and_then(|field| named.get(field)).map(|(id, _)| id.clone());
        for rule in nodes(node, "validations") {
            let (name, at) = (said(&rule, "name").unwrap_or_default(), said(&rule, "field").and_then(|field| named.get(field)));
            let asked = at.and_then(|(_, at)| found.get_mut(*at));
            let kept = match (name, asked) {
                ("answer_required", Some(asked)) => asked.required || !filled_in,
                ("not_money_format", Some(asked)) => asked.kind == QuestionType::Money,
                ("max_less_than_min", Some(asked)) if least.is_some() => {
                    asked.at_least.clone_from(&least);
                    true
                }
                _ => false,
            };
            if !kept {
                self.reading.fault(short, format!("The rule `{name}` of `{short}` cannot be kept."));
            }
        }
        self.left_behind(short, node);
        found
    }
}
