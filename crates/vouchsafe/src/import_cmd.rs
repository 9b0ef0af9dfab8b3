//! `vouchsafe import …`.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::import::act::{self, Staging};
use app::import::model::Figures;
use app::import::store;
use platform::authz::Actor;
use platform::{Core, Cx};

use crate::{Common, Stop, open, say};

/// What can be imported.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ImportCommand {
    /// Contracts published by the Open Contracting Data Standard 1.1: packages, releases one a line, API pages.
    #[command(after_help = "Example:
  vouchsafe import ocds releases-2026.jsonl --report report.jsonl

Parties, contracts and chains are made; importing the same file again changes nothing. The report has a line for each release, in order.
Exit codes: 0 every line was read (releases with faults are in quarantine, with reasons); 1 stopped; 2 bad usage or settings.")]
    Ocds {
        /// Files to read, in order; - reads standard input.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Where to write the report, a JSON object a line; - writes it to standard output.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// Imports.
pub(crate) fn run(common: &Common, command: &ImportCommand) -> Result<u8, Stop> {
    let ImportCommand::Ocds { files, report } = command;
    // Files that cannot be read stop the command before anything is made.
    for file in files.iter().filter(|file| file.as_os_str() != "-") {
        File::open(file)
            .and_then(|file| file.metadata())
            .map_err(|e| at(file, &e))
            .and_then(|found| if found.is_dir() { Err(Stop::Failed(format!("{}: is a folder", file.display()))) } else { Ok(()) })?;
    }
    let mut out = match report {
        Some(path) if path.as_os_str() != "-" => Some(BufWriter::new(File::create(path).map_err(|e| at(path, &e))?)),
        _ => None,
    };
    let settings = open::settings(common)?;
    let runtime = open::runtime()?;
    runtime.block_on(async {
        let (core, _) = open::service(settings).await?;
        let (run, next) = ocds(&core, files).await?;
        if report.is_some() {
            write_report(&core, &run, out.as_mut()).await?;
        }
        if report.as_deref() != Some(Path::new("-")) {
            summary(&run.figures()?)?;
        }
        if let Some(next) = next {
            tracing::info!(next, "the publisher has more pages; they are not fetched");
        }
        Ok(0)
    })
}

fn at(path: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("{}: {error}", path.display()))
}

/// Reads the files and brings in what they hold; the run, and where the publisher's next page is.
async fn ocds(core: &Arc<Core>, files: &[PathBuf]) -> Result<(store::Model, Option<String>), Stop> {
    let cx = Cx::new(core, Actor::Operator)?;
    let mut staging = Staging::begin(&cx)?;
    for path in files {
        staging.file(&path.file_name().map_or_else(|| "-".into(), |name| name.to_string_lossy().into_owned()));
        let mut input: Box<dyn std::io::Read + Send> = match path.as_os_str() {
            name if name == "-" => Box::new(std::io::stdin()),
            _ => Box::new(File::open(path).map_err(|e| at(path, &e))?),
        };
        let mut portion = vec![0; 64 * 1024];
        loop {
            match input.read(&mut portion) {
                Ok(0) => break,
                Ok(read) => staging.push(&portion[..read]).await?,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(at(path, &e)),
            }
        }
        staging.end_of_file().await?;
    }
    let next = staging.next_page().map(str::to_owned);
    let run = staging.finish().await?;
    Ok((act::apply(&cx, run.id).await?, next))
}

async fn write_report(core: &Arc<Core>, run: &store::Model, mut out: Option<&mut BufWriter<File>>) -> Result<(), Stop> {
    let mut after = 0;
    loop {
        let rows = store::lines(core.db.reader(), run.id, after, 500).await?;
        let Some(last) = rows.last() else { break };
        after = last.n;
        for row in &rows {
            match &mut out {
                Some(out) => writeln!(out, "{}", row.report)?,
                None => say(&row.report)?,
            }
        }
    }
    if let Some(out) = out {
        out.flush()?;
    }
    Ok(())
}

fn summary(figures: &Figures) -> Result<(), Stop> {
    let Figures { lines, new, changed, unchanged, quarantined, contracts_made, contracts_changed, parties_made, .. } = figures;
    say(format_args!("{lines} releases read: {new} new, {changed} changed, {unchanged} unchanged, {quarantined} quarantined"))?;
    say(format_args!("{contracts_made} contracts and {parties_made} parties made, {contracts_changed} contracts changed"))
}
