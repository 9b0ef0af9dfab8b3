//! What a message is to us, why it waits, and what became of it; pure.

use inbox::{Kind, Message, Verdict};
use platform::authz::{Guarded, Resource};
use platform::texts;
use uuid::Uuid;

/// The kind of thing that a message is, for policies and the ledger.
pub const KIND: &str = "mail";
/// Where the list is.
pub const LIST: &str = "/incidents/mail";
/// The most messages of one sender that become reports within a day: whoever floods us is stopped, and what comes is kept.
pub const MOST: u64 = 50;
/// The longest reason, in characters.
pub const LONGEST: usize = 8_000;

/// Where a message is.
pub fn at(id: Uuid) -> String {
    format!("{LIST}/{id}")
}

/// Why a message waits for a person. Where several are so, the first of this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Another message came with the same id, and says something else.
    SameId,
    /// Its From line does not name one author.
    Author,
    /// A server that we trust found that it does not come from whom it names.
    Forged,
    /// It comes from an address of our own.
    Ourselves,
    /// A machine or a list sent it.
    Automatic,
    /// Nobody with an account has the sender's address, or that account is none of a supplier's.
    Unknown,
    /// It seems to be about an incident that was reported before.
    Answer,
    /// So many reports came from the sender within a day that the rest wait.
    Many,
    /// The sender's party stands at no running place.
    NoPlace,
    /// The sender's party stands at several places, or the sender belongs to several.
    Several,
    /// The pack on the contract asks nothing about incidents.
    NoForm,
}

impl Why {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::SameId,
        Self::Author,
        Self::Forged,
        Self::Ourselves,
        Self::Automatic,
        Self::Unknown,
        Self::Answer,
        Self::Many,
        Self::NoPlace,
        Self::Several,
        Self::NoForm,
    ];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::SameId => "same_id",
            Self::Author => "author",
            Self::Forged => "forged",
            Self::Ourselves => "ourselves",
            Self::Automatic => "automatic",
            Self::Unknown => "unknown",
            Self::Answer => "answer",
            Self::Many => "many",
            Self::NoPlace => "no_place",
            Self::Several => "several",
            Self::NoForm => "no_form",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.code() == code)
    }

    /// In words, with what to do.
    pub fn says(self) -> String {
        texts::t(&format!("mail-why-{}", self.code().replace('_', "-")))
    }

    /// Whether people are told at once, each time: what strangers and machines send is told of once a day at most.
    pub fn is_pressing(self) -> bool {
        !matches!(self, Self::Ourselves | Self::Automatic | Self::Unknown | Self::Author | Self::Many)
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for a person.
    Waiting,
    /// It was made a report.
    Reported,
    /// It was added to an incident that was reported before.
    Added,
    /// Somebody set it aside, with a reason. It is kept.
    SetAside,
}

impl State {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Reported, Self::Added, Self::SetAside];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reported => "reported",
            Self::Added => "added",
            Self::SetAside => "set_aside",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// In words.
    pub fn says(self) -> String {
        texts::t(&format!("mail-state-{}", self.code().replace('_', "-")))
    }
}

/// A message, for policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mail {
    /// Its id.
    pub id: Uuid,
}

impl Guarded for Mail {
    fn resource(&self) -> Resource {
        Resource::new(KIND, self.id)
    }
}

/// Any message, for asking whether somebody may at all.
pub fn any() -> Mail {
    Mail { id: Uuid::nil() }
}

/// What is known of a sender, for deciding whether a message waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether the address is that of an account of a supplier's.
    pub somebody: bool,
    /// At how many running places its parties stand.
    pub places: usize,
    /// Whether the message seems to be about an incident that was reported before.
    pub answers: bool,
    /// Whether another message came with the same id.
    pub same_id: bool,
    /// How many reports came from the sender within a day.
    pub reports: u64,
}

/// Why a message waits for a person; none where it becomes a report at once.
pub fn why(message: &Message, known: Known) -> Option<Why> {
    let reasons = [
        (known.same_id, Why::SameId),
        (message.from.is_none() || !message.from_is_one, Why::Author),
        (message.authentication.author() == Verdict::Fail, Why::Forged),
        (message.from_ourselves, Why::Ourselves),
        (message.kind != Kind::Person, Why::Automatic),
        (!known.somebody, Why::Unknown),
        (known.answers, Why::Answer),
        (known.reports >= MOST, Why::Many),
        (known.places == 0, Why::NoPlace),
        (known.places > 1, Why::Several),
    ];
    reasons.into_iter().find_map(|(is_so, why)| is_so.then_some(why))
}

/// References of incidents that a subject names: `INC-2026-000001`.
pub fn references(subject: &str) -> Vec<String> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let of = |word: &str| {
        let mut parts = word.split('-');
        let (prefix, year, number) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = prefix == "INC" && year.len() == 4 && digits(year) && (6..=9).contains(&number.len()) && digits(number);
        (fits && parts.next().is_none()).then(|| word.to_owned())
    };
    subject.to_ascii_uppercase().split(|c| !is_sign(c)).filter_map(of).take(5).collect()
}
