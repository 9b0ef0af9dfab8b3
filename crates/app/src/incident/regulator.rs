//! Whether the regulator is told of an incident (SEC-27): what waits for the data controller and until when, what was decided, and what was sent. Of
//! all of it a supplier knows nothing: it is a thing of its own beside the case, with policies and entries of its own. Pure.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use platform::cases::Case;
use platform::clock::{Clock, HOUR, MINUTE, Millis, timestamp};
use platform::t;
use rules::category::Category;
use rules::form::Answers;
use rules::regulator::{
    self as duty, Circumstance, DataType, Facts, IncidentCategory, IncidentType, Risk, Sector, SizeBand, SubjectType, TimeBand,
    incident_category, incident_type,
};
use rules::truth::Truth;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::model::{MERGED, When};
use super::teller::{Informed, Teller};

/// The kind of thing that it is to policies and to the ledger.
pub const KIND: &str = "regulator";
/// The kind of a round that tells of something that was sent.
pub const SENT: &str = "sent";
/// The longest name of whoever sent something, in characters.
pub const LONGEST_NAME: usize = 200;
/// The longest reference of the regulator's, in characters.
pub const LONGEST_REFERENCE: usize = 100;

/// The record of what becomes of an incident before the regulator, as policies know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// The incident.
    pub case: Uuid,
}

impl Record {
    /// That of an incident.
    pub fn of(case: &Case) -> Self {
        Self { case: case.id }
    }

    /// Anyone's, for asking what an actor may do in general.
    pub fn any() -> Self {
        Self { case: Uuid::nil() }
    }
}

impl Guarded for Record {
    fn resource(&self) -> Resource {
        Resource::new(KIND, self.case)
    }
}

/// What waits for the data controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    /// The decision.
    Decision,
    /// The notification that was decided on.
    Sending,
    /// The next part of it.
    NextPart,
    /// That the people concerned are told, as it was decided.
    People,
}

impl Waits {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Sending => "sending",
            Self::NextPart => "next_part",
            Self::People => "people",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Decision, Self::Sending, Self::NextPart, Self::People].into_iter().find(|waits| waits.code() == code)
    }
}

/// How an incident stands before the regulator: what lists and reminders go by. What was said stands in its rounds, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The incident.
    pub case: Uuid,
    /// When the authority became aware.
    pub aware: Millis,
    /// Whether data about people is concerned, as far as the report says.
    pub concerns: Truth,
    /// Whether the regulator is notified, once that is decided.
    pub notify: Option<bool>,
    /// When the first notification was sent.
    pub first: Option<Millis>,
    /// Until when the next part is due.
    pub next: Option<Millis>,
    /// Until when the people concerned are to be told, while they are to be and nobody has recorded that they were.
    pub people: Option<Millis>,
    /// When a report first named a regulator among those whom the supplier's side had told.
    pub alarm: Option<Millis>,
    /// Counts the changes by the data controller.
    pub version: i32,
}

impl Kept {
    /// The last instant at which a notification is in time.
    pub fn deadline(&self) -> Millis {
        duty::deadline(timestamp(self.aware)).map_or(Millis::MAX, Timestamp::as_millisecond)
    }

    /// What waits for the data controller and until when, of an incident at a stage. The clock stops where nothing says that data about people is
    /// concerned and either the report rules it out, or the authority found nothing to have happened; and where the report was merged into another
    /// one, which takes its clock over ([`Kept::with_duplicate`]). What was decided goes on wherever the incident stands.
    pub fn waits(&self, stage: &str) -> Option<(Waits, Millis)> {
        let no_incident = stage == "no_incident";
        match (self.notify, self.first) {
            (None, _) if stage == MERGED => None,
            (None, _) => {
                let concerned = match self.concerns {
                    Truth::True => true,
                    Truth::Unknown => !no_incident,
                    Truth::False => false,
                };
                concerned.then(|| (Waits::Decision, self.deadline()))
            }
            (Some(false), _) => None,
            (Some(true), None) => Some((Waits::Sending, self.deadline())),
            (Some(true), Some(_)) => self.next.map(|at| (Waits::NextPart, at)),
        }
    }

    /// How it stands once another report of the same incident was merged into it: the authority became aware by the earlier of the two, and data about
    /// people is concerned where either says so.
    #[must_use]
    pub fn with_duplicate(&self, duplicate: &Self) -> Self {
        let concerns = if duplicate.concerns == Truth::True { Truth::True } else { self.concerns };
        Self { aware: self.aware.min(duplicate.aware), concerns, ..self.clone() }
    }
}

/// Whether the people concerned are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum People {
    /// They were told.
    Told,
    /// They will be.
    WillBe,
    /// They are not.
    Not,
}

impl People {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Told, Self::WillBe, Self::Not];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::WillBe => "will_be",
            Self::Not => "not",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|people| people.code() == code)
    }
}

/// That the authority became aware at another moment than when the report reached it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aware {
    /// When.
    pub at: Millis,
    /// Why.
    pub reason: String,
}

/// A decision whether the regulator is notified, and whether the people concerned are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the regulator is notified.
    pub notify: bool,
    /// Whether data about people is concerned.
    pub personal: Truth,
    /// The risk to people; none where no data about them is concerned.
    pub risk: Option<Risk>,
    /// Why, and on what it rests.
    pub reason: String,
    /// Whether the people concerned are told; none where no data about them is concerned.
    pub people: Option<People>,
    /// Who tells them; none where nobody does, and in decisions from before this was asked.
    #[serde(default)]
    pub people_by: Option<Teller>,
    /// What the supplier that is to tell them reads; empty where it is not asked to.
    #[serde(default)]
    pub instruction: String,
    /// The task by which it reads that.
    #[serde(default)]
    pub task: Option<Uuid>,
    /// Why they are, or are not.
    pub people_reason: String,
    /// How they are told.
    pub people_how: String,
    /// When they were or will be told.
    pub people_on: Option<Date>,
}

/// What was told in the closed lists of the regulator, each by the regulator's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// What happened.
    pub incident_type: String,
    /// Whether it came about by technical means.
    pub category: String,
    /// What the data tells.
    pub data: Vec<String>,
    /// Whom it is about.
    pub subjects: Vec<String>,
    /// What the authority does.
    pub sector: String,
    /// How many people are concerned.
    pub size: String,
}

impl Filled {
    /// The entries that are none of the regulator's, by the field in which they stand; and the fields where one is needed and none stands.
    pub fn wrong(&self) -> Vec<&'static str> {
        let each = |all: &[String], known: fn(&str) -> bool| !all.is_empty() && all.iter().all(|one| known(one));
        let checked = [
            ("incident_type", IncidentType::from_label(&self.incident_type).is_some()),
            ("category", IncidentCategory::from_label(&self.category).is_some()),
            ("data", each(&self.data, |one| DataType::from_label(one).is_some())),
            ("subjects", each(&self.subjects, |one| SubjectType::from_label(one).is_some())),
            ("sector", Sector::from_label(&self.sector).is_some()),
            ("size", SizeBand::from_label(&self.size).is_some()),
        ];
        checked.into_iter().filter(|(_, right)| !right).map(|(field, _)| field).collect()
    }
}

/// What was sent to the regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// When.
    pub at: Millis,
    /// By whom, by name.
    pub by: String,
    /// The regulator's reference; empty while it has given none.
    pub reference: String,
    /// Whether it was the first notification; else a further part of it.
    pub first: bool,
    /// Why it was later than the law asks; empty where it was not.
    pub late: String,
    /// What was told in the regulator's lists.
    pub filled: Filled,
    /// How long it took from when the authority became aware, in the regulator's bands; of the first notification.
    pub took: Option<String>,
    /// What was sent, in words.
    pub what: String,
    /// The day by which the next part is due; none where nothing is to follow.
    pub next: Option<Date>,
}

/// What one round of the record says. Nothing that was said is taken back; what is said later counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// See [`Aware`].
    Aware(Aware),
    /// See [`Decision`].
    Decision(Decision),
    /// See [`Sent`].
    Sent(Sent),
    /// See [`Informed`].
    People(Informed),
}

impl Said {
    /// The code of its kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Aware(_) => "aware",
            Self::Decision(_) => "decision",
            Self::Sent(_) => SENT,
            Self::People(_) => "people",
        }
    }
}

/// One round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its number, from 1.
    pub no: i32,
    /// When it was said.
    pub at: Millis,
    /// By which account.
    pub by: Uuid,
    /// What kind it is, by code.
    pub kind: String,
    /// What it says; none once that was destroyed.
    pub said: Option<Said>,
}

/// Whether a notification that goes out at `at` lacks the reason for its delay: the first one was or is late, and none of those before gave any.
pub fn lacks_reason(kept: &Kept, rounds: &[Round], at: Millis) -> bool {
    let given = rounds.iter().any(|round| matches!(&round.said, Some(Said::Sent(sent)) if !sent.late.trim().is_empty()));
    kept.first.unwrap_or(at) > kept.deadline() && !given
}

/// The decision that stands.
pub fn decision(rounds: &[Round]) -> Option<&Decision> {
    rounds.iter().rev().find_map(|round| match &round.said {
        Some(Said::Decision(decision)) => Some(decision),
        _ => None,
    })
}

/// What was sent last.
pub fn last_sent(rounds: &[Round]) -> Option<&Sent> {
    rounds.iter().rev().find_map(|round| match &round.said {
        Some(Said::Sent(sent)) => Some(sent),
        _ => None,
    })
}

/// The regulator's band of the time from when the authority became aware. What was sent within that very minute took none.
pub fn took(aware: Millis, sent: Millis) -> Option<TimeBand> {
    TimeBand::between(timestamp(aware), timestamp(sent.max(aware)))
}

/// Whether something that people time by the minute lies before an instant.
pub fn before(moment: Millis, instant: Millis) -> bool {
    moment < instant - instant.rem_euclid(MINUTE)
}

/// The entries of an answer that has several.
pub(super) fn entries<'a>(answers: &'a Answers, id: &str) -> impl Iterator<Item = &'a Value> {
    answers.get(id).and_then(Value::as_array).into_iter().flatten()
}

/// The codes that an answer chose.
pub(super) fn chosen<'a>(answers: &'a Answers, id: &str) -> impl Iterator<Item = &'a str> {
    entries(answers, id).filter_map(Value::as_str)
}

/// What answers and the categories of an incident give for the regulator's lists.
pub(super) fn facts(answers: &Answers, categories: Vec<Category>) -> Facts {
    let cyber = answers.get("cyber").and_then(Value::as_bool).into();
    Facts { categories, cyber, circumstances: chosen(answers, "circumstances").filter_map(Circumstance::from_code).collect() }
}

/// The kinds of data that a report lists.
fn listed(answers: &Answers) -> Vec<&str> {
    entries(answers, "data").filter_map(|entry| entry.get("data_type").and_then(Value::as_str)).collect()
}

/// Whether a report says that data about people is concerned. What it does not say is not known.
pub fn concerns(answers: &Answers) -> Truth {
    let (held, people) = (answers.get("data_held").and_then(Value::as_str), answers.get("people").and_then(Value::as_u64));
    let listed = listed(answers);
    let about_people = chosen(answers, "involved").any(|code| code == "personal_data")
        || people.is_some_and(|people| people > 0)
        || listed.iter().any(|kind| DataType::from_code(kind).is_some_and(|kind| kind != DataType::Unknown));
    let nobody = held == Some("no") || people == Some(0) || (!listed.is_empty() && listed.iter().all(|kind| *kind == "not_personal"));
    match (about_people, nobody) {
        (true, _) => Truth::True,
        (false, true) => Truth::False,
        (false, false) => Truth::Unknown,
    }
}

/// A regulator that the supplier's side says was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name, as given.
    pub name: String,
    /// When it was told.
    pub at: Option<When>,
    /// Its reference; empty where none was given.
    pub reference: String,
}

/// Whether what somebody else is called is a regulator by its name.
fn called_regulator(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| word == "ico" || word == "regulator") || name.contains("information commissioner") || name.contains("data protection")
}

/// The regulators among the notifications that a report lists: what is said to be one, and what is called so.
pub fn named(answers: &Answers) -> Vec<Named> {
    let all = entries(answers, "notifications");
    let text = |entry: &Value, id: &str| entry.get(id).and_then(Value::as_str).unwrap_or_default().to_owned();
    let regulators = all.filter(|entry| match entry.get("notified_who").and_then(Value::as_str) {
        Some("regulator") => true,
        Some("other") => called_regulator(&text(entry, "notified_name")),
        _ => false,
    });
    let of = |entry: &Value| Named {
        name: text(entry, "notified_name"),
        at: When::of(entry.get("notified_at")),
        reference: text(entry, "notified_reference"),
    };
    regulators.map(of).collect()
}

/// What the answers give for the regulator's lists. The sector is the authority's: it stays as it was told last.
pub fn filled(answers: &Answers, categories: &[Category], before: Option<&Sent>) -> Filled {
    if let Some(sent) = before {
        return sent.filled.clone();
    }
    let facts = facts(answers, categories.to_vec());
    let kinds = listed(answers);
    let data: Vec<DataType> = DataType::ALL.iter().copied().filter(|kind| kinds.contains(&kind.code())).collect();
    let who: Vec<&str> = chosen(answers, "subjects").collect();
    let subjects: Vec<SubjectType> = SubjectType::ALL.iter().copied().filter(|kind| who.contains(&kind.code())).collect();
    let people = answers.get("people").and_then(Value::as_u64);
    let or_unknown = |all: Vec<&'static str>, unknown: &'static str| -> Vec<String> {
        if all.is_empty() { vec![unknown.to_owned()] } else { all.into_iter().map(str::to_owned).collect() }
    };
    Filled {
        incident_type: incident_type(&facts).label().to_owned(),
        category: incident_category(&facts).label().to_owned(),
        data: or_unknown(data.into_iter().map(DataType::label).collect(), DataType::Unknown.label()),
        subjects: or_unknown(subjects.into_iter().map(SubjectType::label).collect(), SubjectType::Unknown.label()),
        sector: String::new(),
        size: SizeBand::of(people).label().to_owned(),
    }
}

/// How long there is still, or for how long it is over, in words.
pub fn left(until: Millis, now: Millis) -> String {
    let (over, time) = if until < now { (true, now - until) } else { (false, until - now) };
    let (unit, count) = if time < 2 * HOUR {
        ("minutes", time / MINUTE)
    } else if time < 96 * HOUR {
        ("hours", time / HOUR)
    } else {
        ("days", time / (24 * HOUR))
    };
    let id = format!("regulator-{}-{unit}", if over { "over" } else { "left" });
    platform::texts::Text::new(id).with("count", count).say()
}

/// What waits and how long there is still, in one line.
pub fn waits_says(waits: Waits, until: Millis, now: Millis) -> String {
    let left = left(until, now);
    match waits {
        Waits::Decision => t!("regulator-mark-decision", left = left),
        Waits::Sending => t!("regulator-mark-sending", left = left),
        Waits::NextPart => t!("regulator-mark-next-part", left = left),
        Waits::People => t!("regulator-mark-people", left = left),
    }
}

/// The same of an incident at a stage, or what was decided of it; nothing where neither is.
pub fn mark(kept: &Kept, stage: &str, now: Millis) -> Option<String> {
    match (kept.waits(stage).or(kept.people.map(|until| (Waits::People, until))), kept.notify) {
        (Some((waits, until)), _) => Some(waits_says(waits, until, now)),
        (None, Some(true)) => Some(t!("regulator-mark-notified")),
        (None, Some(false)) => Some(t!("regulator-mark-not")),
        (None, None) => None,
    }
}

/// The last instant of a day on which a part is due.
pub fn due_by(clock: &Clock, day: Option<Date>) -> Option<Millis> {
    day.map(|day| clock.end_of(day))
}
