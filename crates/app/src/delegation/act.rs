//! The writes of delegations: the only place that opens transactions for them.

use platform::authz::Side;
use platform::cx::{Entry, Reacting, Reaction};
use platform::identity::{account, holder, membership, role_at, subject};
use platform::texts::{self, Text};
use platform::{Cx, Error, Result, Tx, clock, mail, t};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::model::{self, Asking, Delegation};
use super::store::{self, Held};
use crate::{account as people, party};

/// Names who decides in one's own place, from a day until a day: they are told.
///
/// # Errors
/// [`Error::Invalid`] for a role that decides nothing, somebody who cannot stand in, days that are reversed, past, too many or taken, no reason;
/// [`Error::SignInAgain`]; a refusal, for oneself and for whoever stands in for somebody already.
pub async fn make(cx: &Cx, asked: &Asking) -> Result<Uuid> {
    let by = cx.actor.signed_in()?.account;
    if asked.to == by {
        return Err(Error::field("to", Text::new("delegation-to-self")));
    }
    let mut tx = cx.begin().await?;
    // Two that name somebody for the same days take turns, and nobody who is named leaves meanwhile: both accounts, in one order for all.
    for account in [by.min(asked.to), by.max(asked.to)] {
        match people::store::lock(tx.db(), account).await {
            // That nobody is there is said at the field.
            Ok(_) | Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    let own = store::own(cx, tx.db()).await?.into_iter().find(|row| row.id == asked.membership);
    let role = own.as_ref().map(|row| row.role.clone()).unwrap_or_default();
    let thing = Delegation { id: cx.id()?, by, to: asked.to, role };
    let permit = cx.permit("delegation.make", &thing)?;
    let own = own.ok_or_else(|| Error::field("membership", Text::new("delegation-role-wrong")))?;
    let taken: Vec<_> = store::of_membership(cx, tx.db(), own.id).await?.into_iter().map(|held| held.days).collect();
    let mut errors = model::faults(asked, &taken, cx.core().clock.date_of(tx.now()));
    if !store::suits(cx, tx.db(), by, own.party, asked.until).await? {
        errors.add("until", Text::new("delegation-until-gone"));
    }
    if !store::suits(cx, tx.db(), asked.to, own.party, asked.until).await? {
        errors.add("to", Text::new("delegation-to-wrong"));
    }
    errors.or(())?;
    store::insert(cx, &tx, &own, &thing, asked).await?;
    let words = ["delegation-mail-made-subject", "delegation-mail-made"];
    tell(cx, &mut tx, (asked.to, by), &thing, (asked.from, asked.until), words).await?;
    let entry = entry("delegation.make", &thing).about("from", asked.from).about("until", asked.until).about("stands_for", own.id);
    let entry = entry.body(json!({ "reason": asked.reason.trim() })).sealed_for(subject(by));
    cx.commit(tx, permit, [entry]).await?;
    Ok(thing.id)
}

/// Ends a delegation before its last day is over: whoever it is about and did not end it is told.
///
/// # Errors
/// [`Error::Conflict`] when it has ended; [`Error::Stale`]; a refusal.
pub async fn end(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let mut tx = cx.begin().await?;
    let before = seen(cx, tx.db(), id).await?;
    people::store::lock(tx.db(), before.thing.by).await?;
    let before = store::get(cx, tx.db(), before.thing.id).await?;
    let permit = cx.permit("delegation.end", &before.thing)?;
    if !before.membership.is_open(tx.now()) {
        return Err(Error::conflict("delegation-ended-already"));
    }
    if before.membership.version != version {
        return Err(Error::Stale(Text::new("delegation-stale")));
    }
    if !store::end(&tx, &before.membership).await? {
        return Err(Error::conflict("delegation-ended-already"));
    }
    let line = over(cx, &mut tx, &before).await?;
    cx.commit(tx, permit, [line]).await
}

/// A delegation, if the actor sees it.
///
/// # Errors
/// [`Error::NotFound`], also for what is none of theirs; when the database fails.
pub(super) async fn seen<C: ConnectionTrait>(cx: &Cx, db: &C, id: Uuid) -> Result<Held> {
    let held = store::get(cx, db, id).await?;
    cx.permit("delegation.view", &held.thing)?;
    Ok(held)
}

/// What follows for delegations when roles end or are given: nobody stands for somebody who has the role no more, nobody who has left stands for
/// anybody, and nobody who audits.
pub fn reactions() -> Vec<Reaction> {
    ["membership.end", "membership.add"]
        .map(|on| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(changed(cx, tx, entry)) } })
        .into()
}

async fn changed(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let membership: Uuid = entry.id.parse().map_err(Error::internal)?;
    let account = entry.about.get("account").and_then(|id| id.parse::<Uuid>().ok());
    let mut entries = Vec::new();
    // It was the role of a deputy itself that ended, on the page of people or with their account.
    match store::get(cx, tx.db(), membership).await {
        Ok(held) => entries.push(over(cx, tx, &held).await?),
        Err(Error::NotFound) => {}
        Err(other) => return Err(other),
    }
    let mut all = store::of_membership(cx, tx.db(), membership).await?;
    if let Some(account) = account {
        for held in store::open(cx, tx.db(), account).await? {
            let left = held.thing.to == account && !store::suits(cx, tx.db(), account, held.membership.party, held.days.1).await?;
            if left && all.iter().all(|one| one.thing.id != held.thing.id) {
                all.push(held);
            }
        }
    }
    for held in &all {
        if store::end(tx, &held.membership).await? {
            entries.push(over(cx, tx, held).await?);
        }
    }
    Ok(entries)
}

/// Tells both of one that has ended, but for whoever did it: its entry.
async fn over(cx: &Cx, tx: &mut Tx, held: &Held) -> Result<Entry> {
    let actor = cx.actor.account().map(|actor| actor.account);
    for (to, other) in [(held.thing.to, held.thing.by), (held.thing.by, held.thing.to)] {
        if Some(to) != actor {
            let words = if to == held.thing.to {
                ["delegation-mail-ended-subject", "delegation-mail-ended"]
            } else {
                ["delegation-mail-back-subject", "delegation-mail-back"]
            };
            tell(cx, tx, (to, other), &held.thing, held.days, words).await?;
        }
    }
    Ok(entry("delegation.end", &held.thing))
}

fn entry(action: &'static str, of: &Delegation) -> Entry {
    Entry::on(action, of).about("by", of.by).about("to", of.to).about("role", &of.role)
}

/// A letter to one of the two about the other: it lets somebody in or tells that they no longer are, so that nobody can choose not to have it.
async fn tell(
    cx: &Cx,
    tx: &mut Tx,
    (to, other): (Uuid, Uuid),
    of: &Delegation,
    (from, until): (jiff::civil::Date, jiff::civil::Date),
    [subject_id, text_id]: [&str; 2],
) -> Result<()> {
    let rows = people::store::rows(tx.db(), [to, other]).await?;
    let held = holder::all(cx.core(), tx.db(), &rows).await?;
    // Nobody writes to a closed account.
    let stands = |id: Uuid| rows.iter().any(|row: &account::Model| row.id == id && row.state == "active");
    let (Some(reader), Some(named)) = (held.get(&to).filter(|_| stands(to)), held.get(&other)) else { return Ok(()) };
    let Some(email) = &reader.email else { return Ok(()) };
    let service = t!("service-name");
    let role = texts::t(&people::model::role_text(&of.role));
    let say = |id: &str| {
        Text::new(id.to_owned())
            .with("service", &service)
            .with("name", &named.name)
            .with("role", &role)
            .with("from", clock::day_text(from))
            .with("until", clock::day_text(until))
            .with("link", format!("{}/account/delegations", cx.core().settings.public_url.trim_end_matches('/')))
            .say()
    };
    tx.job(mail::message(email, &say(subject_id), &say(text_id)).sealed_for(subject(to)));
    Ok(())
}

/// Who of the authority can be named: by name, without oneself.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn candidates(cx: &Cx) -> Result<Vec<platform::cases::people::Recipient>> {
    let Some(actor) = cx.actor.account().filter(|actor| actor.side == Side::Authority) else { return Ok(Vec::new()) };
    let found = platform::cases::people::holders(cx, cx.db(), &party::model::AUTHORITY_ROLES, Some(&[actor.party])).await?;
    let mut all = Vec::new();
    for person in found {
        if person.account != actor.account && store::suits(cx, cx.db(), person.account, actor.party, cx.core().clock.today()).await? {
            all.push(person);
        }
    }
    Ok(all)
}

/// What the role of a membership is called, with its party.
///
/// # Errors
/// When the database fails.
pub(super) async fn role_name(cx: &Cx, of: &membership::Model) -> Result<String> {
    Ok(role_at(&of.role, &people::store::face(cx, of.party).await?.name, None))
}
