//! The container: a ZIP in the one form that [`Packer`] writes. Files are stored as they are, so that nothing can unpack to more than it is;
//! dates, flags and comments are fixed. [`Unpacker`] reads that form and no other: whatever else stands between the files was not there
//! when the archive was made.

use std::io::{self, Read, Write};

use crc::{CRC_32_ISO_HDLC, Crc, Digest};

use super::{MAX_FILES, MAX_LENGTH, is_name};

static CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Version 2.0, and the first day that ZIP knows: nothing here depends on when or where it was made.
const VERSION: u16 = 20;
const DATE: u16 = 0x21;
/// The longest name, in bytes.
const MAX_NAME: usize = 120;

/// What ZIP says of a file, in both of its headers: before its bytes, so that it is read in one pass.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) crc: u32,
    pub(super) length: u32,
}

/// Begins the checksum of a file.
pub(super) fn checksum() -> Digest<'static, u32> {
    CRC.digest()
}

fn shared(out: &mut Vec<u8>, name: &str, facts: Facts) {
    let words = [VERSION, 0, 0, 0, DATE];
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    out.extend([facts.crc, facts.length, facts.length].iter().flat_map(|word| word.to_le_bytes()));
    // Names are at most MAX_NAME long.
    out.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(0_u16.to_le_bytes());
}

fn local(name: &str, facts: Facts) -> Vec<u8> {
    let mut out = LOCAL.to_vec();
    shared(&mut out, name, facts);
    out.extend(name.bytes());
    out
}

fn central(name: &str, facts: Facts, offset: u32) -> Vec<u8> {
    let mut out = CENTRAL.to_vec();
    out.extend(VERSION.to_le_bytes());
    shared(&mut out, name, facts);
    out.extend([0; 10]);
    out.extend(offset.to_le_bytes());
    out.extend(name.bytes());
    out
}

/// The list of files, and the end of the archive.
#[derive(Default)]
struct Directory {
    bytes: Vec<u8>,
    count: u16,
    offset: u64,
}

impl Directory {
    /// Takes a file on; `None` when the archive would be too large.
    fn add(&mut self, name: &str, facts: Facts) -> Option<()> {
        let offset = u32::try_from(self.offset).ok()?;
        self.bytes.extend(central(name, facts, offset));
        self.count = self.count.checked_add(1).filter(|count| usize::from(*count) <= MAX_FILES + 8)?;
        self.offset += (30 + name.len()) as u64 + u64::from(facts.length);
        (self.offset + self.bytes.len() as u64 + 22 <= MAX_LENGTH).then_some(())
    }

    fn end(&self) -> Vec<u8> {
        let mut out = self.bytes.clone();
        out.extend(END);
        out.extend([0; 4]);
        out.extend([self.count, self.count].iter().flat_map(|count| count.to_le_bytes()));
        // Both fit: that was seen to when files were added.
        let word = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
        out.extend(word(self.bytes.len() as u64));
        out.extend(word(self.offset));
        out.extend([0; 2]);
        out
    }
}

/// Writes the container.
pub(super) struct Packer<W: Write> {
    out: W,
    directory: Directory,
}

impl<W: Write> Packer<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, directory: Directory::default() }
    }

    /// Begins a file, whose bytes follow by [`Packer::part`].
    pub(super) fn begin(&mut self, name: &str, facts: Facts) -> io::Result<()> {
        self.directory.add(name, facts).ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.out.write_all(&local(name, facts))
    }

    pub(super) fn part(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    pub(super) fn out(&mut self) -> &mut W {
        &mut self.out
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&self.directory.end())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Why a container is not read on.
#[derive(Debug)]
pub(super) enum Fault {
    /// It cannot be read.
    Io(io::Error),
    /// It is not of the form that is written here.
    Form,
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        // An end in the middle is a fault of the container, not of the disk.
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Form } else { Self::Io(error) }
    }
}

/// Reads the container, file by file.
pub(super) struct Unpacker<R: Read> {
    from: R,
    directory: Directory,
}

/// A file found: its name; its bytes went where the caller wanted them.
pub(super) type Found = Option<String>;

impl<R: Read> Unpacker<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, directory: Directory::default() }
    }

    /// Reads the next file and hands its bytes, part by part, to what `into` gives for its name and length; `None` at the archive's end, all
    /// of which is as it must be.
    pub(super) fn next<T: FnMut(&[u8])>(&mut self, into: impl FnOnce(&str, u32) -> T) -> Result<Found, Fault> {
        let mut sign = [0; 4];
        self.from.read_exact(&mut sign)?;
        if sign != LOCAL {
            return self.ends(sign).map(|()| None);
        }
        let mut head = [0; 26];
        self.from.read_exact(&mut head)?;
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let facts = Facts { crc: word(10), length: word(14) };
        let length = usize::from(u16::from_le_bytes([head[22], head[23]]));
        if length > MAX_NAME {
            return Err(Fault::Form);
        }
        let mut name = vec![0; length];
        self.from.read_exact(&mut name)?;
        let name = String::from_utf8(name).ok().filter(|name| is_name(name)).ok_or(Fault::Form)?;
        if local(&name, facts) != [&sign[..], &head, name.as_bytes()].concat() {
            return Err(Fault::Form);
        }
        self.directory.add(&name, facts).ok_or(Fault::Form)?;
        let crc = self.pass(facts.length, into(&name, facts.length))?;
        if crc == facts.crc { Ok(Some(name)) } else { Err(Fault::Form) }
    }

    fn pass(&mut self, length: u32, mut into: impl FnMut(&[u8])) -> Result<u32, Fault> {
        let (mut left, mut digest, mut part) = (u64::from(length), checksum(), vec![0; 64 * 1024]);
        while left > 0 {
            let most = usize::try_from(left).map_or(part.len(), |left| left.min(part.len()));
            let Some(space) = part.get_mut(..most) else { return Err(Fault::Form) };
            let count = match self.from.read(space) {
                Ok(0) => return Err(Fault::Form),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            let bytes = part.get(..count).unwrap_or_default();
            digest.update(bytes);
            into(bytes);
            left -= count as u64;
        }
        Ok(digest.finalize())
    }

    /// What is left must be the list of files and the end, and nothing after it.
    fn ends(&mut self, sign: [u8; 4]) -> Result<(), Fault> {
        let expected = self.directory.end();
        let mut rest = sign.to_vec();
        self.from.by_ref().take(expected.len() as u64 + 1).read_to_end(&mut rest)?;
        if rest == expected { Ok(()) } else { Err(Fault::Form) }
    }
}
