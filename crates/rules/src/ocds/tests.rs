//! Reading releases: what is taken, what is kept out and why, and that none is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::path::PathBuf;

use super::*;

mod cases;
mod real;
mod whatever;

/// All lines of a text, pushed in one go.
fn read(bytes: &[u8]) -> Vec<Line> {
    let mut reading = Reading::new();
    let mut lines = reading.push(bytes);
    lines.extend(reading.end_of_file());
    lines
}

/// The codes of a line's reasons.
fn codes(line: &Line) -> Vec<&'static str> {
    line.reasons.iter().map(Reason::code).collect()
}

/// A folder of the shared data; `None`, saying so, where the data is not on this machine.
fn shared() -> Option<PathBuf> {
    crate::testing::shared("ocds")
}
