//! `vouchsafe import …`.

mod veris;

use std::fs::File;
use std::io::{BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::breach::act as found;
use app::import::act::{self, Staging};
use app::import::model::Figures;
use app::import::store;
use app::subprocessor::act as used;
use platform::authz::Actor;
use platform::{Core, Cx};

use crate::{Common, Stop, open, say};

/// Bytes of a file that are read at a time.
const PORTION: usize = 64 * 1024;

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
    /// Findings that an audit hands over: work abroad that nobody was informed of, or that began unapproved. Each opens a breach.
    #[command(after_help = "Example:
  vouchsafe import breaches findings.csv --source \"Harbour audit 2026\" --report report.jsonl

CSV with a heading, JSON, or JSON line by line. Needed are contract, party, work and began; finding, country, noticed, informed, approved, facts,
containment, id and tier may follow. Where no finding is given, the days decide. The same list again opens nothing twice: give each finding an id.
Exit codes: 0 every row was read (rows with faults are named, by file and line, with what to do); 1 stopped; 2 bad usage or settings.")]
    Breaches {
        /// The file; - reads standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Whose list it is: a finding's own id is known again within it.
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
        /// Where to write the report, a JSON object a line; - writes it to standard output.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Sub-processors that a supplier publishes: a list of name, purpose, location and product, or the events by which it changed.
    #[command(after_help = "Example:
  vouchsafe import subprocessors changes.jsonl --party \"Halyard Systems\" --report report.jsonl

CSV with a heading, JSON, or JSON line by line. A list is whole for each product that it names; events count in the order of their dates. The
same file again changes nothing. What was added abroad calls for a proposal, and where no country is named that is asked for.
Exit codes: 0 every line was read (lines with faults are in quarantine, with reasons); 1 stopped; 2 bad usage or settings.")]
    Subprocessors {
        /// The file; - reads standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The supplier whose list it is: its name or id. Without it, somebody says so later.
        #[arg(long, value_name = "NAME|ID")]
        party: Option<String>,
        /// Where to write the report, a JSON object a line; - writes it to standard output.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Incidents that somebody else recorded: VERIS 1.3 or 1.4, one, a list or one a line, and rows flattened from it; packed with gzip or not.
    #[command(after_help = "Examples:
  vouchsafe import veris incidents.jsonl --report report.jsonl
  vouchsafe import veris history.jsonl.gz more.json --data /srv/vouchsafe

Each becomes a record of the register, with a reference, our categories and the regulator's type; nothing is made a case, and no party is added.
The same again changes nothing; other content under a known id is put aside, and what says that it is an incident of ours is held against that.
Data about people in what was written is masked before it is kept. The report has a line for each incident, in order. Progress is on standard error.
Exit codes: 0 every incident was read (those with faults are in quarantine, with reasons); 1 stopped; 2 bad usage or settings.")]
    Veris {
        /// Files to read, in order; - reads standard input.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Where to write the report, a JSON object a line; - writes it to standard output.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// A questionnaire of somebody else's, as a form of a policy pack: VSAQ, OSCAL catalogs, lists of requirement nodes, or the questions and
    /// the manifests of a marketplace together.
    #[command(after_help = "Examples:
  vouchsafe import form mvsp_catalog.json --name mvsp                                   prints the form
  vouchsafe import form questions.json manifests.json --name cloud --into packs/cloud   makes a pack, or adds to one
  vouchsafe import form vsaq.json --name proposal --append --edition 2027.1 --into packs/offshoring-2027

Types, options, conditions and limits are kept. What cannot be kept is listed with file and line, and nothing is written then; what is no part
of a form is listed as a note. The pack is checked as `rules check-pack` checks it. Needs no settings and no database.
Exit codes: 0 done; 1 a folder or file cannot be read or written; 2 something cannot be kept, or bad usage.")]
    Form {
        /// The files of one questionnaire; - reads standard input.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// The form's id; the first file's name, if it is left out.
        #[arg(long, value_name = "ID")]
        name: Option<String>,
        /// Its heading; the questionnaire's own, if it is left out.
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// The folder of the pack that it becomes part of: made, if there is none. Without it the form is printed.
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
        /// Adds the sections to the end of the form of that name which the pack has.
        #[arg(long, requires = "into")]
        append: bool,
        /// The pack's edition from now on; of a new pack 1, if it is left out.
        #[arg(long, value_name = "TEXT", requires = "into")]
        edition: Option<String>,
    },
}

/// Imports.
pub(crate) fn run(common: &Common, command: &ImportCommand) -> Result<u8, Stop> {
    let (files, report) = match command {
        ImportCommand::Ocds { files, report } => (files, report),
        ImportCommand::Veris { files, report } => return veris::run(common, files, report.as_deref()),
        ImportCommand::Breaches { file, source, report } => return breaches(common, file, source.as_deref(), report.as_deref()),
        ImportCommand::Form { files, name, title, into, append, edition } => {
            let asked =
                crate::import_form::Asked { name: name.as_deref(), title: title.as_deref(), append: *append, edition: edition.as_deref() };
            return crate::import_form::run(files, &asked, into.as_deref());
        }
        ImportCommand::Subprocessors { file, party, report } => return subprocessors(common, file, party.as_deref(), report.as_deref()),
    };
    readable(files)?;
    let mut out = report_file(report.as_deref())?;
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

/// Files that cannot be read stop a command before anything is made.
fn readable(files: &[PathBuf]) -> Result<(), Stop> {
    for file in files.iter().filter(|file| file.as_os_str() != "-") {
        File::open(file)
            .and_then(|file| file.metadata())
            .map_err(|e| at(file, &e))
            .and_then(|found| if found.is_dir() { Err(Stop::Failed(format!("{}: is a folder", file.display()))) } else { Ok(()) })?;
    }
    Ok(())
}

/// Takes in a list of sub-processors, or the events by which it changed.
fn subprocessors(common: &Common, file: &Path, party: Option<&str>, report: Option<&Path>) -> Result<u8, Stop> {
    let bytes = whole(file)?;
    let lines = rules::subprocessors::read(&bytes).map_err(|bad| Stop::Failed(format!("{}: {}", file.display(), used::refuse(&bad))))?;
    let mut out = report_file(report)?;
    let settings = open::settings(common)?;
    open::runtime()?.block_on(async {
        let (core, _) = open::service(settings).await?;
        let cx = Cx::new(&core, Actor::Operator)?;
        let whose = match party {
            None => None,
            Some(named) => Some(party_called(&cx, named).await?),
        };
        let told = used::import(&cx, whose, &lines).await?;
        if report.is_some() {
            write_lines(&told, out.as_mut())?;
        }
        if report != Some(Path::new("-")) {
            let used::Figures { lines, applied, dropped, unchanged, quarantined, proposals, countries } = used::Figures::of(&told);
            say(format_args!(
                "{lines} lines read: {applied} applied, {unchanged} unchanged, {quarantined} quarantined; {dropped} named no more"
            ))?;
            say(format_args!("{proposals} additions call for a proposal; of these {countries} ask for their country first"))?;
        }
        Ok(0)
    })
}

/// Opens breaches for the findings of a list.
fn breaches(common: &Common, file: &Path, source: Option<&str>, report: Option<&Path>) -> Result<u8, Stop> {
    let bytes = whole(file)?;
    let rows = rules::findings::read(&bytes).map_err(|bad| Stop::Failed(format!("{}: {}", file.display(), found::refuse(&bad).say())))?;
    let mut out = report_file(report)?;
    let settings = open::settings(common)?;
    open::runtime()?.block_on(async {
        let (core, _) = open::service(settings).await?;
        let told = found::import(&Cx::new(&core, Actor::Operator)?, source, &rows).await?;
        if report.is_some() {
            write_lines(&told, out.as_mut())?;
        }
        if report != Some(Path::new("-")) {
            for row in &told {
                for reason in &row.reasons {
                    say(format_args!("{}:{}: {}", file.display(), row.line, reason.text))?;
                }
                if let (true, Some(reference)) = (row.differs, &row.reference) {
                    say(format_args!("{}:{}: {reference} says something else and stays as it is", file.display(), row.line))?;
                }
            }
            let found::Figures { rows, opened, known, differing, quarantined } = found::Figures::of(&told);
            say(format_args!(
                "{rows} findings read: {opened} breaches opened, {known} came before ({differing} say something else now), {quarantined} not taken"
            ))?;
        }
        Ok(0)
    })
}

/// All of a file, or of standard input.
fn whole(file: &Path) -> Result<Vec<u8>, Stop> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(|e| at(file, &e))?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|e| at(file, &e))
}

/// The file of the report, unless it goes to standard output.
fn report_file(report: Option<&Path>) -> Result<Option<BufWriter<File>>, Stop> {
    match report {
        Some(path) if path.as_os_str() != "-" => Ok(Some(BufWriter::new(File::create(path).map_err(|e| at(path, &e))?))),
        _ => Ok(None),
    }
}

/// Writes what became of each line, to the file or to standard output.
fn write_lines(told: &[impl serde::Serialize], mut out: Option<&mut BufWriter<File>>) -> Result<(), Stop> {
    for line in told {
        let line = serde_json::to_string(line).map_err(|e| Stop::Failed(e.to_string()))?;
        match &mut out {
            Some(out) => writeln!(out, "{line}")?,
            None => say(&line)?,
        }
    }
    if let Some(out) = &mut out {
        out.flush()?;
    }
    Ok(())
}

/// The supplier with this id or exact name.
async fn party_called(cx: &Cx, named: &str) -> Result<uuid::Uuid, Stop> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    match app::party::store::called(cx.db(), named).await?.as_slice() {
        [id] => Ok(*id),
        [] => Err(Stop::Failed(format!("no supplier is called {named}"))),
        _ => Err(Stop::Failed(format!("several suppliers are called {named}: give the id of one"))),
    }
}

fn at(path: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("{}: {error}", path.display()))
}

/// What a file is called; `-` is standard input.
fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "-".into(), |name| name.to_string_lossy().into_owned())
}

/// A file to be read, or standard input.
fn input(path: &Path) -> Result<Box<dyn Read + Send>, Stop> {
    Ok(match path.as_os_str() {
        name if name == "-" => Box::new(std::io::stdin()),
        _ => Box::new(File::open(path).map_err(|e| at(path, &e))?),
    })
}

/// The next portion of a file; empty at its end.
fn portion<'a>(input: &mut impl Read, room: &'a mut [u8], path: &Path) -> Result<&'a [u8], Stop> {
    loop {
        match input.read(room) {
            Ok(read) => return Ok(&room[..read]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(at(path, &e)),
        }
    }
}

/// Reads the files and brings in what they hold; the run, and where the publisher's next page is.
async fn ocds(core: &Arc<Core>, files: &[PathBuf]) -> Result<(store::Model, Option<String>), Stop> {
    let cx = Cx::new(core, Actor::Operator)?;
    let mut staging = Staging::begin(&cx)?;
    for path in files {
        staging.file(&name_of(path));
        let mut input = input(path)?;
        let mut room = vec![0; PORTION];
        loop {
            let read = portion(&mut input, &mut room, path)?;
            if read.is_empty() {
                break;
            }
            staging.push(read).await?;
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
