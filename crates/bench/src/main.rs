//! What the service costs, measured from outside on the release build: every figure is compared with something measured in the same run, so
//! that a slow or busy machine shows in both. `make bench` runs it and keeps its table in `docs/performance.md`.

mod forms;
mod import;
mod ledgers;
mod pages;
mod program;
mod raw;
mod reports;
mod screening;
mod stats;
mod submissions;
mod table;
mod visitor;

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};

/// Measures the service and prints tables in Markdown.
#[derive(Debug, Parser)]
#[command(name = "vouchsafe-bench", version)]
struct Arguments {
    /// The program to be measured.
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// Where databases lie; those that lie there are used again.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Sizes of the databases, in records.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [2_000, 100_000])]
    records: Vec<usize>,
    /// Requests of each kind.
    #[arg(long, value_name = "N", default_value_t = 300)]
    requests: usize,
    /// Proposals handed in by each of the 8 clients.
    #[arg(long, value_name = "N", default_value_t = 120)]
    submissions: usize,
    /// Releases imported.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    releases: usize,
    /// Incidents reported by each of the 8 clients.
    #[arg(long, value_name = "N", default_value_t = 120)]
    reports: usize,
    /// Incidents imported.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    incidents: usize,
    /// Only these parts, for looking at one of them.
    #[arg(long, value_name = "PART,…", value_delimiter = ',', conflicts_with = "into")]
    only: Vec<Part>,
    /// The file whose part between the marks is replaced by the tables.
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
}

/// A part of what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Pages and the API, starting and memory, at each size.
    Pages,
    /// A form of hundreds of questions, and comparing two versions of it.
    Form,
    /// Proposals handed in, against raw SQLite.
    Submissions,
    /// Incidents reported, against raw SQLite.
    Reports,
    /// Text screened for data about people, against a plain scan.
    Screening,
    /// Published contracts, and incidents that others recorded, brought in.
    Import,
    /// The verification of the ledger, of a database that pages were measured on.
    Ledger,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.data).context("the folder for databases cannot be made")?;
    let mut text = String::new();
    let mut sizes = arguments.records.clone();
    sizes.sort_unstable();
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    if wanted(Part::Pages) {
        let mut measured = Vec::new();
        for size in &sizes {
            say(&format!("{size} records"))?;
            measured.push(pages::measure(&arguments.program, &arguments.data, *size, arguments.requests).await?);
        }
        text.push_str(&pages::tables(&measured));
    }
    if wanted(Part::Form) {
        say("a form of 315 questions")?;
        text.push_str(&forms::measure(&arguments.program, &arguments.data, arguments.requests).await?);
    }
    if wanted(Part::Submissions) {
        say("submissions")?;
        text.push_str(&submissions::measure(&arguments.program, &arguments.data, arguments.submissions).await?);
    }
    if wanted(Part::Reports) {
        say("reports of incidents")?;
        text.push_str(&reports::measure(&arguments.program, &arguments.data, arguments.reports).await?);
    }
    if wanted(Part::Screening) {
        say("screening")?;
        text.push_str(&screening::measure()?);
    }
    if wanted(Part::Import) {
        say("import")?;
        text.push_str(&import::measure(&arguments.program, &arguments.data, arguments.releases)?);
        text.push_str(&import::incidents(&arguments.program, &arguments.data, arguments.incidents)?);
    }
    if wanted(Part::Ledger) {
        say("ledger")?;
        let largest = sizes.iter().copied().filter(|n| *n <= 100_000).max().or(sizes.first().copied()).unwrap_or(2_000);
        text.push_str(&ledgers::measure(&arguments.program, &pages::folder(&arguments.data, largest))?);
    }
    match &arguments.into {
        Some(file) => table::replace(file, &text),
        None => {
            std::io::stdout().write_all(text.as_bytes())?;
            Ok(())
        }
    }
}

/// Says on standard error how far it is.
fn say(what: &str) -> Result<()> {
    writeln!(std::io::stderr(), "measuring: {what}")?;
    Ok(())
}
