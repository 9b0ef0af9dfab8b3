//! Incidents as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use std::collections::BTreeMap;

use platform::authz::Side;
use platform::cases::Case;
use platform::files::Subject;
use platform::sheets::List;
use platform::web::{Answer, Visit};
use platform::{Cx, Result, t};

use super::model::{INCIDENT, Incident, Incidents};
use super::{act, pages};
use crate::casework::answering::{self, Answered};
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, at, lists};
use crate::contract;

/// The list of incidents, for taking out.
pub(crate) const LIST: List = lists::list::<Incidents>("incidents", "/incidents/export");

impl Process for Incidents {
    const ACTS: Acts = crate::acts!("incident");
    const PAGES: &'static str = "/incidents";
    const NAME: &'static str = "nav-incidents";
    const NOTICE: &'static str = "incident.notice";
    const LIST: &'static List = &LIST;
    const BY_THE_HOUR: bool = true;
    const OVER: &'static [&'static str] = &["no_incident"];
    const SHARED: Shared = Shared {
        actions: &[
            "incident.report_told",
            "incident.add",
            "incident.declare",
            "incident.mask",
            "incident.take_up",
            "incident.ask",
            "incident.go_on",
            "incident.decide",
            "incident.close",
            "incident.message",
        ],
        theirs: &["incident.report", "incident.report_by_link", "incident.answer"],
        reasoned: &["incident.ask", "incident.answer", "incident.decide", "incident.close", "incident.declare"],
    };

    fn sight(of: &Incident) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Incident) -> &mut Case {
        &mut of.case
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        Ok(may_report(visit).await?.then(|| (t!("incident-report"), "/incidents/new".to_owned())))
    }

    fn tabs(visit: &Visit, of: &Incident) -> Vec<(&'static str, &'static str)> {
        let mut pages = Vec::new();
        if visit.cx.may("incident.read_notes", of) {
            pages.push(("triage", "incident-tab-triage"));
        }
        pages.extend([("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")]);
        pages
    }

    fn actions(visit: &Visit, of: &Incident) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let may = cx.which(INCIDENT.steps(&case.stage).map(|step| step.action).chain(["incident.draft", "incident.triage"]), of);
        let mut found = Vec::new();
        if case.stage == "triage" && may.contains(&"incident.triage") {
            found.push((t!("incident-do-triage"), at::<Self>(case, "triage")));
        }
        for step in INCIDENT.steps(&case.stage).filter(|step| may.contains(&step.action)) {
            // What is decided is decided where the tests are put.
            if step.id != "decide" {
                found.push((INCIDENT.step_name(step.id), at::<Self>(case, &format!("step/{}", step.id))));
            }
        }
        if case.closed_at.is_none() && may.contains(&"incident.draft") {
            let after = usize::from(case.stage == "asking" && !found.is_empty());
            found.insert(after, (t!("incident-complete"), at::<Self>(case, "answers")));
        }
        found
    }

    fn writing(of: &Incident) -> Option<&'static str> {
        of.case.closed_at.is_none().then_some("incident.draft")
    }

    fn file_fields(cx: &Cx, case: &Case) -> Result<BTreeMap<String, String>> {
        answering::file_fields::<Self>(cx, case)
    }

    fn file_at(cx: &Cx, case: &Case, field: &str, whole: Subject) -> Result<Subject> {
        answering::file_at::<Self>(cx, case, field, whole)
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "reported" => Some("received"),
            "asking" => Some("asked"),
            "acting" | "no_incident" => Some("decided"),
            "closed" => Some("closed"),
            _ => None,
        }
    }
}

impl Answered for Incidents {
    async fn overview(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
        pages::drawn(visit, id, shown).await
    }
}

/// Whether the visitor may report an incident somewhere, or enter one that was told to them.
pub(super) async fn may_report(visit: &Visit) -> Result<bool> {
    let actor = visit.cx.actor.signed_in()?;
    if actor.side == Side::Authority {
        return Ok(visit.cx.may("incident.report_told", &act::entering(&visit.cx)?));
    }
    Ok(!contract::store::places_of(visit.cx.db(), actor.party).await?.is_empty())
}
