//! Which document governs an obligation on a contract, and what holds where documents differ. (SEC-1, SEC-36, SEC-39)
//!
//! The contract and the agreed plan go before the pack where they are at least as strict. Where documents differ and can be compared, the stricter one
//! applies, also if it is the lower one; where they cannot be compared, each is followed as far as it can be. Either way both are shown, and a ruling
//! is invited. A ruling says what holds on its contract, also if that is laxer, and ends the conflict. What is blocked until a ruling allows it, such as
//! keeping documents electronically alone, stays blocked whatever contract and plan say.
//!
//! Some readings are ours:
//!
//! - The contract goes before the plan as well, which is agreed under it, and as the plan goes before the pack: where it is at least as strict.
//! - A document of which nothing is said is not known. One that asks nothing here has `applies` false.
//! - An empty list of rulings is known to be empty. Of several on the contract the latest counts that speaks to the question; of one day, the last named.
//! - Missing are the facts that could change the outcome or which document governs. Where two documents are in conflict already, a third one changes
//!   neither: it may add to `applies` and `conflicts`, which tell what is known.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use crate::decision::{self, Explained, Missing, Render};
use crate::input::coded;

mod demand;
mod duty;
mod input;
mod outcome;
mod reasons;
mod schema;
#[cfg(test)]
mod tests;

pub use crate::input::BadInput;
pub use demand::{Compared, Demand, Direction};
pub use input::{TEXT as LONGEST_TEXT, UNIT as LONGEST_UNIT, is_unit};
pub use schema::facts_schema;

/// What is known of one obligation on one contract. `None` is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// What the contract asks.
    pub contract: Ask,
    /// What the agreed security plan asks.
    pub plan: Ask,
    /// What the pack asks.
    pub pack: Ask,
    /// The rulings on this obligation; empty where none was given.
    pub rulings: Option<Vec<Ruling>>,
    /// Whether it is blocked until a ruling allows it (SEC-39).
    pub blocked_until_ruling: Option<bool>,
}

/// What one document asks. `None` is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// Whether it asks anything here.
    pub applies: Option<bool>,
    /// What that is. Of no interest where it asks nothing.
    pub asks: Option<Demand>,
}

/// An answer of the authority's to a question about the obligation (SEC-36).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// Its reference.
    pub reference: String,
    /// The day on which it was given.
    pub day: Date,
    /// Whether it was given on this contract. On any other it binds nobody.
    pub this_contract: bool,
    /// What holds from now on; `None` where it leaves that as it is.
    pub asks: Option<Demand>,
    /// Whether it allows what is blocked; `None` where it does not speak of that.
    pub allows: Option<bool>,
}

coded! {
    /// Where a demand comes from, in the order in which one goes before the next.
    Source("source") {
        /// A ruling on the contract.
        Ruling = "ruling",
        /// The contract.
        Contract = "contract",
        /// The agreed security plan.
        Plan = "plan",
        /// The pack.
        Pack = "pack",
    }
}

coded! {
    /// The answer.
    Outcome("outcome") {
        /// One document governs, and no other differs.
        Governed = "governed",
        /// They differ and can be compared: the stricter one governs.
        StricterApplies = "stricter_applies",
        /// They differ and cannot be compared.
        Conflict = "conflict",
        /// A ruling says what holds.
        Ruled = "ruled",
        /// It is blocked until a ruling allows it.
        Blocked = "blocked",
        /// No document asks anything.
        NothingAsked = "nothing_asked",
        /// A missing fact could change the answer.
        Undetermined = "undetermined",
    }
}

impl decision::Outcome for Outcome {
    const DECISION: &'static str = "governing";

    fn code(self) -> &'static str {
        Outcome::code(self)
    }
}

impl Source {
    /// The documents that differ or agree, in the order in which one goes before the next.
    pub const DOCUMENTS: [Self; 3] = [Self::Contract, Self::Plan, Self::Pack];

    /// The id of the message that names it.
    pub fn message_id(self) -> String {
        format!("rule-governing-source-{}", self.code())
    }
}

impl Facts {
    /// Reads the facts from a JSON document. Every fault is bad input: no JSON, no object, unknown or repeated fields, wrong types, unknown codes, a
    /// demand that is neither a number with unit and direction nor a text, a ruling that rules nothing.
    ///
    /// # Errors
    /// The first fault, with its JSON path.
    pub fn from_json(text: &str) -> Result<Self, BadInput> {
        input::read(text)
    }

    /// What a document asks. A ruling is none.
    fn ask(&self, document: Source) -> &Ask {
        const NOTHING: &Ask = &Ask::NOTHING;
        match document {
            Source::Ruling => NOTHING,
            Source::Contract => &self.contract,
            Source::Plan => &self.plan,
            Source::Pack => &self.pack,
        }
    }

    /// What a document is known to ask here.
    fn known(&self, document: Source) -> Option<&Demand> {
        self.ask(document).asks.as_ref().filter(|_| self.ask(document).applies == Some(true))
    }

    /// The latest ruling on this contract that fulfils something; of one day, the last named.
    fn latest(&self, speaks: impl Fn(&Ruling) -> bool) -> Option<&Ruling> {
        self.rulings.iter().flatten().filter(|ruling| ruling.this_contract && speaks(ruling)).max_by_key(|ruling| ruling.day)
    }

    /// The ruling that says what holds, if one is known.
    pub fn binding(&self) -> Option<&Ruling> {
        self.latest(|ruling| ruling.asks.is_some())
    }

    /// The ruling that allows what is blocked, or refuses it, if one is known.
    pub fn on_block(&self) -> Option<&Ruling> {
        self.latest(|ruling| ruling.allows.is_some())
    }
}

/// Two documents that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The one that goes first, and what it asks.
    pub higher: (Source, Demand),
    /// The other, and what it asks.
    pub lower: (Source, Demand),
    /// The stricter one; `None` where they cannot be compared.
    pub stricter: Option<Source>,
}

impl Conflict {
    /// The document `{"between": [], "asks": {}, "stricter"}`.
    fn to_json(&self) -> Value {
        let [(higher, of_higher), (lower, of_lower)] = [&self.higher, &self.lower];
        json!({
            "between": [higher, lower],
            "asks": { higher.code(): of_higher, lower.code(): of_lower },
            "stricter": self.stricter,
        })
    }
}

/// The answer with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome, why, and which missing facts could change it.
    pub explained: Explained<Outcome>,
    /// What governs; `None` where nothing does, or where it is not known yet.
    pub governs: Option<Source>,
    /// Where the demands come from that hold for now: one, or each of those that cannot be compared. Empty where nothing is asked, it is blocked, or
    /// it is not known yet.
    pub applies: Vec<Source>,
    /// The pairs of documents that are known to differ, unless a ruling ended that or all is blocked.
    pub conflicts: Vec<Conflict>,
    /// Whether a ruling is invited.
    pub ruling_invited: bool,
    /// The ruling that says what holds.
    pub ruling: Option<Ruling>,
}

impl Decision {
    /// The document `{"outcome", "governs", "applies": [], "conflicts": [{"between", "asks", "stricter"}], "ruling_invited", "ruling", "because":
    /// [{"rule", "source", "text"}], "missing": []}`, its texts from `render`. `governs` is `none` where nothing governs, and null where that is open.
    pub fn to_json(&self, render: &Render<'_>) -> Value {
        let mut explained = self.explained.to_json(render);
        let governs = match self.governs {
            Some(source) => Value::from(source.code()),
            None if self.explained.outcome == Outcome::Undetermined => Value::Null,
            None => Value::from("none"),
        };
        json!({
            "outcome": explained["outcome"].take(),
            "governs": governs,
            "applies": self.applies,
            "conflicts": self.conflicts.iter().map(Conflict::to_json).collect::<Vec<_>>(),
            "ruling_invited": self.ruling_invited,
            "ruling": self.ruling,
            "because": explained["because"].take(),
            "missing": explained["missing"].take(),
        })
    }
}

/// Decides from what is known.
pub fn decide(facts: &Facts) -> Decision {
    let possible = outcome::possible_answers(facts);
    let (outcome, governs) = possible.agreed.unwrap_or((Outcome::Undetermined, None));
    let ended = matches!(outcome, Outcome::Ruled | Outcome::Blocked) || facts.binding().is_some();
    let conflicts = if ended { Vec::new() } else { conflicts(facts) };
    let ruling_invited = match outcome {
        Outcome::StricterApplies | Outcome::Conflict | Outcome::Blocked => true,
        Outcome::Undetermined => facts.rulings.is_some() && !conflicts.is_empty(),
        Outcome::Governed | Outcome::Ruled | Outcome::NothingAsked => false,
    };
    let applies = match outcome {
        Outcome::Governed | Outcome::StricterApplies | Outcome::Ruled => governs.into_iter().collect(),
        Outcome::Conflict => strictest(facts),
        Outcome::Blocked | Outcome::NothingAsked | Outcome::Undetermined => Vec::new(),
    };
    Decision {
        explained: Explained {
            outcome,
            because: reasons::because(facts, outcome, governs, ruling_invited),
            missing: possible.open.into_iter().map(|fact| Missing(outcome::FACTS[fact])).collect(),
        },
        governs,
        applies,
        conflicts,
        ruling_invited,
        ruling: facts.binding().filter(|_| outcome == Outcome::Ruled).cloned(),
    }
}

/// The pairs of documents that are known to differ.
fn conflicts(facts: &Facts) -> Vec<Conflict> {
    let differ = pairs(facts).into_iter().filter(|pair| pair.compared != Compared::Same);
    let owned = |(document, demand): (Source, &Demand)| (document, demand.clone());
    differ.map(|pair| Conflict { higher: owned(pair.higher), lower: owned(pair.lower), stricter: pair.stricter() }).collect()
}

/// Two documents that are known to ask something, and how the one that goes first compares.
struct Pair<'a> {
    higher: (Source, &'a Demand),
    lower: (Source, &'a Demand),
    compared: Compared,
}

impl Pair<'_> {
    fn stricter(&self) -> Option<Source> {
        match self.compared {
            Compared::Stricter => Some(self.higher.0),
            Compared::Laxer => Some(self.lower.0),
            Compared::Same | Compared::Never => None,
        }
    }
}

/// Every pair of documents that are known to ask something.
fn pairs(facts: &Facts) -> Vec<Pair<'_>> {
    let known: Vec<_> = Source::DOCUMENTS.into_iter().filter_map(|document| Some((document, facts.known(document)?))).collect();
    let mut pairs = Vec::new();
    for (at, higher) in known.iter().copied().enumerate() {
        let below = known.iter().copied().skip(at + 1);
        pairs.extend(below.map(|lower| Pair { higher, lower, compared: higher.1.compared(lower.1) }));
    }
    pairs
}

/// The documents than which no other is stricter, nor as strict and goes first.
fn strictest(facts: &Facts) -> Vec<Source> {
    let pairs = pairs(facts);
    let beaten = |document: Source| {
        pairs.iter().any(|pair| match pair.compared {
            Compared::Same | Compared::Stricter => pair.lower.0 == document,
            Compared::Laxer => pair.higher.0 == document,
            Compared::Never => false,
        })
    };
    Source::DOCUMENTS.into_iter().filter(|document| facts.known(*document).is_some() && !beaten(*document)).collect()
}

/// Every rule that may give a reason, with its paragraphs.
pub fn rules() -> Vec<(&'static str, &'static [&'static str])> {
    reasons::EVERY.iter().map(|rule| (rule.id, rule.source)).collect()
}

/// Every fact that may be missing.
pub fn facts_that_may_miss() -> Vec<Missing> {
    outcome::FACTS.iter().map(|path| Missing(path)).collect()
}
