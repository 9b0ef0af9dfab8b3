//! A version of a plan as a paper, for both sides: what is sealed stays closed (SEC-8b).

use papers::Block;
use platform::cases::rounds;
use platform::{Cx, Error, Result, t};

use super::model::{Plan, Plans};
use crate::casework::answering;
use crate::casework::papers::{Papers, Says, document_blocks, whose};
use crate::paper::model::Kind;

impl Papers for Plans {
    const PAPER: &'static str = "plan.paper";
    const PAPERS: &'static [Kind] = &[Kind::Plan];

    async fn says(cx: &Cx, of: &Plan, _: Kind) -> Result<Says> {
        let case = &of.case;
        let (last, _) = rounds::last(cx, cx.db(), case).await?;
        let shown = answering::documents::<Plans>(cx, case).await?.pop().ok_or_else(|| Error::conflict("error-subject-destroyed"))?.1;
        let mut facts = whose(cx, case).await?;
        facts.push((t!("plan-paper-sent"), cx.core().clock.moment_text(last.at)));
        facts.extend(agreed(cx, of).await?);
        if of.number.is_none() {
            facts.push((t!("plan-version"), t!("plan-paper-not-agreed")));
        }
        let mut blocks = vec![Block::Facts(facts)];
        blocks.extend(document_blocks(&shown, &last.digest));
        Ok(Says { title: t!("plan-paper-title", title = &case.title), blocks, witness: vec!["plan.submit", "plan.agree"] })
    }
}

/// Which version it is, when it was agreed, and why; nothing before it was.
///
/// # Errors
/// When the database fails.
pub(super) async fn agreed(cx: &Cx, of: &Plan) -> Result<Vec<(String, String)>> {
    let mut facts = Vec::new();
    facts.extend(of.number.map(|number| (t!("plan-version"), t!("plan-version-number", number = number))));
    facts.extend(of.agreed_at.map(|at| (t!("plan-agreed-on"), cx.core().clock.day_text(at))));
    let decided = rounds::decisions(cx, cx.db(), &of.case).await?;
    let why = decided.into_iter().rev().find(|one| one.level == "agree").and_then(|one| one.reason);
    facts.extend(why.map(|why| (t!("plan-agreed-why"), why)));
    Ok(facts)
}
