//! Strict reading of canonical entries without a copy.

use std::collections::BTreeMap;

use crate::canonical::Cursor;

use super::{ActorRef, Code, Entry, EntryError, Id, MAX_ABOUT, MAX_AT_MS, MAX_CODE, MAX_ENTRY, MAX_ID, SEALED_FOR, Subject};

/// Marks of a byte: may begin a code, be in a code, begin an id, be in an id.
const CODE_FIRST: u8 = 1;
const CODE_REST: u8 = 2;
const ID_FIRST: u8 = 4;
const ID_REST: u8 = 8;

const MARKS: [u8; 256] = marks();

const fn marks() -> [u8; 256] {
    let mut marks = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        marks[byte as usize] = match byte {
            b'a'..=b'z' => CODE_FIRST | CODE_REST | ID_FIRST | ID_REST,
            b'0'..=b'9' => CODE_REST | ID_FIRST | ID_REST,
            b'A'..=b'Z' => ID_FIRST | ID_REST,
            b'_' | b'.' | b'-' => CODE_REST | ID_REST,
            b':' => ID_REST,
            _ => 0,
        };
        byte += 1;
    }
    marks
}

/// Which alphabet and length a text is held to.
#[derive(Clone, Copy)]
enum Text {
    Code,
    Id,
}

impl Text {
    const fn rule(self) -> (u8, u8, usize) {
        match self {
            Self::Code => (CODE_FIRST, CODE_REST, MAX_CODE),
            Self::Id => (ID_FIRST, ID_REST, MAX_ID),
        }
    }
}

fn fits(text: &[u8], kind: Text) -> bool {
    let (first, rest, longest) = kind.rule();
    text.len() <= longest
        && text.first().is_some_and(|byte| MARKS[usize::from(*byte)] & first != 0)
        && text.iter().all(|byte| MARKS[usize::from(*byte)] & rest != 0)
}

pub(super) fn is_code(text: &[u8]) -> bool {
    fits(text, Text::Code)
}

pub(super) fn is_id(text: &[u8]) -> bool {
    fits(text, Text::Id)
}

/// ASCII text that was checked when it was read.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// An entry read in place from its canonical bytes.
#[derive(Clone, Copy, Debug)]
pub struct EntryView<'a> {
    index: u64,
    at_ms: i64,
    actor_kind: &'a [u8],
    actor_id: &'a [u8],
    membership: Option<&'a [u8]>,
    action: &'a [u8],
    subject_kind: &'a [u8],
    subject_id: &'a [u8],
    about: &'a [u8],
    detail: Option<[u8; 32]>,
}

impl<'a> EntryView<'a> {
    /// Reads an entry; succeeds only where encoding the result gives the same bytes again.
    ///
    /// # Errors
    /// [`EntryError::TooLong`], or [`EntryError::NotCanonical`] with the first byte that no
    /// canonical entry has there.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EntryError> {
        if bytes.len() > MAX_ENTRY {
            return Err(EntryError::TooLong);
        }
        let mut cursor = Cursor::new(bytes);
        cursor.read().ok_or(EntryError::NotCanonical(cursor.at))
    }

    /// The entry's place in the ledger.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// When, in milliseconds since 1970 UTC.
    pub fn at_ms(&self) -> i64 {
        self.at_ms
    }

    /// The action's code.
    pub fn action(&self) -> &'a str {
        text(self.action)
    }

    /// The subject's kind and id.
    pub fn subject(&self) -> (&'a str, &'a str) {
        (text(self.subject_kind), text(self.subject_id))
    }

    /// Kind and id of the subject under whose key the detail is sealed: the one named under [`SEALED_FOR`], else the entry's own.
    pub fn sealed_for(&self) -> (&'a str, &'a str) {
        self.about()
            .find(|(key, _)| *key == SEALED_FOR)
            .map_or_else(|| self.subject(), |(_, named)| named.split_once(':').unwrap_or((named, "")))
    }

    /// The detail's digest.
    pub fn detail(&self) -> Option<[u8; 32]> {
        self.detail
    }

    /// The pairs of `about`, in order of their keys.
    pub fn about(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        // Keys and values hold neither quotes nor commas: checked when read.
        self.about.split(|byte| *byte == b',').filter_map(|pair| {
            let mut parts = pair.split(|byte| *byte == b'"').skip(1);
            Some((text(parts.next()?), text(parts.nth(1)?)))
        })
    }

    /// An entry of its own.
    pub fn to_entry(&self) -> Entry {
        let code = |bytes| Code(text(bytes).to_owned());
        let id = |bytes| Id(text(bytes).to_owned());
        Entry {
            index: self.index,
            at_ms: self.at_ms,
            actor: ActorRef { kind: code(self.actor_kind), id: id(self.actor_id), membership: self.membership.map(id) },
            action: code(self.action),
            subject: Subject { kind: code(self.subject_kind), id: id(self.subject_id) },
            about: self.about().map(|(key, value)| (Code(key.to_owned()), Id(value.to_owned()))).collect::<BTreeMap<_, _>>(),
            detail: self.detail,
        }
    }
}

impl<'a> Cursor<'a> {
    fn read(&mut self) -> Option<EntryView<'a>> {
        self.literal(b"{\"v\":1,\"i\":")?;
        let index = self.number()?;
        self.literal(b",\"at\":")?;
        let before = self.at;
        let at_ms = i64::try_from(self.number()?).ok().filter(|ms| *ms <= MAX_AT_MS);
        let Some(at_ms) = at_ms else {
            self.at = before;
            return None;
        };
        self.literal(b",\"actor\":{\"kind\":\"")?;
        let actor_kind = self.text(Text::Code)?;
        self.literal(b",\"id\":\"")?;
        let actor_id = self.text(Text::Id)?;
        let membership = if self.literal(b",\"membership\":\"").is_some() { Some(self.text(Text::Id)?) } else { None };
        self.literal(b"},\"action\":\"")?;
        let action = self.text(Text::Code)?;
        self.literal(b",\"subject\":{\"kind\":\"")?;
        let subject_kind = self.text(Text::Code)?;
        self.literal(b",\"id\":\"")?;
        let subject_id = self.text(Text::Id)?;
        self.literal(b"},\"about\":{")?;
        let about = self.about()?;
        let detail = if self.literal(b",\"detail\":\"").is_some() { Some(self.digest()?) } else { None };
        self.literal(b"}")?;
        self.end()?;
        Some(EntryView { index, at_ms, actor_kind, actor_id, membership, action, subject_kind, subject_id, about, detail })
    }

    /// A text and its closing quote; the opening one has been read.
    fn text(&mut self, kind: Text) -> Option<&'a [u8]> {
        let (first, mark, longest) = kind.rule();
        let rest = self.rest();
        let length = rest.iter().take(longest + 1).take_while(|byte| MARKS[usize::from(**byte)] & mark != 0).count();
        let fits =
            length <= longest && rest.first().is_some_and(|byte| MARKS[usize::from(*byte)] & first != 0) && rest.get(length) == Some(&b'"');
        if !fits {
            self.at += length.min(longest);
            return None;
        }
        self.at += length + 1;
        rest.get(..length)
    }

    /// The pairs of `about` up to its closing brace, keys ascending.
    fn about(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        let mut last: &[u8] = b"";
        let mut count = 0;
        loop {
            if count == 0 && self.literal(b"}").is_some() {
                break;
            }
            self.literal(b"\"")?;
            let before = self.at;
            let key = self.text(Text::Code)?;
            count += 1;
            if key <= last || count > MAX_ABOUT {
                self.at = before;
                return None;
            }
            last = key;
            self.literal(b":\"")?;
            self.text(Text::Id)?;
            if self.literal(b"}").is_some() {
                break;
            }
            self.literal(b",")?;
        }
        self.bytes.get(start..self.at - 1)
    }
}
