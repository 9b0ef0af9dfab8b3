//! Notices at each hand-over, to the people whose turn it is. The step writes one job in its own transaction; whom it concerns is found when
//! that is done, so that nobody who hands something in waits for it.

mod due;

use platform::cases::people::{self, Recipient};
use platform::cases::{Case, SUPPLIER};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::jobs::{Job, Working};
use platform::notices::{self, Sort};
use platform::texts::Text;
use platform::{Error, Result, mail, t};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Process, able, own};
use crate::contract;
use crate::party::model::SUPPLIER_ROLES;

pub use due::{clocks, remind};

/// What happened to a case, and how it stood then. Ids and codes only: what its job carries stands in the open.
#[derive(Debug, Serialize, Deserialize)]
struct Notice {
    case: Uuid,
    party: Uuid,
    /// The party at tier 1 above it.
    lead: Option<Uuid>,
    /// Other parties that hear of it.
    #[serde(default)]
    also: Vec<Uuid>,
    contract: Option<Uuid>,
    owner: Option<Uuid>,
    stage: String,
    reference: Option<String>,
    due: Option<Millis>,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// It stands elsewhere now.
    Turn,
    /// It was passed to this account.
    Passed(Uuid),
    /// A task was set for this account.
    Task(Uuid),
    /// A task of the supplier's side was found not done, which this account has or had said to be.
    Lacking(Option<Uuid>),
    /// Sections of its form were handed back to this account, which had passed them on.
    HandedBack(Option<Uuid>),
    /// Something else that both sides must know of, by the code of its message.
    Both(String),
    /// People at the authority with one of these roles must know of something, by the code of its message: something waits for them.
    Roles(String, Vec<String>),
    /// The same, whoever has the case: everybody with one of these roles must know of it.
    Holders(String, Vec<String>),
    /// This account must know of something, by the code of its message: it waits for them.
    One(Uuid, String),
    /// What became of an approval, as jobs said it that an earlier edition left to be done.
    Suspended,
    Resumed,
    Revoked,
    /// A message was written, by the supplier's side or the authority's.
    Written {
        by_supplier: bool,
    },
}

/// Tells whoever has the case now; and the supplier's side of every step that it must know of.
///
/// # Errors
/// When the job cannot be written.
pub fn turn<P: Process>(tx: &mut Tx, before: &P::Thing, after: &Case) -> Result<()> {
    ask::<P>(tx, after, Hear::of::<P>(before), What::Turn)
}

/// Tells somebody that a case is theirs now.
pub(super) fn passed<P: Process>(cx: &Cx, tx: &mut Tx, after: &Case, to: Uuid) -> Result<()> {
    ask_one::<P>(cx, tx, after, to, What::Passed(to))
}

/// Tells somebody of a task that was set for them.
pub(super) fn task<P: Process>(cx: &Cx, tx: &mut Tx, on: &Case, to: Uuid) -> Result<()> {
    ask_one::<P>(cx, tx, on, to, What::Task(to))
}

/// Tells the other side that a message was written.
///
/// # Errors
/// When the job cannot be written.
pub fn written<P: Process>(tx: &mut Tx, on: &P::Thing, by_supplier: bool) -> Result<()> {
    ask::<P>(tx, P::case(on), Hear::of::<P>(on), What::Written { by_supplier })
}

/// Tells the supplier's side, and whoever said that it was, that a task was found not done.
pub(super) fn lacking<P: Process>(tx: &mut Tx, on: &P::Thing, by: Option<Uuid>) -> Result<()> {
    ask::<P>(tx, P::case(on), Hear::of::<P>(on), What::Lacking(by))
}

/// Tells whoever passed sections on that they were handed back; somebody else of the supplier's side once that account is closed.
pub(super) fn handed_back<P: Process>(tx: &mut Tx, on: &P::Thing, to: Option<Uuid>) -> Result<()> {
    ask::<P>(tx, P::case(on), Hear::of::<P>(on), What::HandedBack(to))
}

/// Tells both sides of something that is no step: the messages `<kind>-mail-<what>`.
///
/// # Errors
/// When the job cannot be written.
pub fn both<P: Process>(tx: &mut Tx, before: &P::Thing, after: &Case, what: &str) -> Result<()> {
    ask::<P>(tx, after, Hear::of::<P>(before), What::Both(what.to_owned()))
}

/// Tells people at the authority with one of these roles that something waits for them: the messages `<kind>-mail-<what>`.
///
/// # Errors
/// When the job cannot be written.
pub fn roles<P: Process>(tx: &mut Tx, before: &P::Thing, after: &Case, what: &str, roles: Vec<String>) -> Result<()> {
    ask::<P>(tx, after, Hear::of::<P>(before), What::Roles(what.to_owned(), roles))
}

/// Tells everybody at the authority with one of these roles, whoever has the case: the messages `<kind>-mail-<what>`.
///
/// # Errors
/// When the job cannot be written.
pub fn holders<P: Process>(tx: &mut Tx, before: &P::Thing, after: &Case, what: &str, roles: &[&str]) -> Result<()> {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    ask::<P>(tx, after, Hear::of::<P>(before), What::Holders(what.to_owned(), roles))
}

/// Tells one account that something waits for it: the messages `<kind>-mail-<what>`.
///
/// # Errors
/// When the job cannot be written.
pub fn one<P: Process>(cx: &Cx, tx: &mut Tx, on: &Case, to: Uuid, what: &str) -> Result<()> {
    ask_one::<P>(cx, tx, on, to, What::One(to, what.to_owned()))
}

/// Nobody needs a message about what they did themselves.
fn ask_one<P: Process>(cx: &Cx, tx: &mut Tx, case: &Case, to: Uuid, what: What) -> Result<()> {
    if cx.actor.account().is_some_and(|a| a.account == to) { Ok(()) } else { ask::<P>(tx, case, Hear::default(), what) }
}

/// Whom of the supplier's side a notice may concern, beside the party of the case.
#[derive(Debug, Default)]
struct Hear {
    lead: Option<Uuid>,
    also: Vec<Uuid>,
}

impl Hear {
    fn of<P: Process>(on: &P::Thing) -> Self {
        Self { lead: P::sight(on).lead, also: P::hears(on) }
    }
}

fn ask<P: Process>(tx: &mut Tx, case: &Case, hear: Hear, what: What) -> Result<()> {
    tx.job(Job::new(P::NOTICE, serde_json::to_value(Notice::of(case, hear, what))?));
    Ok(())
}

/// Does the job of a notice: writes a message to each person whom it concerns, at most one each however often it is done.
pub fn tell<'a, P: Process>(cx: &'a Cx, id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let notice: Notice = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        let told = notice.told::<P>(cx).await?;
        if told.is_empty() {
            return Ok(());
        }
        // Also where only the fact is told: what it tells of is guarded, and so is that it happened.
        let marking = P::marking(cx, &platform::cases::store::get(cx.db(), P::KIND, notice.case).await?);
        let all = told.iter().map(|(to, what)| notice.tells::<P>(cx, id, to, what, marking.as_deref())).collect();
        notices::send_now(cx, all).await
    })
}

/// Who is told, and which message each of them gets.
type Told = Vec<(Recipient, String)>;

/// The same message to each of these.
fn each(found: impl IntoIterator<Item = Recipient>, what: &str) -> Told {
    found.into_iter().map(|to| (to, what.to_owned())).collect()
}

impl Notice {
    fn of(case: &Case, Hear { lead, also }: Hear, what: What) -> Self {
        Self {
            case: case.id,
            party: case.party,
            lead,
            also,
            contract: case.contract,
            owner: case.owner,
            stage: case.stage.clone(),
            reference: case.reference.clone(),
            due: case.due,
            what,
        }
    }

    /// Whom it concerns, and which message each of them gets.
    async fn told<P: Process>(&self, cx: &Cx) -> Result<Told> {
        match &self.what {
            What::Passed(to) => Ok(each(people::account(cx, cx.db(), *to).await?, "passed")),
            What::Task(to) => Ok(each(people::account(cx, cx.db(), *to).await?, "task")),
            What::One(to, what) => Ok(each(people::account(cx, cx.db(), *to).await?, what)),
            What::Lacking(by) => {
                let mut told = self.supplier(cx).await?;
                if let Some(by) = by
                    && told.iter().all(|one| one.account != *by)
                {
                    told.extend(people::account(cx, cx.db(), *by).await?);
                }
                Ok(each(told, "lacking"))
            }
            What::HandedBack(to) => {
                let asked = match to {
                    Some(to) => people::account(cx, cx.db(), *to).await?,
                    None => None,
                };
                let told = match asked {
                    Some(one) => vec![one],
                    None => self.supplier(cx).await?,
                };
                Ok(each(told, "handed-back"))
            }
            What::Written { by_supplier: false } => Ok(each(self.supplier(cx).await?, "written")),
            What::Written { by_supplier: true } => Ok(each(self.awaited::<P>(cx, &["contract_manager"]).await?, "written")),
            What::Both(what) => self.both_sides::<P>(cx, what).await,
            What::Roles(what, roles) => {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                Ok(each(self.whose_turn::<P>(cx, &roles).await?, what))
            }
            What::Holders(what, roles) => {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                Ok(each(people::holders(cx, cx.db(), &roles, None).await?, what))
            }
            What::Suspended => self.both_sides::<P>(cx, "suspended").await,
            What::Resumed => self.both_sides::<P>(cx, "resumed").await,
            What::Revoked => self.both_sides::<P>(cx, "revoked").await,
            What::Turn => self.turn::<P>(cx).await,
        }
    }

    /// Those at the authority for whom the case waits, and who can go on with it; where it stands elsewhere by now, those for whom its stage did.
    async fn awaited<P: Process>(&self, cx: &Cx, otherwise: &[&str]) -> Result<Vec<Recipient>> {
        let case = platform::cases::store::get(cx.db(), P::KIND, self.case).await?;
        let moved = case.stage != self.stage;
        let case = Case { stage: self.stage.clone(), ..case };
        let of = P::load(cx.db(), vec![case]).await?.pop().ok_or(Error::NotFound)?;
        let roles = P::awaited(&of);
        let roles: Vec<&str> = roles.iter().map(String::as_str).filter(|role| *role != SUPPLIER).collect();
        let all = self.whose_turn::<P>(cx, if roles.is_empty() { otherwise } else { &roles }).await?;
        if moved || self.owner.is_some() {
            return Ok(all);
        }
        let fit = able::among::<P>(cx, &of, all.clone()).await?;
        // Where nobody can, they are told none the less: somebody must see to it.
        Ok(if fit.is_empty() { all } else { fit })
    }

    async fn both_sides<P: Process>(&self, cx: &Cx, what: &str) -> Result<Told> {
        let mut told = each(self.supplier(cx).await?, what);
        told.extend(each(self.whose_turn::<P>(cx, &["contract_manager"]).await?, what));
        Ok(told)
    }

    async fn turn<P: Process>(&self, cx: &Cx) -> Result<Told> {
        let stage = P::KIND.stage(&self.stage)?;
        let mut told = Vec::new();
        if !stage.waits_for.contains(&SUPPLIER) && !stage.closed {
            told.extend(each(self.awaited::<P>(cx, &[]).await?, "turn"));
        }
        // The supplier hears of hand-overs of its own. What goes on inside the authority it reads on the page.
        if let Some(what) = P::told(&self.stage) {
            told.extend(each(self.supplier(cx).await?, what));
        }
        if stage.closed {
            told.extend(each(self.whose_turn::<P>(cx, &["contract_manager"]).await?, "closed"));
        }
        Ok(told)
    }

    /// Whoever at the authority has it, with whoever stands for them; else those with one of these roles; of contract managers the contract's own, if it has one.
    async fn whose_turn<P: Process>(&self, cx: &Cx, roles: &[&str]) -> Result<Vec<Recipient>> {
        let with_supplier = P::KIND.stage(&self.stage)?.waits_for.contains(&SUPPLIER);
        if let Some(id) = self.owner.filter(|_| !with_supplier)
            && let Some(owner) = people::account(cx, cx.db(), id).await?
        {
            let mut told = vec![owner];
            told.extend(people::deputies(cx, cx.db(), id, roles).await?);
            return Ok(told);
        }
        if let (["contract_manager"], Some(on)) = (roles, self.contract) {
            let mut told = contract::store::managers(cx, on).await?;
            let of = P::load(cx.db(), vec![platform::cases::store::get(cx.db(), P::KIND, self.case).await?]).await?.pop();
            // The manager who wrote in the supplier's place never checks it: others are to.
            if let Some(writer) = of.as_ref().and_then(P::entered_by).filter(|by| told.iter().any(|one| one.account == *by)) {
                told = people::holders(cx, cx.db(), roles, None).await?;
                told.retain(|one| one.account != writer);
            }
            return Ok(told);
        }
        people::holders(cx, cx.db(), roles, None).await
    }

    async fn supplier(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        let mut parties = vec![self.party];
        parties.extend(self.lead.iter().chain(&self.also));
        people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&parties)).await
    }

    /// Mail says that something happened and where to read it, never what was written: it travels in the open.
    fn tells<P: Process>(&self, cx: &Cx, id: Uuid, to: &Recipient, what: &str, marking: Option<&str>) -> notices::Notice {
        let none = t!("case-no-reference");
        let reference = self.reference.as_deref().unwrap_or(&none);
        let stage = P::KIND.stage_name(&self.stage);
        // What is no step says itself what follows; the case stays as it was.
        let step = matches!(self.what, What::Turn | What::Passed(_) | What::Task(_) | What::Written { .. });
        let next = if step { P::KIND.stage_next(&self.stage) } else { String::new() };
        // A date is for those whose turn it is, not for those who are only told.
        let suppliers = P::KIND.stage(&self.stage).is_ok_and(|stage| stage.waits_for.contains(&SUPPLIER));
        let told = self.what == What::Turn && what != "turn";
        let due = self
            .due
            .filter(|_| step && (!told || suppliers))
            .map_or_else(String::new, |at| t!("case-mail-due", date = cx.core().clock.day_text(at)));
        let words = |text: String| Text::new(own(P::KIND, &text)).with("reference", reference).with("stage", &stage).say();
        let parts = [words(format!("mail-{what}")), next, due];
        let waits = match self.what {
            What::Passed(_)
            | What::Task(_)
            | What::Lacking(_)
            | What::One(..)
            | What::HandedBack(_)
            | What::Roles(..)
            | What::Holders(..) => true,
            What::Turn => !told || suppliers,
            _ => false,
        };
        let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        let (subject, text) = mail::marked(marking, &words(format!("mail-{what}-subject")), &text);
        notices::Notice {
            to: to.clone(),
            sort: if waits { Sort::HandOver } else { Sort::Other },
            key: format!("{id}:{what}"),
            about: (P::KIND.id, self.case),
            subject,
            text,
            path: format!("{}/{}", P::PAGES, self.case),
            gathered: false,
        }
    }
}
