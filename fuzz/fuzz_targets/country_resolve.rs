//! Any text is a country with a code that resolves to itself, or a refusal that can be said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::country::Country;

fuzz_target!(|text: &str| {
    match Country::resolve(text) {
        Ok(country) => assert_eq!(Country::from_code(country.code()), Ok(country)),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
});
