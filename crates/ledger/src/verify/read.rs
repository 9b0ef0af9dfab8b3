//! Reading files of an export: bounded, a line at a time, hashed on the way.

use std::io::{self, BufRead, BufReader, Read};

use sha2::{Digest, Sha256};

use crate::export::{FileLine, Source};

/// Hashes and counts what passes.
struct Hashed<'a> {
    inner: Box<dyn Read + 'a>,
    hasher: Option<Sha256>,
    length: u64,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(buffer.get(..count).unwrap_or_default());
        }
        self.length += count as u64;
        Ok(count)
    }
}

/// A file of which the manifest gives length and digest.
pub(super) struct FileReader<'a> {
    inner: BufReader<Hashed<'a>>,
    /// The part of a line that earlier buffers held.
    begun: Vec<u8>,
    length: u64,
    digest: [u8; 32],
}

/// What lay where a line was sought.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    /// A whole line.
    Whole,
    /// Nothing: the file has ended.
    End,
    /// More than a line may hold, or no newline at the end.
    Bad,
}

impl<'a> FileReader<'a> {
    /// A file whose digest is that of its bytes.
    pub(super) fn open(source: &'a dyn Source, file: &FileLine) -> io::Result<Self> {
        Self::with(source, file, Some(Sha256::new()))
    }

    /// A file of entries, whose digest is the root of the tree over its lines.
    pub(super) fn of_entries(source: &'a dyn Source, file: &FileLine) -> io::Result<Self> {
        Self::with(source, file, None)
    }

    fn with(source: &'a dyn Source, file: &FileLine, hasher: Option<Sha256>) -> io::Result<Self> {
        // One byte more than promised is enough to know that there is more.
        let inner = source.open(&file.name)?.take(file.length.saturating_add(1));
        let hashed = Hashed { inner: Box::new(inner), hasher, length: 0 };
        let capacity = usize::try_from(file.length.clamp(64, 128 * 1024)).unwrap_or(64);
        let inner = BufReader::with_capacity(capacity, hashed);
        Ok(Self { inner, begun: Vec::new(), length: file.length, digest: file.digest })
    }

    /// Hands the next line, without its newline, to `take`, where it lies; what is more than `longest` bytes is cut there.
    pub(super) fn line<T>(&mut self, longest: usize, take: impl FnOnce(Line, &[u8]) -> T) -> io::Result<T> {
        self.begun.clear();
        loop {
            let buffer = self.inner.fill_buf()?;
            let room = longest + 1 - self.begun.len();
            let within = buffer.get(..room.min(buffer.len())).unwrap_or(buffer);
            let ended = memchr::memchr(b'\n', within);
            let part = within.get(..ended.unwrap_or(within.len())).unwrap_or(within);
            let used = part.len() + usize::from(ended.is_some());
            if ended.is_some() && self.begun.is_empty() {
                let taken = take(Line::Whole, part);
                self.inner.consume(used);
                return Ok(taken);
            }
            self.begun.extend_from_slice(part);
            let over = buffer.is_empty() || self.begun.len() > longest;
            self.inner.consume(used);
            if ended.is_some() {
                return Ok(take(Line::Whole, &self.begun));
            }
            if over {
                return Ok(take(if self.begun.is_empty() { Line::End } else { Line::Bad }, &self.begun));
            }
        }
    }

    /// The whole file, when the manifest promises no more than `longest` bytes.
    pub(super) fn all(&mut self, longest: u64) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        if self.length > longest {
            return Ok(None);
        }
        self.inner.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Reads what is left, and says whether the file is the one in the manifest; `root` is that over the lines of a file of entries.
    pub(super) fn intact(mut self, root: Option<[u8; 32]>) -> io::Result<bool> {
        io::copy(&mut self.inner, &mut io::sink())?;
        let hashed = self.inner.into_inner();
        let found = hashed.hasher.map(|hasher| hasher.finalize().into()).or(root);
        Ok(hashed.length == self.length && found == Some(self.digest))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::export::MemoryFolder;

    const LONGEST: usize = 100;

    /// What a file of these bytes is read as, line by line, and whether it is intact.
    fn read(bytes: &[u8]) -> (Vec<(Line, Vec<u8>)>, bool) {
        let folder = MemoryFolder::from([("a".to_owned(), bytes.to_vec())]);
        let file = FileLine { name: "a".into(), length: bytes.len() as u64, digest: Sha256::digest(bytes).into() };
        let mut reader = FileReader::open(&folder, &file).unwrap();
        let mut lines = Vec::new();
        loop {
            let (read, line) = reader.line(LONGEST, |read, line| (read, line.to_vec())).unwrap();
            let ended = read == Line::End;
            lines.push((read, line));
            if ended {
                return (lines, reader.intact(None).unwrap());
            }
        }
    }

    #[test]
    fn lines_are_read_across_the_ends_of_buffers() {
        // Lengths from none to the longest, so that the buffer of 128 KiB ends at every place within a line.
        let lines: Vec<Vec<u8>> = (0..9_000_usize).map(|n| vec![b'a' + u8::try_from(n % 26).unwrap(); n * 7 % (LONGEST + 1)]).collect();
        let bytes: Vec<u8> = lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect();
        let (mut found, intact) = read(&bytes);
        assert!(intact && bytes.len() > 3 * 128 * 1024);
        assert_eq!(found.pop(), Some((Line::End, Vec::new())));
        assert_eq!(found, lines.into_iter().map(|line| (Line::Whole, line)).collect::<Vec<_>>());
    }

    #[test]
    fn a_line_that_is_too_long_or_has_no_end_is_bad() {
        for (bytes, expected) in [
            (vec![b'x'; LONGEST + 1], vec![(Line::Bad, LONGEST + 1)]),
            ([vec![b'x'; LONGEST + 2], b"\nab\n".to_vec()].concat(), vec![(Line::Bad, LONGEST + 1), (Line::Whole, 1), (Line::Whole, 2)]),
            (b"ab\ncd".to_vec(), vec![(Line::Whole, 2), (Line::Bad, 2)]),
            (b"\n\n".to_vec(), vec![(Line::Whole, 0), (Line::Whole, 0)]),
            (Vec::new(), vec![]),
        ] {
            let (mut found, intact) = read(&bytes);
            assert!(intact);
            assert_eq!(found.pop(), Some((Line::End, Vec::new())));
            assert_eq!(found.into_iter().map(|(read, line)| (read, line.len())).collect::<Vec<_>>(), expected);
        }
    }
}
