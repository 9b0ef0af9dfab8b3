//! Files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kind;
mod name;
mod segments;
