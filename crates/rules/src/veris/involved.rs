//! Whether somebody who works for the victim had a part in an incident: what to look at when it is to be laid at a supplier's door, or not.

use super::record::{By, Record, Who};

/// A sign of somebody else's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Somebody who works for the victim did it.
    Actor,
    /// What it was done to is looked after by somebody else.
    Managed,
    /// What it was done to belongs to somebody who works for the victim.
    Owned,
    /// Somebody who works for the victim discovered it.
    Discovered,
    /// What it was done to is hosted by somebody else.
    Hosted,
    /// It happened to others as well.
    FurtherVictims,
}

impl Sign {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Actor, Self::Managed, Self::Owned, Self::Discovered, Self::Hosted, Self::FurtherVictims];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Managed => "managed",
            Self::Owned => "owned",
            Self::Discovered => "discovered",
            Self::Hosted => "hosted",
            Self::FurtherVictims => "further_victims",
        }
    }
}

/// The signs that a record shows.
pub fn involved(record: &Record) -> Vec<Sign> {
    let begins = |said: &[String], with: &str| said.iter().any(|said| said.starts_with(with));
    let so = |sign: &Sign| match sign {
        Sign::Actor => record.actors.iter().any(|actor| actor.who.contains(&Who::Partner)),
        Sign::Managed => begins(&record.management, "External") || begins(&record.management, "Co-managed"),
        Sign::Owned => begins(&record.ownership, "Partner"),
        Sign::Discovered => record.discovered.iter().any(|one| one.by == By::Partner),
        Sign::Hosted => begins(&record.hosting, "External") || begins(&record.cloud, "External"),
        Sign::FurtherVictims => !record.further_victims.is_empty(),
    };
    Sign::ALL.into_iter().filter(so).collect()
}
