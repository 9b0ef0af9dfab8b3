//! Scanning for malware by a `clamd` beside the service, as the file passes: its command `INSTREAM` over a socket of this machine. Nothing
//! is kept that the scanner did not call clean; one that does not answer refuses the upload rather than letting it by.

use std::pin::Pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

use crate::config::Files;
use crate::error::{Error, Result};
use crate::texts::Text;

/// What the scanner says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// What was found, as the scanner names it.
    Found(String),
}

/// The message for a file that is larger than the scanner takes.
const LIMIT: &str = "file-scanner-limit";

/// The longest answer that is read.
const ANSWER: u64 = 4096;

trait Socket: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Socket for T {}

/// One scan under way.
pub(super) struct Scan {
    socket: Pin<Box<dyn Socket>>,
    patience: Duration,
}

/// Whether an address is one that a scanner can have: `unix:PATH`, or a port of this very machine. What is sent there is not encrypted.
pub(crate) fn is_address(address: &str) -> bool {
    match address.strip_prefix("unix:") {
        Some(path) => path.starts_with('/'),
        None => address.parse::<std::net::SocketAddr>().is_ok_and(|a| a.ip().is_loopback()),
    }
}

impl Scan {
    /// Begins a scan with the scanner of these settings; none when there is none.
    ///
    /// # Errors
    /// As [`down`].
    pub(super) async fn begin(settings: &Files) -> Result<Option<Self>> {
        if settings.clamd.is_empty() {
            return Ok(None);
        }
        let patience = Duration::from_secs(settings.scan_seconds);
        let mut scan = Self { socket: within(patience, connect(&settings.clamd)).await?, patience };
        scan.write(b"zINSTREAM\0").await?;
        Ok(Some(scan))
    }

    /// Hands on the next bytes.
    ///
    /// # Errors
    /// As [`down`], or what the scanner says when it will not take more.
    pub(super) async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        for part in bytes.chunks(1024 * 1024) {
            let length = u32::try_from(part.len()).map_err(Error::internal)?.to_be_bytes();
            if self.write(&length).await.is_err() || self.write(part).await.is_err() {
                return self.hung_up().await.map(|_| ());
            }
        }
        Ok(())
    }

    /// The verdict on all that was handed on.
    ///
    /// # Errors
    /// As [`Scan::push`].
    pub(super) async fn finish(mut self) -> Result<Verdict> {
        if self.write(&[0; 4]).await.is_err() {
            return self.hung_up().await;
        }
        judge(&self.answer().await?)
    }

    /// It hung up before the end: it may have said why.
    async fn hung_up(&mut self) -> Result<Verdict> {
        match self.answer().await?.as_str() {
            "" => Err(down("it hung up")),
            said => judge(said),
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        within(self.patience, self.socket.write_all(bytes)).await
    }

    async fn answer(&mut self) -> Result<String> {
        let mut said = Vec::new();
        let mut limited = (&mut self.socket).take(ANSWER);
        let read = within(self.patience, limited.read_to_end(&mut said)).await;
        // Whoever hangs up on unread bytes resets the connection, after what was said.
        if said.is_empty() {
            read?;
        }
        Ok(String::from_utf8_lossy(&said).trim_end_matches('\0').trim().to_owned())
    }
}

/// Whether the scanner of these settings answers; none when there is none.
///
/// # Errors
/// When it does not.
pub async fn answers(settings: &Files) -> Result<Option<()>> {
    if settings.clamd.is_empty() {
        return Ok(None);
    }
    let patience = Duration::from_secs(settings.scan_seconds.min(10));
    let mut scan = Scan { socket: within(patience, connect(&settings.clamd)).await?, patience };
    scan.write(b"zPING\0").await?;
    match scan.answer().await?.as_str() {
        "PONG" => Ok(Some(())),
        other => Err(down(&format!("it answers {other:?}"))),
    }
}

async fn connect(address: &str) -> std::io::Result<Pin<Box<dyn Socket>>> {
    Ok(match address.strip_prefix("unix:") {
        Some(path) => Box::pin(UnixStream::connect(path).await?),
        None => Box::pin(TcpStream::connect(address).await?),
    })
}

async fn within<T>(patience: Duration, work: impl Future<Output = std::io::Result<T>>) -> Result<T> {
    match tokio::time::timeout(patience, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(down(&error.to_string())),
        Err(_) => Err(down("it took too long")),
    }
}

/// The scanner is out of reach: told to whoever uploads, and to the log with its cause.
fn down(cause: &str) -> Error {
    tracing::error!(cause, "the virus scanner cannot be used; uploads are refused");
    metrics::counter!("vouchsafe_scanner_failed_total").increment(1);
    Error::field("file", Text::new("file-scanner-down"))
}

/// Whether a scan ended because the file is larger than the scanner takes.
pub(super) fn too_large(error: &Error) -> bool {
    matches!(error, Error::Invalid(errors) if errors.get("file").is_some_and(|text| text.id == LIMIT))
}

/// What an answer means: `stream: OK`, `stream: NAME FOUND`, or an error.
fn judge(said: &str) -> Result<Verdict> {
    let rest = said.strip_prefix("stream:").map_or(said, str::trim);
    if rest == "OK" {
        return Ok(Verdict::Clean);
    }
    if let Some(name) = rest.strip_suffix("FOUND") {
        return Ok(Verdict::Found(name.trim().to_owned()));
    }
    if said.contains("size limit exceeded") {
        return Err(Error::field("file", Text::new(LIMIT)));
    }
    Err(down(&format!("it answers {said:?}")))
}
