//! Forms on pages and in the database, as a browser without a script meets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod app;
mod generate;
mod pages;
mod reading;
mod saving;
