//! Proposals as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use std::collections::{BTreeMap, BTreeSet};

use platform::Tx;
use platform::cases::Case;
use platform::cases::tasks::{For, Task};
use platform::files::Subject;
use platform::sheets::List;
use platform::web::Visit;
use platform::{Cx, Result, t};
use uuid::Uuid;

use super::act;
use super::model::Proposals;
use super::model::{PROPOSAL, Proposal};
use super::store;
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, answering, at, first_but, handing, lists};

/// The list of proposals, for taking out.
const LIST: List = lists::list::<Proposals>("proposals", "/proposals/export");

impl Process for Proposals {
    const ACTS: Acts = crate::acts!("proposal");
    const PAGES: &'static str = "/proposals";
    const NAME: &'static str = "nav-proposals";
    const NOTICE: &'static str = "proposal.notice";
    const LIST: &'static List = &LIST;
    const OVER: &'static [&'static str] = &["declined", "withdrawn", "not_offshoring"];
    const SHARED: Shared = Shared {
        actions: &[
            "proposal.begin_on_behalf",
            "proposal.hand_over",
            "proposal.pass_on",
            "proposal.return",
            "proposal.send_back",
            "proposal.not_offshoring",
            "proposal.assess",
            "proposal.recommend",
            "proposal.approve",
            "proposal.decline",
            "proposal.suspend",
            "proposal.resume",
            "proposal.revoke",
            "proposal.turn_stale",
            "proposal.turn_fresh",
            "proposal.confirm",
            "proposal.renew",
            "proposal.approve_urgently",
            "proposal.ratify",
            "proposal.refuse_urgent",
            "proposal.end_urgent",
            "proposal.message",
        ],
        theirs: &[
            "proposal.begin",
            "proposal.confirm_entry",
            "proposal.contest_entry",
            "proposal.take_form",
            "proposal.pass_section",
            "proposal.resend_section",
            "proposal.extend_section",
            "proposal.revoke_section",
            "proposal.take_section",
            "proposal.ask_section_again",
            "proposal.answer_section",
            "proposal.hand_back_section",
            "proposal.delegate_section",
            "proposal.submit",
            "proposal.withdraw",
            "proposal.discard",
        ],
        reasoned: &[
            "proposal.begin_on_behalf",
            "proposal.submit",
            "proposal.return",
            "proposal.send_back",
            "proposal.not_offshoring",
            "proposal.approve",
            "proposal.decline",
            "proposal.suspend",
            "proposal.resume",
            "proposal.revoke",
            "proposal.renew",
            "proposal.withdraw",
        ],
    };

    fn sight(of: &Proposal) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Proposal) -> &mut Case {
        &mut of.case
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        if act::may_enter(&visit.cx)? {
            return Ok(Some((t!("proposal-behalf"), "/proposals/behalf".to_owned())));
        }
        Ok(handing::may_begin(&visit.cx).await?.then(|| (t!("proposal-new"), "/proposals/new".to_owned())))
    }

    fn tabs(visit: &Visit, of: &Proposal) -> Vec<(&'static str, &'static str)> {
        let mut pages = vec![("classification", "proposal-tab-classification")];
        if visit.cx.may("proposal.pass_section", of) {
            pages.push(("passed", "passing-tab"));
        }
        if visit.cx.may("proposal.read_risk", of) {
            pages.push(("risk", "proposal-tab-risk"));
        }
        if of.submitted() {
            pages.extend([("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")]);
        }
        pages
    }

    fn actions(visit: &Visit, of: &Proposal) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let at = |page: &str| at::<Self>(case, page);
        let mut found = Vec::new();
        let mut deciding = false;
        if ["draft", "returned"].contains(&case.stage.as_str()) && cx.may("proposal.draft", of) {
            found.push((t!("proposal-continue"), at("answers")));
            if cx.may("proposal.take_form", of) {
                found.push((t!("workbook-link"), at("workbook")));
            }
        }
        let may = cx.which(PROPOSAL.steps(&case.stage).map(|step| step.action), of);
        for step in PROPOSAL.steps(&case.stage).filter(|step| may.contains(&step.action)) {
            let page = match step.id {
                "submit" => "check".to_owned(),
                "return" => "return".to_owned(),
                "assess" => "risk".to_owned(),
                "approve" | "decline" | "send_back" if deciding => continue,
                "approve" | "decline" | "send_back" => {
                    deciding = true;
                    found.push((t!("proposal-decide"), at("decide")));
                    continue;
                }
                other => format!("step/{other}"),
            };
            let text = if step.id == "assess" { t!("proposal-assess-link") } else { PROPOSAL.step_name(step.id) };
            found.push((text, at(&page)));
        }
        found
    }

    fn primary(visit: &Visit, of: &Proposal) -> Option<(String, String)> {
        first_but::<Self>(visit, of, &["withdraw", "discard"])
    }

    fn entered_by(of: &Proposal) -> Option<Uuid> {
        of.entered_by
    }

    fn writing(of: &Proposal) -> Option<&'static str> {
        ["draft", "returned"].contains(&of.case.stage.as_str()).then_some("proposal.draft")
    }

    fn file_fields(cx: &Cx, case: &Case) -> Result<BTreeMap<String, String>> {
        answering::file_fields::<Self>(cx, case)
    }

    fn file_at(cx: &Cx, case: &Case, field: &str, whole: Subject) -> Result<Subject> {
        answering::file_at::<Self>(cx, case, field, whole)
    }

    async fn at_rest(cx: &Cx, cases: &[Uuid]) -> Result<BTreeSet<Uuid>> {
        store::over(cx.db(), cases, cx.core().clock.today()).await
    }

    async fn found_done(cx: &Cx, tx: &Tx, of: &Proposal, task: &Task) -> Result<Vec<(&'static str, String)>> {
        if task.kind == For::Review { act::reviewed(cx, tx, of, task).await } else { Ok(Vec::new()) }
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "bidding" | "checking" => Some("received"),
            "returned" => Some("returned"),
            "draft" => Some("closed"),
            other => PROPOSAL.stage(other).is_ok_and(|stage| stage.closed).then_some("closed"),
        }
    }
}
