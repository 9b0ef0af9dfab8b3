//! The manifest of an archive.
//!
//! ```text
//! vouchsafe case archive 1
//! made 1763769600000
//! about OFF-2026-000001
//! size 1204
//! root 9c34…
//! details opened
//! entries 17
//! key ledger.council.example+a1b2c3d4+ARpc…
//! file case.html 4821 5f2e…
//!
//! — ledger.council.example AaBbCc…
//! ```
//!
//! Files are in the order in which they lie in the archive.

use std::fmt::Write as _;

use crate::canonical;
use crate::entry::Id;
use crate::export::FileLine;
use crate::key::VerifyingKey;
use crate::tree::{Hash, MAX_SIZE};

use super::{MAX_ENTRIES, MAX_FILES, is_name};

const FIRST_LINE: &str = "vouchsafe case archive 1";

/// What the manifest says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Manifest {
    pub(super) made_at_ms: i64,
    pub(super) about: Id,
    pub(super) size: u64,
    pub(super) root: Hash,
    pub(super) details: bool,
    pub(super) entries: u64,
    pub(super) key: VerifyingKey,
    pub(super) files: Vec<FileLine>,
}

impl Manifest {
    pub(super) fn to_text(&self) -> String {
        let Self { made_at_ms, about, size, entries, key, .. } = self;
        let details = if self.details { "opened" } else { "left-out" };
        let mut text = format!("{FIRST_LINE}\nmade {made_at_ms}\nabout {about}\nsize {size}\nroot {}\n", hex::encode(self.root.0));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "details {details}\nentries {entries}\nkey {key}");
        for file in &self.files {
            let _ = writeln!(text, "file {} {} {}", file.name, file.length, hex::encode(file.digest));
        }
        text
    }

    /// Reads a manifest's text; only what would be written again just so is read.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        (lines.next()? == FIRST_LINE).then_some(())?;
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let made_at_ms = value("made")?.parse().ok()?;
        let about = Id::new(value("about")?).ok()?;
        let size = value("size")?.parse().ok().filter(|size| *size <= MAX_SIZE)?;
        let root = Hash(canonical::digest(value("root")?.as_bytes())?);
        let details = value("details")? == "opened";
        let entries = value("entries")?.parse().ok().filter(|entries| *entries <= MAX_ENTRIES as u64)?;
        let key = VerifyingKey::parse(value("key")?).ok()?;
        let mut files = Vec::new();
        for line in lines {
            let mut parts = line.strip_prefix("file ")?.split(' ');
            let (name, length, digest) = (parts.next()?, parts.next()?.parse().ok()?, canonical::digest(parts.next()?.as_bytes())?);
            (parts.next().is_none() && is_name(name) && files.len() < MAX_FILES).then_some(())?;
            files.push(FileLine { name: name.to_owned(), length, digest });
        }
        let read = Self { made_at_ms, about, size, root, details, entries, key, files };
        (read.to_text() == text).then_some(read)
    }

    pub(super) fn file(&self, name: &str) -> Option<&FileLine> {
        self.files.iter().find(|file| file.name == name)
    }
}
