//! Which approval covers an arrangement, and what of it none covers (OFF-6, OFF-9a).

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::db::dialect;
use platform::{Cx, Error, Result, t, texts};
use rules::country::Country;
use rules::cover::{Approved, Place, Standing, Work, gaps, since};
use rules::decision::Reason;
use rules::offshoring::Kind;
use rules::pack::Pack;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::model::ARRANGEMENTS;
use super::store::Model;
use crate::offshoring::model::Urgent;
use crate::offshoring::scope::{Scope, Site};
use crate::offshoring::{act, stale, store as proposals};
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
    /// Why that approval is stale: it covers what is under way, and no new start.
    pub stale: Vec<Reason>,
    /// How many days before its end it is said to be ending.
    pub ending: i64,
    /// The first day of an approval that covers what the work is, days aside: of the one under which it began, else of the next ([`rules::cover::since`]).
    pub since: Option<Date>,
    /// By when that approval is next reviewed; none where it stands no more.
    pub review: Option<Date>,
    /// The urgent approval that it is; none of one that the levels gave.
    pub urgent: Option<Urgent>,
}

impl Cover {
    /// How the review of its approval stands, as a code of [`super::model::REVIEWS`].
    pub fn review_code(&self, today: Date) -> &'static str {
        match self.review {
            None => "none",
            Some(due) if due < today => "overdue",
            Some(_) => "due",
        }
    }

    /// As a code of [`super::model::COVERS`], of work that has not ended.
    pub fn code(&self, today: Date) -> &'static str {
        if !self.gaps.is_empty() {
            return "uncovered";
        }
        if !self.stale.is_empty() {
            return "stale";
        }
        if self.urgent.is_some() {
            return "urgent";
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
    Known::of(cx, db, row.contract).await?.hold(row, today)
}

/// What arrangements under one contract are held against.
pub(super) struct Known {
    /// Latest first; one whose case's key was destroyed says nothing any more.
    approvals: Vec<Held>,
    /// Urgent ones that covered something for some days before those.
    past: Vec<Past>,
    /// Of the places that stand.
    tiers: BTreeMap<Uuid, i32>,
    /// The place at tier 1 above each of those.
    tops: BTreeMap<Uuid, Uuid>,
}

/// An approval, with what its pack says of how closely it is held to.
struct Held {
    case: Uuid,
    /// The place for which it was asked.
    place: Option<Uuid>,
    approved: Approved,
    /// By how many per cent people may be more.
    tolerance: u64,
    /// How many days before its end it is ending.
    ending: i64,
    /// By when it is next reviewed.
    review: Option<Date>,
    /// Why it is stale.
    stale: Vec<Reason>,
    /// The urgent approval that it is.
    urgent: Option<Urgent>,
    /// The last day on which it covers something.
    last: Date,
}

/// An urgent approval that is over, and is no longer what is held against.
struct Past {
    /// The place for which it was asked.
    place: Option<Uuid>,
    /// Its days are those on which it covered something.
    approved: Approved,
    tolerance: u64,
}

impl Held {
    fn gaps(&self, work: &Work, today: Date) -> Vec<Reason> {
        gaps(work, Some(&self.approved), today, self.tolerance)
    }
}

/// The last day on which an urgent approval covers something.
fn last_of(cx: &Cx, of: &Urgent) -> Date {
    of.ended.map_or(of.last_day(), |(_, at)| cx.core().clock.date_of(at).min(of.last_day()))
}

/// Gaps that have to do with when, not with what.
const OF_DAYS: [&str; 6] = ["not_yet", "ended", "lapsed", "days", "suspended", "revoked"];

impl Known {
    pub(super) async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, contract: Uuid) -> Result<Self> {
        let (mut approvals, mut past) = (Vec::new(), Vec::new());
        let given = proposals::approved_under(db, contract).await?;
        let mut urgents = proposals::urgents_of(db, given.iter().map(|case| case.id)).await?;
        for case in given {
            let Some(approval) = proposals::approval(cx, db, &case).await? else { continue };
            let (own, earlier): (Vec<Urgent>, Vec<Urgent>) =
                urgents.remove(&case.id).unwrap_or_default().into_iter().partition(|urgent| approval.urgent == Some(urgent.id));
            let urgent = own.into_iter().next();
            let (tolerance, ending) = bounds(act::pack_of(cx, &case).ok().as_deref());
            for urgent in earlier {
                let Some(scope) = proposals::urgent_scope(cx, db, &case, urgent.id).await? else { continue };
                let days = (urgent.from, last_of(cx, &urgent));
                past.push(Past { place: case.place, approved: approved(&scope, days, Standing::InForce), tolerance });
            }
            let days = approval.from.parse().ok().zip(approval.to.parse().ok());
            let stands = approval.standing != Standing::Revoked;
            let review = approval.review.due.as_deref().filter(|_| stands).and_then(|day| day.parse().ok());
            if let Some((scope, days)) = approval.scope.zip(days) {
                let stale = if stands { stale::of(cx, db, &case).await? } else { Vec::new() };
                approvals.push(Held {
                    case: case.id,
                    place: case.place,
                    approved: Approved {
                        until: urgent.as_ref().filter(|urgent| urgent.ratified.is_none()).map(|urgent| urgent.until),
                        ..approved(&scope, days, approval.standing)
                    },
                    tolerance,
                    ending,
                    review,
                    stale,
                    last: urgent.as_ref().map_or(days.1, |urgent| last_of(cx, urgent)),
                    urgent,
                });
            }
        }
        let places = contract::store::standing(db, contract).await?;
        let tops = contract::chain::tops(&places);
        Ok(Self { approvals, past, tiers: places.into_iter().map(|place| (place.id, place.tier)).collect(), tops })
    }

    /// The tier of a place; none once it ended.
    pub(super) fn tier(&self, place: Uuid) -> Option<i32> {
        self.tiers.get(&place).copied()
    }

    /// The approval that brought a row along.
    fn origin(&self, row: &Model) -> Option<&Approved> {
        self.approvals.iter().find(|held| Some(held.case) == row.origin).map(|held| &held.approved)
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
    pub(super) fn hold(&self, row: &Model, today: Date) -> Result<Cover> {
        let tier = self.tier(row.place).and_then(|tier| u32::try_from(tier).ok());
        let work = work(row, self.mark(row), self.reaches(row)?, tier)?;
        // What was approved for one lead's chain says nothing of another's, where the same party works for both.
        let top = |place: &Uuid| self.tops.get(place);
        let same = |place: &Option<Uuid>| match (place.as_ref().and_then(top), top(&row.place)) {
            (Some(asked), Some(done)) => asked == done,
            _ => true,
        };
        let own = || self.approvals.iter().filter(|held| held.approved.party == work.party && same(&held.place));
        let judged: Vec<(&Held, Vec<Reason>)> = own().map(|held| (held, held.gaps(&work, today))).collect();
        // Of two that lack as much, one that is not stale covers more, and one that the levels gave; then the one that brought the work along tells
        // more.
        let rank = |held: &Held| (!held.stale.is_empty(), held.urgent.is_some(), Some(held.case) != row.origin);
        let Some((held, lacking)) = judged.iter().min_by_key(|(held, gaps)| (gaps.len(), rank(held))) else {
            return Ok(Cover {
                approval: None,
                days: None,
                gaps: gaps(&work, None, today, TOLERANCE),
                stale: Vec::new(),
                ending: ENDING,
                since: None,
                review: None,
                urgent: None,
            });
        };
        let fits = |gaps: &[Reason]| gaps.iter().all(|gap| OF_DAYS.contains(&gap.rule));
        let spells = judged.iter().filter(|(_, gaps)| fits(gaps)).map(|(held, _)| (held.approved.from, held.last));
        let past = self.past.iter().filter(|past| past.approved.party == work.party && same(&past.place));
        let past = past.filter(|past| fits(&gaps(&work, Some(&past.approved), today, past.tolerance)));
        let spells: Vec<(Date, Date)> = spells.chain(past.map(|past| (past.approved.from, past.approved.to))).collect();
        let began = row.started_on.as_deref().map(str::parse).transpose().map_err(Error::internal)?;
        // One that follows without a day between: nothing ends.
        let after = held.approved.to.tomorrow().ok();
        let follows = after.is_some_and(|day| own().any(|held| held.gaps(&work, day).is_empty()));
        Ok(Cover {
            approval: Some(held.case),
            days: Some((held.approved.from, held.approved.to)),
            gaps: lacking.clone(),
            stale: held.stale.clone(),
            // Of one that waits to be ratified, those who may are reminded.
            ending: if follows || held.approved.until.is_some() { -1 } else { held.ending },
            since: since(&spells, began),
            // An approval that has ended is reviewed no more.
            review: held.review.filter(|_| today <= held.approved.to),
            urgent: held.urgent.clone(),
        })
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
        until: None,
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

/// By how many per cent people may be more, and how many days before its end an approval is ending, as a pack says.
fn bounds(pack: Option<&Pack>) -> (u64, i64) {
    let of = |id: &str| pack.and_then(|pack| pack.threshold(id));
    (of("people_tolerance").unwrap_or(TOLERANCE), of("approval_ending_notice").and_then(|n| i64::try_from(n).ok()).unwrap_or(ENDING))
}

/// How many days before its end an approval is said to be ending, as the newest pack says.
pub(super) fn ending(cx: &Cx) -> i64 {
    bounds(pack::packs(cx.core()).in_use("offshoring").map(AsRef::as_ref)).1
}

/// A gap in words.
pub fn says(gap: &Reason) -> String {
    let mut args = gap.args.clone();
    for (name, value) in &mut args {
        match name.as_str() {
            "kind" => *value = ARRANGEMENTS.code_says("kind", value),
            "country" => *value = Country::from_code(value).map_or_else(|_| value.clone(), |c| c.name_in_sentence().to_owned()),
            "from" | "to" | "until" => *value = value.parse().map_or_else(|_| value.clone(), platform::clock::day_text),
            _ => {}
        }
    }
    t!("arrangement-gap", text = texts::say(&gap.message_id("cover"), &args), source = gap.source.join(", "))
}
