//! The table of sites. Nobody else touches it.

use std::collections::{BTreeMap, BTreeSet};

use platform::authz::{Actor, Guarded, Resource};
use platform::cx::Tx;
use platform::db::dialect;
use platform::files::{Finding, Kind, Subject};
use platform::register;
use platform::{Cx, Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::model::{Details, SITES};
use crate::party;
use crate::party::store::Among;

/// A site as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "site")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The party whose site it is.
    pub party: Uuid,
    /// What the party calls it.
    pub name: String,
    /// The name folded, for sorting and finding.
    pub name_key: String,
    /// What kind of place it is.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Its business address.
    pub address: String,
    /// How many people work there.
    pub people: i32,
    /// How many of them from home.
    pub home_workers: Option<i32>,
    /// How home working is managed.
    pub home_managed: Option<String>,
    /// Other work for the authority done there.
    pub other_authority: Option<String>,
    /// Work for others done there.
    pub other_clients: Option<String>,
    /// The assurance that takes the place of knowing of other work.
    pub other_assurance: Option<String>,
    /// The clearance of the people there.
    pub clearance: Option<String>,
    /// The checks made before people are employed there.
    pub employment_checks: Option<String>,
    /// Certificates.
    pub certification: Option<String>,
    /// `in_use` or `closed`.
    pub state: String,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A site with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The row.
    pub row: Model,
    /// Its party and those above that in any chain.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Site {
    fn resource(&self) -> Resource {
        Resource::new("site", self.row.id).with("party", self.row.party).set("seen_by", &self.seen_by)
    }
}

/// Sites have files: what shows that they are guarded as they must be.
pub const FILES: Kind = Kind { kind: "site", view: "site.view", find: attached, fields: None };

fn attached<'a>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        if field.is_some() {
            return Err(Error::NotFound);
        }
        let found = get(cx.db(), id.parse().map_err(|_| Error::NotFound)?).await?;
        let href = format!("/sites/{}#files", found.row.id);
        Ok(Subject::settled(&found, "site.attach", Some("site.attach"), found.row.name.clone(), href))
    })
}

impl Site {
    /// A site about to be entered.
    pub fn new(id: Uuid, party: Uuid, details: &Details, now: i64) -> Self {
        let mut row = Model {
            id,
            party,
            name: String::new(),
            name_key: String::new(),
            kind: String::new(),
            country: String::new(),
            address: String::new(),
            people: 0,
            home_workers: None,
            home_managed: None,
            other_authority: None,
            other_clients: None,
            other_assurance: None,
            clearance: None,
            employment_checks: None,
            certification: None,
            state: String::new(),
            made_at: now,
            version: 1,
        };
        row.set(details);
        Self { row, seen_by: BTreeSet::from([party]) }
    }
}

impl Model {
    /// What people entered.
    pub fn details(&self) -> Details {
        Details {
            name: self.name.clone(),
            kind: self.kind.clone(),
            country: self.country.clone(),
            address: self.address.clone(),
            people: u32::try_from(self.people).unwrap_or(0),
            home_workers: self.home_workers.and_then(|n| u32::try_from(n).ok()),
            home_managed: self.home_managed.clone(),
            other_authority: self.other_authority.clone(),
            other_clients: self.other_clients.clone(),
            other_assurance: self.other_assurance.clone(),
            clearance: self.clearance.clone(),
            employment_checks: self.employment_checks.clone(),
            certification: self.certification.clone(),
            state: self.state.clone(),
        }
    }

    pub(super) fn set(&mut self, details: &Details) {
        let details = details.clone();
        // Both fit: checked to be at most a million.
        let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        self.name_key = dialect::fold(&details.name);
        self.name = details.name;
        self.kind = details.kind;
        self.country = details.country;
        self.address = details.address;
        self.people = number(details.people);
        self.home_workers = details.home_workers.map(number);
        self.home_managed = details.home_managed;
        self.other_authority = details.other_authority;
        self.other_clients = details.other_clients;
        self.other_assurance = details.other_assurance;
        self.clearance = details.clearance;
        self.employment_checks = details.employment_checks;
        self.certification = details.certification;
        self.state = details.state;
    }
}

/// The rows that `actor` may view: the twin of the `site.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    party::store::belonging(actor, Column::Party)
}

/// The site `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("site.view", …)` says.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Site> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(with_sight(db, vec![row]).await?.remove(0))
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Site> {
    let row = register::lock::<Entity>(tx, id).await?;
    Ok(with_sight(tx, vec![row]).await?.remove(0))
}

/// Rows with those who see them, in one query however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Site>> {
    let seen: BTreeMap<Uuid, BTreeSet<Uuid>> = party::store::seen_by(db, rows.iter().map(|r| r.party)).await?;
    Ok(rows.into_iter().map(|row| Site { seen_by: seen.get(&row.party).cloned().unwrap_or_default(), row }).collect())
}

/// The sites in use of these parties that `actor` may view, by name, at most 500: for choosing one.
///
/// # Errors
/// When the database fails.
pub async fn in_use(db: &impl ConnectionTrait, actor: &Actor, parties: impl IntoIterator<Item = Uuid>) -> Result<Vec<Model>> {
    let parties: BTreeSet<Uuid> = parties.into_iter().collect();
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find().filter(Column::Party.is_in(parties)).filter(Column::State.eq("in_use")).filter(visible(actor));
    Ok(found.order_by_asc(Column::NameKey).order_by_asc(Column::Id).limit(500).all(db).await?)
}

/// The names of those of these sites that `actor` may view.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &impl ConnectionTrait, actor: &Actor, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = Entity::find().filter(Column::Id.is_in(ids)).filter(visible(actor)).all(db).await?;
    Ok(found.into_iter().map(|row| (row.id, row.name)).collect())
}

/// How many sites in use `actor` may view in each country, and how many people work there.
///
/// # Errors
/// When the database fails.
pub async fn counted(db: &impl ConnectionTrait, actor: &Actor, among: &Among) -> Result<Vec<(String, i64, i64)>> {
    let found = counting(actor, among, [Column::Country]).into_tuple::<(String, i64, Option<i64>)>().all(db).await?;
    Ok(found.into_iter().map(|(country, sites, people)| (country, sites, people.unwrap_or(0))).collect())
}

/// As [`counted`], by party; the `most` parties with most sites.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_party(db: &impl ConnectionTrait, actor: &Actor, among: &Among, most: u64) -> Result<Vec<(Uuid, i64, i64)>> {
    let largest = counting(actor, among, [Column::Party]).order_by_desc(Column::Id.count()).order_by_asc(Column::Party).limit(most);
    let found = largest.into_tuple::<(Uuid, i64, Option<i64>)>().all(db).await?;
    Ok(found.into_iter().map(|(party, sites, people)| (party, sites, people.unwrap_or(0))).collect())
}

/// As [`counted`], by country and party.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_both(db: &impl ConnectionTrait, actor: &Actor, among: &Among) -> Result<Vec<(String, Uuid, i64, i64)>> {
    let by = [Column::Country, Column::Party];
    let found = counting(actor, among, by).into_tuple::<(String, Uuid, i64, Option<i64>)>().all(db).await?;
    Ok(found.into_iter().map(|(country, party, sites, people)| (country, party, sites, people.unwrap_or(0))).collect())
}

fn counting(actor: &Actor, among: &Among, by: impl IntoIterator<Item = Column>) -> Select<Entity> {
    let mut select = Entity::find().select_only();
    for column in by {
        select = select.column(column).group_by(column);
    }
    let select = select.column_as(Column::Id.count(), "sites").column_as(Column::People.sum(), "all_people");
    select.filter(Column::State.eq("in_use")).filter(among.wanted(Column::Country, Column::Party)).filter(visible(actor))
}

/// The parties with a site in use in a country, as a sub-query.
pub fn parties_in(country: &str) -> sea_orm::sea_query::SelectStatement {
    use sea_orm::QueryTrait as _;
    let there = Entity::find().select_only().column(Column::Party).filter(Column::Country.eq(country));
    there.filter(Column::State.eq("in_use")).into_query()
}

/// Whether a party has sites.
///
/// # Errors
/// When the database fails.
pub async fn has_any(db: &impl ConnectionTrait, party: Uuid) -> Result<bool> {
    Ok(Entity::find().filter(Column::Party.eq(party)).one(db).await?.is_some())
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, &SITES, row, &row.name_key).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &SITES, row, version, &row.name_key).await
}
