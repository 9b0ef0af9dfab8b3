//! Approvals that turn stale, or rest again on what is so: kept for lists, and people are told.

use std::collections::BTreeSet;

use platform::cases::Case;
use platform::cases::store as cases;
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::{Error, Result};
use uuid::Uuid;

use crate::casework::notices;
use crate::contract;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::{Proposals, stale, store};

/// What follows for approvals from what is recorded of countries, owners, chains and later proposals, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    let all =
        ["country.state", "party.change"].map(|on| Reaction { on, run: |cx, tx, _| -> Reacting<'_> { Box::pin(look(cx, tx, None)) } });
    let chain = ["chain.add", "chain.change", "chain.end"].map(|on| Reaction {
        on,
        run: |cx, tx, entry| -> Reacting<'_> {
            Box::pin(async move { look(cx, tx, Some(entry.id.parse().map_err(Error::internal)?)).await })
        },
    });
    // A later proposal for the same work may answer otherwise; one that is taken back answers nothing.
    let answers = ["proposal.submit", "proposal.withdraw", "proposal.not_offshoring"]
        .map(|on| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(answered(cx, tx, entry)) } });
    all.into_iter().chain(chain).chain(answers).collect()
}

async fn look(cx: &Cx, tx: &mut Tx, contract: Option<Uuid>) -> Result<Vec<Entry>> {
    let today = cx.core().clock.date_of(tx.now());
    let mut entries = Vec::new();
    let all = store::running(tx.db(), contract, today).await?;
    // Contracts before their approvals, in one order for all; a change of a chain holds its own already.
    let contracts: BTreeSet<Uuid> = all.iter().filter_map(|case| case.contract).filter(|_| contract.is_none()).collect();
    for id in contracts {
        contract::store::lock_row(tx.db(), id).await?;
    }
    for case in all {
        entries.extend(turn(cx, tx, &case, None).await?);
    }
    Ok(entries)
}

async fn answered(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let id: Uuid = entry.id.parse().map_err(Error::internal)?;
    // What is handed in now says itself where its answers came from, and what they come to: it is not to be read before the commit.
    let (earlier, answers) = if entry.action == "proposal.submit" {
        (entry.about.get("carried_from").map(|id| id.parse().map_err(Error::internal)).transpose()?, entry.about.get("answers"))
    } else {
        let links = cases::links(tx.db(), id).await?;
        (links.into_iter().find(|link| link.a == id && link.kind == store::CARRIED).map(|link| link.b), None)
    };
    // An urgent approval of this very proposal rests on its own answers, which it may hand in anew.
    let own = answers.map(|_| id);
    let today = cx.core().clock.date_of(tx.now());
    let mut entries = Vec::new();
    for of in earlier.into_iter().chain(own) {
        let case = cases::get(tx.db(), &PROPOSAL, of).await?;
        if store::running(tx.db(), case.contract, today).await?.iter().any(|running| running.id == of) {
            entries.extend(turn(cx, tx, &case, answers).await?);
        }
    }
    Ok(entries)
}

/// Keeps whether the approval of a case is stale now, with these answers about its work if they are not kept yet: an entry where it was not, or is
/// no more.
async fn turn(cx: &Cx, tx: &mut Tx, case: &Case, answers: Option<&String>) -> Result<Option<Entry>> {
    let Some(then) = store::basis_of(tx.db(), case.id).await? else { return Ok(None) };
    let mut now = stale::again(cx, tx.db(), case, &then).await?;
    if let Some(answers) = answers {
        now.answers.clone_from(answers);
    }
    let reasons = rules::stale::reasons(&then, &now);
    let was = store::stale_since(tx.db(), [case.id]).await?.contains_key(&case.id);
    if was != reasons.is_empty() {
        return Ok(None);
    }
    store::set_stale(tx, case.id, (!reasons.is_empty()).then(|| tx.now())).await?;
    let action = if reasons.is_empty() { "proposal.turn_fresh" } else { "proposal.turn_stale" };
    let of = store::load(tx.db(), case.clone()).await?;
    if !reasons.is_empty() {
        notices::both::<Proposals>(tx, &of, case, "stale")?;
        notices::roles::<Proposals>(tx, &of, case, "confirm", vec!["management".to_owned()])?;
    }
    let entry = Entry::on(action, &of).about("reasons", stale::open_codes(&reasons));
    Ok(Some(case.contract.map_or(entry.clone(), |contract| entry.about("contract", contract))))
}
