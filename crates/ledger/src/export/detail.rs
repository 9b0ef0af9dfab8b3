//! The lines of the details files.

use std::io;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use crate::canonical::Cursor;

/// Longest body of a detail, in bytes: 4 MiB.
pub const MAX_BODY: usize = 4 << 20;
/// Longest line of a details file: a body of control characters grows sixfold as JSON.
pub(crate) const MAX_DETAIL_LINE: usize = 6 * MAX_BODY + 1024;

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
#[derive(Serialize)]
pub(crate) struct DetailLine<'a> {
    i: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destroyed_by: Option<u64>,
}

/// What a line says.
pub(crate) enum Said {
    Open { salt: [u8; 32], body: Vec<u8> },
    Destroyed { by: u64 },
}

impl<'a> DetailLine<'a> {
    /// `None` when the body is too long.
    pub(crate) fn new(index: u64, detail: &Detail<'a>) -> Option<Self> {
        let mut line = Self { i: index, salt: None, text: None, base64: None, destroyed_by: None };
        match *detail {
            Detail::Open { body, .. } if body.len() > MAX_BODY => return None,
            Detail::Open { salt, body } => {
                line.salt = Some(hex::encode(salt));
                match std::str::from_utf8(body) {
                    Ok(text) => line.text = Some(text),
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
}

impl Said {
    /// Reads a line without its newline, and the index in it; only what would be written again just so is read.
    pub(crate) fn from_line(line: &[u8]) -> Option<(u64, Self)> {
        let mut line = Cursor::new(line);
        line.literal(b"{\"i\":")?;
        let index = line.number()?;
        let said = if line.literal(b",\"destroyed_by\":").is_some() {
            Self::Destroyed { by: line.number()? }
        } else {
            line.literal(b",\"salt\":\"")?;
            let salt = line.digest()?;
            let body = if line.literal(b",\"text\":\"").is_some() {
                line.escaped()?
            } else {
                line.literal(b",\"base64\":\"")?;
                // What is valid UTF-8 is written as text.
                BASE64_STANDARD.decode(line.escaped()?).ok().filter(|body| std::str::from_utf8(body).is_err())?
            };
            Self::Open { salt, body: Some(body).filter(|body| body.len() <= MAX_BODY)? }
        };
        line.literal(b"}")?;
        line.end()?;
        Some((index, said))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn said(line: &str) -> Option<(u64, Vec<u8>)> {
        match Said::from_line(line.as_bytes())? {
            (index, Said::Open { body, .. }) => Some((index, body)),
            (index, Said::Destroyed { by }) => Some((index, by.to_string().into_bytes())),
        }
    }

    #[test]
    fn only_what_would_be_written_again_just_so_is_read() {
        let salt = "0a".repeat(32);
        let text = |text: &str| format!("{{\"i\":7,\"salt\":\"{salt}\",\"text\":\"{text}\"}}");
        let base64 = |text: &str| format!("{{\"i\":7,\"salt\":\"{salt}\",\"base64\":\"{text}\"}}");
        for (line, body) in [
            (text("plain"), b"plain".to_vec()),
            (text("\\\"\\n\\u0001é"), "\"\n\u{1}é".as_bytes().to_vec()),
            (base64("/w=="), vec![0xff]),
            ("{\"i\":7,\"destroyed_by\":9}".to_owned(), b"9".to_vec()),
        ] {
            assert_eq!(said(&line), Some((7, body)), "{line}");
        }
        for line in [
            text("plain").replace(",\"text", ", \"text"),
            text("plain").replace("\"i\":7", "\"i\":07"),
            text("plain").replace(&salt, &salt.to_uppercase()),
            text("plain").replace(&salt, &salt[2..]),
            text("plain").replace('}', ",\"base64\":\"/w==\"}"),
            text("plain").replace('}', ",\"destroyed_by\":9}"),
            text("plain").replace('}', ",\"text\":\"plain\"}"),
            text("plain").replace('}', ",\"more\":1}"),
            format!("{}\n", text("plain")),
            text("\\u0041"),
            text("\\/"),
            text("\\u000a"),
            base64("cGxhaW4="),
            base64("/w"),
            base64("/x=="),
            base64("\\/w=="),
            "{\"i\":7,\"destroyed_by\":null}".to_owned(),
            "{\"i\":7}".to_owned(),
            "{\"destroyed_by\":9,\"i\":7}".to_owned(),
        ] {
            assert_eq!(said(&line), None, "{line}");
        }
    }
}
