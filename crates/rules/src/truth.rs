//! Truth with three values, so that "not known" never reads as "no".

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
