//! Whom an urgent approval concerns, and when: those who may ratify it at once and again before the day by which they must, management once that is
//! nearly past, both sides of what became of it.

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::cases::people::{self, Recipient};
use platform::cases::store as cases;
use platform::clock::day_text;
use platform::cx::{Cx, Tx};
use platform::jobs::{Job, Working};
use platform::notices::{self, Sort};
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::schedule::{Reminder, days_late, reminder};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::able::{Able, able};
use super::model::{PROPOSAL, Proposal, Proposals, SUPPLIER_ROLES, Urgent};
use super::store;
use crate::{casework, contract};

/// The kind of the job that tells people.
pub const JOB: &str = "proposal.urgent";

/// Days before that by which it must be ratified at which those who may are told again.
const AGAIN: [u32; 2] = [2, 1];
/// So many days after one lapsed people are told of it at the latest; whoever reads of it later reads it on the page.
const TOLD_FOR: i64 = 14;

/// Of those who may ratify one, so many are told at most.
const MOST: usize = 100;

/// What became of an urgent approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// It was given.
    Given,
    /// It was ratified.
    Ratified,
    /// It was refused.
    Refused,
    /// What was decided ended it.
    Ended,
}

#[derive(Debug, Serialize, Deserialize)]
struct Message {
    urgent: Uuid,
    told: Told,
}

/// Tells those whom it concerns what became of an urgent approval, once the transaction is done.
pub(super) fn ask(tx: &mut Tx, of: &Urgent, told: Told) -> Result<()> {
    tx.job(Job::new(JOB, serde_json::to_value(Message { urgent: of.id, told })?));
    Ok(())
}

/// Does a [`JOB`]: writes a message to each person whom it concerns, at most one each however often it is done.
pub(super) fn tell<'a>(cx: &'a Cx, id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let message: Message = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        let about = About::read(cx, store::one_urgent(cx.db(), message.urgent).await?).await?;
        let key = id.to_string();
        let mut all = Vec::new();
        match message.told {
            Told::Given => {
                let ratifiers = about.ratifiers(cx).await?;
                let sides =
                    about.both_sides(cx).await?.into_iter().filter(|one| ratifiers.iter().all(|other| other.account != one.account));
                all.extend(sides.map(|to| about.says(to, "given", Sort::Other, &key)));
                all.extend(ratifiers.into_iter().map(|to| about.says(to, "ratify", Sort::HandOver, &key)));
            }
            Told::Ratified => all.extend(about.with_giver(cx).await?.into_iter().map(|to| about.says(to, "ratified", Sort::Other, &key))),
            Told::Refused => all.extend(about.with_giver(cx).await?.into_iter().map(|to| about.says(to, "refused", Sort::Other, &key))),
            Told::Ended => all.extend(about.with_giver(cx).await?.into_iter().map(|to| about.says(to, "ended", Sort::Other, &key))),
        }
        notices::send_now(cx, all).await
    })
}

/// The notices of urgent approvals that wait to be ratified, or lapsed, to everybody whom that concerns. What was told before is told to nobody again.
///
/// # Errors
/// When the database fails.
pub(crate) async fn due(cx: &Cx) -> Result<Vec<notices::Notice>> {
    let today = cx.core().clock.today();
    let since = today.checked_sub(TOLD_FOR.days()).unwrap_or(Date::MIN);
    let mut all = Vec::new();
    for urgent in store::unratified(cx.db(), since).await? {
        let (id, given, by) = (urgent.id, cx.core().clock.date_of(urgent.at), urgent.ratify_by);
        // On the day on which it was given everybody was told already.
        if given == today {
            continue;
        }
        let known = notices::told(cx.db(), PROPOSAL.id, &[urgent.case]).await?;
        let new = |key: &str| !notices::was_told(&known, key);
        let key = |what: &str| format!("urgent:{id}:{what}");
        let about = About::read(cx, urgent).await?;
        if days_late(by, today) > 0 {
            let key = key("lapsed");
            if new(&key) {
                let mut told = about.with_giver(cx).await?;
                add(&mut told, about.ratifiers(cx).await?);
                all.extend(told.into_iter().map(|to| about.says(to, "lapsed", Sort::Late, &key)));
            }
            continue;
        }
        let Some(Reminder::Before(days)) = reminder(by, today, &AGAIN) else { continue };
        let ratifiers = about.ratifiers(cx).await?;
        let soon = key(&format!("soon:{days}"));
        if new(&soon) {
            all.extend(ratifiers.iter().map(|to| about.says(to.clone(), "soon", Sort::BeforeDue, &soon)));
        }
        let ignored = key("ignored");
        if days == 1 && new(&ignored) {
            let mut above = people::holders(cx, cx.db(), &["management"], None).await?;
            add(&mut above, about.managers(cx).await?);
            add(&mut above, about.giver(cx).await?);
            let above = above.into_iter().filter(|one| ratifiers.iter().all(|other| other.account != one.account));
            all.extend(above.map(|to| about.says(to, "ignored", Sort::Late, &ignored)));
        }
    }
    Ok(all)
}

/// Those whom the policies let ratify an urgent approval of a proposal, given already or about to be.
///
/// # Errors
/// When the database fails.
pub(super) async fn ratifiers(cx: &Cx, of: &Proposal, given: &Urgent) -> Result<Vec<Able>> {
    let manager = match (of.manager, of.case.contract) {
        (None, Some(contract)) => contract::store::manager(cx.db(), contract).await?,
        (manager, _) => manager,
    };
    let of = Proposal { urgent: Some(given.clone()), manager, ..of.clone() };
    let roles: Vec<&str> = given.ratifiers.iter().map(String::as_str).collect();
    able(cx, &of, &roles, "proposal.ratify", MOST).await
}

/// Adds those who are not among them yet.
fn add(told: &mut Vec<Recipient>, more: Vec<Recipient>) {
    for one in more {
        if told.iter().all(|known| known.account != one.account) {
            told.push(one);
        }
    }
}

/// An urgent approval with its proposal.
struct About {
    urgent: Urgent,
    of: Proposal,
}

impl About {
    async fn read(cx: &Cx, urgent: Urgent) -> Result<Self> {
        let of = store::load(cx.db(), cases::get(cx.db(), &PROPOSAL, urgent.case).await?).await?;
        Ok(Self { urgent, of })
    }

    async fn ratifiers(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        Ok(ratifiers(cx, &self.of, &self.urgent).await?.into_iter().map(|one| one.to).collect())
    }

    async fn managers(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        match self.of.case.contract {
            Some(contract) => contract::store::managers(cx, contract).await,
            None => people::holders(cx, cx.db(), &["contract_manager"], None).await,
        }
    }

    async fn giver(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        Ok(people::account(cx, cx.db(), self.urgent.by).await?.into_iter().collect())
    }

    /// The supplier's people and whoever manages the contract.
    async fn both_sides(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        let parties: Vec<Uuid> = std::iter::once(self.of.case.party).chain(self.of.standing.lead).collect();
        let mut told = people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&parties)).await?;
        add(&mut told, self.managers(cx).await?);
        Ok(told)
    }

    async fn with_giver(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        let mut told = self.both_sides(cx).await?;
        add(&mut told, self.giver(cx).await?);
        Ok(told)
    }

    /// Mail says that something happened and where to read of it, never why: it travels in the open.
    fn says(&self, to: Recipient, what: &str, sort: Sort, key: &str) -> notices::Notice {
        let none = t!("case-no-reference");
        let reference = self.of.case.reference.as_deref().unwrap_or(&none);
        let words = |id: String| {
            let text = Text::new(id).with("reference", reference).with("day", day_text(self.urgent.ratify_by));
            text.with("until", day_text(self.urgent.until)).say()
        };
        notices::Notice {
            to,
            sort,
            key: key.to_owned(),
            about: (PROPOSAL.id, self.of.case.id),
            subject: words(format!("proposal-mail-urgent-{what}-subject")),
            text: words(format!("proposal-mail-urgent-{what}")),
            path: casework::at::<Proposals>(&self.of.case, ""),
            gathered: sort == Sort::BeforeDue,
        }
    }
}
