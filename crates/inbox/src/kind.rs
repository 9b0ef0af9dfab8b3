//! Whether a person wrote a message (RFC 3834, RFC 3464, RFC 2919).

use crate::address::{Envelope, Mailbox};
use crate::head::Head;

/// Who or what wrote a message. Where several are true, the first of this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A mail server says that something could not be delivered, or only later.
    Bounce,
    /// Whatever sent it wants nothing back: the envelope names nobody.
    NullSender,
    /// A machine: an answer while somebody is away, a receipt, a notice, bulk mail.
    Automatic,
    /// It came by a mailing list, so an answer would go to many, or to nobody who asked.
    List,
    /// As far as can be told, a person.
    Person,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Bounce, Self::NullSender, Self::Automatic, Self::List, Self::Person];

    /// Its code: `bounce`, `null-sender`, `automatic`, `list` or `person`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::NullSender => "null-sender",
            Self::Automatic => "automatic",
            Self::List => "list",
            Self::Person => "person",
        }
    }
}

/// What a `multipart/report` reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Report {
    /// What became of a delivery.
    Delivery,
    /// Anything else: that it was read, that somebody complains.
    Other,
}

/// Who or what wrote the message.
pub(crate) fn kind(head: &Head<'_>, from: Option<&Mailbox>, envelope: &Envelope, report: Option<Report>) -> Kind {
    let server = from.is_some_and(|from| {
        let local = from.address.split('@').next().unwrap_or_default();
        ["mailer-daemon", "postmaster"].iter().any(|name| local.eq_ignore_ascii_case(name))
    });
    if server || report == Some(Report::Delivery) || head.first("x-failed-recipients").is_some() {
        return Kind::Bounce;
    }
    if *envelope == Envelope::Nobody {
        return Kind::NullSender;
    }
    let precedence = head.lower("precedence").unwrap_or_default();
    if report.is_some() || is_automatic(head) || matches!(precedence.as_str(), "bulk" | "junk" | "auto_reply") {
        return Kind::Automatic;
    }
    let lists = ["list-id", "list-unsubscribe", "list-post", "list-help"];
    if precedence == "list" || lists.iter().any(|name| head.first(name).is_some()) {
        return Kind::List;
    }
    Kind::Person
}

/// Whether a line says that a machine wrote it, or that it wants no answer of one.
fn is_automatic(head: &Head<'_>) -> bool {
    // What it says, up to what qualifies or explains it.
    let submitted = head.all("auto-submitted").any(|field| {
        let said = field.decoded();
        let word = said.split([';', '(', ' ']).next().unwrap_or_default();
        !word.eq_ignore_ascii_case("no")
    });
    let suppresses = head.all("x-auto-response-suppress").any(|field| {
        let said = field.decoded();
        said.split([',', ';', ' ']).any(|word| !word.is_empty() && !word.eq_ignore_ascii_case("none"))
    });
    let replies = ["x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from"];
    submitted || suppresses || replies.iter().any(|name| head.first(name).is_some())
}
