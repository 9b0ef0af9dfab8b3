//! One e-mail as a mail server hands it over, for incidents that are reported by e-mail. (SEC-X1h: every report is taken)
//!
//! [`read`] takes the bytes that a mail server pipes to a program or lays into a folder, and gives a [`Message`]: who says to have sent it,
//! what a server that we trust says of that, the text, what is attached. Nothing of it is trusted. Depth, parts, sizes and text are bounded
//! by [`Limits`], counted before memory is taken for them, and every byte is looked at a bounded number of times.
//!
//! **Nothing is lost.** An [`Error`] is only for what is no message at all, or larger than a message may be. Whatever else cannot be read is
//! named in [`Message::unread`] with its place in the bytes, and the rest is read all the same. The caller has the bytes and keeps them as
//! they came: what is given here is for people to read, not what was sent. Text that HTML hides and where its links lead are not in it.
//!
//! **Who sent it.** The From line is whatever its writer wrote. [`Message::authentication`] says what a server found out, and only servers
//! that [`Settings::trusted`] names are heard: anybody can write the line in which they say so. That server has to take such lines in its own
//! name off what it receives (RFC 8601, section 5). Where several of them speak, the worse counts.
//!
//! **Twice the same.** A server that is not sure hands a message over again. [`Message::id`] stays the same then; where the message brings
//! none, it is made of what does not change on the way, [`Message::digest`].
//!
//! **Answers.** [`may_acknowledge`] says whether a machine may answer, and [`acknowledgement`] what such an answer begins with. Loops begin
//! where one machine answers another, so whatever looks as if no person wrote it gets none.
//!
//! [`maildir`] is the only part that touches files, and only those within the folder that it is given.

mod address;
mod answer;
mod authentication;
mod body;
mod coding;
mod head;
mod identity;
mod kind;
pub mod maildir;
mod media;
mod parts;
mod unread;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use address::{Envelope, Mailbox};
pub use answer::{Acknowledgement, acknowledgement, may_acknowledge};
pub use authentication::{Authentication, Said, Verdict};
pub use kind::Kind;
pub use unread::{Reason, Unread};

/// What is given of one message at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest message, in bytes. What is larger is no message but an [`Error`].
    pub bytes: usize,
    /// The most lines at its head that are looked at, in bytes; a sixteenth of it for a part's.
    pub head: usize,
    /// How deep parts may lie within parts, and letters within letters.
    pub depth: usize,
    /// The most parts, of whatever kind.
    pub parts: usize,
    /// The most attachments that are given.
    pub attachments: usize,
    /// The largest attachment that is given, decoded, in bytes.
    pub attachment: usize,
    /// What all attachments may be together, decoded, in bytes.
    pub attached: usize,
    /// The longest text that is given, in bytes of UTF-8.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            head: 256 << 10,
            depth: 20,
            parts: 1_000,
            attachments: 100,
            attachment: 25 << 20,
            attached: 45 << 20,
            text: 2 << 20,
        }
    }
}

/// What an organisation sets: how much is read, whom it believes, and which addresses are its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How much of a message is given.
    pub limits: Limits,
    /// The names by which the organisation's own mail servers sign what they found out (`authserv-id`, RFC 8601), such as
    /// `mx.authority.example`. No other is heard.
    pub trusted: Vec<String>,
    /// Addresses at which this service receives mail or from which it sends any.
    pub own: Vec<String>,
}

/// Why there is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is larger than [`Limits::bytes`].
    #[error("the message is larger than {mib} MiB. Let the mail server refuse such messages, so that their senders hear of it")]
    TooLarge {
        /// What it may be.
        mib: usize,
    },
    /// There are no bytes, or blank lines only.
    #[error("the message is empty. See how the mail server hands messages over: all of it goes to the standard input")]
    Empty,
    /// It does not begin with a line of a message's head.
    #[error("this is no e-mail: its first line is not of the form “Name: value”. Hand over the whole message with its head")]
    NoMessage,
}

impl Error {
    /// Its code, such as `too-large`: for a message in the reader's language.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::Empty => "empty",
            Self::NoMessage => "no-message",
        }
    }
}

/// From what [`Message::text`] was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextFrom {
    /// There is none.
    #[default]
    Nothing,
    /// Plain text alone.
    Plain,
    /// HTML, all or in part.
    Html,
    /// A letter that is attached to this one, which says nothing itself.
    Attached,
}

/// A file that came with the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A name that is safe to keep: no folders, no controls, nothing that hides its ending, at most 120 bytes. Never empty.
    pub name: String,
    /// What it says to be, such as `image/png`. Nobody checked.
    pub media_type: String,
    /// Its content, decoded.
    pub bytes: Vec<u8>,
    /// Which part it is, such as `1.2`.
    pub part: String,
    /// Whether its encoding was broken, so that the content is what could be made of it.
    pub damaged: bool,
}

impl Attachment {
    /// How large it is, in bytes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }
}

/// A message, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// By what it is known, without brackets: its Message-ID, or one made of [`Self::digest`]. At most 512 bytes, no blanks.
    pub id: String,
    /// Whether the id was made here: the message brings none, several, or something else.
    pub id_is_ours: bool,
    /// The SHA-256 of what does not change on the way, in hexadecimal: what its writer put into the head, and the body, whatever the ends of
    /// lines. Two messages of one id and different digests are not the same.
    pub digest: String,
    /// Whom the From line names first. None where there is no address in it; what it says then stands in [`Self::unread`].
    pub from: Option<Mailbox>,
    /// Whether the From line is there once and names one address, as it should.
    pub from_is_one: bool,
    /// Whom the Sender line names: who sent it for the author.
    pub sender: Option<Mailbox>,
    /// To whom the mail server would return it. Its own servers say so; others may have written it.
    pub envelope: Envelope,
    /// What servers that we trust say of the author.
    pub authentication: Authentication,
    /// What it is about, in one line of at most 500 bytes; empty where nothing is said.
    pub subject: String,
    /// When its writer's clock says it was written. Clocks are wrong, and writers may lie: nothing may depend on it.
    pub date_said: Option<jiff::Timestamp>,
    /// What it says, in lines that end in `\n`.
    pub text: String,
    /// From what the text was made.
    pub text_from: TextFrom,
    /// What its HTML says, where that came beside plain text and uses other words. Mail programs show this one.
    pub other_text: Option<String>,
    /// What came with it, pictures within its text among it.
    pub attachments: Vec<Attachment>,
    /// What could not be read, or not whole.
    pub unread: Vec<Unread>,
    /// To which messages it says to be an answer; ids without brackets.
    pub in_reply_to: Vec<String>,
    /// The messages of its conversation, oldest first; ids without brackets. The last hundred.
    pub references: Vec<String>,
    /// Whether something was cut off: it ends before it should, or is longer, deeper or of more parts than is read.
    pub truncated: bool,
    /// Whether a person wrote it.
    pub kind: Kind,
    /// Whether it comes from one of [`Settings::own`].
    pub from_ourselves: bool,
}

/// Reads one message: all that a mail server hands over, a line `From …` of a mailbox before it or not.
///
/// # Errors
/// [`Error`], which says why this is no message or which bound it breaks.
pub fn read(bytes: &[u8], settings: &Settings) -> Result<Message, Error> {
    let limits = &settings.limits;
    if bytes.len() > limits.bytes {
        return Err(Error::TooLarge { mib: limits.bytes >> 20 });
    }
    let Some(start) = bytes.iter().position(|byte| !byte.is_ascii_whitespace()) else { return Err(Error::Empty) };
    // The first line that says something, from its beginning: a blank before it makes it the rest of a line that is not there.
    let start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let head = head::Head::of(bytes, start, limits.head, |_| false);
    if head.fields.is_empty() {
        return Err(Error::NoMessage);
    }
    let mut unread = Vec::new();
    if let Some(span) = head.beyond.clone() {
        unread.push(Unread::of(span, Reason::HeadTooLong { most: limits.head }));
    }
    let author = address::author(&head, &mut unread);
    let sender = head.first("sender").and_then(|field| address::mailbox(&field.decoded()));
    let envelope = address::envelope(&head);
    let digest = identity::digest(&head, bytes);
    let given = identity::given(&head);
    let body = body::read(bytes, &head, limits, &mut unread);
    let returned = if let Envelope::Address(address) = &envelope { Some(address.as_str()) } else { None };
    let named = [author.mailbox.as_ref(), sender.as_ref()].into_iter().flatten().map(|mailbox| mailbox.address.as_str()).chain(returned);
    let from_ourselves = named.into_iter().any(|address| settings.own.iter().any(|own| address::same(own, address)));
    Ok(Message {
        from_ourselves,
        kind: kind::kind(&head, author.mailbox.as_ref(), &envelope, body.report),
        authentication: authentication::read(&head, author.domain(), &settings.trusted),
        subject: head.first("subject").map(|field| words::line(&field.unstructured(), words::SUBJECT)).unwrap_or_default(),
        date_said: head.first("date").and_then(|field| identity::date(&field.decoded())),
        in_reply_to: identity::ids(&head, "in-reply-to"),
        references: identity::ids(&head, "references"),
        truncated: unread.iter().any(|unread| unread.why.cuts()),
        id_is_ours: given.is_none(),
        id: given.unwrap_or_else(|| format!("{digest}@digest.invalid")),
        digest,
        from_is_one: author.is_one,
        from: author.mailbox,
        sender,
        envelope,
        text: body.text,
        text_from: body.text_from,
        other_text: body.other_text,
        attachments: body.attachments,
        unread,
    })
}

/// Runs what a library does with bytes of strangers. Whatever goes wrong in there, the message is kept.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok()
}

/// A range without its last line end, which belongs to the boundary after it.
fn without_line_end(bytes: &[u8], span: Range<usize>) -> Range<usize> {
    let line = &bytes[span.clone()];
    let line = line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line));
    span.start..span.start + line.len()
}
