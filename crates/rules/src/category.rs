//! The categories of an incident (SEC-X1e).

use crate::input::coded;

coded! {
    /// What kind of incident it is.
    Category("category") {
        /// Passed on, or out in the open.
        Disclosure = "disclosure",
        /// Seen by somebody who had no reason to, and not passed on.
        UnauthorisedAccess = "unauthorised_access",
        /// Fraud or unauthorised modification, attempted and suspected too.
        Fraud = "fraud",
        /// Stolen.
        Theft = "theft",
        /// Lost.
        Loss = "loss",
        /// A step of a process failed.
        ProcessFailure = "process_failure",
        /// Damaged, or out of service.
        Damage = "damage",
    }
}

impl Category {
    /// Every one, by which of several counts first.
    const FIRST: [Self; 7] =
        [Self::Theft, Self::Loss, Self::Disclosure, Self::Fraud, Self::UnauthorisedAccess, Self::ProcessFailure, Self::Damage];

    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-incident-category-{}", self.code().replace('_', "-"))
    }
}

/// The one of several categories that counts where only one may.
pub fn primary(of: &[Category]) -> Option<Category> {
    Category::FIRST.into_iter().find(|category| of.contains(category))
}
