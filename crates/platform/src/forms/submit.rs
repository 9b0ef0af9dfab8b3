//! Submission: everything checked, then frozen with the wording shown.

use maud::{Markup, html};
use rules::form::{Answers, Form, FrozenDocument, Mode, Section};

use super::{Choices, names};
use crate::error::{Error, FieldErrors, Result};
use crate::{random, t, ui};

/// A submission, to be stored by the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Frozen {
    /// The document.
    pub document: FrozenDocument,
    /// Its canonical text: what is stored and digested.
    pub text: String,
    /// SHA-256 of the text, in hexadecimal.
    pub digest: String,
}

/// What stands against submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// By section, in the form's order: its id, its title, what is wrong by field name.
    pub sections: Vec<(String, String, FieldErrors)>,
}

/// Checks all answers and freezes them.
///
/// # Errors
/// Everything that is missing or wrong, by section.
pub fn freeze(form: &Form, answers: &Answers, pack: &str, edition: &str, choices: &Choices) -> Result<Frozen, Faults> {
    checked(form, answers, choices, |_| Mode::Submit)?;
    Ok(frozen(form, answers, (pack, edition), choices))
}

/// Freezes what there is of the answers: the section `first` must be whole, of the others only what is there must be right. With it, how many
/// answers are lacking that the whole form asks for.
///
/// # Errors
/// What is missing in that section, and what is wrong anywhere, by section.
pub fn freeze_so_far(
    form: &Form,
    answers: &Answers,
    (pack, edition): (&str, &str),
    choices: &Choices,
    first: &str,
) -> Result<(Frozen, usize), Faults> {
    checked(form, answers, choices, |section| if section == first { Mode::Submit } else { Mode::Draft })?;
    Ok((frozen(form, answers, (pack, edition), choices), lacking(form, answers, choices)))
}

/// How many answers are lacking that the form asks for.
pub fn lacking(form: &Form, answers: &Answers, choices: &Choices) -> usize {
    let of = |section: &Section| form.check_section(&section.id, answers, Mode::Submit, choices).iter().filter(|e| e.missing).count();
    form.sections.iter().map(of).sum()
}

fn checked(form: &Form, answers: &Answers, choices: &Choices, mode: impl Fn(&str) -> Mode) -> Result<(), Faults> {
    let sections: Vec<(String, String, FieldErrors)> = form
        .sections
        .iter()
        .filter_map(|section| {
            let errors = names::errors(&form.check_section(&section.id, answers, mode(&section.id), choices));
            (!errors.is_empty()).then(|| (section.id.clone(), section.title.clone(), errors))
        })
        .collect();
    if sections.is_empty() { Ok(()) } else { Err(Faults { sections }) }
}

fn frozen(form: &Form, answers: &Answers, (pack, edition): (&str, &str), choices: &Choices) -> Frozen {
    // Answers of questions that this edition does not have are left behind: only what is shown is frozen.
    let document = form.freeze(answers, pack, edition, choices);
    let bytes = document.to_bytes();
    let digest = hex::encode(random::digest(&bytes));
    Frozen { document, text: String::from_utf8_lossy(&bytes).into_owned(), digest }
}

/// Reads a stored submission.
///
/// # Errors
/// [`Error::Internal`] when the text is none, or is not what the digest says.
pub fn thaw(text: &str, digest: &str) -> Result<FrozenDocument> {
    if hex::encode(random::digest(text.as_bytes())) != digest {
        return Err(Error::internal("a stored submission does not match its digest"));
    }
    Ok(FrozenDocument::from_bytes(text.as_bytes())?)
}

impl Faults {
    /// As one list of errors, for `Error::Invalid`.
    pub fn all(&self) -> FieldErrors {
        let mut all = FieldErrors::default();
        for (name, text) in self.sections.iter().flat_map(|(_, _, errors)| errors.iter()) {
            all.add(name, text.clone());
        }
        all
    }

    /// The errors under the titles of their sections, each linked to its field; `href` gives a section's page.
    pub fn summary(&self, href: &dyn Fn(&str) -> String) -> Markup {
        html! {
            div .govuk-error-summary data-errors tabindex="-1" {
                div role="alert" {
                    h2 .govuk-error-summary__title { (t!("answering-not-ready")) }
                    div .govuk-error-summary__body {
                        @for (section, title, errors) in &self.sections {
                            h3 .govuk-heading-s { (title) }
                            ul .govuk-list .govuk-error-summary__list {
                                @for (name, text) in errors.iter() {
                                    li { a href={ (href(section)) "#" (ui::id_of(name)) } { (text) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
