//! Posted forms that carry files. The same checks as for [`super::Posted`]; the token against forged requests is the first field of our
//! forms and is checked before anything after it is read.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use multer::{Constraints, Multipart, SizeLimit};

use super::posted::{check_token, claim, text_of};
use super::{Fields, Visit};
use crate::Core;
use crate::error::{Error, Result};
use crate::files::plain_name;

/// Most parts of one form.
const MOST_PARTS: usize = 1000;

/// A file as someone chose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// The name of the form's field.
    pub field: String,
    /// The file's name without folders, at most 200 characters.
    pub name: String,
    /// Its bytes, all together at most `limits.upload_mib` MiB.
    pub bytes: Vec<u8>,
}

/// A posted form with files that passed all checks. `visit` carries its idempotency key.
pub struct Uploaded {
    /// The visit, whose one commit answers the form's idempotency key.
    pub visit: Visit,
    /// The fields that are no files.
    pub fields: Fields,
    /// The files, in the order sent; a field left empty sends none.
    pub files: Vec<UploadedFile>,
}

impl FromRequest<Arc<Core>> for Uploaded {
    type Rejection = Response;

    async fn from_request(request: Request, core: &Arc<Core>) -> Result<Self, Response> {
        read(request, core).await.map_err(axum::response::IntoResponse::into_response)
    }
}

async fn read(request: Request, core: &Arc<Core>) -> Result<Uploaded> {
    let (mut parts, body) = request.into_parts();
    let mut visit = Visit::from_request_parts(&mut parts, core).await.map_err(|_| Error::internal("a form outside the router"))?;
    let most = core.settings.limits.upload_mib.saturating_mul(1024 * 1024);
    let mut multipart = begin(&parts.headers, body, (most, most), core.settings.limits.form_kib)?;
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    let mut checked = false;
    let mut count = 0;
    while let Some(field) = multipart.next_field().await.map_err(refused)? {
        count += 1;
        if count > MOST_PARTS {
            return Err(Error::TooLarge);
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        if !checked && (name != "csrf" || file.is_some()) {
            return Err(Error::bad_request("error-form-expired"));
        }
        let bytes = field.bytes().await.map_err(refused)?.to_vec();
        match file {
            // What browsers send for a field where no file was chosen.
            Some(chosen) if chosen.is_empty() && bytes.is_empty() => {}
            Some(chosen) => files.push(UploadedFile { field: text_of(name.into_bytes())?, name: plain_name(&chosen), bytes }),
            None => pairs.push((text_of(name.into_bytes())?, text_of(bytes)?)),
        }
        if !checked {
            check_token(&visit, pairs.first().map_or("", |(_, token)| token))?;
            checked = true;
        }
    }
    if !checked {
        return Err(Error::bad_request("error-form-expired"));
    }
    let fields = Fields::new(pairs);
    claim(&mut visit, fields.some("once")).await?;
    Ok(Uploaded { visit, fields, files })
}

/// Begins reading a multipart body with files of at most `each` bytes, `all` together; fields beside them get as much room as a form
/// without files.
///
/// # Errors
/// [`Error::BadRequest`] when it is none; [`Error::TooLarge`] when it announces more.
pub(super) fn begin(headers: &HeaderMap, body: Body, (each, all): (u64, u64), form_kib: u64) -> Result<Multipart<'static>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let boundary = multer::parse_boundary(kind).map_err(|_| Error::bad_request("error-not-a-form"))?;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    let whole = all.saturating_add(form_kib.saturating_mul(1024));
    if announced.is_some_and(|announced| announced > whole) {
        return Err(Error::TooLarge);
    }
    let limits = SizeLimit::new().whole_stream(whole).per_field(each);
    Ok(Multipart::with_constraints(body.into_data_stream(), boundary, Constraints::new().size_limit(limits)))
}

/// Why the body could not be read: too large, or not what it says it is.
pub(super) fn refused(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => Error::TooLarge,
        _ => Error::bad_request("error-upload-malformed"),
    }
}
