//! The lifecycle of an incident (SEC-24), and what of it policies may read.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use platform::authz::{Guarded, Resource};
use platform::cases::{Case, Kind, SUPPLIER, StageDef, StepDef};
use platform::ui::Tone;
use platform::{t, texts};
use rules::incident::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::casework::Sight;

/// The stages and steps of an incident.
pub const INCIDENT: Kind = Kind { id: "incident", prefix: "INC", stages: &STAGES, steps: &STEPS };

const STAGES: [StageDef; 7] = [
    StageDef { id: "reported", waits_for: &["security"], closed: false, tone: Tone::Red, on_line: true, days: Some(1) },
    StageDef { id: "triage", waits_for: &["security"], closed: false, tone: Tone::Blue, on_line: true, days: Some(3) },
    StageDef { id: "asking", waits_for: &[SUPPLIER], closed: false, tone: Tone::Orange, on_line: false, days: Some(2) },
    StageDef { id: "acting", waits_for: &["security"], closed: false, tone: Tone::Teal, on_line: true, days: Some(30) },
    StageDef { id: "closed", waits_for: &[], closed: true, tone: Tone::Green, on_line: true, days: None },
    StageDef { id: "no_incident", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
    StageDef { id: MERGED, waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
];

// In the order of the buttons: what moves the case on comes first.
const STEPS: [StepDef; 8] = [
    StepDef { id: "reply", action: "incident.answer", from: &["asking"], to: "triage", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "take_up", action: "incident.take_up", from: &["reported"], to: "triage", or: &[], needs_reason: false, fresh: false },
    StepDef {
        id: "decide",
        action: "incident.decide",
        from: &["triage"],
        to: "acting",
        or: &["no_incident"],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "ask", action: "incident.ask", from: &["triage"], to: "asking", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "go_on", action: "incident.go_on", from: &["asking"], to: "triage", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "close", action: "incident.close", from: &["acting"], to: "closed", or: &[], needs_reason: true, fresh: false },
    StepDef {
        id: "merge",
        action: "incident.merge",
        from: &["reported", "triage", "asking", "acting"],
        to: MERGED,
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "separate", action: "incident.separate", from: &[MERGED], to: "triage", or: &[], needs_reason: true, fresh: false },
];

/// The stage of a report that was merged into another one of the same incident.
pub const MERGED: &str = "merged";

/// The pack that carries the form of incidents.
pub const PACK: &str = "provider_security";
/// The section with the questions that come first: a report has no more.
pub const FIRST: &str = "report";
/// The entries of a report, by the ways in which one comes in.
pub const REPORTS: [&str; 4] = ["incident.report", "incident.report_told", "incident.report_by_link", "incident.report_by_mail"];
/// The longest reason or remark, in characters.
pub const LONGEST: usize = 8_000;
/// The most further contracts that a report may touch.
pub const MOST_PLACES: usize = 20;

/// How a report came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By a page, from somebody signed in.
    Page,
    /// By a program.
    Program,
    /// By a reporting link, from somebody without an account.
    Link,
    /// Told to somebody at the authority, who entered it.
    Told,
    /// By e-mail.
    Mail,
}

impl Channel {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Page, Self::Program, Self::Link, Self::Told, Self::Mail];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Program => "program",
            Self::Link => "link",
            Self::Told => "told",
            Self::Mail => "mail",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// In words.
    pub fn says(self) -> String {
        texts::t(&format!("incident-channel-{}", self.code()))
    }
}

/// A day, with the time of day where that is known, in the authority's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    /// The day.
    pub date: Date,
    /// The time.
    pub time: Option<Time>,
}

impl When {
    /// An answer of the form, if it is one.
    pub fn of(answer: Option<&Value>) -> Option<Self> {
        let answer = answer?;
        let date = answer.get("date")?.as_str()?.parse().ok()?;
        let time = answer.get("time").and_then(Value::as_str).and_then(|text| text.parse().ok());
        Some(Self { date, time })
    }

    /// As it is stored: `2026-03-02` or `2026-03-02T14:30`.
    pub fn stored(self) -> String {
        self.time.map_or_else(|| self.date.to_string(), |time| format!("{}T{}", self.date, time.strftime("%H:%M")))
    }

    /// In words.
    pub fn says(self) -> String {
        let day = platform::clock::day_text(self.date);
        self.time.map_or_else(
            || t!("incident-when-day", date = &day),
            |time| t!("incident-when", date = &day, time = time.strftime("%H:%M").to_string()),
        )
    }

    /// See [`When::stored`].
    pub fn from_stored(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
        Some(Self { date: date.parse().ok()?, time: time.and_then(|time| time.parse().ok()) })
    }
}

/// Who told of an incident that somebody at the authority entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The person's name, as given.
    pub name: String,
    /// How it was told: by telephone, in person, on paper.
    pub way: String,
}

/// What is decided of a report (SEC-X1h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is an incident.
    Incident,
    /// It is none.
    NotIncident,
}

impl Verdict {
    /// The code: that of the outcome which it settles.
    pub fn code(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::NotIncident => "not_incident",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Incident, Self::NotIncident].into_iter().find(|verdict| verdict.code() == code)
    }

    /// Whether the tests advised it.
    pub fn is_advised(self, outcome: Outcome) -> bool {
        match self {
            Self::Incident => outcome == Outcome::Incident,
            Self::NotIncident => outcome == Outcome::NotIncident,
        }
    }
}

/// Incidents as a kind of case: what the traits of the engine and of `casework` are told for.
pub struct Incidents;

/// An incident with what policies read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// What every case has.
    pub case: Case,
    /// Where its party stands.
    pub standing: Sight,
    /// The party that reported it; none of one that was told to the authority.
    pub reporter: Option<Uuid>,
    /// Whether it is about a party above its place.
    pub about_above: bool,
    /// Whether somebody at the authority entered it for whoever told of it, or wrote of it without belonging to a party.
    pub told: bool,
}

impl Incident {
    /// The parties that complete it: the reporter alone, so that nobody else reads what is withheld, or writes in what is said of them. What was told
    /// to the authority is completed there.
    pub fn writers(&self) -> Vec<Uuid> {
        self.reporter.into_iter().collect()
    }

    /// The parties that read it on the supplier's side.
    pub fn readers(&self) -> BTreeSet<Uuid> {
        self.standing.above.iter().copied().chain(self.reporter).collect()
    }

    /// The parties that answer what the authority asks: who completes it; of what was told, those at or above its place.
    pub fn answerers(&self) -> Vec<Uuid> {
        if self.told { self.standing.above.clone() } else { self.writers() }
    }
}

impl Incident {
    /// About to be reported as the holder of a link comes to it: policies let a link do nothing where this does not name it.
    pub fn through(&self, link: Uuid) -> Resource {
        self.resource().with("open_link", link)
    }
}

impl Guarded for Incident {
    fn resource(&self) -> Resource {
        Resource::new(INCIDENT.id, self.case.id)
            .with("stage", self.case.stage.clone())
            .maybe("owner", self.case.owner)
            .set("waits_for", INCIDENT.stage(&self.case.stage).map_or(&[][..], |stage| stage.waits_for))
            .maybe("lead", self.standing.lead)
            .set("above", &self.standing.above)
            .maybe("reporter", self.reporter)
            .with("told", self.told)
            .set("writers", self.writers())
            .set("answerers", self.answerers())
    }
}
