//! Proposals, from draft to decision.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acts;
mod at_scale;
mod behalf;
mod carried;
mod classifying;
mod conditions;
mod deciding;
mod delegated;
mod desk;
mod file_answers;
mod file_stores;
mod files;
pub(crate) mod levels;
mod lifecycle;
mod links;
mod passing;
mod questionnaire;
mod reviews;
mod screens;
mod sealed;
pub(crate) mod sealing;
mod sites;
mod stale;
mod twin;
mod urgent;
mod urgent_after;
mod urgent_ends;
mod workbook;
pub(crate) mod world;
