//! What a verification found.

use std::fmt;

use serde::Serialize;

use crate::key::VerifyingKey;
use crate::tree::Hash;

/// Most problems that are listed; there may be more.
pub(super) const MAX_PROBLEMS: usize = 100;

/// How the export, or the ledger in it, differs from what was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tampering {
    /// The entry's bytes are not those whose hash the ledger stored.
    EntryChanged,
    /// The entry is not in canonical form.
    EntryMalformed,
    /// Another entry stands in this one's place: removed, added or reordered.
    EntryOutOfPlace,
    /// From this entry on, entries are missing.
    EntriesMissing,
    /// From this entry on, there are more entries than were signed.
    EntriesAdded,
    /// The detail is not the one that the entry's digest names.
    DetailChanged,
    /// The entry has a detail, and the export does not hold it.
    DetailMissing,
    /// The export holds a detail that belongs to no entry, or a line that is none.
    DetailUnexpected,
    /// The detail is said to be destroyed, and no entry about its subject says so.
    DetailNotDestroyed,
    /// A restore is declared with a checkpoint that contradicts this ledger, or the list of restores
    /// is not that of the entries.
    RestoreDiffers,
    /// These entries do not give the root that was signed.
    RootDiffers,
    /// An earlier checkpoint does not fit these entries.
    CheckpointDiffers,
    /// A checkpoint in the export is malformed or not signed by the ledger's key.
    CheckpointForged,
    /// The ledger has fewer entries than the earlier checkpoint that was given.
    Truncated,
    /// The ledger does not contain the entries of the earlier checkpoint that was given.
    Forked,
    /// The earlier checkpoint that was given is signed by a key that is none of this ledger's.
    AfterKey,
    /// The manifest is not signed by the key.
    ManifestForged,
    /// A file is not the one in the manifest.
    FileChanged,
    /// A file in the manifest is missing.
    FileMissing,
    /// The manifest does not name this file.
    FileAdded,
    /// A folder, a link or something else that is no plain file.
    FileNotPlain,
    /// What lies between the files of an archive, or their order, is not as it was written.
    ContainerChanged,
    /// The entry's proof does not lead to the signed root.
    ProofDiffers,
}

impl Tampering {
    fn text(self) -> &'static str {
        match self {
            Self::EntryChanged => "it was changed after the ledger stored its hash",
            Self::EntryMalformed => "it is not in canonical form",
            Self::EntryOutOfPlace => "another entry stands in its place (removed, added or reordered)",
            Self::EntriesMissing => "entries are missing from here on",
            Self::EntriesAdded => "there are more entries from here on than were signed",
            Self::DetailChanged => "its detail is not the one that it was made with",
            Self::DetailMissing => "its detail is missing",
            Self::DetailUnexpected => "a detail here belongs to no entry",
            Self::DetailNotDestroyed => "its detail is said to be destroyed, but no entry destroyed it",
            Self::RestoreDiffers => "the declared restore contradicts the ledger",
            Self::RootDiffers => "the entries do not give the signed root",
            Self::CheckpointDiffers => "an earlier checkpoint does not fit these entries",
            Self::CheckpointForged => "a checkpoint is malformed or not signed by the ledger's key",
            Self::Truncated => "the ledger is shorter than your earlier checkpoint",
            Self::Forked => "the ledger does not continue your earlier checkpoint",
            Self::AfterKey => "your earlier checkpoint is signed by a key that is none of this ledger's",
            Self::ManifestForged => "the manifest is not signed by the key",
            Self::FileChanged => "it is not the file that was signed",
            Self::FileMissing => "it is missing",
            Self::FileAdded => "it was added",
            Self::FileNotPlain => "it is not a plain file",
            Self::ContainerChanged => "the archive was changed around its files, or cut off",
            Self::ProofDiffers => "its proof does not lead to the signed root",
        }
    }
}

/// One problem: how, and where as far as can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How.
    pub how: Tampering,
    /// The entry's index, or the first of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// The last entry of the range in which it must lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Problem {
    pub(crate) fn new(how: Tampering) -> Self {
        Self { how, entry: None, last: None, file: None }
    }

    pub(crate) fn entry(how: Tampering, entry: u64) -> Self {
        Self { entry: Some(entry), ..Self::new(how) }
    }

    pub(crate) fn range(how: Tampering, entry: u64, last: u64) -> Self {
        Self { entry: Some(entry), last: Some(last), ..Self::new(how) }
    }

    pub(crate) fn file(how: Tampering, name: &str) -> Self {
        Self { file: Some(name.to_owned()), ..Self::new(how) }
    }

    /// Problems that name one entry come first, in the entries' order; then ranges, then files.
    pub(super) fn rank(&self) -> (u8, u64, Tampering) {
        match (self.entry, self.last) {
            (Some(entry), None) => (0, entry, self.how),
            (Some(entry), Some(_)) => (1, entry, self.how),
            (None, _) => (2, 0, self.how),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.entry, self.last, &self.file) {
            (Some(entry), None, _) => write!(f, "entry {entry}: ")?,
            (Some(entry), Some(last), _) => write!(f, "entries {entry} to {last}: ")?,
            (None, _, Some(file)) => write!(f, "file {file:?}: ")?,
            (None, _, None) => {}
        }
        f.write_str(self.how.text())
    }
}

/// How a verification ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything fits.
    Verified,
    /// Something was changed; the first of the problems.
    Tampered(Problem),
    /// The export, or what was given with it, cannot be used: why.
    Unusable(String),
}

impl Outcome {
    /// 0 verified, 1 tampered, 2 unusable.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Tampered(_) => 1,
            Self::Unusable(_) => 2,
        }
    }
}

/// How the ledger stands to the earlier checkpoint that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// It continues it.
    Continued {
        /// The checkpoint's size.
        size: u64,
    },
    /// It does not, and the ledger says why: entry `entry` declares a restore from a backup that was
    /// older than the checkpoint. Entries from `entry` up to the checkpoint's size were lost.
    Restored {
        /// The checkpoint's size.
        size: u64,
        /// The entry that declares the restore.
        entry: u64,
        /// Whether the restore names this very checkpoint, or a later one.
        exact: bool,
    },
}

/// A declared restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The entry that declares it.
    pub entry: u64,
    /// Size of the last checkpoint that was outside.
    pub size: u64,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// The ledger's origin.
    pub origin: String,
    /// Entries in the export.
    pub size: u64,
    /// Their root, in hexadecimal.
    pub root: String,
    /// The key against which signatures were checked.
    pub key: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Whether the key was given by the verifier's user; otherwise it came with the export, and proves
    /// nothing about who made it.
    pub origin_proved: bool,
    /// Checkpoints in the export that fit.
    pub checkpoints: u64,
    /// Details that were opened and fit.
    pub details: u64,
    /// Details whose key was destroyed.
    pub destroyed: u64,
    /// Whether details were left out of the export.
    pub details_left_out: bool,
    /// Declared restores.
    pub restores: Vec<Restored>,
    /// The standing to the earlier checkpoint, where one was given.
    pub after: Option<After>,
    /// What an archive is about: a reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Entries of an archive that are proved to be in the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proved: Option<u64>,
    /// Files of an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// All problems found, the gravest first, at most a hundred.
    pub problems: Vec<Problem>,
}

impl Report {
    /// The report where verification could not begin, and why.
    pub fn refused(why: String) -> Self {
        Self {
            outcome: Outcome::Unusable(why),
            origin: String::new(),
            size: 0,
            root: String::new(),
            key: String::new(),
            fingerprint: String::new(),
            origin_proved: false,
            checkpoints: 0,
            details: 0,
            destroyed: 0,
            details_left_out: false,
            restores: Vec::new(),
            after: None,
            about: None,
            proved: None,
            files: None,
            problems: Vec::new(),
        }
    }

    /// What is verified: the head that is vouched for, and by whose key.
    pub(crate) fn head(&mut self, (size, root): (u64, Hash), key: &VerifyingKey, proved: bool) {
        key.origin().clone_into(&mut self.origin);
        self.size = size;
        self.root = hex::encode(root.0);
        key.as_str().clone_into(&mut self.key);
        self.fingerprint = key.fingerprint();
        self.origin_proved = proved;
    }

    /// Settles the outcome by the problems found.
    pub(crate) fn settled(mut self, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(Problem::rank);
        problems.truncate(MAX_PROBLEMS);
        if let Some(first) = problems.first() {
            self.outcome = Outcome::Tampered(first.clone());
        }
        self.problems = problems;
        self
    }

    fn facts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "ledger       {}", self.origin)?;
        writeln!(f, "entries      {}", self.size)?;
        writeln!(f, "root         {}", self.root)?;
        writeln!(f, "key          {}", self.key)?;
        writeln!(f, "fingerprint  {}", self.fingerprint)?;
        if !self.origin_proved {
            writeln!(f, "The key came with the export, so its origin is not proved: compare the fingerprint.")?;
        }
        if let (Some(about), Some(proved), Some(files)) = (&self.about, self.proved, self.files) {
            writeln!(f, "archive of   {about}: {files} files; {proved} entries, each proved to be in the ledger")?;
        } else {
            writeln!(f, "checkpoints  {}", self.checkpoints)?;
        }
        if self.details_left_out {
            writeln!(f, "details      left out")?;
        } else {
            writeln!(f, "details      {}", self.details)?;
        }
        writeln!(f, "destroyed: {}", self.destroyed)?;
        for restore in &self.restores {
            writeln!(f, "restored     entry {} declares a restore; checkpoint {} was outside", restore.entry, restore.size)?;
        }
        match &self.after {
            Some(After::Continued { size }) => {
                writeln!(f, "after        continues your checkpoint of {size}")
            }
            Some(After::Restored { size, entry, exact }) => {
                let named = if *exact { "names" } else { "covers" };
                writeln!(
                    f,
                    "after        entry {entry} declares a restore that {named} your checkpoint of {size}; \
                     the entries from {entry} on that it knew were lost"
                )
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Verified => {
                writeln!(f, "VERIFIED")?;
                self.facts(f)
            }
            Outcome::Tampered(_) => {
                writeln!(f, "TAMPERED")?;
                for problem in &self.problems {
                    writeln!(f, "{problem}")?;
                }
                self.facts(f)
            }
            Outcome::Unusable(why) => writeln!(f, "UNUSABLE\n{why}"),
        }
    }
}
