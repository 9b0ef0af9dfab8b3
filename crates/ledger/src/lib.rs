//! The tamper-evident ledger: entries, the Merkle tree over them, signed checkpoints, proofs, the
//! closed export and its verification.
//!
//! Nothing here knows a database, a clock, randomness or a file: they come in as values, or
//! through the small traits [`export::Sink`] and [`export::Source`]. Only the program
//! `ledger-verify` reads files. Formats are those of C2SP (signed notes, checkpoints, the storage
//! order of tile hashes) and RFC 6962 (hashing, proofs); `docs/ledger.md` describes them.

pub mod archive;
mod canonical;
pub mod checkpoint;
pub mod entry;
pub mod export;
pub mod key;
pub mod tree;
pub mod verify;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::{ActorRef, Code, Entry, EntryError, EntryView, Id, Subject, detail_digest};
pub use key::{KeyError, SigningKey, VerifyingKey};
pub use tree::{Frontier, Hash, StoredHashes, TreeError};
