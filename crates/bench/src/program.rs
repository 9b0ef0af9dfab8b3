//! The program under measurement, as a process of its own.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// A demonstration that is being served.
pub struct Served {
    child: Child,
    /// Its address: `http://127.0.0.1:…`.
    pub at: String,
    /// The sign-in path of each of its people, by name.
    pub links: BTreeMap<String, String>,
    /// From the start of the process to the first answer.
    pub first_answer: Duration,
}

impl Served {
    /// Serves the demonstration in `data`, which is filled first where it is empty.
    pub fn start(program: &Path, data: &Path, more: &[&str]) -> Result<Self> {
        Self::start_with(program, data, more, &[])
    }

    /// The same with these settings, by the names of their variables.
    pub fn start_with(program: &Path, data: &Path, more: &[&str], settings: &[(&str, &OsStr)]) -> Result<Self> {
        let began = Instant::now();
        let mut child = Command::new(program)
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            // One program asks here what many ask in an hour.
            .envs([("VOUCHSAFE_API_TOKEN_MINUTE", "1000000000"), ("VOUCHSAFE_API_ADDRESS_MINUTE", "1000000000")])
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let out = child.stdout.take().context("no output")?;
        let (mut links, mut at) = (BTreeMap::new(), String::new());
        let mut lines = BufReader::new(out).lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some((person, link)) = line.split_once("http://").filter(|(_, link)| link.contains("/sign-in/demo/")) {
                let name = person.trim().split("  ").next().unwrap_or_default().to_owned();
                links.insert(name, link[link.find('/').unwrap_or(0)..].to_owned());
            }
            if let Some((_, address)) = line.split_once("listens on ") {
                at = address.trim().to_owned();
                break;
            }
        }
        if at.is_empty() {
            bail!("the program ended before it served");
        }
        answered(&at)?;
        let first_answer = began.elapsed();
        // Whatever it prints later has a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, at, links, first_answer })
    }

    /// Processor time that it used so far, all threads.
    pub fn cpu(&self) -> Result<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after = text.rsplit_once(')').map_or("", |(_, rest)| rest);
        let field = |n: usize| after.split_whitespace().nth(n).and_then(|t| t.parse::<u64>().ok());
        // Fields 14 and 15 of the line, counted from the state, which is the third; in ticks of 10 ms.
        let ticks = field(11).zip(field(12)).map(|(user, system)| user + system).context("no figures of the process")?;
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Memory that it holds now, in MiB.
    pub fn memory(&self) -> Result<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no figures of the process")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }

    /// Waits until it has nothing left to do of its own: two seconds with less than one hundredth of a processor, for `at_most` at the longest.
    pub async fn settled(&self, at_most: Duration) -> Result<()> {
        const LOOK: Duration = Duration::from_secs(2);
        let until = Instant::now() + at_most;
        loop {
            let before = self.cpu()?;
            tokio::time::sleep(LOOK).await;
            if self.cpu()?.saturating_sub(before) <= LOOK / 100 || Instant::now() > until {
                return Ok(());
            }
        }
    }

    /// Ends it as a service manager does, and waits.
    pub fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Already ended when it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the address answers.
fn answered(at: &str) -> Result<()> {
    use std::io::{Read as _, Write as _};
    let address = at.trim_start_matches("http://");
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        if let Ok(mut stream) = std::net::TcpStream::connect(address) {
            stream.write_all(format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            if answer.starts_with("HTTP/1.1 200") {
                return Ok(());
            }
        }
        if Instant::now() > until {
            bail!("{at} does not answer");
        }
        std::thread::yield_now();
    }
}

/// Runs a command of the program to its end.
pub fn run(program: &Path, args: &[&str]) -> Result<()> {
    let done = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    if !done.status.success() {
        bail!("{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(())
}

/// A folder in `data` in which nothing lies from before; whoever uses it makes it.
pub fn fresh(data: &Path, name: &str) -> Result<PathBuf> {
    let folder = data.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(folder)
}
