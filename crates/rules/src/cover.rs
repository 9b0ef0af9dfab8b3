//! Does an approval cover work abroad? (OFF-6, OFF-9a, OWN-1)
//!
//! An approval covers the party, the activities, the places, the data, the number of people and the days that it was given for, and nothing
//! beside. Each way in which work goes beyond it is a *gap*, said with its source. Work with no gap may start.
//!
//! Two readings are ours. A number of people is within what was approved up to a tolerance in per cent, since people fall ill and leave;
//! and an approval no longer stands for work whose place in the chain ended or moved to another tier, because another party answers for it
//! then (OFF-12).

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::decision::{Args, Reason};
use crate::offshoring::Kind;

#[cfg(test)]
mod tests;

/// What an approval was given for. Ids are opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// The party that does the work.
    pub party: String,
    /// The kinds of activity, of the whole.
    pub kinds: Vec<Kind>,
    /// The places where they are done.
    pub places: Vec<Place>,
    /// The information, systems and services, by name.
    pub data: Vec<String>,
    /// How many people in all; none where nobody said.
    pub people: Option<u64>,
    /// The tier at which the party stood; none where it was not kept.
    pub tier: Option<u32>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Whether it stands.
    pub standing: Standing,
    /// Of an urgent approval that waits to be ratified, the last day that it is to have then: until it is ratified, [`Approved::to`] is the day by which
    /// it must be, and it lapses after that.
    pub until: Option<Date>,
}

/// A place within an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What marks it: a site's id, or where it stands in the approval.
    pub mark: String,
    /// Its country, by code.
    pub country: String,
    /// What is done there.
    pub kinds: Vec<Kind>,
    /// How many people work there; none where nobody said.
    pub people: Option<u64>,
}

/// Whether an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    InForce,
    /// Not for now.
    Suspended,
    /// It was taken back for good.
    Revoked,
}

impl Standing {
    /// Every one.
    const ALL: [Self; 3] = [Self::InForce, Self::Suspended, Self::Revoked];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }
}

/// Work abroad, planned or under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The party that does it.
    pub party: String,
    /// What is done.
    pub kind: Kind,
    /// Where, by code.
    pub country: String,
    /// What marks its place, if that is known.
    pub place: Option<String>,
    /// The information, systems and services that it reaches, by name; empty stands for those approved.
    pub data: Vec<String>,
    /// How many people.
    pub people: u64,
    /// The tier at which the party stands; none where its place ended.
    pub tier: Option<u32>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Since when an approval covered work that began on a day, of the days on which each one covered it, first and last: the first day of the one under
/// which it began; where it began under none, of the next, and where there was no next, of the first. Work began before its approval where this is
/// later than its day. One that ended before its first day covered nothing.
pub fn since(spells: &[(Date, Date)], began: Option<Date>) -> Option<Date> {
    let spells = || spells.iter().filter(|(from, to)| from <= to);
    let first = |of: &dyn Fn(&(Date, Date)) -> bool| spells().filter(|spell| of(spell)).map(|spell| spell.0).min();
    let under = began.and_then(|day| first(&|(from, to)| (*from..=*to).contains(&day)));
    let next = || began.and_then(|day| first(&|(from, _)| *from > day));
    under.or_else(next).or_else(|| first(&|_| true))
}

/// What of `work` the approval does not cover on `day`, most telling first; empty when it covers all. `tolerance` is by how many per cent
/// the number of people may go beyond the approved one.
pub fn gaps(work: &Work, approved: Option<&Approved>, day: Date, tolerance: u64) -> Vec<Reason> {
    let Some(approved) = approved else { return vec![gap("no_approval", &[])] };
    let mut found = Vec::new();
    match approved.standing {
        Standing::InForce => {}
        Standing::Suspended => found.push(gap("suspended", &[])),
        Standing::Revoked => found.push(gap("revoked", &[])),
    }
    if work.party != approved.party {
        found.push(gap("party", &[]));
    }
    match (work.tier, approved.tier) {
        (None, _) => found.push(gap("place_ended", &[])),
        (Some(now), Some(then)) if now != then => found.push(gap("tier", &[("now", now.to_string()), ("then", then.to_string())])),
        _ => {}
    }
    found.extend(place(work, approved, tolerance));
    let known: BTreeSet<String> = approved.data.iter().map(|name| plain(name)).collect();
    let more: Vec<&str> = work.data.iter().map(|name| name.trim()).filter(|name| !known.contains(&plain(name))).collect();
    if !more.is_empty() {
        found.push(gap("data", &[("names", more.join("; "))]));
    }
    if let Some(too_many) = approved.people.filter(|most| beyond(work.people, *most, tolerance)) {
        found.push(gap("people", &[("people", work.people.to_string()), ("approved", too_many.to_string())]));
    }
    if day < approved.from {
        found.push(gap("not_yet", &[("from", approved.from.to_string())]));
    }
    let last = approved.until.unwrap_or(approved.to);
    if day > approved.to {
        let rule = if approved.until.is_some() { "lapsed" } else { "ended" };
        found.push(gap(rule, &[("to", approved.to.to_string())]));
    } else if work.to > last {
        found.push(gap("days", &[("until", work.to.to_string()), ("to", last.to_string())]));
    }
    found
}

/// What of the kind and the place is not covered. People who are brought in work at home: for them the kind alone counts.
fn place(work: &Work, approved: &Approved, tolerance: u64) -> Vec<Reason> {
    let kind = ("kind", work.kind.code().to_owned());
    if work.kind == Kind::LandedStaff {
        return if approved.kinds.contains(&work.kind) { Vec::new() } else { vec![gap("kind", &[kind])] };
    }
    let here: Vec<&Place> = approved.places.iter().filter(|place| place.country == work.country).collect();
    let country = ("country", work.country.clone());
    if here.is_empty() {
        return vec![gap("country", &[country])];
    }
    let Some(mark) = &work.place else {
        // Nobody said where in the country, and not known is not covered.
        let there = here.iter().any(|place| place.kinds.contains(&work.kind));
        return vec![if there { gap("site_unknown", &[]) } else { gap("kind_there", &[kind, country]) }];
    };
    let Some(place) = here.iter().find(|place| place.mark == *mark) else { return vec![gap("site", &[])] };
    if !place.kinds.contains(&work.kind) {
        return vec![gap("kind_at_site", &[kind])];
    }
    let most = place.people.filter(|most| approved.people.is_none_or(|all| *most < all) && beyond(work.people, *most, tolerance));
    most.map(|most| gap("people_at_site", &[("people", work.people.to_string()), ("approved", most.to_string())])).into_iter().collect()
}

/// Whether `people` are more than `most` and so many per cent of it.
fn beyond(people: u64, most: u64, tolerance: u64) -> bool {
    u128::from(people) * 100 > u128::from(most) * (100 + u128::from(tolerance))
}

/// A name without what people do not mean by it: blanks around it and capitals.
pub fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

fn gap(rule: &'static str, args: &[(&str, String)]) -> Reason {
    let source = RULES.iter().find(|(id, _)| *id == rule).map_or(&["OFF-6"][..], |(_, source)| source);
    Reason { rule, source, args: args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Args>() }
}

/// Every gap that there is, with the paragraphs that it rests on.
pub const RULES: [(&str, &[&str]); 19] = [
    ("no_approval", &["OFF-6", "OFF-9a"]),
    ("suspended", &["OFF-6", "OWN"]),
    ("revoked", &["OFF-6", "OWN"]),
    ("party", &["OFF-6"]),
    ("place_ended", &["OFF-12"]),
    ("tier", &["OFF-12"]),
    ("kind", &["OFF-6", "OFF-4"]),
    ("country", &["OFF-6"]),
    ("kind_there", &["OFF-6", "OFF-4"]),
    ("site", &["OFF-6"]),
    ("site_unknown", &["OFF-6"]),
    ("kind_at_site", &["OFF-6", "OFF-4"]),
    ("people_at_site", &["OFF-6", "OFF-Q1"]),
    ("data", &["OFF-6", "OFF-Q2"]),
    ("people", &["OFF-6", "OFF-Q1"]),
    ("not_yet", &["OFF-6"]),
    ("ended", &["OFF-6"]),
    ("lapsed", &["OFF-6", "OWN"]),
    ("days", &["OFF-6"]),
];
