//! Verifies an export: offline, without the ledger's master key, and without trust in who wrote it.

mod chunk;
mod read;
mod report;
mod whole;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::checkpoint::{Checkpoint, CheckpointError, MAX_CHECKPOINT};
use crate::export::{
    CHECKPOINTS, CheckpointLine, HEAD, Listed, MANIFEST, Manifest, RESTORES, RestoreLine, Source, details_name, entries_name, hashes_name,
};
use crate::key::{MAX_NOTE, VerifyingKey, open_note};
use crate::tree::Hash;

use read::{FileReader, Line};
use whole::Whole;

pub use report::{After, Outcome, Problem, Report, Restored, Tampering};

/// Most files that a folder may hold.
const MAX_FILES: usize = 100_000;
/// Most checkpoints and restores that are read.
const MAX_LINES: usize = 1_000_000;

/// What the verifier's user gives besides the export.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The ledger's key, known from elsewhere. Without it the export's own is used.
    pub key: Option<VerifyingKey>,
    /// The text of an earlier checkpoint, kept elsewhere.
    pub after: Option<String>,
}

/// Why verification stopped before its end.
pub(crate) enum Stop {
    Unusable(String),
    Tampered(Problem),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Unusable(format!("The export cannot be read: {error}"))
    }
}

/// Verifies an export. The report says how it ended; nothing in the export makes this panic.
pub fn verify(source: &dyn Source, options: &Options) -> Report {
    reported(|report| run(source, options, report))
}

/// The report that a verification fills, and how it ended.
pub(crate) fn reported(run: impl FnOnce(&mut Report) -> Result<Vec<Problem>, Stop>) -> Report {
    let mut report = Report::refused(String::new());
    match run(&mut report) {
        Ok(problems) => {
            report.outcome = Outcome::Verified;
            report.settled(problems)
        }
        Err(Stop::Tampered(problem)) => report.settled(vec![problem]),
        Err(Stop::Unusable(why)) => Report { outcome: Outcome::Unusable(why), ..report },
    }
}

fn run(source: &dyn Source, options: &Options, report: &mut Report) -> Result<Vec<Problem>, Stop> {
    let (manifest, listed, key) = open(source, options)?;
    report.head((manifest.size, manifest.root), &key, options.key.is_some());
    report.details_left_out = !manifest.details;

    let after = options.after.as_deref().map(|note| after_note(note, options, &manifest)).transpose()?;
    let mut problems = Vec::new();
    if !names(&manifest, &listed, &mut problems) {
        return Ok(problems);
    }
    let heads = Heads::read(source, &manifest, after, &mut problems)?;
    let whole = Whole::read(source, &manifest, &heads, &mut problems)?;
    report.details = whole.opened;
    report.destroyed = whole.destroyed;
    judge(&manifest, &heads, &whole, report, &mut problems);
    Ok(problems)
}

/// Lists the folder, reads the manifest and checks its signature.
fn open(source: &dyn Source, options: &Options) -> Result<(Manifest, Vec<Listed>, VerifyingKey), Stop> {
    let unusable = |why: &str| Stop::Unusable(why.to_owned());
    let listed = source.list()?;
    if listed.len() > MAX_FILES {
        return Err(unusable("The folder holds too many files to be an export."));
    }
    match listed.iter().find(|file| file.name == MANIFEST) {
        Some(file) if file.plain => {}
        _ if !holds_export(&listed) => return Err(unusable("The folder holds no manifest, so it is no export of a ledger.")),
        Some(_) => return Err(Stop::Tampered(Problem::file(Tampering::FileNotPlain, MANIFEST))),
        None => return Err(Stop::Tampered(Problem::file(Tampering::FileMissing, MANIFEST))),
    }
    let mut note = Vec::new();
    let longest = MAX_NOTE as u64 + 1;
    io::Read::read_to_end(&mut io::Read::take(source.open(MANIFEST)?, longest), &mut note)?;
    let Some((manifest, own)) = manifest_of(&note) else {
        return Err(if holds_export(&listed) && !is_signed(&note, options) {
            Stop::Tampered(Problem::file(Tampering::FileChanged, MANIFEST))
        } else {
            unusable("The manifest is malformed or of a newer version, so nothing in the export can be trusted.")
        });
    };
    let key = options.key.clone().unwrap_or(own);
    match open_note(&note, std::slice::from_ref(&key), true) {
        Ok(_) => Ok((manifest, listed, key)),
        Err(_) => Err(Stop::Tampered(Problem::file(Tampering::ManifestForged, MANIFEST))),
    }
}

/// The manifest that a note holds, and the key that it says it is signed with.
fn manifest_of(note: &[u8]) -> Option<(Manifest, VerifyingKey)> {
    let (text, _) = std::str::from_utf8(note).ok()?.rsplit_once("\n\n")?;
    let manifest = Manifest::from_text(&format!("{text}\n"))?;
    let own = manifest.keys.first()?.clone();
    Some((manifest, own))
}

/// Whether a note that is no manifest of ours was signed just so, by the key given or else by the first that it names.
fn is_signed(note: &[u8], options: &Options) -> bool {
    let named = || std::str::from_utf8(note).ok()?.lines().find_map(|line| line.strip_prefix("key ")).map(VerifyingKey::parse)?.ok();
    let key = options.key.clone().or_else(named);
    key.is_some_and(|key| open_note(note, std::slice::from_ref(&key), true).is_ok())
}

/// Whether other files of an export lie in the folder: then a manifest that is missing or broken was taken away or changed.
fn holds_export(listed: &[Listed]) -> bool {
    let first = entries_name(0);
    listed.iter().any(|file| [HEAD, CHECKPOINTS, first.as_str()].contains(&file.name.as_str()))
}

/// Compares the folder with the manifest, and the manifest with what an export of this size holds;
/// says whether every file that the rest reads is there.
fn names(manifest: &Manifest, listed: &[Listed], problems: &mut Vec<Problem>) -> bool {
    let found: BTreeMap<&str, bool> = listed.iter().map(|file| (file.name.as_str(), file.plain)).collect();
    for (name, plain) in &found {
        if !plain {
            problems.push(Problem::file(Tampering::FileNotPlain, name));
        } else if *name != MANIFEST && manifest.file(name).is_none() {
            problems.push(Problem::file(Tampering::FileAdded, name));
        }
    }
    let mut whole = true;
    for file in &manifest.files {
        let plain = found.get(file.name.as_str());
        whole &= plain == Some(&true);
        if plain.is_none() {
            problems.push(Problem::file(Tampering::FileMissing, &file.name));
        }
    }

    let mut expected = BTreeSet::from([HEAD.to_owned(), CHECKPOINTS.to_owned(), RESTORES.to_owned()]);
    // No more than there are files, whatever size the manifest claims.
    let chunks = manifest.size.div_ceil(manifest.chunk).min(manifest.files.len() as u64);
    for first in (0..chunks).map(|n| n * manifest.chunk) {
        let entries = entries_name(first);
        if manifest.file(&entries).is_none() || !found.contains_key(entries.as_str()) {
            let last = manifest.size.min(first + manifest.chunk) - 1;
            problems.push(Problem::range(Tampering::EntriesMissing, first, last));
        }
        let details = details_name(first);
        if manifest.details && manifest.file(&details).is_some() {
            expected.insert(details);
        }
        expected.extend([entries, hashes_name(first)]);
    }
    for name in expected.iter().filter(|name| manifest.file(name).is_none()) {
        whole = false;
        problems.push(Problem::file(Tampering::FileMissing, name));
    }
    for file in manifest.files.iter().filter(|file| !expected.contains(&file.name)) {
        problems.push(Problem::file(Tampering::FileAdded, &file.name));
    }
    whole
}

/// The earlier checkpoint that was given.
fn after_note(note: &str, options: &Options, manifest: &Manifest) -> Result<Checkpoint, Stop> {
    let mut keys = manifest.keys.clone();
    keys.extend(options.key.clone().filter(|key| !manifest.keys.contains(key)));
    let unusable = |why: &str| Stop::Unusable(why.to_owned());
    Checkpoint::verify(note, &keys).map_err(|error| match error {
        CheckpointError::Malformed => unusable("The earlier checkpoint that you gave is malformed."),
        CheckpointError::Signature => unusable("The signature of the checkpoint that you gave does not fit."),
        CheckpointError::Origin(origin) => Stop::Unusable(format!("The checkpoint that you gave is of another ledger: {origin:?}")),
        CheckpointError::UnknownKey => Stop::Tampered(Problem::new(Tampering::AfterKey)),
    })
}

/// Checkpoints and restores as the export lists them.
struct Heads {
    checkpoints: Vec<(u64, Hash)>,
    restores: Vec<RestoreLine>,
    after: Option<Checkpoint>,
}

impl Heads {
    fn read(source: &dyn Source, manifest: &Manifest, after: Option<Checkpoint>, problems: &mut Vec<Problem>) -> Result<Self, Stop> {
        let mut checkpoints = Vec::new();
        lines(source, manifest, CHECKPOINTS, problems, |line, problems| {
            let read = exactly::<CheckpointLine>(line).map(|line| Checkpoint::verify(&line.note, &manifest.keys));
            match read {
                Some(Ok(checkpoint)) => checkpoints.push((checkpoint.size, checkpoint.root)),
                _ => problems.push(Problem::file(Tampering::CheckpointForged, CHECKPOINTS)),
            }
        })?;
        let mut restores = Vec::new();
        lines(source, manifest, RESTORES, problems, |line, problems| match exactly::<RestoreLine>(line) {
            Some(line) => restores.push(line),
            None => problems.push(Problem::file(Tampering::RestoreDiffers, RESTORES)),
        })?;
        if let Some(file) = manifest.file(HEAD) {
            let mut reader = FileReader::open(source, file)?;
            let note = reader.all(MAX_CHECKPOINT as u64)?;
            let head = note.and_then(|note| String::from_utf8(note).ok()).and_then(|note| Checkpoint::verify(&note, &manifest.keys).ok());
            if !reader.intact(None)? {
                problems.push(Problem::file(Tampering::FileChanged, HEAD));
            } else if head.is_none_or(|head| head.size != manifest.size || head.root != manifest.root) {
                problems.push(Problem::file(Tampering::CheckpointForged, HEAD));
            }
        }
        Ok(Self { checkpoints, restores, after })
    }

    /// Every size at which the root is wanted, ascending.
    fn sizes(&self, manifest: &Manifest) -> Vec<u64> {
        let checkpoints = self.checkpoints.iter().map(|(size, _)| *size);
        let restores = self.restores.iter().map(|restore| restore.size);
        let after = self.after.iter().map(|after| after.size);
        let sizes: BTreeSet<u64> = checkpoints.chain(restores).chain(after).filter(|size| (1..=manifest.size).contains(size)).collect();
        sizes.into_iter().collect()
    }
}

/// Reads a line that would be written again just so.
fn exactly<T: serde::Serialize + serde::de::DeserializeOwned>(line: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(line).ok()?;
    (serde_json::to_vec(&read).ok()? == line).then_some(read)
}

fn lines(
    source: &dyn Source,
    manifest: &Manifest,
    name: &str,
    problems: &mut Vec<Problem>,
    mut take: impl FnMut(&[u8], &mut Vec<Problem>),
) -> Result<(), Stop> {
    let Some(file) = manifest.file(name) else {
        return Ok(());
    };
    let mut reader = FileReader::open(source, file)?;
    let (mut count, mut found) = (0, Vec::new());
    loop {
        let more = reader.line(2 * MAX_CHECKPOINT, |read, line| {
            match read {
                Line::Whole => take(line, &mut found),
                Line::Bad => found.push(Problem::file(Tampering::FileChanged, name)),
                Line::End => return false,
            }
            true
        })?;
        if !more {
            break;
        }
        count += 1;
        if count > MAX_LINES {
            return Err(Stop::Unusable(format!("The file {name} holds too many lines.")));
        }
    }
    if !reader.intact(None)? {
        found = vec![Problem::file(Tampering::FileChanged, name)];
    }
    found.truncate(report::MAX_PROBLEMS);
    problems.append(&mut found);
    Ok(())
}

/// Compares the roots computed with those signed.
fn judge(manifest: &Manifest, heads: &Heads, whole: &Whole, report: &mut Report, problems: &mut Vec<Problem>) {
    let declared: Vec<RestoreLine> = whole
        .restores
        .iter()
        .map(|(entry, restore)| RestoreLine { entry: *entry, size: restore.size, root: hex::encode(restore.root) })
        .collect();
    let sound = problems.is_empty();
    if sound && declared != heads.restores {
        problems.push(Problem::file(Tampering::RestoreDiffers, RESTORES));
    }
    report.restores = declared.iter().map(|restore| Restored { entry: restore.entry, size: restore.size }).collect();
    for (entry, restore) in &whole.restores {
        let contained = restore.size <= *entry;
        if contained && whole.roots.get(&restore.size).is_some_and(|root| root.0 != restore.root) {
            problems.push(Problem::entry(Tampering::RestoreDiffers, *entry));
        }
    }

    // The largest checkpoint that fits says up to where the entries are sound.
    let mut fits = 0;
    let mut differs: Option<u64> = None;
    let mut checkpoints = heads.checkpoints.clone();
    checkpoints.push((manifest.size, manifest.root));
    checkpoints.sort_by_key(|(size, _)| *size);
    for (size, root) in &checkpoints {
        let computed = if *size == manifest.size {
            (whole.frontier.size() == *size).then(|| whole.frontier.root())
        } else {
            whole.roots.get(size).copied()
        };
        let lost = whole.restores.iter().any(|(at, declared)| declared.size == *size && declared.root == root.0 && *at < declared.size);
        if computed == Some(*root) {
            report.checkpoints += 1;
            if differs.is_none() {
                fits = *size;
            }
        } else if !lost && differs.is_none() {
            differs = Some(*size);
        }
    }
    report.checkpoints = report.checkpoints.saturating_sub(1); // the head's is not one of the list
    if let Some(size) = differs {
        let how = if size == manifest.size { Tampering::RootDiffers } else { Tampering::CheckpointDiffers };
        problems.push(Problem::range(how, fits.min(size), size.saturating_sub(1)));
    }
    if let Some(after) = &heads.after {
        match standing(after, manifest, whole) {
            Ok(after) => report.after = Some(after),
            Err(problem) => problems.push(problem),
        }
    }
}

/// How the ledger stands to the earlier checkpoint that was given.
fn standing(after: &Checkpoint, manifest: &Manifest, whole: &Whole) -> Result<After, Problem> {
    let size = after.size;
    if whole.roots.get(&size) == Some(&after.root) {
        return Ok(After::Continued { size });
    }
    // A restore covers what lies after the entry that declares it, up to the checkpoint it names.
    let covering = |exact: bool| {
        whole.restores.iter().find(|(entry, declared)| {
            let same = declared.size == size && declared.root == after.root.0;
            *entry < size && if exact { same } else { size < declared.size }
        })
    };
    if let Some((entry, _)) = covering(true) {
        return Ok(After::Restored { size, entry: *entry, exact: true });
    }
    if let Some((entry, _)) = covering(false) {
        return Ok(After::Restored { size, entry: *entry, exact: false });
    }
    let how = if size > manifest.size { Tampering::Truncated } else { Tampering::Forked };
    Err(if size > manifest.size { Problem::range(how, manifest.size, size - 1) } else { Problem::range(how, 0, size.saturating_sub(1)) })
}
