//! How severe an incident is, from its impact and its numbers.
//!
//! The method is ours; the guidance that the pack restates asks for the numbers (SEC-X2) and knows no severity. Each thing that is known asks for
//! one at least, and the highest of them counts. What was encrypted, and seen by nobody, asks for no more than the pack allows: its people, its
//! records and its special categories of data can harm nobody as long as nobody can read them. That does not help what is changed, destroyed or down.
//!
//! What is not known asks for nothing yet, so the severity is one *at least*; only data of which nobody says that it was encrypted counts as readable.
//! `missing` names exactly the facts whose value could change the severity.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Category, Loss};
use crate::decision::{self, Args, Explained, Missing, Reason};
use crate::input::coded;

coded! {
    /// How severe an incident is, from the mildest.
    Severity("severity") {
        /// Little or nothing is at stake.
        Low = "low",
        /// It harms some, or disturbs.
        Moderate = "moderate",
        /// It harms many, or gravely.
        High = "high",
        /// It harms very many, or work stands still.
        Critical = "critical",
    }
}

impl decision::Outcome for Severity {
    const DECISION: &'static str = "incident-severity";

    fn code(self) -> &'static str {
        Severity::code(self)
    }
}

/// What an incident did. `None` is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    /// Its categories ([`super::Decision::categories`]).
    pub categories: BTreeSet<Category>,
    /// What was lost ([`super::Facts::loss_that_counts`]).
    pub loss: Option<BTreeSet<Loss>>,
    /// How many people the data is about.
    pub people: Option<u64>,
    /// How many records it has.
    pub records: Option<u64>,
    /// Whether all of the data was encrypted, and its key is safe.
    pub encrypted: Option<bool>,
    /// Whether the law gives some of the data special protection, such as data on health.
    pub special_category: Option<bool>,
    /// How many of the authority's services are down, or were.
    pub services_down: Option<u64>,
}

/// From which number on a severity is asked for. Below `moderate` none is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// From this number on it is moderate.
    pub moderate: u64,
    /// From this number on it is high.
    pub high: u64,
    /// From this number on it is critical.
    pub critical: u64,
}

impl Steps {
    /// The severity that a number asks for.
    pub fn severity(self, number: u64) -> Severity {
        let reached = [(self.critical, Severity::Critical), (self.high, Severity::High), (self.moderate, Severity::Moderate)];
        reached.into_iter().find(|(from, _)| number >= *from).map_or(Severity::Low, |(_, severity)| severity)
    }

    /// The name of the first step that is not above the one before it; of the lowest if it is 0, which would ask of nothing at all.
    fn fault(self) -> Option<&'static str> {
        if self.moderate == 0 {
            Some("moderate")
        } else if self.high <= self.moderate {
            Some("high")
        } else {
            (self.critical <= self.high).then_some("critical")
        }
    }
}

/// What each thing asks for, as a pack sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// By the number of people: 10, 1,000 and 100,000 unless the pack says otherwise.
    pub people: Steps,
    /// By the number of records: 100, 10,000 and 1,000,000 unless the pack says otherwise.
    pub records: Steps,
    /// By the number of services that are down: 1, 3 and 10 unless the pack says otherwise.
    pub services_down: Steps,
    /// For special categories of data: high unless the pack says otherwise.
    pub special_category: Severity,
    /// The most that is asked for by data which was encrypted and seen by nobody: low unless the pack says otherwise.
    pub encrypted_at_most: Severity,
    /// By what was lost: moderate for each unless the pack says otherwise. A kind that is not named asks for nothing.
    pub loss: BTreeMap<Loss, Severity>,
    /// By category: moderate for each but a failed process unless the pack says otherwise. A category that is not named asks for nothing.
    pub categories: BTreeMap<Category, Severity>,
}

impl Default for Thresholds {
    fn default() -> Self {
        let harming = |category: &Category| *category != Category::ProcessFailure;
        Self {
            people: Steps { moderate: 10, high: 1_000, critical: 100_000 },
            records: Steps { moderate: 100, high: 10_000, critical: 1_000_000 },
            services_down: Steps { moderate: 1, high: 3, critical: 10 },
            special_category: Severity::High,
            encrypted_at_most: Severity::Low,
            loss: Loss::ALL.iter().map(|kind| (*kind, Severity::Moderate)).collect(),
            categories: Category::ALL.iter().copied().filter(harming).map(|category| (category, Severity::Moderate)).collect(),
        }
    }
}

impl Thresholds {
    /// The paths of steps that do not rise, such as `people.high`; none of thresholds that can be worked with.
    pub fn faults(&self) -> Vec<String> {
        let all = [("people", self.people), ("records", self.records), ("services_down", self.services_down)];
        all.into_iter().filter_map(|(name, steps)| Some(format!("{name}.{}", steps.fault()?))).collect()
    }
}

/// A fact that may be missing, in the order of [`Impact`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    Loss,
    People,
    Records,
    Encrypted,
    SpecialCategory,
    ServicesDown,
}

impl Fact {
    const ALL: [Self; 6] = [Self::Loss, Self::People, Self::Records, Self::Encrypted, Self::SpecialCategory, Self::ServicesDown];

    const fn path(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::People => "people",
            Self::Records => "records",
            Self::Encrypted => "encrypted",
            Self::SpecialCategory => "special_category",
            Self::ServicesDown => "services_down",
        }
    }
}

const CATEGORY: (&str, &[&str]) = ("category", &["SEC-X1e"]);
const LOSS: (&str, &[&str]) = ("loss", &["SEC-X1c"]);
const PEOPLE: (&str, &[&str]) = ("people", &["SEC-X2"]);
const RECORDS: (&str, &[&str]) = ("records", &["SEC-X2"]);
const SPECIAL_CATEGORY: (&str, &[&str]) = ("special_category", &["SEC-X2"]);
const SERVICES_DOWN: (&str, &[&str]) = ("services_down", &["SEC-X1c", "SEC-X1e"]);
const ENCRYPTED: (&str, &[&str]) = ("encrypted", &["SEC-X2"]);
const ENCRYPTED_YET_SEEN: (&str, &[&str]) = ("encrypted_yet_seen", &["SEC-X1e", "SEC-X2"]);
const ENCRYPTED_OPEN: (&str, &[&str]) = ("encrypted_open", &["SEC-X2"]);
const NOTHING_MORE: (&str, &[&str]) = ("nothing_more", &["SEC-X2"]);

/// Every rule that may give a reason, with its paragraphs.
pub fn rules() -> Vec<(&'static str, &'static [&'static str])> {
    vec![CATEGORY, LOSS, PEOPLE, RECORDS, SPECIAL_CATEGORY, SERVICES_DOWN, ENCRYPTED, ENCRYPTED_YET_SEEN, ENCRYPTED_OPEN, NOTHING_MORE]
}

/// Every fact that may be missing.
pub fn facts_that_may_miss() -> Vec<Missing> {
    Fact::ALL.iter().map(|fact| Missing(fact.path())).collect()
}

/// What one thing asks for.
struct Ask {
    rule: (&'static str, &'static [&'static str]),
    /// The fact that says it; none for the categories, which are known.
    fact: Option<Fact>,
    /// The severity that it asks for as far as it is known, and at most if it is not.
    least: Severity,
    most: Severity,
    /// Whether it harms only if somebody can read the data.
    by_reading: bool,
    /// The message's argument that says what it is.
    what: (&'static str, String),
}

/// How severe an incident with this impact is, each step with its reason.
pub fn judge(impact: &Impact, thresholds: &Thresholds) -> Explained<Severity> {
    let asks = asks(impact, thresholds);
    // Whoever was passed the data, or looked at it, could read it: encryption did not keep them from it.
    let seen = [Category::Disclosure, Category::UnauthorisedAccess].into_iter().any(|one| impact.categories.contains(&one));
    let capped = impact.encrypted == Some(true) && !seen;
    let cap = thresholds.encrypted_at_most;
    let counts = |ask: &Ask, severity: Severity, capped: bool| if ask.by_reading && capped { severity.min(cap) } else { severity };
    let severity = asks.iter().map(|ask| counts(ask, ask.least, capped)).max().unwrap_or(Severity::Low);

    let mut because: Vec<Reason> = asks.iter().filter(|ask| ask.least > Severity::Low).map(reason).collect();
    let readable = asks.iter().filter(|ask| ask.by_reading).map(|ask| ask.least).max().unwrap_or(Severity::Low);
    if readable > cap {
        because.extend(
            match impact.encrypted {
                Some(true) if seen => Some(ENCRYPTED_YET_SEEN),
                Some(true) => Some(ENCRYPTED),
                None if !seen => Some(ENCRYPTED_OPEN),
                _ => None,
            }
            .map(|rule| said(rule, &[("severity", cap.code().to_owned())])),
        );
    }
    if because.is_empty() {
        because.push(said(NOTHING_MORE, &[]));
    }

    // Encryption could lower the severity where it is not known, and nobody saw the data.
    let states: &[bool] = if impact.encrypted.is_none() && !seen { &[false, true] } else { &[capped] };
    let could_change = |fact: Fact| {
        if fact == Fact::Encrypted {
            let most = |by_reading: bool| asks.iter().filter(move |ask| ask.by_reading == by_reading);
            let readable = most(true).map(|ask| ask.most).max().unwrap_or(Severity::Low);
            let other = most(false).map(|ask| ask.least).max().unwrap_or(Severity::Low);
            return states.len() == 2 && readable > cap.max(other);
        }
        // All that can be asked for grows with its fact, so it is enough to look at the least that the others ask for.
        states.iter().any(|capped| {
            let least = asks.iter().map(|ask| counts(ask, ask.least, *capped)).max().unwrap_or(Severity::Low);
            asks.iter().any(|ask| ask.fact == Some(fact) && counts(ask, ask.most, *capped) > least)
        })
    };
    let missing = Fact::ALL.into_iter().filter(|fact| could_change(*fact)).map(|fact| Missing(fact.path())).collect();
    Explained { outcome: severity, because, missing }
}

/// All that asks for a severity, in the order in which people read it.
fn asks(impact: &Impact, thresholds: &Thresholds) -> Vec<Ask> {
    let mut asks = Vec::new();
    for category in &impact.categories {
        let severity = thresholds.categories.get(category).copied().unwrap_or(Severity::Low);
        let by_reading = matches!(category, Category::Disclosure | Category::UnauthorisedAccess | Category::Theft | Category::Loss);
        let what = ("category", category.code().to_owned());
        asks.push(Ask { rule: CATEGORY, fact: None, least: severity, most: severity, by_reading, what });
    }
    for kind in Loss::ALL {
        let severity = thresholds.loss.get(kind).copied().unwrap_or(Severity::Low);
        let (least, most) = match impact.loss.as_ref().map(|loss| loss.contains(kind)) {
            Some(true) => (severity, severity),
            Some(false) => (Severity::Low, Severity::Low),
            None => (Severity::Low, severity),
        };
        let by_reading = *kind == Loss::Confidentiality;
        asks.push(Ask { rule: LOSS, fact: Some(Fact::Loss), least, most, by_reading, what: ("kind", kind.code().to_owned()) });
    }
    let numbers = [
        (PEOPLE, Fact::People, impact.people, thresholds.people, true),
        (RECORDS, Fact::Records, impact.records, thresholds.records, true),
        (SERVICES_DOWN, Fact::ServicesDown, impact.services_down, thresholds.services_down, false),
    ];
    for (rule, fact, number, steps, by_reading) in numbers {
        let (least, most) =
            number.map_or((Severity::Low, steps.severity(u64::MAX)), |number| (steps.severity(number), steps.severity(number)));
        let what = ("number", number.unwrap_or_default().to_string());
        asks.push(Ask { rule, fact: Some(fact), least, most, by_reading, what });
    }
    let (least, most) = match impact.special_category {
        Some(true) => (thresholds.special_category, thresholds.special_category),
        Some(false) => (Severity::Low, Severity::Low),
        None => (Severity::Low, thresholds.special_category),
    };
    let what = ("special_category", "yes".to_owned());
    asks.push(Ask { rule: SPECIAL_CATEGORY, fact: Some(Fact::SpecialCategory), least, most, by_reading: true, what });
    asks
}

fn reason(ask: &Ask) -> Reason {
    said(ask.rule, &[("severity", ask.least.code().to_owned()), (ask.what.0, ask.what.1.replace('_', "-"))])
}

fn said((rule, source): (&'static str, &'static [&'static str]), args: &[(&str, String)]) -> Reason {
    Reason { rule, source, args: args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Args>() }
}
