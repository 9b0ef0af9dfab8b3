//! Answering a form of a case: the list of its sections, and each section; what was handed in, what changed, what is sealed. How the whole is
//! checked and handed in, a kind of case says itself.

pub mod api;
mod pages;

use std::collections::BTreeMap;
use std::future::Future;

use maud::{Markup, html};
use platform::cases::Case;
use platform::cases::api::Asks;
use platform::cases::rounds::Submission;
use platform::files::Subject;
use platform::forms::drafts::Drafts;
use platform::web::{Answer, Visit};
use platform::{Cx, Error, Result, t};
use rules::form::{Form, FrozenDocument, Question};

use super::{Process, at};

pub use pages::{last, routes};

/// A kind of case whose form is answered on pages.
pub trait Answered: Process + Asks {
    /// The overview of a case, with the sealed answer at `shown` open.
    fn overview(visit: &Visit, id: &str, shown: Option<&str>) -> impl Future<Output = Answer> + Send;
    /// What stands over the list of sections.
    fn over_list(visit: &Visit, of: &Self::Thing, form: &Form, kept: &Drafts) -> impl Future<Output = Result<Markup>> + Send {
        let _ = (visit, of, form, kept);
        async { Ok(html! {}) }
    }
    /// What else can be done with the form, under the list of sections.
    fn under_list(visit: &Visit, of: &Self::Thing) -> Markup {
        let _ = (visit, of);
        html! {}
    }
    /// What can be given up, at the very end of that page.
    fn last_of_list(visit: &Visit, of: &Self::Thing) -> Markup {
        let _ = (visit, of);
        html! {}
    }
    /// What stands over a section; `carried` where its answers were carried forward and wait to be confirmed.
    fn over_section(
        visit: &Visit,
        of: &Self::Thing,
        form: &Form,
        section: &str,
        carried: bool,
    ) -> impl Future<Output = Result<Markup>> + Send {
        let _ = (visit, of, form, section, carried);
        async { Ok(html! {}) }
    }
}

/// The documents of all rounds that open, first to last, as they may be shown.
///
/// # Errors
/// When the database fails or a document was changed behind our back.
pub async fn documents<A: Asks>(cx: &Cx, case: &Case) -> Result<Vec<(Submission, FrozenDocument)>> {
    let all = platform::forms::documents::shown::<A>(cx, case).await?;
    Ok(all.into_iter().filter_map(|(submission, document)| Some((submission, document?))).collect())
}

/// The protective marking of the form that a case answers, if it has one (SEC-X2, SEC-X3).
pub fn marking<A: Asks>(cx: &Cx, case: &Case) -> Option<String> {
    let pack = A::pack(cx, case).ok()?;
    A::form(&pack).ok()?.marking.clone()
}

/// What files of such a case can belong to: every question, by field and name.
///
/// # Errors
/// When the case's form is gone.
pub fn file_fields<P: Answered>(cx: &Cx, case: &Case) -> Result<BTreeMap<String, String>> {
    let pack = P::pack(cx, case)?;
    let questions = P::form(&pack)?.sections.iter().flat_map(|section| &section.questions);
    let every = questions.flat_map(|question| std::iter::once(question).chain(&question.questions));
    Ok(every.map(|question| (format!("q.{}", question.id), t!("answering-file-question", title = &question.label))).collect())
}

/// The subject of a question that [`file_fields`] names, from that of the whole.
///
/// # Errors
/// [`Error::NotFound`] when there is no such question.
pub fn file_at<P: Answered>(cx: &Cx, case: &Case, field: &str, whole: Subject) -> Result<Subject> {
    let question = field.strip_prefix("q.").ok_or(Error::NotFound)?;
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let has = |q: &Question| q.id == question || q.questions.iter().any(|inner| inner.id == question);
    let sealed = |q: &Question| q.sensitive || q.questions.iter().any(|inner| inner.id == question && inner.sensitive);
    let mut all = form.sections.iter().flat_map(|s| s.questions.iter().map(move |q| (s, q)));
    let (section, asked) = all.find(|(_, q)| has(q)).ok_or(Error::NotFound)?;
    // Answers change only while the supplier writes; later files go to the case.
    let href = if whole.settled { whole.href.clone() } else { at::<P>(case, &format!("answers/{}", section.id)) };
    Ok(Subject { note: None, sensitive: sealed(asked), href, ..whole })
}
