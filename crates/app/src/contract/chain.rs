//! The chain's tables: places, and the closure that says who stands at or above whom. Part of this feature's store.
//!
//! A row of the closure says that its ancestor stands (has no last day) and that its descendant is the same place or one below, past ones
//! included: so a lead contractor still sees what a past sub-contractor did, and a past sub-contractor sees nothing.

use std::collections::{BTreeMap, BTreeSet};

use platform::authz::{Actor, Guarded, Resource, Side};
use platform::register::nothing;
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ActiveValue, Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::model::DEEPEST;
use crate::party;

/// A place: a party's standing in one contract's chain.
pub mod place_row {
    use sea_orm::entity::prelude::*;

    /// One place.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "chain_place")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The contract.
        pub contract: Uuid,
        /// The party.
        pub party: Uuid,
        /// The place it works for; none at tier 1.
        pub above: Option<Uuid>,
        /// 1 for a lead contractor.
        pub tier: i32,
        /// What it does there, in words.
        pub role_text: Option<String>,
        /// First day, ISO.
        pub since: String,
        /// Last day, ISO; none while it stands.
        pub until: Option<String>,
        /// Whether the party, or the lead contractor above it, only bids for the contract so far (OFF-7).
        pub bids: bool,
        /// Guards against lost updates.
        pub version: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who stands at or above whom.
pub mod closure_row {
    use sea_orm::entity::prelude::*;

    /// One pair.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "chain_closure")]
    pub struct Model {
        /// A standing place.
        #[sea_orm(primary_key, auto_increment = false)]
        pub ancestor: Uuid,
        /// The same place or one below.
        #[sea_orm(primary_key, auto_increment = false)]
        pub descendant: Uuid,
        /// The contract of both.
        pub contract: Uuid,
        /// How many tiers lie between.
        pub depth: i32,
        /// The ancestor's party.
        pub ancestor_party: Uuid,
        /// The descendant's party.
        pub descendant_party: Uuid,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl place_row::Model {
    /// A new place at tier 1.
    pub(super) fn at_the_top(id: Uuid, contract: Uuid, party: Uuid, since: String, bids: bool) -> Self {
        Self { id, contract, party, above: None, tier: 1, role_text: None, since, until: None, bids, version: 1 }
    }
}

/// A place with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The row.
    pub row: place_row::Model,
    /// The parties with a standing place at or above it.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Place {
    fn resource(&self) -> Resource {
        Resource::new("place", self.row.id).with("contract", self.row.contract).with("party", self.row.party).set("seen_by", &self.seen_by)
    }
}

use closure_row as closure;
use place_row as rows;

/// The places that `actor` may view: the twin of the `place.view` policies.
pub fn visible_places(actor: &Actor) -> Condition {
    at_places_seen(actor, rows::Column::Id)
}

/// What belongs to a place, by the column `of`, as far as `actor` sees it: a supplier what is at or below its own places.
pub fn at_places_seen(actor: &Actor, of: impl ColumnTrait) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority => Condition::all(),
        Actor::Account(a) => Condition::all().add(of.in_subquery(places_seen(a.party))),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// The ids of the places at or below those where `party` stands, as a sub-query: for the twin of every kind that belongs to a place.
pub fn places_seen(party: Uuid) -> SelectStatement {
    Query::select().column(closure::Column::Descendant).from(closure::Entity).and_where(closure::Column::AncestorParty.eq(party)).take()
}

/// The ids of the places at or below `place`, while it stands, as a sub-query.
pub fn at_or_below(place: Uuid) -> SelectStatement {
    Query::select().column(closure::Column::Descendant).from(closure::Entity).and_where(closure::Column::Ancestor.eq(place)).take()
}

/// The ids of the contracts in whose chain `party` stands, as a sub-query.
pub fn contracts_seen(party: Uuid) -> SelectStatement {
    Query::select().column(closure::Column::Contract).from(closure::Entity).and_where(closure::Column::AncestorParty.eq(party)).take()
}

/// The parties with a standing place that `actor` may view, under one contract or at one tier where that is said, as a sub-query.
pub fn parties_at(actor: &Actor, contract: Option<Uuid>, tier: Option<i32>) -> SelectStatement {
    let found = rows::Entity::find().select_only().column(rows::Column::Party).filter(rows::Column::Until.is_null());
    let found = found.filter(Condition::all().add_option(contract.map(|id| rows::Column::Contract.eq(id))));
    let found = found.filter(Condition::all().add_option(tier.map(|tier| rows::Column::Tier.eq(tier))));
    found.filter(visible_places(actor)).into_query()
}

/// The tiers at which a place stands that `actor` may view, in one contract where that is said.
///
/// # Errors
/// When the database fails.
pub async fn tiers(db: &impl ConnectionTrait, actor: &Actor, contract: Option<Uuid>) -> Result<Vec<i32>> {
    let found = rows::Entity::find().select_only().column(rows::Column::Tier).distinct().filter(rows::Column::Until.is_null());
    let found = found.filter(Condition::all().add_option(contract.map(|id| rows::Column::Contract.eq(id)))).filter(visible_places(actor));
    Ok(found.order_by_asc(rows::Column::Tier).into_tuple().all(db).await?)
}

/// In how many of the contracts that `within` finds each party stands: as a lead, or below one.
///
/// # Errors
/// When the database fails.
pub async fn contracts_of_parties(db: &impl ConnectionTrait, leads: bool, within: SelectStatement) -> Result<Vec<(Uuid, i64)>> {
    let found = rows::Entity::find().select_only().column(rows::Column::Party);
    let found = found.column_as(rows::Column::Contract.into_expr().count_distinct(), "contracts").filter(rows::Column::Until.is_null());
    let found =
        found.filter(works()).filter(at_tier(leads)).filter(rows::Column::Contract.in_subquery(within)).group_by(rows::Column::Party);
    Ok(found.into_tuple().all(db).await?)
}

/// In how many of the contracts that `within` finds somebody stands.
///
/// # Errors
/// When the database fails.
pub async fn contracts_with_chain(db: &impl ConnectionTrait, within: SelectStatement) -> Result<i64> {
    let found = rows::Entity::find().select_only().column_as(rows::Column::Contract.into_expr().count_distinct(), "contracts");
    let found = found.filter(rows::Column::Until.is_null()).filter(works()).filter(rows::Column::Contract.in_subquery(within));
    Ok(found.into_tuple::<i64>().one(db).await?.unwrap_or(0))
}

/// Each pair of a party that stands as a lead, or below one, and a place at or below its own, past ones included, once: the columns `party` and
/// `place`, as a sub-query. What is done at the place rests on the party.
pub fn resting(leads: bool) -> SelectStatement {
    let tops =
        Query::select().column(rows::Column::Id).from(rows::Entity).cond_where(Condition::all().add(at_tier(leads)).add(works())).take();
    Query::select()
        .distinct()
        .expr_as(Expr::col(closure::Column::AncestorParty), "party")
        .expr_as(Expr::col(closure::Column::Descendant), "place")
        .from(closure::Entity)
        .and_where(closure::Column::Ancestor.in_subquery(tops))
        .take()
}

/// Of a place that works under its contract: nothing rests on who only bids for it.
fn works() -> sea_orm::sea_query::Expr {
    rows::Column::Bids.eq(false)
}

fn at_tier(leads: bool) -> sea_orm::sea_query::Expr {
    if leads { rows::Column::Tier.eq(1) } else { rows::Column::Tier.gt(1) }
}

/// The place `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("place.view", …)` says.
pub async fn place(db: &impl ConnectionTrait, id: Uuid) -> Result<Place> {
    let row = rows::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    let seen_by = at_or_above(db, id).await?.into_iter().collect();
    Ok(Place { row, seen_by })
}

/// The place at tier 1 above each of these standing places of one contract, or itself.
pub fn tops(places: &[rows::Model]) -> BTreeMap<Uuid, Uuid> {
    let by_id: BTreeMap<Uuid, &rows::Model> = places.iter().map(|row| (row.id, row)).collect();
    let top = |row: &rows::Model| {
        let mut here = row;
        while let Some(above) = here.above.and_then(|above| by_id.get(&above)) {
            here = above;
        }
        (row.id, here.id)
    };
    places.iter().map(top).collect()
}

/// Whether the party at `place`, or the lead contractor above it, only bids for the contract so far (OFF-7).
///
/// # Errors
/// [`Error::NotFound`] when there is no such place.
pub async fn bids(db: &impl ConnectionTrait, place: Uuid) -> Result<bool> {
    Ok(rows::Entity::find_by_id(place).one(db).await?.ok_or(Error::NotFound)?.bids)
}

/// The place of tier 1 above `place`, or itself.
///
/// # Errors
/// [`Error::NotFound`] when there is no such place.
pub async fn lead_of(db: &impl ConnectionTrait, place: Uuid) -> Result<rows::Model> {
    leads_of(db, [place]).await?.remove(&place).ok_or(Error::NotFound)
}

/// As [`lead_of`] for many places, by place: one query for each tier, however many there are. What is no place is left out.
///
/// # Errors
/// When the database fails or a chain is broken.
pub async fn leads_of(db: &impl ConnectionTrait, places: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, rows::Model>> {
    let mut wanted: BTreeSet<Uuid> = places.into_iter().collect();
    let asked = wanted.clone();
    let mut known: BTreeMap<Uuid, rows::Model> = BTreeMap::new();
    while !wanted.is_empty() {
        let found = rows::Entity::find().filter(rows::Column::Id.is_in(wanted)).all(db).await?;
        wanted = found.iter().filter_map(|row| row.above).filter(|above| !known.contains_key(above)).collect();
        known.extend(found.into_iter().map(|row| (row.id, row)));
    }
    let mut leads = BTreeMap::new();
    for place in asked {
        let Some(mut here) = known.get(&place) else { continue };
        while let Some(above) = here.above {
            here = known.get(&above).ok_or_else(|| Error::internal("a chain is broken"))?;
        }
        leads.insert(place, here.clone());
    }
    Ok(leads)
}

/// The parties with a standing place at or above `place`, nearest first: those who see what belongs to it.
///
/// # Errors
/// When the database fails.
pub async fn at_or_above(db: &impl ConnectionTrait, place: Uuid) -> Result<Vec<Uuid>> {
    Ok(all_at_or_above(db, [place]).await?.remove(&place).unwrap_or_default())
}

/// As [`at_or_above`] for many places, by place, in one query.
///
/// # Errors
/// When the database fails.
pub async fn all_at_or_above(db: &impl ConnectionTrait, places: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Vec<Uuid>>> {
    let places: BTreeSet<Uuid> = places.into_iter().collect();
    let mut out: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    if !places.is_empty() {
        let found = closure::Entity::find().filter(closure::Column::Descendant.is_in(places)).order_by_asc(closure::Column::Depth);
        for row in found.all(db).await? {
            out.entry(row.descendant).or_default().push(row.ancestor_party);
        }
    }
    Ok(out)
}

/// Who sees what belongs to each of these places, in one query.
///
/// # Errors
/// When the database fails.
pub async fn seen_by(db: &impl ConnectionTrait, places: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>> {
    Ok(all_at_or_above(db, places).await?.into_iter().map(|(place, above)| (place, above.into_iter().collect())).collect())
}

/// Places with those who see them, in one query.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<rows::Model>) -> Result<Vec<Place>> {
    let mut seen = seen_by(db, rows.iter().map(|r| r.id)).await?;
    Ok(rows.into_iter().map(|row| Place { seen_by: seen.remove(&row.id).unwrap_or_default(), row }).collect())
}

/// The place right above a place that stands.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn place_above(db: &impl ConnectionTrait, at: Uuid) -> Result<Option<Uuid>> {
    Ok(rows::Entity::find_by_id(at).one(db).await?.ok_or(Error::NotFound)?.above)
}

/// The standing places of a party, in all contracts.
///
/// # Errors
/// When the database fails.
pub async fn places_of(db: &impl ConnectionTrait, party: Uuid) -> Result<Vec<rows::Model>> {
    Ok(rows::Entity::find().filter(rows::Column::Party.eq(party)).filter(rows::Column::Until.is_null()).all(db).await?)
}

/// The standing places of a contract, tier by tier.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &impl ConnectionTrait, contract: Uuid) -> Result<Vec<rows::Model>> {
    standing_in(db, [contract]).await
}

pub(super) async fn standing_in(db: &impl ConnectionTrait, contracts: impl IntoIterator<Item = Uuid>) -> Result<Vec<rows::Model>> {
    let contracts: BTreeSet<Uuid> = contracts.into_iter().collect();
    if contracts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(rows::Entity::find()
        .filter(rows::Column::Contract.is_in(contracts))
        .filter(rows::Column::Until.is_null())
        .order_by_asc(rows::Column::Tier)
        .order_by_asc(rows::Column::Id)
        .all(db)
        .await?)
}

/// The places of a contract that `actor` may view, past ones too if `past`, tier by tier.
///
/// # Errors
/// When the database fails.
pub async fn seen_places(db: &impl ConnectionTrait, actor: &Actor, contract: Uuid, past: bool) -> Result<Vec<Place>> {
    with_sight(db, seen_rows(db, actor, contract, past).await?).await
}

/// As [`seen_places`], without who else sees them.
///
/// # Errors
/// When the database fails.
pub async fn seen_rows(db: &impl ConnectionTrait, actor: &Actor, contract: Uuid, past: bool) -> Result<Vec<rows::Model>> {
    let mut query = rows::Entity::find().filter(rows::Column::Contract.eq(contract)).filter(visible_places(actor));
    if !past {
        query = query.filter(rows::Column::Until.is_null());
    }
    Ok(query.order_by_asc(rows::Column::Tier).order_by_asc(rows::Column::Id).all(db).await?)
}

/// The places at or below `place`, past ones too, itself first, tier by tier.
pub(super) async fn subtree(db: &impl ConnectionTrait, place: &rows::Model) -> Result<Vec<rows::Model>> {
    Ok(rows::Entity::find()
        .filter(rows::Column::Id.in_subquery(at_or_below(place.id)))
        .order_by_asc(rows::Column::Tier)
        .order_by_asc(rows::Column::Id)
        .all(db)
        .await?)
}

/// The pairs whose descendant is `place`, nearest first.
pub(super) async fn pairs_above(db: &impl ConnectionTrait, place: Uuid) -> Result<Vec<closure::Model>> {
    Ok(closure::Entity::find().filter(closure::Column::Descendant.eq(place)).order_by_asc(closure::Column::Depth).all(db).await?)
}

/// Enters a place and its pairs: with itself, and with all that stand above.
pub(super) async fn insert(tx: &DatabaseTransaction, row: &rows::Model) -> Result<()> {
    let new: rows::ActiveModel = row.clone().into();
    rows::Entity::insert(new.reset_all()).exec_without_returning(tx).await?;
    let above = match row.above {
        Some(above) => pairs_above(tx, above).await?,
        None => Vec::new(),
    };
    let own = pair(row.id, row.party, 0, row);
    let others = above.iter().map(|p| pair(p.ancestor, p.ancestor_party, p.depth + 1, row));
    insert_pairs(tx, std::iter::once(own).chain(others).collect()).await
}

fn pair(ancestor: Uuid, ancestor_party: Uuid, depth: i32, below: &rows::Model) -> closure::Model {
    closure::Model { ancestor, descendant: below.id, contract: below.contract, depth, ancestor_party, descendant_party: below.party }
}

async fn insert_pairs(tx: &DatabaseTransaction, pairs: Vec<closure::Model>) -> Result<()> {
    party::store::link(tx, pairs.iter().map(|p| (p.ancestor_party, p.descendant_party)).collect::<BTreeSet<_>>()).await?;
    // 6 values a row; SQLite binds at most 32,766.
    for part in pairs.chunks(1000) {
        let rows = part.iter().map(|p| closure::ActiveModel {
            ancestor: ActiveValue::Set(p.ancestor),
            descendant: ActiveValue::Set(p.descendant),
            contract: ActiveValue::Set(p.contract),
            depth: ActiveValue::Set(p.depth),
            ancestor_party: ActiveValue::Set(p.ancestor_party),
            descendant_party: ActiveValue::Set(p.descendant_party),
        });
        closure::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Deletes the pairs that `which` finds, and lets those parties lose sight of each other whom no pair joins any more.
async fn delete_pairs(tx: &DatabaseTransaction, which: Condition) -> Result<()> {
    let gone = closure::Entity::find().filter(which.clone()).all(tx).await?;
    closure::Entity::delete_many().filter(which).exec(tx).await?;
    let pairs: BTreeSet<(Uuid, Uuid)> = gone.iter().map(|p| (p.ancestor_party, p.descendant_party)).collect();
    for (above, below) in pairs {
        let still = closure::Entity::find()
            .filter(closure::Column::AncestorParty.eq(above))
            .filter(closure::Column::DescendantParty.eq(below))
            .one(tx)
            .await?;
        if still.is_none() {
            party::store::unlink(tx, above, below).await?;
        }
    }
    Ok(())
}

/// Ends the standing places among `subtree` (a place and all below): their last day is `until`, they see nothing from then on.
pub(super) async fn end(tx: &DatabaseTransaction, subtree: &[rows::Model], until: &str) -> Result<()> {
    for row in subtree.iter().filter(|r| r.until.is_none()) {
        let new = rows::ActiveModel {
            until: ActiveValue::Set(Some(until.to_owned())),
            version: ActiveValue::Set(row.version + 1),
            ..Default::default()
        };
        platform::register::save(tx, new, row.id, row.version, "contract-chain-stale").await?;
    }
    let ids: Vec<Uuid> = subtree.iter().map(|r| r.id).collect();
    delete_pairs(tx, Condition::all().add(closure::Column::Ancestor.is_in(ids))).await
}

/// Hangs `subtree` (a place and all below, itself first) under `above`, or at tier 1.
pub(super) async fn hang(tx: &DatabaseTransaction, subtree: &[rows::Model], above: Option<&rows::Model>) -> Result<()> {
    let Some(top) = subtree.first() else { return Ok(()) };
    let shift = above.map_or(1, |a| a.tier + 1) - top.tier;
    for row in subtree {
        let mut new = rows::ActiveModel {
            tier: ActiveValue::Set(row.tier + shift),
            version: ActiveValue::Set(row.version + 1),
            ..Default::default()
        };
        if row.id == top.id {
            new.above = ActiveValue::Set(above.map(|a| a.id));
        }
        platform::register::save(tx, new, row.id, row.version, "contract-chain-stale").await?;
    }
    let inside: Vec<Uuid> = subtree.iter().map(|r| r.id).collect();
    let cut = Condition::all().add(closure::Column::Descendant.is_in(inside.clone())).add(closure::Column::Ancestor.is_not_in(inside));
    delete_pairs(tx, cut).await?;
    let Some(above) = above else { return Ok(()) };
    let over = pairs_above(tx, above.id).await?;
    let mut pairs = Vec::new();
    for row in subtree {
        let down = row.tier - top.tier;
        pairs.extend(over.iter().map(|p| pair(p.ancestor, p.ancestor_party, p.depth + 1 + down, row)));
    }
    insert_pairs(tx, pairs).await
}

/// The standing places among `subtree` (a place and all below) bid no more: they work under the contract, `since` a day.
pub(super) async fn engage(tx: &DatabaseTransaction, subtree: &[rows::Model], since: &str) -> Result<()> {
    for row in subtree.iter().filter(|row| row.until.is_none()) {
        let new = rows::ActiveModel {
            bids: ActiveValue::Set(false),
            since: ActiveValue::Set(since.to_owned()),
            version: ActiveValue::Set(row.version + 1),
            ..Default::default()
        };
        platform::register::save(tx, new, row.id, row.version, "contract-chain-stale").await?;
    }
    Ok(())
}

pub(super) async fn update_words(tx: &DatabaseTransaction, row: &rows::Model, role_text: Option<String>) -> Result<()> {
    let new =
        rows::ActiveModel { role_text: ActiveValue::Set(role_text), version: ActiveValue::Set(row.version + 1), ..Default::default() };
    platform::register::save(tx, new, row.id, row.version, "contract-chain-stale").await
}

/// Whether the tiers of a subtree moved under `above` stay within [`DEEPEST`].
pub(super) fn fits(subtree: &[rows::Model], above: Option<&rows::Model>) -> bool {
    let (Some(top), Some(deepest)) = (subtree.first(), subtree.iter().map(|r| r.tier).max()) else { return true };
    above.map_or(1, |a| a.tier + 1) + deepest - top.tier <= DEEPEST
}
