//! The lines at the head of a message or of a part: `Name: value`, going on where the next line begins with a blank.

use std::ops::Range;

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

use crate::guarded;

/// How much of one line is read, in bytes.
const VALUE: usize = 16 << 10;
/// How many encoded words are read in one line. The library looks for each one's end as far as the line goes.
const WORDS: usize = 64;
/// The most lines that are kept.
const FIELDS: usize = 1_000;

/// One line, with those that go on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field<'r> {
    /// Its name as it stands.
    pub name: &'r str,
    /// What follows the colon, with the ends of lines within.
    pub value: &'r [u8],
    /// Where that begins.
    pub begins: usize,
    /// Where the whole lies.
    pub span: Range<usize>,
}

impl Field<'_> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its value in one line, as text, as far as it is read. Bytes that are no UTF-8 are Windows-1252, in which every byte is a character.
    pub(crate) fn decoded(&self) -> String {
        let mut value = &self.value[..self.value.len().min(VALUE)];
        if let Err(error) = std::str::from_utf8(value)
            && error.error_len().is_none()
            && value.len() < self.value.len()
        {
            // Cut within a character.
            value = &value[..error.valid_up_to()];
        }
        let mut text = match std::str::from_utf8(value) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(value).0.into_owned(),
        };
        text.retain(|c| c != '\r');
        if let Some((at, _)) = text.match_indices("=?").nth(WORDS) {
            text.truncate(at);
        }
        // Nothing of it is another line any more.
        text.replace('\n', "").trim().to_owned()
    }

    /// Its value where it is words, encoded ones decoded.
    pub(crate) fn unstructured(&self) -> String {
        let mut text = self.decoded();
        text.push('\n');
        let said = guarded(|| match MessageStream::new(text.as_bytes()).parse_unstructured() {
            HeaderValue::Text(text) => Some(text.into_owned()),
            _ => None,
        });
        said.flatten().unwrap_or_else(|| text.trim().to_owned())
    }
}

/// A head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head<'r> {
    /// Its lines, in their order.
    pub fields: Vec<Field<'r>>,
    /// Where what follows it begins.
    pub body: usize,
    /// What is longer than is read.
    pub beyond: Option<Range<usize>>,
    /// What a line `From …` of a mailbox before it says.
    pub mailbox: Option<&'r [u8]>,
}

impl<'r> Head<'r> {
    /// The head that begins at `start`. It ends at an empty line, at a line that is none of a head's (there the body begins, as mail servers
    /// see it) or at one that `ends` says.
    pub(crate) fn of(bytes: &'r [u8], start: usize, most: usize, ends: impl Fn(&[u8]) -> bool) -> Self {
        let mut head = Self { fields: Vec::new(), body: bytes.len(), beyond: None, mailbox: None };
        let mut at = start;
        while at < bytes.len() {
            let next = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
            let line = &bytes[crate::without_line_end(bytes, at..next)];
            if line.is_empty() {
                head.body = next;
                break;
            }
            if ends(line) {
                head.body = at;
                break;
            }
            if at == start && (line.starts_with(b"From ") || line.starts_with(b">From ")) {
                head.mailbox = Some(line);
            } else if at - start >= most || head.beyond.is_some() {
                head.beyond.get_or_insert(at..next).end = next;
            } else if line[0] == b' ' || line[0] == b'\t' {
                let Some(field) = head.fields.last_mut() else {
                    head.body = at;
                    break;
                };
                field.span.end = next;
                field.value = &bytes[crate::without_line_end(bytes, field.begins..next)];
            } else if let Some((name, colon)) = named(line) {
                if head.fields.len() >= FIELDS {
                    head.beyond = Some(at..next);
                } else {
                    head.fields.push(Field { name, value: &line[colon + 1..], begins: at + colon + 1, span: at..next });
                }
            } else {
                head.body = at;
                break;
            }
            at = next;
        }
        head
    }

    /// The first line of this name, in small letters: the one that was put there last, on the way.
    pub(crate) fn first(&self, name: &str) -> Option<&Field<'r>> {
        self.fields.iter().find(|field| field.is(name))
    }

    /// All lines of this name.
    pub(crate) fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h Field<'r>> {
        self.fields.iter().filter(move |field| field.is(name))
    }

    /// What a line of this name says, in small letters.
    pub(crate) fn lower(&self, name: &str) -> Option<String> {
        self.first(name).map(|field| field.decoded().to_ascii_lowercase())
    }
}

/// The name of a line of a head, and where its colon stands.
fn named(line: &[u8]) -> Option<(&str, usize)> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let name = std::str::from_utf8(name).ok().filter(|_| fits)?;
    Some((name, colon))
}
