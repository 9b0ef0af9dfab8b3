//! What files can be attached to within a proposal: the case as a whole, its questions, its tasks.

use std::collections::BTreeMap;

use platform::authz::{Guarded as _, Side};
use platform::cases::{store as cases, tasks};
use platform::cx::{Cx, Tx};
use platform::files::{Finding, Kind, Naming, Subject};
use platform::{Error, Result, t};
use uuid::Uuid;

use super::act;
use super::model::{PROPOSAL, Proposal};
use super::store;

/// Proposals have files.
pub const FILES: Kind = Kind { kind: PROPOSAL.id, view: "proposal.view", find, fields: Some(fields) };

/// The field of a task's files.
pub(super) fn of_task(task: Uuid) -> String {
    format!("task.{task}")
}

/// What files of a proposal can belong to, in words: its questions, and the tasks that the actor knows of.
fn fields<'a>(cx: &'a Cx, id: &'a str) -> Naming<'a> {
    Box::pin(async move {
        let case = cases::get(cx.db(), &PROPOSAL, id.parse().map_err(|_| Error::NotFound)?).await?;
        let pack = act::pack_of(cx, &case)?;
        let questions = act::form_of(&pack)?.sections.iter().flat_map(|section| &section.questions);
        let every = questions.flat_map(|question| std::iter::once(question).chain(&question.questions));
        let mut named: BTreeMap<String, String> =
            every.map(|question| (format!("q.{}", question.id), t!("proposal-file-question", title = &question.label))).collect();
        let side = cx.actor.account().map_or(Side::Authority, |account| account.side);
        for task in tasks::list(cx, cx.db(), &case, side).await? {
            named.insert(of_task(task.id), t!("proposal-file-task", title = &task.title));
        }
        Ok(named)
    })
}

fn find<'a>(cx: &'a Cx, tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let of = match tx {
            Some(tx) => store::load(tx.db(), cases::lock(tx, &PROPOSAL, id).await?).await?,
            None => store::load(cx.db(), cases::get(cx.db(), &PROPOSAL, id).await?).await?,
        };
        at(cx, of, field).await
    })
}

async fn at(cx: &Cx, of: Proposal, field: Option<&str>) -> Result<Subject> {
    let case = &of.case;
    // While the supplier writes, its files belong to the draft.
    let writing = ["draft", "returned"].contains(&case.stage.as_str()) && !cx.actor.is_authority();
    let whole = Subject {
        thing: of.resource(),
        add: Some(if writing { "proposal.draft" } else { "proposal.message" }),
        note: Some("proposal.note"),
        reveal: Some("proposal.reveal"),
        sensitive: false,
        internal: false,
        settled: !writing,
        title: case.reference.clone().unwrap_or_else(|| case.title.clone()),
        href: format!("/proposals/{}/files", case.id),
    };
    match field.and_then(|f| f.split_once('.')) {
        None if field.is_none() => Ok(whole),
        Some(("task", task)) => {
            let task = tasks::get(cx, cx.db(), case, task.parse().map_err(|_| Error::NotFound)?).await?;
            let supplier = task.side == Side::Supplier.code();
            // A supplier knows of its own side's tasks only; files of the authority's stay there.
            if !supplier && cx.actor.account().is_some_and(|a| a.side == Side::Supplier) {
                return Err(Error::NotFound);
            }
            let href = format!("/proposals/{}/tasks", case.id);
            Ok(Subject {
                add: Some("proposal.finish_task"),
                note: None,
                internal: !supplier,
                settled: true,
                title: task.title,
                href,
                ..whole
            })
        }
        Some(("q", question)) => {
            let pack = act::pack_of(cx, case)?;
            let form = act::form_of(&pack)?;
            let has = |q: &rules::form::Question| q.id == question || q.questions.iter().any(|inner| inner.id == question);
            let sealed = |q: &rules::form::Question| q.sensitive || q.questions.iter().any(|inner| inner.id == question && inner.sensitive);
            let all = form.sections.iter().flat_map(|s| s.questions.iter().map(move |q| (s, q)));
            let (section, asked) = all.into_iter().find(|(_, q)| has(q)).ok_or(Error::NotFound)?;
            // Answers change only while the supplier writes; later files go to the case.
            let href = if writing { format!("/proposals/{}/answers/{}", case.id, section.id) } else { whole.href.clone() };
            Ok(Subject { note: None, sensitive: sealed(asked), href, ..whole })
        }
        _ => Err(Error::NotFound),
    }
}
