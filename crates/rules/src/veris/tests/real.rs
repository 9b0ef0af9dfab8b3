//! Real incidents, where they are at hand: none lost, none changed, each category as an independent rule derives it.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::*;
use crate::category::primary;
use crate::regulator::incident_type;

/// The flattened rows of a file, each with the line that it gives.
fn rows(name: &str) -> Option<Vec<(Value, Line)>> {
    let path = shared("vcdb")?.join(name);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    if name.ends_with(".gz") {
        flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        std::io::BufReader::new(file).read_to_end(&mut bytes).unwrap();
    }
    let mut reading = Reading::new();
    let mut lines: Vec<Line> = bytes.chunks(65_536).flat_map(|portion| reading.push(portion)).collect();
    lines.extend(reading.end_of_file());
    let rows: Vec<Value> =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).unwrap()).collect();
    assert_eq!(lines.len(), rows.len());
    Some(rows.into_iter().zip(lines).collect())
}

/// What a row says of itself, beside what was read of it: each of the fields that we map, byte for byte.
fn holds(row: &Value, record: &Record) {
    let id = record.id.as_str();
    // A text without a word is none.
    let text = |key: &str| row.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let list = |at: &str| -> Vec<&str> {
        row.pointer(at).map_or(Vec::new(), |all| all.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect())
    };
    assert_eq!(Some(id), text("id"));
    assert_eq!(record.victim.as_deref(), text("victim"), "{id}");
    assert_eq!(record.further_victims.first().map(String::as_str), text("victim_secondary"), "{id}");
    assert_eq!(record.third_parties().next(), text("partner_name"), "{id}");
    assert_eq!(record.summary.as_deref(), text("summary"), "{id}");
    assert_eq!(record.published.as_deref(), text("reference"), "{id}");
    assert_eq!(record.industry.as_deref(), text("naics"), "{id}");
    assert_eq!(record.countries, list("/country"), "{id}");
    let date = |when: &When| [when.year, when.month, when.day];
    let written = |of: &Value| ["year", "month", "day"].map(|key| of.get(key).and_then(Value::as_i64));
    assert_eq!(date(record.happened.as_ref().unwrap()), written(row), "{id}");
    assert_eq!(record.notified.as_ref().map(date), row.get("notified").map(written), "{id}");
    let lag = record.discovery_lag.as_ref().map(|lag| json!({ "unit": lag.unit, "value": lag.value }));
    assert_eq!(lag.as_ref(), row.get("discovery_lag"), "{id}");
    let varieties = |of: &[Counted]| of.iter().map(|one| one.variety.clone()).collect::<Vec<_>>();
    assert_eq!(varieties(&record.assets), list("/asset"), "{id}");
    for (said, at) in [(&record.hosting, "/hosting"), (&record.management, "/management"), (&record.ownership, "/ownership")] {
        assert_eq!(*said, list(at), "{id} {at}");
    }
    for (said, at) in [(&record.integrity, "/attribute/integrity"), (&record.availability, "/attribute/availability")] {
        assert_eq!(*said, list(at), "{id} {at}");
    }
    for (key, by) in [("external", By::External), ("internal", By::Internal), ("partner", By::Partner)] {
        let how: Vec<_> = record.discovered.iter().filter(|one| one.by == by).flat_map(|one| one.how.clone()).collect();
        assert_eq!(how, list(&format!("/discovery/{key}")), "{id}");
    }
    for action in &record.actions {
        assert_eq!(action.varieties, list(&format!("/action/{}/variety", action.kind.code())), "{id}");
        assert_eq!(action.vectors, list(&format!("/action/{}/vector", action.kind.code())), "{id}");
    }
    assert_eq!(record.actions.len(), row.get("action").map_or(0, |all| all.as_object().unwrap().len()), "{id}");
    let none = Confidentiality::default();
    let told = record.confidentiality.as_ref().unwrap_or(&none);
    assert_eq!(varieties(&told.data), list("/attribute/confidentiality/data"), "{id}");
    assert_eq!(told.subjects, list("/attribute/confidentiality/data_subject"), "{id}");
    assert_eq!(told.states, list("/attribute/confidentiality/state"), "{id}");
    assert_eq!(told.total, row.pointer("/attribute/confidentiality/data_total").and_then(Value::as_u64), "{id}");
}

/// Our code for a label of the data.
fn code(label: &str) -> &str {
    if label == "fraud_or_unauthorised_modification" { "fraud" } else { label }
}

fn agrees(row: &Value, record: &Record) {
    let found = categories(record);
    let mut codes: Vec<&str> = found.iter().map(|category| category.code()).collect();
    let mut labels: Vec<&str> = row["annex1_all"].as_array().unwrap().iter().map(|label| code(label.as_str().unwrap())).collect();
    codes.sort_unstable();
    labels.sort_unstable();
    assert_eq!(codes, labels, "{}", record.id);
    assert_eq!(primary(&found).map(Category::code), row["annex1_primary"].as_str().map(code), "{}", record.id);
    let signs: Vec<&str> = involved(record).into_iter().map(Sign::code).collect();
    let evidence =
        row.get("third_party_evidence").map_or(Vec::new(), |all| all.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect());
    let names = [
        ("actor", "actor_partner"),
        ("managed", "asset_managed_externally"),
        ("owned", "asset_owned_by_partner"),
        ("discovered", "discovered_by_partner"),
        ("hosted", "hosted_externally"),
        ("further_victims", "secondary_victim"),
    ];
    for (sign, name) in names {
        assert_eq!(signs.contains(&sign), evidence.contains(&name), "{} {name}", record.id);
    }
}

/// Written, valid, and read as it was.
fn comes_back(record: &Record, schema: Option<&jsonschema::Validator>) {
    let ours = Record { reference: Some("INC-2026-000001".to_owned()), categories: Some(categories(record)), ..record.clone() };
    for record in [record, &ours] {
        let written = write(record, 2026);
        if let Some(schema) = schema {
            let faults: Vec<String> = schema.iter_errors(&written).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            assert!(faults.is_empty(), "{}: {faults:#?}", record.id);
        }
        assert_eq!(taken(&written), *record);
    }
}

/// SEC-24: 675 of 675 taken, with names and dates, mapped alike, and valid when written.
#[test]
fn every_real_incident_is_read_mapped_and_written() {
    let Some(rows) = rows("incidents_visible.jsonl") else { return };
    let schema = schema();
    assert_eq!(rows.len(), 675);
    for (row, line) in &rows {
        let record = line.record.as_ref().unwrap_or_else(|| panic!("{:?}: {:?}", line.id, line.reasons));
        holds(row, record);
        agrees(row, record);
        comes_back(record, schema.as_ref());
    }
}

/// SEC-27: every real incident has one type; how they spread is shown, and no type takes most of them.
#[test]
fn every_real_incident_has_a_type() {
    let Some(rows) = rows("incidents_visible.jsonl") else { return };
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, line) in &rows {
        *count.entry(incident_type(&facts(line.record.as_ref().unwrap())).label()).or_default() += 1;
    }
    eprintln!("{count:#?}");
    assert_eq!(count.values().sum::<usize>(), 675);
    assert!(count.values().all(|one| *one < 675 / 2));
}

/// Every line of the large file is taken, or kept out with its reason.
#[test]
fn the_large_file_is_read_to_its_end() {
    let Some(rows) = rows("full_visible.jsonl.gz") else { return };
    let mut kept_out: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut notes: BTreeMap<&str, u32> = BTreeMap::new();
    let mut taken = 0;
    for (row, line) in &rows {
        assert!(!line.repeated, "{:?}", line.id);
        for reason in line.reasons.iter().filter(|reason| !reason.quarantines) {
            *notes.entry(reason.code()).or_default() += 1;
        }
        let Some(record) = &line.record else {
            let reason = line.reasons.iter().find(|reason| reason.quarantines).unwrap();
            *kept_out.entry((reason.code(), row["id"].as_str().unwrap())).or_default() += 1;
            continue;
        };
        taken += 1;
        holds(row, record);
        agrees(row, record);
        assert_eq!(super::taken(&write(record, 2026)), *record);
    }
    // One id of this file stands for two incidents of two names.
    assert_eq!(kept_out.values().sum::<u32>(), 1, "{kept_out:?}");
    assert!(kept_out.keys().all(|(code, _)| *code == "duplicate"));
    assert_eq!(taken, rows.len() - 1);
    eprintln!("{taken} of {} taken; kept out {kept_out:?}; noted {notes:?}", rows.len());
}

/// The standard's own examples of what is right and wrong are taken, or kept out with a reason.
#[test]
fn the_examples_of_the_standard_are_taken_or_kept_out() {
    let Some(root) = shared("veris") else { return };
    let mut seen: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    for entry in std::fs::read_dir(root.join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let example: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let line = one(&example["incident"]);
        assert!(line.record.is_some() || line.reasons.iter().any(|reason| reason.quarantines), "{}", path.display());
        if let Some(record) = &line.record {
            comes_back(record, None);
        }
        let should = example["should"].as_str().unwrap().to_owned();
        // Right ones are taken without a word.
        assert!(should == "fail" || (line.record.is_some() && line.reasons.is_empty()), "{}: {:?}", path.display(), line.reasons);
        seen.entry((should, line.record.is_some())).or_default().push(path.file_stem().unwrap().to_string_lossy().into_owned());
    }
    assert_eq!(seen.values().map(Vec::len).sum::<usize>(), 222);
    eprintln!("{:?}", seen.iter().map(|(key, names)| (key, names.len())).collect::<Vec<_>>());
}

/// Our lists are the schema's, where it is at hand.
#[test]
fn our_lists_are_those_of_the_schema() {
    let Some(root) = shared("veris") else { return };
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(root.join("verisc-merged.json")).unwrap()).unwrap();
    let earlier: Value = serde_json::from_str(&std::fs::read_to_string(root.join("verisc-merged-1_3_1.json")).unwrap()).unwrap();
    let at = |schema: &Value, path: &str| -> Vec<String> {
        let found = path
            .trim_end_matches(".[]")
            .split('.')
            .fold(schema, |schema, key| if key == "[]" { &schema["items"] } else { &schema["properties"][key] });
        let words = found["enum"].as_array().or_else(|| found["items"]["enum"].as_array());
        words.unwrap_or_else(|| panic!("{path}")).iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let sorted = |mut words: Vec<String>| {
        words.sort();
        words
    };
    let mut compared = 0;
    for name in lists::names() {
        let path = match name {
            "certainty" => "security_incident".to_owned(),
            "size" => "victim.employee_count".to_owned(),
            "unit" => "timeline.discovery.unit".to_owned(),
            "motive" => "actor.external.motive.[]".to_owned(),
            "asset" => "asset.assets.[].variety".to_owned(),
            "hosting" | "management" | "ownership" | "cloud" => format!("asset.{name}.[]"),
            "disclosure" => "attribute.confidentiality.data_disclosure".to_owned(),
            "data" => "attribute.confidentiality.data.[].variety".to_owned(),
            "subject" => "attribute.confidentiality.data_victim.[]".to_owned(),
            "state" => "attribute.confidentiality.state.[]".to_owned(),
            "integrity" | "availability" => format!("attribute.{name}.variety.[]"),
            name if name.starts_with("actor.") => format!("{name}.variety.[]"),
            name => match name.strip_prefix("discovery.") {
                Some(by) => format!("discovery_method.{by}.variety.[]"),
                None => format!("action.{name}.[]"),
            },
        };
        let ours: Vec<String> = lists::words(name).iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(sorted(ours), sorted(at(&schema, &path)), "{name}");
        // What 1.3 calls otherwise has a word of 1.4. It names discoveries in a word of their own.
        if !name.starts_with("discovery.") {
            for word in at(&earlier, &path) {
                assert!(lists::word(name, &word).is_some_and(|new| lists::words(name).contains(&new)), "{name}: {word}");
            }
        }
        compared += 1;
    }
    assert_eq!(compared, 34);
    for word in
        at(&earlier, "discovery_method").iter().filter_map(|word| word.split_once(" - ").map(|(begins, rest)| (begins.to_owned(), rest)))
    {
        let list = match word.0.as_str() {
            "Ext" => "discovery.external",
            "Int" => "discovery.internal",
            _ => "discovery.partner",
        };
        assert!(lists::word(list, word.1).is_some(), "{word:?}");
    }
    for word in at(&schema, "victim.country.[]") {
        assert_eq!(lists::word(lists::COUNTRY, &word), Some(word.as_str()));
    }
}
