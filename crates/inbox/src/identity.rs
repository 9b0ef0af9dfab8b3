//! By what a message is known, which others it names, and when it says to have been written.

use sha2::{Digest as _, Sha256};

use crate::guarded;
use crate::head::{Field, Head};

/// The longest id, in bytes.
const ID: usize = 512;
/// The most ids that are read of one line.
const IDS: usize = 100;

/// What the writer's program puts into the head. All else comes on the way, and is not the same when a message comes again.
const WRITTEN: [&str; 12] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "content-type",
    "content-transfer-encoding",
];

/// The digest of what does not change on the way, in hexadecimal.
pub(crate) fn digest(head: &Head<'_>, bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    for name in WRITTEN {
        for field in head.all(name) {
            hash.update(name);
            hash.update(b":");
            // Where lines of the head are broken differs as they come.
            for word in field.value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
                hash.update(b" ");
                hash.update(word);
            }
            hash.update(b"\n");
        }
    }
    hash.update(b"\n");
    // Mail servers end lines by CR LF among each other, and by LF alone where they keep or pipe them; and may end the last one.
    let body = &bytes[head.body..];
    let body = &body[..body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1)];
    let mut kept = 0;
    for at in memchr::memmem::find_iter(body, b"\r\n") {
        hash.update(&body[kept..at]);
        kept = at + 1;
    }
    hash.update(&body[kept..]);
    hex::encode(hash.finalize())
}

/// The Message-ID, where there is one and it can be one.
pub(crate) fn given(head: &Head<'_>) -> Option<String> {
    let mut lines = head.all("message-id");
    let field = lines.next().filter(|_| lines.next().is_none())?;
    let mut all = bracketed(field);
    let id = all.next().filter(|_| all.next().is_none())?;
    // What is made here for messages that bring none.
    (!id.to_ascii_lowercase().ends_with("@digest.invalid")).then_some(id)
}

/// The ids that the lines of this name hold, in their order; the last hundred.
pub(crate) fn ids(head: &Head<'_>, name: &str) -> Vec<String> {
    let mut all: Vec<String> = head.all(name).flat_map(bracketed).collect();
    all.drain(..all.len().saturating_sub(IDS));
    all
}

/// What stands in angle brackets and can be an id.
fn bracketed(field: &Field<'_>) -> impl Iterator<Item = String> + use<> {
    // Long ids are broken at the end of a line by some programs, and a blank follows.
    let said = field.decoded();
    let all: Vec<String> = said
        .split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>').map(|(id, _)| id.chars().filter(|c| !c.is_whitespace()).collect::<String>()))
        .filter(|id| fits(id))
        .collect();
    all.into_iter()
}

/// Whether this can be an id: written by a program that knows what it does, and safe in the head of an answer.
pub(crate) fn fits(id: &str) -> bool {
    !id.is_empty() && id.len() <= ID && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
}

/// When a Date line says.
pub(crate) fn date(said: &str) -> Option<jiff::Timestamp> {
    // Where the day of the week is another, the date counts.
    const STRICT: jiff::fmt::rfc2822::DateTimeParser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Some(date) = guarded(|| STRICT.parse_timestamp(said).ok()).flatten() {
        return Some(date);
    }
    // Forms that no standard knows.
    let line = format!("{said}\n");
    let date = guarded(|| mail_parser::DateTime::parse_rfc822(&line).filter(mail_parser::DateTime::is_valid))??;
    jiff::Timestamp::from_second(date.to_timestamp()).ok()
}
