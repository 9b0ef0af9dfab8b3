//! Passwords by PBKDF2-HMAC-SHA-256, the one way of hashing them that the FIPS module has.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;

use crate::error::{Error, Result};
use crate::random;

/// How a hash by this method begins.
pub(super) const KIND: &str = "$pbkdf2-sha256$";
/// Rounds of a new hash, as OWASP's cheat sheet on storing passwords asks for since 2023.
pub(super) const ROUNDS: u32 = 600_000;
/// Fewest and most rounds of a stored hash that are taken for one: SP 800-132 asks for 1,000, and nobody waits for more than the other.
const TAKEN: std::ops::RangeInclusive<u32> = 1_000..=20_000_000;
/// Bytes of salt and hash; SP 800-132 asks for 16 and 14.
const SALT: usize = 16;
const LENGTH: usize = 32;

/// The hash as it is stored, `$pbkdf2-sha256$i=ROUNDS,l=LENGTH$SALT$HASH`, with a fresh salt.
pub(super) fn hash(password: &str) -> Result<String> {
    let salt = random::bytes::<SALT>()?;
    let rounds = NonZeroU32::new(ROUNDS).ok_or_else(|| Error::internal("no rounds"))?;
    let mut hash = [0; LENGTH];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, password.as_bytes(), &mut hash);
    Ok(format!("{KIND}i={ROUNDS},l={LENGTH}${}${}", BASE64.encode(salt), BASE64.encode(hash)))
}

/// Whether the password is the one stored; the stored rounds and salt count, not today's.
pub(super) fn verify(password: &str, stored: &str) -> bool {
    parse(stored)
        .is_some_and(|(rounds, salt, hash)| pbkdf2::verify(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, password.as_bytes(), &hash).is_ok())
}

fn parse(stored: &str) -> Option<(NonZeroU32, Vec<u8>, Vec<u8>)> {
    let mut parts = stored.strip_prefix(KIND)?.split('$');
    let (numbers, salt, hash, end) = (parts.next()?, parts.next()?, parts.next()?, parts.next());
    let (rounds, length) = numbers.strip_prefix("i=")?.split_once(",l=")?;
    let (rounds, length): (u32, usize) = (rounds.parse().ok()?, length.parse().ok()?);
    let (salt, hash) = (BASE64.decode(salt).ok()?, BASE64.decode(hash).ok()?);
    let fits = end.is_none() && TAKEN.contains(&rounds) && hash.len() == length && length == LENGTH && salt.len() >= SALT;
    fits.then_some((NonZeroU32::new(rounds)?, salt, hash))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// OWN-4: a published case (RFC 7914, section 11, its first half), and hashes that are none.
    #[test]
    fn own_4_pbkdf2() {
        let mut out = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, NonZeroU32::new(80_000).unwrap(), b"NaCl", b"Password", &mut out);
        assert_eq!(hex::encode(out), "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
        let stored = hash("lantern pocket river ninety").unwrap();
        assert!(stored.starts_with("$pbkdf2-sha256$i=600000,l=32$"), "{stored}");
        assert!(verify("lantern pocket river ninety", &stored));
        assert!(!verify("lantern pocket river eighty", &stored));
        assert_ne!(stored, hash("lantern pocket river ninety").unwrap(), "two hashes share a salt");
        // What is stored counts: other rounds verify as well, and give another hash.
        let fewer = format!("{KIND}i=1000,l=32${}${}", BASE64.encode([7; 16]), {
            let mut hash = [0; 32];
            pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, NonZeroU32::new(1_000).unwrap(), &[7; 16], b"x", &mut hash);
            BASE64.encode(hash)
        });
        assert!(verify("x", &fewer) && !verify("y", &fewer));
        for (from, to) in
            [("i=1000", "i=999"), ("i=1000", "i=4000000000"), ("l=32", "l=16"), ("$pbkdf2", "$argon2"), ("$i", "$$i"), ("i=1000", "i=0")]
        {
            assert!(!verify("x", &fewer.replacen(from, to, 1)), "{to}");
        }
        assert!(!verify("x", &format!("{fewer}$")) && !verify("", KIND) && !verify("", ""));
    }
}
