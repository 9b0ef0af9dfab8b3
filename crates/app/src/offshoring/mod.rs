//! Offshoring proposals (OFF-3 to OFF-12): drafted and submitted by a supplier, checked, assessed, recommended on, decided.

pub mod model;

#[cfg(test)]
mod tests;
