//! Imports, on both engines.
#![allow(clippy::unwrap_used)]
