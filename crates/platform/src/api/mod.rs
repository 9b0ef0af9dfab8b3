//! The API kit: routes for programs, each registered with what its document says of it ([`Op`]). The same words build the document at
//! `/api/openapi.json`, check what is sent before a handler runs, and are what tests walk over, so none of them can say something else.
//!
//! ```text
//! Api::new().add(Op::post("places.add", "/api/v1/contracts/{id}/places", Area::Registers).takes::<Joining>().makes::<Place>(), api::add)
//!
//! pub(super) async fn add(call: Call) -> Answer {
//!     let id = act::add_place(&call.cx, call.id("id")?, &call.body()?).await?;
//!     call.made(&format!("/api/v1/…/{id}"), &place(&call.cx, id).await?, None)
//! }
//! ```
//!
//! Programs are known by a token ([`crate::identity::token`]) and never by a cookie, so nothing here needs a token against forged requests.

mod call;
mod check;
mod docs;
mod document;
mod gate;
mod op;
mod query;
mod rate;
mod schema;
mod scope;

pub use call::{Call, Listed};
pub use document::{Document, alone};
pub use op::{Api, Area, Content, Op};
pub use query::{Param, Takes};
pub use rate::Limit;
pub use schema::{Shapes, field as field_schema, nullable, object};
pub use scope::{SCOPES, Scopes};

pub(crate) use gate::{lost, mount, wrong_method};

#[cfg(test)]
mod tests;
