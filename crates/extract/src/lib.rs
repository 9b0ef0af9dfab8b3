//! The text of files that people send: plain text, PDF, Word, Excel, e-mail with what is attached to it. (SEC-25)
//!
//! What a file is, its content says and not its name. Nothing of it is trusted: what it unpacks to, how deep it nests, how many parts and
//! pages it has and how much text comes out are bounded by [`Limits`], and counted rather than read off what the file announces. A file
//! that cannot be read whole is refused with a reason ([`Error`]); of a letter or a document that holds other files, those that cannot be
//! read are named in [`Extracted::unread`]. Text of a file that was refused is never given as if it were all of it: what could not be read
//! may hold anything.
//!
//! Not read are pictures (so a page that was scanned has no text), archives other than documents, the forms of Office before 2007, anything
//! locked by a password, RTF, `OpenDocument` and presentations. Of a PDF the pages are read as they are shown, hidden text included; its
//! attachments are not.
//!
//! **Time.** Every bound but one is kept within the call. A PDF can be made so that even finding its pages takes very long, and the
//! libraries that read these formats may have faults that nobody knows of. Whoever reads files of strangers in a service calls this in a
//! process of its own that can be ended.

use std::ops::Range;

use serde::{Deserialize, Serialize};

mod kind;
mod letter;
mod office;
mod pdf;
mod place;
mod plain;
mod sheets;

#[cfg(test)]
mod tests;

pub use kind::FileKind;
pub use place::{Mark, Place, Spot};

/// What is given of one file at most. The default is for a service that reads what strangers send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, in bytes.
    pub bytes: usize,
    /// The most text that comes out, in bytes of UTF-8.
    pub text: usize,
    /// The most that all parts of it unpack to, in bytes.
    pub unpacked: u64,
    /// How many times its packed size a part of more than 1 MiB may unpack to.
    pub ratio: u64,
    /// The most parts that a document may be packed from.
    pub entries: usize,
    /// How deep files may lie within files: 1 is what is attached to a letter.
    pub depth: usize,
    /// The most files within files.
    pub files: usize,
    /// The most pages.
    pub pages: usize,
    /// The most steps of drawing pages, of which a letter is one.
    pub steps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            text: 16 << 20,
            unpacked: 256 << 20,
            ratio: 250,
            entries: 2_000,
            depth: 3,
            files: 100,
            pages: 2_000,
            steps: 10_000_000,
        }
    }
}

/// Why a file was not read. Each says what to do, and nothing of the file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Error {
    /// It is larger than [`Limits::bytes`].
    #[error("the file is larger than {mib} MiB. Send a smaller one")]
    TooLarge {
        /// What it may be.
        mib: usize,
    },
    /// Its text is longer than [`Limits::text`].
    #[error("the file holds more than {mib} MiB of text. Split it")]
    TooMuchText {
        /// What it may hold.
        mib: usize,
    },
    /// It unpacks to more than [`Limits::unpacked`] or [`Limits::ratio`] allow.
    #[error("the file unpacks to far more than it is. Save it again, or send its content in another form")]
    Unpacks,
    /// It has more parts than [`Limits::entries`], or more files within than [`Limits::files`].
    #[error("the file is made of more than {most} parts. Send its content in several files")]
    TooManyParts {
        /// How many it may be made of.
        most: usize,
    },
    /// Files lie deeper within files than [`Limits::depth`], or its content nests as no program writes it.
    #[error("the file nests too deeply. Send what is inside as files of their own")]
    TooDeep,
    /// It has more pages than [`Limits::pages`].
    #[error("the file has more than {most} pages. Split it")]
    TooManyPages {
        /// How many it may have.
        most: usize,
    },
    /// Its pages take more steps than [`Limits::steps`].
    #[error("the file's pages are too intricate to be read. Print it to a new PDF, or send its text")]
    TooIntricate,
    /// It is locked by a password, or restricted.
    #[error("the file is locked. Save it without a password and without restrictions")]
    Locked,
    /// It has a form of Office before 2007, or is locked, which looks the same.
    #[error("the file has an old form of Office, or is locked. Save it as DOCX or XLSX without a password")]
    OldOffice,
    /// It is a picture.
    #[error("the file is a picture, whose words cannot be read. Somebody has to look at it")]
    Picture,
    /// These pages of it hold pictures, nothing, or letters of which the file does not say what they are.
    #[error(
        "{pages} of the file's pages have no text that can be read: pictures, shapes of letters, or nothing. Somebody has to look at them"
    )]
    NoText {
        /// How many.
        pages: usize,
    },
    /// It is an archive.
    #[error("the file is an archive. Send what is inside as files of their own")]
    Archive,
    /// It is something else that is not read.
    #[error("the file is neither text nor PDF, Word (DOCX), Excel (XLSX) or e-mail (EML). Save it as one of those")]
    Unknown,
    /// It begins like a kind that is read, and is broken.
    #[error("the file is broken, or is not the {} that it begins as. Save it again", .kind.name())]
    Broken {
        /// What it begins as.
        kind: FileKind,
    },
}

impl Error {
    /// Its code, such as `too-large`: for a message in the reader's language.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::TooMuchText { .. } => "too-much-text",
            Self::Unpacks => "unpacks",
            Self::TooManyParts { .. } => "too-many-parts",
            Self::TooDeep => "too-deep",
            Self::TooManyPages { .. } => "too-many-pages",
            Self::TooIntricate => "too-intricate",
            Self::Locked => "locked",
            Self::OldOffice => "old-office",
            Self::Picture => "picture",
            Self::NoText { .. } => "no-text",
            Self::Archive => "archive",
            Self::Unknown => "unknown",
            Self::Broken { .. } => "broken",
        }
    }
}

/// The text of a file, and of what lies within.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// All of it, the files within one after another.
    pub text: String,
    /// What came from where: the file itself first, then those within, in the order of the text.
    pub parts: Vec<Part>,
    /// Where pages, sheets and rows begin, in the order of the text.
    pub marks: Vec<Mark>,
    /// What could not be read. Where this is not empty, the text is not all that the file says.
    pub unread: Vec<Unread>,
}

/// One file's part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name within the file that holds it; none of the outermost, whose name the caller knows.
    pub name: Option<String>,
    /// What it is.
    pub kind: FileKind,
    /// Where its text lies, files within it included, in bytes.
    pub span: Range<usize>,
}

/// A file within a file, or pages of it, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Its name; none where it is the outermost file, or has no name.
    pub name: Option<String>,
    /// Why.
    pub why: Error,
}

/// The stack of the thread that reads: libraries descend into what a file nests, and how deep it does is its maker's choice.
const STACK: usize = 256 << 20;

/// The text of the file with these bytes.
///
/// It is read on a thread of its own: whatever goes wrong in there, it is the file's fault.
///
/// # Errors
/// [`Error`], which says why the file was not read. What lies within another file and cannot be read is no error but [`Extracted::unread`].
pub fn extract(bytes: &[u8], limits: &Limits) -> Result<Extracted, Error> {
    if bytes.len() > limits.bytes {
        return Err(Error::TooLarge { mib: limits.bytes >> 20 });
    }
    let mut out = Out::new(limits);
    let done = std::thread::scope(|scope| {
        let read = std::thread::Builder::new().name("extract".to_owned()).stack_size(STACK);
        read.spawn_scoped(scope, || out.file(None, bytes, 0)).map(std::thread::ScopedJoinHandle::join)
    });
    match done {
        Ok(Ok(read)) => read?,
        _ => return Err(Error::Broken { kind: out.parts.first().map_or(FileKind::Text, |part| part.kind) }),
    }
    Ok(Extracted { text: out.text, parts: out.parts, marks: out.marks, unread: out.unread })
}

/// What comes out, and what is left of the limits.
struct Out<'l> {
    limits: &'l Limits,
    text: String,
    parts: Vec<Part>,
    marks: Vec<Mark>,
    unread: Vec<Unread>,
    unpacked: u64,
    files: usize,
    steps: usize,
}

impl<'l> Out<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            text: String::new(),
            parts: Vec::new(),
            marks: Vec::new(),
            unread: Vec::new(),
            unpacked: limits.unpacked,
            files: limits.files,
            steps: limits.steps,
        }
    }

    fn too_much_text(&self) -> Error {
        Error::TooMuchText { mib: self.limits.text >> 20 }
    }

    fn push(&mut self, text: &str) -> Result<(), Error> {
        if self.text.len().saturating_add(text.len()) > self.limits.text {
            return Err(self.too_much_text());
        }
        self.text.push_str(text);
        Ok(())
    }

    /// Notes what begins here.
    fn mark(&mut self, place: Place) {
        self.marks.push(Mark { at: self.text.len(), place });
    }

    /// Takes from what may be unpacked.
    fn unpacks(&mut self, bytes: u64) -> Result<(), Error> {
        self.unpacked = self.unpacked.checked_sub(bytes).ok_or(Error::Unpacks)?;
        Ok(())
    }

    /// Reads a file that lies `depth` files deep.
    fn file(&mut self, name: Option<String>, bytes: &[u8], depth: usize) -> Result<(), Error> {
        let kind = kind::sniff(bytes)?;
        let (start, at) = (self.text.len(), self.parts.len());
        self.parts.push(Part { name, kind, span: start..start });
        match kind {
            FileKind::Text => plain::read(self, bytes)?,
            FileKind::Pdf => pdf::read(self, bytes)?,
            FileKind::Docx => office::read(self, bytes, depth)?,
            FileKind::Xlsx => sheets::read(self, bytes, depth)?,
            FileKind::Eml => letter::read(self, bytes, depth)?,
        }
        self.parts[at].span.end = self.text.len();
        Ok(())
    }

    /// Reads a file within one that lies `depth` deep. What cannot be read of it is noted; only limits that hold for all end the reading.
    fn within(&mut self, name: Option<&str>, bytes: &[u8], depth: usize) -> Result<(), Error> {
        self.files = self.files.checked_sub(1).ok_or(Error::TooManyParts { most: self.limits.files })?;
        self.push("\n\n")?;
        if let Some(name) = name {
            // A name can say as much as what it is given to.
            self.push(name)?;
            self.push("\n")?;
        }
        let (length, parts, marks) = (self.text.len(), self.parts.len(), self.marks.len());
        let why = if depth >= self.limits.depth { Err(Error::TooDeep) } else { self.file(name.map(str::to_owned), bytes, depth + 1) };
        match why {
            Ok(()) => {
                if self.marks.len() > marks {
                    // Its pages are not those of what goes on around it.
                    self.mark(Place::Beside);
                }
                Ok(())
            }
            Err(why @ (Error::TooMuchText { .. } | Error::Unpacks | Error::TooIntricate | Error::TooManyParts { .. })) => Err(why),
            Err(why) => {
                self.text.truncate(length);
                self.parts.truncate(parts);
                self.marks.truncate(marks);
                self.unread.push(Unread { name: name.map(str::to_owned), why });
                Ok(())
            }
        }
    }
}
