//! Notices at each hand-over, to the people whose turn it is: mail within the same transaction as the step.

use platform::cases::people::{self, Recipient};
use platform::cases::{Case, SUPPLIER};
use platform::cx::{Cx, Tx};
use platform::texts::Text;
use platform::{Result, identity, mail, t};
use uuid::Uuid;

use crate::contract;
use crate::offshoring::model::{PROPOSAL, Proposal, SUPPLIER_ROLES};

/// Tells whoever has the case now; and the supplier's side of every step that it must know of.
pub(super) async fn turn(cx: &Cx, tx: &mut Tx, before: &Proposal, after: &Case) -> Result<()> {
    let stage = PROPOSAL.stage(&after.stage)?;
    let supplier_has_it = stage.waits_for.contains(&SUPPLIER);
    if !supplier_has_it && !stage.closed {
        for to in whose_turn(cx, tx, after, stage.waits_for).await? {
            send(cx, tx, &to, after, "turn");
        }
    }
    // The supplier hears of hand-overs of its own: received, returned, decided. What goes on inside the authority it reads on the page.
    if supplier_has_it || stage.closed || after.stage == "checking" {
        let what = match after.stage.as_str() {
            "checking" => "received",
            "returned" => "returned",
            _ => "closed",
        };
        for to in supplier(cx, tx, before).await? {
            send(cx, tx, &to, after, what);
        }
    }
    if stage.closed {
        for to in whose_turn(cx, tx, after, &["contract_manager"]).await? {
            send(cx, tx, &to, after, "closed");
        }
    }
    Ok(())
}

/// Tells somebody that a proposal is theirs now.
pub(super) async fn passed(cx: &Cx, tx: &mut Tx, after: &Case, to: Uuid) -> Result<()> {
    tell_one(cx, tx, after, to, "passed").await
}

/// Tells somebody of a task that was set for them.
pub(super) async fn task(cx: &Cx, tx: &mut Tx, on: &Case, to: Uuid) -> Result<()> {
    tell_one(cx, tx, on, to, "task").await
}

async fn tell_one(cx: &Cx, tx: &mut Tx, case: &Case, to: Uuid, what: &str) -> Result<()> {
    // Nobody needs a message about what they did themselves.
    if cx.actor.account().is_some_and(|a| a.account == to) {
        return Ok(());
    }
    if let Some(to) = people::account(cx, tx.db(), to).await? {
        send(cx, tx, &to, case, what);
    }
    Ok(())
}

/// Tells the other side that a message was written.
pub(super) async fn written(cx: &Cx, tx: &mut Tx, on: &Proposal, by_supplier: bool) -> Result<()> {
    let to = if by_supplier {
        let stage = PROPOSAL.stage(&on.case.stage)?;
        let roles: Vec<&str> = stage.waits_for.iter().copied().filter(|r| *r != SUPPLIER).collect();
        let roles = if roles.is_empty() { vec!["contract_manager"] } else { roles };
        whose_turn(cx, tx, &on.case, &roles).await?
    } else {
        supplier(cx, tx, on).await?
    };
    for to in to {
        send(cx, tx, &to, &on.case, "written");
    }
    Ok(())
}

/// Whoever at the authority has it; else those with one of these roles; of contract managers the contract's own, if it has one.
async fn whose_turn(cx: &Cx, tx: &Tx, case: &Case, roles: &[&str]) -> Result<Vec<Recipient>> {
    let with_supplier = PROPOSAL.stage(&case.stage)?.waits_for.contains(&SUPPLIER);
    if let Some(owner) = case.owner.filter(|_| !with_supplier)
        && let Some(owner) = people::account(cx, tx.db(), owner).await?
    {
        return Ok(vec![owner]);
    }
    if let (["contract_manager"], Some(on)) = (roles, case.contract) {
        let manager: Option<Uuid> = contract::store::get(tx.db(), on).await?.row.manager;
        let known = match manager {
            Some(id) => people::account(cx, tx.db(), id).await?,
            None => None,
        };
        if let Some(manager) = known {
            return Ok(vec![manager]);
        }
    }
    people::holders(cx, tx.db(), roles, None).await
}

async fn supplier(cx: &Cx, tx: &Tx, on: &Proposal) -> Result<Vec<Recipient>> {
    let mut parties = vec![on.case.party];
    parties.extend(on.standing.lead);
    people::holders(cx, tx.db(), &SUPPLIER_ROLES, Some(&parties)).await
}

/// Mail says that something happened and where to read it, never what was answered: it travels in the open.
fn send(cx: &Cx, tx: &mut Tx, to: &Recipient, case: &Case, what: &str) {
    let none = t!("proposal-no-reference");
    let reference = case.reference.as_deref().unwrap_or(&none);
    let link = format!("{}/proposals/{}", cx.core().settings.public_url.trim_end_matches('/'), case.id);
    let stage = PROPOSAL.stage_name(&case.stage);
    let next = PROPOSAL.stage_next(&case.stage);
    let due = case.due.map_or_else(String::new, |at| t!("proposal-mail-due", date = cx.core().clock.day_text(at)));
    let words = |id: String| Text::new(id).with("reference", reference).with("stage", &stage).say();
    let subject = words(format!("proposal-mail-{what}-subject"));
    let said = words(format!("proposal-mail-{what}"));
    let text = format!("{}\n\n{said}\n{next}\n{due}\n\n{link}\n", t!("proposal-mail-hello", name = &to.name));
    tx.job(mail::message(&to.email, &subject, &text).sealed_for(identity::subject(to.account)));
}
