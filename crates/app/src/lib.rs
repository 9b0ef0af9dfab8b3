//! The product: a folder a feature, in this order of dependence: each calls only earlier ones.

pub mod about;
pub mod account;
pub mod arrangement;
pub mod assurance;
pub mod authority_data;
pub mod bid;
pub mod breach;
pub mod casework;
pub mod check;
pub mod contract;
pub mod country;
pub mod data_protection;
pub mod delegation;
pub mod demo;
pub mod edition;
pub mod geography;
pub mod holding;
pub mod home;
pub mod import;
pub mod incident;
pub mod incident_record;
pub mod intake;
pub(crate) mod kinds;
pub mod measure;
pub mod migrations;
pub mod obligation;
pub mod offshoring;
pub mod pack;
pub mod paper;
pub mod party;
pub mod plan;
pub mod plan_change;
pub mod reading;
pub mod reminder;
pub mod ruling;
pub mod service;
pub mod site;
pub mod subprocessor;
pub mod sweep;
pub mod trend;
pub mod webhook;

#[cfg(test)]
mod testing;
