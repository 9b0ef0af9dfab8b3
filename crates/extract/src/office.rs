//! Documents that are packed in ZIP: which they are, their parts within bounds, and the text of Word documents.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::{Error, FileKind, Out, plain};

type Zip<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// A part up to this size may unpack from however little.
const SMALL: u64 = 1 << 20;

/// Which document it is, by the part that makes it one.
pub(crate) fn kind(bytes: &[u8]) -> Result<FileKind, Error> {
    let Ok(zip) = ZipArchive::new(Cursor::new(bytes)) else { return Err(Error::Archive) };
    let has = |name: &str| zip.index_for_name(name).is_some();
    match (has("[Content_Types].xml"), has("word/document.xml"), has("xl/workbook.xml") || has("xl/workbook.bin")) {
        (true, true, _) => Ok(FileKind::Docx),
        (true, _, true) => Ok(FileKind::Xlsx),
        // Presentations, OpenDocument and electronic books are archives too, and not read.
        (true, false, false) => Err(Error::Unknown),
        _ if has("mimetype") => Err(Error::Unknown),
        _ => Err(Error::Archive),
    }
}

/// Opens a packed document and unpacks every part once into nothing, counting: what a part announces may be a lie.
pub(crate) fn open<'b>(out: &mut Out<'_>, bytes: &'b [u8], kind: FileKind) -> Result<Zip<'b>, Error> {
    let broken = Error::Broken { kind };
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken)?;
    if zip.len() > out.limits.entries {
        return Err(Error::TooManyParts { most: out.limits.entries });
    }
    for at in 0..zip.len() {
        let raw = zip.by_index_raw(at).map_err(|_| broken)?;
        let (packed, locked) = (raw.compressed_size(), raw.encrypted());
        drop(raw);
        if locked {
            return Err(Error::Locked);
        }
        // Parts may share their bytes, so what is packed says nothing of all of them together; the sum of what is unpacked does.
        let most = SMALL.max(packed.saturating_mul(out.limits.ratio)).min(out.unpacked);
        let part = zip.by_index(at).map_err(|_| broken)?;
        let taken = std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(|_| broken)?;
        if taken > most {
            return Err(Error::Unpacks);
        }
        out.unpacks(taken)?;
    }
    Ok(zip)
}

/// The names of its parts, in order.
pub(crate) fn names(zip: &Zip<'_>) -> Vec<String> {
    let mut names: Vec<String> = zip.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
    names.sort();
    names
}

/// The bytes of one part, which [`open`] has counted.
fn part(zip: &mut Zip<'_>, name: &str, kind: FileKind) -> Result<Vec<u8>, Error> {
    let broken = Error::Broken { kind };
    let mut bytes = Vec::new();
    zip.by_name(name).map_err(|_| broken)?.read_to_end(&mut bytes).map_err(|_| broken)?;
    Ok(bytes)
}

/// Parts of Word that say how a document looks and not what it says.
const LOOKS: [&str; 6] = ["styles.xml", "settings.xml", "fontTable.xml", "webSettings.xml", "numbering.xml", "stylesWithEffects.xml"];

/// Reads a Word document: its body with tables and deleted passages, headers, footers, notes, comments, text boxes, diagrams, properties,
/// the addresses that links go to, and the files within.
pub(crate) fn read(out: &mut Out<'_>, bytes: &[u8], depth: usize) -> Result<(), Error> {
    let kind = FileKind::Docx;
    let mut zip = open(out, bytes, kind)?;
    let names = names(&zip);
    // The body first: people read it so.
    let body = part(&mut zip, "word/document.xml", kind)?;
    words(out, &body, kind, false)?;
    for name in names.iter().filter(|name| *name != "word/document.xml") {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let told = match folder {
            "word" => name.ends_with(".xml") && !LOOKS.contains(&file),
            "word/diagrams" | "word/glossary" | "word/charts" => name.ends_with(".xml") && !LOOKS.contains(&file),
            _ => false,
        };
        if told {
            let bytes = part(&mut zip, name, kind)?;
            words(out, &bytes, kind, folder == "word/charts")?;
        }
    }
    beside(out, &mut zip, &names, kind, depth)
}

/// What documents of every kind have besides: properties, the targets of links, files within.
pub(crate) fn beside(out: &mut Out<'_>, zip: &mut Zip<'_>, names: &[String], kind: FileKind, depth: usize) -> Result<(), Error> {
    for name in names.iter().filter(|name| name.starts_with("docProps/") && name.ends_with(".xml")) {
        let bytes = part(zip, name, kind)?;
        words(out, &bytes, kind, true)?;
    }
    for name in names.iter().filter(|name| name.ends_with(".rels")) {
        let bytes = part(zip, name, kind)?;
        links(out, &bytes, kind)?;
    }
    for name in names.iter().filter(|name| name.contains("/embeddings/") && !name.ends_with('/')) {
        let bytes = part(zip, name, kind)?;
        out.within(Some(name), &bytes, depth)?;
    }
    Ok(())
}

/// Reads the parts of a packed document that hold words, by their names.
pub(crate) fn parts(
    out: &mut Out<'_>,
    zip: &mut Zip<'_>,
    names: &[String],
    kind: FileKind,
    told: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    for name in names.iter().filter(|name| told(name)) {
        let bytes = part(zip, name, kind)?;
        words(out, &bytes, kind, false)?;
    }
    Ok(())
}

/// The words of a part: what stands in the elements that hold text, or all of it.
fn words(out: &mut Out<'_>, bytes: &[u8], kind: FileKind, all: bool) -> Result<(), Error> {
    let text = plain::decode(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let broken = Error::Broken { kind };
    // How deep within an element that holds text, and within one that repeats what was said.
    let (mut inside, mut twice, mut depth) = (usize::from(all), 0_usize, 0_usize);
    let holds = |name: &str| matches!(name, "t" | "delText" | "instrText" | "text");
    loop {
        match reader.read_event().map_err(|_| broken)? {
            Event::Start(element) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Error::TooDeep);
                }
                let name = element.local_name();
                // Word keeps what older programs are to show, beside what newer ones do.
                twice += usize::from(name.as_ref() == "Fallback");
                inside += usize::from(holds(name.as_ref()));
            }
            Event::Empty(element) => mark(out, &element)?,
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                let name = element.local_name();
                twice = twice.saturating_sub(usize::from(name.as_ref() == "Fallback"));
                inside = inside.saturating_sub(usize::from(holds(name.as_ref()))).max(usize::from(all));
                match name.as_ref() {
                    // A cell ends with a paragraph of its own.
                    "tc" => {
                        if out.text.ends_with('\n') {
                            out.text.pop();
                        }
                        out.push("\t")?;
                    }
                    "p" | "tr" | "comment" | "si" => out.push("\n")?,
                    _ if all => out.push("\n")?,
                    _ => {}
                }
            }
            Event::Text(given) if inside > 0 && twice == 0 => out.push(&given)?,
            Event::CData(given) if inside > 0 && twice == 0 => out.push(&given)?,
            Event::GeneralRef(given) if inside > 0 && twice == 0 => {
                let named = match &*given {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => given.resolve_char_ref().map_err(|_| broken)?,
                };
                out.push(named.unwrap_or('\u{FFFD}').encode_utf8(&mut [0; 4]))?;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    out.push("\n")
}

/// The deepest that elements nest in documents that a program wrote.
const DEEPEST: usize = 1_000;

/// What an element without content stands for.
fn mark(out: &mut Out<'_>, element: &BytesStart<'_>) -> Result<(), Error> {
    match element.local_name().as_ref() {
        "tab" | "ptab" => out.push("\t"),
        "br" | "cr" | "p" => out.push("\n"),
        "noBreakHyphen" => out.push("-"),
        _ => Ok(()),
    }
}

/// The addresses that links go to outside of the document.
fn links(out: &mut Out<'_>, bytes: &[u8], kind: FileKind) -> Result<(), Error> {
    let text = plain::decode(bytes);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event().map_err(|_| Error::Broken { kind })? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "Relationship" => {
                let of = |name: &str| element.try_get_attribute(name).ok().flatten().map(|found| found.value.replace("&amp;", "&"));
                if of("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external")) {
                    out.push(&of("Target").unwrap_or_default())?;
                    out.push("\n")?;
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
