//! Incidents as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use std::collections::BTreeMap;

use platform::cases::Case;
use platform::files::{Screened, Subject};
use platform::sheets::List;
use platform::web::Visit;
use platform::{Cx, Result, t};
use uuid::Uuid;

use super::act;
use super::model::{INCIDENT, Incident, Incidents, MERGED};
use super::regulator::Record;
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, answering, at, first_but, lists};

/// The list of incidents, for taking out.
const LIST: List = lists::list::<Incidents>("incidents", "/incidents/export");

impl Process for Incidents {
    const ACTS: Acts = crate::acts!("incident");
    const PAGES: &'static str = "/incidents";
    const NAME: &'static str = "nav-incidents";
    const NOTICE: &'static str = "incident.notice";
    const LIST: &'static List = &LIST;
    const BY_THE_HOUR: bool = true;
    const FILES_AT_ONCE: bool = true;
    const OVER: &'static [&'static str] = &["no_incident", MERGED];
    const SHARED: Shared = Shared {
        actions: &[
            "incident.report_told",
            "incident.report_by_mail",
            "incident.add_mail",
            "incident.add",
            "incident.declare",
            "incident.mask",
            "incident.take_up",
            "incident.ask",
            "incident.go_on",
            "incident.decide",
            "incident.close",
            "incident.merge",
            "incident.separate",
            "incident.message",
        ],
        theirs: &["incident.report", "incident.report_by_link", "incident.answer"],
        reasoned: &[
            "incident.ask",
            "incident.answer",
            "incident.decide",
            "incident.close",
            "incident.merge",
            "incident.separate",
            "incident.declare",
            "file.settle",
        ],
    };

    fn sight(of: &Incident) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Incident) -> &mut Case {
        &mut of.case
    }

    fn hears(of: &Incident) -> Vec<Uuid> {
        of.reporter.into_iter().filter(|by| *by != of.case.party && Some(*by) != of.standing.lead).collect()
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        Ok(act::may_report(&visit.cx).await?.then(|| (t!("incident-report"), "/incidents/new".to_owned())))
    }

    fn tabs(visit: &Visit, of: &Incident) -> Vec<(&'static str, &'static str)> {
        let mut pages = Vec::new();
        if visit.cx.may("incident.read_notes", of) {
            pages.push(("triage", "incident-tab-triage"));
        }
        if visit.cx.may("regulator.view", &Record::of(&of.case)) {
            pages.push(("regulator", "incident-tab-regulator"));
        }
        pages.extend([("weaknesses", "incident-tab-weaknesses"), ("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")]);
        pages
    }

    fn actions(visit: &Visit, of: &Incident) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let may = cx.which(INCIDENT.steps(&case.stage).map(|step| step.action).chain(["incident.draft", "incident.triage"]), of);
        let mut found = Vec::new();
        if case.stage == "triage" && may.contains(&"incident.triage") {
            found.push((t!("incident-do-triage"), at::<Self>(case, "triage")));
        }
        if case.stage == "acting" && cx.may("incident.task", of) {
            found.push((t!("incident-order"), at::<Self>(case, "tasks")));
        }
        for step in INCIDENT.steps(&case.stage).filter(|step| may.contains(&step.action)) {
            // What is decided is decided where the tests are put.
            if step.id != "decide" {
                // What a report is merged into is chosen on a page of its own.
                let page = if step.id == "merge" { step.id.to_owned() } else { format!("step/{}", step.id) };
                found.push((INCIDENT.step_name(step.id), at::<Self>(case, &page)));
            }
        }
        if cx.may("regulator.decide", &Record::of(case)) {
            found.push((t!("regulator-see"), at::<Self>(case, "regulator")));
        }
        if case.closed_at.is_none() && may.contains(&"incident.draft") {
            let after = usize::from(case.stage == "asking" && !found.is_empty());
            found.insert(after, (t!("incident-complete"), at::<Self>(case, "answers")));
        }
        found
    }

    fn primary(visit: &Visit, of: &Incident) -> Option<(String, String)> {
        // Nobody is led to take a merge back.
        first_but::<Self>(visit, of, &["separate"])
    }

    fn writing(of: &Incident) -> Option<&'static str> {
        of.case.closed_at.is_none().then_some("incident.draft")
    }

    fn file_fields(cx: &Cx, case: &Case) -> Result<BTreeMap<String, String>> {
        answering::file_fields::<Self>(cx, case)
    }

    fn file_at(cx: &Cx, case: &Case, field: &str, whole: Subject) -> Result<Subject> {
        // What answers a question goes with the answers.
        answering::file_at::<Self>(cx, case, field, Subject { settled: case.closed_at.is_some(), ..whole })
    }

    fn screened(case: &Case) -> Option<Screened> {
        Some(Screened { settle: "incident.settle_file", href: at::<Self>(case, "screening/files") })
    }

    fn marking(cx: &Cx, case: &Case) -> Option<String> {
        answering::marking::<Self>(cx, case)
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "reported" => Some("received"),
            "asking" => Some("asked"),
            "acting" | "no_incident" => Some("decided"),
            "closed" => Some("closed"),
            MERGED => Some("merged"),
            _ => None,
        }
    }
}
