//! Real releases, where they are at hand: every count as an independent one has it, none lost.

use serde_json::Value;

use super::*;

#[test]
fn every_real_release_counts_as_the_oracle_counts() {
    let Some(root) = shared() else { return };
    let mut files: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".oracle.jsonl"));
    assert!(!files.is_empty());
    for oracle in files {
        let data = oracle.to_string_lossy().replace(".oracle.jsonl", ".jsonl");
        let lines = read(&std::fs::read(data).unwrap());
        let oracle = std::fs::read_to_string(oracle).unwrap();
        let expected: Vec<Value> = oracle.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), expected.len());
        for (line, expected) in lines.iter().zip(&expected) {
            let ocid = expected["ocid"].as_str().unwrap();
            assert_eq!(line.ocid.as_deref(), Some(ocid));
            let counted = [line.counts.parties, line.counts.suppliers, line.counts.awards];
            let wanted = ["n_parties", "n_suppliers", "n_awards"].map(|key| usize::try_from(expected[key].as_u64().unwrap()).unwrap());
            assert_eq!(counted, wanted, "{ocid}");
            let release = line.release.as_ref().unwrap_or_else(|| panic!("{ocid} is kept out: {:?}", line.reasons));
            match expected["id"].as_str() {
                Some(id) => assert_eq!((release.id.as_str(), codes(line)), (id, vec![]), "{ocid}"),
                None => assert_eq!(codes(line), ["derived-id"], "{ocid}"),
            }
            let awarded: i64 = release.awards.iter().filter_map(|award| award.value.as_ref()).map(|value| value.minor).sum();
            let wanted = expected["award_value"].as_f64().unwrap_or(0.0);
            #[allow(clippy::cast_precision_loss)]
            let off = (awarded as f64 / 100.0 - wanted).abs();
            assert!(off < 0.005, "{ocid}: {awarded} for {wanted}");
        }
    }
}

#[test]
fn an_api_page_is_read_whole_and_names_its_next_page() {
    let Some(root) = shared() else { return };
    let bytes = std::fs::read(root.join("contracts_finder_api_page_visible.json")).unwrap();
    let count = serde_json::from_slice::<Value>(&bytes).unwrap()["releases"].as_array().unwrap().len();
    let mut reading = Reading::new();
    let mut lines = reading.push(&bytes);
    lines.extend(reading.end_of_file());
    assert_eq!(lines.len(), count);
    assert!(lines.iter().all(|line| line.release.is_some() && line.reasons.is_empty()));
    assert!(reading.next_page().unwrap().contains("cursor="));
    // The page again, in the same input: nothing new, nothing kept out.
    let mut again = reading.push(&bytes);
    again.extend(reading.end_of_file());
    assert_eq!(again.len(), count);
    assert!(again.iter().all(|line| line.repeated && codes(line) == ["repeated"]));
}

#[test]
fn countries_that_are_stated_resolve_and_british_spellings_are_never_abroad() {
    let Some(root) = shared() else { return };
    let lines = read(&std::fs::read(root.join("uk_releases_visible.jsonl")).unwrap());
    let (mut stated, mut resolved) = (0, 0);
    for party in lines.iter().filter_map(|line| line.release.as_ref()).flat_map(|release| &release.parties) {
        let Some(text) = &party.country_stated else { continue };
        stated += 1;
        resolved += usize::from(party.country.is_some());
        let british = ["england", "scotland", "wales", "northern ireland", "united kingdom", "uk", "eng", "gb"]
            .contains(&text.to_lowercase().as_str());
        if british {
            assert_eq!(party.country.map(crate::country::Country::code), Some("GB"), "{text}");
        }
    }
    assert!(resolved * 100 >= stated * 95, "{resolved} of {stated}");
}

#[test]
fn conformance_files_are_accounted_for_release_by_release() {
    let Some(root) = shared() else { return };
    let root = root.join("conformance");
    let oracle: Vec<Value> = serde_json::from_slice(&std::fs::read(root.join("oracle.json")).unwrap()).unwrap();
    for expected in oracle {
        let file = expected["file"].as_str().unwrap();
        let lines = read(&std::fs::read(root.join(file)).unwrap());
        match expected["kind"].as_str() {
            Some("release_package") => {
                assert_eq!(Some(lines.len() as u64), expected["releases"].as_u64(), "{file}");
                let invalid = lines.iter().filter(|line| {
                    line.reasons.iter().any(|reason| (reason.quarantines && reason.code() != "duplicate") || reason.code() == "derived-id")
                });
                assert_eq!(Some(invalid.count() as u64), expected["invalid_releases"].as_u64(), "{file}");
            }
            Some("record_package") => assert!(lines.len() as u64 >= expected["records"].as_u64().unwrap(), "{file}"),
            _ => assert!(lines.iter().all(Line::quarantined), "{file}"),
        }
    }
}

#[test]
fn the_standards_own_examples_are_taken() {
    let Some(root) = shared() else { return };
    for entry in std::fs::read_dir(root.join("standard")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // The sample release package there leaves out a field that the standard requires; it is quarantined as any other would be.
        if !name.starts_with("fictional_") {
            continue;
        }
        let lines = read(&std::fs::read(&path).unwrap());
        assert!(!lines.is_empty(), "{name}");
        for line in &lines {
            assert!(line.release.is_some() || line.repeated, "{name}: {:?}", line.reasons);
        }
    }
}
