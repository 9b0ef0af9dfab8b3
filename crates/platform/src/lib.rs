//! platform

pub mod ui;
