//! The second factor: time-based codes (RFC 6238) whose secret is sealed with the account's key, and recovery codes for the day the
//! telephone is lost. No code works twice.

use base64::Engine as _;
use qrcode::render::svg;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait};
use totp_rs::{Builder, Secret, Totp};

use super::{account, holder, subject};
use crate::authz::Actor;
use crate::clock::{Millis, SECOND};
use crate::error::{Error, Result};
use crate::seal::{self, Key, Place};
use crate::{Core, random};

/// How many recovery codes an account gets.
pub const RECOVERY_CODES: usize = 10;

/// Digests of recovery codes.
pub mod recovery {
    use sea_orm::entity::prelude::*;

    /// A recovery code.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_code")]
    pub struct Model {
        /// SHA-256 of account and code.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: Vec<u8>,
        /// The account.
        pub account: Uuid,
        /// When it was made.
        pub made_at: i64,
        /// When it was used; none while it works.
        pub used_at: Option<i64>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A secret shown to its holder and not yet confirmed by a code.
pub struct Enrolment {
    /// The secret in base 32, for typing in.
    pub secret: String,
    /// The secret as a picture, an address that an image shows.
    pub picture: String,
    /// The secret sealed for the account, to be handed back with the first code.
    pub sealed: String,
}

fn place<'a>(id: &'a str, field: &'a str) -> Place<'a> {
    Place { table: "account", id, field }
}

fn totp(secret: &[u8], issuer: &str, holder: &str) -> Result<Totp> {
    // A colon would split the label.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(Secret::from(secret.to_vec()))
        .with_account_name(plain(holder))
        .with_issuer(Some(plain(issuer)))
        .build()
        .map_err(|e| Error::internal(format!("a second factor: {e}")))
}

async fn key_of<C: ConnectionTrait>(core: &Core, db: &C, account: Uuid) -> Result<Key> {
    seal::find_subject_key(db, &core.master, &subject(account)).await?.ok_or_else(|| Error::conflict("error-subject-destroyed"))
}

/// Whether the settings demand a second factor of this actor, who has none yet.
///
/// # Errors
/// When the database fails.
pub async fn lacking(core: &Core, actor: &Actor) -> Result<bool> {
    let Some(who) = actor.account().filter(|_| core.settings.sessions.second_factor && actor.is_authority()) else { return Ok(false) };
    Ok(account::Entity::find_by_id(who.account).one(core.db.reader()).await?.is_some_and(|row| row.totp.is_none()))
}

/// A fresh secret for `account`, on offer.
///
/// # Errors
/// When the account's key is gone or the system gives no randomness.
pub async fn offer(core: &Core, account: &account::Model, issuer: &str) -> Result<Enrolment> {
    offer_of(core, account, issuer, &random::bytes::<20>()?).await
}

/// The same offer again, after a wrong code.
///
/// # Errors
/// [`Error::BadRequest`] when `sealed` is not an offer to this account.
pub async fn offer_again(core: &Core, account: &account::Model, issuer: &str, sealed: &str) -> Result<Enrolment> {
    let secret = open_offer(core, account, sealed).await?;
    offer_of(core, account, issuer, &secret).await
}

async fn offer_of(core: &Core, account: &account::Model, issuer: &str, secret: &[u8]) -> Result<Enrolment> {
    let key = key_of(core, core.db.reader(), account.id).await?;
    let totp = totp(secret, issuer, holder::open(&key, account)?.address())?;
    let address = totp.to_url().map_err(|e| Error::internal(format!("a second factor: {e}")))?;
    let code = qrcode::QrCode::new(address.as_bytes()).map_err(Error::internal)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    let sealed = key.seal(&place(&account.id.to_string(), "totp-offer"), secret)?;
    Ok(Enrolment {
        secret: Secret::from(secret.to_vec()).to_base32(),
        picture: format!("data:image/svg+xml;base64,{}", base64::engine::general_purpose::STANDARD.encode(image)),
        sealed: hex::encode(sealed),
    })
}

async fn open_offer(core: &Core, account: &account::Model, sealed: &str) -> Result<Vec<u8>> {
    let bad = || Error::bad_request("error-not-a-form");
    let sealed = hex::decode(sealed).map_err(|_| bad())?;
    let key = key_of(core, core.db.reader(), account.id).await?;
    Ok(key.open(&place(&account.id.to_string(), "totp-offer"), &sealed).map_err(|_| bad())?.to_vec())
}

/// Checks the first code of an offered secret; the secret as the account stores it and the code's step, or `None` for a wrong code.
///
/// # Errors
/// [`Error::BadRequest`] when `sealed` is not an offer to this account.
pub async fn confirm(core: &Core, account: &account::Model, sealed: &str, code: &str) -> Result<Option<(Vec<u8>, i64)>> {
    let secret = open_offer(core, account, sealed).await?;
    let Some(step) = matching(&secret, code, core.clock.now())? else { return Ok(None) };
    let key = key_of(core, core.db.reader(), account.id).await?;
    Ok(Some((key.seal(&place(&account.id.to_string(), "totp"), &secret)?, step)))
}

/// The time step at which `code` is right for the account's secret, one step early or late included.
///
/// # Errors
/// When the account's key is gone.
pub async fn step_of<C: ConnectionTrait>(core: &Core, db: &C, account: &account::Model, code: &str) -> Result<Option<i64>> {
    let Some(sealed) = &account.totp else { return Ok(None) };
    let secret = key_of(core, db, account.id).await?.open(&place(&account.id.to_string(), "totp"), sealed)?;
    matching(&secret, code, core.clock.now())
}

fn matching(secret: &[u8], code: &str, now: Millis) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let step = totp(secret, "", "")?.check(&code, u64::try_from(now / SECOND).unwrap_or(0));
    Ok(step.and_then(|s| i64::try_from(s).ok()))
}

/// Takes the code's step for the account, so that neither it nor an earlier one works again; `false` when it was taken.
///
/// # Errors
/// When the database fails.
pub async fn take_step<C: ConnectionTrait>(db: &C, account: Uuid, step: i64) -> Result<bool> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::TotpStep, Expr::value(step))
        .filter(account::Column::Id.eq(account))
        .filter(account::Column::TotpStep.lt(step))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Replaces the account's recovery codes by fresh ones, which are returned to be shown once.
///
/// # Errors
/// When the database fails or the system gives no randomness.
pub async fn new_codes<C: ConnectionTrait>(db: &C, account: Uuid, now: Millis) -> Result<Vec<String>> {
    drop_codes(db, account).await?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = Secret::from(random::bytes::<10>()?.to_vec()).to_base32();
        let row = recovery::ActiveModel {
            code: ActiveValue::Set(code_digest(account, &code)),
            account: ActiveValue::Set(account),
            made_at: ActiveValue::Set(now),
            used_at: ActiveValue::Set(None),
        };
        recovery::Entity::insert(row).exec_without_returning(db).await?;
        let parts: Vec<&str> = [0, 4, 8, 12].iter().filter_map(|at| code.get(*at..at + 4)).collect();
        codes.push(parts.join("-"));
    }
    Ok(codes)
}

/// Takes all recovery codes away.
///
/// # Errors
/// When the database fails.
pub async fn drop_codes<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<()> {
    recovery::Entity::delete_many().filter(recovery::Column::Account.eq(account)).exec(db).await?;
    Ok(())
}

/// How many recovery codes are left.
///
/// # Errors
/// When the database fails.
pub async fn codes_left<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<u64> {
    Ok(recovery::Entity::find().filter(recovery::Column::Account.eq(account)).filter(recovery::Column::UsedAt.is_null()).count(db).await?)
}

/// Uses a recovery code up; `false` when it is wrong or was used.
///
/// # Errors
/// When the database fails.
pub async fn take_code<C: ConnectionTrait>(db: &C, account: Uuid, code: &str, now: Millis) -> Result<bool> {
    let done = recovery::Entity::update_many()
        .col_expr(recovery::Column::UsedAt, Expr::value(now))
        .filter(recovery::Column::Code.eq(code_digest(account, code)))
        .filter(recovery::Column::Account.eq(account))
        .filter(recovery::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

fn code_digest(account: Uuid, code: &str) -> Vec<u8> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    random::digest(format!("recovery/{account}/{code}").as_bytes())
}
