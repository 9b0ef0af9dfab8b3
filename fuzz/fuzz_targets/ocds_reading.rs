//! Any bytes in any portions give lines, each usable or with a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::ocds::{Reading, agreements};

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let mut reading = Reading::new();
    let mut lines: Vec<_> = bytes.chunks(usize::from(size) + 1).flat_map(|portion| reading.push(portion)).collect();
    lines.extend(reading.end_of_file());
    for line in lines {
        assert!(line.release.is_some() || !line.reasons.is_empty());
        line.release.iter().for_each(|release| drop(agreements(release)));
    }
});
