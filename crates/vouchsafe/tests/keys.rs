//! The master key from without: changed under load and killed in the middle, split and made again, lost and wrong. OWN-4.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::account::act as account;
use app::party;
use platform::authz::{Actor, Resource, Side};
use platform::clock::Clock;
use platform::config::Settings;
use platform::cx::Entry;
use platform::db::Db;
use platform::seal::keyring::{files_beside, next_file, old_file};
use platform::seal::{self, Key, KeyId, Place, subject};
use platform::{Core, Cx, book, keys};
use testkit::{TestDb, both_engines};

/// A service's folder and database, and the command run on them.
struct Installed<'a> {
    settings: Settings,
    db: &'a TestDb,
}

impl<'a> Installed<'a> {
    /// Set up, with keys of its own.
    fn new(db: &'a TestDb) -> Self {
        let settings = Settings { data: db.folder().to_owned(), database: db.url.clone(), ..Settings::default() };
        keys::open(&settings, true).unwrap();
        Self { settings, db }
    }

    /// A server on it, as another process would open it.
    async fn server(&self) -> Arc<Core> {
        let (ring, ledger_key) = keys::open(&self.settings, false).unwrap();
        let db = Db::open(&self.db.url).await.unwrap();
        subject::verify(db.reader(), &ring).await.unwrap();
        app::service::service(db, Clock::system(jiff::tz::TimeZone::UTC), self.settings.clone(), ring, ledger_key).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        command(&self.settings.data, &self.db.url, args)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        said(self.command(args).output().unwrap())
    }

    /// The same, with `typed` on standard input.
    fn type_in(&self, args: &[&str], typed: &str) -> (i32, String, String) {
        let mut child = self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(typed.as_bytes()).unwrap();
        drop(input);
        said(child.wait_with_output().unwrap())
    }

    fn main(&self) -> PathBuf {
        self.settings.master_key_file()
    }
}

fn command(data: &Path, database: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vouchsafe"));
    command.args(args).env_clear().env("VOUCHSAFE_DATABASE", database).arg("--data").arg(data);
    command
}

fn said(output: Output) -> (i32, String, String) {
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

const SOME: Place<'static> = Place { table: "test", id: "1", field: "f" };

/// Seals something for each of `count` subjects.
async fn seal_for(core: &Arc<Core>, count: u32) -> BTreeMap<String, Vec<u8>> {
    let cx = Cx::new(core, Actor::Operator).unwrap();
    let mut sealed = BTreeMap::new();
    let tx = cx.begin().await.unwrap();
    for n in 0..count {
        let subject = format!("party:{n}");
        let key = seal::subject_key_for(tx.db(), &core.master, &subject, tx.now()).await.unwrap();
        sealed.insert(subject.clone(), key.seal(&SOME, subject.as_bytes()).unwrap());
    }
    let on = Resource::new("system", "system");
    let permit = cx.permit("system.export", &on).unwrap();
    cx.commit(tx, permit, [Entry::on("system.export", &on)]).await.unwrap();
    sealed
}

async fn all_open(core: &Arc<Core>, sealed: &BTreeMap<String, Vec<u8>>) {
    for (subject, value) in sealed {
        let key = seal::find_subject_key(core.db.reader(), &core.master, subject).await.unwrap().unwrap();
        assert_eq!(key.open(&SOME, value).unwrap().as_slice(), subject.as_bytes());
    }
}

/// The timelines of these parties, with their details opened.
async fn told(core: &Arc<Core>, parties: &[uuid::Uuid]) -> Vec<Option<serde_json::Value>> {
    let cx = Cx::new(core, Actor::Operator).unwrap();
    let mut bodies = Vec::new();
    for party in parties {
        let lines = book::timeline(&cx, "party", &party.to_string(), 10).await.unwrap();
        assert_eq!(lines.len(), 1);
        bodies.push(lines[0].body.clone());
    }
    bodies
}

/// Adds parties until told to stop; those whose adding was acknowledged.
async fn keep_writing(core: Arc<Core>, stop: Arc<AtomicBool>, who: u32) -> Vec<uuid::Uuid> {
    let cx = Cx::new(&core, Actor::Operator).unwrap();
    let mut added = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let details = party::model::Details::named(&format!("Party {who}-{}", added.len()));
        match party::act::add(&cx, Side::Supplier, &details).await {
            Ok(id) => added.push(id),
            Err(platform::Error::Unavailable) => {}
            Err(other) => panic!("{other}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    added
}

async fn entries(core: &Core, action: &str) -> Vec<BTreeMap<String, String>> {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let rows = book::entry::Entity::find().filter(book::entry::Column::Action.eq(action)).all(core.db.reader()).await.unwrap();
    let about = |row: &book::entry::Model| ledger::Entry::from_bytes(&row.bytes).unwrap().about;
    rows.iter().map(|row| about(row).iter().map(|(k, v)| (k.as_str().to_owned(), v.as_str().to_owned())).collect()).collect()
}

both_engines!(app::migrations::migrations, /// OWN-4: the master key is changed while two servers write; killed again and again, the change goes on where it stopped;
/// afterwards everything opens, the old key is needed by nothing, and the ledger tells of each step.
async fn own_4_the_master_key_is_changed_under_load(db) {
    let at = Installed::new(&db);
    let (one, two) = (at.server().await, at.server().await);
    let before = one.master.main();
    let sealed = seal_for(&one, 2_000).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> =
        [&one, &two, &one].into_iter().zip(0..).map(|(core, who)| tokio::spawn(keep_writing(core.clone(), stop.clone(), who))).collect();

    let rotation = tokio::task::spawn_blocking({
        let (settings, url) = (at.settings.clone(), db.url.clone());
        move || {
            let mut killed = 0;
            let again = || command(&settings.data, &url, &["keys", "rotate"]);
            for after in [1, 2, 3, 1, 2] {
                let mut child = again().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
                let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
                let seen = lines.by_ref().take(after).filter(|line| line.as_ref().is_ok_and(|l| l.contains("Still"))).count();
                assert_eq!(seen, after, "it says how far it is");
                child.kill().unwrap();
                killed += u32::from(!child.wait().unwrap().success());
            }
            (killed, said(again().output().unwrap()))
        }
    });
    let (killed, (code, out, err)) = rotation.await.unwrap();
    assert_eq!((killed, code), (5, 0), "{out}{err}");
    assert!(out.contains("Went on with a rotation begun before"), "{out}");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);
    let mut added = Vec::new();
    for writer in writers {
        added.extend(writer.await.unwrap());
    }
    assert!(added.len() > 10, "{}", added.len());

    // Both servers, which began with the old key alone, open everything.
    for core in [&one, &two] {
        all_open(core, &sealed).await;
        assert!(told(core, &added).await.iter().all(Option::is_some));
    }
    let stands = subject::standing(one.db.reader()).await.unwrap();
    let now = stands.current.unwrap();
    assert_eq!((stands.previous, subject::left(one.db.reader(), now).await.unwrap()), (None, 0));
    assert_ne!(now, before);
    assert_eq!(Key::read(&at.main()).unwrap().id(), now);
    assert_eq!(files_beside(&at.main()).unwrap(), [old_file(&at.main(), before)]);

    // The old key is needed by nothing.
    std::fs::remove_file(old_file(&at.main(), before)).unwrap();
    let fresh = at.server().await;
    assert_eq!(fresh.master.ids(), [now]);
    all_open(&fresh, &sealed).await;
    assert!(told(&fresh, &added).await.iter().all(Option::is_some));

    let about = |key: KeyId, before: KeyId| BTreeMap::from([("key".to_owned(), key.to_string()), ("before".to_owned(), before.to_string())]);
    assert_eq!(entries(&one, "system.rotate_keys").await, [about(now, before)]);
    assert_eq!(entries(&one, "system.retire_key").await.len(), 1);
    let wrapped: usize = entries(&one, "system.rewrap_keys").await.iter().map(|about| about["count"].parse::<usize>().unwrap()).sum();
    assert!(wrapped >= 2_000, "{wrapped}");
});

both_engines!(app::migrations::migrations, /// OWN-4: names are sealed and found by keys of subjects: people sign in and are found as before once the master key was changed,
/// and when it was made again from its shares.
async fn own_4_people_are_known_by_another_master_key(db) {
    let at = Installed::new(&db);
    let server = at.server().await;
    let (main, before) = (at.main(), server.master.main());
    let (email, password) = ("wren@people.example", "lantern pocket river ninety");
    let link = account::first_administrator(&Cx::new(&server, Actor::Operator).unwrap(), email, "Wren Tällis").await.unwrap();
    let nobody = |core: &Arc<Core>| Cx::new(core, Actor::Anonymous).unwrap();
    account::accept(&nobody(&server), &account::Caller::default(), link.rsplit('/').next().unwrap(), password).await.unwrap();
    let known = async |core: &Arc<Core>| {
        let signed = account::sign_in(&nobody(core), &account::Caller::default(), "Wren@People.example", password).await;
        assert!(matches!(signed, Ok(account::Signed::In(_))), "{signed:?}");
        let filter = app::account::store::Filter { words: "TALLIS wren".to_owned(), ..Default::default() };
        let (found, _) = app::account::store::list(&Cx::new(core, Actor::Operator).unwrap(), &filter).await.unwrap();
        assert_eq!(found.iter().map(|(_, holder)| holder.name.as_str()).collect::<Vec<_>>(), ["Wren Tällis"]);
    };
    known(&server).await;
    assert_eq!(at.run(&["keys", "rotate"]).0, 0);
    assert_ne!(Key::read(&main).unwrap().id(), before);
    std::fs::remove_file(old_file(&main, before)).unwrap();
    known(&server).await;
    known(&at.server().await).await;

    // The key is lost, and made again from its shares.
    let (code, out, err) = at.run(&["keys", "escrow", "--shares", "3", "--threshold", "2"]);
    assert_eq!(code, 0, "{err}");
    std::fs::remove_file(&main).unwrap();
    let pages = pages(&out);
    let (code, out, err) = at.type_in(&["keys", "restore"], &format!("{}{}", pages[2], pages[0]));
    assert_eq!(code, 0, "{out}{err}");
    known(&at.server().await).await;
});

both_engines!(app::migrations::migrations, /// OWN-4: a rotation killed between its last entry and the changing of the key files only changes these when run again.
async fn own_4_cut_off_before_the_files_changed(db) {
    let at = Installed::new(&db);
    let server = at.server().await;
    let sealed = seal_for(&server, 3).await;
    let (main, before) = (at.main(), server.master.main());
    assert_eq!(at.run(&["keys", "rotate"]).0, 0);
    let now = Key::read(&main).unwrap().id();
    // As it was then: the next key in its own file, the one before in the key file.
    std::fs::rename(&main, next_file(&main)).unwrap();
    std::fs::rename(old_file(&main, before), &main).unwrap();
    all_open(&at.server().await, &sealed).await;
    assert!(at.run(&["doctor", "--offline"]).1.contains("is unfinished"));
    let (code, out, err) = at.run(&["keys", "rotate"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Went on") && out.contains(&now.to_string()), "{out}");
    assert_eq!(Key::read(&main).unwrap().id(), now);
    assert_eq!(entries(&server, "system.rotate_keys").await.len(), 1);
    assert_eq!(entries(&server, "system.retire_key").await.len(), 1);
});

both_engines!(app::migrations::migrations, /// OWN-4: for several servers, the next key is made first, copied about, and taken into use then; one that has no copy says what it lacks.
async fn own_4_the_next_key_is_made_first(db) {
    let at = Installed::new(&db);
    let server = at.server().await;
    let sealed = seal_for(&server, 3).await;
    let (code, out, _) = at.run(&["keys", "rotate", "--make-only"]);
    let next = Key::read(&next_file(&at.main())).unwrap().id();
    assert!(code == 0 && out.contains(&next.to_string()), "{out}");
    assert_eq!(subject::standing(server.db.reader()).await.unwrap().current, Some(server.master.main()));
    assert!(at.run(&["doctor", "--offline"]).1.contains("not in use yet"));
    assert_eq!(at.run(&["keys", "rotate", "--make-only"]).0, 1, "it is made once");

    // A server elsewhere, whose folder got no copy.
    let elsewhere = tempfile::tempdir().unwrap();
    for file in [at.main(), at.settings.ledger_key_file()] {
        std::fs::copy(&file, elsewhere.path().join(file.file_name().unwrap())).unwrap();
    }
    let other = Installed { settings: Settings { data: elsewhere.path().to_owned(), ..at.settings.clone() }, db: &db };
    let far = other.server().await;
    assert_eq!(at.run(&["keys", "rotate"]).0, 0);
    assert_eq!(Key::read(&at.main()).unwrap().id(), next);
    let lacking = seal::find_subject_key(far.db.reader(), &far.master, "party:0").await.err().unwrap().to_string();
    assert!(lacking.contains(&next.to_string()), "{lacking}");
    std::fs::copy(at.main(), next_file(&other.main())).unwrap();
    all_open(&far, &sealed).await;
});

/// The shares on printed pages.
fn pages(out: &str) -> Vec<String> {
    out.split('\x0c').map(str::to_owned).collect()
}

both_engines!(app::migrations::migrations, /// OWN-4: the master key is split and printed, lost, and made again from what was printed; the ledger tells of both and no share.
async fn own_4_the_key_is_made_again_from_printed_shares(db) {
    let at = Installed::new(&db);
    let server = at.server().await;
    let sealed = seal_for(&server, 3).await;
    let right = std::fs::read_to_string(at.main()).unwrap();
    let (code, out, err) = at.run(&["keys", "escrow", "--shares", "5", "--threshold", "3"]);
    assert_eq!(code, 0, "{err}");
    let pages = pages(&out);
    assert_eq!(pages.len(), 5);
    for (n, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("SHARE {} OF 5", n + 1)) && page.contains("Any 3 of them") && page.contains("HOW TO KEEP IT"), "{page}");
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
        assert!(!page.contains(right.trim()));
    }
    let about = entries(&server, "system.escrow_key").await.pop().unwrap();
    assert_eq!((about["key"].as_str(), about["shares"].as_str(), about["threshold"].as_str()), (server.master.main().to_string().as_str(), "5", "3"));
    assert_eq!(about.len(), 4, "key, set and numbers, nothing of a share");

    // A key file in its place is never written over.
    let typed = pages[4].clone() + &pages[0] + &pages[2];
    let (code, _, err) = at.type_in(&["keys", "restore"], &typed);
    assert!(code == 2 && err.contains("already"), "{err}");
    assert_eq!(std::fs::read_to_string(at.main()).unwrap(), right);

    std::fs::remove_file(at.main()).unwrap();
    let (code, _, err) = at.run(&["keys", "escrow", "--shares", "5", "--threshold", "3"]);
    assert!(code == 1 && err.contains("keys restore"), "{err}");
    // Too few, a slip, nothing at all: a word about each, and no file.
    let slip = pages[0].replacen(" 1:   0", " 1:   3", 1);
    assert_ne!(slip, pages[0], "the first group begins with the version, 1");
    for (typed, words) in [(pages[0].clone() + &pages[1], "find 1 more"), (slip, "group 1 is mistyped"), (String::new(), "no share was found")] {
        let (code, out, err) = at.type_in(&["keys", "restore"], &typed);
        assert!((code, out.as_str()) == (2, "") && err.contains(words), "{words}: {err}");
        assert!(!at.main().exists());
    }
    let (code, out, err) = at.type_in(&["keys", "restore"], &typed);
    assert!(code == 0 && out.contains("It opens the database"), "{out}{err}");
    assert_eq!(std::fs::read_to_string(at.main()).unwrap(), right);
    all_open(&at.server().await, &sealed).await;
    assert_eq!(entries(&server, "system.restore_key").await.pop().unwrap()["set"], about["set"]);
});

both_engines!(app::migrations::migrations, /// OWN-4: shares in files, into another file; shares of two keys mixed; a key of another database is not put in place.
async fn own_4_shares_of_another_key(db) {
    let at = Installed::new(&db);
    seal_for(&at.server().await, 1).await;
    let other = TestDb::sqlite(app::migrations::migrations).await;
    let elsewhere = Installed::new(&other);
    seal_for(&elsewhere.server().await, 1).await;
    let folder = tempfile::tempdir().unwrap();
    let [ours, theirs] = [(&at, "ours"), (&elsewhere, "theirs")].map(|(place, name)| {
        let into = folder.path().join(name);
        let (code, _, err) = place.run(&["keys", "escrow", "--shares", "3", "--threshold", "2", "--into", into.to_str().unwrap()]);
        assert_eq!(code, 0, "{err}");
        let mut files: Vec<String> = std::fs::read_dir(into).unwrap().map(|f| f.unwrap().path().display().to_string()).collect();
        files.sort();
        files
    });
    let lost = folder.path().join("lost.key");
    std::fs::rename(at.main(), &lost).unwrap();
    let (code, _, err) = at.run(&["keys", "restore", &ours[0], &theirs[1]]);
    assert!(code == 2 && err.contains("two different sets"), "{err}");
    let (code, _, err) = at.run(&["keys", "restore", &theirs[0], &theirs[1]]);
    assert!(code == 1 && err.contains("the database is sealed with the key"), "{err}");
    assert!(!at.main().exists());
    let aside = folder.path().join("aside.key");
    let (code, out, err) = at.run(&["keys", "restore", &ours[2], &ours[0], "--to", aside.to_str().unwrap()]);
    assert!(code == 0 && out.contains("It opens the database"), "{out}{err}");
    assert_eq!(std::fs::read(&aside).unwrap(), std::fs::read(&lost).unwrap());
    let (code, _, _) = at.run(&["keys", "restore", "no-such-file"]);
    assert_eq!(code, 2);
    let (code, out, _) = at.run(&["keys", "restore", &theirs[0], &theirs[2], "--without-database", "--to", folder.path().join("x").to_str().unwrap()]);
    assert!(code == 0 && out.contains("not tried"), "{out}");
});

both_engines!(app::migrations::migrations, /// OWN-4: a wrong key, or another database's, stops the start and is told apart from the right one by name; nothing is written.
async fn own_4_a_wrong_key_stops_the_start(db) {
    let at = Installed::new(&db);
    let server = at.server().await;
    seal_for(&server, 1).await;
    let right = server.master.main();
    let size = book::size(server.db.reader()).await.unwrap();
    let wrong = Key::fresh().unwrap();
    std::fs::remove_file(at.main()).unwrap();
    keys::write_key(&at.main(), &wrong).unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["keys", "rotate"], &["ledger", "checkpoint"]] {
        let (code, _, err) = at.run(command);
        assert_eq!(code, 1, "{err}");
        for words in [right.to_string(), wrong.id().to_string(), "Nothing was changed".into(), "keys restore".into()] {
            assert!(err.contains(&words), "{words}: {err}");
        }
    }
    assert!(at.run(&["doctor", "--offline"]).1.contains(&right.to_string()));
    assert_eq!(book::size(server.db.reader()).await.unwrap(), size);
    assert_eq!(files_beside(&at.main()).unwrap(), Vec::<PathBuf>::new());
});

both_engines!(app::migrations::migrations, /// OWN-4: the doctor tells how old the master key is, of other master keys beside it, and of permissions that are too wide.
async fn own_4_the_doctor_looks_at_master_keys(db) {
    use std::os::unix::fs::PermissionsExt as _;
    let at = Installed::new(&db);
    let server = at.server().await;
    seal_for(&server, 1).await;
    let doctor = || at.run(&["doctor", "--offline"]).1;
    let told = doctor();
    assert!(told.contains(&format!("the master key {} has been in use for 0 days", server.master.main())), "{told}");
    assert!(told.contains("the master key opens what the database keeps sealed") && told.contains("cryptography: AWS-LC"), "{told}");
    assert_eq!(at.run(&["keys", "rotate"]).0, 0);
    let old = old_file(&at.main(), server.master.main());
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o640)).unwrap();
    let told = doctor();
    assert!(told.contains("which nothing in the database needs") && told.contains(&format!("chmod 600 {}", old.display())), "{told}");
});

/// OWN-4: numbers of shares that cannot be are told before anything is done.
#[tokio::test]
async fn own_4_shares_that_cannot_be() {
    let db = TestDb::sqlite(app::migrations::migrations).await;
    let at = Installed::new(&db);
    for (shares, threshold) in [("3", "1"), ("2", "3"), ("21", "3"), ("0", "0"), ("300", "2"), ("x", "2")] {
        let (code, out, _) = at.run(&["keys", "escrow", "--shares", shares, "--threshold", threshold]);
        assert_eq!((code, out.as_str()), (2, ""), "{threshold} of {shares}");
    }
    assert!(Path::new(&at.main()).exists());
    assert_eq!(book::size(db.db.reader()).await.unwrap(), 0);
}
