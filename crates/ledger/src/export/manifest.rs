//! The manifest: what the export holds, to the byte.
//!
//! ```text
//! vouchsafe ledger export 1
//! made 1763769600000
//! size 1204
//! root 9c34…
//! details opened
//! chunk 8192
//! key ledger.council.example+a1b2c3d4+ARpc…
//! file checkpoint 231 5f2e…
//! file checkpoints.jsonl 0 e3b0…
//!
//! — ledger.council.example AaBbCc…
//! ```
//!
//! The first key signs; any others signed earlier checkpoints. Files are in byte order of their names.

use std::fmt::Write as _;

use crate::canonical;
use crate::export::MAX_CHUNK;
use crate::key::VerifyingKey;
use crate::tree::{Hash, MAX_SIZE};

const FIRST_LINE: &str = "vouchsafe ledger export 1";

/// One file of the export.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FileLine {
    pub(crate) name: String,
    pub(crate) length: u64,
    /// SHA-256 of its bytes; of a file of entries the root of the tree over its lines alone, which the verifier computes anyway.
    pub(crate) digest: [u8; 32],
}

/// What the manifest says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manifest {
    pub(crate) made_at_ms: i64,
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) details: bool,
    pub(crate) chunk: u64,
    pub(crate) keys: Vec<VerifyingKey>,
    pub(crate) files: Vec<FileLine>,
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
        && !name.starts_with('.')
        && name != super::MANIFEST
}

impl Manifest {
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nmade {}\nsize {}\n", self.made_at_ms, self.size);
        let details = if self.details { "opened" } else { "left-out" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "root {}\ndetails {details}\nchunk {}", hex::encode(self.root.0), self.chunk);
        for key in &self.keys {
            let _ = writeln!(text, "key {key}");
        }
        for file in &self.files {
            let _ = writeln!(text, "file {} {} {}", file.name, file.length, hex::encode(file.digest));
        }
        text
    }

    /// Reads a manifest's text; only what would be written again just so is read.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        (lines.next()? == FIRST_LINE).then_some(())?;
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let made_at_ms = value("made")?.parse().ok()?;
        let size = value("size")?.parse().ok().filter(|size| *size <= MAX_SIZE)?;
        let root = Hash(canonical::digest(value("root")?.as_bytes())?);
        let details = value("details")? == "opened";
        let chunk: u64 = value("chunk")?.parse().ok()?;
        (chunk.is_power_of_two() && chunk <= MAX_CHUNK).then_some(())?;
        let (mut keys, mut files) = (Vec::<VerifyingKey>::new(), Vec::<FileLine>::new());
        for line in lines {
            if let Some(key) = line.strip_prefix("key ") {
                let key = VerifyingKey::parse(key).ok().filter(|key| !keys.contains(key))?;
                keys.push(key);
            } else {
                let file = file_line(line)?;
                files.last().is_none_or(|last| last.name < file.name).then_some(())?;
                files.push(file);
            }
        }
        (1..=100).contains(&keys.len()).then_some(())?;
        let same_origin = keys.iter().all(|key| keys.first().is_some_and(|one| one.origin() == key.origin()));
        let read = Self { made_at_ms, size, root, details, chunk, keys, files };
        (same_origin && read.to_text() == text).then_some(read)
    }

    pub(crate) fn file(&self, name: &str) -> Option<&FileLine> {
        let found = self.files.binary_search_by(|file| file.name.as_str().cmp(name)).ok()?;
        self.files.get(found)
    }
}

fn file_line(line: &str) -> Option<FileLine> {
    let mut words = line.strip_prefix("file ")?.split(' ');
    let name = words.next().filter(|name| is_name(name))?.to_owned();
    let length = words.next()?.parse().ok()?;
    let digest = canonical::digest(words.next()?.as_bytes())?;
    words.next().is_none().then_some(FileLine { name, length, digest })
}
