//! `vouchsafe pack …`: editions of policy packs, checked and compared without a database, installed and put in use with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::edition::model::Candidate;
use app::edition::{act, store};
use app::pack::{self, intake};
use platform::authz::Actor;
use platform::{Core, Cx, Error};
use rules::pack::{Became, Difference, Pack, PackSource};
use serde_json::Value;

use crate::{Common, Stop, logs, open, rules_cmd, say};

const HELP: &str = "Examples:
  vouchsafe pack check offshoring-2027
  vouchsafe pack diff offshoring-2027.zip --data /srv/vouchsafe
  vouchsafe pack diff offshoring-2027 packs/offshoring
  vouchsafe pack install offshoring-2027.zip --data /srv/vouchsafe
  vouchsafe pack use offshoring 2027.1 --reason 'Agreed by the board' --data /srv/vouchsafe

A pack is its folder, a ZIP of it, or pack.yaml alone where it has no forms. What is installed is not in use yet; a running service sees
both without a restart. Exit codes: 0 done; 1 stopped; 2 faults in the pack, each with file and line on standard error.";

/// What `pack` is told.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = HELP)]
pub(crate) enum PackCommand {
    /// Check a pack: nothing is installed, and no database is needed.
    Check {
        /// The folder, the ZIP, or pack.yaml.
        #[arg(value_name = "PACK")]
        path: PathBuf,
    },
    /// Say what differs from another pack, or from the edition in use.
    Diff {
        /// The newer one: folder, ZIP or pack.yaml.
        #[arg(value_name = "PACK")]
        path: PathBuf,
        /// The older one; without it, the edition that the service has in use.
        #[arg(value_name = "OLDER")]
        older: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Install an edition. It is not in use by that.
    Install {
        /// The folder, the ZIP, or pack.yaml.
        #[arg(value_name = "PACK")]
        path: PathBuf,
        /// It may leave out questions that cases hold answers to; the answers stay with their cases.
        #[arg(long)]
        dropping: bool,
    },
    /// Put an installed edition in use: new contracts and new cases take it.
    Use(Turned),
    /// Take an edition out of use: nothing new takes it.
    Withdraw(Turned),
    /// List the editions that the service has, and how each stands.
    List,
}

/// Which edition is turned, and why.
#[derive(Debug, clap::Args)]
pub(crate) struct Turned {
    /// The pack.
    #[arg(value_name = "ID")]
    pack: String,
    /// The edition.
    #[arg(value_name = "EDITION")]
    edition: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Does it.
pub(crate) fn run(common: &Common, command: &PackCommand) -> Result<u8, Stop> {
    match command {
        PackCommand::Check { path } => {
            let pack = load(path, &source(path)?)?;
            say(format!(
                "{} {} of {}: {} duties, {} forms, no fault",
                pack.pack,
                pack.edition,
                pack.date,
                pack.obligations.len(),
                pack.forms.len()
            ))?;
            Ok(0)
        }
        PackCommand::Diff { path, older: Some(older), json } => {
            let (new, old) = (load(path, &source(path)?)?, load(older, &source(older)?)?);
            if new.pack != old.pack {
                return Err(Stop::BadInput(format!("these are different packs: {} and {}", old.pack, new.pack)));
            }
            print(&Difference::between(&old, &new), &old.edition, &new.edition, *json)?;
            Ok(0)
        }
        PackCommand::Diff { path, older: None, json } => {
            let source = source(path)?;
            load(path, &source)?;
            with(common, async |cx| {
                let found = Candidate::read(&pack::packs(cx.core()), source)?;
                let Some(old) = &found.against else { return say(format!("no edition of {} is in use", found.pack.pack)) };
                print(&found.difference, &old.edition, &found.pack.edition, *json)?;
                if !*json {
                    let touched = store::touched(cx, &found.pack.pack, &found.difference).await?;
                    say(format!("{} contracts name it; {} cases under way keep their edition", touched.contracts(), touched.cases()))?;
                    for gone in touched.dropped {
                        say(format!("no longer asked: {} ({}), answered in {} cases", gone.label, gone.id, gone.answers))?;
                    }
                }
                Ok(())
            })
        }
        PackCommand::Install { path, dropping } => {
            let source = source(path)?;
            load(path, &source)?;
            with(common, async |cx| {
                let of = act::install(cx, source, *dropping).await.map_err(stopped)?;
                say(format!(
                    "installed {} {}; it is not in use yet: vouchsafe pack use {} {} --reason …",
                    of.pack, of.edition, of.pack, of.edition
                ))
            })
        }
        PackCommand::Use(Turned { pack, edition, reason }) => with(common, async |cx| {
            act::put_in_use(cx, pack, edition, reason).await.map_err(|e| unknown(e, pack, edition))?;
            say(format!("{pack} {edition} is in use: new contracts and new cases take it"))
        }),
        PackCommand::Withdraw(Turned { pack, edition, reason }) => with(common, async |cx| {
            act::withdraw(cx, pack, edition, reason).await.map_err(|e| unknown(e, pack, edition))?;
            say(format!("{pack} {edition} is out of use: nothing new takes it"))
        }),
        PackCommand::List => with(common, async |cx| {
            let known = pack::packs(cx.core());
            for of in known.editions() {
                let origin = known.origin(&of.pack, &of.edition).map_or("", pack::Origin::code);
                let digest = known.digest(&of.pack, &of.edition).unwrap_or_default();
                say(format!("{}\t{}\t{}\t{origin}\t{digest}", of.pack, of.edition, known.use_of(of).code()))?;
            }
            Ok(())
        }),
    }
}

fn unknown(error: Error, pack: &str, edition: &str) -> Stop {
    match error {
        Error::NotFound => Stop::BadInput(format!("there is no edition {edition} of {pack}; see vouchsafe pack list")),
        other => stopped(other),
    }
}

/// What a person can mend is bad input.
fn stopped(error: Error) -> Stop {
    match error {
        Error::Invalid(_) | Error::Conflict(_) => Stop::BadInput(error.to_string()),
        other => other.into(),
    }
}

/// The service at the operator's hands.
fn with(common: &Common, work: impl AsyncFnOnce(&Cx) -> Result<(), Stop>) -> Result<u8, Stop> {
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        let core: Arc<Core> = open::existing(settings).await?;
        let cx = Cx::new(&core, Actor::Operator)?;
        let done = work(&cx).await;
        core.refusals.settle().await;
        core.db.clone().close().await?;
        done.map(|()| 0)
    })
}

/// The files of a pack: of its folder, of a ZIP, or `pack.yaml` alone.
fn source(path: &Path) -> Result<PackSource, Stop> {
    let bad = |what: String| Stop::BadInput(what);
    if path.is_dir() {
        return rules_cmd::pack_source(path).map_err(bad);
    }
    let size = std::fs::metadata(path).map_err(|e| bad(format!("{}: {e}", path.display())))?.len();
    if size > intake::MOST_BYTES as u64 {
        return Err(bad(format!("{} is larger than {} MiB", path.display(), intake::MOST_BYTES >> 20)));
    }
    let bytes = std::fs::read(path).map_err(|e| bad(format!("{}: {e}", path.display())))?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    intake::read(name, &bytes).map_err(|error| match error {
        Error::Invalid(errors) => {
            bad(errors.iter().map(|(_, text)| format!("{}: {}", path.display(), text.say())).collect::<Vec<_>>().join("\n"))
        }
        other => other.into(),
    })
}

/// The pack, or its faults, a line each.
fn load(path: &Path, source: &PackSource) -> Result<Pack, Stop> {
    Pack::load(source).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("{}: {fault}", path.display())).collect();
        Stop::BadInput(lines.join("\n"))
    })
}

fn print(difference: &Difference, old: &str, new: &str, json: bool) -> Result<(), Stop> {
    if json {
        let document = serde_json::json!({ "from": old, "to": new, "changes": difference.changes });
        return say(format!("{document:#}"));
    }
    say(format!("from {old} to {new}"))?;
    let plain = |value: Option<&Value>| match value {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    for change in &difference.changes {
        let sign = match change.became {
            Became::Added => "+",
            Became::Removed => "-",
            Became::Changed => "~",
        };
        let form = change.form.as_ref().map(|form| format!("{form}.")).unwrap_or_default();
        say(format!("{sign} {}: {form}{} {}", change.area, change.id, change.title))?;
        if change.became == Became::Changed {
            for part in &change.parts {
                say(format!("    {}: {} -> {}", part.part, plain(part.old.as_ref()), plain(part.new.as_ref())))?;
            }
        }
    }
    if difference.is_empty() {
        say("nothing differs")?;
    }
    Ok(())
}
