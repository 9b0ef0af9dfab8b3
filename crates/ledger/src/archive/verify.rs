//! Verifies an archive: offline, in one pass, in bounded memory, without trust in who wrote it.

use std::collections::BTreeMap;
use std::io::Read;

use sha2::{Digest, Sha256};

use crate::canonical;
use crate::checkpoint::{Checkpoint, CheckpointError, MAX_CHECKPOINT};
use crate::entry::{EntryView, KEY_DESTROYED, MAX_ENTRY, detail_digest};
use crate::export::{FileLine, Said};
use crate::key::{MAX_NOTE, VerifyingKey, open_note};
use crate::tree::{Hash, MAX_PROOF, leaf_hash, verify_inclusion};
use crate::verify::{After, Options, Problem, Report, Stop, Tampering, reported};

use super::container::{Fault, Unpacker};
use super::manifest::Manifest;
use super::{DETAILS, ENTRIES, HEAD, MANIFEST, MAX_ENTRIES, PROOFS, ProofLine};

/// How much of the archive's own files is kept in memory, in bytes: what such a file can hold at most, and for details 64 MiB.
fn kept(name: &str) -> usize {
    match name {
        MANIFEST => MAX_NOTE,
        HEAD => MAX_CHECKPOINT,
        ENTRIES => MAX_ENTRIES * (MAX_ENTRY + 1) / 4,
        PROOFS => MAX_ENTRIES * (MAX_PROOF * 67 + 64) / 2,
        DETAILS => 64 << 20,
        _ => 0,
    }
}

/// A file as it was found.
struct Lying {
    line: FileLine,
    bytes: Vec<u8>,
}

/// Verifies an archive. The report says how it ended; nothing in the archive makes this panic.
pub fn verify(from: impl Read, options: &Options) -> Report {
    reported(|report| run(from, options, report))
}

fn run(from: impl Read, options: &Options, report: &mut Report) -> Result<Vec<Problem>, Stop> {
    let found = unpack(from)?;
    let (manifest, key) = manifest(&found, options)?;
    report.head((manifest.size, manifest.root), &key, options.key.is_some());
    report.details_left_out = !manifest.details;
    report.about = Some(manifest.about.as_str().to_owned());
    report.files = Some(manifest.files.len() as u64);
    report.proved = Some(manifest.entries);

    let mut problems = Vec::new();
    files(&manifest, &found, &mut problems);
    let keys = [key];
    let of = |name: &str| found.iter().find(|file| file.line.name == name).map(|file| file.bytes.as_slice());
    let head = of(HEAD).and_then(|note| std::str::from_utf8(note).ok()).and_then(|note| Checkpoint::verify(note, &keys).ok());
    if head.is_none_or(|head| (head.size, head.root) != (manifest.size, manifest.root)) {
        problems.push(Problem::file(Tampering::CheckpointForged, HEAD));
    }
    if problems.is_empty() {
        let lines = Lines { entries: of(ENTRIES), proofs: of(PROOFS), details: of(DETAILS) };
        entries(&manifest, &lines, report, &mut problems);
    }
    if let Some(note) = &options.after {
        match after(note, &keys, &manifest)? {
            Ok(after) => report.after = Some(after),
            Err(problem) => problems.push(problem),
        }
    }
    Ok(problems)
}

/// Takes the container apart. What is no container of ours at all is unusable; one that begins as ours was changed.
fn unpack(from: impl Read) -> Result<Vec<Lying>, Stop> {
    let mut unpacker = Unpacker::new(from);
    let mut found: Vec<Lying> = Vec::new();
    loop {
        let (mut hasher, mut bytes, mut length) = (Sha256::new(), Vec::new(), 0_u64);
        let next = unpacker.next(|name, _| {
            let most = kept(name);
            let (hasher, bytes, length) = (&mut hasher, &mut bytes, &mut length);
            move |part: &[u8]| {
                hasher.update(part);
                *length += part.len() as u64;
                if bytes.len() + part.len() <= most {
                    bytes.extend_from_slice(part);
                }
            }
        });
        match next {
            Ok(Some(name)) => found.push(Lying { line: FileLine { name, length, digest: hasher.finalize().into() }, bytes }),
            Ok(None) => return Ok(found),
            Err(Fault::Io(error)) => return Err(Stop::Unusable(format!("The archive cannot be read: {error}"))),
            Err(Fault::Form) if found.is_empty() => return Err(Stop::Unusable("This is no archive of a case.".to_owned())),
            Err(Fault::Form) => return Err(Stop::Tampered(Problem::new(Tampering::ContainerChanged))),
        }
    }
}

fn manifest(found: &[Lying], options: &Options) -> Result<(Manifest, VerifyingKey), Stop> {
    let ours = found.iter().any(|file| [HEAD, ENTRIES].contains(&file.line.name.as_str()));
    let Some(note) = found.iter().find(|file| file.line.name == MANIFEST) else {
        return Err(if ours {
            Stop::Tampered(Problem::file(Tampering::FileMissing, MANIFEST))
        } else {
            Stop::Unusable("The archive holds no manifest, so it is no archive of a case.".to_owned())
        });
    };
    let text = std::str::from_utf8(&note.bytes).ok().and_then(|note| Some(format!("{}\n", note.rsplit_once("\n\n")?.0)));
    let Some(manifest) = text.and_then(|text| Manifest::from_text(&text)) else {
        return Err(if ours {
            Stop::Tampered(Problem::file(Tampering::FileChanged, MANIFEST))
        } else {
            Stop::Unusable("The manifest is malformed or of a newer version, so nothing in the archive can be trusted.".to_owned())
        });
    };
    let key = options.key.clone().unwrap_or_else(|| manifest.key.clone());
    match open_note(&note.bytes, std::slice::from_ref(&key), true) {
        Ok(_) => Ok((manifest, key)),
        Err(_) => Err(Stop::Tampered(Problem::file(Tampering::ManifestForged, MANIFEST))),
    }
}

/// Holds the files to the manifest, in its order; the manifest comes last.
fn files(manifest: &Manifest, found: &[Lying], problems: &mut Vec<Problem>) {
    for file in &manifest.files {
        match found.iter().find(|lying| lying.line.name == file.name) {
            None => problems.push(Problem::file(Tampering::FileMissing, &file.name)),
            Some(lying) if lying.line != *file => problems.push(Problem::file(Tampering::FileChanged, &file.name)),
            Some(_) => {}
        }
    }
    for lying in found.iter().filter(|lying| lying.line.name != MANIFEST && manifest.file(&lying.line.name).is_none()) {
        problems.push(Problem::file(Tampering::FileAdded, &lying.line.name));
    }
    let order = manifest.files.iter().map(|file| file.name.as_str()).chain([MANIFEST]);
    if problems.is_empty() && !order.eq(found.iter().map(|lying| lying.line.name.as_str())) {
        problems.push(Problem::new(Tampering::ContainerChanged));
    }
    let wanted = [HEAD, ENTRIES, PROOFS].into_iter().chain(manifest.details.then_some(DETAILS));
    for name in wanted.filter(|name| manifest.file(name).is_none()) {
        problems.push(Problem::file(Tampering::FileMissing, name));
    }
    if !manifest.details && manifest.file(DETAILS).is_some() {
        problems.push(Problem::file(Tampering::FileAdded, DETAILS));
    }
}

struct Lines<'a> {
    entries: Option<&'a [u8]>,
    proofs: Option<&'a [u8]>,
    details: Option<&'a [u8]>,
}

/// The lines of a file, without their newlines; `None` when it does not end in one.
fn lines(bytes: Option<&[u8]>) -> Option<Vec<&[u8]>> {
    let bytes = bytes?;
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    Some(bytes.strip_suffix(b"\n")?.split(|byte| *byte == b'\n').collect())
}

/// Proves each entry, and opens its detail.
fn entries(manifest: &Manifest, of: &Lines<'_>, report: &mut Report, problems: &mut Vec<Problem>) {
    let (Some(entries), Some(proofs)) = (lines(of.entries), lines(of.proofs)) else {
        return problems.push(Problem::file(Tampering::FileChanged, ENTRIES));
    };
    if entries.len() as u64 != manifest.entries || proofs.len() != entries.len() {
        return problems.push(Problem::file(Tampering::EntriesMissing, ENTRIES));
    }
    let mut details = BTreeMap::new();
    for line in lines(of.details.filter(|_| manifest.details)).unwrap_or_default() {
        match Said::from_line(line) {
            Some((index, said)) if !details.contains_key(&index) => drop(details.insert(index, said)),
            _ => problems.push(Problem::file(Tampering::DetailUnexpected, DETAILS)),
        }
    }
    let (mut last, mut destroyers, mut claims) = (None, BTreeMap::new(), Vec::new());
    for (line, proof) in entries.iter().zip(&proofs) {
        let Ok(entry) = EntryView::parse(line) else {
            problems.push(Problem::file(Tampering::EntryMalformed, ENTRIES));
            continue;
        };
        let index = entry.index();
        if last.is_some_and(|last| last >= index) {
            problems.push(Problem::entry(Tampering::EntryOutOfPlace, index));
        }
        last = Some(index);
        if !proved(manifest, index, line, proof) {
            problems.push(Problem::entry(Tampering::ProofDiffers, index));
        }
        if entry.action() == KEY_DESTROYED {
            destroyers.insert(index, text(entry.subject()));
        }
        match (entry.detail().filter(|_| manifest.details), details.remove(&index)) {
            (None, None) => {}
            (None, Some(_)) => problems.push(Problem::entry(Tampering::DetailUnexpected, index)),
            (Some(_), None) => problems.push(Problem::entry(Tampering::DetailMissing, index)),
            (Some(digest), Some(Said::Open { salt, body })) if detail_digest(&salt, &body) == digest => report.details += 1,
            (Some(_), Some(Said::Open { .. })) => problems.push(Problem::entry(Tampering::DetailChanged, index)),
            (Some(_), Some(Said::Destroyed { by })) => {
                report.destroyed += 1;
                claims.push((index, by, text(entry.sealed_for())));
            }
        }
    }
    if let Some(index) = details.keys().next() {
        problems.push(Problem::entry(Tampering::DetailUnexpected, *index));
    }
    for (index, by, subject) in claims {
        if by <= index || destroyers.get(&by) != Some(&subject) {
            problems.push(Problem::entry(Tampering::DetailNotDestroyed, index));
        }
    }
}

fn text((kind, id): (&str, &str)) -> String {
    format!("{kind} {id}")
}

/// Whether the proof leads from the entry to the signed root.
fn proved(manifest: &Manifest, index: u64, line: &[u8], proof: &[u8]) -> bool {
    let read = serde_json::from_slice::<ProofLine>(proof).ok();
    let Some(read) = read.filter(|read| read.i == index && serde_json::to_vec(read).is_ok_and(|again| again == proof)) else {
        return false;
    };
    let hash = |text: &String| canonical::digest(text.as_bytes()).map(Hash);
    let Some(hashes) = read.proof.iter().map(hash).collect::<Option<Vec<_>>>() else { return false };
    verify_inclusion(&hashes, manifest.size, manifest.root, index, leaf_hash(line)).is_ok()
}

/// How the archive's ledger stands to the checkpoint that was given: only one of the same size can be compared.
fn after(note: &str, keys: &[VerifyingKey], manifest: &Manifest) -> Result<Result<After, Problem>, Stop> {
    let read = match Checkpoint::verify(note, keys) {
        Ok(read) => read,
        Err(CheckpointError::UnknownKey) => return Ok(Err(Problem::new(Tampering::AfterKey))),
        Err(CheckpointError::Origin(origin)) => {
            return Err(Stop::Unusable(format!("The checkpoint that you gave is of another ledger: {origin:?}")));
        }
        Err(_) => {
            return Err(Stop::Unusable("The earlier checkpoint that you gave is malformed, or its signature does not fit.".to_owned()));
        }
    };
    if read.size != manifest.size {
        return Err(Stop::Unusable(format!(
            "The archive's proofs lead to the checkpoint of {} entries, yours is of {}. Only an export of the ledger can be held to it.",
            manifest.size, read.size
        )));
    }
    let last = read.size.saturating_sub(1);
    Ok(if read.root == manifest.root { Ok(After::Continued { size: read.size }) } else { Err(Problem::range(Tampering::Forked, 0, last)) })
}
