//! A pack with any text in it is read, or refused with a file, a line in it and what to do.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::pack::{Pack, PackSource, check_json};

const PACK: &str = include_str!("../../crates/rules/src/pack/tests/pack.yaml");
const FORM: &str = include_str!("../../crates/rules/src/pack/tests/proposal.yaml");

fuzz_target!(|input: (bool, u16, u8, &str)| {
    let (form, at, cut, text) = input;
    let (file, whole) = if form { ("forms/proposal.yaml", FORM) } else { ("pack.yaml", PACK) };
    let chars: Vec<char> = whole.chars().collect();
    // Most inputs change a little; some are the whole file.
    let changed: String = if cut == u8::MAX {
        text.to_owned()
    } else {
        let at = usize::from(at) % chars.len();
        let end = (at + usize::from(cut)).min(chars.len());
        chars[..at].iter().copied().chain(text.chars()).chain(chars[end..].iter().copied()).collect()
    };
    let mut source = PackSource::default();
    source.files.insert("pack.yaml".to_owned(), PACK.to_owned());
    source.files.insert("forms/proposal.yaml".to_owned(), FORM.to_owned());
    source.files.insert(file.to_owned(), changed.clone());
    match Pack::load(&source) {
        Ok(_) => assert!(check_json(&source).is_ok()),
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults.iter().filter(|fault| fault.file == file) {
                assert!(fault.line >= 1 && !fault.advice.is_empty(), "{fault}");
                assert!(fault.line as usize <= changed.split('\n').count() + 1, "{fault}");
            }
        }
    }
});
