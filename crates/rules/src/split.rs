//! Finds the entries in a stream of JSON without reading the whole: of a bare list, of the lists of a package, or one a line. It looks at brackets
//! and quotes only, so that one broken entry does not take the others with it, and holds one entry at a time.

use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::message::Message;

/// Largest entry that is taken, in bytes.
pub(super) const LARGEST: usize = 8 * 1024 * 1024;
/// How much of a file is looked at to learn whether it has an entry on each line.
const HEAD: usize = 4 * 1024 * 1024;
/// How many brackets are told apart; deeper ones are only counted.
const DEEPEST: usize = 4096;

/// Where a piece was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Alone: an entry, or anything else.
    Single,
    /// In a list of this name within a package; in a bare list, of no name.
    Listed(&'static str),
    /// Around a list: the package itself, its lists emptied.
    Envelope,
}

/// Bytes that should be one JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// It is larger than [`LARGEST`]; `bytes` is its beginning.
    pub(super) too_large: bool,
    /// The input ended within it.
    pub(super) cut_off: bool,
}

/// Something to say about what an entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What, in the catalogue's words; its id begins with the format's name, such as `ocds-`.
    pub message: Message,
    /// Whether it keeps the entry out. Else it is a warning.
    pub quarantines: bool,
}

impl Reason {
    /// The id without its prefix: a code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.message.id.split_once('-').map_or(self.message.id, |(_, code)| code)
    }
}

/// Why a piece cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// It is not UTF-8.
    NotText,
    /// It breaks off.
    CutOff,
    /// It is nested too deeply.
    TooDeep,
    /// It holds a number out of range.
    Number,
    /// It is no JSON.
    NotJson,
}

impl Piece {
    /// The value that it holds.
    pub(super) fn value(&self) -> Result<Value, Unread> {
        if self.too_large {
            return Err(Unread::TooLarge);
        }
        if std::str::from_utf8(&self.bytes).is_err() {
            return Err(Unread::NotText);
        }
        serde_json::from_slice(&self.bytes).map_err(|error| {
            // The reader has no codes for two of these.
            let said = error.to_string();
            if self.cut_off || error.is_eof() {
                Unread::CutOff
            } else if said.starts_with("recursion limit") {
                Unread::TooDeep
            } else if said.starts_with("number out of range") {
                Unread::Number
            } else {
                Unread::NotJson
            }
        })
    }
}

/// Bytes kept up to [`LARGEST`].
#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    line: u64,
    too_large: bool,
}

impl Kept {
    fn begin(&mut self, line: u64) {
        self.bytes.clear();
        self.line = line;
        self.too_large = false;
    }

    fn push(&mut self, byte: u8) {
        if self.bytes.len() < LARGEST {
            self.bytes.push(byte);
        } else {
            self.too_large = true;
        }
    }

    fn take(&mut self, kind: Kind, cut_off: bool) -> Piece {
        Piece { kind, bytes: std::mem::take(&mut self.bytes), line: self.line, too_large: self.too_large, cut_off }
    }
}

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Between values.
    Outside,
    /// In a value that stands alone, or around a list.
    Value,
    /// In a list, between its entries.
    List(Kind),
    /// In an entry of a list.
    Entry(Kind),
}

/// Splits one file.
pub(super) struct Splitter {
    /// The names of the lists whose entries are pieces of their own where a package holds them.
    lists_of: &'static [&'static str],
    head: Option<Vec<u8>>,
    by_line: bool,
    line: u64,
    at: At,
    outer: Kept,
    entry: Kept,
    /// The open brackets; `true` is a square one.
    open: Vec<bool>,
    /// Open brackets beyond [`DEEPEST`].
    deeper: u64,
    string: bool,
    escaped: bool,
    /// The last text at the value's own level, and whether a colon followed.
    word: Vec<u8>,
    colon: bool,
    lists: u32,
    found: Vec<Piece>,
}

impl Splitter {
    /// For packages that hold their entries in lists of these names.
    pub(super) fn new(lists_of: &'static [&'static str]) -> Self {
        Self {
            lists_of,
            head: Some(Vec::new()),
            by_line: false,
            line: 1,
            at: At::Outside,
            outer: Kept::default(),
            entry: Kept::default(),
            open: Vec::new(),
            deeper: 0,
            string: false,
            escaped: false,
            word: Vec::new(),
            colon: false,
            lists: 0,
            found: Vec::new(),
        }
    }

    /// Takes more bytes; gives the pieces that they complete.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Piece> {
        match self.head.take() {
            None => self.scan(bytes),
            Some(mut head) => {
                head.extend_from_slice(bytes);
                match by_line(&head, false) {
                    None if head.len() < HEAD => self.head = Some(head),
                    answer => self.begin(&head, answer.unwrap_or(false)),
                }
            }
        }
        std::mem::take(&mut self.found)
    }

    /// Ends the input; gives what is left.
    pub(super) fn finish(&mut self) -> Vec<Piece> {
        if let Some(head) = self.head.take() {
            let answer = by_line(&head, true).unwrap_or(true);
            self.begin(&head, answer);
        }
        self.end(true);
        std::mem::take(&mut self.found)
    }

    fn begin(&mut self, head: &[u8], by_line: bool) {
        self.by_line = by_line;
        self.scan(without_mark(head));
    }

    fn scan(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.byte(*byte);
            if *byte == b'\n' {
                self.line += 1;
            }
        }
    }

    fn byte(&mut self, byte: u8) {
        if byte == b'\n' {
            // No string of JSON runs over the end of a line: an unclosed one ends here at the latest.
            self.string = false;
            self.escaped = false;
            if self.by_line {
                return self.end(false);
            }
        }
        match self.at {
            At::Outside if byte.is_ascii_whitespace() => {}
            At::Outside => {
                self.outer.begin(self.line);
                self.outer.push(byte);
                self.at = At::Value;
                self.lists = 0;
                self.step(byte, 0);
                if self.open == [true] {
                    self.at = At::List(Kind::Listed(""));
                    self.lists = 1;
                }
            }
            At::Value => self.value(byte),
            At::List(_) if byte.is_ascii_whitespace() || byte == b',' => {}
            At::List(_) if byte == b']' => {
                self.outer.push(byte);
                self.at = At::Value;
                self.step(byte, 0);
                self.close();
            }
            At::List(kind) => {
                self.entry.begin(self.line);
                self.entry.push(byte);
                self.at = At::Entry(kind);
                self.step(byte, self.floor());
            }
            At::Entry(kind) => self.of_entry(byte, kind),
        }
    }

    /// Brackets open around the entries of the current list: one in a bare list, two in a package.
    fn floor(&self) -> usize {
        if self.open.first() == Some(&true) { 1 } else { 2 }
    }

    fn value(&mut self, byte: u8) {
        let own_level = self.open.len() == 1 && self.deeper == 0;
        if own_level && !self.string {
            match byte {
                b'"' => self.word.clear(),
                b':' => self.colon = true,
                b',' => self.colon = false,
                _ => {}
            }
        } else if own_level && self.string && self.word.len() < 16 && byte != b'"' {
            self.word.push(byte);
        }
        let opens = own_level && !self.string && self.colon && byte == b'[';
        let list = self.lists_of.iter().find(|name| opens && name.as_bytes() == self.word).map(|name| Kind::Listed(name));
        self.outer.push(byte);
        self.step(byte, 0);
        if let Some(kind) = list {
            self.at = At::List(kind);
            self.lists += 1;
            self.colon = false;
        } else {
            self.close();
        }
        if byte == b'\n' && self.at == At::Value && self.open.is_empty() {
            self.end(false);
        }
    }

    fn of_entry(&mut self, byte: u8, kind: Kind) {
        let floor = self.floor();
        let own_level = self.open.len() == floor && self.deeper == 0 && !self.string;
        if own_level && matches!(byte, b',' | b']') {
            self.emit_entry(kind, false);
            self.at = At::List(kind);
            return self.byte(byte);
        }
        self.entry.push(byte);
        self.step(byte, floor);
    }

    fn emit_entry(&mut self, kind: Kind, cut_off: bool) {
        let piece = self.entry.take(kind, cut_off);
        self.found.push(piece);
    }

    /// Ends a value whose last bracket closed, where values do not end with their lines.
    fn close(&mut self) {
        if self.at == At::Value
            && self.open.is_empty()
            && !self.by_line
            && self.outer.bytes.first().is_some_and(|b| matches!(b, b'{' | b'['))
        {
            self.end(false);
        }
    }

    /// Ends the value being read: at its last bracket, at the end of its line, or with the input.
    fn end(&mut self, cut_off: bool) {
        let whole = self.open.is_empty();
        let mut broke_in_entry = false;
        if let At::Entry(kind) = self.at {
            broke_in_entry = self.open.len() > self.floor() || self.string;
            self.emit_entry(kind, broke_in_entry);
        }
        if self.at != At::Outside {
            let kind = if self.lists > 0 { Kind::Envelope } else { Kind::Single };
            let piece = self.outer.take(kind, !whole && (cut_off || self.by_line));
            // A package that breaks off within an entry is told by that entry.
            if !broke_in_entry {
                self.found.push(piece);
            }
        }
        self.at = At::Outside;
        self.open.clear();
        self.deeper = 0;
        self.string = false;
        self.escaped = false;
        self.colon = false;
        self.word.clear();
        self.lists = 0;
    }

    /// Follows strings and brackets. Brackets below `floor` stay open whatever comes.
    fn step(&mut self, byte: u8, floor: usize) {
        if self.string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.string = true,
            b'{' | b'[' if self.open.len() >= DEEPEST => self.deeper += 1,
            b'{' => self.open.push(false),
            b'[' => self.open.push(true),
            b'}' | b']' if self.deeper > 0 => self.deeper -= 1,
            b'}' | b']' => {
                // A wrong closing bracket closes what it fits, else the innermost: the next entry is found again.
                let fits = self.open.iter().skip(floor).rposition(|square| *square == (byte == b']'));
                let keep = fits.map_or(self.open.len().saturating_sub(1), |at| at + floor);
                self.open.truncate(keep.max(floor));
            }
            _ => {}
        }
    }
}

/// The bytes without a byte order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Whether the file has a value on each line, so that a line's end is the end of whatever is broken in it. `None`: too early to tell.
fn by_line(head: &[u8], whole: bool) -> Option<bool> {
    let mut lines = without_mark(head).split(|b| *b == b'\n').map(<[u8]>::trim_ascii).peekable();
    let mut next = || -> Option<Option<&[u8]>> {
        loop {
            let line = lines.next();
            let ended = lines.peek().is_some() || whole;
            match line {
                None => return if whole { Some(None) } else { None },
                Some(_) if !ended => return None,
                Some([]) => {}
                Some(line) => return Some(Some(line)),
            }
        }
    };
    let Some(first) = next()? else { return Some(true) };
    if !matches!(first.first(), Some(b'{' | b'[')) || serde_json::from_slice::<IgnoredAny>(first).is_ok() {
        return Some(true);
    }
    let second = next()?;
    let begins = |line: Option<&[u8]>| line.is_none_or(|line| line.first() == Some(&b'{'));
    if matches!(first.last(), Some(b'[' | b',' | b':')) {
        // An object may follow here in a document too; but after a whole one, a document goes on with a comma or a bracket.
        let whole = second.is_some_and(|second| serde_json::from_slice::<IgnoredAny>(second).is_ok());
        return Some(whole && begins(next()?));
    }
    Some(begins(second))
}
