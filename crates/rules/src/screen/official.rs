//! Numbers that are given to one person or one account: National Insurance, NHS, passport, driving licence, IBAN.

use std::ops::Range;

use super::labels::Label;
use super::text::{Gap, Groups, Text};
use super::{Confidence, Kind, Search};

/// How far from a number the word may end that says what it is, in bytes.
const BESIDE: usize = 40;

/// A National Insurance number whose letters stand right before its digits: `QQ123456C`.
pub(super) fn nino(search: &mut Search<'_>, start: usize, digits: usize) {
    nino_from(search, start, digits, false);
}

/// The same with a separator between them: `QQ 12 34 56 C`.
pub(super) fn nino_apart(search: &mut Search<'_>, digits: usize) {
    let Some((gap, letters)) = search.text.gap_before(digits) else { return };
    let Some(start) = letters.checked_sub(2) else { return };
    let whole = search.text.is_letters(start..letters) && !search.text.word_before(start);
    if gap != Gap::Slash && whole {
        nino_from(search, start, digits, true);
    }
}

/// Words of two letters that could be the beginning of a number; before a time or a count they are words.
const SHORT_WORDS: [&[u8; 2]; 17] =
    [b"am", b"an", b"as", b"at", b"be", b"by", b"he", b"me", b"my", b"no", b"or", b"pm", b"so", b"to", b"we", b"ya", b"ok"];

/// The prefix follows what HM Revenue and Customs publishes: neither letter is D, F, I, Q, U or V, the second is not O, and BG, GB, NK, KN,
/// TN, NT and ZZ are given to nobody. The suffix is A, B, C or D; people leave it out, so beside a word that names the number it may be
/// missing. Temporary numbers are of another form and not found.
fn nino_from(search: &mut Search<'_>, start: usize, digits: usize, apart: bool) {
    let text = search.text;
    let prefix = [text.byte(start).to_ascii_uppercase(), text.byte(start + 1).to_ascii_uppercase()];
    let unused = b"DFIQUV";
    if unused.contains(&prefix[0]) || unused.contains(&prefix[1]) || prefix[1] == b'O' {
        return;
    }
    if [b"BG", b"GB", b"NK", b"KN", b"TN", b"NT", b"ZZ"].contains(&&prefix) {
        return;
    }
    let groups = text.groups(digits);
    let gaps = [Gap::Blank, Gap::Dash, Gap::Dot];
    let number = groups.begin(&[2, 2, 2], &gaps).or_else(|| groups.begin(&[6], &gaps)).or_else(|| groups.begin(&[3, 3], &gaps));
    let Some(number) = number else { return };
    let labelled = search.labels.near(Label::Insurance, digits, BESIDE);
    let small = text.bytes[start..start + 2].iter().any(u8::is_ascii_lowercase);
    if apart && small && !labelled && SHORT_WORDS.contains(&&[prefix[0].to_ascii_lowercase(), prefix[1].to_ascii_lowercase()]) {
        return;
    }
    let suffix = text.gap(number.end).filter(|(gap, _)| *gap != Gap::Slash).map_or(number.end, |(_, end)| end);
    let ends = |at: usize| matches!(text.byte(at), b'A'..=b'D' | b'a'..=b'd') && !text.word_at(at + 1);
    if let Some(at) = [number.end, suffix].into_iter().find(|at| ends(*at)) {
        let confidence = if small && !labelled { Confidence::Medium } else { Confidence::High };
        search.add(Kind::UkNino, start..at + 1, confidence);
    } else if labelled && !text.word_at(number.end) && !text.goes_on_after(number.end) {
        search.add(Kind::UkNino, start..number.end, Confidence::Medium);
    }
}

/// An NHS number: ten digits, in one or as 3-3-4, of which the last is a check digit modulo 11. One number in eleven passes that, so without
/// a word beside it the number is of little weight, unless it lies in a range that has been given out (400 to 499 and 600 to 799 million).
pub(super) fn nhs(search: &mut Search<'_>, groups: &Groups) {
    let text = search.text;
    let span = if groups.first().len() == 10 {
        groups.first().start..groups.first().end
    } else if let Some(span) = groups.begin(&[3, 3, 4], &[Gap::Blank, Gap::Dash]) {
        span
    } else {
        return;
    };
    if text.word_at(span.end) || !nhs_checks(text.digits_in(span.clone())) {
        return;
    }
    let labelled = search.labels.near(Label::Nhs, span.start, BESIDE);
    let before = text.before(span.start);
    if !labelled && (text.goes_on_before(span.start) || matches!(before, b'+' | b'(' | b'.')) {
        return;
    }
    let given = matches!(text.byte(span.start), b'4' | b'6' | b'7');
    let confidence = match (labelled, given) {
        (true, _) => Confidence::High,
        (false, true) => Confidence::Medium,
        (false, false) => Confidence::Low,
    };
    search.add(Kind::UkNhs, span, confidence);
}

/// Modulo 11 over ten digits. The same digit ten times is a placeholder.
fn nhs_checks(digits: impl Iterator<Item = u8> + Clone) -> bool {
    let mut sum = 0_u32;
    let mut same = true;
    let first = digits.clone().next();
    for (weight, digit) in (1..=10_u32).rev().zip(digits) {
        sum += weight * u32::from(digit);
        same &= Some(digit) == first;
    }
    !same && sum.is_multiple_of(11)
}

/// A passport's number of nine digits. Nine digits may be anything, so there has to be a word beside them.
pub(super) fn passport_digits(search: &mut Search<'_>, groups: &Groups) {
    let first = groups.first();
    if first.len() == 9 && !search.text.word_at(first.end) && search.labels.near(Label::Passport, first.start, BESIDE) {
        search.add(Kind::UkPassport, first.start..first.end, Confidence::High);
    }
}

/// A passport's number of two letters and seven digits.
pub(super) fn passport_letters(search: &mut Search<'_>, start: usize, digits: usize) {
    let end = search.text.digits_end(digits);
    if end - digits == 7 && !search.text.word_at(end) {
        let labelled = search.labels.near(Label::Passport, digits, BESIDE);
        search.add(Kind::UkPassport, start..end, if labelled { Confidence::High } else { Confidence::Low });
    }
}

/// The line that machines read at the foot of a British passport, from the number to the day on which it ends; `at` is where the date of
/// birth begins. Each of the three parts has a check digit, weighted 7, 3, 1 (ICAO 9303).
pub(super) fn passport_zone(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let Some(start) = at.checked_sub(13) else { return };
    if &text.bytes[at - 3..at] != b"GBR" || text.bytes.len() < at + 15 {
        return;
    }
    let checks = |part: Range<usize>| {
        let check = text.byte(part.end);
        let sum = text.bytes[part].iter().zip([7, 3, 1].into_iter().cycle()).try_fold(0_u32, |sum, (byte, weight)| {
            let value = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'Z' => byte - b'A' + 10,
                b'<' => 0,
                _ => return None,
            };
            Some(sum + u32::from(value) * weight)
        });
        check.is_ascii_digit() && sum.is_some_and(|sum| sum % 10 == u32::from(check - b'0'))
    };
    let sex = matches!(text.byte(at + 7), b'M' | b'F' | b'X' | b'<');
    if sex && checks(start..start + 9) && checks(at..at + 6) && checks(at + 8..at + 14) && text.text.is_char_boundary(start) {
        search.add(Kind::UkPassport, start..at + 15, Confidence::High);
    }
}

/// The number of a driving licence of Great Britain, 16 characters: five of the surname, filled with nines; the decade, month and day of
/// birth, with 5 added to the month's first digit for women, and the year; two initials, filled with nines; a digit or letter; two letters
/// to check by, whose rule is not public. What is checked is all of this structure, the day included. Numbers of Northern Ireland are eight
/// digits and not found.
pub(super) fn licence(search: &mut Search<'_>, start: usize) {
    let text = search.text;
    let mut taken = [0_u8; 16];
    let mut at = start;
    for (count, slot) in taken.iter_mut().enumerate() {
        if count == 5 || count == 11 {
            // On the card the groups may stand apart.
            at = text.gap(at).filter(|(gap, _)| *gap == Gap::Blank).map_or(at, |(_, end)| end);
        }
        let byte = text.byte(at);
        if !byte.is_ascii_alphanumeric() {
            return;
        }
        *slot = byte.to_ascii_uppercase();
        at += 1;
    }
    if text.word_at(at) {
        return;
    }
    let name = taken[..5].iter().skip_while(|byte| byte.is_ascii_uppercase()).all(|byte| *byte == b'9');
    let number = |slots: Range<usize>| {
        taken[slots].iter().try_fold(0_i8, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i8::try_from(byte - b'0').unwrap_or(0)))
    };
    let (Some(decade), Some(month), Some(day), Some(year)) = (number(5..6), number(6..8), number(8..10), number(10..11)) else { return };
    let month = if month > 50 { month - 50 } else { month };
    // Any century: the 29th of February is there if it was in either.
    let of_year = i16::from(decade) * 10 + i16::from(year);
    let born = [1900, 2000].into_iter().any(|century| jiff::civil::Date::new(century + of_year, month, day).is_ok());
    let initials = taken[11..13].iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'9');
    let checks = taken[14..].iter().all(u8::is_ascii_uppercase);
    if taken[0].is_ascii_uppercase() && name && born && initials && checks {
        search.add(Kind::UkDrivingLicence, start..at, Confidence::High);
    }
}

/// The same where the five letters of the surname stand apart from the digits.
pub(super) fn licence_apart(search: &mut Search<'_>, digits: usize) {
    let Some((Gap::Blank, letters)) = search.text.gap_before(digits) else { return };
    let Some(start) = letters.checked_sub(5) else { return };
    if search.text.is_letters(start..letters) && !search.text.word_before(start) {
        licence(search, start);
    }
}

/// An IBAN whose country stands right before its check digits.
pub(super) fn iban(search: &mut Search<'_>, start: usize, digits: usize) {
    iban_from(search, start, digits);
}

/// The same with a blank between them, as some write it.
pub(super) fn iban_apart(search: &mut Search<'_>, digits: usize) {
    let Some((Gap::Blank, letters)) = search.text.gap_before(digits) else { return };
    let Some(start) = letters.checked_sub(2) else { return };
    if search.text.is_letters(start..letters) && !search.text.word_before(start) {
        iban_from(search, start, digits);
    }
}

/// The shortest and the longest IBAN.
const IBAN: Range<usize> = 15..35;

/// Country, two check digits modulo 97, and an account in the form that the country registered: length, letters and digits (ISO 13616).
/// Blanks, dashes or dots may stand between any two characters, one at a time, and letters may be small.
fn iban_from(search: &mut Search<'_>, start: usize, digits: usize) {
    let text = search.text;
    let mut plain = [0_u8; 34];
    plain[0] = text.byte(start).to_ascii_uppercase();
    plain[1] = text.byte(start + 1).to_ascii_uppercase();
    let mut count = 2;
    let mut at = digits;
    while count < plain.len() {
        let byte = text.byte(at);
        if byte.is_ascii_alphanumeric() {
            if count < 4 && !byte.is_ascii_digit() {
                return;
            }
            plain[count] = byte.to_ascii_uppercase();
            count += 1;
            at += 1;
            if IBAN.contains(&count) && !text.word_at(at) && iban_checks(&plain[..count]) {
                search.add(Kind::Iban, start..at, Confidence::High);
                return;
            }
        } else {
            match text.gap(at) {
                Some((Gap::Blank | Gap::Dash | Gap::Dot, end)) => at = end,
                _ => return,
            }
        }
    }
}

/// Countries that registered their form after the list of the crate was made, and the length of their IBANs.
const LATER: [(&str, usize); 2] = [("PK", 24), ("HN", 28)];

fn iban_checks(plain: &[u8]) -> bool {
    let Ok(plain) = std::str::from_utf8(plain) else { return false };
    match plain.parse::<iban::Iban>() {
        Ok(_) => true,
        // The check digits are right.
        Err(iban::ParseIbanError::UnknownCountry(_)) => {
            LATER.contains(&(&plain[..2], plain.len())) && plain[4..8].bytes().all(|byte| byte.is_ascii_uppercase())
        }
        Err(_) => false,
    }
}

/// Whether the digits of `span` have Luhn's check digit.
pub(super) fn luhn(text: Text<'_>, span: Range<usize>) -> bool {
    let digits: u32 = text.bytes[span]
        .iter()
        .rev()
        .filter(|byte| byte.is_ascii_digit())
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            let doubled = digit * (1 + u32::from(at % 2 == 1));
            doubled / 10 + doubled % 10
        })
        .sum();
    digits.is_multiple_of(10)
}
