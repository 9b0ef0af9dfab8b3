//! Proposals, from draft to decision.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acts;
mod files;
mod lifecycle;
mod screens;
mod twin;
pub(crate) mod world;
