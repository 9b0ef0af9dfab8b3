//! Prints the text of files: `cargo run -p extract --example text_of letter.eml`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use extract::{Limits, extract};

fn main() -> ExitCode {
    let mut good = true;
    for path in std::env::args().skip(1) {
        let read = std::fs::read(&path).map_err(|error| error.to_string());
        match read.and_then(|bytes| extract(&bytes, &Limits::default()).map_err(|error| error.to_string())) {
            Ok(extracted) => {
                println!("{}", extracted.text);
                for unread in extracted.unread {
                    good = false;
                    eprintln!("{path}: {:?}: {}", unread.name, unread.why);
                }
            }
            Err(error) => {
                good = false;
                eprintln!("{path}: {error}");
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::from(2) }
}
