//! `vouchsafe rules …` as its users meet it: what it says of each example of the policy, what it refuses and where, and packs with faults.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use testkit::offshoring::{Example, examples};

/// Runs `vouchsafe rules` with `input` on standard input; exit code and both streams.
pub(crate) fn rules(args: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vouchsafe"))
        .arg("rules")
        .args(args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // It may stop reading early; that is its right.
    let writing = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Exit code 0, nothing on standard error, and one JSON document.
fn decided(facts: &str) -> Value {
    let (code, out, err) = rules(&["offshoring", "-"], facts.as_bytes());
    assert_eq!((code, err.as_str()), (0, ""), "{facts}");
    serde_json::from_str(&out).unwrap_or_else(|problem| panic!("{problem}: {out}"))
}

fn hold(examples: Vec<Example>) {
    for example in examples {
        example.judge(&decided(&example.facts())).unwrap_or_else(|problem| panic!("{problem}"));
    }
}

/// OFF-3a: hosting abroad of the authority's information is offshoring; the islands and Gibraltar are abroad.
#[test]
fn off_3a() {
    hold(examples("OFF-3a"));
}

/// OFF-3b: people abroad who reach it are offshoring, wherever it lies.
#[test]
fn off_3b() {
    hold(examples("OFF-3b"));
}

/// OFF-3c: foreign nationals brought in for work that reaches it are offshoring.
#[test]
fn off_3c() {
    hold(examples("OFF-3c"));
}

/// OFF-3d: development abroad is offshoring.
#[test]
fn off_3d() {
    hold(examples("OFF-3d"));
}

/// OFF-3e: diagnostic data sent abroad is offshoring unless shown free.
#[test]
fn off_3e() {
    hold(examples("OFF-3e"));
}

/// OFF-4: each combination of people, place and data; development and support count always.
#[test]
fn off_4() {
    hold(examples("OFF-4"));
}

/// OFF-5: each exemption, which removes its own trigger only.
#[test]
fn off_5() {
    hold(examples("OFF-5"));
}

/// OWN-1: what cannot be read exits with 2 and names the JSON path, shortly and without control characters, and prints nothing else.
#[test]
fn bad_facts_are_named_by_their_path() {
    let one = |activity: &str| format!(r#"{{"home":"GB","activities":[{activity}]}}"#).into_bytes();
    let deep = format!(r#"{{"home":"GB","activities":[{{"kind":"hosting","staff":{}{}}}]}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "$: "),
        (b"{".to_vec(), "$: "),
        (b"null".to_vec(), "$: "),
        (b"[]".to_vec(), "$: "),
        (b"\xff\xfe".to_vec(), "$: "),
        (br#"{"home":"GB","activities":[{"kind":"hosting","country":"\xc3\x28"}]}"#.iter().copied().chain([0xc3, 0x28]).collect(), "$: "),
        (b"{\"home\":\"G\xc3\x28\"}".to_vec(), "$: "),
        (deep.into_bytes(), "$.activities[0].staff: "),
        (br#"{"home":"GB"}"#.to_vec(), "$.activities: "),
        (br#"{"home":"GB","activities":[]}"#.to_vec(), "$.activities: "),
        (br#"{"home":"GB","activities":null}"#.to_vec(), "$.activities: "),
        (br#"{"activities":[{"kind":"hosting"}]}"#.to_vec(), "$.home: "),
        (br#"{"home":null,"activities":[{"kind":"hosting"}]}"#.to_vec(), "$.home: "),
        (br#"{"home":"GB","home":"IN","activities":[{"kind":"hosting"}]}"#.to_vec(), "$.home: "),
        (br#"{"home":"GB","activities":[{"kind":"hosting"}]} {}"#.to_vec(), "$: "),
        (one("{}"), "$.activities[0].kind: "),
        (one("null"), "$.activities[0]: "),
        (one(r#"{"kind":null}"#), "$.activities[0].kind: "),
        (one(r#"{"kind":"mining"}"#), "$.activities[0].kind: "),
        (one(r#"{"kind":7}"#), "$.activities[0].kind: "),
        (one(r#"{"kind":"hosting","kind":"access"}"#), "$.activities[0].kind: "),
        (one(r#"{"kind":"hosting","country":7}"#), "$.activities[0].country: "),
        (one(r#"{"kind":"hosting","country":""}"#), "$.activities[0].country: "),
        (one(r#"{"kind":"hosting","country":"Atlantis"}"#), "$.activities[0].country: "),
        (one(r#"{"kind":"hosting","authority_information":"yes"}"#), "$.activities[0].authority_information: "),
        (one(r#"{"kind":"hosting","personal_data":0}"#), "$.activities[0].personal_data: "),
        (one(r#"{"kind":"hosting","staff":true}"#), "$.activities[0].staff: "),
        (one(r#"{"kind":"hosting","staff":{"brought_to_home":1}}"#), "$.activities[0].staff.brought_to_home: "),
        (one(r#"{"kind":"hosting","staff":{"\u001b[31m":1}}"#), "$.activities[0].staff["),
        (one(r#"{"kind":"hosting","colour":"red"}"#), "$.activities[0].colour: "),
        (br#"{"home":"GB","activities":[{"kind":"hosting"}],"note":""}"#.to_vec(), "$.note: "),
        (vec![b' '; (16 << 20) + 1], "$: "),
        (one(&format!(r#"{{"kind":"{}"}}"#, "x".repeat(1 << 20))), "$.activities[0].kind: "),
    ];
    for (input, path) in cases {
        let shown = String::from_utf8_lossy(&input[..input.len().min(120)]).into_owned();
        let (code, out, err) = rules(&["offshoring", "-"], &input);
        assert_eq!((code, out.as_str()), (2, ""), "{shown}: {err}");
        assert!(err.starts_with(&format!("-: {path}")), "{shown}: {err}");
        assert!(err.len() < 2000 && err.trim_end().lines().count() == 1, "{shown}: {err}");
        assert!(!err.trim_end().chars().any(char::is_control), "{err:?}");
    }
}

/// Facts come from a file as well, which is named when it is at fault; without facts, or with too many files, the command says how it is used.
#[test]
fn facts_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facts.json");
    std::fs::write(&file, examples("OFF-3a")[0].facts()).unwrap();
    let name = file.display().to_string();
    let (code, out, err) = rules(&["offshoring", &name], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["outcome"], "offshoring");
    std::fs::write(&file, "{").unwrap();
    let (code, _, err) = rules(&["offshoring", &name], b"");
    assert!(code == 2 && err.starts_with(&format!("{name}: $: ")), "{err}");
    for args in [&["offshoring"][..], &["offshoring", "a", "b"], &["check-pack"], &["nonsense"], &[]] {
        let (code, out, err) = rules(args, b"");
        assert!(code == 2 && out.is_empty() && err.contains("Usage"), "{args:?}: {err}");
    }
    let (code, _, err) = rules(&["offshoring", &folder.path().display().to_string()], b"");
    assert!(code == 2 && !err.is_empty(), "a folder is no document: {err}");
}

/// OFF-3: all ISO 3166-1 codes and XK are countries, and of the user-assigned codes no other; names are taken as people write them.
#[test]
fn countries_are_codes_and_names() {
    let place = |country: &str| {
        let facts = serde_json::json!({"home": "GB", "activities": [{"kind": "support", "country": country}]});
        rules(&["offshoring", "-"], facts.to_string().as_bytes())
    };
    for name in ["XK", "Kosovo", "gb", "England", "U.S.A.", "Côte d'Ivoire", "COTE D IVOIRE", " India "] {
        assert_eq!(place(name).0, 0, "{name}: {}", place(name).2);
    }
    for code in ["AA", "QM", "QZ", "XA", "XJ", "XL", "XZ", "ZZ", "EU", "UK ", "X", "XKX1", "Other", "Channel Islands"] {
        let (exit, _, err) = place(code);
        // The United Kingdom is written UK by nearly everybody.
        let expected = if code == "UK " { 0 } else { 2 };
        assert_eq!(exit, expected, "{code}: {err}");
    }
    // One run takes all names: each is an activity of its own.
    let Some(shared) = testkit::shared_data() else { return };
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(shared.join("geo/country_name_cases.json")).unwrap()).unwrap();
    assert!(cases.len() > 200);
    let activities: Vec<Value> = cases.iter().map(|case| serde_json::json!({"kind": "support", "country": case["text"]})).collect();
    let answer = decided(&serde_json::json!({"home": "GB", "activities": activities}).to_string());
    for (case, said) in cases.iter().zip(answer["activities"].as_array().unwrap()) {
        let expected = if case["iso2"] == "GB" { "not_offshoring" } else { "offshoring" };
        assert_eq!(said["outcome"], expected, "{case}");
    }
}

/// A copy of a built-in pack, one text of one of its files replaced.
fn faulty(pack: &str, file: &str, from: &str, to: &str) -> (tempfile::TempDir, PathBuf, usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(pack);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(pack);
    std::fs::create_dir_all(copy.join("forms")).unwrap();
    for (from, to) in [(root.clone(), copy.clone()), (root.join("forms"), copy.join("forms"))] {
        for entry in std::fs::read_dir(from).into_iter().flatten().map(Result::unwrap).filter(|e| e.path().is_file()) {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    let text = std::fs::read_to_string(copy.join(file)).unwrap();
    let at = text.find(from).unwrap_or_else(|| panic!("{file} lacks {from}"));
    let line = text[..at].matches('\n').count() + 1;
    std::fs::write(copy.join(file), text.replacen(from, to, 1)).unwrap();
    (folder, copy, line)
}

/// OFF-1: a faulty pack exits with 2; each fault is a line with file, line, what is wrong and what to do.
#[test]
fn faults_of_a_pack_are_named_by_file_and_line() {
    for (pack, file, from, to, says) in [
        ("offshoring", "pack.yaml", "edition:", "editon:", "editon"),
        ("offshoring", "pack.yaml", "obligations:", "obligation:", "obligation"),
        ("offshoring", "pack.yaml", "source: [", "source: [nowhere, ", "nowhere"),
        ("offshoring", "pack.yaml", "matrix:", "matrix: [", ""),
        ("offshoring", "forms/proposal.yaml", "type: ", "type: x", "unknown variant"),
        ("outsourcing", "pack.yaml", "pack: outsourcing", "pack: out sourcing", "not an id"),
        ("provider_security", "pack.yaml", "title:", "titel:", "titel"),
    ] {
        let (_kept, copy, line) = faulty(pack, file, from, to);
        let (code, out, err) = rules(&["check-pack", &copy.display().to_string()], b"");
        assert_eq!((code, out.as_str()), (2, ""), "{to}");
        let place = copy.join(file).display().to_string();
        let found = err.lines().find(|l| l.starts_with(&format!("{place}:")) && l.contains(says)).unwrap_or_else(|| panic!("{to}: {err}"));
        let at: usize = found[place.len() + 1..].split(':').next().unwrap().parse().unwrap();
        // A list that is never closed is noticed where the next thing stands.
        assert!(at >= line && (at - line <= 1 || says.is_empty()), "{to}: line {line}: {found}");
        for fault in err.lines() {
            assert!(fault.ends_with('.') && fault.matches(". ").count() >= 1, "what is wrong and what to do: {fault}");
        }
    }
}

/// The file may be named as well: a pack's main file by any name, or one of its forms.
#[test]
fn a_pack_is_checked_by_its_files() {
    let (_kept, copy, line) = faulty("offshoring", "pack.yaml", "edition:", "editon:");
    let other = copy.with_file_name("mine.yaml");
    std::fs::copy(copy.join("pack.yaml"), &other).unwrap();
    std::fs::create_dir(copy.with_file_name("forms")).unwrap();
    for entry in std::fs::read_dir(copy.join("forms")).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), copy.with_file_name("forms").join(entry.file_name())).unwrap();
    }
    let (code, out, err) = rules(&["check-pack", &other.display().to_string()], b"");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with(&format!("{}:{line}: ", other.display())) && err.contains("editon"), "{err}");
    let form = copy.join("forms/proposal.yaml").display().to_string();
    let (code, _, err) = rules(&["check-pack", &form], b"");
    assert!(code == 2 && err.contains("pack.yaml") && err.contains("editon"), "{err}");

    let text = std::fs::read_to_string(&other).unwrap().replacen("editon:", "edition:", 1);
    std::fs::write(&other, text).unwrap();
    let (code, out, err) = rules(&["check-pack", &other.display().to_string()], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["pack"], "offshoring");
}
