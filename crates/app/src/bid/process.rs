//! Bids as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use platform::cases::Case;
use platform::sheets::List;
use platform::web::Visit;
use platform::{Result, t};

use super::model::{BID, Bid};
use super::{Bids, act};
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, at, first_but, lists};

/// The list of bids, for taking out.
const LIST: List = lists::list::<Bids>("bids", "/bids/export");

impl Process for Bids {
    const ACTS: Acts = crate::acts!("bid");
    const PAGES: &'static str = "/bids";
    const NAME: &'static str = "nav-bids";
    const NOTICE: &'static str = "bid.notice";
    const LIST: &'static List = &LIST;
    const OVER: &'static [&'static str] = &["not_chosen", "withdrawn"];
    const SHARED: Shared = Shared {
        actions: &["bid.invite", "bid.ask", "bid.accept", "bid.choose", "bid.refuse", "bid.message"],
        theirs: &["bid.state", "bid.submit", "bid.answer", "bid.withdraw"],
        reasoned: &["bid.ask", "bid.answer", "bid.choose", "bid.refuse", "bid.withdraw"],
    };

    fn sight(of: &Bid) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Bid) -> &mut Case {
        &mut of.case
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        let invites = visit.cx.may("bid.invite", &act::blank(&visit.cx)?);
        Ok(invites.then(|| (t!("bid-invite"), "/bids/new".to_owned())))
    }

    fn tabs(_: &Visit, of: &Bid) -> Vec<(&'static str, &'static str)> {
        if of.case.submitted_at.is_some() { vec![("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")] } else { Vec::new() }
    }

    fn actions(visit: &Visit, of: &Bid) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let may = cx.which(BID.steps(&case.stage).map(|step| step.action), of);
        BID.steps(&case.stage)
            .filter(|step| may.contains(&step.action))
            .map(|step| (BID.step_name(step.id), at::<Self>(case, &format!("step/{}", step.id))))
            .collect()
    }

    fn primary(visit: &Visit, of: &Bid) -> Option<(String, String)> {
        first_but::<Self>(visit, of, &["withdraw", "refuse"])
    }

    fn writing(of: &Bid) -> Option<&'static str> {
        ["preparing", "answering"].contains(&of.case.stage.as_str()).then_some("bid.state")
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "preparing" => Some("invited"),
            "reading" => Some("received"),
            "answering" => Some("asked"),
            "chosen" | "not_chosen" | "withdrawn" => Some("closed"),
            _ => None,
        }
    }
}
