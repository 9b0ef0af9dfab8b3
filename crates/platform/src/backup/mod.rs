//! Backups: one moment of the database as rows that either engine reads back, the files, and a signed manifest written last. The keys go to
//! another place, or nowhere: a backup beside its keys protects nothing.
//!
//! [`take`] writes one while the service serves, [`restore`] reads it into an empty database and checks what it restored: every byte
//! against the manifest, the ledger's tree against its entries, every sealed detail against its key. The restore is an entry itself, which
//! names the last checkpoint that left the machine, so that an auditor tells a declared loss from tampering.

mod folder;
mod manifest;
mod objects;
mod restore;
mod rows;
mod take;
#[cfg(test)]
mod tests;
mod verify;

/// The entry of a database that was restored with its whole history.
pub const RESTORE: &str = "system.restore";
/// The entries after which the service goes on from a backup: what was handed out since may have been used meanwhile.
pub const RESTORED: [&str; 2] = [RESTORE, ledger::entry::RESTORE_DECLARED];

pub use folder::Folder;
pub use manifest::Manifest;
pub use restore::{Restored, restore};
pub use take::{Taken, take};

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The backup, the keys, the checkpoint or the place to restore to cannot be used: why, and what to do.
    #[error("{0}")]
    Refused(String),
    /// Something did not work.
    #[error(transparent)]
    Failed(#[from] crate::Error),
}
