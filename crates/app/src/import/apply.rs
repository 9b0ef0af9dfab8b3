//! Bringing a run in: batch by batch, hidden, then shown at once by the last.

use std::collections::BTreeMap;

use platform::authz::Side;
use platform::cx::{Cx, Entry, Tx};
use platform::{Error, Result};
use rules::ocds::{Agreement, Organisation, Release, State as Stands, agreements};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act::{BATCH, release_name};
use super::map;
use super::model::{Figures, OCDS, State};
use super::store::{self, key, line};
use crate::{contract, party};

/// Brings in what a run has staged; the run as it stands then. A run that was cut short goes on where it stopped.
///
/// # Errors
/// [`Error::Conflict`] when it was brought in or taken back already; or a refusal.
pub async fn apply(cx: &Cx, id: Uuid) -> Result<store::Model> {
    let mut run = store::get(cx.db(), id).await?;
    cx.permit("import_run.apply", &run)?;
    if !matches!(run.stands()?, State::Staged | State::Applying) {
        return Err(Error::conflict("import-not-staged"));
    }
    let mut once = cx.clone();
    let authority = authority(&once.clone().once(None)).await?;
    let mut after = 0;
    loop {
        let lines = next_batch(&once, run.id, after).await?;
        let Some(last) = lines.last() else { break };
        after = last.n;
        batch(&once, &mut run, authority, lines).await?;
        once = once.once(None);
    }
    flip(&once, &mut run).await?;
    Ok(run)
}

/// The lines that go into one transaction: so many that about [`BATCH`] records come of them, and at least one.
async fn next_batch(cx: &Cx, run: Uuid, after: i32) -> Result<Vec<line::Model>> {
    let found = store::lines_with(cx.db(), run, "imported", after, u64::try_from(BATCH).unwrap_or(500)).await?;
    let mut records = 0;
    let mut batch = Vec::new();
    for row in found {
        let report = store::report(&row)?;
        records += 1 + report.awards + report.suppliers;
        if records > BATCH && !batch.is_empty() {
            break;
        }
        batch.push(row);
    }
    Ok(batch)
}

/// The party that lets imported contracts: the authority, entered from the settings where there is none yet.
async fn authority(cx: &Cx) -> Result<Uuid> {
    match party::store::first_authority(cx.db()).await? {
        Some(row) => Ok(row.id),
        None => {
            let details = party::model::Details::named(&cx.core().settings.authority.name);
            party::act::add(cx, Side::Authority, &details).await
        }
    }
}

/// What a batch did, for its entry.
#[derive(Default)]
struct Done {
    parties: Vec<Value>,
    contracts: Vec<Value>,
    changed: Vec<Value>,
}

async fn batch(cx: &Cx, run: &mut store::Model, authority: Uuid, lines: Vec<line::Model>) -> Result<()> {
    let tx = cx.begin().await?;
    let permit = cx.permit("import_run.apply", run)?;
    let mut figures = run.figures()?;
    let mut done = Done::default();
    let count = lines.len();
    for line in lines {
        release(cx, &tx, run.id, authority, line, &mut figures, &mut done).await?;
    }
    figures.parties_made += u64::try_from(done.parties.len()).unwrap_or(0);
    figures.contracts_made += u64::try_from(done.contracts.len()).unwrap_or(0);
    figures.contracts_changed += u64::try_from(done.changed.len()).unwrap_or(0);
    store::update(tx.db(), run, State::Applying, &figures).await?;
    let entry = Entry::on("import_run.apply", run)
        .about("releases", count)
        .about("parties", done.parties.len())
        .about("contracts", done.contracts.len())
        .about("changed", done.changed.len())
        .body(json!({ "parties": done.parties, "contracts": done.contracts, "changed": done.changed }));
    cx.commit(tx, permit, [entry]).await
}

async fn release(
    cx: &Cx,
    tx: &Tx,
    run: Uuid,
    authority: Uuid,
    mut line: line::Model,
    figures: &mut Figures,
    done: &mut Done,
) -> Result<()> {
    let Some(payload) = &line.payload else { return Ok(()) };
    let release: Release = serde_json::from_str(payload)?;
    let digest = line.digest.clone().unwrap_or_default();
    let name = release_name(&release.ocid, &release.id);
    let known = store::find(tx.db(), "release", &name).await?;
    if known.as_ref().is_some_and(|key| key.digest == digest) {
        // Here from this run before it was cut short, or from another run brought in since this one was read.
        if known.is_some_and(|key| key.run != run) {
            let mut report = store::report(&line)?;
            report.outcome = "unchanged".to_owned();
            line.outcome.clone_from(&report.outcome);
            line.report = serde_json::to_string(&report)?;
            match line.change.as_str() {
                "new" => figures.new = figures.new.saturating_sub(1),
                _ => figures.changed = figures.changed.saturating_sub(1),
            }
            figures.unchanged += 1;
            store::update_line(tx.db(), line).await?;
        }
        return Ok(());
    }
    for agreement in agreements(&release) {
        keep(cx, tx, run, authority, &agreement, release.at_ms, done).await?;
    }
    let row = key::Model {
        source: OCDS.to_owned(),
        kind: "release".to_owned(),
        key: store::hashed(&name),
        record: None,
        digest,
        at_ms: release.at_ms,
        facts: None,
        run: known.as_ref().map_or(run, |key| key.run),
    };
    store::put(tx.db(), row, known.is_some()).await
}

/// Enters or changes one contract with its lead contractors. What an older release says changes nothing that a newer one said.
async fn keep(cx: &Cx, tx: &Tx, run: Uuid, authority: Uuid, agreement: &Agreement, at_ms: i64, done: &mut Done) -> Result<()> {
    let own = store::find(tx.db(), "contract", &agreement.key).await?;
    let known = match &own {
        Some(key) => Some(key.clone()),
        // A contract takes the place of its award; a second contract of the award does not.
        None if !agreement.award_only => match agreement.key.rsplit_once('/') {
            Some((award, _)) => store::find(tx.db(), "contract", award).await?.filter(|key| !superseded(key)),
            None => None,
        },
        None => None,
    };
    if known.as_ref().is_some_and(|key| key.at_ms > at_ms || (own.is_some() && superseded(key))) {
        return Ok(());
    }
    let says = map::contract(agreement, authority);
    let mut maker = run;
    let id = match known.as_ref().and_then(|key| Some((key, key.record?))) {
        None if agreement.state == Stands::Void => return Ok(()),
        None => {
            let id = contract::act::take_in(cx, tx, &says).await?;
            done.contracts.push(json!({ "id": id, "title": says.title, "key": agreement.key }));
            id
        }
        Some((key, id)) => {
            maker = key.run;
            change(tx, key, id, &says, done).await?;
            id
        }
    };
    let mut suppliers = Vec::new();
    for organisation in &agreement.suppliers {
        let Some(party) = supplier(cx, tx, run, organisation, at_ms, done).await? else { continue };
        contract::act::take_lead(cx, tx, id, party, says.starts_on).await?;
        suppliers.push(party);
    }
    // A contract with packs on it has duties: they follow from its days and its chain.
    if known.is_some() {
        crate::obligation::keeping::refresh(cx, tx, id).await?;
    }
    let facts = json!({
        "key": agreement.key, "ocid": agreement.ocid, "buyer": agreement.buyer, "details": says, "suppliers": suppliers,
    });
    let row = |name: &str, facts: &Value| key::Model {
        source: OCDS.to_owned(),
        kind: "contract".to_owned(),
        key: store::hashed(name),
        record: Some(id),
        digest: String::new(),
        at_ms,
        facts: Some(facts.to_string()),
        run: maker,
    };
    store::put(tx.db(), row(&agreement.key, &facts), own.is_some()).await?;
    if let (None, Some(award)) = (&own, known) {
        let award = key::Model { facts: Some(json!({ "superseded": true }).to_string()), ..award };
        store::put(tx.db(), award, true).await?;
    }
    Ok(())
}

/// Whether a contract took the place of this award.
fn superseded(key: &key::Model) -> bool {
    facts(key).get("superseded").is_some()
}

fn facts(key: &key::Model) -> Value {
    key.facts.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

async fn change(tx: &Tx, key: &key::Model, id: Uuid, says: &contract::model::Details, done: &mut Done) -> Result<()> {
    let standing = contract::store::lock(tx.db(), id).await?;
    let is = standing.row.details();
    let mut was = facts(key)["details"].clone();
    if standing.row.state == contract::store::HIDDEN {
        was["state"] = json!(contract::store::HIDDEN);
    }
    let mut after = map::merged(&was, &is, says)?;
    if standing.row.state == contract::store::HIDDEN {
        after.state.clone_from(&says.state);
    }
    let before = contract::model::Details { state: after.state.clone(), ..is.clone() };
    if after == is || (standing.row.state == contract::store::HIDDEN && after == before) {
        return Ok(());
    }
    contract::act::take_change(tx, &standing.row, &after).await?;
    let differs = platform::register::differences(&serde_json::to_value(&is)?, &serde_json::to_value(&after)?);
    done.changed.push(json!({ "id": id, "changes": differs }));
    Ok(())
}

/// The party that an organisation means, entered where there is none.
async fn supplier(cx: &Cx, tx: &Tx, run: Uuid, of: &Organisation, at_ms: i64, done: &mut Done) -> Result<Option<Uuid>> {
    let Some((name, details)) = map::supplier(of) else { return Ok(None) };
    if let Some(id) = store::find(tx.db(), "party", &name).await?.and_then(|key| key.record) {
        return Ok(Some(id));
    }
    let name_key = platform::db::dialect::fold(&details.name);
    let alike = party::store::alike(tx.db(), &name_key, details.company_number.as_deref()).await?;
    let found = map::same(&details, &alike);
    // One that another import has taken back, or has not shown yet, is shown with this one.
    let hidden = alike.iter().any(|row| Some(row.id) == found && row.side == party::store::HIDDEN);
    let id = match found {
        Some(id) => id,
        None => {
            let id = party::act::take_in(cx, tx, &details).await?;
            done.parties.push(json!({ "id": id, "name": details.name }));
            id
        }
    };
    let row = key::Model {
        source: OCDS.to_owned(),
        kind: "party".to_owned(),
        key: store::hashed(&name),
        record: Some(id),
        digest: String::new(),
        at_ms,
        facts: Some(json!({ "name": details.name, "made": found.is_none() || hidden }).to_string()),
        run,
    };
    store::put(tx.db(), row, false).await?;
    Ok(Some(id))
}

/// Shows all that the run made, in one transaction.
async fn flip(cx: &Cx, run: &mut store::Model) -> Result<()> {
    let tx = cx.begin().await?;
    let permit = cx.permit("import_run.apply", run)?;
    let figures = run.figures()?;
    let made = |key: &key::Model| facts(key)["made"] == json!(true);
    let parties: Vec<Uuid> = store::made_by(tx.db(), run.id, "party").await?.iter().filter(|k| made(k)).filter_map(|k| k.record).collect();
    party::act::show(&tx, &parties, true).await?;
    let mut by_state: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for key in store::made_by(tx.db(), run.id, "contract").await?.iter().filter(|key| !superseded(key)) {
        let (Some(id), Some(state)) = (key.record, facts(key)["details"]["state"].as_str().map(str::to_owned)) else { continue };
        by_state.entry(state).or_default().push(id);
    }
    for (state, ids) in &by_state {
        contract::act::show(&tx, ids, Some(state)).await?;
    }
    store::update(tx.db(), run, State::Applied, &figures).await?;
    let entry = Entry::on("import_run.apply", run)
        .about("state", State::Applied.code())
        .about("parties", figures.parties_made)
        .about("contracts", figures.contracts_made);
    cx.commit(tx, permit, [entry]).await
}
