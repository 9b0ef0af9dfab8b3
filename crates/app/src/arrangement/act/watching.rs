//! What changes arrangements without anybody writing to them: an approval brings its own along, chains change, days pass.

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::jobs::Working;
use platform::{Error, Result, t};
use rules::country::{Country, Home};
use rules::offshoring::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::urgent::carry;
use super::{about, keep};
use crate::arrangement::cover::Known;
use crate::arrangement::model::{ARRANGEMENTS, Details, Held};
use crate::arrangement::store::{self, Arrangement};
use crate::arrangement::{cover, notices};
use crate::contract;
use crate::offshoring::scope::Scope;
use crate::offshoring::store as proposals;

/// Days before the end of an approval at which people are told once more, after the first warning that its pack sets.
const AGAIN: [i64; 2] = [30, 7];

/// What follows for arrangements, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    let given = ["proposal.approve", "proposal.approve_urgently"]
        .map(|on| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(approved(cx, tx, entry)) } });
    let chain = ["chain.change", "chain.end"]
        .map(|on| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(chain_changed(cx, tx, entry)) } });
    // A task that was checked names the contract when it was a review.
    let turned = [
        "proposal.suspend",
        "proposal.resume",
        "proposal.revoke",
        "proposal.check_task",
        "proposal.turn_stale",
        "proposal.turn_fresh",
        "proposal.confirm",
        "proposal.ratify",
        "proposal.refuse_urgent",
        "proposal.end_urgent",
    ]
    .map(|on| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(approval_turned(cx, tx, entry)) } });
    given.into_iter().chain(chain).chain(turned).collect()
}

/// An approval brings its arrangements along, and may cover others at its place.
async fn approved(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let id: Uuid = entry.id.parse().map_err(Error::internal)?;
    let case = platform::cases::store::get(tx.db(), &crate::offshoring::model::PROPOSAL, id).await?;
    let Some(approval) = proposals::approval(cx, tx.db(), &case).await? else { return Ok(Vec::new()) };
    // Work is planned for all of an urgent approval's days, though it must be ratified before it covers the later ones.
    let urgent = match approval.urgent {
        Some(id) => Some(proposals::one_urgent(tx.db(), id).await?),
        None => None,
    };
    let (last, urgent) = urgent.map_or((approval.to, false), |urgent| (urgent.until.to_string(), true));
    let (Some(scope), Ok(from), Ok(to)) = (approval.scope, approval.from.parse(), last.parse()) else { return Ok(Vec::new()) };
    let Some(place) = proposals::place_of_work(tx.db(), &case, scope.party).await? else { return Ok(Vec::new()) };
    let above = contract::store::at_or_above(tx.db(), place.id).await?;
    let carried = match entry.about.get("replaces") {
        Some(id) => carry(cx, tx, &case, id.parse().map_err(Error::internal)?, (&scope, &last)).await?,
        None => Vec::new(),
    };
    let (turned, known) = recheck(cx, tx, place.contract).await?;
    let mut entries = carried;
    entries.extend(turned);
    let standing = store::open_under(tx.db(), place.contract).await?;
    let today = cx.core().clock.date_of(tx.now());
    let foreseen = foreseen(&scope, &cx.core().home()?);
    for one in &foreseen {
        // The same work goes on under it: the same kind at the same site by the same party, reaching nothing more.
        let mut goes_on = false;
        // What is planned for longer than an urgent approval lasts is not what it lets begin; what began is the same work, whoever let it begin.
        let same = |row: &&store::Model| !urgent || row.origin == Some(id) || row.state == "started" || row.to <= last;
        let standing = standing.iter().filter(same);
        for row in standing.filter(|row| row.place == place.id && row.kind == one.kind.code() && known.mark(row) == one.mark) {
            goes_on |=
                known.reaches(row)?.iter().all(|name| scope.data.iter().any(|data| rules::cover::plain(data) == rules::cover::plain(name)));
        }
        if goes_on {
            continue;
        }
        let details = one.details(&case.title, (from, to), held(&scope, one, &foreseen));
        let mut new = Arrangement::new(cx.id()?, &place, above.clone(), &details, tx.now());
        new.row.origin = Some(id);
        new.row.at = one.at.filter(|_| one.site.is_none());
        let cover = known.hold(&new.row, today)?;
        keep(&mut new.row, &cover, today);
        store::insert(tx.db(), &new.row).await?;
        entries.push(about("arrangement.plan", &new).about("approval", id).body(serde_json::to_value(&details)?));
    }
    Ok(entries)
}

/// Work that an approval foresees: one kind at one place.
struct Foreseen {
    kind: Kind,
    country: Country,
    site: Option<Uuid>,
    at: Option<i32>,
    mark: Option<String>,
    people: u64,
}

impl Foreseen {
    fn details(&self, title: &str, (from, to): (Date, Date), held: Held) -> Details {
        let kind = ARRANGEMENTS.code_says("kind", self.kind.code());
        let name = t!("arrangement-named", title = title, kind = kind, country = self.country.name_in_sentence());
        Details {
            name: name.chars().take(200).collect(),
            kind: self.kind.code().to_owned(),
            country: self.country.code().to_owned(),
            site: self.site,
            people: u32::try_from(self.people).unwrap_or(u32::MAX).min(1_000_000),
            data: None,
            held,
            from,
            to,
        }
    }
}

/// The work abroad within a scope. What was said to reach nothing of the authority's is none, nor what is done at home.
fn foreseen(scope: &Scope, home: &Home) -> Vec<Foreseen> {
    let mut all = Vec::new();
    for (at, site) in scope.sites.iter().enumerate() {
        let Some(country) = Country::from_code(&site.country).ok().filter(|country| !home.contains(*country)) else { continue };
        for kind in site.activities.iter().filter(|code| !site.reaching_nothing.contains(code)).filter_map(|code| Kind::from_code(code)) {
            let people = site.people.or(scope.people).unwrap_or(0);
            let mark = Some(cover::mark_of(site));
            all.push(Foreseen { kind, country, site: site.registered, at: i32::try_from(at).ok(), mark, people });
        }
    }
    let landed = |codes: &[String]| codes.iter().any(|code| code == Kind::LandedStaff.code());
    let landed = landed(&scope.activities) && !landed(&scope.reaching_nothing);
    if let Some(country) = home.places().next().filter(|_| landed) {
        let people = scope.people.unwrap_or(0);
        all.push(Foreseen { kind: Kind::LandedStaff, country, site: None, at: None, mark: None, people });
    }
    all
}

/// How data is held by one piece of the work that an approval foresees: where information is hosted, if anywhere, else where all of the work is
/// done. Which of several places holds what is stored, nobody has said.
fn held(scope: &Scope, one: &Foreseen, all: &[Foreseen]) -> Held {
    let hosted = all.iter().any(|other| other.kind == Kind::Hosting);
    let holds = |other: &Foreseen| !hosted || other.kind == Kind::Hosting;
    let here = |other: &Foreseen| other.mark == one.mark && other.country == one.country;
    let only = holds(one) && all.iter().filter(|other| holds(other)).all(here);
    Held::of(scope.personal, scope.stored.as_deref(), only)
}

async fn chain_changed(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    Ok(recheck(cx, tx, entry.id.parse().map_err(Error::internal)?).await?.0)
}

async fn approval_turned(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let Some(contract) = entry.about.get("contract") else { return Ok(Vec::new()) };
    Ok(recheck(cx, tx, contract.parse().map_err(Error::internal)?).await?.0)
}

/// Holds all open arrangements of a contract against its approvals anew. Each that stands otherwise now has an entry, and people are told; they
/// are told again when an approval nears its end. With what they were held against.
async fn recheck(cx: &Cx, tx: &mut Tx, contract: Uuid) -> Result<(Vec<Entry>, Known)> {
    let today = cx.core().clock.date_of(tx.now());
    // First the contract, as everybody does who changes what belongs to it.
    contract::store::lock_row(tx.db(), contract).await?;
    let before = store::open_under(tx.db(), contract).await?;
    let known = Known::of(cx, tx.db(), contract).await?;
    let mut entries = Vec::new();
    for row in before {
        let cover = known.hold(&row, today)?;
        let mut after = row.clone();
        keep(&mut after, &cover, today);
        if let Some(tier) = known.tier(row.place) {
            after.tier = tier.to_string();
        }
        let left = cover.days.filter(|_| cover.gaps.is_empty()).map(|(_, to)| i64::from((to - today).get_days()));
        let warning = left.and_then(|left| AGAIN.into_iter().filter(|days| left <= *days).min());
        let moved = after.approval != row.approval || after.covered_to != row.covered_to;
        let warning = warning.filter(|_| cover.ending >= 0);
        let missed = after.review == "overdue" && row.review != "overdue";
        let (turned, warned) = (after.cover != row.cover, warning.filter(|days| row.warned.is_none_or(|told| *days < i64::from(told))));
        if warned.is_some() {
            after.warned = warned.and_then(|days| i32::try_from(days).ok());
        }
        if after == row {
            continue;
        }
        store::update(tx.db(), &after, row.version).await?;
        let of = store::get(tx.db(), after.id).await?;
        if turned || moved {
            if turned || of.row.cover == "ending" {
                notices::turned(tx, &of)?;
            }
            let gaps: Vec<String> = cover.gaps.iter().map(cover::says).collect();
            entries.push(about("arrangement.turn", &of).about("from", &row.cover).body(json!({ "gaps": gaps })));
        } else if let (Some(_), Some(left)) = (warned, left) {
            notices::ending(tx, &of)?;
            entries.push(about("arrangement.warn", &of).about("days", left));
        } else if missed {
            // Those who must review the approval are reminded of its task; the register tells that it was not done.
            entries.push(about("arrangement.review_missed", &of));
        }
    }
    Ok((entries, known))
}

/// Looks several times a day at the contracts under which an approval begins, nears its end or ended: what stands otherwise now is kept, and people are
/// told 90, 30 and 7 days before the end, the first of them as the pack says.
pub fn watch<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let today = cx.core().clock.today();
        let near = today.checked_add(cover::ending(cx).days()).unwrap_or(Date::MAX);
        for contract in store::turning(cx.db(), today, near).await? {
            let mut tx = cx.begin().await?;
            let turned = recheck(cx, &mut tx, contract).await?.0;
            let Some(first) = turned.first() else { continue };
            let of = store::get(tx.db(), first.id.parse().map_err(Error::internal)?).await?;
            let permit = cx.permit(first.action, &of)?;
            cx.commit(tx, permit, turned).await?;
        }
        Ok(())
    })
}
