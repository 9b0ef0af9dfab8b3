//! An archive is read back as it was made; changed in any byte, it is not verified; nothing in it makes the verifier panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::sync::OnceLock;

use proptest::prelude::*;

use super::container::{Facts, Packer};
use super::{ArchiveError, Archiver, Options, Sum, Summing, verify};
use crate::checkpoint::Checkpoint;
use crate::entry::{ActorRef, Code, Entry, Id, KEY_DESTROYED, Subject, detail_digest};
use crate::export::Detail;
use crate::key::SigningKey;
use crate::tree::{Frontier, Hash, StoredHashes, needs_inclusion, prove_inclusion};
use crate::verify::{Options as Checks, Outcome, Report, Tampering};

const SALT: [u8; 32] = [3; 32];

fn key() -> SigningKey {
    SigningKey::generate("ledger.council.example", &[1; 32]).unwrap()
}

fn about() -> Id {
    Id::new("OFF-2026-000001").unwrap()
}

/// A ledger of 40 entries: those divisible by three are the case's; 6 has a detail, that of 9 was destroyed by 12.
struct Ledger {
    lines: Vec<Vec<u8>>,
    stored: StoredHashes,
    root: Hash,
}

impl Ledger {
    fn new() -> Self {
        let (mut frontier, mut stored, mut lines) = (Frontier::default(), StoredHashes::new(), Vec::new());
        for index in 0..40_u64 {
            let code = |text: &str| Code::new(text).unwrap();
            let detail = match index {
                6 => Some(detail_digest(&SALT, b"Approved")),
                9 => Some(detail_digest(&SALT, b"Gone")),
                _ => None,
            };
            let entry = Entry {
                index,
                at_ms: 1_763_769_600_000,
                actor: ActorRef { kind: code("account"), id: Id::new("a-1").unwrap(), membership: None },
                action: code(if index == 12 { KEY_DESTROYED } else { "case.stepped" }),
                subject: Subject { kind: code("proposal"), id: Id::new(if index % 3 == 0 { "mine" } else { "other" }).unwrap() },
                about: BTreeMap::new(),
                detail,
            };
            let line = entry.to_bytes().unwrap();
            stored.extend(frontier.append(&line).unwrap());
            lines.push(line);
        }
        Self { lines, stored, root: frontier.root() }
    }

    fn proof(&self, index: u64) -> Vec<Hash> {
        assert!(needs_inclusion(40, index).unwrap().iter().all(|at| self.stored.contains_key(at)));
        prove_inclusion(40, index, &self.stored).unwrap()
    }

    /// The archive of the case, after `change` had its way with the parts.
    fn archive(&self, details: bool, change: impl Fn(u64, &mut Vec<u8>, &mut Vec<Hash>, &mut Vec<u8>)) -> Vec<u8> {
        let mut archiver = Archiver::new(Vec::new(), Options { made_at_ms: 7, about: about(), details });
        archiver.file("case.html", b"<p>The case</p>").unwrap();
        archiver.file("papers/letter.pdf", &[0, 1, 2, 255].repeat(100)).unwrap();
        for index in (0..40).step_by(3) {
            let (mut line, mut proof, mut body) =
                (self.lines[usize::try_from(index).unwrap()].clone(), self.proof(index), b"Approved".to_vec());
            change(index, &mut line, &mut proof, &mut body);
            let detail = match index {
                6 => Some(Detail::Open { salt: &SALT, body: &body }),
                9 => Some(Detail::Destroyed { by: 12 }),
                _ => None,
            };
            archiver.entry(&line, &proof, detail).unwrap();
        }
        archiver.finish(&key(), 40, self.root).unwrap()
    }
}

fn whole() -> &'static Vec<u8> {
    static WHOLE: OnceLock<Vec<u8>> = OnceLock::new();
    WHOLE.get_or_init(|| Ledger::new().archive(true, |_, _, _, _| {}))
}

fn look(bytes: &[u8]) -> Report {
    verify(bytes, &Checks::default())
}

#[test]
fn a_sound_archive_is_verified() {
    let report = verify(whole().as_slice(), &Checks { key: Some(key().public().clone()), after: None });
    assert_eq!(report.outcome, Outcome::Verified, "{report}");
    assert_eq!((report.proved, report.files, report.about.as_deref()), (Some(14), Some(6), Some("OFF-2026-000001")));
    assert_eq!((report.details, report.destroyed, report.size, report.origin_proved), (1, 1, 40, true));
    let bare = Ledger::new().archive(false, |_, _, _, _| {});
    let report = look(&bare);
    assert_eq!((report.outcome.exit_code(), report.details_left_out, report.files), (0, true, Some(5)), "{report}");
    assert!(look(whole()).to_string().contains("archive of   OFF-2026-000001: 6 files; 14 entries"));
    let none =
        Archiver::new(Vec::new(), Options { made_at_ms: 7, about: about(), details: true }).finish(&key(), 40, Hash([1; 32])).unwrap();
    assert_eq!(look(&none).outcome.exit_code(), 0);
}

#[test]
fn other_programs_unpack_it() {
    let mut zip = zip::ZipArchive::new(Cursor::new(whole().clone())).unwrap();
    let names: Vec<String> = (0..zip.len()).map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    assert_eq!(names, ["case.html", "papers/letter.pdf", "entries.jsonl", "proofs.jsonl", "details.jsonl", "checkpoint", "manifest"]);
    let mut text = String::new();
    zip.by_name("case.html").unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "<p>The case</p>");
}

/// Every byte turned round, every length cut off, anything added: never verified.
#[test]
fn any_changed_byte_is_found() {
    let mut bytes = whole().clone();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        assert_ne!(look(&bytes).outcome.exit_code(), 0, "byte {at}");
        bytes[at] ^= 1;
    }
    for length in 0..bytes.len() {
        assert_ne!(look(&bytes[..length]).outcome.exit_code(), 0, "cut off at {length}");
    }
    bytes.push(0);
    // What comes after the end is no part of it, but was not written either.
    assert_ne!(look(&bytes).outcome.exit_code(), 0);
}

/// The archive's files packed anew by somebody who knows the form but not the key.
fn repacked(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> Report {
    let mut zip = zip::ZipArchive::new(Cursor::new(whole().clone())).unwrap();
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    change(&mut files);
    let mut packer = Packer::new(Vec::new());
    for (name, bytes) in &files {
        let sum = Sum::of(bytes);
        packer.begin(name, Facts { crc: sum.crc(), length: u32::try_from(sum.length()).unwrap() }).unwrap();
        packer.part(bytes).unwrap();
    }
    look(&packer.finish().unwrap())
}

/// OWN-4: a file that is missing, was added, changed or put elsewhere is named, however well it was packed.
#[test]
fn files_are_those_that_were_signed() {
    let how = |report: &Report| report.problems.first().map(|problem| (problem.how, problem.file.clone()));
    let letter = || Some("papers/letter.pdf".to_owned());
    assert_eq!(repacked(|_| {}).outcome.exit_code(), 0);
    let missing = repacked(|files| drop(files.remove(1)));
    assert_eq!((how(&missing), missing.outcome.exit_code()), (Some((Tampering::FileMissing, letter())), 1));
    let added = repacked(|files| files.insert(1, ("papers/other.pdf".to_owned(), b"Other".to_vec())));
    assert_eq!((how(&added), added.outcome.exit_code()), (Some((Tampering::FileAdded, Some("papers/other.pdf".to_owned()))), 1));
    let changed = repacked(|files| files[1].1[7] ^= 1);
    assert_eq!((how(&changed), changed.outcome.exit_code()), (Some((Tampering::FileChanged, letter())), 1));
    let renamed = repacked(|files| files[1].0 = "papers/leter.pdf".to_owned());
    assert_eq!((how(&renamed), renamed.outcome.exit_code()), (Some((Tampering::FileMissing, letter())), 1));
    let swapped = repacked(|files| files.swap(0, 1));
    assert_eq!((how(&swapped).map(|(how, _)| how), swapped.outcome.exit_code()), (Some(Tampering::ContainerChanged), 1));
    let twice = repacked(|files| files.insert(1, files[1].clone()));
    assert_eq!(twice.outcome.exit_code(), 1, "{twice}");
}

/// Signed anew by whoever has the key, but not in the ledger: the proofs show it.
#[test]
fn what_is_not_in_the_ledger_is_found() {
    let ledger = Ledger::new();
    let how = |bytes: &[u8]| look(bytes).problems.first().map(|problem| (problem.how, problem.entry));
    let replaced = ledger.archive(true, |index, line, _, _| {
        if index == 3 {
            *line = String::from_utf8(line.clone()).unwrap().replace("a-1", "a-2").into_bytes();
        }
    });
    assert_eq!(how(&replaced), Some((Tampering::ProofDiffers, Some(3))));
    let unproved = ledger.archive(true, |index, _, proof, _| {
        if index == 15 {
            proof.pop();
        }
    });
    assert_eq!(how(&unproved), Some((Tampering::ProofDiffers, Some(15))));
    let reworded = ledger.archive(true, |_, _, _, body| *body = b"Declined".to_vec());
    assert_eq!(how(&reworded), Some((Tampering::DetailChanged, Some(6))));

    let options = Options { made_at_ms: 7, about: about(), details: true };
    let mut lacks = Archiver::new(Vec::new(), options.clone());
    lacks.entry(&ledger.lines[6], &ledger.proof(6), None).unwrap();
    assert_eq!(how(&lacks.finish(&key(), 40, ledger.root).unwrap()), Some((Tampering::DetailMissing, Some(6))));
    let mut claims = Archiver::new(Vec::new(), options.clone());
    claims.entry(&ledger.lines[9], &ledger.proof(9), Some(Detail::Destroyed { by: 12 })).unwrap();
    assert_eq!(
        how(&claims.finish(&key(), 40, ledger.root).unwrap()),
        Some((Tampering::DetailNotDestroyed, Some(9))),
        "the one that did is not there"
    );
    let other = Archiver::new(Vec::new(), options).finish(&key(), 40, Hash([9; 32])).unwrap();
    assert_eq!(look(&other).outcome.exit_code(), 0, "nothing is claimed of it");
    let stranger = SigningKey::generate("ledger.council.example", &[2; 32]).unwrap();
    let report = verify(whole().as_slice(), &Checks { key: Some(stranger.public().clone()), after: None });
    assert_eq!(report.problems[0].how, Tampering::ManifestForged);
}

#[test]
fn a_kept_checkpoint_is_compared_where_it_can_be() {
    let ledger = Ledger::new();
    let held = |size, root, key: &SigningKey| {
        let after = Some(Checkpoint::sign(key, size, root, 1).unwrap());
        verify(whole().as_slice(), &Checks { key: None, after }).outcome.exit_code()
    };
    assert_eq!(held(40, ledger.root, &key()), 0);
    assert_eq!(held(40, Hash([5; 32]), &key()), 1);
    assert_eq!(held(39, ledger.root, &key()), 2);
    assert_eq!(held(40, ledger.root, &SigningKey::generate("elsewhere.example", &[1; 32]).unwrap()), 2);
    assert_eq!(held(40, ledger.root, &SigningKey::generate("ledger.council.example", &[2; 32]).unwrap()), 1);
}

/// A file too large to be held comes part by part; it is the one that was announced, or there is no archive.
#[test]
fn a_file_comes_in_parts() {
    let options = || Options { made_at_ms: 7, about: about(), details: false };
    let ledger = Ledger::new();
    let bytes = [0, 1, 2, 255].repeat(50_000);
    let mut whole = Archiver::new(Vec::new(), options());
    whole.file("files/1.pdf", &bytes).unwrap();
    let whole = whole.finish(&key(), 40, ledger.root).unwrap();
    let mut parts = Archiver::new(Vec::new(), options());
    let mut sent = Vec::new();
    let mut summing = Summing::default();
    bytes.chunks(7_001).for_each(|part| summing.add(part));
    parts.begin("files/1.pdf", summing.sum()).unwrap();
    for part in bytes.chunks(4_097) {
        parts.part(part).unwrap();
        // What is sent on already is held no more.
        sent.append(parts.out());
    }
    parts.end().unwrap();
    sent.extend(parts.finish(&key(), 40, ledger.root).unwrap());
    assert!(sent == whole && look(&sent).outcome.exit_code() == 0);

    let announced = |bytes: &[u8]| {
        let mut archiver = Archiver::new(Vec::new(), options());
        archiver.begin("a", Sum::of(bytes)).unwrap();
        archiver
    };
    let changed = |result: Result<(), ArchiveError>| matches!(result, Err(ArchiveError::Changed(name)) if name == "a");
    let mut longer = announced(b"abc");
    longer.part(b"ab").unwrap();
    assert!(changed(longer.part(b"cd")));
    for other in [&b"ab"[..], b"abd"] {
        let mut archiver = announced(b"abc");
        archiver.part(other).unwrap();
        assert!(changed(archiver.end()), "{other:?}");
    }
    let mut unfinished = announced(b"abc");
    unfinished.part(b"abc").unwrap();
    assert!(changed(unfinished.file("b", b"")));
    assert!(matches!(unfinished.finish(&key(), 40, ledger.root), Err(ArchiveError::Changed(_))));
    assert!(Archiver::new(Vec::new(), options()).part(b"a").is_err() && Archiver::new(Vec::new(), options()).end().is_err());
}

#[test]
fn names_stay_within_the_archive() {
    for bad in
        ["", "/etc/passwd", "../up", "a/../b", "a//b", "A", "a b", ".hidden", "a/.b", "manifest", "checkpoint", &"a".repeat(121), "ä"]
    {
        let mut archiver = Archiver::new(Vec::new(), Options { made_at_ms: 7, about: about(), details: true });
        assert!(matches!(archiver.file(bad, b""), Err(ArchiveError::Name(_))), "{bad}");
    }
    let mut archiver = Archiver::new(Vec::new(), Options { made_at_ms: 7, about: about(), details: true });
    archiver.file("a/b.txt", b"").unwrap();
    assert!(matches!(archiver.file("a/b.txt", b""), Err(ArchiveError::Name(_))), "each once");
    let ledger = Ledger::new();
    archiver.entry(&ledger.lines[3], &[], None).unwrap();
    assert!(matches!(archiver.entry(&ledger.lines[3], &[], None), Err(ArchiveError::Entry(3))));
    assert!(archiver.entry(b"{}", &[], None).is_err());
}

/// What claims to be huge, or is no archive, ends soon.
#[test]
fn what_is_no_archive_ends_soon() {
    for bytes in [&b""[..], b"PK", b"PK\x05\x06", &[0; 100], b"hello", &[b"PK\x03\x04".as_slice(), &[255; 200]].concat()] {
        assert_eq!(look(bytes).outcome.exit_code(), 2, "{bytes:?}");
    }
    // A ZIP of another program: compressed, dated.
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("manifest", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, &vec![0; 1_000_000]).unwrap();
    assert_eq!(look(&zip.finish().unwrap().into_inner()).outcome.exit_code(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Bytes written over, put in or taken out anywhere.
    #[test]
    fn any_change_is_found(at in any::<usize>(), how in 0..3_u8, bytes in prop::collection::vec(any::<u8>(), 1..40)) {
        let mut changed = whole().clone();
        let at = at % changed.len();
        let end = (at + bytes.len()).min(changed.len());
        match how {
            0 => drop(changed.splice(at..end, bytes)),
            1 => drop(changed.splice(at..at, bytes)),
            _ => drop(changed.drain(at..end)),
        }
        prop_assert_eq!(look(&changed).outcome.exit_code() == 0, changed == *whole());
    }

    /// Whatever it is given, it answers.
    #[test]
    fn anything_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..400), begins in any::<bool>()) {
        let bytes = if begins { [b"PK\x03\x04".to_vec(), bytes].concat() } else { bytes };
        prop_assert_ne!(look(&bytes).outcome.exit_code(), 0);
    }
}
