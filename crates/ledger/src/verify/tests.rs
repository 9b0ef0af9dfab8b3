//! Tests of verification over arbitrary folders; the table of tamperings is `tests/it.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::export::{Exporter, MemoryFolder, Options as ExportOptions};
use crate::key::SigningKey;
use crate::tree::{Frontier, leaf_hash};

/// A signed export of arbitrary lines: what a hostile holder of some key could hand out.
fn hostile(lines: &[Vec<u8>], restores: &[u8]) -> MemoryFolder {
    let key = SigningKey::generate("ledger.council.example", &[1; 32]).unwrap();
    let mut folder = MemoryFolder::new();
    let options = ExportOptions { chunk: 2, ..ExportOptions::new(0) };
    let mut exporter = Exporter::new(&mut folder, &key, options).unwrap();
    let mut frontier = Frontier::default();
    for line in lines {
        let leaf = leaf_hash(line);
        frontier.push(leaf).unwrap();
        exporter.entry(line, leaf, None).unwrap();
    }
    exporter.checkpoint(&String::from_utf8_lossy(restores)).unwrap();
    exporter.finish(frontier.size(), frontier.root()).unwrap();
    folder
}

proptest! {
    #[test]
    fn arbitrary_manifests_do_no_harm(manifest in prop::collection::vec(any::<u8>(), 0..300)) {
        let folder = MemoryFolder::from([(MANIFEST.to_owned(), manifest)]);
        prop_assert_eq!(verify(&folder, &Options::default()).outcome.exit_code(), 2);
    }

    #[test]
    fn arbitrary_entries_under_a_signature_do_no_harm(
        lines in prop::collection::vec(prop::collection::vec(any::<u8>().prop_filter("line", |b| *b != b'\n'), 0..80), 1..6),
        note in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let report = verify(&hostile(&lines, &note), &Options::default());
        prop_assert_eq!(report.outcome.exit_code(), 1);
    }

    #[test]
    fn arbitrary_earlier_checkpoints_do_no_harm(after in "(?s).{0,120}") {
        let options = Options { key: None, after: Some(after) };
        prop_assert_eq!(verify(&hostile(&[], b""), &options).outcome.exit_code(), 2);
    }

    #[test]
    fn joined_trees_are_one_tree(whole in 0_u64..40, level in 0_u32..4, more in 0_u64..8) {
        let width = 1 << level;
        let (mut one, mut two) = (Frontier::default(), Frontier::default());
        for n in 0..whole {
            let mut part = Frontier::default();
            for m in 0..width {
                let leaf = leaf_hash(&(n * width + m).to_be_bytes());
                one.push(leaf).unwrap();
                part.push(leaf).unwrap();
            }
            two.join(&part).unwrap();
        }
        let mut last = Frontier::default();
        for m in 0..more.min(width) {
            let leaf = leaf_hash(&(whole * width + m).to_be_bytes());
            one.push(leaf).unwrap();
            last.push(leaf).unwrap();
        }
        two.join(&last).unwrap();
        prop_assert_eq!(one, two);
    }
}
