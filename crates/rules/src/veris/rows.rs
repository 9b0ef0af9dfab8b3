//! Reads incidents that were flattened into rows: one object, its lists without objects in them.

use super::record::{Actor, Confidentiality, Counted, Discovered, Record, Who};
use super::standard::{DISCOVERERS, actions};
use super::take::{NAME, Object, TEXT, Taking};
use crate::message::Message;

/// Whether an object is meant to be such a row.
pub(super) fn resembles(of: &Object) -> bool {
    of.contains_key("id") && ["actors", "action", "attribute", "victim", "asset", "summary"].iter().any(|key| of.contains_key(*key))
}

/// Reads a row.
pub(super) fn record(of: &Object, take: &mut Taking) -> Record {
    let mut record = Record {
        id: take.text(of, "id", "$", NAME).unwrap_or_default(),
        certainty: take.only(of, "confidence", "$", "certainty"),
        summary: take.text(of, "summary", "$", TEXT),
        published: take.text(of, "reference", "$", TEXT),
        victim: take.text(of, "victim", "$", NAME),
        further_victims: take.words(of, "victim_secondary", "$", &[]),
        countries: take.words(of, "country", "$", &["country"]),
        industry: take.text(of, "naics", "$", NAME),
        size: take.only(of, "size", "$", "size"),
        happened: take.when(of, "$", true),
        discovered: discovered(of, take),
        discovery_lag: take.span(of, "discovery_lag", "$"),
        actors: actors(of, take),
        actions: actions(of, take, "$"),
        hosting: take.words(of, "hosting", "$", &["hosting"]),
        management: take.words(of, "management", "$", &["management"]),
        ownership: take.words(of, "ownership", "$", &["ownership"]),
        ..Record::default()
    };
    record.notified = take.object(of, "notified", "$").and_then(|told| take.when(told, "$.notified", false));
    record.assets = uncounted(take.words(of, "asset", "$", &["asset"]));
    attributes(of, take, &mut record);
    take.must(of.get("id"), "$.id");
    take.must(of.get("year"), "$.year");
    record
}

fn uncounted(words: Vec<String>) -> Vec<Counted> {
    words.into_iter().map(|variety| Counted { variety, amount: None }).collect()
}

/// All actors as one: a row does not say which of them is said what of.
fn actors(of: &Object, take: &mut Taking) -> Vec<Actor> {
    let mut who = Vec::new();
    for said in take.words(of, "actors", "$", &[]) {
        match said.as_str() {
            "external" => who.push(Who::External),
            "internal" => who.push(Who::Internal),
            "partner" => who.push(Who::Partner),
            "unknown" => who.push(Who::Unknown),
            _ => take.note(Message::new("veris-unknown-word").with("path", "$.actors").with("word", said)),
        }
    }
    let actor = Actor {
        who,
        varieties: take.words(of, "actor_variety", "$", &["actor.external", "actor.internal"]),
        motives: take.words(of, "motive", "$", &["motive"]),
        names: take.words(of, "partner_name", "$", &[]),
        countries: take.words(of, "partner_country", "$", &["country"]),
    };
    if actor == Actor::default() { Vec::new() } else { vec![actor] }
}

fn discovered(of: &Object, take: &mut Taking) -> Vec<Discovered> {
    let Some(all) = take.object(of, "discovery", "$") else { return Vec::new() };
    let ways = DISCOVERERS.iter().filter(|(key, ..)| all.contains_key(*key));
    ways.map(|(key, _, by, list)| Discovered { by: *by, how: take.words(all, key, "$.discovery", &[list]) }).collect()
}

fn attributes(of: &Object, take: &mut Taking, record: &mut Record) {
    let Some(all) = take.object(of, "attribute", "$") else { return };
    if let Some(one) = take.object(all, "confidentiality", "$.attribute") {
        let at = "$.attribute.confidentiality";
        record.confidentiality = Some(Confidentiality {
            disclosure: take.word(one, "data_disclosure", at, "disclosure"),
            data: uncounted(take.words(one, "data", at, &["data"])),
            total: take.whole(one, "data_total", at),
            subjects: take.words(one, "data_subject", at, &["subject"]),
            states: take.words(one, "state", at, &["state"]),
        });
    }
    record.integrity = take.words(all, "integrity", "$.attribute", &["integrity"]);
    record.availability = take.words(all, "availability", "$.attribute", &["availability"]);
}
