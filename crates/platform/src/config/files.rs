//! Settings of files.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::error::Result;

/// `[files]`: where the sealed bytes of uploaded files lie, and which scanner looks at them on their way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// The folder; empty means `files` in the data folder. Not used when a bucket is set.
    pub folder: PathBuf,
    /// The bucket of an S3-compatible store; empty for the folder.
    pub bucket: String,
    /// The store's address; empty for that of the region.
    pub endpoint: String,
    /// The store's region.
    pub region: String,
    /// The id of the access key.
    pub access_key: String,
    /// The secret of the access key; best in a variable, or in `secret_key_file`.
    pub secret_key: String,
    /// The file with the secret, when `secret_key` is empty.
    pub secret_key_file: PathBuf,
    /// How long the store may take to answer, in seconds.
    pub store_seconds: u64,
    /// The scanner `clamd`: `unix:PATH`, or address and port of this machine. Empty: files are not scanned.
    pub clamd: String,
    /// How long the scanner may take to answer, in seconds.
    pub scan_seconds: u64,
    /// How long reading the text of a file may take, in seconds.
    pub read_seconds: u64,
    /// How much memory that may take, in MiB.
    pub read_mib: u64,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            folder: PathBuf::new(),
            bucket: String::new(),
            endpoint: String::new(),
            region: "us-east-1".into(),
            access_key: String::new(),
            secret_key: String::new(),
            secret_key_file: PathBuf::new(),
            store_seconds: 30,
            clamd: String::new(),
            scan_seconds: 120,
            read_seconds: 30,
            read_mib: 1024,
        }
    }
}

impl Files {
    /// Checks every value; `wrong` makes the error about a key.
    pub(super) fn check(&self, wrong: &dyn Fn(&str, String) -> Result<()>) -> Result<()> {
        let files = self;
        if !files.clamd.is_empty() && !crate::files::is_scanner_address(&files.clamd) {
            let why = "must be unix:/path/of/the/socket, or an address and port of this machine such as 127.0.0.1:3310";
            return wrong("files.clamd", format!("{:?} {why}", files.clamd));
        }
        for (key, seconds) in [("files.scan_seconds", files.scan_seconds), ("files.store_seconds", files.store_seconds)] {
            if !(1..=3600).contains(&seconds) {
                return wrong(key, format!("{seconds} must be between 1 and 3600 seconds"));
            }
        }
        // Reading is done by a job, which ends after some minutes, and waits for its turn before.
        if !(1..=60).contains(&files.read_seconds) {
            return wrong("files.read_seconds", format!("{} must be between 1 and 60 seconds", files.read_seconds));
        }
        if !(512..=65_536).contains(&files.read_mib) {
            return wrong("files.read_mib", format!("{} must be between 512 and 65536", files.read_mib));
        }
        if files.bucket.is_empty() {
            return Ok(());
        }
        let endpoint = url::Url::parse(&files.endpoint).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
        if !files.endpoint.is_empty() && endpoint.is_none() {
            return wrong("files.endpoint", format!("{:?} must be an address such as https://objects.authority.example", files.endpoint));
        }
        if files.access_key.is_empty() || files.secret_key.is_empty() && files.secret_key_file.as_os_str().is_empty() {
            return wrong("files.access_key", "a bucket needs files.access_key, and files.secret_key or files.secret_key_file".into());
        }
        Ok(())
    }
}

impl Settings {
    /// The folder for the sealed bytes of files while no bucket is set.
    pub fn files_folder(&self) -> PathBuf {
        if self.files.folder.as_os_str().is_empty() { self.data.join("files") } else { self.files.folder.clone() }
    }
}
