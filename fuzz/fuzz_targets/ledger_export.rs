//! An export that was changed in any way is never verified, and nothing in it makes the verifier panic.
#![no_main]

use std::sync::OnceLock;

use ledger::entry::{ActorRef, Code, Entry, Id, Subject, detail_digest};
use ledger::export::{Detail, Exporter, MemoryFolder, Options as ExportOptions};
use ledger::tree::{Frontier, leaf_hash};
use ledger::verify::{Options, verify};
use ledger::{Checkpoint, SigningKey};
use libfuzzer_sys::fuzz_target;

const SALT: [u8; 32] = [3; 32];

/// Six entries, one with a detail, and a checkpoint.
fn export() -> &'static MemoryFolder {
    static EXPORT: OnceLock<MemoryFolder> = OnceLock::new();
    EXPORT.get_or_init(|| {
        let key = SigningKey::generate("ledger.council.example", &[1; 32]).unwrap();
        let mut folder = MemoryFolder::new();
        let mut exporter = Exporter::new(&mut folder, &key, ExportOptions { chunk: 4, ..ExportOptions::new(0) }).unwrap();
        let mut frontier = Frontier::default();
        let mut note = String::new();
        for index in 0..6_u64 {
            let entry = Entry {
                index,
                at_ms: 1,
                actor: ActorRef { kind: Code::new("account").unwrap(), id: Id::new("a").unwrap(), membership: None },
                action: Code::new("case.stepped").unwrap(),
                subject: Subject { kind: Code::new("proposal").unwrap(), id: Id::new("p").unwrap() },
                about: Default::default(),
                detail: (index == 1).then(|| detail_digest(&SALT, b"said")),
            };
            let bytes = entry.to_bytes().unwrap();
            let leaf = leaf_hash(&bytes);
            frontier.push(leaf).unwrap();
            exporter.entry(&bytes, leaf, (index == 1).then_some(Detail::Open { salt: &SALT, body: b"said" })).unwrap();
            if index == 2 {
                note = Checkpoint::sign(&key, frontier.size(), frontier.root(), 1).unwrap();
            }
        }
        exporter.checkpoint(&note).unwrap();
        exporter.finish(frontier.size(), frontier.root()).unwrap();
        folder
    })
}

/// What is done to a file: which one, where, and with what.
type Change<'a> = (u8, u8, u16, &'a [u8]);

fuzz_target!(|changes: (Change<'_>, Option<Change<'_>>)| {
    let whole = export();
    let names: Vec<&String> = whole.keys().collect();
    let mut folder = whole.clone();
    for (file, how, at, bytes) in [Some(changes.0), changes.1].into_iter().flatten() {
        let name = names[usize::from(file) % names.len()];
        let Some(content) = folder.get_mut(name) else { continue };
        let at = usize::from(at) % (content.len() + 1);
        match how % 6 {
            0 => content.splice(at..(at + bytes.len()).min(content.len()), bytes.iter().copied()).for_each(drop),
            1 => content.splice(at..at, bytes.iter().copied()).for_each(drop),
            2 => content.truncate(at),
            3 => *content = bytes.to_vec(),
            4 => drop(folder.remove(name)),
            _ => drop(folder.insert(String::from_utf8_lossy(bytes).into_owned(), bytes.to_vec())),
        }
    }
    let report = verify(&folder, &Options::default());
    assert_eq!(report.outcome.exit_code() == 0, folder == *whole, "{report}");
});
