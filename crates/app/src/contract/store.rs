//! The tables of contracts and the packs on them. The chain's own are in [`super::chain`]. Nobody else touches them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use platform::authz::{Actor, Guarded, Resource, Side};
use platform::cases::people::{self, Recipient};
use platform::cx::Tx;
use platform::db::dialect;
use platform::files::{Finding, Kind, Subject};
use platform::register::{self, nothing};
use platform::texts::Text;
use platform::{Cx, Error, Result, search};
use rules::pack::Pack;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, IntoColumnRef, OnConflict, Query, SelectStatement};
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::chain;
pub use super::chain::{
    all_at_or_above, at_or_above, contracts_seen, lead_of, leads_of, place, places_of, places_seen, seen_by, standing, visible_places,
};
use super::model::{CONTRACTS, Details};
use crate::pack as packs;

/// A contract as stored.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contract")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The party that lets it.
    pub authority: Uuid,
    /// Title.
    pub title: String,
    /// The title folded, for sorting and finding.
    pub title_key: String,
    /// The authority's own reference.
    pub reference: Option<String>,
    /// Open Contracting id.
    pub ocid: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// The day of its signature, ISO.
    pub signed_on: Option<String>,
    /// First day, ISO.
    pub starts_on: Option<String>,
    /// Last day, ISO.
    pub ends_on: Option<String>,
    /// Value in minor units.
    pub value_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `planned`, `active` or `ended`.
    pub state: String,
    /// The account of the contract manager.
    pub manager: Option<Uuid>,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A pack in force on a contract.
pub mod pack {
    use sea_orm::entity::prelude::*;

    /// One pack on one contract.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contract_pack")]
    pub struct Model {
        /// The contract.
        #[sea_orm(primary_key, auto_increment = false)]
        pub contract: Uuid,
        /// The pack's id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub pack: String,
        /// Its edition.
        pub edition: String,
        /// When it was put on.
        pub put_at: i64,
        /// By whom: the account's id, or the kind of another actor.
        pub put_by: String,
        /// Why, where the pack is a draft or withdrawn.
        pub reason: Option<String>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A contract with the parties of its chain: what policies are asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// The row.
    pub row: Model,
    /// The parties with a standing place in the chain.
    pub parties: BTreeSet<Uuid>,
    /// Those of tier 1 that work under it; who only bids for it is none of them.
    pub leads: BTreeSet<Uuid>,
}

impl Guarded for Contract {
    fn resource(&self) -> Resource {
        Resource::new("contract", self.row.id)
            .with("state", self.row.state.as_str())
            .maybe("manager", self.row.manager)
            .set("parties", &self.parties)
            .set("leads", &self.leads)
    }
}

/// Contracts have files, for whoever reads their terms: the authority and the lead.
pub const FILES: Kind = Kind { kind: "contract", view: "contract.terms", find: attached, fields: None };

fn attached<'a>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        if field.is_some() {
            return Err(Error::NotFound);
        }
        let found = get(cx.db(), id.parse().map_err(|_| Error::NotFound)?).await?;
        let href = format!("/contracts/{}#files", found.row.id);
        Ok(Subject::settled(&found, "contract.attach", Some("contract.attach"), found.row.title.clone(), href))
    })
}

impl Contract {
    /// A contract about to be entered.
    pub fn new(id: Uuid, details: &Details, now: i64) -> Self {
        let mut row = Model {
            id,
            authority: details.authority,
            title: String::new(),
            title_key: String::new(),
            reference: None,
            ocid: None,
            description: None,
            signed_on: None,
            starts_on: None,
            ends_on: None,
            value_minor: None,
            currency: None,
            state: String::new(),
            manager: None,
            made_at: now,
            version: 1,
        };
        row.set(details);
        Self { row, parties: BTreeSet::new(), leads: BTreeSet::new() }
    }
}

impl Model {
    /// What people entered.
    pub fn details(&self) -> Details {
        let date = |text: &Option<String>| text.as_ref().and_then(|t| t.parse().ok());
        Details {
            authority: self.authority,
            title: self.title.clone(),
            reference: self.reference.clone(),
            ocid: self.ocid.clone(),
            description: self.description.clone(),
            signed_on: date(&self.signed_on),
            starts_on: date(&self.starts_on),
            ends_on: date(&self.ends_on),
            value_minor: self.value_minor,
            currency: self.currency.clone(),
            state: self.state.clone(),
            manager: self.manager,
        }
    }

    pub(super) fn set(&mut self, details: &Details) {
        self.authority = details.authority;
        self.title.clone_from(&details.title);
        self.title_key = dialect::fold(&details.title);
        self.reference.clone_from(&details.reference);
        self.ocid.clone_from(&details.ocid);
        self.description.clone_from(&details.description);
        self.signed_on = details.signed_on.map(|d| d.to_string());
        self.starts_on = details.starts_on.map(|d| d.to_string());
        self.ends_on = details.ends_on.map(|d| d.to_string());
        self.value_minor = details.value_minor;
        self.currency.clone_from(&details.currency);
        self.state.clone_from(&details.state);
        self.manager = details.manager;
    }
}

/// The state of a contract that an import has not shown yet, or has taken back.
pub(crate) const HIDDEN: &str = "hidden";

/// The rows that `actor` may view: the twin of the `contract.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority => Condition::all().add(Column::State.ne(HIDDEN)),
        Actor::Account(a) => Condition::all().add(Column::State.ne(HIDDEN)).add(Column::Id.in_subquery(contracts_seen(a.party))),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// The contracts that are planned or active, as a sub-query of ids.
pub fn open() -> SelectStatement {
    Query::select().column(Column::Id).from(Entity).and_where(Column::State.is_in(["planned", "active"])).take()
}

/// The contract `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("contract.view", …)` says.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Contract> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(with_parties(db, vec![row]).await?.remove(0))
}

/// As [`get`], its row locked to the end of the transaction: whoever changes its chain or packs holds it.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Contract> {
    let row = lock_row(tx, id).await?;
    Ok(with_parties(tx, vec![row]).await?.remove(0))
}

/// As [`lock`], of the row alone.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock_row(tx: &DatabaseTransaction, id: Uuid) -> Result<Model> {
    register::lock::<Entity>(tx, id).await
}

/// The account that manages a contract, if anybody does.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contract.
pub async fn manager(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Uuid>> {
    Ok(Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?.manager)
}

/// Whom to write to about a contract: the account that manages it, else all contract managers.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contract.
pub async fn managers(cx: &Cx, id: Uuid) -> Result<Vec<Recipient>> {
    if let Some(manager) = manager(cx.db(), id).await?
        && let Some(known) = people::account(cx, cx.db(), manager).await?
    {
        return Ok(vec![known]);
    }
    people::holders(cx, cx.db(), &["contract_manager"], None).await
}

/// The contracts with this reference or Open Contracting id, as it is written on them; at most two.
///
/// # Errors
/// When the database fails.
pub async fn referenced(db: &impl ConnectionTrait, text: &str) -> Result<Vec<Model>> {
    let named = Condition::any().add(Column::Reference.eq(text)).add(Column::Ocid.eq(text));
    Ok(Entity::find().filter(named).filter(Column::State.ne(HIDDEN)).order_by_asc(Column::Id).limit(2).all(db).await?)
}

/// Contracts with the parties of their chains, in two queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_parties(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Contract>> {
    let places = chain::standing_in(db, rows.iter().map(|r| r.id)).await?;
    let mut parties: BTreeMap<Uuid, (BTreeSet<Uuid>, BTreeSet<Uuid>)> = BTreeMap::new();
    for place in places {
        let (all, leads) = parties.entry(place.contract).or_default();
        all.insert(place.party);
        if place.tier == 1 && !place.bids {
            leads.insert(place.party);
        }
    }
    let with = |row: Model| {
        let (parties, leads) = parties.remove(&row.id).unwrap_or_default();
        Contract { row, parties, leads }
    };
    Ok(rows.into_iter().map(with).collect())
}

/// The contracts that `actor` may view, by title, or the one of them that is asked for; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn seen(db: &impl ConnectionTrait, actor: &Actor, only: Option<Uuid>, limit: u64) -> Result<Vec<Contract>> {
    let mut query = Entity::find().filter(visible(actor)).order_by_asc(Column::TitleKey).order_by_asc(Column::Id).limit(limit);
    if let Some(id) = only {
        query = query.filter(Column::Id.eq(id));
    }
    with_parties(db, query.all(db).await?).await
}

/// The contracts that `actor` may view and that are not let yet, by title; at most 200.
///
/// # Errors
/// When the database fails.
pub async fn planned(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Model>> {
    let query = Entity::find().filter(visible(actor)).filter(Column::State.eq("planned"));
    Ok(query.order_by_asc(Column::TitleKey).order_by_asc(Column::Id).limit(200).all(db).await?)
}

/// The titles of these contracts.
///
/// # Errors
/// When the database fails.
pub async fn titles(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    Ok(some(db, ids).await?.into_iter().map(|(id, row)| (id, row.title)).collect())
}

/// The titles of those of these contracts that the actor may view.
///
/// # Errors
/// When the database fails.
pub async fn seen_titles(cx: &Cx, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let all = with_parties(cx.db(), some(cx.db(), ids).await?.into_values().collect()).await?;
    Ok(all.into_iter().filter(|on| cx.may("contract.view", on)).map(|on| (on.row.id, on.row.title)).collect())
}

/// These contracts, by id.
///
/// # Errors
/// When the database fails.
pub async fn some(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Model>> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// Whether this account manages the contract whose id stands in the column `of`, as a sub-query: asked row by row, since one manager may
/// have tens of thousands of contracts.
pub fn managed_by(account: Uuid, of: impl IntoColumnRef) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::Id)).equals(of))
        .and_where(Column::Manager.eq(account))
        .take()
}

/// The packs in force on a contract, by pack id.
///
/// # Errors
/// When the database fails.
pub async fn packs_on(db: &impl ConnectionTrait, contract: Uuid) -> Result<Vec<pack::Model>> {
    Ok(pack::Entity::find().filter(pack::Column::Contract.eq(contract)).order_by_asc(pack::Column::Pack).all(db).await?)
}

/// The edition of a pack that a new case under a contract answers to: the contract's own, else the one in use; none where neither is there.
///
/// # Errors
/// [`Error::Conflict`] when that edition was withdrawn; when the database fails.
pub async fn pack_for(cx: &Cx, db: &impl ConnectionTrait, contract: Uuid, id: &str) -> Result<Option<Arc<Pack>>> {
    let edition = packs_on(db, contract).await?.into_iter().find(|on| on.pack == id).map(|on| on.edition);
    let packs = packs::packs(cx.core());
    let found = edition.and_then(|edition| packs.get(id, &edition)).or_else(|| packs.in_use(id)).cloned();
    if let Some(pack) = found.as_ref().filter(|pack| packs.use_of(pack) == packs::Use::Withdrawn) {
        return Err(Error::Conflict(Text::new("contract-edition-withdrawn").with("edition", &pack.edition)));
    }
    Ok(found)
}

/// How many contracts each edition of a pack is on; those that have ended included, those that an import hides not.
///
/// # Errors
/// When the database fails.
pub async fn naming(db: &impl ConnectionTrait, pack: &str) -> Result<BTreeMap<String, u64>> {
    let shown = Query::select().column(Column::Id).from(Entity).and_where(Column::State.ne(HIDDEN)).take();
    let query = pack::Entity::find().filter(pack::Column::Pack.eq(pack)).filter(pack::Column::Contract.in_subquery(shown)).select_only();
    let query = query.column(pack::Column::Edition).column_as(pack::Column::Contract.count(), "contracts").group_by(pack::Column::Edition);
    let found: Vec<(String, i64)> = query.into_tuple().all(db).await?;
    Ok(found.into_iter().map(|(edition, count)| (edition, u64::try_from(count).unwrap_or(0))).collect())
}

/// The contracts that are planned or active and that another edition of a pack is on, by title, each with that edition; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn on_other_edition(db: &impl ConnectionTrait, pack: &str, edition: &str, limit: u64) -> Result<Vec<(Model, String)>> {
    let of = pack::Entity::find().filter(pack::Column::Pack.eq(pack)).filter(pack::Column::Edition.ne(edition));
    let on: BTreeMap<Uuid, String> =
        of.filter(pack::Column::Contract.in_subquery(open())).all(db).await?.into_iter().map(|row| (row.contract, row.edition)).collect();
    let these = Query::select()
        .column(pack::Column::Contract)
        .from(pack::Entity)
        .and_where(pack::Column::Pack.eq(pack))
        .and_where(pack::Column::Edition.ne(edition))
        .take();
    let query = Entity::find().filter(Column::Id.in_subquery(these)).filter(Column::State.is_in(["planned", "active"]));
    let rows = query.order_by_asc(Column::TitleKey).order_by_asc(Column::Id).limit(limit).all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((on.get(&row.id)?.clone(), row))).map(|(edition, row)| (row, edition)).collect())
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    let new: ActiveModel = row.clone().into();
    Entity::insert(new.reset_all()).exec_without_returning(tx).await.map_err(taken)?;
    search::add(tx, CONTRACTS.kind, row.id, search::from_each_word(&row.title_key)).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &CONTRACTS, row, version, &row.title_key).await
}

/// Whether another contract of the authority bears the reference, or any other the Open Contracting id.
pub(super) async fn clashes(tx: &DatabaseTransaction, row: &Model) -> Result<Option<&'static str>> {
    let others = || Entity::find().filter(Column::Id.ne(row.id));
    if let Some(reference) = &row.reference {
        let same = others().filter(Column::Authority.eq(row.authority)).filter(Column::Reference.eq(reference));
        if same.one(tx).await?.is_some() {
            return Ok(Some("reference"));
        }
    }
    if let Some(ocid) = &row.ocid
        && others().filter(Column::Ocid.eq(ocid)).one(tx).await?.is_some()
    {
        return Ok(Some("ocid"));
    }
    Ok(None)
}

/// Two people entered the same reference at once: the second one's key is taken.
fn taken(error: DbErr) -> Error {
    if dialect::is_duplicate(&error) { Error::conflict("contract-reference-taken") } else { error.into() }
}

pub(super) async fn put_pack(tx: &DatabaseTransaction, row: pack::Model) -> Result<()> {
    let row: pack::ActiveModel = row.into();
    let replace = OnConflict::columns([pack::Column::Contract, pack::Column::Pack])
        .update_columns([pack::Column::Edition, pack::Column::PutAt, pack::Column::PutBy, pack::Column::Reason])
        .to_owned();
    pack::Entity::insert(row.reset_all()).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn set_state(tx: &DatabaseTransaction, ids: &[Uuid], state: &str) -> Result<()> {
    for part in ids.chunks(500) {
        let mut update = Entity::update_many().col_expr(Column::State, Expr::value(state));
        if state == HIDDEN {
            // Its Open Contracting id is free for another import.
            update = update.col_expr(Column::Ocid, Expr::value(Option::<String>::None));
        }
        update.filter(Column::Id.is_in(part.iter().copied())).exec(tx).await?;
    }
    Ok(())
}
