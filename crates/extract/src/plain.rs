//! Plain text, in UTF-8, UTF-16 with a mark at its beginning, or Windows-1252; and HTML.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::{Error, Out};

/// How much of a file is looked at to see whether it is text.
const LOOK: usize = 64 << 10;

/// Whether these bytes may be text: no noughts and hardly any other control character, or UTF-16 with its mark.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return true;
    }
    // Noughts anywhere: a program may begin with a page of words.
    if memchr::memchr(0, bytes).is_some() {
        return false;
    }
    let look = &bytes[..bytes.len().min(LOOK)];
    let control = look.iter().filter(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)).count();
    control * 100 <= look.len()
}

/// The text of these bytes. What is no valid UTF-8 is Windows-1252, in which every byte is a character; so nothing is lost.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)].into_iter().find(|(mark, _)| bytes.starts_with(*mark));
    if let Some((_, encoding)) = utf16 {
        return encoding.decode_with_bom_removal(bytes).0;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    UTF_8.decode_without_bom_handling_and_without_replacement(bytes).unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0)
}

/// Reads a file of text.
pub(crate) fn read(out: &mut Out<'_>, bytes: &[u8]) -> Result<(), Error> {
    let text = decode(bytes);
    if is_html(&text) { html(out, &text) } else { out.push(&text) }
}

fn is_html(text: &str) -> bool {
    let start = text.trim_start().as_bytes();
    [b"<!doctype html".as_slice(), b"<html"]
        .into_iter()
        .any(|mark| start.get(..mark.len()).is_some_and(|found| found.eq_ignore_ascii_case(mark)))
}

/// The text of HTML, and the addresses that its links write to or call.
pub(crate) fn html(out: &mut Out<'_>, html: &str) -> Result<(), Error> {
    out.push(&mail_parser::decoders::html::html_to_text(html))?;
    for scheme in ["mailto:", "tel:"] {
        let mut rest = html;
        while let Some(at) = find(rest, scheme) {
            rest = &rest[at + scheme.len()..];
            let end = rest.find(['"', '\'', '>', '<', '?', '\n', ' ']).unwrap_or(rest.len());
            out.push("\n")?;
            out.push(if scheme == "tel:" { "tel: " } else { "" })?;
            out.push(&rest[..end].replace("%40", "@"))?;
        }
    }
    Ok(())
}

/// Where `word`, of small letters of ASCII, stands in `text`, whatever its case there.
fn find(text: &str, word: &str) -> Option<usize> {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    memchr::memchr2_iter(word[0], word[0].to_ascii_uppercase(), bytes)
        .find(|at| bytes.get(*at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word)))
}
