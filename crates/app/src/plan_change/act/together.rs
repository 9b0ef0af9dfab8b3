//! A change and the proposal for its work abroad: tied, held up by each other, and in effect together (SEC-9, OFF-6).

use platform::authz::Side;
use platform::cases::store as cases;
use platform::cases::tasks::{self, For, NewTask};
use platform::cases::{Case, Taking};
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::error::Blocker;
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::form::Answers;
use rules::plan_change::complete::{self, States};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use uuid::Uuid;

use super::answers;
use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::notices;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::{self, store as proposals};
use crate::plan::act::stands;
use crate::plan::model::ABROAD;
use crate::plan::{act as plans, store as versions};
use crate::plan_change::model::{CHANGE, Change, Changes};
use crate::plan_change::store;

/// What the tasks of penetration tests before a change, and after it, come from.
const TESTED_BEFORE: &str = "penetration_before";
const TESTED_AFTER: &str = "penetration_after";
/// The entry of a task that was checked.
const CHECKED: &str = "plan_change.check_task";

/// Whether a change says that it has an offshore element; none where it says that this is not known.
fn offshore(answers: &Answers) -> Option<bool> {
    answers.get("offshore").and_then(Value::as_bool)
}

/// What keeps a request from being agreed: work abroad without a proposal, or nobody says whether there is any (SEC-9).
pub(super) fn unlinked(answers: &Answers, linked: &[Case]) -> Vec<Blocker> {
    match offshore(answers) {
        _ if linked.iter().any(|proposal| !over(proposal)) => Vec::new(),
        Some(true) => vec![Blocker::new("plan-change-not-linked")],
        Some(false) => Vec::new(),
        None => vec![Blocker::new("plan-change-abroad-unknown")],
    }
}

/// Whether nothing comes of a proposal any more.
fn over(proposal: &Case) -> bool {
    plans::given_up(stands(proposal))
}

/// Whether a proposal still holds up what belongs to it.
pub(super) fn open(proposal: complete::Proposal) -> bool {
    !matches!(proposal, complete::Proposal::Approved | complete::Proposal::NotOffshoring)
}

/// What an agreed change still waits for: the plan's next version, the proposals for its work abroad, and the penetration test that comes before it.
///
/// # Errors
/// When the database fails.
pub async fn waits<C: ConnectionTrait>(db: &C, case: &Case) -> Result<Vec<Blocker>> {
    let mut bars = plans::bars(db, Some(case.id)).await?;
    if let Some(version) = versions::of_change(db, case.id).await?.filter(|version| version.number.is_none()) {
        let title = version.case.reference.unwrap_or(version.case.title);
        bars.insert(0, Blocker::new("plan-change-version").with("title", title));
    }
    if tasks::awaited(db, case.id, TESTED_BEFORE).await? {
        bars.push(Blocker::new("plan-change-penetration"));
    }
    Ok(bars)
}

/// The penetration test that a request promises, as a task of the supplier whose result is checked (SEC-X3): what it covers, who does it, and by when. One
/// that comes before the change, which is said beside it, holds the change up until it is found done.
pub(super) fn penetration(answers: &Answers) -> Option<(NewTask, bool)> {
    let text = |id: &str| answers.get(id).and_then(Value::as_str).unwrap_or_default();
    let (title, source) = match text("penetration_testing") {
        "before" => (t!("plan-change-penetration-before"), TESTED_BEFORE),
        "after" => (t!("plan-change-penetration-after"), TESTED_AFTER),
        _ => return None,
    };
    let task = NewTask {
        kind: For::Review,
        due: text("penetration_date").parse().ok(),
        checks: true,
        source: Some(source.to_owned()),
        detail: Some(t!("plan-change-penetration-detail", scope = text("penetration_scope"), by = text("penetration_by"))),
        ..NewTask::new(title, Side::Supplier)
    };
    Some((task, source == TESTED_BEFORE))
}

/// Opens a proposal for the work abroad of a change, tied to it; the proposal's id.
///
/// # Errors
/// [`Error::NotFound`] when the change stands at no place; [`Error::Stale`]; or a refusal.
pub async fn open_proposal(cx: &Cx, id: Uuid, version: i32) -> Result<Uuid> {
    let tx = cx.begin().await?;
    contract_first::<Changes>(&tx, id).await?;
    let (before, permit) = locked::<Changes>(cx, &tx, id, version, "plan_change.link").await?;
    let place = before.case.place.ok_or(Error::NotFound)?;
    let (proposal, _, begun) = offshoring::act::begin_in(cx, &tx, place).await?;
    cases::link(&tx, id, proposal.id, ABROAD).await?;
    let after = cases::update(&tx, before.case.clone()).await?;
    let entry = moved::<Changes>("plan_change.link", &before, &after).about("proposal", proposal.id);
    cx.commit(tx, permit, [entry, begun]).await?;
    Ok(proposal.id)
}

/// Ties a proposal of the same place to a change.
///
/// # Errors
/// [`Error::Invalid`] for one of another place, or one that the actor may not see; [`Error::Stale`]; or a refusal.
pub async fn link_proposal(cx: &Cx, id: Uuid, version: i32, proposal: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    contract_first::<Changes>(&tx, id).await?;
    let (before, permit) = locked::<Changes>(cx, &tx, id, version, "plan_change.link").await?;
    let wrong = || Error::field("proposal", Text::new("plan-change-proposal-wrong"));
    let case = cases::get(tx.db(), &PROPOSAL, proposal).await.map_err(|_| wrong())?;
    let of = proposals::load(tx.db(), case).await?;
    if of.case.place != before.case.place || over(&of.case) || !cx.may("proposal.view", &of) {
        return Err(wrong());
    }
    cases::link(&tx, id, proposal, ABROAD).await?;
    let after = cases::update(&tx, before.case.clone()).await?;
    let entry = moved::<Changes>("plan_change.link", &before, &after).about("proposal", proposal);
    cx.commit(tx, permit, [entry]).await
}

/// What keeps work under a proposal from starting: a change of the plan that belongs to it and is not in effect (SEC-9, OFF-6). Neither takes effect
/// without the other.
///
/// # Errors
/// When the database fails.
pub async fn holds_up<C: ConnectionTrait>(db: &C, proposal: Option<Uuid>) -> Result<Vec<Blocker>> {
    let Some(proposal) = proposal else { return Ok(Vec::new()) };
    // Under an urgent approval work starts at once: the proposal itself is still being decided on.
    if cases::get(db, &PROPOSAL, proposal).await?.stage != "approved" {
        return Ok(Vec::new());
    }
    let changes = cases::linked(db, proposal, ABROAD).await?;
    let mut bars = Vec::new();
    let over = |case: &Case| matches!(state(case), complete::Change::Declined | complete::Change::Withdrawn);
    let mut all = cases::all(db, &CHANGE, changes).await?;
    all.retain(|case| case.stage != "discarded");
    for case in plans::counting(all, over) {
        let states =
            States { offshore: Some(true), linked: Some(true), change: Some(state(&case)), proposal: Some(complete::Proposal::Approved) };
        let named = case.reference.clone().unwrap_or(case.title);
        bars.extend(states.blockers().into_iter().map(|bar| Blocker::new(bar_id(bar)).with("reference", &named)));
    }
    Ok(bars)
}

/// Where a change stands, as completing looks at it: what is agreed and waits for the plan's version is open still.
fn state(case: &Case) -> complete::Change {
    match case.stage.as_str() {
        "in_effect" => complete::Change::Agreed,
        "no_change" => complete::Change::NoPlanChange,
        "declined" => complete::Change::Declined,
        "withdrawn" | "discarded" => complete::Change::Withdrawn,
        _ => complete::Change::Open,
    }
}

/// The blocker that names what stands in the way.
fn bar_id(bar: complete::Blocker) -> &'static str {
    match bar {
        complete::Blocker::ChangeDeclined => "plan-change-declined",
        complete::Blocker::ChangeWithdrawn => "plan-change-withdrawn",
        _ => "plan-change-open",
    }
}

/// What follows for changes from a version of a plan that is agreed, from proposals that are decided, and from tasks that are checked, in the same
/// transaction: an agreed change takes effect as soon as nothing stands in its way.
pub fn reactions() -> Vec<Reaction> {
    ["plan.agree", "proposal.approve", "proposal.not_offshoring", CHECKED]
        .map(|on| Reaction { on, run: |_, tx, entry| -> Reacting<'_> { Box::pin(completed(tx, entry)) } })
        .into()
}

async fn completed(tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let thing: Uuid = entry.id.parse().map_err(Error::internal)?;
    let changes: Vec<Uuid> = match entry.about.get("change") {
        _ if entry.action == CHECKED => vec![thing],
        Some(change) => vec![change.parse().map_err(Error::internal)?],
        None => cases::linked(tx.db(), thing, ABROAD).await?,
    };
    let mut entries = Vec::new();
    for id in changes {
        let Ok(case) = cases::lock(tx, &CHANGE, id).await else { continue };
        if case.stage != "agreed" || !waits(tx.db(), &case).await?.is_empty() {
            continue;
        }
        let before = store::load_all(tx.db(), vec![case]).await?.pop().ok_or(Error::NotFound)?;
        let after = cases::update(tx, CHANGE.take(&before.case, "take_effect", &Taking::default(), tx.now())?).await?;
        notices::turn::<Changes>(tx, &before, &after)?;
        entries.push(moved::<Changes>("plan_change.take_effect", &before, &after));
    }
    Ok(entries)
}

/// Whether work abroad belongs to a change, as far as its answers or its notice say.
///
/// # Errors
/// When the database fails.
pub async fn goes_abroad(cx: &Cx, of: &Change) -> Result<Option<bool>> {
    let answers = answers(cx, of).await?;
    if answers.get("offshore").is_some() {
        return Ok(offshore(&answers));
    }
    let notice = store::notice(cx, cx.db(), &of.case).await?;
    Ok(notice.map(|notice| notice.added.contains(&rules::plan_change::Added::OffshoreElement)))
}
