//! Proposals, from draft to decision.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acts;
mod lifecycle;
mod screens;
mod sealed;
mod sites;
mod twin;
pub(crate) mod world;
