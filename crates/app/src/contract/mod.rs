//! Contracts, the packs in force on them, and their chains: who works for whom, tier by tier.

pub mod act;
pub mod chain;
pub mod model;
pub mod store;

#[cfg(test)]
mod tests;
