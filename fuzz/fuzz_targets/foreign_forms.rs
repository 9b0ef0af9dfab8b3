//! A questionnaire of somebody else's, whatever is in it, becomes a form that packs take, or is refused with a line of its own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::foreign::{About, Refused, Source, bundle, convert};

const VSAQ: &str = r#"// A comment.
{"questionnaire": [{"type": "block", "id": "b", "text": "Boats", "cond": "a_no", "items": [
{"type": "radiogroup", "id": "a", "text": "A?", "choices": [{"a_yes": "Yes"}, {"a_no": "No"}]},
{"type": "box", "id": "c", "cond": "a_yes && !(a_no || ^t)", "text": "C?"},
{"type": "tip", "id": "t", "cond": "a_no", "warn": "yes", "text": "T", "why": "W"}, {"type": "info", "text": "I"}]}]}"#;
const NODES: &str = r#"{"name": "N", "nodes": [{"depth": 1, "assessable": false, "id": "1", "name": "One"},
{"depth": 2, "assessable": true, "id": "1.1", "questions": [{"id": "1", "type": "unique_choice", "text": "Q", "choices": ["Yes", "No"], "depends_on": null}]}]}"#;
const CATALOG: &str = r#"{"catalog": {"metadata": {"title": "C"}, "groups": [{"id": "g", "title": "G", "controls": [
{"id": "c", "title": "T", "parts": [{"id": "p", "name": "statement", "prose": "P"}], "controls": [{"id": "d", "title": "D"}]}]}]}}"#;

fuzz_target!(|input: (u8, u16, u8, &str)| {
    let (which, at, cut, text) = input;
    let whole = [VSAQ, NODES, CATALOG][usize::from(which) % 3];
    let chars: Vec<char> = whole.chars().collect();
    let changed: String = if cut == u8::MAX {
        text.to_owned()
    } else {
        let at = usize::from(at) % chars.len();
        let end = (at + usize::from(cut)).min(chars.len());
        chars[..at].iter().copied().chain(text.chars()).chain(chars[end..].iter().copied()).collect()
    };
    let lines = changed.split('\n').count();
    match convert("f", None, &[Source { file: "f.json".to_owned(), text: changed }]) {
        Ok(made) => {
            let about = About { pack: "p".to_owned(), edition: "1".to_owned(), date: jiff::civil::date(2027, 1, 1) };
            // What a file says may be too odd for a pack, but then the loader says where.
            if let Err(Refused::Faults(faults)) = bundle(None, &made.form, false, &about, None) {
                assert!(!faults.is_empty());
            }
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            assert!(faults.iter().all(|fault| fault.line >= 1 && fault.line <= lines + 1 && !fault.problem.is_empty()));
        }
    }
});
