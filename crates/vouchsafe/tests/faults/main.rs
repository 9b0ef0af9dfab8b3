//! The program under trouble, as real processes: backed up under load and restored, killed while it writes, one of two nodes lost, its
//! database restarted, its disk full.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod backup;
mod nodes;
mod outage;
mod place;
mod soak;
