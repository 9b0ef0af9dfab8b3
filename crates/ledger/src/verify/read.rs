//! Reading files of an export: bounded, a line at a time, hashed on the way.

use std::io::{self, BufRead, BufReader, Read};

use sha2::{Digest, Sha256};

use crate::export::{FileLine, Source};

/// Hashes what passes.
struct Hashed<'a> {
    inner: Box<dyn Read + 'a>,
    hasher: Sha256,
    length: u64,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        self.length += count as u64;
        Ok(count)
    }
}

/// A file of which the manifest gives length and digest.
pub(super) struct FileReader<'a> {
    inner: BufReader<Hashed<'a>>,
    length: u64,
    sha256: [u8; 32],
}

/// What lay where a line was sought.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    /// A whole line, in the buffer.
    Whole,
    /// Nothing: the file has ended.
    End,
    /// More than a line may hold, or no newline at the end.
    Bad,
}

impl<'a> FileReader<'a> {
    pub(super) fn open(source: &'a dyn Source, file: &FileLine) -> io::Result<Self> {
        // One byte more than promised is enough to know that there is more.
        let inner = source.open(&file.name)?.take(file.length.saturating_add(1));
        let hashed = Hashed { inner: Box::new(inner), hasher: Sha256::new(), length: 0 };
        let capacity = usize::try_from(file.length.clamp(64, 128 * 1024)).unwrap_or(64);
        Ok(Self { inner: BufReader::with_capacity(capacity, hashed), length: file.length, sha256: file.sha256 })
    }

    /// Reads the next line into `line`, without its newline.
    pub(super) fn line(&mut self, line: &mut Vec<u8>, longest: u64) -> io::Result<Line> {
        line.clear();
        let count = self.inner.by_ref().take(longest.saturating_add(1)).read_until(b'\n', line)?;
        if count == 0 {
            return Ok(Line::End);
        }
        Ok(if line.pop() == Some(b'\n') { Line::Whole } else { Line::Bad })
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

    /// Reads what is left, and says whether the file is the one in the manifest.
    pub(super) fn intact(mut self) -> io::Result<bool> {
        io::copy(&mut self.inner, &mut io::sink())?;
        let hashed = self.inner.into_inner();
        let found: [u8; 32] = hashed.hasher.finalize().into();
        Ok(hashed.length == self.length && found == self.sha256)
    }
}
