//! Which duties are owed under a contract, where, and by when: computed from its chain, its packs, what is known of it and what happened.
//! No I/O.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use platform::register::{Field, Kind, Register};
use rules::pack::{Calendar, Obligation, Pack, Role, When, obligations_for};
use rules::schedule::{self, Due};
use rules::truth::Truth;
use uuid::Uuid;

use crate::contract::facts::Facts;

/// Days before its due day at which a duty counts as due soon.
pub const WARNING_DAYS: i32 = 30;

/// The role under which a duty of a supplier is kept, whatever its place.
pub const BY_PLACE: &str = "supplier";

/// What people record about a duty: a dated note, where it can be found, and what it covers.
pub const EVIDENCE: Register = Register {
    kind: "obligation",
    path: "/obligations",
    search: "due_key",
    fields: &[
        Field::new("met_on", "obligation-field-met-on", Kind::Date).form().required(),
        Field::new("evidence", "obligation-field-evidence", Kind::LongText).form().required().most(2000),
        Field::new("found_at", "obligation-field-found-at", Kind::Text).form().most(300),
        Field::new("covers_from", "obligation-field-covers-from", Kind::Date).form(),
        Field::new("covers_to", "obligation-field-covers-to", Kind::Date).form(),
    ],
};

/// The reason for which a duty is set aside.
pub const ASIDE: Register = Register {
    kind: "obligation",
    path: "/obligations",
    search: "due_key",
    fields: &[Field::new("reason", "obligation-field-reason", Kind::LongText).form().required().most(2000)],
};

/// How a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Its day has passed.
    Overdue,
    /// Due within [`WARNING_DAYS`].
    Soon,
    /// Nothing shows yet that it is met.
    Open,
    /// Shown to be met, and not due again yet.
    Met,
    /// The authority decided that it does not apply here.
    NotApplicable,
    /// It was owed once; what was recorded stays.
    Past,
}

impl Status {
    /// Those that a list can be filtered by, the most pressing first.
    pub const LISTED: [Self; 5] = [Self::Overdue, Self::Soon, Self::Open, Self::Met, Self::NotApplicable];

    /// Its code, for addresses and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Met => "met",
            Self::Soon => "soon",
            Self::Overdue => "overdue",
            Self::NotApplicable => "not-applicable",
            Self::Past => "past",
        }
    }
}

/// Which duty of which place: the place, or the contract for one of the authority's roles; the pack; the obligation.
pub type Key = (Uuid, String, String);

/// What people recorded that bears on when a duty is due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// When it was last met.
    pub met_on: Option<Date>,
    /// The last day that the evidence covers.
    pub covers_to: Option<Date>,
}

/// A standing place of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The place.
    pub id: Uuid,
    /// Its party.
    pub party: Uuid,
    /// The place above.
    pub above: Option<Uuid>,
    /// 1 for a lead.
    pub tier: i32,
    /// The day since when the party stands there.
    pub since: Option<Date>,
    /// Whether it only bids for the contract, or works for a party that does (OFF-7).
    pub bids: bool,
}

impl Spot {
    /// Which of a pack's duties are owed there: a bidder owes those of bidders, who works for one owes none yet.
    fn owes<'a>(&self, pack: &'a Pack) -> Vec<&'a Obligation> {
        match (self.bids, self.tier) {
            (false, tier) => obligations_for(pack, u32::try_from(tier).unwrap_or(1), Role::Supplier),
            (true, 1) => obligations_for(pack, 1, Role::Bidder),
            (true, _) => Vec::new(),
        }
    }
}

/// Something happened that duties are counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// The event's id, as packs name it.
    pub event: String,
    /// At which place; none when it concerns the whole contract.
    pub place: Option<Uuid>,
    /// On which day.
    pub day: Date,
    /// The reference under which it can be found.
    pub reference: Option<String>,
}

/// Which duties of a contract are computed anew.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// All of them.
    All,
    /// One, after something was recorded about it.
    One(&'a Key),
    /// Those that count from one of these events, or are shown to be met by it.
    From(&'a BTreeSet<&'a str>),
}

impl Which<'_> {
    /// Whether a pack's obligation can be one of them.
    pub fn takes(self, pack: &Pack, duty: &Obligation) -> bool {
        match self {
            Self::All => true,
            Self::One((_, of, id)) => pack.pack == *of && duty.id == *id,
            Self::From(events) => duty.when.event().into_iter().chain(duty.shown_by.as_deref()).any(|event| events.contains(event)),
        }
    }

    /// Whether it is the one, where only one is meant.
    fn is_at(self, key: &Key) -> bool {
        if let Self::One(only) = self { only == key } else { true }
    }
}

/// All that decides which duties are owed under one contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ground {
    /// The contract.
    pub contract: Uuid,
    /// The party that lets it.
    pub authority: Uuid,
    /// It has ended: what recurs falls due no more.
    pub ended: bool,
    /// The days of the contract's own events, by event.
    pub days: BTreeMap<&'static str, Date>,
    /// The places that stand.
    pub places: Vec<Spot>,
    /// The packs on it, each with what is known of what it asks.
    pub packs: Vec<(Arc<Pack>, Facts)>,
    /// What happened.
    pub events: Vec<Happened>,
}

/// One duty as it is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Which duty, where.
    pub key: Key,
    /// The place; none for a duty of one of the authority's roles.
    pub place: Option<Uuid>,
    /// The party that owes it.
    pub party: Uuid,
    /// The pack's edition.
    pub edition: String,
    /// [`BY_PLACE`], or the role of the authority that owes it.
    pub role: &'static str,
    /// Whether its condition is known to hold; else it stays listed, because what is not known is not "no".
    pub certain: bool,
    /// Whether it was shown to be met, by people or by what this service saw happen.
    pub met: bool,
    /// When this service saw happen what shows it, and under which reference.
    pub shown: Option<(Date, Option<String>)>,
    /// The last good day.
    pub due_on: Option<Date>,
}

impl Ground {
    /// Every duty owed of those asked for, given what was recorded.
    pub fn owed(&self, recorded: &BTreeMap<Key, Shown>, which: Which<'_>) -> Vec<Owed> {
        let mut all = Vec::new();
        for (pack, facts) in &self.packs {
            for place in &self.places {
                for duty in place.owes(pack).into_iter().filter(|duty| which.takes(pack, duty)) {
                    all.extend(self.one(pack, facts, Some(place), duty, recorded));
                }
            }
            let duties = pack.obligations.iter().filter(|duty| !duty.owed_by.by_place() && duty.owed_by != Role::Bidder);
            for duty in duties.filter(|duty| which.takes(pack, duty)) {
                all.extend(self.one(pack, facts, None, duty, recorded));
            }
        }
        all.retain(|duty| which.is_at(&duty.key));
        all
    }

    fn one(&self, pack: &Pack, facts: &Facts, at: Option<&Spot>, duty: &Obligation, recorded: &BTreeMap<Key, Shown>) -> Option<Owed> {
        let applies = applies(duty, facts);
        if applies.is_false() {
            return None;
        }
        let key = (at.map_or(self.contract, |place| place.id), pack.pack.clone(), duty.id.clone());
        let mut shown = recorded.get(&key).copied().unwrap_or_default();
        let seen = duty.shown_by.as_ref().and_then(|event| self.last(event, duty, at));
        shown.met_on = shown.met_on.max(seen.map(|seen| seen.day));
        Some(Owed {
            place: at.map(|place| place.id),
            party: at.map_or(self.authority, |place| place.party),
            edition: pack.edition.clone(),
            role: if at.is_some() { BY_PLACE } else { duty.owed_by.code() },
            certain: !applies.is_unknown(),
            met: shown.met_on.is_some(),
            shown: seen.map(|seen| (seen.day, seen.reference.clone())),
            due_on: self.due_on(duty, at, shown, &pack.calendar),
            key,
        })
    }

    /// The last good day: the day by which it must be met, or the last day that its evidence covers if that is earlier.
    fn due_on(&self, duty: &Obligation, at: Option<&Spot>, shown: Shown, calendar: &Calendar) -> Option<Date> {
        let day = duty.when.event().and_then(|event| self.day(event, duty, at, shown.met_on));
        // A day outside the calendar is none that anybody could meet.
        let due = schedule::due(&duty.when, day, shown.met_on, calendar).unwrap_or(Due::Waiting).date();
        let due = due.filter(|_| !(self.ended && matches!(duty.when, When::Every { .. })));
        [due, shown.covers_to].into_iter().flatten().min()
    }

    /// The day of what a duty counts from. Of several, the first that it was not met since; when it was met since all, the last.
    fn day(&self, event: &str, duty: &Obligation, at: Option<&Spot>, met_on: Option<Date>) -> Option<Date> {
        if let Some(day) = self.days.get(event) {
            return Some(*day);
        }
        let mut days: BTreeSet<Date> = match (event, at) {
            // What a lead does before a party joins, it does for those below it.
            ("chain_change", Some(lead)) if duty.owed_by == Role::LeadSupplier => {
                self.places.iter().filter(|p| p.id != lead.id && self.lead_of(p) == lead.id).filter_map(|p| p.since).collect()
            }
            ("chain_change", Some(place)) => place.since.into_iter().collect(),
            ("chain_change", None) => self.places.iter().filter_map(|p| p.since).collect(),
            _ => self.events.iter().filter(|e| e.event == event && self.concerns(e, duty, at)).map(|e| e.day).collect(),
        };
        let last = days.pop_last();
        days.into_iter().find(|day| met_on.is_none_or(|met| met < *day)).or(last)
    }

    /// The last time that something happened that concerns a duty.
    fn last(&self, event: &str, duty: &Obligation, at: Option<&Spot>) -> Option<&Happened> {
        self.events.iter().filter(|e| e.event == event && self.concerns(e, duty, at)).max_by_key(|e| e.day)
    }

    /// What happens at a place concerns that place, the lead above it in what the lead owes for its chain, and the authority.
    fn concerns(&self, happened: &Happened, duty: &Obligation, at: Option<&Spot>) -> bool {
        let (Some(here), Some(there)) = (at, happened.place) else { return true };
        let lead = duty.owed_by == Role::LeadSupplier;
        here.id == there || (lead && self.places.iter().any(|p| p.id == there && self.lead_of(p) == here.id))
    }

    fn lead_of(&self, place: &Spot) -> Uuid {
        let mut here = place;
        // A chain has an end: places above are of lower tiers.
        while let Some(above) = here.above.and_then(|id| self.places.iter().find(|p| p.id == id && p.tier < here.tier)) {
            here = above;
        }
        here.id
    }
}

/// Whether a duty's condition holds, as far as is known.
pub fn applies(duty: &Obligation, facts: &Facts) -> Truth {
    duty.condition.as_ref().map_or(Truth::True, |condition| condition.truth(facts))
}
