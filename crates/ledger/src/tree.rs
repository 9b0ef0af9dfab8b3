//! The Merkle tree over the entries: RFC 6962 hashes, stored in the C2SP order of tile hashes.
//!
//! A tree of n entries is a growing list of *stored hashes*; [`stored_index`] says where the hash
//! of a node lies. Whoever keeps the list reads the few hashes that an operation needs
//! (`needs_…` names them, so that an asynchronous store can fetch them first) and hands them in as
//! [`StoredHashes`]. The mathematics is that of the crate `tlog_tiles`, a port of Go's `tlog`; it
//! asserts on sizes that cannot be, so sizes are checked here before it is called.
//!
//! To append:
//!
//! ```
//! # use ledger::tree::{Frontier, StoredHashes, TreeError};
//! # fn main() -> Result<(), TreeError> {
//! # let (size, mut rows) = (0_u64, std::collections::BTreeMap::new());
//! let needed = Frontier::needs(size)?;            // at most 40 indexes: read these rows
//! let read: StoredHashes = needed.iter().filter_map(|i| rows.get(i).map(|h| (*i, *h))).collect();
//! let mut frontier = Frontier::new(size, &read)?;
//! for leaf in [b"one".as_slice(), b"two"] {
//!     for (index, hash) in frontier.append(leaf)? {
//!         rows.insert(index, hash);               // write these rows
//!     }
//! }
//! let head = (frontier.size(), frontier.root());
//! # assert_eq!(head.0, 2); Ok(()) }
//! ```

use std::cell::RefCell;
use std::collections::BTreeMap;

use tlog_tiles::tlog;

pub use tlog_tiles::tlog::Hash;

#[cfg(test)]
mod tests;

/// Largest tree, in entries: 2⁴⁰.
pub const MAX_SIZE: u64 = 1 << 40;
/// Longest proof that can be right for a tree of at most [`MAX_SIZE`] entries.
pub const MAX_PROOF: usize = 64;

/// Why the tree refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The size or index lies outside the tree or beyond [`MAX_SIZE`].
    #[error("the size or index lies outside the tree")]
    Size,
    /// A stored hash that is needed was not handed in: its storage index.
    #[error("stored hash {0} is missing")]
    Missing(u64),
    /// A proof does not fit.
    #[error("the proof does not fit")]
    Proof,
}

/// Stored hashes by storage index.
pub type StoredHashes = BTreeMap<u64, Hash>;

/// The hash of a leaf: SHA-256 of a zero byte and the entry's canonical bytes.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    tlog::record_hash(leaf)
}

/// The root of the empty tree.
pub const EMPTY_ROOT: Hash = tlog::EMPTY_HASH;

/// Where the `n`th hash of `level` is stored; level 0 holds the leaves.
///
/// # Errors
/// [`TreeError::Size`] when such a node cannot be in a tree of [`MAX_SIZE`].
pub fn stored_index(level: u8, n: u64) -> Result<u64, TreeError> {
    if level > 40 || n >= MAX_SIZE >> level {
        return Err(TreeError::Size);
    }
    Ok(tlog::stored_hash_index(level, n))
}

/// How many hashes a tree of `size` entries stores.
///
/// # Errors
/// [`TreeError::Size`].
pub fn stored_count(size: u64) -> Result<u64, TreeError> {
    checked(size).map(tlog::stored_hash_count)
}

fn checked(size: u64) -> Result<u64, TreeError> {
    if size <= MAX_SIZE { Ok(size) } else { Err(TreeError::Size) }
}

/// The right edge of a tree: the roots of its complete subtrees, largest first. It is all that
/// appending needs, and gives the tree's root.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The storage indexes of the hashes that make the frontier of a tree of `size` entries, in
    /// ascending order; as many as `size` has one bits.
    ///
    /// # Errors
    /// [`TreeError::Size`].
    pub fn needs(size: u64) -> Result<Vec<u64>, TreeError> {
        Ok(tlog::sub_tree_index(0, checked(size)?, Vec::new()))
    }

    /// The frontier of a tree of `size` entries, from the stored hashes that [`Frontier::needs`]
    /// names.
    ///
    /// # Errors
    /// [`TreeError::Size`], [`TreeError::Missing`].
    pub fn new(size: u64, stored: &StoredHashes) -> Result<Self, TreeError> {
        let peaks = Self::needs(size)?
            .into_iter()
            .map(|index| stored.get(&index).copied().ok_or(TreeError::Missing(index)))
            .collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends an entry's canonical bytes; returns the hashes to store, with their storage
    /// indexes, which follow each other without a gap from where the last append ended.
    ///
    /// # Errors
    /// [`TreeError::Size`] when the tree is full.
    pub fn append(&mut self, leaf: &[u8]) -> Result<Vec<(u64, Hash)>, TreeError> {
        if self.size >= MAX_SIZE {
            return Err(TreeError::Size);
        }
        let first = tlog::stored_hash_index(0, self.size);
        let mut stored = Vec::with_capacity(2);
        self.grow(leaf_hash(leaf), |hash| stored.push(hash))?;
        Ok((first..).zip(stored).collect())
    }

    /// Appends a leaf by its hash, for whoever stores nothing.
    ///
    /// # Errors
    /// [`TreeError::Size`] when the tree is full.
    pub fn push(&mut self, leaf: Hash) -> Result<(), TreeError> {
        self.grow(leaf, |_| ())
    }

    fn grow(&mut self, leaf: Hash, mut store: impl FnMut(Hash)) -> Result<(), TreeError> {
        if self.size >= MAX_SIZE {
            return Err(TreeError::Size);
        }
        let mut hash = leaf;
        store(hash);
        // Each trailing one bit of the size is a complete subtree that this leaf joins.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = tlog::node_hash(left, hash);
                store(hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
        Ok(())
    }

    /// Appends all entries of `other`, a tree of its own. This tree's size must be a multiple of the
    /// largest complete subtree in `other`.
    ///
    /// # Errors
    /// [`TreeError::Size`] when it is not, or the tree is full.
    pub fn join(&mut self, other: &Self) -> Result<(), TreeError> {
        let mut left = other.size;
        for peak in &other.peaks {
            let level = left.checked_ilog2().ok_or(TreeError::Size)?;
            let width = 1_u64 << level;
            if !self.size.is_multiple_of(width) || self.size + width > MAX_SIZE {
                return Err(TreeError::Size);
            }
            let mut hash = *peak;
            for _ in 0..(self.size >> level).trailing_ones() {
                if let Some(before) = self.peaks.pop() {
                    hash = tlog::node_hash(before, hash);
                }
            }
            self.peaks.push(hash);
            self.size += width;
            left -= width;
        }
        Ok(())
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(mut hash) = peaks.next().copied() else {
            return EMPTY_ROOT;
        };
        for left in peaks {
            hash = tlog::node_hash(*left, hash);
        }
        hash
    }
}

/// Hands stored hashes to `tlog_tiles`, and remembers which one was missing.
struct Reader<'a> {
    stored: &'a StoredHashes,
    missing: RefCell<Option<u64>>,
}

impl tlog::HashReader for Reader<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog::Error> {
        let read = |index: &u64| {
            self.stored.get(index).copied().ok_or_else(|| {
                self.missing.replace(Some(*index));
                tlog::Error::IndexesNotInTree
            })
        };
        indexes.iter().map(read).collect()
    }
}

/// Answers every read with an empty hash, and remembers what was asked for.
#[derive(Default)]
struct Asked(RefCell<Vec<u64>>);

impl tlog::HashReader for Asked {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog::Error> {
        self.0.borrow_mut().extend_from_slice(indexes);
        Ok(vec![EMPTY_ROOT; indexes.len()])
    }
}

fn read<T>(stored: &StoredHashes, run: impl FnOnce(&Reader<'_>) -> Result<T, tlog::Error>) -> Result<T, TreeError> {
    let reader = Reader { stored, missing: RefCell::new(None) };
    run(&reader).map_err(|_| reader.missing.take().map_or(TreeError::Size, TreeError::Missing))
}

fn asked<T>(run: impl FnOnce(&Asked) -> Result<T, tlog::Error>) -> Result<Vec<u64>, TreeError> {
    let asked = Asked::default();
    run(&asked).map_err(|_| TreeError::Size)?;
    Ok(asked.0.into_inner())
}

/// The root of the first `size` entries, from the stored hashes that [`Frontier::needs`] names.
///
/// # Errors
/// [`TreeError::Size`], [`TreeError::Missing`].
pub fn root(size: u64, stored: &StoredHashes) -> Result<Hash, TreeError> {
    checked(size)?;
    read(stored, |reader| tlog::tree_hash(size, reader))
}

fn inclusion_sizes(size: u64, index: u64) -> Result<(), TreeError> {
    if index < checked(size)? { Ok(()) } else { Err(TreeError::Size) }
}

fn consistency_sizes(size: u64, before: u64) -> Result<(), TreeError> {
    if (1..=checked(size)?).contains(&before) { Ok(()) } else { Err(TreeError::Size) }
}

/// The storage indexes that [`prove_inclusion`] reads.
///
/// # Errors
/// [`TreeError::Size`] unless `index` < `size`.
pub fn needs_inclusion(size: u64, index: u64) -> Result<Vec<u64>, TreeError> {
    inclusion_sizes(size, index)?;
    asked(|reader| tlog::prove_record(size, index, reader))
}

/// The proof that the tree of `size` entries holds entry `index`.
///
/// # Errors
/// [`TreeError::Size`] unless `index` < `size`; [`TreeError::Missing`].
pub fn prove_inclusion(size: u64, index: u64, stored: &StoredHashes) -> Result<Vec<Hash>, TreeError> {
    inclusion_sizes(size, index)?;
    read(stored, |reader| tlog::prove_record(size, index, reader))
}

/// Checks that the tree of `size` entries with `root` holds `leaf` at `index`.
///
/// # Errors
/// [`TreeError::Size`] unless `index` < `size`; [`TreeError::Proof`] when it does not fit.
pub fn verify_inclusion(proof: &[Hash], size: u64, root: Hash, index: u64, leaf: Hash) -> Result<(), TreeError> {
    inclusion_sizes(size, index)?;
    if proof.len() > MAX_PROOF {
        return Err(TreeError::Proof);
    }
    tlog::check_record(&proof.to_vec(), size, root, index, leaf).map_err(|_| TreeError::Proof)
}

/// The storage indexes that [`prove_consistency`] reads.
///
/// # Errors
/// [`TreeError::Size`] unless 1 ≤ `before` ≤ `size`.
pub fn needs_consistency(size: u64, before: u64) -> Result<Vec<u64>, TreeError> {
    consistency_sizes(size, before)?;
    asked(|reader| tlog::prove_tree(size, before, reader))
}

/// The proof that the tree of `size` entries begins with all entries of the tree of `before`.
///
/// # Errors
/// [`TreeError::Size`] unless 1 ≤ `before` ≤ `size`; [`TreeError::Missing`].
pub fn prove_consistency(size: u64, before: u64, stored: &StoredHashes) -> Result<Vec<Hash>, TreeError> {
    consistency_sizes(size, before)?;
    read(stored, |reader| tlog::prove_tree(size, before, reader))
}

/// Checks that the tree of `size` entries with `root` begins with all entries of the tree of
/// `before` entries with `root_before`.
///
/// # Errors
/// [`TreeError::Size`] unless 1 ≤ `before` ≤ `size`; [`TreeError::Proof`] when it does not fit.
pub fn verify_consistency(proof: &[Hash], size: u64, root: Hash, before: u64, root_before: Hash) -> Result<(), TreeError> {
    consistency_sizes(size, before)?;
    if proof.len() > MAX_PROOF {
        return Err(TreeError::Proof);
    }
    tlog::check_tree(&proof.to_vec(), size, root, before, root_before).map_err(|_| TreeError::Proof)
}
