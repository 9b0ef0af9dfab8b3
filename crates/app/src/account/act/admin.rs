//! What administrators do to accounts, and leads to those of their own party.

use platform::authz::Side;
use platform::cx::{Entry, Tx};
use platform::error::FieldErrors;
use platform::identity::{account, device, holder, link, link::Purpose, membership, second, session, subject, token};
use platform::texts::Text;
use platform::{Cx, Error, Result, mail, t};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::reset::{address_of, invitation_text};
use super::{entry, naming, save};
use crate::account::{model, store};

/// Whom to let in, as what.
#[derive(Debug, Clone, Default)]
pub struct Invite {
    /// The e-mail address; an account that has it gets a further role.
    pub email: String,
    /// The holder's name, for a new account.
    pub name: String,
    /// The party.
    pub party: Uuid,
    /// The role in it, by code.
    pub role: String,
    /// A new account that may only read.
    pub read_only: bool,
    /// The last day of a new account (ISO).
    pub ends_on: Option<String>,
}

/// Invites somebody by e-mail; the account's id. Somebody who has an account already gets the role at once, and a message.
///
/// # Errors
/// [`Error::Invalid`] for what needs mending; a refusal when the actor may not give this role in this party.
pub async fn invite(cx: &Cx, invite: &Invite) -> Result<Uuid> {
    let (account, _) = add(cx, invite, Start::Invited).await?;
    Ok(account)
}

/// How a new account begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// By a message with a link.
    Invited,
    /// By a link that is handed over.
    Handed,
    /// At once, without a password: in the demonstration.
    Ready,
}

async fn add(cx: &Cx, invite: &Invite, start: Start) -> Result<(Uuid, Option<String>)> {
    let mut tx = cx.begin().await?;
    let invite = &Invite { email: holder::address(&invite.email), ..invite.clone() };
    let side = store::face(cx, invite.party).await?.side;
    add_within(cx, &mut tx, invite, start, side).await?.finish(cx, tx).await
}

/// What is to be committed.
struct Added {
    account: Uuid,
    token: Option<String>,
    permit: platform::cx::Permit,
    entries: Vec<Entry>,
}

impl Added {
    async fn finish(self, cx: &Cx, tx: Tx) -> Result<(Uuid, Option<String>)> {
        cx.commit(tx, self.permit, self.entries).await?;
        Ok((self.account, self.token))
    }
}

async fn add_within(cx: &Cx, tx: &mut Tx, invite: &Invite, start: Start, side: Side) -> Result<Added> {
    let now = tx.now();
    let found = holder::find(cx.core(), tx.db(), &invite.email).await?;
    let id = match &found {
        Some(account) => account.id,
        None => cx.id()?,
    };
    let membership = membership::ActiveModel {
        id: Set(cx.id()?),
        account: Set(id),
        party: Set(invite.party),
        role: Set(invite.role.clone()),
        since: Set(now),
        until: Set(None),
        version: Set(1),
        stands_for: Set(None),
    };
    let thing = model::membership_thing(*membership.id.as_ref(), id, invite.party, side, &invite.role);
    let permit = cx.permit("membership.add", &thing)?;
    check(cx, tx, invite, side, found.as_ref()).await?;
    let mut entries = vec![
        Entry::on("membership.add", &thing)
            .about("account", id)
            .about("party", invite.party)
            .about("role", &invite.role)
            .body(json!({ "email": invite.email, "name": invite.name }))
            .sealed_for(subject(id)),
    ];
    let state = if start == Start::Ready { "active" } else { "invited" };
    let mut token = None;
    let waiting = match found {
        None => {
            entries.push(add_account(cx, tx, id, invite, state).await?);
            true
        }
        Some(account) if account.state == "closed" => {
            let change = account::ActiveModel {
                state: Set(state.to_owned()),
                ends_on: Set(invite.ends_on.clone()),
                read_only: Set(invite.read_only),
                ..Default::default()
            };
            save(tx.db(), &account, change).await?;
            entries.push(naming("account.reopen", id, &holder::of(cx.core(), tx.db(), &account).await?));
            true
        }
        Some(account) => account.state == "invited",
    };
    membership::Entity::insert(membership).exec_without_returning(tx.db()).await?;
    if waiting && start != Start::Ready {
        let fresh = link::make(tx.db(), id, Purpose::Invitation, now).await?;
        if start == Start::Invited {
            send_invitation(cx, tx, id, (&invite.email, &invite.name), &fresh);
        }
        token = Some(fresh);
    } else if start == Start::Invited {
        let role = platform::texts::t(&model::role_text(&invite.role));
        let party = store::face(cx, invite.party).await?.name;
        let text = t!("account-mail-role", service = t!("service-name"), role = role, party = party, link = &cx.core().settings.public_url);
        let letter = mail::message(&invite.email, &t!("account-mail-role-subject", service = t!("service-name")), &text);
        tx.job(letter.sealed_for(subject(id)));
    }
    Ok(Added { account: id, token, permit, entries })
}

async fn check(cx: &Cx, tx: &Tx, invite: &Invite, side: Side, found: Option<&account::Model>) -> Result<()> {
    let mut errors = FieldErrors::default();
    if !model::is_email(&invite.email) {
        errors.add("email", Text::new("account-email-wrong"));
    }
    if found.is_none() && invite.name.trim().is_empty() {
        errors.add("name", Text::new("account-name-missing"));
    }
    if invite.name.chars().count() > model::LONGEST {
        errors.add("name", Text::new("error-too-long").with("max", model::LONGEST));
    }
    if !model::roles(side).contains(&invite.role.as_str()) {
        errors.add("role", Text::new("account-role-wrong"));
    }
    if invite.ends_on.as_ref().is_some_and(|day| *day < cx.core().clock.today().to_string()) {
        errors.add("ends_on", Text::new("account-ends-past"));
    }
    if let Some(account) = found {
        if (invite.read_only || invite.ends_on.is_some()) && account.state != "closed" {
            errors.add("email", Text::new("account-email-taken-by-full"));
        }
        if account.state == "closed" && cx.actor.role().is_some_and(|role| role != "administrator") {
            errors.add("email", Text::new("account-email-closed"));
        }
        let has = store::memberships(tx.db(), account.id).await?;
        if has.iter().any(|m| m.stands(tx.now()) && m.stands_for.is_none() && m.party == invite.party && m.role == invite.role) {
            errors.add("role", Text::new("account-role-held"));
        }
    }
    errors.or(())
}

async fn add_account(cx: &Cx, tx: &Tx, id: Uuid, invite: &Invite, state: &str) -> Result<Entry> {
    let row = account::ActiveModel {
        id: Set(id),
        password: Set(None),
        totp: Set(None),
        totp_step: Set(0),
        read_only: Set(invite.read_only),
        ends_on: Set(invite.ends_on.clone()),
        state: Set(state.to_owned()),
        made_at: Set(tx.now()),
        version: Set(1),
        ..holder::columns(cx.core(), tx.db(), id, &invite.name, &invite.email, tx.now()).await?
    };
    if let Err(error) = account::Entity::insert(row).exec_without_returning(tx.db()).await {
        let taken = platform::db::dialect::is_duplicate(&error);
        return Err(if taken { Error::Stale(Text::new("account-stale")) } else { error.into() });
    }
    let body = json!({ "email": invite.email, "name": invite.name, "read_only": invite.read_only, "ends_on": invite.ends_on });
    Ok(entry("account.add", id, body))
}

fn send_invitation(cx: &Cx, tx: &mut Tx, account: Uuid, (email, name): (&str, &str), token: &str) {
    let about = t!("account-mail-invitation-subject", service = t!("service-name"));
    tx.job(mail::message(email, &about, &invitation_text(cx, name, &address_of(cx, token))).sealed_for(subject(account)));
}

/// Sends a fresh invitation to somebody who has not accepted theirs; the earlier one ends.
///
/// # Errors
/// [`Error::Conflict`] when the account is not waiting; a refusal.
pub async fn invite_again(cx: &Cx, id: Uuid) -> Result<()> {
    let mut tx = cx.begin().await?;
    let account = store::lock(tx.db(), id).await?;
    let permit = cx.permit("account.invite_again", &store::thing(tx.db(), id, tx.now()).await?)?;
    let holder = holder::of(cx.core(), tx.db(), &account).await?;
    let Some(email) = holder.email.as_deref().filter(|_| account.state == "invited") else {
        return Err(Error::conflict("account-not-invited"));
    };
    let token = link::make(tx.db(), id, Purpose::Invitation, tx.now()).await?;
    send_invitation(cx, &mut tx, id, (email, &holder.name), &token);
    cx.commit(tx, permit, [naming("account.invite_again", id, &holder)]).await
}

/// The first administrator, by a link that works once, to be handed over: for `vouchsafe init`, which runs as the operator. The authority
/// is entered as a party when it is not yet.
///
/// # Errors
/// [`Error::Conflict`] when an administrator can sign in already; [`Error::Invalid`] for a faulty address or name.
pub async fn first_administrator(cx: &Cx, email: &str, name: &str) -> Result<String> {
    let mut tx = cx.begin().await?;
    if store::administrators(tx.db(), Uuid::nil(), tx.now()).await? > 0 {
        return Err(Error::conflict("account-first-exists"));
    }
    let (party, founding) = if let Some(party) = crate::party::store::first_authority(tx.db()).await? {
        (party.id, None)
    } else {
        let (party, line) = crate::party::act::found(cx, &tx).await?;
        (party, Some(line))
    };
    let invite =
        Invite { email: holder::address(email), name: name.to_owned(), party, role: "administrator".to_owned(), ..Invite::default() };
    if let Some(waiting) = holder::find(cx.core(), tx.db(), &invite.email).await?
        && waiting.state == "invited"
    {
        // The command was run again before the link was used: a fresh link, the old one ends.
        let permit = cx.permit("account.invite_again", &store::thing(tx.db(), waiting.id, tx.now()).await?)?;
        let token = link::make(tx.db(), waiting.id, Purpose::Invitation, tx.now()).await?;
        let holder = holder::of(cx.core(), tx.db(), &waiting).await?;
        cx.commit(tx, permit, [naming("account.invite_again", waiting.id, &holder)]).await?;
        return Ok(address_of(cx, &token));
    }
    let mut added = add_within(cx, &mut tx, &invite, Start::Handed, Side::Authority).await?;
    added.entries.extend(founding);
    let (_, token) = added.finish(cx, tx).await?;
    Ok(address_of(cx, &token.ok_or_else(|| Error::internal("an invitation without a link"))?))
}

/// Ends a role. Whoever acts with it is signed out of it at once.
///
/// # Errors
/// [`Error::Conflict`] for the last administrator or a role that has ended; [`Error::Stale`]; a refusal.
pub async fn end_membership(cx: &Cx, account: Uuid, id: Uuid, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    store::lock(tx.db(), account).await?;
    let found = membership::Entity::find_by_id(id).one(tx.db()).await?;
    let row = found.filter(|m| m.account == account).ok_or(Error::NotFound)?;
    let thing = store::membership_thing(cx, &row).await?;
    let permit = cx.permit("membership.end", &thing)?;
    if !row.is_open(tx.now()) {
        return Err(Error::conflict("account-role-ended"));
    }
    if row.role == "administrator" && store::administrators(tx.db(), account, tx.now()).await? == 0 {
        return Err(Error::conflict("account-last-administrator"));
    }
    let done = membership::Entity::update_many()
        .set(membership::ActiveModel { until: Set(Some(tx.now())), version: Set(version + 1), ..Default::default() })
        .filter(membership::Column::Id.eq(id))
        .filter(membership::Column::Version.eq(version))
        .exec(tx.db())
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(Text::new("account-stale")));
    }
    let tokens = token::end_all(tx.db(), account, Some(id), tx.now()).await?.len();
    let line = Entry::on("membership.end", &thing).about("account", account).about("party", row.party).about("role", &row.role);
    let line = if tokens > 0 { line.about("tokens", tokens) } else { line };
    cx.commit(tx, permit, [line]).await
}

/// Closes an account: roles, sessions, links and known browsers end.
///
/// # Errors
/// [`Error::Conflict`] for the last administrator or a closed account; [`Error::Stale`]; a refusal.
pub async fn close(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("account.close", &store::thing(tx.db(), id, tx.now()).await?)?;
    if before.version != version {
        return Err(Error::Stale(Text::new("account-stale")));
    }
    if before.state == "closed" {
        return Err(Error::conflict("account-closed-already"));
    }
    let roles = store::memberships(tx.db(), id).await?;
    let standing: Vec<_> = roles.iter().filter(|m| m.is_open(tx.now())).collect();
    if standing.iter().any(|m| m.role == "administrator") && store::administrators(tx.db(), id, tx.now()).await? == 0 {
        return Err(Error::conflict("account-last-administrator"));
    }
    let change = account::ActiveModel { state: Set("closed".to_owned()), password: Set(None), totp: Set(None), ..Default::default() };
    save(tx.db(), &before, change).await?;
    membership::Entity::update_many()
        .col_expr(membership::Column::Until, Expr::value(tx.now()))
        .filter(membership::Column::Account.eq(id))
        .filter(membership::open(tx.now()))
        .exec(tx.db())
        .await?;
    session::end_all(tx.db(), id, None, tx.now()).await?;
    link::end_all(tx.db(), id, tx.now()).await?;
    device::forget(tx.db(), id).await?;
    second::drop_codes(tx.db(), id).await?;
    let tokens = token::end_all(tx.db(), id, None, tx.now()).await?.len();
    let holder = holder::of(cx.core(), tx.db(), &before).await?;
    let mut entries = vec![naming("account.close", id, &holder).about("tokens", tokens)];
    entries.extend(
        standing
            .iter()
            .map(|m| Entry::new("membership.end", "membership", m.id).about("account", id).about("party", m.party).about("role", &m.role)),
    );
    cx.commit(tx, permit, entries).await
}

/// Takes the second factor off somebody who lost telephone and recovery codes. Their sessions end.
///
/// # Errors
/// [`Error::Conflict`] without a second factor; a refusal.
pub async fn take_second_factor(cx: &Cx, id: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("account.take_second_factor", &store::thing(tx.db(), id, tx.now()).await?)?;
    if before.totp.is_none() {
        return Err(Error::conflict("account-second-factor-none"));
    }
    save(tx.db(), &before, account::ActiveModel { totp: Set(None), ..Default::default() }).await?;
    second::drop_codes(tx.db(), id).await?;
    session::end_all(tx.db(), id, None, tx.now()).await?;
    let holder = holder::of(cx.core(), tx.db(), &before).await?;
    cx.commit(tx, permit, [naming("account.take_second_factor", id, &holder)]).await
}

/// Hands everything that `from` has open over to `to`, feature by feature, in one transaction; how many things.
///
/// # Errors
/// [`Error::Invalid`] when `to` is no colleague who can take over, or may not have one of the things; a refusal, for one's own work too.
pub async fn hand_over(cx: &Cx, from: Uuid, to: Uuid) -> Result<usize> {
    let parties: Vec<Uuid> = store::memberships(cx.db(), from).await?.into_iter().map(|m| m.party).collect();
    let mut tx = cx.begin().await?;
    store::lock(tx.db(), from).await?;
    let permit = cx.permit("account.hand_over", &store::thing(tx.db(), from, tx.now()).await?)?;
    if !store::colleagues(cx, &parties, from).await?.iter().any(|a| a.id == to) {
        return Err(Error::field("to", Text::new("account-hand-over-to-wrong")));
    }
    let (mut entries, mut count) = (Vec::new(), 0);
    for owner in &cx.core().owners {
        let ids: Vec<Uuid> = (owner.owned)(cx, from).await?.into_iter().map(|o| o.id).collect();
        if !ids.is_empty() {
            count += ids.len();
            entries.extend((owner.reassign)(cx, &mut tx, from, to, &ids).await?);
        }
    }
    entries.insert(0, Entry::new("account.hand_over", "account", from).about("to", to).about("count", count));
    cx.commit(tx, permit, entries).await?;
    Ok(count)
}

/// An account of the demonstration: active at once, without a password.
///
/// # Errors
/// [`Error::NotFound`] outside the demonstration; as [`invite`].
pub async fn demo_account(cx: &Cx, invite: &Invite) -> Result<Uuid> {
    if !cx.core().demo {
        return Err(Error::NotFound);
    }
    Ok(add(cx, invite, Start::Ready).await?.0)
}

/// The path of a link that signs in as `account` again and again, in the demonstration only.
///
/// # Errors
/// [`Error::NotFound`] outside the demonstration.
pub async fn demo_link(cx: &Cx, account: Uuid) -> Result<String> {
    if !cx.core().demo {
        return Err(Error::NotFound);
    }
    let house = cx.housekeep().await?;
    let token = link::issue(&house, account, Purpose::Demo).await?;
    house.done().await?;
    Ok(format!("/sign-in/demo/{token}"))
}
