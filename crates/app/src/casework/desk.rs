//! Who has a case, who could have it, and what becomes of it when that person goes. Nobody must take a case on to act on it: acting on one
//! that nobody has takes it on.

use platform::cases::{Case, SUPPLIER, people, people::Recipient, store as cases, tasks};
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::identity::{self, Owned, Owner, Owning, Reassigning};
use platform::texts::Text;
use platform::{Error, Result, t};
use uuid::Uuid;

use super::{Process, able, account, at, lock, notices, says};
use crate::party::model::{AUTHORITY_ROLES, SUPPLIER_ROLES};

/// The entry of a change of hands.
pub(super) fn given<P: Process>(action: &'static str, before: &P::Thing, to: Option<Uuid>) -> Entry {
    let case = P::case(before);
    let mut entry = Entry::on(action, before).about("stage", &case.stage);
    if let Some(from) = case.owner {
        entry = entry.about("from", from);
    }
    match to {
        Some(to) => entry.about("to", to),
        None => entry,
    }
}

/// Takes the case on for whoever acts on it, if nobody has it and its stage waits for them: the further entry that tells of it.
///
/// # Errors
/// When the database fails.
pub async fn by_acting<P: Process>(cx: &Cx, tx: &Tx, before: &P::Thing) -> Result<Option<Entry>> {
    let (by, case) = (account(cx)?.account, P::case(before));
    if case.owner.is_some() || !cx.may(P::ACTS.take_on, before) {
        return Ok(None);
    }
    cases::update(tx, Case { owner: Some(by), ..case.clone() }).await?;
    Ok(Some(given::<P>(P::ACTS.take_on, before, Some(by))))
}

/// The people for whom a case's stage waits and who may have it, but for the one who has it.
///
/// # Errors
/// When the database fails.
pub async fn colleagues<P: Process>(cx: &Cx, of: &P::Thing) -> Result<Vec<Recipient>> {
    let case = P::case(of);
    let stage = P::KIND.stage(&case.stage)?;
    let found = if stage.waits_for.contains(&SUPPLIER) {
        people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&P::sight(of).above)).await?
    } else {
        let roles = P::awaited(of);
        people::holders(cx, cx.db(), &roles.iter().map(String::as_str).collect::<Vec<_>>(), None).await?
    };
    able::among::<P>(cx, of, found.into_iter().filter(|person| Some(person.account) != case.owner)).await
}

/// The people who can be set a task, with the names of their parties: those at the authority who can do one, and those on the supplier's
/// side at or above the case's place.
///
/// # Errors
/// When the database fails.
pub async fn doers<P: Process>(cx: &Cx, of: &P::Thing) -> Result<Vec<(Recipient, String)>> {
    let mut found = people::holders(cx, cx.db(), &AUTHORITY_ROLES, None).await?;
    found.extend(people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&P::sight(of).above)).await?);
    let mut fit: Vec<(Recipient, String)> = Vec::new();
    for person in found {
        let actors = identity::actors(cx.core(), cx.db(), person.account).await?;
        let able = actors.iter().find(|actor| cx.core().authz.may(actor, P::ACTS.finish_task, of));
        if let Some(able) = able.and_then(|actor| actor.account())
            && !fit.iter().any(|(known, _)| known.account == person.account)
        {
            fit.push((person, able.party_name.clone()));
        }
    }
    Ok(fit)
}

/// The part of a kind's cases in handing over a leaver's work.
pub const fn owner<P: Process>() -> Owner {
    Owner { kind: P::KIND.id, owned: owned_cases::<P>, reassign: reassign_cases::<P> }
}

/// What a task is called among things that are handed over.
const TASK: &str = "task";

/// The part of their tasks.
pub const fn task_owner<P: Process>() -> Owner {
    Owner { kind: TASK, owned: owned_tasks::<P>, reassign: reassign_tasks::<P> }
}

fn owned_cases<P: Process>(cx: &Cx, account: Uuid) -> Owning<'_> {
    Box::pin(async move {
        let found = cases::owned(cx.db(), P::KIND, account).await?;
        let titles = P::titles(cx, &found).await?;
        let mut all = Vec::new();
        for of in P::load(cx.db(), found).await? {
            let seen = cx.may(P::VIEW, &of);
            let Case { id, title, reference, .. } = P::case(&of).clone();
            let title = titles.get(&id).cloned().unwrap_or(title);
            // A draft is its supplier's own affair: whoever hands it over learns that there is one, and no more.
            let title = match (seen, reference) {
                (false, _) => says(P::KIND, "hidden"),
                (true, Some(reference)) => t!("case-named", reference = reference, title = title),
                (true, None) => title,
            };
            all.push(Owned { kind: P::KIND.id, id, title, href: seen.then(|| at::<P>(P::case(&of), "")) });
        }
        Ok(all)
    })
}

fn reassign_cases<'a, P: Process>(cx: &'a Cx, tx: &'a mut Tx, from: Uuid, to: Uuid, ids: &'a [Uuid]) -> Reassigning<'a> {
    Box::pin(async move {
        let mut entries = Vec::new();
        for id in ids {
            let before = lock::<P>(tx, *id).await?;
            if P::case(&before).owner != Some(from) {
                continue;
            }
            if !able::may_have::<P>(cx, tx.db(), &before, to).await? {
                return Err(not_theirs::<P>(cx, &before));
            }
            entries.push(given::<P>(P::ACTS.pass_to, &before, Some(to)));
            let after = cases::update(tx, Case { owner: Some(to), ..P::case(&before).clone() }).await?;
            notices::passed::<P>(cx, tx, &after, to)?;
        }
        Ok(entries)
    })
}

/// The successor may not have this one: it must be named, where it may be, so that another successor is found.
fn not_theirs<P: Process>(cx: &Cx, of: &P::Thing) -> Error {
    let name = P::case(of).reference.clone().filter(|_| cx.may(P::VIEW, of)).unwrap_or_else(|| says(P::KIND, "hidden"));
    Error::field("to", Text::new("case-hand-over-wrong").with("name", name))
}

fn owned_tasks<P: Process>(cx: &Cx, account: Uuid) -> Owning<'_> {
    Box::pin(async move {
        let mut all = Vec::new();
        for (case, task) in tasks::owned(cx.db(), P::KIND, account).await? {
            let row = cases::get(cx.db(), P::KIND, case).await?;
            let of = P::load(cx.db(), vec![row]).await?.pop().ok_or(Error::NotFound)?;
            let (seen, case) = (cx.may(P::VIEW, &of), P::case(&of));
            let row = tasks::get(cx, cx.db(), case, task).await?;
            let reference = case.reference.clone().unwrap_or_default();
            let title = if seen { t!("case-task-named", reference = reference, title = row.title) } else { says(P::KIND, "hidden") };
            all.push(Owned { kind: TASK, id: task, title, href: seen.then(|| at::<P>(case, "tasks")) });
        }
        Ok(all)
    })
}

fn reassign_tasks<'a, P: Process>(cx: &'a Cx, tx: &'a mut Tx, from: Uuid, to: Uuid, ids: &'a [Uuid]) -> Reassigning<'a> {
    Box::pin(async move {
        let mut entries = Vec::new();
        for (case, id) in tasks::owned(tx.db(), P::KIND, from).await?.into_iter().filter(|(_, id)| ids.contains(id)) {
            let of = lock::<P>(tx, case).await?;
            let task = tasks::get(cx, tx.db(), P::case(&of), id).await?;
            if !able::may_do::<P>(cx, tx.db(), &of, &task.side, to).await? {
                return Err(not_theirs::<P>(cx, &of));
            }
            tasks::pass(tx, &task, Some(to)).await?;
            entries.push(Entry::on(P::ACTS.pass_task, &of).about("task", id).about("from", from).about("to", to));
        }
        Ok(entries)
    })
}

/// What follows for the cases of a kind when a role ends.
pub const fn when_a_role_ends<P: Process>() -> Reaction {
    Reaction { on: "membership.end", run: role_ended::<P> }
}

/// When a role ends: what its holder had and may have no longer goes back to whoever has the role, so that no case or task waits for
/// somebody who cannot come.
fn role_ended<'a, P: Process>(cx: &'a Cx, tx: &'a mut Tx, entry: &'a Entry) -> Reacting<'a> {
    Box::pin(async move {
        let Some(who) = entry.about.get("account").and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(Vec::new()) };
        let mut entries = Vec::new();
        for case in cases::owned(tx.db(), P::KIND, who).await? {
            let before = lock::<P>(tx, case.id).await?;
            if P::case(&before).owner == Some(who) && !able::may_have::<P>(cx, tx.db(), &before, who).await? {
                entries.push(given::<P>(P::ACTS.put_back, &before, None));
                cases::update(tx, Case { owner: None, ..P::case(&before).clone() }).await?;
            }
        }
        for (case, id) in tasks::owned(tx.db(), P::KIND, who).await? {
            let of = lock::<P>(tx, case).await?;
            let task = tasks::get(cx, tx.db(), P::case(&of), id).await?;
            if !able::may_do::<P>(cx, tx.db(), &of, &task.side, who).await? {
                tasks::pass(tx, &task, None).await?;
                entries.push(Entry::on(P::ACTS.pass_task, &of).about("task", id).about("from", who));
            }
        }
        Ok(entries)
    })
}
