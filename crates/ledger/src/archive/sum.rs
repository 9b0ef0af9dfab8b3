//! What is said of a file before its bytes come: length, checksum and digest. Whoever sends a large file on reads it twice: once to sum it up,
//! once to send it.

use sha2::{Digest as _, Sha256};

use super::container::checksum;

/// Length, checksum and digest of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    length: u64,
    crc: u32,
    sha256: [u8; 32],
}

impl Sum {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut summing = Summing::default();
        summing.add(bytes);
        summing.sum()
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Its SHA-256.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    pub(super) fn crc(&self) -> u32 {
        self.crc
    }
}

/// Sums a file up, part by part.
pub struct Summing {
    length: u64,
    crc: crc::Digest<'static, u32>,
    sha256: Sha256,
}

impl Default for Summing {
    fn default() -> Self {
        Self { length: 0, crc: checksum(), sha256: Sha256::new() }
    }
}

impl Summing {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.crc.update(bytes);
        self.sha256.update(bytes);
    }

    /// Bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What they sum up to.
    pub fn sum(self) -> Sum {
        Sum { length: self.length, crc: self.crc.finalize(), sha256: self.sha256.finalize().into() }
    }
}
