//! Lists of sub-processors, read and classified.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn uk() -> Home {
    Home::from_codes(&["GB"]).unwrap()
}

fn listed(product: &str, name: &str, purpose: Option<&str>, location: Option<&str>) -> Said {
    let text = |t: Option<&str>| t.map(str::to_owned);
    Said::Listed(Named { product: product.to_owned(), name: name.to_owned(), purpose: text(purpose), location: text(location) })
}

fn good(text: &str) -> Vec<Said> {
    read(text.as_bytes()).unwrap().into_iter().map(|line| line.said.unwrap()).collect()
}

/// OFF-12: the three forms of a file say the same.
#[test]
fn a_list_is_read_from_csv_json_and_lines() {
    let expected = [listed("Tickets", "Fathom Mail", Some("Letters"), Some("US")), listed("Tickets", "Ebb, Ltd", None, None)];
    let csv = "Name,Purpose,Location,Product\n Fathom Mail ,Letters,US,Tickets\n\"Ebb, Ltd\",,,Tickets\n";
    assert_eq!(good(csv), expected);
    assert_eq!(good(&format!("\u{feff}{csv}")), expected);
    let entries = json!([
        { "name": "Fathom Mail", "purpose": "Letters", "location": "US", "product": "Tickets" },
        { "name": "Ebb, Ltd", "product": "Tickets", "url": "ignored" },
    ]);
    assert_eq!(good(&entries.to_string()), expected);
    let lines: Vec<String> = entries.as_array().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(good(&lines.join("\n\n")), expected);
    assert_eq!(good(&lines[0]), expected[..1]);
    let nested = json!([{ "product": "Tickets", "subprocessors": [
        { "name": "Fathom Mail", "purpose": "Letters", "location": "US" }, { "name": "Ebb, Ltd" },
    ]}]);
    assert_eq!(good(&nested.to_string()), expected);
}

/// OFF-12: what cannot be taken is named by its line and never stops the others; what is no list at all is refused whole.
#[test]
fn what_cannot_be_taken_is_named() {
    let text = [
        r#"{"event":"added","name":"A","product":"P","date":"2020-01-06"}"#,
        r#"{"event":"added","product":"P","date":"2020-01-06"}"#,
        r#"{"event":"added","name":"B","product":"P"}"#,
        r#"{"event":"burnt","name":"B","product":"P","date":"2020-01-06"}"#,
        "{\"event\":",
        "7",
        r#"{"event":"initial","product":"P","date":"2020-01-06","names":[" "]}"#,
        &json!({ "name": "x".repeat(301) }).to_string(),
        r#"{"event":"initial","product":"P","date":"2020-01-06","names":["C","D"]}"#,
        r#"{"event":"removed","name":"A","date":"2020-01-06"}"#,
        &json!({ "event": "initial", "product": "P", "date": "2020-01-06", "names": ["A", "x".repeat(301)] }).to_string(),
    ]
    .join("\n");
    let found: Vec<_> = read(text.as_bytes()).unwrap().into_iter().map(|line| (line.number, line.said.err())).collect();
    let faults = [
        None,
        Some("no-name"),
        Some("no-date"),
        Some("unknown-event"),
        Some("broken"),
        Some("no-entry"),
        Some("no-name"),
        Some("too-long"),
        None,
        Some("no-product"),
        Some("too-long"),
    ];
    assert_eq!(found, faults.into_iter().enumerate().map(|(n, fault)| (n + 1, fault)).collect::<Vec<_>>());
    let many = format!("name\n{}", "A\n".repeat(5_001));
    let whole: [(&[u8], &str, Option<usize>); 7] = [
        (b"", "empty", None),
        (b" \n ", "empty", None),
        (b"name,location\n", "empty", None),
        (b"\xff\xfe", "no-text", None),
        (b"[{\"name\":\n\"A\"", "broken", Some(2)),
        (b"supplier,place\nA,B\n", "no-heading", Some(1)),
        (many.as_bytes(), "too-many", None),
    ];
    for (bytes, fault, line) in whole {
        assert_eq!(read(bytes).unwrap_err(), BadFile { fault, line }, "{fault}");
    }
}

/// OFF-3, OWN-1: a country decides; "EU" names none and is abroad for a home outside it; what nobody knows stays open and asks.
#[test]
fn where_it_works_decides() {
    let ireland = Home::from_codes(&["IE"]).unwrap();
    let cases = [
        (Some("US"), &uk(), "offshoring", false),
        (Some(" United States "), &uk(), "offshoring", false),
        (Some("Jersey"), &uk(), "offshoring", false),
        (Some("GB"), &uk(), "not_offshoring", false),
        (Some("EU"), &uk(), "offshoring", true),
        (Some("european union"), &uk(), "offshoring", true),
        (Some("EEA"), &uk(), "offshoring", true),
        (Some("EU"), &ireland, "undetermined", true),
        (Some("IE"), &ireland, "not_offshoring", false),
        (Some("GB"), &ireland, "offshoring", false),
        (Some("the cloud"), &uk(), "undetermined", true),
        (Some(""), &uk(), "undetermined", true),
        (None, &uk(), "undetermined", true),
    ];
    for (location, home, outcome, asks) in cases {
        let found = classify(place(location), home);
        assert_eq!((found.code(), found.asks_country), (outcome, asks), "{location:?}");
        assert_eq!(found.calls_for_proposal(), outcome != "not_offshoring", "{location:?}");
        assert!(outcome == "undetermined" || !found.decision.because.is_empty(), "{location:?}");
    }
}

/// Who is used for each product at the end of these lines, read as events in the order of their instants: product to names.
fn replayed(lines: &[Line]) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        match &line.said {
            Ok(Said::Initial { product, names, .. }) => {
                all.insert(product.clone(), names.clone());
            }
            Ok(Said::Added(named, _) | Said::Listed(named)) => {
                let names = all.entry(named.product.clone()).or_default();
                if !names.contains(&named.name) {
                    names.push(named.name.clone());
                }
            }
            Ok(Said::Removed(named, _)) => all.entry(named.product.clone()).or_default().retain(|name| *name != named.name),
            Err(_) => {}
        }
    }
    all
}

/// OFF-12: replaying the real changes of six products ends at what was published of each, and each of the additions calls for a proposal.
#[test]
fn real_changes_end_at_the_published_lists() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/subprocessors");
    let Ok(events) = std::fs::read(format!("{folder}/37signals_change_events.jsonl")) else { return };
    let lines = read(&events).unwrap();
    assert_eq!(lines.len(), 73);
    assert!(lines.iter().all(|line| line.said.is_ok()));
    let published = read(&std::fs::read(format!("{folder}/37signals_current.json")).unwrap()).unwrap();
    let sorted = |all: BTreeMap<String, Vec<String>>| -> BTreeMap<String, BTreeSet<String>> {
        all.into_iter().map(|(product, names)| (product, names.into_iter().collect())).collect()
    };
    let (ends, expected) = (sorted(replayed(&lines)), sorted(replayed(&published)));
    assert_eq!(ends.len(), 6);
    assert_eq!(ends, expected);
    let added: Vec<Classified> = lines
        .iter()
        .filter_map(|line| match &line.said {
            Ok(Said::Added(named, _)) => Some(classify(place(named.location.as_deref()), &uk())),
            _ => None,
        })
        .collect();
    assert_eq!(added.len(), 35);
    assert!(added.iter().all(|one| one.code() == "offshoring" && one.calls_for_proposal()));
    assert_eq!(added.iter().filter(|one| one.asks_country).count(), 2);
}

proptest! {
    /// Whatever the bytes, reading ends, and names no more lines than there are.
    #[test]
    fn anything_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(lines) = read(&bytes) {
            prop_assert!(!lines.is_empty());
        }
    }

    #[test]
    fn anything_like_json_is_read(text in r#"[\[{]?("[a-z]{0,4}"|[0-9:,\[\]{}"\n ]|name|event|added){0,40}"#) {
        drop(read(text.as_bytes()));
    }
}
