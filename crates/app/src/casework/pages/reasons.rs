//! Why the rules decide as they do: each reason with its sources, and what is not known and could change it (OWN-1).

use std::collections::BTreeMap;

use maud::{Markup, html};
use platform::{t, texts};
use rules::decision::{Explained, Outcome};

/// The paragraphs that something rests on.
pub fn source<S: AsRef<str>>(paragraphs: &[S]) -> Markup {
    let all: Vec<&str> = paragraphs.iter().map(AsRef::as_ref).collect();
    html! { span .govuk-hint .vs-inline { (t!("case-source", source = all.join(", "))) } }
}

/// The reasons for an outcome; `missing` says what the facts are that follow, which are not known.
pub fn reasons<O: Outcome>(explained: &Explained<O>, missing: &str) -> Markup {
    html! {
        @if !explained.because.is_empty() {
            ul .govuk-list .govuk-list--bullet {
                @for reason in &explained.because { li { (texts::say(&reason.message_id(O::DECISION), &reason.args)) " " (source(reason.source)) } }
            }
        }
        @if !explained.missing.is_empty() {
            p .govuk-body { (missing) }
            ul .govuk-list .govuk-list--bullet {
                @for fact in &explained.missing { li { (texts::say(&fact.message_id(O::DECISION), &BTreeMap::new())) } }
            }
        }
    }
}
