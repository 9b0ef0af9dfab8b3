//! Vouchsafe's pure half: packs, forms, conditions, countries, decisions and their reasons, risk and schedules.
//!
//! Nothing here reads a file, a clock, a socket or a database: the time, the texts and the registers come in as values.

pub mod authority_data;
pub mod breach;
pub mod category;
pub mod concentration;
pub mod condition;
pub mod country;
pub mod cover;
pub mod decision;
pub mod entries;
pub mod findings;
pub mod foreign;
pub mod form;
pub mod governing;
pub mod incident;
pub mod input;
pub mod levels;
pub mod message;
pub mod ocds;
pub mod offshoring;
pub mod pack;
pub mod plan_change;
mod possible;
pub mod reason;
pub mod regulator;
pub mod risk;
pub mod schedule;
pub mod screen;
mod split;
pub mod stale;
pub mod subprocessors;
#[cfg(test)]
mod testing;
pub mod transfer;
pub mod truth;
pub mod urgent;
pub mod veris;
