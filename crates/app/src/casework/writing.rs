//! What is written around a case, and data about people in it (SEC-25): whoever writes takes it out, has it masked, or says why it must stand there.

use std::borrow::Cow;
use std::collections::BTreeSet;

use platform::error::FieldErrors;
use platform::texts::{self, Text};
use platform::{Error, Result};
use rules::screen::{self, Confidence, Finding, Kind};

use super::Process;

/// The longest reason, in characters.
const LONGEST: usize = 2_000;

/// What is to become of data about people in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum People {
    /// Nothing was said of it: a text that holds some is not taken.
    #[default]
    Unasked,
    /// It is masked before anything is stored.
    Masked,
    /// It has to stand there, for this reason: it is stored as it is, and shown to whoever may ask for it.
    Essential(String),
}

/// A message or a note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writing<'a> {
    /// What it says.
    pub body: &'a str,
    /// A note that stays within the party that writes it.
    pub internal: bool,
    /// What is to become of data about people in it.
    pub people: People,
}

impl<'a> Writing<'a> {
    /// A message for both sides.
    #[must_use]
    pub fn message(body: &'a str) -> Self {
        Self { body, ..Self::default() }
    }

    /// A note that stays within the party that writes it.
    #[must_use]
    pub fn note(body: &'a str) -> Self {
        Self { body, internal: true, ..Self::default() }
    }
}

/// What is stored of a text, and why it tells data about people, if it does. In a supplier's `own` note it cannot stand: nobody of the supplier's may
/// ask for it, and nobody else reads the note.
///
/// # Errors
/// [`Error::Invalid`] at `people` when it holds data about people of which nothing is said, or that may not stand there; at `people_reason` without a
/// reason.
pub(super) fn stored<P: Process>(body: &str, people: &People, own: bool) -> Result<(String, Option<String>)> {
    let found = if P::SCREENED { screen::screen(body) } else { Vec::new() };
    if found.is_empty() {
        return Ok((body.to_owned(), None));
    }
    match people {
        People::Unasked => Err(Error::field("people", Text::new("case-people-found").with("kinds", kinds(&found)))),
        People::Masked => Ok((screen::mask(body, found.iter().map(Finding::span)), None)),
        People::Essential(_) if own => Err(Error::field("people", Text::new("case-people-own-note"))),
        People::Essential(reason) => {
            let reason = reason.trim();
            if reason.is_empty() {
                return Err(Error::field("people_reason", Text::new("case-people-reason-missing")));
            }
            if reason.chars().count() > LONGEST {
                return Err(Error::field("people_reason", Text::new("error-too-long").with("max", LONGEST)));
            }
            free::<P>("people_reason", reason)?;
            Ok((body.to_owned(), Some(reason.to_owned())))
        }
    }
}

/// Notes as wrong what holds data about people where it is shown to everybody who reads the case. What merely has the form of such data passes, and so
/// do addresses in networks: what is to be done is often about one.
pub(crate) fn refuse<P: Process>(errors: &mut FieldErrors, field: &str, text: &str) {
    if P::SCREENED {
        refuse_but(errors, (field, text), "case-people-out", |_| false);
    }
}

/// As [`refuse`] of any text, which is told by the message `says`; what `passes` may stand there.
pub(crate) fn refuse_but(errors: &mut FieldErrors, (field, text): (&str, &str), says: &'static str, passes: impl Fn(&Finding) -> bool) {
    let mut found = screen::screen(text);
    found.retain(|finding| finding.confidence > Confidence::Low && finding.kind != Kind::Ip && !passes(finding));
    if !found.is_empty() {
        errors.add(field, Text::new(says).with("kinds", kinds(&found)));
    }
}

/// As [`refuse`], of one text alone.
///
/// # Errors
/// [`Error::Invalid`] at `field`.
pub(crate) fn free<P: Process>(field: &str, text: &str) -> Result<()> {
    let mut errors = FieldErrors::default();
    refuse::<P>(&mut errors, field, text);
    errors.or(())
}

/// A text without what is found in it, of a kind that is screened; borrowed where nothing is.
pub(super) fn open<P: Process>(text: &str) -> Cow<'_, str> {
    if P::SCREENED { screen::masked(text) } else { Cow::Borrowed(text) }
}

/// What was found, in words, each once.
pub(crate) fn kinds(found: &[Finding]) -> String {
    let kinds: BTreeSet<String> = found.iter().map(|finding| texts::t(&finding.kind.message_id())).collect();
    kinds.into_iter().collect::<Vec<_>>().join(", ")
}
