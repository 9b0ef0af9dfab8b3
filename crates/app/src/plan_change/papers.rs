//! A change as a paper, for both sides: the notice, what was said about it, the request as it was handed in last, and on which conditions it was agreed
//! (SEC-9, SEC-29, SEC-X3). What is sealed stays closed.

use papers::Block;
use platform::authz::Side;
use platform::cases::rounds::{self, Decided};
use platform::cases::tasks::{self, For};
use platform::{Cx, Error, Result, t, texts};

use super::model::{CHANGE, Change, Changes, Notice};
use super::store;
use crate::casework::answering;
use crate::casework::papers::{Papers, Says, document_blocks, whose};
use crate::paper::model::Kind;

/// The entries to the last of which a paper bears witness: what either side told the other about the change.
const WITNESS: [&str; 9] = [
    "plan_change.notify",
    "plan_change.submit",
    "plan_change.call_for",
    "plan_change.no_change",
    "plan_change.return",
    "plan_change.agree",
    "plan_change.decline",
    "plan_change.take_effect",
    "plan_change.withdraw",
];

impl Papers for Changes {
    const PAPER: &'static str = "plan_change.paper";
    const PAPERS: &'static [Kind] = &[Kind::Change];

    async fn says(cx: &Cx, of: &Change, _: Kind) -> Result<Says> {
        let case = &of.case;
        if !of.told() {
            return Err(Error::NotFound);
        }
        let heading = |text: String| Block::Heading { level: 1, text };
        let mut facts = whose(cx, case).await?;
        facts.push((t!("plan-change-paper-stands"), CHANGE.stage_name(&case.stage)));
        let mut blocks = vec![Block::Facts(facts)];
        if let Some(notice) = store::notice(cx, cx.db(), case).await? {
            blocks.extend([heading(t!("plan-change-notice")), Block::Paragraph(notice.about.clone()), Block::Facts(noticed(&notice))]);
        }
        let decided = rounds::decisions(cx, cx.db(), case).await?;
        for (title, text) in exchange(&decided) {
            blocks.extend([heading(title), Block::Paragraph(text.to_owned())]);
        }
        let conditions = tasks::list(cx, cx.db(), case, Side::Supplier).await?.into_iter().filter(|task| task.kind == For::Condition);
        let conditions: Vec<String> = conditions.map(|task| task.detail.unwrap_or(task.title)).collect();
        if !conditions.is_empty() {
            blocks.extend([heading(t!("plan-change-conditions")), Block::List(conditions)]);
        }
        if case.submitted_at.is_some() {
            let shown = answering::documents::<Self>(cx, case).await?.pop();
            let (last, document) = shown.ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
            let sent = (t!("plan-paper-sent"), cx.core().clock.moment_text(last.at));
            blocks.extend([heading(t!("plan-change-paper-request")), Block::Facts(vec![sent])]);
            blocks.extend(document_blocks(&document, &last.digest));
        }
        Ok(Says { title: t!("plan-change-paper-title", title = &case.title), blocks, witness: WITNESS.to_vec() })
    }
}

/// What both sides read in the order in which it was said.
pub(super) fn exchange(decided: &[Decided]) -> Vec<(String, &str)> {
    let title = |level: &str| match level {
        "call_for" => Some(t!("plan-change-called-for")),
        "no_change" => Some(t!("plan-change-no-change-why")),
        "agree" => Some(t!("plan-change-agreed-why")),
        "decline" => Some(t!("plan-change-declined-why")),
        "withdraw" => Some(t!("plan-change-withdrawn-why")),
        _ => None,
    };
    decided.iter().filter_map(|one| Some((title(&one.level)?, one.reason.as_deref()?))).collect()
}

/// What a notice says beside its words.
pub(super) fn noticed(notice: &Notice) -> Vec<(String, String)> {
    let kinds: Vec<String> = notice.added.iter().map(|kind| texts::t(&kind.message_id())).collect();
    let handles = match notice.handles {
        Some(true) => t!("answering-yes"),
        Some(false) => t!("answering-no"),
        None => t!("answering-unknown"),
    };
    let mut facts = vec![(t!("plan-change-added-is"), kinds.join("; ")), (t!("plan-change-handles-is"), handles)];
    facts.extend(notice.expected.map(|day| (t!("plan-change-expected-is"), platform::clock::day_text(day))));
    facts
}
