//! Randomness and ids, from the one cryptographic module.

use base64::Engine as _;
use uuid::Uuid;

use crate::clock::Millis;
use crate::error::{Error, Result};

/// `N` random bytes.
///
/// # Errors
/// [`Error::Internal`] when the operating system gives none.
pub fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut out = [0u8; N];
    fill(&mut out)?;
    Ok(out)
}

/// Fills `to` with random bytes.
///
/// # Errors
/// As [`bytes`].
pub fn fill(to: &mut [u8]) -> Result<()> {
    aws_lc_rs::rand::fill(to).map_err(|_| Error::internal("the system gives no random bytes"))
}

/// A fresh `UUIDv7` for the instant `at`.
///
/// # Errors
/// As [`bytes`].
pub fn id(at: Millis) -> Result<Uuid> {
    let random = bytes::<10>()?;
    Ok(uuid::Builder::from_unix_timestamp_millis(u64::try_from(at).unwrap_or(0), &random).into_uuid())
}

/// A 256-bit token as URL-safe text, for links and sessions. Only its [`digest`] is ever stored.
///
/// # Errors
/// As [`bytes`].
pub fn token() -> Result<String> {
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// SHA-256 of a token, as stored.
pub fn digest(token: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token).as_ref().to_vec()
}
