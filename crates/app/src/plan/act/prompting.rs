//! What is added elsewhere prompts for a change of the plan that it may touch (SEC-9): a site, a system, a transfer route, a party of the chain,
//! work abroad, a sub-processor.

use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::{Error, Result};
use rules::plan_change::Added;
use uuid::Uuid;

use crate::casework::notices;
use crate::contract::chain;
use crate::holding::model::ENDED;
use crate::plan::model::{ABROAD, Plans};
use crate::plan::store::prompts::{self, Model};

/// The entries that tell of an addition, each with what it is to a plan.
const ADDITIONS: [(&str, Added); 7] = [
    ("site.add", Added::Site),
    ("information_system.add", Added::System),
    ("transfer_route.add", Added::TransferRoute),
    ("chain.add", Added::SubContractor),
    ("arrangement.report", Added::OffshoreElement),
    ("arrangement.plan", Added::OffshoreElement),
    ("subprocessor.add", Added::SubContractor),
];

/// The kinds of which many come at once, as a list or when a register is entered for the first time: people are told once while others wait, and
/// find all of it at the plan.
const MANY: [&str; 3] = ["subprocessor", "information_system", "transfer_route"];

/// What follows from additions, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    ADDITIONS.map(|(on, _)| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(added(cx, tx, entry)) } }).into()
}

async fn added(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let Some((_, kind)) = ADDITIONS.iter().find(|(on, _)| *on == entry.action) else { return Ok(Vec::new()) };
    let id = |name: &str| entry.about.get(name).map(|text| text.parse::<Uuid>().map_err(Error::internal)).transpose();
    // What is entered for the record alone changes nothing.
    if entry.about.get("state").is_some_and(|state| state == ENDED) {
        return Ok(Vec::new());
    }
    // What belongs to a change already was told of with it.
    if let Some(approval) = id("approval")?
        && !platform::cases::store::linked(tx.db(), approval, ABROAD).await?.is_empty()
    {
        return Ok(Vec::new());
    }
    let places: Vec<Uuid> = match (id("place")?, id("party")?) {
        (Some(place), _) => vec![place],
        (None, Some(party)) => chain::places_of(tx.db(), party).await?.into_iter().map(|row| row.id).collect(),
        (None, None) => Vec::new(),
    };
    let (what, thing) = match (entry.action, id("place")?) {
        ("chain.add", Some(place)) => ("place", place),
        _ => (entry.kind, entry.id.parse().map_err(Error::internal)?),
    };
    let mut entries = Vec::new();
    for place in places {
        let Some(plan) = super::working_by(tx.db(), place).await? else { continue };
        let of = plan.case.place.ok_or_else(|| Error::internal("a plan stands at no place"))?;
        let row =
            Model { id: cx.id()?, place: of, added: kind.code().to_owned(), kind: what.to_owned(), thing, at: tx.now(), change: None };
        let waits = MANY.contains(&what) && prompts::waits_for_one(tx.db(), of, what).await?;
        // Of a list that comes in, one prompt is enough.
        if !(what == "subprocessor" && waits) && prompts::add(tx, row).await? {
            if !waits {
                notices::both::<Plans>(tx, &plan, &plan.case, "prompted")?;
                notices::roles::<Plans>(tx, &plan, &plan.case, "prompted", vec!["security".to_owned()])?;
            }
            entries.push(Entry::on("plan.prompt", &plan).about("added", kind.code()).about(what, thing));
        }
    }
    Ok(entries)
}
