//! Sections of a form passed to somebody without an account (OFF-8): whoever drafts the answers sends a link to a name and an address, and
//! whoever holds it answers those sections, hands them back, or passes them on. For every kind of case that answers a form; links and their
//! state are `platform::forms::passing`, what keeps a section closed is `platform::forms::closed`.

pub mod act;
pub mod api;
mod asked;
mod delegating;
mod pages;
mod parts;

pub use pages::{list_path, routes, waiting};

use platform::authz::Resource;
use platform::cases::Case;
use platform::cases::api::Asks;
use platform::clock::Millis;
use platform::forms::passing::{self, Model, State};
use rules::form::{Form, Section};

use super::Process;

/// A link works so many days unless whoever asks says otherwise.
pub const USUAL_DAYS: i64 = 14;
/// The longest that a link may work, in days.
pub const LONGEST_DAYS: i64 = 60;
/// Most links of a case that work at a time.
pub const MOST_OPEN: usize = 100;
/// Most links that stand right below one.
pub const MOST_BELOW: usize = 10;

/// The actions around sections that are passed on.
#[derive(Debug, Clone, Copy)]
pub struct PassActs {
    /// Passing sections to somebody.
    pub pass: &'static str,
    /// Sending the link again.
    pub resend: &'static str,
    /// Letting it work for longer.
    pub extend: &'static str,
    /// Calling it back.
    pub revoke: &'static str,
    /// Taking what was handed back.
    pub take: &'static str,
    /// Asking again.
    pub ask_again: &'static str,
    /// Answering, by the holder.
    pub answer: &'static str,
    /// Handing back, by the holder.
    pub hand_back: &'static str,
    /// Passing on, by the holder.
    pub delegate: &'static str,
}

/// The [`PassActs`] of a kind.
#[macro_export]
macro_rules! pass_acts {
    ($kind:literal) => {
        $crate::casework::passing::PassActs {
            pass: concat!($kind, ".pass_section"),
            resend: concat!($kind, ".resend_section"),
            extend: concat!($kind, ".extend_section"),
            revoke: concat!($kind, ".revoke_section"),
            take: concat!($kind, ".take_section"),
            ask_again: concat!($kind, ".ask_section_again"),
            answer: concat!($kind, ".answer_section"),
            hand_back: concat!($kind, ".hand_back_section"),
            delegate: concat!($kind, ".delegate_section"),
        }
    };
}

/// A kind of case whose sections are passed on.
pub trait Passes: Process + Asks {
    /// Its actions.
    const PASS: PassActs;
}

/// How a link stands for its holder and for whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It is answered.
    Open,
    /// It was called back, or one above it.
    Revoked,
    /// What it is about was handed in, or is answered no more.
    HandedIn,
    /// It was handed back and is not looked at yet.
    HandedBack,
    /// What was handed back was taken.
    Taken,
    /// Its last day is over.
    Expired,
}

impl Stands {
    /// The code, for texts and programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Revoked => "revoked",
            Self::HandedIn => "handed_in",
            Self::HandedBack => "handed_back",
            Self::Taken => "taken",
            Self::Expired => "expired",
        }
    }
}

/// How a link stands: below those `above` it, on a case that is `written` still or not, at `now`.
pub fn stands(row: &Model, above: &[&Model], (case, written): (&Case, bool), now: Millis) -> Stands {
    let chain = || std::iter::once(row).chain(above.iter().copied());
    if chain().any(|link| link.is(State::Revoked)) {
        Stands::Revoked
    } else if !written || row.round != case.round {
        Stands::HandedIn
    } else if chain().any(|link| link.is(State::Taken)) {
        Stands::Taken
    } else if chain().any(|link| link.is(State::HandedBack)) {
        Stands::HandedBack
    } else if chain().any(|link| link.until < now) {
        Stands::Expired
    } else {
        Stands::Open
    }
}

/// Whether all links above one still work, without which it opens nothing whatever becomes of itself.
pub fn reached(all: &[Model], row: &Model, now: Millis) -> bool {
    passing::above(all, row).iter().all(|link| link.is(State::Open) && link.until >= now)
}

/// A case as the holder of a link comes to it: policies let a link do nothing where this does not name it.
pub fn through<P: Passes>(of: &P::Thing, link: &Model, stands: Stands) -> Resource {
    use platform::authz::Guarded as _;
    let thing = of.resource();
    if stands == Stands::Open { thing.with("open_link", link.id) } else { thing }
}

/// The sections of a form that a link opens, in the form's order.
pub fn sections_of<'a>(form: &'a Form, row: &Model) -> Vec<&'a Section> {
    form.sections.iter().filter(|section| row.sections().any(|id| id == section.id)).collect()
}

/// The titles of the sections of a link.
pub fn titles(form: &Form, row: &Model) -> Vec<String> {
    sections_of(form, row).into_iter().map(|section| section.title.clone()).collect()
}

/// The address of the pages of whoever holds a link.
pub fn path_of<P: Passes>(token: &str, page: &str) -> String {
    if page.is_empty() { format!("/asked{}/{token}", P::PAGES) } else { format!("/asked{}/{token}/{page}", P::PAGES) }
}

#[cfg(test)]
mod tests;
