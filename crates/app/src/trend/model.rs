//! Periods, and what is counted in them: what the database counted, put together. [`of`] alone reads.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::register::Kind;
use platform::texts::Text;
use platform::{Cx, Error, Result};
use rules::incident::Category;
use uuid::Uuid;

use crate::incident::figures::{BANDS, UNKNOWN};
use crate::incident::store::figures::{self, Asked, Daily, Line, Shared};
use crate::incident_record;

/// The longest period, in years.
pub const MOST_YEARS: i16 = 50;
/// Longer periods, in months, are drawn by year.
const MOST_MONTHS: usize = 36;

/// A period: its first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Period {
    /// From a day to a day.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `last`, when that is before `first`, or the period is longer than [`MOST_YEARS`].
    pub fn new(first: Date, last: Date) -> Result<Self> {
        if last < first {
            return Err(Error::field("last", Text::new("trend-period-turned")));
        }
        if last.year() - first.year() >= MOST_YEARS {
            return Err(Error::field("last", Text::new("trend-period-long").with("years", MOST_YEARS)));
        }
        Ok(Self { first, last })
    }

    /// So many months up to today's, that of today included.
    pub fn months_to(today: Date, months: i32) -> Self {
        let first = today.first_of_month().saturating_sub((months - 1).months());
        Self { first, last: today.last_of_month() }
    }

    /// A year.
    pub fn year(of: Date) -> Self {
        Self { first: of.first_of_year(), last: of.last_of_year() }
    }

    /// How many months it has, where it begins with a month and ends with one.
    fn whole_months(self) -> Option<i32> {
        let whole = self.first.day() == 1 && self.last == self.last.last_of_month();
        let months = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        whole.then(|| months(self.last) - months(self.first) + 1)
    }

    /// The first day of the period before it, which is as long: as many months where it has whole ones, else as many days.
    pub fn before(self) -> Date {
        match self.whole_months() {
            Some(months) => self.first.saturating_sub(months.months()),
            None => self.first.saturating_sub((self.last - self.first).get_days().saturating_add(1).days()),
        }
    }

    /// The columns of a drawing over time: months (`2026-03`), or years where these would be too many.
    pub fn columns(self) -> Vec<String> {
        let mut months = Vec::new();
        let mut at = self.first.first_of_month();
        while at <= self.last {
            months.push(at.strftime("%Y-%m").to_string());
            match at.checked_add(1.month()) {
                Ok(next) => at = next,
                Err(_) => break,
            }
        }
        if months.len() <= MOST_MONTHS {
            return months;
        }
        let years: BTreeSet<String> = months.into_iter().map(|month| month[..4].to_owned()).collect();
        years.into_iter().collect()
    }
}

/// How many incidents, in the period and in the one before, and where the cause of those in the period lies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figure {
    /// In the period.
    pub now: i64,
    /// In the one before.
    pub before: i64,
    /// Of those in the period: by a cause in the system.
    pub systemic: i64,
    /// Of those in the period: by a matter of awareness.
    pub awareness: i64,
}

impl Figure {
    fn add(&mut self, now: bool, cause: &str, number: i64) {
        if !now {
            self.before += number;
            return;
        }
        self.now += number;
        match cause {
            "systemic" => self.systemic += number,
            "awareness" => self.awareness += number,
            _ => {}
        }
    }
}

/// A cause that recurs: at a party, incidents of one category whose cause lies alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recurring {
    /// The party.
    pub party: Uuid,
    /// The category's code.
    pub category: String,
    /// `systemic` or `awareness`; blank where nobody said.
    pub cause: String,
    /// How many.
    pub number: i64,
}

/// What others recorded, by category and by party.
pub type Recorded = (Vec<(String, Figure)>, Vec<(Uuid, Figure)>);

/// The code of incidents that have no category, as nobody triaged them or none fits.
pub const NO_CATEGORY: &str = "none";

/// All that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trends {
    /// What was asked for.
    pub asked: Asked,
    /// Together.
    pub all: Figure,
    /// How many reports of the period turned out to be no incident; these count nowhere else.
    pub none: i64,
    /// By month or year, each of the period, in order.
    pub over: Vec<(String, i64)>,
    /// By category, most first; an incident of several counts for each.
    pub categories: Vec<(String, Figure)>,
    /// By party, most first.
    pub parties: Vec<(Uuid, Figure)>,
    /// By tier, the nearest first.
    pub tiers: Vec<(i32, Figure)>,
    /// By the band of the time from discovery to report, shortest first, each.
    pub discovery: Vec<(&'static str, Figure)>,
    /// The same of the time from the event.
    pub event: Vec<(&'static str, Figure)>,
    /// What recurs at these parties, most first.
    pub recurring: Vec<Recurring>,
    /// What others recorded of the years that the period touches, and of as many before, by category and by party.
    pub recorded: Recorded,
}

/// Counts what the actor sees; `most` parties.
///
/// # Errors
/// When the database fails.
pub async fn of(cx: &Cx, asked: Asked, most: u64) -> Result<Trends> {
    let (db, actor) = (cx.db(), &cx.actor);
    let days = figures::daily(db, actor, &asked).await?;
    let shared = figures::shared(db, actor, &asked).await?;
    let parties = figures::counted_by_party(db, actor, &asked, most).await?;
    let shown: BTreeSet<Uuid> = parties.iter().map(|line| line.of).collect();
    let causes = figures::counted_by_cause(db, actor, &asked, shown).await?;
    let first = asked.first.to_string();
    let months = by_day(&days, &first, |day| day.day.get(..7).unwrap_or_default().to_owned());
    let mut all = Figure::default();
    for line in &months {
        all.add(line.now, &line.cause, line.number);
    }
    Ok(Trends {
        all,
        none: days.iter().filter(|day| day.none && day.day >= first).map(|day| day.number).sum(),
        over: over(Period { first: asked.first, last: asked.last }, &months),
        categories: by_category(&by_shared(&shared, |of| &of.categories)),
        parties: ordered(put_together(parties, |id| Some(*id))),
        tiers: put_together(by_day(&days, &first, |day| day.tier), |tier| Some(*tier)).into_iter().collect(),
        discovery: banded(by_shared(&shared, |of| &of.discovery)),
        event: banded(by_shared(&shared, |of| &of.event)),
        recurring: recurring(causes),
        recorded: recorded(cx, &asked).await?,
        asked,
    })
}

/// The days' incidents, by what `of` says of a day and where their cause lies; those of the period are from `first` on.
fn by_day<K>(days: &[Daily], first: &str, of: impl Fn(&Daily) -> K) -> Vec<Line<K>> {
    let lines = |day: &Daily| {
        let others = day.number - day.systemic - day.awareness;
        let causes = [("systemic", day.systemic), ("awareness", day.awareness), ("", others)];
        let line = |(cause, number): (&str, i64)| Line { of: of(day), now: day.day.as_str() >= first, cause: cause.to_owned(), number };
        causes.into_iter().filter(|(_, number)| *number > 0).map(line).collect::<Vec<_>>()
    };
    days.iter().filter(|day| !day.none).flat_map(lines).collect()
}

/// By one of the things that they share.
fn by_shared(shared: &[Line<Shared>], of: impl Fn(&Shared) -> &String) -> Vec<Line<String>> {
    let line = |line: &Line<Shared>| Line { of: of(&line.of).clone(), now: line.now, cause: line.cause.clone(), number: line.number };
    shared.iter().map(line).collect()
}

fn put_together<K, T: Ord>(lines: Vec<Line<K>>, key: impl Fn(&K) -> Option<T>) -> BTreeMap<T, Figure> {
    let mut all: BTreeMap<T, Figure> = BTreeMap::new();
    for line in lines {
        if let Some(key) = key(&line.of) {
            all.entry(key).or_default().add(line.now, &line.cause, line.number);
        }
    }
    all
}

/// Most in the period first, then most before; else in the order of the keys.
fn ordered<K: Ord>(all: BTreeMap<K, Figure>) -> Vec<(K, Figure)> {
    let mut all: Vec<(K, Figure)> = all.into_iter().collect();
    all.sort_by(|(a, x), (b, y)| y.now.cmp(&x.now).then(y.before.cmp(&x.before)).then_with(|| a.cmp(b)));
    all
}

/// Each column of the period with its number, nought included.
fn over(period: Period, months: &[Line<String>]) -> Vec<(String, i64)> {
    let count =
        |column: &String| months.iter().filter(|line| line.now && line.of.starts_with(column.as_str())).map(|line| line.number).sum();
    period.columns().into_iter().map(|column| (column.clone(), count(&column))).collect()
}

/// The codes of what is stored of categories, or that there are none.
fn codes(stored: &str) -> Vec<&str> {
    let codes: Vec<&str> = Kind::codes(stored).collect();
    if codes.is_empty() { vec![NO_CATEGORY] } else { codes }
}

fn by_category(lines: &[Line<String>]) -> Vec<(String, Figure)> {
    let mut all: BTreeMap<String, Figure> = BTreeMap::new();
    for line in lines {
        for code in codes(&line.of) {
            all.entry(code.to_owned()).or_default().add(line.now, &line.cause, line.number);
        }
    }
    ordered(all)
}

fn banded(lines: Vec<Line<String>>) -> Vec<(&'static str, Figure)> {
    let mut all = put_together(lines, |band| Some(band.clone()));
    let bands = BANDS.into_iter().map(|(code, _)| code).chain([UNKNOWN]);
    bands.map(|code| (code, all.remove(code).unwrap_or_default())).collect()
}

/// What comes twice or more.
fn recurring(causes: Vec<(Uuid, String, String, i64)>) -> Vec<Recurring> {
    let mut all: BTreeMap<(Uuid, String, String), i64> = BTreeMap::new();
    for (party, categories, cause, number) in causes {
        for category in Kind::codes(&categories) {
            *all.entry((party, category.to_owned(), cause.clone())).or_default() += number;
        }
    }
    let found = all.into_iter().filter(|(_, number)| *number > 1);
    let mut found: Vec<Recurring> = found.map(|((party, category, cause), number)| Recurring { party, category, cause, number }).collect();
    found.sort_by(|a, b| b.number.cmp(&a.number).then_with(|| a.cmp(b)));
    found
}

/// What others recorded: by the year of the event, as no more is known of most. Who reported what and when, they do not say.
async fn recorded(cx: &Cx, asked: &Asked) -> Result<Recorded> {
    // Tiers are not known of them.
    if asked.tier.is_some() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (first, last) = (asked.first.year(), asked.last.year());
    let years = (first - (last - first + 1), last);
    let now = |year: &str| year.parse::<i16>().is_ok_and(|year| year >= first);
    let (mut categories, mut parties): (BTreeMap<String, Figure>, BTreeMap<Uuid, Figure>) = <_>::default();
    // By category they are everybody's, by party those of whom it is known.
    if asked.party.is_none() {
        for (year, stored, number) in incident_record::store::counted(cx.db(), &cx.actor, years).await? {
            for code in codes(&stored).into_iter().filter(|code| asked.category.is_none_or(|only| only.code() == *code)) {
                categories.entry(code.to_owned()).or_default().add(now(&year), "", number);
            }
        }
    }
    if asked.category.is_none() {
        for (year, party, number) in incident_record::store::counted_by_party(cx.db(), &cx.actor, years).await? {
            if asked.party.is_none_or(|only| only == party) {
                parties.entry(party).or_default().add(now(&year), "", number);
            }
        }
    }
    Ok((ordered(categories), ordered(parties)))
}

/// A category in words.
pub fn category_says(code: &str) -> String {
    Category::from_code(code).map_or_else(|| platform::t!("trend-category-none"), |category| platform::texts::t(&category.message_id()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jiff::civil::date;

    use super::*;

    /// The period before is as long: in months where whole ones are asked for, else in days.
    #[test]
    fn periods_and_the_ones_before_them() {
        let cases = [
            (date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1), 12, "2026-01"),
            (date(2026, 3, 1), date(2026, 3, 31), date(2026, 2, 1), 1, "2026-03"),
            (date(2024, 2, 1), date(2024, 2, 29), date(2024, 1, 1), 1, "2024-02"),
            (date(2026, 3, 1), date(2026, 5, 31), date(2025, 12, 1), 3, "2026-03"),
            (date(2026, 3, 2), date(2026, 3, 8), date(2026, 2, 23), 1, "2026-03"),
            (date(2026, 3, 1), date(2026, 3, 30), date(2026, 1, 30), 1, "2026-03"),
            (date(2025, 12, 31), date(2026, 1, 1), date(2025, 12, 29), 2, "2025-12"),
            (date(2023, 1, 1), date(2025, 12, 31), date(2020, 1, 1), 36, "2023-01"),
            (date(2023, 1, 1), date(2026, 1, 31), date(2019, 12, 1), 4, "2023"),
        ];
        for (first, last, before, columns, begins) in cases {
            let period = Period::new(first, last).unwrap();
            assert_eq!(period.before(), before, "{first} {last}");
            assert_eq!((period.columns().len(), period.columns()[0].as_str()), (columns, begins), "{first} {last}");
        }
        assert!(Period::new(date(2026, 3, 2), date(2026, 3, 1)).is_err());
        assert!(Period::new(date(1970, 1, 1), date(2026, 3, 1)).is_err());
        assert_eq!(Period::months_to(date(2026, 3, 31), 12), Period::new(date(2025, 4, 1), date(2026, 3, 31)).unwrap());
        assert_eq!(Period::year(date(2026, 3, 31)), Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap());
    }

    fn line(of: &str, now: bool, cause: &str, number: i64) -> Line<String> {
        Line { of: of.to_owned(), now, cause: cause.to_owned(), number }
    }

    /// SEC-X1i: an incident of several categories counts for each; what is in neither period has no line; causes count for the period alone.
    #[test]
    fn sec_x1i_lines_are_put_together() {
        let lines = [
            line(".theft.loss.", true, "systemic", 2),
            line(".theft.", true, "awareness", 1),
            line(".theft.", true, "", 4),
            line(".loss.", false, "systemic", 5),
            line("", true, "", 3),
        ];
        let figure = |now, before, systemic, awareness| Figure { now, before, systemic, awareness };
        let expected = [("theft", figure(7, 0, 2, 1)), ("none", figure(3, 0, 0, 0)), ("loss", figure(2, 5, 2, 0))];
        assert_eq!(by_category(&lines), expected.map(|(code, figure)| (code.to_owned(), figure)));
        let bands = banded(vec![line("week", true, "", 2), line("hour", false, "", 1)]);
        assert_eq!(bands.len(), 8, "each band has a line: {bands:?}");
        assert_eq!((bands[0], bands[4]), (("hour", figure(0, 1, 0, 0)), ("week", figure(2, 0, 0, 0))));
        let months = [line("2026-01", true, "", 2), line("2026-01", true, "systemic", 1), line("2025-12", false, "", 9)];
        let period = Period::new(date(2026, 1, 1), date(2026, 2, 28)).unwrap();
        assert_eq!(over(period, &months), [("2026-01".to_owned(), 3), ("2026-02".to_owned(), 0)]);
    }

    /// SEC-X1i: a cause recurs at a supplier where incidents of one category share it, whatever other categories they have.
    #[test]
    fn sec_x1i_what_comes_twice_recurs() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let counted = |party, categories: &str, cause: &str, number| (party, categories.to_owned(), cause.to_owned(), number);
        let found = recurring(vec![
            counted(one, ".theft.", "systemic", 1),
            counted(one, ".theft.loss.", "systemic", 2),
            counted(one, ".theft.", "awareness", 1),
            counted(two, ".theft.", "systemic", 1),
            counted(two, ".damage.", "", 2),
            counted(two, "", "systemic", 7),
        ]);
        let of = |party, category: &str, cause: &str, number| Recurring { party, category: category.into(), cause: cause.into(), number };
        assert_eq!(found, [of(one, "theft", "systemic", 3), of(one, "loss", "systemic", 2), of(two, "damage", "", 2)]);
    }
}
