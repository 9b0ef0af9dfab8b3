//! Contracts for programs: the register, the chain, the packs in force and what these ask.

use std::collections::BTreeMap;

use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::Actor;
use platform::clock::timestamp;
use platform::error::FieldErrors;
use platform::register::{Enters, Picks, Records, Register};
use platform::texts::Text;
use platform::web::Answer;
use platform::{Cx, Error, Result};
use rules::pack::Pack;
use sea_orm::Condition;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, Joining};
use super::chain::{self, Place, seen_places};
use super::facts::{self, Facts, Known};
use super::model::{CONTRACTS, Details};
use super::pages::{blank, kept, picks, record_of};
use super::store::{self, Contract};
use crate::{pack, party};

/// The register of contracts.
pub struct Contracts;

impl Records for Contracts {
    const REGISTER: &'static Register = &CONTRACTS;
    const NAME: &'static str = "Contract";
    const ACTIONS: [&'static str; 2] = ["contract.view", "contract.change"];
    type Entity = store::Entity;
    type Thing = Contract;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Contract>> {
        store::with_parties(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Contract> {
        store::get(cx.db(), id).await
    }

    fn stamp(contract: &Contract) -> (Uuid, i32) {
        (contract.row.id, contract.row.version)
    }

    fn record(contract: &Contract) -> Result<Value> {
        record_of(&contract.row)
    }

    fn kept(cx: &Cx, contract: &Contract) -> &'static [&'static str] {
        kept(cx, contract)
    }

    fn tells_history(cx: &Cx, _: &Contract) -> bool {
        cx.actor.is_authority()
    }

    async fn picks(cx: &Cx, _: &Contract) -> Result<Picks> {
        picks(cx).await
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for Contracts {
    const ADD: &'static str = "contract.add";
    type New = Details;

    fn blank(cx: &Cx) -> Result<(Contract, Value)> {
        let blank = blank(cx)?;
        Ok((Contract::new(cx.id()?, &blank, 0), to_value(&blank)?))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        picks(cx).await
    }

    async fn add(cx: &Cx, new: Details) -> Result<Uuid> {
        act::add(cx, &new).await
    }
}

/// The routes beside those of the register.
pub(super) fn routes() -> Api {
    let area = Area::Registers;
    Api::new()
        .add(Op::get("places.list", "/api/v1/contracts/{id}/places", area).all_of::<ChainPlace>(), places)
        .add(Op::get("places.one", "/api/v1/contracts/{id}/places/{place}", area).answers::<ChainPlace>(), place)
        .add(Op::post("places.add", "/api/v1/contracts/{id}/places", area).takes::<Joining>().answers::<ChainPlace>().makes(), add_place)
        .add(
            Op::post("places.move", "/api/v1/contracts/{id}/places/{place}/move", area)
                .versioned()
                .takes::<Moving>()
                .answers::<ChainPlace>(),
            move_place,
        )
        .add(
            Op::post("places.end", "/api/v1/contracts/{id}/places/{place}/end", area).versioned().takes::<Ending>().answers::<ChainPlace>(),
            end_place,
        )
        .add(Op::get("contracts.packs", "/api/v1/contracts/{id}/packs", area).all_of::<PackOn>(), packs)
        .add(Op::post("contracts.put_pack", "/api/v1/contracts/{id}/packs", area).takes::<Putting>().all_of::<PackOn>().makes(), put_pack)
        .add(Op::get("contracts.facts", "/api/v1/contracts/{id}/facts/{pack}", area).codes(&["pack"]).answers::<FactSheet>(), facts_of)
        .add(
            Op::put("contracts.state_facts", "/api/v1/contracts/{id}/facts/{pack}", area)
                .codes(&["pack"])
                .takes::<Stating>()
                .answers::<FactSheet>(),
            state_facts,
        )
}

/// A place in a contract's chain.
#[derive(Serialize, ToSchema)]
struct ChainPlace {
    /// Its id.
    id: Uuid,
    /// For the next change.
    version: i32,
    /// The contract.
    contract: Uuid,
    /// The party that stands there.
    party: Uuid,
    /// The party's name.
    party_name: String,
    /// The place that it works for; none at tier 1, or where you may not know of it.
    above: Option<Uuid>,
    /// 1 for a lead contractor.
    tier: i32,
    /// What the party does there.
    role_text: Option<String>,
    /// First day.
    #[schema(format = Date)]
    since: String,
    /// Last day; none while it stands.
    #[schema(format = Date)]
    until: Option<String>,
}

async fn contract(call: &Call, action: &'static str) -> Result<Contract> {
    let found = store::get(call.cx.db(), call.id("id")?).await?;
    call.cx.permit(action, &found)?;
    Ok(found)
}

async fn seen(cx: &Cx, contract: Uuid) -> Result<Vec<ChainPlace>> {
    let all = seen_places(cx.db(), &cx.actor, contract, true).await?;
    let names = party::store::names(cx.db(), all.iter().map(|p| p.row.party)).await?;
    let known: Vec<Uuid> = all.iter().map(|p| p.row.id).collect();
    let shown = all.into_iter().filter(|place| cx.may("place.view", place)).map(|Place { row, .. }| ChainPlace {
        id: row.id,
        version: row.version,
        contract: row.contract,
        party: row.party,
        party_name: names.get(&row.party).cloned().unwrap_or_default(),
        above: row.above.filter(|above| known.contains(above)),
        tier: row.tier,
        role_text: row.role_text,
        since: row.since,
        until: row.until,
    });
    Ok(shown.collect())
}

async fn places(call: Call) -> Answer {
    let of = contract(&call, "contract.view").await?;
    call.listed(&Listed { items: seen(&call.cx, of.row.id).await?, after: None })
}

async fn one_place(cx: &Cx, contract: Uuid, id: Uuid) -> Result<ChainPlace> {
    seen(cx, contract).await?.into_iter().find(|place| place.id == id).ok_or(Error::NotFound)
}

async fn place(call: Call) -> Answer {
    let of = contract(&call, "contract.view").await?;
    let found = one_place(&call.cx, of.row.id, call.id("place")?).await?;
    call.found(&found, Some(found.version))
}

/// The place after a change to it.
async fn stands(call: &Call, contract: Uuid, id: Uuid) -> Answer {
    let found = one_place(&call.cx, contract, id).await?;
    call.made(&format!("/api/v1/contracts/{contract}/places/{id}"), &found, Some(found.version))
}

async fn add_place(call: Call) -> Answer {
    let contract = call.id("id")?;
    let id = act::add_place(&call.cx, contract, &call.body::<Joining>()?).await?;
    stands(&call, contract, id).await
}

/// Where a place moves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Moving {
    /// The place that it works for from now on; null to make it a lead contractor's.
    above: Option<Uuid>,
    /// What the party does there.
    #[schema(max_length = 300)]
    role_text: Option<String>,
}

/// The place of this contract that is about to change, for whoever may do `action`.
async fn changing(call: &Call, action: &'static str) -> Result<(Uuid, Uuid)> {
    let of = contract(call, action).await?.row.id;
    let place = chain::place(call.cx.db(), call.id("place")?).await?.row;
    if place.contract == of { Ok((of, place.id)) } else { Err(Error::NotFound) }
}

async fn placed(call: &Call, (contract, id): (Uuid, Uuid), done: Result<()>) -> Answer {
    call.fresh(done, || async { Ok(to_value(one_place(&call.cx, contract, id).await?)?) }).await?;
    stands(call, contract, id).await
}

async fn move_place(call: Call) -> Answer {
    let at = changing(&call, "chain.change").await?;
    let to: Moving = call.body()?;
    let done = act::move_place(&call.cx, at.1, call.version()?, to.above, to.role_text.as_deref()).await;
    placed(&call, at, done).await
}

/// When a place ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ending {
    /// Its last day; today when none.
    until: Option<jiff::civil::Date>,
}

async fn end_place(call: Call) -> Answer {
    let at = changing(&call, "chain.end").await?;
    let done = act::end_place(&call.cx, at.1, call.version()?, call.body::<Ending>()?.until).await;
    placed(&call, at, done).await
}

/// An edition of a pack that is in force on a contract.
#[derive(Serialize, ToSchema)]
struct PackOn {
    /// The pack.
    pack: String,
    /// Its edition.
    edition: String,
    /// Its title; none for one that this service no longer has.
    title: Option<String>,
    /// When it was put on.
    #[schema(format = DateTime)]
    put_at: String,
    /// Why, where a reason was asked for.
    reason: Option<String>,
}

async fn packs_on(cx: &Cx, contract: Uuid) -> Result<Listed<PackOn>> {
    let known = pack::packs(cx.core());
    let rows = store::packs_on(cx.db(), contract).await?;
    let items = rows.into_iter().map(|row| PackOn {
        title: known.get(&row.pack, &row.edition).map(|p| p.title.clone()),
        pack: row.pack,
        edition: row.edition,
        put_at: timestamp(row.put_at).to_string(),
        reason: row.reason,
    });
    Ok(Listed { items: items.collect(), after: None })
}

async fn packs(call: Call) -> Answer {
    let of = contract(&call, "contract.view").await?;
    call.listed(&packs_on(&call.cx, of.row.id).await?)
}

/// A pack to be put on a contract.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Putting {
    /// The pack.
    #[schema(max_length = 80)]
    pack: String,
    /// Its edition.
    #[schema(max_length = 80)]
    edition: String,
    /// Why; asked for when the policy is a draft or withdrawn.
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

async fn put_pack(call: Call) -> Answer {
    let id = call.id("id")?;
    let put: Putting = call.body()?;
    act::put_pack(&call.cx, id, &put.pack, &put.edition, put.reason.as_deref()).await?;
    let all = packs_on(&call.cx, id).await?;
    call.made(&format!("/api/v1/contracts/{id}/packs"), &serde_json::json!({ "items": all.items, "next": null }), None)
}

/// What is known of a contract, as one of its packs asks.
#[derive(Serialize, ToSchema)]
struct FactSheet {
    /// The pack.
    pack: String,
    /// For the next change; 0 while nothing is recorded.
    version: i32,
    /// When it was recorded.
    #[schema(format = DateTime)]
    set_at: Option<String>,
    /// What is asked.
    asks: Vec<AskedFact>,
    /// What is known, by the fact's id; what nobody knows is absent.
    #[schema(value_type = Object)]
    facts: BTreeMap<String, Value>,
}

/// A fact that a pack asks about.
#[derive(Serialize, ToSchema)]
struct AskedFact {
    /// Its id.
    id: String,
    /// What is asked, in words.
    title: String,
    /// `yes_no`, `number`, `text` or `date`.
    kind: String,
}

/// The pack of this code that is on the contract.
async fn asking(cx: &Cx, contract: Uuid, code: &str) -> Result<std::sync::Arc<Pack>> {
    let on = store::packs_on(cx.db(), contract).await?.into_iter().find(|p| p.pack == code).ok_or(Error::NotFound)?;
    pack::packs(cx.core()).get(code, &on.edition).cloned().ok_or(Error::NotFound)
}

async fn sheet(cx: &Cx, contract: Uuid, asks: &Pack) -> Result<FactSheet> {
    let known: Known = facts::known(cx.db(), contract).await?.remove(&asks.pack).unwrap_or_default();
    let asked = asks.contract_facts.iter().map(|fact| AskedFact {
        id: fact.id.clone(),
        title: fact.title.clone(),
        kind: to_value(fact.kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
    });
    Ok(FactSheet {
        pack: asks.pack.clone(),
        version: known.version,
        set_at: known.set_at.map(|at| timestamp(at).to_string()),
        asks: asked.collect(),
        facts: known.answers,
    })
}

async fn facts_of(call: Call) -> Answer {
    let of = contract(&call, "contract.view").await?;
    let asks = asking(&call.cx, of.row.id, call.code("pack")).await?;
    let found = sheet(&call.cx, of.row.id, &asks).await?;
    call.found(&found, Some(found.version))
}

/// What is known of a contract, in the place of what was known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Stating {
    /// By the fact's id; leave out what nobody knows.
    #[schema(value_type = Object)]
    facts: BTreeMap<String, Value>,
}

async fn state_facts(call: Call) -> Answer {
    let of = contract(&call, "contract.state_facts").await?.row.id;
    let asks = asking(&call.cx, of, call.code("pack")).await?;
    let stated: Facts = call.body::<Stating>()?.facts.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let mut errors = FieldErrors::default();
    for id in stated.keys().filter(|id| asks.contract_facts.iter().all(|fact| fact.id != **id)) {
        errors.add(format!("facts.{id}"), Text::new("error-schema-additional-properties"));
    }
    errors.or(())?;
    let done = act::state_facts(&call.cx, of, &asks.pack, call.version()?, &stated).await.map_err(|e| renamed(e, &asks));
    call.fresh(done, || async { Ok(to_value(sheet(&call.cx, of, &asks).await?)?) }).await?;
    let found = sheet(&call.cx, of, &asks).await?;
    call.made(&format!("/api/v1/contracts/{of}/facts/{}", asks.pack), &found, Some(found.version))
}

/// Faults by the names that the page's form has, by those of the JSON.
fn renamed(error: Error, asks: &Pack) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let mut out = FieldErrors::default();
    for (name, text) in errors.iter() {
        let id = name.strip_prefix("q.").and_then(|n| n.strip_prefix(&format!("{}_", asks.pack))).unwrap_or(name);
        out.add(format!("facts.{id}"), text.clone());
    }
    Error::Invalid(out)
}
