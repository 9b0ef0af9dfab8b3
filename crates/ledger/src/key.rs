//! Ledger keys: Ed25519, written as C2SP signed notes write them.
//!
//! A key's name is the ledger's *origin*, for example `ledger.council.example`. The signing key's text
//! begins `PRIVATE+KEY+` and must be kept secret; the verifying key's text
//! (`origin+id+base64`) is what auditors are given.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};
use signed_note::{Note, NoteError, Signer as _, StandardSigner, StandardVerifier, Verifier as _, VerifierList};

/// Longest origin, in bytes.
pub const MAX_ORIGIN: usize = 200;
/// Longest text of a key, in bytes.
const MAX_KEY: usize = 512;
/// Longest signed note, in bytes; the crate refuses longer ones too.
pub const MAX_NOTE: usize = 1_000_000;

/// Why a key or a signed note was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The origin is empty, too long, or has characters other than visible ASCII without `+`.
    #[error("not an origin")]
    Origin,
    /// The text is not a key.
    #[error("not a key")]
    Key,
    /// The text is not a signed note.
    #[error("not a signed note")]
    Note,
    /// No key that was given has signed it.
    #[error("not signed by a known key")]
    UnknownKey,
    /// The signature does not fit the text.
    #[error("the signature does not fit")]
    Signature,
}

fn is_origin(text: &str) -> bool {
    (1..=MAX_ORIGIN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'+')
}

/// The key that signs checkpoints and exports.
#[derive(Clone)]
pub struct SigningKey {
    signer: StandardSigner,
    skey: String,
    public: VerifyingKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.vkey)
    }
}

impl SigningKey {
    /// Makes the key of the ledger `origin` from 32 random bytes of the caller.
    ///
    /// # Errors
    /// [`KeyError::Origin`].
    pub fn generate(origin: &str, random: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_origin(origin) {
            return Err(KeyError::Origin);
        }
        let key = ed25519_dalek::SigningKey::from_bytes(random);
        let vkey = signed_note::new_ed25519_verifier_key(origin, &key.verifying_key());
        let public = VerifyingKey::parse(&vkey)?;
        let mut private = [1; 33]; // the algorithm's number, then the key
        private[1..].copy_from_slice(random);
        let private = BASE64_STANDARD.encode(private);
        Self::parse(&format!("PRIVATE+KEY+{origin}+{:08x}+{private}", public.verifier.key_id()))
    }

    /// Reads a signing key from its text.
    ///
    /// # Errors
    /// [`KeyError::Key`].
    pub fn parse(skey: &str) -> Result<Self, KeyError> {
        if skey.len() > MAX_KEY {
            return Err(KeyError::Key);
        }
        let signer = StandardSigner::new(skey).map_err(|_| KeyError::Key)?;
        if !is_origin(signer.name()) {
            return Err(KeyError::Key);
        }
        // The last part is Base64, which may hold a plus sign itself.
        let secret = skey.splitn(5, '+').nth(4).and_then(|text| BASE64_STANDARD.decode(text).ok());
        let secret: [u8; 32] =
            secret.as_deref().and_then(|bytes| bytes.get(1..)).and_then(|bytes| bytes.try_into().ok()).ok_or(KeyError::Key)?;
        let key = ed25519_dalek::SigningKey::from_bytes(&secret);
        let vkey = signed_note::new_ed25519_verifier_key(signer.name(), &key.verifying_key());
        Ok(Self { public: VerifyingKey::parse(&vkey)?, signer, skey: skey.to_owned() })
    }

    /// The key's text, `PRIVATE+KEY+…`: a secret.
    pub fn secret_text(&self) -> &str {
        &self.skey
    }

    /// The key for auditors.
    pub fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// The ledger's origin.
    pub fn origin(&self) -> &str {
        self.public.origin()
    }

    /// Signs `text`, which must end in a newline, as a note.
    ///
    /// # Errors
    /// [`KeyError::Note`] when the text has control characters, lacks the newline or is too long.
    pub fn sign(&self, text: &str) -> Result<String, KeyError> {
        if text.len() > MAX_NOTE - 1000 {
            return Err(KeyError::Note);
        }
        let mut note = Note::new(text.as_bytes(), &[]).map_err(|_| KeyError::Note)?;
        note.add_sigs(&[&self.signer]).map_err(|_| KeyError::Note)?;
        String::from_utf8(note.to_bytes()).map_err(|_| KeyError::Note)
    }
}

/// The key that checks signatures.
#[derive(Clone)]
pub struct VerifyingKey {
    verifier: StandardVerifier,
    vkey: String,
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.vkey == other.vkey
    }
}

impl Eq for VerifyingKey {}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.vkey)
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.vkey)
    }
}

impl VerifyingKey {
    /// Reads a verifying key from its text.
    ///
    /// # Errors
    /// [`KeyError::Key`].
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        if vkey.len() > MAX_KEY {
            return Err(KeyError::Key);
        }
        let verifier = StandardVerifier::new(vkey).map_err(|_| KeyError::Key)?;
        // One text for each key: the id could be written in capitals.
        let canonical = vkey.split('+').nth(1) == Some(&format!("{:08x}", verifier.key_id()));
        if !canonical || !is_origin(verifier.name()) {
            return Err(KeyError::Key);
        }
        Ok(Self { verifier, vkey: vkey.to_owned() })
    }

    /// The key's text, `origin+id+base64`.
    pub fn as_str(&self) -> &str {
        &self.vkey
    }

    /// The ledger's origin.
    pub fn origin(&self) -> &str {
        self.verifier.name()
    }

    /// A fingerprint to read out and compare: SHA-256 of the key's text, in hexadecimal groups of
    /// four digits.
    pub fn fingerprint(&self) -> String {
        let digits = hex::encode(Sha256::digest(self.vkey.as_bytes()));
        let groups: Vec<&str> = (0..16).filter_map(|n| digits.get(n * 4..n * 4 + 4)).collect();
        groups.join(" ")
    }
}

/// Reads a signed note and checks that one of `keys` has signed it; returns its text and the
/// place in `keys` of the key that signed. With `alone`, that signature must be the note's only one,
/// so that no byte of the note is unsigned.
///
/// # Errors
/// [`KeyError::Note`], [`KeyError::UnknownKey`], [`KeyError::Signature`].
pub fn open_note(note: &[u8], keys: &[VerifyingKey], alone: bool) -> Result<(String, usize), KeyError> {
    if note.len() > MAX_NOTE {
        return Err(KeyError::Note);
    }
    let parsed = Note::from_bytes(note).map_err(|_| KeyError::Note)?;
    if parsed.to_bytes() != note {
        return Err(KeyError::Note);
    }
    let known = keys.iter().map(|key| Box::new(key.verifier.clone()) as Box<dyn signed_note::Verifier>);
    let (signatures, _) = parsed.verify(&VerifierList::new(known.collect())).map_err(|error| match error {
        NoteError::InvalidSignature { .. } => KeyError::Signature,
        NoteError::UnverifiedNote => KeyError::UnknownKey,
        _ => KeyError::Note,
    })?;
    let first = signatures.first().ok_or(KeyError::UnknownKey)?;
    if alone && [parsed.text(), b"\n", &first.to_bytes()].concat() != note {
        return Err(KeyError::Note);
    }
    let signer =
        keys.iter().position(|key| key.origin() == first.name() && key.verifier.key_id() == first.id()).ok_or(KeyError::UnknownKey)?;
    let text = std::str::from_utf8(parsed.text()).map_err(|_| KeyError::Note)?;
    Ok((text.to_owned(), signer))
}
