//! What a file is, told from its content alone. Name and declared type are shown to people and decide nothing.

use crate::error::{Error, Result};
use crate::texts::Text;

/// How a file can be looked at without opening it on one's own machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// As a picture.
    Picture,
    /// As plain text.
    Text,
    /// Not at all: it is downloaded.
    Nothing,
}

/// A kind of file that is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct FileKind {
    /// The code, as stored. Its name is the message `file-kind-<code>`.
    pub code: &'static str,
    /// The media type with which it is sent.
    pub mime: &'static str,
    /// Endings that fit it; the first is added to a name that has none of them.
    pub endings: &'static [&'static str],
    /// How it can be looked at.
    pub shows: Shows,
}

const fn kind(code: &'static str, mime: &'static str, endings: &'static [&'static str], shows: Shows) -> FileKind {
    FileKind { code, mime, endings, shows }
}

/// What is taken. Programs, web pages and drawings with scripts (SVG) are not, nor anything else.
pub const KINDS: [FileKind; 18] = [
    kind("pdf", "application/pdf", &["pdf"], Shows::Nothing),
    kind("png", "image/png", &["png"], Shows::Picture),
    kind("jpeg", "image/jpeg", &["jpg", "jpeg", "jfif"], Shows::Picture),
    kind("gif", "image/gif", &["gif"], Shows::Picture),
    kind("webp", "image/webp", &["webp"], Shows::Picture),
    kind("tiff", "image/tiff", &["tif", "tiff"], Shows::Nothing),
    kind("heic", "image/heif", &["heic", "heif"], Shows::Nothing),
    kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"], Shows::Nothing),
    kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"], Shows::Nothing),
    kind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"], Shows::Nothing),
    kind("odt", "application/vnd.oasis.opendocument.text", &["odt"], Shows::Nothing),
    kind("ods", "application/vnd.oasis.opendocument.spreadsheet", &["ods"], Shows::Nothing),
    kind("odp", "application/vnd.oasis.opendocument.presentation", &["odp"], Shows::Nothing),
    kind("rtf", "application/rtf", &["rtf"], Shows::Nothing),
    // Documents and messages of the older Office programs, told apart by what they hold.
    kind("ole", "application/x-ole-storage", &["doc", "xls", "ppt", "msg", "dot", "xlt", "pps"], Shows::Nothing),
    // Never unpacked here. An office file whose parts lie in an unusual order is one of these too.
    kind("zip", "application/zip", &["zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "vsdx"], Shows::Nothing),
    // An e-mail as a mail server handed it over. One that somebody uploads is a text.
    kind("eml", "message/rfc822", &["eml"], Shows::Nothing),
    kind("text", "text/plain; charset=utf-8", &["txt", "csv", "tsv", "md", "log", "eml", "json", "yaml", "yml"], Shows::Text),
];

/// The kind with this code.
pub fn by_code(code: &str) -> Option<&'static FileKind> {
    KINDS.iter().find(|kind| kind.code == code)
}

/// The endings that a browser offers when choosing a file.
pub fn accept() -> String {
    let mut endings: Vec<String> = KINDS.iter().flat_map(|kind| kind.endings).map(|ending| format!(".{ending}")).collect();
    endings.sort();
    endings.dedup();
    endings.join(",")
}

/// As much of a file's beginning as is looked at.
const HEAD: usize = 8 * 1024;
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Names of streams, in UTF-16, that the older Office programs write. Installers, which have the same container, have none of them.
const OLE_STREAMS: [&str; 5] = ["WordDocument", "Workbook", "Book", "PowerPoint Document", "__properties_version1.0"];

/// Looks at a file as it passes.
#[derive(Default)]
pub struct Sniffer {
    head: Vec<u8>,
    /// The end of the last portion that filled no entry of a directory.
    tail: Vec<u8>,
    ole_document: bool,
    control: bool,
    any: bool,
}

impl Sniffer {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `file` once the beginning shows what is not taken, with the reason in words for whoever sent it.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.any |= !bytes.is_empty();
        let before = self.head.len();
        if before < HEAD {
            self.head.extend_from_slice(&bytes[..bytes.len().min(HEAD - before)]);
            if self.head.len() == HEAD {
                self.begins()?;
            }
        }
        // Text has no control characters but those of lines and tables. Once one was seen, nobody needs to look on.
        if !self.control {
            self.control = bytes.iter().any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c) || *b == 0x7f);
        }
        if before < OLE.len() && !self.head.starts_with(OLE) {
            // Kept for the container's directory, whose entries are counted from the first byte.
            self.tail.clone_from(&self.head);
        } else if self.head.starts_with(OLE) && !self.ole_document {
            self.look_for_streams(bytes);
        }
        Ok(())
    }

    /// Directory entries lie at multiples of 128 bytes and begin with their name, which zeros end.
    fn look_for_streams(&mut self, bytes: &[u8]) {
        let window = [self.tail.as_slice(), bytes].concat();
        let entries = window.chunks_exact(128);
        self.tail = entries.remainder().to_vec();
        let names = OLE_STREAMS.map(|name| name.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]).collect::<Vec<u8>>());
        self.ole_document = entries.into_iter().any(|entry| names.iter().any(|name| entry.starts_with(name)));
    }

    /// What the beginning alone says: a kind, or none yet.
    fn begins(&self) -> Result<Option<&'static FileKind>> {
        let head = &self.head;
        let refuse = |id: &'static str| Err(Error::field("file", Text::new(id)));
        let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let first = start.iter().position(|b| !b.is_ascii_whitespace()).map_or(&[][..], |at| &start[at..]);
        if first.starts_with(b"<") {
            return refuse("file-refused-markup");
        }
        if first.starts_with(b"#!") || first.starts_with(b"MZ") {
            return refuse("file-refused-program");
        }
        if head.starts_with(OLE) {
            return Ok(None);
        }
        let Some(found) = infer::get(head) else { return Ok(None) };
        let code = match found.mime_type() {
            "application/pdf" => "pdf",
            "image/png" => "png",
            "image/jpeg" => "jpeg",
            "image/gif" => "gif",
            "image/webp" => "webp",
            "image/tiff" => "tiff",
            "image/heif" => "heic",
            "application/rtf" => "rtf",
            "application/zip" => "zip",
            mime => match KINDS.iter().find(|kind| kind.mime == mime) {
                Some(kind) => kind.code,
                None if found.matcher_type() == infer::MatcherType::App => return refuse("file-refused-program"),
                None if found.matcher_type() == infer::MatcherType::Text => return refuse("file-refused-markup"),
                None => return refuse("file-refused-kind"),
            },
        };
        Ok(by_code(code))
    }

    /// What the file is.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `file` when it is empty or nothing that is taken, with the reason in words for whoever sent it.
    pub fn finish(&self) -> Result<&'static FileKind> {
        let refuse = |id: &'static str| Err(Error::field("file", Text::new(id)));
        if !self.any {
            return refuse("file-empty");
        }
        let found = match self.begins()? {
            None if self.ole_document => by_code("ole"),
            None if self.head.starts_with(OLE) => return refuse("file-refused-program"),
            None if !self.control => by_code("text"),
            other => other,
        };
        found.map_or_else(|| refuse("file-refused-kind"), Ok)
    }
}
