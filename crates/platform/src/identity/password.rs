//! Passwords: Argon2id, or PBKDF2 in a build on the FIPS module; and how strong a new one must be. No composition rules: length and how
//! hard it is to guess.
//!
//! A stored hash says how it was made. A build on the FIPS module does not verify Argon2id, which the module has not: such a password is no
//! longer right there, its holder chooses a new one by mail, and `doctor` counts them. The other way round both are verified.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use sea_orm::entity::prelude::*;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use super::account;
use crate::error::{Error, Result};
use crate::random;
use crate::texts::Text;

mod derive;

/// Fewest characters. The FIPS module approves of PBKDF2 from 14 bytes on.
pub const SHORTEST: usize = if FIPS { 14 } else { 12 };
/// Most characters.
pub const LONGEST: usize = 256;

/// Whether this build is on the FIPS module.
const FIPS: bool = cfg!(feature = "fips");
/// How a hash by Argon2id begins.
const ARGON: &str = "$argon2id$";
/// Memory (KiB), passes and lanes of a hash: 46 MiB twice over.
const COST: (u32, u32, u32) = (47_104, 2, 1);
/// At most so many hashes at once: each takes the memory above and a processor.
static SLOTS: Semaphore = Semaphore::const_new(2);
/// What the password of an account that does not exist is checked against, at the same cost; nothing matches it.
const NOBODY: &str = if FIPS {
    "$pbkdf2-sha256$i=600000,l=32$bm9ib2R5LWhhcy10aGlzLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
} else {
    "$argon2id$v=19$m=47104,t=2,p=1$bm9ib2R5LWhhcy10aGlzLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
};

fn argon() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The same characters however a keyboard composes them.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _slot = SLOTS.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// The password as it is stored: a PHC string with a fresh salt.
///
/// # Errors
/// When the system gives no randomness or the hash fails.
pub async fn hash(password: &str) -> Result<String> {
    let password = normal(password);
    if FIPS {
        return slowly(move || derive::hash(&password)).await?;
    }
    let (argon, salt) = (argon()?, random::bytes::<16>()?);
    slowly(move || argon.hash_password_with_salt(password.as_bytes(), &salt).map(|h| h.to_string())).await?.map_err(Error::internal)
}

/// Whether `password` is the one `stored`. Without a stored one it takes as long and says no, so that nobody learns which accounts exist.
///
/// # Errors
/// When the hash cannot be computed.
pub async fn verify(password: &str, stored: Option<&str>) -> Result<bool> {
    let fits = password.chars().count() <= LONGEST;
    let password = if fits { normal(password) } else { String::new() };
    let known = stored.filter(|stored| !FIPS || !stored.starts_with(ARGON));
    let (stored, real) = (known.unwrap_or(NOBODY).to_owned(), known.is_some() && fits);
    let argon = argon()?;
    let check = move || {
        if stored.starts_with(derive::KIND) {
            derive::verify(&password, &stored)
        } else {
            !FIPS && argon.verify_password(password.as_bytes(), stored.as_str()).is_ok()
        }
    };
    let right = slowly(check).await?;
    Ok(right && real)
}

/// How many accounts have a password hashed by Argon2id.
///
/// # Errors
/// When the database fails.
pub async fn made_by_argon(db: &DatabaseConnection) -> Result<u64> {
    Ok(account::Entity::find().filter(account::Column::Password.starts_with(ARGON)).count(db).await?)
}

/// Whether `password` may be a new one for somebody known by `about` (name, e-mail address, organisation); else what to do.
pub fn judge(password: &str, about: &[&str]) -> Option<Text> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(Text::new("password-too-short").with("min", SHORTEST));
    }
    if length > LONGEST {
        return Some(Text::new("password-too-long").with("max", LONGEST));
    }
    let words: Vec<&str> = about
        .iter()
        .flat_map(|text| std::iter::once(*text).chain(text.split(|c: char| !c.is_alphanumeric())))
        .filter(|word| word.chars().count() > 2)
        .collect();
    let own = words.iter().any(|word| word.chars().count() > 3 && password.to_lowercase().contains(&word.to_lowercase()));
    if zxcvbn::zxcvbn(password, &words).score() >= zxcvbn::Score::Three {
        None
    } else if own {
        Some(Text::new("password-about-you"))
    } else {
        Some(Text::new("password-easy"))
    }
}

#[cfg(test)]
mod tests;
