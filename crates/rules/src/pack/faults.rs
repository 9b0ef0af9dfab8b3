//! Finds the faults of meaning in `pack.yaml`: dangling ids, ids used twice, shapes that do not fit.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    form_faults, incident_faults,
    lines::Lines,
    load::{PACK_FILE, Parsed},
    model::{ContractFact, DecisionLevel, FactType, Obligation, Pack, SourceStatus, UNITS},
    report::{PackFault, Report, is_source, well_formed},
    role::Role,
    urgent_model::UrgentApproval,
};
use crate::{condition::Condition, form::Form};

/// Every fault of meaning, in the order of file and line.
pub(super) fn find(parsed: &Parsed) -> Vec<PackFault> {
    let pack = &parsed.pack;
    let mut faults = Vec::new();
    let empty = Lines::default();
    let mut report = Report::new(PACK_FILE, parsed.lines.get(PACK_FILE).unwrap_or(&empty), &mut faults);
    report.pack(pack);
    for method in pack.risk_methods.iter().enumerate() {
        report.risk_method(pack, method.0, method.1);
    }
    for (name, form) in &pack.forms {
        let file = format!("forms/{name}.yaml");
        let lines = parsed.lines.get(&file).unwrap_or(&empty);
        let mut report = Report::new(&file, lines, &mut faults);
        form_faults::find(&mut report, name, form);
        if pack.incidents.as_ref().is_some_and(|incidents| incidents.form == *name) {
            incident_faults::form(&mut report, form);
        }
    }
    faults.sort();
    faults
}

impl Report<'_> {
    fn pack(&mut self, pack: &Pack) {
        self.id("pack", &pack.pack);
        for (path, text) in [("title", &pack.title), ("summary", &pack.summary), ("edition", &pack.edition), ("manager", &pack.manager)] {
            if text.trim().is_empty() {
                self.fault(path, format!("`{path}` is empty"), "Fill it in.");
            }
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        let edition = pack.edition.as_bytes();
        if !edition.is_empty() && (edition.len() > 40 || !edition.iter().all(|b| plain(*b)) || !edition[0].is_ascii_alphanumeric()) {
            let advice = "Use at most 40 letters, digits, `.`, `-` and `_`, as in 2026.1.";
            self.fault("edition", format!("`{}` is not the name of an edition", pack.edition), advice);
        }
        self.standing(pack);
        for (index, parent) in pack.parents.iter().enumerate() {
            self.source(&format!("parents.{index}"), &parent.source);
        }
        self.ids("events", pack.events.iter().map(|event| event.id.as_str()));
        self.ids("contract_facts", pack.contract_facts.iter().map(|fact| fact.id.as_str()));
        self.ids("obligations", pack.obligations.iter().map(|duty| duty.id.as_str()));
        for (index, duty) in pack.obligations.iter().enumerate() {
            self.obligation(pack, index, duty);
        }
        self.simple_lists(pack);
        self.guidance(pack);
        self.control_sets(pack);
        self.countries(pack);
    }

    fn standing(&mut self, pack: &Pack) {
        let source = &pack.source;
        let over = matches!(source.status, SourceStatus::Withdrawn | SourceStatus::Superseded);
        for (path, given) in
            [("source.withdrawn_on", source.withdrawn_on.is_some()), ("source.superseded_by", source.superseded_by.is_some())]
        {
            if given && !over {
                self.fault(path, "It only goes with the status withdrawn or superseded", "Take it out, or correct the status.");
            }
        }
        if source.status == SourceStatus::Superseded && source.superseded_by.is_none() {
            self.fault(
                "source.status",
                "What took the policy's place is missing",
                "Add `superseded_by`; its title and date may be `unknown`.",
            );
        }
        if source.status == SourceStatus::Withdrawn && source.withdrawn_on.is_none() {
            self.fault("source.status", "The day of withdrawal is missing", "Add `withdrawn_on`, a date or `unknown`.");
        }
        if !is_source(&format!("{}-1", source.prefix)) {
            self.fault("source.prefix", format!("`{}` cannot begin a paragraph's id", source.prefix), "Use capital letters: OFF.");
        }
    }

    fn obligation(&mut self, pack: &Pack, index: usize, duty: &Obligation) {
        let path = format!("obligations.{index}");
        self.source(&path, &duty.source);
        if duty.flows_down && duty.owed_by != Role::Supplier {
            let problem = "Only a supplier's duty flows down";
            self.fault(&format!("{path}.flows_down"), problem, "Take `flows_down` out, or make it owed by the supplier.");
        }
        if let Some(event) = duty.when.event() {
            self.known(&format!("{path}.when"), "event", event, pack.events.iter().map(|event| event.id.as_str()), "events");
        }
        if let Some(event) = &duty.shown_by {
            self.known(&format!("{path}.shown_by"), "event", event, pack.events.iter().map(|event| event.id.as_str()), "events");
        }
        if let Some(condition) = &duty.condition {
            let path = format!("{path}.condition");
            self.leaves(&path, condition, &mut |report, path, id, value| {
                report.fact(path, id, value, &pack.contract_facts);
            });
        }
        for (at, other) in duty.supersedes.iter().enumerate() {
            let path = format!("{path}.supersedes.{at}");
            match other.split_once('.') {
                Some((of, id)) if of == pack.pack => {
                    self.known(&path, "obligation", id, pack.obligations.iter().map(|duty| duty.id.as_str()), "obligations");
                }
                Some((of, id)) if well_formed(of) && well_formed(id) => {}
                _ => self.fault(&path, format!("`{other}` names no obligation"), "Write it as `pack.obligation`."),
            }
        }
    }

    fn fact(&mut self, path: &str, id: &str, value: Option<&Value>, facts: &[ContractFact]) {
        let Some(fact) = facts.iter().find(|fact| fact.id == id) else {
            return self.fault(path, format!("There is no contract fact `{id}`"), "Add it to `contract_facts`, or correct the id.");
        };
        let fits = |value: &Value| match fact.kind {
            FactType::YesNo => value.is_boolean(),
            FactType::Number => value.is_number(),
            FactType::Text => value.is_string(),
            FactType::Date => crate::condition::date(value).is_some(),
        };
        if value.is_some_and(|value| !fits(value)) {
            self.fault(
                path,
                format!("The value does not fit the fact `{id}`"),
                "Use true or false, a number, a text or a date, as its type says.",
            );
        }
    }

    fn simple_lists(&mut self, pack: &Pack) {
        self.ids("clauses", pack.clauses.iter().map(|clause| clause.id.as_str()));
        self.ids("examples", pack.examples.iter().map(|example| example.id.as_str()));
        self.ids("thresholds", pack.thresholds.iter().map(|threshold| threshold.id.as_str()));
        self.ids("risk_methods", pack.risk_methods.iter().map(|method| method.id.as_str()));
        self.ids("review_intervals", pack.review_intervals.iter().map(|interval| interval.id.as_str()));
        self.ids("screening_standards", pack.screening_standards.iter().map(|standard| standard.id.as_str()));
        self.ids("decision_levels", pack.decision_levels.iter().map(|level| level.id.as_str()));
        for (index, clause) in pack.clauses.iter().enumerate() {
            self.source(&format!("clauses.{index}"), &clause.source);
        }
        for (index, example) in pack.examples.iter().enumerate() {
            self.source(&format!("examples.{index}"), &example.source);
            if !example.facts.is_object() {
                self.fault(
                    &format!("examples.{index}.facts"),
                    "The facts are not a mapping",
                    "Write them as `rules offshoring` reads them.",
                );
            }
        }
        for (index, threshold) in pack.thresholds.iter().enumerate() {
            let path = format!("thresholds.{index}");
            self.source(&path, &threshold.source);
            if !UNITS.contains(&threshold.unit.as_str()) {
                let advice = format!("Use one of {}.", UNITS.join(", "));
                self.fault(&format!("{path}.unit"), format!("`{}` is not a unit", threshold.unit), advice);
            }
            if !threshold.value.is_finite() {
                self.fault(&format!("{path}.value"), "The value is not a number", "Write a number.");
            }
        }
        for (index, interval) in pack.review_intervals.iter().enumerate() {
            self.source(&format!("review_intervals.{index}"), &interval.source);
        }
        for (index, standard) in pack.screening_standards.iter().enumerate() {
            let path = format!("screening_standards.{index}");
            self.source(&path, &standard.source);
            self.ids(&format!("{path}.checks"), standard.checks.iter().map(|check| check.id.as_str()));
        }
        for (index, level) in pack.decision_levels.iter().enumerate() {
            self.decision_level(pack, &format!("decision_levels.{index}"), level);
        }
        if let Some(urgent) = &pack.urgent_approval {
            self.urgent_approval("urgent_approval", urgent);
        }
        if let Some(incidents) = &pack.incidents {
            self.incidents(pack, incidents);
        }
    }

    /// The roles of the authority that may decide something.
    fn deciders(&mut self, path: &str, roles: &[Role], nobody: &str) {
        if roles.is_empty() {
            self.fault(path, nobody, "Name at least one role.");
        }
        for (at, role) in roles.iter().enumerate().filter(|(_, role)| role.by_place() || **role == Role::Bidder) {
            let problem = format!("`{}` cannot decide: it is no role of the authority", role.code());
            self.fault(&format!("{path}.{at}"), problem, "Name a role of the authority.");
        }
    }

    fn urgent_approval(&mut self, path: &str, urgent: &UrgentApproval) {
        self.source(path, &urgent.source);
        self.deciders(&format!("{path}.roles"), &urgent.roles, "Nobody may give an urgent approval");
        self.deciders(&format!("{path}.ratify.roles"), &urgent.ratify.roles, "Nobody may ratify an urgent approval");
        if urgent.days == 0 || urgent.days > 366 {
            self.fault(&format!("{path}.days"), "An urgent approval lasts a day to a year", "Write a number of days from 1 to 366.");
        }
        if urgent.ratify.days == 0 {
            self.fault(&format!("{path}.ratify.days"), "Nobody could ratify in no days", "Make the days 1 or more.");
        }
        if urgent.ratify.days > urgent.days {
            let problem = "It would be ratified after it has ended";
            self.fault(&format!("{path}.ratify.days"), problem, "Make the days at most those for which it is given.");
        }
        if urgent.refusals == 0 {
            self.fault(&format!("{path}.refusals"), "No urgent approval could ever be given", "Make it 1 or more.");
        }
    }

    fn decision_level(&mut self, pack: &Pack, path: &str, level: &DecisionLevel) {
        if level.quorum == 0 {
            self.fault(&format!("{path}.quorum"), format!("Nobody decides at `{}`", level.id), "Make the quorum 1 or more.");
        }
        self.deciders(&format!("{path}.roles"), &level.roles, &format!("Nobody may decide at `{}`", level.id));
        let Some(when) = &level.when else { return };
        self.leaves(&format!("{path}.when"), when, &mut |report, path, id, value| {
            let ratings = || pack.risk_methods.iter().flat_map(|method| &method.ratings).map(|rating| rating.id.as_str());
            let known: Vec<&str> = match id {
                "assessed_inherent" | "assessed_residual" => ratings().collect(),
                "personal_adequacy" => vec!["full", "partial", "none"],
                _ => {
                    if let Some(question) = pack.forms.values().find_map(|form| form.question(id)) {
                        form_faults::fits(report, path, question, value);
                    } else {
                        let advice =
                            format!("Correct the id, add the question to the form, or ask one of {}.", crate::levels::FACTS.join(", "));
                        report.fault(path, format!("There is no question `{id}`"), advice);
                    }
                    return;
                }
            };
            if let Some(value) = value.filter(|value| value.as_str().is_none_or(|value| !known.contains(&value))) {
                report.fault(path, format!("{value} is no value of `{id}`"), format!("Use one of {}.", known.join(", ")));
            }
        });
    }

    fn control_sets(&mut self, pack: &Pack) {
        self.ids("control_sets", pack.control_sets.iter().map(|set| set.id.as_str()));
        let mut seen = BTreeSet::new();
        for (index, set) in pack.control_sets.iter().enumerate() {
            let path = format!("control_sets.{index}");
            if let Some(when) = &set.when {
                self.answers_condition(&format!("{path}.when"), when, pack.forms.values().collect());
            }
            for (at, control) in set.controls.iter().enumerate() {
                let path = format!("{path}.controls.{at}");
                self.id(&format!("{path}.id"), &control.id);
                self.source(&path, &control.source);
                if !seen.insert(control.id.as_str()) {
                    self.fault(
                        &format!("{path}.id"),
                        format!("The id `{}` is used twice", control.id),
                        "Give each control of the pack an id of its own.",
                    );
                }
            }
        }
    }

    fn countries(&mut self, pack: &Pack) {
        let mut seen = BTreeSet::new();
        for (index, facts) in pack.countries.iter().enumerate() {
            let path = format!("countries.{index}.country");
            let code = &facts.country;
            if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
                self.fault(&path, format!("`{code}` is not a country code"), "Use the two capital letters of ISO 3166-1.");
            }
            if !seen.insert(code) {
                self.fault(&path, format!("The country `{code}` is listed twice"), "Keep one entry a country.");
            }
        }
    }

    /// A condition over answers: every question it names is in one of the forms, and its values fit.
    pub(super) fn answers_condition(&mut self, path: &str, condition: &Condition, forms: Vec<&Form>) {
        self.leaves(path, condition, &mut |report, path, id, value| match forms.iter().find_map(|form| form.question(id)) {
            Some(question) => form_faults::fits(report, path, question, value),
            None => report.fault(path, format!("There is no question `{id}`"), "Correct the id, or add the question to the form."),
        });
    }
}
