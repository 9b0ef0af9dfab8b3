//! Lists of requirement nodes: headings and requirements by depth, some with questions of their own.
//!
//! A requirement with questions asks these. In a set without any, each requirement that can be assessed asks whether it is met, and how.

use serde_json::{Map, Value};

use super::outline::Outline;
use super::text::{Names, id, joined, option, plain, question};
use super::{Converted, Fault, Reading, Source, done, form, said};
use crate::condition::{Condition, Match};
use crate::form::{Choice, Question, QuestionType};

const NODE: [&str; 10] =
    ["id", "parent", "depth", "assessable", "ref_id", "name", "description", "implementation_groups", "questions", "annotation"];
const QUESTION: [&str; 5] = ["id", "type", "text", "choices", "depends_on"];
/// The deepest heading.
const DEEPEST: usize = 50;

/// How a requirement may be met.
const MET: [(&str, &str); 4] = [("met", "Met"), ("partly", "Partly met"), ("not_met", "Not met"), ("not_applicable", "Does not apply")];

/// Whether a requirement is met, and how: two questions for one requirement.
pub(super) fn met(given: String, how: String, text: &str, hint: Option<String>) -> [Question; 2] {
    let mut asked = question(given.clone(), QuestionType::Choice, text, hint);
    asked.required = true;
    asked.options = MET.iter().map(|(id, label)| Choice { id: (*id).to_owned(), label: (*label).to_owned(), hint: None }).collect();
    let mut why = question(how, QuestionType::LongText, "How is it met, or why is it not?", None);
    why.when = Some(Condition::Answered(given));
    [asked, why]
}

pub(super) fn convert(name: &str, title: Option<&str>, source: &Source, value: &Value) -> Result<Converted, Vec<Fault>> {
    let mut reading = Reading::new(source);
    let top = value.as_object().cloned().unwrap_or_default();
    reading.known("nodes", &top, &["name", "provider", "copyright", "nodes", "description", "version"]);
    let nodes: Vec<Map<String, Value>> = match top.get("nodes").and_then(Value::as_array) {
        Some(all) => all.iter().filter_map(Value::as_object).cloned().collect(),
        None => Vec::new(),
    };
    let asking = nodes.iter().any(|node| node.contains_key("questions"));
    let mut reader = Reader { reading, asking };
    let root = reader.outline(&nodes);
    let heading = title.map(str::to_owned).or_else(|| said(&top, "name").map(plain)).unwrap_or_else(|| name.to_owned());
    let sections = root.sections(&mut Names::default());
    let mut made = form(name, heading, sections);
    let whose = ["provider", "copyright"].map(|key| said(&top, key).map(plain));
    made.intro = joined([joined(whose).map(|text| text.replace("\n\n", ". "))]).unwrap_or_default();
    done(reader.reading, made)
}

struct Reader<'a> {
    reading: Reading<'a>,
    /// The set brings its questions.
    asking: bool,
}

/// A node on its way into the outline: heading, and how deep.
struct Open {
    depth: usize,
    outline: Outline,
}

fn depth(node: &Map<String, Value>) -> usize {
    node.get("depth").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(1).clamp(1, DEEPEST)
}

fn near(node: &Map<String, Value>) -> &str {
    said(node, "id").or_else(|| said(node, "ref_id")).or_else(|| said(node, "description")).unwrap_or_default()
}

impl Reader<'_> {
    fn outline(&mut self, nodes: &[Map<String, Value>]) -> Outline {
        let mut open = vec![Open { depth: 0, outline: Outline::default() }];
        for (at, node) in nodes.iter().enumerate() {
            let own = depth(node);
            while open.len() > 1 && open.last().is_some_and(|top| top.depth >= own) {
                close(&mut open);
            }
            self.reading.known(near(node), node, &NODE);
            let leads = nodes.get(at + 1).is_some_and(|next| depth(next) > own);
            let questions = self.questions(node);
            let heading = |outline: &mut Outline| {
                outline.id = said(node, "ref_id").or_else(|| said(node, "id")).map(str::to_owned);
                outline.title = [said(node, "ref_id"), said(node, "name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
                outline.help.extend(said(node, "description").map(plain));
            };
            if leads {
                let mut outline = Outline::default();
                heading(&mut outline);
                if outline.title.is_empty() {
                    // What has no name is called by how it begins.
                    let text = outline.help.first().cloned().unwrap_or_default();
                    outline.title = super::text::label(&text).0;
                }
                outline.questions = questions;
                open.push(Open { depth: own, outline });
            } else if let Some(top) = open.last_mut() {
                if questions.is_empty() {
                    let text = [said(node, "ref_id"), said(node, "name"), said(node, "description")];
                    top.outline.help.extend(joined([Some(text.into_iter().flatten().map(plain).collect::<Vec<_>>().join(" "))]));
                } else {
                    top.outline.questions.extend(questions);
                }
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().map(|top| top.outline).unwrap_or_default()
    }

    /// What a node asks.
    fn questions(&mut self, node: &Map<String, Value>) -> Vec<Question> {
        let near = near(node).to_owned();
        let reference = said(node, "ref_id").map(plain);
        let groups: Vec<&str> = match node.get("implementation_groups").and_then(Value::as_array) {
            Some(all) => all.iter().filter_map(Value::as_str).collect(),
            None => Vec::new(),
        };
        let groups = (!groups.is_empty()).then(|| format!("Groups: {}.", groups.join(", ")));
        let name = said(node, "name").map(plain);
        let base = said(node, "ref_id").or_else(|| said(node, "id")).unwrap_or("node").to_owned();
        if !self.asking {
            if node.get("assessable") != Some(&Value::Bool(true)) {
                return Vec::new();
            }
            let text = [reference, name, said(node, "description").map(plain)].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let given = self.reading.names.give(&base);
            let how = self.reading.names.give(&format!("{given}_how"));
            return met(given, how, &text, groups).into();
        }
        let all = node.get("questions").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut found = Vec::new();
        for (at, one) in all.iter().filter_map(Value::as_object).enumerate() {
            self.reading.known(&near, one, &QUESTION);
            let kind = match said(one, "type") {
                Some("text") => QuestionType::LongText,
                Some("unique_choice") => QuestionType::Choice,
                Some("multiple_choice") => QuestionType::Choices,
                Some("date") => QuestionType::Date,
                Some("boolean") => QuestionType::YesNo,
                Some("number") => QuestionType::Number,
                other => {
                    let text = format!("`{near}` asks for the type `{}`, which is not known.", other.unwrap_or_default());
                    self.reading.fault(&near, text);
                    continue;
                }
            };
            let given = self.reading.names.give(&if all.len() > 1 { format!("{base}_{}", at + 1) } else { base.clone() });
            let said_text = said(one, "text").map(plain).unwrap_or_default();
            let text = [reference.clone().filter(|_| at == 0), Some(said_text)].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let description = said(node, "description").map(plain).filter(|_| at == 0);
            let mut asked =
                question(given, kind, &text, joined([name.clone().filter(|_| at == 0), description, groups.clone().filter(|_| at == 0)]));
            self.options(one, &mut asked, &near);
            asked.when = self.depends(one, &found, &near);
            found.push(asked);
        }
        found
    }

    fn options(&mut self, one: &Map<String, Value>, asked: &mut Question, near: &str) {
        let mut names = Names::default();
        for choice in one.get("choices").and_then(Value::as_array).map_or(&[][..], Vec::as_slice) {
            let text = choice.as_str().or_else(|| choice.get("value").and_then(Value::as_str)).unwrap_or_default();
            if text.is_empty() {
                self.reading.fault(near, format!("A choice of `{near}` has no text."));
                continue;
            }
            if choice.as_object().is_some_and(|map| map.keys().any(|key| !["urn", "value", "id"].contains(&key.as_str()))) {
                self.reading.fault(near, format!("A choice of `{near}` says more than its text, which this reader does not know."));
            }
            asked.options.push(option(names.give(text), &plain(text), None));
        }
        let chooses = matches!(asked.kind, QuestionType::Choice | QuestionType::Choices);
        if chooses == asked.options.is_empty() {
            self.reading.fault(near, format!("`{near}` has choices that do not suit its type."));
        }
    }

    /// What a question of the same node must have been answered with.
    fn depends(&mut self, one: &Map<String, Value>, before: &[Question], near: &str) -> Option<Condition> {
        let on = one.get("depends_on").filter(|value| !value.is_null())?;
        let found = on.as_object().and_then(|map| {
            let number = said(map, "question")?.parse::<usize>().ok()?;
            let of = before.get(number.checked_sub(1)?)?;
            let answers = map.get("answers")?.as_array()?;
            let values: Vec<Condition> = answers
                .iter()
                .filter_map(Value::as_str)
                .map(|text| Condition::Equals(Match { question: of.id.clone(), value: Value::from(id(text)) }))
                .collect();
            (!values.is_empty()).then_some(Condition::Any(values))
        });
        if found.is_none() {
            self.reading.fault(near, format!("What a question of `{near}` depends on cannot be read."));
        }
        found
    }
}

fn close(open: &mut Vec<Open>) {
    if let Some(last) = open.pop()
        && let Some(above) = open.last_mut()
    {
        above.outline.below.push(last.outline);
    }
}
