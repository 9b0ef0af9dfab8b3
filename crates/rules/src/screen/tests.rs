//! What is found, and what is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

use super::*;

mod cases;
mod real;
mod whatever;

/// What is found of `kind` in `text`, as it stands there.
fn values(text: &str, kind: Kind) -> Vec<&str> {
    screen(text).into_iter().filter(|finding| finding.kind == kind).map(|finding| &text[finding.span()]).collect()
}
