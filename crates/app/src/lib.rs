//! The product: a folder a feature, in this order of dependence: each calls only earlier ones.

pub mod account;
pub mod migrations;
pub mod party;
pub mod service;

#[cfg(test)]
mod testing;
