//! Entries: one line of the ledger each, in canonical JSON.
//!
//! An entry holds ids and codes only, never values, names or addresses; what was said lies in
//! the entry's *detail*, of which the entry holds a salted digest. The canonical bytes are one
//! JSON object without white space, its fields in a fixed order, and its texts drawn from
//! alphabets that need no escape, so each entry has exactly one encoding:
//!
//! ```json
//! {"v":1,"i":7,"at":1763769600000,"actor":{"kind":"account","id":"0198…","membership":"0198…"},"action":"case.approved","subject":{"kind":"proposal","id":"0198…"},"about":{"reference":"OFF-2026-000001"},"detail":"9f86d0…"}
//! ```
//!
//! `membership` and `detail` are left out when there is none; `about` is always there, its keys
//! in byte order.

mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::canonical;

pub use view::EntryView;

/// Longest code, in bytes.
pub const MAX_CODE: usize = 64;
/// Longest id or value in `about`, in bytes.
pub const MAX_ID: usize = 128;
/// Most pairs in `about`.
pub const MAX_ABOUT: usize = 32;
/// Longest canonical entry, in bytes, its newline not counted.
pub const MAX_ENTRY: usize = 8192;
/// Latest instant of an entry: the end of the year 9999, in milliseconds since 1970 UTC.
pub const MAX_AT_MS: i64 = 253_402_300_799_999;

/// The action of the entry that destroys the key under which a subject's details are sealed. Its
/// subject is the one whose details become unreadable.
pub const KEY_DESTROYED: &str = "key.destroyed";
/// The key of `about` under which an entry names, as `kind:id`, the subject whose key sealed its detail, where that is not the entry's own
/// subject: someone's account, for what is personal to them.
pub const SEALED_FOR: &str = "sealed_for";
/// The action of the entry that declares a restore from a backup; see [`Restore`].
pub const RESTORE_DECLARED: &str = "restore.declared";

/// Why an entry is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// A code is empty, too long, or has characters other than `a-z 0-9 _ . -`.
    #[error("not a code: {0:?}")]
    Code(String),
    /// An id is empty, too long, or has characters other than `A-Z a-z 0-9 _ . : -`.
    #[error("not an id: {0:?}")]
    Id(String),
    /// The instant lies before 1970 or after the year 9999.
    #[error("the instant {0} is out of range")]
    Instant(i64),
    /// `about` holds more than [`MAX_ABOUT`] pairs.
    #[error("too many pairs in about: {0}")]
    About(usize),
    /// The bytes are longer than [`MAX_ENTRY`].
    #[error("the entry is longer than {MAX_ENTRY} bytes")]
    TooLong,
    /// The bytes are not the canonical form of any entry.
    #[error("not canonical at byte {0}")]
    NotCanonical(usize),
    /// A `restore.declared` entry lacks a size or root, or they are malformed.
    #[error("a restore is declared without a well-formed size and root")]
    Restore,
}

/// A code: a word from a closed list, such as a kind or an action. Lower case letters, digits,
/// `_ . -`, beginning with a letter, at most [`MAX_CODE`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

impl Code {
    /// Takes `text` as a code.
    ///
    /// # Errors
    /// [`EntryError::Code`] when it is not one.
    pub fn new(text: impl Into<String>) -> Result<Self, EntryError> {
        let text = text.into();
        if view::is_code(text.as_bytes()) { Ok(Self(text)) } else { Err(EntryError::Code(shown(text))) }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An id, a reference, a count or a digest: letters, digits, `_ . : -`, beginning with a letter or
/// digit, at most [`MAX_ID`] bytes. Spaces and `@` are not among them, so that neither names nor
/// addresses fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// Takes `text` as an id.
    ///
    /// # Errors
    /// [`EntryError::Id`] when it is not one.
    pub fn new(text: impl Into<String>) -> Result<Self, EntryError> {
        let text = text.into();
        if view::is_id(text.as_bytes()) { Ok(Self(text)) } else { Err(EntryError::Id(shown(text))) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Uuid> for Id {
    fn from(id: Uuid) -> Self {
        Self(id.hyphenated().to_string())
    }
}

impl From<u64> for Id {
    fn from(count: u64) -> Self {
        Self(count.to_string())
    }
}

impl From<Code> for Id {
    fn from(code: Code) -> Self {
        Self(code.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// At most 40 characters of a refused text, for an error.
fn shown(mut text: String) -> String {
    if let Some((cut, _)) = text.char_indices().nth(40) {
        text.truncate(cut);
    }
    text
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorRef {
    /// `account`, `link`, `operator` or `job`.
    pub kind: Code,
    /// The account's, link's or job's id.
    pub id: Id,
    /// The membership in which an account acted.
    pub membership: Option<Id>,
}

/// What it was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The kind of record or case.
    pub kind: Code,
    /// Its id.
    pub id: Id,
}

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the ledger, from 0.
    pub index: u64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who.
    pub actor: ActorRef,
    /// What.
    pub action: Code,
    /// To what.
    pub subject: Subject,
    /// Codes and ids that say more: stage before and after, reference, count.
    pub about: BTreeMap<Code, Id>,
    /// [`detail_digest`] of the entry's detail, when it has one.
    pub detail: Option<[u8; 32]>,
}

impl Entry {
    /// The canonical bytes, without a newline: the leaf of the Merkle tree.
    ///
    /// # Errors
    /// [`EntryError::Instant`] and [`EntryError::About`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        if !(0..=MAX_AT_MS).contains(&self.at_ms) {
            return Err(EntryError::Instant(self.at_ms));
        }
        if self.about.len() > MAX_ABOUT {
            return Err(EntryError::About(self.about.len()));
        }
        let mut out = String::with_capacity(512);
        let mut put = |parts: &[&str]| parts.iter().for_each(|part| out.push_str(part));
        put(&["{\"v\":1,\"i\":", &self.index.to_string(), ",\"at\":", &self.at_ms.to_string()]);
        put(&[",\"actor\":{\"kind\":\"", &self.actor.kind.0, "\",\"id\":\"", &self.actor.id.0]);
        if let Some(membership) = &self.actor.membership {
            put(&["\",\"membership\":\"", &membership.0]);
        }
        put(&["\"},\"action\":\"", &self.action.0]);
        put(&["\",\"subject\":{\"kind\":\"", &self.subject.kind.0, "\",\"id\":\"", &self.subject.id.0]);
        put(&["\"},\"about\":{"]);
        for (n, (key, value)) in self.about.iter().enumerate() {
            put(&[if n == 0 { "\"" } else { ",\"" }, &key.0, "\":\"", &value.0, "\""]);
        }
        put(&["}"]);
        if let Some(detail) = &self.detail {
            put(&[",\"detail\":\"", &hex::encode(detail), "\""]);
        }
        put(&["}"]);
        Ok(out.into_bytes())
    }

    /// Reads an entry from its canonical bytes; anything else is refused.
    ///
    /// # Errors
    /// As [`EntryView::parse`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        EntryView::parse(bytes).map(|view| view.to_entry())
    }
}

/// A declared restore: the last checkpoint that had left the machine before it was restored from
/// a backup. Declare one for each outside checkpoint that the restored ledger does not contain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restore {
    /// The checkpoint's size, in entries.
    pub size: u64,
    /// The checkpoint's root.
    pub root: [u8; 32],
}

impl Restore {
    /// What the `about` of a [`RESTORE_DECLARED`] entry holds.
    pub fn to_about(self) -> BTreeMap<Code, Id> {
        BTreeMap::from([(Code("root".into()), Id(hex::encode(self.root))), (Code("size".into()), Id(self.size.to_string()))])
    }

    /// The restore that `entry` declares, if its action is [`RESTORE_DECLARED`].
    ///
    /// # Errors
    /// [`EntryError::Restore`] when it declares one without a well-formed size and root.
    pub fn from_entry(entry: &EntryView<'_>) -> Result<Option<Self>, EntryError> {
        if entry.action() != RESTORE_DECLARED {
            return Ok(None);
        }
        let (mut size, mut root) = (None, None);
        for (key, value) in entry.about() {
            match key {
                "size" => size = value.parse::<u64>().ok().filter(|n| n.to_string() == value),
                "root" => root = canonical::digest(value.as_bytes()),
                _ => {}
            }
        }
        match (size, root) {
            (Some(size), Some(root)) => Ok(Some(Self { size, root })),
            _ => Err(EntryError::Restore),
        }
    }
}

/// The digest of a detail that an entry holds: SHA-256 of `vouchsafe-detail-v1`, the salt, the
/// body's length in bytes as eight bytes, high byte first, and the body. The salt must be random
/// and used once.
pub fn detail_digest(salt: &[u8; 32], body: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"vouchsafe-detail-v1");
    hasher.update(salt);
    hasher.update((body.len() as u64).to_be_bytes());
    hasher.update(body);
    hasher.finalize().into()
}
