//! The parts of a message, as its boundaries part it (RFC 2046).
//!
//! The library that reads letters elsewhere looks for each boundary as far as the message goes and keeps every part, so that a letter can be
//! made whose reading takes hours or gigabytes. Here lines are looked at once, against the boundaries that are open; those are as many as
//! [`crate::Limits::depth`] allows, and parts as many as [`crate::Limits::parts`].

use std::ops::Range;

use crate::head::{Field, Head};
use crate::media::Media;
use crate::{Limits, Reason, Unread};

/// How many signs other than blanks may stand outside of parts: mail programs say there that they write in parts.
const OUTSIDE: usize = 400;

/// A part: the message itself is the first.
#[derive(Debug)]
pub(crate) struct Part {
    pub media: Media,
    /// Which it is, such as `1.2`; empty for the message itself.
    pub number: String,
    /// Where what it holds lies.
    pub body: Range<usize>,
    /// The parts within it, by their places.
    pub children: Vec<usize>,
    /// Whether it lies so deep that what is within was not parted.
    pub too_deep: bool,
}

impl Part {
    fn new(fields: &[Field<'_>], digest: bool, number: String, body: usize) -> Self {
        Self { media: Media::of(fields, digest), number, body: body..body, children: Vec::new(), too_deep: false }
    }
}

/// All parts of a message with this head; never none.
pub(crate) fn all(bytes: &[u8], head: &Head<'_>, limits: &Limits, unread: &mut Vec<Unread>) -> Vec<Part> {
    let mut walk = Walk { bytes, limits, unread, parts: Vec::new(), open: Vec::new(), leaf: None, outside: None };
    walk.enter(Part::new(&head.fields, false, String::new(), head.body));
    let end = walk.lines(head.body);
    walk.leave(end);
    walk.parts
}

struct Walk<'r, 'u> {
    bytes: &'r [u8],
    limits: &'u Limits,
    unread: &'u mut Vec<Unread>,
    parts: Vec<Part>,
    /// Parts that hold parts and have not ended, outermost first, each with its boundary.
    open: Vec<(usize, Vec<u8>)>,
    /// The part that is being read.
    leaf: Option<usize>,
    /// Where text outside of parts begins.
    outside: Option<usize>,
}

impl Walk<'_, '_> {
    /// Goes through the lines from `at` on, to the end or as far as limits allow.
    fn lines(&mut self, mut at: usize) -> usize {
        while at < self.bytes.len() && !self.open.is_empty() {
            let next = memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |end| at + end + 1);
            let Some((level, closes)) = boundary(&self.open, &self.bytes[at..next]) else {
                at = next;
                continue;
            };
            // Whether the innermost part that may hold others ends, rather than one within it.
            self.end_leaf(at, closes || level + 1 < self.open.len());
            self.close(level + 1, at);
            if closes {
                self.close(level, next);
                self.outside = Some(next);
                at = next;
            } else if self.parts.len() >= self.limits.parts {
                self.unread.push(Unread::of(at..self.bytes.len(), Reason::TooManyParts { most: self.limits.parts }));
                // What is open ends here, and is not unfinished.
                self.close(0, at);
                return at;
            } else {
                at = self.begin(level, next);
            }
        }
        self.bytes.len()
    }

    /// Begins a part of the one that is open at `level`.
    fn begin(&mut self, level: usize, at: usize) -> usize {
        let parent = self.open[level].0;
        let most = (self.limits.head / 16).max(1 << 10);
        let head = Head::of(self.bytes, at, most, |line| line.starts_with(b"From ") || boundary(&self.open, line).is_some());
        let outer = &self.parts[parent];
        let number = outer.children.len() + 1;
        let number = if outer.number.is_empty() { number.to_string() } else { format!("{}.{number}", outer.number) };
        if let Some(span) = head.beyond.clone() {
            let part = Some(number.clone());
            self.unread.push(Unread { part, ..Unread::of(span, Reason::HeadTooLong { most }) });
        }
        let part = Part::new(&head.fields, outer.media.is("multipart", "digest"), number, head.body);
        let place = self.parts.len();
        self.parts[parent].children.push(place);
        self.enter(part);
        head.body
    }

    /// Takes in a part whose body begins.
    fn enter(&mut self, mut part: Part) {
        let place = self.parts.len();
        part.too_deep = part.media.boundary.is_some() && self.open.len() >= self.limits.depth;
        match part.media.boundary.clone().filter(|_| !part.too_deep) {
            Some(boundary) => {
                self.open.push((place, boundary));
                self.outside = Some(part.body.start);
                self.leaf = None;
            }
            None => self.leaf = Some(place),
        }
        self.parts.push(part);
    }

    /// Ends what was being read, before a boundary whose line begins at `at`. `outer`: whether what holds it ends too.
    fn end_leaf(&mut self, at: usize, outer: bool) {
        if let Some(leaf) = self.leaf.take() {
            let start = self.parts[leaf].body.start;
            self.parts[leaf].body = crate::without_line_end(self.bytes, start..at.max(start));
        }
        if let Some(start) = self.outside.take() {
            let text = &self.bytes[start..at.max(start)];
            // A part without a single one within is text itself, and read as such.
            let empty = outer && self.open.last().is_some_and(|(place, _)| self.parts[*place].children.is_empty());
            if !empty && text.iter().filter(|byte| !byte.is_ascii_whitespace()).count() > OUTSIDE {
                self.unread.push(Unread::of(start..at, Reason::Outside));
            }
        }
    }

    /// Ends what is open from `level` on.
    fn close(&mut self, level: usize, at: usize) {
        for (place, _) in self.open.drain(level.min(self.open.len())..) {
            let start = self.parts[place].body.start;
            self.parts[place].body.end = at.max(start);
        }
    }

    /// Ends everything.
    fn leave(&mut self, end: usize) {
        // The last part of a message has no boundary after it.
        if let (Some(leaf), true) = (self.leaf, self.open.is_empty()) {
            self.parts[leaf].body.end = end;
            self.leaf = None;
        }
        self.end_leaf(end, true);
        if let Some((place, _)) = self.open.last() {
            let part = &self.parts[*place];
            let number = Some(part.number.clone()).filter(|number| !number.is_empty());
            let media_type = Some(part.media.full());
            self.unread.push(Unread { part: number, media_type, ..Unread::of(end..end, Reason::Unfinished) });
        }
        self.close(0, end);
    }
}

/// Which of the open boundaries this line is, innermost first, and whether it is the last of its kind.
fn boundary(open: &[(usize, Vec<u8>)], line: &[u8]) -> Option<(usize, bool)> {
    let line = line.strip_prefix(b"--")?.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(level, (_, boundary))| match line.strip_prefix(boundary.as_slice())? {
        b"" => Some((level, false)),
        b"--" => Some((level, true)),
        _ => None,
    })
}
