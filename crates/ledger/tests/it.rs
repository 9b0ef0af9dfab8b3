//! The verifier as an auditor runs it: exports that were tampered with in every way we know.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use ledger::SigningKey;
use ledger::checkpoint::Checkpoint;
use ledger::entry::{
    ActorRef, Code, Entry, Id, KEY_DESTROYED, RESTORE_DECLARED, Restore, Subject, detail_digest,
};
use ledger::export::{Detail, Exporter, MemoryFolder, Options};
use ledger::tree::{Frontier, Hash, leaf_hash};
use ledger::verify::{Outcome, Tampering, verify};

const ORIGIN: &str = "ledger.council.example";
const AT_MS: i64 = 1_763_769_600_000;
const SALT: [u8; 32] = [3; 32];

fn key() -> SigningKey {
    SigningKey::generate(ORIGIN, &[1; 32]).unwrap()
}

fn other_key() -> SigningKey {
    SigningKey::generate(ORIGIN, &[2; 32]).unwrap()
}

#[derive(Clone)]
enum Said {
    Nothing,
    Body(Vec<u8>),
    Destroyed(u64),
}

/// One row as the ledger's tables hold it.
#[derive(Clone)]
struct Row {
    bytes: Vec<u8>,
    leaf: Hash,
    said: Said,
}

/// A ledger as its tables hold it.
#[derive(Clone)]
struct World {
    rows: Vec<Row>,
    checkpoints: Vec<String>,
    head: (u64, Hash),
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn plain(index: u64) -> Entry {
    Entry {
        index,
        at_ms: AT_MS + i64::try_from(index).unwrap(),
        actor: ActorRef {
            kind: code("account"),
            id: id("a-1"),
            membership: Some(id("m-1")),
        },
        action: code("case.stepped"),
        subject: Subject {
            kind: code("proposal"),
            id: id(&format!("p-{index}")),
        },
        about: BTreeMap::from([(code("reference"), id("OFF-2026-000001"))]),
        detail: None,
    }
}

fn row(mut entry: Entry, said: Said) -> Row {
    if let Said::Body(body) = &said {
        entry.detail = Some(detail_digest(&SALT, body));
    }
    if let Said::Destroyed(_) = said {
        entry.detail = Some(detail_digest(&SALT, b"gone"));
    }
    let bytes = entry.to_bytes().unwrap();
    Row {
        leaf: leaf_hash(&bytes),
        bytes,
        said,
    }
}

fn root_of(rows: &[Row]) -> Hash {
    let mut frontier = Frontier::default();
    rows.iter().for_each(|row| frontier.push(row.leaf).unwrap());
    frontier.root()
}

impl World {
    /// Ten entries: two details, one destroyed; checkpoints at 3 and 6.
    fn new() -> Self {
        Self::of(10)
    }

    fn of(count: u64) -> Self {
        let mut rows = Vec::new();
        for index in 0..count {
            rows.push(match index {
                1 => row(
                    plain(1),
                    Said::Body("Grünes Licht\n\u{1}".as_bytes().to_vec()),
                ),
                2 => row(plain(2), Said::Body(vec![0xff, 0, 0xfe])),
                4 if count > 7 => row(plain(4), Said::Destroyed(7)),
                7 => row(
                    Entry {
                        action: code(KEY_DESTROYED),
                        subject: plain(4).subject,
                        ..plain(7)
                    },
                    Said::Nothing,
                ),
                _ => row(plain(index), Said::Nothing),
            });
        }
        let mut world = Self {
            rows,
            checkpoints: Vec::new(),
            head: (0, Hash([0; 32])),
        };
        world.checkpoints = [3, 6]
            .into_iter()
            .filter(|n| *n < count)
            .map(|n| world.checkpoint(n, &key()))
            .collect();
        world.settle();
        world
    }

    fn checkpoint(&self, size: u64, key: &SigningKey) -> String {
        let root = root_of(&self.rows[..usize::try_from(size).unwrap()]);
        Checkpoint::sign(key, size, root, AT_MS).unwrap()
    }

    /// Makes the stored head that of the rows.
    fn settle(&mut self) {
        self.head = (self.rows.len() as u64, root_of(&self.rows));
    }

    /// What a forger does who can write every table: all hashes made anew.
    fn rehash(&mut self) {
        for row in &mut self.rows {
            row.leaf = leaf_hash(&row.bytes);
        }
        self.settle();
    }

    fn export(&self, key: &SigningKey, details: bool) -> MemoryFolder {
        let mut folder = MemoryFolder::new();
        let options = Options {
            details,
            chunk: 4,
            ..Options::new(AT_MS)
        };
        let mut exporter = Exporter::new(&mut folder, key, options).unwrap();
        for row in &self.rows {
            let detail = match &row.said {
                Said::Nothing => None,
                Said::Body(body) => Some(Detail::Open { salt: &SALT, body }),
                Said::Destroyed(by) => Some(Detail::Destroyed { by: *by }),
            };
            exporter.entry(&row.bytes, row.leaf, detail).unwrap();
        }
        for note in &self.checkpoints {
            exporter.checkpoint(note).unwrap();
        }
        exporter.finish(self.head.0, self.head.1).unwrap();
        folder
    }
}

fn write(folder: &MemoryFolder, dir: &Path) {
    for (name, bytes) in folder {
        fs::write(dir.join(name), bytes).unwrap();
    }
}

/// Runs the program over a folder; returns its exit code and what it printed.
fn run_dir(dir: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ledger-verify"))
        .arg(dir)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

fn run(folder: &MemoryFolder, arguments: &[&str]) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    write(folder, dir.path());
    run_dir(dir.path(), arguments)
}

fn run_after(folder: &MemoryFolder, note: &str, arguments: &[&str]) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kept");
    fs::write(&file, note).unwrap();
    run(
        folder,
        &[&["--after", file.to_str().unwrap()], arguments].concat(),
    )
}

#[test]
fn an_untouched_export_is_verified() {
    let (folder, key) = (World::new().export(&key(), true), key());
    let (exit, said) = run(&folder, &[]);
    assert_eq!(exit, 0, "{said}");
    for part in [
        "VERIFIED",
        "not proved",
        &key.public().fingerprint(),
        "destroyed: 1",
        "checkpoints  2",
        "details      2",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let (exit, said) = run(&folder, &["--key", key.public().as_str()]);
    assert_eq!(exit, 0, "{said}");
    assert!(!said.contains("not proved"));
    let (exit, said) = run(&folder, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (exit, report["outcome"].as_str(), report["size"].as_u64()),
        (0, Some("verified"), Some(10))
    );
    let head = String::from_utf8(folder["checkpoint"].clone()).unwrap();
    assert_eq!(
        run_after(&folder, &head, &["--key", key.public().as_str()]).0,
        0
    );
}

#[test]
fn every_size_of_ledger_is_verified() {
    for count in 0..18 {
        let world = World::of(count);
        let report = verify(
            &world.export(&key(), true),
            &ledger::verify::Options::default(),
        );
        assert_eq!(report.outcome, Outcome::Verified, "{count}: {report}");
        let report = verify(
            &world.export(&key(), false),
            &ledger::verify::Options::default(),
        );
        assert!(
            report.outcome == Outcome::Verified && report.details_left_out,
            "{count}: {report}"
        );
    }
}

#[test]
fn a_flipped_bit_in_any_byte_is_found() {
    // One bit of every byte, a different one from byte to byte; checkpoints try every bit.
    let mut folder = World::of(8).export(&key(), true);
    let names: Vec<String> = folder.keys().cloned().collect();
    for name in &names {
        for at in 0..folder[name].len() {
            let mask = 1 << (at % 8);
            folder.get_mut(name).unwrap()[at] ^= mask;
            let report = verify(&folder, &ledger::verify::Options::default());
            assert_ne!(report.outcome, Outcome::Verified, "{name} byte {at}");
            folder.get_mut(name).unwrap()[at] ^= mask;
        }
    }
}

#[test]
fn a_flipped_byte_is_told_by_the_exit_code_and_names_its_entry() {
    let folder = World::new().export(&key(), true);
    for name in folder.keys() {
        for at in (0..folder[name].len()).step_by(131) {
            let mut bad = folder.clone();
            bad.get_mut(name).unwrap()[at] ^= 1;
            let (exit, said) = run(&bad, &[]);
            assert!(
                exit == 1 || (exit == 2 && name == "manifest"),
                "{name} byte {at}: {exit} {said}"
            );
        }
    }
    // In the entries, whatever is flipped, the entry is named.
    let name = "entries-0000000000004.jsonl";
    for at in 0..folder[name].len() - 1 {
        let mut bad = folder.clone();
        let before = folder[name][..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        bad.get_mut(name).unwrap()[at] ^= 2;
        let report = verify(&bad, &ledger::verify::Options::default());
        let Outcome::Tampered(problem) = report.outcome else {
            panic!("byte {at}")
        };
        assert_eq!(problem.entry, Some(4 + before), "byte {at}: {problem}");
    }
}

#[test]
fn missing_cut_added_and_renamed_files_are_found() {
    let folder = World::new().export(&key(), true);
    for name in folder.keys() {
        let mut missing = folder.clone();
        let bytes = missing.remove(name).unwrap();
        let expected = if name == "manifest" { 2 } else { 1 };
        assert_eq!(run(&missing, &[]).0, expected, "{name} missing");
        missing.insert(format!("{name}.old"), bytes.clone());
        assert_eq!(run(&missing, &[]).0, expected, "{name} renamed");
        let mut doubled = folder.clone();
        doubled.insert("added".into(), bytes.clone());
        let (exit, said) = run(&doubled, &[]);
        assert!(exit == 1 && said.contains("\"added\""), "{said}");
        for cut in [0, bytes.len().saturating_sub(1), bytes.len() / 2] {
            if cut < bytes.len() {
                let mut short = folder.clone();
                short.insert(name.clone(), bytes[..cut].to_vec());
                let (exit, said) = run(&short, &[]);
                assert!(
                    exit == 1 || (exit == 2 && name == "manifest"),
                    "{name} cut to {cut}: {said}"
                );
            }
        }
        let mut long = folder.clone();
        long.get_mut(name).unwrap().push(b'\n');
        let (exit, said) = run(&long, &[]);
        assert!(
            exit == 1 || (exit == 2 && name == "manifest"),
            "{name} lengthened: {said}"
        );
    }
}

#[test]
fn folders_links_and_what_is_no_export_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run_dir(dir.path(), &[]).0, 2, "empty");
    assert_eq!(run_dir(&dir.path().join("none"), &[]).0, 2, "absent");
    let folder = World::new().export(&key(), true);
    write(&folder, dir.path());
    assert_eq!(run_dir(&dir.path().join("manifest"), &[]).0, 2, "a file");
    fs::create_dir(dir.path().join("more")).unwrap();
    let (exit, said) = run_dir(dir.path(), &[]);
    assert!(exit == 1 && said.contains("not a plain file"), "{said}");
    fs::remove_dir(dir.path().join("more")).unwrap();
    assert_eq!(run_dir(dir.path(), &[]).0, 0);

    let elsewhere = tempfile::tempdir().unwrap();
    for name in ["restores.jsonl", "entries-0000000000000.jsonl", "manifest"] {
        let moved = elsewhere.path().join(name);
        fs::rename(dir.path().join(name), &moved).unwrap();
        std::os::unix::fs::symlink(&moved, dir.path().join(name)).unwrap();
        assert_eq!(
            run_dir(dir.path(), &[]).0,
            if name == "manifest" { 2 } else { 1 },
            "{name}"
        );
        fs::remove_file(dir.path().join(name)).unwrap();
        fs::rename(&moved, dir.path().join(name)).unwrap();
    }
    assert_eq!(run_dir(dir.path(), &[]).0, 0);
    for manifest in [
        &b""[..],
        b"\n\n",
        b"\xff\n\n",
        b"vouchsafe ledger export 1\n\n\xe2\x80\x94 a b\n",
    ] {
        let bad = MemoryFolder::from([("manifest".to_owned(), manifest.to_vec())]);
        assert_eq!(run(&bad, &[]).0, 2);
    }
}

#[test]
fn bad_arguments_are_unusable() {
    let folder = World::new().export(&key(), true);
    assert_eq!(run(&folder, &["--key", "nonsense"]).0, 2);
    assert_eq!(run(&folder, &["--after", "/nowhere/kept"]).0, 2);
    for note in ["", "nonsense", "a\n1\nb\n\n— a b\n", &"x".repeat(20_000)] {
        assert_eq!(run_after(&folder, note, &[]).0, 2, "{note}");
    }
    let elsewhere = SigningKey::generate("other.example", &[1; 32]).unwrap();
    let (exit, said) = run_after(&folder, &World::new().checkpoint(3, &elsewhere), &[]);
    assert!(exit == 2 && said.contains("other.example"), "{said}");
    let program = env!("CARGO_BIN_EXE_ledger-verify");
    for (arguments, expected) in [
        (&["--nonsense"][..], 2),
        (&[], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        assert_eq!(
            Command::new(program)
                .args(arguments)
                .output()
                .unwrap()
                .status
                .code(),
            Some(expected)
        );
    }
}

type Tamper = fn(&mut World);

fn replace(row: &mut Row, from: &str, to: &str) {
    let text = String::from_utf8(row.bytes.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    row.bytes = text.replacen(from, to, 1).into_bytes();
}

// Someone who can write the tables but leaves the stored hashes, or makes all of them anew: the
// platform then signs what it finds.
#[test]
fn tampering_in_the_tables_is_found_and_the_entry_named() {
    let cases: &[(&str, Tamper, Tampering, Option<u64>)] = &[
        (
            "changed",
            |w| replace(&mut w.rows[5], "a-1", "a-2"),
            Tampering::EntryChanged,
            Some(5),
        ),
        (
            "garbage",
            |w| w.rows[5].bytes = b"{}".to_vec(),
            Tampering::EntryChanged,
            Some(5),
        ),
        (
            "garbage, hashed",
            |w| {
                w.rows[8].bytes = b"{}".to_vec();
                w.rehash();
            },
            Tampering::EntryMalformed,
            Some(8),
        ),
        (
            "removed",
            |w| drop(w.rows.remove(5)),
            Tampering::EntryOutOfPlace,
            Some(5),
        ),
        (
            "removed at the end",
            |w| drop(w.rows.pop()),
            Tampering::EntriesMissing,
            Some(9),
        ),
        (
            "added at the end",
            |w| w.rows.push(row(plain(10), Said::Nothing)),
            Tampering::EntriesAdded,
            Some(10),
        ),
        (
            "swapped",
            |w| w.rows.swap(5, 6),
            Tampering::EntryOutOfPlace,
            Some(5),
        ),
        (
            "swapped and hashed",
            |w| {
                w.rows.swap(8, 9);
                w.rehash();
            },
            Tampering::EntryOutOfPlace,
            Some(8),
        ),
        (
            "changed and hashed before a checkpoint",
            |w| {
                replace(&mut w.rows[5], "a-1", "a-2");
                w.rehash();
            },
            Tampering::CheckpointDiffers,
            Some(3),
        ),
        (
            "changed and hashed, the head left",
            |w| {
                let head = w.head;
                replace(&mut w.rows[8], "a-1", "a-2");
                w.rehash();
                w.head = head;
            },
            Tampering::RootDiffers,
            Some(6),
        ),
        (
            "detail changed",
            |w| w.rows[1].said = Said::Body(b"Red".to_vec()),
            Tampering::DetailChanged,
            Some(1),
        ),
        (
            "detail removed",
            |w| w.rows[2].said = Said::Nothing,
            Tampering::DetailMissing,
            Some(2),
        ),
        (
            "detail added",
            |w| w.rows[8].said = Said::Body(b"New".to_vec()),
            Tampering::DetailUnexpected,
            None,
        ),
        (
            "detail added between",
            |w| w.rows[0].said = Said::Body(b"New".to_vec()),
            Tampering::DetailUnexpected,
            Some(1),
        ),
        (
            "destroyed by nobody",
            |w| w.rows[1].said = Said::Destroyed(5),
            Tampering::DetailNotDestroyed,
            Some(1),
        ),
        (
            "destroyed for another",
            |w| w.rows[1].said = Said::Destroyed(7),
            Tampering::DetailNotDestroyed,
            Some(1),
        ),
        (
            "destroyed before",
            |w| w.rows[4].said = Said::Destroyed(4),
            Tampering::DetailNotDestroyed,
            Some(4),
        ),
        (
            "destroyed later than ever",
            |w| w.rows[4].said = Said::Destroyed(99),
            Tampering::DetailNotDestroyed,
            Some(4),
        ),
        (
            "checkpoint forged",
            |w| w.checkpoints[0] = w.checkpoint(3, &other_key()),
            Tampering::CheckpointForged,
            None,
        ),
        (
            "checkpoint garbage",
            |w| w.checkpoints[0] = "nonsense".into(),
            Tampering::CheckpointForged,
            None,
        ),
    ];
    for (name, tamper, how, entry) in cases {
        let mut world = World::new();
        tamper(&mut world);
        let folder = world.export(&key(), true);
        let report = verify(&folder, &ledger::verify::Options::default());
        let Outcome::Tampered(problem) = &report.outcome else {
            panic!("{name}: {report}")
        };
        assert_eq!(
            (problem.how, problem.entry),
            (*how, *entry),
            "{name}: {report}"
        );
        let (exit, said) = run(&folder, &["--key", key().public().as_str()]);
        assert!(
            exit == 1 && said.contains(&problem.to_string()),
            "{name}: {said}"
        );
    }
}

#[test]
fn re_signing_is_found_given_the_key_or_a_checkpoint() {
    let kept = World::new().checkpoint(6, &key());
    let mut world = World::new();
    replace(&mut world.rows[5], "a-1", "a-2");
    world.checkpoints.clear();
    world.rehash();
    let folder = world.export(&other_key(), true);
    let (exit, said) = run(&folder, &[]);
    assert_eq!(exit, 0, "{said}");
    assert!(
        said.contains(&other_key().public().fingerprint()) && said.contains("not proved"),
        "{said}"
    );
    let (exit, said) = run(&folder, &["--key", key().public().as_str()]);
    assert!(
        exit == 1 && said.contains("not signed by the key"),
        "{said}"
    );
    let (exit, said) = run_after(&folder, &kept, &[]);
    assert!(
        exit == 1 && said.contains("none of this ledger's"),
        "{said}"
    );

    // The manifest names the true key first, and another one signs.
    let mut mixed = world.export(&key(), true);
    let manifest = String::from_utf8(mixed["manifest"].clone()).unwrap();
    let text = format!("{}\n", manifest.rsplit_once("\n\n").unwrap().0);
    mixed.insert(
        "manifest".into(),
        other_key().sign(&text).unwrap().into_bytes(),
    );
    assert_eq!(run(&mixed, &[]).0, 1);
}

#[test]
fn former_keys_vouch_for_their_checkpoints() {
    let world = World::new();
    let mut folder = MemoryFolder::new();
    let new = other_key();
    let options = Options {
        former_keys: vec![key().public().clone()],
        ..Options::new(AT_MS)
    };
    let mut exporter = Exporter::new(&mut folder, &new, options).unwrap();
    for row in &world.rows[..1] {
        exporter.entry(&row.bytes, row.leaf, None).unwrap();
    }
    exporter.checkpoint(&world.checkpoint(1, &key())).unwrap();
    exporter.finish(1, root_of(&world.rows[..1])).unwrap();
    let (exit, said) = run(&folder, &["--key", new.public().as_str()]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(
        run_after(
            &folder,
            &world.checkpoint(1, &key()),
            &["--key", new.public().as_str()]
        )
        .0,
        0
    );
}

#[test]
fn truncation_and_forks_are_found_against_a_checkpoint() {
    let whole = World::new();
    let kept = whole.checkpoint(9, &key());
    let mut cut = whole.clone();
    cut.rows.truncate(8);
    cut.settle();
    let folder = cut.export(&key(), true);
    assert_eq!(
        run(&folder, &["--key", key().public().as_str()]).0,
        0,
        "cannot be seen without a checkpoint"
    );
    let (exit, said) = run_after(&folder, &kept, &["--key", key().public().as_str()]);
    assert!(
        exit == 1 && said.contains("shorter than your earlier checkpoint"),
        "{said}"
    );

    let mut fork = whole.clone();
    replace(&mut fork.rows[8], "a-1", "a-2");
    fork.rehash();
    let (exit, said) = run_after(&fork.export(&key(), true), &kept, &[]);
    assert!(exit == 1 && said.contains("does not continue"), "{said}");
    assert_eq!(
        run_after(
            &fork.export(&key(), true),
            &whole.checkpoint(8, &key()),
            &[]
        )
        .0,
        0
    );
    assert_eq!(run_after(&whole.export(&key(), true), &kept, &[]).0, 0);
}

#[test]
fn a_declared_restore_is_told_from_tampering() {
    // Ten entries were made and checkpoint 10 left the machine; then a backup of eight came back.
    let lost = World::new();
    let outside = lost.checkpoint(10, &key());
    let restored = |declared: Option<Restore>| {
        let mut world = lost.clone();
        world.rows.truncate(8);
        let mut entry = plain(8);
        if let Some(declared) = declared {
            entry.action = code(RESTORE_DECLARED);
            entry.about = declared.to_about();
        }
        world.rows.push(row(entry, Said::Nothing));
        world.rows.extend((9..14).map(|n| {
            row(
                Entry {
                    action: code("case.opened"),
                    ..plain(n)
                },
                Said::Nothing,
            )
        }));
        world.settle();
        world
    };
    let truth = Restore {
        size: 10,
        root: lost.head.1.0,
    };
    let cases: &[(&str, Option<Restore>, &str, i32)] = &[
        ("declared", Some(truth), &outside, 0),
        (
            "declared, a checkpoint between",
            Some(truth),
            &lost.checkpoint(9, &key()),
            0,
        ),
        (
            "declared, a checkpoint before",
            Some(truth),
            &lost.checkpoint(8, &key()),
            0,
        ),
        ("not declared", None, &outside, 1),
        (
            "declared with another root",
            Some(Restore {
                root: [5; 32],
                ..truth
            }),
            &outside,
            1,
        ),
        (
            "declared for less than was outside",
            Some(Restore { size: 9, ..truth }),
            &outside,
            1,
        ),
        (
            "contradicted",
            Some(Restore {
                size: 6,
                root: [5; 32],
            }),
            &lost.checkpoint(6, &key()),
            1,
        ),
    ];
    for (name, declared, after, expected) in cases {
        let folder = restored(*declared).export(&key(), true);
        let (exit, said) = run_after(&folder, after, &["--key", key().public().as_str()]);
        assert_eq!(exit, *expected, "{name}: {said}");
        assert_eq!(
            said.contains("entry 8 declares a restore;"),
            declared.is_some(),
            "{name}: {said}"
        );
    }
}

#[test]
fn a_manifest_that_claims_too_much_ends_soon() {
    let folder = World::new().export(&key(), true);
    let manifest = String::from_utf8(folder["manifest"].clone()).unwrap();
    let text = format!("{}\n", manifest.rsplit_once("\n\n").unwrap().0);
    for (from, to) in [
        ("size 10\n", "size 1099511627776\n"),
        ("chunk 4\n", "chunk 1\n"),
        ("size 10\n", "size 9\n"),
        ("size 10\n", "size 0\n"),
        ("details opened", "details left-out"),
        ("file checkpoint ", "file checkpoinr "),
        (
            "file restores.jsonl 0",
            "file restores.jsonl 18446744073709551615",
        ),
    ] {
        let bad = text.replacen(from, to, 1);
        assert_ne!(bad, text);
        let mut claimed = folder.clone();
        claimed.insert("manifest".into(), key().sign(&bad).unwrap().into_bytes());
        let report = verify(&claimed, &ledger::verify::Options::default());
        assert_eq!(report.outcome.exit_code(), 1, "{from}: {report}");
    }
    for (from, to) in [
        ("size 10\n", "size 1099511627777\n"),
        ("chunk 4\n", "chunk 3\n"),
        ("made 1", "made +1"),
    ] {
        let mut claimed = folder.clone();
        let bad = key().sign(&text.replacen(from, to, 1)).unwrap();
        claimed.insert("manifest".into(), bad.into_bytes());
        assert_eq!(run(&claimed, &[]).0, 2, "{from}");
    }
}
