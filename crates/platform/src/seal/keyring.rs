//! The master keys at hand: the one in the key file, and beside it, while a rotation is under way, the next one and those before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::Key;
use crate::error::{Error, Result};
use crate::random;

/// The name of a master key: the beginning of a digest of it. Sixteen hexadecimal digits, which may stand in the open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// The key's name.
    pub(super) fn of(key: &Key) -> Self {
        let digest = random::digest(&[b"vouchsafe/master-key/".as_slice(), key.bytes()].concat());
        let mut id = [0; 8];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(id)
    }

    /// The name in these bytes.
    pub fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn bytes(self) -> [u8; 8] {
        self.0
    }

    /// The name written so, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut id = [0; 8];
        hex::decode_to_slice(text, &mut id).ok().map(|()| Self(id))
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// The file beside `main` that holds the key after it, while values are not yet wrapped with it throughout.
pub fn next_file(main: &Path) -> PathBuf {
    beside(main, "next")
}

/// The file beside `main` that holds the key `id` from before.
pub fn old_file(main: &Path, id: KeyId) -> PathBuf {
    beside(main, &id.to_string())
}

fn beside(main: &Path, what: &str) -> PathBuf {
    let mut name = main.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

/// The key files beside `main`: its next one and those before.
///
/// # Errors
/// When their folder cannot be read.
pub fn files_beside(main: &Path) -> Result<Vec<PathBuf>> {
    let folder = main.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let cannot = |e: std::io::Error| Error::internal(format!("cannot read the folder of the master key, {}: {e}", folder.display()));
    let start = format!("{}.", main.file_name().unwrap_or_default().to_string_lossy());
    let mut found = Vec::new();
    for file in fs::read_dir(folder).map_err(cannot)? {
        let name = file.map_err(cannot)?.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(&start));
        if rest.is_some_and(|rest| rest == "next" || KeyId::parse(rest).is_some()) {
            found.push(folder.join(&name));
        }
    }
    found.sort();
    Ok(found)
}

/// The master keys at hand. Asked for one that it does not know, it looks at the files again: somebody may have begun a rotation since.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    /// The key file; none for a key that lies in no file.
    file: Option<PathBuf>,
    /// Which key the key file held when it was read last.
    main: RwLock<KeyId>,
    keys: RwLock<BTreeMap<KeyId, Key>>,
    /// Whether the database was seen to name the key that it is wrapped with.
    pub(super) named: AtomicBool,
}

impl From<Key> for Keyring {
    fn from(key: Key) -> Self {
        let id = key.id();
        Self::new(None, id, BTreeMap::from([(id, key)]))
    }
}

impl Keyring {
    fn new(file: Option<PathBuf>, main: KeyId, keys: BTreeMap<KeyId, Key>) -> Self {
        Self(Arc::new(Inner { file, main: RwLock::new(main), keys: RwLock::new(keys), named: AtomicBool::new(false) }))
    }

    /// The keys in `file` and beside it.
    ///
    /// # Errors
    /// When one cannot be read or holds no key; the message names it.
    pub fn read(file: &Path) -> Result<Self> {
        let (main, keys) = read_all(file)?;
        Ok(Self::new(Some(file.to_owned()), main, keys))
    }

    /// The name of the key in the key file.
    pub fn main(&self) -> KeyId {
        *self.0.main.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key file.
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// All keys known, by name.
    pub fn ids(&self) -> Vec<KeyId> {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    /// The key with this name, looked for in the files when it was not known.
    ///
    /// # Errors
    /// When it is not at hand; the message says what to put where.
    pub fn get(&self, id: KeyId) -> Result<Key> {
        if let Some(key) = self.known(id) {
            return Ok(key);
        }
        self.reload()?;
        self.known(id).ok_or_else(|| self.missing(id))
    }

    /// Reads the files again. A key once read is kept, whatever became of its file: values wrapped with it may still be on their way.
    ///
    /// # Errors
    /// As [`Keyring::read`].
    pub fn reload(&self) -> Result<()> {
        let Some(file) = &self.0.file else { return Ok(()) };
        let (main, keys) = read_all(file)?;
        *self.0.main.write().unwrap_or_else(PoisonError::into_inner) = main;
        self.0.keys.write().unwrap_or_else(PoisonError::into_inner).extend(keys);
        Ok(())
    }

    /// What to say when the database is sealed with a key that is not at hand.
    pub fn missing(&self, id: KeyId) -> Error {
        let Some(file) = &self.0.file else { return Error::internal(format!("the master key {id} is not at hand")) };
        Error::internal(format!(
            "this database is sealed with the master key {id}, but {} holds the key {}, which is another. Nothing was changed. Move the \
             wrong file away and put your copy of the key {id} there, or make it again from its shares: vouchsafe keys restore. If another \
             server began to change the key, copy its {} beside yours instead",
            file.display(),
            self.main(),
            next_file(Path::new(file.file_name().unwrap_or_default())).display()
        ))
    }

    pub(super) fn named(&self) -> bool {
        self.0.named.load(Ordering::Relaxed)
    }

    pub(super) fn note_named(&self) {
        self.0.named.store(true, Ordering::Relaxed);
    }

    fn known(&self, id: KeyId) -> Option<Key> {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
}

fn read_all(file: &Path) -> Result<(KeyId, BTreeMap<KeyId, Key>)> {
    let main = Key::read(file)?;
    let mut keys = BTreeMap::new();
    for other in files_beside(file)? {
        match Key::read(&other) {
            Ok(key) => drop(keys.insert(key.id(), key)),
            // Another process may have given it its new name just now.
            Err(_) if !other.exists() => {}
            Err(error) => return Err(error),
        }
    }
    let id = main.id();
    keys.insert(id, main);
    Ok((id, keys))
}
