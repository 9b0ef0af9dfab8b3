//! Does what was added call for a change of the security plan? (SEC-9, SEC-28, SEC-29, SEC-X3)
//!
//! Whatever handles authority data, and any other refinement of an aspect of the plan, calls for a change request. The five kinds that may affect how
//! authority data is handled (a site, a system, a sub-contractor, a transfer route, an offshore element) call for a notice at least, from the moment they
//! are considered; it ends as no plan change, with a reason, or in a change request. Whatever is offshore needs a proposal for work abroad as well, and
//! neither of the two takes effect without the other: [`complete`].
//!
//! Some readings are ours:
//!
//! - The supplier's word that a new site handles no authority data ends no notice: the authority ends it, with that as its reason.
//! - People who are added and reach no authority data are no change of the plan, unless an aspect of it has to be rewritten: then it is `other`.
//! - Whether work abroad needs an approval is for the decision on offshoring to say, and so an offshore element needs a proposal whatever it handles.
//! - An empty list is known to be empty; one that is absent is not known.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::decision::{self, Explained, Missing, Render};
use crate::input::coded;
use crate::possible::possible;
use crate::truth::Truth;

pub mod complete;
mod reasons;
mod schema;
#[cfg(test)]
mod tests;

pub use crate::input::BadInput;
pub use schema::facts_schema;

/// What is known of a change. `None` is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// What was added, or is considered; empty where nothing is.
    pub added: Option<BTreeSet<Added>>,
    /// Whether any of it handles authority data ([`crate::authority_data`]).
    pub handles_authority_data: Option<bool>,
    /// Whether people's work changes by it. People who are added are such in any case. Never changes the outcome, nor do those below.
    pub people_affected: Option<bool>,
    /// Whether software changes.
    pub software_change: Option<bool>,
    /// Whether authority data is held while the change is made.
    pub data_held_during: Option<bool>,
    /// Whether a service is lost while the change is made.
    pub service_lost: Option<bool>,
}

coded! {
    /// Something that was added (SEC-9).
    Added("kind of addition") {
        /// A place where work is done or data is kept.
        Site = "site",
        /// A system.
        System = "system",
        /// A party below the lead.
        SubContractor = "sub_contractor",
        /// A way by which data goes from one to another.
        TransferRoute = "transfer_route",
        /// A part of the work that is abroad, or may be.
        OffshoreElement = "offshore_element",
        /// A group of people who do the work.
        PersonGroup = "person_group",
        /// Any other refinement of an aspect of the plan.
        Other = "other",
    }
}

coded! {
    /// What a change request has to say beyond the change itself (SEC-X3).
    Further("question") {
        /// How the people affected are trained.
        Training = "training",
        /// How it is tested, penetration tests included.
        Testing = "testing",
        /// How data is protected during the change, and how it is held afterwards.
        Protection = "protection",
        /// What is done while the service is lost.
        Continuity = "continuity",
    }
}

coded! {
    /// The answer.
    Outcome("outcome") {
        /// A change request is called for.
        ChangeRequest = "change_request",
        /// A notice is called for, and the authority ends it.
        Notice = "notice",
        /// Neither.
        None = "none",
        /// A missing fact could change the answer.
        Undetermined = "undetermined",
    }
}

impl decision::Outcome for Outcome {
    const DECISION: &'static str = "plan-change";

    fn code(self) -> &'static str {
        Outcome::code(self)
    }
}

impl Added {
    /// Whether this may affect how authority data is handled by what it is (SEC-9).
    pub const fn may_affect(self) -> bool {
        matches!(self, Self::Site | Self::System | Self::SubContractor | Self::TransferRoute | Self::OffshoreElement)
    }

    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-plan-change-added-{}", self.code().replace('_', "-"))
    }
}

impl Further {
    /// The fact that asks for it.
    pub const fn fact(self) -> &'static str {
        match self {
            Self::Training => "people_affected",
            Self::Testing => "software_change",
            Self::Protection => "data_held_during",
            Self::Continuity => "service_lost",
        }
    }

    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-plan-change-further-{}", self.code())
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

    /// Whether this was added.
    pub fn has(&self, kind: Added) -> Truth {
        Truth::from(self.added.as_ref().map(|added| added.contains(&kind)))
    }

    /// Whether a change request has to say this.
    pub fn asks(&self, further: Further) -> Truth {
        match further {
            Further::Training => self.has(Added::PersonGroup).or(self.people_affected.into()),
            Further::Testing => self.software_change.into(),
            Further::Protection => self.data_held_during.into(),
            Further::Continuity => self.service_lost.into(),
        }
    }
}

/// The facts that may be missing.
const FACTS: [&str; 2] = ["added", "handles_authority_data"];

/// The answer with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome, why, and which missing facts could change it.
    pub explained: Explained<Outcome>,
    /// Whether a proposal for work abroad must be opened, or an open one linked; `None` is not known.
    pub proposal: Option<bool>,
    /// What the change request has to say further, in the order of [`Further::ALL`]; nothing where none is called for.
    pub asks: Vec<Further>,
    /// What it may have to say further, as nobody has said yet whether it must.
    pub open: Vec<Further>,
}

impl Decision {
    /// The document `{"outcome", "proposal", "asks": [], "open": [], "because": [{"rule", "source", "text"}], "missing": []}`, its texts from `render`.
    /// `open` names the facts that would settle what is asked further.
    pub fn to_json(&self, render: &Render<'_>) -> Value {
        let mut explained = self.explained.to_json(render);
        json!({
            "outcome": explained["outcome"].take(),
            "proposal": self.proposal,
            "asks": self.asks,
            "open": self.open.iter().map(|further| further.fact()).collect::<Vec<_>>(),
            "because": explained["because"].take(),
            "missing": explained["missing"].take(),
        })
    }
}

/// Decides from what is known.
pub fn decide(facts: &Facts) -> Decision {
    // What was added matters by these alone: nothing, something, a kind that may affect data, another refinement of the plan.
    let additions = match &facts.added {
        Some(added) => vec![added.clone()],
        None => [None, Some(Added::PersonGroup), Some(Added::Site), Some(Added::Other)].map(|kind| kind.into_iter().collect()).to_vec(),
    };
    let handles = facts.handles_authority_data.map_or(vec![false, true], |known| vec![known]);
    let possible = possible(&[additions.len(), handles.len()], |way| answer(&additions[way[0]], handles[way[1]]));
    let outcome = possible.agreed.unwrap_or(Outcome::Undetermined);
    let further = |truth: Truth| {
        let called_for = outcome == Outcome::ChangeRequest;
        Further::ALL.iter().copied().filter(|further| called_for && facts.asks(*further) == truth).collect::<Vec<_>>()
    };
    let (asks, open) = (further(Truth::True), further(Truth::Unknown));
    Decision {
        explained: Explained {
            outcome,
            because: reasons::because(facts, outcome, &asks),
            missing: possible.open.into_iter().map(|fact| Missing(FACTS[fact])).collect(),
        },
        proposal: facts.added.as_ref().map(|added| added.contains(&Added::OffshoreElement)),
        asks,
        open,
    }
}

/// The answer where all is known.
fn answer(added: &BTreeSet<Added>, handles_authority_data: bool) -> Outcome {
    if added.contains(&Added::Other) || (handles_authority_data && !added.is_empty()) {
        Outcome::ChangeRequest
    } else if added.iter().any(|kind| kind.may_affect()) {
        Outcome::Notice
    } else {
        Outcome::None
    }
}

/// Every rule that may give a reason, with its paragraphs.
pub fn rules() -> Vec<(&'static str, &'static [&'static str])> {
    reasons::EVERY.iter().map(|rule| (rule.id, rule.source)).collect()
}

/// Every fact that may be missing.
pub fn facts_that_may_miss() -> Vec<Missing> {
    FACTS.iter().map(|path| Missing(path)).collect()
}
