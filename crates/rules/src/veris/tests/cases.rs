//! Cases by hand.

use super::*;
use crate::category::primary;

/// SEC-24, SEC-X2: every field that we take, as it is written.
#[test]
fn an_incident_is_read_whole() {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let counted = |variety: &str, amount| Counted { variety: variety.to_owned(), amount };
    let some = |text: &str| Some(text.to_owned());
    let expected = Record {
        id: "tarn-7".to_owned(),
        reference: None,
        source: some("tarn"),
        certainty: some("Confirmed"),
        summary: some(" Letters\nwent astray. "),
        notes: some("Second batch."),
        published: some("https://news.example/a;b; https://news.example/c"),
        categories: None,
        victim: some("Tarn Borough Council "),
        further_victims: texts(&["Fell Homes, Ltd", "Moor Trust"]),
        countries: texts(&["GB"]),
        industry: some("921190"),
        size: some("1001 to 10000"),
        happened: Some(When { year: Some(2026), month: Some(2), day: Some(3), time: some("09:30:00 PM") }),
        discovered: vec![Discovered { by: By::External, how: texts(&["Customer"]) }, Discovered { by: By::Unknown, how: Vec::new() }],
        discovery_lag: Some(Span { unit: "Days".to_owned(), value: serde_json::Number::from_f64(1.5) }),
        notified: Some(When { year: Some(2026), month: Some(2), day: None, time: None }),
        actors: vec![
            Actor { who: vec![Who::Internal], varieties: texts(&["End-user"]), motives: texts(&["NA"]), ..Actor::default() },
            Actor {
                who: vec![Who::Partner],
                motives: texts(&["Unknown"]),
                names: texts(&["Halyard Print"]),
                countries: texts(&["IE"]),
                ..Actor::default()
            },
            Actor { who: vec![Who::Unknown], ..Actor::default() },
        ],
        actions: vec![
            Action { kind: Kind::Social, varieties: texts(&["Pretexting"]), vectors: texts(&["Phone"]), targets: texts(&["Helpdesk"]) },
            Action { varieties: texts(&["Misdelivery"]), vectors: texts(&["Carelessness"]), ..Action::new(Kind::Error) },
        ],
        assets: vec![counted("M - Documents", Some(40)), counted("S - File", None)],
        hosting: texts(&["Internal"]),
        management: texts(&["External"]),
        ownership: texts(&["Partner"]),
        cloud: texts(&["On-Premise Asset(s)"]),
        confidentiality: Some(Confidentiality {
            disclosure: some("Yes"),
            data: vec![counted("Personal", Some(40)), counted("Bank", None)],
            total: Some(44),
            subjects: texts(&["Customer"]),
            states: texts(&["Printed"]),
        }),
        integrity: texts(&["Repurpose"]),
        availability: texts(&["Loss"]),
    };
    let line = one(&full());
    assert_eq!(codes(&line), []);
    let record = line.record.unwrap();
    assert_eq!(record, expected);
    assert_eq!(record.published(), ["https://news.example/a;b", "https://news.example/c"]);
    assert_eq!(record.third_parties().collect::<Vec<_>>(), ["Halyard Print"]);
    assert_eq!(record.losses(), [Loss::Confidentiality, Loss::Availability, Loss::Integrity]);
    assert_eq!(involved(&record), [Sign::Actor, Sign::Managed, Sign::Owned, Sign::FurtherVictims]);
}

/// The same as a flattened row; what 1.3 writes otherwise.
#[test]
fn rows_and_earlier_editions_are_read() {
    let row = json!({
        "id": "r1", "year": 2026, "month": 2, "day": null, "victim": "Tarn Borough Council", "victim_secondary": "Fell Homes, Ltd,Moor Trust",
        "country": ["GB"], "naics": "92", "size": ["Large"], "confidence": ["Suspected"], "actors": ["external", "partner"],
        "actor_variety": ["Unaffiliated"], "motive": ["Fun"], "partner_name": "Halyard Print", "partner_country": ["IE"],
        "action": {"hacking": {"variety": ["SQLi"], "vector": ["Web application"]}}, "asset": ["S - Database"],
        "attribute": {"confidentiality": {"data_disclosure": "Potentially", "data": ["Personal"], "data_total": 7, "data_subject": ["Customer"]},
            "integrity": ["Repurpose"]},
        "discovery": {"partner": ["Audit"]}, "discovery_lag": {"unit": "Days", "value": null}, "notified": {"year": 2026},
        "summary": "A table was read.", "something": {"else": 1}
    });
    let record = taken(&row);
    assert_eq!(record.happened, Some(When { year: Some(2026), month: Some(2), ..When::default() }));
    assert_eq!(record.further_victims, ["Fell Homes, Ltd,Moor Trust"]);
    assert_eq!(record.actors[0].who, [Who::External, Who::Partner]);
    assert_eq!(record.third_parties().collect::<Vec<_>>(), ["Halyard Print"]);
    assert_eq!(record.discovery_lag, Some(Span { unit: "Days".to_owned(), value: None }));
    assert_eq!(record.confidentiality.as_ref().unwrap().total, Some(7));
    assert_eq!(categories(&record), [Category::UnauthorisedAccess, Category::Fraud]);
    assert_eq!((record.certainty.as_deref(), record.size.as_deref()), (Some("Suspected"), Some("Large")));

    let mut earlier = full();
    earlier["schema_version"] = json!("1.3");
    earlier["action"] = json!({"Unknown": {}});
    earlier["asset"]["hosting"] = json!("External shared");
    for (said, by, how) in [("Ext - customer", By::External, "customer"), ("Int - IT review", By::Internal, "IT review")] {
        earlier["discovery_method"] = json!(said);
        let line = one(&earlier);
        assert_eq!(codes(&line), [], "{said}");
        let record = line.record.unwrap();
        assert_eq!(record.discovered, [Discovered { by, how: vec![how.to_owned()] }]);
        assert_eq!(record.hosting, ["External shared"]);
        assert_eq!(record.actions, [Action::new(Kind::Unknown)]);
    }
    earlier["discovery_method"] = json!("Unknown");
    assert_eq!(taken(&earlier).discovered, [Discovered { by: By::Unknown, how: Vec::new() }]);
}

/// One of each shape of file.
#[test]
fn every_shape_of_file_gives_the_same_lines() {
    let many: Vec<Value> = (0..3)
        .map(|number| {
            let mut one = full();
            one["incident_id"] = json!(format!("tarn-{number}"));
            one
        })
        .collect();
    let by_line: String = many.iter().map(|one| format!("{one}\r\n\r\n")).collect();
    let records = |text: &str| read(text.as_bytes()).into_iter().map(|line| line.record.unwrap().id).collect::<Vec<_>>();
    let expected = ["tarn-0", "tarn-1", "tarn-2"];
    assert_eq!(records(&by_line), expected);
    assert_eq!(records(&format!("\u{feff}{by_line}")), expected);
    assert_eq!(records(&json!(many).to_string()), expected);
    assert_eq!(records(&serde_json::to_string_pretty(&many).unwrap()), expected);
    assert_eq!(records(&serde_json::to_string_pretty(&many[0]).unwrap()), expected[..1]);
    assert_eq!(read(b"").len() + read(b" \n\n").len() + read(b"[]").len(), 0);
}

/// SEC-24: what does not fit is kept out, with where and why; each fault is one change to a good incident.
#[test]
fn what_does_not_fit_is_kept_out_with_its_reason() {
    let long = "x".repeat(1_001);
    let cases: [(&str, Value, (&str, &str)); 21] = [
        ("/incident_id", Value::Null, ("missing", "$.incident_id")),
        ("/incident_id", json!(" "), ("missing", "$.incident_id")),
        ("/incident_id", json!(7), ("wrong-type", "$.incident_id")),
        ("/incident_id", json!(long), ("too-long", "$.incident_id")),
        ("/incident_id", json!("a\u{0}"), ("nul", "$.incident_id")),
        ("/schema_version", Value::Null, ("missing", "$.schema_version")),
        ("/schema_version", json!("1.2.1"), ("edition", "")),
        ("/schema_version", json!("1.31"), ("edition", "")),
        ("/timeline", Value::Null, ("missing", "$.timeline.incident.year")),
        ("/timeline", json!(2026), ("wrong-type", "$.timeline")),
        ("/timeline/incident/year", json!(1949), ("out-of-range", "$.timeline.incident.year")),
        ("/timeline/incident/month", json!(13), ("out-of-range", "$.timeline.incident.month")),
        ("/timeline/incident/day", json!(0), ("out-of-range", "$.timeline.incident.day")),
        ("/timeline/incident/day", json!("3"), ("wrong-type", "$.timeline.incident.day")),
        ("/timeline/discovery/unit", Value::Null, ("missing", "$.timeline.discovery.unit")),
        ("/timeline/discovery/value", json!("1"), ("wrong-type", "$.timeline.discovery.value")),
        ("/action/error", json!([]), ("wrong-type", "$.action.error")),
        ("/action/error/variety", json!(["Loss", 7]), ("wrong-type", "$.action.error.variety[1]")),
        ("/attribute/confidentiality/data/1/variety", json!(""), ("missing", "$.attribute.confidentiality.data[1].variety")),
        ("/attribute/confidentiality/data_total", json!(-1), ("wrong-type", "$.attribute.confidentiality.data_total")),
        ("/victim/country", json!(vec!["GB"; 1_001]), ("too-many", "$.victim.country")),
    ];
    for (at, value, expected) in cases {
        let mut incident = full();
        *incident.pointer_mut(at).unwrap() = value.clone();
        let line = one(&incident);
        assert!(line.quarantined() && codes(&line).contains(&expected), "{at} {value:.20}: {:?}", line.reasons);
        assert!(line.reasons.iter().any(|reason| reason.quarantines), "{at}");
    }
    let alone: [(&[u8], &str); 8] = [
        (b"7", "not-an-object"),
        (b"{}", "no-incident"),
        (b"{\"id\":\"a\"}", "no-incident"),
        (b"{\"incident_id\":", "cut-off"),
        (b"{\"incident_id\":\xff}", "not-text"),
        (b"{incident_id}", "not-json"),
        (b"{\"incident_id\":1e999}", "number"),
        (&[b'['; 400], "cut-off"),
    ];
    for (bytes, code) in alone {
        let found: Vec<_> = read(bytes).iter().flat_map(|line| line.reasons.iter().map(Reason::code).collect::<Vec<_>>()).collect();
        assert_eq!(found, [code], "{}", String::from_utf8_lossy(bytes));
    }
    // However much is wrong, what is told of it stays readable.
    let many: Vec<u32> = (0..500).collect();
    let line = one(&json!({"incident_id": "a", "schema_version": "1.4", "victim": {"country": many}}));
    assert_eq!(line.reasons.len(), 21);
    assert_eq!(line.reasons.last().unwrap().message.args["count"], "481");
}

/// What is only odd is taken as it is written, and told.
#[test]
fn what_is_odd_is_kept_and_told() {
    let cases = [
        ("/timeline/incident/day", json!(30), ("no-date", "$.timeline.incident")),
        ("/timeline/incident/month", Value::Null, ("no-date", "$.timeline.incident")),
        ("/plus/timeline/notification/month", json!(29), ("no-date", "$.plus.timeline.notification")),
        ("/action/error/variety", json!(["Mislaying"]), ("unknown-word", "$.action.error.variety[0]")),
        ("/victim/country", json!(["GB", "England"]), ("unknown-word", "$.victim.country[1]")),
        ("/discovery_method", json!("Ext - rumour"), ("unknown-word", "$.discovery_method")),
    ];
    for (at, value, expected) in cases {
        let mut incident = full();
        *incident.pointer_mut(at).unwrap() = value;
        let line = one(&incident);
        assert_eq!(codes(&line), [expected], "{at}");
        assert!(line.record.is_some() && !line.reasons[0].quarantines, "{at}");
    }
    let mut incident = full();
    incident["action"] = json!({"error": {"variety": ["loss"], "vector": []}, "quantum": {"variety": 7}});
    assert_eq!(categories(&taken(&incident)), [Category::Loss]);
}

/// A date counts as far as it makes sense.
#[test]
fn dates_are_known_as_far_as_they_make_sense() {
    let of = |year, month, day| When { year, month, day, time: None };
    let cases = [
        (of(None, None, None), None, true),
        (of(Some(2024), None, None), Some(Known::Year(2024)), true),
        (of(Some(2024), Some(2), None), Some(Known::Month(2024, 2)), true),
        (of(Some(2024), Some(2), Some(29)), Some(Known::Day(jiff::civil::date(2024, 2, 29))), true),
        (of(Some(2023), Some(2), Some(29)), Some(Known::Month(2023, 2)), false),
        (of(Some(2024), Some(13), Some(1)), Some(Known::Year(2024)), false),
        (of(Some(2024), None, Some(6)), Some(Known::Year(2024)), false),
        (of(Some(7), Some(1), Some(2018)), None, false),
        (of(None, Some(1), None), None, false),
        (of(Some(i64::MAX), None, None), None, false),
    ];
    for (when, known, whole) in cases {
        assert_eq!((when.known(), when.is_whole()), (known, whole), "{when:?}");
    }
}

/// The same incident twice is told; another one under the same id is kept out.
#[test]
fn an_id_stands_for_one_incident() {
    let (first, mut other, mut elsewhere) = (full(), full(), full());
    other["summary"] = json!("Something else.");
    elsewhere["source_id"] = json!("moor");
    let ours = write(&Record { reference: Some("INC-2026-000009".to_owned()), ..taken(&first) }, 2026);
    let text = [&first, &ours, &other, &elsewhere].map(Value::to_string).join("\n");
    let lines = read(text.as_bytes());
    assert!(lines[0].record.is_some() && lines[1].repeated && lines[2].quarantined() && lines[3].record.is_some());
    assert_eq!(codes(&lines[1]), [("repeated", "")]);
    assert_eq!(codes(&lines[2]), [("duplicate", "")]);
}

/// SEC-X1e: every row of the mapping, and the one that counts where only one may.
#[test]
fn actions_and_attributes_come_to_categories() {
    use Category::{Damage, Disclosure, Fraud, Loss, ProcessFailure, Theft, UnauthorisedAccess};
    let error = |variety: &str| json!({"action": {"error": {"variety": [variety]}}});
    let misuse = |variety: &str| json!({"action": {"misuse": {"variety": [variety]}}});
    let physical = |variety: &str| json!({"action": {"physical": {"variety": [variety]}}});
    let told = |kind: &str, disclosure: &str| json!({"action": {kind: {"variety": ["Unknown"]}}, "attribute": {"confidentiality": {"data_disclosure": disclosure}}});
    let changed =
        |kind: &str, variety: &str| json!({"action": {kind: {"variety": ["Unknown"]}}, "attribute": {"integrity": {"variety": [variety]}}});
    let out = |variety: &str| json!({"attribute": {"availability": {"variety": [variety]}}});
    let mut cases: Vec<(Value, Vec<Category>)> = Vec::new();
    for variety in ["Misdelivery", "Publishing error", "Gaffe"] {
        cases.push((error(variety), vec![Disclosure]));
    }
    for variety in ["Misconfiguration", "Programming error", "Omission", "Disposal error", "Classification error", "Malfunction"] {
        cases.push((error(variety), vec![ProcessFailure]));
    }
    for variety in ["Data entry error", "Maintenance error", "Capacity shortage"] {
        cases.push((error(variety), vec![ProcessFailure]));
    }
    cases.extend([(error("Loss"), vec![Loss]), (error("Physical accidents"), vec![]), (error("Other"), vec![])]);
    for variety in ["Privilege abuse", "Knowledge abuse", "Net misuse"] {
        cases.push((misuse(variety), vec![UnauthorisedAccess]));
    }
    for variety in ["Data mishandling", "Unapproved workaround", "Unapproved hardware", "Unapproved software", "Email misuse"] {
        cases.push((misuse(variety), vec![ProcessFailure]));
    }
    cases.extend([(misuse("Possession abuse"), vec![Theft]), (misuse("Illicit content"), vec![])]);
    for variety in ["Snooping", "Surveillance", "Wiretapping", "Skimmer"] {
        cases.push((physical(variety), vec![UnauthorisedAccess]));
    }
    cases.extend([(physical("Theft"), vec![Theft]), (physical("Destruction"), vec![Damage]), (physical("Tampering"), vec![])]);
    for (disclosure, social, hacking) in
        [("Yes", vec![Disclosure], vec![UnauthorisedAccess]), ("Potentially", vec![], vec![UnauthorisedAccess]), ("No", vec![], vec![])]
    {
        cases.extend([(told("social", disclosure), social), (told("hacking", disclosure), hacking), (told("malware", disclosure), vec![])]);
    }
    for variety in ["Fraudulent transaction", "Modify data", "Modify configuration", "Modify privileges", "Defacement", "Misrepresentation"]
    {
        cases.push((changed("physical", variety), vec![Fraud]));
    }
    for variety in ["Created account", "Log tampering", "Hardware tampering"] {
        cases.push((changed("misuse", variety), vec![Fraud]));
    }
    for variety in ["Software installation", "Repurpose"] {
        cases.extend([
            (changed("malware", variety), vec![Fraud]),
            (changed("hacking", variety), vec![Fraud]),
            (changed("social", variety), vec![]),
        ]);
    }
    cases.push((changed("malware", "Alter behavior"), vec![]));
    for variety in ["Destruction", "Degradation", "Interruption", "Obscuration"] {
        cases.push((out(variety), vec![Damage]));
    }
    cases.extend([(out("Loss"), vec![]), (json!({"action": {"environmental": {"variety": ["Fire"]}}}), vec![Damage])]);
    cases.push((json!({"action": {"error": {"variety": ["Loss", "Misdelivery", "Omission"]}}}), vec![Disclosure, Loss, ProcessFailure]));
    for (part, expected) in cases {
        let mut incident = json!({"incident_id": "a", "schema_version": "1.4", "timeline": {"incident": {"year": 2026}}});
        incident.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        assert_eq!(categories(&taken(&incident)), expected, "{part}");
    }
    let order = [Theft, Loss, Disclosure, Fraud, UnauthorisedAccess, ProcessFailure, Damage];
    for (at, category) in order.into_iter().enumerate() {
        let mut left = order[at..].to_vec();
        left.reverse();
        assert_eq!(primary(&left), Some(category));
    }
    assert_eq!(primary(&[]), None);
    // What the authority decided counts before what VERIS says.
    let decided = Record { categories: Some(vec![Damage, Theft]), ..taken(&full()) };
    assert_eq!(categories(&decided), [Theft, Damage]);
}

/// SEC-24: what somebody changed in a file that we wrote is believed; what they did not touch comes back as it was.
#[test]
fn a_changed_file_says_what_it_says() {
    let ours = Record {
        id: "x".to_owned(),
        reference: Some("INC-2026-000001".to_owned()),
        categories: Some(vec![Category::Disclosure]),
        size: Some("a dozen".to_owned()),
        certainty: Some("Rumour".to_owned()),
        ..Record::default()
    };
    let mut file = write(&ours, 2025);
    assert_eq!(taken(&file), ours);
    file["security_incident"] = json!("Near miss");
    file["another"] = json!({"field": 1});
    assert_eq!(taken(&file), Record { certainty: Some("Near miss".to_owned()), ..ours.clone() });
    // Our part is not trusted: what does not fit there keeps the record out.
    for (is, code) in [(json!(7), "not-ours"), (json!("x".repeat(100_001)), "too-long"), (json!("a\u{0}"), "nul")] {
        let mut file = write(&ours, 2025);
        file["plus"]["vouchsafe"]["exact"]["size"]["is"] = is;
        let line = one(&file);
        assert!(line.quarantined() && codes(&line).iter().any(|(found, _)| *found == code), "{code}: {:?}", line.reasons);
    }
    let mut file = write(&ours, 2025);
    file["plus"]["vouchsafe"]["categories"] = json!(["disclosure", "arson"]);
    assert_eq!(codes(&one(&file)), [("wrong-type", "$.plus.vouchsafe.categories")]);
    // A later layout of ours is left alone.
    let mut file = write(&ours, 2025);
    file["plus"]["vouchsafe"]["format"] = json!(2);
    assert_eq!(taken(&file).reference, None);
}
