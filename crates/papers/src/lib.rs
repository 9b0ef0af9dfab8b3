//! Papers: the letters, decisions and reports that an authority sends or keeps, as PDF.
//!
//! A [`Paper`] is plain data. [`render`] sets it in type with the one template of this crate and gives a PDF that conforms to PDF/A-2a (it
//! can be kept) and to PDF/UA-1 (it can be read aloud). What people wrote reaches the template as values, never as Typst source, and the
//! template can open no file and no connection: see `world`. Words that the paper adds of its own come with it, in [`Words`], because this
//! crate knows no catalogue.

mod text;
mod values;
mod world;

#[cfg(test)]
mod tests;

use typst::comemo;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::text::Repertoire;
use crate::world::Desk;

/// The most columns a table may have; more could not be read on any page.
pub const MOST_COLUMNS: usize = 16;

/// The most characters a paper may hold in all; about 700 pages.
pub const MOST_CHARACTERS: usize = 2_000_000;

/// A letter or report, before it is set in type. Every text may hold any characters at all: see [`render`] for what becomes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The language of the paper, as `en` or `en-GB`. It decides hyphenation, the reading voice and the direction of lines.
    pub lang: String,
    /// The title: the main heading, and what a reader's window shows.
    pub title: String,
    /// The protective marking, shown at the head and the foot of every page and among the particulars. Empty when there is none.
    pub marking: String,
    /// Whose paper it is.
    pub authority: Letterhead,
    /// The reference of the case or record, shown at the foot of every page.
    pub reference: String,
    /// The day the paper bears, in words of its language.
    pub date: String,
    /// When the paper was made: goes into the file's own particulars. The same paper made at the same instant gives the same bytes.
    pub made_at: jiff::Timestamp,
    /// The edition of the policy pack that the paper rests on. Empty when it rests on none.
    pub edition: String,
    /// The index of the ledger entry that the paper bears witness to.
    pub ledger_index: Option<u64>,
    /// The code under which a reader can ask whether the paper is genuine. Empty when there is none.
    pub code: String,
    /// The words that the layout adds, in the paper's language.
    pub words: Words,
    /// What the paper says, in order. An [`Block::Address`] that stands first is set beside the particulars.
    pub blocks: Vec<Block>,
}

/// The sender's head of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letterhead {
    /// The name of the authority.
    pub name: String,
    /// Its postal address and how to reach it, a line each. May be empty.
    pub lines: Vec<String>,
}

/// The labels of the particulars and the page number, from the catalogue (`papers-word-…`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Labels [`Paper::marking`].
    pub marking: String,
    /// Labels [`Paper::reference`].
    pub reference: String,
    /// Labels [`Paper::date`].
    pub date: String,
    /// Labels [`Paper::edition`].
    pub edition: String,
    /// Labels [`Paper::ledger_index`].
    pub ledger_entry: String,
    /// Labels [`Paper::code`].
    pub code: String,
    /// The page number, where `{n}` stands for the number of the page and `{m}` for how many there are.
    pub page: String,
}

/// One piece of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading. Level 1 is the first below the title; a level that skips one is raised, since a reading voice must find no gap.
    Heading {
        /// 1 to 5.
        level: u8,
        /// Its words.
        text: String,
    },
    /// Running text. A line that is left empty begins a new paragraph; a single line end is kept.
    Paragraph(String),
    /// One paragraph of running text that names an address on the web, which is a link where it stands.
    Pointer {
        /// The words, the address among them.
        text: String,
        /// The address, `http://…` or `https://…`. Anything else stays text.
        address: String,
    },
    /// Labels with what they label, in two columns.
    Facts(Vec<(String, String)>),
    /// A table. Its head is repeated on every page it reaches; one of more than seven columns is set across the page.
    Table {
        /// What the table shows, set above it. May be empty.
        caption: String,
        /// The heads of the columns; of each, 120 characters are shown.
        head: Vec<String>,
        /// The rows; short ones are filled with empty cells, long ones widen the table.
        rows: Vec<Vec<String>>,
    },
    /// A list of points without order.
    List(Vec<String>),
    /// Whom the paper is for, a line each.
    Address(Vec<String>),
    /// Who answers for the paper.
    Signature {
        /// The words above the name.
        closing: String,
        /// The name.
        name: String,
        /// Role, organisation and the like, a line each.
        lines: Vec<String>,
    },
}

/// Why a paper could not be made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PaperError {
    /// `lang` is not of the form `en` or `en-GB`.
    #[error("the language of a paper is written like en or en-GB")]
    Language,
    /// Neither title nor reference holds a visible character; PDF/UA-1 (7.1) wants a title.
    #[error("a paper needs a title")]
    Untitled,
    /// A table has more than [`MOST_COLUMNS`] columns; holds how many.
    #[error("a table of {0} columns does not fit on a page")]
    TooWide(usize),
    /// The paper holds more than [`MOST_CHARACTERS`] characters; holds how many.
    #[error("a paper of {0} characters is too long")]
    TooLong(usize),
    /// `made_at` is no instant that a PDF can bear.
    #[error("the time the paper was made is out of range")]
    Time,
    /// The template or the validator refused: a fault of ours. For the log only, as it may quote the paper.
    #[error("the paper could not be set in type: {0}")]
    Typesetting(String),
}

/// Sets `paper` in type and gives the bytes of a PDF that conforms to PDF/A-2a and PDF/UA-1.
///
/// Text appears as it was given, with these exceptions. It is brought to Unicode's composed form (NFC). Tabs and odd spaces become spaces,
/// and any line end becomes one. Characters that cannot be shown (controls, direction overrides, private use, and those of scripts that
/// no font of ours covers) appear as `⟨U+202E⟩`, so that nothing is lost or hidden without a trace. Words too long for their line are broken without
/// a hyphen.
///
/// This takes tens of milliseconds and more for long papers: async callers use `spawn_blocking`. Nothing of the paper stays in memory after.
pub fn render(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    values::check(paper)?;
    let _forget = Forget;
    match attempt(paper, Repertoire::Full) {
        // A sequence that each font covers in part can still come out without a glyph, which the validator refuses. Then fall back to
        // what is certain to show.
        Err(PaperError::Typesetting(_)) => attempt(paper, Repertoire::Latin),
        done => done,
    }
}

/// Drops what the typesetter remembers, however the work ends: its cache would hold on to people's words.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        comemo::evict(0);
    }
}

fn attempt(paper: &Paper, repertoire: Repertoire) -> Result<Vec<u8>, PaperError> {
    let document = lay_out(paper, repertoire)?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Vouchsafe".to_owned())),
        timestamp: Some(Timestamp::new_utc(made_at(paper)?)),
        standards: PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|e| PaperError::Typesetting(e.message().to_string()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|found| refused(&found))
}

fn lay_out(paper: &Paper, repertoire: Repertoire) -> Result<PagedDocument, PaperError> {
    let desk = Desk::new(values::inputs(paper, repertoire)?);
    let Warned { output, .. } = typst::compile::<PagedDocument>(&desk);
    output.map_err(|found| refused(&found))
}

fn made_at(paper: &Paper) -> Result<Datetime, PaperError> {
    let at = paper.made_at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |n: i8| u8::try_from(n).map_err(|_| PaperError::Time);
    let (month, day) = (part(at.month())?, part(at.day())?);
    // A PDF's dates have a year of four digits (ISO 32000-1, 7.9.4).
    let year = if (0..=9999).contains(&at.year()) { i32::from(at.year()) } else { return Err(PaperError::Time) };
    Datetime::from_ymd_hms(year, month, day, part(at.hour())?, part(at.minute())?, part(at.second())?).ok_or(PaperError::Time)
}

fn refused(found: &[SourceDiagnostic]) -> PaperError {
    PaperError::Typesetting(found.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join("; "))
}
