//! Verifying an exported ledger, against hashing its leaves and nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use ledger::export::MemoryFolder;
use ledger::verify::{Options, Outcome, verify};
use sha2::{Digest as _, Sha256};

use crate::program::{fresh, run};
use crate::table::table;

/// Exports the ledger in `data` and verifies it from memory, several times over; the best of each is taken.
pub fn measure(program: &Path, data: &Path) -> Result<String> {
    let out = fresh(data, "bench-export")?;
    run(program, &["ledger", "export", &out.display().to_string(), "--data", &data.display().to_string()])?;
    let mut folder = MemoryFolder::new();
    for item in std::fs::read_dir(&out)? {
        let item = item?;
        folder.insert(item.file_name().to_string_lossy().into_owned(), std::fs::read(item.path())?);
    }
    let leaves: Vec<&[u8]> = folder
        .iter()
        .filter(|(name, _)| name.starts_with("entries-"))
        .flat_map(|(_, bytes)| bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()))
        .collect();
    let (mut whole, mut bare) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        let began = Instant::now();
        let report = verify(&folder, &Options::default());
        whole = whole.min(began.elapsed());
        if report.outcome != Outcome::Verified {
            bail!("the export is not verified: {report:?}");
        }
        let began = Instant::now();
        let root = root(&leaves);
        bare = bare.min(began.elapsed());
        if hex(&root) != report.root {
            bail!("hashing the leaves gives another root");
        }
    }
    std::fs::remove_dir_all(&out)?;
    let rate = |time: Duration| format!("{:.0}", leaves.len() as f64 / time.as_secs_f64());
    let rows = vec![
        vec![
            "`ledger-verify`, all of it".to_owned(),
            leaves.len().to_string(),
            rate(whole),
            format!("{:.2}", bare.as_secs_f64() / whole.as_secs_f64()),
        ],
        vec!["RFC 6962 hashing of the same leaves, one thread".to_owned(), leaves.len().to_string(), rate(bare), "1.00".to_owned()],
    ];
    Ok(table(
        "Ledger verification",
        "An export read into memory, best of five. The verifier also opens details, checks the manifest and the stored hashes; it uses every core.",
        &["what", "entries", "entries a second", "ratio"],
        &rows,
    ))
}

/// The root of RFC 6962 over these leaves.
fn root(leaves: &[&[u8]]) -> [u8; 32] {
    let mut level: Vec<[u8; 32]> = leaves.iter().map(|leaf| Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()).collect();
    while level.len() > 1 {
        // An odd one out goes up as it is, which is what splitting at the largest power of two comes to.
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into(),
                [one] => *one,
                _ => [0; 32],
            })
            .collect();
    }
    level.first().copied().unwrap_or_else(|| Sha256::digest([]).into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
