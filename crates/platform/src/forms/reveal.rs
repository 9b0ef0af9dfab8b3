//! Sealed answers in a document that was handed in: a page shows that they were given, and one of them at a time to whoever asks for it by
//! a form of its own. Answering that leaves an entry; looking at a page does not.
//!
//! A feature posts the pressed button's [`FIELD`] to its act, which asks for a permit, sees with [`find`] that there is such an answer, and
//! commits the entry. Only then does its page draw the document with the answer [`Sealing::shown`]. Such an answer is stored by nobody: pages
//! are sent with `no-store`.

use maud::{Markup, html};
use rules::form::{FrozenAnswer, FrozenDocument, QuestionType};

use super::words;
use crate::{t, ui};

/// The field that names the answer to be shown.
pub const FIELD: &str = "answer";

/// How the sealed answers of a document are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Sealing<'a> {
    /// Where the form that asks for one is sent; none where nobody may ask.
    pub action: Option<&'a str>,
    /// The visit's token against forged requests.
    pub csrf: &'a str,
    /// The one that is shown: `contact`, `sites.2.protection`.
    pub shown: Option<&'a str>,
}

/// The sealed answer at `path` that somebody gave: with its label, as it is drawn.
pub fn find<'a>(document: &'a FrozenDocument, path: &str) -> Option<&'a FrozenAnswer> {
    let mut answers = document.sections.iter().flat_map(|section| &section.answers);
    let found = match path.split_once('.') {
        None => answers.find(|answer| answer.id == path && answer.sensitive)?,
        Some((group, rest)) => {
            let (index, id) = rest.split_once('.')?;
            let group = answers.find(|answer| answer.id == group && answer.kind == QuestionType::Group)?;
            let entry = group.entries.get(index.parse::<usize>().ok()?)?;
            entry.iter().find(|inner| inner.id == id && (inner.sensitive || group.sensitive))?
        }
    };
    (!found.value.is_null()).then_some(found)
}

/// Whether an answer is kept from whoever only looks at the page.
pub(super) fn closed(answer: &FrozenAnswer) -> bool {
    answer.sensitive && !answer.value.is_null()
}

/// A sealed answer, closed or, asked for, open.
pub(super) fn drawn(answer: &FrozenAnswer, path: &str, label: &str, sealing: &Sealing<'_>) -> Markup {
    if sealing.shown == Some(path) {
        return html! {
            div #sealed .vs-opened { (words::answer(answer).unwrap_or_default()) }
            p .govuk-hint { (t!("answering-shown")) }
        };
    }
    html! {
        div .vs-sealed {
            (mask())
            @if sealing.action.is_some() {
                " " (ui::named_button(&t!("answering-show"), ui::ButtonKind::Quiet, FIELD, path, Some(label)))
            }
        }
    }
}

/// What stands in a sealed answer's place.
pub(super) fn mask() -> Markup {
    html! { span .vs-unanswered { (t!("answering-sealed")) } }
}
