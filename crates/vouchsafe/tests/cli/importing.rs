//! Lists of sub-processors brought in from the command line.

use super::{data, run};

/// OFF-12: a file of changes is taken in, its report has a line for each of its lines, and the same file again changes nothing.
#[test]
fn off_12_a_list_of_subprocessors_is_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let file = at("changes.jsonl");
    let lines = [
        r#"{"product":"Tickets","date":"2025-01-01","event":"initial","names":["Fathom Mail","Ebb Logs"]}"#,
        r#"{"product":"Tickets","date":"2025-02-01T09:00:00Z","event":"added","name":"Gale Maps","purpose":"Maps","location":"US"}"#,
        r#"{"product":"Tickets","date":"2025-02-02T09:00:00Z","event":"added","name":"Keel Chat","location":"EU"}"#,
        r#"{"product":"Tickets","date":"2025-03-01","event":"removed","name":"Ebb Logs"}"#,
        r#"{"product":"Tickets","event":"removed","name":"Gale Maps"}"#,
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let report = at("report.jsonl");
    let (code, out, err) = run(&["import", "subprocessors", &file, "--data", &text, "--report", &report]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        out,
        "5 lines read: 4 applied, 0 unchanged, 1 quarantined; 0 named no more\n2 additions call for a proposal; of these 1 ask for their country first\n"
    );
    let told: Vec<serde_json::Value> =
        std::fs::read_to_string(&report).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.iter().map(|line| line["line"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!((&told[1]["classification"]["outcome"], &told[1]["classification"]["country"]), (&"offshoring".into(), &"US".into()));
    assert_eq!(
        (&told[2]["classification"]["asks_country"], &told[2]["classification"]["calls_for_proposal"]),
        (&true.into(), &true.into())
    );
    assert_eq!((&told[4]["outcome"], &told[4]["reasons"][0]), (&"quarantined".into(), &"no-date".into()));
    let (code, out, _) = run(&["import", "subprocessors", &file, "--data", &text]);
    assert_eq!(code, 0);
    assert!(out.starts_with("5 lines read: 0 applied, 4 unchanged, 1 quarantined;"), "{out}");
    // What is no list, or nobody's, is said before anything is changed.
    std::fs::write(&file, "supplier,place\nA,B\n").unwrap();
    let (code, _, err) = run(&["import", "subprocessors", &file, "--data", &text]);
    assert_eq!(code, 1);
    assert!(err.contains("changes.jsonl") && err.contains("The first line must be a heading"), "{err}");
    std::fs::write(&file, "name\nFathom Mail\n").unwrap();
    let (code, _, err) = run(&["import", "subprocessors", &file, "--data", &text, "--party", "Nobody at all"]);
    assert_eq!(code, 1);
    assert!(err.contains("no supplier is called Nobody at all"), "{err}");
    assert_eq!(run(&["import", "subprocessors", &at("missing.csv"), "--data", &text]).0, 1);
}

/// OFF-9b: an auditor's list opens breaches; rows with faults are named by file and line with what to do, and the same list again opens nothing.
#[test]
fn off_9b_a_list_of_findings_is_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let release = serde_json::json!({ "releases": [{
        "ocid": "ocds-test-7", "id": "r7", "date": "2026-01-02T03:04:05Z", "tag": ["award"], "initiationType": "tender",
        "buyer": { "id": "b", "name": "Tarn Borough Council" },
        "parties": [
            { "id": "b", "name": "Tarn Borough Council", "roles": ["buyer"], "address": { "countryName": "England" } },
            { "id": "s", "name": "Mizzen Works", "roles": ["supplier"], "address": { "streetAddress": "1 Quay", "countryName": "England" } },
        ],
        "tender": { "id": "t", "title": "Parking meters", "contractPeriod": { "startDate": "2026-02-01T00:00:00Z" } },
        "awards": [{ "id": "a", "status": "active", "suppliers": [{ "id": "s", "name": "Mizzen Works" }] }],
    }] });
    std::fs::write(at("contract.json"), release.to_string()).unwrap();
    let (code, out, err) = run(&["import", "ocds", &at("contract.json"), "--data", &text]);
    assert_eq!(code, 0, "{out}{err}");
    let ocid = "ocds-test-7";
    let list = at("findings.csv");
    let rows = format!(
        "id,contract,party,work,country,since,noticed,finding\n\
         1,{ocid},Mizzen Works,Meter support,India,2026-01-05,2026-02-20,not informed\n\
         2,{ocid},Somebody Else,Meter support,India,2026-01-05,,\n\
         3,{ocid},Mizzen Works,Meter tests,Atlantis,2026-01-05,,\n\
         4,{ocid},Mizzen Works,Meter tests,PT,2026-01-05,,\n"
    );
    std::fs::write(&list, &rows).unwrap();
    let report = at("report.jsonl");
    let (code, out, err) = run(&["import", "breaches", &list, "--source", "Harbour audit", "--data", &text, "--report", &report]);
    assert_eq!(code, 0, "{err}");
    assert!(out.ends_with("4 findings read: 2 breaches opened, 0 came before (0 say something else now), 2 not taken\n"), "{out}");
    for part in [format!("{list}:3: Nobody of this name stands"), format!("{list}:4: “country” names no country")] {
        assert!(out.contains(&part), "{part}: {out}");
    }
    let told: Vec<serde_json::Value> =
        std::fs::read_to_string(&report).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        told.iter().map(|row| row["outcome"].as_str().unwrap()).collect::<Vec<_>>(),
        ["opened", "quarantined", "quarantined", "opened"]
    );
    assert!(told[0]["reference"].as_str().unwrap().starts_with("BRE-"), "{}", told[0]);
    assert_eq!((&told[3]["finding"], &told[3]["judged"]), (&"not_informed".into(), &true.into()));
    assert_eq!(told[2]["reasons"][0]["column"], "country");
    // Mended, the same list opens what it did not, and what it opened only once.
    std::fs::write(&list, rows.replace("Atlantis", "Spain")).unwrap();
    let (code, out, _) = run(&["import", "breaches", &list, "--source", "Harbour audit", "--data", &text, "--report", "-"]);
    assert_eq!((code, out.lines().count()), (0, 4));
    let again: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(again.iter().map(|row| row["outcome"].as_str().unwrap()).collect::<Vec<_>>(), ["known", "quarantined", "opened", "known"]);
    assert_eq!(again[0]["reference"], told[0]["reference"]);
    std::fs::write(&list, "supplier,place\nA,B\n").unwrap();
    let (code, _, err) = run(&["import", "breaches", &list, "--data", &text]);
    assert_eq!(code, 1);
    assert!(err.contains("findings.csv") && err.contains("The first line must be a heading"), "{err}");
    assert_eq!(run(&["import", "breaches", &at("missing.csv"), "--data", &text]).0, 1);
}
