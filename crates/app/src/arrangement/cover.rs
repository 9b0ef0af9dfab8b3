//! Which approval covers an arrangement, and what of it none covers (OFF-6, OFF-9a).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::cases::Case;
use platform::db::dialect;
use platform::{Cx, Error, Result, t, texts};
use rules::country::Country;
use rules::cover::{Approved, Place, Standing, Work, gaps};
use rules::decision::Reason;
use rules::offshoring::Kind;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::store::Model;
use crate::offshoring::model::Standing as Stands;
use crate::offshoring::scope::{Scope, Site};
use crate::offshoring::{act, store as proposals};
use crate::{contract, pack};

/// By how many per cent people may be more than approved, where the pack does not say.
const TOLERANCE: u64 = 10;
/// How many days before its end an approval is said to be ending, where the pack does not say.
const ENDING: i64 = 90;

/// How an arrangement stands to the approvals of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The proposal whose approval covers most of it; none where none was approved.
    pub approval: Option<Uuid>,
    /// That approval's first and last day.
    pub days: Option<(Date, Date)>,
    /// What it does not cover.
    pub gaps: Vec<Reason>,
    /// How many days before its end it is said to be ending.
    pub ending: i64,
    /// The first day on which any approval covered what the work is, days aside.
    pub since: Option<Date>,
}

impl Cover {
    /// As a code of [`super::model::COVERS`], of work that has not ended.
    pub fn code(&self, today: Date) -> &'static str {
        if !self.gaps.is_empty() {
            return "uncovered";
        }
        let near = today.checked_add(self.ending.days()).unwrap_or(Date::MAX);
        if self.days.is_some_and(|(_, to)| to <= near) { "ending" } else { "covered" }
    }
}

/// How `row` stands to the approvals of its place on `today`.
///
/// # Errors
/// When the database fails or an approval does not open.
pub async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, row: &Model, today: Date) -> Result<Cover> {
    of_all(cx, db, std::slice::from_ref(row), today).await?.pop().ok_or_else(|| Error::internal("nothing was held against an approval"))
}

/// As [`of`] for rows of one contract, in the same order: each approval is read once.
///
/// # Errors
/// As [`of`].
pub async fn of_all<C: ConnectionTrait>(cx: &Cx, db: &C, rows: &[Model], today: Date) -> Result<Vec<Cover>> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let known = Known::of(cx, db, first.contract).await?;
    let mut tiers: BTreeMap<Uuid, Option<u32>> = BTreeMap::new();
    for row in rows {
        if let Entry::Vacant(new) = tiers.entry(row.place) {
            let place = contract::chain::place(db, row.place).await?.row;
            new.insert(if place.until.is_none() { u32::try_from(place.tier).ok() } else { None });
        }
    }
    rows.iter().map(|row| known.best(cx, row, tiers.get(&row.place).copied().flatten(), today)).collect()
}

/// The approvals under a contract, latest first; one whose case's key was destroyed says nothing any more.
pub(super) struct Known(Vec<(Case, Approved)>);

impl Known {
    pub(super) async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, contract: Uuid) -> Result<Self> {
        let mut approvals = Vec::new();
        for case in proposals::approved_under(db, contract).await? {
            let Some(approval) = proposals::approval(cx, db, &case).await? else { continue };
            let days = approval.from.parse().ok().zip(approval.to.parse().ok());
            if let Some((scope, days)) = approval.scope.zip(days) {
                approvals.push((case, approved(&scope, days, standing(approval.standing))));
            }
        }
        Ok(Self(approvals))
    }

    /// The approval that brought a row along.
    fn origin(&self, row: &Model) -> Option<&Approved> {
        self.0.iter().find(|(case, _)| Some(case.id) == row.origin).map(|(_, approved)| approved)
    }

    /// What marks the place of a row: its site in the register, or the one that the approval which brought it along names.
    pub(super) fn mark(&self, row: &Model) -> Option<String> {
        if let Some(id) = row.site {
            return Some(id.to_string());
        }
        let place = self.origin(row)?.places.get(usize::try_from(row.at?).ok()?)?;
        (place.country == row.country).then(|| place.mark.clone())
    }

    /// What a row reaches: what somebody said, or what the approval that brought it along names.
    pub(super) fn reaches(&self, row: &Model) -> Result<Vec<String>> {
        let said = row.details()?.reaches();
        Ok(if said.is_empty() { self.origin(row).map(|origin| origin.data.clone()).unwrap_or_default() } else { said })
    }

    /// How a row stands to those approvals that are for its party: to the one that covers most of it.
    fn best(&self, cx: &Cx, row: &Model, tier: Option<u32>, today: Date) -> Result<Cover> {
        let work = work(row, self.mark(row), self.reaches(row)?, tier)?;
        let own = || self.0.iter().filter(|(_, approved)| approved.party == work.party);
        let mut found: Option<Cover> = None;
        for (case, approved) in own() {
            let (tolerance, ending) = bounds(cx, case);
            let gaps = gaps(&work, Some(approved), today, tolerance);
            // Of two that lack as much, the one that brought the work along tells more.
            let tells_more = |best: &Cover| gaps.len() < best.gaps.len() || (gaps.len() == best.gaps.len() && Some(case.id) == row.origin);
            if found.as_ref().is_none_or(tells_more) {
                found = Some(Cover { approval: Some(case.id), days: Some((approved.from, approved.to)), gaps, ending, since: None });
            }
        }
        let Some(mut cover) = found else {
            return Ok(Cover { approval: None, days: None, gaps: gaps(&work, None, today, TOLERANCE), ending: ENDING, since: None });
        };
        let of_days = ["not_yet", "ended", "days", "suspended", "revoked"];
        let fits = |(case, approved): &&(Case, Approved)| {
            gaps(&work, Some(approved), today, bounds(cx, case).0).iter().all(|gap| of_days.contains(&gap.rule))
        };
        cover.since = own().filter(fits).map(|(_, approved)| approved.from).min();
        // One that follows without a day between: nothing ends.
        let after = cover.days.and_then(|(_, to)| to.tomorrow().ok());
        let follows = |day: Date| own().any(|(case, approved)| gaps(&work, Some(approved), day, bounds(cx, case).0).is_empty());
        if after.is_some_and(follows) {
            cover.ending = -1;
        }
        Ok(cover)
    }
}

fn standing(of: Stands) -> Standing {
    match of {
        Stands::InForce => Standing::InForce,
        Stands::Suspended => Standing::Suspended,
        Stands::Revoked => Standing::Revoked,
    }
}

/// What marks a site of a scope. One that is not in the register is known by its name, from one approval to the next.
pub(super) fn mark_of(site: &Site) -> String {
    site.registered.map_or_else(|| format!("{}@{}", dialect::fold(&site.name), site.country), |id| id.to_string())
}

/// A scope as the rule reads it. What was said to reach nothing of the authority's is covered as such and no further: work that does reach it is
/// not.
pub(super) fn approved(scope: &Scope, (from, to): (Date, Date), standing: Standing) -> Approved {
    let kinds = |codes: &[String], but: &[String]| -> Vec<Kind> {
        codes.iter().filter(|code| !but.contains(code)).filter_map(|code| Kind::from_code(code)).collect()
    };
    let places = scope.sites.iter().map(|site| Place {
        mark: mark_of(site),
        country: site.country.clone(),
        kinds: kinds(&site.activities, &site.reaching_nothing),
        people: site.people,
    });
    Approved {
        party: scope.party.map(|id| id.to_string()).unwrap_or_default(),
        kinds: kinds(&scope.activities, &scope.reaching_nothing),
        places: places.collect(),
        data: scope.data.clone(),
        people: scope.people,
        tier: scope.tier,
        from,
        to,
        standing,
    }
}

/// The work of a row, at this place, reaching this.
fn work(row: &Model, place: Option<String>, data: Vec<String>, tier: Option<u32>) -> Result<Work> {
    let details = row.details()?;
    Ok(Work {
        party: row.party.to_string(),
        kind: Kind::from_code(&row.kind).ok_or_else(|| Error::internal("a kind of work that there is not"))?,
        country: row.country.clone(),
        place,
        data,
        people: u64::from(details.people),
        tier,
        from: details.from,
        to: details.to,
    })
}

/// By how many per cent people may be more, and how many days before its end an approval is ending, as the case's pack says.
fn bounds(cx: &Cx, case: &Case) -> (u64, i64) {
    let pack = act::pack_of(cx, case).ok();
    let of = |id: &str| pack.as_ref().and_then(|pack| pack.threshold(id));
    (of("people_tolerance").unwrap_or(TOLERANCE), of("approval_ending_notice").and_then(|n| i64::try_from(n).ok()).unwrap_or(ENDING))
}

/// How many days before its end an approval is said to be ending, as the newest pack says.
pub(super) fn ending(cx: &Cx) -> i64 {
    let newest = pack::packs(cx.core()).newest("offshoring").and_then(|pack| pack.threshold("approval_ending_notice"));
    newest.and_then(|days| i64::try_from(days).ok()).unwrap_or(ENDING)
}

/// A gap in words.
pub fn says(gap: &Reason) -> String {
    let mut args = gap.args.clone();
    for (name, value) in &mut args {
        match name.as_str() {
            "kind" => *value = texts::t(&format!("arrangement-field-kind-{}", value.replace('_', "-"))),
            "country" => *value = Country::from_code(value).map_or_else(|_| value.clone(), |c| c.name_in_sentence().to_owned()),
            "from" | "to" | "until" => *value = value.parse().map_or_else(|_| value.clone(), platform::clock::day_text),
            _ => {}
        }
    }
    t!("arrangement-gap", text = texts::say(&gap.message_id("cover"), &args), source = gap.source.join(", "))
}
