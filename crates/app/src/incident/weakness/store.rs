//! The tables of weaknesses and of which incidents showed them, and who sees which.

use std::collections::{BTreeMap, BTreeSet};

use platform::authz::{Actor, Guarded, Resource, Side};
use platform::cases::store::{self as cases, CaseColumn, CaseEntity};
use platform::cx::{Cx, Tx};
use platform::db::dialect;
use platform::register::{self, nothing};
use platform::seal::{self, Place};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::model::{Details, OPEN, RESOLVED, WEAKNESSES};
use crate::contract;
use crate::incident::model::{INCIDENT, Incident};
use crate::incident::store::{self as incidents, reported_by};

/// A weakness as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "weakness")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// That folded, for sorting and finding.
    pub name_key: String,
    /// The supplier whose it is.
    pub party: Option<Uuid>,
    /// The contract under which it lies.
    pub contract: Option<Uuid>,
    /// `open` or `resolved`.
    pub state: String,
    /// Sealed: where it was found.
    pub found_in: Option<Vec<u8>>,
    /// Sealed: what is weak.
    pub about: Vec<u8>,
    /// Sealed: how it was resolved.
    pub resolution: Option<Vec<u8>>,
    /// The day on which it was noted.
    pub noted_on: String,
    /// The day on which it was resolved.
    pub resolved_on: Option<String>,
    /// When it was noted.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Which incidents showed which weakness.
mod tie {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_weakness")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub weakness: Uuid,
        pub by: Uuid,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const TABLE: &str = "weakness";

/// What of a weakness is sealed, opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Where it was found.
    pub found_in: Option<String>,
    /// What is weak.
    pub about: String,
    /// How it was resolved.
    pub resolution: Option<String>,
}

/// A weakness, opened, with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// The row.
    pub row: Model,
    /// What it says.
    pub said: Said,
    /// The parties on the supplier's side that read an incident which showed it.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Weakness {
    fn resource(&self) -> Resource {
        Resource::new(WEAKNESSES.kind, self.row.id).with("state", self.row.state.as_str()).set("seen_by", &self.seen_by)
    }
}

/// The subject whose key seals what is said of a weakness.
fn subject(id: Uuid) -> String {
    format!("{}:{id}", WEAKNESSES.kind)
}

impl Weakness {
    /// One about to be noted.
    pub fn new(id: Uuid, details: &Details, day: jiff::civil::Date, now: i64) -> Self {
        let row = Model {
            id,
            name: String::new(),
            name_key: String::new(),
            party: None,
            contract: None,
            state: OPEN.to_owned(),
            found_in: None,
            about: Vec::new(),
            resolution: None,
            noted_on: day.to_string(),
            resolved_on: None,
            made_at: now,
            version: 1,
        };
        let mut new = Self { row, said: Said::default(), seen_by: BTreeSet::new() };
        new.set(details);
        new
    }

    /// What people entered.
    pub fn details(&self) -> Details {
        Details {
            name: self.row.name.clone(),
            party: self.row.party,
            contract: self.row.contract,
            found_in: self.said.found_in.clone(),
            about: self.said.about.clone(),
        }
    }

    pub(super) fn set(&mut self, details: &Details) {
        let details = details.clone();
        self.row.name_key = dialect::fold(&details.name);
        (self.row.name, self.row.party, self.row.contract) = (details.name, details.party, details.contract);
        (self.said.found_in, self.said.about) = (details.found_in, details.about);
    }

    /// Whether nothing has taken it away yet.
    pub fn is_open(&self) -> bool {
        self.row.state != RESOLVED
    }
}

/// The rows that `actor` may view: the twin of the `weakness.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => {
            let at_places = CaseColumn::Place.in_subquery(contract::store::places_seen(a.party));
            let seen = Query::select()
                .column(CaseColumn::Id)
                .from(CaseEntity)
                .and_where(CaseColumn::Kind.eq(INCIDENT.id))
                .cond_where(Condition::any().add(at_places).add(CaseColumn::Id.in_subquery(reported_by(a.party))))
                .take();
            let shown =
                Query::select().column(tie::Column::Weakness).from(tie::Entity).and_where(tie::Column::Case.in_subquery(seen)).take();
            Condition::all().add(Column::Id.in_subquery(shown))
        }
        Actor::Operator | Actor::Job(_) | Actor::Account(_) => Condition::all(),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// Rows opened, with those who see them, in a few queries however many there are.
///
/// # Errors
/// When the database fails or something was changed behind our back.
pub async fn opened<C: ConnectionTrait>(cx: &Cx, db: &C, rows: Vec<Model>) -> Result<Vec<Weakness>> {
    let keys = seal::find_subject_keys(db, &cx.core().master, rows.iter().map(|row| subject(row.id))).await?;
    let ties = tie::Entity::find().filter(tie::Column::Weakness.is_in(rows.iter().map(|row| row.id))).all(db).await?;
    let shown: BTreeSet<Uuid> = ties.iter().map(|tie| tie.case).collect();
    let all = incidents::load_all(db, cases::all(db, &INCIDENT, shown).await?).await?;
    let readers: BTreeMap<Uuid, BTreeSet<Uuid>> = all.iter().map(|of| (of.case.id, of.readers())).collect();
    let mut seen: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for tie in ties {
        seen.entry(tie.weakness).or_default().extend(readers.get(&tie.case).into_iter().flatten());
    }
    let open = |row: Model| {
        let said = match keys.get(&subject(row.id)) {
            Some(key) => said(key, &row)?,
            None => Said { about: platform::cases::words::destroyed(), ..Said::default() },
        };
        Ok(Weakness { said, seen_by: seen.remove(&row.id).unwrap_or_default(), row })
    };
    rows.into_iter().map(open).collect()
}

fn said(key: &seal::Key, row: &Model) -> Result<Said> {
    let id = row.id.to_string();
    let open = |field, sealed: &[u8]| -> Result<String> {
        let plain = key.open(&Place { table: TABLE, id: &id, field }, sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| Error::internal(format!("{TABLE}/{id}/{field} holds no text")))
    };
    Ok(Said {
        found_in: row.found_in.as_deref().map(|sealed| open("found_in", sealed)).transpose()?,
        about: open("about", &row.about)?,
        resolution: row.resolution.as_deref().map(|sealed| open("resolution", sealed)).transpose()?,
    })
}

/// The weakness `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("weakness.view", …)` says.
pub async fn get<C: ConnectionTrait>(cx: &Cx, db: &C, id: Uuid) -> Result<Weakness> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    opened(cx, db, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(super) async fn lock(cx: &Cx, tx: &Tx, id: Uuid) -> Result<Weakness> {
    let row = register::lock::<Entity>(tx.db(), id).await?;
    opened(cx, tx.db(), vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// The weaknesses that an incident showed and that `actor` may view, open ones first, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_incident<C: ConnectionTrait>(cx: &Cx, db: &C, case: Uuid) -> Result<Vec<Weakness>> {
    let tied = Query::select().column(tie::Column::Weakness).from(tie::Entity).and_where(tie::Column::Case.eq(case)).take();
    let rows = Entity::find().filter(Column::Id.in_subquery(tied)).filter(visible(&cx.actor));
    let rows = rows.order_by_asc(Column::State).order_by_asc(Column::NameKey).order_by_asc(Column::Id).all(db).await?;
    opened(cx, db, rows).await
}

/// How many weaknesses that an incident showed are still open.
///
/// # Errors
/// When the database fails.
pub async fn open_of<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<u64> {
    let tied = Query::select().column(tie::Column::Weakness).from(tie::Entity).and_where(tie::Column::Case.eq(case)).take();
    Ok(Entity::find().filter(Column::Id.in_subquery(tied)).filter(Column::State.eq(OPEN)).count(db).await?)
}

/// Open weaknesses that an incident is not tied to, by name, at most so many: those that may be tied to it.
///
/// # Errors
/// When the database fails.
pub async fn untied<C: ConnectionTrait>(db: &C, case: Uuid, most: u64) -> Result<Vec<(Uuid, String)>> {
    let tied = Query::select().column(tie::Column::Weakness).from(tie::Entity).and_where(tie::Column::Case.eq(case)).take();
    let rows = Entity::find().filter(Column::State.eq(OPEN)).filter(Column::Id.not_in_subquery(tied));
    let rows = rows.order_by_asc(Column::NameKey).order_by_asc(Column::Id).limit(most).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The incidents that showed a weakness and that the actor may read, those reported last first.
///
/// # Errors
/// When the database fails.
pub async fn incidents_of<C: ConnectionTrait>(cx: &Cx, db: &C, weakness: Uuid) -> Result<Vec<Incident>> {
    let ties = tie::Entity::find().filter(tie::Column::Weakness.eq(weakness)).all(db).await?;
    let all = cases::all(db, &INCIDENT, ties.into_iter().map(|tie| tie.case)).await?;
    let mut all: Vec<Incident> = incidents::load_all(db, all).await?.into_iter().filter(|of| cx.may("incident.view", of)).collect();
    all.sort_by_key(|of| std::cmp::Reverse((of.case.submitted_at, of.case.id)));
    Ok(all)
}

/// Whether an incident showed a weakness.
///
/// # Errors
/// When the database fails.
pub async fn is_tied<C: ConnectionTrait>(db: &C, weakness: Uuid, case: Uuid) -> Result<bool> {
    Ok(tie::Entity::find_by_id((case, weakness)).one(db).await?.is_some())
}

/// Ties an incident to a weakness. Both rows are held.
pub(super) async fn tie(tx: &Tx, weakness: Uuid, case: Uuid, by: Uuid) -> Result<()> {
    let row = tie::ActiveModel {
        case: ActiveValue::Set(case),
        weakness: ActiveValue::Set(weakness),
        by: ActiveValue::Set(by),
        at: ActiveValue::Set(tx.now()),
    };
    tie::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Unties them. Both rows are held.
pub(super) async fn untie(tx: &Tx, weakness: Uuid, case: Uuid) -> Result<()> {
    tie::Entity::delete_by_id((case, weakness)).exec(tx.db()).await?;
    Ok(())
}

/// Seals what a weakness says into its row.
async fn seal_in(cx: &Cx, tx: &Tx, of: &Weakness) -> Result<Model> {
    let (key, id) = (tx.key(cx, &subject(of.row.id)).await?, of.row.id.to_string());
    let seal = |field, text: &str| key.seal(&Place { table: TABLE, id: &id, field }, text.as_bytes());
    Ok(Model {
        found_in: of.said.found_in.as_deref().map(|text| seal("found_in", text)).transpose()?,
        about: seal("about", &of.said.about)?,
        resolution: of.said.resolution.as_deref().map(|text| seal("resolution", text)).transpose()?,
        ..of.row.clone()
    })
}

pub(super) async fn insert(cx: &Cx, tx: &Tx, of: &Weakness) -> Result<()> {
    let row = seal_in(cx, tx, of).await?;
    register::enter::<Entity>(tx.db(), &WEAKNESSES, &row, &row.name_key).await
}

pub(super) async fn update(cx: &Cx, tx: &Tx, of: &Weakness, version: i32) -> Result<()> {
    let row = seal_in(cx, tx, of).await?;
    register::overwrite::<Entity>(tx.db(), &WEAKNESSES, &row, version, &row.name_key).await
}
