//! A posted form with files, which are read as they come in and never held whole. The same checks as for [`super::Uploaded`]: the token
//! against forged requests comes first, then the idempotency key; only then is the file begun.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use multer::{Field, Multipart};

use super::posted::{Posted, check_token, claim, text_of};
use super::uploaded::{begin, refused};
use super::{Fields, Visit};
use crate::Core;
use crate::error::{Error, Result};
use crate::files::{Source, plain_name};

/// Most fields beside the files.
const MOST_FIELDS: usize = 10_000;
/// Most files in one form.
const MOST_FILES: usize = 20;

/// The form, read up to its file. `visit` carries its idempotency key.
pub struct Streamed {
    /// The visit, whose one commit answers the form's idempotency key.
    pub visit: Visit,
    /// The file and what follows it.
    pub upload: Upload,
}

/// A file on its way in. Taken as a [`Source`], it ends where the file ends; [`Upload::next_file`] goes on to the one after it, and
/// [`Upload::finish`] reads what follows.
pub struct Upload {
    /// None of a form that was sent without files.
    multipart: Option<Multipart<'static>>,
    file: Option<Field<'static>>,
    /// Field and name of the file.
    begun: Option<(String, String)>,
    count: usize,
    /// Bytes that fields beside the files may still have.
    room: usize,
    pairs: Vec<(String, String)>,
}

impl FromRequest<Arc<Core>> for Streamed {
    type Rejection = Response;

    async fn from_request(request: Request, core: &Arc<Core>) -> Result<Self, Response> {
        read(request, core).await.map_err(axum::response::IntoResponse::into_response)
    }
}

async fn read(request: Request, core: &Arc<Core>) -> Result<Streamed> {
    let (mut parts, body) = request.into_parts();
    let mut visit = Visit::from_request_parts(&mut parts, core).await.map_err(|_| Error::internal("a form outside the router"))?;
    if is_plain(&parts.headers) {
        let Posted { visit, fields } = super::posted::read(Request::from_parts(parts, body), core).await?;
        return Ok(Streamed { visit, upload: Upload::plain(&fields) });
    }
    // Twice the limit is read before a browser is hung up on: what is a little too large gets an answer that says so.
    let limits = &core.settings.limits;
    let each = limits.file_mib.saturating_mul(2 * 1024 * 1024);
    let multipart = begin(&parts.headers, body, (each, each.saturating_mul(MOST_FILES as u64)), limits.form_kib)?;
    let room = usize::try_from(limits.form_kib.saturating_mul(1024)).unwrap_or(usize::MAX);
    let mut upload = Upload { multipart: Some(multipart), room, ..Upload::plain(&Fields::default()) };
    upload.fields().await?;
    let first = upload.pairs.first().filter(|(name, _)| name == "csrf");
    check_token(&visit, first.map_or("", |(_, token)| token))?;
    let once = upload.pairs.iter().find(|(name, _)| name == "once").map(|(_, key)| key.clone());
    claim(&mut visit, once.as_deref()).await?;
    Ok(Streamed { visit, upload })
}

fn is_plain(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    kind.starts_with("application/x-www-form-urlencoded")
}

impl Upload {
    fn plain(fields: &Fields) -> Self {
        Self { multipart: None, file: None, begun: None, count: 0, room: 0, pairs: fields.pairs().to_vec() }
    }

    /// The file's name, cleaned; none when no file was chosen.
    pub fn name(&self) -> Option<&str> {
        self.begun.as_ref().map(|(_, name)| name.as_str())
    }

    /// The name of the form's field that holds the file.
    pub fn field(&self) -> Option<&str> {
        self.begun.as_ref().map(|(field, _)| field.as_str())
    }

    /// Reads on to the next file, or to the end; what is left of this one is passed over.
    ///
    /// # Errors
    /// As [`Upload::finish`].
    pub async fn next_file(&mut self) -> Result<()> {
        while Source::next(self).await?.is_some() {}
        self.begun = None;
        self.fields().await
    }

    /// Reads fields up to the file, or to the end.
    async fn fields(&mut self) -> Result<()> {
        let Some(multipart) = &mut self.multipart else { return Ok(()) };
        while let Some(field) = multipart.next_field().await.map_err(refused)? {
            if let Some(chosen) = field.file_name().map(str::to_owned) {
                // What browsers send for a field where no file was chosen.
                if chosen.is_empty() {
                    continue;
                }
                self.count += 1;
                if self.count > MOST_FILES {
                    return Err(Error::TooLarge);
                }
                let name = text_of(field.name().unwrap_or_default().as_bytes().to_vec())?;
                self.begun = Some((name, plain_name(&chosen)));
                self.file = Some(field);
                return Ok(());
            }
            if self.pairs.len() >= MOST_FIELDS {
                return Err(Error::TooLarge);
            }
            let name = text_of(field.name().unwrap_or_default().as_bytes().to_vec())?;
            let mut value = Vec::new();
            let mut field = field;
            while let Some(bytes) = field.chunk().await.map_err(refused)? {
                self.room = self.room.checked_sub(bytes.len()).ok_or(Error::TooLarge)?;
                value.extend_from_slice(&bytes);
            }
            self.pairs.push((name, text_of(value)?));
        }
        Ok(())
    }

    /// Reads on to the end of the form: only then is it known that all of it came. The fields that are no files.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it was cut off or holds another file.
    pub async fn finish(mut self) -> Result<Fields> {
        self.next_file().await?;
        if self.begun.is_some() {
            return Err(Error::bad_request("error-upload-malformed"));
        }
        Ok(Fields::new(self.pairs))
    }
}

impl Source for Upload {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some(file) = &mut self.file else { return Ok(None) };
        let bytes = file.chunk().await.map_err(refused)?;
        if bytes.is_none() {
            // Dropped before the form goes on.
            self.file = None;
        }
        Ok(bytes)
    }
}
