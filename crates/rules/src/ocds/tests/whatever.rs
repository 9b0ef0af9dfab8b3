//! Properties that hold whatever the input.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Any JSON, with the standard's own keys among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|n| json!(n)),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["supplier", "award", "tender", "2026-01-02T03:04:05Z", "GBP", "England", "\u{0}"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let key = prop::sample::select(vec![
            "ocid",
            "id",
            "date",
            "tag",
            "initiationType",
            "buyer",
            "parties",
            "roles",
            "name",
            "identifier",
            "scheme",
            "address",
            "countryName",
            "tender",
            "title",
            "awards",
            "suppliers",
            "value",
            "amount",
            "currency",
            "contracts",
            "awardID",
            "contractPeriod",
            "startDate",
            "releases",
            "records",
            "compiledRelease",
            "url",
            "other",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..8).prop_map(|pairs| pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

/// Lines whatever the portions in which the bytes come.
fn in_portions(bytes: &[u8], size: usize) -> Vec<Line> {
    let mut reading = Reading::new();
    let mut lines: Vec<Line> = bytes.chunks(size).flat_map(|portion| reading.push(portion)).collect();
    lines.extend(reading.end_of_file());
    lines
}

proptest! {
    #[test]
    fn any_json_is_read_or_kept_out_with_a_reason(value in any_json()) {
        for line in read(value.to_string().as_bytes()) {
            prop_assert!(line.release.is_some() || !line.reasons.is_empty());
            prop_assert!(line.release.is_none() || line.reasons.iter().all(|reason| !reason.quarantines));
            if let Some(release) = &line.release {
                let _ = agreements(release);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_alike_in_any_portions(bytes in prop::collection::vec(prop_oneof![
        prop::sample::select(b"{}[]\",:\\\n\r \"rel".to_vec()), any::<u8>()], 0..300), size in 1usize..40) {
        prop_assert_eq!(in_portions(&bytes, size), read(&bytes));
    }

    /// Lines in, lines out: none is lost and none doubled, in order.
    #[test]
    fn none_is_lost_by_line(values in prop::collection::vec(any_json().prop_filter("a package is several", |value| {
        value.is_object() && value.get("releases").is_none() && value.get("records").is_none()
    }), 1..12), broken in prop::collection::vec(any::<bool>(), 12)) {
        let texts: Vec<String> = values.iter().zip(&broken).map(|(value, broken)| {
            let text = value.to_string();
            if *broken { text.chars().take(text.chars().count() - 1).collect() } else { text }
        }).collect();
        let lines = read(texts.join("\n").as_bytes());
        prop_assert_eq!(lines.len(), values.len());
        for ((line, broken), number) in lines.iter().zip(&broken).zip(1..) {
            prop_assert_eq!(line.line, number);
            prop_assert!(!broken || line.quarantined());
        }
    }

    /// The same for a package, whatever its layout.
    #[test]
    fn none_is_lost_in_a_package(values in prop::collection::vec(any_json(), 0..12), pretty: bool) {
        let package = json!({"version": "1.1", "releases": values, "links": {"next": "https://data.example/2"}});
        let text = if pretty { serde_json::to_string_pretty(&package).unwrap() } else { package.to_string() };
        prop_assert_eq!(read(text.as_bytes()).len(), values.len());
    }

    /// A bit flipped in a page of good releases: still a line for each, or the page is told to be broken.
    #[test]
    fn what_is_read_again_has_the_same_digest_whatever_the_order_of_fields(value in any_json().prop_filter("an object", Value::is_object)) {
        let reversed: Value = value.as_object().unwrap().iter().rev().map(|(k, v)| (k.clone(), v.clone())).collect();
        let digests = |value: &Value| read(format!("[{value}]").as_bytes()).iter().map(|line| line.digest).collect::<Vec<_>>();
        prop_assert_eq!(digests(&value), digests(&reversed));
    }
}
