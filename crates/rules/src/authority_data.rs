//! Is a piece of information *authority data*? (SEC-9b, OFF-2b)
//!
//! It is by any one of three limbs: received, from the authority or from others for it; made, processed, held or passed on because of the contract;
//! data about people of which the authority is the controller. A fact that is not known leaves the outcome undetermined only if a value of it could
//! change the outcome, and `missing` names exactly those facts.
//!
//! Some readings are ours:
//!
//! - The medium never changes the outcome, and a reason says so: data that is spoken or on paper counts as electronic data does.
//! - Control counts for data about people alone. Somebody else's control takes nothing away that another limb brings.
//! - While the outcome is not known, the supplier treats the information as authority data: unknown is not no.
//! - The answer is about information. Other decisions ask about the authority's systems, services and property as well, of which this settles nothing:
//!   see [`Outcome::truth`].

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::decision::{self, Explained, Missing, Render};
use crate::input::coded;
use crate::truth::{Statement, Truth};

mod reasons;
mod schema;
#[cfg(test)]
mod tests;

pub use crate::input::BadInput;
pub use schema::facts_schema;

/// What is known of a piece of information. `None` is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Whether the supplier received it from the authority.
    pub received_from_authority: Option<bool>,
    /// Whether the supplier received it from others on the authority's behalf.
    pub received_for_authority: Option<bool>,
    /// Whether the supplier made it because of the contract.
    pub made_because_of_contract: Option<bool>,
    /// Whether the supplier processes it because of the contract.
    pub processed_because_of_contract: Option<bool>,
    /// Whether the supplier holds it because of the contract.
    pub held_because_of_contract: Option<bool>,
    /// Whether the supplier passes it on because of the contract.
    pub passed_on_because_of_contract: Option<bool>,
    /// Whether it is data about people.
    pub personal_data: Option<bool>,
    /// Whether the authority is the controller of it.
    pub authority_controls: Option<bool>,
    /// In which form it is. Never changes the outcome.
    pub medium: Option<Medium>,
}

coded! {
    /// The form of a piece of information.
    Medium("medium") {
        /// On a device, a disk, a line.
        Electronic = "electronic",
        /// Written or printed.
        Paper = "paper",
        /// Said, or overheard.
        Spoken = "spoken",
        /// Anything else, such as a sample or a sign.
        Other = "other",
    }
}

coded! {
    /// A test of which one is enough (SEC-9b).
    Limb("limb") {
        /// Received from the authority, or from others for it.
        Received = "received",
        /// Made, processed, held or passed on because of the contract.
        BecauseOfContract = "because_of_contract",
        /// Data about people that the authority controls.
        PersonalData = "personal_data",
    }
}

coded! {
    /// The answer.
    Outcome("outcome") {
        /// A limb holds.
        AuthorityData = "authority_data",
        /// No limb holds.
        NotAuthorityData = "not_authority_data",
        /// A missing fact could change the answer.
        Undetermined = "undetermined",
    }
}

impl decision::Outcome for Outcome {
    const DECISION: &'static str = "authority-data";

    fn code(self) -> &'static str {
        Outcome::code(self)
    }
}

impl Outcome {
    /// What other decisions may take from it: whether authority data is concerned. A no is none to the question whether the authority's information,
    /// *systems or services* are reached, or whether *property* of its was involved.
    pub fn truth(self) -> Truth {
        match self {
            Self::AuthorityData => Truth::True,
            Self::NotAuthorityData => Truth::False,
            Self::Undetermined => Truth::Unknown,
        }
    }
}

impl Limb {
    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-authority-data-limb-{}", self.code().replace('_', "-"))
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

    fn says(&self, fact: Fact) -> Option<bool> {
        match fact {
            Fact::ReceivedFromAuthority => self.received_from_authority,
            Fact::ReceivedForAuthority => self.received_for_authority,
            Fact::Made => self.made_because_of_contract,
            Fact::Processed => self.processed_because_of_contract,
            Fact::Held => self.held_because_of_contract,
            Fact::PassedOn => self.passed_on_because_of_contract,
            Fact::PersonalData => self.personal_data,
            Fact::AuthorityControls => self.authority_controls,
        }
    }

    /// Whether a limb holds. No fact stands in two of them, nor twice in one: so all of this is exact.
    fn limb(&self, limb: Limb) -> Statement<Fact> {
        let of = |fact: Fact| Statement::of(fact, self.says(fact));
        match limb {
            Limb::Received => of(Fact::ReceivedFromAuthority).or(of(Fact::ReceivedForAuthority)),
            Limb::BecauseOfContract => of(Fact::Made).or(of(Fact::Processed)).or(of(Fact::Held)).or(of(Fact::PassedOn)),
            Limb::PersonalData => of(Fact::PersonalData).and(of(Fact::AuthorityControls)),
        }
    }
}

/// A fact that the limbs ask for, in the order of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    ReceivedFromAuthority,
    ReceivedForAuthority,
    Made,
    Processed,
    Held,
    PassedOn,
    PersonalData,
    AuthorityControls,
}

impl Fact {
    const ALL: [Self; 8] = [
        Self::ReceivedFromAuthority,
        Self::ReceivedForAuthority,
        Self::Made,
        Self::Processed,
        Self::Held,
        Self::PassedOn,
        Self::PersonalData,
        Self::AuthorityControls,
    ];

    /// Its path from the facts.
    const fn path(self) -> &'static str {
        match self {
            Self::ReceivedFromAuthority => "received_from_authority",
            Self::ReceivedForAuthority => "received_for_authority",
            Self::Made => "made_because_of_contract",
            Self::Processed => "processed_because_of_contract",
            Self::Held => "held_because_of_contract",
            Self::PassedOn => "passed_on_because_of_contract",
            Self::PersonalData => "personal_data",
            Self::AuthorityControls => "authority_controls",
        }
    }
}

/// The answer with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome, why, and which missing facts could change it.
    pub explained: Explained<Outcome>,
    /// The limbs that are known to hold, in the order of [`Limb::ALL`].
    pub limbs: Vec<Limb>,
}

impl Decision {
    /// The document `{"outcome", "limbs": [], "because": [{"rule", "source", "text"}], "missing": []}`, its texts from `render`.
    pub fn to_json(&self, render: &Render<'_>) -> Value {
        let mut explained = self.explained.to_json(render);
        json!({
            "outcome": explained["outcome"].take(),
            "limbs": self.limbs,
            "because": explained["because"].take(),
            "missing": explained["missing"].take(),
        })
    }
}

/// Decides from what is known.
pub fn decide(facts: &Facts) -> Decision {
    let any = facts.limb(Limb::Received).or(facts.limb(Limb::BecauseOfContract)).or(facts.limb(Limb::PersonalData));
    let outcome = match any.truth() {
        Truth::True => Outcome::AuthorityData,
        Truth::Unknown => Outcome::Undetermined,
        Truth::False => Outcome::NotAuthorityData,
    };
    Decision {
        explained: Explained {
            outcome,
            because: reasons::because(facts, outcome),
            missing: any.open().iter().map(|fact| Missing(fact.path())).collect(),
        },
        limbs: Limb::ALL.iter().copied().filter(|limb| facts.limb(*limb).truth().is_true()).collect(),
    }
}

/// Every rule that may give a reason, with its paragraphs.
pub fn rules() -> Vec<(&'static str, &'static [&'static str])> {
    reasons::EVERY.iter().map(|rule| (rule.id, rule.source)).collect()
}

/// Every fact that may be missing.
pub fn facts_that_may_miss() -> Vec<Missing> {
    Fact::ALL.iter().map(|fact| Missing(fact.path())).collect()
}
