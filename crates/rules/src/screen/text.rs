//! The text as it is searched: where to look, what is a word, what separates the groups of a number.

use std::ops::Range;

/// What may stand between two groups of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// A blank, of whatever width, but no tab and no new line: those part cells and lines.
    Blank,
    /// A hyphen or dash.
    Dash,
    /// A full stop.
    Dot,
    /// A slash.
    Slash,
}

/// One group of digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What stands before it; of the first, nothing.
    pub(super) gap: Option<Gap>,
}

impl Group {
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Most groups of a number that are looked at.
const MOST_GROUPS: usize = 8;

/// The groups of digits from one place on, one separator between each two; at least one.
#[derive(Debug)]
pub(super) struct Groups {
    list: [Group; MOST_GROUPS],
    count: usize,
}

impl Groups {
    pub(super) fn all(&self) -> &[Group] {
        &self.list[..self.count]
    }

    pub(super) fn first(&self) -> Group {
        self.list[0]
    }

    /// Whether the groups begin with these lengths, parted by one and the same of `gaps` throughout.
    pub(super) fn begin(&self, lengths: &[usize], gaps: &[Gap]) -> Option<Range<usize>> {
        let groups = self.all().get(..lengths.len())?;
        let gap = groups.get(1).and_then(|group| group.gap);
        let same = groups.iter().zip(lengths).all(|(group, length)| group.len() == *length)
            && groups[1..].iter().all(|group| group.gap == gap)
            && gap.is_none_or(|gap| gaps.contains(&gap));
        same.then(|| self.list[0].start..self.list[lengths.len() - 1].end)
    }
}

/// A text and its bytes.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes() }
    }

    /// The next digit, `@` or colon from `at` on.
    pub(super) fn next_mark(self, at: usize) -> Option<usize> {
        let mut from = at;
        let rest = self.bytes.get(at..)?;
        // Without a branch within a block, so that the compiler compares all of it at once.
        let mut blocks = rest.chunks_exact(32);
        for block in &mut blocks {
            if block.iter().fold(false, |any, byte| any | is_mark(*byte)) {
                break;
            }
            from += 32;
        }
        self.bytes[from..].iter().position(|byte| is_mark(*byte)).map(|found| from + found)
    }

    #[inline]
    pub(super) fn byte(self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The byte before `at`; 0 at the start.
    #[inline]
    pub(super) fn before(self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    /// The bytes from `at` to the end of its line, `most` at most.
    pub(super) fn line(self, at: usize, most: usize) -> &'a [u8] {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let rest = &rest[..rest.len().min(most)];
        &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]
    }

    #[inline]
    pub(super) fn digits_end(self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// Where the letters and digits of ASCII that end at `at` begin; looks at no more than one IBAN is long.
    #[inline]
    pub(super) fn word_start(self, at: usize) -> usize {
        let from = at.saturating_sub(40);
        at - self.bytes[from..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count()
    }

    #[inline]
    pub(super) fn is_letters(self, span: Range<usize>) -> bool {
        self.bytes[span].iter().all(u8::is_ascii_alphabetic)
    }

    /// Whether a letter or digit stands right before `at`.
    #[inline]
    pub(super) fn word_before(self, at: usize) -> bool {
        match self.before(at) {
            byte if byte.is_ascii() => byte.is_ascii_alphanumeric(),
            _ => self.text[..at].chars().next_back().is_some_and(char::is_alphanumeric),
        }
    }

    /// Whether a letter or digit stands at `at`.
    #[inline]
    pub(super) fn word_at(self, at: usize) -> bool {
        match self.byte(at) {
            byte if byte.is_ascii() => byte.is_ascii_alphanumeric(),
            _ => self.text[at..].chars().next().is_some_and(char::is_alphanumeric),
        }
    }

    /// The separator at `at`, and where it ends.
    #[inline]
    pub(super) fn gap(self, at: usize) -> Option<(Gap, usize)> {
        Some(match self.bytes.get(at..)? {
            [b' ', ..] => (Gap::Blank, at + 1),
            [b'-', ..] => (Gap::Dash, at + 1),
            [b'.', ..] => (Gap::Dot, at + 1),
            [b'/', ..] => (Gap::Slash, at + 1),
            // What word processors put there: blanks that do not break, thin ones, and dashes of every length.
            [0xC2, 0xA0, ..] => (Gap::Blank, at + 2),
            [0xE2, 0x80, 0x80..=0x8A | 0xAF, ..] => (Gap::Blank, at + 3),
            [0xE2, 0x80, 0x90..=0x95, ..] | [0xE2, 0x88, 0x92, ..] => (Gap::Dash, at + 3),
            _ => return None,
        })
    }

    /// The separator that ends at `at`, and where it begins.
    #[inline]
    pub(super) fn gap_before(self, at: usize) -> Option<(Gap, usize)> {
        // Of ASCII it is one byte, of all else two or three.
        let lengths = if self.before(at).is_ascii() { 1..=1 } else { 2..=3 };
        lengths.filter_map(|back: usize| at.checked_sub(back)).find_map(|from| {
            let (gap, end) = self.gap(from)?;
            (end == at).then_some((gap, from))
        })
    }

    /// The groups of digits from `at` on, where a digit stands.
    #[inline]
    pub(super) fn groups(self, at: usize) -> Groups {
        let first = Group { start: at, end: self.digits_end(at), gap: None };
        let mut groups = Groups { list: [first; MOST_GROUPS], count: 1 };
        let mut end = first.end;
        while groups.count < MOST_GROUPS {
            let Some((gap, start)) = self.gap(end) else { break };
            if !self.byte(start).is_ascii_digit() {
                break;
            }
            end = self.digits_end(start);
            groups.list[groups.count] = Group { start, end, gap: Some(gap) };
            groups.count += 1;
        }
        groups
    }

    /// The digits within a span, as numbers from 0 to 9.
    pub(super) fn digits_in(self, span: Range<usize>) -> impl Iterator<Item = u8> + Clone + 'a {
        self.bytes[span].iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0')
    }

    /// Whether the number that begins at `at` goes on to the left: a digit and a separator stand before it.
    #[inline]
    pub(super) fn goes_on_before(self, at: usize) -> bool {
        self.gap_before(at).is_some_and(|(_, from)| self.before(from).is_ascii_digit())
    }

    /// Whether the number that ends at `at` goes on to the right.
    #[inline]
    pub(super) fn goes_on_after(self, at: usize) -> bool {
        self.gap(at).is_some_and(|(_, end)| self.byte(end).is_ascii_digit())
    }
}

fn is_mark(byte: u8) -> bool {
    // The digits and the colon lie beside each other.
    byte.wrapping_sub(b'0') <= 10 || byte == b'@'
}
