//! Is an activity offshoring? (OFF-3 to OFF-5, OFF-3a..e, OWN-1)
//!
//! Each activity is decided by itself. A *trigger* fires when all that it needs is known to hold, and is ruled out as soon as one need is
//! known not to hold: that is how an exemption (OFF-5a to d) removes its own trigger and no other. An activity is offshoring when a trigger
//! fires, is not when every trigger is ruled out, and is undetermined otherwise; the missing facts are then the unknown needs of the
//! triggers left open, each of which could change the answer.
//!
//! Two readings are ours. An activity that says nothing at all of its staff brings nobody in; only the kind `landed_staff` asks for those
//! facts unprompted. And landed staff work at home by the meaning of the word, so the country of such an activity does not count.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use crate::country::{Country, Home};
use crate::decision::{self, Args, Explained, Missing, Reason, Render, Truth};

mod input;
mod rules;
mod schema;
#[cfg(test)]
mod tests;

pub use crate::input::BadInput;
pub use schema::facts_schema;

/// What is asked: the home, and the activities of one service, solution or proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The home country or territories.
    pub home: Home,
    /// The activities, at least one.
    pub activities: Vec<Activity>,
}

/// What is known of one activity. `None` is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// What is done.
    pub kind: Kind,
    /// Where the work is done or the data lies.
    pub country: Option<Country>,
    /// Whether it involves the authority's information, systems or services.
    pub authority_information: Option<bool>,
    /// Whether it involves personal data. Never changes the outcome (OFF-4).
    pub personal_data: Option<bool>,
    /// The people who do it.
    pub staff: Option<Staff>,
}

impl Activity {
    /// An activity of which only the kind is known.
    pub fn new(kind: Kind) -> Self {
        Self { kind, country: None, authority_information: None, personal_data: None, staff: None }
    }
}

/// What is done in an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Information is hosted or stored.
    Hosting,
    /// People reach information, systems or services.
    Access,
    /// Applications are developed.
    Development,
    /// Systems are supported or administered.
    Support,
    /// Diagnostic data is sent after a fault.
    Diagnostics,
    /// Any other part of a service is delivered.
    Service,
    /// Foreign nationals are brought in for work at home.
    LandedStaff,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Hosting, Self::Access, Self::Development, Self::Support, Self::Diagnostics, Self::Service, Self::LandedStaff];

    /// The kind's code in documents.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hosting => "hosting",
            Self::Access => "access",
            Self::Development => "development",
            Self::Support => "support",
            Self::Diagnostics => "diagnostics",
            Self::Service => "service",
            Self::LandedStaff => "landed_staff",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What is known of the people in an activity. `None` is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Staff {
    /// Whether foreign nationals are among them.
    pub foreign_nationals: Option<bool>,
    /// Whether those are brought to the home country for this work.
    pub brought_to_home: Option<bool>,
    /// Whether those lived at home already.
    pub resident_at_home_already: Option<bool>,
    /// Whether those can reach the authority's information.
    pub access_to_information: Option<bool>,
}

/// The answer, of an activity or of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// No trigger is left.
    NotOffshoring,
    /// A missing fact could change the answer.
    Undetermined,
    /// At least one trigger fires.
    Offshoring,
}

impl decision::Outcome for Outcome {
    const DECISION: &'static str = "offshoring";

    fn code(self) -> &'static str {
        match self {
            Self::NotOffshoring => "not_offshoring",
            Self::Undetermined => "undetermined",
            Self::Offshoring => "offshoring",
        }
    }
}

/// The answer with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// One offshoring activity makes the whole offshoring; else one undetermined makes it undetermined.
    pub outcome: Outcome,
    /// The answer for each activity, in the order asked.
    pub activities: Vec<Explained<Outcome>>,
}

impl Decision {
    /// The document `{"outcome", "activities": [{"outcome", "because": [{"rule", "source", "text"}], "missing": []}]}`, its texts from `render`.
    pub fn to_json(&self, render: &Render<'_>) -> Value {
        let activities: Vec<Value> = self.activities.iter().map(|activity| activity.to_json(render)).collect();
        json!({ "outcome": decision::Outcome::code(self.outcome), "activities": activities })
    }
}

/// Decides each activity and the whole.
pub fn decide(facts: &Facts) -> Decision {
    let activities: Vec<_> = facts.activities.iter().map(|activity| decide_activity(&facts.home, activity)).collect();
    // The order of the variants is the order in which one outcome outweighs another.
    let outcome = activities.iter().map(|activity| activity.outcome).max().unwrap_or(Outcome::Undetermined);
    Decision { outcome, activities }
}

/// Decides one activity.
pub fn decide_activity(home: &Home, activity: &Activity) -> Explained<Outcome> {
    let case = rules::Case { home, activity };
    let triggers: Vec<(&rules::Trigger, Truth)> =
        rules::triggers(activity).into_iter().map(|trigger| (trigger, case.fires(trigger))).collect();
    let outcome = match Truth::any(triggers.iter().map(|(_, truth)| *truth)) {
        Truth::True => Outcome::Offshoring,
        Truth::Unknown => Outcome::Undetermined,
        Truth::False => Outcome::NotOffshoring,
    };
    let mut because = Vec::new();
    let mut missing = BTreeSet::new();
    for (trigger, truth) in triggers {
        match (outcome, truth) {
            (Outcome::Offshoring, Truth::True) => because.push(case.reason(trigger.rule)),
            (Outcome::NotOffshoring, _) => because.extend(case.ruled_out(trigger)),
            (Outcome::Undetermined, Truth::Unknown) => {
                missing.extend(case.unknown(trigger));
                because.extend(case.burden(trigger));
            }
            _ => {}
        }
    }
    because.extend(case.place_set_aside());
    Explained { outcome, because, missing: missing.into_iter().map(|fact| Missing(fact.path())).collect() }
}

/// The facts of an activity as the arguments of its messages.
fn facts_used(home: &Home, activity: &Activity) -> Args {
    let known = |value: Option<bool>| match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not-known",
    };
    let place = match activity.country {
        Some(country) if home.contains(country) => "home",
        Some(_) => "abroad",
        None => "not-known",
    };
    let staff = activity.staff.unwrap_or_default();
    [
        ("kind", activity.kind.code().replace('_', "-")),
        ("home", home.name_in_sentence()),
        ("place", place.to_owned()),
        ("country", activity.country.map_or("not-known", Country::name_in_sentence).to_owned()),
        ("authority_information", known(activity.authority_information).to_owned()),
        ("personal_data", known(activity.personal_data).to_owned()),
        ("foreign_nationals", known(staff.foreign_nationals).to_owned()),
        ("brought_to_home", known(staff.brought_to_home).to_owned()),
        ("resident_at_home_already", known(staff.resident_at_home_already).to_owned()),
        ("access_to_information", known(staff.access_to_information).to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Every rule that may give a reason.
pub fn rules() -> Vec<(&'static str, &'static [&'static str])> {
    rules::every().into_iter().map(|rule| (rule.id, rule.source)).collect()
}

/// Every fact that may be missing.
pub fn facts_that_may_miss() -> Vec<Missing> {
    rules::Fact::ALL.iter().map(|fact| Missing(fact.path())).collect()
}
