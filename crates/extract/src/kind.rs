//! What a file is, by its content.

use serde::{Deserialize, Serialize};

use crate::Error;

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Plain text, HTML and CSV among it.
    Text,
    /// A PDF.
    Pdf,
    /// A Word document.
    Docx,
    /// An Excel workbook.
    Xlsx,
    /// A letter, with what is attached to it.
    Eml,
}

impl FileKind {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Text, Self::Pdf, Self::Docx, Self::Xlsx, Self::Eml];

    /// Its code: `text`, `pdf`, `docx`, `xlsx` or `eml`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Eml => "eml",
        }
    }

    /// What people call it, in English.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Pdf => "PDF",
            Self::Docx => "Word document",
            Self::Xlsx => "Excel workbook",
            Self::Eml => "e-mail",
        }
    }
}

/// How much of a file may come before the mark of a PDF.
const PREAMBLE: usize = 1_024;

/// What the file is.
pub(crate) fn sniff(bytes: &[u8]) -> Result<FileKind, Error> {
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return crate::office::kind(bytes);
    }
    if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(Error::OldOffice);
    }
    if memchr::memmem::find(&bytes[..bytes.len().min(PREAMBLE)], b"%PDF-").is_some() {
        return Ok(FileKind::Pdf);
    }
    let pictures: [&[u8]; 7] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"\xFF\x0A", b"8BPS"];
    let framed = bytes.get(4..8) == Some(b"ftyp") || (starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"));
    if framed || pictures.into_iter().any(starts) {
        return Err(Error::Picture);
    }
    let archives: [&[u8]; 6] = [b"\x1F\x8B", b"7z\xBC\xAF\x27\x1C", b"Rar!\x1A", b"BZh", b"\xFD7zXZ", b"\x28\xB5\x2F\xFD"];
    if archives.into_iter().any(starts) || bytes.get(257..262) == Some(b"ustar") {
        return Err(Error::Archive);
    }
    // Before the look at its bytes: what is attached to a letter may stand in it as it is.
    if crate::letter::is_letter(bytes) {
        return Ok(FileKind::Eml);
    }
    if starts(b"{\\rtf") || !crate::plain::is_text(bytes) { Err(Error::Unknown) } else { Ok(FileKind::Text) }
}
