//! Numbers of payment cards.

use std::ops::Range;

use super::labels::Label;
use super::official::luhn;
use super::text::{Gap, Groups};
use super::{Confidence, Kind, Search};

/// The groups in which cards print their numbers.
const PRINTED: [&[usize]; 7] = [&[4, 4, 4, 4], &[4, 4, 4, 4, 3], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 1], &[4, 4, 4, 2], &[4, 4, 5]];

/// The lengths that a number may have at all.
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=19;

/// How far from a number the word may end that says what it is, in bytes.
const BESIDE: usize = 48;

/// Whether somebody issues numbers that begin so, and how much that says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Issuer {
    /// A range and a length that one of the large schemes uses.
    Known,
    /// A range so wide, or a length so short, that much else falls into it.
    Wide,
    /// None that we know.
    None,
}

/// A card's number: 12 to 19 digits with Luhn's check digit, in one or in the groups that cards print. One number in ten passes that, so
/// the beginning and the length have to be those of an issuer (ISO/IEC 7812), or a word beside it says what it is.
pub(super) fn card(search: &mut Search<'_>, groups: &Groups) {
    let text = search.text;
    let first = groups.first();
    let span = if LENGTHS.contains(&first.len()) {
        first.start..first.end
    } else if first.len() == 4 {
        // The longest of those that fit: 4-4-4-4-3 begins as 4-4-4-4 does.
        let fits = PRINTED.iter().filter_map(|lengths| groups.begin(lengths, &[Gap::Blank, Gap::Dash]));
        let Some(span) = fits.filter(|span| luhn(text, span.clone())).max_by_key(|span| span.end) else { return };
        span
    } else {
        return;
    };
    let joined = |byte: u8| matches!(byte, b'.' | b'-' | b'_') || byte.is_ascii_digit();
    let (before, further) = (text.before(span.start), span.start.checked_sub(1).map_or(0, |at| text.before(at)));
    if text.word_at(span.end) || (joined(before) && further.is_ascii_digit()) || !luhn(text, span.clone()) {
        return;
    }
    let labelled = search.labels.near(Label::Card, span.start, BESIDE);
    let confidence = match (issuer(text.digits_in(span.clone())), labelled) {
        (Issuer::Known, _) => Confidence::High,
        (Issuer::Wide, true) => Confidence::High,
        (Issuer::Wide, false) => Confidence::Low,
        (Issuer::None, true) => Confidence::Medium,
        (Issuer::None, false) => return,
    };
    search.add(Kind::PaymentCard, span, confidence);
}

/// Who issues a number with these digits.
fn issuer(digits: impl Iterator<Item = u8> + Clone) -> Issuer {
    let length = digits.clone().count();
    let first = digits.clone().next();
    if digits.clone().all(|digit| Some(digit) == first) {
        return Issuer::None;
    }
    let six = digits.take(6).fold(0_u32, |sum, digit| sum * 10 + u32::from(digit));
    let (four, three, two) = (six / 100, six / 1_000, six / 10_000);
    let of = |range: Range<usize>| range.contains(&length);
    match two {
        // Visa
        40..50 if matches!(length, 13 | 16 | 19) => Issuer::Known,
        // Mastercard
        51..56 if length == 16 => Issuer::Known,
        _ if (2221..2721).contains(&four) && length == 16 => Issuer::Known,
        // American Express
        34 | 37 if length == 15 => Issuer::Known,
        // Diners Club
        30 | 36 | 38 | 39 if length == 14 => Issuer::Known,
        // JCB
        _ if (3528..3590).contains(&four) && of(16..20) => Issuer::Known,
        _ if matches!(four, 2131 | 1800) && length == 15 => Issuer::Known,
        // Discover, UnionPay, RuPay, Mir, Troy, InterPayment
        65 | 62 | 60 | 81 | 82 if of(16..20) => Issuer::Known,
        64 if three >= 644 && of(16..20) => Issuer::Known,
        _ if (2200..2205).contains(&four) && of(16..20) => Issuer::Known,
        _ if matches!(three, 636..=639) && of(16..20) => Issuer::Known,
        97 if four == 9792 && length == 16 => Issuer::Known,
        // Maestro, and cards of one country in its ranges
        50 | 56 | 57 | 58 | 67 | 63 if length == 16 || of(18..20) => Issuer::Known,
        50 | 56 | 57 | 58 | 67 | 63 | 60 if of(12..20) => Issuer::Wide,
        // UATP
        10..20 if length == 15 => Issuer::Wide,
        // Diners Club, the longer ones
        36 if of(15..20) => Issuer::Wide,
        _ => Issuer::None,
    }
}
