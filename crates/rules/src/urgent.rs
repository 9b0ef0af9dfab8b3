//! An urgent approval: given for some days ahead of the decision, and ratified soon by somebody else, or it lapses (OFF-6, OFF-11).
//!
//! This is ours; the policy that the pack restates knows none. Whether one may be given, by when it is ratified, and how it stands on a day, is
//! worked out here from days alone: no job has to run for one to lapse.

use jiff::ToSpan as _;
use jiff::civil::Date;

#[cfg(test)]
mod tests;

/// What ended an urgent approval before its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was refused instead of ratified.
    Refused,
    /// It was taken back.
    TakenBack,
    /// The levels approved: theirs took its place.
    Replaced,
    /// The proposal was declined.
    Declined,
    /// The proposal turned out to be no offshoring.
    NotOffshoring,
    /// The proposal was withdrawn.
    Withdrawn,
}

impl End {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Refused, Self::TakenBack, Self::Replaced, Self::Declined, Self::NotOffshoring, Self::Withdrawn];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::TakenBack => "taken_back",
            Self::Replaced => "replaced",
            Self::Declined => "declined",
            Self::NotOffshoring => "not_offshoring",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.code() == code)
    }
}

/// What is kept of an urgent approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// The last day, once it is ratified.
    pub until: Date,
    /// The last day on which it may be ratified, and the last one that it covers until then.
    pub ratify_by: Date,
    /// Whether it was ratified.
    pub ratified: bool,
    /// What ended it, if something did.
    pub end: Option<End>,
}

/// How an urgent approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It holds, and waits to be ratified.
    ToRatify,
    /// It was ratified and holds.
    Ratified,
    /// Nobody ratified it in time.
    Lapsed,
    /// It was ratified, and its last day is past.
    RanOut,
    /// Something ended it.
    Ended(End),
}

impl Stands {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ToRatify => "to_ratify",
            Self::Ratified => "ratified",
            Self::Lapsed => "lapsed",
            Self::RanOut => "ran_out",
            Self::Ended(end) => end.code(),
        }
    }

    /// Whether it still covers work.
    pub fn runs(self) -> bool {
        matches!(self, Self::ToRatify | Self::Ratified)
    }
}

/// How an urgent approval stands on a day.
pub fn stands(given: Given, today: Date) -> Stands {
    match given.end {
        Some(end) => Stands::Ended(end),
        None if given.ratified && today > given.until => Stands::RanOut,
        None if given.ratified => Stands::Ratified,
        None if today > given.ratify_by => Stands::Lapsed,
        None => Stands::ToRatify,
    }
}

/// The last day that an urgent approval covers as it stands: the agreed one once it is ratified, until then the last on which it may be.
pub fn last_day(given: Given) -> Date {
    if given.ratified { given.until } else { given.ratify_by }
}

/// By when one that is given today is ratified: so many days later, and never after its own last day.
pub fn ratify_by(today: Date, days: u32, until: Date) -> Date {
    today.checked_add(i64::from(days).days()).unwrap_or(Date::MAX).min(until)
}

/// Whether an urgent approval failed: it covers nothing any more, and nobody stood by it. One that was taken back before it was ratified, or whose proposal
/// was withdrawn before that, failed as one that was refused did, or both sides together could begin anew for ever.
fn failed(given: Given, today: Date) -> bool {
    let dropped = [Stands::Lapsed, Stands::Ended(End::Refused), Stands::Ended(End::TakenBack), Stands::Ended(End::Withdrawn)];
    !given.ratified && dropped.contains(&stands(given, today))
}

/// How many urgent approvals of the same work failed in a row, latest first, since it was last decided on. One that still waits to be ratified tells
/// neither way.
pub fn failed_in_a_row(latest_first: &[Given], today: Date) -> u32 {
    let tells = |given: &&Given| !matches!(stands(**given, today), Stands::ToRatify);
    let failed = latest_first.iter().filter(tells).take_while(|given| failed(**given, today));
    u32::try_from(failed.count()).unwrap_or(u32::MAX)
}

/// How the proposal stands for which one is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Not handed in, with a bid, or returned: there is nothing that anybody could approve.
    WithSupplier,
    /// Handed in, and not decided on yet.
    UnderWay,
    /// Decided on, or withdrawn.
    Closed,
}

/// What is so where an urgent approval is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// How the proposal stands.
    pub case: Case,
    /// Whether an approval of the levels exists for it.
    pub approved: bool,
    /// Whether an urgent approval of it still runs.
    pub running: bool,
    /// How many failed in a row ([`failed_in_a_row`]).
    pub failed: u32,
    /// After how many none is given any more; none where the pack knows no urgent approval.
    pub refusals: Option<u32>,
    /// The first day on which one may be given ([`opens`]), where that is still to come.
    pub opens: Option<Date>,
}

/// Why no urgent approval is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// The pack knows none.
    NoSuch,
    /// The supplier has the proposal.
    WithSupplier,
    /// The proposal is closed.
    Closed,
    /// The levels approved it.
    Approved,
    /// Another one still runs.
    Running,
    /// So many failed in a row.
    Failed(u32),
    /// The work begins so late that one given before this day would have lapsed by then: it can wait.
    Early(Date),
}

impl Bar {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSuch => "no_such",
            Self::WithSupplier => "with_supplier",
            Self::Closed => "closed",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Failed(_) => "failed",
            Self::Early(_) => "early",
        }
    }
}

/// Why no urgent approval may be given; none where one may.
pub fn bar(of: Situation) -> Option<Bar> {
    let Some(refusals) = of.refusals else { return Some(Bar::NoSuch) };
    match of.case {
        Case::WithSupplier => return Some(Bar::WithSupplier),
        _ if of.approved => return Some(Bar::Approved),
        Case::Closed => return Some(Bar::Closed),
        Case::UnderWay => {}
    }
    if of.running {
        return Some(Bar::Running);
    }
    if of.failed >= refusals {
        return Some(Bar::Failed(of.failed));
    }
    of.opens.map(Bar::Early)
}

/// From which day on an urgent approval may be given of work that begins on a day, to be ratified within so many days: one given before would have
/// lapsed by then. None where that is today or was before.
pub fn opens(first: Date, ratify: u32, today: Date) -> Option<Date> {
    first.checked_sub(i64::from(ratify).days()).ok().filter(|day| *day > today)
}

/// What is wrong with the days of an urgent approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The first day is past.
    Past,
    /// The last day comes before the first.
    Reversed,
    /// The first day comes after the last one on which it may be ratified: it would have lapsed by then.
    Late(Date),
    /// It would last for more than so many days.
    TooLong(u32),
    /// The first day lies outside the days that were asked for.
    FromOutside,
    /// The last one does.
    UntilOutside,
}

/// What is wrong with days from `from` to `until`, given today for at most `days` days within those that were `asked` for, to be ratified within
/// `ratify` days.
pub fn faults((from, until): (Date, Date), today: Date, (days, ratify): (u32, u32), asked: Option<(Date, Date)>) -> Vec<Fault> {
    let mut found = Vec::new();
    if from < today {
        found.push(Fault::Past);
    }
    if until < from {
        found.push(Fault::Reversed);
    } else if i64::from((until - from).get_days()) + 1 > i64::from(days) {
        found.push(Fault::TooLong(days));
    }
    let by = ratify_by(today, ratify, until.max(from));
    if from > by {
        found.push(Fault::Late(by));
    }
    if let Some((first, last)) = asked {
        let outside = |day: Date| day < first || day > last;
        found.extend(outside(from).then_some(Fault::FromOutside));
        found.extend(outside(until).then_some(Fault::UntilOutside));
    }
    found
}
