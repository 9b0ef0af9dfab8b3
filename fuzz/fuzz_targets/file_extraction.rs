//! Any bytes are a file whose text comes out within its limits, or are refused in words.
#![no_main]

use extract::{Limits, extract};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { text: 1 << 20, unpacked: 8 << 20, steps: 100_000, pages: 50, ..Limits::default() };
    match extract(bytes, &limits) {
        Ok(extracted) => {
            assert!(extracted.text.len() <= limits.text);
            assert!(extracted.parts.iter().all(|part| extracted.text.get(part.span.clone()).is_some()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
