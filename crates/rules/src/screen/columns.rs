//! Tables within a text: what the heading of a column says of the values below it.
//!
//! Sheets and CSV files name a number once, at the head of its column, however far down it stands.

use super::labels::{Mask, mask_of};
use super::text::Text;

/// Most of a line that is looked at, in bytes.
const LINE: usize = 4_096;

/// What parts cells, and how often it must stand in a heading: commas stand in sentences too.
const PARTS: [(u8, usize); 4] = [(b'\t', 1), (b'|', 2), (b';', 2), (b',', 2)];

/// The table that is being read.
#[derive(Debug)]
struct Table {
    part: u8,
    /// How many of those a row has; of tabs at least one.
    count: usize,
    heads: Vec<Mask>,
    /// Where its last row read so far begins.
    row: usize,
}

/// Where in which table a text is being read.
pub(super) struct Columns<'a> {
    text: Text<'a>,
    /// Where the line begins that was read last; none before the first.
    line: Option<usize>,
    /// Up to where the text has been read.
    read: usize,
    /// The column there, from 0, and whether it lies in quotes.
    column: usize,
    quoted: bool,
    table: Option<Table>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: Text::new(text), line: None, read: 0, column: 0, quoted: false, table: None }
    }

    /// What the heading of the column says in which `at` lies. To be asked in the order of the text.
    pub(super) fn read_to(&mut self, at: usize) -> Mask {
        let bytes = self.text.bytes;
        let new = memchr::memrchr(b'\n', &bytes[self.read..at]).map(|found| self.read + found + 1);
        if let Some(start) = new.or(if self.line.is_none() { Some(0) } else { None }) {
            self.line = Some(start);
            self.enter(start);
            (self.read, self.column, self.quoted) = (start, 0, false);
        }
        if let Some(table) = &self.table {
            for byte in &bytes[self.read..at] {
                step(*byte, table.part, &mut self.column, &mut self.quoted);
            }
        }
        self.read = at;
        self.table.as_ref().and_then(|table| table.heads.get(self.column)).copied().unwrap_or_default()
    }

    /// Begins a line: it goes on with the table, begins one below a heading, or is in none.
    fn enter(&mut self, line: usize) {
        let bytes = self.text.bytes;
        if let Some(table) = &mut self.table
            && line.saturating_sub(table.row) <= 4 * LINE
            && bytes[table.row..line.saturating_sub(1)].split(|byte| *byte == b'\n').all(|row| is_row(row, table.part, table.count))
            && is_row(self.text.line(line, LINE), table.part, table.count)
        {
            table.row = line;
            return;
        }
        self.table = self.begun(line);
    }

    /// The table whose heading is the line above `line`.
    fn begun(&self, line: usize) -> Option<Table> {
        let bytes = self.text.bytes;
        let end = line.checked_sub(1)?;
        let from = end.saturating_sub(LINE);
        let head = bytes[from..end].iter().rposition(|byte| *byte == b'\n').map_or(from, |found| from + found + 1);
        let row = self.text.line(line, LINE);
        let heading = &bytes[head..end];
        let (part, count) = PARTS.into_iter().find_map(|(part, least)| {
            let count = cells(heading, part);
            (count >= least && is_row(row, part, count)).then_some((part, count))
        })?;
        let mut heads = Vec::with_capacity(count + 1);
        let (mut column, mut quoted, mut start) = (0, false, head);
        for (at, byte) in heading.iter().enumerate() {
            if step(*byte, part, &mut column, &mut quoted) {
                heads.push(mask_of(self.text, start, head + at));
                start = head + at + 1;
            }
        }
        heads.push(mask_of(self.text, start, end));
        Some(Table { part, count, heads, row: line })
    }
}

/// Takes one byte of a row; true where a cell ends. What parts cells does not do so within quotes, save for the tab.
fn step(byte: u8, part: u8, column: &mut usize, quoted: &mut bool) -> bool {
    if byte == b'"' {
        *quoted = !*quoted;
    }
    let ends = byte == part && (!*quoted || part == b'\t');
    *column += usize::from(ends);
    ends
}

/// How many cells of a row end before its last.
fn cells(row: &[u8], part: u8) -> usize {
    if part == b'\t' || memchr::memchr(b'"', row).is_none() {
        return memchr::memchr_iter(part, row).count();
    }
    let (mut column, mut quoted) = (0, false);
    for byte in row {
        step(*byte, part, &mut column, &mut quoted);
    }
    column
}

/// Whether a line has as many cells as its heading. Programs leave out empty ones at the end between tabs.
fn is_row(row: &[u8], part: u8, count: usize) -> bool {
    if part == b'\t' { memchr::memchr(b'\t', row).is_some() } else { cells(row, part) == count }
}
