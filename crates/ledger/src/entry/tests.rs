//! Tests of entries: one encoding each, and nothing else read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn entry() -> Entry {
    Entry {
        index: 7,
        at_ms: 1_763_769_600_000,
        actor: ActorRef { kind: code("account"), id: id("a-1"), membership: Some(id("m-1")) },
        action: code("case.approved"),
        subject: Subject { kind: code("proposal"), id: id("p-1") },
        about: BTreeMap::from([(code("stage"), id("decided")), (code("reference"), id("OFF-2026-000001"))]),
        detail: Some([0xab; 32]),
    }
}

#[test]
fn the_canonical_form_is_written_down() {
    let expected = format!(
        "{{\"v\":1,\"i\":7,\"at\":1763769600000,\"actor\":{{\"kind\":\"account\",\"id\":\"a-1\",\"membership\":\"m-1\"}},\
         \"action\":\"case.approved\",\"subject\":{{\"kind\":\"proposal\",\"id\":\"p-1\"}},\
         \"about\":{{\"reference\":\"OFF-2026-000001\",\"stage\":\"decided\"}},\"detail\":\"{}\"}}",
        "ab".repeat(32)
    );
    let bytes = entry().to_bytes().unwrap();
    assert_eq!(String::from_utf8(bytes.clone()).unwrap(), expected);
    assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());

    let bare =
        Entry { actor: ActorRef { kind: code("job"), id: id("j"), membership: None }, about: BTreeMap::new(), detail: None, ..entry() };
    let bytes = bare.to_bytes().unwrap();
    assert!(bytes.ends_with(b"\"about\":{}}"));
    assert_eq!(Entry::from_bytes(&bytes).unwrap(), bare);
}

#[test]
fn codes_and_ids_are_held_to_their_alphabets() {
    for good in ["a", "case.approved", "key_destroyed", "a-1", &"a".repeat(MAX_CODE)] {
        assert!(Code::new(good).is_ok(), "{good}");
    }
    for bad in ["", "A", "1a", ".a", "a b", "a\"", "a\n", "é", "a:b", &"a".repeat(MAX_CODE + 1)] {
        assert!(Code::new(bad).is_err(), "{bad}");
    }
    for good in ["0", "OFF-2026-000001", "a:b", "Z_9", &"9".repeat(MAX_ID)] {
        assert!(Id::new(good).is_ok(), "{good}");
    }
    // Names with spaces and e-mail addresses do not fit.
    for bad in ["", "-a", "Ann Field", "ann@council.example", "a\\", "a/b", "ß", &"9".repeat(MAX_ID + 1)] {
        assert!(Id::new(bad).is_err(), "{bad}");
    }
}

#[test]
fn every_other_way_of_writing_an_entry_is_refused() {
    let good = String::from_utf8(entry().to_bytes().unwrap()).unwrap();
    let changes = [
        ("{\"v\":1", "{ \"v\":1"),
        ("{\"v\":1", "{\"v\":2"),
        ("\"i\":7", "\"i\":07"),
        ("\"i\":7", "\"i\":7.0"),
        ("\"i\":7", "\"i\":-7"),
        ("\"i\":7", "\"i\":18446744073709551616"),
        ("\"at\":1763769600000", "\"at\":253402300800000"),
        ("\"at\":1763769600000", "\"at\":1e3"),
        ("\"account\"", "\"acc\\u006funt\""),
        ("\"account\"", "\"\""),
        ("\"account\"", "\"Account\""),
        (",\"membership\":\"m-1\"", ",\"membership\":null"),
        ("\"reference\":\"OFF-2026-000001\",\"stage\":\"decided\"", "\"stage\":\"decided\",\"reference\":\"OFF-2026-000001\""),
        ("\"stage\":\"decided\"", "\"reference\":\"decided\""),
        ("\"stage\":\"decided\"", "\"stage\":\"decided\","),
        (",\"detail\":\"ab", ",\"detail\":\"AB"),
        (",\"detail\":\"ab", ",\"detail\":\""),
    ];
    for (from, to) in changes {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        assert!(Entry::from_bytes(bad.as_bytes()).is_err(), "{bad}");
    }
    for bad in [format!("{good}\n"), format!("{good} "), format!(" {good}"), String::new(), "{}".into()] {
        assert!(Entry::from_bytes(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn entries_out_of_bounds_are_not_written() {
    for at_ms in [-1, MAX_AT_MS + 1] {
        assert_eq!(Entry { at_ms, ..entry() }.to_bytes(), Err(EntryError::Instant(at_ms)));
    }
    let pairs = |n: usize| (0..n).map(|n| (code(&format!("{}{n}", "k".repeat(60))), id(&"v".repeat(MAX_ID))));
    let about = pairs(MAX_ABOUT + 1).collect();
    assert_eq!(Entry { about, ..entry() }.to_bytes(), Err(EntryError::About(MAX_ABOUT + 1)));
    // The largest entry there can be is still read.
    let largest = Entry { about: pairs(MAX_ABOUT).collect(), index: u64::MAX, at_ms: MAX_AT_MS, ..entry() };
    let bytes = largest.to_bytes().unwrap();
    assert!(bytes.len() <= MAX_ENTRY);
    assert_eq!(Entry::from_bytes(&bytes).unwrap(), largest);
    assert_eq!(Entry::from_bytes(&[b'{'; MAX_ENTRY + 1]), Err(EntryError::TooLong));
}

#[test]
fn a_restore_says_which_checkpoint_was_outside() {
    let restore = Restore { size: 120, root: [9; 32] };
    let mut declared = Entry { action: code(RESTORE_DECLARED), about: restore.to_about(), ..entry() };
    let bytes = declared.to_bytes().unwrap();
    assert_eq!(Restore::from_entry(&EntryView::parse(&bytes).unwrap()), Ok(Some(restore)));
    let other = entry().to_bytes().unwrap();
    assert_eq!(Restore::from_entry(&EntryView::parse(&other).unwrap()), Ok(None));
    declared.about.insert(code("size"), id("0120"));
    let bytes = declared.to_bytes().unwrap();
    assert_eq!(Restore::from_entry(&EntryView::parse(&bytes).unwrap()), Err(EntryError::Restore));
}

#[test]
fn a_detail_digest_binds_salt_and_body() {
    let digest = detail_digest(&[1; 32], b"body");
    assert_ne!(digest, detail_digest(&[2; 32], b"body"));
    assert_ne!(digest, detail_digest(&[1; 32], b"bodY"));
    assert_ne!(detail_digest(&[1; 32], b""), detail_digest(&[1; 32], b"\0"));
    // Made once with another tool; it must never change.
    assert_eq!(hex::encode(digest), DETAIL_VECTOR);
}

const DETAIL_VECTOR: &str = "92b401bb46ace4dcc7df85ffb9dda47a699c0c4c8bda59d2d4324101a63ffbd9";

prop_compose! {
    fn any_entry()(
        index: u64,
        at_ms in 0..=MAX_AT_MS,
        words in prop::collection::vec("[a-z][a-z0-9_.-]{0,63}", 3),
        ids in prop::collection::vec("[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}", 2),
        membership in prop::option::of("[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}"),
        about in prop::collection::btree_map("[a-z][a-z0-9_.-]{0,63}", "[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}", 0..8),
        detail: Option<[u8; 32]>,
    ) -> Entry {
        Entry {
            index,
            at_ms,
            actor: ActorRef { kind: code(&words[0]), id: id(&ids[0]), membership: membership.as_deref().map(id) },
            action: code(&words[1]),
            subject: Subject { kind: code(&words[2]), id: id(&ids[1]) },
            about: about.iter().map(|(key, value)| (code(key), id(value))).collect(),
            detail,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(entry in any_entry()) {
        let bytes = entry.to_bytes().unwrap();
        prop_assert_eq!(Entry::from_bytes(&bytes).unwrap(), entry);
    }

    // Strict: whatever is read is written again with the same bytes.
    #[test]
    fn a_changed_byte_is_refused_or_is_another_entry(entry in any_entry(), at: prop::sample::Index, byte: u8) {
        let mut bytes = entry.to_bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Entry::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Entry::from_bytes(&bytes).is_err());
    }

    #[test]
    fn a_cut_entry_is_refused(entry in any_entry(), at: prop::sample::Index) {
        let bytes = entry.to_bytes().unwrap();
        prop_assert!(Entry::from_bytes(&bytes[..at.index(bytes.len())]).is_err());
    }
}
