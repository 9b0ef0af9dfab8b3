//! Notices at each hand-over, to the people whose turn it is. The step writes one job in its own transaction; whom it concerns is found when
//! that is done, so that nobody who hands something in waits for it.

use platform::cases::people::{self, Recipient};
use platform::cases::{Case, SUPPLIER};
use platform::clock::Millis;
use platform::cx::{Cx, House, Tx};
use platform::jobs::{Job, Working};
use platform::texts::Text;
use platform::{Error, Result, identity, mail, t};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::contract;
use crate::offshoring::model::{PROPOSAL, Proposal, SUPPLIER_ROLES, Turn};

/// The kind of the job that tells people of a step or a message.
pub const JOB: &str = "proposal.notice";

/// What happened to a proposal, and how it stood then. Ids and codes only: what its job carries stands in the open.
#[derive(Debug, Serialize, Deserialize)]
struct Notice {
    case: Uuid,
    party: Uuid,
    /// The party at tier 1 above it.
    lead: Option<Uuid>,
    contract: Option<Uuid>,
    owner: Option<Uuid>,
    stage: String,
    reference: Option<String>,
    due: Option<Millis>,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// It stands elsewhere now.
    Turn,
    /// It was passed to this account.
    Passed(Uuid),
    /// A task was set for this account.
    Task(Uuid),
    /// The approval is suspended, in force again, or taken back.
    Suspended,
    Resumed,
    Revoked,
    /// A message was written, by the supplier's side or the authority's.
    Written {
        by_supplier: bool,
    },
}

/// Tells whoever has the case now; and the supplier's side of every step that it must know of.
pub(super) fn turn(tx: &mut Tx, before: &Proposal, after: &Case) -> Result<()> {
    ask(tx, after, before.standing.lead, What::Turn)
}

/// Tells somebody that a proposal is theirs now.
pub(super) fn passed(cx: &Cx, tx: &mut Tx, after: &Case, to: Uuid) -> Result<()> {
    ask_one(cx, tx, after, to, What::Passed(to))
}

/// Tells somebody of a task that was set for them.
pub(super) fn task(cx: &Cx, tx: &mut Tx, on: &Case, to: Uuid) -> Result<()> {
    ask_one(cx, tx, on, to, What::Task(to))
}

/// Tells the other side that a message was written.
pub(super) fn written(tx: &mut Tx, on: &Proposal, by_supplier: bool) -> Result<()> {
    ask(tx, &on.case, on.standing.lead, What::Written { by_supplier })
}

/// Tells both sides what became of an approval.
pub(super) fn approval(tx: &mut Tx, before: &Proposal, after: &Case, turn: Turn) -> Result<()> {
    let what = match turn {
        Turn::Suspend => What::Suspended,
        Turn::Resume => What::Resumed,
        Turn::Revoke => What::Revoked,
    };
    ask(tx, after, before.standing.lead, what)
}

/// Nobody needs a message about what they did themselves.
fn ask_one(cx: &Cx, tx: &mut Tx, case: &Case, to: Uuid, what: What) -> Result<()> {
    if cx.actor.account().is_some_and(|a| a.account == to) { Ok(()) } else { ask(tx, case, None, what) }
}

fn ask(tx: &mut Tx, case: &Case, lead: Option<Uuid>, what: What) -> Result<()> {
    let notice = Notice {
        case: case.id,
        party: case.party,
        lead,
        contract: case.contract,
        owner: case.owner,
        stage: case.stage.clone(),
        reference: case.reference.clone(),
        due: case.due,
        what,
    };
    tx.job(Job::new(JOB, serde_json::to_value(notice)?));
    Ok(())
}

/// Does a [`JOB`]: writes a message to each person whom it concerns, at most one each however often it is done.
pub fn tell<'a>(cx: &'a Cx, id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let notice: Notice = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        let told = notice.told(cx).await?;
        if told.is_empty() {
            return Ok(());
        }
        let mut house = cx.housekeep().await?;
        for (to, what) in told {
            notice.send(cx, &mut house, id, &to, what);
        }
        house.done().await?;
        cx.core().wake.notify_one();
        Ok(())
    })
}

/// The same message to each of these.
fn each(found: impl IntoIterator<Item = Recipient>, what: &'static str) -> Vec<(Recipient, &'static str)> {
    found.into_iter().map(|to| (to, what)).collect()
}

impl Notice {
    /// Whom it concerns, and which message each of them gets.
    async fn told(&self, cx: &Cx) -> Result<Vec<(Recipient, &'static str)>> {
        match self.what {
            What::Passed(to) => Ok(each(people::account(cx, cx.db(), to).await?, "passed")),
            What::Task(to) => Ok(each(people::account(cx, cx.db(), to).await?, "task")),
            What::Written { by_supplier: false } => Ok(each(self.supplier(cx).await?, "written")),
            What::Written { by_supplier: true } => {
                let stage = PROPOSAL.stage(&self.stage)?;
                let roles: Vec<&str> = stage.waits_for.iter().copied().filter(|r| *r != SUPPLIER).collect();
                let roles = if roles.is_empty() { vec!["contract_manager"] } else { roles };
                Ok(each(self.whose_turn(cx, &roles).await?, "written"))
            }
            What::Suspended => self.both_sides(cx, "suspended").await,
            What::Resumed => self.both_sides(cx, "resumed").await,
            What::Revoked => self.both_sides(cx, "revoked").await,
            What::Turn => self.turn(cx).await,
        }
    }

    async fn both_sides(&self, cx: &Cx, what: &'static str) -> Result<Vec<(Recipient, &'static str)>> {
        let mut told = each(self.supplier(cx).await?, what);
        told.extend(each(self.whose_turn(cx, &["contract_manager"]).await?, what));
        Ok(told)
    }

    async fn turn(&self, cx: &Cx) -> Result<Vec<(Recipient, &'static str)>> {
        let stage = PROPOSAL.stage(&self.stage)?;
        let supplier_has_it = stage.waits_for.contains(&SUPPLIER);
        let mut told = Vec::new();
        if !supplier_has_it && !stage.closed {
            told.extend(each(self.whose_turn(cx, stage.waits_for).await?, "turn"));
        }
        // The supplier hears of hand-overs of its own: received, returned, decided. What goes on inside the authority it reads on the page.
        if supplier_has_it || stage.closed || self.stage == "checking" {
            let what = match self.stage.as_str() {
                "checking" => "received",
                "returned" => "returned",
                _ => "closed",
            };
            told.extend(each(self.supplier(cx).await?, what));
        }
        if stage.closed {
            told.extend(each(self.whose_turn(cx, &["contract_manager"]).await?, "closed"));
        }
        Ok(told)
    }

    /// Whoever at the authority has it; else those with one of these roles; of contract managers the contract's own, if it has one.
    async fn whose_turn(&self, cx: &Cx, roles: &[&str]) -> Result<Vec<Recipient>> {
        let with_supplier = PROPOSAL.stage(&self.stage)?.waits_for.contains(&SUPPLIER);
        if let Some(owner) = self.owner.filter(|_| !with_supplier)
            && let Some(owner) = people::account(cx, cx.db(), owner).await?
        {
            return Ok(vec![owner]);
        }
        if let (["contract_manager"], Some(on)) = (roles, self.contract) {
            return contract::store::managers(cx, on).await;
        }
        people::holders(cx, cx.db(), roles, None).await
    }

    async fn supplier(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        let mut parties = vec![self.party];
        parties.extend(self.lead);
        people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&parties)).await
    }

    /// Mail says that something happened and where to read it, never what was answered: it travels in the open.
    fn send(&self, cx: &Cx, house: &mut House, id: Uuid, to: &Recipient, what: &str) {
        let none = t!("proposal-no-reference");
        let reference = self.reference.as_deref().unwrap_or(&none);
        let link = format!("{}/proposals/{}", cx.core().settings.public_url.trim_end_matches('/'), self.case);
        let stage = PROPOSAL.stage_name(&self.stage);
        // What became of an approval says itself what follows; its proposal stays as it was decided.
        let turned = matches!(self.what, What::Suspended | What::Resumed | What::Revoked);
        let next = if turned { String::new() } else { PROPOSAL.stage_next(&self.stage) };
        let due = self.due.map_or_else(String::new, |at| t!("proposal-mail-due", date = cx.core().clock.day_text(at)));
        let words = |id: String| Text::new(id).with("reference", reference).with("stage", &stage).say();
        let subject = words(format!("proposal-mail-{what}-subject"));
        let said = words(format!("proposal-mail-{what}"));
        let text = format!("{}\n\n{said}\n{next}\n{due}\n\n{link}\n", t!("proposal-mail-hello", name = &to.name));
        let letter = mail::message(&to.email, &subject, &text).sealed_for(identity::subject(to.account));
        house.job(letter.once(&format!("notice:{id}:{}:{what}", to.account)));
    }
}
