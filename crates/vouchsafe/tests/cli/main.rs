//! The command as its users meet it: exit codes, and what it says on which stream.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod authority_data;
mod extracting;
mod foreign;
mod importing;
mod incident;
mod large;
mod packs;
mod receiving;
mod rules;
mod running;
mod veris;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vouchsafe"));
    command.args(args).env_clear();
    command
}

fn run(args: &[&str]) -> (i32, String, String) {
    said(command(args).output().unwrap())
}

fn said(output: Output) -> (i32, String, String) {
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A service serving on a free port; it is asked to stop when dropped.
struct Serving {
    child: Child,
    at: String,
}

impl Serving {
    fn start(args: &[&str]) -> Self {
        let mut child = command(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let at = line.trim().rsplit("http://").next().unwrap().to_owned();
        assert!(at.contains(':'), "it did not start: {line:?}");
        Self { child, at }
    }

    fn get(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.at).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.at).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to stop; its exit code.
    fn stop(mut self) -> Option<i32> {
        let done = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn data(folder: &tempfile::TempDir) -> (PathBuf, String) {
    let path = folder.path().join("data");
    let text = path.display().to_string();
    (path, text)
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn every_command_has_help_with_an_example() {
    for args in [
        &["--help"][..],
        &["init", "--help"],
        &["serve", "--help"],
        &["demo", "--help"],
        &["import", "ocds", "--help"],
        &["import", "breaches", "--help"],
        &["import", "subprocessors", "--help"],
        &["import", "veris", "--help"],
        &["rules", "offshoring", "--help"],
        &["rules", "check-pack", "--help"],
        &["ledger", "export", "--help"],
        &["ledger", "checkpoint", "--help"],
        &["ledger", "verify-status", "--help"],
        &["export", "--help"],
        &["pack", "--help"],
        &["receive", "--help"],
        &["backup", "--help"],
        &["restore", "--help"],
        &["doctor", "--help"],
    ] {
        let (code, out, err) = run(args);
        assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
        assert!(out.contains("xample") || out.contains("{\"home\""), "{args:?}: {out}");
    }
    assert_eq!(run(&["frobnicate"]).0, 2);
}

#[test]
fn wrong_settings_stop_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vouchsafe.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:0\"\n\n[mail]\nsmpt = \"x\"\n").unwrap();
    let file = file.display().to_string();
    let (code, out, err) = run(&["--config", &file, "serve"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with(&format!("vouchsafe: {file}:4: ")) && err.contains("smpt"), "{err}");
    let (code, _, err) = said(command(&["serve"]).env("VOUCHSAFE_LISTEN", "everywhere").output().unwrap());
    assert_eq!(code, 2);
    assert!(err.contains("VOUCHSAFE_LISTEN"), "{err}");
}

#[test]
fn an_empty_folder_is_set_up_served_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    let serving = Serving::start(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]);
    for name in ["vouchsafe.db", "master.key", "ledger.key"] {
        assert_eq!(mode(&path.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&path), 0o700);
    assert!(serving.get("/healthz", "").starts_with("HTTP/1.1 200"));
    assert!(serving.get("/readyz", "").contains("ready"));
    assert!(serving.get("/check", "").starts_with("HTTP/1.1 200"));
    let figures = serving.get("/metrics", "");
    assert!(figures.contains("vouchsafe_ledger_size") && figures.contains("vouchsafe_request_seconds"), "{figures}");
    assert!(serving.get("/metrics", "X-Forwarded-For: 192.0.2.1\r\n").starts_with("HTTP/1.1 404"));
    assert_eq!(serving.stop(), Some(0));
}

#[test]
fn logs_hold_no_query_and_no_path_of_a_visitor() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    let log = folder.path().join("log");
    let mut child = command(&["serve", "--data", &text, "--listen", "127.0.0.1:0"])
        .env("VOUCHSAFE_LOG", "json")
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let serving = Serving { child, at: line.trim().rsplit("http://").next().unwrap().to_owned() };
    serving.get("/check?q=ada%40halyard.example", "");
    serving.get("/join/sesame-open-sesame", "");
    assert_eq!(serving.stop(), Some(0));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("\"path\":\"/check\""), "{log}");
    assert!(!log.contains("halyard") && !log.contains("sesame"), "{log}");
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
}

#[test]
fn a_lost_key_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    Serving::start(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]).stop();
    std::fs::remove_file(path.join("master.key")).unwrap();
    let (code, _, err) = run(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]);
    assert_eq!(code, 1);
    assert!(err.contains("master.key") && err.contains("put back your copy"), "{err}");
    assert!(!path.join("master.key").exists());
}

/// The address of something that answers as a virus scanner does when asked whether it is there.
fn scanner() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let mut asked = [0; 6];
            client.read_exact(&mut asked).unwrap();
            assert_eq!(&asked, b"zPING\0");
            client.write_all(b"PONG\0").unwrap();
        }
    });
    at
}

#[test]
fn the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    let (code, out, _) = run(&["doctor", "--data", &text]);
    assert_eq!(code, 1);
    assert!(out.contains("no database"), "{out}");
    Serving::start(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]).stop();
    let (code, out, _) = run(&["doctor", "--data", &text]);
    assert_eq!(code, 1);
    for finding in ["move ", "checkpoints.mail", "mail.smtp", "files.clamd"] {
        assert!(out.contains(finding), "{finding}: {out}");
    }
    std::fs::set_permissions(path.join("ledger.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(run(&["doctor", "--data", &text]).1.contains("chmod 600"));
    // Store and scanner out of reach.
    let (_, out, _) = said(command(&["doctor", "--data", &text]).env("VOUCHSAFE_FILES_CLAMD", "127.0.0.1:1").output().unwrap());
    assert!(out.contains("the virus scanner does not answer"), "{out}");
    let away = [("BUCKET", "files"), ("ENDPOINT", "http://127.0.0.1:1"), ("ACCESS_KEY", "a"), ("SECRET_KEY", "b"), ("STORE_SECONDS", "1")];
    let away = away.map(|(name, value)| (format!("VOUCHSAFE_FILES_{name}"), value));
    let (_, out, _) = said(command(&["doctor", "--data", &text]).envs(away).output().unwrap());
    assert!(out.contains("the bucket of files files cannot be used"), "{out}");
    std::fs::rename(path.join("files"), path.join("away")).unwrap();
    assert!(run(&["doctor", "--data", &text]).1.contains("files is missing: put it back"));
    std::fs::rename(path.join("away"), path.join("files")).unwrap();

    // Everything put right: nothing is found.
    std::fs::set_permissions(path.join("ledger.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let keys = folder.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    for name in ["master.key", "ledger.key"] {
        std::fs::rename(path.join(name), keys.join(name)).unwrap();
    }
    let office = testkit::PostOffice::open();
    let (code, out, err) = said(
        command(&["doctor", "--data", &text])
            .env("VOUCHSAFE_MASTER_KEY", keys.join("master.key"))
            .env("VOUCHSAFE_LEDGER_KEY", keys.join("ledger.key"))
            .env("VOUCHSAFE_CHECKPOINTS_MAIL", "auditor@assurance.example")
            .env("VOUCHSAFE_MAIL_SMTP", office.address())
            .env("VOUCHSAFE_FILES_CLAMD", scanner())
            .output()
            .unwrap(),
    );
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}

#[test]
fn the_ledger_is_exported_and_verified_by_the_other_program() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    Serving::start(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]).stop();
    let copy = folder.path().join("copy").display().to_string();
    assert_eq!(run(&["ledger", "checkpoint", "--data", &text]).0, 1, "an empty ledger cannot be signed");
    let (code, out, err) = run(&["ledger", "export", &copy, "--data", &text]);
    assert_eq!(code, 0, "{err}");
    let key = out.lines().find_map(|l| l.strip_prefix("Key: ")).unwrap().to_owned();
    let (code, note, _) = run(&["ledger", "checkpoint", "--data", &text]);
    assert_eq!(code, 0);
    let kept = folder.path().join("kept");
    std::fs::write(&kept, note).unwrap();
    let (code, status, _) = run(&["ledger", "verify-status", "--data", &text]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!((code, &status["continues"], &status["size"]), (0, &true.into(), &1.into()));

    let verifier = Path::new(env!("CARGO_BIN_EXE_vouchsafe")).with_file_name("ledger-verify");
    let verify = |dir: &str| Command::new(&verifier).args([dir, "--key", &key, "--after"]).arg(&kept).output().unwrap();
    assert_eq!(verify(&copy).status.code(), Some(0), "{}", String::from_utf8_lossy(&verify(&copy).stdout));
    let entries = folder.path().join("copy/entries-0000000000000.jsonl");
    let changed = std::fs::read_to_string(&entries).unwrap().replace("operator", "0perator");
    std::fs::write(&entries, changed).unwrap();
    assert_eq!(verify(&copy).status.code(), Some(1));

    let (code, _, err) = run(&["ledger", "export", &copy, "--data", &text]);
    assert_eq!(code, 2);
    assert!(err.contains("not empty"), "{err}");
    let nowhere = folder.path().join("nowhere").display().to_string();
    assert_eq!(run(&["ledger", "verify-status", "--data", &nowhere]).0, 2);
    assert!(!Path::new(&nowhere).exists(), "looking makes nothing");
}

#[test]
fn packs_are_checked_with_file_and_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    for pack in ["offshoring", "outsourcing", "provider_security"] {
        let folder = root.join(pack);
        for path in [folder.clone(), folder.join("pack.yaml")] {
            let (code, out, err) = run(&["rules", "check-pack", &path.display().to_string()]);
            assert_eq!((code, err.as_str()), (0, ""), "{pack}");
            let counts: serde_json::Value = serde_json::from_str(&out).unwrap();
            assert_eq!(counts["pack"], pack);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(root.join("outsourcing/pack.yaml")).unwrap();
    let path = folder.path().join("pack.yaml");
    let cases = [(format!("{text}\nsurprise: yes\n"), text.lines().count() + 2), ("pack: [\n".to_owned(), 1), (String::new(), 1)];
    for (text, line) in cases {
        std::fs::write(&path, &text).unwrap();
        let (code, out, err) = run(&["rules", "check-pack", &path.display().to_string()]);
        assert_eq!((code, out.as_str()), (2, ""));
        let at =
            err.strip_prefix(&format!("{}:", path.display())).and_then(|rest| rest.split(':').next()).unwrap_or_else(|| panic!("{err}"));
        let at: usize = at.parse().unwrap();
        assert!(at.abs_diff(line) <= 1, "line {at}, not {line}: {err}");
    }
    std::fs::write(&path, b"pack: x\n\xff\n").unwrap();
    let (code, _, err) = run(&["rules", "check-pack", &folder.path().display().to_string()]);
    assert_eq!(code, 2);
    assert!(err.contains("pack.yaml:2: ") && err.contains("UTF-8"), "{err}");
    let (code, _, err) = run(&["rules", "check-pack", "no-such-pack"]);
    assert_eq!(code, 2);
    assert!(err.contains("no-such-pack"), "{err}");
}

#[test]
fn lists_are_taken_out_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    Serving::start(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]).stop();
    let code = run(&["init", "--data", &text, "--email", "ada@authority.example", "--name", "=Ada Penhallow"]).0;
    assert_eq!(code, 0);
    let (code, out, err) = run(&["export", "accounts", "--data", &text]);
    assert_eq!(code, 0, "{err}");
    assert!(out.lines().count() == 2 && out.contains("'=Ada Penhallow,ada@authority.example"), "{out}");
    let (code, out, _) = run(&["export", "accounts", "--filter", "q=nobody", "--format", "json", "--data", &text]);
    let none: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &none["rows"], &none["filter"]), (0, &serde_json::json!([]), &"q=nobody".into()));

    let file = folder.path().join("parties.xlsx").display().to_string();
    let (code, out, err) = run(&["export", "parties", "--format", "xlsx", "--out", &file, "--data", &text]);
    assert!(code == 0 && out.contains("rows into"), "{out}{err}");
    assert!(std::fs::read(&file).unwrap().starts_with(b"PK"));
    assert_eq!(mode(Path::new(&file)), 0o600);
    let entries = run(&["export", "ledger", "--filter", "action=list.export", "--data", &text]).1;
    assert_eq!(entries.lines().count(), 4, "each is told of: {entries}");

    for (args, words) in [
        (&["export", "boats"][..], "there are parties"),
        (&["export", "sites", "--format", "pdf"], "csv, xlsx or json"),
        (&["export", "sites", "--filter", "country"], "NAME=VALUE"),
        (&["export", "parties", "--out", &file], "is there already"),
    ] {
        let (code, out, err) = run(&[args, &["--data", &text]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(words), "{err}");
    }
    assert!(!Path::new(&format!("{file}.part")).exists());
}

#[test]
fn a_case_is_taken_out_and_verified_by_the_other_program() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = data(&folder);
    Serving::start(&["demo", "--data", &text, "--listen", "127.0.0.1:0"]).stop();
    let (_, list, _) = run(&["export", "proposals", "--format", "json", "--data", &text]);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let references: Vec<&str> = list["rows"].as_array().unwrap().iter().filter_map(|row| row["reference"].as_str()).collect();
    assert!(references.len() > 3, "{references:?}");
    let verifier = Path::new(env!("CARGO_BIN_EXE_vouchsafe")).with_file_name("ledger-verify");
    let verify = |file: &str| said(Command::new(&verifier).arg(file).output().unwrap());
    for reference in references {
        let file = folder.path().join(format!("{reference}.zip")).display().to_string();
        let (code, out, err) = run(&["export", "case", reference, "--out", &file, "--data", &text]);
        assert!(code == 0 && out.contains("ledger-verify"), "{out}{err}");
        let (code, out, _) = verify(&file);
        assert!(code == 0 && out.contains(reference), "{out}");
        let mut bytes = std::fs::read(&file).unwrap();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(verify(&file).0, 1);
    }
    let odd = folder.path().join("odd").display().to_string();
    std::fs::write(&odd, "no archive").unwrap();
    assert_eq!(verify(&odd).0, 2);
    for args in
        [&["export", "case"][..], &["export", "case", "OFF-1999-000001", "--out", &format!("{odd}.zip")], &["export", "sites", "OFF-1"]]
    {
        assert_eq!(run(&[args, &["--data", &text]].concat()).0, 2, "{args:?}");
    }
}
