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
