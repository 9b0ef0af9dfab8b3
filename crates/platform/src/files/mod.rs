//! Files: bytes that someone uploaded as evidence (OWN-4). They are streamed, never held whole in memory: measured, hashed, typed by their
//! content, scanned, sealed in segments, put into a local folder or an S3-compatible store, and only then does a row with its ledger entry
//! say that they exist. Bytes without a row are swept.
//!
//! A file is attached to a thing (kind and id) and, within it, to a field or to none. Which kinds can have files, and what their policies
//! say of it, stands in a table of [`Kind`]s that the product registers; pages and writes here are the same for all.

mod act;
mod answers;
mod api;
mod attach;
pub mod held;
pub mod kind;
mod name;
mod out;
mod pages;
mod receive;
mod rows;
mod scan;
pub mod segments;
mod store;
mod sweep;
mod whole;

#[cfg(test)]
mod tests;

pub use act::{About, Brought, Handed, To, add, bring, drop_drafts, hand_in, remove, reveal};
pub use answers::answers;
pub use attach::{Attached, Desk, File, Finding, Kind, Naming, Screened, Subject};
pub use held::Held;
pub use name::plain as plain_name;
pub use out::{Goes, Leaving, leaving, opened, whole};
pub use pages::{brief, entries, panel, routes, size_text};
pub use receive::{AtHand, INFECTED, Received, Source, keep, receive};
pub use rows::{Column, Entity, Model, visible};
pub(crate) use scan::is_address as is_scanner_address;
pub use scan::{Verdict, answers as scanner_answers};
pub use store::Store;
pub(crate) use store::place_of;
pub use sweep::{ERASE, SWEEP, erase, sweep};
pub use whole::write_whole;
