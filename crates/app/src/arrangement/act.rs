//! Writing arrangements.

mod urgent;
mod watching;

use jiff::civil::Date;
use platform::cx::{Cx, Entry, Tx};
use platform::error::Blocker;
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use rules::decision::Reason;
use serde_json::{json, to_value};
use uuid::Uuid;

pub use watching::{reactions, watch};

use super::cover::{self, Cover, Known, says};
use super::model::Details;
use super::store::{self, Arrangement, Model};
use crate::offshoring::stale;
use crate::{contract, plan_change, site};

/// Reports work abroad that has started already, with or without an approval, at a place of a chain; its id (OFF-6b, OFF-9b).
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::NotFound`] when there is no such place; or a refusal.
pub async fn report(cx: &Cx, place: Uuid, details: &Details) -> Result<Uuid> {
    let mut tx = cx.begin().await?;
    let place = contract::chain::place(tx.db(), place).await?;
    contract::store::lock_row(tx.db(), place.row.contract).await?;
    let above = contract::store::at_or_above(tx.db(), place.row.id).await?;
    let mut new = Arrangement::new(cx.id()?, &place.row, above, details, tx.now());
    let permit = cx.permit("arrangement.report", &new)?;
    check(cx, &tx, &Model { site: None, ..new.row.clone() }, details).await?;
    let today = cx.core().clock.date_of(tx.now());
    if details.from > today {
        return Err(Error::field("from", Text::new("arrangement-report-later")));
    }
    new.row.state = "started".to_owned();
    new.row.started_on = Some(details.from.to_string());
    let cover = hold(cx, &tx, &mut new.row, today).await?;
    let early = cover.since.is_some_and(|first| details.from < first);
    let held_up = !plan_change::act::holds_up(tx.db(), cover.approval).await?.is_empty();
    if cover.gaps.is_empty() && cover.stale.is_empty() && !early && !held_up && !cx.may("arrangement.start", &new) {
        return Err(Error::conflict("arrangement-report-covered"));
    }
    store::insert(tx.db(), &new.row).await?;
    super::notices::reported(&mut tx, &new)?;
    // A stale approval covers no new start; what had begun before goes on.
    let turned = crate::offshoring::store::stale_since(tx.db(), cover.approval).await?.into_values().next();
    let turned = turned.map(|at| cx.core().clock.date_of(at));
    let began_stale = !cover.stale.is_empty() && turned.is_none_or(|day| details.from >= day);
    let gaps = match (cover.gaps.is_empty(), began_stale) {
        (_, false) => codes(&cover.gaps),
        (true, true) => "stale".to_owned(),
        (false, true) => [codes(&cover.gaps), "stale".to_owned()].join("."),
    };
    let entry = about("arrangement.report", &new).about("from", details.from).about("gaps", gaps).about("early", early);
    let entry = cover.since.map_or(entry.clone(), |since| entry.about("since", since)).body(to_value(details)?);
    let id = new.row.id;
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// Changes what is known of an arrangement, as it stood at `version`: whether an approval still covers it is looked at anew. Nothing is written
/// when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; [`Error::Conflict`] once the work
/// ended; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "arrangement.change", &["planned", "started"]).await?;
    check(cx, &tx, &before.row, details).await?;
    let changes = differences(&to_value(before.row.details()?)?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let today = cx.core().clock.date_of(tx.now());
    let mut after = before.clone();
    after.row.set(details);
    let known = Known::of(cx, tx.db(), before.row.contract).await?;
    let (was, cover) = (known.hold(&before.row, today)?, known.hold(&after.row, today)?);
    keep(&mut after.row, &cover, today);
    store::update(tx.db(), &after.row, version).await?;
    if after.row.cover != before.row.cover {
        super::notices::turned(&mut tx, &after)?;
    }
    let entry = about("arrangement.change", &after).about("version", version + 1).about("gaps", codes(&cover.gaps));
    // What it goes beyond only since this change.
    let beyond: Vec<_> = cover.gaps.into_iter().filter(|gap| was.gaps.iter().all(|known| known.rule != gap.rule)).collect();
    let entry = entry.about("beyond", codes(&beyond));
    cx.commit(tx, permit, [entry.body(json!({ "changes": changes }))]).await
}

/// Starts the work today. Refused unless an approval covers all of it (OFF-6, OFF-9a).
///
/// # Errors
/// [`Error::Blocked`] with everything that no approval covers, or for which the approval is stale, and by a change of the security plan that belongs to it
/// and is not in effect; [`Error::Conflict`] when it started before; [`Error::Stale`]; or a refusal.
pub async fn start(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (mut of, permit) = open(cx, &tx, id, version, "arrangement.start", &["planned"]).await?;
    let today = cx.core().clock.date_of(tx.now());
    let cover = hold(cx, &tx, &mut of.row, today).await?;
    // An approval may be given before the contract is: the work still waits for the contract (OFF-7).
    if contract::chain::bids(tx.db(), of.row.place).await? {
        return Err(Error::conflict("arrangement-only-bids"));
    }
    let mut blockers: Vec<Blocker> = cover.gaps.iter().map(|gap| Blocker::new("not-covered").with("gap", says(gap))).collect();
    let stale = stale::told(cx, tx.db(), &cover.stale).await?;
    blockers.extend(stale.into_iter().map(|told| Blocker::new("approval-stale").with("reason", told.text)));
    blockers.extend(plan_change::act::holds_up(tx.db(), of.row.approval).await?);
    if !blockers.is_empty() {
        return Err(Error::Blocked(blockers));
    }
    of.row.state = "started".to_owned();
    of.row.started_on = Some(today.to_string());
    store::update(tx.db(), &of.row, version).await?;
    super::notices::started(&mut tx, &of)?;
    let entry = about("arrangement.start", &of).about("on", today);
    cx.commit(tx, permit, [of.row.approval.map_or(entry.clone(), |approval| entry.about("approval", approval))]).await
}

/// Ends the work on a day that has come.
///
/// # Errors
/// [`Error::Invalid`] for a day that has not come, or before the work started; [`Error::Conflict`] once it ended; [`Error::Stale`]; or a
/// refusal.
pub async fn end(cx: &Cx, id: Uuid, version: i32, on: Date) -> Result<()> {
    let tx = cx.begin().await?;
    let (mut of, permit) = open(cx, &tx, id, version, "arrangement.end", &["planned", "started"]).await?;
    let started = of.row.started_on.as_deref().and_then(|day| day.parse::<Date>().ok());
    if on > cx.core().clock.date_of(tx.now()) {
        return Err(Error::field("on", Text::new("arrangement-end-later")));
    }
    if started.is_some_and(|first| on < first) {
        return Err(Error::field("on", Text::new("arrangement-end-before-start")));
    }
    of.row.state = "ended".to_owned();
    of.row.cover = "over".to_owned();
    (of.row.review, of.row.review_due) = ("none".to_owned(), None);
    of.row.ended_on = Some(on.to_string());
    store::update(tx.db(), &of.row, version).await?;
    cx.commit(tx, permit, [about("arrangement.end", &of).about("on", on)]).await
}

/// An arrangement, locked, at the version and in a state that the act goes with, with leave for `action`.
async fn open(
    cx: &Cx,
    tx: &Tx,
    id: Uuid,
    version: i32,
    action: &'static str,
    states: &[&str],
) -> Result<(Arrangement, platform::cx::Permit)> {
    // First the contract, as everybody does who changes what belongs to it.
    let contract = store::get(tx.db(), id).await?.row.contract;
    contract::store::lock_row(tx.db(), contract).await?;
    let of = store::lock(tx.db(), id).await?;
    cx.refuse_twin(tx).await?;
    let permit = cx.permit(action, &of)?;
    if of.row.version != version {
        return Err(Error::Stale(Text::new("arrangement-stale")));
    }
    if !states.contains(&of.row.state.as_str()) {
        return Err(Error::conflict(if of.row.state == "ended" { "arrangement-ended" } else { "arrangement-started" }));
    }
    Ok((of, permit))
}

/// Holds a row against the approvals of its place, and keeps how it stands to them.
async fn hold(cx: &Cx, tx: &Tx, row: &mut Model, today: Date) -> Result<Cover> {
    let cover = cover::of(cx, tx.db(), row, today).await?;
    keep(row, &cover, today);
    Ok(cover)
}

fn keep(row: &mut Model, cover: &Cover, today: Date) {
    cover.code(today).clone_into(&mut row.cover);
    row.approval = cover.approval;
    row.covered_from = cover.days.map(|(from, _)| from.to_string());
    let to = cover.days.map(|(_, to)| to.to_string());
    if row.covered_to != to {
        row.warned = None;
    }
    row.covered_to = to;
    cover.review_code(today).clone_into(&mut row.review);
    row.review_due = cover.review.map(|day| day.to_string());
}

/// Checks what was entered, and that the site is one of the party's in that country.
async fn check(cx: &Cx, tx: &Tx, row: &Model, details: &Details) -> Result<()> {
    details.check(&cx.core().home()?)?;
    let Some(id) = details.site else { return Ok(()) };
    let missing = || Error::field("site", Text::new("arrangement-site-missing"));
    let site = site::store::get(tx.db(), id).await.map_err(|error| if matches!(error, Error::NotFound) { missing() } else { error })?;
    if site.row.party != row.party || (site.row.state != "in_use" && row.site != Some(id)) {
        return Err(missing());
    }
    if site.row.country != details.country {
        return Err(Error::field("site", Text::new("arrangement-site-elsewhere").with("site", &site.row.name)));
    }
    Ok(())
}

/// The entry of an act on `of`, as it stands after it.
fn about(action: &'static str, of: &Arrangement) -> Entry {
    Entry::on(action, of)
        .about("contract", of.row.contract)
        .about("party", of.row.party)
        .about("place", of.row.place)
        .about("state", &of.row.state)
        .about("cover", &of.row.cover)
}

/// The gaps as codes; "none" where there are none.
fn codes(gaps: &[Reason]) -> String {
    let all: Vec<&str> = gaps.iter().map(|gap| gap.rule).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(".") }
}
