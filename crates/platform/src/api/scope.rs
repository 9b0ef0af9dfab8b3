//! What a token may be used for. Scopes only ever narrow what its membership may do.

use std::collections::BTreeSet;

use super::op::Area;

/// Every scope, by code, in the order shown.
pub const SCOPES: [&str; 8] = [
    "registers:read",
    "registers:write",
    "cases:read",
    "cases:write",
    "duties:read",
    "duties:write",
    "administration:read",
    "administration:write",
];

/// A set of scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<&'static str>);

impl Scopes {
    /// The scopes in `text`, apart by blanks. What is none is left out: it allows nothing.
    pub fn read(text: &str) -> Self {
        text.split_whitespace().filter_map(|code| SCOPES.into_iter().find(|s| *s == code)).collect()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The codes.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        SCOPES.into_iter().filter(|s| self.0.contains(s))
    }

    /// Whether they allow reading in an area, or changing. Whoever may change may read.
    pub fn allow(&self, area: Area, change: bool) -> bool {
        self.0.contains(area.scope(true)) || (!change && self.0.contains(area.scope(false)))
    }
}

impl FromIterator<&'static str> for Scopes {
    fn from_iter<I: IntoIterator<Item = &'static str>>(codes: I) -> Self {
        Self(codes.into_iter().collect())
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.codes().collect::<Vec<_>>().join(" "))
    }
}
