//! The sealed stream: what was sealed opens, and nothing else does.

use proptest::prelude::*;
use uuid::Uuid;

use crate::files::segments::{Opener, SEGMENT, Sealer, TAG, sealed_size};
use crate::seal::Key;

const FILE: Uuid = Uuid::from_u128(7);

fn key(n: u8) -> Key {
    Key::new([n; 32])
}

fn seal(key: &Key, file: Uuid, plain: &[u8], portion: usize) -> Vec<u8> {
    let (mut sealer, mut out) = (Sealer::new(key, file).unwrap(), Vec::new());
    for part in plain.chunks(portion.max(1)) {
        sealer.push(part, &mut out).unwrap();
    }
    sealer.finish(&mut out).unwrap();
    out
}

fn open(key: &Key, file: Uuid, sealed: &[u8], portion: usize) -> crate::Result<Vec<u8>> {
    let (mut opener, mut out) = (Opener::new(key, file)?, Vec::new());
    for part in sealed.chunks(portion.max(1)) {
        opener.push(part, &mut out)?;
    }
    opener.finish(&mut out)?;
    Ok(out)
}

fn plain(size: usize) -> Vec<u8> {
    (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect()
}

/// A size near the edges of segments, where mistakes lie.
fn sizes() -> impl Strategy<Value = usize> {
    prop_oneof![
        0..300usize,
        (0..4usize, 0..5usize).prop_map(|(segments, off)| (segments * SEGMENT + off).saturating_sub(2)),
        0..3 * SEGMENT,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// OWN-4: whatever the size and the portions, what was sealed opens, and is as large as was said.
    #[test]
    fn what_was_sealed_opens(size in sizes(), into in 1..200_000usize, out in 1..200_000usize) {
        let bytes = plain(size);
        let sealed = seal(&key(1), FILE, &bytes, into);
        prop_assert_eq!(sealed.len() as u64, sealed_size(size as u64));
        prop_assert!(open(&key(1), FILE, &sealed, out).unwrap() == bytes);
    }

    /// OWN-4: a file cut short anywhere does not open, at the edge of a segment neither.
    #[test]
    fn a_file_cut_short_does_not_open(size in sizes(), at in any::<prop::sample::Index>(), edge in any::<bool>()) {
        let sealed = seal(&key(1), FILE, &plain(size), 50_000);
        let mut keep = at.index(sealed.len());
        if edge {
            keep -= keep % (SEGMENT + TAG);
        }
        prop_assert!(open(&key(1), FILE, &sealed[..keep], 50_000).is_err());
    }

    /// OWN-4: one changed bit anywhere is noticed.
    #[test]
    fn a_changed_bit_is_noticed(size in sizes(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut sealed = seal(&key(1), FILE, &plain(size), 50_000);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(open(&key(1), FILE, &sealed, 50_000).is_err());
    }

    /// OWN-4: segments swapped, repeated, left out or added do not open.
    #[test]
    fn segments_stay_in_their_place(count in 2..5usize, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(), how in 0..4u8) {
        let sealed = seal(&key(1), FILE, &plain(count * SEGMENT), 50_000);
        let mut parts: Vec<&[u8]> = sealed.chunks(SEGMENT + TAG).collect();
        let (a, b) = (a.index(parts.len()), b.index(parts.len()));
        match how {
            0 => parts.swap(a, b),
            1 => parts.insert(b, parts[a]),
            2 => { parts.remove(a); }
            _ => parts[a] = parts[b],
        }
        prop_assume!(parts.concat() != sealed);
        prop_assert!(open(&key(1), FILE, &parts.concat(), 50_000).is_err());
    }

    /// OWN-4: a segment of another file does not open in this one, even under the same key; nor does a file under another's key or id.
    #[test]
    fn files_do_not_mix(count in 1..4usize, at in any::<prop::sample::Index>()) {
        let (ours, theirs) = (seal(&key(1), FILE, &plain(count * SEGMENT), 50_000), seal(&key(1), Uuid::from_u128(8), &plain(count * SEGMENT), 50_000));
        let mut parts: Vec<&[u8]> = ours.chunks(SEGMENT + TAG).collect();
        let at = at.index(parts.len());
        parts[at] = theirs.chunks(SEGMENT + TAG).nth(at).unwrap();
        prop_assert!(open(&key(1), FILE, &parts.concat(), 50_000).is_err());
        prop_assert!(open(&key(2), FILE, &ours, 50_000).is_err());
        prop_assert!(open(&key(1), Uuid::from_u128(8), &ours, 50_000).is_err());
    }
}

/// Nothing at all, and less than a tag, is no file.
#[test]
fn nothing_is_no_file() {
    assert!(open(&key(1), FILE, &[], 1).is_err());
    assert!(open(&key(1), FILE, &[0; TAG - 1], 1).is_err());
    assert_eq!(open(&key(1), FILE, &seal(&key(1), FILE, &[], 1), 1).unwrap(), b"");
}
