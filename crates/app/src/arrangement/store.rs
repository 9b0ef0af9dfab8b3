//! The table of arrangements. Nobody else touches it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::authz::{Actor, Guarded, Resource};
use platform::db::dialect;
use platform::register::{self, Count, count};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait as _, Func, JoinType, Query, SelectStatement};
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::model::{ARRANGEMENTS, Details, Held};
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
    /// Whether personal data is in it: `yes`, `no`, or nobody said.
    pub personal: Option<String>,
    /// Whether it holds data at rest until someone deletes it.
    pub held_permanent: Option<String>,
    /// Whether it holds data at rest for a task.
    pub held_temporary: Option<String>,
    /// Whether it holds data in transit.
    pub held_transient: Option<String>,
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
    /// How the review of that approval stood when somebody last looked.
    pub review: String,
    /// By when that approval is next reviewed, ISO.
    pub review_due: Option<String>,
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
            personal: None,
            held_permanent: None,
            held_temporary: None,
            held_transient: None,
            from: String::new(),
            to: String::new(),
            state: "planned".to_owned(),
            cover: "uncovered".to_owned(),
            approval: None,
            covered_from: None,
            covered_to: None,
            review: "none".to_owned(),
            review_due: None,
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
            held: Held {
                personal: self.personal.clone(),
                held_permanent: self.held_permanent.clone(),
                held_temporary: self.held_temporary.clone(),
                held_transient: self.held_transient.clone(),
            },
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
        self.personal = details.held.personal;
        self.held_permanent = details.held.held_permanent;
        self.held_temporary = details.held.held_temporary;
        self.held_transient = details.held.held_transient;
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

/// How much of what `actor` sees is planned or under way under an approval that is stale.
///
/// # Errors
/// When the database fails.
pub async fn stale(db: &DatabaseConnection, actor: &Actor) -> Result<Count> {
    count::<Entity>(db, Condition::all().add(Column::Cover.eq("stale")), visible(actor)).await
}

/// Which work abroad is counted; what has ended never is.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In this country.
    pub country: Option<String>,
    /// By this party.
    pub party: Option<Uuid>,
    /// Under this contract.
    pub contract: Option<Uuid>,
    /// At this tier, as a code.
    pub tier: Option<String>,
    /// By one of these parties.
    pub these: Option<Vec<Uuid>>,
}

/// How much work abroad there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Works {
    /// Pieces of work.
    pub works: i64,
    /// People who do it.
    pub people: i64,
    /// Of the work: under way though no approval covers it.
    pub uncovered: i64,
    /// Of the work: holds data at rest for good.
    pub permanent: i64,
    /// Of the work: holds data at rest for a time.
    pub temporary: i64,
    /// Of the work: holds data in transit.
    pub transient: i64,
    /// Of the work: how it holds data was not all said.
    pub unsaid: i64,
    /// Of the work: has personal data in it.
    pub personal: i64,
    /// Of the work: nobody said whether personal data is in it.
    pub personal_unsaid: i64,
}

type Tuple<K> = (K, i64, Option<i64>, i64, i64, i64, i64, i64, i64, i64);

/// How much work abroad `actor` may view, by a column; the `most` values with most.
///
/// # Errors
/// When the database fails.
pub async fn counted<K: sea_orm::TryGetable + Send + Unpin>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    wanted: &Wanted,
    by: Column,
    most: u64,
) -> Result<Vec<(K, Works)>> {
    let select = aggregates(Entity::find().select_only().column(by).group_by(by)).filter(wanted.condition()).filter(visible(actor));
    let largest = select.order_by_desc(Column::Id.count()).order_by_asc(by).limit(most);
    Ok(largest.into_tuple::<Tuple<K>>().all(db).await?.into_iter().map(read).collect())
}

/// As [`counted`], by country, party and tier.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_all(db: &impl ConnectionTrait, actor: &Actor, wanted: &Wanted) -> Result<Vec<((String, Uuid, String), Works)>> {
    let mut select = Entity::find().select_only();
    for column in [Column::Country, Column::Party, Column::Tier] {
        select = select.column(column).group_by(column);
    }
    let select = aggregates(select).filter(wanted.condition()).filter(visible(actor));
    type Row = (String, Uuid, String, i64, Option<i64>, i64, i64, i64, i64, i64, i64, i64);
    let rows = select.into_tuple::<Row>().all(db).await?;
    let one = |(country, party, tier, n, people, a, b, c, d, e, f, g): Row| read(((country, party, tier), n, people, a, b, c, d, e, f, g));
    Ok(rows.into_iter().map(one).collect())
}

fn read<K>((key, works, people, uncovered, permanent, temporary, transient, unsaid, personal, personal_unsaid): Tuple<K>) -> (K, Works) {
    let people = people.unwrap_or(0);
    (key, Works { works, people, uncovered, permanent, temporary, transient, unsaid, personal, personal_unsaid })
}

impl Wanted {
    fn condition(&self) -> Condition {
        Condition::all()
            .add(Column::State.ne("ended"))
            .add_option(self.country.as_ref().map(|code| Column::Country.eq(code.as_str())))
            .add_option(self.party.map(|id| Column::Party.eq(id)))
            .add_option(self.contract.map(|id| Column::Contract.eq(id)))
            .add_option(self.tier.as_ref().map(|tier| Column::Tier.eq(tier.as_str())))
            .add_option(self.these.as_ref().map(|ids| Column::Party.is_in(ids.iter().copied())))
    }
}

fn aggregates(select: sea_orm::Select<Entity>) -> sea_orm::Select<Entity> {
    let yes = |column: Column| Condition::all().add(column.eq("yes"));
    let held = [Column::HeldPermanent, Column::HeldTemporary, Column::HeldTransient];
    let unsaid = held.iter().fold(Condition::any(), |any, column| any.add(column.is_null()));
    let counts = [
        ("uncovered", Condition::all().add(Column::Cover.eq("uncovered")).add(Column::State.eq("started"))),
        ("permanent", yes(Column::HeldPermanent)),
        ("temporary", yes(Column::HeldTemporary)),
        ("transient", yes(Column::HeldTransient)),
        ("unsaid", unsaid),
        ("with_personal", yes(Column::Personal)),
        ("personal_unsaid", Condition::all().add(Column::Personal.is_null())),
    ];
    let select = select.column_as(Column::Id.count(), "works").column_as(Column::People.sum(), "all_people");
    counts.into_iter().fold(select, |select, (name, of)| {
        let one: Expr = CaseStatement::new().case(of, 1).into();
        select.column_as(one.count(), name)
    })
}

/// The parties with work in a country that has not ended, as a sub-query.
pub fn parties_in(country: &str) -> SelectStatement {
    use sea_orm::QueryTrait as _;
    let there = Entity::find().select_only().column(Column::Party).filter(Column::Country.eq(country));
    there.filter(Column::State.ne("ended")).into_query()
}

/// What of the contracts that `within` finds rests on what is in each country: contracts, pieces of work that have not ended, people.
///
/// # Errors
/// When the database fails.
pub async fn resting_on_countries(db: &impl ConnectionTrait, within: SelectStatement) -> Result<Vec<(String, i64, i64, i64)>> {
    let found = Entity::find().select_only().column(Column::Country).group_by(Column::Country);
    let found = found.column_as(Column::Contract.into_expr().count_distinct(), "contracts").column_as(Column::Id.count(), "works");
    let found = found.column_as(Column::People.sum(), "all_people");
    let found = found.filter(Column::State.ne("ended")).filter(Column::Contract.in_subquery(within));
    let rows = found.into_tuple::<(String, i64, i64, Option<i64>)>().all(db).await?;
    Ok(rows.into_iter().map(|(country, contracts, works, people)| (country, contracts, works, people.unwrap_or(0))).collect())
}

/// What of the contracts that `within` finds rests on each party, by the pairs of party and place that `resting` finds: pieces of work that have
/// not ended, people. Each piece counts once for a party.
///
/// # Errors
/// When the database fails.
pub async fn resting_on_parties(
    db: &impl ConnectionTrait,
    within: SelectStatement,
    resting: SelectStatement,
) -> Result<Vec<(Uuid, i64, i64)>> {
    let pairs = Alias::new("pairs");
    let select = Query::select()
        .expr_as(Expr::col((pairs.clone(), Alias::new("party"))), "party")
        .expr_as(Func::count(Expr::col((Entity, Column::Id))), "works")
        .expr_as(Func::sum(Expr::col((Entity, Column::People))), "all_people")
        .from(Entity)
        .join_subquery(
            JoinType::InnerJoin,
            resting,
            pairs.clone(),
            Expr::col((pairs.clone(), Alias::new("place"))).equals((Entity, Column::Place)),
        )
        .and_where(Expr::col((Entity, Column::State)).ne("ended"))
        .and_where(Expr::col((Entity, Column::Contract)).in_subquery(within))
        .group_by_col((pairs, Alias::new("party")))
        .take();
    let rows = db.query_all(&select).await?;
    let read = |row: sea_orm::QueryResult| -> Result<_> {
        let people: Option<i64> = row.try_get("", "all_people")?;
        Ok((row.try_get("", "party")?, row.try_get("", "works")?, people.unwrap_or(0)))
    };
    rows.into_iter().map(read).collect()
}

/// How much of what `actor` sees goes on under an approval whose review is overdue.
///
/// # Errors
/// When the database fails.
pub async fn unreviewed(db: &DatabaseConnection, actor: &Actor) -> Result<Count> {
    let wanted = Condition::all().add(Column::Review.eq("overdue")).add(Column::State.eq("started"));
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

/// The work of a place that is called so, however that is written.
///
/// # Errors
/// When the database fails.
pub async fn called(db: &impl ConnectionTrait, place: Uuid, name: &str) -> Result<Vec<Model>> {
    let named = Entity::find().filter(Column::Place.eq(place)).filter(Column::NameKey.eq(dialect::fold(name)));
    Ok(named.order_by_asc(Column::Id).all(db).await?)
}

/// The contracts with open work whose approval ends until `near`, has begun and not covered it so far, or was to be reviewed.
///
/// # Errors
/// When the database fails.
pub async fn turning(db: &impl ConnectionTrait, today: Date, near: Date) -> Result<Vec<Uuid>> {
    let held = Column::Cover.is_in(["covered", "ending", "urgent", "stale"]);
    let ends = Condition::all().add(held).add(Column::CoveredTo.lte(near.to_string()));
    let begins = Condition::all()
        .add(Column::Cover.eq("uncovered"))
        .add(Column::CoveredFrom.lte(today.to_string()))
        .add(Column::CoveredTo.gte(today.to_string()));
    let missed = Condition::all().add(Column::Review.eq("due")).add(Column::ReviewDue.lt(today.to_string()));
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Contract)
        .distinct()
        .filter(Column::State.ne("ended"))
        .filter(Condition::any().add(ends).add(begins).add(missed))
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
