//! Signing in: password, second step, links, and proving it again.

use platform::authz::Actor;
use platform::error::Refusal;
use platform::identity::{account, device, holder, link, link::Purpose, password, second, session, throttle};
use platform::texts::Text;
use platform::web::Visit;
use platform::{Cx, Error, Result, book, identity};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{acting, entry, origin, save};
use crate::account::store;

/// Whether `typed` may be this account's password; else what to do.
pub(super) async fn judge(cx: &Cx, account: &account::Model, typed: &str) -> Result<Option<Text>> {
    let authority = &cx.core().settings.authority.name;
    let holder = holder::of(cx.core(), cx.db(), account).await?;
    Ok(password::judge(typed, &[&holder.name, holder.address(), authority, "vouchsafe"]))
}

/// The browser that asks.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Its address.
    pub address: String,
    /// How it names itself.
    pub agent: String,
    /// The token under which accounts know it.
    pub device: Option<String>,
    /// The account and session that it was signed in with until now.
    pub session: Option<(Uuid, Uuid)>,
}

impl Caller {
    /// The browser of this visit.
    pub fn of(visit: &Visit) -> Self {
        Self {
            address: visit.address.clone(),
            agent: visit.agent.clone(),
            device: visit.device.clone(),
            session: visit.cx.actor.account().map(|a| (a.account, a.session)),
        }
    }

    /// Its token, when it is known to `account`.
    pub(super) async fn known(&self, cx: &Cx, account: Option<Uuid>) -> Result<Option<&str>> {
        let (Some(token), Some(account)) = (self.device.as_deref(), account) else { return Ok(None) };
        Ok(device::known(cx.db(), token, account, cx.now()).await?.then_some(token))
    }
}

/// The tokens of a finished sign-in, for the browser's cookies.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The session's.
    pub session: String,
    /// The browser's own.
    pub device: String,
}

/// What a sign-in came to.
#[derive(Debug, Clone)]
pub enum Signed {
    /// Signed in.
    In(Tokens),
    /// The second step is due; its token.
    Step(String),
}

/// What was proved, and is used up within the sign-in's transaction.
enum Proof {
    Password,
    Code(i64),
    Recovery(String),
    Link,
    Demo,
}

impl Proof {
    fn code(&self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code(_) => "code",
            Self::Recovery(_) => "recovery",
            Self::Link => "link",
            Self::Demo => "demo",
        }
    }

    async fn take(&self, tx: &platform::Tx, account: Uuid) -> Result<()> {
        let taken = match self {
            Self::Password | Self::Link | Self::Demo => true,
            Self::Code(step) => second::take_step(tx.db(), account, *step).await?,
            Self::Recovery(code) => second::take_code(tx.db(), account, code, tx.now()).await?,
        };
        if taken { Ok(()) } else { Err(wrong_code()) }
    }
}

fn wrong_code() -> Error {
    Error::field("code", Text::new("account-code-wrong"))
}

/// Notes a try; one that comes too early is refused and recorded.
pub(super) async fn enter(cx: &Cx, counts: &[throttle::Count], account: Option<Uuid>) -> Result<()> {
    let outcome = throttle::enter(cx, counts).await;
    if matches!(outcome, Err(Error::TooMany(_))) {
        let id = account.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
        let refusal = Refusal { action: "account.sign_in", kind: "account", id, policy: "too-many-tries".to_owned(), hidden: false };
        book::record_refusal(cx, &refusal).await?;
    }
    outcome
}

/// Signs in with e-mail address and password.
///
/// # Errors
/// [`Error::Invalid`] with the same words whether the account does not exist or the password is wrong; [`Error::TooMany`].
pub async fn sign_in(cx: &Cx, from: &Caller, email: &str, typed: &str) -> Result<Signed> {
    // Nothing is opened before the password was right: an address that nobody has costs what another does.
    let mark = holder::mark(cx, email).await?;
    let found = holder::marked(cx.db(), &mark).await?;
    let id = found.as_ref().map(|a| a.id);
    let counts = throttle::counts("password", &hex::encode(mark), &from.address, from.known(cx, id).await?);
    enter(cx, &counts, id).await?;
    let usable = found.filter(|a| a.state == "active");
    let right = password::verify(typed, usable.as_ref().and_then(|a| a.password.as_deref())).await?;
    let Some(account) = usable.filter(|_| right) else {
        return Err(Error::field("email", Text::new("account-sign-in-wrong")));
    };
    if account.totp.is_none() {
        return Ok(Signed::In(open(cx, from, &account, &counts, &Proof::Password, None).await?));
    }
    let house = cx.housekeep().await?;
    throttle::forgive(&house, &counts).await?;
    let token = link::issue(&house, account.id, Purpose::SecondStep).await?;
    house.done().await?;
    Ok(Signed::Step(token))
}

/// The second step: a code of the telephone, or a recovery code.
///
/// # Errors
/// [`Error::SignedOut`] when the first step is too long ago; [`Error::Invalid`] for a wrong or used code; [`Error::TooMany`].
pub async fn second_step(cx: &Cx, from: &Caller, token: &str, code: &str) -> Result<Tokens> {
    let step = link::find(cx.db(), token, &[Purpose::SecondStep], cx.now()).await?.ok_or(Error::SignedOut)?;
    let account = store::get(cx.db(), step.account).await?;
    let who = account.id.to_string();
    let counts = throttle::counts("code", &who, &from.address, from.known(cx, Some(account.id)).await?);
    enter(cx, &counts, Some(account.id)).await?;
    let proof = code_proof(cx, &account, code).await?;
    open(cx, from, &account, &counts, &proof, Some(step.id)).await
}

async fn code_proof(cx: &Cx, account: &account::Model, code: &str) -> Result<Proof> {
    let digits = code.chars().filter(char::is_ascii_alphanumeric).count();
    if digits > 6 {
        return Ok(Proof::Recovery(code.to_owned()));
    }
    let step = second::step_of(cx.core(), cx.db(), account, code).await?;
    step.map(Proof::Code).ok_or_else(wrong_code)
}

/// Opens the session: what was proved is used up, the browser's old session ends, a token of its own begins.
async fn open(
    cx: &Cx,
    from: &Caller,
    account: &account::Model,
    counts: &[throttle::Count],
    proof: &Proof,
    step: Option<Uuid>,
) -> Result<Tokens> {
    if account.is_over(&cx.core().clock) {
        return Err(Error::field("email", Text::new("account-sign-in-over")));
    }
    let Some(membership) = store::starting(cx, account.id).await? else {
        return Err(Error::field("email", Text::new("account-sign-in-no-role")));
    };
    let tx = cx.begin().await?;
    let account = store::lock(tx.db(), account.id).await?;
    if !account.stands(&cx.core().clock) {
        return Err(Error::SignedOut);
    }
    proof.take(&tx, account.id).await?;
    if let Some(step) = step
        && !link::consume(tx.db(), step, tx.now()).await?
    {
        return Err(Error::SignedOut);
    }
    if let Some((of, old)) = from.session {
        session::end(tx.db(), of, old, tx.now()).await?;
    }
    throttle::succeed(tx.db(), counts).await?;
    let opened = session::open(tx.db(), account.id, membership.id, &from.agent, tx.now()).await?;
    let device = device::remember(tx.db(), from.device.as_deref(), account.id, tx.now()).await?;
    let cx = acting(cx, identity::actor(cx.core(), &account, &membership, opened.id, true).await?);
    let permit = cx.permit("account.sign_in", &store::thing(tx.db(), account.id, tx.now()).await?)?;
    let line = entry("account.sign_in", account.id, origin(from)).about("how", proof.code()).about("session", opened.id);
    cx.commit(tx, permit, [line]).await?;
    Ok(Tokens { session: opened.token, device })
}

/// Proves again who one is, for a weighty act: password, and a code where there is a second factor.
///
/// # Errors
/// [`Error::Invalid`] for what is wrong; [`Error::TooMany`]; [`Error::SignedOut`].
pub async fn prove(cx: &Cx, from: &Caller, typed: &str, code: &str) -> Result<()> {
    let actor = cx.actor.signed_in()?;
    let account = store::get(cx.db(), actor.account).await?;
    let mut proof = Proof::Password;
    let counts = throttle::counts("password", &account.mark(), &from.address, from.known(cx, Some(account.id)).await?);
    if cx.core().demo && account.password.is_none() {
        proof = Proof::Demo;
    } else {
        enter(cx, &counts, Some(account.id)).await?;
        if !password::verify(typed, account.password.as_deref()).await? {
            return Err(Error::field("password", Text::new("account-password-wrong")));
        }
        if account.totp.is_some() {
            proof = code_proof(cx, &account, code).await?;
        }
    }
    let tx = cx.begin().await?;
    proof.take(&tx, account.id).await?;
    throttle::succeed(tx.db(), &counts).await?;
    identity::prove(tx.db(), actor.session, tx.now()).await?;
    let permit = cx.permit("account.prove", &store::thing(tx.db(), account.id, tx.now()).await?)?;
    let line = entry("account.prove", account.id, origin(from)).about("how", proof.code()).about("session", actor.session);
    cx.commit(tx, permit, [line]).await
}

/// The link's id and the account that an invitation or reset is for.
///
/// # Errors
/// [`Error::Conflict`] when it was used, replaced or is too old.
pub async fn link_holder(cx: &Cx, token: &str) -> Result<(link::Model, account::Model)> {
    let ended = || Error::conflict("account-link-ended");
    let found = link::find(cx.db(), token, &[Purpose::Invitation, Purpose::Reset], cx.now()).await?.ok_or_else(ended)?;
    let account = store::get(cx.db(), found.account).await?;
    if account.state == "closed" || account.is_over(&cx.core().clock) || account.is_removed() {
        return Err(ended());
    }
    Ok((found, account))
}

/// Sets the password that an invitation or reset asks for. All sessions end; where there is no second factor, one begins.
///
/// # Errors
/// [`Error::Conflict`] when the link no longer works; [`Error::Invalid`] when the password is weak.
pub async fn accept(cx: &Cx, from: &Caller, token: &str, typed: &str) -> Result<Signed> {
    let (used, account) = link_holder(cx, token).await?;
    if let Some(text) = judge(cx, &account, typed).await? {
        return Err(Error::field("password", text));
    }
    let stored = password::hash(typed).await?;
    let by_link = acting(cx, Actor::Link { id: used.id, scope: "account", on: account.id });
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), account.id).await?;
    if before.state == "closed" || before.is_removed() || !link::consume(tx.db(), used.id, tx.now()).await? {
        return Err(Error::conflict("account-link-ended"));
    }
    link::end_all(tx.db(), account.id, tx.now()).await?;
    session::end_all(tx.db(), account.id, None, tx.now()).await?;
    device::forget(tx.db(), account.id).await?;
    let change = account::ActiveModel { password: Set(Some(stored)), state: Set("active".to_owned()), ..Default::default() };
    save(tx.db(), &before, change).await?;
    let permit = by_link.permit("account.set_password", &store::thing(tx.db(), account.id, tx.now()).await?)?;
    let line = entry("account.set_password", account.id, origin(from)).about("by", &used.purpose);
    by_link.commit(tx, permit, [line]).await?;
    let account = store::get(cx.db(), account.id).await?;
    if account.totp.is_some() {
        let house = cx.housekeep().await?;
        let token = link::issue(&house, account.id, Purpose::SecondStep).await?;
        house.done().await?;
        return Ok(Signed::Step(token));
    }
    Ok(Signed::In(open(cx, from, &account, &[], &Proof::Link, None).await?))
}

/// Signs in to the demonstration by one of its links, which work again and again there and nowhere else.
///
/// # Errors
/// [`Error::NotFound`] outside the demonstration or for another link.
pub async fn demo_sign_in(cx: &Cx, from: &Caller, token: &str) -> Result<Tokens> {
    if !cx.core().demo {
        return Err(Error::NotFound);
    }
    let found = link::find(cx.db(), token, &[Purpose::Demo], cx.now()).await?.ok_or(Error::NotFound)?;
    let account = store::get(cx.db(), found.account).await?;
    open(cx, from, &account, &[], &Proof::Demo, None).await
}
