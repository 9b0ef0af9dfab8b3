//! The question set of a public marketplace: questions by path, and manifests that say which section asks which.
//!
//! | theirs | ours |
//! |---|---|
//! | boolean; radios; checkboxes, `checkbox_tree` | `yes_no`; choice; choices (of a tree its leaves) |
//! | text, `service_id`; `textbox_large` | text; longtext |
//! | list | group of one text |
//! | upload; pricing | file; its fields, as money and text |
//! | multiquestion | a section of its own |
//! | depends, followup, hidden | `when` |
//! | validations, `max_length_in_words`, `number_of_items`, optional | limits, `required`, `must` |

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::outline::{Outline, both};
use super::text::{Names, joined, option, plain, question};
use super::{Converted, Fault, Reading, Source, done, form, said};
use crate::condition::{Condition, Match};
use crate::form::{Question, QuestionType};

/// The manifests that suppliers fill in, in this order; others only show or find what was answered.
const FILLED_IN: [&str; 2] = ["declaration", "edit_submission"];
/// The deepest multiquestion, and the deepest branch of a tree of options.
const DEEPEST: usize = 10;

const KEYS: [&str; 21] = [
    "id",
    "name",
    "question",
    "type",
    "depends",
    "validations",
    "hidden",
    "options",
    "followup",
    "question_advice",
    "max_length_in_words",
    "questions",
    "assessment",
    "hint",
    "list_item_name",
    "filter_label",
    "optional",
    "number_of_items",
    "slug",
    "fields",
    "optional_fields",
];

type Node = Map<String, Value>;

/// Questions by path.
pub(super) fn is_questions(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|all| !all.is_empty() && all.values().all(|one| one.get("question").is_some() && one.get("type").is_some()))
}

/// Lists of sections by name.
pub(super) fn is_manifests(value: &Value) -> bool {
    let section = |one: &Value| one.get("name").is_some() && one.get("questions").is_some_and(Value::is_array);
    value.as_object().is_some_and(|all| !all.is_empty() && all.values().all(|list| list.as_array().is_some_and(|l| l.iter().all(section))))
}

pub(super) fn convert(
    name: &str,
    title: Option<&str>,
    (source, questions): (&Source, &Value),
    (sections, manifests): (&Source, &Value),
) -> Result<Converted, Vec<Fault>> {
    let mut set = Set::new(source, questions);
    let mut root = Outline::default();
    let manifests = manifests.as_object().cloned().unwrap_or_default();
    let order = FILLED_IN.iter().copied().chain(manifests.keys().map(String::as_str).filter(|key| !FILLED_IN.contains(key)));
    for key in order.collect::<Vec<_>>() {
        for section in manifests.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_object) {
            let outline = set.section(section, sections, FILLED_IN.contains(&key));
            if !outline.questions.is_empty() || !outline.below.is_empty() {
                root.below.push(outline);
            }
        }
    }
    // What no section asks, conditions may need: it comes first.
    let left: Vec<String> = set.all.keys().filter(|short| !set.placed.contains(*short)).cloned().collect();
    if !left.is_empty() {
        let mut first = Outline { title: "Before you begin".to_owned(), ..Outline::default() };
        for short in left {
            set.place(&short, &mut first, true, 0);
        }
        root.below.insert(0, first);
    }
    let title = title.map_or_else(|| name.to_owned(), str::to_owned);
    let laid = root.sections(&mut Names::default());
    done(set.reading, form(name, title, laid))
}

struct Set<'a> {
    reading: Reading<'a>,
    /// The questions by the last part of their path.
    all: BTreeMap<String, Node>,
    /// Our id of each.
    ids: BTreeMap<String, String>,
    /// The options of each: value or label, and our id.
    options: BTreeMap<String, Vec<(String, String)>>,
    /// What a question follows: the one before and the answers that lead to it.
    follows: BTreeMap<String, Vec<(String, Vec<Value>)>>,
    /// The multiquestions that each stands in.
    within: BTreeMap<String, Vec<String>>,
    placed: BTreeSet<String>,
}

fn kind(node: &Node) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn strings<'v>(node: &'v Node, key: &str) -> Vec<&'v str> {
    node.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str).collect()
}

fn nodes(node: &Node, key: &str) -> Vec<Node> {
    node.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_object).cloned().collect()
}

/// The options of a question, of a tree its leaves with the branches above them.
fn leaves(options: &[Node], above: &str, depth: usize) -> Vec<(Node, String)> {
    let mut found = Vec::new();
    for one in options {
        let below = nodes(one, "options");
        let label = said(one, "label").unwrap_or_default();
        if below.is_empty() || depth > DEEPEST {
            found.push((one.clone(), above.to_owned()));
        } else {
            let whole = if above.is_empty() { label.to_owned() } else { format!("{above}: {label}") };
            found.extend(leaves(&below, &whole, depth + 1));
        }
    }
    found
}

impl<'a> Set<'a> {
    fn new(source: &'a Source, questions: &Value) -> Self {
        let mut reading = Reading::new(source);
        let mut all = BTreeMap::new();
        for (path, node) in questions.as_object().into_iter().flatten() {
            let short = path.rsplit('/').next().unwrap_or(path).to_owned();
            let Some(node) = node.as_object() else { continue };
            reading.known(&short, node, &KEYS);
            if all.insert(short.clone(), node.clone()).is_some() {
                reading.fault(path, format!("Two questions are called `{short}`."));
            }
        }
        let ids: BTreeMap<String, String> = all.keys().map(|short| (short.clone(), reading.names.give(short))).collect();
        let mut set = Self {
            reading,
            all,
            ids,
            options: BTreeMap::new(),
            follows: BTreeMap::new(),
            within: BTreeMap::new(),
            placed: BTreeSet::new(),
        };
        set.learn();
        set
    }

    /// The questions that a name means: that one, or all that share it as their answer's name.
    fn named(&self, name: &str) -> Vec<String> {
        let aliased = self.all.iter().filter(|(_, node)| said(node, "id") == Some(name)).map(|(short, _)| short.clone());
        let own = self.all.contains_key(name).then(|| name.to_owned());
        own.into_iter().chain(aliased).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn learn(&mut self) {
        let all = self.all.clone();
        for (short, node) in &all {
            let mut names = Names::default();
            let mut known = Vec::new();
            for (leaf, above) in leaves(&nodes(node, "options"), "", 0) {
                let label = said(&leaf, "label").unwrap_or_default();
                let from = said(&leaf, "value").unwrap_or(label);
                let fallback = format!("{above} {label}");
                let given = if names_taken(&known, from) { names.give(&fallback) } else { names.give(from) };
                known.push((from.to_owned(), given));
            }
            self.options.insert(short.clone(), known);
            for (to, answers) in node.get("followup").and_then(Value::as_object).into_iter().flatten() {
                let answers = answers.as_array().cloned().unwrap_or_default();
                let meant = self.named(to);
                if meant.is_empty() {
                    self.reading.fault(short, format!("`{short}` leads to `{to}`, which is no question."));
                }
                for one in meant {
                    self.follows.entry(one).or_default().push((short.clone(), answers.clone()));
                }
            }
            for inner in strings(node, "questions") {
                if !all.contains_key(inner) {
                    self.reading.fault(short, format!("`{short}` asks `{inner}`, which is no question."));
                }
                self.within.entry(inner.to_owned()).or_default().push(short.clone());
            }
        }
    }

    fn section(&mut self, section: &Node, manifests: &Source, filled_in: bool) -> Outline {
        let help = said(section, "description").map(|text| self.words(text, "description"));
        let mut outline =
            Outline { title: said(section, "name").unwrap_or_default().to_owned(), help: help.into_iter().collect(), ..Outline::default() };
        for short in strings(section, "questions") {
            if self.all.contains_key(short) {
                self.place(short, &mut outline, filled_in, 0);
            } else {
                let problem = format!("The section `{}` asks `{short}`, which is no question.", outline.title);
                let line = 1 + manifests
                    .text
                    .find(&format!("\"{short}\""))
                    .map_or(0, |at| manifests.text.get(..at).map_or(0, |b| b.matches('\n').count()));
                self.reading.faults.push(Fault { file: manifests.file.clone(), line, problem });
            }
        }
        outline
    }

    /// Puts a question into a section; one with several within becomes a section of its own.
    fn place(&mut self, short: &str, outline: &mut Outline, filled_in: bool, depth: usize) {
        let Some(node) = self.all.get(short).cloned() else { return };
        if !self.placed.insert(short.to_owned()) || depth > DEEPEST {
            return;
        }
        if kind(&node) != "multiquestion" {
            let asked = self.question(short, &node, filled_in);
            outline.questions.extend(asked);
            return;
        }
        let name = self.words(said(&node, "name").unwrap_or(short), short);
        let says = self.words(said(&node, "question").unwrap_or_default(), short);
        let mut below = Outline {
            id: Some(short.to_owned()),
            help: if says == name { Vec::new() } else { vec![says] },
            title: name,
            ..Outline::default()
        };
        for inner in strings(&node, "questions") {
            self.place(inner, &mut below, filled_in, depth + 1);
        }
        if below.questions.is_empty() && below.below.is_empty() {
            self.reading.note(short, format!("`{short}` asks nothing that is not asked elsewhere: only its heading is left out."));
        } else {
            outline.below.push(below);
        }
    }

    /// Text without markup; a reference to a question is its name.
    fn words(&mut self, text: &str, near: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("[[") {
            out.push_str(before);
            let Some((name, after)) = after.split_once("]]") else {
                out.push_str("[[");
                rest = after;
                continue;
            };
            let named = self.all.get(name).and_then(|node| said(node, "name")).map(str::to_owned);
            match named {
                Some(named) => out.push_str(&format!("“{named}”")),
                None => self.reading.fault(near, format!("`{near}` speaks of `{name}`, which is no question.")),
            }
            rest = after;
        }
        out.push_str(rest);
        plain(&out)
    }

    /// When it is asked: as what it depends on was answered, what it follows, and what it stands in.
    fn when(&mut self, short: &str, node: &Node) -> Option<Condition> {
        let own = nodes(node, "depends");
        let mut when = None;
        for one in &own {
            when = both(when, self.answered(short, said(one, "on").unwrap_or_default(), one.get("being")));
        }
        // Where a multiquestion around it asks for more than it does itself.
        let around = self.within.get(short).cloned().unwrap_or_default();
        let outer: Vec<Node> = around.iter().filter_map(|name| self.all.get(name)).flat_map(|multi| nodes(multi, "depends")).collect();
        if own.is_empty() && outer.len() == around.len() && !outer.is_empty() {
            let any: Vec<Condition> =
                outer.iter().filter_map(|one| self.answered(short, said(one, "on").unwrap_or_default(), one.get("being"))).collect();
            when = both(when, Some(Condition::Any(any)));
        }
        let follows = self.follows.get(short).cloned().unwrap_or_default();
        if follows.is_empty() && node.get("hidden") == Some(&Value::Bool(true)) {
            self.reading.fault(short, format!("`{short}` is hidden, and no question leads to it. Say when it is asked."));
        }
        let ways: Vec<Condition> =
            follows.iter().filter_map(|(from, answers)| self.answered(short, from, Some(&Value::from(answers.clone())))).collect();
        match ways.len() {
            0 => when,
            1 => both(when, ways.into_iter().next()),
            _ => both(when, Some(Condition::Any(ways))),
        }
    }

    /// That a question has one of these answers.
    fn answered(&mut self, short: &str, on: &str, being: Option<&Value>) -> Option<Condition> {
        let wanted = being.and_then(Value::as_array).cloned().unwrap_or_default();
        let meant = self.named(on);
        let mut ways = Vec::new();
        for of in &meant {
            let Some(id) = self.ids.get(of).cloned() else { continue };
            let several = self.all.get(of).is_some_and(|node| matches!(kind(node), "checkboxes" | "checkbox_tree"));
            for value in &wanted {
                let value = match value {
                    Value::Bool(_) => value.clone(),
                    Value::String(text) => match self.options.get(of).and_then(|all| all.iter().find(|(from, _)| from == text)) {
                        Some((_, option)) => json!(option),
                        None => {
                            // As there, so here: an answer that nobody can give never shows it.
                            let text =
                                format!("`{short}` waits for the answer `{text}` to `{on}`, which has no such option: it never comes.");
                            self.reading.note(short, text);
                            continue;
                        }
                    },
                    other => {
                        self.reading.fault(short, format!("`{short}` waits for the answer {other} to `{on}`, which is none."));
                        continue;
                    }
                };
                let wants = Match { question: id.clone(), value };
                ways.push(if several { Condition::Includes(wants) } else { Condition::Equals(wants) });
            }
        }
        if meant.is_empty() || wanted.is_empty() {
            self.reading.fault(short, format!("What `{short}` depends on cannot be read: `{on}`."));
        }
        match (ways.len(), meant.first().and_then(|of| self.ids.get(of))) {
            (0, None) => None,
            // Never: what is answered is not unanswered.
            (0, Some(id)) => {
                let answered = Condition::Answered(id.clone());
                Some(Condition::All(vec![answered.clone(), Condition::Not(Box::new(answered))]))
            }
            (1, _) => ways.into_iter().next(),
            _ => Some(Condition::Any(ways)),
        }
    }

    fn question(&mut self, short: &str, node: &Node, filled_in: bool) -> Vec<Question> {
        let id = self.ids.get(short).cloned().unwrap_or_default();
        let of = match kind(node) {
            "boolean" => QuestionType::YesNo,
            "radios" => QuestionType::Choice,
            "checkboxes" | "checkbox_tree" => QuestionType::Choices,
            "textbox_large" => QuestionType::LongText,
            "list" => QuestionType::Group,
            "upload" => QuestionType::File,
            "pricing" => return self.pricing(short, node, filled_in),
            "text" | "service_id" => QuestionType::Text,
            other => {
                self.reading.fault(short, format!("`{short}` has the type `{other}`, which is not known."));
                return Vec::new();
            }
        };
        let text = self.words(said(node, "question").or_else(|| said(node, "name")).unwrap_or(short), short);
        let hints = ["question_advice", "hint"].map(|key| said(node, key).map(|hint| self.words(hint, short)));
        let mut asked = question(id.clone(), of, &text, joined(hints));
        asked.required = filled_in && kind(node) != "service_id" && demanded(node);
        asked.when = self.when(short, node);
        self.options(short, node, &mut asked);
        let mut limited = if of == QuestionType::Group {
            let item = said(node, "list_item_name").unwrap_or("item").to_owned();
            let mut inner = question(self.reading.names.give(&format!("{id}_item")), QuestionType::Text, &first_upper(&item), None);
            inner.required = true;
            asked.item = Some(first_upper(&item));
            asked.min_items = asked.required.then_some(1);
            inner
        } else {
            asked.clone()
        };
        self.limits(short, node, &mut asked, &mut limited);
        if of == QuestionType::Group {
            asked.questions = vec![limited];
        } else {
            (asked.max_length, asked.max_words) = (limited.max_length, limited.max_words);
        }
        self.left_behind(short, node);
        vec![asked]
    }

    fn options(&mut self, short: &str, node: &Node, asked: &mut Question) {
        let ids = self.options.get(short).cloned().unwrap_or_default();
        for ((leaf, above), (_, id)) in leaves(&nodes(node, "options"), "", 0).iter().zip(ids) {
            self.reading.known(short, leaf, &["label", "value", "description", "filter_label", "filter_ignore", "derived_from", "options"]);
            let label = self.words(said(leaf, "label").unwrap_or_default(), short);
            let derived = leaf.get("derived_from").and_then(Value::as_object).map(|from| {
                let of = said(from, "question").unwrap_or_default().to_owned();
                let name = self.all.get(&of).and_then(|node| said(node, "name")).unwrap_or(&of).to_owned();
                format!("Holds as well where “{name}” says: {}.", strings(from, "any_of").join(", "))
            });
            let hint = [Some(above.clone()).filter(|text| !text.is_empty()), said(leaf, "description").map(plain), derived];
            asked.options.push(option(id, &label, joined(hint)));
        }
        let chooses = matches!(asked.kind, QuestionType::Choice | QuestionType::Choices);
        if chooses == asked.options.is_empty() {
            self.reading.fault(short, format!("`{short}` has options that do not suit its type."));
        }
    }

    /// What is about the marketplace and not about the form.
    fn left_behind(&mut self, short: &str, node: &Node) {
        if node.contains_key("assessment") {
            self.reading.note(short, format!("Which answer to `{short}` passes is for whoever assesses it, and is not part of the form."));
        }
        let filters = |one: &Node| one.contains_key("filter_label") || one.contains_key("filter_ignore");
        if filters(node) || nodes(node, "options").iter().any(filters) {
            self.reading.note(short, format!("How buyers search by `{short}` is not part of the form."));
        }
    }
}

/// Whether a question must be answered: unless it is marked optional, or has rules and none that says so.
fn demanded(node: &Node) -> bool {
    let rules = nodes(node, "validations");
    let says = rules.iter().any(|rule| said(rule, "name") == Some("answer_required"));
    node.get("optional") != Some(&Value::Bool(true))
        && (says || rules.is_empty() || rules.iter().any(|r| said(r, "name") == Some("dependent_question_error")))
}

fn names_taken(known: &[(String, String)], from: &str) -> bool {
    known.iter().any(|(other, _)| other == from)
}

fn first_upper(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
