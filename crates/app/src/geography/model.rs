//! What is in a country. What the authority holds of one is the feature `country`'s.

use rules::country::{Country, Home};
use rules::transfer::{Adequacy, Decision, decide};

use crate::arrangement::store::Works;
pub use crate::country::model::{COUNTRIES, Details};

/// What transfers to `country` take, seen from `home`, with what is there.
pub fn transfer(of: &Details, home: &Home, country: Country, here: &Here) -> Decision {
    decide(home, country, here.personal(), of.adequacy.as_deref().and_then(Adequacy::from_code))
}

/// What is in a country, of a party, or at a tier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Here {
    /// Sites in use.
    pub sites: i64,
    /// People who work at them.
    pub site_people: i64,
    /// Work abroad, with its people and data.
    pub work: Works,
    /// Sub-processors in use.
    pub used: i64,
}

impl Here {
    /// How many things: what a mark says.
    pub fn things(&self) -> i64 {
        self.sites + self.work.works + self.used
    }

    /// Whether personal data goes there. What nobody said is not known: of sites and sub-processors nobody says it.
    pub fn personal(&self) -> Option<bool> {
        if self.work.personal > 0 {
            return Some(true);
        }
        let said = self.work.works > 0 && self.work.personal_unsaid == 0 && self.sites == 0 && self.used == 0;
        said.then_some(false)
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.sites += other.sites;
        self.site_people += other.site_people;
        self.used += other.used;
        let (work, more) = (&mut self.work, &other.work);
        work.works += more.works;
        work.people += more.people;
        work.uncovered += more.uncovered;
        work.permanent += more.permanent;
        work.temporary += more.temporary;
        work.transient += more.transient;
        work.unsaid += more.unsaid;
        work.personal += more.personal;
        work.personal_unsaid += more.personal_unsaid;
    }
}
