//! What a `pack.yaml` holds. Every struct refuses keys that it does not know.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

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

/// A day, or `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaybeDate {
    /// Not known.
    Unknown,
    /// Known.
    On(Date),
}

impl MaybeDate {
    /// The day, if known.
    pub fn known(self) -> Option<Date> {
        match self {
            Self::Unknown => None,
            Self::On(date) => Some(date),
        }
    }
}

impl Serialize for MaybeDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_str("unknown"),
            Self::On(date) => date.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for MaybeDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "unknown" {
            return Ok(Self::Unknown);
        }
        text.parse().map(Self::On).map_err(|_| de::Error::custom(format!("`{text}` is neither a date like 2026-11-22 nor `unknown`")))
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

/// Who may owe a duty, or decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the roles of the glossary")]
pub enum Role {
    Supplier,
    LeadSupplier,
    Bidder,
    Administrator,
    Security,
    ContractManager,
    Assessor,
    ProcurementLead,
    Owner,
    Management,
    Legal,
    DataController,
    InternalAudit,
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
}

/// When a duty is owed. Intervals are ISO 8601 periods; `B` days (`P5B`) are working days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At every moment.
    Always,
    /// Before something happens.
    Before(String),
    /// On the day something happens.
    On(String),
    /// At most so long after something happens.
    Within {
        /// The interval.
        interval: Interval,
        /// What it counts from.
        of: String,
    },
    /// Again and again, counted from something or from when last met.
    Every {
        /// The interval.
        interval: Interval,
        /// What it first counts from.
        from: String,
    },
}

impl When {
    /// The id of what the duty counts from.
    pub fn event(&self) -> Option<&str> {
        match self {
            Self::Always => None,
            Self::Before(event) | Self::On(event) => Some(event),
            Self::Within { of: event, .. } | Self::Every { from: event, .. } => Some(event),
        }
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WhenMap {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
}

impl WhenMap {
    fn read(self) -> Option<When> {
        Some(match (self.before, self.on, self.within, self.of, self.every, self.from) {
            (Some(event), None, None, None, None, None) => When::Before(event),
            (None, Some(event), None, None, None, None) => When::On(event),
            (None, None, Some(interval), Some(of), None, None) => When::Within { interval, of },
            (None, None, None, None, Some(interval), Some(from)) => When::Every { interval, from },
            _ => return None,
        })
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = WhenMap::default();
        match self.clone() {
            Self::Always => return serializer.serialize_str("always"),
            Self::Before(event) => map.before = Some(event),
            Self::On(event) => map.on = Some(event),
            Self::Within { interval, of } => (map.within, map.of) = (Some(interval), Some(of)),
            Self::Every { interval, from } => (map.every, map.from) = (Some(interval), Some(from)),
        }
        map.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        const FORMS: &str = "`always`, {before: EVENT}, {on: EVENT}, {within: P30D, of: EVENT} or {every: P1Y, from: EVENT}";
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = When;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(FORMS)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
                if text == "always" { Ok(When::Always) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<When, A::Error> {
                WhenMap::deserialize(de::value::MapAccessDeserializer::new(map))?
                    .read()
                    .ok_or_else(|| de::Error::custom(format!("`when` must be one of {FORMS}")))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// An interval of whole years, months, weeks and days, or of working days alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Calendar years, months, and days (weeks count as seven days).
    Calendar {
        /// Years, counted as twelve months each.
        months: i32,
        /// Days after that.
        days: i32,
    },
    /// Working days by the pack's calendar: `P5B`.
    WorkingDays(i32),
}

impl std::str::FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a period like P1Y, P6M, P2W, P30D, or P5B for five working days");
        if let Some(days) = text.strip_prefix('P').and_then(|rest| rest.strip_suffix('B')) {
            return days.parse().ok().filter(|n| (1..=1000).contains(n) && !days.starts_with('+')).map(Self::WorkingDays).ok_or_else(wrong);
        }
        let span: jiff::Span = text.parse().map_err(|_| wrong())?;
        let dates_only = text.starts_with('P') && !text.contains('T');
        let months = i32::from(span.get_years()) * 12 + span.get_months();
        let days = span.get_weeks() * 7 + span.get_days();
        if dates_only && (0..=1200).contains(&months) && (0..=36_500).contains(&days) && months + days > 0 {
            Ok(Self::Calendar { months, days })
        } else {
            Err(wrong())
        }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::WorkingDays(days) => write!(f, "P{days}B"),
            Self::Calendar { months, days } => {
                f.write_str("P")?;
                for (count, unit) in [(months / 12, 'Y'), (months % 12, 'M'), (days, 'D')] {
                    if count > 0 {
                        write!(f, "{count}{unit}")?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
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

/// How risk is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskMethod {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The form whose answers it reads; may be left out in a pack with one form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
    /// How likely, levels ascending from 1.
    pub likelihood: Vec<Level>,
    /// How bad, levels ascending from 1.
    pub impact: Vec<Level>,
    /// Ratings, ascending.
    pub ratings: Vec<Named>,
    /// Rating ids: one row a likelihood level, one column an impact level.
    pub matrix: Vec<Vec<String>>,
    /// What the assessor judges.
    pub factors: Vec<Factor>,
    /// How much of it is judged: the first whose condition holds; the last has none.
    pub paths: Vec<RiskPath>,
    /// What a residual rating asks of the approval.
    pub outcomes: Vec<RiskOutcome>,
}

/// One level of a scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its number, from 1.
    pub level: u32,
    /// Its name.
    pub title: String,
    /// What it means.
    #[serde(default)]
    pub text: String,
}

/// Something the assessor judges by likelihood and impact, before and after controls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Id, unique in the method.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What to judge.
    #[serde(default)]
    pub text: String,
    /// Questions that bear on it.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// Which factors a path judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathFactors {
    /// Every factor of the method.
    All,
    /// These.
    Some(Vec<String>),
}

impl Serialize for PathFactors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Some(ids) => ids.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for PathFactors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = PathFactors;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`all` or a list of factor ids")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PathFactors, E> {
                if text == "all" { Ok(PathFactors::All) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<PathFactors, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(PathFactors::Some)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// How much of a method is judged, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskPath {
    /// Id, unique in the method.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Which factors it judges.
    pub factors: PathFactors,
    /// Over the answers; absent on the last path only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Why it is taken, for the record.
    pub reason: String,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
}

/// What a residual rating asks of the approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskOutcome {
    /// The rating's id.
    pub rating: String,
    /// How long until it is reviewed.
    pub review: Interval,
    /// The decision level's id.
    pub level: String,
    /// Control sets that the approval demands.
    #[serde(default)]
    pub controls: Vec<String>,
}

/// Controls that an outcome may demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlSet {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Over the answers: when it is demanded; whenever an outcome names it, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The controls.
    pub controls: Vec<Control>,
}

/// One control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Id, unique in the pack's control sets.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What must be in place.
    pub text: String,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
    /// Controls of standards that it answers to.
    #[serde(default)]
    pub controls: Vec<ControlRef>,
}

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

/// Who decides, how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionLevel {
    /// Id, unique in the pack.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The role that decides.
    pub role: Role,
    /// How many of them must.
    pub quorum: u32,
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
