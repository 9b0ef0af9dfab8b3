//! Whether a report may be merged into another one of the same incident (SEC-24). Pure.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::model::Incident;

/// Why a report may not be merged into another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// It is the same report.
    Itself,
    /// That one was merged itself, and goes on as this one.
    MergedInto(Uuid),
    /// That one was merged into this very report.
    ComesBack,
    /// These parties read the report and not that one: by the merge they would learn of it.
    Unseen(BTreeSet<Uuid>),
}

/// The incident as which a report goes on, by the links from duplicates to what they were merged into; none where they go round in a circle.
pub fn last(links: &BTreeMap<Uuid, Uuid>, from: Uuid) -> Option<Uuid> {
    let (mut at, mut passed) = (from, BTreeSet::new());
    while let Some(next) = links.get(&at) {
        if !passed.insert(at) {
            return None;
        }
        at = *next;
    }
    Some(at)
}

/// Whether `duplicate` may be merged into `into`; `links` are those that lead on from there.
///
/// # Errors
/// [`Unfit`].
pub fn fits(duplicate: &Incident, into: &Incident, links: &BTreeMap<Uuid, Uuid>) -> Result<(), Unfit> {
    let (own, theirs) = (duplicate.case.id, into.case.id);
    if own == theirs {
        return Err(Unfit::Itself);
    }
    match last(links, theirs) {
        Some(last) if last == theirs => {}
        Some(last) if last != own => return Err(Unfit::MergedInto(last)),
        _ => return Err(Unfit::ComesBack),
    }
    let unseen: BTreeSet<Uuid> = duplicate.readers().difference(&into.readers()).copied().collect();
    if unseen.is_empty() { Ok(()) } else { Err(Unfit::Unseen(unseen)) }
}

#[cfg(test)]
mod tests {
    use platform::cases::Case;

    use super::*;
    use crate::casework::Sight;

    const fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn incident(n: u128, above: &[u128], reporter: Option<u128>) -> Incident {
        let case = Case {
            id: id(n),
            kind: "incident".to_owned(),
            reference: None,
            year: None,
            number: None,
            stage: "triage".to_owned(),
            title: String::new(),
            search_key: String::new(),
            party: Uuid::nil(),
            contract: None,
            place: None,
            owner: None,
            rating: None,
            due: None,
            round: 1,
            pack: String::new(),
            edition: String::new(),
            form: String::new(),
            version: 1,
            made_at: 0,
            made_by: Uuid::nil(),
            moved_at: 0,
            submitted_at: None,
            submitted_by: None,
            closed_at: None,
        };
        let standing = Sight { above: above.iter().copied().map(id).collect(), lead: None };
        Incident { case, standing, reporter: reporter.map(id), about_above: false, told: reporter.is_none() }
    }

    /// From whom to whom.
    type Links = &'static [(u128, u128)];

    fn links(all: Links) -> BTreeMap<Uuid, Uuid> {
        all.iter().map(|(from, to)| (id(*from), id(*to))).collect()
    }

    #[test]
    fn a_chain_leads_to_its_end_and_a_circle_nowhere() {
        let cases: [(Links, u128, Option<u128>); 6] = [
            (&[], 1, Some(1)),
            (&[(1, 2)], 1, Some(2)),
            (&[(1, 2), (2, 3)], 1, Some(3)),
            (&[(1, 2), (2, 3)], 2, Some(3)),
            (&[(1, 2), (2, 1)], 1, None),
            (&[(1, 2), (2, 3), (3, 2)], 1, None),
        ];
        for (all, from, to) in cases {
            assert_eq!(last(&links(all), id(from)), to.map(id), "{all:?} from {from}");
        }
    }

    #[test]
    fn who_reads_a_duplicate_reads_what_it_is_merged_into() {
        const LEAD: u128 = 11;
        const SUB: u128 = 12;
        const BESIDE: u128 = 13;
        const OTHER: u128 = 14;
        let leads = || incident(1, &[LEAD], Some(LEAD));
        let subs = || incident(2, &[SUB, LEAD], Some(SUB));
        let besides = || incident(3, &[BESIDE, LEAD], Some(BESIDE));
        let told = || incident(4, &[LEAD], None);
        // Reported by a party that has left the chain since.
        let gone = || incident(5, &[LEAD], Some(SUB));
        let others = || incident(6, &[OTHER], Some(OTHER));
        let nobody: Links = &[];
        let cases: [(Incident, Incident, Links, Result<(), Unfit>); 13] = [
            (leads(), leads(), nobody, Err(Unfit::Itself)),
            (leads(), told(), nobody, Ok(())),
            (told(), leads(), nobody, Ok(())),
            (leads(), subs(), nobody, Ok(())),
            (subs(), leads(), nobody, Err(Unfit::Unseen([id(SUB)].into()))),
            (subs(), besides(), nobody, Err(Unfit::Unseen([id(SUB)].into()))),
            (gone(), leads(), nobody, Err(Unfit::Unseen([id(SUB)].into()))),
            (gone(), subs(), nobody, Ok(())),
            (others(), leads(), nobody, Err(Unfit::Unseen([id(OTHER)].into()))),
            (leads(), told(), &[(4, 2)], Err(Unfit::MergedInto(id(2)))),
            (leads(), told(), &[(4, 2), (2, 3)], Err(Unfit::MergedInto(id(3)))),
            (leads(), told(), &[(4, 1)], Err(Unfit::ComesBack)),
            (leads(), told(), &[(4, 2), (2, 1)], Err(Unfit::ComesBack)),
        ];
        for (n, (duplicate, into, all, fit)) in cases.into_iter().enumerate() {
            assert_eq!(fits(&duplicate, &into, &links(all)), fit, "{n}");
        }
    }
}
