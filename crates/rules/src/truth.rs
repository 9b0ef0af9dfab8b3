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

    /// All of them; true of none.
    pub fn all(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::True, Self::and)
    }

    /// Any of them; false of none.
    pub fn any(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::False, Self::or)
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
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

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        self.negate()
    }
}
