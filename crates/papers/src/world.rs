//! All that the typesetter can see: one template, the fonts in this binary, and the values of one paper. There is no file system, no
//! network, no package and no clock behind it.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_kit::fonts::{FontStore, embedded};

const TEMPLATE: &str = include_str!("../templates/paper.typ");

/// The fonts, loaded once.
pub(crate) static FONTS: LazyLock<FontStore> = LazyLock::new(|| {
    let mut fonts = FontStore::new();
    fonts.extend(embedded());
    fonts
});

static SOURCE: LazyLock<Source> = LazyLock::new(|| {
    // A constant path that Typst accepts; were it ever not to, a detached source serves as well.
    match VirtualPath::new("/paper.typ") {
        Ok(path) => Source::new(RootedPath::new(VirtualRoot::Project, path).intern(), TEMPLATE.to_owned()),
        Err(_) => Source::detached(TEMPLATE),
    }
});

/// The world of one paper.
pub(crate) struct Desk {
    library: LazyHash<Library>,
}

impl Desk {
    /// A desk on which `inputs` lie, where the template finds them as `sys.inputs`.
    pub(crate) fn new(inputs: Dict) -> Self {
        // The extra is `pdf.header-cell`: facts need heads of rows.
        let features = [Feature::A11yExtras].into_iter().collect();
        Self { library: LazyHash::new(Library::builder().with_inputs(inputs).with_features(features).build()) }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        FONTS.book()
    }

    fn main(&self) -> FileId {
        SOURCE.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == SOURCE.id() { Ok(SOURCE.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
