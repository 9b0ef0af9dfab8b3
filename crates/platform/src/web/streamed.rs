//! A posted form with one file, which is read as it comes in and never held whole. The same checks as for [`super::Uploaded`]: the token
//! against forged requests comes first, then the idempotency key; only then is the file begun.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::Response;
use multer::{Field, Multipart};

use super::posted::{check_token, claim, text_of};
use super::uploaded::{begin, refused};
use super::{Fields, Visit};
use crate::Core;
use crate::error::{Error, Result};
use crate::files::{Source, plain_name};

/// Most fields beside the file.
const MOST_FIELDS: usize = 100;

/// The form, read up to its file. `visit` carries its idempotency key.
pub struct Streamed {
    /// The visit, whose one commit answers the form's idempotency key.
    pub visit: Visit,
    /// The file and what follows it.
    pub upload: Upload,
}

/// A file on its way in. Taken as a [`Source`], it ends where the file ends; [`Upload::finish`] reads what follows.
pub struct Upload {
    multipart: Multipart<'static>,
    file: Option<Field<'static>>,
    name: Option<String>,
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
    // Twice the limit is read before a browser is hung up on: what is a little too large gets an answer that says so.
    let most = core.settings.limits.file_mib.saturating_mul(2 * 1024 * 1024);
    let multipart = begin(&parts.headers, body, most, core.settings.limits.form_kib)?;
    let mut upload = Upload { multipart, file: None, name: None, pairs: Vec::new() };
    upload.fields().await?;
    let first = upload.pairs.first().filter(|(name, _)| name == "csrf");
    check_token(&visit, first.map_or("", |(_, token)| token))?;
    let once = upload.pairs.iter().find(|(name, _)| name == "once").map(|(_, key)| key.clone());
    claim(&mut visit, once.as_deref()).await?;
    Ok(Streamed { visit, upload })
}

impl Upload {
    /// The file's name, cleaned; none when no file was chosen.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Reads fields up to the file, or to the end.
    async fn fields(&mut self) -> Result<()> {
        while let Some(field) = self.multipart.next_field().await.map_err(refused)? {
            if let Some(chosen) = field.file_name().map(str::to_owned) {
                if self.name.is_some() {
                    return Err(Error::bad_request("error-upload-malformed"));
                }
                // What browsers send for a field where no file was chosen.
                if chosen.is_empty() {
                    continue;
                }
                self.name = Some(plain_name(&chosen));
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
                value.extend_from_slice(&bytes);
                if value.len() > 64 * 1024 {
                    return Err(Error::TooLarge);
                }
            }
            self.pairs.push((name, text_of(value)?));
        }
        Ok(())
    }

    /// Reads on to the end of the form: only then is it known that all of it came. The fields that are no files.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it was cut off or holds a second file.
    pub async fn finish(mut self) -> Result<Fields> {
        // What is left of a file that nobody wanted.
        while Source::next(&mut self).await?.is_some() {}
        self.fields().await?;
        if self.file.is_some() {
            return Err(Error::bad_request("error-upload-malformed"));
        }
        Ok(Fields::new(self.pairs))
    }

    /// The fields that came before the file.
    pub fn so_far(&self) -> Fields {
        Fields::new(self.pairs.clone())
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
