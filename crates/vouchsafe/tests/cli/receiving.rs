//! `vouchsafe receive` and the folder that the service watches, through the program itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use testkit::{TestDb, both_engines};

use super::{Serving, command, data, said};

/// Of the demonstration: her party stands at one place.
const NADIA: &str = "nadia.rowe@bowline.example";

fn letter(from: &str, id: &str, subject: &str) -> Vec<u8> {
    format!("Return-Path: <{from}>\nFrom: {from}\nSubject: {subject}\nMessage-ID: <{id}@bowline.example>\n\nA laptop is gone.\n")
        .into_bytes()
}

/// Pipes a message to the command, as a mail server does.
fn pipe(mut command: Command, message: &[u8]) -> (i32, String, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that gives up early reads no further.
    let _ = child.stdin.take().unwrap().write_all(message);
    said(child.wait_with_output().unwrap())
}

/// A folder of data over a database that is migrated already, with keys.
struct Place {
    folder: tempfile::TempDir,
    url: String,
}

impl Place {
    fn new(db: &TestDb) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys").display().to_string();
        Serving::start(&["serve", "--data", &keys, "--listen", "127.0.0.1:0"]).stop();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        for key in ["master.key", "ledger.key"] {
            std::fs::copy(folder.path().join("keys").join(key), folder.path().join("data").join(key)).unwrap();
        }
        Self { folder, url: db.url.clone() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, args: &[&str], url: &str) -> Command {
        let mut command = command(args);
        command.env("VOUCHSAFE_DATABASE", url).arg("--data").arg(self.data());
        command
    }

    fn receive(&self, message: &[u8]) -> (i32, String, String) {
        pipe(self.command(&["receive"], &self.url), message)
    }
}

/// What was mailed to this address, once something was.
fn mailed(folder: &Path, to: &str) -> String {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            if text.contains(&format!("To: {to}")) && text.contains("auto-replied") {
                return text;
            }
        }
        assert!(Instant::now() < until, "nothing was mailed to {to}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

both_engines!(app::migrations::migrations, /// SEC-24: a mail server's pipe: kept, a report, answered by the running service; what is no e-mail is given back, and whatever is not the
/// message's own fault is tried again.
async fn sec_24_a_mail_servers_pipe(db) {
    let place = Place::new(&db);
    let mut child = place.command(&["demo", "--listen", "127.0.0.1:0"], &place.url).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("listens on")), "it did not start");
    let (code, out, err) = place.receive(&letter(NADIA, "1", "A laptop is gone"));
    assert!(code == 0 && out.starts_with("reported as INC-"), "{code} {out} {err}");
    let reference = out.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(place.receive(&letter(NADIA, "1", "A laptop is gone")).1, "kept before\n");
    assert_eq!(place.receive(&letter("stranger@elsewhere.example", "2", "Hello")).1, "kept; it waits for a person: unknown\n");
    let answer = mailed(&place.data().join("mail"), NADIA);
    assert!(answer.contains(&reference) && answer.contains("In-Reply-To: <1@bowline.example>"), "{answer}");
    for none in [&b""[..], b"no e-mail"] {
        let (code, _, err) = place.receive(none);
        assert!(code == 65 && !err.is_empty(), "{code} {err}");
    }
    let large = [letter(NADIA, "3", "Large"), vec![b'x'; (64 << 20) + 1]].concat();
    assert_eq!(place.receive(&large).0, 69);
    // The database is away for a while, then the folder of files.
    let gone = if place.url.starts_with("sqlite:") { "sqlite:/no/such/folder/vouchsafe.db" } else { "postgres://nobody@127.0.0.1:1/none" };
    let key = letter(NADIA, "4", "A key is gone");
    let (code, _, err) = pipe(place.command(&["receive"], gone), &key);
    assert!(code == 75 && err.contains("Try again later"), "{code} {err}");
    let (files, away) = (place.data().join("files"), place.data().join("away"));
    std::fs::rename(&files, &away).unwrap();
    std::fs::write(&files, "in its place").unwrap();
    assert_eq!(place.receive(&key).0, 75);
    std::fs::remove_file(&files).unwrap();
    std::fs::rename(&away, &files).unwrap();
    let (code, out, err) = place.receive(&key);
    assert!(code == 0 && out.starts_with("reported as"), "{code} {out} {err}");
    child.kill().unwrap();
    child.wait().unwrap();
});

/// SEC-24: before anything is set up, or with settings that are not there, the mail server keeps the message, and nothing is made.
#[test]
fn sec_24_nothing_is_made_for_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    assert_eq!(pipe(command(&["receive", "--data", &text]), &letter(NADIA, "1", "Before")).0, 75);
    assert!(!path.exists());
    assert_eq!(pipe(command(&["receive", "--config", "/no/such/file.toml"]), b"From: a@b.example\n\n").0, 75);
}

/// SEC-24: a message in the folder of the settings is taken in while the service runs, and moved on only then.
#[test]
fn sec_24_a_folder_while_serving() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let mails = folder.path().join("mails");
    for within in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(mails.join(within)).unwrap();
    }
    std::fs::write(mails.join("new/1.a"), letter("stranger@elsewhere.example", "1", "Hello")).unwrap();
    let config = folder.path().join("vouchsafe.toml");
    std::fs::write(&config, format!("[receive]\nmaildir = {mails:?}\ntrusted = [\"mx.authority.example\"]\n")).unwrap();
    let config = config.display().to_string();
    let serving = Serving::start(&["serve", "--config", &config, "--data", &text, "--listen", "127.0.0.1:0"]);
    let until = Instant::now() + Duration::from_mins(1);
    while !mails.join("cur/1.a:2,S").exists() {
        assert!(Instant::now() < until, "it was not taken in");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(serving.stop(), Some(0));
    let (_, out, _) = said(command(&["doctor", "--offline", "--config", &config, "--data", &text]).output().unwrap());
    assert!(out.contains("e-mail is taken in from"), "{out}");
    std::fs::remove_dir_all(&mails).unwrap();
    let (_, out, _) = said(command(&["doctor", "--offline", "--config", &config, "--data", &text]).output().unwrap());
    assert!(out.contains("receive.maildir: "), "{out}");
}
