//! `vouchsafe keys …`: change the master key, split it into shares, make it again from them.

use std::fs::{self, OpenOptions};
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::authz::Actor;
use platform::config::Settings;
use platform::db::Db;
use platform::keys::escrow::{self, Escrow};
use platform::keys::shares::{self, Share};
use platform::keys::{self, rotate};
use platform::seal::Key;
use platform::seal::subject::{self, Fit};
use platform::{Core, Cx, migrations, t};
use zeroize::Zeroizing;

use crate::{Common, Stop, logs, open, say};

/// What can be done with the master key.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum KeysCommand {
    /// Change the master key, while the service runs. Cut off, it goes on where it stopped when run again.
    #[command(after_help = "Examples:
  vouchsafe keys rotate --data /srv/vouchsafe
  vouchsafe keys rotate --make-only       several servers: make the next key, copy it to each, then rotate

Every change is an entry in the ledger. The key before lies beside the key file afterwards, under its own name: backups made before need it.
Then split the new key into shares, with `vouchsafe keys escrow`: those of the key before do not make it.")]
    Rotate {
        /// Write the next key beside the key file, and stop there.
        #[arg(long)]
        make_only: bool,
    },
    /// Split the master key into shares, of which some make it again, and print them, one a page.
    #[command(after_help = "Examples:
  vouchsafe keys escrow --shares 5 --threshold 3 --data /srv/vouchsafe | lp
  vouchsafe keys escrow --shares 5 --threshold 3 --into /media/shares

Give each page to another person, to be kept sealed and apart. That it was done is an entry in the ledger; what the shares say is not.")]
    Escrow {
        /// How many shares, at most 20.
        #[arg(long, value_name = "M")]
        shares: u8,
        /// How many of them make the key again, at least 2.
        #[arg(long, value_name = "N")]
        threshold: u8,
        /// Write a file a share into this empty folder, rather than print.
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
    },
    /// Make the master key again from shares, typed in or read from files. Writes over no file.
    #[command(after_help = "Examples:
  vouchsafe keys restore --data /srv/vouchsafe                     type the shares, then Ctrl-D
  vouchsafe keys restore ada.txt bo.txt cy.txt --data /srv/vouchsafe

Of a share, the lines with numbers suffice: `1: ABCD-EFGH 1234-5678` and so on. Blanks, small letters and hyphens do not matter.
The key is tried on the database before it is written.")]
    Restore {
        /// Files with shares; none, or `-`: standard input.
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The key file to write, rather than the one that the settings name.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
        /// Do not try the key on the database.
        #[arg(long)]
        without_database: bool,
    },
}

/// Does it.
pub(crate) fn run(common: &Common, command: &KeysCommand) -> Result<u8, Stop> {
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        if let KeysCommand::Restore { files, to, without_database } = command {
            return restore(settings, files, to.as_deref(), *without_database).await;
        }
        let core = open::existing(settings).await?;
        let done = match command {
            KeysCommand::Rotate { make_only: true } => make_next(&core).await,
            KeysCommand::Rotate { make_only: false } => change(&core).await,
            KeysCommand::Escrow { shares, threshold, into } => split(&core, *threshold, *shares, into.as_deref()).await,
            KeysCommand::Restore { .. } => Ok(0),
        };
        core.db.clone().close().await?;
        done
    })
}

async fn make_next(core: &Arc<Core>) -> Result<u8, Stop> {
    let (id, file) = rotate::make_next(&Cx::new(core, Actor::Operator)?).await?;
    say(format!("Made the next master key, {id}: {}", file.display()))?;
    say("Copy it beside the key file of every server, under the same name. Then run: vouchsafe keys rotate")?;
    Ok(0)
}

async fn change(core: &Arc<Core>) -> Result<u8, Stop> {
    let cx = Cx::new(core, Actor::Operator)?;
    // Standard output tells what was done; how far it is goes to the error stream, and to nobody where that is closed.
    let mut tell = |left: u64| drop(writeln!(std::io::stderr(), "Still to be wrapped with the new key: {left}"));
    let done = rotate::rotate(&cx, &mut tell).await?;
    if done.resumed {
        say("Went on with a rotation begun before.")?;
    }
    say(format!("Master key: {}. Keys wrapped with it: {}.", done.to, done.wrapped))?;
    if let Some(old) = &done.old {
        say(format!("The key before lies in {}. Nothing in the database needs it; backups made before do.", old.display()))?;
        say("Keep it with them, apart from this machine, and destroy it when they are gone.")?;
    }
    say("Keep a copy of the new key, and split it into shares anew: vouchsafe keys escrow")?;
    Ok(0)
}

async fn split(core: &Arc<Core>, threshold: u8, total: u8, into: Option<&Path>) -> Result<u8, Stop> {
    if threshold < 2 || threshold > total || total > shares::MOST {
        let most = shares::MOST;
        return Err(Stop::BadInput(format!("--threshold must be at least 2 and at most --shares, which must be at most {most}")));
    }
    if let Some(folder) = into {
        empty(folder)?;
    }
    let dealt = escrow::escrow(&Cx::new(core, Actor::Operator)?, threshold, total).await?;
    let pages = dealt.shares.iter().map(|share| page(core, share));
    match into {
        Some(folder) => {
            for (share, page) in dealt.shares.iter().zip(pages) {
                write_page(&folder.join(format!("share-{}-of-{}-set-{}.txt", share.number, share.total, dealt.set)), &page)?;
            }
            say(format!("Wrote {total} shares into {}. Any {threshold} of them make the key {} again.", folder.display(), dealt.key))?;
            say("Move each to another person or place, and leave none of them here.")?;
        }
        None => print(&dealt, pages)?,
    }
    Ok(0)
}

/// One share a page: a form feed between them starts a new one on printers.
fn print(dealt: &Escrow, pages: impl Iterator<Item = Zeroizing<String>>) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    for (n, page) in pages.enumerate() {
        if n > 0 {
            out.write_all(b"\x0c\n")?;
        }
        out.write_all(page.as_bytes())?;
    }
    out.flush()?;
    drop(writeln!(std::io::stderr(), "Printed {} shares of set {}. Give each to another person.", dealt.shares.len(), dealt.set));
    Ok(())
}

/// A share on its page: what it is, its lines, how to keep it and what to do with it.
fn page(core: &Core, share: &Share) -> Zeroizing<String> {
    let day = share.day().map_or_else(String::new, platform::clock::day_text);
    let head = t!(
        "keys-share-head",
        number = share.number,
        total = share.total,
        authority = &core.settings.authority.name,
        address = &core.settings.public_url,
        key = share.key,
        set = shares::set_text(share.set),
        threshold = share.threshold,
        day = day
    );
    let mut page = Zeroizing::new(format!("{head}\n\n"));
    for line in share.lines() {
        page.push_str("    ");
        page.push_str(&line);
        page.push('\n');
    }
    page.push_str(&format!("\n{}\n", t!("keys-share-foot", threshold = share.threshold)));
    page
}

fn empty(folder: &Path) -> Result<(), Stop> {
    keys::make_folder(folder).map_err(|e| Stop::BadInput(e.to_string()))?;
    let mut list = fs::read_dir(folder).map_err(|e| Stop::BadInput(format!("{}: {e}", folder.display())))?;
    if list.next().is_some() {
        return Err(Stop::BadInput(format!("{}: the folder is not empty; name an empty one", folder.display())));
    }
    Ok(())
}

fn write_page(path: &Path, page: &str) -> Result<(), Stop> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(page.as_bytes())?;
    Ok(file.sync_all()?)
}

async fn restore(settings: Settings, files: &[PathBuf], to: Option<&Path>, without_database: bool) -> Result<u8, Stop> {
    let own = settings.master_key_file();
    let to = to.unwrap_or(&own).to_owned();
    if to.try_exists()? {
        return Err(Stop::BadInput(format!("there is a key file {} already, and it stays as it is; move it away first", to.display())));
    }
    let typed = read_shares(files)?;
    let key = shares::combine(&typed).map_err(|fault| Stop::BadInput(fault.to_string()))?;
    let fit = if without_database { None } else { try_on_database(&settings, &key).await? };
    keys::write_key(&to, &key)?;
    say(format!("Made the master key {} again: {}", key.id(), to.display()))?;
    match fit {
        None => return say("It was not tried on a database.").map(|()| 0),
        Some(Fit::Current) => say("It opens the database.")?,
        Some(Fit::Previous) => say("It is the key before the present one: the database needs both until `vouchsafe keys rotate` has run.")?,
        Some(Fit::Unused) => say("Nothing was ever sealed in the database, so that it could not be tried.")?,
    }
    if to != own {
        return Ok(0);
    }
    let core = open::existing(settings).await?;
    let set = typed.first().map(|share| shares::set_text(share.set)).unwrap_or_default();
    escrow::restored(&Cx::new(&core, Actor::Operator)?, key.id(), &set).await?;
    core.db.clone().close().await?;
    Ok(0)
}

/// What the key is to the database of the settings; `None` when there is no database.
async fn try_on_database(settings: &Settings, key: &Key) -> Result<Option<Fit>, Stop> {
    let url = settings.database_url();
    if url.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists()) {
        return Ok(None);
    }
    let otherwise =
        |e: &dyn std::fmt::Display| Stop::Failed(format!("{e}. Nothing was written; --without-database writes the key untried"));
    let db = Db::open(&url).await.map_err(|e| otherwise(&e))?;
    let status = migrations::status(&db, app::migrations::migrations).await.map_err(|e| otherwise(&e))?;
    if status.pending > 0 {
        return Err(otherwise(&"the database is older than this program, so that the key cannot be tried on it"));
    }
    let fit = subject::fit(db.reader(), key).await.map_err(|e| otherwise(&e))?;
    db.close().await?;
    Ok(Some(fit))
}

fn read_shares(files: &[PathBuf]) -> Result<Vec<Share>, Stop> {
    let mut found = Vec::new();
    let typed = [PathBuf::from("-")];
    for file in if files.is_empty() { &typed } else { files } {
        let mut text = Zeroizing::new(String::new());
        let from = if file.as_os_str() == "-" {
            if std::io::stdin().is_terminal() {
                drop(writeln!(std::io::stderr(), "Type the numbered lines of the shares, one share after the other. End with Ctrl-D."));
            }
            std::io::stdin().lock().read_to_string(&mut text).map_err(|e| Stop::BadInput(format!("standard input: {e}")))?;
            "the input".to_owned()
        } else {
            let read = fs::read_to_string(file).map_err(|e| Stop::BadInput(format!("{}: {e}", file.display())))?;
            text = Zeroizing::new(read);
            file.display().to_string()
        };
        found.extend(shares::read(&from, &text).map_err(|fault| Stop::BadInput(fault.to_string()))?);
    }
    Ok(found)
}
