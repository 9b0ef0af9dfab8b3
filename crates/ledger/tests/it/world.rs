//! A small ledger as its tables hold it, its export, and the program run over it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use ledger::SigningKey;
use ledger::checkpoint::Checkpoint;
use ledger::entry::{ActorRef, Code, Entry, Id, KEY_DESTROYED, Subject, detail_digest};
use ledger::export::{Detail, Exporter, MemoryFolder, Options};
use ledger::tree::{Frontier, Hash, leaf_hash};

pub(crate) const ORIGIN: &str = "ledger.council.example";
pub(crate) const AT_MS: i64 = 1_763_769_600_000;
pub(crate) const SALT: [u8; 32] = [3; 32];

pub(crate) fn key() -> SigningKey {
    SigningKey::generate(ORIGIN, &[1; 32]).unwrap()
}

pub(crate) fn other_key() -> SigningKey {
    SigningKey::generate(ORIGIN, &[2; 32]).unwrap()
}

#[derive(Clone)]
pub(crate) enum Said {
    Nothing,
    Body(Vec<u8>),
    Destroyed(u64),
}

/// One row as the ledger's tables hold it.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) bytes: Vec<u8>,
    pub(crate) leaf: Hash,
    pub(crate) said: Said,
}

/// A ledger as its tables hold it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) rows: Vec<Row>,
    pub(crate) checkpoints: Vec<String>,
    pub(crate) head: (u64, Hash),
}

pub(crate) fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

pub(crate) fn plain(index: u64) -> Entry {
    Entry {
        index,
        at_ms: AT_MS + i64::try_from(index).unwrap(),
        actor: ActorRef { kind: code("account"), id: id("a-1"), membership: Some(id("m-1")) },
        action: code("case.stepped"),
        subject: Subject { kind: code("proposal"), id: id(&format!("p-{index}")) },
        about: BTreeMap::from([(code("reference"), id("OFF-2026-000001"))]),
        detail: None,
    }
}

pub(crate) fn row(mut entry: Entry, said: Said) -> Row {
    if let Said::Body(body) = &said {
        entry.detail = Some(detail_digest(&SALT, body));
    }
    if let Said::Destroyed(_) = said {
        entry.detail = Some(detail_digest(&SALT, b"gone"));
    }
    let bytes = entry.to_bytes().unwrap();
    Row { leaf: leaf_hash(&bytes), bytes, said }
}

pub(crate) fn root_of(rows: &[Row]) -> Hash {
    let mut frontier = Frontier::default();
    for row in rows {
        frontier.push(row.leaf).unwrap();
    }
    frontier.root()
}

impl World {
    /// Ten entries: two details, one destroyed; checkpoints at 3 and 6.
    pub(crate) fn new() -> Self {
        Self::of(10)
    }

    pub(crate) fn of(count: u64) -> Self {
        let mut rows = Vec::new();
        for index in 0..count {
            rows.push(match index {
                1 => row(plain(1), Said::Body("Grünes Licht\n\u{1}".as_bytes().to_vec())),
                2 => row(plain(2), Said::Body(vec![0xff, 0, 0xfe])),
                4 if count > 7 => row(plain(4), Said::Destroyed(7)),
                7 => row(Entry { action: code(KEY_DESTROYED), subject: plain(4).subject, ..plain(7) }, Said::Nothing),
                _ => row(plain(index), Said::Nothing),
            });
        }
        let mut world = Self { rows, checkpoints: Vec::new(), head: (0, Hash([0; 32])) };
        world.checkpoints = [3, 6].into_iter().filter(|n| *n < count).map(|n| world.checkpoint(n, &key())).collect();
        world.settle();
        world
    }

    pub(crate) fn checkpoint(&self, size: u64, key: &SigningKey) -> String {
        let root = root_of(&self.rows[..usize::try_from(size).unwrap()]);
        Checkpoint::sign(key, size, root, AT_MS).unwrap()
    }

    /// Makes the stored head that of the rows.
    pub(crate) fn settle(&mut self) {
        self.head = (self.rows.len() as u64, root_of(&self.rows));
    }

    /// What a forger does who can write every table: all hashes made anew.
    pub(crate) fn rehash(&mut self) {
        for row in &mut self.rows {
            row.leaf = leaf_hash(&row.bytes);
        }
        self.settle();
    }

    pub(crate) fn export(&self, key: &SigningKey, details: bool) -> MemoryFolder {
        let mut folder = MemoryFolder::new();
        let options = Options { details, chunk: 4, ..Options::new(AT_MS) };
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

pub(crate) fn write(folder: &MemoryFolder, dir: &Path) {
    for (name, bytes) in folder {
        fs::write(dir.join(name), bytes).unwrap();
    }
}

/// Runs the program over a folder; returns its exit code and what it printed.
pub(crate) fn run_dir(dir: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ledger-verify")).arg(dir).args(arguments).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

pub(crate) fn run(folder: &MemoryFolder, arguments: &[&str]) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    write(folder, dir.path());
    run_dir(dir.path(), arguments)
}

pub(crate) fn run_after(folder: &MemoryFolder, note: &str, arguments: &[&str]) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kept");
    fs::write(&file, note).unwrap();
    run(folder, &[&["--after", file.to_str().unwrap()], arguments].concat())
}

/// Changes a row's bytes and leaves its stored hash.
pub(crate) fn replace(row: &mut Row, from: &str, to: &str) {
    let text = String::from_utf8(row.bytes.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    row.bytes = text.replacen(from, to, 1).into_bytes();
}
