//! Sealing: published cases, other sizes, places, and the ring of master keys. OWN-4.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::blind::{self, Field, Index};
use super::keyring::{files_beside, next_file, old_file};
use super::*;

fn bytes(of: &Value) -> Vec<u8> {
    hex::decode(of.as_str().unwrap()).unwrap()
}

/// OWN-4: Project Wycheproof's cases of AES-GCM with 256-bit keys and 96-bit nonces hold for our own wrapper, and what has other sizes
/// does not get as far as being a key or a nonce.
#[test]
fn own_4_wycheproof() {
    let Some(folder) = testkit::shared_data() else { return };
    let text = std::fs::read_to_string(folder.join("crypto_vectors/aes_gcm_test.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let (mut valid, mut invalid, mut refused) = (0, 0, 0);
    for group in all["testGroups"].as_array().unwrap() {
        for case in group["tests"].as_array().unwrap() {
            let [key, nonce, about, plain, body, tag] = ["key", "iv", "aad", "msg", "ct", "tag"].map(|name| bytes(&case[name]));
            let sealed = [body, tag].concat();
            let (Ok(key), Ok(nonce)) = (Key::from_slice(&key), <[u8; NONCE_LEN]>::try_from(nonce.as_slice())) else {
                assert!(group["keySize"] != 256 || group["ivSize"] != 96, "{case}");
                refused += 1;
                continue;
            };
            assert_eq!((&group["keySize"], &group["ivSize"], &group["tagSize"]), (&256.into(), &96.into(), &128.into()));
            if case["result"] == "valid" {
                assert_eq!(key.encrypt(nonce, &about, &plain).unwrap(), sealed, "{case}");
                assert_eq!(*key.decrypt(nonce, &about, &sealed).unwrap(), plain, "{case}");
                valid += 1;
            } else {
                assert!(key.decrypt(nonce, &about, &sealed).is_err(), "{case}");
                invalid += 1;
            }
        }
    }
    assert_eq!((valid + invalid, valid + invalid + refused), (66, 316), "{valid} valid, {invalid} invalid, {refused} of other sizes");
}

/// OWN-4: keys and nonces have their lengths by type, and whatever reads bytes takes no other length.
#[test]
fn own_4_other_sizes_are_refused() {
    // These lines compile, and would not with another length.
    type Encrypting = fn(&Key, [u8; 12], &[u8], &[u8]) -> Result<Vec<u8>>;
    let (_, _): (fn([u8; 32]) -> Key, Encrypting) = (Key::new, Key::encrypt);
    for length in (0..80).filter(|n| *n != KEY_LEN) {
        assert!(Key::from_slice(&vec![7; length]).is_err(), "{length} bytes");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    for text in ["", "00", &"0".repeat(63), &"0".repeat(65), &"0".repeat(128), &"g".repeat(64), &format!("{0} {0}", "0".repeat(32))] {
        std::fs::write(&file, text).unwrap();
        let said = Key::read(&file).err().unwrap().to_string();
        assert!(said.contains("64 hexadecimal digits") && said.contains("keys restore"), "{said}");
        assert!(text.is_empty() || !said.contains(text) || text == "00", "the file's content is not told: {said}");
    }
    std::fs::write(&file, [0xff; 64]).unwrap();
    assert!(Key::read(&file).is_err());
    std::fs::write(&file, format!("{}\n", "0f".repeat(32))).unwrap();
    assert_eq!(Key::read(&file).unwrap().bytes(), &[0x0f; 32]);
}

/// OWN-4: a sealed value opens in its own place with its own key, and with nothing of it changed.
#[test]
fn own_4_a_value_opens_in_its_place_alone() {
    let (key, other) = (Key::fresh().unwrap(), Key::fresh().unwrap());
    let place = Place { table: "ab", id: "c", field: "d" };
    let sealed = key.seal(&place, b"a diagram of the networks").unwrap();
    assert_eq!(key.open(&place, &sealed).unwrap().as_slice(), b"a diagram of the networks");
    for wrong in [Place { table: "a", id: "bc", ..place }, Place { field: "e", ..place }, Place { id: "", ..place }] {
        assert!(key.open(&wrong, &sealed).is_err());
    }
    assert!(other.open(&place, &sealed).is_err());
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(key.open(&place, &changed).is_err(), "byte {at}");
        assert!(key.open(&place, &sealed[..at]).is_err(), "cut at {at}");
    }
    assert_ne!(key.seal(&place, b"x").unwrap(), key.seal(&place, b"x").unwrap(), "two nonces are the same");
}

/// OWN-4: a key's name tells keys apart, reads back as it is written, and is no part of the key.
#[test]
fn own_4_names_of_keys() {
    let (one, two) = (Key::fresh().unwrap(), Key::fresh().unwrap());
    assert_ne!(one.id(), two.id());
    assert_eq!(KeyId::parse(&one.id().to_string()), Some(one.id()));
    assert!(!one.to_hex().contains(&one.id().to_string()));
    for text in ["", "next", "0011", &"0".repeat(15), &"0".repeat(17), &"z".repeat(16)] {
        assert_eq!(KeyId::parse(text), None, "{text}");
    }
}

/// OWN-4: a server asked for a key that it does not know looks at the files again, keeps what it knew, and says what is missing.
#[test]
fn own_4_a_ring_reads_the_files_again() {
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("master.key");
    let write = |path: &Path, key: &Key| std::fs::write(path, key.to_hex().as_str()).unwrap();
    let [old, present, next] = [(); 3].map(|()| Key::fresh().unwrap());
    write(&main, &present);
    write(&old_file(&main, old.id()), &old);
    // Neither of these is a key file.
    std::fs::write(folder.path().join("master.key.new"), "half").unwrap();
    std::fs::write(folder.path().join("master.key.bak"), "x").unwrap();
    let ring = Keyring::read(&main).unwrap();
    assert_eq!((ring.main(), ring.ids().len(), files_beside(&main).unwrap().len()), (present.id(), 2, 1));
    let said = ring.get(next.id()).err().unwrap().to_string();
    assert!(said.contains(&next.id().to_string()) && said.contains(&present.id().to_string()) && said.contains("keys restore"), "{said}");
    write(&next_file(&main), &next);
    assert_eq!(ring.get(next.id()).unwrap().bytes(), next.bytes());
    std::fs::remove_file(old_file(&main, old.id())).unwrap();
    std::fs::rename(next_file(&main), &main).unwrap();
    ring.reload().unwrap();
    assert_eq!((ring.main(), ring.get(old.id()).unwrap().bytes()), (next.id(), old.bytes()));
    std::fs::write(next_file(&main), "broken").unwrap();
    assert!(ring.reload().err().unwrap().to_string().contains("master.key.next"));
}

/// `doctor` names the module; which it is, the build says.
#[test]
fn own_4_the_module_is_named() {
    assert_eq!(module().contains("not its FIPS"), !cfg!(feature = "fips"), "{}", module());
}

const NAME: Field = Field { kind: "account", field: "name" };

/// OWN-4: a digest is of one word in one field with one key; whole texts and words never give the same.
#[test]
fn own_4_digests_are_kept_apart() {
    let (key, other) = (Key::fresh().unwrap(), Key::fresh().unwrap());
    let index = Index::from(&key);
    assert_eq!((index.word(NAME, "wren").len(), index.whole(NAME, "wren").len()), (blind::WORD_LEN, 32));
    assert_eq!(index.word(NAME, "wren"), Index::from(&key.clone()).word(NAME, "wren"));
    let all = [
        index.word(NAME, "wren"),
        index.word(NAME, "wrens"),
        index.word(NAME, ""),
        index.word(Field { field: "email", ..NAME }, "wren"),
        index.word(Field { kind: "person", ..NAME }, "wren"),
        // The same letters, divided otherwise.
        index.word(Field { kind: "accountn", field: "ame" }, "wren"),
        index.word(Field { kind: "account", field: "namew" }, "ren"),
        index.whole(NAME, "wren")[..blind::WORD_LEN].to_vec(),
        Index::from(&other).word(NAME, "wren"),
    ];
    for (at, one) in all.iter().enumerate() {
        assert!(!all[..at].contains(one), "{at}");
        assert!(!one.windows(4).any(|part| part == b"wren"));
    }
}

/// Names as they are written in Europe, and much else.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "([A-Za-zÀ-ÖØ-öø-ž]{1,9}[ .'’-]{0,2}){0,6}",
        any::<String>(),
        proptest::collection::vec("[a-z]{1,3}", 0..150).prop_map(|words| words.join(" ")),
    ]
}

proptest! {
    /// OWN-4: words are folded and hold no blank; how a name is written does not change them: neither the order nor the number of the words. What
    /// a text is looked for by is what is kept of it, whichever way it is read.
    #[test]
    fn own_4_words_of_any_text(text in texts()) {
        let kept = blind::kept(&text);
        for word in &kept {
            prop_assert!(!word.is_empty() && !word.contains(char::is_whitespace), "{word:?}");
            prop_assert_eq!(blind::kept(word), BTreeSet::from([word.clone()]));
        }
        for words in blind::readings(&text) {
            prop_assert!(words.is_subset(&kept));
        }
        let turned: Vec<&str> = text.split(' ').rev().collect();
        prop_assert_eq!(&blind::kept(&turned.join("  ")), &kept);
        prop_assert_eq!(&blind::kept(&format!("{text} {text}")), &kept);
    }

    /// OWN-4: capitals and accents of a name change nothing.
    #[test]
    fn own_4_capitals_and_accents_are_folded(plain in "[a-z]{1,8}( [a-z]{1,8}){0,4}", marks in proptest::collection::vec(0..4usize, 50)) {
        let marked: String = plain.chars().zip(marks).flat_map(|(letter, mark)| {
            let accent = if letter.is_alphabetic() { [None, None, Some('\u{301}'), Some('\u{308}')][mark] } else { None };
            std::iter::once(if mark == 1 { letter.to_ascii_uppercase() } else { letter }).chain(accent)
        }).collect();
        prop_assert_eq!(blind::kept(&marked), blind::kept(&plain));
    }
}
