//! What is known of an edition before it is installed. No I/O.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::texts::Text;
use platform::{Error, Result};
use rules::pack::{Difference, Pack, PackSource};

use crate::pack::{Origin, Packs, intake, model::digest};

/// Whether an edition of this name is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is not.
    New,
    /// It is, with the very same files.
    Same,
    /// It is, with other files.
    Other(Origin),
}

/// A pack that was read without a fault, and what it is to the packs that are there.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The pack.
    pub pack: Arc<Pack>,
    /// Its files.
    pub source: PackSource,
    /// Their digest.
    pub digest: String,
    /// Whether it is there already.
    pub known: Known,
    /// The edition that is in use, if there is one.
    pub against: Option<Arc<Pack>>,
    /// What differs from that.
    pub difference: Difference,
}

impl Candidate {
    /// Reads a pack and holds it against those that are there.
    ///
    /// # Errors
    /// [`Error::Invalid`] with each fault at its file and line.
    pub fn read(packs: &Packs, source: PackSource) -> Result<Self> {
        intake::check(&source)?;
        let pack = Pack::load(&source).map_err(|faults| intake::faulty(&faults))?;
        let digest = digest(&source);
        let known = match (packs.digest(&pack.pack, &pack.edition), packs.origin(&pack.pack, &pack.edition)) {
            (Some(there), _) if there == digest => Known::Same,
            (Some(_), Some(origin)) => Known::Other(origin),
            _ => Known::New,
        };
        let against = packs.in_use(&pack.pack).cloned();
        let difference = against.as_ref().map(|old| Difference::between(old, &pack)).unwrap_or_default();
        Ok(Self { pack: Arc::new(pack), source, digest, known, against, difference })
    }

    /// That it can be installed: an edition never means two things.
    ///
    /// # Errors
    /// [`Error::Conflict`] when its name is taken.
    pub fn is_new(&self) -> Result<()> {
        let id = match self.known {
            Known::New => return Ok(()),
            Known::Same => "edition-there-already",
            Known::Other(Origin::BuiltIn) => "edition-built-in",
            Known::Other(_) => "edition-other-content",
        };
        Err(Error::Conflict(Text::new(id).with("pack", &self.pack.title).with("edition", &self.pack.edition)))
    }
}

/// A question that an edition no longer asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The form.
    pub form: String,
    /// The question.
    pub id: String,
    /// What it asks.
    pub label: String,
    /// How many cases hold an answer to it.
    pub answers: u64,
}

/// What rests on a pack here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Contracts that name it, by edition.
    pub contracts: BTreeMap<String, u64>,
    /// Cases under way, by edition.
    pub cases: BTreeMap<String, u64>,
    /// The questions that the candidate no longer asks.
    pub dropped: Vec<Dropped>,
}

impl Touched {
    /// How many contracts name the pack.
    pub fn contracts(&self) -> u64 {
        self.contracts.values().sum()
    }

    /// How many cases keep the edition that they began with.
    pub fn cases(&self) -> u64 {
        self.cases.values().sum()
    }

    /// How many answers a new case would not be asked for any more.
    pub fn answers(&self) -> u64 {
        self.dropped.iter().map(|question| question.answers).sum()
    }
}
