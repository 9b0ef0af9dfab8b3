//! Any bytes in any portions give lines, each a record that is written and read back as it was, or with a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::regulator::incident_type;
use rules::veris::{Reading, facts, write};

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let mut reading = Reading::new();
    let mut lines: Vec<_> = bytes.chunks(usize::from(size) + 1).flat_map(|portion| reading.push(portion)).collect();
    lines.extend(reading.end_of_file());
    for line in lines {
        assert_eq!(line.quarantined(), line.reasons.iter().any(|reason| reason.quarantines));
        let Some(record) = line.record else { continue };
        incident_type(&facts(&record));
        let written = write(&record, 2026).to_string();
        let mut again = Reading::new();
        let mut lines = again.push(written.as_bytes());
        lines.extend(again.end_of_file());
        // What is written may pass the size that is taken: all else comes back.
        if written.len() < 8 * 1024 * 1024 {
            assert_eq!(lines.pop().and_then(|line| line.record), Some(record));
        }
    }
});
