//! The party tables. Nobody else touches them.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

use platform::authz::{Actor, Guarded, Resource, Side};
use platform::cx::Tx;
use platform::db::dialect;
use platform::files::{Finding, Kind, Subject};
use platform::identity::PartyFace;
use platform::register::{self, nothing};
use platform::texts::Text;
use platform::{Cx, Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{IntoCondition, OnConflict, Query, SelectStatement};
use sea_orm::{ActiveValue, Condition, DatabaseConnection, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::model::{Details, PARTIES};

/// A party as stored.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "party")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its name as it writes it.
    pub name: String,
    /// The name folded, for sorting and finding.
    pub name_key: String,
    /// `authority` or `supplier`.
    pub side: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The number under which its register of companies knows it.
    pub company_number: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The class of supplier (OUT-S).
    pub class: Option<String>,
    /// Who owns or controls it in the end.
    pub owner: Option<String>,
    /// Where that owner is, ISO 3166-1 alpha-2.
    pub owner_country: Option<String>,
    /// Remarks of the authority.
    pub notes: Option<String>,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Which party stands above which in a chain.
pub(crate) mod sight {
    use sea_orm::entity::prelude::*;

    /// `above` sees `below`.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "party_sight")]
    pub struct Model {
        /// The party above.
        #[sea_orm(primary_key, auto_increment = false)]
        pub above: Uuid,
        /// The party below.
        #[sea_orm(primary_key, auto_increment = false)]
        pub below: Uuid,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A party with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// The row.
    pub row: Model,
    /// The party itself and those above it in any chain.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Party {
    fn resource(&self) -> Resource {
        Resource::new("party", self.row.id).with("id", self.row.id).with("side", self.row.side.as_str()).set("seen_by", &self.seen_by)
    }
}

/// Parties have files: certificates and the like.
pub const FILES: Kind = Kind { kind: "party", view: "party.view", find: attached, fields: None };

fn attached<'a>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        if field.is_some() {
            return Err(Error::NotFound);
        }
        let found = get(cx.db(), id.parse().map_err(|_| Error::NotFound)?).await?;
        let href = format!("/parties/{}#files", found.row.id);
        Ok(Subject::settled(&found, "party.attach", Some("party.attach"), found.row.name.clone(), href))
    })
}

impl Party {
    /// A party about to be entered.
    pub fn new(id: Uuid, side: Side, details: &Details, now: i64) -> Self {
        let mut row = Model {
            id,
            name: String::new(),
            name_key: String::new(),
            side: side.code().to_owned(),
            country: None,
            company_number: None,
            address: None,
            class: None,
            owner: None,
            owner_country: None,
            notes: None,
            made_at: now,
            version: 1,
        };
        row.set(details);
        Self { row, seen_by: BTreeSet::from([id]) }
    }
}

impl Model {
    /// What people entered.
    pub fn details(&self) -> Details {
        Details {
            name: self.name.clone(),
            country: self.country.clone(),
            company_number: self.company_number.clone(),
            address: self.address.clone(),
            class: self.class.clone(),
            owner: self.owner.clone(),
            owner_country: self.owner_country.clone(),
            notes: self.notes.clone(),
        }
    }

    pub(super) fn set(&mut self, details: &Details) {
        let details = details.clone();
        self.name_key = dialect::fold(&details.name);
        self.name = details.name;
        self.country = details.country;
        self.company_number = details.company_number;
        self.address = details.address;
        self.class = details.class;
        self.owner = details.owner;
        self.owner_country = details.owner_country;
        self.notes = details.notes;
    }
}

/// The side of a party that an import has not shown yet, or has taken back.
pub(crate) const HIDDEN: &str = "hidden";

/// The rows that `actor` may view: the twin of the `party.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority => Condition::all().add(Column::Side.ne(HIDDEN)),
        Actor::Account(a) => Condition::all()
            .add(Column::Side.ne(HIDDEN))
            .add(Condition::any().add(Column::Id.eq(a.party)).add(Column::Id.in_subquery(below(a.party)))),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// What belongs to a party, by the column `of`, as far as `actor` sees it: a supplier its own and what is below it.
pub fn belonging(actor: &Actor, of: impl ColumnTrait) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority => Condition::all(),
        Actor::Account(a) => Condition::any().add(of.eq(a.party)).add(of.in_subquery(below(a.party))),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// The ids of the parties below `party` in any chain, as a sub-query. For twins of other kinds that belong to a party.
pub fn below(party: Uuid) -> SelectStatement {
    Query::select().column(sight::Column::Below).from(sight::Entity).and_where(sight::Column::Above.eq(party)).take()
}

/// Which things that belong to parties are counted.
#[derive(Debug, Clone, Default)]
pub struct Among {
    /// Those in this country.
    pub country: Option<String>,
    /// Those of this party.
    pub party: Option<Uuid>,
    /// Those of the parties that this finds.
    pub within: Option<SelectStatement>,
    /// Those of these parties.
    pub these: Option<Vec<Uuid>>,
}

impl Among {
    /// As a condition on a table, by its columns of country and party.
    pub fn wanted(&self, country: impl ColumnTrait, party: impl ColumnTrait) -> Condition {
        Condition::all()
            .add_option(self.country.as_ref().map(|code| country.eq(code.as_str())))
            .add_option(self.party.map(|id| party.eq(id)))
            .add_option(self.within.clone().map(|found| party.in_subquery(found)))
            .add_option(self.these.as_ref().map(|ids| party.is_in(ids.iter().copied())))
    }
}

/// Suppliers that `actor` may view and that are in a country, the first `most` by name, and how many there are.
///
/// # Errors
/// When the database fails.
pub async fn based_in(db: &impl ConnectionTrait, actor: &Actor, country: &str, most: u64) -> Result<(Vec<Model>, u64)> {
    first(db, actor, Column::Country.eq(country), most).await
}

/// As [`based_in`], of those whose owner is in the country and that are elsewhere themselves.
///
/// # Errors
/// When the database fails.
pub async fn owned_from(db: &impl ConnectionTrait, actor: &Actor, country: &str, most: u64) -> Result<(Vec<Model>, u64)> {
    let elsewhere = Condition::any().add(Column::Country.ne(country)).add(Column::Country.is_null());
    first(db, actor, Condition::all().add(Column::OwnerCountry.eq(country)).add(elsewhere), most).await
}

async fn first(db: &impl ConnectionTrait, actor: &Actor, wanted: impl IntoCondition, most: u64) -> Result<(Vec<Model>, u64)> {
    let found = Entity::find().filter(Column::Side.eq(Side::Supplier.code())).filter(wanted).filter(visible(actor));
    let found = found.order_by_asc(Column::NameKey).order_by_asc(Column::Id);
    let rows = found.clone().limit(most).all(db).await?;
    let more = if (rows.len() as u64) < most { rows.len() as u64 } else { found.count(db).await? };
    Ok((rows, more))
}

/// The party `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Party> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(with_sight(db, vec![row]).await?.remove(0))
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Party> {
    let row = register::lock::<Entity>(tx, id).await?;
    Ok(with_sight(tx, vec![row]).await?.remove(0))
}

/// Rows with those who see them, in two queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Party>> {
    let mut seen = seen_by(db, rows.iter().map(|r| r.id)).await?;
    Ok(rows.into_iter().map(|row| Party { seen_by: seen.remove(&row.id).unwrap_or_default(), row }).collect())
}

/// Who sees each of these parties: itself and those above it in any chain.
///
/// # Errors
/// When the database fails.
pub async fn seen_by(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>> {
    let mut out: BTreeMap<Uuid, BTreeSet<Uuid>> = ids.into_iter().map(|id| (id, BTreeSet::from([id]))).collect();
    if !out.is_empty() {
        let pairs = sight::Entity::find().filter(sight::Column::Below.is_in(out.keys().copied())).all(db).await?;
        for pair in pairs {
            out.entry(pair.below).or_default().insert(pair.above);
        }
    }
    Ok(out)
}

/// Who owns these parties, and where the owner is, by party.
///
/// # Errors
/// When the database fails.
pub async fn owners(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, (Option<String>, Option<String>)>> {
    let found = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    Ok(found.into_iter().map(|row| (row.id, (row.owner, row.owner_country))).collect())
}

/// The names of these parties.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Those of these parties that `actor` may view.
///
/// # Errors
/// When the database fails.
pub async fn seen(db: &impl ConnectionTrait, actor: &Actor, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Model>> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).filter(visible(actor)).all(db).await?)
}

/// The names of those of these parties that `actor` may view.
///
/// # Errors
/// When the database fails.
pub async fn seen_names(db: &impl ConnectionTrait, actor: &Actor, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    Ok(seen(db, actor, ids).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// A party that was found, if it is a supplier.
///
/// # Errors
/// [`Error::Invalid`] with the message `missing` at the field `party` when it is none or there is none; else as `found`.
pub fn as_supplier(found: Result<Party>, missing: &'static str) -> Result<Party> {
    match found {
        Ok(party) if party.row.side == Side::Supplier.code() => Ok(party),
        Ok(_) | Err(Error::NotFound) => Err(Error::field("party", Text::new(missing))),
        Err(other) => Err(other),
    }
}

/// The suppliers of exactly this name, capitals and accents aside.
///
/// # Errors
/// When the database fails.
pub async fn called(db: &impl ConnectionTrait, name: &str) -> Result<Vec<Uuid>> {
    let found = Entity::find().filter(Column::Side.eq("supplier")).filter(Column::NameKey.eq(dialect::fold(name))).limit(2);
    Ok(found.all(db).await?.into_iter().map(|row| row.id).collect())
}

/// The suppliers by any of these folded names; of a name that several have, each.
///
/// # Errors
/// When the database fails.
pub async fn by_names(db: &impl ConnectionTrait, folded: impl IntoIterator<Item = String>) -> Result<BTreeMap<String, Vec<Uuid>>> {
    let found = Entity::find().filter(Column::Side.eq("supplier")).filter(Column::NameKey.is_in(folded));
    let mut all: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for row in found.all(db).await? {
        all.entry(row.name_key).or_default().push(row.id);
    }
    Ok(all)
}

/// The suppliers that are shown, by name: what may join a chain. At most 1,000.
///
/// # Errors
/// When the database fails.
pub async fn suppliers(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, String)>> {
    let found = Entity::find().filter(Column::Side.eq("supplier")).order_by_asc(Column::NameKey).limit(1000).all(db).await?;
    Ok(found.into_iter().map(|row| (row.id, row.name)).collect())
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, &PARTIES, row, &row.name_key).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &PARTIES, row, version, &row.name_key).await
}

/// Lets `above` see `below`. Called when chains change.
///
/// # Errors
/// When the database fails.
pub(crate) async fn link(tx: &DatabaseTransaction, pairs: impl IntoIterator<Item = (Uuid, Uuid)>) -> Result<()> {
    let rows: Vec<_> = pairs
        .into_iter()
        .filter(|(above, below)| above != below)
        .map(|(above, below)| sight::ActiveModel { above: ActiveValue::Set(above), below: ActiveValue::Set(below) })
        .collect();
    if !rows.is_empty() {
        let quietly = OnConflict::columns([sight::Column::Above, sight::Column::Below]).do_nothing().to_owned();
        sight::Entity::insert_many(rows).on_conflict(quietly).try_insert().exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Lets `above` see `below` no longer. Called when chains change and no chain joins the two any more.
///
/// # Errors
/// When the database fails.
pub(crate) async fn unlink(tx: &DatabaseTransaction, above: Uuid, below: Uuid) -> Result<()> {
    sight::Entity::delete_by_id((above, below)).exec(tx).await?;
    Ok(())
}

/// What the platform asks of a party: name and side.
pub fn face(db: &DatabaseConnection, id: Uuid) -> Pin<Box<dyn Future<Output = Result<Option<PartyFace>>> + Send + '_>> {
    Box::pin(async move {
        let Some(row) = Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let side = Side::from_code(&row.side).ok_or_else(|| Error::internal("a party has no side"))?;
        Ok(Some(PartyFace { name: row.name, side }))
    })
}

/// Id, name and side of every party shown, by name, at most 500: for choosing one.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, String, String)>> {
    let shown = Column::Side.ne(HIDDEN);
    let rows = Entity::find().filter(shown).order_by_asc(Column::NameKey).order_by_asc(Column::Id).limit(500).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.side)).collect())
}

/// The suppliers of this folded name, and those with this company number, hidden ones too.
///
/// # Errors
/// When the database fails.
pub(crate) async fn alike(db: &impl ConnectionTrait, name_key: &str, number: Option<&str>) -> Result<Vec<Model>> {
    let mut any = Condition::any().add(Column::NameKey.eq(name_key));
    if let Some(number) = number {
        any = any.add(Column::CompanyNumber.eq(number));
    }
    Ok(Entity::find().filter(Column::Side.ne(Side::Authority.code())).filter(any).all(db).await?)
}

/// A party on the authority's side, the first that was entered.
///
/// # Errors
/// When the database fails.
pub(crate) async fn first_authority(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    use sea_orm::QueryOrder as _;
    Ok(Entity::find().filter(Column::Side.eq(Side::Authority.code())).order_by_asc(Column::MadeAt).order_by_asc(Column::Id).one(db).await?)
}

pub(super) async fn set_side(tx: &DatabaseTransaction, ids: &[Uuid], side: &str) -> Result<()> {
    for part in ids.chunks(500) {
        let update = Entity::update_many().col_expr(Column::Side, Expr::value(side));
        update.filter(Column::Id.is_in(part.iter().copied())).exec(tx).await?;
    }
    Ok(())
}
