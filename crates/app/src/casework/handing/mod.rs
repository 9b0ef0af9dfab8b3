//! Handing in a form that the other side reads, and returning it with points to mend: what kinds of case with such a form share.

pub mod act;
pub mod api;
mod pages;

use std::future::Future;

use maud::{Markup, html};
use platform::cases::Case;
use platform::cases::rounds::NewPoint;
use platform::web::Visit;
use platform::{Cx, Result};
use rules::form::Form;
use uuid::Uuid;

use super::answering::Answered;
use super::says;

pub use pages::{about, may_begin, offered, points, points_here, routes};

/// A kind of case whose form is handed in, read, and returned or decided on. Its texts: `<kind>-declaration`, `-declaration-about`, `-sent`,
/// `-sent-warning`, `-follow`.
pub trait Handed: Answered {
    /// The action that hands it in.
    const SUBMIT: &'static str;

    /// The action with which it is returned from where it stands.
    fn returning(of: &Self::Thing) -> &'static str;
    /// What whoever hands it in declares, and what stands over it.
    fn declaration(visit: &Visit, of: &Self::Thing) -> (String, String) {
        let _ = (visit, of);
        (says(Self::KIND, "declaration"), says(Self::KIND, "declaration-about"))
    }
    /// What is to be known before it is handed in.
    fn before_declaring(visit: &Visit, of: &Self::Thing) -> impl Future<Output = Result<Markup>> + Send {
        let _ = (visit, of);
        async { Ok(html! {}) }
    }
    /// Hands it in, as it was read a moment ago.
    fn submit(cx: &Cx, of: Self::Thing, version: i32, declared: bool, reply: Option<&str>) -> impl Future<Output = Result<Case>> + Send;
    /// Returns it with points.
    fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str, points: &[NewPoint]) -> impl Future<Output = Result<()>> + Send;
}

/// A point of a return about a question, with the section that it stands in; or about the whole.
pub fn point(form: &Form, question: Option<&str>, text: &str) -> NewPoint {
    let within = |s: &&rules::form::Section, id: &str| s.questions.iter().any(|q| q.id == id || q.questions.iter().any(|i| i.id == id));
    let section = question.and_then(|id| form.sections.iter().find(|s| within(s, id))).map(|s| s.id.clone());
    NewPoint { section, question: question.map(str::to_owned), text: text.to_owned() }
}
