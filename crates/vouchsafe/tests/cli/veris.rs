//! Incidents brought in and taken out from the command line, and with real ones where the shared data is at hand.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{command, data, run, said};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    path.exists().then_some(path)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn outcomes(told: &[Value]) -> Vec<&str> {
    told.iter().map(|line| line["outcome"].as_str().unwrap()).collect()
}

fn incident(edition: &str, id: &str) -> Value {
    let mut of = json!({
        "schema_version": edition, "incident_id": id, "security_incident": "Confirmed", "summary": "Letters went astray.",
        "victim": { "victim_id": "Tarn Borough Council", "country": ["GB"], "industry": "92", "employee_count": "Unknown" },
        "timeline": { "incident": { "year": 2024, "month": 2, "day": 29 } },
        "actor": { "internal": { "variety": ["End-user"], "motive": ["NA"] } },
        "action": { "error": { "variety": ["Misdelivery"], "vector": ["Carelessness"] } },
        "asset": { "assets": [{ "variety": "M - Documents" }] }, "attribute": {}, "plus": {}
    });
    of["discovery_method"] =
        if edition.starts_with("1.3") { json!("Ext - customer") } else { json!({ "external": { "variety": ["Customer"] } }) };
    of
}

/// SEC-24: one, a list, and one a line; VERIS 1.3 and 1.4; packed or not, from a file or standard input: a line of the report for each, in order.
#[test]
fn sec_24_veris_of_both_editions_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("one.json"), incident("1.3.1", "a").to_string()).unwrap();
    std::fs::write(at("list.json.gz"), packed(json!([incident("1.4.1", "b"), incident("1.2", "c"), { "id": 7 }]).to_string().as_bytes()))
        .unwrap();
    let report = at("report.jsonl");
    let (code, out, err) = run(&["import", "veris", &at("one.json"), &at("list.json.gz"), "--data", &text, "--report", &report]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("4 incidents read: 2 imported, 0 unchanged, 2 quarantined\n") && out.contains(" a second, in "), "{out}");
    let told = lines(&std::fs::read_to_string(&report).unwrap());
    assert_eq!(outcomes(&told), ["imported", "imported", "quarantined", "quarantined"]);
    assert_eq!(
        told[0],
        json!({ "id": "a", "outcome": "imported", "reference": told[0]["reference"], "categories": ["disclosure"], "reasons": [] })
    );
    assert!(told[0]["reference"].as_str().unwrap().starts_with("INC-") && told[0]["reference"].as_str().unwrap().ends_with("-000001"));
    assert!(told[2]["reasons"][0].as_str().unwrap().starts_with("edition: This is VERIS 1.2."), "{}", told[2]);
    // The same from standard input, its report on standard output: nothing else is there.
    let mut child = command(&["import", "veris", "-", "--data", &text, "--report", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let both = [incident("1.3.1", "a").to_string(), incident("1.4.1", "b").to_string()].join("\n");
    child.stdin.take().unwrap().write_all(&packed(both.as_bytes())).unwrap();
    let (code, out, err) = said(child.wait_with_output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert_eq!(outcomes(&lines(&out)), ["unchanged", "unchanged"]);
    assert!(err.contains("2 incidents read: 0 imported, 2 unchanged"), "{err}");

    // Out again, each line by itself, and in again here and elsewhere: unchanged, imported, and unchanged.
    let file = at("out.jsonl");
    let (code, out, err) = run(&["export", "incident-records", "--format", "veris", "--out", &file, "--data", &text]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("Wrote 2 rows"), "{out}");
    let elsewhere = at("elsewhere");
    for (place, expected) in
        [(&text, "0 imported, 2 unchanged"), (&elsewhere, "2 imported, 0 unchanged"), (&elsewhere, "0 imported, 2 unchanged")]
    {
        let (code, out, err) = run(&["import", "veris", &file, "--data", place]);
        assert!(code == 0 && out.contains(expected), "{out}{err}");
    }
    let (code, out, _) = run(&["export", "incidents", "--format", "veris", "--data", &text]);
    assert_eq!((code, out.as_str()), (0, ""), "no incidents of ours");
    let (code, _, err) = run(&["export", "sites", "--format", "veris", "--data", &text]);
    assert!(code == 2 && err.contains("only incidents and incident-records become VERIS"), "{err}");
    let (code, out, _) = run(&["export", "incident-records", "--filter", "categories=theft", "--format", "veris", "--data", &text]);
    assert_eq!((code, out.as_str()), (0, ""));
    let (code, out, _) = run(&["export", "incident-records", "--filter", "q=tarn", "--data", &text]);
    assert!(code == 0 && out.lines().count() == 3 && out.contains("Disclosure"), "{out}");
}

/// SEC-24: what cannot be read is told by file with what became of the rest, and nothing is lost by it.
#[test]
fn sec_24_bad_files_of_incidents_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let import = |name: &str| run(&["import", "veris", &at(name), "--data", &text]);
    let many: Vec<String> = (0..900).map(|n| incident("1.4.1", &format!("{:x}", n * 2_654_435_761_u64)).to_string()).collect();
    let whole = packed(many.join("\n").as_bytes());
    std::fs::write(at("cut.gz"), &whole[..whole.len() * 2 / 3]).unwrap();
    let (code, out, err) = import("cut.gz");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("cut.gz: it breaks off: the file is not whole. Until then ") && err.contains(" were imported"), "{err}");
    std::fs::write(at("whole.gz"), &whole).unwrap();
    let (code, out, err) = import("whole.gz");
    assert!(code == 0 && out.starts_with("900 incidents read: ") && out.contains(" 0 quarantined"), "{out}{err}");
    let kept: usize = out.split(" unchanged").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!((1..900).contains(&kept), "{out}");

    std::fs::write(at("empty.json"), "").unwrap();
    let (code, _, err) = import("empty.json");
    assert!(code == 1 && err.contains("empty.json: there is no incident in it"), "{err}");
    std::fs::write(at("words.txt"), "These are words.\n").unwrap();
    let (code, out, _) = import("words.txt");
    assert!(code == 0 && out.starts_with("1 incidents read: 0 imported, 0 unchanged, 1 quarantined"), "{out}");
    std::fs::write(at("long.jsonl"), format!("{{\"incident_id\": \"{}\"}}\n{}\n", "x".repeat(10 << 20), many[0])).unwrap();
    let (code, out, err) = run(&["import", "veris", &at("long.jsonl"), "--data", &text, "--report", "-"]);
    assert_eq!(code, 0, "{err}");
    let told = lines(&out);
    assert_eq!(outcomes(&told), ["quarantined", "unchanged"]);
    assert!(told[0]["reasons"][0].as_str().unwrap().starts_with("too-large: What begins on line 1 is larger than 8 MiB"), "{}", told[0]);
    std::fs::write(at("bomb.gz"), packed(&vec![b' '; 100 << 20])).unwrap();
    let (code, _, err) = import("bomb.gz");
    assert!(code == 1 && err.contains("bomb.gz: it unpacks to far more"), "{err}");
    assert_eq!(import("missing.json").0, 1);
    assert_eq!(run(&["import", "veris", &folder.path().display().to_string(), "--data", &text]).0, 1);
    assert_eq!(run(&["import", "veris", "--data", &text]).0, 2);
}

/// SEC-21, SEC-24: every real incident with names and words is imported, its names and days kept, and the same file again changes nothing.
#[test]
fn sec_24_real_incidents_come_in_whole() {
    let Some(file) = shared("vcdb/incidents_visible.jsonl") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let report = folder.path().join("report.jsonl").display().to_string();
    let (code, out, err) = run(&["import", "veris", &file.display().to_string(), "--data", &text, "--report", &report]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("675 incidents read: 675 imported, 0 unchanged, 0 quarantined\n"), "{out}");
    let told = lines(&std::fs::read_to_string(&report).unwrap());
    let given = lines(&std::fs::read_to_string(&file).unwrap());
    assert_eq!(told.len(), 675);
    let references: BTreeSet<&str> = told.iter().map(|line| line["reference"].as_str().unwrap()).collect();
    assert_eq!(references.len(), 675);
    for (told, given) in told.iter().zip(&given) {
        assert_eq!(told["id"], given["id"]);
        let ours: BTreeSet<&str> = told["categories"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
        let theirs: BTreeSet<String> =
            given["annex1_all"].as_array().into_iter().flatten().map(|code| code.as_str().unwrap().replace([' ', '-'], "_")).collect();
        if given.get("annex1_all").is_some() {
            assert_eq!(ours.len(), theirs.len(), "{told} {given}");
        }
    }
    let (code, out, err) = run(&["import", "veris", &file.display().to_string(), "--data", &text, "--report", &report]);
    assert!(code == 0 && out.starts_with("675 incidents read: 0 imported, 675 unchanged, 0 quarantined\n"), "{out}{err}");
    let again = lines(&std::fs::read_to_string(&report).unwrap());
    assert!(told.iter().zip(&again).all(|(told, again)| told["reference"] == again["reference"]));
    // Out again: names and days as they came.
    let (code, out, err) = run(&["export", "incident-records", "--format", "veris", "--data", &text]);
    assert_eq!(code, 0, "{err}");
    let documents = lines(&out);
    assert_eq!(documents.len(), 675);
    let of = |id: &Value| documents.iter().find(|document| document["incident_id"] == *id).unwrap();
    for given in &given {
        let document = of(&given["id"]);
        assert_eq!(document["victim"]["victim_id"], given["victim"], "{}", given["id"]);
        for part in ["year", "month", "day"] {
            let said = given.get(part).cloned().unwrap_or_default();
            assert_eq!(document["timeline"]["incident"].get(part).cloned().unwrap_or_default(), said, "{part} of {}", given["id"]);
            let notified = given["notified"].get(part).cloned().unwrap_or_default();
            assert_eq!(document["plus"]["timeline"]["notification"].get(part).cloned().unwrap_or_default(), notified, "{}", given["id"]);
        }
    }
}

/// SEC-24: many real incidents come in as one packed file; each is imported or put aside with its reason, and the same again changes nothing.
#[test]
fn sec_24_many_real_incidents_come_in_at_once() {
    let Some(file) = shared("vcdb/full_visible.jsonl.gz") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let whole = {
        let mut out = String::new();
        std::io::Read::read_to_string(&mut GzDecoder::new(std::fs::File::open(&file).unwrap()), &mut out).unwrap();
        out
    };
    let report = folder.path().join("report.jsonl").display().to_string();
    let (code, out, err) = run(&["import", "veris", &file.display().to_string(), "--data", &text, "--report", &report]);
    assert_eq!(code, 0, "{err}");
    let count = whole.lines().count();
    assert!(out.starts_with(&format!("{count} incidents read: ")), "{out}");
    let told = lines(&std::fs::read_to_string(&report).unwrap());
    assert_eq!(told.len(), count);
    for line in &told {
        let fine = line["outcome"] == "imported" && line["reference"].is_string();
        assert!(fine || !line["reasons"].as_array().unwrap().is_empty(), "{line}");
    }
    let (code, out, err) = run(&["import", "veris", &file.display().to_string(), "--data", &text]);
    assert!(code == 0 && out.contains(" 0 imported, "), "{out}{err}");
}
