//! `vouchsafe rules screen FILE…`: what data about people files hold, a JSON line a finding. The values are never printed.

use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use app::reading::{Why, says};
use extract::{Extracted, Limits, extract};
use rules::screen::{Confidence, Finding, Kind, screen};
use serde::Serialize;

use super::{BAD_INPUT, DONE, STOPPED};

pub(super) const HELP: &str = r#"Reads plain text, PDF, Word (DOCX), Excel (XLSX) and e-mail (EML) with what is attached, by their content.
Each finding is one line on standard output:
  {"file":"report.docx","kind":"uk_nino","start":118,"end":127,"confidence":"high"}

kind        uk_nino, uk_nhs, date_of_birth, uk_bank_account, iban, payment_card, uk_passport,
            uk_driving_licence, email, phone, uk_postcode or ip
start, end  bytes of the text that was read from the file
confidence  high: check digits or a word beside it; medium: a form that little else has;
            low: many other things have that form

Names and street addresses are not searched for, and the value itself is never printed. A file, or a part of one, that cannot be
read is named on standard error, after which the other files are read.
Exit codes: 0 all files were read; 1 output could not be written; 2 something could not be read."#;

/// Screens every file, whatever becomes of the others; returns the exit code.
pub(super) fn run(files: &[PathBuf], input: &mut dyn Read, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let limits = Limits::default();
    let mut code = DONE;
    for path in files {
        let read = read(path, input, limits.bytes).and_then(|bytes| extract(&bytes, &limits).map_err(words));
        let mut complain = |message: &str| {
            // Where standard error is closed as well, the exit code still tells.
            let _ = writeln!(err, "{}: {message}", path.display());
            code = BAD_INPUT;
        };
        match read {
            Ok(extracted) => {
                for unread in &extracted.unread {
                    match &unread.name {
                        // Somebody else named it: signs that a terminal obeys are written out.
                        Some(name) => complain(&format!("{name:?} inside: {}", words(unread.why))),
                        None => complain(&words(unread.why)),
                    }
                }
                if print(path, &extracted, out).is_err() {
                    return STOPPED;
                }
            }
            Err(message) => complain(&message),
        }
    }
    code
}

/// Why a file was not read, in words.
fn words(why: extract::Error) -> String {
    says(Why::Refused(why)).say()
}

/// One finding, as a line.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    kind: Kind,
    start: usize,
    end: usize,
    confidence: Confidence,
}

/// Tables of people have a finding in every line: what is printed goes out in larger pieces.
fn print(path: &Path, extracted: &Extracted, out: &mut dyn Write) -> io::Result<()> {
    let file = path.display().to_string();
    let mut out = BufWriter::new(out);
    for Finding { kind, start, end, confidence } in screen(&extracted.text) {
        serde_json::to_writer(&mut out, &Line { file: &file, kind, start, end, confidence })?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// The bytes of a file, or of standard input; one more than `most` at most, so that a larger one is known for it.
fn read(path: &Path, input: &mut dyn Read, most: usize) -> Result<Vec<u8>, String> {
    let most = most as u64 + 1;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        input.take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| error.to_string())?;
    Ok(bytes)
}
