//! Writing questions and rulings: the only place that opens transactions for them.

use jiff::civil::Date;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::store::{self as cases, NewCase};
use platform::cases::{Case, Taking};
use platform::clock::{DAY, Millis};
use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use rules::pack::Obligation;
use sea_orm::ConnectionTrait;
use serde_json::{json, to_value};
use uuid::Uuid;

use super::Rulings;
use super::model::{Giving, Over, RULING, Rule, Ruling, reason};
use super::store;
use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::{self, account, lock, notices};
use crate::contract::chain::place_row;
use crate::{contract, pack, party};

/// The duty that a rule is, by the edition of its pack that is on the contract.
///
/// # Errors
/// [`Error::NotFound`] when the pack is not on the contract, or has no such duty.
pub async fn duty<C: ConnectionTrait>(cx: &Cx, db: &C, contract: Uuid, rule: &Rule) -> Result<Obligation> {
    let on = contract::store::packs_on(db, contract).await?.into_iter().find(|on| on.pack == rule.pack).ok_or(Error::NotFound)?;
    let packs = pack::packs(cx.core());
    let pack = packs.get(&on.pack, &on.edition).ok_or(Error::NotFound)?;
    pack.obligations.iter().find(|duty| duty.id == rule.obligation).cloned().ok_or(Error::NotFound)
}

/// As [`duty`], of a rule whose pack may have left the contract since it was asked about: then as any edition that is known has it.
///
/// # Errors
/// [`Error::NotFound`] when no edition that is known has it.
pub async fn duty_asked<C: ConnectionTrait>(cx: &Cx, db: &C, contract: Uuid, rule: &Rule) -> Result<Obligation> {
    match duty(cx, db, contract, rule).await {
        Err(Error::NotFound) => {
            let packs = pack::packs(cx.core());
            let newest = packs.newest(&rule.pack).ok_or(Error::NotFound)?;
            newest.obligations.iter().find(|duty| duty.id == rule.obligation).cloned().ok_or(Error::NotFound)
        }
        found => found,
    }
}

/// Asks what a rule means on the contract of a place; the question's case.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::NotFound`] when there is no such place; or a refusal.
pub async fn ask(cx: &Cx, place: Uuid, rule: Option<&Rule>, question: &str) -> Result<Uuid> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let place = contract::chain::place(tx.db(), place).await?.row;
    contract::store::lock_row(tx.db(), place.contract).await?;
    cx.refuse_twin(&tx).await?;
    let known = match rule {
        Some(rule) => duty(cx, tx.db(), place.contract, rule).await.ok().map(|duty| (rule, duty)),
        None => None,
    };
    let title = known.as_ref().map_or("", |(_, duty)| duty.title.as_str());
    let of = begun((cx, tx.db(), tx.now()), &place, title, by).await?;
    let permit = cx.permit("ruling.ask", &of)?;
    let mut errors = FieldErrors::default();
    reason(question, "question", &mut errors);
    if known.is_none() {
        errors.add("rule", Text::new("ruling-rule-missing"));
    }
    errors.or(())?;
    let (rule, _) = known.ok_or(Error::NotFound)?;
    let case = cases::number(&tx, &cx.core().clock, &RULING, of.case.clone()).await?;
    cases::insert(&tx, &case).await?;
    store::insert(cx, &tx, &case, (place.contract, rule, question.trim())).await?;
    rounds::decide(cx, &tx, &case, by, NewDecision { level: "ask", choice: "asked".to_owned(), ..NewDecision::default() }).await?;
    notices::turn::<Rulings>(&mut tx, &of, &case)?;
    let entry = Entry::on("ruling.ask", &of)
        .about("contract", place.contract)
        .about("place", place.id)
        .about("pack", &rule.pack)
        .about("obligation", &rule.obligation)
        .body(json!({ "question": question.trim() }));
    let entry = case.reference.iter().fold(entry, |entry, reference| entry.about("reference", reference));
    cx.commit(tx, permit, [entry]).await?;
    Ok(case.id)
}

/// A question at its first stage, neither numbered nor stored.
async fn begun<C: ConnectionTrait>((cx, db, now): (&Cx, &C, Millis), place: &place_row::Model, title: &str, by: Uuid) -> Result<Ruling> {
    let on = contract::store::get(db, place.contract).await?.row;
    let name = party::store::names(db, [place.party]).await?.remove(&place.party).unwrap_or_default();
    let new = NewCase {
        id: cx.id()?,
        title: title.trim().to_owned(),
        party: (place.party, name),
        contract: Some((on.id, on.title)),
        place: Some(place.id),
        form: None,
        made_by: by,
    };
    let days = RULING.first()?.days.unwrap_or_default();
    let case = cases::begin(&RULING, new, now)?;
    let case = Case { due: Some(now + days * DAY), submitted_at: Some(now), submitted_by: Some(by), ..case };
    let standing = casework::sights(db, std::slice::from_ref(&case)).await?.pop().unwrap_or_default();
    Ok(Ruling { case, standing })
}

/// A question about to be asked at a place, for asking whether that may be.
///
/// # Errors
/// When the database fails.
pub async fn blank(cx: &Cx, place: &place_row::Model) -> Result<Ruling> {
    begun((cx, cx.db(), cx.now()), place, "", account(cx)?.account).await
}

/// A question of nobody's yet, for asking whether somebody may ask any.
///
/// # Errors
/// When the system gives no randomness.
pub(crate) fn anywhere(cx: &Cx) -> Result<Ruling> {
    let (title, nobody) = (String::new(), (Uuid::nil(), String::new()));
    let new = NewCase { id: cx.id()?, title, party: nobody, contract: None, place: None, form: None, made_by: Uuid::nil() };
    Ok(Ruling { case: cases::begin(&RULING, new, cx.now())?, standing: casework::Sight::default() })
}

/// Rules: what holds on the contract from a day on, and why. Earlier rulings on the same rule that it names lose their place on that day.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::Conflict`] at another stage; [`Error::SignInAgain`]; [`Error::Stale`]; or a refusal.
pub async fn rule(cx: &Cx, id: Uuid, version: i32, with: &Giving) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    // Two rulings on one contract are given one after the other.
    contract_first::<Rulings>(&tx, id).await?;
    let (before, permit) = locked::<Rulings>(cx, &tx, id, version, "ruling.rule").await?;
    let about = store::about(cx, tx.db(), &before.case).await?;
    let blocked = duty_asked(cx, tx.db(), about.contract, &about.rule).await.is_ok_and(|duty| duty.blocked_until_ruling);
    let after = RULING.take(&before.case, "rule", &Taking::because(with.says.reason.trim()), tx.now())?;
    let mut errors = with.faults(blocked);
    let today = cx.core().clock.date_of(tx.now());
    let earlier = store::on_rule(cx, tx.db(), about.contract, &about.rule).await?;
    let replaced: Vec<_> = earlier.iter().filter(|one| with.replaces.contains(&one.case) && one.standing(today)).collect();
    if replaced.len() != with.replaces.len() {
        errors.add("replaces", Text::new("ruling-replaces-wrong"));
    }
    errors.or(())?;
    let after = cases::update(&tx, after).await?;
    store::rule(cx, &tx, &after, with).await?;
    let decided = NewDecision {
        level: "rule",
        choice: "ruled".to_owned(),
        reason: Some(with.says.reason.trim().to_owned()),
        about: Some(json!({ "from": with.from, "until": with.until, "asks": with.says.asks, "allows": with.says.allows })),
    };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    notices::turn::<Rulings>(&mut tx, &before, &after)?;
    let mut entry = moved::<Rulings>("ruling.rule", &before, &after)
        .about("pack", &about.rule.pack)
        .about("obligation", &about.rule.obligation)
        .about("starts", with.from)
        .body(json!({ "reason": with.says.reason.trim(), "asks": with.says.asks, "allows": with.says.allows, "until": with.until }));
    entry = with.until.map_or(entry.clone(), |until| entry.about("ends", until));
    let mut entries = vec![entry];
    for one in replaced {
        let of = lock::<Rulings>(&tx, one.case).await?;
        let over = Over { on: with.from.max(one.from), by: Some(id), reason: with.says.reason.trim().to_owned() };
        let of = Ruling { case: cases::update(&tx, of.case.clone()).await?, ..of };
        store::end(cx, &tx, &of.case, &over).await?;
        notices::both::<Rulings>(&mut tx, &of, &of.case, "superseded")?;
        entries.push(ended("ruling.supersede", &of, &over));
    }
    cx.commit(tx, permit, entries).await
}

/// The entry of what ended a ruling.
fn ended(action: &'static str, of: &Ruling, over: &Over) -> Entry {
    let entry = Entry::on(action, of).about("on", over.on).body(json!({ "reason": over.reason }));
    let entry = over.by.map_or(entry.clone(), |by| entry.about("by", by));
    let entry = of.case.contract.map_or(entry.clone(), |contract| entry.about("contract", contract));
    of.case.reference.iter().fold(entry, |entry, reference| entry.about("reference", reference))
}

/// Takes a ruling back: it holds no more from a day on.
///
/// # Errors
/// [`Error::Invalid`] for a day that has passed or without a reason; [`Error::Conflict`] when there is none that holds or will;
/// [`Error::SignInAgain`]; [`Error::Stale`]; or a refusal.
pub async fn revoke(cx: &Cx, id: Uuid, version: i32, on: Date, why: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    contract_first::<Rulings>(&tx, id).await?;
    let (before, permit) = locked::<Rulings>(cx, &tx, id, version, "ruling.revoke").await?;
    let today = cx.core().clock.date_of(tx.now());
    let about = store::about(cx, tx.db(), &before.case).await?;
    if !about.given.is_some_and(|given| given.standing(today)) {
        return Err(Error::conflict("ruling-not-standing"));
    }
    let mut errors = FieldErrors::default();
    reason(why, "reason", &mut errors);
    if on < today {
        errors.add("on", Text::new("ruling-revoke-past"));
    }
    errors.or(())?;
    let after = cases::update(&tx, before.case.clone()).await?;
    let over = Over { on, by: None, reason: why.trim().to_owned() };
    store::end(cx, &tx, &after, &over).await?;
    let decided = NewDecision {
        level: "revoke",
        choice: "revoked".to_owned(),
        reason: Some(over.reason.clone()),
        about: Some(to_value(json!({ "on": on }))?),
    };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    notices::both::<Rulings>(&mut tx, &before, &after, "revoked")?;
    let entry = ended("ruling.revoke", &Ruling { case: after, ..before }, &over);
    cx.commit(tx, permit, [entry]).await
}

/// Declines to rule, and says why: the rule is plain, or the question is none about a rule.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn decline(cx: &Cx, id: Uuid, version: i32, why: &str) -> Result<()> {
    plain(cx, id, version, ("decline", "declined"), why).await
}

/// Takes the question back, by the side that asked it.
///
/// # Errors
/// As [`decline`].
pub async fn withdraw(cx: &Cx, id: Uuid, version: i32, why: &str) -> Result<()> {
    plain(cx, id, version, ("withdraw", "withdrawn"), why).await
}

async fn plain(cx: &Cx, id: Uuid, version: i32, (step, choice): (&'static str, &str), why: &str) -> Result<()> {
    let by = account(cx)?.account;
    let action = RULING.step(step)?.action;
    let mut tx = cx.begin().await?;
    contract_first::<Rulings>(&tx, id).await?;
    let (before, permit) = locked::<Rulings>(cx, &tx, id, version, action).await?;
    if why.chars().count() > super::model::LONGEST {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", super::model::LONGEST)));
    }
    let after = RULING.take(&before.case, step, &Taking::because(why.trim()), tx.now())?;
    let after = cases::update(&tx, after).await?;
    let reason = Some(why.trim().to_owned());
    rounds::decide(cx, &tx, &after, by, NewDecision { level: step, choice: choice.to_owned(), reason, about: None }).await?;
    notices::turn::<Rulings>(&mut tx, &before, &after)?;
    let asked = cx.core().clock.date_of(before.case.made_at);
    let entry = moved::<Rulings>(action, &before, &after).about("asked", asked).body(json!({ "reason": why.trim() }));
    cx.commit(tx, permit, [entry]).await
}
