//! Weaknesses that incidents showed (SEC-21, SEC-22): what is weak, where, and how it was resolved. Several incidents may show one. The authority keeps
//! them; a supplier reads those that an incident showed which it reads itself.

pub mod act;
pub mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;
