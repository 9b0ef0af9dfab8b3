//! An archive that was changed in any way is never verified, and nothing in it makes the verifier panic.
#![no_main]

use std::sync::OnceLock;

use ledger::archive::{Archiver, Options, Sum, verify};
use ledger::entry::{ActorRef, Code, Entry, Id, Subject, detail_digest};
use ledger::export::Detail;
use ledger::tree::{Frontier, StoredHashes, prove_inclusion};
use ledger::{SigningKey, verify::Options as Checks};
use libfuzzer_sys::fuzz_target;

const SALT: [u8; 32] = [3; 32];

/// Six entries of a ledger, two of them in the archive, one with a detail.
fn archive() -> &'static Vec<u8> {
    static ARCHIVE: OnceLock<Vec<u8>> = OnceLock::new();
    ARCHIVE.get_or_init(|| {
        let key = SigningKey::generate("ledger.council.example", &[1; 32]).unwrap();
        let (mut frontier, mut stored, mut lines) = (Frontier::default(), StoredHashes::new(), Vec::new());
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
            let line = entry.to_bytes().unwrap();
            stored.extend(frontier.append(&line).unwrap());
            lines.push(line);
        }
        let options = Options { made_at_ms: 1, about: Id::new("OFF-2026-000001").unwrap(), details: true };
        let mut archiver = Archiver::new(Vec::new(), options);
        archiver.file("case.html", b"<p>The case</p>").unwrap();
        let plan = b"%PDF-1.7\nThe plan\n";
        archiver.begin("files/1-v1-plan.pdf", Sum::of(plan)).unwrap();
        plan.chunks(5).for_each(|part| archiver.part(part).unwrap());
        archiver.end().unwrap();
        for index in [1, 4] {
            let proof = prove_inclusion(6, index, &stored).unwrap();
            let detail = (index == 1).then_some(Detail::Open { salt: &SALT, body: b"said" });
            archiver.entry(&lines[index as usize], &proof, detail).unwrap();
        }
        archiver.finish(&key, 6, frontier.root()).unwrap()
    })
}

/// What is done: how, where, and with what.
type Change<'a> = (u8, u16, &'a [u8]);

fuzz_target!(|changes: (Change<'_>, Option<Change<'_>>)| {
    let whole = archive();
    let mut bytes = whole.clone();
    for (how, at, part) in [Some(changes.0), changes.1].into_iter().flatten() {
        let at = usize::from(at) % (bytes.len() + 1);
        let end = (at + part.len()).min(bytes.len());
        match how % 5 {
            0 => drop(bytes.splice(at..end, part.iter().copied())),
            1 => drop(bytes.splice(at..at, part.iter().copied())),
            2 => bytes.truncate(at),
            3 => bytes = part.to_vec(),
            _ => drop(bytes.drain(at..end)),
        }
    }
    let report = verify(bytes.as_slice(), &Checks::default());
    assert_eq!(report.outcome.exit_code() == 0, bytes == *whole, "{report}");
});
