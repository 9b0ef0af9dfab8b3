//! The table of sub-processors. Nobody else touches it.

use std::collections::{BTreeMap, BTreeSet};

use platform::authz::{Actor, Guarded, Resource};
use platform::db::dialect;
use platform::register;
use platform::{Error, Result};
use rules::country::Home;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::model::{Details, SUBPROCESSORS};
use crate::party;
use crate::party::store::Among;

/// A sub-processor as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subprocessor")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The supplier that uses it; none while nobody said.
    pub party: Option<Uuid>,
    /// The product that it is used for.
    pub product: String,
    /// The product folded: however it is written, it is one.
    pub product_key: String,
    /// Its name.
    pub name: String,
    /// The name folded, for sorting and finding.
    pub name_key: String,
    /// What for.
    pub purpose: Option<String>,
    /// Where, as written.
    pub location: Option<String>,
    /// Where, by code.
    pub country: Option<String>,
    /// `listed` or `removed`.
    pub state: String,
    /// What using it comes to.
    pub outcome: String,
    /// What is still to be done.
    pub needs: String,
    /// The reference of the proposal that covers its use.
    pub proposal: Option<String>,
    /// Since when it is used, ISO.
    pub added_on: Option<String>,
    /// Since when it is used no more, ISO.
    pub removed_on: Option<String>,
    /// The instant of the last change that its supplier published or somebody entered.
    pub changed_at: i64,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A sub-processor with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subprocessor {
    /// The row.
    pub row: Model,
    /// The party that uses it and those above that in any chain.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Subprocessor {
    fn resource(&self) -> Resource {
        Resource::new("subprocessor", self.row.id).maybe("party", self.row.party).set("seen_by", &self.seen_by)
    }
}

impl Subprocessor {
    /// One about to be entered.
    pub fn new(id: Uuid, details: &Details, home: &Home, now: i64) -> Self {
        let mut row = Model {
            id,
            party: details.party,
            product: String::new(),
            product_key: String::new(),
            name: String::new(),
            name_key: String::new(),
            purpose: None,
            location: None,
            country: None,
            state: String::new(),
            outcome: String::new(),
            needs: String::new(),
            proposal: None,
            added_on: None,
            removed_on: None,
            changed_at: now,
            made_at: now,
            version: 1,
        };
        row.set(details, home);
        Self { seen_by: row.party.into_iter().collect(), row }
    }
}

impl Model {
    /// What people entered.
    pub fn details(&self) -> Details {
        Details {
            name: self.name.clone(),
            product: self.product.clone(),
            party: self.party,
            purpose: self.purpose.clone(),
            location: self.location.clone(),
            country: self.country.clone(),
            state: self.state.clone(),
            proposal: self.proposal.clone(),
        }
    }

    pub(super) fn set(&mut self, details: &Details, home: &Home) {
        let classified = details.classified(home);
        classified.code().clone_into(&mut self.outcome);
        details.needs(&classified).clone_into(&mut self.needs);
        self.name_key = dialect::fold(&details.name);
        self.product_key = dialect::fold(&details.product);
        let details = details.clone();
        self.country = match details.place() {
            rules::subprocessors::Place::In(country) => Some(country.code().to_owned()),
            _ => None,
        };
        self.party = details.party;
        self.product = details.product;
        self.name = details.name;
        self.purpose = details.purpose;
        self.location = details.location;
        self.state = details.state;
        self.proposal = details.proposal;
    }
}

/// The rows that `actor` may view: the twin of the `subprocessor.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    party::store::belonging(actor, Column::Party)
}

/// How many sub-processors in use `actor` may view in each country; where nobody knows the country, under none.
///
/// # Errors
/// When the database fails.
pub async fn counted(db: &impl ConnectionTrait, actor: &Actor, among: &Among) -> Result<Vec<(Option<String>, i64)>> {
    Ok(counting(actor, among, [Column::Country]).into_tuple().all(db).await?)
}

/// As [`counted`], by the party that uses them; the `most` parties with most.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_party(db: &impl ConnectionTrait, actor: &Actor, among: &Among, most: u64) -> Result<Vec<(Option<Uuid>, i64)>> {
    let largest = counting(actor, among, [Column::Party]).order_by_desc(Column::Id.count()).order_by_asc(Column::Party).limit(most);
    Ok(largest.into_tuple().all(db).await?)
}

/// As [`counted`], by country and party.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_both(db: &impl ConnectionTrait, actor: &Actor, among: &Among) -> Result<Vec<(Option<String>, Option<Uuid>, i64)>> {
    Ok(counting(actor, among, [Column::Country, Column::Party]).into_tuple().all(db).await?)
}

fn counting(actor: &Actor, among: &Among, by: impl IntoIterator<Item = Column>) -> Select<Entity> {
    let mut select = Entity::find().select_only();
    for column in by {
        select = select.column(column).group_by(column);
    }
    let select = select.column_as(Column::Id.count(), "used").filter(Column::State.eq("listed"));
    select.filter(among.wanted(Column::Country, Column::Party)).filter(visible(actor))
}

/// The sub-processor `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("subprocessor.view", …)` says.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Subprocessor> {
    one(db, Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?).await
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Subprocessor> {
    one(tx, register::lock::<Entity>(tx, id).await?).await
}

async fn one(db: &impl ConnectionTrait, row: Model) -> Result<Subprocessor> {
    with_sight(db, vec![row]).await?.pop().ok_or_else(|| Error::internal("a sub-processor was not read"))
}

/// Rows with those who see them, in one query however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Subprocessor>> {
    let seen: BTreeMap<Uuid, BTreeSet<Uuid>> = party::store::seen_by(db, rows.iter().filter_map(|row| row.party)).await?;
    let of = |row: &Model| row.party.and_then(|party| seen.get(&party).cloned()).unwrap_or_default();
    Ok(rows.into_iter().map(|row| Subprocessor { seen_by: of(&row), row }).collect())
}

/// Whether another one of this name stands in the supplier's list for the product.
///
/// # Errors
/// When the database fails.
pub async fn named_twice(db: &impl ConnectionTrait, details: &Details, but: Option<Uuid>) -> Result<bool> {
    let same = Entity::find().filter(of_party(details.party)).filter(Column::ProductKey.eq(dialect::fold(&details.product)));
    let same = same.filter(Column::NameKey.eq(dialect::fold(&details.name)));
    let same = but.map_or(same.clone(), |id| same.filter(Column::Id.ne(id)));
    Ok(same.one(db).await?.is_some())
}

fn of_party(party: Option<Uuid>) -> sea_orm::sea_query::SimpleExpr {
    party.map_or_else(|| Column::Party.is_null(), |party| Column::Party.eq(party))
}

/// All of a supplier's for these products, by their folded names, locked, by product and name.
///
/// # Errors
/// When the database fails.
pub async fn of_products(tx: &DatabaseTransaction, party: Option<Uuid>, products: BTreeSet<String>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(of_party(party)).filter(Column::ProductKey.is_in(products)).order_by_asc(Column::ProductKey);
    query = query.order_by_asc(Column::NameKey).order_by_asc(Column::Id);
    dialect::lock_rows(tx.get_database_backend(), sea_orm::QueryTrait::query(&mut query));
    Ok(query.all(tx).await?)
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, &SUBPROCESSORS, row, &row.name_key).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &SUBPROCESSORS, row, version, &row.name_key).await
}
