//! Any text is facts or bad input with a JSON path, and facts are always decided: undetermined exactly where something is missing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::incident::{Facts, Outcome, decide};

fuzz_target!(|text: &str| {
    match Facts::from_json(text) {
        Ok(facts) => {
            let explained = decide(&facts).explained;
            assert_eq!(explained.outcome == Outcome::Undetermined, !explained.missing.is_empty());
        }
        Err(fault) => assert!(fault.path.starts_with('$') && fault.to_string().len() < 4096),
    }
});
