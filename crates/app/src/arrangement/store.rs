//! The table of arrangements. Nobody else touches it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::authz::{Actor, Guarded, Resource};
use platform::db::dialect;
use platform::register::{self, Count, count};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::model::{ARRANGEMENTS, Details};
use crate::contract;

/// An arrangement as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "arrangement")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The contract that it belongs to.
    pub contract: Uuid,
    /// The party that does the work.
    pub party: Uuid,
    /// The party's place in the chain.
    pub place: Uuid,
    /// The tier of that place, as a code.
    pub tier: String,
    /// What it is called.
    pub name: String,
    /// The name folded, for sorting and finding.
    pub name_key: String,
    /// What is done.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The site of the register where it is done.
    pub site: Option<Uuid>,
    /// The proposal whose approval brought it along.
    pub origin: Option<Uuid>,
    /// Which of that approval's sites it is, where that is none of the register.
    pub at: Option<i32>,
    /// How many people do it.
    pub people: i32,
    /// What it reaches, one a line; none for what the approval names.
    pub data: Option<String>,
    /// First day, ISO.
    pub from: String,
    /// Last day, ISO.
    pub to: String,
    /// `planned`, `started` or `ended`.
    pub state: String,
    /// How it stands to its approval, as it was when somebody last looked.
    pub cover: String,
    /// The proposal whose approval it was last held against.
    pub approval: Option<Uuid>,
    /// The first day of that approval, ISO.
    pub covered_from: Option<String>,
    /// The last day of that approval, ISO.
    pub covered_to: Option<String>,
    /// How many days before that day people were last told again that it nears.
    pub warned: Option<i32>,
    /// When the work started, ISO.
    pub started_on: Option<String>,
    /// When it ended, ISO.
    pub ended_on: Option<String>,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// An arrangement with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    /// The row.
    pub row: Model,
    /// The parties with a standing place at or above its own, nearest first.
    pub above: Vec<Uuid>,
    /// The party at tier 1: it answers for those below it (OFF-12).
    pub lead: Option<Uuid>,
}

impl Guarded for Arrangement {
    fn resource(&self) -> Resource {
        Resource::new("arrangement", self.row.id)
            .with("party", self.row.party)
            .with("state", self.row.state.clone())
            .maybe("lead", self.lead)
            .set("above", &self.above)
    }
}

impl Arrangement {
    /// An arrangement about to be entered, at a place in whose sight `above` are.
    pub fn new(id: Uuid, place: &contract::chain::place_row::Model, above: Vec<Uuid>, details: &Details, now: i64) -> Self {
        let mut row = Model {
            id,
            contract: place.contract,
            party: place.party,
            place: place.id,
            tier: place.tier.to_string(),
            name: String::new(),
            name_key: String::new(),
            kind: String::new(),
            country: String::new(),
            site: None,
            origin: None,
            at: None,
            people: 0,
            data: None,
            from: String::new(),
            to: String::new(),
            state: "planned".to_owned(),
            cover: "uncovered".to_owned(),
            approval: None,
            covered_from: None,
            covered_to: None,
            warned: None,
            started_on: None,
            ended_on: None,
            made_at: now,
            version: 1,
        };
        row.set(details);
        Self { lead: above.last().copied(), row, above }
    }
}

impl Model {
    /// What people entered.
    ///
    /// # Errors
    /// When a day is none; none of ours.
    pub fn details(&self) -> Result<Details> {
        Ok(Details {
            name: self.name.clone(),
            kind: self.kind.clone(),
            country: self.country.clone(),
            site: self.site,
            people: u32::try_from(self.people).unwrap_or(0),
            data: self.data.clone(),
            from: day(&self.from)?,
            to: day(&self.to)?,
        })
    }

    pub(super) fn set(&mut self, details: &Details) {
        let details = details.clone();
        self.name_key = dialect::fold(&details.name);
        self.name = details.name;
        self.kind = details.kind;
        self.country = details.country;
        self.site = details.site;
        // Checked to be at most a million.
        self.people = i32::try_from(details.people).unwrap_or(i32::MAX);
        self.data = details.data;
        self.from = details.from.to_string();
        self.to = details.to.to_string();
    }
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(Error::internal)
}

/// The rows that `actor` may view: the twin of the `arrangement.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    contract::chain::at_places_seen(actor, Column::Place)
}

/// The arrangement `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("arrangement.view", …)` says.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Arrangement> {
    one(db, Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?).await
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Arrangement> {
    one(tx, register::lock::<Entity>(tx, id).await?).await
}

async fn one(db: &impl ConnectionTrait, row: Model) -> Result<Arrangement> {
    with_sight(db, vec![row]).await?.pop().ok_or_else(|| Error::internal("an arrangement was not read"))
}

/// Rows with those who see them, in two queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Arrangement>> {
    let places: BTreeSet<Uuid> = rows.iter().map(|row| row.place).collect();
    let above = contract::store::all_at_or_above(db, places.iter().copied()).await?;
    // Of a place that has ended, the chain says who the lead was.
    let leads = contract::store::leads_of(db, places.into_iter().filter(|place| !above.contains_key(place))).await?;
    let of = |row: Model| {
        let above = above.get(&row.place).cloned().unwrap_or_default();
        Arrangement { lead: above.last().copied().or_else(|| leads.get(&row.place).map(|lead| lead.party)), above, row }
    };
    Ok(rows.into_iter().map(of).collect())
}

/// How much of what `actor` sees is under way and covered by no approval.
///
/// # Errors
/// When the database fails.
pub async fn uncovered(db: &DatabaseConnection, actor: &Actor) -> Result<Count> {
    let wanted = Condition::all().add(Column::Cover.eq("uncovered")).add(Column::State.eq("started"));
    count::<Entity>(db, wanted, visible(actor)).await
}

/// The rows of a contract that have not ended, locked: whatever changes how they stand to an approval holds them.
///
/// # Errors
/// When the database fails.
pub async fn open_under(tx: &DatabaseTransaction, contract: Uuid) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::Contract.eq(contract)).filter(Column::State.ne("ended")).order_by_asc(Column::Id);
    dialect::lock_rows(tx.get_database_backend(), sea_orm::QueryTrait::query(&mut query));
    Ok(query.all(tx).await?)
}

/// The contracts with open work whose approval ends until `near`, or has begun and not covered it so far.
///
/// # Errors
/// When the database fails.
pub async fn turning(db: &impl ConnectionTrait, today: Date, near: Date) -> Result<Vec<Uuid>> {
    let held = Column::Cover.is_in(["covered", "ending"]);
    let ends = Condition::all().add(held).add(Column::CoveredTo.lte(near.to_string()));
    let begins = Condition::all()
        .add(Column::Cover.eq("uncovered"))
        .add(Column::CoveredFrom.lte(today.to_string()))
        .add(Column::CoveredTo.gte(today.to_string()));
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Contract)
        .distinct()
        .filter(Column::State.ne("ended"))
        .filter(Condition::any().add(ends).add(begins))
        .order_by_asc(Column::Contract)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found)
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, &ARRANGEMENTS, row, &row.name_key).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &ARRANGEMENTS, row, version, &row.name_key).await
}
