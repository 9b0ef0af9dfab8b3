//! What is kept of a message for people to read, beside the message itself; sealed as one.

use inbox::{Message, Unread};
use platform::{files, t, texts};
use rules::screen;
use serde::{Deserialize, Serialize};

/// As much of the text as is kept for reading, in characters: the whole lies in the message as it came.
const TEXT: usize = 60_000;
/// As much of what its HTML says otherwise.
const OTHER: usize = 20_000;

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who says to have sent it: name and address; blank where it does not say.
    pub sender: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Whether there is more of it.
    pub cut: bool,
    /// What its HTML says, where that differs.
    pub other: Option<String>,
    /// When its writer's clock says that it was written, as RFC 3339; never relied on.
    pub date: Option<String>,
    /// What servers that we trust say of the sender: by DKIM, SPF and DMARC, and all in all.
    pub checks: [String; 4],
    /// What came with it.
    pub files: Vec<Enclosed>,
    /// What could not be read, or not whole.
    pub unread: Vec<Lost>,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// Its name.
    pub name: String,
    /// How large it is, in bytes.
    pub size: usize,
    /// Whether its encoding was broken.
    pub damaged: bool,
    /// Why it did not become a file of the incident: the id of a text. None where it did, or was not tried.
    pub refused: Option<String>,
}

/// What keeps a file out for a while alone: the scanner or the store did not answer.
const FOR_A_WHILE: [&str; 3] = ["file-scanner-down", "file-store-down", LATER];
/// What keeps a file out that nobody knows the reason of: it is tried again.
pub(super) const LATER: &str = "mail-file-later";

impl Enclosed {
    /// Whether it is still to be looked at: what kept it out of the incident may be over by now.
    pub fn is_left(&self) -> bool {
        self.refused.as_deref().is_some_and(for_a_while)
    }
}

/// Whether what stands against a file of a message may be over before long.
pub(super) fn for_a_while(refused: &str) -> bool {
    FOR_A_WHILE.contains(&refused)
}

/// Something that could not be read, or not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// How large it would be, in bytes.
    pub size: usize,
    /// Why, by code.
    pub why: String,
}

impl Lost {
    /// Why, in words, with what to do.
    pub fn says(&self) -> String {
        texts::t(&format!("mail-unread-{}", self.why))
    }
}

fn cut(text: &str, most: usize) -> (String, bool) {
    match text.char_indices().nth(most) {
        Some((at, _)) => (text[..at].to_owned(), true),
        None => (text.to_owned(), false),
    }
}

impl Said {
    /// What is kept of this message.
    pub fn of(message: &Message) -> Self {
        let (text, more) = cut(&message.text, TEXT);
        let lost = |one: &Unread| Lost { name: one.name.clone(), size: one.size, why: one.why.code().to_owned() };
        let checks = &message.authentication;
        let enclosed = |file: &inbox::Attachment| Enclosed {
            name: files::plain_name(&file.name),
            size: file.size(),
            damaged: file.damaged,
            refused: None,
        };
        Self {
            sender: sender(message),
            subject: message.subject.clone(),
            text,
            cut: more || message.truncated,
            other: message.other_text.as_deref().map(|text| cut(text, OTHER).0),
            date: message.date_said.map(|at| at.to_string()),
            checks: [checks.dkim.verdict, checks.spf.verdict, checks.dmarc.verdict, checks.author()]
                .map(|verdict| verdict.code().to_owned()),
            files: message.attachments.iter().map(enclosed).collect(),
            unread: message.unread.iter().map(lost).collect(),
        }
    }

    /// How many of its files are still to be looked at.
    pub fn files_left(&self) -> i32 {
        i32::try_from(self.files.iter().filter(|file| file.is_left()).count()).unwrap_or(i32::MAX)
    }

    /// The subject, or that there is none, with what is found in it masked.
    pub fn shown_subject(&self) -> String {
        if self.subject.is_empty() { t!("mail-no-subject") } else { masked(&self.subject) }
    }
}

/// Who says to have sent a message: name and address.
pub fn sender(message: &Message) -> String {
    match &message.from {
        Some(from) => match &from.name {
            Some(name) => format!("{name} <{}>", from.address),
            None => from.address.clone(),
        },
        None => String::new(),
    }
}

/// What a message says, as a report takes it: subject first, then the text, then what its HTML says otherwise, which mail programs show.
pub fn report(message: &Message) -> String {
    let mut parts = vec![message.subject.as_str(), message.text.trim()];
    parts.extend(message.other_text.as_deref().map(str::trim));
    let says = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    if says.is_empty() { t!("mail-no-words") } else { says }
}

/// A text without data about people.
pub fn masked(text: &str) -> String {
    screen::masked(text).into_owned()
}
