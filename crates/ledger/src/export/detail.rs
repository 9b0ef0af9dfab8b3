//! The lines of the details files.

use std::io;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};

/// Longest body of a detail, in bytes: 4 MiB.
pub const MAX_BODY: usize = 4 << 20;
/// Longest line of a details file: a body of control characters grows sixfold as JSON.
pub(crate) const MAX_DETAIL_LINE: u64 = 6 * (MAX_BODY as u64) + 1024;

/// An entry's detail, as it is exported.
#[derive(Clone, Copy, Debug)]
pub enum Detail<'a> {
    /// Salt and body, unsealed.
    Open {
        /// The salt.
        salt: &'a [u8; 32],
        /// The body, at most [`MAX_BODY`] bytes.
        body: &'a [u8],
    },
    /// The key was destroyed; nobody can read the body again.
    Destroyed {
        /// The index of the entry (`key.destroyed`, about the same subject) that says so.
        by: u64,
    },
}

/// One line: `i` and either `salt` with `text` (a body of valid UTF-8) or `base64` (any other), or
/// `destroyed_by`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetailLine {
    pub(crate) i: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    destroyed_by: Option<u64>,
}

/// What a line says.
pub(crate) enum Said {
    Open { salt: [u8; 32], body: Vec<u8> },
    Destroyed { by: u64 },
}

impl DetailLine {
    /// `None` when the body is too long.
    pub(crate) fn new(index: u64, detail: &Detail<'_>) -> Option<Self> {
        let mut line = Self { i: index, salt: None, text: None, base64: None, destroyed_by: None };
        match *detail {
            Detail::Open { body, .. } if body.len() > MAX_BODY => return None,
            Detail::Open { salt, body } => {
                line.salt = Some(hex::encode(salt));
                match std::str::from_utf8(body) {
                    Ok(text) => line.text = Some(text.to_owned()),
                    Err(_) => line.base64 = Some(BASE64_STANDARD.encode(body)),
                }
            }
            Detail::Destroyed { by } => line.destroyed_by = Some(by),
        }
        Some(line)
    }

    /// The line with its newline.
    pub(crate) fn to_line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }

    /// Reads a line with its newline; only what would be written again just so is read.
    pub(crate) fn from_line(line: &[u8]) -> Option<(Self, Said)> {
        let read: Self = serde_json::from_slice(line).ok()?;
        let said = read.said()?;
        let detail = match &said {
            Said::Open { salt, body } => Detail::Open { salt, body },
            Said::Destroyed { by } => Detail::Destroyed { by: *by },
        };
        (Self::new(read.i, &detail)?.to_line().ok()? == line).then_some((read, said))
    }

    fn said(&self) -> Option<Said> {
        if let Some(by) = self.destroyed_by {
            return Some(Said::Destroyed { by });
        }
        let mut salt = [0; 32];
        hex::decode_to_slice(self.salt.as_ref()?, &mut salt).ok()?;
        let body = match (&self.text, &self.base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => BASE64_STANDARD.decode(base64).ok()?,
            _ => return None,
        };
        Some(Said::Open { salt, body })
    }
}
