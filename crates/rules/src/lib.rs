//! The pure half of Vouchsafe: countries, decisions and their reasons. It reads no file, no clock and no network.

pub mod country;
pub mod decision;
pub mod offshoring;
