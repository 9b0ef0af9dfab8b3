//! What the command prints, and its exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use clap::Parser;

use super::*;

#[derive(clap::Parser)]
struct Line {
    #[command(subcommand)]
    command: RulesCommand,
}

fn run_with(decision: &str, arg: &str, input: &[u8]) -> (u8, String, String) {
    let line = Line::try_parse_from(["rules", decision, arg]).unwrap_or_else(|error| panic!("{error}"));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&line.command, &mut &*input, &mut out, &mut err, &|id, _| id.to_owned());
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn own_1_one_document_with_reasons_is_printed() {
    let (code, out, err) = run_with("offshoring", "-", br#"{"home":"GB","activities":[{"kind":"support","country":"India"}]}"#);
    assert_eq!((code, err.as_str()), (DONE, ""));
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["outcome"], "offshoring");
    assert_eq!(document["activities"][0]["because"][0]["text"], "rule-offshoring-support-abroad");
}

/// SEC-X1a: limbs, categories and what must be reported stand beside the outcome and its reasons.
#[test]
fn sec_x1a_an_incident_is_one_document_with_reasons() {
    let (code, out, err) = run_with("incident", "-", br#"{"asset_involved":true,"actions":["lost"],"whereabouts":"unknown"}"#);
    assert_eq!((code, err.as_str()), (DONE, ""));
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["outcome"], "incident");
    assert_eq!((&document["limbs"], &document["categories"]), (&serde_json::json!(["loss"]), &serde_json::json!(["loss"])));
    assert_eq!((&document["lost_or_misplaced"], &document["must_report"]), (&serde_json::json!("lost"), &serde_json::json!(true)));
    assert_eq!(document["because"][1]["text"], "rule-incident-lost-without-trail");
    assert_eq!(document["missing"], serde_json::json!([]));
}

/// SEC-9b, OFF-2b: the limbs that hold stand beside the outcome and its reasons, and what is missing is named.
#[test]
fn sec_9b_authority_data_is_one_document_with_reasons() {
    let (code, out, err) = run_with("authority-data", "-", br#"{"held_because_of_contract":true,"medium":"paper"}"#);
    assert_eq!((code, err.as_str()), (DONE, ""));
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&document["outcome"], &document["limbs"]),
        (&serde_json::json!("authority_data"), &serde_json::json!(["because_of_contract"]))
    );
    assert_eq!(document["because"][0]["text"], "rule-authority-data-held-because-of-contract");
    assert_eq!(document["missing"], serde_json::json!([]));
}

#[test]
fn bad_input_exits_2_and_names_the_json_path() {
    for (decision, input, path) in [
        ("offshoring", br#"{"home":"GB","activities":[{"kind":"support","country":"Other"}]}"#.as_slice(), "$.activities[0].country"),
        ("offshoring", b"", "$"),
        ("offshoring", b"\xff\xfe", "$"),
        ("incident", br#"{"actions":["lost","burnt"]}"#, "$.actions[1]"),
        ("incident", br#"{"note":1}"#, "$.note"),
        ("incident", b"[]", "$"),
        ("incident", b"\xff\xfe", "$"),
        ("authority-data", br#"{"medium":"tape"}"#, "$.medium"),
        ("authority-data", br#"{"personal_data":"yes"}"#, "$.personal_data"),
        ("authority-data", br#"{"note":1}"#, "$.note"),
        ("authority-data", b"[]", "$"),
        ("authority-data", b"\xff\xfe", "$"),
    ] {
        let (code, out, err) = run_with(decision, "-", input);
        assert_eq!((code, out.as_str()), (BAD_INPUT, ""));
        assert!(err.starts_with(&format!("-: {path}: ")), "{err}");
    }
    for decision in ["offshoring", "incident", "authority-data"] {
        let (code, out, err) = run_with(decision, "no-such-folder/facts.json", b"");
        assert_eq!((code, out.as_str()), (BAD_INPUT, ""));
        assert!(err.starts_with("no-such-folder/facts.json: "), "{err}");
    }
}

fn screened(args: &[&str], input: &[u8]) -> (u8, String, String) {
    let line = Line::try_parse_from([&["rules", "screen"], args].concat()).unwrap_or_else(|error| panic!("{error}"));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&line.command, &mut &*input, &mut out, &mut err, &|id, _| id.to_owned());
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// SEC-25: a line a finding, without the value.
#[test]
fn what_is_found_is_a_line_each_and_never_the_value() {
    let (code, out, err) = screened(&["-"], b"NINO AB123456C, jo@mail.example");
    assert_eq!((code, err.as_str()), (DONE, ""));
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [
            serde_json::json!({"file": "-", "kind": "uk_nino", "start": 5, "end": 14, "confidence": "high"}),
            serde_json::json!({"file": "-", "kind": "email", "start": 16, "end": 31, "confidence": "high"}),
        ]
    );
    assert!(!out.contains("AB123456C") && !out.contains("jo@"));
    assert_eq!(screened(&["-"], b"Nothing of anybody."), (DONE, String::new(), String::new()));
}

/// SEC-25: one file that cannot be read holds up no other.
#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let picture = file("scan.txt", b"\x89PNG\r\n\x1A\n....");
    let text = file("report.pdf", b"IBAN GB82 WEST 1234 5698 7654 32");
    let letter = file(
        "letter",
        b"From: a@mail.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nCall 07700 900123\r\n\
          --b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"a\x1B.png\"\r\n\r\n\x89PNG\r\n--b--\r\n",
    );
    let missing = folder.path().join("missing").to_str().unwrap().to_owned();
    let (code, out, err) = screened(&[&picture, &missing, &text, &letter], b"");
    assert_eq!(code, BAD_INPUT);
    let kinds: Vec<String> =
        out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["iban", "email", "phone"], "{out}");
    let complaints: Vec<&str> = err.lines().collect();
    assert_eq!(complaints.len(), 3, "{err}");
    assert!(complaints[0].starts_with(&format!("{picture}: The file is a picture")), "{err}");
    assert!(complaints[1].starts_with(&format!("{missing}: ")));
    assert!(complaints[2].starts_with(&format!("{letter}: ")) && complaints[2].contains("picture") && !err.contains('\x1B'), "{err:?}");
    assert!(Line::try_parse_from(["rules", "screen"]).is_err());
}
