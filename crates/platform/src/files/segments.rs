//! A file sealed in segments, so that it can be written and read as a stream: AES-256-GCM over 64 KiB at a time, with a key of the file's
//! own. The file's id, the segment's number and whether it is the last are authenticated with each segment: a file that was cut short,
//! whose segments were swapped, repeated or taken from another file, does not open. Pure: bytes in, bytes out.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::seal::Key;

/// Bytes of plain text in a segment; the last one may have fewer.
pub const SEGMENT: usize = 64 * 1024;
/// Bytes that sealing adds to a segment.
pub const TAG: usize = 16;
/// What tells our format, and its version, from any other use of a key.
const FORMAT: &[u8] = b"vouchsafe file 1";

/// Bytes that a file of `size` has when sealed.
pub fn sealed_size(size: u64) -> u64 {
    size + size.div_ceil(SEGMENT as u64).max(1) * TAG as u64
}

/// The key of one file, and where in it we are.
struct Cursor {
    key: LessSafeKey,
    file: Uuid,
    number: u32,
}

impl Cursor {
    fn new(key: &Key, file: Uuid) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key.bytes()).map_err(|_| Error::internal("a file's key has the wrong length"))?;
        Ok(Self { key: LessSafeKey::new(key), file, number: 0 })
    }

    /// Nonce and authenticated data of the present segment, and on to the next. A file's key seals one stream only, so that a counter
    /// never repeats a nonce.
    fn step(&mut self, last: bool) -> Result<(Nonce, Aad<Vec<u8>>)> {
        let mut nonce = [0u8; NONCE_LEN];
        nonce[NONCE_LEN - 5..NONCE_LEN - 1].copy_from_slice(&self.number.to_be_bytes());
        nonce[NONCE_LEN - 1] = u8::from(last);
        let aad = [FORMAT, self.file.as_bytes(), &self.number.to_be_bytes(), &[u8::from(last)]].concat();
        self.number = self.number.checked_add(1).ok_or_else(|| Error::internal("a file has too many segments"))?;
        Ok((Nonce::assume_unique_for_key(nonce), Aad::from(aad)))
    }
}

/// Seals a stream.
pub struct Sealer {
    at: Cursor,
    pending: Vec<u8>,
}

impl Sealer {
    /// For the file with this id, whose key seals nothing else.
    ///
    /// # Errors
    /// When the cryptographic module fails.
    pub fn new(key: &Key, file: Uuid) -> Result<Self> {
        Ok(Self { at: Cursor::new(key, file)?, pending: Vec::with_capacity(SEGMENT + TAG) })
    }

    /// Takes the next bytes; what is sealed already goes to `out`. A full segment is held back until more follows: only then is it known
    /// not to be the last.
    ///
    /// # Errors
    /// When the cryptographic module fails.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
        while !bytes.is_empty() {
            if self.pending.len() == SEGMENT {
                self.seal(false, out)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(SEGMENT - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Seals what is left as the last segment.
    ///
    /// # Errors
    /// When the cryptographic module fails.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<()> {
        self.seal(true, out)
    }

    fn seal(&mut self, last: bool, out: &mut Vec<u8>) -> Result<()> {
        let (nonce, aad) = self.at.step(last)?;
        self.at.key.seal_in_place_append_tag(nonce, aad, &mut self.pending).map_err(|_| Error::internal("sealing a file failed"))?;
        out.append(&mut self.pending);
        Ok(())
    }
}

/// Opens a sealed stream. What it gives out is authentic, segment by segment; that the whole is there only [`Opener::finish`] says.
pub struct Opener {
    at: Cursor,
    pending: Vec<u8>,
}

impl Opener {
    /// For the file with this id and key.
    ///
    /// # Errors
    /// When the cryptographic module fails.
    pub fn new(key: &Key, file: Uuid) -> Result<Self> {
        Ok(Self { at: Cursor::new(key, file)?, pending: Vec::with_capacity(SEGMENT + TAG) })
    }

    /// Takes the next sealed bytes; what is opened goes to `out`.
    ///
    /// # Errors
    /// [`Error::Internal`] when a segment was changed or stands in the wrong place.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
        while !bytes.is_empty() {
            if self.pending.len() == SEGMENT + TAG {
                self.open(false, out)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(SEGMENT + TAG - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Opens the last segment.
    ///
    /// # Errors
    /// [`Error::Internal`] when the stream was cut short or changed.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<()> {
        self.open(true, out)
    }

    fn open(&mut self, last: bool, out: &mut Vec<u8>) -> Result<()> {
        let (file, number) = (self.at.file, self.at.number);
        let (nonce, aad) = self.at.step(last)?;
        let plain = self
            .at
            .key
            .open_in_place(nonce, aad, &mut self.pending)
            .map_err(|_| Error::internal(format!("segment {number} of the file {file} does not open: it was changed or cut short")))?;
        out.extend_from_slice(plain);
        self.pending.clear();
        Ok(())
    }
}
