//! `vouchsafe doctor`: looks the installation over, changes nothing, and says what to do about what is wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use platform::clock::{Clock, DAY, MINUTE};
use platform::config::Settings;
use platform::db::Db;
use platform::files::{Store, scanner_answers};
use platform::identity::password;
use platform::seal::{self, Key, KeyId, Keyring, keyring, subject};
use platform::{book, checkpoint, keys, mail, migrations};

use crate::{Common, Stop, open, rules_cmd, say};

/// What `doctor` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  vouchsafe --config /etc/vouchsafe.toml doctor

Looks at keys and their permissions, database, mail, file store, virus scanner, checkpoints, clock and packs. Changes nothing.
Exit codes: 0 nothing found; 1 findings, each with what to do; 2 the settings themselves are wrong.")]
pub(crate) struct DoctorArgs {
    /// Do not try to reach the mail server, an S3-compatible store or the virus scanner.
    #[arg(long)]
    offline: bool,
}

/// What was looked at, and what was found.
#[derive(Default)]
struct Report {
    good: Vec<String>,
    found: Vec<String>,
}

impl Report {
    fn good(&mut self, what: impl Into<String>) {
        self.good.push(what.into());
    }

    fn found(&mut self, what: impl Into<String>) {
        self.found.push(what.into());
    }
}

/// Looks.
pub(crate) fn run(common: &Common, args: &DoctorArgs) -> Result<u8, Stop> {
    let settings = open::settings(common)?;
    let mut report = Report::default();
    report.good(format!("cryptography: {}", seal::module()));
    look_at_keys(&settings, &mut report);
    look_at_packs(&settings, &mut report);
    open::runtime()?.block_on(async {
        look_at_database(&settings, &mut report).await;
        look_at_mail(&settings, args.offline, &mut report).await;
        look_at_files(&settings, args.offline, &mut report).await;
        look_at_folder_of_mail(&settings, &mut report);
    });
    look_at_address(&settings, &mut report);
    for line in &report.good {
        say(format!("good     {line}"))?;
    }
    for line in &report.found {
        say(format!("FINDING  {line}"))?;
    }
    say(format!("{} good, {} found", report.good.len(), report.found.len()))?;
    Ok(u8::from(!report.found.is_empty()))
}

fn look_at_keys(settings: &Settings, report: &mut Report) {
    let data = real(&settings.data);
    for (what, path) in [("master key", settings.master_key_file()), ("ledger key", settings.ledger_key_file())] {
        if !path.exists() {
            report
                .found(format!("the {what} {} is missing: put back your copy, or run `vouchsafe init` for a new service", path.display()));
            continue;
        }
        match keys::too_open(&path) {
            Some(mode) => report.found(format!(
                "others can reach the {what} {} (permissions {mode:03o}): run chmod 600 {}",
                path.display(),
                path.display()
            )),
            None => report.good(format!("only its owner can read the {what} {}", path.display())),
        }
        if real(&path).starts_with(&data) {
            let setting = what.replace(' ', "_");
            report.found(format!(
                "the {what} lies beside the data it protects: move {} elsewhere, and set {setting} to where it is. Keep a copy offline",
                path.display()
            ));
        }
    }
    look_beside(settings, report);
    if let Some(mode) = keys::too_open(&settings.data) {
        report.found(format!(
            "others can enter the data folder {} (permissions {mode:03o}): run chmod 700 {}",
            settings.data.display(),
            settings.data.display()
        ));
    }
}

/// The master key itself, and the files of other master keys that lie beside it.
fn look_beside(settings: &Settings, report: &mut Report) {
    let main = settings.master_key_file();
    if !main.exists() {
        return;
    }
    if let Err(error) = Key::read(&main) {
        report.found(error.to_string());
    }
    match keyring::files_beside(&main) {
        Ok(files) => {
            for file in files {
                if let Some(mode) = keys::too_open(&file) {
                    let file = file.display();
                    report.found(format!("others can reach the master key {file} (permissions {mode:03o}): run chmod 600 {file}"));
                }
            }
        }
        Err(error) => report.found(error.to_string()),
    }
}

/// The folder from which reports by e-mail are taken in.
fn look_at_folder_of_mail(settings: &Settings, report: &mut Report) {
    let path = &settings.receive.maildir;
    if path.as_os_str().is_empty() {
        return;
    }
    match inbox::maildir::Maildir::open(path).and_then(|folder| folder.new_messages(1)) {
        Ok(_) => report.good(format!("e-mail is taken in from {}", path.display())),
        Err(error) => report.found(format!("receive.maildir: {error}")),
    }
    if settings.receive.trusted.is_empty() {
        report.found("receive.trusted is empty: no mail server is believed when it found a sender forged. Name your own, as it signs Authentication-Results");
    }
}

/// How old a master key may grow.
const OLD: i64 = 365 * DAY;

async fn look_at_sealing(settings: &Settings, db: &Db, report: &mut Report) {
    let main = settings.master_key_file();
    // That it is missing or broken was said already.
    let Ok(ring) = Keyring::read(&main) else { return };
    let stands = match subject::standing(db.reader()).await {
        Ok(stands) => stands,
        Err(error) => return report.found(error.to_string()),
    };
    match subject::verify(db.reader(), &ring).await {
        Ok(()) => report.good("the master key opens what the database keeps sealed"),
        Err(error) => report.found(error.to_string()),
    }
    let Some(current) = stands.current else { return };
    if stands.previous.is_some() || current != ring.main() {
        let left = subject::left(db.reader(), current).await.map_or_else(|_| "some".to_owned(), |left| left.to_string());
        report.found(format!(
            "the change of the master key to {current} is unfinished, {left} keys are still wrapped with the one before: \
             run `vouchsafe keys rotate`, which goes on where it stopped"
        ));
    } else {
        look_for_old_keys(&main, current, report);
    }
    let age = Clock::system(jiff::tz::TimeZone::UTC).now() - stands.since;
    let days = age / DAY;
    if age > OLD {
        report.found(format!("the master key {current} has been in use for {days} days: change it with `vouchsafe keys rotate`"));
    } else {
        report.good(format!("the master key {current} has been in use for {days} days"));
    }
}

fn look_for_old_keys(main: &Path, current: KeyId, report: &mut Report) {
    for file in keyring::files_beside(main).unwrap_or_default() {
        let file = file.display();
        if file.to_string().ends_with(".next") {
            report.found(format!("{file} holds a master key that is not in use yet: run `vouchsafe keys rotate`, or delete it"));
        } else {
            report.found(format!(
                "{file} holds a master key from before {current}, which nothing in the database needs: move it to where the backups made \
                 with it are, apart from them, or destroy it with them"
            ));
        }
    }
}

/// Passwords that this build does not verify.
async fn look_at_passwords(db: &Db, report: &mut Report) {
    if !cfg!(feature = "fips") {
        return;
    }
    match password::made_by_argon(db.reader()).await {
        Ok(0) => report.good("all passwords are hashed by the FIPS module"),
        Ok(count) => report.found(format!(
            "{count} people have passwords from before the FIPS module, which does not verify them: they choose new ones with \
             “I forgot my password” on the page for signing in"
        )),
        Err(error) => report.found(error.to_string()),
    }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

async fn look_at_database(settings: &Settings, report: &mut Report) {
    let url = settings.database_url();
    if let Some(path) = url.strip_prefix("sqlite:") {
        if !Path::new(path).exists() {
            report.found(format!("there is no database at {path}: run `vouchsafe init`, or name the right folder with --data"));
            return;
        }
        if let Some(mode) = keys::too_open(Path::new(path)) {
            report.found(format!("others can reach the database {path} (permissions {mode:03o}): run chmod 600 {path}"));
        }
    }
    // Opening refuses a PostgreSQL database that sorts otherwise than by "C".
    let db = match Db::open(&url).await {
        Ok(db) => db,
        Err(error) => return report.found(format!("the database cannot be used: {error}")),
    };
    match migrations::status(&db, app::migrations::migrations).await {
        Ok(status) if status.pending == 0 => {
            report.good("the database answers and is as new as the program");
            look_at_ledger(settings, &db, report).await;
            look_at_sealing(settings, &db, report).await;
            look_at_passwords(&db, report).await;
            look_at_installed(settings, &db, report).await;
        }
        Ok(status) => {
            report.found(format!("the database lacks {} migrations: the next start of the service brings it up to date", status.pending));
        }
        Err(error) => report.found(error.to_string()),
    }
    if let Err(error) = db.close().await {
        report.found(format!("the database does not close: {error}"));
    }
}

/// Installed packs: that their files are those that were installed, and that this program reads them.
async fn look_at_installed(settings: &Settings, db: &Db, report: &mut Report) {
    match app::pack::model::at_rest(&settings.packs, db.reader()).await {
        Ok(known) => {
            let installed = known.editions().filter(|of| known.origin(&of.pack, &of.edition) == Some(app::pack::Origin::Installed)).count();
            if installed > 0 {
                report.good(format!("{installed} installed editions of packs are as they were installed"));
            }
            for aside in known.aside() {
                report.found(aside.clone());
            }
        }
        Err(error) => report.found(error.to_string()),
    }
}

async fn look_at_ledger(settings: &Settings, db: &Db, report: &mut Report) {
    let out = !settings.checkpoints.folder.as_os_str().is_empty() || !settings.checkpoints.mail.is_empty();
    if out {
        report.good("checkpoints leave the machine");
    } else {
        report.found(
            "checkpoints of the ledger stay on this machine, so nobody could see entries cut off: \
             set checkpoints.mail, or checkpoints.folder to a folder on another machine",
        );
    }
    let (size, last) = match (book::head(db.reader()).await, checkpoint::latest(db.reader()).await) {
        (Ok((size, _)), Ok(last)) => (size, last),
        (Err(error), _) | (_, Err(error)) => return report.found(format!("the ledger cannot be read: {error}")),
    };
    let Some(last) = last else { return };
    match checkpoint::continues(db.reader(), &last, size).await {
        Ok(true) => report.good(format!("the ledger ({size} entries) continues its last checkpoint")),
        Ok(false) => report.found(
            "the ledger does not continue its last checkpoint: somebody changed its tables. Keep the machine as it is, export the ledger, \
             and verify it against a checkpoint that left the machine",
        ),
        Err(error) => report.found(format!("the ledger cannot be read: {error}")),
    }
    let ahead = last.at - Clock::system(jiff::tz::TimeZone::UTC).now();
    if ahead > MINUTE {
        report.found("the clock stands before the last checkpoint: set it, and keep it right with NTP");
    } else {
        report.good("the clock goes on from the last checkpoint");
    }
    if out && last.sent_at.is_none() && ahead < -2 * settings.checkpoint_every() {
        report.found("the last checkpoint did not leave the machine: look at the failed jobs and at checkpoints.folder");
    }
}

async fn look_at_mail(settings: &Settings, offline: bool, report: &mut Report) {
    if settings.mail.smtp.is_empty() {
        return report.found(format!(
            "no mail server is set, so nobody is written to: set mail.smtp (messages wait in {})",
            settings.mail_folder().display()
        ));
    }
    if offline {
        return;
    }
    let answer = match mail::transport(&settings.mail.smtp) {
        Ok(transport) => tokio::time::timeout(std::time::Duration::from_secs(20), transport.test_connection()).await,
        Err(error) => return report.found(error.to_string()),
    };
    match answer {
        Ok(Ok(true)) => report.good("the mail server answers"),
        _ => report.found("the mail server does not answer, or refuses to be signed in to: check mail.smtp"),
    }
}

/// The store of files, and the scanner that looks at them on their way in.
async fn look_at_files(settings: &Settings, offline: bool, report: &mut Report) {
    let (folder, bucket) = (settings.files_folder(), &settings.files.bucket);
    let place =
        if bucket.is_empty() { format!("the folder of files {}", folder.display()) } else { format!("the bucket of files {bucket}") };
    if bucket.is_empty() && !folder.exists() {
        report.found(format!("{place} is missing: put it back from your backup. Where there never was one, the next start makes it"));
    } else if bucket.is_empty() || !offline {
        let answer = match Store::open(settings) {
            Ok(store) => store.ping().await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(()) => report.good(format!("{place} answers")),
            Err(_) => report.found(format!(
                "{place} cannot be used: check the settings under files, and that the account of the service may read and write there"
            )),
        }
    }
    if let Some(mode) = keys::too_open(&folder).filter(|_| bucket.is_empty()) {
        report.found(format!("others can enter {place} (permissions {mode:03o}): run chmod 700 {}", folder.display()));
    }
    if settings.files.clamd.is_empty() {
        return report.found("no virus scanner is set, so files are taken in unscanned: run clamd beside the service, and set files.clamd");
    }
    if offline {
        return;
    }
    match scanner_answers(&settings.files).await {
        Ok(_) => report.good("the virus scanner answers"),
        Err(_) => report.found("the virus scanner does not answer, so every upload is refused: start clamd, or mend files.clamd"),
    }
}

fn look_at_address(settings: &Settings, report: &mut Report) {
    let outside = !settings.listen.starts_with("127.") && !settings.listen.starts_with("[::1]");
    if !settings.secure() && outside {
        report.found("people would reach the service in the clear: put a proxy with TLS before it and set public_url to its https address");
    } else if settings.secure() {
        report.good("people reach the service over TLS");
    }
}

fn look_at_packs(settings: &Settings, report: &mut Report) {
    if settings.packs.as_os_str().is_empty() {
        return;
    }
    let folders = match std::fs::read_dir(&settings.packs) {
        Ok(list) => list.filter_map(Result::ok).map(|e| e.path()).filter(|p| p.is_dir()).collect::<Vec<_>>(),
        Err(error) => return report.found(format!("the folder of packs {}: {error}", settings.packs.display())),
    };
    let mut faults = BTreeMap::new();
    for folder in &folders {
        let read = rules_cmd::pack_source(folder);
        match read.map(|source| rules::pack::check_json(&source)) {
            Ok(Ok(_)) => report.good(format!("the pack {}", folder.display())),
            Ok(Err(list)) => drop(faults.insert(folder, list.len())),
            Err(error) => report.found(error),
        }
    }
    for (folder, count) in faults {
        report.found(format!("the pack {} has {count} faults: run `vouchsafe rules check-pack {}`", folder.display(), folder.display()));
    }
}
