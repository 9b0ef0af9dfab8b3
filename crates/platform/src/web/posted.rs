//! Posted forms: read once, checked for size, encoding and the token against forged requests, before any handler sees them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header;
use axum::response::Response;
use jiff::civil::Date;

use super::Visit;
use crate::Core;
use crate::error::{Error, FieldErrors, Result};
use crate::texts::Text;

/// The fields of a form in the order sent; a name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields from pairs.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Fields from a query string or form body, read as strictly as [`Posted`] reads.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is not text; [`Error::TooLarge`] when it has more than 10,000 fields.
    pub fn read(body: &[u8]) -> Result<Self> {
        parse(body)
    }

    /// Those of the query of an address, which may have none.
    ///
    /// # Errors
    /// As [`Fields::read`].
    pub fn of_address(address: &str) -> Result<Self> {
        Self::read(address.split_once('?').map_or("", |(_, query)| query).as_bytes())
    }

    /// The first value of `name`, without surrounding blanks; empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// The first value as it was sent: for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// The value of `name` unless blank.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|v| !v.is_empty())
    }

    /// All values of `name`.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    /// Whether `name` was sent at all, as a pressed button is.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// All pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The value of a field that must be filled in, at most `max` characters; else an error is noted.
    pub fn required(&self, errors: &mut FieldErrors, name: &str, message: &'static str, max: usize) -> String {
        let value = self.get(name);
        if value.is_empty() {
            errors.add(name, Text::new(message));
        } else if value.chars().count() > max {
            errors.add(name, Text::new("error-too-long").with("max", max));
        }
        value.to_owned()
    }

    /// The value of a field that may be empty, at most `max` characters; else an error is noted.
    pub fn optional(&self, errors: &mut FieldErrors, name: &str, max: usize) -> Option<String> {
        let value = self.some(name)?;
        if value.chars().count() > max {
            errors.add(name, Text::new("error-too-long").with("max", max));
        }
        Some(value.to_owned())
    }

    /// The day in the three boxes of `name`; none when all are empty.
    ///
    /// # Errors
    /// What to do, when it is no day between 1900 and 2200.
    pub fn date(&self, name: &str) -> Result<Option<Date>, Text> {
        date(["day", "month", "year"].map(|part| self.get(&format!("{name}.{part}"))))
    }

    /// The version of the record that the form was filled in against.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is missing or no number.
    pub fn version(&self) -> Result<i32> {
        self.get("version").parse().map_err(|_| Error::bad_request("error-version-missing"))
    }
}

/// A day from day, month and year as typed; none when all are empty.
pub(crate) fn date(parts: [&str; 3]) -> Result<Option<Date>, Text> {
    if parts.iter().all(|part| part.is_empty()) {
        return Ok(None);
    }
    let read = || {
        let year = parts[2].parse().ok().filter(|year| (1900..=2200).contains(year))?;
        Date::new(year, parts[1].parse().ok()?, parts[0].parse().ok()?).ok()
    };
    read().map(Some).ok_or_else(|| Text::new("register-date-wrong"))
}

/// A posted form that passed all checks. `visit` carries its idempotency key.
pub struct Posted {
    /// The visit, whose one commit answers the form's idempotency key.
    pub visit: Visit,
    /// The fields.
    pub fields: Fields,
}

impl FromRequest<Arc<Core>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, core: &Arc<Core>) -> Result<Self, Response> {
        read(request, core).await.map_err(axum::response::IntoResponse::into_response)
    }
}

pub(super) async fn read(request: Request, core: &Arc<Core>) -> Result<Posted> {
    let (mut parts, body) = request.into_parts();
    let mut visit = Visit::from_request_parts(&mut parts, core).await.map_err(|_| Error::internal("a form outside the router"))?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Error::bad_request("error-not-a-form"));
    }
    let limit = usize::try_from(core.settings.limits.form_kib * 1024).unwrap_or(usize::MAX);
    let body: Bytes = axum::body::to_bytes(body, limit).await.map_err(|_| Error::TooLarge)?;
    let fields = parse(&body)?;
    check_token(&visit, fields.raw("csrf"))?;
    claim(&mut visit, fields.some("once")).await?;
    Ok(Posted { visit, fields })
}

/// Refuses a form without this visitor's own token.
pub(super) fn check_token(visit: &Visit, token: &str) -> Result<()> {
    if token == visit.csrf { Ok(()) } else { Err(Error::bad_request("error-form-expired")) }
}

/// Gives the visit the form's idempotency key.
///
/// # Errors
/// [`Error::Repeated`] when it was used before.
pub(super) async fn claim(visit: &mut Visit, key: Option<&str>) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    if key.len() > 200 {
        return Err(Error::bad_request("error-not-a-form"));
    }
    let _ = visit.key.set(key.to_owned());
    visit.cx.refuse_repeat(key).await?;
    visit.cx = visit.cx.clone().once(Some(key.to_owned()));
    Ok(())
}

/// Reads a form body strictly: at most 10,000 fields, valid UTF-8, no control characters that no keyboard sends and no database stores.
fn parse(body: &[u8]) -> Result<Fields> {
    let mut pairs = Vec::new();
    for part in body.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
        let (name, value) = match part.iter().position(|b| *b == b'=') {
            Some(at) => (&part[..at], &part[at + 1..]),
            None => (part, &[][..]),
        };
        pairs.push((decode(name)?, decode(value)?));
        if pairs.len() > 10_000 {
            return Err(Error::TooLarge);
        }
    }
    Ok(Fields(pairs))
}

fn decode(part: &[u8]) -> Result<String> {
    let blanks: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&blanks).collect();
    text_of(bytes)
}

/// A field's text: valid UTF-8 without control characters, its line ends single.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|_| Error::bad_request("error-not-text"))?;
    let text = text.replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::bad_request("error-not-text"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
