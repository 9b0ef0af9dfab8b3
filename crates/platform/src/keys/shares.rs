//! Shares of a key: dealt and put together by Shamir's method (crate `blahaj`), written so that a person can type them back. Pure.
//!
//! A share is 52 bytes and four of a digest, in fourteen groups of four bytes. Each group has a checksum of its own, so that a slip is
//! found in its group, and is written as eight characters of Crockford's base 32, which has no I, L, O and U and takes small letters.

use blahaj::Sharks;
use jiff::civil::Date;
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::{Error, Result};
use crate::random;
use crate::seal::{KEY_LEN, Key, KeyId};

/// Groups of a share.
pub const GROUPS: usize = 14;
/// Bytes of a group, without its checksum.
const GROUP: usize = 4;
/// Bytes of a share, without the digest that ends it.
const BODY: usize = GROUP * (GROUPS - 1);
/// Most shares of a set: more than people can be found for.
pub const MOST: u8 = 20;
const VERSION: u8 = 1;
/// Finds every slip of one character, and most others.
const CHECK: crc::Crc<u8> = crc::Crc::<u8>::new(&crc::CRC_8_DARC);

/// How to deal.
#[derive(Debug, Clone, Copy)]
pub struct Deal {
    /// How many shares make the key again.
    pub threshold: u8,
    /// How many shares.
    pub total: u8,
    /// The set's name.
    pub set: [u8; 4],
    /// The day.
    pub day: Date,
}

/// One share. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Share {
    /// The key that it helps to make.
    pub key: KeyId,
    /// The set to which it belongs: shares of different sets do not go together, though they be of one key.
    pub set: [u8; 4],
    /// How many make the key.
    pub threshold: u8,
    /// How many there are.
    pub total: u8,
    /// Which one it is, from 1.
    pub number: u8,
    /// The day on which it was made, in days since 1970.
    day: u32,
    secret: Zeroizing<[u8; KEY_LEN]>,
}

/// The name of a set, as it is written.
pub fn set_text(set: [u8; 4]) -> String {
    hex::encode(set)
}

/// Deals the shares of `key`.
///
/// # Errors
/// When the numbers cannot be, or the system gives no randomness.
pub fn deal(key: &Key, deal: &Deal) -> Result<Vec<Share>> {
    let Deal { threshold, total, set, day } = *deal;
    if threshold < 2 || threshold > total || total > MOST {
        return Err(Error::internal(format!(
            "{threshold} of {total} shares cannot be: at least 2 must be needed, no more than there are, and there are at most {MOST}"
        )));
    }
    let epoch = jiff::civil::date(1970, 1, 1);
    let day = u32::try_from(epoch.until(day).map_err(Error::internal)?.get_days()).map_err(Error::internal)?;
    let mut source = Source { failed: false };
    let dealt: Vec<blahaj::Share> = Sharks(threshold).dealer_rng(key.bytes(), &mut source).take(usize::from(total)).collect();
    if source.failed {
        return Err(Error::internal("the system gives no random bytes"));
    }
    let of = |share: &blahaj::Share| {
        let bytes = Zeroizing::new(Vec::<u8>::from(share));
        let (number, secret) = bytes.split_first().ok_or_else(|| Error::internal("an empty share"))?;
        let secret = Zeroizing::new(<[u8; KEY_LEN]>::try_from(secret).map_err(Error::internal)?);
        Ok(Share { key: key.id(), set, threshold, total, number: *number, day, secret })
    };
    dealt.iter().map(of).collect()
}

/// Randomness from the one cryptographic module, for a dealer that cannot hear of its failing: that is asked afterwards.
struct Source {
    failed: bool,
}

impl rand::TryRng for Source {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Self::Error> {
        self.failed |= random::fill(to).is_err();
        Ok(())
    }
}

impl rand::TryCryptoRng for Source {}

/// What is wrong with shares, in words for whoever holds them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing was given.
    #[error("no share was found: a share has {GROUPS} groups of eight characters, in lines such as `1: ABCD-EFGH 1234-5678`")]
    None,
    /// A group is mistyped.
    #[error("{share}: group {group} is mistyped: {what}")]
    Group {
        /// Which share.
        share: String,
        /// Which group, from 1.
        group: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A group is missing.
    #[error("{share}: group {group} is missing")]
    Missing {
        /// Which share.
        share: String,
        /// Which group, from 1.
        group: usize,
    },
    /// The groups are well but do not belong together.
    #[error("{0}: its groups do not belong together: they may be of two shares, or two slips hide each other; compare all of them")]
    Digest(String),
    /// A newer program made it.
    #[error("{0}: it was made by a newer program; use that to make the key again")]
    Version(String),
    /// Shares of two sets.
    #[error("shares of two different sets are mixed: {0}, and {1}. Only shares of one set make a key")]
    Mixed(String, String),
    /// The same number twice, with different contents.
    #[error("share {0} was given twice, and the two are not the same: one of them was changed")]
    Twice(u8),
    /// Too few.
    #[error("{need} different shares are needed, and {have} were given (those numbered {numbers}); find {} more", .need - .have)]
    TooFew {
        /// How many are needed.
        need: usize,
        /// How many there are.
        have: usize,
        /// Which.
        numbers: String,
    },
    /// They make another key than they say.
    #[error("these shares do not make the key that they name: at least one was changed or forged. Try it with other shares of the set")]
    Other,
}

/// The key that the shares make. More than are needed are all used.
///
/// # Errors
/// Says what is wrong with them.
pub fn combine(given: &[Share]) -> Result<Key, Fault> {
    let first = given.first().ok_or(Fault::None)?;
    let mut shares: Vec<&Share> = Vec::new();
    for share in given {
        if !share.goes_with(first) {
            return Err(Fault::Mixed(first.name(), share.name()));
        }
        match shares.iter().find(|known| known.number == share.number) {
            Some(known) if *known != share => return Err(Fault::Twice(share.number)),
            Some(_) => {}
            None => shares.push(share),
        }
    }
    shares.sort_by_key(|share| share.number);
    let (need, have) = (usize::from(first.threshold), shares.len());
    if have < need {
        let numbers: Vec<String> = shares.iter().map(|share| share.number.to_string()).collect();
        return Err(Fault::TooFew { need, have, numbers: numbers.join(", ") });
    }
    let raw: Vec<blahaj::Share> = shares.iter().filter_map(|share| share.raw()).collect();
    let key = Sharks(first.threshold).recover(&raw).map(Zeroizing::new).map_err(|_| Fault::Other)?;
    let key = Key::from_slice(&key).map_err(|_| Fault::Other)?;
    if key.id() == first.key { Ok(key) } else { Err(Fault::Other) }
}

impl Share {
    /// What it says of itself: `share 2 of set 8c2177aa of the key 3f9a…`.
    pub fn name(&self) -> String {
        format!("share {} of set {} of the key {}", self.number, set_text(self.set), self.key)
    }

    /// The day on which it was made.
    pub fn day(&self) -> Option<Date> {
        jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(i64::from(self.day)).ok()?).ok()
    }

    fn goes_with(&self, other: &Self) -> bool {
        (self.key, self.set, self.threshold, self.total, self.day) == (other.key, other.set, other.threshold, other.total, other.day)
    }

    fn raw(&self) -> Option<blahaj::Share> {
        let mut bytes = Zeroizing::new(vec![self.number]);
        bytes.extend_from_slice(self.secret.as_slice());
        blahaj::Share::try_from(bytes.as_slice()).ok()
    }

    fn body(&self) -> Zeroizing<Vec<u8>> {
        let mut body = Zeroizing::new(Vec::with_capacity(BODY + GROUP));
        body.push(VERSION);
        body.extend_from_slice(&self.key.bytes());
        body.extend_from_slice(&self.set);
        body.extend_from_slice(&[self.threshold, self.total, self.number]);
        body.extend_from_slice(&self.day.to_be_bytes());
        body.extend_from_slice(self.secret.as_slice());
        let digest = digest(&body);
        body.extend_from_slice(&digest);
        body
    }

    /// Its groups, as they are written: `ABCD-EFGH`.
    fn groups(&self) -> Vec<Zeroizing<String>> {
        let body = self.body();
        let written = body.chunks(GROUP).enumerate().map(|(at, group)| {
            let mut bytes = Zeroizing::new(group.to_vec());
            bytes.push(check(at, group));
            let mut text = base32::encode(base32::Alphabet::Crockford, &bytes);
            let grouped = Zeroizing::new(format!("{}-{}", &text[..4], &text[4..]));
            text.zeroize();
            grouped
        });
        written.collect()
    }

    /// Its lines, as they are printed and typed back: `1: ABCD-EFGH JKMN-PQRS`.
    pub fn lines(&self) -> Vec<Zeroizing<String>> {
        let groups = self.groups();
        let line = |(at, pair): (usize, &[Zeroizing<String>])| {
            let mut line = Zeroizing::new(format!("{:2}:", at * 2 + 1));
            for group in pair {
                line.push_str("   ");
                line.push_str(group);
            }
            line
        };
        groups.chunks(2).enumerate().map(line).collect()
    }

    /// Reads the groups of a share. `called` is what to call it while its number is not known.
    fn read(called: &str, groups: &[Option<String>; GROUPS]) -> Result<Self, Fault> {
        let share = || called.to_owned();
        let mut body = Zeroizing::new(Vec::with_capacity(BODY + GROUP));
        for (at, group) in groups.iter().enumerate() {
            let group = group.as_ref().ok_or_else(|| Fault::Missing { share: share(), group: at + 1 })?;
            let bytes = read_group(at, group).map_err(|what| Fault::Group { share: share(), group: at + 1, what })?;
            body.extend_from_slice(bytes.as_slice());
        }
        let (body, end) = body.split_at(BODY);
        if digest(body) != end {
            return Err(Fault::Digest(share()));
        }
        if body.first() != Some(&VERSION) {
            return Err(Fault::Version(share()));
        }
        let part = |from: usize, to: usize| body.get(from..to).unwrap_or_default();
        let fixed = |_| Fault::Digest(share());
        let known = Self {
            key: KeyId::from_bytes(part(1, 9).try_into().map_err(fixed)?),
            set: part(9, 13).try_into().map_err(fixed)?,
            threshold: body[13],
            total: body[14],
            number: body[15],
            day: u32::from_be_bytes(part(16, 20).try_into().map_err(fixed)?),
            secret: Zeroizing::new(part(20, BODY).try_into().map_err(fixed)?),
        };
        // Number 0 would be the key itself.
        let fits = known.threshold >= 2 && known.threshold <= known.total && (1..=known.total).contains(&known.number);
        if fits { Ok(known) } else { Err(Fault::Digest(share())) }
    }
}

/// Bytes of a group without its checksum, or what is wrong with it.
fn read_group(at: usize, text: &str) -> Result<Zeroizing<[u8; GROUP]>, String> {
    let plain = Zeroizing::new(text.chars().filter(|c| *c != '-').collect::<String>());
    let length = plain.chars().count();
    if length != 8 {
        return Err(format!("it has {length} characters and must have 8"));
    }
    if let Some(odd) = plain.chars().find(|c| !c.is_ascii_alphanumeric() || c.eq_ignore_ascii_case(&'u')) {
        return Err(format!("“{odd}” never occurs"));
    }
    let bytes = base32::decode(base32::Alphabet::Crockford, &plain).map(Zeroizing::new);
    let bytes = bytes.filter(|b| b.len() == GROUP + 1).ok_or_else(|| "it cannot be read".to_owned())?;
    let (group, sum) = bytes.split_at(GROUP);
    if sum != [check(at, group)] {
        return Err("its checksum does not fit".to_owned());
    }
    let mut out = Zeroizing::new([0; GROUP]);
    out.copy_from_slice(group);
    Ok(out)
}

/// A group's checksum, which its position goes into: groups that changed places are found.
fn check(at: usize, group: &[u8]) -> u8 {
    let mut digest = CHECK.digest();
    digest.update(&[u8::try_from(at).unwrap_or(u8::MAX)]);
    digest.update(group);
    digest.finalize()
}

fn digest(body: &[u8]) -> Vec<u8> {
    let mut digest = random::digest(&[b"vouchsafe/share/".as_slice(), body].concat());
    digest.truncate(GROUP);
    digest
}

/// Reads the shares in a text, which may hold several and any words around them. A line of a share is a number, a colon, and groups, of which
/// the number names the first. `source` is what to call the text.
///
/// # Errors
/// Says which group of which share is wrong.
pub fn read(source: &str, text: &str) -> Result<Vec<Share>, Fault> {
    let mut found: Vec<[Option<String>; GROUPS]> = Vec::new();
    for line in text.lines() {
        let Some((number, groups)) = line.trim().split_once(':') else { continue };
        let Ok(number) = number.trim().parse::<usize>() else { continue };
        if number == 0 || number > GROUPS {
            continue;
        }
        if number == 1 || found.is_empty() {
            found.push(Default::default());
        }
        let Some(share) = found.last_mut() else { continue };
        for (slot, group) in share[number - 1..].iter_mut().zip(groups.split_whitespace()) {
            *slot = Some(group.to_owned());
        }
    }
    let several = found.len() > 1;
    let called = |at: usize| if several { format!("{source}, share {} in it", at + 1) } else { source.to_owned() };
    found.iter().enumerate().map(|(at, groups)| Share::read(&called(at), groups)).collect()
}

#[cfg(test)]
mod tests;
