//! A PostgreSQL server of a test's own, which it may stop and start.

use std::path::PathBuf;
use std::process::{Command, Output};

use sea_orm::{ConnectionTrait as _, Database};

/// A server on a free port of this machine, gone when dropped.
pub struct Cluster {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts one; `None` where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let bin = bin()?;
        let folder = tempfile::Builder::new().prefix("cluster").tempdir_in("/tmp").unwrap();
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { folder, bin, port };
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C"]);
        cluster.go();
        Some(cluster)
    }

    /// An empty database; its address.
    pub async fn create(&self, name: &str) -> String {
        let url = |name: &str| format!("postgres://test@127.0.0.1:{}/{name}", self.port);
        let admin = Database::connect(url("postgres")).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        admin.close().await.unwrap();
        url(name)
    }

    /// Stops it as a crash would: connections are cut, nothing is written out.
    pub fn stop(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }

    /// Starts it again.
    pub fn go(&self) {
        let options = format!("-h 127.0.0.1 -p {} -c unix_socket_directories='' -c max_connections=100", self.port);
        let log = self.folder.path().join("log").display().to_string();
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-l", &log, "-o", &options, "start"]);
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn try_run(&self, program: &str, args: &[&str]) -> Output {
        let program = self.bin.join(program);
        // The server refuses to run as root.
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let quiet = std::process::Stdio::null;
        command.args(args).current_dir("/tmp").stdin(quiet()).stdout(quiet()).stderr(quiet()).output().unwrap()
    }

    fn run(&self, program: &str, args: &[&str]) {
        assert!(self.try_run(program, args).status.success(), "{program} {args:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.try_run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }
}

/// Where PostgreSQL's programs are, the newest where there are several.
fn bin() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().filter_map(|v| Some(v.ok()?.path().join("bin")));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<PathBuf> = std::env::split_paths(&path).chain(debian).filter(|folder| folder.join("initdb").exists()).collect();
    all.sort();
    all.pop()
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}
