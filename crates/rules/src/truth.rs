//! Truth with three values, so that "not known" never reads as "no".

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What is known of a statement (Kleene's three values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// Known not to hold.
    False,
    /// Not known: an answer or a fact that it needs is missing.
    Unknown,
    /// Known to hold.
    True,
}

impl Truth {
    /// Both: false wins over unknown, unknown over true.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either: true wins over unknown, unknown over false.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// All hold; true of none.
    pub fn all(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::True, Self::and)
    }

    /// At least one holds; false of none.
    pub fn any(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::False, Self::or)
    }

    /// Known to hold.
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// Known not to hold.
    pub fn is_false(self) -> bool {
        self == Self::False
    }

    /// Not known.
    pub fn is_unknown(self) -> bool {
        self == Self::Unknown
    }
}

/// The opposite; unknown stays unknown.
impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// `None` is a fact that is not known.
impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from)
    }
}

/// A statement, with the facts of the kind `F` that keep it open: those that are not known and whose value could change whether it holds.
///
/// It is exact as long as no fact stands on both sides of an [`Statement::and`] or [`Statement::or`], unless as parts that vary independently of each
/// other, such as what a list holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<F> {
    truth: Truth,
    open: BTreeSet<F>,
}

impl<F: Ord> Statement<F> {
    /// What a fact says: true, false, or not known.
    pub fn of(fact: F, says: impl Into<Truth>) -> Self {
        let truth = says.into();
        Self { truth, open: truth.is_unknown().then_some(fact).into_iter().collect() }
    }

    /// Whether it holds.
    pub fn truth(&self) -> Truth {
        self.truth
    }

    /// The facts that keep it open; none unless it is unknown.
    pub fn open(&self) -> &BTreeSet<F> {
        &self.open
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined(other, Truth::and)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined(other, Truth::or)
    }

    fn joined(mut self, mut other: Self, join: fn(Truth, Truth) -> Truth) -> Self {
        let truth = join(self.truth, other.truth);
        // Once it is settled, nothing that one side leaves open matters any more.
        if !truth.is_unknown() {
            return Self { truth, open: BTreeSet::new() };
        }
        self.open.append(&mut other.open);
        Self { truth, open: self.open }
    }
}

/// The opposite, open by the same facts.
impl<F> std::ops::Not for Statement<F> {
    type Output = Self;

    fn not(self) -> Self {
        Self { truth: !self.truth, open: self.open }
    }
}
