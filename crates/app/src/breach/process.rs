//! Breaches as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use platform::cases::Case;
use platform::sheets::List;
use platform::web::Visit;
use platform::{Result, t};

use super::model::{BREACH, Breach};
use super::{Breaches, act};
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, at, lists};

/// The list of breaches, for taking out.
const LIST: List = lists::list::<Breaches>("breaches", "/breaches/export");

impl Process for Breaches {
    const ACTS: Acts = crate::acts!("breach");
    const PAGES: &'static str = "/breaches";
    const NAME: &'static str = "nav-breaches";
    const NOTICE: &'static str = "breach.notice";
    const LIST: &'static List = &LIST;
    const OVER: &'static [&'static str] = &["dismissed"];
    const SHARED: Shared = Shared {
        actions: &[
            "breach.open",
            "breach.ask",
            "breach.go_on",
            "breach.propose",
            "breach.decide",
            "breach.dismiss",
            "breach.close",
            "breach.message",
        ],
        theirs: &["breach.answer"],
        reasoned: &["breach.ask", "breach.answer", "breach.decide", "breach.dismiss", "breach.close"],
    };

    fn sight(of: &Breach) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Breach) -> &mut Case {
        &mut of.case
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        let opens = visit.cx.may("breach.open", &act::anywhere(&visit.cx)?);
        Ok(opens.then(|| (t!("breach-open"), "/breaches/new".to_owned())))
    }

    fn tabs(_: &Visit, _: &Breach) -> Vec<(&'static str, &'static str)> {
        vec![("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")]
    }

    fn actions(visit: &Visit, of: &Breach) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let may = cx.which(BREACH.steps(&case.stage).map(|step| step.action).chain(["breach.establish"]), of);
        let mut found: Vec<(String, String)> = BREACH
            .steps(&case.stage)
            .filter(|step| may.contains(&step.action))
            .map(|step| (BREACH.step_name(step.id), at::<Self>(case, &format!("step/{}", step.id))))
            .collect();
        if case.stage == "establishing" && may.contains(&"breach.establish") {
            found.insert(0, (t!("breach-establish"), at::<Self>(case, "facts")));
        }
        found
    }

    fn writing(_: &Breach) -> Option<&'static str> {
        None
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "answering" => Some("asked"),
            "acting" => Some("decided"),
            "closed" | "dismissed" => Some("closed"),
            _ => None,
        }
    }
}
