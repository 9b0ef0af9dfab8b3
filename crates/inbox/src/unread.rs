//! What could not be read, and why.

use std::ops::Range;

/// Something of a message that could not be read, or not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Which part it is, such as `1.2`; none where it is of the message as a whole, or its head.
    pub part: Option<String>,
    /// Its name, made safe, where it has one.
    pub name: Option<String>,
    /// What it says to be, where it is a part.
    pub media_type: Option<String>,
    /// How large it would be, decoded, in bytes.
    pub size: usize,
    /// Where it lies in the bytes of the message, so that somebody can look there.
    pub span: Range<usize>,
    /// Why.
    pub why: Reason,
}

impl Unread {
    /// What lies there, of the message as a whole.
    pub(crate) fn of(span: Range<usize>, why: Reason) -> Self {
        Self { part: None, name: None, media_type: None, size: span.len(), span, why }
    }
}

/// Why something could not be read, or not whole. Each says what to do, and nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// Larger than [`crate::Limits::attachment`].
    #[error("the file is larger than {most} bytes. Take it out of the message as it came, or ask for it in another way")]
    TooLarge {
        /// What it may be, in bytes.
        most: usize,
    },
    /// All attachments before it and it are larger than [`crate::Limits::attached`].
    #[error("the files of the message are larger than {most} bytes together. Take it out of the message as it came")]
    AllTooLarge {
        /// What they may be, in bytes.
        most: usize,
    },
    /// More attachments than [`crate::Limits::attachments`].
    #[error("the message has more than {most} files. Take it out of the message as it came")]
    TooManyAttachments {
        /// How many it may have.
        most: usize,
    },
    /// More parts than [`crate::Limits::parts`]; from here on nothing was read.
    #[error("the message has more than {most} parts. Look at the rest in the message as it came")]
    TooManyParts {
        /// How many it may have.
        most: usize,
    },
    /// Deeper than [`crate::Limits::depth`].
    #[error("the message nests more than {most} deep. Look at the rest in the message as it came")]
    TooDeep {
        /// How deep it may nest.
        most: usize,
    },
    /// Longer than [`crate::Limits::text`]; its beginning was read.
    #[error("the message has more than {most} bytes of text. Look at the rest in the message as it came")]
    TooMuchText {
        /// What it may have, in bytes.
        most: usize,
    },
    /// A longer head than [`crate::Limits::head`]; its beginning was read.
    #[error("the head of the message is longer than {most} bytes. Look at the rest in the message as it came")]
    HeadTooLong {
        /// What it may have, in bytes.
        most: usize,
    },
    /// It ends before it says that it ends.
    #[error("the message ends before it should. Ask the sender whether something is missing")]
    Unfinished,
    /// Broken; what could be made of it was read.
    #[error("this is broken, and was read as far as it could be. Compare it with the message as it came")]
    Damaged,
    /// Text in a character set that nobody here knows; its letters of ASCII were read.
    #[error("the text is in a character set that is not known here. Ask the sender for plain text in UTF-8")]
    Charset,
    /// HTML that shows no words: pictures, or what only a browser would draw.
    #[error("the text is a picture or drawn by a program. Look at the files of the message, or ask the sender for words")]
    NoWords,
    /// Encrypted; the file is given as it is.
    #[error("this is encrypted for somebody. Ask the sender to send it unencrypted in a way that is safe, or decrypt it")]
    Encrypted,
    /// Within a signature that has to be taken off first; the file is given as it is.
    #[error("this lies within its signature. Open it in a mail program that reads S/MIME")]
    Signed,
    /// `winmail.dat`, in a form of one mail program; the file is given as it is.
    #[error("this is a winmail.dat, which only Outlook reads. Ask the sender to send it as plain text or HTML")]
    Winmail,
    /// Not in the message: it only says where it would be. Nothing is fetched.
    #[error("this is not in the message, which only says where it would be. Ask the sender for the file")]
    Elsewhere,
    /// One piece of a message that was cut up.
    #[error("this is one piece of a message that was cut into several. Ask the sender to send it whole")]
    Piece,
    /// A From line in which there is no address.
    #[error("the message does not say who sent it in a way that can be read. See its head")]
    Author,
    /// Text before the first part or after the last, which mail programs do not show.
    #[error("the message has text outside its parts, which mail programs do not show. Look at it in the message as it came")]
    Outside,
}

impl Reason {
    /// One of each.
    pub const ALL: [Self; 18] = [
        Self::TooLarge { most: 0 },
        Self::AllTooLarge { most: 0 },
        Self::TooManyAttachments { most: 0 },
        Self::TooManyParts { most: 0 },
        Self::TooDeep { most: 0 },
        Self::TooMuchText { most: 0 },
        Self::HeadTooLong { most: 0 },
        Self::Unfinished,
        Self::Damaged,
        Self::Charset,
        Self::NoWords,
        Self::Encrypted,
        Self::Signed,
        Self::Winmail,
        Self::Elsewhere,
        Self::Piece,
        Self::Author,
        Self::Outside,
    ];

    /// Its code, such as `too-large`: for a message in the reader's language.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::AllTooLarge { .. } => "all-too-large",
            Self::TooManyAttachments { .. } => "too-many-attachments",
            Self::TooManyParts { .. } => "too-many-parts",
            Self::TooDeep { .. } => "too-deep",
            Self::TooMuchText { .. } => "too-much-text",
            Self::HeadTooLong { .. } => "head-too-long",
            Self::Unfinished => "unfinished",
            Self::Damaged => "damaged",
            Self::Charset => "charset",
            Self::NoWords => "no-words",
            Self::Encrypted => "encrypted",
            Self::Signed => "signed",
            Self::Winmail => "winmail",
            Self::Elsewhere => "elsewhere",
            Self::Piece => "piece",
            Self::Author => "author",
            Self::Outside => "outside",
        }
    }

    /// Whether something of the message is cut off by it.
    pub(crate) fn cuts(self) -> bool {
        matches!(
            self,
            Self::TooManyParts { .. } | Self::TooDeep { .. } | Self::TooMuchText { .. } | Self::HeadTooLong { .. } | Self::Unfinished
        )
    }
}
