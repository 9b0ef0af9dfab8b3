//! Shares: any that suffice make the key, slips are found in their group, and nothing wrong makes a key. OWN-4.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;

fn dealt(threshold: u8, total: u8, set: u8) -> (Key, Vec<Share>) {
    let key = Key::fresh().unwrap();
    let of = Deal { threshold, total, set: [set; 4], day: jiff::civil::date(2026, 3, 2) };
    let shares = deal(&key, &of).unwrap();
    assert_eq!(shares.len(), usize::from(total));
    (key, shares)
}

fn text(share: &Share) -> String {
    share.lines().iter().fold(String::new(), |text, line| text + line + "\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// OWN-4: any n of m shares make the key, as printed, in any order, more than are needed too; fewer never do.
    #[test]
    fn own_4_any_that_suffice_make_the_key(threshold in 2..=6u8, more in 0..=6u8, seed in any::<u64>()) {
        let (key, mut shares) = dealt(threshold, threshold + more, 1);
        let need = usize::from(threshold);
        let places = shares.len();
        for at in 0..places {
            shares.swap(at, usize::try_from(seed.rotate_left(u32::try_from(at * 7).unwrap()) % places as u64).unwrap());
        }
        let all: String = shares.iter().map(text).collect();
        let read = read("page", &all).unwrap();
        prop_assert!(read == shares);
        prop_assert!(combine(&read[..need]).unwrap().bytes() == key.bytes());
        prop_assert!(combine(&read).unwrap().bytes() == key.bytes());
        let few = combine(&read[..need - 1]);
        let told = matches!(few, Err(Fault::TooFew { need: n, have, .. }) if n == need && have == need - 1);
        prop_assert!(told);
        // The same one again makes no more of them.
        let again: Vec<Share> = read[..need - 1].iter().chain(&read[..1]).cloned().collect();
        let few = combine(&again);
        let told = matches!(few, Err(Fault::TooFew { .. }));
        prop_assert!(told);
    }

    /// OWN-4: whatever is typed is answered, and makes no share by chance.
    #[test]
    fn own_4_whatever_is_typed_is_answered(typed in "([0-9]{0,2}:? ?[0-9A-Za-z -]{0,30}\n){0,20}|\\PC{0,400}") {
        prop_assert!(read("input", &typed).is_ok_and(|shares| shares.is_empty()) || read("input", &typed).is_err());
    }
}

/// OWN-4: every single slip in a share is found, and its group named.
#[test]
fn own_4_a_slip_is_found_in_its_group() {
    let (_, shares) = dealt(2, 3, 1);
    let right = text(&shares[1]);
    let lines: Vec<&str> = right.lines().collect();
    let mut slips = 0;
    for (at, line) in lines.iter().enumerate() {
        let body = line.find(':').unwrap() + 1;
        for (column, was) in line.char_indices().filter(|(column, c)| *column >= body && c.is_ascii_alphanumeric()) {
            for is in ['0', '7', 'A', 'K', 'Z', 'U', '#'].into_iter().filter(|is| *is != was) {
                let mut changed = lines.clone();
                let wrong = format!("{}{is}{}", &line[..column], &line[column + 1..]);
                changed[at] = &wrong;
                let group = at * 2 + 1 + usize::from(column > body + 12);
                let said = read("bo.txt", &changed.join("\n")).err().unwrap();
                assert!(matches!(&said, Fault::Group { share, group: g, .. } if share == "bo.txt" && *g == group), "{said} in {wrong}");
                slips += 1;
            }
        }
    }
    assert!(slips > 600, "{slips}");
    // A character too few, two groups in each other's place, a line left out.
    let short = right.replacen(&lines[2][4..13], "ABCD", 1);
    assert!(read("x", &short).err().unwrap().to_string().contains("must have 8"));
    let (one, two) = (lines[0][6..15].to_owned(), lines[0][18..27].to_owned());
    let swapped = right.replacen(lines[0], &format!(" 1:   {two}   {one}"), 1);
    assert!(matches!(read("x", &swapped), Err(Fault::Group { group: 1, .. })), "{swapped}");
    let gone: String = lines.iter().filter(|line| !line.starts_with(" 5:")).map(|line| format!("{line}\n")).collect();
    assert_eq!(read("x", &gone).err(), Some(Fault::Missing { share: "x".into(), group: 5 }));
    // In a text of several shares, the wrong one is named.
    let both = text(&shares[0]) + &gone;
    assert!(read("x", &both).err().unwrap().to_string().starts_with("x, share 2 in it: group 5"));
}

/// OWN-4: small letters, other blanks, no hyphens, a group a line, and letters that look like digits are read as they are meant.
#[test]
fn own_4_typed_freely() {
    let (key, shares) = dealt(2, 2, 1);
    let loose = |share: &Share| {
        let mut at = 0;
        let groups = share.groups();
        let lines = groups.iter().map(|group| {
            at += 1;
            format!("  {at} : {}\r\n", group.to_lowercase().replace('-', "").replace('0', "o").replace('1', "l"))
        });
        lines.collect::<String>()
    };
    let all = format!("Found in the safe: two envelopes.\n{}\nand\n\n{}", loose(&shares[0]), loose(&shares[1]));
    assert_eq!(combine(&read("x", &all).unwrap()).unwrap().bytes(), key.bytes());
}

/// OWN-4: shares of two keys, or of two sets of one key, do not go together; a forged one is found out.
#[test]
fn own_4_what_does_not_go_together() {
    let (key, shares) = dealt(3, 5, 1);
    let (_, others) = dealt(3, 5, 2);
    let mixed = [shares[0].clone(), others[1].clone(), shares[2].clone()];
    let said = combine(&mixed).err().unwrap().to_string();
    assert!(said.contains(&shares[0].name()) && said.contains(&others[1].name()), "{said}");
    let again = deal(&key, &Deal { threshold: 3, total: 5, set: [9; 4], day: jiff::civil::date(2026, 3, 2) }).unwrap();
    assert!(matches!(combine(&[shares[0].clone(), again[1].clone(), shares[2].clone()]), Err(Fault::Mixed(..))));
    let mut forged = shares[2].clone();
    forged.secret[7] ^= 1;
    assert_eq!(combine(&[shares[0].clone(), shares[1].clone(), forged.clone()]).err(), Some(Fault::Other));
    assert_eq!(combine(&[shares[0].clone(), shares[2].clone(), forged]).err(), Some(Fault::Twice(3)));
    assert_eq!(combine(&[]).err(), Some(Fault::None));
    // Number 0 would be the key in the clear, and numbers beyond the last were never dealt.
    for number in [0, 6] {
        let odd = Share { number, ..shares[0].clone() };
        assert!(matches!(read("x", &text(&odd)), Err(Fault::Digest(_))), "{number}");
    }
}

/// OWN-4: fewer shares than are needed tell nothing: over many deals of one key, each byte of a share takes many values.
#[test]
fn own_4_a_share_tells_nothing_alone() {
    let key = Key::new([0; KEY_LEN]);
    let mut seen = vec![std::collections::BTreeSet::new(); KEY_LEN];
    for _ in 0..256 {
        let shares = deal(&key, &Deal { threshold: 2, total: 2, set: [0; 4], day: jiff::civil::date(2026, 3, 2) }).unwrap();
        seen.iter_mut().zip(shares[0].secret.iter()).for_each(|(seen, byte)| {
            seen.insert(*byte);
        });
    }
    // Of 256 drawn from 256, some 162 differ; fewer than 100 does not happen.
    assert!(seen.iter().all(|seen| seen.len() > 100), "{:?}", seen.iter().map(std::collections::BTreeSet::len).collect::<Vec<_>>());
}

/// OWN-4: numbers that cannot be are refused, and a share says what it is.
#[test]
fn own_4_numbers() {
    let key = Key::fresh().unwrap();
    for (threshold, total) in [(0, 3), (1, 3), (4, 3), (2, 21), (0, 0), (255, 255)] {
        let of = Deal { threshold, total, set: [0; 4], day: jiff::civil::date(2026, 3, 2) };
        assert!(deal(&key, &of).is_err(), "{threshold} of {total}");
    }
    let (key, shares) = dealt(20, 20, 3);
    assert_eq!(combine(&shares).unwrap().bytes(), key.bytes());
    assert_eq!(shares[4].day(), Some(jiff::civil::date(2026, 3, 2)));
    assert_eq!(shares[4].name(), format!("share 5 of set 03030303 of the key {}", key.id()));
}
