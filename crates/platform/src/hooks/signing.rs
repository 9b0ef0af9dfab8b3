//! Signatures as the Standard Webhooks specification has them: HMAC-SHA-256 over id, time and body.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use standardwebhooks::Webhook;

use crate::clock::{MINUTE, SECOND};
use crate::error::{Error, Result};
use crate::random;

/// Reads base64 with its padding or without: some write secrets down so.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// Bytes of a secret.
const BYTES: usize = 32;
/// What a secret begins with as it is written down.
const PREFIX: &str = "whsec_";
/// How far a message's time may be off, in seconds.
const TOLERANCE: i64 = 5 * MINUTE / SECOND;

/// The secret that a hook and its receiver share. It is never shown by `Debug`.
#[derive(Clone)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn fresh() -> Result<Self> {
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(random::bytes::<BYTES>()?))))
    }

    /// One as it is written down: `whsec_` and base64, or base64 alone.
    ///
    /// # Errors
    /// [`Error::Internal`] when it is neither, or empty.
    pub fn read(text: &str) -> Result<Self> {
        let bytes =
            LENIENT.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map_err(|_| Error::internal("a webhook's secret is no base64"))?;
        if bytes.is_empty() {
            return Err(Error::internal("a webhook's secret is empty"));
        }
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(bytes))))
    }

    /// As it is written down.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The signature of a message sent at `at`, seconds since 1970.
    ///
    /// # Errors
    /// [`Error::Internal`] when the body is no UTF-8.
    pub fn sign(&self, id: &str, at: i64, body: &[u8]) -> Result<String> {
        let hook = Webhook::new(&self.0).map_err(Error::internal)?;
        hook.sign(id, at, body).map_err(Error::internal)
    }

    /// Whether a message received at `now`, seconds since 1970, was signed with this secret: what a receiver checks.
    pub fn vouches(&self, message: &Received<'_>, now: i64) -> bool {
        let (Some(id), Some(at), Some(signature)) = (message.id, message.at, message.signature) else { return false };
        let Ok(at) = at.parse::<i64>() else { return false };
        if (now - at).abs() > TOLERANCE {
            return false;
        }
        let Ok(own) = self.sign(id, at, message.body) else { return false };
        let same =
            |given: &str| given.len() == own.len() && given.bytes().zip(own.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0;
        signature.split(' ').any(same)
    }
}

/// A message as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// `webhook-id`.
    pub id: Option<&'a str>,
    /// `webhook-timestamp`.
    pub at: Option<&'a str>,
    /// `webhook-signature`: one or more, parted by blanks.
    pub signature: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}
