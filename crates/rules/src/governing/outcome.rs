//! The outcome and which document governs, over every way in which what is not known may turn out.

use super::demand::Measure;
use super::{Compared, Facts, Outcome, Source};
use crate::possible::{Possible, possible};

/// The facts that may be missing, in the order in which the ways to complete them are counted.
pub(super) const FACTS: [&str; 8] =
    ["contract.applies", "contract.asks", "plan.applies", "plan.asks", "pack.applies", "pack.asks", "rulings", "blocked_until_ruling"];

/// The outcome, and what governs.
pub(super) type Answer = (Outcome, Option<Source>);

/// What rulings may say: whether one says what holds, and whether the latest that speaks of it allows what is blocked.
#[derive(Clone, Copy)]
struct Ruled {
    binds: bool,
    allows: bool,
}

/// The answer on which all ways to complete the facts agree, and the facts that could change it, as places in [`FACTS`].
pub(super) fn possible_answers(facts: &Facts) -> Possible<Answer> {
    let either = |known: Option<bool>| known.map_or(vec![false, true], |value| vec![value]);
    let anything = anything(facts);
    let applies = Source::DOCUMENTS.map(|document| either(facts.ask(document).applies));
    let asks = Source::DOCUMENTS.map(|document| match (&facts.ask(document).asks, facts.ask(document).applies) {
        (Some(demand), _) => vec![Measure::of(demand)],
        (None, Some(false)) => vec![Measure::Text(String::new())],
        (None, _) => anything.clone(),
    });
    let rulings: Vec<Ruled> = match facts.rulings {
        Some(_) => {
            let allows = facts.on_block().and_then(|ruling| ruling.allows) == Some(true);
            vec![Ruled { binds: facts.binding().is_some(), allows }]
        }
        None => [(false, false), (false, true), (true, false), (true, true)].map(|(binds, allows)| Ruled { binds, allows }).to_vec(),
    };
    let blocked = either(facts.blocked_until_ruling);
    let values: Vec<usize> = (0..3).flat_map(|at| [applies[at].len(), asks[at].len()]).chain([rulings.len(), blocked.len()]).collect();
    possible(&values, |way| {
        let asked = [0, 1, 2].map(|at| Some(&asks[at][way[2 * at + 1]]).filter(|_| applies[at][way[2 * at]]));
        answer(asked, rulings[way[6]], blocked[way[7]])
    })
}

/// What a document may ask of which that is not known: what another one asks, a little more, a little less, or something that cannot be compared with it.
/// That is all that can make a difference. Where nothing is known of two, each may ask the same as the other or something else.
fn anything(facts: &Facts) -> Vec<Measure> {
    let known: Vec<Measure> =
        Source::DOCUMENTS.into_iter().filter_map(|document| facts.ask(document).asks.as_ref()).map(Measure::of).collect();
    // Words that nobody can have written: their blanks are not where `Measure::of` leaves them.
    let otherwise = [" ", "  "].map(|text| Measure::Text(text.to_owned()));
    let beside: Vec<Measure> = known.iter().flat_map(Measure::beside).collect();
    known.into_iter().chain(beside).chain(otherwise).collect()
}

/// The answer where all is known: what each document asks, in the order in which one goes before the next.
fn answer(asked: [Option<&Measure>; 3], ruled: Ruled, blocked: bool) -> Answer {
    if blocked && !ruled.allows {
        return (Outcome::Blocked, None);
    }
    if ruled.binds {
        return (Outcome::Ruled, Some(Source::Ruling));
    }
    let asking: Vec<(Source, &Measure)> =
        Source::DOCUMENTS.into_iter().zip(asked).filter_map(|(document, measure)| Some((document, measure?))).collect();
    let compare = |one: &Measure, compared: Compared| asking.iter().any(|(_, other)| one.compared(other) == compared);
    if asking.iter().any(|(_, one)| compare(one, Compared::Never)) {
        return (Outcome::Conflict, None);
    }
    // The first one than which none is stricter.
    match asking.iter().find(|(_, one)| !compare(one, Compared::Laxer)) {
        None => (Outcome::NothingAsked, None),
        Some((document, one)) if compare(one, Compared::Stricter) => (Outcome::StricterApplies, Some(*document)),
        Some((document, _)) => (Outcome::Governed, Some(*document)),
    }
}
