//! What files can be attached to within a case: the whole, its tasks, and the fields that its kind has.

use platform::authz::{Guarded as _, Side};
use platform::cases::{store as cases, tasks};
use platform::cx::{Cx, Tx};
use platform::files::{Finding, Kind, Naming, Subject};
use platform::{Error, Result, t};
use uuid::Uuid;

use super::{Process, at, lock};

/// The cases of a kind have files.
pub const fn files<P: Process>() -> Kind {
    Kind { kind: P::KIND.id, view: P::VIEW, find: find::<P>, fields: Some(fields::<P>) }
}

/// The field of a task's files.
pub(super) fn of_task(task: Uuid) -> String {
    format!("task.{task}")
}

/// What files of a case can belong to, in words: what its kind says, and the tasks that the actor knows of.
fn fields<'a, P: Process>(cx: &'a Cx, id: &'a str) -> Naming<'a> {
    Box::pin(async move {
        let case = cases::get(cx.db(), P::KIND, id.parse().map_err(|_| Error::NotFound)?).await?;
        let mut named = P::file_fields(cx, &case)?;
        let side = cx.actor.account().map_or(Side::Authority, |account| account.side);
        for task in tasks::list(cx, cx.db(), &case, side).await? {
            named.insert(of_task(task.id), t!("case-file-task", title = &task.title));
        }
        Ok(named)
    })
}

fn find<'a, P: Process>(cx: &'a Cx, tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let of = match tx {
            Some(tx) => lock::<P>(tx, id).await?,
            None => P::load(cx.db(), vec![cases::get(cx.db(), P::KIND, id).await?]).await?.pop().ok_or(Error::NotFound)?,
        };
        within::<P>(cx, &of, field).await
    })
}

async fn within<P: Process>(cx: &Cx, of: &P::Thing, field: Option<&str>) -> Result<Subject> {
    let case = P::case(of);
    // While the supplier writes, its files belong to the draft.
    // So for whoever of the authority writes on its behalf.
    let draft = P::writing(of).filter(|action| !cx.actor.is_authority() || cx.may(action, of));
    let whole = Subject {
        thing: of.resource(),
        add: Some(draft.unwrap_or(P::ACTS.message)),
        note: Some(P::ACTS.note),
        reveal: Some(P::ACTS.reveal),
        sensitive: false,
        internal: false,
        settled: draft.is_none() || P::FILES_AT_ONCE,
        screened: P::screened(case),
        title: case.reference.clone().unwrap_or_else(|| case.title.clone()),
        href: at::<P>(case, "files"),
    };
    match field {
        None => Ok(whole),
        Some(field) => match field.split_once('.') {
            Some(("task", task)) => {
                let task = tasks::get(cx, cx.db(), case, task.parse().map_err(|_| Error::NotFound)?).await?;
                let supplier = task.side == Side::Supplier.code();
                // A supplier knows of its own side's tasks only; files of the authority's stay there.
                if !supplier && cx.actor.account().is_some_and(|a| a.side == Side::Supplier) {
                    return Err(Error::NotFound);
                }
                let (title, href) = (task.title, at::<P>(case, "tasks"));
                Ok(Subject { add: Some(P::ACTS.finish_task), note: None, internal: !supplier, settled: true, title, href, ..whole })
            }
            _ => P::file_at(cx, case, field, whole),
        },
    }
}
