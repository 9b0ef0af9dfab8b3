//! The program over the archive of a case that holds files: what an auditor runs on what they were handed.

use std::collections::BTreeMap;
use std::path::Path;

use ledger::archive::{Archiver, Options, Sum};
use ledger::tree::prove_inclusion;
use ledger::{ActorRef, Code, Entry, Frontier, Id, StoredHashes, Subject};

use crate::world::{key, run_dir};

/// Longer than any buffer, as evidence is.
fn evidence() -> Vec<u8> {
    (0..300_000_u32).flat_map(u32::to_be_bytes).collect()
}

/// An archive of one entry and three files, one of which comes in parts.
fn archive() -> Vec<u8> {
    let code = |text: &str| Code::new(text).unwrap();
    let entry = Entry {
        index: 0,
        at_ms: 1_763_769_600_000,
        actor: ActorRef { kind: code("account"), id: Id::new("a-1").unwrap(), membership: None },
        action: code("file.add"),
        subject: Subject { kind: code("proposal"), id: Id::new("p-1").unwrap() },
        about: BTreeMap::new(),
        detail: None,
    };
    let (line, mut frontier) = (entry.to_bytes().unwrap(), Frontier::default());
    let stored: StoredHashes = frontier.append(&line).unwrap().into_iter().collect();
    let options = Options { made_at_ms: 7, about: Id::new("OFF-2026-000001").unwrap(), details: false };
    let mut archiver = Archiver::new(Vec::new(), options);
    archiver.file("case.html", b"<p>The case</p>").unwrap();
    let bytes = evidence();
    archiver.begin("files/1-v1-plan.pdf", Sum::of(&bytes)).unwrap();
    for part in bytes.chunks(65_536) {
        archiver.part(part).unwrap();
    }
    archiver.end().unwrap();
    archiver.file("files/2-v1-empty.txt", b"").unwrap();
    archiver.entry(&line, &prove_inclusion(1, 0, &stored).unwrap(), None).unwrap();
    archiver.finish(&key(), 1, frontier.root()).unwrap()
}

fn over(bytes: &[u8], arguments: &[&str]) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("OFF-2026-000001.zip");
    std::fs::write(&file, bytes).unwrap();
    run_dir(&file, arguments)
}

#[test]
fn own_4_the_program_verifies_an_archive_with_files() {
    let archive = archive();
    let (exit, said) = over(&archive, &["--key", key().public().as_str()]);
    assert!(exit == 0 && said.contains("OFF-2026-000001") && said.contains("1 entr"), "{said}");

    // One byte within the evidence, which is stored as it is.
    let middle = evidence()[600_000..600_032].to_vec();
    let at = archive.windows(32).position(|window| window == middle).unwrap();
    let mut changed = archive.clone();
    changed[at] ^= 1;
    let (exit, said) = over(&changed, &[]);
    assert!(exit == 1 && said.contains("TAMPERED"), "{said}");

    // Cut off on its way.
    let (exit, said) = over(&archive[..archive.len() / 2], &[]);
    assert!(exit != 0, "{said}");
    assert_eq!(run_dir(Path::new("/nowhere/case.zip"), &[]).0, 2);
}
