//! The verifier as an auditor runs it: exports that were tampered with in every way we know.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod archives;
mod histories;
mod tables;
mod world;

use std::fs;
use std::process::Command;

use ledger::SigningKey;
use ledger::export::MemoryFolder;
use ledger::verify::{Outcome, verify};

use world::{World, key, run, run_after, run_dir, write};

#[test]
fn an_untouched_export_is_verified() {
    let (folder, key) = (World::new().export(&key(), true), key());
    let (exit, said) = run(&folder, &[]);
    assert_eq!(exit, 0, "{said}");
    for part in ["VERIFIED", "not proved", &key.public().fingerprint(), "destroyed: 1", "checkpoints  2", "details      2"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let (exit, said) = run(&folder, &["--key", key.public().as_str()]);
    assert_eq!(exit, 0, "{said}");
    assert!(!said.contains("not proved"));
    let (exit, said) = run(&folder, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((exit, report["outcome"].as_str(), report["size"].as_u64()), (0, Some("verified"), Some(10)));
    let head = String::from_utf8(folder["checkpoint"].clone()).unwrap();
    assert_eq!(run_after(&folder, &head, &["--key", key.public().as_str()]).0, 0);
}

#[test]
fn every_size_of_ledger_is_verified() {
    for count in 0..18 {
        let world = World::of(count);
        let report = verify(&world.export(&key(), true), &ledger::verify::Options::default());
        assert_eq!(report.outcome, Outcome::Verified, "{count}: {report}");
        let report = verify(&world.export(&key(), false), &ledger::verify::Options::default());
        assert!(report.outcome == Outcome::Verified && report.details_left_out, "{count}: {report}");
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
            assert_eq!(report.outcome.exit_code(), 1, "{name} byte {at}: {report}");
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
            assert_eq!(exit, 1, "{name} byte {at}: {said}");
        }
    }
    // In the entries, whatever is flipped, the entry is named.
    let name = "entries-0000000000004.jsonl";
    for at in 0..folder[name].len() - 1 {
        let mut bad = folder.clone();
        let before = folder[name][..at].split(|byte| *byte == b'\n').count() as u64 - 1;
        bad.get_mut(name).unwrap()[at] ^= 2;
        let report = verify(&bad, &ledger::verify::Options::default());
        let Outcome::Tampered(problem) = report.outcome else { panic!("byte {at}") };
        assert_eq!(problem.entry, Some(4 + before), "byte {at}: {problem}");
    }
}

#[test]
fn missing_cut_added_and_renamed_files_are_found() {
    let folder = World::new().export(&key(), true);
    for name in folder.keys() {
        let mut missing = folder.clone();
        let bytes = missing.remove(name).unwrap();
        let (exit, said) = run(&missing, &[]);
        assert!(exit == 1 && said.contains(name), "{name} missing: {said}");
        missing.insert(format!("{name}.old"), bytes.clone());
        assert_eq!(run(&missing, &[]).0, 1, "{name} renamed");
        let mut doubled = folder.clone();
        doubled.insert("added".into(), bytes.clone());
        let (exit, said) = run(&doubled, &[]);
        assert!(exit == 1 && said.contains("\"added\""), "{said}");
        for cut in [0, bytes.len().saturating_sub(1), bytes.len() / 2] {
            if cut < bytes.len() {
                let mut short = folder.clone();
                short.insert(name.clone(), bytes[..cut].to_vec());
                let (exit, said) = run(&short, &[]);
                assert_eq!(exit, 1, "{name} cut to {cut}: {said}");
            }
        }
        let mut long = folder.clone();
        long.get_mut(name).unwrap().push(b'\n');
        let (exit, said) = run(&long, &[]);
        assert_eq!(exit, 1, "{name} lengthened: {said}");
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
        assert_eq!(run_dir(dir.path(), &[]).0, 1, "{name}");
        fs::remove_file(dir.path().join(name)).unwrap();
        fs::rename(&moved, dir.path().join(name)).unwrap();
    }
    assert_eq!(run_dir(dir.path(), &[]).0, 0);
    for manifest in [&b""[..], b"\n\n", b"\xff\n\n", b"vouchsafe ledger export 1\n\n\xe2\x80\x94 a b\n"] {
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
    for (arguments, expected) in [(&["--nonsense"][..], 2), (&[], 2), (&["--help"], 0), (&["--version"], 0)] {
        assert_eq!(Command::new(program).args(arguments).output().unwrap().status.code(), Some(expected));
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
        ("file restores.jsonl 0", "file restores.jsonl 18446744073709551615"),
    ] {
        let bad = text.replacen(from, to, 1);
        assert_ne!(bad, text);
        let mut claimed = folder.clone();
        claimed.insert("manifest".into(), key().sign(&bad).unwrap().into_bytes());
        let report = verify(&claimed, &ledger::verify::Options::default());
        assert_eq!(report.outcome.exit_code(), 1, "{from}: {report}");
    }
    // Signed just so, and nothing that this program reads: a newer version writes it, perhaps.
    for (from, to) in [
        ("size 10\n", "size 1099511627777\n"),
        ("chunk 4\n", "chunk 3\n"),
        ("made 1", "made +1"),
        ("ledger export 1\n", "ledger export 2\n"),
    ] {
        let mut claimed = folder.clone();
        let bad = key().sign(&text.replacen(from, to, 1)).unwrap();
        claimed.insert("manifest".into(), bad.into_bytes());
        assert_eq!(run(&claimed, &[]).0, 2, "{from}");
    }
}
