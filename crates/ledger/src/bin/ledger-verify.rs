//! Verifies an exported ledger.
fn main() {}
