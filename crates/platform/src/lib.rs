//! The platform: everything that knows no supplier. Storage and the one write path, authorization, sealing, identity, jobs and
//! mail, the web kit, and the engines for registers and cases that the product's features are written with.
//!
//! The heart is [`cx::Cx`]: who acts, when, on which database. [`cx::Cx::begin`] opens a write, [`cx::Cx::permit`] asks whether it is
//! allowed, [`cx::Cx::commit`] writes ledger entries, jobs and data, all or nothing.

pub mod apart;
pub mod api;
pub mod authz;
pub mod backup;
pub mod book;
pub mod cases;
pub mod checkpoint;
pub mod clock;
pub mod config;
pub mod core;
pub mod cx;
pub mod db;
pub mod error;
pub mod export;
pub mod files;
pub mod forms;
pub mod hooks;
pub mod identity;
pub mod jobs;
pub mod keys;
pub mod mail;
pub mod migrations;
pub mod notices;
pub mod random;
pub mod register;
pub mod seal;
pub mod search;
pub mod sheets;
pub mod texts;
pub mod ui;
pub mod upkeep;
pub mod web;

pub use core::Core;
pub use cx::{Cx, Tx};
pub use error::{Error, Result};
