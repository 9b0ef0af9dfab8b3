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
use crate::offshoring::scope::Scope;
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
    let mut known: BTreeMap<Uuid, Known> = BTreeMap::new();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let at = match known.entry(row.place) {
            Entry::Occupied(at) => at.into_mut(),
            Entry::Vacant(new) => new.insert(Known::of(cx, db, row.place).await?),
        };
        out.push(best(cx, row, at, today)?);
    }
    Ok(out)
}

/// A place, and the approvals there, latest first; one whose case's key was destroyed says nothing any more.
struct Known {
    /// None once the place ended.
    tier: Option<u32>,
    approvals: Vec<(Case, Option<Approved>)>,
}

impl Known {
    async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, place: Uuid) -> Result<Self> {
        let row = contract::chain::place(db, place).await?.row;
        let mut approvals = Vec::new();
        for case in proposals::approved_at(db, place).await? {
            let Some(approval) = proposals::approval(cx, db, &case).await? else { continue };
            let days = approval.from.parse().ok().zip(approval.to.parse().ok());
            let approved = approval.scope.zip(days).map(|(scope, days)| approved(&scope, days, standing(approval.standing)));
            approvals.push((case, approved));
        }
        Ok(Self { tier: if row.until.is_none() { u32::try_from(row.tier).ok() } else { None }, approvals })
    }
}

fn best(cx: &Cx, row: &Model, at: &Known, today: Date) -> Result<Cover> {
    let Known { tier, approvals } = at;
    let mut found: Option<Cover> = None;
    let origin = approvals.iter().find(|(case, _)| Some(case.id) == row.origin).and_then(|(_, approved)| approved.as_ref());
    let named = row.at.and_then(|at| Some(origin?.places.get(usize::try_from(at).ok()?)?.mark.clone()));
    let work = work(row, named, *tier)?;
    for (case, approved) in approvals {
        let (tolerance, ending) = bounds(cx, case);
        let cover = Cover {
            approval: Some(case.id),
            days: approved.as_ref().map(|a| (a.from, a.to)),
            gaps: gaps(&work, approved.as_ref(), today, tolerance),
            ending,
        };
        if found.as_ref().is_none_or(|best| cover.gaps.len() < best.gaps.len()) {
            found = Some(cover);
        }
    }
    let none = || Cover { approval: None, days: None, gaps: gaps(&work, None, today, TOLERANCE), ending: ENDING };
    Ok(found.unwrap_or_else(none))
}

fn standing(of: Stands) -> Standing {
    match of {
        Stands::InForce => Standing::InForce,
        Stands::Suspended => Standing::Suspended,
        Stands::Revoked => Standing::Revoked,
    }
}

/// A scope as the rule reads it.
fn approved(scope: &Scope, (from, to): (Date, Date), standing: Standing) -> Approved {
    let kinds = |codes: &[String]| codes.iter().filter_map(|code| Kind::from_code(code)).collect::<Vec<_>>();
    let places = scope.sites.iter().map(|site| Place {
        // A site that is not in the register is known by its name, from one approval to the next.
        mark: site.registered.map_or_else(|| format!("{}@{}", dialect::fold(&site.name), site.country), |id| id.to_string()),
        country: site.country.clone(),
        kinds: kinds(&site.activities),
        people: site.people,
    });
    Approved {
        party: scope.party.map(|id| id.to_string()).unwrap_or_default(),
        kinds: kinds(&scope.activities),
        places: places.collect(),
        data: scope.data.clone(),
        people: scope.people,
        tier: scope.tier,
        from,
        to,
        standing,
    }
}

/// The work of a row. `named` marks its site where that is not in the register.
fn work(row: &Model, named: Option<String>, tier: Option<u32>) -> Result<Work> {
    let details = row.details()?;
    Ok(Work {
        party: row.party.to_string(),
        kind: Kind::from_code(&row.kind).ok_or_else(|| Error::internal("a kind of work that there is not"))?,
        country: row.country.clone(),
        place: row.site.map(|id| id.to_string()).or(named),
        data: details.reaches(),
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
