//! IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::labels::Label;
use super::{Confidence, Kind, Search};

/// An address of version 4 whose first digit stands at `at`, with the length of its prefix where one follows.
pub(super) fn four(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    if text.before(at) == b'.' {
        return;
    }
    let length = text.bytes[at..].iter().take(16).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let given = text.text[at..at + length].trim_end_matches('.');
    let end = at + given.len();
    if given.len() < 7 || text.word_at(end) {
        return;
    }
    let Ok(address) = given.parse::<Ipv4Addr>() else { return };
    let octets = address.octets();
    let inside =
        address.is_private() || address.is_loopback() || address.is_unspecified() || address.is_link_local() || address.is_broadcast();
    let version = search.labels.near(Label::Version, at, 8) || matches!(text.before(at), b'v' | b'V');
    let small = octets.iter().all(|octet| *octet < 20);
    let labelled = search.labels.near(Label::Internet, at, 16);
    let confidence = match (labelled, inside || version || small) {
        (_, true) => Confidence::Low,
        (true, false) => Confidence::High,
        (false, false) => Confidence::Medium,
    };
    search.add(Kind::Ip, at..prefix(search, end, 32), confidence);
}

/// Where the length of a prefix ends that follows at `end`; `end` if none does.
fn prefix(search: &Search<'_>, end: usize, most: u16) -> usize {
    let text = search.text;
    if text.byte(end) != b'/' || !text.byte(end + 1).is_ascii_digit() {
        return end;
    }
    let after = text.digits_end(end + 1);
    let length = text.text[end + 1..after].parse::<u16>();
    if length.is_ok_and(|length| length <= most) && !text.word_at(after) { after } else { end }
}

/// The longest text of an address of version 6: eight groups, the last two as version 4.
const LONGEST: usize = 45;

/// An address of version 6 around the colon at `at`, with its zone and the length of its prefix. The unspecified address `::` names no
/// machine and is two colons in most texts; it is left out, as is what has neither a digit nor four groups.
pub(super) fn six(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    if at < search.six || !(hex(text.before(at)) || text.byte(at + 1) == b':') {
        return;
    }
    let from = at.saturating_sub(LONGEST);
    let start = at - text.bytes[from..at].iter().rev().take_while(|byte| hex(**byte)).count();
    let length = text.bytes[start..].iter().take(LONGEST + 1).take_while(|byte| hex(**byte) || **byte == b'.').count();
    search.six = start + length;
    let given = text.text[start..start + length].trim_end_matches('.');
    let given = if given.ends_with("::") { given } else { given.trim_end_matches(':') };
    let end = start + given.len();
    let colons = given.bytes().filter(|byte| *byte == b':').count();
    let says = given.bytes().any(|byte| byte.is_ascii_digit()) || colons >= 4;
    if length > LONGEST || colons < 2 || !says || text.word_before(start) || text.word_at(end) {
        return;
    }
    let Ok(address) = given.parse::<Ipv6Addr>() else { return };
    let zone = text.bytes[end..].iter().skip(1).take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let end = if text.byte(end) == b'%' && zone > 0 { end + 1 + zone } else { end };
    if text.word_at(end) {
        return;
    }
    let inside = address.is_loopback() || address.is_unspecified() || address.is_unicast_link_local() || address.is_unique_local();
    let confidence = if inside || given.len() < 6 { Confidence::Low } else { Confidence::High };
    search.add(Kind::Ip, start..prefix(search, end, 128), confidence);
}
