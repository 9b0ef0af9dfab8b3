//! Letters as mail programs save them: headers, every body, and what is attached, to a small depth.

use std::fmt::Write as _;

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};

use crate::{Error, FileKind, Out, plain};

/// How much of a file may be headers.
const HEAD: usize = 64 << 10;
/// Letters within letters, however deep or beside each other. The reader descends into each.
const LETTERS: usize = 200;

/// Whether the file begins with the headers of a letter: every line is one or goes on with one, and two of them are such as all letters
/// have.
pub(crate) fn is_letter(bytes: &[u8]) -> bool {
    const KNOWN: [&str; 14] = [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "content-type",
        "delivered-to",
        "reply-to",
        "dkim-signature",
        "sender",
    ];
    let head = &bytes[..bytes.len().min(HEAD)];
    let mut known = 0;
    for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        // What mailboxes put before each letter.
        if line[0] == b' ' || line[0] == b'\t' || (at == 0 && line.starts_with(b"From ")) {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = line[..colon].trim_ascii_end();
        // An address of the web is no header.
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) || line[colon..].starts_with(b"://") {
            return false;
        }
        known += usize::from(std::str::from_utf8(name).is_ok_and(|name| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))));
    }
    known >= 2
}

/// Reads a letter.
pub(crate) fn read(out: &mut Out<'_>, bytes: &[u8], depth: usize) -> Result<(), Error> {
    let letters = memchr::memchr2_iter(b'm', b'M', bytes)
        .filter(|at| bytes.get(*at..at + 8).is_some_and(|word| word.eq_ignore_ascii_case(b"message/")));
    if letters.take(LETTERS + 1).count() > LETTERS {
        return Err(Error::TooManyParts { most: LETTERS });
    }
    let message = MessageParser::default().parse(bytes).ok_or(Error::Broken { kind: FileKind::Eml })?;
    letter(out, &message, depth)
}

fn letter(out: &mut Out<'_>, message: &Message<'_>, depth: usize) -> Result<(), Error> {
    for header in message.headers() {
        let mut line = String::new();
        said(&mut line, &header.value);
        if line.is_empty() {
            let raw = message.raw_message().get(header.offset_start() as usize..header.offset_end() as usize);
            line = plain::decode(raw.unwrap_or_default()).trim().to_owned();
        }
        out.push(header.name())?;
        out.push(": ")?;
        out.push(&line)?;
        out.push("\n")?;
    }
    // Every part, also where one is the same in another form: they need not say the same.
    for part in &message.parts {
        let name = part.attachment_name();
        match &part.body {
            PartType::Multipart(_) => {}
            PartType::Text(text) => {
                heading(out, name)?;
                out.push(text)?;
            }
            PartType::Html(html) => {
                heading(out, name)?;
                plain::html(out, html)?;
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => out.within(name, bytes, depth)?,
            PartType::Message(inner) => {
                heading(out, name)?;
                if depth >= out.limits.depth {
                    out.unread.push(crate::Unread { name: name.map(str::to_owned), why: Error::TooDeep });
                } else {
                    letter(out, inner, depth + 1)?;
                }
            }
        }
    }
    Ok(())
}

/// What parts a part of a letter from the one before, with its name.
fn heading(out: &mut Out<'_>, name: Option<&str>) -> Result<(), Error> {
    out.push("\n\n")?;
    match name {
        Some(name) => {
            out.push(name)?;
            out.push("\n")
        }
        None => Ok(()),
    }
}

/// What a header says, decoded; nothing where it has to be read as it stands.
fn said(line: &mut String, value: &HeaderValue<'_>) {
    let mut all = |address: &mail_parser::Addr<'_>| {
        // Writing to a string does not fail.
        let _ = write!(line, "{} <{}>, ", address.name().unwrap_or_default(), address.address().unwrap_or_default());
    };
    match value {
        HeaderValue::Address(Address::List(list)) => list.iter().for_each(all),
        HeaderValue::Address(Address::Group(groups)) => groups.iter().flat_map(|group| &group.addresses).for_each(&mut all),
        HeaderValue::Text(text) => line.push_str(text),
        HeaderValue::TextList(list) => line.push_str(&list.join(", ")),
        _ => {}
    }
}
