//! What a backup says of itself is read back as it was written, and nothing else is read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ledger::SigningKey;
use proptest::prelude::*;
use uuid::Uuid;

use super::manifest::{Manifest, Print, Read, listed, read_list};
use crate::seal::KeyId;

fn key(byte: u8) -> SigningKey {
    SigningKey::generate("ledger.council.example", &[byte; 32]).unwrap()
}

fn manifest() -> Manifest {
    Manifest {
        id: Uuid::from_u128(7),
        made_at: 1_763_769_600_000,
        program: "0.1.0".into(),
        size: 12,
        root: [3; 32],
        master: vec![KeyId::from_bytes([1; 8]), KeyId::from_bytes([2; 8])],
        key: key(1).public().clone(),
        migrations: vec!["a0001".into(), "p0001".into()],
        contents: Print { length: 5, sha256: [4; 32] },
    }
}

#[test]
fn a_manifest_is_read_back_and_no_other() {
    let made = manifest();
    let note = made.sign(&key(1)).unwrap();
    assert_eq!(Manifest::read(note.as_bytes(), key(1).public()), Read::Whole(Box::new(made.clone())));
    let other = Manifest { key: key(2).public().clone(), ..made.clone() };
    assert_eq!(Manifest::read(other.sign(&key(2)).unwrap().as_bytes(), key(1).public()), Read::Other(key(2).public().to_string()));
    // Signed by another key than the one that it names.
    assert_eq!(Manifest::read(made.sign(&key(2)).unwrap().as_bytes(), key(1).public()), Read::Broken);
    let bare = Manifest { master: Vec::new(), migrations: Vec::new(), ..made };
    assert_eq!(Manifest::read(bare.sign(&key(1)).unwrap().as_bytes(), key(1).public()), Read::Whole(Box::new(bare)));
    for bad in ["", "\n\n", "vouchsafe backup 2\n\n— x y\n", &note.replace("size 12", "size +12"), &note.replace("size 12", "size 13")] {
        assert_eq!(Manifest::read(bad.as_bytes(), key(1).public()), Read::Broken, "{bad}");
    }
}

#[test]
fn a_list_stays_within_its_folder() {
    let print = Print { length: 1, sha256: [9; 32] };
    assert_eq!(read_list(&listed("files/a/b", &print)), Some(vec![("files/a/b".to_owned(), print)]));
    for bad in ["../a", "/etc/passwd", "a//b", "a/./b", "a/..", "", "a\u{7}"] {
        assert_eq!(read_list(&listed(bad, &print)), None, "{bad:?}");
    }
    assert_eq!(read_list(&[listed("b", &print), listed("a", &print)].concat()), None, "in order, each once");
}

proptest! {
    #[test]
    fn any_changed_byte_of_a_manifest_is_seen(at in 0_usize..800, to in any::<u8>()) {
        let mut note = manifest().sign(&key(1)).unwrap().into_bytes();
        let at = at % note.len();
        prop_assume!(note[at] != to);
        note[at] = to;
        prop_assert!(!matches!(Manifest::read(&note, key(1).public()), Read::Whole(_)));
    }

    #[test]
    fn any_text_is_read_as_a_list_or_not(text in ".{0,200}") {
        if let Some(list) = read_list(&text) {
            prop_assert_eq!(list.iter().map(|(path, print)| listed(path, print)).collect::<String>().len() >= text.len(), true);
        }
    }
}
