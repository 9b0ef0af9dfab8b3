//! Forms: sections of questions, as a pack's `forms/NAME.yaml` writes them (docs/packs.md).

mod answers;
mod carry;
mod check;
mod errors;
mod fields;
mod freeze;
mod moment;
mod schema;
mod value;
mod visible;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use answers::{Answers, Patch};
pub use check::{SectionProgress, SectionStatus};
pub use errors::{FieldError, FieldErrors, Mode};
pub use fields::amount_text;
pub use freeze::{Change, FrozenAnswer, FrozenDocument, FrozenSection, FrozenText};
pub use moment::{Moment, clock, time_text};
pub use value::{GROUP_ITEMS, LONGTEXT_LENGTH, NUMBER_LIMIT, Part, PartKind, TEXT_LENGTH, UPLOADED, reads_as_home};
pub use visible::Visibility;

use crate::condition::Condition;

/// A questionnaire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Id, equal to the file's name without its ending.
    pub form: String,
    /// Heading.
    pub title: String,
    /// What this is; blank lines part paragraphs.
    #[serde(default)]
    pub intro: String,
    /// How long it takes to answer, in minutes.
    pub minutes: u32,
    /// What to have at hand.
    #[serde(default)]
    pub have_ready: Vec<String>,
    /// The protective marking that it bears once somebody has begun to answer it, wherever it is shown, sent or printed (SEC-X2, SEC-X3); a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<String>,
    /// Who reads it.
    #[serde(default)]
    pub read_by: String,
    /// What happens next.
    #[serde(default)]
    pub after: String,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
    /// The parts, in order.
    pub sections: Vec<Section>,
}

/// A part of a form: one page, one draft row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Id, unique in the form.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Help below the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// When the section is asked; always, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Paragraphs that it restates.
    #[serde(default)]
    pub source: Vec<String>,
    /// The questions, in order.
    pub questions: Vec<Question>,
}

/// What kind of answer a question takes; `form::value` gives the shape of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionType {
    /// One line.
    Text,
    /// Several lines.
    #[serde(rename = "longtext")]
    LongText,
    /// A number.
    Number,
    /// An amount in minor units with its currency.
    Money,
    /// A day.
    Date,
    /// A first and a last day.
    Period,
    /// A day and, where it is known, the time of the day.
    Moment,
    /// Yes or no, and "not known" where the question allows it.
    YesNo,
    /// One of the options.
    Choice,
    /// Any of the options.
    Choices,
    /// An ISO 3166-1 code.
    Country,
    /// Several of them.
    Countries,
    /// A postal address.
    Address,
    /// How to reach someone.
    Contact,
    /// A file that was uploaded, or a dated note of where a paper can be had.
    File,
    /// The id of a party.
    Party,
    /// The id of a site.
    Site,
    /// The name of a system.
    System,
    /// Entries of several questions each.
    Group,
}

/// A question, or a group of them that repeats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file format")]
pub struct Question {
    /// Id, unique in the form, groups included.
    pub id: String,
    /// What kind of answer it takes.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// The question itself.
    pub label: String,
    /// Help below the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Must be answered before submission.
    #[serde(default)]
    pub required: bool,
    /// Sealed when stored.
    #[serde(default)]
    pub sensitive: bool,
    /// When it is asked; always, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Longest text, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Most words of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_words: Option<u32>,
    /// The endings of the files that are taken: `pdf`, `odt`; any that the service takes, if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// The largest file, in MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_mib: Option<u32>,
    /// The question beside it, of the same type, whose answer this one must not be below: a number, money, a date or a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<String>,
    /// What must hold before submission, beyond this answer by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must: Option<Must>,
    /// Least number, money (minor units) or date (ISO), of a moment its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Value>,
    /// Greatest number, money (minor units) or date (ISO), of a moment its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Value>,
    /// Only whole numbers.
    #[serde(default)]
    pub integer: bool,
    /// A yes-or-no question that also takes "not known".
    #[serde(default)]
    pub allow_unknown: bool,
    /// What a choice offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// A named check that refuses answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refuse: Option<Refuse>,
    /// For a site: the question of a country, beside it, that the site must lie in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Paragraphs that it restates; its section's or form's, if empty.
    #[serde(default)]
    pub source: Vec<String>,
    /// What one entry of a group is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Least number of entries of a group, or of what is chosen among several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u32>,
    /// Greatest number of entries of a group, 50 if absent; or of what is chosen among several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
    /// The questions of a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
}

/// A condition over the answers that must hold, and what to say when it does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Must {
    /// What must hold.
    pub condition: Condition,
    /// What people read when it does not.
    pub says: String,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Id, unique in the question; the answer's value.
    pub id: String,
    /// What the reader sees.
    pub label: String,
    /// Help below the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A named check that refuses answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refuse {
    /// A home address (OFF-Q3): on an address or text, what reads as one; on a yes-or-no question, "yes".
    HomeAddress,
}

/// What a document says of a file that was given as an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What a form must ask the registers, kept behind a trait so that checking stays free of I/O.
pub trait Lookups {
    /// The ISO 3166-1 alpha-2 code of a country, from its code or a name as people write it.
    fn country(&self, text: &str) -> Option<String>;
    /// Whether there is a party with this id that the actor may name.
    fn party(&self, id: &str) -> bool;
    /// Whether there is a site with this id that the actor may name.
    fn site(&self, id: &str) -> bool;
    /// The country code of a site, where it is known.
    fn site_country(&self, id: &str) -> Option<String> {
        let _ = id;
        None
    }
    /// The file with this id, if it belongs to these answers: the version that stands for it now.
    fn file(&self, id: &str) -> Option<FileFacts> {
        let _ = id;
        None
    }
    /// What people read for a country code, or for the id of a party or site.
    fn title(&self, kind: QuestionType, id: &str) -> Option<String> {
        let _ = (kind, id);
        None
    }
}

#[cfg(test)]
pub(crate) mod tests;
