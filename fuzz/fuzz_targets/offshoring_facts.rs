//! Any text is facts or bad input with a JSON path, and facts are always decided.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::offshoring::{Facts, decide};

fuzz_target!(|text: &str| {
    match Facts::from_json(text) {
        Ok(facts) => assert_eq!(decide(&facts).activities.len(), facts.activities.len()),
        Err(fault) => assert!(fault.path.starts_with('$') && fault.to_string().len() < 4096),
    }
});
