//! Tampering by someone who can write the ledger's tables.

use ledger::verify::{Outcome, Tampering, verify};

use crate::world::{Said, World, key, other_key, plain, replace, row, run};

type Tamper = fn(&mut World);

const CASES: &[(&str, Tamper, Tampering, Option<u64>)] = &[
    ("changed", |w| replace(&mut w.rows[5], "a-1", "a-2"), Tampering::EntryChanged, Some(5)),
    ("garbage", |w| w.rows[5].bytes = b"{}".to_vec(), Tampering::EntryChanged, Some(5)),
    (
        "garbage, hashed",
        |w| {
            w.rows[8].bytes = b"{}".to_vec();
            w.rehash();
        },
        Tampering::EntryMalformed,
        Some(8),
    ),
    ("removed", |w| drop(w.rows.remove(5)), Tampering::EntryOutOfPlace, Some(5)),
    ("removed at the end", |w| drop(w.rows.pop()), Tampering::EntriesMissing, Some(9)),
    ("added at the end", |w| w.rows.push(row(plain(10), Said::Nothing)), Tampering::EntriesAdded, Some(10)),
    ("swapped", |w| w.rows.swap(5, 6), Tampering::EntryOutOfPlace, Some(5)),
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
    ("detail changed", |w| w.rows[1].said = Said::Body(b"Red".to_vec()), Tampering::DetailChanged, Some(1)),
    ("detail removed", |w| w.rows[2].said = Said::Nothing, Tampering::DetailMissing, Some(2)),
    ("detail added", |w| w.rows[8].said = Said::Body(b"New".to_vec()), Tampering::DetailUnexpected, None),
    ("detail added between", |w| w.rows[0].said = Said::Body(b"New".to_vec()), Tampering::DetailUnexpected, Some(1)),
    ("destroyed by nobody", |w| w.rows[1].said = Said::Destroyed(5), Tampering::DetailNotDestroyed, Some(1)),
    ("destroyed for another", |w| w.rows[1].said = Said::Destroyed(7), Tampering::DetailNotDestroyed, Some(1)),
    ("destroyed before", |w| w.rows[4].said = Said::Destroyed(4), Tampering::DetailNotDestroyed, Some(4)),
    ("destroyed later than ever", |w| w.rows[4].said = Said::Destroyed(99), Tampering::DetailNotDestroyed, Some(4)),
    ("checkpoint forged", |w| w.checkpoints[0] = w.checkpoint(3, &other_key()), Tampering::CheckpointForged, None),
    ("checkpoint garbage", |w| w.checkpoints[0] = "nonsense".into(), Tampering::CheckpointForged, None),
];

// Someone who can write the tables but leaves the stored hashes, or makes all of them anew: the
// platform then signs what it finds.
#[test]
fn tampering_in_the_tables_is_found_and_the_entry_named() {
    for (name, tamper, how, entry) in CASES {
        let mut world = World::new();
        tamper(&mut world);
        let folder = world.export(&key(), true);
        let report = verify(&folder, &ledger::verify::Options::default());
        let Outcome::Tampered(problem) = &report.outcome else { panic!("{name}: {report}") };
        assert_eq!((problem.how, problem.entry), (*how, *entry), "{name}: {report}");
        let (exit, said) = run(&folder, &["--key", key().public().as_str()]);
        assert!(exit == 1 && said.contains(&problem.to_string()), "{name}: {said}");
    }
}
