//! E-mail addresses and postcodes.

use super::labels::Label;
use super::text::Gap;
use super::{Confidence, Kind, Search};

/// The longest local part and the longest domain.
const LOCAL: usize = 64;
const DOMAIN: usize = 253;

/// The address around the `@` at `at`. Domains need a dot and a last label of letters; letters beyond ASCII may stand in both halves.
/// Addresses in quotes, and those at a bare IP address, are not found.
pub(super) fn email(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let inner =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '#' | '~' | '!' | '*' | '$' | '^' | '{' | '}');
    let from = text.text.floor_char_boundary(at.saturating_sub(LOCAL));
    let local = &text.text[from..at];
    let taken = local.rfind(|c: char| !inner(c)).map_or(local, |cut| &local[cut + local[cut..].chars().next().map_or(0, char::len_utf8)..]);
    let local = taken.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != '+');
    if local.is_empty() || local.ends_with('.') || local.contains("..") {
        return;
    }
    let rest = &text.text[at + 1..text.text.floor_char_boundary((at + 1 + DOMAIN).min(text.text.len()))];
    let domain = &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').unwrap_or(rest.len())];
    let domain = domain.find("..").map_or(domain, |cut| &domain[..cut]).trim_end_matches(['.', '-']);
    // Of `name@host.example.123` the address may end before the digits.
    let Some((head, last)) = domain.rsplit_once('.') else { return };
    let named = last.chars().all(char::is_alphabetic) && last.chars().count() >= 2
        || last.len() > 4 && last[..4.min(last.floor_char_boundary(4))].eq_ignore_ascii_case("xn--");
    let labels = head.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if named && labels {
        search.add(Kind::Email, at - local.len()..at + 1 + domain.len(), Confidence::High);
    }
}

/// The areas that postcodes begin with, those of Jersey, Guernsey and the Isle of Man included. By the number of their letters.
const ONE: &[u8] = b"BEGLMNSW";
const TWO: &[u8] = b"ABALBABBBDBHBLBNBRBSBTBXCACBCFCHCMCOCRCTCVCWDADDDEDGDHDLDNDTDYECEHENEXFKFYGLGUGYHAHDHGHPHRHSHUHXIGIMIPIVJEKAKTKWKYLALDLELLLNLSLULVMEMKMLNENGNNNPNRNWOLOXPAPEPHPLPOPRRGRHRMSASESGSKSLSMSNSOSPSRSSSTSWSYTATDTFTNTQTRTSTWUBWAWCWDWFWNWRWSWVYOZE";

fn is_area(letters: &[u8]) -> bool {
    match letters {
        [one] => ONE.contains(&one.to_ascii_uppercase()),
        [one, two] => TWO.chunks_exact(2).any(|area| area == [one.to_ascii_uppercase(), two.to_ascii_uppercase()]),
        _ => false,
    }
}

/// A postcode whose area begins at `start` and whose first digit stands at `digit`: an area that exists, a district, and a digit with two
/// letters, of which none is C, I, K, M, O or V. Whether the code exists can only be said by a register of them.
pub(super) fn postcode(search: &mut Search<'_>, start: usize, digit: usize) {
    let text = search.text;
    let area = &text.bytes[start..digit];
    if !is_area(area) {
        return;
    }
    // The district: a digit, two digits, or a digit and a letter. The unit follows, with a blank or without.
    for district in [1, 2] {
        let end = digit + district;
        let letter = text.byte(end - 1);
        if district == 2 && !letter.is_ascii_digit() {
            let allowed: &[u8] = if area.len() == 1 { b"ABCDEFGHJKPSTUW" } else { b"ABEHMNPRVWXY" };
            if !allowed.contains(&letter.to_ascii_uppercase()) {
                continue;
            }
        }
        let blank = text.gap(end).filter(|(gap, _)| *gap == Gap::Blank).map(|(_, next)| next);
        let unit = blank.unwrap_or(end);
        let [number, one, two] = [text.byte(unit), text.byte(unit + 1), text.byte(unit + 2)];
        let inward = |byte: u8| byte.is_ascii_alphabetic() && !b"CIKMOV".contains(&byte.to_ascii_uppercase());
        if !number.is_ascii_digit() || !inward(one) || !inward(two) || text.word_at(unit + 3) {
            continue;
        }
        let small = text.bytes[start..unit + 3].iter().any(u8::is_ascii_lowercase);
        let labelled = search.labels.near(Label::Postcode, digit, 24);
        if small && !labelled && [b"st", b"nd", b"rd", b"th"].contains(&&[one, two]) {
            continue;
        }
        let confidence = match (labelled, blank.is_some() && !small) {
            (true, _) => Confidence::High,
            (false, true) => Confidence::Medium,
            (false, false) => Confidence::Low,
        };
        search.add(Kind::UkPostcode, start..unit + 3, confidence);
        return;
    }
}

/// The one postcode of another form, GIR 0AA; `digit` is its nought.
pub(super) fn postcode_giro(search: &mut Search<'_>, digit: usize) {
    let text = search.text;
    let unit = text.bytes.get(digit..digit + 3).is_some_and(|unit| unit.eq_ignore_ascii_case(b"0AA"));
    if !unit || text.word_at(digit + 3) {
        return;
    }
    let letters = text.gap_before(digit).filter(|(gap, _)| *gap == Gap::Blank).map_or(digit, |(_, from)| from);
    let Some(start) = letters.checked_sub(3) else { return };
    if text.bytes[start..letters].eq_ignore_ascii_case(b"GIR") && !text.word_before(start) {
        search.add(Kind::UkPostcode, start..digit + 3, Confidence::Medium);
    }
}
