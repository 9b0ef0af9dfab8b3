//! A place where the program runs: its folder and database, its commands, the serving process and who asks it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::party;
use platform::authz::{AccountActor, Actor, Side};
use platform::clock::Clock;
use platform::config::Settings;
use platform::db::Db;
use platform::identity::{account, holder, membership, session};
use platform::{Core, Cx, files, keys};
use sea_orm::{ActiveValue, EntityTrait as _};
use testkit::TestDb;
use uuid::Uuid;

/// A place where a service runs, or will: a folder of data, a database, keys elsewhere.
pub(crate) struct Place {
    pub(crate) settings: Settings,
    keep: Keep,
}

/// What goes away with a place.
#[allow(dead_code, reason = "kept, not read")]
pub(crate) struct Keep(tempfile::TempDir, Option<TestDb>);

impl Place {
    /// A service on `db`, with keys of its own.
    pub(crate) fn on(db: &TestDb) -> Self {
        let keep = tempfile::tempdir().unwrap();
        let keys = keep.path().join("keys");
        let settings = Settings {
            data: db.folder().join("data"),
            database: db.url.clone(),
            master_key: keys.join("master.key"),
            ledger_key: keys.join("ledger.key"),
            ..Settings::default()
        };
        keys::make_folder(&settings.data).unwrap();
        keys::open(&settings, true).unwrap();
        Self { settings, keep: Keep(keep, None) }
    }

    /// An empty place on SQLite.
    pub(crate) fn empty_sqlite() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let (data, keys) = (keep.path().join("data"), keep.path().join("keys"));
        let settings = Settings { data, master_key: keys.join("m.key"), ledger_key: keys.join("l.key"), ..Settings::default() };
        Self { settings, keep: Keep(keep, None) }
    }

    /// Empty places on the engines at hand: what one engine wrote, the other reads back.
    pub(crate) async fn empty_ones() -> Vec<Self> {
        let mut places = vec![Self::empty_sqlite()];
        if let Some(db) = TestDb::postgres(app::migrations::migrations).await {
            let mut place = Self::empty_sqlite();
            place.settings.database = db.url.clone();
            place.keep.1 = Some(db);
            places.push(place);
        }
        places
    }

    pub(crate) async fn server(&self) -> Arc<Core> {
        let (ring, ledger_key) = keys::open(&self.settings, false).unwrap();
        let db = Db::open(&self.settings.database_url()).await.unwrap();
        app::service::service(db, Clock::system(jiff::tz::TimeZone::UTC), self.settings.clone(), ring, ledger_key).unwrap()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vouchsafe"));
        command.args(args).env_clear().arg("--data").arg(&self.settings.data);
        command.env("VOUCHSAFE_MASTER_KEY", &self.settings.master_key).env("VOUCHSAFE_LEDGER_KEY", &self.settings.ledger_key);
        command.env("VOUCHSAFE_DATABASE", &self.settings.database);
        let files = &self.settings.files;
        for (name, value) in
            [("BUCKET", &files.bucket), ("ENDPOINT", &files.endpoint), ("ACCESS_KEY", &files.access_key), ("SECRET_KEY", &files.secret_key)]
        {
            command.env(format!("VOUCHSAFE_FILES_{name}"), value);
        }
        command.env("VOUCHSAFE_FILES_STORE_SECONDS", files.store_seconds.to_string());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        said(self.command(args).output().unwrap())
    }

    /// A checkpoint of the ledger as it stands, kept in `file`.
    pub(crate) fn checkpoint(&self, file: &Path) {
        let (code, note, err) = self.run(&["ledger", "checkpoint"]);
        assert_eq!(code, 0, "{err}");
        fs::write(file, note).unwrap();
    }

    /// What the other program says of an export of the ledger, held to the checkpoint in `after`.
    pub(crate) fn verified(&self, after: &Path) -> (i32, String) {
        let copy = tempfile::tempdir().unwrap();
        let folder = copy.path().join("copy").display().to_string();
        let (code, out, err) = self.run(&["ledger", "export", &folder]);
        assert_eq!(code, 0, "{out}{err}");
        let verifier = Path::new(env!("CARGO_BIN_EXE_vouchsafe")).with_file_name("ledger-verify");
        let (code, out, _) = said(Command::new(verifier).arg(&folder).arg("--after").arg(after).output().unwrap());
        (code, out)
    }
}

pub(crate) fn said(output: Output) -> (i32, String, String) {
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

pub(crate) fn text(path: &Path) -> String {
    path.display().to_string()
}

pub(crate) async fn add(core: &Arc<Core>, name: &str) -> platform::Result<Uuid> {
    party::act::add(&Cx::new(core, Actor::Operator).unwrap(), Side::Supplier, &party::model::Details::named(name)).await
}

/// Adds a file to a party, as an administrator does: these bytes.
#[allow(clippy::disallowed_methods, reason = "ids of a test's own")]
pub(crate) async fn attach(core: &Arc<Core>, party: Uuid, bytes: &[u8]) -> Uuid {
    let actor = Actor::Account(Box::new(AccountActor {
        account: Uuid::now_v7(),
        name: "Ada Penhallow".to_owned(),
        membership: Uuid::now_v7(),
        party: Uuid::now_v7(),
        party_name: "Tarn Borough Council".to_owned(),
        side: Side::Authority,
        role: "administrator".to_owned(),
        session: Uuid::now_v7(),
        fresh: true,
        read_only: false,
        acts_for: None,
    }));
    let cx = Cx::new(core, actor).unwrap();
    let mut source = files::AtHand::new(bytes.to_vec());
    let received = files::receive(&cx, ("party", &party.to_string()), &mut source).await.unwrap();
    let about = files::About { name: "Certificate.pdf".to_owned(), ..files::About::default() };
    files::add(&cx, files::To::Thing("party", &party.to_string(), None), &about, &received).await.unwrap()
}

/// The digests of a party's files as they open now, in hexadecimal.
pub(crate) async fn digests(core: &Arc<Core>, party: Uuid) -> Vec<String> {
    let cx = Cx::new(core, Actor::Operator).unwrap();
    let all = files::leaving(&cx, "party", &party.to_string()).await.unwrap();
    let whole = |one: &files::Leaving| match one.goes {
        files::Goes::Whole { sum, .. } => hex::encode(sum.sha256()),
        _ => String::new(),
    };
    all.iter().map(whole).collect()
}

/// Where a file's sealed bytes lie, in a folder of files or of a backup.
pub(crate) fn lies(id: Uuid) -> String {
    let name = id.to_string();
    format!("files/{}/{name}", &name[34..])
}

/// Adds parties until told to stop; those whose adding was acknowledged.
pub(crate) async fn keep_writing(core: Arc<Core>, stop: Arc<AtomicBool>, who: u32) -> Vec<Uuid> {
    let mut added = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        match add(&core, &format!("Party {who}-{}", added.len())).await {
            Ok(id) => added.push(id),
            Err(platform::Error::Unavailable) => {}
            Err(other) => panic!("{other}"),
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    added
}

pub(crate) async fn parties(core: &Core) -> BTreeSet<Uuid> {
    party::store::Entity::find().all(core.db.reader()).await.unwrap().into_iter().map(|row| row.id).collect()
}

impl Place {
    /// A service on the database at `url`, which may be empty, its data in `data`.
    pub(crate) fn at(url: &str, data: &Path) -> Self {
        let keep = tempfile::tempdir().unwrap();
        let keys = keep.path().join("keys");
        let settings = Settings {
            data: data.to_owned(),
            database: url.to_owned(),
            master_key: keys.join("master.key"),
            ledger_key: keys.join("ledger.key"),
            ..Settings::default()
        };
        keys::open(&settings, true).unwrap();
        Self { settings, keep: Keep(keep, None) }
    }

    /// The program serving here.
    pub(crate) fn serve(&self, change: impl FnOnce(&mut Command)) -> Serving {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        change(&mut command);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("listens on"), "it did not start: {line:?}");
        Serving { at: line.trim().rsplit("http://").next().unwrap().to_owned(), child }
    }

    /// An administrator who is signed in: the token of their session.
    #[allow(clippy::disallowed_methods, reason = "ids of a test's own")]
    pub(crate) async fn administrator(&self) -> String {
        let core = self.server().await;
        let cx = Cx::new(&core, Actor::Operator).unwrap();
        let authority = party::act::add(&cx, Side::Authority, &party::model::Details::named("Tarn Borough Council")).await.unwrap();
        let (now, id, member) = (cx.now(), Uuid::now_v7(), Uuid::now_v7());
        let beside = beside(&self.settings.database_url()).await;
        let row = account::ActiveModel {
            id: ActiveValue::Set(id),
            password: ActiveValue::Set(None),
            totp: ActiveValue::Set(None),
            totp_step: ActiveValue::Set(0),
            read_only: ActiveValue::Set(false),
            ends_on: ActiveValue::Set(None),
            state: ActiveValue::Set("active".to_owned()),
            made_at: ActiveValue::Set(now),
            version: ActiveValue::Set(1),
            ..holder::columns(&core, &beside, id, "Ada Penhallow", &format!("{}@authority.example", id.simple()), now).await.unwrap()
        };
        account::Entity::insert(row).exec_without_returning(&beside).await.unwrap();
        let row = membership::ActiveModel {
            id: ActiveValue::Set(member),
            account: ActiveValue::Set(id),
            party: ActiveValue::Set(authority),
            role: ActiveValue::Set("administrator".to_owned()),
            since: ActiveValue::Set(now),
            until: ActiveValue::Set(None),
            stands_for: ActiveValue::Set(None),
            version: ActiveValue::Set(1),
        };
        membership::Entity::insert(row).exec_without_returning(&beside).await.unwrap();
        let opened = session::open(&beside, id, member, "test", now).await.unwrap();
        beside.close().await.unwrap();
        core.db.clone().close().await.unwrap();
        opened.token
    }
}

/// A connection beside the program's, that may do anything.
pub(crate) async fn beside(url: &str) -> sea_orm::DatabaseConnection {
    let url = match url.strip_prefix("sqlite:") {
        Some(path) => format!("sqlite://{path}?mode=rw"),
        None => url.to_owned(),
    };
    sea_orm::Database::connect(sea_orm::ConnectOptions::new(url).max_connections(1).to_owned()).await.unwrap()
}

/// The program serving, killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) at: String,
}

impl Serving {
    /// Ends it at once, wherever it is: SIGKILL.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The status of what a machine asks after.
    pub(crate) fn ready(&self) -> u16 {
        Client { at: self.at.clone(), token: String::new() }.get("/readyz").map_or(0, |(status, _)| status)
    }

    /// Waits until it is ready, at most half a minute.
    pub(crate) fn comes_back(&self) {
        let until = Instant::now() + Duration::from_secs(30);
        while self.ready() != 200 {
            assert!(Instant::now() < until, "it did not come back by itself");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Somebody signed in, one request at a time.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) at: String,
    pub(crate) token: String,
}

impl Client {
    fn ask(&self, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
        self.send(method, path, "application/x-www-form-urlencoded", body)
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(&self.at)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: text/html\r\nCookie: vouchsafe={}\r\nContent-Length: {}\r\n\
             Content-Type: {kind}\r\n\r\n{body}",
            self.at,
            self.token,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        // An answer cut off is none.
        let whole = status.filter(|_| answer.contains("\r\n\r\n"));
        whole.map(|status| (status, answer)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    pub(crate) fn get(&self, path: &str) -> io::Result<(u16, String)> {
        self.ask("GET", path, "")
    }

    /// What every form of this visitor carries against forged requests.
    fn csrf(&self) -> String {
        hex::encode(platform::random::digest(format!("form/{}", self.token).as_bytes()))
    }

    /// Sends a file by the form at `path`; the status, and the page.
    pub(crate) fn upload(&self, path: &str, name: &str, text: &str) -> io::Result<(u16, String)> {
        let field = |name: &str, value: &str| format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let file = format!("--mark\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--mark--\r\n");
        self.send("POST", path, "multipart/form-data; boundary=mark", &format!("{}{file}", field("csrf", &self.csrf())))
    }

    /// Adds a party by its form; its id once the answer is here: from then on it must never be lost. The status where it is refused.
    pub(crate) fn add_party(&self, name: &str, once: &str) -> io::Result<Result<Uuid, (u16, String)>> {
        let csrf = self.csrf();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("csrf", csrf.as_str()), ("once", once), ("name", name)])
            .finish();
        let (status, answer) = self.ask("POST", "/parties/add", &body)?;
        let location = answer.lines().find_map(|line| line.to_lowercase().strip_prefix("location:").map(|to| to.trim().to_owned()));
        let id = location.and_then(|to| to.strip_prefix("/parties/").and_then(|id| id.parse().ok()));
        Ok(id.filter(|_| status == 303).ok_or((status, answer)))
    }
}
