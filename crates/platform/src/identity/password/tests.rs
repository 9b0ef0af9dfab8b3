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
        ("password1234", Some("password-easy")),
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
    assert!(stored.starts_with("$argon2id$v=19$m=47104,t=2,p=1$"), "{stored}");
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
    let parsed = argon2::password_hash::phc::PasswordHash::new(super::NOBODY).unwrap();
    let params = argon2::Params::try_from(&parsed).unwrap();
    assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), super::COST);
    assert_eq!(parsed.hash.unwrap().len(), 32);
}
