//! Dates of birth: a date, and a word that says that somebody was born on it.

use std::ops::Range;

use jiff::civil::Date;

use super::labels::Label;
use super::text::{Gap, Groups, Text};
use super::{Confidence, Kind, Search};

/// How far before a date the word may end, in bytes.
const BEFORE: usize = 48;
/// How far after it the word may begin.
const AFTER: usize = 12;
/// Up to here it is beside the date.
const BESIDE: usize = 24;

const MONTHS: [&[u8]; 12] = [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

const NAMES: [&[u8]; 12] =
    [b"january", b"february", b"march", b"april", b"may", b"june", b"july", b"august", b"september", b"october", b"november", b"december"];

/// A date of birth, written in digits in the order of any country, or with the name of its month in English. A date alone says nothing of
/// anybody, so a word has to stand close by: born, birth, DOB. The year alone is no date.
pub(super) fn birth(search: &mut Search<'_>, at: usize, groups: &Groups) {
    if groups.first().len() > 8 || search.text.goes_on_before(at) {
        return;
    }
    let Some(span) = date(search.text, at, groups) else { return };
    if search.text.word_at(span.end) {
        return;
    }
    let before = search.labels.near(Label::Birth, at, BEFORE);
    if before || search.labels.follows(&[Label::Birth], span.end, AFTER) {
        let beside = !before || search.labels.near(Label::Birth, at, BESIDE);
        search.add(Kind::DateOfBirth, span, if beside { Confidence::High } else { Confidence::Medium });
    }
}

/// The date whose first digits begin at `at`.
fn date(text: Text<'_>, at: usize, groups: &Groups) -> Option<Range<usize>> {
    let gaps = [Gap::Slash, Gap::Dash, Gap::Dot, Gap::Blank];
    let value =
        |range: Range<usize>| text.digits_in(range).fold(0_i16, |sum, digit| sum.saturating_mul(10).saturating_add(i16::from(digit)));
    let list = groups.all();
    if let [one, two, three, ..] = list {
        let lengths = [one.len(), two.len(), three.len()];
        let [a, b, c] = [one, two, three].map(|group| value(group.start..group.end));
        let good = match lengths {
            [4, 1..=2, 1..=2] => exists(a, b, c),
            [1..=2, 1..=2, 4 | 2] => exists(year(c), a, b) || exists(year(c), b, a),
            _ => false,
        };
        if good && groups.begin(&lengths, &gaps).is_some() {
            return Some(one.start..three.end);
        }
    }
    let first = groups.first();
    if first.len() == 8 {
        let [a, b, c, d] = [0, 2, 4, 6].map(|from| value(at + from..at + from + 2));
        let good = exists(c * 100 + d, b, a) || exists(c * 100 + d, a, b) || exists(a * 100 + b, c, d);
        return good.then_some(first.start..first.end);
    }
    (first.len() <= 2).then(|| named(text, at, first.end, value(at..first.end))).flatten()
}

/// A date whose month is a word: `3rd of May 1990`, `3-May-90`, `May 3, 1990`.
fn named(text: Text<'_>, at: usize, end: usize, day: i16) -> Option<Range<usize>> {
    let ordinal = |end: usize| {
        let two = [text.byte(end).to_ascii_lowercase(), text.byte(end + 1).to_ascii_lowercase()];
        if [b"st", b"nd", b"rd", b"th"].contains(&&two) { end + 2 } else { end }
    };
    let mut next = blanks(text, ordinal(end));
    if text.bytes[next..].get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"of ")) {
        next += 3;
    }
    if let Some((month, end)) = month(text, next) {
        let from = blanks(text, end);
        return year_at(text, from).filter(|(year, _)| exists(*year, month, day)).map(|(_, end)| at..end);
    }
    // The month before the day.
    let mut letters = at;
    while letters > 0 && matches!(text.before(letters), b' ' | b'.' | b'-' | b',') && at - letters < 2 {
        letters -= 1;
    }
    let start = text.word_start(letters);
    let (month, _) = month(text, start).filter(|(_, end)| *end == letters || *end + 1 == letters || *end + 2 == at)?;
    let from = blanks(text, ordinal(end));
    year_at(text, from).filter(|(year, _)| exists(*year, month, day)).map(|(_, end)| start..end)
}

/// Over what may stand between the parts of such a date.
fn blanks(text: Text<'_>, mut at: usize) -> usize {
    for _ in 0..2 {
        if text.byte(at) == b',' {
            at += 1;
        } else if let Some((Gap::Blank | Gap::Dash | Gap::Dot | Gap::Slash, end)) = text.gap(at) {
            at = end;
        }
    }
    at
}

/// The month named at `at`, from 1, and where its name ends.
fn month(text: Text<'_>, at: usize) -> Option<(i16, usize)> {
    let length = text.bytes.get(at..)?.iter().take(10).take_while(|byte| byte.is_ascii_alphabetic()).count();
    if length < 3 {
        return None;
    }
    let word = &text.bytes[at..at + length];
    let found = (0_i16..12).zip(MONTHS.into_iter().zip(NAMES)).find(|(_, (short, long))| {
        word.eq_ignore_ascii_case(short) || word.eq_ignore_ascii_case(long) || (*short == b"sep" && word.eq_ignore_ascii_case(b"sept"))
    });
    found.map(|(month, _)| (month + 1, at + length))
}

/// The year at `at`, of four digits or of two after an apostrophe or without.
fn year_at(text: Text<'_>, at: usize) -> Option<(i16, usize)> {
    let at = if text.byte(at) == b'\'' { at + 1 } else { at };
    let end = text.bytes.get(at..).map(|_| text.digits_end(at))?;
    let value = text.digits_in(at..end.min(at + 4)).fold(0_i16, |sum, digit| sum * 10 + i16::from(digit));
    matches!(end - at, 2 | 4).then(|| (year(value), end))
}

/// Two digits stand for this century or the last.
fn year(given: i16) -> i16 {
    if given < 100 { given + 1900 } else { given }
}

/// Whether the day exists, in the lives of people: in this century too where the year had two digits, for the 29th of February.
fn exists(year: i16, month: i16, day: i16) -> bool {
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return false };
    (1880..2100).contains(&year) && (Date::new(year, month, day).is_ok() || (month == 2 && day == 29 && year == 1900))
}
