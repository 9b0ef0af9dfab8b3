//! What a pack says of approvals ahead of the decision.

use serde::{Deserialize, Serialize};

use super::role::Role;

/// An approval that is given ahead of the decision, for some days, and must be ratified soon ([`crate::urgent`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgentApproval {
    /// The roles that may give one.
    pub roles: Vec<Role>,
    /// For how many days at most.
    pub days: u32,
    /// Who ratifies it, and how soon.
    pub ratify: Ratifying,
    /// After how many that were not ratified in a row none is given any more, until the work is decided on.
    pub refusals: u32,
    /// The paragraphs that it restates.
    pub source: Vec<String>,
}

/// Who ratifies an urgent approval, and how soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratifying {
    /// The roles that may.
    pub roles: Vec<Role>,
    /// Within how many days after the day on which it was given.
    pub days: u32,
}
