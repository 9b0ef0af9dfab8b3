//! VSAQ questionnaires: blocks of items with conditions.
//!
//! | theirs | ours |
//! |---|---|
//! | block | section; a block within a block is a section after it |
//! | radiogroup, radio; checkgroup | choice; choices |
//! | yesno, check | `yes_no` |
//! | line; box | text; longtext |
//! | upload | file |
//! | tip that warns | longtext: what it asks to be explained, with the tip as its hint |
//! | other tip, info | help: of the section, or of the question beside it |

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::expression::{self, Expression};
use super::outline::Outline;
use super::text::{Names, id, joined, option, plain, question};
use super::{Converted, Fault, Reading, Source, done, form, said};
use crate::condition::{Condition, Match};
use crate::form::{Question, QuestionType};

/// The deepest block.
const DEEPEST: usize = 20;
/// Conditions that ask for each other without end.
const MOST_STEPS: usize = 100;

/// What a name in a condition stands for.
#[derive(Clone)]
enum Known {
    /// Something was chosen: question, several, value.
    Chosen(String, bool, Value),
    /// Something was answered.
    Answered(String),
}

struct Reader<'a> {
    reading: Reading<'a>,
    /// Of each item that is a question, by its place in the order of the file: its id.
    ids: Vec<String>,
    known: BTreeMap<String, Known>,
    /// The condition of each item that has an id.
    shown: BTreeMap<String, Option<String>>,
    next: usize,
}

const COMMON: [&str; 5] = ["type", "id", "text", "cond", "auth"];

fn kind(item: &Map<String, Value>) -> &str {
    item.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn warns(item: &Map<String, Value>) -> bool {
    said(item, "warn") == Some("yes")
}

/// Whether an item asks for an answer.
fn asks(item: &Map<String, Value>) -> bool {
    match kind(item) {
        "radiogroup" | "radio" | "checkgroup" | "check" | "yesno" | "line" | "box" | "upload" => true,
        "tip" => warns(item),
        _ => false,
    }
}

/// The choices of an item: key and text.
fn choices(item: &Map<String, Value>) -> Vec<(&str, &str)> {
    let all = item.get("choices").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(Value::as_object).flatten().map(|(key, text)| (key.as_str(), text.as_str().unwrap_or_default())).collect()
}

fn items(item: &Map<String, Value>, key: &str) -> Vec<Map<String, Value>> {
    let all = item.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(Value::as_object).cloned().collect()
}

/// Where faults of an item are looked for in the file.
fn near(item: &Map<String, Value>) -> String {
    let own = said(item, "id").or_else(|| choices(item).first().map(|(key, _)| *key)).or_else(|| said(item, "text"));
    own.unwrap_or_default().to_owned()
}

pub(super) fn convert(name: &str, title: Option<&str>, source: &Source, value: &Value) -> Result<Converted, Vec<Fault>> {
    let mut reader = Reader { reading: Reading::new(source), ids: Vec::new(), known: BTreeMap::new(), shown: BTreeMap::new(), next: 0 };
    let top = value.as_object().cloned().unwrap_or_default();
    reader.reading.known("questionnaire", &top, &["questionnaire"]);
    if !top.get("questionnaire").is_some_and(Value::is_array) {
        reader.reading.fault("questionnaire", "The questionnaire is no list of items");
    }
    let all = items(&top, "questionnaire");
    for item in &all {
        reader.learn(item, 0);
    }
    // A single block around all is the questionnaire itself.
    let (heading, root) = match all.as_slice() {
        [one] if kind(one) == "block" => (said(one, "text").map(plain), reader.block(one, 0)),
        _ => (None, reader.block(&Map::from_iter([("items".to_owned(), Value::from(all.clone()))]), 0)),
    };
    // Where the questionnaire itself asks something, that is a section of its name.
    let root = Outline { title: heading.clone().unwrap_or_default(), ..root };
    let title = title.map(str::to_owned).or(heading).unwrap_or_else(|| name.to_owned());
    let sections = root.sections(&mut Names::default());
    done(reader.reading, form(name, title, sections))
}

impl Reader<'_> {
    /// Learns what conditions may name.
    fn learn(&mut self, item: &Map<String, Value>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        if let Some(own) = said(item, "id") {
            self.shown.insert(own.to_owned(), said(item, "cond").map(str::to_owned));
        }
        if asks(item) {
            let first = choices(item).first().map(|(key, _)| (*key).to_owned());
            let from = said(item, "id")
                .map(str::to_owned)
                .or_else(|| first.map(|key| format!("{key}_group")))
                .unwrap_or_else(|| kind(item).to_owned());
            let given = self.reading.names.give(&from);
            let several = kind(item) == "checkgroup";
            for (key, _) in choices(item) {
                self.known.insert(key.to_owned(), Known::Chosen(given.clone(), several, json!(id(key))));
            }
            if let Some(own) = said(item, "id") {
                match kind(item) {
                    "yesno" => {
                        for (word, truth) in [("yes", true), ("no", false)] {
                            self.known.insert(format!("{own}/{word}"), Known::Chosen(given.clone(), false, json!(truth)));
                        }
                    }
                    "check" => drop(self.known.insert(own.to_owned(), Known::Chosen(given.clone(), false, json!(true)))),
                    _ => drop(self.known.insert(own.to_owned(), Known::Answered(given.clone()))),
                }
            }
            self.ids.push(given);
        }
        for inner in items(item, "items").into_iter().filter(|_| kind(item) == "block") {
            self.learn(&inner, depth + 1);
        }
    }

    fn block(&mut self, item: &Map<String, Value>, depth: usize) -> Outline {
        let when = self.when(item);
        self.reading.known(&near(item), item, &["type", "id", "text", "cond", "items", "className", "auth"]);
        let mut found = Outline {
            id: said(item, "id").map(str::to_owned),
            title: if depth == 0 { String::new() } else { said(item, "text").unwrap_or_default().to_owned() },
            when,
            ..Outline::default()
        };
        if depth > DEEPEST {
            self.reading.fault(&near(item), "Blocks are nested too deeply");
            return found;
        }
        // What is said before a question belongs to it, unless nothing was asked before: then to the block.
        let mut before: Vec<String> = Vec::new();
        for inner in items(item, "items") {
            match kind(&inner) {
                "block" => found.below.push(self.block(&inner, depth + 1)),
                "info" | "tip" if !asks(&inner) => {
                    let text = self.told(&inner);
                    if found.questions.is_empty() && found.below.is_empty() { found.help.push(text) } else { before.push(text) }
                }
                "spacer" => {}
                _ if asks(&inner) => {
                    let mut asked = self.question(&inner);
                    asked.hint = joined([asked.hint.take(), joined(before.drain(..).map(Some))]);
                    found.questions.push(asked);
                }
                other => self.reading.fault(&near(&inner), format!("The type `{other}` is not known. Use one of VSAQ's")),
            }
        }
        match found.questions.last_mut() {
            Some(last) => last.hint = joined([last.hint.take(), joined(before.into_iter().map(Some))]),
            None => found.help.extend(before),
        }
        found
    }

    /// What is only said: with its condition in words, where it has one.
    fn told(&mut self, item: &Map<String, Value>) -> String {
        self.reading.known(&near(item), item, &["type", "id", "text", "cond", "auth", "warn", "severity", "name", "customization"]);
        let text = plain(said(item, "text").unwrap_or_default());
        let name = said(item, "name").map(|name| format!("{}. ", plain(name))).unwrap_or_default();
        match said(item, "cond") {
            Some(condition) => {
                // Read all the same, so that a broken one is told.
                let _ = self.when(item);
                format!("{name}If {}: {text}", self.in_words(condition))
            }
            None => format!("{name}{text}"),
        }
    }

    /// A condition with the texts of what is chosen in the place of names.
    fn in_words(&self, condition: &str) -> String {
        let mut text = condition.replace("&&", " and ").replace("||", " or ").replace('!', "not ").replace('^', "");
        let mut names: Vec<&String> = self.known.keys().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names.into_iter().filter(|name| condition.contains(name.as_str())) {
            let said = self.reading.source.text.find(&format!("\"{name}\": \"")).and_then(|at| {
                let rest = self.reading.source.text.get(at + name.len() + 3..)?;
                serde_json::Deserializer::from_str(rest).into_iter::<String>().next()?.ok()
            });
            if let Some(said) = said {
                text = text.replace(name.as_str(), &format!("“{}”", plain(&said)));
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn question(&mut self, item: &Map<String, Value>) -> Question {
        let near = near(item);
        let given = self.ids.get(self.next).cloned().unwrap_or_default();
        self.next += 1;
        let text = plain(said(item, "text").unwrap_or_default());
        let mut keys = COMMON.to_vec();
        let of = match kind(item) {
            "radiogroup" | "radio" => QuestionType::Choice,
            "checkgroup" => QuestionType::Choices,
            "yesno" | "check" => QuestionType::YesNo,
            "line" => QuestionType::Text,
            "upload" => QuestionType::File,
            _ => QuestionType::LongText,
        };
        let mut asked = match kind(item) {
            "tip" => {
                keys.extend(["warn", "severity", "name", "why", "customization"]);
                let why = plain(said(item, "why").unwrap_or("Please explain."));
                let head = said(item, "name").map(plain);
                let severity = said(item, "severity").map(|severity| format!("Severity: {severity}."));
                let name = head.unwrap_or_else(|| "Please explain".to_owned());
                question(given, of, &name, joined([Some(text), severity, Some(why)]))
            }
            "line" | "box" => {
                keys.extend(["placeholder", "inputType", "inputPattern", "inputTitle", "required", "maxlength"]);
                let hints = ["placeholder", "inputTitle"].map(|key| said(item, key).map(plain));
                question(given, of, &text, joined(hints))
            }
            _ => {
                keys.extend(["choices", "defaultChoice", "yes", "no", "required", "choicesConds"]);
                let fallback = if text.is_empty() { "Choose what holds".to_owned() } else { text };
                question(given, of, &fallback, None)
            }
        };
        self.reading.known(&near, item, &keys);
        for key in ["inputPattern", "choicesConds"] {
            if item.get(key).is_some_and(|value| !value.is_null() && value.as_array().is_none_or(|all| !all.is_empty())) {
                self.reading.fault(
                    &near,
                    format!("`{near}` has `{key}`, which forms here do not have. Say it in the text, or check it otherwise."),
                );
            }
        }
        match said(item, "inputType") {
            None | Some("text" | "url" | "tel") => {}
            Some("number") => asked.kind = QuestionType::Number,
            Some("date") => asked.kind = QuestionType::Date,
            Some(other) => self.reading.fault(&near, format!("`{near}` takes the input `{other}`, which forms here do not have.")),
        }
        asked.required = item.get("required").and_then(Value::as_bool).unwrap_or(false);
        asked.max_length = item.get("maxlength").and_then(Value::as_u64).and_then(|most| u32::try_from(most).ok());
        if item.get("defaultChoice").is_some_and(|value| value != false && !value.is_null()) {
            self.reading.note(&near, format!("`{near}` was chosen from the beginning; here people choose themselves"));
        }
        let mut own = Names::default();
        for (key, text) in choices(item) {
            let option_id = own.give(key);
            if option_id != id(key) {
                self.reading.fault(key, format!("`{key}` stands twice among the choices of `{near}`. Give each an id of its own."));
            }
            asked.options.push(option(option_id, &plain(text), None));
        }
        if matches!(of, QuestionType::Choice | QuestionType::Choices) && asked.options.is_empty() {
            self.reading.fault(&near, format!("`{near}` has no choices. Add them."));
        }
        asked.when = self.when(item);
        asked
    }

    fn when(&mut self, item: &Map<String, Value>) -> Option<Condition> {
        let text = said(item, "cond")?;
        let near = near(item);
        match expression::read(text).and_then(|read| self.condition(&read, &mut 0)) {
            Ok(condition) => Some(condition),
            Err(problem) => {
                self.reading.fault(&near, format!("The condition of `{near}` cannot be read: {problem}"));
                None
            }
        }
    }

    fn condition(&self, read: &Expression, steps: &mut usize) -> Result<Condition, String> {
        *steps += 1;
        if *steps > MOST_STEPS {
            return Err("it asks for others without end".to_owned());
        }
        Ok(match read {
            Expression::Not(inner) => Condition::Not(Box::new(self.condition(inner, steps)?)),
            Expression::All(parts) => Condition::All(parts.iter().map(|part| self.condition(part, steps)).collect::<Result<_, _>>()?),
            Expression::Any(parts) => Condition::Any(parts.iter().map(|part| self.condition(part, steps)).collect::<Result<_, _>>()?),
            Expression::Shown(name) => match self.shown.get(name) {
                None => return Err(format!("there is no item `{name}`")),
                Some(None) => Condition::All(Vec::new()),
                Some(Some(text)) => self.condition(&expression::read(text)?, steps)?,
            },
            Expression::Name(name) => match self.known.get(name) {
                Some(Known::Chosen(question, true, value)) => {
                    Condition::Includes(Match { question: question.clone(), value: value.clone() })
                }
                Some(Known::Chosen(question, false, value)) => {
                    Condition::Equals(Match { question: question.clone(), value: value.clone() })
                }
                Some(Known::Answered(question)) => Condition::Answered(question.clone()),
                None => return Err(format!("nothing is called `{name}`")),
            },
        })
    }
}
