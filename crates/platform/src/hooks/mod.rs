//! Webhooks: other systems are told of every change, signed as the Standard Webhooks specification says.
//!
//! The ledger is what is told from: each hook remembers up to which entry it was told, so nothing is lost and nothing is written twice, and a
//! change costs nothing more where nobody listens. A message says which action was done to which thing, in ids and codes; what people wrote
//! stays here, and whoever is told asks for it with a token of its own.

pub mod deliver;
pub mod reach;
pub mod rows;
pub mod signing;

mod pump;

#[cfg(test)]
mod tests;

pub use deliver::{JOB, deliver};
pub use pump::pump;
