//! Finds data about people in a text: what identifies somebody, pays for them or reaches them. (SEC-25)
//!
//! Found are National Insurance and NHS numbers, dates of birth, bank accounts, IBANs, payment cards, passport and driving licence numbers,
//! e-mail addresses, telephone numbers, postcodes and IP addresses. Whatever has public check digits is checked: a number with a typing
//! error is no finding. **Names and street addresses are not searched for**: nothing but a model of language tells those from other words,
//! so a text without findings may still speak of somebody. Digits are those of ASCII; other digits, and values that a line break or a word
//! cuts in two, are not found either.
//!
//! In a table between tabs, commas, semicolons or bars, a word at the head of a column counts as standing beside each value below it.
//!
//! A finding says what stands where and never what stands there, so that it can be logged, stored and shown.
//!
//! Every text is read once. Nearly all of the kinds hold a digit, the others an `@` or a colon: only there is anything tried.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

mod bank;
mod birth;
mod card;
mod columns;
mod contact;
mod internet;
mod labels;
mod official;
mod phone;
mod settle;
mod text;

#[cfg(test)]
mod tests;

use labels::Labels;
use text::Text;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A National Insurance number.
    UkNino,
    /// An NHS number of England and Wales, or one of the same form of Scotland and Northern Ireland.
    UkNhs,
    /// A date that is said to be somebody's date of birth.
    DateOfBirth,
    /// The number of a British bank account, with its sort code where that stands beside it. By its form alone: the table of weights that
    /// its check digit needs may not be shipped.
    UkBankAccount,
    /// An international bank account number.
    Iban,
    /// The number of a payment card.
    PaymentCard,
    /// The number of a British passport.
    UkPassport,
    /// The number of a driving licence of Great Britain.
    UkDrivingLicence,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A British postcode.
    UkPostcode,
    /// An IP address, with the length of its prefix where one is given.
    Ip,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::UkNino,
        Self::UkNhs,
        Self::DateOfBirth,
        Self::UkBankAccount,
        Self::Iban,
        Self::PaymentCard,
        Self::UkPassport,
        Self::UkDrivingLicence,
        Self::Email,
        Self::Phone,
        Self::UkPostcode,
        Self::Ip,
    ];

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its code, such as `uk_nino`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UkNino => "uk_nino",
            Self::UkNhs => "uk_nhs",
            Self::DateOfBirth => "date_of_birth",
            Self::UkBankAccount => "uk_bank_account",
            Self::Iban => "iban",
            Self::PaymentCard => "payment_card",
            Self::UkPassport => "uk_passport",
            Self::UkDrivingLicence => "uk_driving_licence",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::UkPostcode => "uk_postcode",
            Self::Ip => "ip",
        }
    }

    /// The id of its name in the catalogue, such as `screen-kind-uk-nino`.
    pub fn message_id(self) -> String {
        format!("screen-kind-{}", self.code().replace('_', "-"))
    }
}

/// How sure a finding is. Three steps rather than a number: nothing here measures a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// It has the form, and so do many other things: order numbers, versions, private addresses of networks.
    Low,
    /// It has a form that little else has, or a looser one beside a word that says what it is.
    Medium,
    /// It passes check digits or a strict structure that chance seldom meets, or has its form beside a word that says what it is.
    High,
}

impl Confidence {
    /// Every one, the least sure first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// Its code: `low`, `medium` or `high`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The id of its name in the catalogue, such as `screen-confidence-low`.
    pub fn message_id(self) -> String {
        format!("screen-confidence-{}", self.code())
    }
}

/// One finding: what stands where. It does not hold the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Where it begins, in bytes from the start of the text; always between two characters.
    pub start: usize,
    /// Where it ends, in bytes, after its last character.
    pub end: usize,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Finding {
    /// The bytes of the text that it covers.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// What is found while a text is read.
struct Search<'a> {
    text: Text<'a>,
    labels: Labels<'a>,
    found: Vec<Finding>,
    bank: bank::Seen,
    /// Where the last candidate for an address of version 6 ended.
    six: usize,
    /// Where the last telephone number ended.
    phone: usize,
}

impl Search<'_> {
    fn add(&mut self, kind: Kind, span: Range<usize>, confidence: Confidence) {
        self.found.push(Finding { kind, start: span.start, end: span.end, confidence });
    }
}

/// Finds data about people in `text`, in the order of where it stands. Findings of one kind never overlap; those of two kinds may, where
/// the same digits can be either.
pub fn screen(text: &str) -> Vec<Finding> {
    let mut search =
        Search { text: Text::new(text), labels: Labels::new(text), found: Vec::new(), bank: bank::Seen::default(), six: 0, phone: 0 };
    let mut at = 0;
    while let Some(mark) = search.text.next_mark(at) {
        at = match text.as_bytes()[mark] {
            b'@' => {
                contact::email(&mut search, mark);
                mark + 1
            }
            b':' => {
                internet::six(&mut search, mark);
                mark + 1
            }
            _ => digits(&mut search, mark),
        };
    }
    bank::pair(&mut search);
    settle::settle(search.found)
}

/// Tries what may stand around the digits that begin at `at`; returns where they end.
fn digits(search: &mut Search<'_>, at: usize) -> usize {
    let end = search.text.digits_end(at);
    let word = search.text.word_start(at);
    if word == at {
        if search.text.word_before(at) {
            // A letter beyond ASCII stands before it.
            return end;
        }
        let groups = search.text.groups(at);
        official::nino_apart(search, at);
        official::iban_apart(search, at);
        official::licence_apart(search, at);
        official::nhs(search, &groups);
        official::passport_digits(search, &groups);
        card::card(search, &groups);
        bank::see(search, &groups);
        birth::birth(search, at, &groups);
        internet::four(search, at);
        phone::phone(search, at);
        contact::postcode_giro(search, at);
    } else if !search.text.word_before(word) {
        let letters = at - word;
        if search.text.is_letters(word..at) {
            match letters {
                1 => contact::postcode(search, word, at),
                2 => {
                    contact::postcode(search, word, at);
                    official::nino(search, word, at);
                    official::iban(search, word, at);
                    official::passport_letters(search, word, at);
                }
                3 => contact::postcode_giro(search, at),
                _ => {}
            }
            if letters <= 5 {
                official::licence(search, word);
            }
        } else {
            official::passport_zone(search, at);
        }
    }
    end
}

/// What stands in the place of something masked. Always the same, whatever its length, so that nothing of it can be read off.
pub const MASK: &str = "█████";

/// `text` with everything that `spans` touch replaced by [`MASK`].
///
/// Spans may come in any order, overlap, cut characters or reach beyond the text: a character that is touched is masked whole, and spans
/// that overlap or touch each other become one mask. What lies outside of the spans stays as it is.
pub fn mask(text: &str, spans: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut spans: Vec<Range<usize>> = spans
        .into_iter()
        .filter(|span| span.start < span.end && span.start < text.len())
        .map(|span| text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end.min(text.len())))
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut masked = false;
    for span in spans {
        if !masked || span.start > done {
            out.push_str(&text[done..span.start]);
            out.push_str(MASK);
        }
        masked = true;
        done = done.max(span.end);
    }
    out.push_str(&text[done..]);
    out
}

/// `text` with all that is found in it masked; borrowed where nothing is.
pub fn masked(text: &str) -> Cow<'_, str> {
    let found = screen(text);
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(mask(text, found.iter().map(Finding::span))) }
}
