//! What differs between two editions of a pack, entry by entry: what came, what went, what changed, old beside new.
//!
//! It walks what a pack is written down as, not a list of its fields, so that nothing a pack can hold is left out: two packs without a
//! difference are equal.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::model::Pack;

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Only the newer edition has it.
    Added,
    /// Only the older edition has it.
    Removed,
    /// Both have it, and it is not the same.
    Changed,
}

/// One part of an entry that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartChange {
    /// Which part: `text`, `owed_by`, `options.hosting.label`.
    pub part: String,
    /// As it was, if it was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// As it is, if it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// An entry of a pack that differs: a duty, a question, a threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryChange {
    /// The list that it stands in, as `pack.yaml` names it; `about` for what stands at the top; `form`, `sections` and `questions` for forms.
    pub area: String,
    /// The form that it belongs to, if to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Its id; empty where there is only one.
    pub id: String,
    /// What people read for it: as it is, else as it was.
    pub title: String,
    /// What became of it.
    pub became: Became,
    /// What of it differs, of what came or went all that it says.
    pub parts: Vec<PartChange>,
}

/// What differs between two editions of a pack.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Every entry that differs, in the order of the newer edition, those that went after the rest of their list.
    pub changes: Vec<EntryChange>,
}

impl Difference {
    /// What differs from `old` to `new`.
    pub fn between(old: &Pack, new: &Pack) -> Self {
        Self { changes: compare(&entries(old), &entries(new)) }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether more differs than the edition's own name, day and note.
    pub fn matters(&self) -> bool {
        self.changes.iter().any(|change| change.area != ABOUT)
    }

    /// The changes of one list.
    pub fn of<'d>(&'d self, area: &'d str) -> impl Iterator<Item = &'d EntryChange> {
        self.changes.iter().filter(move |change| change.area == area)
    }

    /// The questions that the newer edition no longer asks.
    pub fn dropped(&self) -> impl Iterator<Item = &EntryChange> {
        self.of(QUESTIONS).filter(|change| change.became == Became::Removed)
    }
}

/// The area of what stands at the top of `pack.yaml`.
pub const ABOUT: &str = "about";
/// The area of questions.
pub const QUESTIONS: &str = "questions";
const SECTIONS: &str = "sections";
const FORM: &str = "form";
/// The part that tells of the order of a list.
const ORDER: &str = "order";

/// An entry as it stands: where, and all that it says.
struct Entry {
    area: String,
    form: Option<String>,
    id: String,
    title: String,
    parts: BTreeMap<String, Value>,
}

type Place<'a> = (&'a str, Option<&'a str>, &'a str);

impl Entry {
    fn place(&self) -> Place<'_> {
        (&self.area, self.form.as_deref(), &self.id)
    }
}

fn text<'v>(of: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    of.get(key).and_then(Value::as_str)
}

/// What names one entry among those of its list.
fn key(value: &Value) -> Option<String> {
    let of = value.as_object()?;
    ["id", "country", "rating"].iter().find_map(|name| text(of, name).map(str::to_owned)).or_else(|| Some(of.get("level")?.to_string()))
}

/// The items of a list by key: by their own where all have one and no two the same, else by their place.
fn keyed(items: &[Value]) -> Vec<(String, &Value)> {
    let keys: Option<Vec<String>> = items.iter().map(key).collect();
    match keys.filter(|keys| keys.iter().collect::<BTreeSet<_>>().len() == keys.len()) {
        Some(keys) => keys.into_iter().zip(items).collect(),
        None => items.iter().enumerate().map(|(n, item)| ((n + 1).to_string(), item)).collect(),
    }
}

/// A control of a standard: it says no more than its name.
fn is_control(value: &Value) -> bool {
    value.as_object().is_some_and(|of| of.len() == 2 && of.contains_key("standard") && of.contains_key("id"))
}

fn title(of: &Map<String, Value>, id: &str) -> String {
    ["title", "label", "framework"].iter().find_map(|name| text(of, name)).unwrap_or(id).to_owned()
}

/// Takes a value apart into what is compared. Conditions stay whole, and so do lists of plain values: half of one says nothing.
fn flatten(path: &str, value: &Value, out: &mut BTreeMap<String, Value>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let whole = path.rsplit('.').next().is_some_and(|last| ["when", "condition", "facts", "must"].contains(&last));
    match value {
        Value::Object(of) if !whole => {
            for (name, value) in of {
                flatten(&below(name), value, out);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) && !items.iter().all(is_control) => {
            let keyed = keyed(items);
            let order: Vec<Value> = keyed.iter().map(|(key, _)| Value::from(key.as_str())).collect();
            out.insert(below(ORDER), Value::Array(order));
            for (key, item) in keyed {
                flatten(&below(&key), item, out);
            }
        }
        Value::Null => {}
        other => drop(out.insert(path.to_owned(), other.clone())),
    }
}

fn entry(area: &str, form: Option<&str>, id: &str, of: &Map<String, Value>, without: &[&str]) -> Entry {
    let mut parts = BTreeMap::new();
    for (name, value) in of.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
        flatten(name, value, &mut parts);
    }
    Entry { area: area.to_owned(), form: form.map(str::to_owned), id: id.to_owned(), title: title(of, id), parts }
}

/// The order of a list, as an entry of its own.
fn order(area: &str, form: Option<&str>, ids: Vec<Value>) -> Entry {
    let parts = BTreeMap::from([(ORDER.to_owned(), Value::Array(ids))]);
    Entry { area: area.to_owned(), form: form.map(str::to_owned), id: String::new(), title: String::new(), parts }
}

fn entries(pack: &Pack) -> Vec<Entry> {
    let Ok(Value::Object(mut all)) = serde_json::to_value(pack) else { return Vec::new() };
    let forms = all.remove("forms");
    let mut out = Vec::new();
    let (lists, top): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, value)| value.is_array() || value.is_object());
    out.push(entry(ABOUT, None, "", &top.into_iter().collect(), &[]));
    for (area, value) in lists {
        match &value {
            Value::Array(items) => list(&area, None, items, &[], &mut out),
            Value::Object(of) => out.push(entry(&area, None, "", of, &[])),
            _ => {}
        }
    }
    for (name, form) in forms.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let Some(of) = form.as_object() else { continue };
        out.push(entry(FORM, Some(name), "", of, &[SECTIONS]));
        let sections = of.get(SECTIONS).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list(SECTIONS, Some(name), sections, &[QUESTIONS], &mut out);
        let mut ids = Vec::new();
        for section in sections {
            questions(name, section.get("id").unwrap_or(&Value::Null), section, None, &mut ids, &mut out);
        }
        out.push(order(QUESTIONS, Some(name), ids));
    }
    out
}

fn list(area: &str, form: Option<&str>, items: &[Value], without: &[&str], out: &mut Vec<Entry>) {
    let keyed = keyed(items);
    for (id, item) in &keyed {
        match item.as_object() {
            Some(of) => out.push(entry(area, form, id, of, without)),
            None => out.push(entry(area, form, id, &Map::from_iter([("text".to_owned(), (*item).clone())]), &[])),
        }
    }
    out.push(order(area, form, keyed.into_iter().map(|(id, _)| Value::from(id)).collect()));
}

/// The questions of a section or of a group, each an entry that knows where it is asked.
fn questions(form: &str, section: &Value, within: &Value, group: Option<&Value>, ids: &mut Vec<Value>, out: &mut Vec<Entry>) {
    for question in within.get(QUESTIONS).and_then(Value::as_array).into_iter().flatten() {
        let Some(of) = question.as_object() else { continue };
        let id = of.get("id").cloned().unwrap_or_default();
        let mut made = entry(QUESTIONS, Some(form), id.as_str().unwrap_or_default(), of, &[QUESTIONS]);
        made.parts.insert("section".to_owned(), section.clone());
        if let Some(group) = group {
            made.parts.insert("group".to_owned(), group.clone());
        }
        out.push(made);
        ids.push(id.clone());
        questions(form, section, question, Some(&id), ids, out);
    }
}

/// Whether what both lists have stands in another order.
fn reordered(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (old.as_array(), new.as_array()) else { return false };
    let both = |of: &[Value], other: &[Value]| of.iter().filter(|id| other.contains(id)).cloned().collect::<Vec<_>>();
    both(old, new) != both(new, old)
}

fn parts(old: &Entry, new: &Entry) -> Vec<PartChange> {
    let names: BTreeSet<&String> = old.parts.keys().chain(new.parts.keys()).collect();
    let mut out = Vec::new();
    for name in names {
        let (was, is) = (old.parts.get(name), new.parts.get(name));
        let ordering = name == ORDER || name.ends_with(".order");
        let differs = match (was, is) {
            (Some(was), Some(is)) if ordering => reordered(was, is),
            _ if ordering => false,
            _ => was != is,
        };
        if differs {
            out.push(PartChange { part: name.clone(), old: was.cloned(), new: is.cloned() });
        }
    }
    out
}

fn whole(of: &Entry, became: Became) -> EntryChange {
    // What is empty or "no" is as good as not written.
    let says = |value: &Value| match value {
        Value::Bool(said) => *said,
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    let told = of.parts.iter().filter(|(name, value)| *name != ORDER && !name.ends_with(".order") && says(value));
    let parts = told.map(|(name, value)| {
        let (old, new) = if became == Became::Added { (None, Some(value.clone())) } else { (Some(value.clone()), None) };
        PartChange { part: name.clone(), old, new }
    });
    EntryChange { area: of.area.clone(), form: of.form.clone(), id: of.id.clone(), title: of.title.clone(), became, parts: parts.collect() }
}

fn compare(old: &[Entry], new: &[Entry]) -> Vec<EntryChange> {
    let before: BTreeMap<Place<'_>, &Entry> = old.iter().map(|entry| (entry.place(), entry)).collect();
    let after: BTreeSet<Place<'_>> = new.iter().map(Entry::place).collect();
    // The order of a list that only one edition has says nothing by itself.
    let silent = |entry: &Entry| entry.parts.keys().all(|name| name == ORDER);
    let mut out = Vec::new();
    for entry in new {
        match before.get(&entry.place()) {
            None if silent(entry) => {}
            None => out.push(whole(entry, Became::Added)),
            Some(was) => {
                let parts = parts(was, entry);
                if !parts.is_empty() {
                    let (area, form, id) = (entry.area.clone(), entry.form.clone(), entry.id.clone());
                    out.push(EntryChange { area, form, id, title: entry.title.clone(), became: Became::Changed, parts });
                }
            }
        }
    }
    out.extend(old.iter().filter(|entry| !after.contains(&entry.place()) && !silent(entry)).map(|entry| whole(entry, Became::Removed)));
    let mut areas: Vec<(String, Option<String>)> = Vec::new();
    for change in &out {
        let of = (change.area.clone(), change.form.clone());
        if !areas.contains(&of) {
            areas.push(of);
        }
    }
    out.sort_by_key(|change| areas.iter().position(|of| of.0 == change.area && of.1 == change.form));
    out
}
