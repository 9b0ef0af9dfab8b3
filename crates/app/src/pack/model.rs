//! The packs that the service knows, by id and edition.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platform::authz::Resource;
use platform::{Core, Error, Result};
use rules::pack::{Pack, PackSource};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../packs"]
struct BuiltIn;

/// All packs, by id and then edition.
#[derive(Debug, Default)]
pub struct Packs {
    all: BTreeMap<String, BTreeMap<String, Arc<Pack>>>,
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
            packs.add(&folder, &source)?;
        }
        if !further.as_os_str().is_empty() {
            for folder in folders(further)? {
                let source = read(&folder)?;
                packs.add(&folder.display().to_string(), &source)?;
            }
        }
        Ok(packs)
    }

    fn add(&mut self, origin: &str, source: &PackSource) -> Result<()> {
        let pack = Pack::load(source).map_err(|faults| {
            let all: Vec<_> = faults.iter().map(ToString::to_string).collect();
            Error::internal(format!("the pack {origin} is faulty: {}", all.join("; ")))
        })?;
        let editions = self.all.entry(pack.pack.clone()).or_default();
        if editions.contains_key(&pack.edition) {
            return Err(Error::internal(format!("the pack {origin}: there is a pack {} of edition {} already", pack.pack, pack.edition)));
        }
        editions.insert(pack.edition.clone(), Arc::new(pack));
        Ok(())
    }

    /// The pack `id` in `edition`.
    pub fn get(&self, id: &str, edition: &str) -> Option<&Arc<Pack>> {
        self.all.get(id)?.get(edition)
    }

    /// The newest edition of the pack `id`.
    pub fn newest(&self, id: &str) -> Option<&Arc<Pack>> {
        self.all.get(id)?.values().next_back()
    }

    /// The newest edition of every pack, by id.
    pub fn all_newest(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.all.values().filter_map(|editions| editions.values().next_back())
    }

    /// Every edition of every pack, by id, newest first.
    pub fn editions(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.all.values().flat_map(|editions| editions.values().rev())
    }
}

/// The packs of the service.
pub fn packs(core: &Core) -> &Packs {
    static NONE: std::sync::OnceLock<Packs> = std::sync::OnceLock::new();
    core.product.downcast_ref::<Packs>().unwrap_or_else(|| NONE.get_or_init(Packs::default))
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
