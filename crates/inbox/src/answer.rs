//! Whether a machine may answer a message, and what such an answer begins with (RFC 3834).

use crate::{Kind, Message, Verdict, identity, words};

/// The most that the line `References` of an answer holds, in bytes.
const REFERENCES: usize = 2_000;
/// The longest subject of an answer, in bytes.
const SUBJECT: usize = 200;

/// Whether a machine may tell the sender that the message arrived. `matched`: whether the sender is somebody of a party that we know.
///
/// Not whom nobody knows, not what a machine, a list or a mail server sent, not what a server that we trust found forged, not who cannot be
/// told, and never ourselves.
pub fn may_acknowledge(message: &Message, matched: bool) -> bool {
    matched
        && message.kind == Kind::Person
        && !message.from_ourselves
        && message.from_is_one
        && message.from.is_some()
        && message.authentication.author() != Verdict::Fail
}

/// What an answer to a message begins with. All of it is ASCII or words in one line: nothing in it can begin another line of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Its subject, at most 200 bytes.
    pub subject: String,
    /// What its line `In-Reply-To` holds, with brackets; none where the message brought no id of its own.
    pub in_reply_to: Option<String>,
    /// What its line `References` holds, with brackets, at most 2,000 bytes; none where there is nothing to name.
    pub references: Option<String>,
    /// What its line `Auto-Submitted` holds, so that no machine answers it.
    pub auto_submitted: &'static str,
}

/// What an answer to this message begins with. Whether there may be one, [`may_acknowledge`] says; it goes to [`Message::from`] and nowhere
/// else, whatever the message asks for.
pub fn acknowledgement(message: &Message) -> Acknowledgement {
    let mut subject = message.subject.as_str();
    // However often it went back and forth. Byte by byte: the letters before it may be of any kind.
    while subject.as_bytes().get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"re:")) {
        subject = subject[3..].trim_start();
    }
    let subject = words::line(&format!("Re: {subject}"), SUBJECT);
    let own = Some(message.id.as_str()).filter(|id| !message.id_is_ours && identity::fits(id));
    let before = if message.references.is_empty() && message.in_reply_to.len() == 1 { &message.in_reply_to } else { &message.references };
    let before: Vec<&str> = before.iter().map(String::as_str).filter(|id| identity::fits(id) && Some(*id) != own).collect();
    // The first one and the latest ones: what lies between is the first to be left out.
    let length = |id: &str| id.len() + 3;
    let mut left = REFERENCES - own.map_or(0, length);
    let mut kept: Vec<&str> = Vec::new();
    let (first, rest) = before.split_first().map_or((None, before.as_slice()), |(first, rest)| (Some(*first), rest));
    left -= first.map_or(0, length);
    for id in rest.iter().rev().take_while(|id| {
        let fits = length(id) <= left;
        left -= if fits { length(id) } else { 0 };
        fits
    }) {
        kept.push(id);
    }
    let all: Vec<String> = first.into_iter().chain(kept.into_iter().rev()).chain(own).map(|id| format!("<{id}>")).collect();
    Acknowledgement {
        subject,
        in_reply_to: own.map(|id| format!("<{id}>")),
        references: (!all.is_empty()).then(|| all.join(" ")),
        auto_submitted: "auto-replied",
    }
}
