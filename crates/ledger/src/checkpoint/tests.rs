//! Tests of keys and checkpoints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;

const ORIGIN: &str = "ledger.council.example";

fn key(seed: u8) -> SigningKey {
    SigningKey::generate(ORIGIN, &[seed; 32]).unwrap()
}

fn signed() -> String {
    Checkpoint::sign(&key(1), 12, Hash([7; 32]), 1_763_769_600_000).unwrap()
}

#[test]
fn keys_are_read_from_their_texts() {
    let key = key(1);
    let again = SigningKey::parse(key.secret_text()).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(VerifyingKey::parse(key.public().as_str()).unwrap(), *key.public());
    assert_eq!(key.public().fingerprint().len(), 79);
    assert!(!format!("{key:?}").contains("PRIVATE"));
    for origin in ["", "a b", "a+b", "a\nb", "é.example", &"a".repeat(201)] {
        assert_eq!(SigningKey::generate(origin, &[1; 32]).err(), Some(KeyError::Origin), "{origin}");
    }
    let vkey = key.public().as_str();
    let id = vkey.split('+').nth(1).unwrap();
    for bad in ["", "a", "a+b+c", &vkey.replace(id, "00000000"), &vkey[..vkey.len() - 1], &vkey.to_uppercase()] {
        assert_eq!(VerifyingKey::parse(bad).err(), Some(KeyError::Key), "{bad}");
    }
}

// The key of the example in the signed-note specification.
#[test]
fn the_example_of_the_specification_verifies() {
    let key = VerifyingKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let note =
        format!("{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
    assert_eq!(open_note(note.as_bytes(), &[key], true), Ok((text.to_owned(), 0)));
}

#[test]
fn a_checkpoint_is_verified_by_its_key_only() {
    let note = signed();
    let expected = Checkpoint { origin: ORIGIN.into(), size: 12, root: Hash([7; 32]), at_ms: Some(1_763_769_600_000) };
    assert_eq!(Checkpoint::peek(&note), Ok(expected.clone()));
    let keys = [key(2).public().clone(), key(1).public().clone()];
    assert_eq!(Checkpoint::verify(&note, &keys), Ok(expected));
    assert_eq!(Checkpoint::verify(&note, &keys[..1]), Err(CheckpointError::UnknownKey));
    let other = SigningKey::generate("other.example", &[1; 32]).unwrap();
    let refused = Checkpoint::verify(&note, &[other.public().clone()]);
    assert_eq!(refused, Err(CheckpointError::Origin(ORIGIN.into())));
    let forged = note.replacen("\n12\n", "\n13\n", 1);
    assert_eq!(Checkpoint::verify(&forged, &keys), Err(CheckpointError::Signature));
    assert_eq!(Checkpoint::sign(&key(1), MAX_SIZE + 1, Hash([7; 32]), 0), Err(CheckpointError::Malformed));
}

#[test]
fn a_manifest_may_carry_one_signature_only() {
    let keys = [key(1).public().clone()];
    let note = key(1).sign("text\n").unwrap();
    assert!(open_note(note.as_bytes(), &keys, true).is_ok());
    let line = note.lines().last().unwrap();
    let witness = key(2).sign("text\n").unwrap();
    let extra = witness.lines().last().unwrap();
    for bad in [format!("{note}{line}\n"), format!("{note}{extra}\n")] {
        assert_eq!(open_note(bad.as_bytes(), &keys, true), Err(KeyError::Note));
        assert!(open_note(bad.as_bytes(), &keys, false).is_ok());
    }
}

#[test]
fn a_flipped_bit_is_never_verified() {
    let (note, keys) = (signed().into_bytes(), [key(1).public().clone()]);
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut bad = note.clone();
            bad[at] ^= 1 << bit;
            let verified = std::str::from_utf8(&bad).is_ok_and(|bad| Checkpoint::verify(bad, &keys).is_ok());
            assert!(!verified, "byte {at} bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_text_does_no_harm(text in "(?s).{0,200}", lines in prop::collection::vec("[ -~]{0,40}", 0..8)) {
        let keys = [key(1).public().clone()];
        prop_assert!(Checkpoint::verify(&text, &keys).is_err());
        prop_assert!(Checkpoint::verify(&lines.join("\n"), &keys).is_err());
        let _ = (VerifyingKey::parse(&text), SigningKey::parse(&text));
    }
}

#[test]
fn a_key_is_made_and_read_again_from_any_random_bytes() {
    // Base64 holds plus signs, and so does the key's text between its parts: one in two random keys has one.
    for n in 0..=255 {
        let key = SigningKey::generate("ledger.council.example", &[n; 32]).unwrap();
        let read = SigningKey::parse(key.secret_text()).unwrap();
        assert_eq!(read.public(), key.public());
        assert_eq!(
            Checkpoint::verify(&Checkpoint::sign(&read, 0, crate::tree::EMPTY_ROOT, 0).unwrap(), &[key.public().clone()]).unwrap().size,
            0
        );
    }
}
