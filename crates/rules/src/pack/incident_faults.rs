//! Finds the faults in what a pack says of incidents: steps that do not rise, times in the wrong order, and a form that the rules could not read.

use super::{
    incident_model::{Incidents, ServiceLevels},
    model::Pack,
    report::Report,
};
use crate::{
    decision::Missing,
    form::{Form, Question, QuestionType},
    incident::{self, Action, AssetKind, Attempt, Loss, Whereabouts, severity, severity::Severity},
};

/// The section that a report is, before anything is completed: the first of its form.
const REPORT: &str = "report";

/// What a report says at once.
const AT_ONCE: [(&str, QuestionType); 6] = [
    ("what_happened", QuestionType::LongText),
    ("happened", QuestionType::Moment),
    ("discovered", QuestionType::Moment),
    ("involved", QuestionType::Choices),
    ("still_going_on", QuestionType::Choice),
    ("reach_me", QuestionType::Text),
];

/// The option of a choice that says that the answer is not known.
const NOT_KNOWN: &str = "not_known";
/// The option that says that the list is empty.
const NONE: &str = "none";

/// How a form asks for a fact of [`incident::Facts`] or [`severity::Impact`].
enum Asks {
    /// Yes, no, or not known.
    YesNo,
    /// How many.
    Number,
    /// One of these codes, or not known.
    One(Vec<&'static str>),
    /// Some of these codes, none, or not known.
    Some(Vec<&'static str>),
}

/// Every fact by the name that it has in documents, which is the id of the question that asks for it.
fn facts() -> Vec<(&'static str, Asks)> {
    vec![
        ("asset_involved", Asks::YesNo),
        ("asset_kind", Asks::One(AssetKind::ALL.iter().map(|one| one.code()).collect())),
        ("attempt", Asks::One(Attempt::ALL.iter().map(|one| one.code()).collect())),
        ("loss", Asks::Some(Loss::ALL.iter().map(|one| one.code()).collect())),
        ("process_breakdown", Asks::YesNo),
        ("exposed", Asks::YesNo),
        ("whereabouts", Asks::One(Whereabouts::ALL.iter().map(|one| one.code()).collect())),
        ("backup_usable", Asks::YesNo),
        ("actions", Asks::Some(Action::ALL.iter().map(|one| one.code()).collect())),
        ("systemic", Asks::YesNo),
        ("people", Asks::Number),
        ("records", Asks::Number),
        ("encrypted", Asks::YesNo),
        ("special_category", Asks::YesNo),
        ("services_down", Asks::Number),
    ]
}

impl Report<'_> {
    /// What `pack.yaml` says of incidents.
    pub(super) fn incidents(&mut self, pack: &Pack, incidents: &Incidents) {
        self.source("incidents", &incidents.source);
        self.known("incidents.form", "form", &incidents.form, pack.forms.keys().map(String::as_str), "forms/");
        for fault in incidents.severity.faults() {
            let advice = "Make `moderate` 1 or more, `high` greater than it, and `critical` greater than that.";
            self.fault(&format!("incidents.severity.{fault}"), "The steps do not rise", advice);
        }
        self.service_levels(&incidents.service_levels);
    }

    /// Nothing is slower for the graver, and nothing comes before what it follows on.
    fn service_levels(&mut self, levels: &ServiceLevels) {
        for (at, severity) in Severity::ALL.iter().enumerate() {
            let level = levels.of(*severity).each();
            let path = |key: &str| format!("incidents.service_levels.{}.{key}", severity.code());
            for pair in level.windows(2).filter(|pair| pair[1].1 < pair[0].1) {
                let problem = format!("`{}` would be over before `{}`", pair[1].0, pair[0].0);
                self.fault(&path(pair[1].0), problem, "Acknowledge first, update then, and close at last.");
            }
            let Some(milder) = at.checked_sub(1).map(|at| Severity::ALL[at]) else { continue };
            for ((key, limit), (_, other)) in level.into_iter().zip(levels.of(milder).each()) {
                if limit > other {
                    let problem = format!("It is slower for `{}` than for `{}`", severity.code(), milder.code());
                    self.fault(&path(key), problem, format!("Make it at most {other}, or give `{}` more time.", milder.code()));
                }
            }
        }
    }
}

/// The form that reports are: it asks at once for what a report is, and for each fact that a decision may call missing.
pub(super) fn form(report: &mut Report<'_>, form: &Form) {
    if form.sections.first().is_none_or(|section| section.id != REPORT) {
        let advice = "Put a section `report` first: it is all that is asked at once.";
        report.fault("sections.0.id", "The first section of a form for incidents is not `report`", advice);
    }
    for (id, kind) in AT_ONCE {
        match find(form, id) {
            Some((path, question, _)) if question.kind != kind => wrong_type(report, &path, question),
            Some((path, _, section)) if section != REPORT => {
                report.fault(&path, format!("`{id}` is not asked at once"), "Move the question into the section `report`.");
            }
            Some(_) => {}
            None => report.fault("sections.0", format!("There is no question `{id}`"), "Add it to the section `report`."),
        }
    }
    let asked: Vec<Missing> = incident::facts_that_may_miss().into_iter().chain(severity::facts_that_may_miss()).collect();
    for (id, asks) in facts() {
        match find(form, id) {
            Some((path, question, _)) => fact(report, &path, question, asks),
            None if asked.iter().any(|missing| missing.0 == id) => {
                let advice = "Add a question of this id: otherwise it stays unknown whether and how grave an incident is.";
                report.fault("sections", format!("Nothing asks for the fact `{id}`"), advice);
            }
            None => {}
        }
    }
}

fn wrong_type(report: &mut Report<'_>, path: &str, question: &Question) {
    let problem = format!("`{}` is a fact of an incident and has another type", question.id);
    report.fault(&format!("{path}.type"), problem, "Take the type that the built-in form gives it, or another id.");
}

fn fact(report: &mut Report<'_>, path: &str, question: &Question, asks: Asks) {
    let (kind, mut codes) = match asks {
        Asks::YesNo => (QuestionType::YesNo, Vec::new()),
        Asks::Number => (QuestionType::Number, Vec::new()),
        Asks::One(codes) => (QuestionType::Choice, codes),
        Asks::Some(mut codes) => {
            codes.push(NONE);
            (QuestionType::Choices, codes)
        }
    };
    if question.kind != kind {
        return wrong_type(report, path, question);
    }
    let unsaid = match kind {
        QuestionType::YesNo => !question.allow_unknown,
        QuestionType::Choice | QuestionType::Choices => question.options.iter().all(|option| option.id != NOT_KNOWN),
        _ => false,
    };
    if unsaid {
        let advice = "Add `allow_unknown: true` to a yes_no, the option `not_known` to a choice: what is not known must not be guessed.";
        report.fault(path, format!("`{}` does not take \"not known\"", question.id), advice);
    }
    codes.push(NOT_KNOWN);
    for (at, option) in question.options.iter().enumerate().filter(|(_, option)| !codes.contains(&option.id.as_str())) {
        let problem = format!("`{}` is no code of the fact `{}`", option.id, question.id);
        report.fault(&format!("{path}.options.{at}.id"), problem, format!("Use one of {}.", codes.join(", ")));
    }
}

/// A question outside groups, with its path and its section.
fn find<'f>(form: &'f Form, id: &str) -> Option<(String, &'f Question, &'f str)> {
    form.sections.iter().enumerate().find_map(|(s, section)| {
        let (q, question) = section.questions.iter().enumerate().find(|(_, question)| question.id == id)?;
        Some((format!("sections.{s}.questions.{q}"), question, section.id.as_str()))
    })
}
