//! Rulings as a kind of case: what they have beside the pages, acts and notices that all kinds share.

use platform::cases::Case;
use platform::sheets::List;
use platform::web::Visit;
use platform::{Result, t};

use super::Rulings;
use super::act;
use super::model::{RULING, Ruling};
use crate::casework::history::Shared;
use crate::casework::{Acts, Process, Sight, at, first_but, handing, lists};

/// The list of rulings, for taking out.
const LIST: List = lists::list::<Rulings>("rulings", "/rulings/export");

impl Process for Rulings {
    const ACTS: Acts = crate::acts!("ruling");
    const PAGES: &'static str = "/rulings";
    const NAME: &'static str = "nav-rulings";
    const NOTICE: &'static str = "ruling.notice";
    const LIST: &'static List = &LIST;
    const OVER: &'static [&'static str] = &["declined", "withdrawn"];
    const SHARED: Shared = Shared {
        actions: &["ruling.ask", "ruling.rule", "ruling.decline", "ruling.withdraw", "ruling.revoke", "ruling.supersede", "ruling.message"],
        theirs: &[],
        reasoned: &["ruling.rule", "ruling.decline", "ruling.withdraw", "ruling.revoke", "ruling.supersede"],
    };

    fn sight(of: &Ruling) -> &Sight {
        &of.standing
    }

    fn case_mut(of: &mut Ruling) -> &mut Case {
        &mut of.case
    }

    async fn begins(visit: &Visit) -> Result<Option<(String, String)>> {
        let cx = &visit.cx;
        let asks = if cx.actor.is_authority() { cx.may("ruling.ask", &act::anywhere(cx)?) } else { handing::may_begin(cx).await? };
        Ok(asks.then(|| (t!("ruling-ask"), "/rulings/new".to_owned())))
    }

    fn tabs(_: &Visit, _: &Ruling) -> Vec<(&'static str, &'static str)> {
        vec![("tasks", "case-tab-tasks"), ("thread", "case-tab-thread")]
    }

    fn actions(visit: &Visit, of: &Ruling) -> Vec<(String, String)> {
        let (cx, case) = (&visit.cx, &of.case);
        let may = cx.which(RULING.steps(&case.stage).map(|step| step.action), of);
        let steps = RULING.steps(&case.stage).filter(|step| may.contains(&step.action));
        steps.map(|step| (RULING.step_name(step.id), at::<Self>(case, &format!("step/{}", step.id)))).collect()
    }

    fn primary(visit: &Visit, of: &Ruling) -> Option<(String, String)> {
        first_but::<Self>(visit, of, &["decline", "withdraw"])
    }

    fn writing(_: &Ruling) -> Option<&'static str> {
        None
    }

    fn told(stage: &str) -> Option<&'static str> {
        match stage {
            "ruled" => Some("ruled"),
            "declined" => Some("declined"),
            _ => None,
        }
    }
}
