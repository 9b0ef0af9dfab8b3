//! Passwords: strength by table, hashes by example. OWN-2.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{LONGEST, hash, judge, verify};

/// OWN-2: strong passwords are enforced, without rules of composition.
#[test]
fn own_2_strength() {
    let about = ["Ada Quill", "ada.quill@halyard.example", "Halyard Systems"];
    let long = "a1B-".repeat(LONGEST);
    let cases = [
        ("", Some("password-too-short")),
        ("Tr0ub4dor&3", Some("password-too-short")),
        ("correct horse battery staple", None),
        ("lantern pocket river ninety", None),
        ("violet-thimble-orbit", None),
        ("password123456", Some("password-easy")),
        ("aaaaaaaaaaaaaaaa", Some("password-easy")),
        ("qwertyuiopasdf", Some("password-easy")),
        ("ada.quill@halyard.example", Some("password-about-you")),
        ("halyardsystems", Some("password-about-you")),
        (long.as_str(), Some("password-too-long")),
        ("двенадцать голодных ежей", None),
    ];
    for (password, expected) in cases {
        assert_eq!(judge(password, &about).map(|t| t.id.to_string()).as_deref(), expected, "{password:?}");
    }
}

/// OWN-2: a hash verifies its own password only, however the keyboard composes it; nothing verifies without one.
#[tokio::test]
async fn own_2_hashes() {
    let stored = hash("caf\u{e9} under the bridge").await.unwrap();
    assert!(stored.starts_with(super::NOBODY.rsplit_once('$').unwrap().0.rsplit_once('$').unwrap().0), "{stored}");
    assert!(verify("caf\u{e9} under the bridge", Some(&stored)).await.unwrap());
    assert!(verify("cafe\u{301} under the bridge", Some(&stored)).await.unwrap());
    assert!(!verify("cafe under the bridge", Some(&stored)).await.unwrap());
    assert!(!verify("", None).await.unwrap());
    assert!(!verify(&"x".repeat(LONGEST + 1), Some(&stored)).await.unwrap());
    assert_ne!(stored, hash("caf\u{e9} under the bridge").await.unwrap(), "two hashes share a salt");
}

/// The stand-in for accounts that do not exist is well formed: otherwise it would answer at once and give them away.
#[test]
fn own_2_nobody_costs_the_same() {
    if super::FIPS {
        let rounds = format!("i={},l=32$", super::derive::ROUNDS);
        assert!(super::NOBODY.starts_with(&format!("{}{rounds}", super::derive::KIND)));
        return;
    }
    let parsed = argon2::password_hash::phc::PasswordHash::new(super::NOBODY).unwrap();
    let params = argon2::Params::try_from(&parsed).unwrap();
    assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), super::COST);
    assert_eq!(parsed.hash.unwrap().len(), 32);
}

/// OWN-4: a hash says how it was made. PBKDF2 is verified in every build; Argon2id in all but those on the FIPS module.
#[tokio::test]
async fn own_4_a_stored_hash_is_verified_by_what_it_says() {
    let derived = super::derive::hash("lantern pocket river").unwrap();
    assert!(verify("lantern pocket river", Some(&derived)).await.unwrap());
    assert!(!verify("lantern pocket rivers", Some(&derived)).await.unwrap());
    use argon2::password_hash::PasswordHasher as _;
    let argon = super::argon().unwrap().hash_password_with_salt(b"lantern pocket river", b"salt of 16 bytes").unwrap().to_string();
    assert!(argon.starts_with(super::ARGON), "{argon}");
    assert_eq!(verify("lantern pocket river", Some(&argon)).await.unwrap(), !super::FIPS);
    assert!(!verify("lantern pocket rivers", Some(&argon)).await.unwrap());
}
