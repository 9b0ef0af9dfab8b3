//! Other histories: signed anew, cut off, forked, restored.

use std::collections::BTreeMap;

use ledger::entry::{Entry, KEY_DESTROYED, RESTORE_DECLARED, Restore, SEALED_FOR, Subject};
use ledger::export::{Exporter, MemoryFolder, Options};

use crate::world::{AT_MS, Said, World, code, id, key, other_key, plain, replace, root_of, row, run, run_after};

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
    assert!(said.contains(&other_key().public().fingerprint()) && said.contains("not proved"), "{said}");
    let (exit, said) = run(&folder, &["--key", key().public().as_str()]);
    assert!(exit == 1 && said.contains("not signed by the key"), "{said}");
    let (exit, said) = run_after(&folder, &kept, &[]);
    assert!(exit == 1 && said.contains("none of this ledger's"), "{said}");

    // The manifest names the true key first, and another one signs.
    let mut mixed = world.export(&key(), true);
    let manifest = String::from_utf8(mixed["manifest"].clone()).unwrap();
    let text = format!("{}\n", manifest.rsplit_once("\n\n").unwrap().0);
    mixed.insert("manifest".into(), other_key().sign(&text).unwrap().into_bytes());
    assert_eq!(run(&mixed, &[]).0, 1);
}

#[test]
fn former_keys_vouch_for_their_checkpoints() {
    let world = World::new();
    let mut folder = MemoryFolder::new();
    let new = other_key();
    let options = Options { former_keys: vec![key().public().clone()], ..Options::new(AT_MS) };
    let mut exporter = Exporter::new(&mut folder, &new, options).unwrap();
    for row in &world.rows[..1] {
        exporter.entry(&row.bytes, row.leaf, None).unwrap();
    }
    exporter.checkpoint(&world.checkpoint(1, &key())).unwrap();
    exporter.finish(1, root_of(&world.rows[..1])).unwrap();
    let (exit, said) = run(&folder, &["--key", new.public().as_str()]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(run_after(&folder, &world.checkpoint(1, &key()), &["--key", new.public().as_str()]).0, 0);
}

#[test]
fn truncation_and_forks_are_found_against_a_checkpoint() {
    let whole = World::new();
    let kept = whole.checkpoint(9, &key());
    let mut cut = whole.clone();
    cut.rows.truncate(8);
    cut.settle();
    let folder = cut.export(&key(), true);
    assert_eq!(run(&folder, &["--key", key().public().as_str()]).0, 0, "cannot be seen without a checkpoint");
    let (exit, said) = run_after(&folder, &kept, &["--key", key().public().as_str()]);
    assert!(exit == 1 && said.contains("shorter than your earlier checkpoint"), "{said}");

    let mut fork = whole.clone();
    replace(&mut fork.rows[8], "a-1", "a-2");
    fork.rehash();
    let (exit, said) = run_after(&fork.export(&key(), true), &kept, &[]);
    assert!(exit == 1 && said.contains("does not continue"), "{said}");
    assert_eq!(run_after(&fork.export(&key(), true), &whole.checkpoint(8, &key()), &[]).0, 0);
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
        world.rows.extend((9..14).map(|n| row(Entry { action: code("case.opened"), ..plain(n) }, Said::Nothing)));
        world.settle();
        world
    };
    let truth = Restore { size: 10, root: lost.head.1.0 };
    let cases: &[(&str, Option<Restore>, &str, i32)] = &[
        ("declared", Some(truth), &outside, 0),
        ("declared, a checkpoint between", Some(truth), &lost.checkpoint(9, &key()), 0),
        ("declared, a checkpoint before", Some(truth), &lost.checkpoint(8, &key()), 0),
        ("not declared", None, &outside, 1),
        ("declared with another root", Some(Restore { root: [5; 32], ..truth }), &outside, 1),
        ("declared for less than was outside", Some(Restore { size: 9, ..truth }), &outside, 1),
        ("contradicted", Some(Restore { size: 6, root: [5; 32] }), &lost.checkpoint(6, &key()), 1),
    ];
    for (name, declared, after, expected) in cases {
        let folder = restored(*declared).export(&key(), true);
        let (exit, said) = run_after(&folder, after, &["--key", key().public().as_str()]);
        assert_eq!(exit, *expected, "{name}: {said}");
        assert_eq!(said.contains("entry 8 declares a restore;"), declared.is_some(), "{name}: {said}");
    }
}

#[test]
fn what_was_sealed_for_another_subject_goes_with_that_subjects_key() {
    let mut world = World::new();
    let account = Subject { kind: code("account"), id: id("a-9") };
    let about = BTreeMap::from([(code(SEALED_FOR), id("account:a-9"))]);
    world.rows[4] = row(Entry { about, ..plain(4) }, Said::Destroyed(7));
    world.rows[7] = row(Entry { action: code(KEY_DESTROYED), subject: account, ..plain(7) }, Said::Nothing);
    world.checkpoints.clear();
    world.settle();
    let (exit, said) = run(&world.export(&key(), true), &[]);
    assert_eq!(exit, 0, "{said}");
    // The key of the entry's own subject does not count then.
    world.rows[7] = row(Entry { action: code(KEY_DESTROYED), subject: plain(4).subject, ..plain(7) }, Said::Nothing);
    world.settle();
    assert_eq!(run(&world.export(&key(), true), &[]).0, 1);
}
