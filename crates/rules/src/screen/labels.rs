//! Words that say what a number beside them is.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::columns::Columns;
use super::text::Text;

/// Kinds of words as a set: a bit each.
pub(super) type Mask = u16;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Birth,
    Insurance,
    Nhs,
    Card,
    Passport,
    Sort,
    Account,
    Phone,
    /// A word that may speak of a telephone, and of much else.
    Reach,
    /// The word number, which says so of a telephone's unless another one says of what it is.
    Number,
    /// A word that says that a number is none of those searched for.
    Other,
    Postcode,
    Internet,
    Version,
}

/// How many there are.
const KINDS: usize = 14;

/// How a word has to stand in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// Between blanks or punctuation.
    Whole,
    /// As the beginning of a word: `call` in `calling`.
    Stem,
    /// Anywhere: `phone` in `telephone`.
    Within,
}

use Label::{Account, Birth, Card, Insurance, Internet, Nhs, Number, Other, Passport, Phone, Postcode, Reach, Sort, Version};
use Stand::{Stem, Whole, Within};

const WORDS: &[(&str, Label, Stand)] = &[
    ("birth", Birth, Within),
    ("born", Birth, Whole),
    ("dob", Birth, Whole),
    ("d.o.b", Birth, Whole),
    ("d o b", Birth, Whole),
    ("national insurance", Insurance, Stem),
    ("nino", Insurance, Stem),
    ("ni number", Insurance, Whole),
    ("ni no", Insurance, Whole),
    ("ni num", Insurance, Whole),
    ("nhs", Nhs, Whole),
    ("chi", Nhs, Whole),
    ("patient number", Nhs, Stem),
    ("card", Card, Stem),
    ("creditcard", Card, Stem),
    ("debit", Card, Whole),
    ("visa", Card, Whole),
    ("mastercard", Card, Whole),
    ("maestro", Card, Whole),
    ("amex", Card, Whole),
    ("american express", Card, Whole),
    ("cc", Card, Whole),
    ("passport", Passport, Stem),
    ("sort code", Sort, Stem),
    ("sortcode", Sort, Stem),
    ("sort-code", Sort, Stem),
    ("sort_code", Sort, Stem),
    ("sc:", Sort, Stem),
    ("account", Account, Stem),
    ("acct", Account, Stem),
    ("acc", Account, Whole),
    ("a/c", Account, Whole),
    ("bank details", Account, Whole),
    ("phone", Phone, Within),
    ("tel", Phone, Whole),
    ("telefon", Phone, Within),
    ("mobile", Phone, Stem),
    ("mob", Phone, Whole),
    ("cell", Phone, Whole),
    ("fax", Phone, Stem),
    ("landline", Phone, Stem),
    ("hotline", Phone, Stem),
    ("helpline", Phone, Stem),
    ("voicemail", Phone, Stem),
    ("whatsapp", Phone, Stem),
    ("sms", Phone, Whole),
    ("call", Phone, Whole),
    ("calls", Phone, Whole),
    ("called", Phone, Whole),
    ("calling", Phone, Whole),
    ("callback", Phone, Whole),
    ("caller", Phone, Stem),
    ("dial", Phone, Stem),
    ("ring", Phone, Whole),
    ("rang", Phone, Whole),
    ("answering", Phone, Whole),
    ("contact", Reach, Stem),
    ("reach", Reach, Stem),
    ("text", Reach, Whole),
    ("office", Reach, Whole),
    ("desk", Reach, Whole),
    ("switchboard", Reach, Whole),
    ("extension", Reach, Whole),
    ("message", Reach, Whole),
    ("number", Number, Stem),
    ("social security", Other, Stem),
    ("ssn", Other, Whole),
    ("licence", Other, Stem),
    ("license", Other, Stem),
    ("order", Other, Stem),
    ("reference", Other, Stem),
    ("ref", Other, Whole),
    ("case", Other, Stem),
    ("ticket", Other, Stem),
    ("serial", Other, Stem),
    ("invoice", Other, Stem),
    ("policy", Other, Stem),
    ("contract", Other, Stem),
    ("registration", Other, Stem),
    ("company", Other, Stem),
    ("tracking", Other, Stem),
    ("part number", Other, Stem),
    ("model", Other, Stem),
    ("vat", Other, Whole),
    ("id", Other, Whole),
    ("identity", Other, Stem),
    ("tax", Other, Stem),
    ("number of", Other, Whole),
    ("house", Other, Stem),
    ("street", Other, Stem),
    ("records", Other, Whole),
    ("post code", Postcode, Stem),
    ("postcode", Postcode, Stem),
    ("postal code", Postcode, Stem),
    ("ip", Internet, Whole),
    ("ipv4", Internet, Whole),
    ("ip address", Internet, Stem),
    ("client_ip", Internet, Whole),
    ("version", Version, Stem),
    ("release", Version, Stem),
    ("build", Version, Whole),
    ("firmware", Version, Whole),
];

/// None would mean that the list above is too large to be compiled, which a test sees.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(WORDS.iter().map(|(word, ..)| word))
        .ok()
});

/// How far before a value a word is looked for, in bytes.
const REACH: usize = 64;

/// The words read so far. They are read when somebody asks for them: most digits are nothing whatever stands beside them.
pub(super) struct Labels<'a> {
    text: Text<'a>,
    columns: Columns<'a>,
    /// What the heading of the column says.
    head: Mask,
    /// Up to where words have been read.
    read: usize,
    /// Where the last one of each kind ended.
    last: [Option<usize>; KINDS],
}

impl<'a> Labels<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: Text::new(text), columns: Columns::new(text), head: 0, read: 0, last: [None; KINDS] }
    }

    /// Reads the words before `at`. Only what lies close before it is read, and nothing twice.
    fn read_to(&mut self, at: usize) {
        let from = self.read.max(at.saturating_sub(REACH));
        self.read = at;
        for (label, _, end) in words(self.text, from, at) {
            self.last[label as usize] = Some(end);
        }
        self.head = self.columns.read_to(at);
    }

    /// Whether a word of this kind ends no more than `within` bytes before `at`, or stands at the head of its column. To be asked in the
    /// order of the text, but for a word's length.
    pub(super) fn near(&mut self, label: Label, at: usize, within: usize) -> bool {
        if at > self.read {
            self.read_to(at);
        }
        self.head & bit(label) != 0 || self.last[label as usize].is_some_and(|end| at.saturating_sub(end) <= within)
    }

    /// Whether a word of one of these kinds begins no more than `within` bytes after `at`, on the same line.
    pub(super) fn follows(&self, kinds: &[Label], at: usize, within: usize) -> bool {
        let line = self.text.line(at, within + LONGEST);
        // Most values end in a blank and another value, or in the end of a cell.
        if !line.iter().take(within + 1).any(u8::is_ascii_alphabetic) {
            return false;
        }
        words(self.text, at, at + line.len()).any(|(found, start, _)| kinds.contains(&found) && start <= at + within)
    }
}

/// The length of the longest word that may follow a value.
const LONGEST: usize = 16;

fn bit(label: Label) -> Mask {
    1 << (label as usize)
}

/// What the words between two places say.
pub(super) fn mask_of(text: Text<'_>, from: usize, to: usize) -> Mask {
    words(text, from, to).fold(0, |mask, (label, ..)| mask | bit(label))
}

/// The words between two places, and where each begins and ends.
fn words(text: Text<'_>, from: usize, to: usize) -> impl Iterator<Item = (Label, usize, usize)> {
    let finder = FINDER.as_ref().filter(|_| from < to);
    finder.into_iter().flat_map(move |finder| finder.find_iter(&text.bytes[from..to])).filter_map(move |found| {
        let (_, label, stand) = WORDS[found.pattern().as_usize()];
        let (start, end) = (from + found.start(), from + found.end());
        let begins = stand == Within || !text.before(start).is_ascii_alphabetic();
        let ends = stand != Whole || !text.byte(end).is_ascii_alphabetic();
        (begins && ends).then_some((label, start, end))
    })
}

#[cfg(test)]
mod tests {
    //! What is compiled once is compiled at all.

    #[test]
    fn the_words_are_compiled() {
        assert!(super::FINDER.is_some());
        assert!(super::WORDS.iter().all(|(_, label, _)| (*label as usize) < super::KINDS));
    }
}
