//! What the command prints, and its exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use clap::Parser;

use super::*;

#[derive(clap::Parser)]
struct Line {
    #[command(subcommand)]
    command: RulesCommand,
}

fn run_with(arg: &str, input: &[u8]) -> (u8, String, String) {
    let line = Line::try_parse_from(["rules", "offshoring", arg]).unwrap_or_else(|error| panic!("{error}"));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&line.command, &mut &*input, &mut out, &mut err, &|id, _| id.to_owned());
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn own_1_one_document_with_reasons_is_printed() {
    let (code, out, err) = run_with("-", br#"{"home":"GB","activities":[{"kind":"support","country":"India"}]}"#);
    assert_eq!((code, err.as_str()), (DONE, ""));
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["outcome"], "offshoring");
    assert_eq!(document["activities"][0]["because"][0]["text"], "rule-offshoring-support-abroad");
}

#[test]
fn bad_input_exits_2_and_names_the_json_path() {
    for (input, path) in [
        (br#"{"home":"GB","activities":[{"kind":"support","country":"Other"}]}"#.as_slice(), "$.activities[0].country"),
        (b"", "$"),
        (b"\xff\xfe", "$"),
    ] {
        let (code, out, err) = run_with("-", input);
        assert_eq!((code, out.as_str()), (BAD_INPUT, ""));
        assert!(err.starts_with(&format!("-: {path}: ")), "{err}");
    }
    let (code, out, err) = run_with("no-such-folder/facts.json", b"");
    assert_eq!((code, out.as_str()), (BAD_INPUT, ""));
    assert!(err.starts_with("no-such-folder/facts.json: "), "{err}");
}
