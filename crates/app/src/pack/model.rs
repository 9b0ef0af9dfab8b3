//! The packs that the service knows, by id and edition, and how each edition stands here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use platform::authz::Resource;
use platform::cases::Case;
use platform::core::Refreshing;
use platform::{Core, Cx, Error, Result};
use rules::pack::{Pack, PackSource};
use rust_embed::RustEmbed;
use sea_orm::ConnectionTrait;

use super::store;

#[derive(RustEmbed)]
#[folder = "../../packs"]
struct BuiltIn;

/// Where an edition comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It came with the program.
    BuiltIn,
    /// It lies in the folder that the settings name.
    Folder,
    /// An administrator installed it.
    Installed,
}

impl Origin {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Folder => "folder",
            Self::Installed => "installed",
        }
    }
}

/// How an edition stands with this authority. How the policy stands with its publisher is another thing: `Pack::standing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Nobody has put it in use yet.
    Waiting,
    /// New contracts and new cases take it.
    Current,
    /// Another edition took its place.
    Earlier,
    /// It was taken out of use.
    Withdrawn,
}

impl Use {
    /// Its code, as kept and as programs read it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Current => "current",
            Self::Earlier => "earlier",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Current, Self::Earlier, Self::Withdrawn].into_iter().find(|of| of.code() == code)
    }
}

/// An edition as it is kept in memory.
#[derive(Clone, Debug)]
struct Held {
    pack: Arc<Pack>,
    origin: Origin,
    digest: String,
}

/// All packs, by id and then edition, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    all: BTreeMap<String, BTreeMap<String, Held>>,
    /// How people have put editions, by pack and edition.
    put: BTreeMap<(String, String), Use>,
    version: i64,
    /// Editions that could not be taken, each with why, for whoever looks after the service.
    aside: Vec<String>,
}

impl Packs {
    /// The built-in packs, and those in the folders under `further` unless that is empty. A further pack of the same id and edition as a
    /// built-in one is refused: an edition never means two things.
    ///
    /// # Errors
    /// When a pack is faulty, with file and line, or a folder cannot be read.
    pub fn load(further: &Path) -> Result<Self> {
        let mut packs = Self::default();
        let mut sources: BTreeMap<String, PackSource> = BTreeMap::new();
        for name in BuiltIn::iter() {
            let Some((folder, file)) = name.split_once('/') else { continue };
            let Some(bytes) = BuiltIn::get(&name) else { continue };
            let text = String::from_utf8(bytes.data.into_owned()).map_err(|_| Error::internal(format!("packs/{name} is not UTF-8")))?;
            sources.entry(folder.to_owned()).or_default().files.insert(file.to_owned(), text);
        }
        for (folder, source) in sources {
            packs.add(&folder, &source, Origin::BuiltIn)?;
        }
        if !further.as_os_str().is_empty() {
            for folder in folders(further)? {
                let source = read(&folder)?;
                packs.add(&folder.display().to_string(), &source, Origin::Folder)?;
            }
        }
        Ok(packs)
    }

    fn add(&mut self, origin: &str, source: &PackSource, from: Origin) -> Result<()> {
        let pack = Pack::load(source).map_err(|faults| {
            let all: Vec<_> = faults.iter().map(ToString::to_string).collect();
            Error::internal(format!("the pack {origin} is faulty: {}", all.join("; ")))
        })?;
        let editions = self.all.entry(pack.pack.clone()).or_default();
        if editions.contains_key(&pack.edition) {
            return Err(Error::internal(format!("the pack {origin}: there is a pack {} of edition {} already", pack.pack, pack.edition)));
        }
        editions.insert(pack.edition.clone(), Held { pack: Arc::new(pack), origin: from, digest: digest(source) });
        Ok(())
    }

    fn held(&self, id: &str, edition: &str) -> Option<&Held> {
        self.all.get(id)?.get(edition)
    }

    /// The pack `id` in `edition`.
    pub fn get(&self, id: &str, edition: &str) -> Option<&Arc<Pack>> {
        Some(&self.held(id, edition)?.pack)
    }

    /// Where an edition comes from.
    pub fn origin(&self, id: &str, edition: &str) -> Option<Origin> {
        Some(self.held(id, edition)?.origin)
    }

    /// The digest of an edition's files.
    pub fn digest(&self, id: &str, edition: &str) -> Option<&str> {
        Some(&self.held(id, edition)?.digest)
    }

    /// The newest edition of the pack `id`, by its name.
    pub fn newest(&self, id: &str) -> Option<&Arc<Pack>> {
        Some(&self.all.get(id)?.values().next_back()?.pack)
    }

    /// The newest edition of every pack, by id.
    pub fn all_newest(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.all.values().filter_map(|editions| Some(&editions.values().next_back()?.pack))
    }

    /// Every edition of every pack, by id, newest first.
    pub fn editions(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.all.values().flat_map(|editions| editions.values().rev().map(|held| &held.pack))
    }

    /// Every edition of one pack, newest first.
    pub fn of(&self, id: &str) -> impl Iterator<Item = &Arc<Pack>> {
        self.all.get(id).into_iter().flat_map(|editions| editions.values().rev().map(|held| &held.pack))
    }

    /// The edition of the pack `id` that new contracts and new cases take: the one that was put in use; where nobody ever did, the newest that
    /// came with the program or lies in the folder.
    pub fn in_use(&self, id: &str) -> Option<&Arc<Pack>> {
        let editions = self.all.get(id)?;
        let put = |held: &&Held| self.put.get(&(id.to_owned(), held.pack.edition.clone())).copied();
        if let Some(held) = editions.values().find(|held| put(held) == Some(Use::Current)) {
            return Some(&held.pack);
        }
        // Only the newest of these is in use without a word: of older ones somebody decides.
        let newest = editions.values().rev().find(|held| held.origin != Origin::Installed);
        // The one that was in use may be gone with its folder: then what it replaced is there, or nothing could begin.
        let gone = self.put.iter().any(|((of, edition), put)| of == id && *put == Use::Current && !editions.contains_key(edition));
        newest.filter(|held| put(held).is_none_or(|put| gone && put == Use::Earlier)).map(|held| &held.pack)
    }

    /// How an edition stands here.
    pub fn use_of(&self, pack: &Pack) -> Use {
        let current = self.in_use(&pack.pack).map(|current| current.edition.as_str());
        if current == Some(pack.edition.as_str()) {
            return Use::Current;
        }
        let key = (pack.pack.clone(), pack.edition.clone());
        match self.put.get(&key) {
            Some(put) => *put,
            None if self.origin(&pack.pack, &pack.edition) == Some(Origin::Installed) => Use::Waiting,
            // What came with a later program waits; what came before the one in use was in use once.
            None if current.is_some_and(|current| pack.edition.as_str() > current) => Use::Waiting,
            None => Use::Earlier,
        }
    }

    /// Whether a pack came with the program, which needs an edition of it in use.
    pub fn is_needed(&self, id: &str) -> bool {
        self.all.get(id).is_some_and(|editions| editions.values().any(|held| held.origin == Origin::BuiltIn))
    }

    /// What was set aside when the installed editions were read, each in a sentence.
    pub fn aside(&self) -> &[String] {
        &self.aside
    }

    /// These packs with what is installed: editions that were read before are taken over, as they never change.
    async fn with_installed(&self, db: &impl ConnectionTrait, version: i64, before: &Self) -> Result<Self> {
        let mut now = Self { version, ..self.clone() };
        for row in store::list(db).await? {
            if let Some(held) =
                before.held(&row.pack, &row.edition).filter(|held| held.origin == Origin::Installed && held.digest == row.digest)
            {
                now.all.entry(row.pack).or_default().insert(row.edition, held.clone());
                continue;
            }
            let source = store::source(db, &row.pack, &row.edition).await?;
            let (of, found) = (format!("{} {}", row.pack, row.edition), digest(&source));
            if found != row.digest {
                return Err(Error::internal(format!(
                    "the files of the installed pack {of} are not those that were installed: their digest is {found}, and {} was recorded. \
                     Restore the table pack_edition from a backup",
                    row.digest
                )));
            }
            if let Some(given) = now.held(&row.pack, &row.edition) {
                // Cases here began with what was installed, so that stays; what the program brought with the same name is not taken.
                if given.digest != found {
                    now.aside.push(format!(
                        "the edition {of} that came with this program or lies in the folder of packs differs from the one that was installed \
                         here; the installed one counts"
                    ));
                }
            }
            let pack = Pack::load(&source).map_err(|faults| {
                let all: Vec<_> = faults.iter().map(ToString::to_string).collect();
                Error::internal(format!("this program does not read the installed pack {of}: {}", all.join("; ")))
            })?;
            let held = Held { pack: Arc::new(pack), origin: Origin::Installed, digest: found };
            now.all.entry(row.pack).or_default().insert(row.edition, held);
        }
        for row in store::states(db).await? {
            if let Some(put) = Use::from_code(&row.state) {
                now.put.insert((row.pack, row.edition), put);
            }
        }
        Ok(now)
    }
}

/// The packs of a running service: those that it was started with, and all as they are now.
#[derive(Debug)]
pub struct Shelf {
    given: Packs,
    now: RwLock<Arc<Packs>>,
    reading: tokio::sync::Mutex<()>,
}

impl Shelf {
    /// The packs that need no database.
    ///
    /// # Errors
    /// As [`Packs::load`].
    pub fn load(further: &Path) -> Result<Self> {
        let given = Packs::load(further)?;
        Ok(Self { now: RwLock::new(Arc::new(given.clone())), given, reading: tokio::sync::Mutex::default() })
    }

    fn now(&self) -> Arc<Packs> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn shelf(core: &Core) -> Option<&Shelf> {
    core.product.downcast_ref::<Shelf>()
}

/// The packs of the service, as they are at the moment.
pub fn packs(core: &Core) -> Arc<Packs> {
    shelf(core).map(Shelf::now).unwrap_or_default()
}

/// The pack that a case answers to, in its edition.
///
/// # Errors
/// When this service no longer has the edition.
pub fn of_case(cx: &Cx, case: &Case) -> Result<Arc<Pack>> {
    let found = packs(cx.core()).get(&case.pack, &case.edition).cloned();
    found.ok_or_else(|| Error::internal(format!("the pack {} {} is gone", case.pack, case.edition)))
}

/// Takes over what was installed or put in use since it was last looked at, here or by another node on the same database: one row is read,
/// and no more while nothing has changed.
///
/// # Errors
/// When the database fails, or what it holds is not what was installed.
pub async fn refresh(core: &Core) -> Result<()> {
    let db = core.db.reader();
    let Some(shelf) = shelf(core) else { return Ok(()) };
    let version = store::version(db).await?;
    if shelf.now().version == version {
        return Ok(());
    }
    let _turn = shelf.reading.lock().await;
    let before = shelf.now();
    // Otherwise, not less: a database that was restored counts from an earlier number.
    if before.version == version {
        return Ok(());
    }
    let fresh = shelf.given.with_installed(db, version, &before).await?;
    *shelf.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
    Ok(())
}

/// The packs of a service that does not run, with what is installed in its database: for whoever looks whether all is well.
///
/// # Errors
/// As [`Packs::load`] and [`refresh`].
pub async fn at_rest(further: &Path, db: &impl ConnectionTrait) -> Result<Packs> {
    Packs::load(further)?.with_installed(db, store::version(db).await?, &Packs::default()).await
}

/// [`refresh`], as the platform asks for it at the beginning of each request and job. A service that runs goes on with what it knows when the
/// database holds something that nobody installed: the next start stops at it.
pub fn refreshing(core: &Core) -> Refreshing<'_> {
    Box::pin(async move {
        match refresh(core).await {
            Err(Error::Internal(cause)) => {
                tracing::error!("installed packs are not taken over: {cause:#}");
                Ok(())
            }
            other => other,
        }
    })
}

/// The digest of a pack's files: names and texts, in the order of the names.
pub fn digest(source: &PackSource) -> String {
    // A map of texts always has a JSON form.
    hex::encode(platform::random::digest(&serde_json::to_vec(&source.files).unwrap_or_default()))
}

/// The pack as policies are asked about it.
pub fn resource(pack: &Pack) -> Resource {
    Resource::new("pack", format!("{}.{}", pack.pack, pack.edition))
}

fn folders(under: &Path) -> Result<Vec<std::path::PathBuf>> {
    let fault = |e: std::io::Error| Error::internal(format!("the folder of packs {}: {e}", under.display()));
    let mut out = Vec::new();
    for entry in std::fs::read_dir(under).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.join("pack.yaml").is_file() {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

fn read(folder: &Path) -> Result<PackSource> {
    let mut source = PackSource::default();
    let mut take = |name: String, path: &Path| -> Result<()> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::internal(format!("{}: {e}", path.display())))?;
        source.files.insert(name, text);
        Ok(())
    };
    take("pack.yaml".to_owned(), &folder.join("pack.yaml"))?;
    let forms = folder.join("forms");
    if forms.is_dir() {
        let fault = |e: std::io::Error| Error::internal(format!("{}: {e}", forms.display()));
        for entry in std::fs::read_dir(&forms).map_err(fault)? {
            let path = entry.map_err(fault)?.path();
            if let Some(name) = path.file_name().and_then(|n| n.to_str()).filter(|n| n.ends_with(".yaml")) {
                take(format!("forms/{name}"), &path)?;
            }
        }
    }
    Ok(source)
}
