//! Screening of text for data about people, against reading the same bytes and doing nothing else with them.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Result, bail};
use rules::screen::screen;

use crate::table::table;

/// Bytes of each text.
const SIZE: usize = 32 << 20;
/// Runs of each, of which the best counts.
const RUNS: usize = 3;

/// Measures texts with little and with much to find, on one thread.
pub fn measure() -> Result<String> {
    let mut rows = Vec::new();
    for (name, line, most) in [
        ("a report, a finding in some hundred words", prose as fn(usize, &mut String) -> Result<()>, SIZE / 1_000),
        ("a table of passengers", row, usize::MAX),
    ] {
        let text = text(line)?;
        let (mut found, mut digits) = (0, 0);
        let (mut ours, mut plain) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..RUNS {
            plain = plain.min(timed(|| digits = black_box(scan(black_box(text.as_bytes())))));
            ours = ours.min(timed(|| found = screen(black_box(&text)).len()));
        }
        if found == 0 || found > most || digits == 0 {
            bail!("{found} findings in {name}");
        }
        let mib = text.len() as f64 / f64::from(1 << 20);
        rows.push(vec![
            name.to_owned(),
            found.to_string(),
            format!("{:.0}", mib / ours),
            format!("{:.0}", mib / plain),
            format!("{:.4}", plain / ours),
        ]);
    }
    Ok(table(
        "Screening",
        "MiB of text a second on one core, best of three. The plain scan reads every byte once, and counts those that are digits. What people write is to reach 50; of the table, nearly all is a finding.",
        &["text", "findings", "screened", "plain scan", "ratio"],
        &rows,
    ))
}

fn timed(what: impl FnOnce()) -> f64 {
    let began = Instant::now();
    what();
    began.elapsed().as_secs_f64()
}

/// Reads every byte.
fn scan(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// Lines until the text is long enough.
fn text(line: fn(usize, &mut String) -> Result<()>) -> Result<String> {
    let mut text = String::with_capacity(SIZE + 4_096);
    let mut at = 0;
    while text.len() < SIZE {
        line(at, &mut text)?;
        at += 1;
    }
    Ok(text)
}

/// Some two hundred bytes of what a report says; one line in ten names somebody's address and telephone.
fn prose(at: usize, text: &mut String) -> Result<()> {
    writeln!(
        text,
        "On day {} of the voyage the night desk noticed that the folder of cabin {} had been opened, and told whoever was on duty. The lock was changed before {} o'clock and the log was kept, as the plan asks.",
        at % 28 + 1,
        at % 400,
        at % 24
    )?;
    if at.is_multiple_of(10) {
        writeln!(text, "Ask passenger{at}@mail.example or call 020 7946 0{:03} for the rest.", at % 1_000)?;
    }
    Ok(())
}

/// A row of a table of passengers. None of them exists: the numbers are of ranges kept for examples, or lack their owner.
fn row(at: usize, text: &mut String) -> Result<()> {
    writeln!(
        text,
        "{at},Passenger {at},QQ {:02} {:02} {:02} C,p{at}@mail.example,020 7946 0{:03},4111 1111 1111 1111,SW1A 1AA",
        at % 97,
        at % 89,
        at % 83,
        at % 1_000
    )?;
    Ok(())
}
