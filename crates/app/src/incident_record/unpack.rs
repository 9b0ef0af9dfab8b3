//! Reads a file that may be packed with gzip, as a stream: however large it is, no more than a portion is held.

use std::io::{self, BufRead as _, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// From how much on it is asked whether a file unpacks to more than it can hold in earnest, in bytes.
const ENOUGH: u64 = 64 << 20;
/// How many bytes one packed byte may become from then on. Text in JSON comes to some ten to thirty; the most that gzip can is a thousand.
const MOST: u64 = 200;

/// What a file holds, unpacked where it is packed.
pub struct Unpacked<R: Read> {
    of: Of<R>,
    given: u64,
}

enum Of<R: Read> {
    Plain(BufReader<Counted<R>>),
    Packed(Box<MultiGzDecoder<BufReader<Counted<R>>>>),
}

impl<R: Read> Unpacked<R> {
    /// Looks at how `file` begins.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(file: R) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(64 * 1024, Counted { of: file, taken: 0 });
        let packed = loop {
            match file.fill_buf() {
                Ok(begins) => break begins.starts_with(&[0x1f, 0x8b]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        };
        let of = if packed { Of::Packed(Box::new(MultiGzDecoder::new(file))) } else { Of::Plain(file) };
        Ok(Self { of, given: 0 })
    }

    /// How much was taken of the file so far, in bytes as they lie there.
    pub fn taken(&self) -> u64 {
        match &self.of {
            Of::Plain(file) => file.get_ref().taken,
            Of::Packed(file) => file.get_ref().get_ref().taken,
        }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.of {
            Of::Plain(file) => return file.read(into),
            Of::Packed(file) => file.read(into).map_err(told)?,
        };
        self.given += read as u64;
        if self.given > ENOUGH && self.given > MOST.saturating_mul(self.taken()) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it unpacks to far more than a file of incidents can hold"));
        }
        Ok(read)
    }
}

/// What is wrong with a packed file, for whoever has it.
fn told(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::new(io::ErrorKind::UnexpectedEof, "it breaks off: the file is not whole"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            io::Error::new(io::ErrorKind::InvalidData, "it does not unpack: the file is damaged")
        }
        _ => error,
    }
}

/// Counts what is taken.
struct Counted<R> {
    of: R,
    taken: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.of.read(into)?;
        self.taken += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Unpacked::new(bytes)?.read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn packed_or_not_it_says_the_same() {
        let text = b"{\"incident_id\": \"1\"}\n".repeat(100);
        assert_eq!(unpacked(&text).unwrap(), text);
        assert_eq!(unpacked(&packed(&text)).unwrap(), text);
        let two = [packed(&text), packed(&text)].concat();
        assert_eq!(unpacked(&two).unwrap().len(), 2 * text.len());
        assert_eq!(unpacked(b"").unwrap(), b"");
    }

    #[test]
    fn what_is_cut_or_damaged_is_told() {
        let whole = packed(&b"a line of some length, again and again\n".repeat(100));
        assert!(unpacked(&whole[..whole.len() / 2]).unwrap_err().to_string().contains("breaks off"));
        let mut damaged = whole.clone();
        damaged[12] ^= 0xff;
        assert!(unpacked(&damaged).is_err());
        let mut odd = whole;
        odd.truncate(4);
        assert!(unpacked(&odd).is_err());
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        // Two hundred thousand of them would unpack to as much as a disk holds; the bound is met long before.
        let bomb = packed(&vec![b' '; 128 << 20]);
        let mut taken = 0_u64;
        let mut file = Unpacked::new(bomb.as_slice()).unwrap();
        let mut portion = vec![0; 64 * 1024];
        let error = loop {
            match file.read(&mut portion) {
                Ok(0) => panic!("unpacked to its end"),
                Ok(read) => taken += read as u64,
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("far more") && taken <= ENOUGH + 64 * 1024, "{error} {taken}");
    }
}
