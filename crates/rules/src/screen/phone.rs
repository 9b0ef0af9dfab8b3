//! Telephone numbers.

use std::net::Ipv4Addr;
use std::ops::Range;

use super::labels::Label;
use super::text::{Gap, Text};
use super::{Confidence, Kind, Search};

/// How far before a number the word may end that speaks of telephones, in bytes.
const BEFORE: usize = 40;
/// The same of a word that speaks of much else besides.
const CLOSE: usize = 24;
/// How far after it such a word may begin.
const AFTER: usize = 4;

/// The fewest digits of a number.
const LEAST: usize = 6;

/// Most groups of a number.
const MOST: usize = 9;

/// One group of digits of a number.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
    gap: Option<Gap>,
    /// It stands in brackets.
    bracket: bool,
    /// The digits up to here.
    sum: usize,
}

impl Group {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// A telephone number whose first digits begin at `at`: international with a plus or two noughts; of one country with its leading nought;
/// of North America as 3-3-4; any with an area in brackets; or, beside a word that speaks of telephones, any 6 to 15 digits in groups.
/// Plans of numbers differ by country and year, so whether a number is in use is not looked at. An extension belongs to it.
pub(super) fn phone(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let (plus, bracket) = (text.before(at) == b'+', text.before(at) == b'(');
    let start = if plus || bracket { at - 1 } else { at };
    // `+(44) …`, and a plus that belongs to a sum.
    let start = if bracket && text.before(start) == b'+' { start - 1 } else { start };
    let plus = plus || text.byte(start) == b'+';
    // Within the number found last there is no other; right after it, there may be.
    let next = text.gap_before(at).is_some_and(|(gap, from)| gap == Gap::Blank && from == search.phone);
    if at < search.phone || text.word_before(start) || (!bracket && !plus && !next && text.goes_on_before(at)) {
        return;
    }
    if matches!(text.before(start), b'$' | b'.' | b'_') && !plus {
        return;
    }
    let mut list = [Group { start: at, end: at, gap: None, bracket: false, sum: 0 }; MOST];
    let count = groups(text, at, bracket, &mut list);
    let list = &list[..count];
    if list.last().is_none_or(|last| last.sum < LEAST) {
        return;
    }
    // The longest beginning that is a number: what follows after one blank may be the next one.
    let found = (1..=count).rev().find_map(|taken| {
        let groups = &list[..taken];
        let last = groups[taken - 1];
        let end = last.end + usize::from(last.bracket);
        let cut = last.sum < LEAST || (text.word_at(end) && extension(text, end) == end);
        if cut || (taken < count && list[taken].gap != Some(Gap::Blank)) || is_other(text, groups) {
            return None;
        }
        shape(text, groups, plus, true)?;
        let labelled = called(search, at) || (taken == count && search.labels.follows(&[Label::Phone, Label::Reach], end, AFTER));
        shape(text, groups, plus, labelled).map(|confidence| (start..extension(text, end), confidence))
    });
    if let Some((span, confidence)) = found {
        search.phone = span.end;
        search.add(Kind::Phone, span, confidence);
    }
}

/// Whether words before `at` speak of telephones.
fn called(search: &mut Search<'_>, at: usize) -> bool {
    search.labels.near(Label::Phone, at, BEFORE) || search.labels.near(Label::Reach, at, CLOSE) || numbered(search, at)
}

/// Whether the number at `at` is said to be a number, and not of what, as in `my number is`.
fn numbered(search: &mut Search<'_>, at: usize) -> bool {
    let others = [Label::Other, Label::Card, Label::Account, Label::Sort, Label::Passport, Label::Insurance, Label::Nhs];
    search.labels.near(Label::Number, at, 12) && !others.into_iter().any(|label| search.labels.near(label, at, BEFORE))
}

/// Reads the groups of digits from `at` on; returns how many there are.
fn groups(text: Text<'_>, at: usize, bracket: bool, list: &mut [Group; MOST]) -> usize {
    let mut count = 0;
    let (mut start, mut gap, mut bracket) = (at, None, bracket);
    let mut sum = 0;
    while count < MOST {
        let end = text.digits_end(start);
        if end == start || (bracket && text.byte(end) != b')') {
            break;
        }
        sum += end - start;
        list[count] = Group { start, end, gap, bracket, sum };
        count += 1;
        if sum > 20 {
            break;
        }
        let close = end + usize::from(bracket);
        // One separator, a bracket, or a separator and a bracket.
        let (next_gap, next) = text.gap(close).map_or((None, close), |(gap, next)| (Some(gap), next));
        if next_gap == Some(Gap::Slash) && end - start < 3 {
            break;
        }
        let opened = text.byte(next) == b'(';
        if next_gap.is_none() && !opened && !bracket {
            break;
        }
        gap = next_gap.or(Some(Gap::Blank));
        bracket = opened;
        start = next + usize::from(opened);
    }
    count
}

/// Where the extension ends that follows a number at `end`; `end` if none does.
fn extension(text: Text<'_>, end: usize) -> usize {
    let from = if text.byte(end) == b',' { end + 1 } else { end };
    let from = text.gap(from).filter(|(gap, _)| *gap == Gap::Blank).map_or(from, |(_, next)| next);
    let word = [b"extension".as_slice(), b"ext.", b"ext", b"x", b"#"]
        .into_iter()
        .find(|word| text.bytes.get(from..from + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word)));
    let Some(word) = word else { return end };
    let digits = from + word.len();
    let digits = text.gap(digits).filter(|(gap, _)| *gap == Gap::Blank).map_or(digits, |(_, next)| next);
    let after = text.bytes.get(digits..).map_or(digits, |_| text.digits_end(digits));
    if (1..=6).contains(&(after - digits)) && !text.word_at(after) { after } else { end }
}

/// Whether the groups are a date, an IP address, or a number of social security of the United States.
fn is_other(text: Text<'_>, groups: &[Group]) -> bool {
    let value = |group: &Group| text.text[group.start..group.end].parse::<u32>().unwrap_or(u32::MAX);
    let same = groups.get(1).and_then(|second| second.gap).filter(|gap| groups[1..].iter().all(|group| group.gap == Some(*gap)));
    let (Some(gap), Some(last)) = (same, groups.last()) else { return false };
    if groups.iter().any(|group| group.bracket) {
        return false;
    }
    match groups {
        [a, b, c] => {
            let lengths = [a.len(), b.len(), c.len()];
            let [a, b, c] = [value(a), value(b), value(c)];
            let day = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
            match lengths {
                [4, 2, 2] => (1900..2100).contains(&a) && day(c, b),
                [1..=2, 1..=2, 4] => (1900..2100).contains(&c) && (day(a, b) || day(b, a)),
                [3, 2, 4] => gap == Gap::Dash,
                _ => false,
            }
        }
        [_, _, _, _] => gap == Gap::Dot && text.text[groups[0].start..last.end].parse::<Ipv4Addr>().is_ok(),
        _ => false,
    }
}

/// Whether the groups have the form of a number, and how sure that is.
fn shape(text: Text<'_>, groups: &[Group], plus: bool, labelled: bool) -> Option<Confidence> {
    let total = groups.last()?.sum;
    let first = &groups[0];
    let parted = groups.len() > 1;
    let lengths =
        |wanted: &[usize]| groups.len() == wanted.len() && groups.iter().zip(wanted).all(|(group, length)| group.len() == *length);
    let sure = |confidence: Confidence| Some(if labelled { Confidence::High } else { confidence });
    if plus {
        return if (8..=16).contains(&total) { sure(Confidence::High) } else { None };
    }
    let [one, two] = [text.byte(first.start), text.byte(first.start + 1)];
    let whole: Range<usize> = first.start..first.end;
    let of_north_america = |area: usize| matches!(text.byte(area), b'2'..=b'9') && lengths(&[3, 3, 4]);
    if one == b'0' && two == b'0' && (10..=17).contains(&total) && text.byte(first.start + 2) != b'0' && (parted || labelled || total >= 12)
    {
        return sure(if parted { Confidence::Medium } else { Confidence::Low });
    }
    if one == b'0' && two != b'0' {
        let british = matches!(two, b'1' | b'2' | b'3' | b'7' | b'8') && (10..=11).contains(&total);
        let mobile = two == b'7' && total == 11;
        if mobile || (british && parted && total == 11) {
            return sure(Confidence::High);
        }
        if (9..=12).contains(&total) && parted && first.len() <= 5 {
            return sure(Confidence::Medium);
        }
        if british && !parted {
            return sure(Confidence::Low);
        }
    }
    if of_north_america(first.start) {
        return sure(Confidence::Medium);
    }
    if lengths(&[1, 3, 3, 4]) && one == b'1' && of_north_america_after_one(text, groups) {
        return sure(Confidence::Medium);
    }
    if first.bracket && parted && (2..=5).contains(&whole.len()) && (7..=12).contains(&total) {
        return sure(Confidence::Medium);
    }
    let written = groups.iter().all(|group| group.gap != Some(Gap::Slash)) && (parted || total >= 7);
    (labelled && (6..=15).contains(&total) && written).then_some(Confidence::Medium)
}

/// A number of North America after its country, without the plus.
fn of_north_america_after_one(text: Text<'_>, groups: &[Group]) -> bool {
    matches!(text.byte(groups[1].start), b'2'..=b'9')
}
