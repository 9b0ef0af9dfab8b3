//! The pages.

pub(super) mod difference;
pub(super) mod install;
pub(super) mod moving;
pub(super) mod putting;
mod values;
