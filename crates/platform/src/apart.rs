//! Work on what strangers sent, in a process of its own (SEC-25): it has no settings, no variables and no open file of the service, and it is ended when
//! it takes too long. The program starts itself; what it does there is one of its own commands, which bounds its memory before it reads anything.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// So many such processes at once: each may use as much memory as it is allowed.
const TOGETHER: usize = 2;
/// The most that one may answer, in bytes. A text of 16 MiB whose every character has to be written out as JSON does is six times as long, and places
/// come with it.
const ANSWER: u64 = 160 << 20;

/// Why there is no answer. It is the fault of what was to be read: whatever is wrong with the service itself is an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It took longer than it may, and was ended.
    Slow {
        /// How long it may take, in seconds.
        seconds: u64,
    },
    /// It ended by itself without an answer: it needed more memory than it may, or fell over what it read.
    Failed,
}

/// What is done in a process apart, as a function of what is handed to it: for tests, which have no program to start.
pub type Task = fn(&[u8]) -> Vec<u8>;

/// How work is done apart.
#[derive(Clone)]
pub struct Apart {
    how: How,
    free: Arc<Semaphore>,
}

#[derive(Clone)]
enum How {
    /// By a command of this program.
    Program { program: PathBuf, command: &'static str },
    /// On a thread of this process.
    Within(Task),
}

impl Apart {
    /// By a command of the very program that runs, also after another was put in its place on the disk.
    ///
    /// # Errors
    /// When the system does not say which program that is.
    pub fn by_itself(command: &'static str) -> Result<Self> {
        let own = PathBuf::from("/proc/self/exe");
        let program = if own.exists() { own } else { std::env::current_exe().map_err(Error::internal)? };
        Ok(Self::by(program, command))
    }

    /// By a command of another program.
    pub fn by(program: PathBuf, command: &'static str) -> Self {
        Self { how: How::Program { program, command }, free: Arc::new(Semaphore::new(TOGETHER)) }
    }

    /// On a thread of this process, which nothing can end: for tests alone.
    pub fn within(task: Task) -> Self {
        Self { how: How::Within(task), free: Arc::new(Semaphore::new(TOGETHER)) }
    }

    /// Hands `input` over and waits for the answer, for `seconds` at most once it has begun, with `mib` MiB of memory at most.
    ///
    /// # Errors
    /// Within, why there is no answer. [`Error::Internal`] when the process cannot be started.
    pub async fn run(&self, input: Vec<u8>, seconds: u64, mib: u64) -> Result<std::result::Result<Vec<u8>, Ended>> {
        let _turn = self.free.acquire().await.map_err(Error::internal)?;
        match &self.how {
            How::Within(task) => {
                let task = *task;
                Ok(tokio::task::spawn_blocking(move || task(&input)).await.map_err(|_| Ended::Failed))
            }
            How::Program { program, command } => started(program, command, &input, seconds, mib).await,
        }
    }
}

async fn started(program: &Path, command: &str, input: &[u8], seconds: u64, mib: u64) -> Result<std::result::Result<Vec<u8>, Ended>> {
    let mut child = Command::new(program)
        .arg(command)
        .args(["--seconds", &seconds.to_string(), "--mib", &mib.to_string()])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Error::internal(format!("{} cannot be started: {error}", program.display())))?;
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Error::internal("a process without ends to write to and read from"));
    };
    let both = async {
        let mut answer = Vec::new();
        let mut limited = from.take(ANSWER + 1);
        let hand = async {
            // One that reads no further says why in its answer, or by how it ends.
            let _ = to.write_all(input).await;
            drop(to);
        };
        let ((), read) = tokio::join!(hand, limited.read_to_end(&mut answer));
        drop(limited);
        read.map(|_| answer)
    };
    let done = tokio::time::timeout(Duration::from_secs(seconds), async {
        let answer = both.await?;
        Ok::<_, std::io::Error>((answer, child.wait().await?))
    })
    .await;
    let ended = match done {
        Ok(Ok((answer, status))) if status.success() && answer.len() as u64 <= ANSWER => return Ok(Ok(answer)),
        Ok(Ok((_, status))) => {
            tracing::warn!(command, %status, "a process apart ended without an answer");
            // The system ends one that used more of the processor than it may, as we do.
            if ended_for_time(status) { Ended::Slow { seconds } } else { Ended::Failed }
        }
        Ok(Err(error)) => {
            tracing::warn!(command, %error, "a process apart cannot be read");
            Ended::Failed
        }
        Err(_) => {
            tracing::warn!(command, seconds, "a process apart took too long and is ended");
            Ended::Slow { seconds }
        }
    };
    metrics::counter!("vouchsafe_apart_ended_total").increment(1);
    // Gone, and its row in the table of processes too, before anybody hears of it.
    let _ = child.kill().await;
    Ok(Err(ended))
}

/// Whether the system ended it with SIGXCPU, as Linux and the BSDs number it.
fn ended_for_time(status: ExitStatus) -> bool {
    status.signal() == Some(24)
}
