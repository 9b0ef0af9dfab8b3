//! The manifest of a backup: what it holds, to the byte, signed with the ledger's key. It is written last, so that a folder without it was
//! cut off before its end.
//!
//! ```text
//! vouchsafe backup 1
//! id 01a7…
//! made 1763769600000
//! program 0.1.0
//! size 1204
//! root 9c34…
//! master 5f0c…
//! key ledger.council.example+a1b2c3d4+ARpc…
//! migration a0001_party
//! contents 1834 5f2e…
//!
//! — ledger.council.example AaBbCc…
//! ```
//!
//! `contents` gives length and digest of the file that lists the others. `master` names the master keys that the backup is sealed with.

use std::fmt::Write as _;

use ledger::key::open_note;
use ledger::{SigningKey, VerifyingKey};
use uuid::Uuid;

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::seal::KeyId;

/// Its name.
pub const MANIFEST: &str = "manifest";
/// The name of the list of the other files.
pub const CONTENTS: &str = "contents";

const FIRST_LINE: &str = "vouchsafe backup 1";

/// Length and digest of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its id, which the entries about it name.
    pub id: Uuid,
    /// When it was made.
    pub made_at: Millis,
    /// The version of the program that made it.
    pub program: String,
    /// Entries in its ledger.
    pub size: u64,
    /// The root of its ledger.
    pub root: [u8; 32],
    /// The master keys that it is sealed with: the one in use, and the one before while a change was unfinished.
    pub master: Vec<KeyId>,
    /// The key that signs it.
    pub key: VerifyingKey,
    /// The migrations that its database has.
    pub migrations: Vec<String>,
    /// The list of its files.
    pub contents: Print,
}

/// What became of reading a manifest.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    /// It is one.
    Whole(Box<Manifest>),
    /// It is none, or was changed.
    Broken,
    /// Another key signed it: the name of that one.
    Other(String),
}

impl Manifest {
    /// The signed note.
    ///
    /// # Errors
    /// When the key refuses it.
    pub fn sign(&self, key: &SigningKey) -> Result<String> {
        key.sign(&self.text()).map_err(Error::internal)
    }

    fn text(&self) -> String {
        let Self { id, made_at, program, size, root, .. } = self;
        let mut text = format!("{FIRST_LINE}\nid {id}\nmade {made_at}\nprogram {program}\nsize {size}\nroot {}\n", hex::encode(root));
        // Writing to a string cannot fail.
        for id in &self.master {
            let _ = writeln!(text, "master {id}");
        }
        let _ = writeln!(text, "key {}", self.key);
        for name in &self.migrations {
            let _ = writeln!(text, "migration {name}");
        }
        let _ = writeln!(text, "contents {} {}", self.contents.length, hex::encode(self.contents.sha256));
        text
    }

    /// Reads a note that `key` must have signed. Only what would be written again just so is read.
    pub fn read(note: &[u8], key: &VerifyingKey) -> Read {
        let text = std::str::from_utf8(note).ok().and_then(|note| Some(format!("{}\n", note.rsplit_once("\n\n")?.0)));
        let Some(manifest) = text.and_then(|text| Self::parse(&text)) else { return Read::Broken };
        let own = manifest.key.clone();
        match open_note(note, std::slice::from_ref(&own), true) {
            Ok(_) if own == *key => Read::Whole(Box::new(manifest)),
            Ok(_) => Read::Other(own.to_string()),
            Err(_) => Read::Broken,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().peekable();
        (lines.next()? == FIRST_LINE).then_some(())?;
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let id = value("id")?.parse().ok()?;
        let made_at = value("made")?.parse().ok()?;
        let program = value("program")?.to_owned();
        let size = value("size")?.parse().ok()?;
        let root = digest(value("root")?)?;
        let mut several = |name: &str| {
            let mut found = Vec::new();
            while let Some(line) = lines.next_if(|line| line.starts_with(&format!("{name} "))) {
                found.push(line.get(name.len() + 1..).unwrap_or_default().to_owned());
            }
            found
        };
        let master = several("master").iter().map(|id| KeyId::parse(id)).collect::<Option<_>>()?;
        let key = VerifyingKey::parse(several("key").first()?).ok()?;
        let migrations = several("migration");
        let contents = several("contents");
        let (length, sha256) = contents.first()?.split_once(' ')?;
        let contents = Print { length: length.parse().ok()?, sha256: digest(sha256)? };
        let read = Self { id, made_at, program, size, root, master, key, migrations, contents };
        (read.text() == text).then_some(read)
    }
}

/// One line of the list of files.
pub(super) fn listed(path: &str, print: &Print) -> String {
    format!("{} {} {path}\n", hex::encode(print.sha256), print.length)
}

/// Reads the list of files: path and print, in order of the paths, which stay within the folder.
pub(super) fn read_list(text: &str) -> Option<Vec<(String, Print)>> {
    let mut list: Vec<(String, Print)> = Vec::new();
    for line in text.lines() {
        let (sha256, rest) = line.split_once(' ')?;
        let (length, path) = rest.split_once(' ')?;
        let inside = path.split('/').all(|part| !matches!(part, "" | "." | "..")) && !path.chars().any(char::is_control);
        let print = Print { length: length.parse().ok()?, sha256: digest(sha256)? };
        (inside && list.last().is_none_or(|(last, _)| last.as_str() < path)).then_some(())?;
        list.push((path.to_owned(), print));
    }
    Some(list)
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    hex::decode_to_slice(text, &mut out).ok().filter(|()| text.bytes().all(|b| !b.is_ascii_uppercase()))?;
    Some(out)
}
