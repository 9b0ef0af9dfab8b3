//! The `vouchsafe` command. Exit codes: 0 done; 1 stopped, or `doctor` found something; 2 bad input or settings. `receive` has
//! those that mail servers know.

mod backup_cmd;
mod demo_cmd;
mod doctor_cmd;
mod export_cmd;
mod extract_cmd;
mod import_cmd;
mod import_form;
mod init_cmd;
mod keys_cmd;
mod ledger_cmd;
mod logs;
mod open;
mod pack_cmd;
mod receive_cmd;
mod rules_cmd;
mod serve;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Answers many small requests with less work than the system's, and gives back what lies unused (docs/decisions/0020-allocator.md).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Control of work, data and access handed to suppliers, down every tier of the supply chain.
#[derive(Debug, Parser)]
#[command(name = "vouchsafe", version, after_help = AFTER)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "Examples:
  vouchsafe demo                                  a demonstration on http://127.0.0.1:8080
  vouchsafe init --data /srv/vouchsafe --email ada@authority.example --name 'Ada Penhallow'
  vouchsafe --config /etc/vouchsafe.toml serve
  vouchsafe --config /etc/vouchsafe.toml doctor

Every setting is described in docs/configuration.md. Exit codes: 0 done; 1 stopped or something found; 2 bad input or settings.";

/// Where settings and data are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The settings, a TOML file. Environment variables go before it.
    #[arg(long, global = true, value_name = "FILE", env = "VOUCHSAFE_CONFIG")]
    config: Option<PathBuf>,
    /// The folder with database, keys and mail; goes before the setting `data`.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set up a new service: database, keys, and a one-time link for its first administrator.
    Init(init_cmd::InitArgs),
    /// Serve pages and do jobs until stopped.
    Serve(serve::ServeArgs),
    /// Serve a demonstration with a fictional authority and its suppliers.
    Demo(demo_cmd::DemoArgs),
    /// Bring in records from elsewhere.
    Import {
        #[command(subcommand)]
        command: import_cmd::ImportCommand,
    },
    /// Decide from facts, and check policy packs. Needs no database.
    Rules {
        #[command(subcommand)]
        command: rules_cmd::RulesCommand,
    },
    /// Check, compare and install editions of policy packs, and put them in use.
    Pack {
        #[command(subcommand)]
        command: pack_cmd::PackCommand,
    },
    /// Export the ledger, sign its head, or say where it stands.
    Ledger {
        #[command(subcommand)]
        command: ledger_cmd::LedgerCommand,
    },
    /// Change the master key, split it into shares, or make it again from them.
    Keys {
        #[command(subcommand)]
        command: keys_cmd::KeysCommand,
    },
    /// Write a list as a file: CSV, XLSX or JSON.
    Export(export_cmd::ExportArgs),
    /// Copy database and files, while the service runs.
    Backup(backup_cmd::BackupArgs),
    /// Put a backup back into an empty data folder or database, and check it.
    Restore(backup_cmd::RestoreArgs),
    /// Take in one e-mail that reports an incident, as a mail server pipes it.
    Receive(receive_cmd::ReceiveArgs),
    /// Read the text of one file on standard input, within bounds. The service starts this by itself.
    Extract(extract_cmd::ExtractArgs),
    /// Check the installation, and say what to do about what is wrong.
    Doctor(doctor_cmd::DoctorArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Rules { command } => {
            let (mut input, mut out, mut err) = (std::io::stdin().lock(), std::io::stdout().lock(), std::io::stderr().lock());
            return ExitCode::from(rules_cmd::run(&command, &mut input, &mut out, &mut err, &platform::texts::say));
        }
        Command::Receive(receive_cmd::ReceiveArgs {}) => return ExitCode::from(receive_cmd::run(&cli.common)),
        Command::Extract(args) => return ExitCode::from(extract_cmd::run(&args)),
        Command::Init(args) => init_cmd::run(&cli.common, &args),
        Command::Serve(args) => serve::run(&cli.common, &args),
        Command::Demo(args) => demo_cmd::run(&cli.common, &args),
        Command::Import { command } => import_cmd::run(&cli.common, &command),
        Command::Pack { command } => pack_cmd::run(&cli.common, &command),
        Command::Ledger { command } => ledger_cmd::run(&cli.common, &command),
        Command::Keys { command } => keys_cmd::run(&cli.common, &command),
        Command::Export(args) => export_cmd::run(&cli.common, &args),
        Command::Backup(args) => backup_cmd::backup(&cli.common, &args),
        Command::Restore(args) => backup_cmd::restore(&cli.common, &args),
        Command::Doctor(args) => doctor_cmd::run(&cli.common, &args),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(stop) => {
            // Where standard error is closed as well, the exit code still tells.
            let _ = writeln!(std::io::stderr(), "vouchsafe: {stop}");
            ExitCode::from(stop.code())
        }
    }
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// Settings or input at fault.
    #[error("{0}")]
    BadInput(String),
    /// Something did not work.
    #[error("{0}")]
    Failed(String),
}

impl Stop {
    fn code(&self) -> u8 {
        match self {
            Self::BadInput(_) => 2,
            Self::Failed(_) => 1,
        }
    }
}

impl From<platform::Error> for Stop {
    fn from(error: platform::Error) -> Self {
        Self::Failed(match error {
            platform::Error::Unavailable => {
                "the database, the file store or the virus scanner does not answer; the log says which".to_owned()
            }
            other => other.to_string(),
        })
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Prints a line on standard output.
pub(crate) fn say(line: impl std::fmt::Display) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
