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
    ] {
        let (code, out, err) = run_with(decision, "-", input);
        assert_eq!((code, out.as_str()), (BAD_INPUT, ""));
        assert!(err.starts_with(&format!("-: {path}: ")), "{err}");
    }
    for decision in ["offshoring", "incident"] {
        let (code, out, err) = run_with(decision, "no-such-folder/facts.json", b"");
        assert_eq!((code, out.as_str()), (BAD_INPUT, ""));
        assert!(err.starts_with("no-such-folder/facts.json: "), "{err}");
    }
}
