//! Incidents as others record them: VERIS 1.3 and 1.4, and the same flattened into rows (SEC-24).
//!
//! [`Reading`] takes the bytes of one or several files and gives one [`Line`] for each incident, in order: of a single one, of a JSON list, of one a line.
//! Nothing here reads a file. Whoever does hands on each portion as it comes, so that no file is held whole, however large, and unpacks before:
//!
//! ```
//! # use std::io::Read as _;
//! # let mut file: &[u8] = b"{}";
//! let mut reading = rules::veris::Reading::new();
//! let mut portion = [0; 64 * 1024];
//! loop {
//!     let read = file.read(&mut portion)?;
//!     let lines = if read == 0 { reading.end_of_file() } else { reading.push(&portion[..read]) };
//!     for line in lines {
//!         assert!(line.quarantined());
//!     }
//!     if read == 0 {
//!         break;
//!     }
//! }
//! # std::io::Result::Ok(())
//! ```
//!
//! What is no incident, or does not fit, is a line too, with its reasons. Fields that are not ours are left alone, and left out. What is merely odd, a
//! word that VERIS does not know or a date that is none, is taken as it is written, and told. [`write`] gives VERIS 1.4 again, [`categories`] what it is
//! to us, and [`tell`] puts an incident of ours into words of VERIS.

mod categories;
mod exact;
mod involved;
mod lists;
mod read;
mod record;
mod regulated;
mod rows;
mod standard;
mod take;
mod tell;
mod write;

#[cfg(test)]
mod tests;

pub use categories::categories;
pub use involved::{Sign, involved};
pub use read::{Line, Reading, Reason, read};
pub use record::{Action, Actor, By, Confidentiality, Counted, Discovered, Kind, Known, Loss, Record, Span, When, Who};
pub use regulated::{data_type, facts, subject_type};
pub use tell::tell;
pub use write::write;
