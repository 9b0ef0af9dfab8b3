//! What a `pack.yaml` holds. Every struct refuses keys that it does not know.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    guidance::Guidance,
    incident_model::Incidents,
    risk_model::{ControlSet, RiskMethod},
    role::Role,
    urgent_model::UrgentApproval,
    when::{Interval, MaybeDate, When},
};
use crate::{condition::Condition, form::Form};

/// One policy as data, with its forms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The pack's id, its folder's name.
    pub pack: String,
    /// Heading.
    pub title: String,
    /// One or two sentences for lists.
    pub summary: String,
    /// Our edition, compared as text within one pack.
    pub edition: String,
    /// The day of the edition.
    pub date: Date,
    /// Who wrote it.
    pub author: String,
    /// Who keeps it current, a role.
    pub manager: String,
    /// What this edition changed.
    pub change_note: String,
    /// The policy that this pack restates.
    pub source: PolicySource,
    /// The framework and requirement that the policy answers to (OFF-1).
    #[serde(default)]
    pub parents: Vec<Parent>,
    /// What duties are counted from, by id and title.
    #[serde(default)]
    pub events: Vec<Named>,
    /// What conditions of duties read about a contract.
    #[serde(default)]
    pub contract_facts: Vec<ContractFact>,
    /// One row a duty.
    #[serde(default)]
    pub obligations: Vec<Obligation>,
    /// What to do in special cases.
    #[serde(default)]
    pub guidance: Vec<Guidance>,
    /// Contract clauses that the policy asks for.
    #[serde(default)]
    pub clauses: Vec<Clause>,
    /// Classification examples.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Numbers that rules and blockers read.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// How risk is judged.
    #[serde(default)]
    pub risk_methods: Vec<RiskMethod>,
    /// Controls that an outcome may demand.
    #[serde(default)]
    pub control_sets: Vec<ControlSet>,
    /// How often things are reviewed.
    #[serde(default)]
    pub review_intervals: Vec<ReviewInterval>,
    /// What is checked about people.
    #[serde(default)]
    pub screening_standards: Vec<ScreeningStandard>,
    /// Who decides, how many.
    #[serde(default)]
    pub decision_levels: Vec<DecisionLevel>,
    /// Who may approve ahead of a decision that cannot be waited for, and who ratifies that; none where the policy knows no such approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent_approval: Option<UrgentApproval>,
    /// How incidents are reported, judged and handled; none where the policy knows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incidents: Option<Incidents>,
    /// Facts by country.
    #[serde(default)]
    pub countries: Vec<CountryFacts>,
    /// Facts of every country not listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_default: Option<CountryDefault>,
    /// Which days are not worked.
    #[serde(default)]
    pub calendar: Calendar,
    /// The forms by id, from `forms/`.
    #[serde(skip_deserializing)]
    pub forms: BTreeMap<String, Form>,
}

/// An id with its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Id, unique in its list.
    pub id: String,
    /// What people read.
    pub title: String,
}

/// A fact about a contract that conditions of duties read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractFact {
    /// Id, unique in its list.
    pub id: String,
    /// What people read.
    pub title: String,
    /// What it holds.
    #[serde(rename = "type", default)]
    pub kind: FactType,
}

/// What a contract fact holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactType {
    /// True or false.
    #[default]
    YesNo,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A day.
    Date,
}

/// The policy that a pack restates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySource {
    /// How its paragraph ids begin: `OFF`.
    pub prefix: String,
    /// Its title, in our words.
    pub title: String,
    /// Who publishes it, in our words.
    pub publisher: String,
    /// Its day, if known.
    pub date: MaybeDate,
    /// Its standing.
    pub status: SourceStatus,
    /// When it was withdrawn; only with `withdrawn` or `superseded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<MaybeDate>,
    /// What took its place; only with `withdrawn` or `superseded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<Successor>,
    /// What a reader must know about its standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A policy's standing with its publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// Not yet in force.
    Draft,
    /// In force.
    InForce,
    /// Taken back by its publisher.
    Withdrawn,
    /// Another policy took its place.
    Superseded,
}

/// What took a policy's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// Its title, or `unknown`.
    pub title: String,
    /// Its day, or `unknown`.
    pub date: MaybeDate,
    /// Whether the pack's author has read it.
    pub text_seen: bool,
}

impl Successor {
    /// The title, unless it is not known.
    pub fn known_title(&self) -> Option<&str> {
        (self.title != "unknown").then_some(self.title.as_str())
    }
}

/// A framework and its requirement that the policy answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// The framework.
    pub framework: String,
    /// The requirement in it.
    pub requirement: String,
    /// Paragraphs that say so.
    #[serde(default)]
    pub source: Vec<String>,
}

/// A control of a published standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlRef {
    /// The standard and its year.
    pub standard: String,
    /// The control's number.
    pub id: String,
}

/// One duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What the party must do.
    pub text: String,
    /// Who owes it.
    pub owed_by: Role,
    /// Also owed by every sub-contractor under the contract.
    #[serde(default)]
    pub flows_down: bool,
    /// When it is owed.
    pub when: When,
    /// What shows that it is met.
    pub evidence: String,
    /// The event that itself shows that the duty is met, where this service sees it happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_by: Option<String>,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
    /// Controls of standards that it answers to.
    #[serde(default)]
    pub controls: Vec<ControlRef>,
    /// Duties of other packs that this one is stricter than: `pack.id`.
    #[serde(default)]
    pub supersedes: Vec<String>,
    /// Over contract facts: when the duty applies; always, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Whether what it speaks of stays blocked until a ruling on the contract allows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked_until_ruling: bool,
}

/// A contract clause that the policy asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The clause, in our words.
    pub text: String,
    /// When a contract must have it.
    pub required: ClauseRequired,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// When a contract must have a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseRequired {
    /// In every contract.
    Always,
    /// When an assessment asks for it.
    WhenAssessed,
    /// When work, data or access goes abroad.
    Offshore,
}

/// A classification example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What happens in it.
    pub text: String,
    /// The facts as the rule reads them.
    pub facts: Value,
    /// What the rule says: `offshoring`, `not_offshoring` or `undetermined`.
    pub outcome: ExampleOutcome,
    /// Paragraphs that it shows.
    #[serde(default)]
    pub source: Vec<String>,
}

/// What a rule says of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExampleOutcome {
    /// It is offshoring.
    Offshoring,
    /// It is not.
    NotOffshoring,
    /// More must be known.
    Undetermined,
}

/// A number that rules and blockers read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Id, unique in the pack.
    pub id: String,
    /// What it bounds.
    pub title: String,
    /// The number.
    pub value: f64,
    /// What it counts: see [`UNITS`].
    pub unit: String,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// The units that a threshold may count.
pub const UNITS: [&str; 14] = [
    "people",
    "records",
    "sites",
    "countries",
    "items",
    "count",
    "minutes",
    "hours",
    "days",
    "working_days",
    "weeks",
    "months",
    "years",
    "percent",
];

/// How often something is reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewInterval {
    /// Id, unique in the pack.
    pub id: String,
    /// What is reviewed.
    pub title: String,
    /// The interval.
    pub every: Interval,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// What is checked about people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreeningStandard {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The checks.
    pub checks: Vec<ScreeningCheck>,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// One check about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreeningCheck {
    /// Id, unique in the standard.
    pub id: String,
    /// What is checked.
    pub title: String,
    /// When it is required.
    pub required: CheckRequired,
}

/// When a check about a person is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckRequired {
    /// For everyone.
    Always,
    /// Where the law of the place permits it.
    WhereLawful,
    /// For roles that ask for it.
    ByRole,
}

/// Who decides, how many, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionLevel {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The roles that may decide at it.
    pub roles: Vec<Role>,
    /// How many of them must.
    pub quorum: u32,
    /// When it decides beside the level that an outcome names: over the answers and [`crate::levels::FACTS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// Whether a country's data protection is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adequacy {
    /// For everything.
    Full,
    /// For what the note says.
    Partial,
    /// Not at all.
    None,
}

/// Facts of one country, each with its day and reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryFacts {
    /// ISO 3166-1 alpha-2 code, or XK.
    pub country: String,
    /// Whether its data protection is recognised.
    pub adequacy: Adequacy,
    /// What a partial recognition covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adequacy_note: Option<String>,
    /// What is needed otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<String>,
    /// Local conditions that bear on security.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_conditions: Option<String>,
    /// The day on which this held.
    pub as_of: Date,
    /// Where it is written.
    pub reference: String,
}

/// Facts of every country not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryDefault {
    /// Whether its data protection is recognised.
    pub adequacy: Adequacy,
    /// What is needed otherwise.
    pub transfer: String,
    /// The day on which this held.
    pub as_of: Date,
    /// Where it is written.
    pub reference: String,
}

/// Which days are not worked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Days of every week.
    #[serde(default)]
    pub weekend: Vec<Weekday>,
    /// Single days.
    #[serde(default)]
    pub holidays: Vec<Date>,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}
