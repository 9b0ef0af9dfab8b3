//! What a form offers from the registers.

use rules::country::Country;
use rules::form::{FileFacts, Lookups, QuestionType};

/// One party or site that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// Its id: the answer.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The code of the country in which it lies, if it is a site.
    pub country: Option<String>,
}

impl Pick {
    /// A thing from its id and its words.
    pub fn new(id: impl ToString, label: impl Into<String>) -> Self {
        Self { id: id.to_string(), label: label.into(), country: None }
    }

    /// Lying in this country.
    #[must_use]
    pub fn within(mut self, country: impl Into<String>) -> Self {
        self.country = Some(country.into());
        self
    }
}

/// One file that was uploaded for an answer: the version that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id: the answer.
    pub id: String,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its kind and size in words.
    pub size: String,
    /// The versions that it took the place of: answers that name one of them mean it.
    pub replaced: Vec<String>,
}

/// The parties and sites that this actor may name in this case, filled in by the feature; countries come from `rules::country`.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// The parties, in the order offered.
    pub parties: Vec<Pick>,
    /// The sites, in the order offered.
    pub sites: Vec<Pick>,
    /// The files that were uploaded for answers of this case.
    pub files: Vec<Upload>,
    /// The largest file that is taken, in MiB.
    pub file_mib: u64,
    /// The currency that stands in an unanswered amount, such as `GBP`.
    pub currency: String,
}

impl Choices {
    /// The file that an answer names, as it stands now.
    pub fn upload(&self, id: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.id == id || file.replaced.iter().any(|old| old == id))
    }
}

fn find<'a>(picks: &'a [Pick], id: &str) -> Option<&'a Pick> {
    picks.iter().find(|pick| pick.id == id)
}

impl Lookups for Choices {
    fn country(&self, text: &str) -> Option<String> {
        Country::resolve(text).ok().map(|country| country.code().to_owned())
    }

    fn party(&self, id: &str) -> bool {
        find(&self.parties, id).is_some()
    }

    fn site(&self, id: &str) -> bool {
        find(&self.sites, id).is_some()
    }

    fn site_country(&self, id: &str) -> Option<String> {
        find(&self.sites, id)?.country.clone()
    }

    fn file(&self, id: &str) -> Option<FileFacts> {
        let found = self.upload(id)?;
        Some(FileFacts { id: found.id.clone(), name: found.name.clone(), sha256: found.sha256.clone(), bytes: found.bytes })
    }

    fn title(&self, kind: QuestionType, id: &str) -> Option<String> {
        match kind {
            QuestionType::Country | QuestionType::Countries => Country::from_code(id).ok().map(|country| country.name().to_owned()),
            QuestionType::Party => find(&self.parties, id).map(|pick| pick.label.clone()),
            QuestionType::Site => find(&self.sites, id).map(|pick| pick.label.clone()),
            _ => None,
        }
    }
}
