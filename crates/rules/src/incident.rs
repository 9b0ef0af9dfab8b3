//! Is what was reported a security incident? (SEC-10, SEC-X1a to SEC-X1i)
//!
//! An incident is whatever meets the asset test and at least one of three limbs: a deliberate attempt, a loss, a breakdown by which data became, or
//! could have become, exposed outside. A fact that is not known leaves the outcome undetermined only if a value of it could change the outcome, and
//! `missing` names exactly those facts: whatever others turn out to be is allowed for, so a usable back-up is asked for while the kinds of loss are
//! not known. The tests advise. The authority decides, and every report is accepted (SEC-X1h).
//!
//! Some readings are ours:
//!
//! - Only the facts that a limb names meet it: `attempt` for the attempt; `loss`, or an item that is lost, for the loss; `process_breakdown` with
//!   `exposed` for the breakdown. No other action does by itself: data is modified with leave or without, and a thief's attempt is told by `attempt`.
//!   Where actions point to a limb that the facts deny or leave open, a reason says so: nothing deliberate is passed over in silence.
//! - An empty list is known to be empty; one that is absent is not known.
//! - `whereabouts` that is absent is not known *yet*, and where only that is open the outcome is undetermined. `unknown` is an answer: nobody can say
//!   where the item is, there is no trail, it is lost.
//! - Limbs and categories are told by themselves, whatever the outcome is: an attempt on what is nothing of the authority's stays an attempt. An item
//!   called lost counts as the category loss until it is known to be misplaced.
//! - `asset_kind` and `systemic` never change the outcome.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::decision::{self, Explained, Missing, Render};
use crate::input::coded;
use crate::truth::Truth;

mod reasons;
mod rules;
mod schema;
pub mod severity;
#[cfg(test)]
mod tests;

pub use crate::category::Category;
pub use crate::input::BadInput;
pub use schema::facts_schema;

/// What is known of a report. `None` is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Whether something of the authority's was involved: property, information in any form, other valuables (SEC-X1b).
    pub asset_involved: Option<bool>,
    /// What that was. Never changes the outcome.
    pub asset_kind: Option<AssetKind>,
    /// Whether somebody tried, and how it ended.
    pub attempt: Option<Attempt>,
    /// What was lost; empty where nothing was.
    pub loss: Option<BTreeSet<Loss>>,
    /// Whether systems or processes broke down.
    pub process_breakdown: Option<bool>,
    /// Whether data became, or could have become, exposed outside.
    pub exposed: Option<bool>,
    /// Where the item is that was called lost (SEC-X1f).
    pub whereabouts: Option<Whereabouts>,
    /// Whether what is gone can be restored from a usable back-up.
    pub backup_usable: Option<bool>,
    /// What happened; empty where none of it did.
    pub actions: Option<BTreeSet<Action>>,
    /// Whether the cause lies in the system; if not, in awareness (SEC-X1g). Never changes the outcome.
    pub systemic: Option<bool>,
}

coded! {
    /// What was involved (SEC-X1b).
    AssetKind("kind of asset") {
        /// Property.
        Physical = "physical",
        /// Information in any form.
        Information = "information",
        /// Something else of value.
        Other = "other",
    }
}

coded! {
    /// A deliberate attempt (SEC-X1a).
    Attempt("attempt") {
        /// Nobody tried.
        None = "none",
        /// Somebody tried in vain.
        Failed = "failed",
        /// Somebody tried, with success.
        Succeeded = "succeeded",
    }
}

coded! {
    /// A kind of loss (SEC-X1c).
    Loss("kind of loss") {
        /// Somebody knows, or may know, who must not.
        Confidentiality = "confidentiality",
        /// It cannot be used.
        Availability = "availability",
        /// It is not what it was.
        Integrity = "integrity",
    }
}

coded! {
    /// Where an item is (SEC-X1f).
    Whereabouts("whereabouts") {
        /// It is known to be inside a secure facility.
        InSecureFacility = "in_secure_facility",
        /// Nobody can say: there is no trail.
        Unknown = "unknown",
        /// It is known to be outside.
        Outside = "outside",
    }
}

coded! {
    /// Something that happened (SEC-X1d, SEC-X1e, SEC-23).
    Action("action") {
        /// Data was passed on, leaked, or told to a bogus caller.
        Disclosed = "disclosed",
        /// Somebody saw data without a reason to, and passed nothing on.
        AccessedWithoutReason = "accessed_without_reason",
        /// Data or software was changed without leave, or entries made up.
        Modified = "modified",
        /// Something was stolen, data too.
        Stolen = "stolen",
        /// An item was lost.
        Lost = "lost",
        /// A process failed, such as a missing encryption or marking.
        ProcessFailure = "process_failure",
        /// An asset or a service was damaged.
        Damaged = "damaged",
        /// Somebody is suspected of dishonesty.
        DishonestySuspected = "dishonesty_suspected",
        /// Malware was found.
        Malware = "malware",
        /// Software or a system had a fault.
        Fault = "fault",
    }
}

coded! {
    /// A test of which one is enough (SEC-10, SEC-X1a).
    Limb("limb") {
        /// A deliberate attempt, successful or not.
        Attempt = "attempt",
        /// A loss of confidentiality, availability or integrity.
        Loss = "loss",
        /// A breakdown by which data became, or could have become, exposed outside.
        ProcessBreakdown = "process_breakdown",
    }
}

coded! {
    /// What an item is that was called lost (SEC-X1f).
    Item("state of an item") {
        /// Out of the holder's hands, or nobody knows where.
        Lost = "lost",
        /// Out of reach, and known to be inside a secure facility.
        Misplaced = "misplaced",
    }
}

coded! {
    /// The answer.
    Outcome("outcome") {
        /// The asset test holds, and a limb does.
        Incident = "incident",
        /// The asset test fails, or every limb does.
        NotIncident = "not_incident",
        /// A missing fact could change the answer.
        Undetermined = "undetermined",
    }
}

impl decision::Outcome for Outcome {
    const DECISION: &'static str = "incident";

    fn code(self) -> &'static str {
        Outcome::code(self)
    }
}

impl Limb {
    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-incident-limb-{}", self.code().replace('_', "-"))
    }
}

impl Item {
    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-incident-item-{}", self.code())
    }
}

impl Action {
    /// The category that it brings, if it does (SEC-X1e). Malware and faults bring none by themselves: what they did does.
    pub const fn category(self) -> Option<Category> {
        match self {
            Self::Disclosed => Some(Category::Disclosure),
            Self::AccessedWithoutReason => Some(Category::UnauthorisedAccess),
            Self::Modified | Self::DishonestySuspected => Some(Category::Fraud),
            Self::Stolen => Some(Category::Theft),
            Self::Lost => Some(Category::Loss),
            Self::ProcessFailure => Some(Category::ProcessFailure),
            Self::Damaged => Some(Category::Damage),
            Self::Malware | Self::Fault => None,
        }
    }
}

impl Facts {
    /// Reads the facts from a JSON document. Every fault is bad input: no JSON, no object, unknown or repeated fields, wrong types, unknown codes.
    ///
    /// # Errors
    /// The first fault, with its JSON path.
    pub fn from_json(text: &str) -> Result<Self, BadInput> {
        crate::input::read(text)
    }

    /// Whether this happened.
    pub fn happened(&self, action: Action) -> Truth {
        Truth::from(self.actions.as_ref().map(|actions| actions.contains(&action)))
    }

    /// What was lost, without availability where a usable back-up brings it back (SEC-X1c). `None` is not known.
    pub fn loss_that_counts(&self) -> Option<BTreeSet<Loss>> {
        let restored = self.backup_usable == Some(true);
        self.loss.as_ref().map(|loss| loss.iter().copied().filter(|kind| !(restored && *kind == Loss::Availability)).collect())
    }

    /// What an item is that was called lost. `None` where none was, or where nobody has said where it is.
    pub fn item(&self) -> Option<Item> {
        match self.whereabouts.filter(|_| self.happened(Action::Lost).is_true())? {
            Whereabouts::InSecureFacility => Some(Item::Misplaced),
            Whereabouts::Unknown | Whereabouts::Outside => Some(Item::Lost),
        }
    }

    /// The categories that the actions bring, in the order of [`Category::ALL`].
    pub fn categories(&self) -> BTreeSet<Category> {
        let misplaced = self.item() == Some(Item::Misplaced);
        let counted = self.actions.iter().flatten().filter(|action| !(misplaced && **action == Action::Lost));
        counted.filter_map(|action| action.category()).collect()
    }
}

/// The answer with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome, why, and which missing facts could change it.
    pub explained: Explained<Outcome>,
    /// The limbs that are known to hold, in the order of [`Limb::ALL`].
    pub limbs: Vec<Limb>,
    /// The categories, in the order of [`Category::ALL`].
    pub categories: BTreeSet<Category>,
    /// What an item is that was called lost.
    pub item: Option<Item>,
    /// Whether it must be reported: every incident, and dishonesty that is suspected, whatever the outcome (SEC-10, SEC-X1d).
    pub must_report: bool,
}

impl Decision {
    /// The document `{"outcome", "limbs": [], "categories": [], "lost_or_misplaced", "must_report", "because": [{"rule", "source", "text"}],
    /// "missing": []}`, its texts from `render`.
    pub fn to_json(&self, render: &Render<'_>) -> Value {
        let mut explained = self.explained.to_json(render);
        json!({
            "outcome": explained["outcome"].take(),
            "limbs": self.limbs,
            "categories": self.categories,
            "lost_or_misplaced": self.item,
            "must_report": self.must_report,
            "because": explained["because"].take(),
            "missing": explained["missing"].take(),
        })
    }
}

/// Decides from what is known.
pub fn decide(facts: &Facts) -> Decision {
    let tests = rules::Tests::of(facts);
    let limbs: Vec<Limb> = Limb::ALL.iter().copied().filter(|limb| tests.limb(*limb).truth().is_true()).collect();
    let incident = tests.incident();
    let outcome = match incident.truth() {
        Truth::True => Outcome::Incident,
        Truth::Unknown => Outcome::Undetermined,
        Truth::False => Outcome::NotIncident,
    };
    let must_report = outcome == Outcome::Incident || facts.happened(Action::DishonestySuspected).is_true();
    Decision {
        explained: Explained {
            outcome,
            because: reasons::because(facts, &tests, outcome, must_report),
            missing: incident.open().iter().map(|fact| Missing(fact.path())).collect(),
        },
        limbs,
        categories: facts.categories(),
        item: facts.item(),
        must_report,
    }
}

/// Every rule that may give a reason, with its paragraphs.
pub fn rules() -> Vec<(&'static str, &'static [&'static str])> {
    reasons::EVERY.iter().map(|rule| (rule.id, rule.source)).collect()
}

/// Every fact that may be missing.
pub fn facts_that_may_miss() -> Vec<Missing> {
    rules::Fact::ALL.iter().map(|fact| Missing(fact.path())).collect()
}
