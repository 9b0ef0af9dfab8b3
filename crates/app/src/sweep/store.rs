//! The tables of sweeps and of what is answered, and who sees which.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::authz::{Actor, Side};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::identity::{account, membership};
use platform::register::{Count, nothing};
use platform::seal::{self, Key, Place};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{Condition, ConnectionTrait, IntoActiveModel as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select};

use super::model::{Among, Answer, Asked, Sweep};
use crate::arrangement::store as arrangements;
use crate::contract::chain::place_row;
use crate::party::model::SUPPLIER_ROLES;
use crate::party::store as parties;
use crate::site::store as sites;

/// A sweep.
pub mod sweep {
    use sea_orm::entity::prelude::*;

    /// As stored.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sweep")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The incident that led to it.
        pub incident: Option<Uuid>,
        /// Sealed.
        pub title: Vec<u8>,
        /// Sealed.
        pub question: Vec<u8>,
        /// Whom it asks: see [`super::Among`].
        pub contract: Option<Uuid>,
        /// The same.
        pub country: Option<String>,
        /// The same.
        pub tier: Option<i32>,
        /// The day by which to answer, ISO.
        pub due: String,
        /// How many parties it asks.
        pub asked: i32,
        /// Who opened it.
        pub made_by: Uuid,
        /// When.
        pub made_at: i64,
        /// Who ended it.
        pub ended_by: Option<Uuid>,
        /// When.
        pub ended_at: Option<i64>,
        /// Sealed: why.
        pub reason: Option<Vec<u8>>,
        /// Guards against lost updates.
        pub version: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// It, for policies.
        pub fn thing(&self) -> super::Sweep {
            super::Sweep { id: self.id, running: self.ended_at.is_none() }
        }
    }
}

/// What one party answers.
pub mod answer {
    use jiff::civil::Date;
    use sea_orm::entity::prelude::*;

    use super::Answer;

    /// As stored.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sweep_answer")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The sweep.
        pub sweep: Uuid,
        /// The party.
        pub party: Uuid,
        /// Its name as it was asked, folded, for sorting.
        pub name_key: String,
        /// The day by which to answer, ISO.
        pub due: String,
        /// Whether answers are still taken.
        pub running: bool,
        /// Which answer, by code.
        pub answer: String,
        /// Sealed.
        pub said: Option<Vec<u8>>,
        /// By when the party will know, ISO.
        pub until: Option<String>,
        /// The incident that it reported.
        pub incident: Option<Uuid>,
        /// Whether somebody at the authority answered on its behalf.
        pub on_behalf: bool,
        /// Who answered last.
        pub given_by: Option<Uuid>,
        /// When.
        pub given_at: Option<i64>,
        /// How often it was reminded by hand.
        pub reminded: i32,
        /// When it last was.
        pub reminded_at: Option<i64>,
        /// Guards against lost updates.
        pub version: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// Which answer.
        pub fn stands(&self) -> Answer {
            Answer::from_code(&self.answer).unwrap_or(Answer::Awaited)
        }

        /// The day by which to answer.
        pub fn due(&self) -> Date {
            self.due.parse().unwrap_or(Date::MAX)
        }

        /// By when the party will know.
        pub fn until(&self) -> Option<Date> {
            self.until.as_deref().and_then(|day| day.parse().ok())
        }

        /// Whether it is late on a day.
        pub fn is_late(&self, today: Date) -> bool {
            self.running && self.stands().is_late(self.due(), self.until(), today)
        }

        /// It, for policies.
        pub fn thing(&self, people: bool) -> super::Asked {
            super::Asked { id: self.id, party: self.party, running: self.running, people }
        }
    }
}

use answer::Column as Of;
use sweep::Column as Is;

/// The subject whose key seals what is written in a sweep.
pub fn subject(sweep: Uuid) -> String {
    format!("{}:{sweep}", super::model::SWEEP)
}

/// The sweeps that an actor may view: the SQL twin of `sweep.view`.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(_) if actor.is_authority() => Condition::all(),
        _ => nothing(),
    }
}

/// The answers that an actor may view: the SQL twin of `sweep_answer.view`.
pub fn answers_visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Account(account) if account.side == Side::Supplier => Condition::all().add(Of::Party.eq(account.party)),
        Actor::Operator | Actor::Job(_) | Actor::Account(_) => Condition::all(),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// Seals something that is written in a sweep.
pub(super) async fn sealed(cx: &Cx, tx: &Tx, sweep: Uuid, at: Place<'_>, text: &str) -> Result<Vec<u8>> {
    tx.key(cx, &subject(sweep)).await?.seal(&at, text.as_bytes())
}

/// The keys of these sweeps, by subject; none of those that were destroyed.
///
/// # Errors
/// When the database fails.
pub async fn keys<C: ConnectionTrait>(cx: &Cx, db: &C, sweeps: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<String, Key>> {
    let all: BTreeSet<Uuid> = sweeps.into_iter().collect();
    seal::find_subject_keys(db, &cx.core().master, all.into_iter().map(subject)).await
}

/// Opens something; none whose key was destroyed.
///
/// # Errors
/// When it was changed behind our back.
pub fn opened(keys: &BTreeMap<String, Key>, sweep: Uuid, at: Place<'_>, sealed: &[u8]) -> Result<Option<String>> {
    let Some(key) = keys.get(&subject(sweep)) else { return Ok(None) };
    Ok(Some(String::from_utf8_lossy(&key.open(&at, sealed)?).into_owned()))
}

/// A sweep, opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The row.
    pub row: sweep::Model,
    /// What it is called.
    pub title: String,
    /// The question.
    pub question: String,
    /// Why it was ended.
    pub reason: Option<String>,
}

/// These sweeps, opened, in their order.
///
/// # Errors
/// When the database fails or something was changed behind our back.
pub async fn open_all<C: ConnectionTrait>(cx: &Cx, db: &C, rows: Vec<sweep::Model>) -> Result<Vec<Opened>> {
    let keys = keys(cx, db, rows.iter().map(|row| row.id)).await?;
    let open = |row: sweep::Model| {
        let id = row.id.to_string();
        let read = |field, sealed: &[u8]| {
            let text = opened(&keys, row.id, Place { table: "sweep", id: &id, field }, sealed)?;
            Ok::<_, Error>(text.unwrap_or_else(platform::cases::words::destroyed))
        };
        let (title, question) = (read("title", &row.title)?, read("question", &row.question)?);
        let reason = row.reason.as_deref().map(|sealed| read("reason", sealed)).transpose()?;
        Ok(Opened { row, title, question, reason })
    };
    rows.into_iter().map(open).collect()
}

/// One sweep.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<sweep::Model> {
    sweep::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// The sweeps that the actor may view, newest first, of this incident, or any, before one of them: `most`, and one more where there are more.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Cx, incident: Option<Uuid>, before: Option<Uuid>, most: u64) -> Result<Vec<sweep::Model>> {
    let mut query = sweep::Entity::find().filter(visible(&cx.actor));
    if let Some(incident) = incident {
        query = query.filter(Is::Incident.eq(incident));
    }
    if let Some(before) = before {
        query = query.filter(Is::Id.lt(before));
    }
    Ok(query.order_by_desc(Is::Id).limit(most + 1).all(cx.db()).await?)
}

/// One answer.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get_answer<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<answer::Model> {
    answer::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// What was said with these answers, by id.
///
/// # Errors
/// As [`open_all`].
pub async fn said<C: ConnectionTrait>(cx: &Cx, db: &C, rows: &[answer::Model]) -> Result<BTreeMap<Uuid, String>> {
    let keys = keys(cx, db, rows.iter().filter(|row| row.said.is_some()).map(|row| row.sweep)).await?;
    let mut all = BTreeMap::new();
    for row in rows {
        if let Some(sealed) = &row.said {
            let id = row.id.to_string();
            let text = opened(&keys, row.sweep, Place { table: "sweep_answer", id: &id, field: "said" }, sealed)?;
            all.insert(row.id, text.unwrap_or_else(platform::cases::words::destroyed));
        }
    }
    Ok(all)
}

/// What a list of answers is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this sweep.
    pub sweep: Option<Uuid>,
    /// Those that are so.
    pub answer: Option<Answer>,
    /// Those that are late on this day.
    pub late: Option<Date>,
}

/// Where a page of answers begins: after this name and id.
pub type After = (String, Uuid);

fn late(today: Date) -> Condition {
    let day = today.to_string();
    let awaited = Condition::all().add(Of::Answer.eq(Answer::Awaited.code())).add(Of::Due.lt(day.as_str()));
    let unknown = Condition::all().add(Of::Answer.eq(Answer::NotKnown.code())).add(Of::Until.lt(day.as_str()));
    Condition::all().add(Of::Running.eq(true)).add(Condition::any().add(awaited).add(unknown))
}

fn wanted(actor: &Actor, filter: &Filter) -> Select<answer::Entity> {
    let mut query = answer::Entity::find().filter(answers_visible(actor));
    if let Some(sweep) = filter.sweep {
        query = query.filter(Of::Sweep.eq(sweep));
    }
    if let Some(answer) = filter.answer {
        query = query.filter(Of::Answer.eq(answer.code()));
    }
    if let Some(today) = filter.late {
        query = query.filter(late(today));
    }
    query
}

/// The answers that the actor may view, by name: `most`, and where the next page begins.
///
/// # Errors
/// When the database fails.
pub async fn answers(cx: &Cx, filter: &Filter, after: Option<After>, most: u64) -> Result<(Vec<answer::Model>, Option<After>)> {
    let mut query = wanted(&cx.actor, filter);
    if let Some((name, id)) = after {
        let same = Condition::all().add(Of::NameKey.eq(name.as_str())).add(Of::Id.gt(id));
        query = query.filter(Condition::any().add(Of::NameKey.gt(name)).add(same));
    }
    let mut rows = query.order_by_asc(Of::NameKey).order_by_asc(Of::Id).limit(most + 1).all(cx.db()).await?;
    let more = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|row| (row.name_key.clone(), row.id));
    Ok((rows, next))
}

/// How many of a sweep's answers are so, each, and how many are late on a day.
///
/// # Errors
/// When the database fails.
pub async fn counted(cx: &Cx, sweep: Uuid, today: Date) -> Result<(BTreeMap<Answer, i64>, i64)> {
    let of = Filter { sweep: Some(sweep), ..Filter::default() };
    let query = wanted(&cx.actor, &of).select_only().column(Of::Answer).column_as(Of::Id.count(), "number").group_by(Of::Answer);
    let rows: Vec<(String, i64)> = query.into_tuple().all(cx.db()).await?;
    let late = wanted(&cx.actor, &Filter { late: Some(today), ..of }).count(cx.db()).await?;
    let all = rows.into_iter().filter_map(|(code, number)| Some((Answer::from_code(&code)?, number))).collect();
    Ok((all, i64::try_from(late).unwrap_or(i64::MAX)))
}

/// What a supplier owes: it has not answered, does not know yet, or is affected and has reported nothing. Due first comes first.
///
/// # Errors
/// When the database fails.
pub async fn owed(cx: &Cx, most: u64) -> Result<Vec<answer::Model>> {
    let unreported = Condition::all().add(Of::Answer.eq(Answer::Affected.code())).add(Of::Incident.is_null());
    let open = Of::Answer.is_in([Answer::Awaited.code(), Answer::NotKnown.code()]);
    let query = answer::Entity::find().filter(answers_visible(&cx.actor)).filter(Of::Running.eq(true));
    let query = query.filter(Condition::any().add(open).add(unreported)).order_by_asc(Of::Due).order_by_asc(Of::Id);
    Ok(query.limit(most).all(cx.db()).await?)
}

/// How many answers are late that the actor may view.
///
/// # Errors
/// When the database fails.
pub async fn count_late(cx: &Cx, today: Date) -> Result<Count> {
    const COUNTED: u64 = 1_000;
    let query = wanted(&cx.actor, &Filter { late: Some(today), ..Filter::default() }).select_only().column(Of::Id);
    let found: Vec<Uuid> = query.limit(COUNTED + 1).into_tuple().all(cx.db()).await?;
    Ok(Count::told(found.len() as u64, COUNTED))
}

/// The answers that are to be told of on a day, after one of them: awaited ones due until `soon`, and those that are late.
///
/// # Errors
/// When the database fails.
pub async fn pressing<C: ConnectionTrait>(
    db: &C,
    (today, soon): (Date, Date),
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<answer::Model>> {
    let nears = Condition::all().add(Of::Answer.eq(Answer::Awaited.code())).add(Of::Due.lte(soon.to_string()));
    let mut query = answer::Entity::find().filter(Of::Running.eq(true)).filter(Condition::any().add(nears).add(late(today)));
    if let Some(after) = after {
        query = query.filter(Of::Id.gt(after));
    }
    Ok(query.order_by_asc(Of::Id).limit(most).all(db).await?)
}

/// The answers of a sweep that still are awaited or not known, in the order of their ids, after one of them.
///
/// # Errors
/// When the database fails.
pub async fn unsettled<C: ConnectionTrait>(db: &C, sweep: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<answer::Model>> {
    let mut query = answer::Entity::find().filter(Of::Sweep.eq(sweep));
    query = query.filter(Of::Answer.is_in([Answer::Awaited.code(), Answer::NotKnown.code()]));
    if let Some(after) = after {
        query = query.filter(Of::Id.gt(after));
    }
    Ok(query.order_by_asc(Of::Id).limit(most).all(db).await?)
}

/// Those of these parties that have people here, who answer themselves.
///
/// # Errors
/// When the database fails.
pub async fn with_people<C: ConnectionTrait>(db: &C, now: Millis, of: impl IntoIterator<Item = Uuid>) -> Result<BTreeSet<Uuid>> {
    let active = Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::State.eq("active"))
        .and_where(account::Column::ReadOnly.eq(false))
        .take();
    let held = membership::Entity::find().select_only().column(membership::Column::Party).distinct();
    let held = held.filter(membership::standing(now)).filter(membership::Column::Role.is_in(SUPPLIER_ROLES));
    let held = held.filter(membership::Column::Party.is_in(of)).filter(membership::Column::Account.in_subquery(active));
    Ok(held.into_tuple::<Uuid>().all(db).await?.into_iter().collect())
}

/// Who would be asked: name and id, by name.
///
/// # Errors
/// When the database fails.
pub async fn among<C: ConnectionTrait>(db: &C, of: &Among) -> Result<Vec<parties::Model>> {
    use place_row::Column as At;
    let standing = place_row::Entity::find().select_only().column(At::Party).filter(At::Until.is_null()).filter(At::Bids.eq(false));
    let standing = standing.filter(Condition::all().add_option(of.contract.map(|id| At::Contract.eq(id))));
    let standing = standing.filter(Condition::all().add_option(of.tier.map(|tier| At::Tier.eq(tier))));
    let mut query = parties::Entity::find().filter(parties::Column::Id.in_subquery(standing.into_query()));
    if let Some(country) = &of.country {
        let there = Condition::any()
            .add(parties::Column::Country.eq(country.as_str()))
            .add(parties::Column::Id.in_subquery(sites::parties_in(country)))
            .add(parties::Column::Id.in_subquery(arrangements::parties_in(country)));
        query = query.filter(there);
    }
    if !of.without.is_empty() {
        query = query.filter(parties::Column::Id.is_not_in(of.without.iter().copied()));
    }
    Ok(query.order_by_asc(parties::Column::NameKey).order_by_asc(parties::Column::Id).all(db).await?)
}

/// Stores a new sweep with those whom it asks.
pub(super) async fn insert(tx: &Tx, row: sweep::Model, answers: Vec<answer::Model>) -> Result<()> {
    sweep::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx.db()).await?;
    // 16 values a row; SQLite binds at most 32,766.
    for part in answers.chunks(1_000) {
        let rows = part.iter().map(|row| row.clone().into_active_model().reset_all());
        answer::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// Stores a sweep that was ended, as it stood at `version`: no more answers are taken.
pub(super) async fn end(tx: &Tx, row: &sweep::Model, version: i32) -> Result<()> {
    let new: sweep::ActiveModel = sweep::Model { version: version + 1, ..row.clone() }.into();
    platform::register::save(tx.db(), new.reset_all(), row.id, version, "sweep-stale").await?;
    let query = answer::Entity::update_many().col_expr(Of::Running, Expr::value(false));
    query.filter(Of::Sweep.eq(row.id)).exec(tx.db()).await?;
    Ok(())
}

/// Stores an answer, as it stood at `version`.
pub(super) async fn give(tx: &Tx, row: &answer::Model, version: i32) -> Result<()> {
    let new: answer::ActiveModel = answer::Model { version: version + 1, ..row.clone() }.into();
    platform::register::save(tx.db(), new.reset_all(), row.id, version, "sweep-answer-stale").await
}

/// Notes that who has not answered, or does not know yet, is reminded now, but for those who were since an instant; how many.
pub(super) async fn remind(tx: &Tx, sweep: Uuid, since: Millis) -> Result<u64> {
    let query = answer::Entity::update_many()
        .col_expr(Of::Reminded, Expr::col(Of::Reminded).add(1))
        .col_expr(Of::RemindedAt, Expr::value(tx.now()))
        .filter(Of::Sweep.eq(sweep))
        .filter(Of::Running.eq(true))
        .filter(Of::Answer.is_in([Answer::Awaited.code(), Answer::NotKnown.code()]))
        .filter(Condition::any().add(Of::RemindedAt.is_null()).add(Of::RemindedAt.lte(since)));
    Ok(query.exec(tx.db()).await?.rows_affected)
}
