//! What is looked at before a library reads a PDF: it unpacks whatever the file holds, to whatever it becomes.

use std::borrow::Cow;
use std::io::{Read, copy};

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{Array, Name, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{Filter, Pdf};
use memchr::memmem;

use super::BROKEN;
use crate::{Error, Out};

/// The most that may be packed by LZW, in bytes: a byte of it can become some two thousand.
const LZW: usize = 64 << 10;
/// The most that a picture may unpack to, in bytes. Pictures are not unpacked here, so they do not count together; something else may be
/// said to be one.
const PICTURE: u64 = 64 << 20;
/// The most that all pictures may unpack to: so much takes some seconds to be counted.
const PICTURES: u64 = 4 << 30;
/// The most streams of a file.
const STREAMS: usize = 100_000;
/// How much of what a stream unpacks to is looked at for being packed once more.
const AGAIN: usize = 8 << 20;
/// How much before a stream is taken for what describes it.
const DESCRIPTION: usize = 4 << 10;
/// The deepest that arrays and dictionaries nest in files that a program wrote, and states of drawing.
const DEEPEST: usize = 5_000;
const STATES: usize = 2_048;

/// Looks at the bytes of a file: nothing in it unpacks to too much, nothing nests too deep, and it is not locked.
pub(super) fn before(out: &mut Out<'_>, bytes: &[u8]) -> Result<(), Error> {
    if names(bytes).any(|name| name.as_ref() == b"Encrypt") {
        return Err(Error::Locked);
    }
    nests(bytes)?;
    let (mut at, mut end, mut streams, mut pictures) = (0, 0, 0, PICTURES);
    while let Some(found) = memmem::find(&bytes[at..], b"stream") {
        let word = at + found;
        let after = word + 6;
        if word >= 3 && &bytes[word - 3..word] == b"end" {
            at = after;
            continue;
        }
        let start = after + bytes[after..].iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if start > end || streams == 0 {
            end = memmem::find(&bytes[start..], b"endstream").map_or(bytes.len(), |found| start + found);
        }
        streams += 1;
        if streams > STREAMS {
            return Err(Error::TooIntricate);
        }
        let said = &bytes[word.saturating_sub(DESCRIPTION).max(at)..word];
        let has = |wanted: &[&[u8]]| names(said).any(|name| wanted.contains(&name.as_ref()));
        let data = &bytes[start..end];
        if data.len() > LZW && has(&[b"LZWDecode", b"LZW"]) {
            return Err(Error::Unpacks);
        }
        // Where the file's own tables lie. They are unpacked first of all, so nothing may pack them that is not counted here.
        let tables = has(&[b"XRef", b"ObjStm"]);
        if tables && has(&[b"DCTDecode", b"JPXDecode", b"JBIG2Decode", b"CCITTFaxDecode"]) {
            return Err(BROKEN);
        }
        let picture = !tables && has(&[b"Image"]);
        let mut look = |out: &mut Out<'_>, data: &[u8]| unpack(out, data, picture.then_some(&mut pictures), 0);
        look(out, data)?;
        if has(&[b"ASCIIHexDecode", b"AHx"]) {
            out.unpacks(data.len() as u64)?;
            look(out, &from_hex(data))?;
        }
        if has(&[b"ASCII85Decode", b"A85"]) {
            out.unpacks(data.len() as u64)?;
            look(out, &from_85(data))?;
        }
        // What looks like a stream within one may be one.
        at = after;
    }
    Ok(())
}

/// The names in a piece of a file, without their slash; what is written as a number of a character is that character.
fn names(bytes: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    memchr::memchr_iter(b'/', bytes).map(|slash| {
        let rest = &bytes[slash + 1..];
        let ends = |byte: &u8| {
            byte.is_ascii_whitespace() || matches!(byte, 0 | b'/' | b'[' | b']' | b'<' | b'>' | b'(' | b')' | b'{' | b'}' | b'%')
        };
        let name = &rest[..rest.iter().take(96).position(ends).unwrap_or(rest.len().min(96))];
        if !name.contains(&b'#') {
            return Cow::Borrowed(name);
        }
        let mut plain = Vec::with_capacity(name.len());
        let mut at = 0;
        while at < name.len() {
            let hex = name
                .get(at + 1..at + 3)
                .filter(|_| name[at] == b'#')
                .and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
            plain.push(hex.unwrap_or(name[at]));
            at += if hex.is_some() { 3 } else { 1 };
        }
        Cow::Owned(plain)
    })
}

/// How deep arrays and dictionaries nest in what was read so far. What stands in texts and pictures is counted with them: a limit that no
/// program comes near leaves room for that.
#[derive(Default)]
struct Nesting {
    deep: usize,
    most: usize,
    /// The bracket before, which another one makes the mark of a dictionary.
    before: u8,
}

impl Nesting {
    fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (byte, self.before) {
                (b'[', _) => self.deep += 1,
                (b']', _) => self.deep = self.deep.saturating_sub(1),
                (b'<', b'<') => self.deep += 1,
                (b'>', b'>') => self.deep = self.deep.saturating_sub(1),
                _ => {}
            }
            let pair = *byte == self.before && matches!(byte, b'<' | b'>');
            self.before = if pair { 0 } else { *byte };
            self.most = self.most.max(self.deep);
        }
    }

    fn check(&self) -> Result<(), Error> {
        if self.most > DEEPEST { Err(Error::TooDeep) } else { Ok(()) }
    }
}

/// Refuses what nests deeper than any program writes.
fn nests(bytes: &[u8]) -> Result<(), Error> {
    let mut nesting = Nesting::default();
    nesting.read(bytes);
    nesting.check()
}

/// Unpacks what may be packed, counting, and what that may hold packed again. What is not packed takes nothing.
///
/// How many times its size something unpacks to says nothing here: an empty page as a picture is a thousand times what it is packed to.
fn unpack(out: &mut Out<'_>, packed: &[u8], mut pictures: Option<&mut u64>, again: usize) -> Result<(), Error> {
    if again > 2 {
        return Err(Error::Unpacks);
    }
    let most = pictures.as_deref().map_or(out.unpacked, |left| PICTURE.min(*left));
    // With its header or without: readers try both.
    let mut kept = Kept::default();
    let (mut count, whole) = taken(ZlibDecoder::new(packed), most, &mut kept);
    for bare in [packed, packed.get(2..).unwrap_or_default()] {
        if !whole {
            count = count.max(taken(DeflateDecoder::new(bare), most, &mut kept).0);
        }
    }
    if count > most {
        return Err(Error::Unpacks);
    }
    match pictures.as_deref_mut() {
        Some(left) => *left -= count,
        None => out.unpacks(count)?,
    }
    kept.nesting.check()?;
    let header = matches!(kept.bytes.as_slice(), [first, second, ..]
        if first & 0x0F == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
    if header { unpack(out, &kept.bytes, pictures, again + 1) } else { Ok(()) }
}

/// The beginning of what was unpacked.
#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    nesting: Nesting,
}

impl std::io::Write for Kept {
    fn write(&mut self, given: &[u8]) -> std::io::Result<usize> {
        self.nesting.read(given);
        let room = AGAIN.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&given[..given.len().min(room)]);
        Ok(given.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How much comes out, up to one more than `most`, and whether it ended as it should.
fn taken(unpacking: impl Read, most: u64, kept: &mut Kept) -> (u64, bool) {
    let mut counting = Counting { inner: unpacking.take(most + 1), count: 0 };
    let whole = copy(&mut counting, kept).is_ok();
    (counting.count, whole)
}

/// Counts what is read, also where reading ends in a fault.
struct Counting<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.count += read as u64;
        Ok(read)
    }
}

fn from_hex(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = bytes
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    digits.chunks(2).map(|two| two[0] << 4 | two.get(1).copied().unwrap_or(0)).collect()
}

fn from_85(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let (mut sum, mut count) = (0_u32, 0);
    for byte in bytes.iter().take_while(|byte| **byte != b'~') {
        match byte {
            b'z' if count == 0 => plain.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                sum = sum.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    plain.extend_from_slice(&sum.to_be_bytes());
                    (sum, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        for _ in count..5 {
            sum = sum.wrapping_mul(85).wrapping_add(84);
        }
        plain.extend_from_slice(&sum.to_be_bytes()[..count - 1]);
    }
    plain
}

/// Looks at the streams of a file, now that its tables are read: none is packed in a way that was not counted. Returns the size of the
/// largest form, a piece of content that pages may show again and again.
pub(super) fn after(pdf: &Pdf) -> Result<usize, Error> {
    let mut largest = 0;
    for object in pdf.objects() {
        let Some(stream) = object.into_stream() else { continue };
        packs(&stream)?;
        if stream.dict().get::<Name<'_>>(b"Subtype").as_deref() == Some(b"Form".as_slice()) {
            let content = stream.decoded().map_err(|_| BROKEN)?;
            states(&content)?;
            largest = largest.max(content.len());
        }
    }
    Ok(largest)
}

fn packs(stream: &Stream<'_>) -> Result<(), Error> {
    let filters = stream.filters();
    let packed = |filter: &&Filter| matches!(filter, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode);
    let old = filters.iter().any(|filter| matches!(filter, Filter::LzwDecode)) && stream.raw_data().len() > LZW;
    if old || filters.iter().filter(packed).count() > 1 {
        return Err(Error::Unpacks);
    }
    let drawn = |filter: &Filter| matches!(filter, Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode);
    let picture = stream.dict().get::<Name<'_>>(b"Subtype").as_deref() == Some(b"Image".as_slice());
    if filters.iter().any(drawn) && !picture { Err(BROKEN) } else { Ok(()) }
}

/// Looks at a page's content before it is drawn. Pages may share it, and each unpacks it anew; one page may name it many times.
pub(super) fn page(out: &mut Out<'_>, page: &Page<'_>) -> Result<(), Error> {
    let mut take = |stream: &Stream<'_>| {
        let picture = stream.dict().get::<Name<'_>>(b"Subtype").as_deref() == Some(b"Image".as_slice());
        if picture {
            return Err(BROKEN);
        }
        out.unpacks(stream.decoded().map_or(0, |content| content.len()) as u64)
    };
    if let Some(stream) = page.raw().get::<Stream<'_>>(b"Contents") {
        take(&stream)?;
    } else if let Some(streams) = page.raw().get::<Array<'_>>(b"Contents") {
        for stream in streams.iter::<Stream<'_>>() {
            take(&stream)?;
        }
    }
    states(page.page_stream().unwrap_or_default())
}

/// States of drawing that are kept: each is copied whole.
fn states(content: &[u8]) -> Result<(), Error> {
    nests(content)?;
    let mut kept = 0_usize;
    let mut instructions = TypedIter::new(content);
    while let Some(instruction) = instructions.next() {
        match instruction {
            TypedInstruction::SaveState(_) => kept += 1,
            TypedInstruction::RestoreState(_) => kept = kept.saturating_sub(1),
            _ => {}
        }
        if kept > STATES {
            return Err(Error::TooIntricate);
        }
    }
    Ok(())
}
