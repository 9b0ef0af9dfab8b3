//! Plans as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use std::collections::BTreeMap;

use platform::Tx;
use platform::cases::Case;
use platform::cases::tasks::{For, Task};
use platform::files::Subject;
use platform::sheets::List;
use platform::web::Visit;
use platform::{Cx, Result, t};

use super::act;
use super::model::{PLAN, Plan, Plans};
use crate::casework::handing;
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, answering, at, first_but, lists};

/// The list of plans, for taking out.
const LIST: List = lists::list::<Plans>("plans", "/plans/export");

impl Process for Plans {
    const ACTS: Acts = crate::acts!("plan");
    const PAGES: &'static str = "/plans";
    const NAME: &'static str = "nav-plans";
    const NOTICE: &'static str = "plan.notice";
    const LIST: &'static List = &LIST;
    const OVER: &'static [&'static str] = &["withdrawn", "discarded"];
    const SHARED: Shared = Shared {
        actions: &["plan.follow", "plan.agree", "plan.return", "plan.supersede", "plan.prompt", "plan.message"],
        theirs: &["plan.begin", "plan.ask_readers", "plan.submit", "plan.withdraw", "plan.discard"],
        reasoned: &["plan.submit", "plan.agree", "plan.return", "plan.withdraw"],
    };

    fn sight(of: &Plan) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Plan) -> &mut Case {
        &mut of.case
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        let any = handing::may_begin(&visit.cx).await?;
        Ok(any.then(|| (t!("plan-new"), "/plans/new".to_owned())))
    }

    fn tabs(_: &Visit, of: &Plan) -> Vec<(&'static str, &'static str)> {
        let mut pages = Vec::new();
        if of.number.is_some() {
            pages.push(("readers", "plan-tab-readers"));
        }
        if of.case.submitted_at.is_some() {
            pages.extend([("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")]);
        }
        pages
    }

    fn actions(visit: &Visit, of: &Plan) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let mut found = Vec::new();
        if Self::writing(of).is_some() && cx.may("plan.draft", of) {
            found.push((t!("plan-continue"), at::<Self>(case, "answers")));
        }
        let may = cx.which(PLAN.steps(&case.stage).map(|step| step.action), of);
        for step in PLAN.steps(&case.stage).filter(|step| may.contains(&step.action)) {
            // What an agreed change waits for is not given up.
            if of.change.is_some() && ["withdraw", "discard"].contains(&step.id) {
                continue;
            }
            let page = match step.id {
                "submit" => "check".to_owned(),
                "return" => "return".to_owned(),
                other => format!("step/{other}"),
            };
            found.push((PLAN.step_name(step.id), at::<Self>(case, &page)));
        }
        found
    }

    fn primary(visit: &Visit, of: &Plan) -> Option<(String, String)> {
        first_but::<Self>(visit, of, &["withdraw", "discard"])
    }

    fn writing(of: &Plan) -> Option<&'static str> {
        ["draft", "returned"].contains(&of.case.stage.as_str()).then_some("plan.draft")
    }

    fn file_fields(cx: &Cx, case: &Case) -> Result<BTreeMap<String, String>> {
        answering::file_fields::<Self>(cx, case)
    }

    fn file_at(cx: &Cx, case: &Case, field: &str, whole: Subject) -> Result<Subject> {
        answering::file_at::<Self>(cx, case, field, whole)
    }

    async fn found_done(cx: &Cx, tx: &Tx, of: &Plan, task: &Task) -> Result<Vec<(&'static str, String)>> {
        if task.kind == For::Review { act::found_done(cx, tx, of, task).await } else { Ok(Vec::new()) }
    }

    fn marking(cx: &Cx, case: &Case) -> Option<String> {
        answering::marking::<Self>(cx, case)
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "submitted" => Some("received"),
            "returned" => Some("returned"),
            "agreed" => Some("agreed"),
            "withdrawn" => Some("closed"),
            _ => None,
        }
    }
}
