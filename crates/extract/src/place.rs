//! Where in a file its text stands, as people find it: page and line, sheet and cell.

use serde::{Deserialize, Serialize};

use crate::Extracted;

/// Where something begins in the text of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes from the start of the text.
    pub at: usize,
    /// What begins there.
    pub place: Place,
}

/// A place that people can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A page, from 1.
    Page(u32),
    /// A row of a sheet, both from 1; row 0 is the sheet's name.
    Sheet {
        /// Which sheet, hidden ones counted.
        sheet: u32,
        /// Which row.
        row: u32,
    },
    /// What stands beside pages and sheets: notes, drawings, properties.
    Beside,
}

/// Where a byte of the text stands. What is not known of it is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spot {
    /// The name of the file within the file, the innermost; none in the outermost.
    pub within: Option<String>,
    /// The page, from 1.
    pub page: Option<u32>,
    /// The sheet, from 1.
    pub sheet: Option<u32>,
    /// The cell's row, from 1.
    pub row: Option<u32>,
    /// The cell's column as Excel writes it: `C`, `AA`. One too far for each tab that a cell before it in the row holds.
    pub column: Option<String>,
    /// The line of the page, or of the file where it has no pages, from 1.
    pub line: Option<u32>,
}

impl Extracted {
    /// Where the byte `at` of the text stands.
    pub fn spot(&self, at: usize) -> Spot {
        let at = at.min(self.text.len());
        // The last that begins before and has not ended is the innermost.
        let part = self.parts.iter().rev().find(|part| part.span.start <= at && at < part.span.end.max(part.span.start + 1));
        let start = part.map_or(0, |part| part.span.start);
        let within = part.and_then(|part| part.name.clone());
        let before = self.marks.partition_point(|mark| mark.at <= at);
        // A mark of the file around it says nothing of the one within.
        let mark = self.marks[..before].last().filter(|mark| mark.at >= start);
        let text = |from: usize| self.text.as_bytes().get(from..at).unwrap_or_default();
        let lines = |from| count(text(from), b'\n');
        match mark {
            Some(Mark { at, place: Place::Page(page) }) => Spot { within, page: Some(*page), line: Some(lines(*at)), ..Spot::default() },
            Some(Mark { place: Place::Sheet { sheet, row: 0 }, .. }) => Spot { within, sheet: Some(*sheet), ..Spot::default() },
            Some(Mark { at, place: Place::Sheet { sheet, row } }) => {
                Spot { within, sheet: Some(*sheet), row: Some(*row), column: Some(letters(count(text(*at), b'\t'))), ..Spot::default() }
            }
            Some(Mark { place: Place::Beside, .. }) => Spot { within, ..Spot::default() },
            None => Spot { within, line: Some(lines(start)), ..Spot::default() },
        }
    }
}

/// How many `sign`s stand in these bytes, and one.
fn count(bytes: &[u8], sign: u8) -> u32 {
    u32::try_from(memchr::memchr_iter(sign, bytes).count()).unwrap_or(u32::MAX).saturating_add(1)
}

/// A column's letters: 1 is `A`, 27 is `AA`.
fn letters(mut column: u32) -> String {
    let mut all = Vec::new();
    while column > 0 {
        column -= 1;
        all.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
        column /= 26;
    }
    all.into_iter().rev().collect()
}
