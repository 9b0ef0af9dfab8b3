//! Changes as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use std::collections::BTreeMap;

use platform::cases::Case;
use platform::files::Subject;
use platform::sheets::List;
use platform::web::Visit;
use platform::{Cx, Result, t};

use super::model::{CHANGE, Change, Changes};
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, answering, at, first_but, handing, lists};

/// The list of changes, for taking out.
const LIST: List = lists::list::<Changes>("plan_changes", "/plan-changes/export");

impl Process for Changes {
    const ACTS: Acts = crate::acts!("plan_change");
    const PAGES: &'static str = "/plan-changes";
    const NAME: &'static str = "nav-plan-changes";
    const NOTICE: &'static str = "plan_change.notice";
    const LIST: &'static List = &LIST;
    const OVER: &'static [&'static str] = &["no_change", "declined", "withdrawn", "discarded"];
    const SHARED: Shared = Shared {
        actions: &[
            "plan_change.call_for",
            "plan_change.no_change",
            "plan_change.return",
            "plan_change.agree",
            "plan_change.decline",
            "plan_change.take_effect",
            "plan_change.message",
        ],
        theirs: &[
            "plan_change.notify",
            "plan_change.begin",
            "plan_change.request",
            "plan_change.submit",
            "plan_change.link",
            "plan_change.withdraw",
            "plan_change.discard",
        ],
        reasoned: &[
            "plan_change.call_for",
            "plan_change.no_change",
            "plan_change.submit",
            "plan_change.return",
            "plan_change.agree",
            "plan_change.decline",
            "plan_change.withdraw",
        ],
    };

    fn sight(of: &Change) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Change) -> &mut Case {
        &mut of.case
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        let any = handing::may_begin(&visit.cx).await?;
        Ok(any.then(|| (t!("plan-change-new"), "/plan-changes/new".to_owned())))
    }

    fn tabs(_: &Visit, of: &Change) -> Vec<(&'static str, &'static str)> {
        if of.told() { vec![("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")] } else { Vec::new() }
    }

    fn actions(visit: &Visit, of: &Change) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let mut found = Vec::new();
        if Self::writing(of).is_some() && cx.may("plan_change.draft", of) {
            found.push((t!("plan-change-continue"), at::<Self>(case, "answers")));
        }
        let may = cx.which(CHANGE.steps(&case.stage).map(|step| step.action), of);
        for step in CHANGE.steps(&case.stage).filter(|step| may.contains(&step.action)) {
            // Of what the authority knows, it is told that it is given up; the rest is simply gone.
            // And mostly a change takes effect by itself; where it can be let, the page says so.
            if (step.id == "withdraw" && !of.told()) || (step.id == "discard" && of.told()) || step.id == "take_effect" {
                continue;
            }
            let page = match step.id {
                "submit" => "check".to_owned(),
                "return" => "return".to_owned(),
                other => format!("step/{other}"),
            };
            found.push((CHANGE.step_name(step.id), at::<Self>(case, &page)));
        }
        found
    }

    fn primary(visit: &Visit, of: &Change) -> Option<(String, String)> {
        first_but::<Self>(visit, of, &["withdraw", "discard"])
    }

    fn writing(of: &Change) -> Option<&'static str> {
        ["draft", "returned"].contains(&of.case.stage.as_str()).then_some("plan_change.draft")
    }

    fn file_fields(cx: &Cx, case: &Case) -> Result<BTreeMap<String, String>> {
        answering::file_fields::<Self>(cx, case)
    }

    fn file_at(cx: &Cx, case: &Case, field: &str, whole: Subject) -> Result<Subject> {
        answering::file_at::<Self>(cx, case, field, whole)
    }

    fn marking(cx: &Cx, case: &Case) -> Option<String> {
        answering::marking::<Self>(cx, case)
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "considered" => Some("noticed"),
            "draft" => Some("asked"),
            "submitted" => Some("received"),
            "returned" => Some("returned"),
            "agreed" => Some("agreed"),
            "in_effect" => Some("effect"),
            "no_change" | "declined" | "withdrawn" => Some("closed"),
            _ => None,
        }
    }
}
