//! Writing contracts, the packs on them, and their chains.

use jiff::civil::Date;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::forms::{Choices, names};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::chain::{self, place_row};
use super::facts::{self, Facts, fact_row};
use super::model::{DEEPEST, Details};
use super::store::{self, Contract};
use crate::{pack, party};

mod packs;

pub use packs::{MOST_MOVED, move_packs, put_pack};

/// Enters a contract; its id.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending, or a refusal.
pub async fn add(cx: &Cx, details: &Details) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let (id, permit, entry) = add_in(cx, &tx, details).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// As [`add`], in a transaction that holds more: what is to be committed with it.
///
/// # Errors
/// As [`add`].
pub(crate) async fn add_in(cx: &Cx, tx: &Tx, details: &Details) -> Result<(Uuid, Permit, Entry)> {
    details.check()?;
    let contract = Contract::new(cx.id()?, details, tx.now());
    let permit = cx.permit("contract.add", &contract)?;
    check_against_others(tx, &contract).await?;
    store::insert(tx.db(), &contract.row).await?;
    let entry = Entry::on("contract.add", &contract).about("state", &contract.row.state).body(to_value(details)?);
    Ok((contract.row.id, permit, entry))
}

/// Changes what is known of a contract, as it stood at `version`. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("contract.change", &before)?;
    details.check()?;
    if before.row.version != version {
        return Err(Error::Stale(Text::new("contract-stale")));
    }
    let changes = differences(&to_value(before.row.details())?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.clone();
    after.row.set(details);
    check_against_others(&tx, &after).await?;
    store::update(tx.db(), &after.row, version).await?;
    let entry = Entry::on("contract.change", &before)
        .about("version", version + 1)
        .about("state", &after.row.state)
        .body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

async fn check_against_others(tx: &Tx, contract: &Contract) -> Result<()> {
    let authority = party::store::get(tx.db(), contract.row.authority).await.map_err(|e| match e {
        Error::NotFound => Error::field("authority", Text::new("contract-authority-missing")),
        other => other,
    })?;
    if authority.row.side != "authority" {
        return Err(Error::field("authority", Text::new("contract-authority-missing")));
    }
    match store::clashes(tx.db(), &contract.row).await? {
        Some(field @ "reference") => Err(Error::field(field, Text::new("contract-reference-taken"))),
        Some(field) => Err(Error::field(field, Text::new("contract-ocid-taken"))),
        None => Ok(()),
    }
}

/// Records what is known of a contract, as a pack on it asks, over `version` of it. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::NotFound`] when the pack is not on the contract; [`Error::Invalid`] for an answer of a wrong shape; [`Error::Stale`] when
/// someone recorded facts meanwhile; or a refusal.
pub async fn state_facts(cx: &Cx, contract: Uuid, pack: &str, version: i32, answers: &Facts) -> Result<()> {
    let tx = cx.begin().await?;
    let on = store::lock(tx.db(), contract).await?;
    let permit = cx.permit("contract.state_facts", &on)?;
    let put = store::packs_on(tx.db(), contract).await?.into_iter().find(|p| p.pack == pack).ok_or(Error::NotFound)?;
    let asks = pack::packs(cx.core()).get(pack, &put.edition).cloned().ok_or(Error::NotFound)?;
    let answers = facts::said(&asks, answers);
    let before = facts::known(tx.db(), contract).await?.remove(pack).unwrap_or_default();
    if before.version != version {
        return Err(facts::stale());
    }
    let after = facts::Known { answers: answers.clone(), ..before.clone() };
    let form = facts::form(&asks);
    let faults = form.check_section(pack, &after.sheet(&asks), rules::form::Mode::Draft, &Choices::default());
    names::errors(&faults).or(())?;
    // Every fact of the pack, so that one taken back to "not known" is seen to differ.
    let all =
        |from: &Facts| asks.contract_facts.iter().map(|f| (f.id.clone(), from.get(&f.id).cloned().unwrap_or_default())).collect::<Value>();
    let changes = differences(&all(&before.answers), &all(&answers));
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let row = fact_row::Model {
        contract,
        pack: pack.to_owned(),
        answers: serde_json::to_string(&answers)?,
        set_by: cx.actor.reference().1,
        set_at: tx.now(),
        version,
    };
    facts::save(tx.db(), row).await?;
    let entry = Entry::on("contract.state_facts", &on)
        .about("pack", pack)
        .about("edition", &put.edition)
        .about("version", version + 1)
        .body(json!({ "changes": facts::told(&asks, &changes) }));
    cx.commit(tx, permit, [entry]).await
}

/// A party joining a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    /// The party.
    pub party: Uuid,
    /// The place it works for; none for a lead contractor.
    pub above: Option<Uuid>,
    /// What it does there, in words.
    #[schema(max_length = 300)]
    pub role_text: Option<String>,
    /// First day; today when none.
    pub since: Option<Date>,
}

/// Adds a place to a contract's chain; its id. The entry `chain.add` stands on the contract and names `place`, `party` and `tier`.
///
/// # Errors
/// [`Error::Invalid`] when the place above is no standing place of this chain, the party is no supplier or stands on the path already;
/// or a refusal.
pub async fn add_place(cx: &Cx, contract: Uuid, joining: &Joining) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let (id, permit, entry) = add_place_in(cx, &tx, contract, joining).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// As [`add_place`], in a transaction that holds more: what is to be committed with it.
///
/// # Errors
/// As [`add_place`].
pub(crate) async fn add_place_in(cx: &Cx, tx: &Tx, contract: Uuid, joining: &Joining) -> Result<(Uuid, Permit, Entry)> {
    let on = store::lock(tx.db(), contract).await?;
    let permit = cx.permit("chain.add", &on)?;
    let above = standing_above(tx, contract, joining.above).await?;
    let party = party::store::get(tx.db(), joining.party).await.map_err(no_party)?;
    if party.row.side != "supplier" {
        return Err(Error::field("party", Text::new("contract-chain-not-supplier").with("party", &party.row.name)));
    }
    refuse_twice(tx, contract, above.as_ref(), &[joining.party]).await?;
    if above.as_ref().is_some_and(|a| a.tier >= DEEPEST) {
        return Err(Error::field("above", Text::new("contract-chain-too-deep").with("max", DEEPEST)));
    }
    let row = place_row::Model {
        id: cx.id()?,
        contract,
        party: joining.party,
        above: joining.above,
        tier: above.as_ref().map_or(1, |a| a.tier + 1),
        role_text: words(joining.role_text.as_deref())?,
        since: joining.since.unwrap_or_else(|| cx.core().clock.today()).to_string(),
        until: None,
        bids: above.is_some_and(|above| above.bids),
        version: 1,
    };
    chain::insert(tx.db(), &row).await?;
    let entry = about("chain.add", &on, &row).body(json!({ "party": party.row.name, "role": row.role_text }));
    Ok((row.id, permit, entry))
}

/// Lets a party bid for a contract that the transaction has locked (OFF-7): its place, and the entry to be committed under the caller's permit.
///
/// # Errors
/// [`Error::Invalid`] when the party is no supplier, or stands at tier 1 already; [`Error::Conflict`] when the contract is let.
pub(crate) async fn invite_in(cx: &Cx, tx: &Tx, on: &Contract, party: Uuid) -> Result<(place_row::Model, Entry)> {
    if on.row.state != "planned" {
        return Err(Error::Conflict(Text::new("contract-bids-over").with("title", &on.row.title)));
    }
    let party = party::store::get(tx.db(), party).await.map_err(no_party)?;
    if party.row.side != "supplier" {
        return Err(Error::field("party", Text::new("contract-chain-not-supplier").with("party", &party.row.name)));
    }
    if chain::standing(tx.db(), on.row.id).await?.iter().any(|place| place.party == party.row.id && place.tier == 1) {
        return Err(Error::field("party", Text::new("contract-bids-already").with("party", &party.row.name)));
    }
    let row = place_row::Model::at_the_top(cx.id()?, on.row.id, party.row.id, cx.core().clock.today().to_string(), true);
    chain::insert(tx.db(), &row).await?;
    let entry = about("chain.add", on, &row).about("bids", true).body(json!({ "party": party.row.name }));
    Ok((row, entry))
}

/// What becomes of a bidder's place and of all below it, under a contract that the transaction has locked: where the bid was `chosen` they work
/// under it from today, otherwise they end. The entries are to be committed under the caller's permit.
///
/// # Errors
/// [`Error::NotFound`] when there is no such place.
pub(crate) async fn bid_over_in(cx: &Cx, tx: &Tx, on: &Contract, place: Uuid, chosen: bool) -> Result<Vec<Entry>> {
    let top = chain::place(tx.db(), place).await?.row;
    let subtree = chain::subtree(tx.db(), &top).await?;
    let standing = subtree.iter().filter(|row| row.until.is_none());
    if chosen {
        chain::engage(tx.db(), &subtree, &cx.core().clock.today().to_string()).await?;
        return Ok(standing.map(|row| about("chain.change", on, row).about("bids", false)).collect());
    }
    let until = cx.core().clock.today().to_string().max(top.since.clone());
    chain::end(tx.db(), &subtree, &until).await?;
    Ok(standing.map(|row| about("chain.end", on, row).body(json!({ "until": until }))).collect())
}

/// Changes what a place does, in words, and where it hangs: under `above`, or at tier 1. All below moves with it.
///
/// # Errors
/// [`Error::Invalid`] for a place under itself or a party twice on one path; [`Error::Stale`] when it changed meanwhile;
/// [`Error::Conflict`] when it has ended; or a refusal.
pub async fn move_place(cx: &Cx, place: Uuid, version: i32, above: Option<Uuid>, role_text: Option<&str>) -> Result<()> {
    let tx = cx.begin().await?;
    let contract = chain::place(tx.db(), place).await?.row.contract;
    let on = store::lock(tx.db(), contract).await?;
    let permit = cx.permit("chain.change", &on)?;
    let row = standing_place(&tx, place, version).await?;
    let role_text = words(role_text)?;
    if above == row.above {
        if role_text == row.role_text {
            return Ok(());
        }
        chain::update_words(tx.db(), &row, role_text.clone()).await?;
    } else {
        let subtree = chain::subtree(tx.db(), &row).await?;
        if above.is_some_and(|a| subtree.iter().any(|p| p.id == a)) {
            return Err(Error::field("above", Text::new("contract-chain-under-itself")));
        }
        let new = standing_above(&tx, contract, above).await?;
        let bidder = row.bids && row.above.is_none();
        if bidder || row.bids != new.as_ref().is_some_and(|above| above.bids) {
            return Err(Error::field("above", Text::new("contract-chain-bids")));
        }
        let parties: Vec<Uuid> = subtree.iter().filter(|p| p.until.is_none()).map(|p| p.party).collect();
        refuse_twice(&tx, contract, new.as_ref(), &parties).await?;
        if !chain::fits(&subtree, new.as_ref()) {
            return Err(Error::field("above", Text::new("contract-chain-too-deep").with("max", DEEPEST)));
        }
        chain::hang(tx.db(), &subtree, new.as_ref()).await?;
        if role_text != row.role_text {
            let moved = chain::place(tx.db(), place).await?.row;
            chain::update_words(tx.db(), &moved, role_text.clone()).await?;
        }
    }
    let moved = chain::place(tx.db(), place).await?.row;
    let names = party::store::names(tx.db(), [row.party]).await?;
    let entry = about("chain.change", &on, &moved).body(json!({ "party": names.get(&row.party), "role": role_text }));
    cx.commit(tx, permit, [entry]).await
}

/// Ends a place and all that stand below it: their last day is `until`, today when none. What they did stays, and those above still see it.
///
/// # Errors
/// [`Error::Stale`] when it changed meanwhile; [`Error::Conflict`] when it has ended; [`Error::Invalid`] for a day before the first or one
/// to come; or a refusal.
pub async fn end_place(cx: &Cx, place: Uuid, version: i32, until: Option<Date>) -> Result<()> {
    let tx = cx.begin().await?;
    let contract = chain::place(tx.db(), place).await?.row.contract;
    let on = store::lock(tx.db(), contract).await?;
    let permit = cx.permit("chain.end", &on)?;
    let row = standing_place(&tx, place, version).await?;
    if row.bids && row.above.is_none() {
        return Err(Error::conflict("contract-chain-bidder-ends"));
    }
    // A place that has not begun yet ends on its first day at the earliest; none ends in days to come, because its sight ends now.
    let latest = cx.core().clock.today().to_string().max(row.since.clone());
    let until = until.map_or_else(|| latest.clone(), |day| day.to_string());
    if until < row.since {
        return Err(Error::field("until", Text::new("contract-chain-ends-before-start")));
    }
    if until > latest {
        return Err(Error::field("until", Text::new("contract-chain-ends-later")));
    }
    let subtree = chain::subtree(tx.db(), &row).await?;
    chain::end(tx.db(), &subtree, &until).await?;
    let names = party::store::names(tx.db(), subtree.iter().map(|p| p.party)).await?;
    let entry = |row: &place_row::Model| about("chain.end", &on, row).body(json!({ "party": names.get(&row.party), "until": until }));
    let entries: Vec<Entry> = subtree.iter().filter(|p| p.until.is_none()).map(entry).collect();
    cx.commit(tx, permit, entries).await
}

fn about(action: &'static str, on: &Contract, place: &place_row::Model) -> Entry {
    let entry = Entry::on(action, on).about("place", place.id).about("party", place.party).about("tier", place.tier);
    match place.above {
        Some(above) => entry.about("above", above),
        None => entry,
    }
}

fn words(text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(str::trim).filter(|t| !t.is_empty());
    if text.is_some_and(|t| t.chars().count() > 300) {
        return Err(Error::field("role_text", Text::new("error-too-long").with("max", 300)));
    }
    Ok(text.map(str::to_owned))
}

fn no_party(error: Error) -> Error {
    match error {
        Error::NotFound => Error::field("party", Text::new("contract-chain-party-missing")),
        other => other,
    }
}

async fn standing_above(tx: &Tx, contract: Uuid, above: Option<Uuid>) -> Result<Option<place_row::Model>> {
    let Some(above) = above else { return Ok(None) };
    let wrong = || Error::field("above", Text::new("contract-chain-above-missing"));
    match chain::place(tx.db(), above).await {
        Ok(place) if place.row.contract == contract && place.row.until.is_none() => Ok(Some(place.row)),
        Ok(_) | Err(Error::NotFound) => Err(wrong()),
        Err(other) => Err(other),
    }
}

async fn standing_place(tx: &Tx, place: Uuid, version: i32) -> Result<place_row::Model> {
    let row = chain::place(tx.db(), place).await?.row;
    if row.until.is_some() {
        return Err(Error::conflict("contract-chain-place-ended"));
    }
    if row.version != version {
        return Err(Error::Stale(Text::new("contract-chain-stale")));
    }
    Ok(row)
}

/// A party stands once on a path, and once under the same place.
async fn refuse_twice(tx: &Tx, contract: Uuid, above: Option<&place_row::Model>, parties: &[Uuid]) -> Result<()> {
    let mut taken = match above {
        Some(above) => chain::at_or_above(tx.db(), above.id).await?,
        None => Vec::new(),
    };
    let beside = chain::standing(tx.db(), contract).await?;
    let first = parties.first().copied();
    taken.extend(beside.iter().filter(|p| p.above == above.map(|a| a.id) && Some(p.party) == first).map(|p| p.party));
    let Some(twice) = parties.iter().find(|p| taken.contains(p)) else { return Ok(()) };
    let names = party::store::names(tx.db(), [*twice]).await?;
    let name = names.get(twice).map_or("", String::as_str);
    Err(Error::field("party", Text::new("contract-chain-twice").with("party", name)))
}

/// Enters a contract within the transaction of an import, which permits and records it; hidden until [`show`]. Where another contract
/// bears its Open Contracting id, as with several awards of one process, it goes without.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending.
pub(crate) async fn take_in(cx: &Cx, tx: &Tx, details: &Details) -> Result<Uuid> {
    details.check()?;
    let mut contract = Contract::new(cx.id()?, details, tx.now());
    if store::clashes(tx.db(), &contract.row).await? == Some("ocid") {
        contract.row.ocid = None;
    }
    contract.row.state = store::HIDDEN.to_owned();
    store::insert(tx.db(), &contract.row).await?;
    Ok(contract.row.id)
}

/// Changes a contract within the transaction of an import, which permits and records it.
///
/// # Errors
/// [`Error::Stale`] when it changed since `row` was read; [`Error::Invalid`] when a field needs mending.
pub(crate) async fn take_change(tx: &Tx, row: &store::Model, details: &Details) -> Result<()> {
    details.check()?;
    let mut after = row.clone();
    after.set(details);
    if row.state == store::HIDDEN {
        after.state.clone_from(&row.state);
    }
    store::update(tx.db(), &after, row.version).await
}

/// Adds a lead contractor within the transaction of an import, unless it stands there already; whether it was added.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_lead(cx: &Cx, tx: &Tx, contract: Uuid, party: Uuid, since: Option<Date>) -> Result<bool> {
    if chain::standing(tx.db(), contract).await?.iter().any(|place| place.party == party && place.tier == 1) {
        return Ok(false);
    }
    let since = since.unwrap_or_else(|| cx.core().clock.today()).to_string();
    let row = place_row::Model::at_the_top(cx.id()?, contract, party, since, false);
    chain::insert(tx.db(), &row).await?;
    Ok(true)
}

/// Ends the chain of a contract that an import takes back.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_back_chain(cx: &Cx, tx: &Tx, contract: Uuid) -> Result<()> {
    let until = cx.core().clock.today().to_string();
    for place in chain::standing(tx.db(), contract).await?.into_iter().filter(|place| place.tier == 1 && !place.bids) {
        let last = place.since.clone().max(until.clone());
        let subtree = chain::subtree(tx.db(), &place).await?;
        chain::end(tx.db(), &subtree, &last).await?;
    }
    Ok(())
}

/// Shows contracts that an import took in, in `state`; none hides them again.
///
/// # Errors
/// When the database fails.
pub(crate) async fn show(tx: &Tx, ids: &[Uuid], state: Option<&str>) -> Result<()> {
    store::set_state(tx.db(), ids, state.unwrap_or(store::HIDDEN)).await
}
