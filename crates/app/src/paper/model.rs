//! What a paper is, before and after it is set in type. No I/O.

use papers::{Block, Letterhead, Paper, Words};
use platform::clock::{Clock, Millis, timestamp};
use platform::config::Authority;
use platform::t;

/// The kinds of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The letter about a decision.
    Letter,
    /// What was handed in, with the wording that was shown.
    Proposal,
    /// The duties of the parties under a contract.
    Obligations,
    /// The assessed risk, for the authority alone.
    Assessment,
    /// The conditions and controls of an approval, as they stand.
    Schedule,
    /// What was reported of an incident.
    Report,
    /// That a report of an incident has arrived.
    Acknowledgement,
    /// A version of a security plan.
    Plan,
    /// A change of a security plan, and what was decided about it.
    Change,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Letter,
        Self::Proposal,
        Self::Obligations,
        Self::Assessment,
        Self::Schedule,
        Self::Report,
        Self::Acknowledgement,
        Self::Plan,
        Self::Change,
    ];

    /// Its code, for tables and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Proposal => "proposal",
            Self::Obligations => "obligations",
            Self::Assessment => "assessment",
            Self::Schedule => "schedule",
            Self::Report => "report",
            Self::Acknowledgement => "acknowledgement",
            Self::Plan => "plan",
            Self::Change => "change",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it is about one entry for good, so that asking again gives the same paper. Others tell of the day on which they were made.
    pub fn bears_witness(self) -> bool {
        !matches!(self, Self::Obligations | Self::Schedule)
    }

    /// What its readers must be permitted beside viewing what it is about; the store asks it, so that no list or download can forget.
    pub fn asks(self) -> Option<&'static str> {
        matches!(self, Self::Assessment).then_some("proposal.read_risk")
    }
}

/// A paper as its feature words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its kind.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// The reference of the case or record.
    pub reference: String,
    /// The edition of the pack that it rests on.
    pub edition: String,
    /// The protective marking that what it tells of bears, if it does; beside the authority's own.
    pub marking: Option<String>,
    /// The ledger entry that it bears witness to, by index.
    pub ledger_index: u64,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// Bytes in a code: 100 bits of chance and four of its last letter.
pub const CODE_BYTES: usize = 13;
/// Letters in a code.
const CODE_LETTERS: usize = 20;

/// The code on a paper: 20 letters and digits, in groups of four, in Crockford's alphabet, which has no letter that looks like a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// The code that these random bytes give.
    pub fn new(bytes: [u8; CODE_BYTES]) -> Self {
        let mut text = base32::encode(base32::Alphabet::Crockford, &bytes);
        text.truncate(CODE_LETTERS);
        Self(text)
    }

    /// Reads a code as people type it: any case, with or without its dashes, O for 0, I and L for 1.
    pub fn read(typed: &str) -> Option<Self> {
        let mut text = String::new();
        for letter in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '‑')) {
            text.push(match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                'U' => return None,
                other if other.is_ascii_alphanumeric() => other,
                _ => return None,
            });
            if text.len() > CODE_LETTERS {
                return None;
            }
        }
        (text.len() == CODE_LETTERS).then_some(Self(text))
    }

    /// Its digest, under which it is stored: who reads the database cannot print a paper that passes for genuine.
    pub fn digest(&self) -> String {
        hex::encode(platform::random::digest(format!("paper/{}", self.0).as_bytes()))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, letter) in self.0.chars().enumerate() {
            if n > 0 && n.is_multiple_of(4) {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

/// The whole paper: the draft under the authority's head, with its date, code and where to check it.
pub fn paper(draft: Draft, code: &Code, from: &Authority, public_url: &str, clock: &Clock, now: Millis) -> Paper {
    let mut blocks = draft.blocks;
    let address = format!("{}/papers/check", public_url.trim_end_matches('/'));
    blocks.push(Block::Pointer { text: t!("papers-check-here", address = &address, code = code), address });
    Paper {
        lang: "en-GB".to_owned(),
        title: draft.title,
        marking: [Some(from.marking.as_str()), draft.marking.as_deref()]
            .into_iter()
            .flatten()
            .filter(|one| !one.is_empty())
            .collect::<Vec<_>>()
            .join(" – "),
        authority: Letterhead { name: from.name.clone(), lines: from.address.clone() },
        reference: draft.reference,
        date: clock.day_text(now),
        made_at: timestamp(now),
        edition: draft.edition,
        ledger_index: Some(draft.ledger_index),
        code: code.to_string(),
        words: words(),
        blocks,
    }
}

fn words() -> Words {
    Words {
        marking: t!("papers-word-marking"),
        reference: t!("papers-word-reference"),
        date: t!("papers-word-date"),
        edition: t!("papers-word-edition"),
        ledger_entry: t!("papers-word-ledger-entry"),
        code: t!("papers-word-code"),
        page: t!("papers-word-page", page = "{n}", pages = "{m}"),
    }
}
