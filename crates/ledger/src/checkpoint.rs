//! Checkpoints: the ledger's signed head, as C2SP `tlog-checkpoint` writes it.
//!
//! ```text
//! ledger.council.example
//! 1204
//! nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=
//! at 1763769600000
//!
//! — ledger.council.example AaBbCc…
//! ```
//!
//! The lines are the origin, the number of entries, the root, and (an extension line of ours) the
//! instant of signing in milliseconds since 1970 UTC.

use tlog_tiles::checkpoint as c2sp;

use crate::key::{KeyError, SigningKey, VerifyingKey, open_note};
use crate::tree::{Hash, MAX_SIZE};

#[cfg(test)]
mod tests;

/// Longest checkpoint, in bytes, signatures of witnesses included.
pub const MAX_CHECKPOINT: usize = 16 * 1024;

/// Why a checkpoint was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not a checkpoint.
    #[error("not a checkpoint")]
    Malformed,
    /// It is a checkpoint of another ledger, whose origin this is.
    #[error("a checkpoint of another ledger: {0}")]
    Origin(String),
    /// It is not signed by any of the keys.
    #[error("not signed by a known key")]
    UnknownKey,
    /// Its signature does not fit.
    #[error("the signature does not fit")]
    Signature,
}

/// The ledger's head at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The ledger's origin.
    pub origin: String,
    /// Entries in the ledger.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// When it was signed, in milliseconds since 1970 UTC, where it says so.
    pub at_ms: Option<i64>,
}

impl Checkpoint {
    /// Signs the head of `size` entries with `root`, `at_ms` milliseconds after 1970 UTC.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] when the size is beyond [`MAX_SIZE`].
    pub fn sign(key: &SigningKey, size: u64, root: Hash, at_ms: i64) -> Result<String, CheckpointError> {
        if size > MAX_SIZE {
            return Err(CheckpointError::Malformed);
        }
        let head = c2sp::Checkpoint::new(key.origin(), size, root, &format!("at {at_ms}\n")).map_err(|_| CheckpointError::Malformed)?;
        let text = String::from_utf8(head.to_bytes()).map_err(|_| CheckpointError::Malformed)?;
        key.sign(&text).map_err(|_| CheckpointError::Malformed)
    }

    /// Reads a checkpoint whose signature was not checked: for showing, never for deciding.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`].
    pub fn peek(note: &str) -> Result<Self, CheckpointError> {
        let malformed = CheckpointError::Malformed;
        if note.len() > MAX_CHECKPOINT {
            return Err(malformed);
        }
        let Some((text, _)) = note.rsplit_once("\n\n") else {
            return Err(malformed);
        };
        Self::read(&format!("{text}\n"))
    }

    /// Checks that one of `keys` has signed `note`, and reads it. Further signatures, such as those
    /// of witnesses, are allowed and not checked.
    ///
    /// # Errors
    /// Each of [`CheckpointError`].
    pub fn verify(note: &str, keys: &[VerifyingKey]) -> Result<Self, CheckpointError> {
        let read = Self::peek(note)?;
        if !keys.iter().any(|key| key.origin() == read.origin) {
            return Err(CheckpointError::Origin(read.origin));
        }
        let (text, signer) = open_note(note.as_bytes(), keys, false).map_err(|error| match error {
            KeyError::Signature => CheckpointError::Signature,
            KeyError::UnknownKey => CheckpointError::UnknownKey,
            _ => CheckpointError::Malformed,
        })?;
        let read = Self::read(&text)?;
        if keys.get(signer).is_none_or(|key| key.origin() != read.origin) {
            return Err(CheckpointError::Origin(read.origin));
        }
        Ok(read)
    }

    fn read(text: &str) -> Result<Self, CheckpointError> {
        let malformed = CheckpointError::Malformed;
        let head = c2sp::Checkpoint::from_bytes(text.as_bytes()).map_err(|_| malformed.clone())?;
        if head.to_bytes() != text.as_bytes() || head.size() > MAX_SIZE {
            return Err(malformed);
        }
        let at_ms = head.extension().lines().find_map(|line| line.strip_prefix("at ")?.parse().ok());
        Ok(Self { origin: head.origin().to_owned(), size: head.size(), root: *head.hash(), at_ms })
    }
}
