//! The running program under trouble: stopped in the middle, its database gone, its database not the one it should be; and what its log tells.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};

use super::{Serving, command, data, run, said};

/// Somebody's browser, as far as cookies and one request at a time go.
#[derive(Default)]
struct Visitor {
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    /// The head and body of the answer.
    fn ask(&mut self, at: &str, method: &str, path: &str, body: &str) -> (String, String) {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut stream = TcpStream::connect(at).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nAccept: text/html\r\nCookie: {}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        for line in head.lines() {
            let Some(cookie) = line.to_lowercase().starts_with("set-cookie:").then(|| line[11..].trim()) else { continue };
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        (head.to_owned(), body.to_owned())
    }

    fn get(&mut self, at: &str, path: &str) -> (String, String) {
        self.ask(at, "GET", path, "")
    }
}

/// The value of the field `name` on a page.
fn field(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}: {page}"));
    page[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// A demonstration, with the sign-in link of each of its people by name.
fn demonstration(folder: &str) -> (Child, String, BTreeMap<String, String>) {
    let mut child =
        command(&["demo", "--data", folder, "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut links, mut at) = (BTreeMap::new(), String::new());
    for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
        let line = line.unwrap();
        if let Some((person, link)) = line.split_once("http://").filter(|(_, link)| link.contains("/sign-in/demo/")) {
            let name = person.trim().split("  ").next().unwrap().to_owned();
            links.insert(name, link[link.find('/').unwrap()..].to_owned());
        }
        if let Some((_, address)) = line.split_once("listens on http://") {
            at = address.trim().to_owned();
            break;
        }
    }
    assert!(!at.is_empty() && links.len() > 10, "it did not start: {links:?}");
    (child, at, links)
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

async fn beside(path: &std::path::Path) -> DatabaseConnection {
    let options = sea_orm::ConnectOptions::new(format!("sqlite://{}?mode=rw", path.display())).max_connections(1).to_owned();
    Database::connect(options).await.unwrap()
}

/// OWN-5: a refusal whose page was answered a moment ago is in the ledger when the program has ended, though it could not be written before.
#[tokio::test]
async fn stopping_loses_no_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    let (mut child, at, links) = demonstration(&text);
    let (mut manager, mut stranger) = (Visitor::default(), Visitor::default());
    let sign_in = |visitor: &mut Visitor, name: &str| drop(visitor.get(&at, &links[name]));
    // Of all who may sign in, somebody of the authority sees a proposal that somebody else does not.
    let names: Vec<&String> = links.keys().collect();
    sign_in(&mut manager, "Ada Penhallow");
    let list = manager.get(&at, "/proposals").1;
    let id =
        list.split("/proposals/").map(|rest| rest.split(['"', '/', '?']).next().unwrap()).find(|id| id.len() == 36).unwrap().to_owned();
    let lock = beside(&path.join("vouchsafe.db")).await;
    let mut hidden = false;
    for name in names {
        stranger = Visitor::default();
        sign_in(&mut stranger, name);
        lock.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
        let began = Instant::now();
        let (head, _) = stranger.get(&at, &format!("/proposals/{id}"));
        if head.starts_with("HTTP/1.1 404") {
            assert!(began.elapsed() < Duration::from_secs(5), "it was answered only after {:?}", began.elapsed());
            hidden = true;
            break;
        }
        lock.execute_unprepared("ROLLBACK").await.unwrap();
    }
    assert!(hidden, "everybody sees {id}");
    assert!(stranger.cookies.contains_key("vouchsafe"));
    terminate(&child);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(child.try_wait().unwrap(), None, "it ended with a refusal not yet written");
    lock.execute_unprepared("ROLLBACK").await.unwrap();
    lock.close().await.unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let copy = folder.path().join("copy").display().to_string();
    let (code, _, err) = run(&["ledger", "export", &copy, "--data", &text]);
    assert_eq!(code, 0, "{err}");
    let entries = std::fs::read_to_string(folder.path().join("copy/entries-0000000000000.jsonl")).unwrap();
    assert!(entries.lines().any(|line| line.contains(r#""action":"refused""#) && line.contains(&id)), "{entries}");
}

/// OWN-2: whatever a link's token is used for, rightly or wrongly, the log never holds it, nor an address, a password or a session.
#[test]
fn the_log_holds_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    let (code, out, err) = run(&["init", "--data", &text, "--email", "ada@authority.example", "--name", "Ada Penhallow"]);
    assert_eq!(code, 0, "{err}");
    let link = out.split_whitespace().find_map(|word| word.find("/sign-in/link/").map(|at| word[at..].to_owned())).unwrap();
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
    let at = serving.at.clone();
    let mut ada = Visitor::default();
    let page = ada.get(&at, &link).1;
    let csrf = field(&page, "csrf");
    for (method, path, body) in [
        ("GET", format!("{link}/more"), String::new()),
        ("GET", format!("{link}%00"), String::new()),
        ("PUT", link.clone(), String::new()),
        ("GET", format!("/sign-in?next={link}"), String::new()),
        ("POST", link.clone(), "password=short".to_owned()),
        ("POST", link.clone(), format!("csrf={csrf}&password=password1234")),
        ("POST", link.clone(), format!("csrf={csrf}&password=%ff{link}")),
    ] {
        let (head, _) = ada.ask(&at, method, &path, &body);
        assert!(head.starts_with("HTTP/1.1 4") || head.starts_with("HTTP/1.1 2"), "{method} {path}: {head}");
    }
    let (head, _) = ada.ask(&at, "POST", &link, &format!("csrf={csrf}&password=copper+lantern+drifts+sideways"));
    assert!(head.starts_with("HTTP/1.1 303"), "{head}");
    let session = ada.cookies["vouchsafe"].clone();
    assert!(ada.get(&at, "/accounts").0.starts_with("HTTP/1.1 200"));
    assert!(ada.get(&at, &link).0.starts_with("HTTP/1.1 410"));
    // A new link, by mail.
    let mut again = Visitor::default();
    let csrf = field(&again.get(&at, "/sign-in/forgotten").1, "csrf");
    again.ask(&at, "POST", "/sign-in/forgotten", &format!("csrf={csrf}&email=ada%40authority.example"));
    let until = Instant::now() + Duration::from_secs(20);
    let mailed = loop {
        let found =
            testkit::letters(&path.join("mail")).into_iter().find_map(|l| l.text.split_once("/sign-in/link/").map(|(_, t)| t.to_owned()));
        match found {
            Some(rest) => break rest.split_whitespace().next().unwrap().to_owned(),
            None if Instant::now() > until => panic!("no mail came"),
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    };
    again.get(&at, &format!("/sign-in/link/{mailed}"));
    again.ask(&at, "POST", "/sign-in", &format!("csrf={csrf}&email=ada%40authority.example&password=not-the-password"));
    assert_eq!(serving.stop(), Some(0));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.lines().count() > 12 && log.contains("/sign-in/link/{token}"), "{log}");
    let token = link.rsplit('/').next().unwrap();
    for secret in [token, &mailed, &session, "ada@", "ada%40", "Penhallow", "password1234", "copper", "not-the-password"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

/// A database that is not the program's stops the start, and nothing in it is touched.
#[tokio::test]
async fn a_database_that_does_not_fit_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    Serving::start(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]).stop();
    let db = beside(&path.join("vouchsafe.db")).await;
    let count = async || -> i64 {
        let sql = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT count(*) AS n FROM sqlite_master");
        db.query_one_raw(sql).await.unwrap().unwrap().try_get("", "n").unwrap()
    };
    let before = count().await;
    // Newer than the program.
    db.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)").await.unwrap();
    let (code, out, err) = run(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("newer") && err.contains("m9999_later"), "{err}");
    db.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm9999_later'").await.unwrap();
    // A migration fails: a table stands in its way. What it had done until then is undone.
    let last = "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations WHERE version LIKE '%import%')";
    assert_eq!(db.execute_unprepared(last).await.unwrap().rows_affected(), 1);
    for _ in 0..2 {
        let (code, out, err) = run(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains("a migration failed") && err.contains("nothing of it was kept"), "{err}");
    }
    assert_eq!(count().await, before);
    // Not a database at all.
    db.close().await.unwrap();
    std::fs::write(path.join("vouchsafe.db"), "no database, but long enough to be looked at for its header").unwrap();
    let (code, _, err) = said(command(&["serve", "--data", &text, "--listen", "127.0.0.1:0"]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(!err.trim().is_empty());
}

/// The database goes away under the running program, and comes back: what machines ask says so, pages say so in words, and nobody restarts it.
#[tokio::test]
async fn a_database_that_goes_away_is_told_and_waited_for() {
    let Some(db) = testkit::TestDb::postgres(app::migrations::migrations).await else {
        return testkit::skipped("PostgreSQL: TEST_DATABASE_URL is not set");
    };
    let url = url::Url::parse(&db.url).unwrap();
    let gate = testkit::Gate::before(format!("{}:{}", url.host_str().unwrap(), url.port().unwrap()));
    let mut through = url.clone();
    through.set_port(Some(gate.at.rsplit(':').next().unwrap().parse().unwrap())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = data(&folder);
    std::fs::create_dir(&path).unwrap();
    // The database is migrated already, so keys are not made for it: they are given.
    let keys = tempfile::tempdir().unwrap();
    Serving::start(&["serve", "--data", &keys.path().join("data").display().to_string(), "--listen", "127.0.0.1:0"]).stop();
    for key in ["master.key", "ledger.key"] {
        std::fs::copy(keys.path().join("data").join(key), path.join(key)).unwrap();
    }
    let mut child = command(&["serve", "--data", &text, "--listen", "127.0.0.1:0"])
        .env("VOUCHSAFE_DATABASE", through.as_str())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let serving = Serving { child, at: line.trim().rsplit("http://").next().unwrap().to_owned() };
    assert!(serving.at.contains(':'), "it did not start: {line:?} {}", std::fs::read_to_string(folder.path().join("log")).unwrap());
    assert!(serving.get("/readyz", "").starts_with("HTTP/1.1 200"));
    assert!(serving.get("/metrics", "").contains("vouchsafe_database_up 1"));

    gate.shut();
    let began = Instant::now();
    assert!(serving.get("/healthz", "").starts_with("HTTP/1.1 200"), "the program itself is well");
    let ready = serving.get("/readyz", "");
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("does not answer"), "{ready}");
    assert!(serving.get("/metrics", "").contains("vouchsafe_database_up 0"));
    assert!(began.elapsed() < Duration::from_secs(10), "it took {:?}", began.elapsed());
    // A page that needs the database says so; the one that decides by rules alone answers all the same.
    let session = "Cookie: vouchsafe=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
    let page = serving.get("/account", session);
    assert!(page.starts_with("HTTP/1.1 503") && page.contains("<h1"), "{page}");
    assert!(serving.get("/check", "").starts_with("HTTP/1.1 200"));

    gate.open();
    let until = Instant::now() + Duration::from_secs(30);
    while !serving.get("/readyz", "").starts_with("HTTP/1.1 200") {
        assert!(Instant::now() < until, "it did not come back");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(serving.get("/account", session).starts_with("HTTP/1.1 303"), "signed out, and told to sign in");
    assert_eq!(serving.stop(), Some(0));
}
