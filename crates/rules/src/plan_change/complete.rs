//! May a change of the plan, and the proposal for its work abroad, take effect? (SEC-9, SEC-28, SEC-29, OFF-6)
//!
//! Neither does without the other. Deciding is not completing: the change may be agreed and the proposal approved in either order, and both take effect
//! once both are. A proposal that turns out to be no offshoring holds up nothing, and neither does a notice that ended as no plan change.
//!
//! A proposal that is linked counts even if nobody says that anything is offshore: whoever linked it wants the two decided together. The proposal of a
//! change that has none linked is not known to be its own, so its state does not help.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::decision::{self, Args, Explained, Missing, Reason, Render, rules};
use crate::input::{BadInput, coded};
use crate::possible::possible;

pub use super::schema::states_schema;

/// What is known of the two. `None` is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct States {
    /// Whether the change has an offshore element ([`super::Decision::proposal`]).
    pub offshore: Option<bool>,
    /// Whether the change and a proposal are linked.
    pub linked: Option<bool>,
    /// Where the change stands.
    pub change: Option<Change>,
    /// Where the proposal stands.
    pub proposal: Option<Proposal>,
}

coded! {
    /// Where a change of the plan stands.
    Change("state of a change") {
        /// Nobody has given notice of it, nor asked for it.
        NotOpened = "not_opened",
        /// It was not decided on.
        Open = "open",
        /// It was agreed.
        Agreed = "agreed",
        /// Its notice ended as no plan change.
        NoPlanChange = "no_plan_change",
        /// It was declined.
        Declined = "declined",
        /// It was withdrawn.
        Withdrawn = "withdrawn",
    }
}

coded! {
    /// Where a proposal for work abroad stands.
    Proposal("state of a proposal") {
        /// Nobody has opened one.
        NotOpened = "not_opened",
        /// It was not decided on.
        Open = "open",
        /// It was approved.
        Approved = "approved",
        /// It turned out to be no offshoring.
        NotOffshoring = "not_offshoring",
        /// It was declined.
        Declined = "declined",
        /// It was withdrawn.
        Withdrawn = "withdrawn",
    }
}

coded! {
    /// What stands in the way.
    Blocker("blocker") {
        /// Open the change.
        ChangeNotOpened = "change_not_opened",
        /// The change is not decided on.
        ChangeOpen = "change_open",
        /// The change was declined.
        ChangeDeclined = "change_declined",
        /// The change was withdrawn.
        ChangeWithdrawn = "change_withdrawn",
        /// Link a proposal.
        NotLinked = "not_linked",
        /// Open a proposal.
        ProposalNotOpened = "proposal_not_opened",
        /// The proposal is not decided on.
        ProposalOpen = "proposal_open",
        /// The proposal was declined.
        ProposalDeclined = "proposal_declined",
        /// The proposal was withdrawn.
        ProposalWithdrawn = "proposal_withdrawn",
    }
}

coded! {
    /// The answer.
    Outcome("outcome") {
        /// Nothing stands in the way.
        Complete = "complete",
        /// Something does.
        Blocked = "blocked",
        /// A missing fact could change the answer.
        Undetermined = "undetermined",
    }
}

impl decision::Outcome for Outcome {
    const DECISION: &'static str = "plan-change-complete";

    fn code(self) -> &'static str {
        Outcome::code(self)
    }
}

impl Blocker {
    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-plan-change-complete-blocker-{}", self.code().replace('_', "-"))
    }
}

impl States {
    /// Reads the states from a JSON document. Every fault is bad input: no JSON, no object, unknown or repeated fields, wrong types, unknown codes.
    ///
    /// # Errors
    /// The first fault, with its JSON path.
    pub fn from_json(text: &str) -> Result<Self, BadInput> {
        crate::input::read(text)
    }

    /// What is known to stand in the way, in the order of [`Blocker::ALL`].
    pub fn blockers(&self) -> Vec<Blocker> {
        let of_change = match self.change {
            Some(Change::NotOpened) => Some(Blocker::ChangeNotOpened),
            Some(Change::Open) => Some(Blocker::ChangeOpen),
            Some(Change::Declined) => Some(Blocker::ChangeDeclined),
            Some(Change::Withdrawn) => Some(Blocker::ChangeWithdrawn),
            Some(Change::Agreed | Change::NoPlanChange) | None => None,
        };
        let unlinked = self.offshore == Some(true) && self.linked == Some(false);
        // What is linked, or has to be.
        let counts = self.linked == Some(true) || self.offshore == Some(true);
        let of_proposal = match self.proposal.filter(|_| counts) {
            Some(Proposal::NotOpened) => Some(Blocker::ProposalNotOpened),
            Some(Proposal::Open) => Some(Blocker::ProposalOpen),
            Some(Proposal::Declined) => Some(Blocker::ProposalDeclined),
            Some(Proposal::Withdrawn) => Some(Blocker::ProposalWithdrawn),
            Some(Proposal::Approved | Proposal::NotOffshoring) | None => None,
        };
        of_change.into_iter().chain(unlinked.then_some(Blocker::NotLinked)).chain(of_proposal).collect()
    }
}

rules! {
    CHANGE_AGREED = "change_agreed" ["SEC-28", "SEC-29"];
    NO_PLAN_CHANGE = "no_plan_change" ["SEC-9"];
    NO_PROPOSAL_NEEDED = "no_proposal_needed" ["SEC-9", "OFF-6"];
    PROPOSAL_APPROVED = "proposal_approved" ["OFF-6"];
    NOT_OFFSHORING = "not_offshoring" ["OFF-6"];
    BLOCKER = "blocker" ["SEC-9", "SEC-28", "OFF-6"];
    TOGETHER = "together" ["SEC-9", "SEC-28", "OFF-6"];
}

/// The facts that may be missing.
const FACTS: [&str; 4] = ["offshore", "linked", "change", "proposal"];

/// The answer with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome, why, and which missing facts could change it.
    pub explained: Explained<Outcome>,
    /// What is known to stand in the way, in the order of [`Blocker::ALL`].
    pub blockers: Vec<Blocker>,
}

impl Decision {
    /// The document `{"outcome", "blockers": [], "because": [{"rule", "source", "text"}], "missing": []}`, its texts from `render`.
    pub fn to_json(&self, render: &Render<'_>) -> Value {
        let mut explained = self.explained.to_json(render);
        json!({
            "outcome": explained["outcome"].take(),
            "blockers": self.blockers,
            "because": explained["because"].take(),
            "missing": explained["missing"].take(),
        })
    }
}

/// Decides from what is known.
pub fn decide(states: &States) -> Decision {
    let offshore = states.offshore.map_or(vec![false, true], |known| vec![known]);
    let linked = states.linked.map_or(vec![false, true], |known| vec![known]);
    let changes = states.change.map_or(Change::ALL.to_vec(), |known| vec![known]);
    let proposals = states.proposal.map_or(Proposal::ALL.to_vec(), |known| vec![known]);
    let possible = possible(&[offshore.len(), linked.len(), changes.len(), proposals.len()], |way| {
        let settled = States {
            offshore: Some(offshore[way[0]]),
            linked: Some(linked[way[1]]),
            change: Some(changes[way[2]]),
            proposal: Some(proposals[way[3]]),
        };
        if settled.blockers().is_empty() { Outcome::Complete } else { Outcome::Blocked }
    });
    let blockers = states.blockers();
    Decision {
        explained: Explained {
            outcome: possible.agreed.unwrap_or(Outcome::Undetermined),
            because: because(*states, &blockers),
            missing: possible.open.into_iter().map(|fact| Missing(FACTS[fact])).collect(),
        },
        blockers,
    }
}

fn because(states: States, blockers: &[Blocker]) -> Vec<Reason> {
    let together = states.offshore == Some(true) || states.linked == Some(true);
    let alone = states.offshore == Some(false) && states.linked == Some(false);
    let spoken = [
        (states.change == Some(Change::Agreed), CHANGE_AGREED),
        (states.change == Some(Change::NoPlanChange), NO_PLAN_CHANGE),
        (alone, NO_PROPOSAL_NEEDED),
        (together && states.proposal == Some(Proposal::Approved), PROPOSAL_APPROVED),
        (together && states.proposal == Some(Proposal::NotOffshoring), NOT_OFFSHORING),
    ];
    let blocked = blockers.iter().map(|blocker| BLOCKER.said(args("blocker", blocker.code())));
    spoken
        .into_iter()
        .filter(|(speaks, _)| *speaks)
        .map(|(_, rule)| rule.said(Args::new()))
        .chain(blocked)
        .chain(together.then(|| TOGETHER.said(Args::new())))
        .collect()
}

fn args(name: &str, code: &str) -> Args {
    [(name.to_owned(), code.replace('_', "-"))].into_iter().collect()
}

/// Every rule that may give a reason, with its paragraphs.
pub fn rules() -> Vec<(&'static str, &'static [&'static str])> {
    EVERY.iter().map(|rule| (rule.id, rule.source)).collect()
}

/// Every fact that may be missing.
pub fn facts_that_may_miss() -> Vec<Missing> {
    FACTS.iter().map(|path| Missing(path)).collect()
}
