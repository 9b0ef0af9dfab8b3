//! Cases by hand: shapes of files, faults and their reasons, contracts made of awards.

use serde_json::{Value, json};

use super::*;

/// A release that has all it must have.
fn good(id: &str) -> Value {
    json!({
        "ocid": "ocds-x-1", "id": id, "date": "2026-01-02T03:04:05Z", "tag": ["award"], "initiationType": "tender",
        "buyer": {"id": "b", "name": "Tarn Borough Council"},
        "parties": [
            {"id": "b", "name": "Tarn Borough Council", "roles": ["buyer"], "address": {"countryName": "ENG"}},
            {"id": "s", "name": "Halyard Systems", "roles": ["supplier"], "identifier": {"scheme": "GB-COH", "id": "01234567"},
             "address": {"streetAddress": "1 Quay", "postalCode": "AB1 2CD", "countryName": "Other"}}
        ],
        "tender": {"id": "t", "title": "Parking", "contractPeriod": {"startDate": "2026-02-01T00:00:00+01:00"}},
        "awards": [{"id": 1, "status": "active", "value": {"amount": 10.5, "currency": "GBP"}, "suppliers": [{"id": "s"}]}]
    })
}

#[test]
fn a_release_is_read_with_its_parties_and_makes_a_contract() {
    let lines = read(good("r1").to_string().as_bytes());
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((line.counts.parties, line.counts.suppliers, line.counts.awards), (2, 1, 1));
    let release = line.release.as_ref().unwrap();
    assert_eq!(release.parties[0].country.unwrap().code(), "GB");
    assert_eq!((release.parties[1].country, release.parties[1].country_stated.as_deref()), (None, Some("Other")));
    let made = agreements(release);
    let [one] = made.as_slice() else { panic!("{made:?}") };
    assert_eq!((one.key.as_str(), one.title.as_str(), one.state), ("ocds-x-1/1", "Parking", State::Active));
    assert_eq!(one.value, Some(Money { minor: 1050, currency: "GBP".into() }));
    assert_eq!(one.period.as_ref().unwrap().starts_on.as_deref(), Some("2026-02-01"));
    assert_eq!(one.suppliers[0].identifier(), Some(("GB-COH", "01234567")));
    assert_eq!(one.buyer.as_deref(), Some("Tarn Borough Council"));
}

#[test]
fn contracts_take_the_place_of_their_awards() {
    let mut release = good("r1");
    release["contracts"] = json!([
        {"id": "c1", "awardID": 1, "status": "terminated", "title": "Meters"},
        {"id": "c2", "awardID": 1, "status": "pending", "value": {"amount": 7, "currency": "JPY"}},
    ]);
    let made = agreements(read(release.to_string().as_bytes())[0].release.as_ref().unwrap());
    assert_eq!(
        made.iter().map(|a| (a.key.as_str(), a.state)).collect::<Vec<_>>(),
        [("ocds-x-1/1/c1", State::Ended), ("ocds-x-1/1/c2", State::Planned),]
    );
    assert_eq!(made[1].value, Some(Money { minor: 7, currency: "JPY".into() }));
    assert_eq!(made[0].suppliers.len(), 1);
}

/// The same three releases, in every shape of file.
#[test]
fn every_shape_of_file_gives_the_same_lines() {
    let releases = [good("1"), good("2"), good("3")];
    let package = json!({"uri": "x", "releases": releases, "links": {"next": "https://data.example/2"}});
    let by_line: String = releases.iter().map(|r| format!("{r}\n")).collect();
    let pretty = serde_json::to_string_pretty(&package).unwrap();
    let one_a_line = format!("{{\"releases\":[\n{}\n]}}", releases.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n"));
    let files = [
        package.to_string(),
        pretty.clone(),
        pretty.replace('\n', "\r\n"),
        format!("\u{feff}{pretty}"),
        by_line.clone(),
        by_line.replace('\n', "\r\n"),
        format!("\u{feff}\n\n{by_line}"),
        by_line.trim_end().to_owned(),
        one_a_line,
        Value::from(releases.to_vec()).to_string(),
        serde_json::to_string_pretty(&releases).unwrap(),
        releases.iter().map(|r| serde_json::to_string_pretty(r).unwrap()).collect::<Vec<_>>().join("\n"),
        json!({"records": [{"ocid": "ocds-x-1", "releases": releases}]}).to_string(),
        json!({"ocid": "ocds-x-1", "releases": releases, "compiledRelease": good("c")}).to_string(),
        format!("{}\n{}", json!({"releases": releases[..1]}), json!({"releases": releases[1..]})),
    ];
    let expected = read(by_line.as_bytes()).into_iter().map(|line| line.release.unwrap()).collect::<Vec<_>>();
    for file in files {
        let lines = read(file.as_bytes());
        let found: Vec<_> = lines.into_iter().map(|line| line.release.unwrap_or_else(|| panic!("{:?} in {file}", line.reasons))).collect();
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn what_is_wrong_is_kept_out_with_its_reason() {
    let without = |key: &str| {
        let mut release = good("r");
        release.as_object_mut().unwrap().remove(key);
        release.to_string()
    };
    let with = |pointer: &str, value: Value| {
        let mut release = good("r");
        *release.pointer_mut(pointer).unwrap() = value;
        release.to_string()
    };
    for (text, expected) in [
        (without("ocid"), "missing"),
        (without("date"), "missing"),
        (without("tag"), "missing"),
        (without("initiationType"), "missing"),
        (with("/ocid", json!(7)), "wrong-type"),
        (with("/ocid", json!("  ")), "missing"),
        (with("/ocid", json!("x".repeat(501))), "too-long"),
        (with("/id", json!(7)), "wrong-type"),
        (with("/date", json!("last week")), "bad-date"),
        (with("/tag", json!([])), "missing"),
        (with("/tag", json!("award")), "wrong-type"),
        (with("/tag", json!(["awarded"])), "unknown-tag"),
        (with("/initiationType", json!("ppp")), "initiation"),
        (with("/buyer", json!("Council")), "wrong-type"),
        (with("/parties", json!({})), "wrong-type"),
        (with("/parties/0", json!(1)), "wrong-type"),
        (with("/parties/1/name", json!(1)), "wrong-type"),
        (with("/parties/1/roles", json!("supplier")), "wrong-type"),
        (with("/awards/0", json!(null)), "wrong-type"),
        (with("/awards/0/id", json!(null)), "missing"),
        (with("/awards/0/value/amount", json!("10")), "wrong-type"),
        (with("/awards/0/suppliers", json!("s")), "wrong-type"),
        ("{\"ocid\":\"a\"".into(), "cut-off"),
        ("{\"ocid\":tru}".into(), "not-json"),
        ("{\"ocid\":1e999}".into(), "number"),
        (format!("{{\"ocid\":{}{}}}", "[".repeat(9000), "]".repeat(9000)), "too-deep"),
        ("nonsense".into(), "not-json"),
        ("7".into(), "not-an-object"),
        ("{}".into(), "not-a-release"),
        (json!({"releases": "a string"}).to_string(), "not-a-release"),
        (json!({"records": [{"ocid": "a"}]}).to_string(), "empty-record"),
        (json!({"records": [{"ocid": "a", "releases": [{"url": "https://data.example/1"}]}]}).to_string(), "linked"),
    ] {
        let lines = read(text.as_bytes());
        let shown: String = text.chars().take(300).collect();
        assert_eq!(lines.len(), 1, "{shown}: {lines:?}");
        assert!(lines[0].quarantined() && codes(&lines[0]).contains(&expected), "{shown}: {:?}", lines[0].reasons);
    }
}

#[test]
fn only_the_id_missing_is_a_warning_and_its_id_is_stable() {
    let mut release = good("r");
    release.as_object_mut().unwrap().remove("id");
    let first = read(release.to_string().as_bytes()).remove(0);
    assert_eq!((codes(&first), first.id.as_deref()), (vec!["derived-id"], Some("ocds-x-1/2026-01-02T03:04:05Z/award")));
    assert!(first.release.is_some());
    release["date"] = json!("2026-01-02T04:04:05+01:00");
    release["id"] = Value::Null;
    assert_eq!(read(release.to_string().as_bytes())[0].id, first.id);
    release.as_object_mut().unwrap().remove("tag");
    assert_eq!(codes(&read(release.to_string().as_bytes())[0]), ["missing", "derived-id"]);
}

#[test]
fn quarantined_releases_are_counted_too() {
    let mut release = good("r");
    release.as_object_mut().unwrap().remove("ocid");
    let line = read(release.to_string().as_bytes()).remove(0);
    assert!(line.quarantined());
    assert_eq!((line.counts.parties, line.counts.suppliers, line.counts.awards), (2, 1, 1));
}

#[test]
fn suppliers_are_organisations_not_mentions() {
    for (parties, awards, expected) in [
        (json!([{"id": "s", "roles": ["supplier", "tenderer"]}]), json!([]), 1),
        (
            json!([{"id": "s", "roles": ["supplier"]}]),
            json!([{"id": 1, "suppliers": [{"id": "s"}]}, {"id": 2, "suppliers": [{"id": "s"}]}]),
            1,
        ),
        (json!([]), json!([{"id": 1, "suppliers": [{"id": "s"}, {"id": "t"}]}]), 2),
        (json!([{"id": "b", "roles": ["buyer"]}]), json!([]), 0),
        (json!([{"roles": ["supplier"], "name": "A"}]), json!([{"id": 1, "suppliers": [{"name": "B"}]}]), 2),
        (json!(7), json!({"suppliers": 3}), 0),
    ] {
        let mut release = good("r");
        release["parties"] = parties.clone();
        release["awards"] = awards.clone();
        assert_eq!(read(release.to_string().as_bytes())[0].counts.suppliers, expected, "{parties} {awards}");
    }
}

#[test]
fn one_id_with_two_contents_keeps_the_second_out() {
    let mut other = good("1");
    other["tender"]["title"] = json!("Other");
    let text = format!("{}\n{}\n{other}\n", good("1"), good("1"));
    let lines = read(text.as_bytes());
    assert_eq!(lines.iter().map(|l| (l.quarantined(), l.repeated)).collect::<Vec<_>>(), [(false, false), (false, true), (true, false)]);
    assert_eq!(codes(&lines[2]), ["duplicate"]);
}

#[test]
fn a_broken_line_or_release_takes_no_other_with_it() {
    let (a, b) = (good("a"), good("b"));
    for broken in ["{\"ocid\": \"x\", \"parties\": [{\"id\"", "]}", "{\"a\": \"unclosed}", "{]", "{\"a\":1}}", "\\", "\u{0}", "[1,2"] {
        let lines = read(format!("{a}\n{broken}\n{b}\n").as_bytes());
        assert_eq!(lines.iter().filter(|l| l.release.is_some()).count(), 2, "{broken}");
        assert!(lines.len() >= 3, "{broken}");
        let first = read(format!("{broken}\n{a}\n{b}\n").as_bytes());
        assert_eq!(first.iter().filter(|l| l.release.is_some()).count(), 2, "{broken}");
    }
    // Inside a package.
    for broken in ["{\"ocid\":}", "{\"a\":[1}", "{\"a\":1]", "nonsense", "{\"a\": \"\\q\"}", "7", "{\"a\": \"unclosed\n}"] {
        let lines = read(format!("{{\"releases\":[{a},\n{broken},\n{b}]}}").as_bytes());
        let taken: Vec<_> = lines.iter().map(|line| line.release.is_some()).collect();
        assert_eq!(taken, [true, false, true], "{broken}");
    }
    let mut bytes = format!("{a}\n").into_bytes();
    bytes.extend(b"{\"ocid\": \"\xff\"}\n");
    bytes.extend(b.to_string().bytes());
    let lines = read(&bytes);
    assert_eq!(codes(&lines[1]), ["not-text"]);
    assert_eq!((lines.len(), lines[1].line, lines[2].line), (3, 2, 3));
}

#[test]
fn a_package_that_breaks_off_says_so_after_what_it_gave() {
    let whole = json!({"releases": [good("a"), good("b")]}).to_string();
    for (cut, taken) in [(whole.len() - 1, 2), (whole.len() - 2, 2), (whole.len() - 9, 1), (30, 0)] {
        let lines = read(&whole.as_bytes()[..cut]);
        assert_eq!(lines.iter().filter(|l| l.release.is_some()).count(), taken, "{cut}");
        assert_eq!(codes(lines.last().unwrap()), ["cut-off"], "{cut}");
    }
}

#[test]
fn what_is_too_large_is_kept_out_and_the_next_is_read() {
    let mut large = good("large");
    large["tender"]["description"] = json!("x".repeat(crate::split::LARGEST));
    let lines = read(format!("{{\"releases\":[{large},{}]}}", good("b")).as_bytes());
    assert_eq!(codes(&lines[0]), ["too-large"]);
    assert!(lines[1].release.is_some());
}

#[test]
fn an_empty_file_has_no_lines() {
    for text in ["", "\n\n", "\u{feff}", "  \r\n "] {
        assert!(read(text.as_bytes()).is_empty());
    }
}
