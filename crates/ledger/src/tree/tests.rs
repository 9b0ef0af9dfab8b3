//! Tests of the tree: published vectors, and growth against a rebuilt tree.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;

/// A file of published vectors, or nothing (said on standard error) where they are absent.
fn vectors(name: &str) -> Option<String> {
    let shared = std::env::var("VOUCHSAFE_SHARED")
        .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let read = std::fs::read_to_string(shared.join("tlog").join(name));
    if read.is_err() {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: no shared data, {name}");
    }
    read.ok()
}

fn grow(leaves: &[Vec<u8>]) -> (Frontier, StoredHashes) {
    let (mut frontier, mut stored) = (Frontier::default(), StoredHashes::new());
    for leaf in leaves {
        stored.extend(frontier.append(leaf).unwrap());
    }
    (frontier, stored)
}

#[derive(Deserialize)]
struct Roots {
    leaves_hex: Vec<String>,
    roots: Vec<Root>,
}

#[derive(Deserialize)]
struct Root {
    size: usize,
    root: String,
}

#[test]
fn rfc_6962_roots() {
    let Some(text) = vectors("rfc6962_roots.json") else {
        return;
    };
    let vectors: Roots = serde_json::from_str(&text).unwrap();
    let leaves: Vec<Vec<u8>> = vectors.leaves_hex.iter().map(|leaf| hex::decode(leaf).unwrap()).collect();
    assert_eq!(vectors.roots.len(), 9);
    for Root { size, root: expected } in vectors.roots {
        let (frontier, stored) = grow(&leaves[..size]);
        assert_eq!(hex::encode(frontier.root().0), expected);
        assert_eq!(hex::encode(root(size as u64, &stored).unwrap().0), expected);
    }
}

/// 32 bytes, or none for a text of another length: such a case must fail anyway.
fn hash(text: &str) -> Option<Hash> {
    Some(Hash(BASE64_STANDARD.decode(text).unwrap().try_into().ok()?))
}

fn proof(texts: Option<Vec<String>>) -> Option<Vec<Hash>> {
    texts.unwrap_or_default().iter().map(|text| hash(text)).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inclusion {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
    file: String,
}

impl Inclusion {
    fn holds(self) -> bool {
        let parts = (hash(&self.root), hash(&self.leaf_hash), proof(self.proof));
        let (Some(root), Some(leaf), Some(proof)) = parts else {
            return false;
        };
        verify_inclusion(&proof, self.tree_size, root, self.leaf_idx, leaf).is_ok()
    }
}

#[test]
fn inclusion_vectors() {
    let Some(text) = vectors("merkle_inclusion.jsonl") else {
        return;
    };
    let cases: Vec<Inclusion> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len(), 98);
    for case in cases {
        let (name, expected) = (case.file.clone(), !case.want_err);
        assert_eq!(case.holds(), expected, "{name}");
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consistency {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    want_err: bool,
    file: String,
}

impl Consistency {
    fn holds(self) -> bool {
        // One case that must hold gives two equal texts of 12 bytes as roots of one tree; widen
        // them, so that it says what it means to say.
        let widen = |text: &str| {
            hash(text).or_else(|| {
                let mut wide = BASE64_STANDARD.decode(text).unwrap();
                wide.resize(32, 0);
                Some(Hash(wide.try_into().ok()?))
            })
        };
        let parts = (widen(&self.root1), widen(&self.root2), proof(self.proof));
        let (Some(before), Some(root), Some(proof)) = parts else {
            return false;
        };
        verify_consistency(&proof, self.size2, root, self.size1, before).is_ok()
    }
}

#[test]
fn consistency_vectors() {
    let Some(text) = vectors("merkle_consistency.jsonl") else {
        return;
    };
    let cases: Vec<Consistency> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len(), 98);
    for case in cases {
        let (name, expected) = (case.file.clone(), !case.want_err);
        assert_eq!(case.holds(), expected, "{name}");
    }
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    let none = StoredHashes::new();
    let huge = [MAX_SIZE + 1, u64::MAX - 1, u64::MAX];
    for size in huge {
        assert_eq!(Frontier::needs(size), Err(TreeError::Size));
        assert_eq!(Frontier::new(size, &none), Err(TreeError::Size));
        assert_eq!(root(size, &none), Err(TreeError::Size));
        assert_eq!(stored_count(size), Err(TreeError::Size));
        assert_eq!(stored_index(0, size), Err(TreeError::Size));
        assert_eq!(needs_inclusion(size, 0), Err(TreeError::Size));
        assert_eq!(needs_consistency(size, 1), Err(TreeError::Size));
        assert_eq!(verify_inclusion(&[], size, EMPTY_ROOT, 0, EMPTY_ROOT), Err(TreeError::Size));
        assert_eq!(verify_consistency(&[], size, EMPTY_ROOT, 1, EMPTY_ROOT), Err(TreeError::Size));
    }
    assert_eq!(stored_index(41, 0), Err(TreeError::Size));
    assert_eq!(needs_inclusion(3, 3), Err(TreeError::Size));
    assert_eq!(prove_consistency(3, 0, &none), Err(TreeError::Size));
    assert_eq!(prove_consistency(3, 4, &none), Err(TreeError::Size));
    assert_eq!(root(1, &none), Err(TreeError::Missing(0)));
    assert_eq!(root(0, &none), Ok(EMPTY_ROOT));
    let long = vec![EMPTY_ROOT; MAX_PROOF + 1];
    assert_eq!(verify_inclusion(&long, 8, EMPTY_ROOT, 0, EMPTY_ROOT), Err(TreeError::Proof));
    let mut full = Frontier { size: MAX_SIZE, peaks: vec![EMPTY_ROOT] };
    assert_eq!(full.append(b"x"), Err(TreeError::Size));
    assert_eq!(full.push(EMPTY_ROOT), Err(TreeError::Size));
}

/// RFC 6962 section 2.1, word for word.
fn rebuilt(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => leaf_hash(leaf),
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            tlog::node_hash(rebuilt(&leaves[..half]), rebuilt(&leaves[half..]))
        }
    }
}

proptest! {
    #[test]
    fn a_grown_tree_is_the_rebuilt_tree(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..140)) {
        let (frontier, stored) = grow(&leaves);
        let size = leaves.len() as u64;
        prop_assert_eq!(frontier.root(), rebuilt(&leaves));
        prop_assert_eq!(root(size, &stored).unwrap(), rebuilt(&leaves));
        // Without a gap, and as the crate itself would store them.
        prop_assert_eq!(stored.len() as u64, stored_count(size).unwrap());
        prop_assert!(stored.keys().copied().eq(0..stored.len() as u64));
        if let Some((last, before)) = leaves.split_last() {
            let reader = Reader { stored: &stored, missing: RefCell::new(None) };
            let theirs = tlog::stored_hashes(before.len() as u64, last, &reader).unwrap();
            let ours: Vec<Hash> = stored.values().rev().take(theirs.len()).rev().copied().collect();
            prop_assert_eq!(ours, theirs);
        }
    }

    // An append reads O(log n) stored hashes and goes on where the last one ended.
    #[test]
    fn appending_in_pieces_is_appending_at_once(cuts in prop::collection::vec(0_usize..20, 1..8)) {
        let mut stored = StoredHashes::new();
        let (mut size, mut leaves) = (0_u64, Vec::new());
        for count in cuts {
            let needed = Frontier::needs(size).unwrap();
            prop_assert_eq!(needed.len(), size.count_ones() as usize);
            let read = needed.iter().map(|index| (*index, stored[index])).collect();
            let mut frontier = Frontier::new(size, &read).unwrap();
            for n in 0..count {
                let leaf = vec![u8::try_from(n).unwrap()];
                stored.extend(frontier.append(&leaf).unwrap());
                leaves.push(leaf);
            }
            size = frontier.size();
            prop_assert_eq!(frontier.root(), rebuilt(&leaves));
        }
    }

    #[test]
    fn proofs_hold_and_only_for_what_they_prove(size in 1_u64..70, a: prop::sample::Index, b: prop::sample::Index) {
        let leaves: Vec<Vec<u8>> = (0..size).map(|n| n.to_be_bytes().to_vec()).collect();
        let (frontier, stored) = grow(&leaves);
        let (index, before) = (a.index(leaves.len()) as u64, 1 + b.index(leaves.len()) as u64);
        let root = frontier.root();

        let needed: StoredHashes =
            needs_inclusion(size, index).unwrap().into_iter().map(|index| (index, stored[&index])).collect();
        let proof = prove_inclusion(size, index, &needed).unwrap();
        let leaf = leaf_hash(&leaves[a.index(leaves.len())]);
        prop_assert!(verify_inclusion(&proof, size, root, index, leaf).is_ok());
        prop_assert!(verify_inclusion(&proof, size, root, index, leaf_hash(b"other")).is_err());

        let needed: StoredHashes =
            needs_consistency(size, before).unwrap().into_iter().map(|index| (index, stored[&index])).collect();
        let proof = prove_consistency(size, before, &needed).unwrap();
        let root_before = rebuilt(&leaves[..=b.index(leaves.len())]);
        prop_assert!(verify_consistency(&proof, size, root, before, root_before).is_ok());
        prop_assert!(verify_consistency(&proof, size, root, before, leaf_hash(b"fork")).is_err());
    }

    #[test]
    fn arbitrary_proofs_do_no_harm(size: u64, n: u64, hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let proof: Vec<Hash> = hashes.into_iter().map(Hash).collect();
        prop_assert!(verify_inclusion(&proof, size % (MAX_SIZE + 9), EMPTY_ROOT, n, EMPTY_ROOT).is_err());
        let _ = verify_consistency(&proof, size % (MAX_SIZE + 9), EMPTY_ROOT, n % (MAX_SIZE + 9), EMPTY_ROOT);
    }
}
