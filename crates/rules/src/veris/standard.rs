//! Reads VERIS 1.3 and 1.4.

use serde_json::Value;

use super::exact;
use super::record::{Action, Actor, By, Confidentiality, Counted, Discovered, Kind, Record, Who};
use super::take::{NAME, Object, TEXT, Taking, join};
use crate::category::Category;
use crate::message::Message;

/// The editions that are read, by their beginnings.
const EDITIONS: [&str; 2] = ["1.3", "1.4"];

/// The field of `plus` that is ours.
pub(super) const OURS: &str = "vouchsafe";

/// How what we write into it is laid out.
pub(super) const FORMAT: u64 = 1;

/// Whether an object is meant to be an incident of VERIS.
pub(super) fn resembles(of: &Object) -> bool {
    ["incident_id", "schema_version", "security_incident", "timeline"].iter().any(|key| of.contains_key(*key))
}

/// Reads an incident.
pub(super) fn record(of: &Object, take: &mut Taking) -> Record {
    edition(of, take);
    let record = plain(of, take);
    take.must(of.get("incident_id"), "$.incident_id");
    let incident = of.get("timeline").and_then(|timeline| timeline.get("incident"));
    take.must(incident.and_then(|incident| incident.get("year")), "$.timeline.incident.year");
    match ours(of).and_then(|ours| ours.get("exact")) {
        Some(Value::Object(fields)) if !take.is_faulty() => exact::restore(record, fields, take),
        _ => record,
    }
}

fn edition(of: &Object, take: &mut Taking) {
    take.must(of.get("schema_version"), "$.schema_version");
    let Some(said) = take.text(of, "schema_version", "$", NAME) else { return };
    let known = |edition: &str| said.strip_prefix(edition).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if !EDITIONS.iter().any(|edition| known(edition)) {
        let shown: String = said.chars().take(20).collect();
        take.fault(Message::new("veris-edition").with("edition", shown));
    }
}

/// What VERIS itself says.
pub(super) fn plain(of: &Object, take: &mut Taking) -> Record {
    let mut record = Record {
        id: take.text(of, "incident_id", "$", NAME).unwrap_or_default(),
        source: take.text(of, "source_id", "$", NAME),
        certainty: take.word(of, "security_incident", "$", "certainty"),
        summary: take.text(of, "summary", "$", TEXT),
        notes: take.text(of, "notes", "$", TEXT),
        published: take.text(of, "reference", "$", TEXT),
        actors: actors(of, take),
        actions: actions(of, take, "$"),
        discovered: discovered(of, take),
        ..Record::default()
    };
    victim(of, take, &mut record);
    if let Some(timeline) = take.object(of, "timeline", "$") {
        let incident = take.object(timeline, "incident", "$.timeline");
        record.happened = incident.and_then(|incident| take.when(incident, "$.timeline.incident", true));
        record.discovery_lag = take.span(timeline, "discovery", "$.timeline");
    }
    assets(of, take, &mut record);
    attributes(of, take, &mut record);
    told(of, take, &mut record);
    marks(of, take, &mut record);
    record
}

/// Our own part of an incident that we wrote.
fn ours(of: &Object) -> Option<&Object> {
    let ours = of.get("plus")?.get(OURS)?.as_object()?;
    (ours.get("format").and_then(Value::as_u64) == Some(FORMAT)).then_some(ours)
}

fn marks(of: &Object, take: &mut Taking, record: &mut Record) {
    let Some(ours) = ours(of) else { return };
    let at = join("$.plus", OURS);
    record.reference = take.text(ours, "reference", &at, NAME);
    if ours.contains_key("categories") {
        let codes = take.words(ours, "categories", &at, &[]);
        let known: Option<Vec<Category>> = codes.iter().map(|code| Category::from_code(code)).collect();
        match known {
            Some(known) => record.categories = Some(known),
            None => take.wrong(join(&at, "categories"), "categories"),
        }
    }
}

/// When people were told: VERIS has no place of its own for it, and its community keeps it here.
fn told(of: &Object, take: &mut Taking, record: &mut Record) {
    let Some(Value::Object(plus)) = of.get("plus") else { return };
    let Some(Value::Object(timeline)) = plus.get("timeline") else { return };
    if let Some(told) = take.object(timeline, "notification", "$.plus.timeline") {
        record.notified = take.when(told, "$.plus.timeline.notification", false);
    }
}

fn victim(of: &Object, take: &mut Taking, record: &mut Record) {
    let Some(victim) = take.object(of, "victim", "$") else { return };
    record.victim = take.text(victim, "victim_id", "$.victim", NAME);
    record.countries = take.words(victim, "country", "$.victim", &["country"]);
    record.industry = take.text(victim, "industry", "$.victim", NAME);
    record.size = take.word(victim, "employee_count", "$.victim", "size");
    if let Some(secondary) = take.object(victim, "secondary", "$.victim") {
        record.further_victims = take.words(secondary, "victim_id", "$.victim.secondary", &[]);
    }
}

fn actors(of: &Object, take: &mut Taking) -> Vec<Actor> {
    let Some(all) = take.object(of, "actor", "$") else { return Vec::new() };
    let kinds =
        [("external", Who::External, "actor.external"), ("internal", Who::Internal, "actor.internal"), ("partner", Who::Partner, "")];
    let mut found = Vec::new();
    for (key, who, list) in kinds {
        let Some(one) = take.object(all, key, "$.actor") else { continue };
        let at = join("$.actor", key);
        let lists: &[&str] = if list.is_empty() { &[] } else { &[list] };
        found.push(Actor {
            who: vec![who],
            varieties: take.words(one, "variety", &at, lists),
            motives: take.words(one, "motive", &at, &["motive"]),
            names: take.words(one, "name", &at, &[]),
            countries: take.words(one, "country", &at, &["country"]),
        });
    }
    if all.contains_key("unknown") {
        found.push(Actor { who: vec![Who::Unknown], ..Actor::default() });
    }
    found
}

/// What was done, of an incident or of a row.
pub(super) fn actions(of: &Object, take: &mut Taking, at: &str) -> Vec<Action> {
    let Some(all) = take.object(of, "action", at) else { return Vec::new() };
    let at = join(at, "action");
    let mut found = Vec::new();
    for kind in Kind::ALL {
        // 1.3 has them write `Unknown` too.
        let Some(key) = all.keys().find(|key| key.eq_ignore_ascii_case(kind.code())) else { continue };
        let Some(one) = take.object(all, key, &at) else { continue };
        let within = join(&at, key);
        let mut action = Action::new(kind);
        if kind != Kind::Unknown {
            action.varieties = take.words(one, "variety", &within, &[&format!("{}.variety", kind.code())]);
            action.vectors = take.words(one, "vector", &within, &[&format!("{}.vector", kind.code())]);
            action.targets = take.words(one, "target", &within, &["social.target"]);
        }
        found.push(action);
    }
    found
}

/// The three ways of discovery that say how, by what 1.4 and 1.3 call them.
pub(super) const DISCOVERERS: [(&str, &str, By, &str); 3] = [
    ("external", "Ext - ", By::External, "discovery.external"),
    ("internal", "Int - ", By::Internal, "discovery.internal"),
    ("partner", "Prt - ", By::Partner, "discovery.partner"),
];

fn discovered(of: &Object, take: &mut Taking) -> Vec<Discovered> {
    if let Some(Value::String(_)) = of.get("discovery_method") {
        return discovered_in_a_word(of, take).into_iter().collect();
    }
    let Some(all) = take.object(of, "discovery_method", "$") else { return Vec::new() };
    let mut found = Vec::new();
    for (key, _, by, list) in DISCOVERERS {
        if let Some(one) = take.object(all, key, "$.discovery_method") {
            found.push(Discovered { by, how: take.words(one, "variety", &join("$.discovery_method", key), &[list]) });
        }
    }
    for (key, by) in [("other", By::Other), ("unknown", By::Unknown)] {
        if all.get(key) == Some(&Value::Bool(true)) {
            found.push(Discovered { by, how: Vec::new() });
        }
    }
    found
}

/// 1.3 says it in one word, such as `Ext - customer`.
fn discovered_in_a_word(of: &Object, take: &mut Taking) -> Option<Discovered> {
    let said = take.text(of, "discovery_method", "$", NAME)?;
    let told = DISCOVERERS.iter().find_map(|(_, begins, by, list)| Some((said.strip_prefix(begins)?, *by, *list)));
    if let Some((how, by, list)) = told {
        let known = super::lists::word(list, how).is_some();
        if !known {
            unknown_discovery(take, &said);
        }
        return Some(Discovered { by, how: vec![how.to_owned()] });
    }
    match said.as_str() {
        "Other" => Some(Discovered { by: By::Other, how: Vec::new() }),
        "Unknown" => Some(Discovered { by: By::Unknown, how: Vec::new() }),
        _ => {
            unknown_discovery(take, &said);
            None
        }
    }
}

fn unknown_discovery(take: &mut Taking, said: &str) {
    let shown: String = said.chars().take(100).collect();
    take.note(Message::new("veris-unknown-word").with("path", "$.discovery_method").with("word", shown));
}

fn assets(of: &Object, take: &mut Taking, record: &mut Record) {
    let Some(asset) = take.object(of, "asset", "$") else { return };
    record.assets = counted(asset, "assets", "$.asset", "asset", take);
    record.hosting = take.words(asset, "hosting", "$.asset", &["hosting"]);
    record.management = take.words(asset, "management", "$.asset", &["management"]);
    record.ownership = take.words(asset, "ownership", "$.asset", &["ownership"]);
    record.cloud = take.words(asset, "cloud", "$.asset", &["cloud"]);
}

fn counted(of: &Object, key: &str, at: &str, list: &str, take: &mut Taking) -> Vec<Counted> {
    let mut found = Vec::new();
    for (one, at) in take.objects(of, key, at) {
        let amount = take.whole(one, "amount", &at);
        take.must(one.get("variety"), &join(&at, "variety"));
        found.extend(take.word(one, "variety", &at, list).map(|variety| Counted { variety, amount }));
    }
    found
}

fn attributes(of: &Object, take: &mut Taking, record: &mut Record) {
    let Some(all) = take.object(of, "attribute", "$") else { return };
    if let Some(one) = take.object(all, "confidentiality", "$.attribute") {
        let at = "$.attribute.confidentiality";
        record.confidentiality = Some(Confidentiality {
            disclosure: take.word(one, "data_disclosure", at, "disclosure"),
            data: counted(one, "data", at, "data", take),
            total: take.whole(one, "data_total", at),
            subjects: take.words(one, "data_victim", at, &["subject"]),
            states: take.words(one, "state", at, &["state"]),
        });
    }
    for key in ["integrity", "availability"] {
        let Some(one) = take.object(all, key, "$.attribute") else { continue };
        let words = take.words(one, "variety", &join("$.attribute", key), &[key]);
        if key == "integrity" {
            record.integrity = words;
        } else {
            record.availability = words;
        }
    }
}
