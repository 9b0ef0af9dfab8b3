//! Properties that hold whatever the input.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::regulator::{Circumstance, Facts};
use crate::truth::Truth;

/// A text as people write it: never only blank, without the one character that is not kept.
fn text() -> impl Strategy<Value = String> {
    "[^\u{0}]{0,12}".prop_filter("something", |text: &String| !text.trim().is_empty())
}

/// A word of a list, or none of its.
fn word(list: &'static str) -> BoxedStrategy<String> {
    let known = lists::words(list);
    if known.is_empty() { text().boxed() } else { prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => text()].boxed() }
}

fn words(list: &'static str) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(word(list), 0..4)
}

fn when() -> impl Strategy<Value = When> {
    let number = |range: std::ops::Range<i64>| prop::option::of(prop_oneof![range, any::<i64>()]);
    let time = prop::option::of(prop_oneof![
        text(),
        select(vec!["09:30:00 PM", "12:00:00 AM", "00:10:00 AM", "23:10:00 PM"]).prop_map(str::to_owned)
    ]);
    (number(1950..2051), number(1..13), number(1..32), time).prop_map(|(year, month, day, time)| When { year, month, day, time })
}

fn countries() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop_oneof![select(vec!["GB", "IE", "XK", "Unknown", "Other"]).prop_map(str::to_owned), text()], 0..3)
}

fn actor() -> impl Strategy<Value = Actor> {
    let who = prop::collection::vec(select(vec![Who::External, Who::Internal, Who::Partner, Who::Unknown]), 0..4);
    (who, words("actor.internal"), words("motive"), prop::collection::vec(text(), 0..3), countries())
        .prop_map(|(who, varieties, motives, names, countries)| Actor { who, varieties, motives, names, countries })
}

fn action() -> impl Strategy<Value = Action> {
    select(Kind::ALL.to_vec()).prop_flat_map(|kind| {
        let list = |what: &str| lists::names().find(|name| *name == format!("{}.{what}", kind.code())).unwrap_or("none");
        (words(list("variety")), words(list("vector")), words("social.target")).prop_map(move |(varieties, vectors, targets)| Action {
            kind,
            varieties,
            vectors,
            targets,
        })
    })
}

fn counted(list: &'static str) -> impl Strategy<Value = Vec<Counted>> {
    prop::collection::vec((word(list), prop::option::of(any::<u64>())).prop_map(|(variety, amount)| Counted { variety, amount }), 0..4)
}

fn confidentiality() -> impl Strategy<Value = Confidentiality> {
    (prop::option::of(word("disclosure")), counted("data"), prop::option::of(any::<u64>()), words("subject"), words("state"))
        .prop_map(|(disclosure, data, total, subjects, states)| Confidentiality { disclosure, data, total, subjects, states })
}

fn discovered() -> impl Strategy<Value = Discovered> {
    (select(vec![By::External, By::Internal, By::Partner, By::Other, By::Unknown]), words("discovery.internal"))
        .prop_map(|(by, how)| Discovered { by, how })
}

fn span() -> impl Strategy<Value = Span> {
    let value = prop_oneof![
        any::<i32>().prop_map(serde_json::Number::from),
        (0..1_000_000_000u32).prop_map(|n| serde_json::Number::from_f64(f64::from(n) / 1_000.0).unwrap())
    ];
    (word("unit"), prop::option::of(value)).prop_map(|(unit, value)| Span { unit, value })
}

/// Any incident that a record can tell, however odd.
fn record() -> impl Strategy<Value = Record> {
    let texts = prop::collection::vec(prop::option::of(text()), 7);
    let names = prop::collection::vec(text(), 0..3);
    let industry = prop::option::of(prop_oneof![text(), select(vec!["92", "31-33", "622110", "6221100", "99"]).prop_map(str::to_owned)]);
    let categories = prop::option::of(prop::sample::subsequence(Category::ALL.to_vec(), 0..7));
    let whose = (text(), texts, names, industry, categories, countries());
    let happened = (
        prop::option::of(when()),
        prop::option::of(when()),
        prop::collection::vec(discovered(), 0..4),
        prop::option::of(span()),
        prop::option::of(word("size")),
        prop::option::of(word("certainty")),
    );
    let done = (prop::collection::vec(actor(), 0..4), prop::collection::vec(action(), 0..4), counted("asset"));
    let about = (words("hosting"), words("management"), words("ownership"), words("cloud"));
    let lost = (prop::option::of(confidentiality()), words("integrity"), words("availability"));
    (whose, happened, done, about, lost).prop_map(|(whose, happened, done, about, lost)| {
        let (id, mut texts, further_victims, industry, categories, countries) = whose;
        let (happened, notified, discovered, discovery_lag, size, certainty) = happened;
        let mut next = || texts.pop().unwrap();
        Record {
            id,
            reference: next(),
            source: next(),
            certainty,
            summary: next(),
            notes: next(),
            published: next(),
            categories,
            victim: next(),
            further_victims,
            countries,
            industry,
            size,
            happened,
            discovered,
            discovery_lag,
            notified,
            actors: done.0,
            actions: done.1,
            assets: done.2,
            hosting: about.0,
            management: about.1,
            ownership: about.2,
            cloud: about.3,
            confidentiality: lost.0,
            integrity: lost.1,
            availability: lost.2,
        }
    })
}

/// Any JSON, with keys and words of VERIS among its own.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (2000..2030).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(Value::from),
        select(vec!["1.4.1", "1.3", "Loss", "Yes", "Days", "GB", "Ext - customer", "\u{0}"]).prop_map(Value::from),
    ];
    let keys = [
        "incident_id",
        "schema_version",
        "timeline",
        "incident",
        "year",
        "month",
        "discovery",
        "unit",
        "victim",
        "victim_id",
        "secondary",
        "actor",
        "partner",
        "name",
        "action",
        "error",
        "unknown",
        "variety",
        "asset",
        "assets",
        "attribute",
        "confidentiality",
        "data",
        "data_total",
        "integrity",
        "discovery_method",
        "external",
        "plus",
        "vouchsafe",
        "format",
        "exact",
        "read",
        "is",
        "categories",
        "id",
        "actors",
    ];
    leaf.prop_recursive(6, 80, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((select(keys.to_vec()), inner), 0..9)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn within_an_object(value: Value) -> Value {
    if value.is_object() { value } else { json!({ "id": value }) }
}

/// A good incident with some of its values taken out or put wrong.
fn mangled() -> impl Strategy<Value = Value> {
    prop::collection::vec((any::<prop::sample::Index>(), any_json()), 1..4).prop_map(|changes| {
        let mut incident = full();
        for (at, value) in changes {
            let mut paths = Vec::new();
            walk(&incident, String::new(), &mut paths);
            let path = at.get(&paths).clone();
            *incident.pointer_mut(&path).unwrap() = value;
        }
        incident
    })
}

fn walk(value: &Value, at: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| walk(value, format!("{at}/{key}"), paths)),
        Value::Array(entries) => entries.iter().enumerate().for_each(|(index, value)| walk(value, format!("{at}/{index}"), paths)),
        _ => {}
    }
    paths.push(at);
}

fn is_taken_or_says_why(line: &Line) -> Result<(), TestCaseError> {
    let quarantines = line.reasons.iter().any(|reason| reason.quarantines);
    prop_assert_eq!(line.quarantined(), quarantines, "{:?}", line);
    if let Some(record) = &line.record {
        prop_assert_eq!(&taken(&write(record, 2026)), record);
        drop((categories(record), involved(record), record.losses(), record.published()));
    }
    Ok(())
}

proptest! {
    /// SEC-24: whatever an incident of ours says, it is valid VERIS, and reads as it was.
    #[test]
    fn whatever_is_written_is_valid_and_comes_back(record in record(), reported in any::<i16>()) {
        thread_local!(static SCHEMA: Option<jsonschema::Validator> = schema());
        let written = write(&record, reported);
        SCHEMA.with(|schema| {
            let faults: Vec<String> = schema.iter().flat_map(|schema| schema.iter_errors(&written)).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            prop_assert!(faults.is_empty(), "{:?}", faults);
            Ok(())
        })?;
        prop_assert_eq!(taken(&written), record.clone());
        // Read and written again, it is the same bytes.
        prop_assert_eq!(write(&taken(&written), reported).to_string(), written.to_string());
    }

    /// An incident of ours keeps its categories, and is told to be nothing that was not decided: other programs come to some of them, or to none.
    #[test]
    fn an_incident_of_ours_is_told_without_saying_more(
        decided in prop::sample::subsequence(Category::ALL.to_vec(), 0..=7),
        circumstances in prop::sample::subsequence(Circumstance::ALL.to_vec(), 0..=17),
        cyber in select(vec![Truth::True, Truth::False, Truth::Unknown]),
    ) {
        let mut ours = Record { id: "x".to_owned(), ..Record::default() };
        tell(&mut ours, &Facts { categories: decided.clone(), cyber, circumstances });
        let again = taken(&write(&ours, 2026));
        prop_assert_eq!(&again, &ours);
        prop_assert_eq!(categories(&again), decided.clone());
        let derived = categories(&Record { categories: None, ..again });
        prop_assert!(derived.iter().all(|category| decided.contains(category)), "{:?} of {:?}", derived, decided);
        for certain in [Category::Theft, Category::Loss, Category::Fraud] {
            prop_assert_eq!(derived.contains(&certain), decided.contains(&certain));
        }
    }

    #[test]
    fn any_json_is_taken_or_kept_out_with_a_reason(value in any_json()) {
        for line in read(value.to_string().as_bytes()) {
            is_taken_or_says_why(&line)?;
        }
    }

    #[test]
    fn a_mangled_incident_is_taken_or_kept_out_with_a_reason(value in mangled()) {
        for line in read(value.to_string().as_bytes()) {
            is_taken_or_says_why(&line)?;
        }
    }

    #[test]
    fn any_bytes_are_read_alike_in_any_portions(bytes in prop::collection::vec(prop_oneof![
        select(b"{}[]\",:\\\n\r \"id".to_vec()), any::<u8>()], 0..300), size in 1usize..40) {
        let mut reading = Reading::new();
        let mut lines: Vec<Line> = bytes.chunks(size).flat_map(|portion| reading.push(portion)).collect();
        lines.extend(reading.end_of_file());
        prop_assert_eq!(lines, read(&bytes));
    }

    /// Lines in, lines out: none is lost and none doubled, in order.
    #[test]
    fn none_is_lost(values in prop::collection::vec(any_json().prop_map(within_an_object), 1..8), as_list: bool) {
        let texts: Vec<String> = values.iter().map(Value::to_string).collect();
        let text = if as_list { format!("[\n{}\n]", texts.join(",\n")) } else { texts.join("\n") };
        let lines = read(text.as_bytes());
        prop_assert_eq!(lines.len(), values.len());
        for (line, number) in lines.iter().zip(1 + u64::from(as_list)..) {
            prop_assert_eq!(line.line, number);
        }
    }
}
