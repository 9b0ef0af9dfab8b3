//! All files of entries, checked side by side and put together.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::entry::Restore;
use crate::export::{Manifest, Source};
use crate::tree::{EMPTY_ROOT, Frontier, Hash};

use super::chunk::{self, Chunk};
use super::report::{Problem, Tampering};
use super::{Heads, Stop};

/// Most files checked at once.
const MAX_THREADS: usize = 8;

/// What all files of entries together give.
pub(super) struct Whole {
    pub(super) frontier: Frontier,
    pub(super) roots: BTreeMap<u64, Hash>,
    pub(super) restores: Vec<(u64, Restore)>,
    pub(super) opened: u64,
    pub(super) destroyed: u64,
}

impl Whole {
    pub(super) fn read(source: &dyn Source, manifest: &Manifest, heads: &Heads, problems: &mut Vec<Problem>) -> Result<Self, Stop> {
        let sizes = heads.sizes(manifest);
        let chunks = check_chunks(source, manifest, &sizes)?;
        let mut whole =
            Self { frontier: Frontier::default(), roots: BTreeMap::from([(0, EMPTY_ROOT)]), restores: Vec::new(), opened: 0, destroyed: 0 };
        let (mut destroyers, mut claims) = (BTreeMap::new(), BTreeMap::new());
        for mut chunk in chunks {
            for at_size in &chunk.at_sizes {
                let mut tree = whole.frontier.clone();
                if tree.join(at_size).is_ok() {
                    whole.roots.insert(tree.size(), tree.root());
                }
            }
            // A tree that cannot be joined lacks entries, which was noted where they lack.
            let _ = whole.frontier.join(&chunk.frontier);
            whole.opened += chunk.opened;
            whole.destroyed += chunk.destroyed;
            whole.restores.append(&mut chunk.restores);
            destroyers.append(&mut chunk.destroyers);
            for (claim, first) in chunk.claims {
                claims.entry(claim).or_insert(first);
            }
            problems.append(&mut chunk.problems);
        }
        // Where entries are not sound, the one that destroyed may not have been read.
        let unsound = !problems.is_empty();
        for ((by, subject), first) in claims {
            if unsound {
                break;
            }
            if destroyers.get(&by) != Some(&subject) {
                problems.push(Problem::entry(Tampering::DetailNotDestroyed, first));
            }
        }
        Ok(whole)
    }
}

/// Checks the files of entries, several at once, and returns them in order.
fn check_chunks(source: &dyn Source, manifest: &Manifest, sizes: &[u64]) -> Result<Vec<Chunk>, Stop> {
    let count = manifest.size.div_ceil(manifest.chunk);
    let next = AtomicU64::new(0);
    let done = Mutex::new(BTreeMap::<u64, io::Result<Chunk>>::new());
    let work = || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                break;
            }
            let first = n * manifest.chunk;
            let from = sizes.partition_point(|size| *size <= first);
            let to = sizes.partition_point(|size| *size <= first + manifest.chunk);
            let chunk = chunk::check(source, manifest, first, sizes.get(from..to).unwrap_or_default());
            let failed = chunk.is_err();
            if let Ok(mut done) = done.lock() {
                done.insert(n, chunk);
            }
            if failed {
                break;
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    std::thread::scope(|scope| {
        for _ in 1..threads.min(usize::try_from(count).unwrap_or(threads)) {
            // Where no thread can be had, this one does the work alone.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let done = done.into_inner().map_err(|_| Stop::Unusable("The verification failed.".to_owned()))?;
    let chunks: Vec<Chunk> = done.into_values().collect::<Result<_, _>>()?;
    if chunks.len() as u64 != count {
        return Err(Stop::Unusable("The verification failed.".to_owned()));
    }
    Ok(chunks)
}
