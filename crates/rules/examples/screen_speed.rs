//! How fast texts are screened, on one core, beside a plain reading of the same memory:
//! `cargo run --release -p rules --example screen_speed`, or with files of your own after `--`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use rules::screen::screen;

/// How often each text is read; the quickest counts.
const ROUNDS: usize = 7;
/// How large each text is made, by repeating it.
const SIZE: usize = 16 << 20;

const PROSE: &str = "On Tuesday morning a member of staff left a bag with printed case notes on the 08:15 train to Leeds. The bag was \
handed in at the next station and collected at noon; nobody is known to have opened it. The notes concerned nine people, none of whom \
has been told yet. Our security manager was informed at once, and all staff of the site have been reminded that papers are carried in \
locked cases only. We propose to repeat the training of 2025 and to report on it by 30 June.\n\n";

const REPORT: &str = "Reported by J. Smith (07700 900123, j.smith@supplier.example) on 12/05/2026 at 14:30. The letter to Mrs Jones, 12 High \
Street, Leeds LS1 4AP, named her National Insurance number AB123456C and her date of birth, 3 May 1961. It went to another household. \
The payment of £1,250.00 to sort code 20-00-00, account 55779911 was stopped. See ticket INC-2026-004711 and the log of 203.0.113.7.\n";

const SHEET: &str =
    "Jane Smith\t12/05/1987\tAB123456C\t20-00-00\t55779911\t943 476 5919\t07700 900123\tLS1 4AP\tjane@mail.example\t1450.25\n";

const LOG: &str = "2026-05-12T14:30:07.123Z INFO 203.0.113.7 - \"GET /records/8841 HTTP/1.1\" 200 5120 0.031 request=7f3a9c1e-55d0-4e1b-9a2c-0b1d2e3f4a5b\n";

fn main() -> ExitCode {
    let mut texts: Vec<(String, String)> = Vec::new();
    for path in std::env::args().skip(1) {
        match std::fs::read(&path) {
            Ok(bytes) => texts.push((path, String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    if texts.is_empty() {
        texts = [("prose", PROSE), ("reports", REPORT), ("a sheet of nothing but data", SHEET), ("a log", LOG)]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
    }
    println!("{:<30} {:>10} {:>12} {:>12} {:>12}", "text", "MiB", "screen MB/s", "memory MB/s", "findings");
    for (name, text) in texts {
        if text.is_empty() {
            continue;
        }
        let text = text.repeat(SIZE.div_ceil(text.len()));
        let screened = fastest(text.len(), || screen(&text).len());
        let plain = fastest(text.len(), || black_box(text.as_str()).bytes().fold(0_u8, |sum, byte| sum ^ byte));
        let found = screen(&text).len();
        println!("{name:<30} {:>10.1} {screened:>12.0} {plain:>12.0} {found:>12}", text.len() as f64 / f64::from(1 << 20));
    }
    ExitCode::SUCCESS
}

/// Millions of bytes a second, in the quickest round.
fn fastest<T>(bytes: usize, mut work: impl FnMut() -> T) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    });
    bytes as f64 / rounds.fold(f64::INFINITY, f64::min) / 1e6
}
