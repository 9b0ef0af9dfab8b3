//! Contracting data as public buyers publish it: releases of the Open Contracting Data Standard 1.1.
//!
//! [`Reading`] takes the bytes of one or several files and gives one [`Line`] for each release, in order. It reads release packages, pages of
//! an API, records with their releases, single releases and releases one a line, whichever it meets. Nothing is lost: what is no release, or
//! cannot be trusted, is a line too, with its reasons. [`agreements`] turns a release into the contracts that it awards.
//!
//! Only what the service uses is checked. The standard's rules for the rest are its publishers' affair.

mod agreement;
mod extract;
mod model;
mod money;
mod read;
#[cfg(test)]
mod tests;

pub use agreement::{Agreement, State, agreements};
pub use model::{Award, Contract, Counts, Line, Money, Organisation, Period, Reason, Release};
pub use read::Reading;
