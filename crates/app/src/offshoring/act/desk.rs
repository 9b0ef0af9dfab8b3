//! Who has a proposal: taken on, put back, passed to a colleague; and what becomes of it when that person goes. Nobody must take a
//! proposal on to act on it: acting on one that nobody has takes it on.

use platform::cases::{Case, SUPPLIER, people, people::Recipient, store as cases, tasks};
use platform::cx::{Cx, Entry, Reacting, Tx};
use platform::identity::{self, Owned, Owner, Owning, Reassigning};
use platform::texts::Text;
use platform::{Error, Result, t};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{account, notices, open};
use crate::offshoring::model::{PROPOSAL, Proposal, SUPPLIER_ROLES};
use crate::offshoring::store;
use crate::party::model::AUTHORITY_ROLES;

/// Takes a proposal on, from whoever of the same role has it. Its due date and its stage stay.
///
/// # Errors
/// A refusal, unless its stage waits for the actor's role; [`Error::Stale`].
pub async fn take_on(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.take_on").await?;
    let entry = given("proposal.take_on", &before, Some(by));
    cases::update(&tx, Case { owner: Some(by), ..before.case.clone() }).await?;
    cx.commit(tx, permit, [entry]).await
}

/// Puts one's own proposal back, so that whoever of the role comes next takes it on.
///
/// # Errors
/// A refusal, when somebody else has it; [`Error::Stale`].
pub async fn put_back(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.put_back").await?;
    let entry = given("proposal.put_back", &before, None);
    cases::update(&tx, Case { owner: None, ..before.case.clone() }).await?;
    cx.commit(tx, permit, [entry]).await
}

/// Passes a proposal to a colleague for whom its stage waits too, and tells them.
///
/// # Errors
/// [`Error::Invalid`] when that person may not have it; a refusal; [`Error::Stale`].
pub async fn pass_to(cx: &Cx, id: Uuid, version: i32, to: Uuid) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.pass_to").await?;
    if !may_have(cx, tx.db(), &before, to).await? {
        return Err(Error::field("to", Text::new("proposal-pass-to-wrong")));
    }
    let entry = given("proposal.pass_to", &before, Some(to));
    let after = cases::update(&tx, Case { owner: Some(to), ..before.case.clone() }).await?;
    notices::passed(cx, &mut tx, &after, to)?;
    cx.commit(tx, permit, [entry]).await
}

/// The entry of a change of hands.
fn given(action: &'static str, before: &Proposal, to: Option<Uuid>) -> Entry {
    let mut entry = Entry::on(action, before).about("stage", &before.case.stage);
    if let Some(from) = before.case.owner {
        entry = entry.about("from", from);
    }
    match to {
        Some(to) => entry.about("to", to),
        None => entry,
    }
}

/// Takes the proposal on for whoever acts on it, if nobody has it and its stage waits for them: the further entry that tells of it.
pub(super) async fn by_acting(cx: &Cx, tx: &Tx, before: &Proposal) -> Result<Option<Entry>> {
    let by = account(cx)?.account;
    if before.case.owner.is_some() || !cx.may("proposal.take_on", before) {
        return Ok(None);
    }
    cases::update(tx, Case { owner: Some(by), ..before.case.clone() }).await?;
    Ok(Some(given("proposal.take_on", before, Some(by))))
}

/// Whether an account may have a proposal, in any of its roles.
pub async fn may_have<C: ConnectionTrait>(cx: &Cx, db: &C, of: &Proposal, account: Uuid) -> Result<bool> {
    let actors = identity::actors(cx.core(), db, account).await?;
    Ok(actors.iter().any(|actor| cx.core().authz.may(actor, "proposal.take_on", of)))
}

/// The people for whom a proposal's stage waits and who may have it, but for the one who has it.
///
/// # Errors
/// When the database fails.
pub async fn colleagues(cx: &Cx, of: &Proposal) -> Result<Vec<Recipient>> {
    let stage = PROPOSAL.stage(&of.case.stage)?;
    let found = if stage.waits_for.contains(&SUPPLIER) {
        people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&of.standing.above)).await?
    } else {
        people::holders(cx, cx.db(), stage.waits_for, None).await?
    };
    let mut fit = Vec::new();
    for person in found.into_iter().filter(|p| Some(p.account) != of.case.owner) {
        if may_have(cx, cx.db(), of, person.account).await? {
            fit.push(person);
        }
    }
    Ok(fit)
}

/// The people who can be set a task, with the names of their parties: those at the authority who can do one, and those on the supplier's
/// side at or above the proposal's place.
///
/// # Errors
/// When the database fails.
pub async fn doers(cx: &Cx, of: &Proposal) -> Result<Vec<(Recipient, String)>> {
    let mut found = people::holders(cx, cx.db(), &AUTHORITY_ROLES, None).await?;
    found.extend(people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&of.standing.above)).await?);
    let mut fit: Vec<(Recipient, String)> = Vec::new();
    for person in found {
        let actors = identity::actors(cx.core(), cx.db(), person.account).await?;
        let able = actors.iter().find(|actor| cx.core().authz.may(actor, "proposal.finish_task", of));
        if let Some(able) = able.and_then(|actor| actor.account())
            && !fit.iter().any(|(known, _)| known.account == person.account)
        {
            fit.push((person, able.party_name.clone()));
        }
    }
    Ok(fit)
}

/// The part of proposals in handing over a leaver's work.
pub const CASES: Owner = Owner { kind: "proposal", owned: owned_cases, reassign: reassign_cases };
/// The part of their tasks.
pub const TASKS: Owner = Owner { kind: "task", owned: owned_tasks, reassign: reassign_tasks };

fn owned_cases(cx: &Cx, account: Uuid) -> Owning<'_> {
    Box::pin(async move {
        let found = cases::owned(cx.db(), &PROPOSAL, account).await?;
        let titles = store::draft_titles(cx, &found).await?;
        let mut all = Vec::new();
        for of in store::load_all(cx.db(), found).await? {
            let seen = cx.may("proposal.view", &of);
            let Case { id, title, reference, .. } = of.case;
            let title = titles.get(&id).cloned().unwrap_or(title);
            // A draft is its supplier's own affair: whoever hands it over learns that there is one, and no more.
            let title = match (seen, reference) {
                (false, _) => t!("proposal-hidden"),
                (true, Some(reference)) => t!("proposal-named", reference = reference, title = title),
                (true, None) => title,
            };
            all.push(Owned { kind: PROPOSAL.id, id, title, href: seen.then(|| format!("/proposals/{id}")) });
        }
        Ok(all)
    })
}

fn reassign_cases<'a>(cx: &'a Cx, tx: &'a mut Tx, from: Uuid, to: Uuid, ids: &'a [Uuid]) -> Reassigning<'a> {
    Box::pin(async move {
        let mut entries = Vec::new();
        for id in ids {
            let before = store::load(tx.db(), cases::lock(tx, &PROPOSAL, *id).await?).await?;
            if before.case.owner != Some(from) {
                continue;
            }
            if !may_have(cx, tx.db(), &before, to).await? {
                return Err(not_theirs(cx, &before));
            }
            entries.push(given("proposal.pass_to", &before, Some(to)));
            let after = cases::update(tx, Case { owner: Some(to), ..before.case.clone() }).await?;
            notices::passed(cx, tx, &after, to)?;
        }
        Ok(entries)
    })
}

/// The successor may not have this one: it must be named, where it may be, so that another successor is found.
fn not_theirs(cx: &Cx, of: &Proposal) -> Error {
    let name = of.case.reference.clone().filter(|_| cx.may("proposal.view", of)).unwrap_or_else(|| t!("proposal-hidden"));
    Error::field("to", Text::new("proposal-hand-over-wrong").with("name", name))
}

fn owned_tasks(cx: &Cx, account: Uuid) -> Owning<'_> {
    Box::pin(async move {
        let mut all = Vec::new();
        for (case, task) in tasks::owned(cx.db(), &PROPOSAL, account).await? {
            let of = store::load(cx.db(), cases::get(cx.db(), &PROPOSAL, case).await?).await?;
            let seen = cx.may("proposal.view", &of);
            let row = tasks::get(cx, cx.db(), &of.case, task).await?;
            let reference = of.case.reference.unwrap_or_default();
            let title = if seen { t!("proposal-task-named", reference = reference, title = row.title) } else { t!("proposal-hidden") };
            all.push(Owned { kind: "task", id: task, title, href: seen.then(|| format!("/proposals/{case}/tasks")) });
        }
        Ok(all)
    })
}

fn reassign_tasks<'a>(cx: &'a Cx, tx: &'a mut Tx, from: Uuid, to: Uuid, ids: &'a [Uuid]) -> Reassigning<'a> {
    Box::pin(async move {
        let mut entries = Vec::new();
        for (case, id) in tasks::owned(tx.db(), &PROPOSAL, from).await?.into_iter().filter(|(_, id)| ids.contains(id)) {
            let of = store::load(tx.db(), cases::lock(tx, &PROPOSAL, case).await?).await?;
            let task = tasks::get(cx, tx.db(), &of.case, id).await?;
            if !may_do(cx, tx.db(), &of, &task.side, to).await? {
                return Err(not_theirs(cx, &of));
            }
            tasks::pass(tx, &task, Some(to)).await?;
            entries.push(Entry::on("proposal.pass_task", &of).about("task", id).about("from", from).about("to", to));
        }
        Ok(entries)
    })
}

/// Whether an account may do a task of this side, in any of its roles.
pub(super) async fn may_do<C: ConnectionTrait>(cx: &Cx, db: &C, of: &Proposal, side: &str, account: Uuid) -> Result<bool> {
    let actors = identity::actors(cx.core(), db, account).await?;
    let fits = |actor: &&platform::authz::Actor| actor.account().is_some_and(|a| a.side.code() == side);
    Ok(actors.iter().filter(fits).any(|actor| cx.core().authz.may(actor, "proposal.finish_task", of)))
}

/// When a role ends: what its holder had and may have no longer goes back to whoever has the role, so that no proposal or task waits for
/// somebody who cannot come.
pub fn role_ended<'a>(cx: &'a Cx, tx: &'a mut Tx, entry: &'a Entry) -> Reacting<'a> {
    Box::pin(async move {
        let Some(who) = entry.about.get("account").and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(Vec::new()) };
        let mut entries = Vec::new();
        for case in cases::owned(tx.db(), &PROPOSAL, who).await? {
            let before = store::load(tx.db(), cases::lock(tx, &PROPOSAL, case.id).await?).await?;
            if before.case.owner == Some(who) && !may_have(cx, tx.db(), &before, who).await? {
                entries.push(given("proposal.put_back", &before, None));
                cases::update(tx, Case { owner: None, ..before.case.clone() }).await?;
            }
        }
        for (case, id) in tasks::owned(tx.db(), &PROPOSAL, who).await? {
            let of = store::load(tx.db(), cases::lock(tx, &PROPOSAL, case).await?).await?;
            let task = tasks::get(cx, tx.db(), &of.case, id).await?;
            if !may_do(cx, tx.db(), &of, &task.side, who).await? {
                tasks::pass(tx, &task, None).await?;
                entries.push(Entry::on("proposal.pass_task", &of).about("task", id).about("from", who));
            }
        }
        Ok(entries)
    })
}
