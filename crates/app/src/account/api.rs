//! Accounts for programs: who acts by a token, confirming it, tokens and sessions of one's own, and the people of the service.

mod notices;

use platform::api::{Api, Area, Call, Listed, Op, Param, Scopes, Takes};
use platform::clock::timestamp;
use platform::error::FieldErrors;
use platform::identity::{account, holder, holder::Holder, membership, session, token};
use platform::web::Answer;
use platform::{Cx, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, Caller, Invite};
use super::{model, store};

/// The routes.
pub(super) fn routes() -> Api {
    let own = Api::new()
        .add(Op::get("account.one", "/api/v1/account", Area::Own).answers::<Acting>(), acting)
        .add(Op::post("account.confirm", "/api/v1/account/confirm", Area::Own).takes::<Confirming>().answers::<Acting>(), confirm)
        .add(Op::get("tokens.list", "/api/v1/account/tokens", Area::Own).all_of::<Token>(), tokens)
        .add(Op::post("tokens.end", "/api/v1/account/tokens/{id}/end", Area::Own).all_of::<Token>(), end_token)
        .add(Op::get("sessions.list", "/api/v1/account/sessions", Area::Own).all_of::<Session>(), sessions)
        .add(Op::post("sessions.end", "/api/v1/account/sessions/{id}/end", Area::Own).all_of::<Session>(), end_session)
        .add(Op::post("sessions.end_all", "/api/v1/account/sessions/end-all", Area::Own).all_of::<Session>(), end_sessions);
    let own = own
        .add(Op::get("notices.list", "/api/v1/account/notices", Area::Own).lists_of::<notices::ToldNotice>(), notices::list)
        .add(Op::get("notices.choices", "/api/v1/account/notices/choices", Area::Own).answers::<notices::NoticeChoices>(), notices::choices)
        .add(
            Op::post("notices.choose", "/api/v1/account/notices/choices", Area::Own)
                .takes::<notices::NoticeChoices>()
                .answers::<notices::NoticeChoices>(),
            notices::choose,
        );
    let people = Area::Administration;
    let states = Param::code("state", ["active", "invited", "closed"]);
    own.add(
        Op::get("accounts.list", "/api/v1/accounts", people).queries([Param::new("q", Takes::Text(200)), states]).lists_of::<Person>(),
        list,
    )
    .add(Op::get("accounts.one", "/api/v1/accounts/{id}", people).answers::<Person>(), one)
    .add(Op::post("accounts.invite", "/api/v1/accounts", people).takes::<Inviting>().answers::<Person>().makes(), invite)
    .add(Op::post("accounts.invite_again", "/api/v1/accounts/{id}/invite-again", people).answers::<Person>(), invite_again)
    .add(Op::post("accounts.close", "/api/v1/accounts/{id}/close", people).versioned().answers::<Person>(), close)
    .add(Op::post("accounts.second_factor_off", "/api/v1/accounts/{id}/second-factor/off", people).answers::<Person>(), second_off)
    .add(
        Op::post("accounts.end_membership", "/api/v1/accounts/{id}/memberships/{membership}/end", people).versioned().answers::<Person>(),
        end_membership,
    )
    .add(
        Op::post("accounts.hand_over", "/api/v1/accounts/{id}/hand-over", people).takes::<HandingOver>().answers::<HandedOver>(),
        hand_over,
    )
}

/// Who acts by the token.
#[derive(Serialize, ToSchema)]
struct Acting {
    /// The account.
    id: Uuid,
    /// Its holder's name.
    name: String,
    /// The membership that the token acts with.
    membership: Uuid,
    /// Its role.
    role: String,
    /// Its party.
    party: Uuid,
    /// The party's name.
    party_name: String,
    /// `authority` or `supplier`.
    side: String,
    /// What the token may be used for.
    scopes: Vec<String>,
    /// Until when it works.
    #[schema(format = DateTime)]
    until: String,
    /// Whether steps that ask for a recent confirmation are taken now.
    confirmed: bool,
    /// Whether the account may only read.
    read_only: bool,
}

async fn own(cx: &Cx) -> Result<Acting> {
    let actor = cx.actor.signed_in()?;
    let row = token::of(cx.db(), actor.account).await?.into_iter().find(|t| t.id == actor.session).ok_or(Error::SignedOut)?;
    Ok(Acting {
        id: actor.account,
        name: actor.name.clone(),
        membership: actor.membership,
        role: actor.role.clone(),
        party: actor.party,
        party_name: actor.party_name.clone(),
        side: actor.side.code().to_owned(),
        scopes: Scopes::read(&row.scopes).codes().map(str::to_owned).collect(),
        until: timestamp(row.until).to_string(),
        confirmed: row.proved_at.is_some_and(|at| cx.now() - at <= cx.core().settings.fresh()),
        read_only: actor.read_only,
    })
}

async fn acting(call: Call) -> Answer {
    call.found(&own(&call.cx).await?, None)
}

/// What confirms who one is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirming {
    /// The account's password.
    #[schema(max_length = 1000)]
    password: String,
    /// A code of the telephone, or a recovery code, where there is a second factor.
    #[schema(max_length = 100)]
    code: Option<String>,
}

async fn confirm(call: Call) -> Answer {
    let with: Confirming = call.body()?;
    act::prove(&call.cx, &Caller::of(&call.visit), &with.password, with.code.as_deref().unwrap_or_default()).await?;
    call.made("/api/v1/account", &own(&call.cx).await?, None)
}

/// A token, without itself.
#[derive(Serialize, ToSchema)]
struct Token {
    /// Its id.
    id: Uuid,
    /// What its holder calls it.
    name: String,
    /// The membership that it acts with.
    membership: Uuid,
    /// What it may be used for.
    scopes: Vec<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// Until when it works.
    #[schema(format = DateTime)]
    until: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime)]
    seen_at: Option<String>,
}

async fn tokens(call: Call) -> Answer {
    call.listed(&own_tokens(&call.cx).await?)
}

async fn own_tokens(cx: &Cx) -> Result<Listed<Token>> {
    let account = cx.actor.signed_in()?.account;
    let rows = token::of(cx.db(), account).await?;
    let mut names = token::names(cx.core(), cx.db(), account, &rows).await?;
    let items = rows.into_iter().map(|row| Token {
        id: row.id,
        scopes: Scopes::read(&row.scopes).codes().map(str::to_owned).collect(),
        name: names.remove(&row.id).unwrap_or_default(),
        membership: row.membership,
        made_at: timestamp(row.made_at).to_string(),
        until: timestamp(row.until).to_string(),
        seen_at: row.seen_at.map(|at| timestamp(at).to_string()),
    });
    Ok(Listed { items: items.collect(), after: None })
}

async fn end_token(call: Call) -> Answer {
    act::end_token(&call.cx, call.id("id")?).await?;
    call.made("/api/v1/account/tokens", &page(own_tokens(&call.cx).await?), None)
}

fn page<T: Serialize>(list: Listed<T>) -> serde_json::Value {
    json!({ "items": list.items, "next": null })
}

/// A browser in which the account is signed in.
#[derive(Serialize, ToSchema)]
struct Session {
    /// Its id.
    id: Uuid,
    /// The browser, as it names itself.
    agent: String,
    /// When it began.
    #[schema(format = DateTime)]
    made_at: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime)]
    seen_at: String,
}

async fn own_sessions(cx: &Cx) -> Result<Listed<Session>> {
    let rows = session::standing(cx, cx.actor.signed_in()?.account).await?;
    let items = rows.into_iter().map(|row| Session {
        id: row.id,
        agent: row.agent,
        made_at: timestamp(row.made_at).to_string(),
        seen_at: timestamp(row.seen_at).to_string(),
    });
    Ok(Listed { items: items.collect(), after: None })
}

async fn sessions(call: Call) -> Answer {
    call.listed(&own_sessions(&call.cx).await?)
}

async fn end_session(call: Call) -> Answer {
    session::own::end(&call.cx, call.id("id")?).await?;
    call.made("/api/v1/account/sessions", &page(own_sessions(&call.cx).await?), None)
}

async fn end_sessions(call: Call) -> Answer {
    session::own::end_all(&call.cx).await?;
    call.made("/api/v1/account/sessions", &page(own_sessions(&call.cx).await?), None)
}

/// Somebody with an account.
#[derive(Serialize, ToSchema)]
struct Person {
    /// The account's id.
    id: Uuid,
    /// For the next change.
    version: i32,
    /// The name; of somebody who was removed, that they were.
    name: String,
    /// The e-mail address; none of somebody who was removed.
    email: Option<String>,
    /// `invited`, `active` or `closed`.
    state: String,
    /// Whether it may only read.
    read_only: bool,
    /// Its last day.
    #[schema(format = Date)]
    ends_on: Option<String>,
    /// Whether it has a second factor.
    second_factor: bool,
    /// Its roles, those that ended among them, as far as you may know of them.
    memberships: Vec<Member>,
}

/// A role in a party.
#[derive(Serialize, ToSchema)]
struct Member {
    /// Its id.
    id: Uuid,
    /// For the next change.
    version: i32,
    /// The party.
    party: Uuid,
    /// The party's name.
    party_name: String,
    /// The role, by code.
    role: String,
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
    /// Until when; none while it stands without an end.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// The account in whose place it is; none of a role of their own.
    acts_for: Option<Uuid>,
}

/// The account with who holds it.
async fn opened(cx: &Cx, row: &account::Model) -> Result<Person> {
    person(cx, row, holder::of(cx.core(), cx.db(), row).await?).await
}

async fn person(cx: &Cx, row: &account::Model, holder: Holder) -> Result<Person> {
    let mut memberships = Vec::new();
    for one in store::memberships(cx.db(), row.id).await? {
        if cx.may("membership.view", &store::membership_thing(cx, &one).await?) {
            memberships.push(member(cx, &one).await?);
        }
    }
    Ok(Person {
        id: row.id,
        version: row.version,
        name: holder.name,
        email: holder.email,
        state: row.state.clone(),
        read_only: row.read_only,
        ends_on: row.ends_on.clone(),
        second_factor: row.totp.is_some(),
        memberships,
    })
}

async fn member(cx: &Cx, one: &membership::Model) -> Result<Member> {
    Ok(Member {
        id: one.id,
        version: one.version,
        party: one.party,
        party_name: store::face(cx, one.party).await?.name,
        role: one.role.clone(),
        since: timestamp(one.since).to_string(),
        until: one.until.map(|at| timestamp(at).to_string()),
        acts_for: store::stands_for(cx, one).await?.map(|(account, _)| account),
    })
}

/// The account, if the actor sees it.
async fn seen(cx: &Cx, id: Uuid) -> Result<account::Model> {
    let row = store::get(cx.db(), id).await?;
    cx.permit("account.view", &store::thing(cx.db(), id, cx.now()).await?)?;
    Ok(row)
}

async fn list(call: Call) -> Answer {
    let cx = &call.cx;
    cx.permit("system.accounts", &model::system())?;
    let filter = store::Filter {
        words: call.query("q").unwrap_or_default().to_owned(),
        state: call.query("state").unwrap_or_default().to_owned(),
        after: call.after(|text| text.parse().ok())?,
        limit: call.limit(),
    };
    let (rows, more) = store::list(cx, &filter).await?;
    let after = rows.last().filter(|_| more).map(|(last, _)| last.id.to_string());
    let mut items = Vec::new();
    for (row, holder) in rows {
        if cx.may("account.view", &store::thing(cx.db(), row.id, cx.now()).await?) {
            items.push(person(cx, &row, holder).await?);
        }
    }
    call.listed(&Listed { items, after })
}

async fn one(call: Call) -> Answer {
    let row = seen(&call.cx, call.id("id")?).await?;
    call.found(&opened(&call.cx, &row).await?, Some(row.version))
}

/// The account after a change to it.
async fn changed(call: &Call, id: Uuid) -> Answer {
    let row = store::get(call.cx.db(), id).await?;
    call.made(&format!("/api/v1/accounts/{id}"), &opened(&call.cx, &row).await?, Some(row.version))
}

/// Whom to let in, as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Inviting {
    /// The e-mail address; an account that has it gets a further role.
    #[schema(min_length = 3, max_length = 200)]
    email: String,
    /// The holder's name, for a new account.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The party.
    party: Uuid,
    /// The role in it, by code.
    #[schema(max_length = 40)]
    role: String,
    /// A new account that may only read.
    #[serde(default)]
    read_only: bool,
    /// The last day of a new account.
    ends_on: Option<jiff::civil::Date>,
}

async fn invite(call: Call) -> Answer {
    let asked: Inviting = call.body()?;
    let administrator = call.cx.actor.role() == Some("administrator");
    if !administrator && (asked.read_only || asked.ends_on.is_some()) {
        let mut errors = FieldErrors::default();
        errors.add("read_only", platform::texts::Text::new("account-only-administrator"));
        return Err(Error::Invalid(errors));
    }
    let invite = Invite {
        email: asked.email,
        name: asked.name.unwrap_or_default(),
        party: asked.party,
        role: asked.role,
        read_only: asked.read_only,
        ends_on: asked.ends_on.map(|day| day.to_string()),
    };
    let id = act::invite(&call.cx, &invite).await?;
    changed(&call, id).await
}

async fn invite_again(call: Call) -> Answer {
    let id = call.id("id")?;
    act::invite_again(&call.cx, id).await?;
    changed(&call, id).await
}

async fn close(call: Call) -> Answer {
    let id = call.id("id")?;
    let done = act::close(&call.cx, id, call.version()?).await;
    stale(&call, id, done).await?;
    changed(&call, id).await
}

/// What came of a change to an account, with how it stands when someone was quicker.
async fn stale(call: &Call, id: Uuid, done: Result<()>) -> Result<()> {
    let now = || async { Ok(serde_json::to_value(opened(&call.cx, &seen(&call.cx, id).await?).await?)?) };
    call.fresh(done, now).await
}

async fn second_off(call: Call) -> Answer {
    let id = call.id("id")?;
    act::take_second_factor(&call.cx, id).await?;
    changed(&call, id).await
}

async fn end_membership(call: Call) -> Answer {
    let id = call.id("id")?;
    let done = act::end_membership(&call.cx, id, call.id("membership")?, call.version()?).await;
    stale(&call, id, done).await?;
    changed(&call, id).await
}

/// To whom somebody's work goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandingOver {
    /// The account that takes over.
    to: Uuid,
}

/// How much went over.
#[derive(Serialize, ToSchema)]
struct HandedOver {
    /// How many things.
    count: usize,
}

async fn hand_over(call: Call) -> Answer {
    let id = call.id("id")?;
    let to: HandingOver = call.body()?;
    let count = act::hand_over(&call.cx, id, to.to).await?;
    call.made(&format!("/api/v1/accounts/{id}"), &HandedOver { count }, None)
}
