//! Sealing: AES-256-GCM with a data key per subject, wrapped by a master key. The place of a value (table, id, field) is part of what is
//! authenticated, so that nobody can swap two sealed values. Destroying a subject's key makes all that it sealed unreadable for ever.
//!
//! [`Keyring`] holds the master keys, [`subject`] the keys of subjects and which master key wraps them, [`blind`] finds sealed values by
//! their words.

use std::fmt::Write as _;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::random;

pub mod blind;
pub mod keyring;
pub mod subject;
#[cfg(test)]
mod tests;

pub use keyring::{KeyId, Keyring};
pub(crate) use subject::{InHand, destroy_subject_key};
pub use subject::{find_subject_key, find_subject_keys, subject_key_for};

/// The cryptographic module that runs, in words.
pub fn module() -> &'static str {
    if aws_lc_rs::try_fips_mode().is_ok() { "AWS-LC, its FIPS module" } else { "AWS-LC, not its FIPS module" }
}

/// Length of a key in bytes: 256 bits, and no other.
pub const KEY_LEN: usize = 32;
const VERSION: u8 = 1;

/// A 256-bit key, wiped from memory when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY_LEN]>);

impl Key {
    /// The key with these bytes.
    pub fn new(bytes: [u8; KEY_LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh random key.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn fresh() -> Result<Self> {
        Ok(Self::new(random::bytes()?))
    }

    /// The key in these bytes.
    ///
    /// # Errors
    /// When they are not [`KEY_LEN`] many.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.try_into().map_err(|_| Error::internal(format!("a key of {} bytes; it must have {KEY_LEN}", bytes.len())))?;
        Ok(Self::new(bytes))
    }

    /// The key's name, which tells nothing of the key.
    pub fn id(&self) -> KeyId {
        KeyId::of(self)
    }

    /// Reads a key file: 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else; the message says what to do and shows nothing of the key.
    pub fn read(path: &Path) -> Result<Self> {
        let cannot = |e: std::io::Error| Error::internal(format!("cannot read the key file {}: {e}{}", path.display(), who(&e)));
        let text = Zeroizing::new(std::fs::read(path).map_err(cannot)?);
        let mut bytes = Zeroizing::new([0u8; KEY_LEN]);
        hex::decode_to_slice(text.trim_ascii(), bytes.as_mut_slice()).map_err(|_| {
            Error::internal(format!(
                "the key file {} must hold 64 hexadecimal digits and nothing else; put back your copy, or make the key again from its \
                 shares with `vouchsafe keys restore`",
                path.display()
            ))
        })?;
        Ok(Self(bytes))
    }

    /// The key as 64 hexadecimal digits, for its file.
    pub fn to_hex(&self) -> Zeroizing<String> {
        let mut out = String::with_capacity(KEY_LEN * 2);
        for byte in self.0.iter() {
            let _ = write!(out, "{byte:02x}");
        }
        Zeroizing::new(out)
    }

    /// The raw bytes, for deriving and signing.
    pub fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// Seals `plain`, bound to `place`.
    ///
    /// # Errors
    /// When the cryptographic module fails.
    pub fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::bytes::<NONCE_LEN>()?;
        let body = self.encrypt(nonce, &place.bytes(), plain)?;
        let mut out = Vec::with_capacity(1 + NONCE_LEN + body.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&body);
        Ok(out)
    }

    /// Opens what [`Key::seal`] sealed for the same `place`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes were changed, belong elsewhere or were sealed with another key.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let wrong = || Error::internal(format!("a sealed value does not open: {}", place.describe()));
        let (version, rest) = sealed.split_first().ok_or_else(wrong)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(wrong)?;
        if *version != VERSION {
            return Err(wrong());
        }
        self.decrypt(*nonce, &place.bytes(), body).map_err(|_| wrong())
    }

    /// Ciphertext and tag. The nonce must never have been used with this key; its length and the key's are fixed by their types.
    fn encrypt(&self, nonce: [u8; NONCE_LEN], about: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let mut body = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
        body.extend_from_slice(plain);
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut body)
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok(body)
    }

    /// What [`Key::encrypt`] encrypted with the same nonce and `about`.
    fn decrypt(&self, nonce: [u8; NONCE_LEN], about: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut body = Zeroizing::new(body.to_vec());
        let len = self
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut body)
            .map_err(|_| Error::internal("a sealed value does not open"))?
            .len();
        body.truncate(len);
        Ok(body)
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.0.as_ref())
            .map(LessSafeKey::new)
            .map_err(|_| Error::internal("a sealing key has the wrong length"))
    }
}

/// Where a sealed value lives.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The row's id, as text.
    pub id: &'a str,
    /// The column or question.
    pub field: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        // Lengths before parts: no two places give the same bytes.
        let mut out = Vec::new();
        for part in [self.table, self.id, self.field] {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out
    }

    fn describe(&self) -> String {
        format!("{}/{}/{}", self.table, self.id, self.field)
    }
}

/// Who is kept out, where that is what is wrong.
fn who(error: &std::io::Error) -> &'static str {
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        "; make it readable by the account that runs the service, and by nobody else"
    } else {
        ""
    }
}
