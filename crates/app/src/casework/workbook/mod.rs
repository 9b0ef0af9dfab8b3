//! The form of a case as a workbook: taken out, filled in with a spreadsheet, brought back. For every kind of case that answers a form;
//! what is in the workbook, `platform::forms::workbook` says.

pub mod act;
pub mod api;
mod pages;

pub use pages::{link, routes};

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::cases::api::Asks;
use platform::forms::workbook::{MEDIA, Origin};

use super::Process;

/// Most problems, and most changes, that are told of at a time.
const MOST_SHOWN: usize = 400;

/// A kind of case whose form goes out as a workbook.
pub trait Sheeted: Process + Asks {
    /// The action that takes the form out.
    const TAKE_FORM: &'static str;
}

/// A workbook, to be saved by whoever asked for it.
fn given(taken: act::Taken) -> Response {
    let headers =
        [(header::CONTENT_TYPE, MEDIA.to_owned()), (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", taken.name))];
    (headers, taken.bytes).into_response()
}

/// Which case's form a workbook is.
fn origin<P: Sheeted>(of: &P::Thing) -> Origin {
    let case = P::case(of);
    Origin {
        pack: case.pack.clone(),
        edition: case.edition.clone(),
        case: case.id,
        called: case.reference.clone().unwrap_or_else(|| case.title.clone()),
    }
}
