//! `ledger-verify`: verifies an exported ledger, or the archive of a case, offline. Exit code 0 verified, 1 tampered,
//! 2 unusable.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use ledger::checkpoint::MAX_CHECKPOINT;
use ledger::export::{Listed, Source};
use ledger::key::VerifyingKey;
use ledger::verify::{Options, Outcome, Report, verify};

/// Verifies an exported ledger or the archive of a case, offline and without the ledger's master key.
///
/// Exits 0 when verified, 1 when tampered with (which entry, how), 2 when the export or
/// something given cannot be used.
#[derive(Parser)]
#[command(name = "ledger-verify", version)]
struct Arguments {
    /// The export's folder, or the archive of a case.
    dir: PathBuf,
    /// The ledger's verifying key (origin+id+base64), known from elsewhere. Without it the
    /// export's own key is used, and where the export comes from is not proved.
    #[arg(long, value_name = "VKEY")]
    key: Option<String>,
    /// An earlier checkpoint, kept elsewhere: shows truncation and forks.
    #[arg(long, value_name = "CHECKPOINT_FILE")]
    after: Option<PathBuf>,
    /// Print the report as one JSON document.
    #[arg(long)]
    json: bool,
}

/// A folder of plain files.
struct Folder(PathBuf);

impl Source for Folder {
    fn list(&self) -> io::Result<Vec<Listed>> {
        fs::read_dir(&self.0)?
            .map(|item| {
                let item = item?;
                // The type of the item itself: a link is not followed.
                let plain = item.file_type()?.is_file();
                match item.file_name().into_string() {
                    Ok(name) => Ok(Listed { name, plain }),
                    Err(name) => Ok(Listed { name: name.to_string_lossy().into_owned(), plain: false }),
                }
            })
            .collect()
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(self.0.join(name))?))
    }
}

fn after_text(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MAX_CHECKPOINT as u64 + 1).read_to_string(&mut text))
        .map_err(|error| format!("The checkpoint file cannot be read: {error}"))?;
    Ok(text)
}

fn run(arguments: &Arguments) -> Result<Report, String> {
    let key = match arguments.key.as_deref().map(|key| VerifyingKey::parse(key.trim())) {
        Some(Ok(key)) => Some(key),
        Some(Err(_)) => return Err("The key that you gave is not a verifying key.".into()),
        None => None,
    };
    let after = arguments.after.as_deref().map(after_text).transpose()?;
    let options = Options { key, after };
    if !arguments.dir.is_file() {
        return Ok(verify(&Folder(arguments.dir.clone()), &options));
    }
    let archive = File::open(&arguments.dir).map_err(|error| format!("The archive cannot be read: {error}"))?;
    Ok(ledger::archive::verify(BufReader::new(archive), &options))
}

fn print(report: &Report, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
    } else {
        write!(out, "{report}")?;
    }
    out.flush()
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Asking for help is no failure; anything else is unusable input.
            let code = u8::from(error.use_stderr()) * 2;
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let report = run(&arguments).unwrap_or_else(Report::refused);
    if print(&report, arguments.json).is_err() && report.outcome == Outcome::Verified {
        return ExitCode::from(2);
    }
    ExitCode::from(report.outcome.exit_code())
}
