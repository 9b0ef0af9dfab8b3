//! Cases in the database: found, locked, made, moved on, numbered, linked.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, ExprTrait as _, OnConflict, Query};
use sea_orm::{ActiveValue, ConnectionTrait, DatabaseTransaction, QueryOrder as _, QuerySelect as _, QueryTrait};

use super::lifecycle::Kind;
use super::rows::{case_file, case_link};
use crate::clock::{Clock, Millis};
use crate::cx::Tx;
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::search;
use crate::texts::Text;

/// A case as stored.
pub type Case = case_file::Model;
pub use case_file::Column as CaseColumn;
pub use case_file::Entity as CaseEntity;

/// What a new case is made of.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub title: String,
    /// The party that it is about, with its name for searching.
    pub party: (Uuid, String),
    /// The contract, with its title for searching.
    pub contract: Option<(Uuid, String)>,
    /// The party's place in the chain.
    pub place: Option<Uuid>,
    /// Pack, edition and form; none where the kind asks nothing.
    pub form: Option<(String, String, String)>,
    /// The account that begins it; nil where the service itself does.
    pub made_by: Uuid,
}

/// A case at the first stage of its kind, not yet stored.
///
/// # Errors
/// When the kind has no stages.
pub fn begin(kind: &Kind, new: NewCase, now: Millis) -> Result<Case> {
    let words = [new.title.as_str(), new.party.1.as_str(), new.contract.as_ref().map_or("", |(_, title)| title)];
    let (pack, edition, form) = new.form.unwrap_or_default();
    Ok(Case {
        id: new.id,
        kind: kind.id.to_owned(),
        reference: None,
        year: None,
        number: None,
        stage: kind.first()?.id.to_owned(),
        search_key: search_key(&words),
        title: new.title,
        party: new.party.0,
        contract: new.contract.map(|(id, _)| id),
        place: new.place,
        owner: None,
        rating: None,
        due: None,
        round: 1,
        pack,
        edition,
        form,
        version: 1,
        made_at: now,
        made_by: new.made_by,
        moved_at: now,
        submitted_at: None,
        submitted_by: None,
        closed_at: None,
    })
}

/// Stores a new case.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, case: &Case) -> Result<()> {
    CaseEntity::insert(active(case)).exec_without_returning(tx.db()).await?;
    search::add(tx.db(), &case.kind, case.id, search::each_word(&case.search_key)).await
}

/// Lets the case be found by its present words, in the place of those that it had `before`: for a step that changed them.
///
/// # Errors
/// When the database fails.
pub async fn refind(tx: &Tx, before: &Case, case: &Case) -> Result<()> {
    let (old, new) = (search::each_word(&before.search_key), search::each_word(&case.search_key));
    search::change(tx, &case.kind, case.id, &old, &new).await
}

/// Words folded for searching, each once.
pub fn search_key(words: &[&str]) -> String {
    words.iter().map(|w| dialect::fold(w)).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The case with this id, of this kind.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, kind: &Kind, id: Uuid) -> Result<Case> {
    CaseEntity::find_by_id(id).filter(CaseColumn::Kind.eq(kind.id)).one(db).await?.ok_or(Error::NotFound)
}

/// Those of these cases that are of this kind, in no order.
///
/// # Errors
/// When the database fails.
pub async fn all<C: ConnectionTrait>(db: &C, kind: &Kind, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Case>> {
    Ok(CaseEntity::find().filter(CaseColumn::Id.is_in(ids)).filter(CaseColumn::Kind.eq(kind.id)).all(db).await?)
}

/// How many cases under way answer a form of each edition of a pack.
///
/// # Errors
/// When the database fails.
pub async fn running_by_edition<C: ConnectionTrait>(db: &C, pack: &str) -> Result<BTreeMap<String, u64>> {
    let query = CaseEntity::find().filter(CaseColumn::Pack.eq(pack)).filter(CaseColumn::ClosedAt.is_null()).select_only();
    let query = query.column(CaseColumn::Edition).column_as(CaseColumn::Id.count(), "cases").group_by(CaseColumn::Edition);
    let found: Vec<(String, i64)> = query.into_tuple().all(db).await?;
    Ok(found.into_iter().map(|(edition, cases)| (edition, u64::try_from(cases).unwrap_or(0))).collect())
}

/// Every case that answers a form of a pack, with its round.
///
/// # Errors
/// When the database fails.
pub async fn answering<C: ConnectionTrait>(db: &C, pack: &str, form: &str) -> Result<Vec<(Uuid, i32)>> {
    let query = CaseEntity::find().filter(CaseColumn::Pack.eq(pack)).filter(CaseColumn::Form.eq(form)).select_only();
    Ok(query.column(CaseColumn::Id).column(CaseColumn::Round).into_tuple().all(db).await?)
}

/// The case, its row locked until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &Tx, kind: &Kind, id: Uuid) -> Result<Case> {
    let mut query = CaseEntity::find_by_id(id).filter(CaseColumn::Kind.eq(kind.id));
    dialect::lock_rows(tx.db().get_database_backend(), QueryTrait::query(&mut query));
    query.one(tx.db()).await?.ok_or(Error::NotFound)
}

/// That the case still is at the version that a form was filled in against.
///
/// # Errors
/// [`Error::Stale`] when it is not.
pub fn expect(case: &Case, version: i32) -> Result<()> {
    if case.version == version { Ok(()) } else { Err(stale(case)) }
}

/// The error for whoever filled in a form against an earlier version.
pub fn stale(case: &Case) -> Error {
    Error::Stale(Text::new("case-stale").with("title", &case.title))
}

/// The open cases of a kind that wait for somebody until an instant, those due first at the top.
///
/// # Errors
/// When the database fails.
pub async fn due_until<C: ConnectionTrait>(db: &C, kind: &Kind, until: Millis) -> Result<Vec<Case>> {
    // Sought by their stages: of all cases those that are open are few.
    let stages = kind.stages.iter().filter(|stage| !stage.closed && stage.days.is_some()).map(|stage| stage.id);
    let open = CaseEntity::find().filter(CaseColumn::Kind.eq(kind.id)).filter(CaseColumn::Stage.is_in(stages));
    Ok(open.filter(CaseColumn::Due.lte(until)).order_by_asc(CaseColumn::Due).order_by_asc(CaseColumn::Id).all(db).await?)
}

/// The open cases of this kind that an account has taken on, those begun first coming first.
///
/// # Errors
/// When the database fails.
pub async fn owned<C: ConnectionTrait>(db: &C, kind: &Kind, account: Uuid) -> Result<Vec<Case>> {
    Ok(CaseEntity::find()
        .filter(CaseColumn::Kind.eq(kind.id))
        .filter(CaseColumn::Owner.eq(account))
        .filter(CaseColumn::ClosedAt.is_null())
        .order_by_asc(CaseColumn::MadeAt)
        .order_by_asc(CaseColumn::Id)
        .all(db)
        .await?)
}

/// Saves a changed case over the version that it was read at; the saved one has the next version.
///
/// # Errors
/// [`Error::Stale`] when someone else changed it meanwhile.
pub async fn update(tx: &Tx, case: Case) -> Result<Case> {
    let before = case.version;
    let case = Case { version: before + 1, ..case };
    let changed = CaseEntity::update_many()
        .set(moving(&case))
        .filter(CaseColumn::Id.eq(case.id))
        .filter(CaseColumn::Version.eq(before))
        .exec(tx.db())
        .await?
        .rows_affected;
    if changed == 1 { Ok(case) } else { Err(stale(&case)) }
}

/// What of a case changes as it moves: the rest is told at its beginning, and no index of it need be written again.
fn moving(case: &Case) -> case_file::ActiveModel {
    case_file::ActiveModel {
        id: ActiveValue::NotSet,
        kind: ActiveValue::NotSet,
        party: ActiveValue::NotSet,
        contract: ActiveValue::NotSet,
        place: ActiveValue::NotSet,
        pack: ActiveValue::NotSet,
        edition: ActiveValue::NotSet,
        form: ActiveValue::NotSet,
        made_at: ActiveValue::NotSet,
        made_by: ActiveValue::NotSet,
        ..active(case)
    }
}

fn active(case: &Case) -> case_file::ActiveModel {
    let case = case.clone();
    case_file::ActiveModel {
        id: ActiveValue::Set(case.id),
        kind: ActiveValue::Set(case.kind),
        reference: ActiveValue::Set(case.reference),
        year: ActiveValue::Set(case.year),
        number: ActiveValue::Set(case.number),
        stage: ActiveValue::Set(case.stage),
        title: ActiveValue::Set(case.title),
        search_key: ActiveValue::Set(case.search_key),
        party: ActiveValue::Set(case.party),
        contract: ActiveValue::Set(case.contract),
        place: ActiveValue::Set(case.place),
        owner: ActiveValue::Set(case.owner),
        rating: ActiveValue::Set(case.rating),
        due: ActiveValue::Set(case.due),
        round: ActiveValue::Set(case.round),
        pack: ActiveValue::Set(case.pack),
        edition: ActiveValue::Set(case.edition),
        form: ActiveValue::Set(case.form),
        version: ActiveValue::Set(case.version),
        made_at: ActiveValue::Set(case.made_at),
        made_by: ActiveValue::Set(case.made_by),
        moved_at: ActiveValue::Set(case.moved_at),
        submitted_at: ActiveValue::Set(case.submitted_at),
        submitted_by: ActiveValue::Set(case.submitted_by),
        closed_at: ActiveValue::Set(case.closed_at),
    }
}

/// The case with its reference: the one it has, else the next number of its kind and the year, in the authority's zone. The counter's row
/// stays locked until the transaction ends and a rollback gives the number back, so there are no gaps.
///
/// # Errors
/// When the database fails.
pub async fn number(tx: &Tx, clock: &Clock, kind: &Kind, case: Case) -> Result<Case> {
    if case.reference.is_some() {
        return Ok(case);
    }
    let next = references(tx, clock, kind, 1).await?.pop();
    let Reference { text, year, number } = next.ok_or_else(|| Error::internal("a reference counter gave no number"))?;
    let search_key = format!("{} {}", dialect::fold(&text), case.search_key);
    Ok(Case { reference: Some(text), year: Some(year), number: Some(number), search_key, ..case })
}

/// A reference, and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As people quote it: `OFF-2026-000001`.
    pub text: String,
    /// The year in which it was given, in the authority's zone.
    pub year: i32,
    /// The number within that year.
    pub number: i64,
}

/// The next `count` references of a kind and this year, in order, for cases and for what is numbered with them. As with [`number`], the counter's
/// row stays locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn references(tx: &Tx, clock: &Clock, kind: &Kind, count: usize) -> Result<Vec<Reference>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let year = i32::from(clock.date_of(tx.now()).year());
    let count = i64::try_from(count).map_err(Error::internal)?;
    let last = last_number(tx.db(), kind.id, year, count).await?;
    let of = |number: i64| Reference { text: format!("{}-{year}-{number:06}", kind.prefix), year, number };
    Ok((last - count + 1..=last).map(of).collect())
}

/// Keeps everybody else from being given references of this kind until the transaction ends, for whoever must know first how many it needs.
///
/// # Errors
/// When the database fails.
pub async fn hold_references(tx: &Tx, clock: &Clock, kind: &Kind) -> Result<()> {
    last_number(tx.db(), kind.id, i32::from(clock.date_of(tx.now()).year()), 0).await.map(drop)
}

/// Moves a counter on by `count`; the last number that this gives.
async fn last_number(tx: &DatabaseTransaction, kind: &str, year: i32, count: i64) -> Result<i64> {
    let column = |name: &'static str| Alias::new(name);
    let counter = Query::insert()
        .into_table(column("reference_counter"))
        .columns([column("kind"), column("year"), column("last")])
        .values([kind.into(), year.into(), count.into()])
        .map_err(Error::internal)?
        .on_conflict(
            OnConflict::columns([column("kind"), column("year")])
                .value(column("last"), Expr::col((column("reference_counter"), column("last"))).add(count))
                .to_owned(),
        )
        .returning_col(column("last"))
        .to_owned();
    let row = tx.query_one(&counter).await?.ok_or_else(|| Error::internal("a reference counter gave no number"))?;
    Ok(row.try_get("", "last")?)
}

/// The case when it was handed in at this instant by this account.
#[must_use]
pub fn submitted(case: Case, at: Millis, by: Uuid) -> Case {
    Case { submitted_at: case.submitted_at.or(Some(at)), submitted_by: Some(by), ..case }
}

/// Ties two cases together.
///
/// # Errors
/// When the database fails.
pub async fn link(tx: &Tx, a: Uuid, b: Uuid, kind: &str) -> Result<()> {
    let row = case_link::ActiveModel {
        a: ActiveValue::Set(a),
        b: ActiveValue::Set(b),
        kind: ActiveValue::Set(kind.to_owned()),
        at: ActiveValue::Set(tx.now()),
    };
    case_link::Entity::insert(row)
        .on_conflict(OnConflict::columns([case_link::Column::A, case_link::Column::B, case_link::Column::Kind]).do_nothing().to_owned())
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// Unties two cases.
///
/// # Errors
/// When the database fails.
pub async fn unlink(tx: &Tx, a: Uuid, b: Uuid, kind: &str) -> Result<()> {
    case_link::Entity::delete_by_id((a, b, kind.to_owned())).exec(tx.db()).await?;
    Ok(())
}

/// Where links of this kind lead from these cases: from which to which.
///
/// # Errors
/// When the database fails.
pub async fn links_from<C: ConnectionTrait>(db: &C, cases: impl IntoIterator<Item = Uuid>, kind: &str) -> Result<Vec<(Uuid, Uuid)>> {
    let found = case_link::Entity::find().filter(case_link::Column::A.is_in(cases)).filter(case_link::Column::Kind.eq(kind));
    Ok(found.all(db).await?.into_iter().map(|link| (link.a, link.b)).collect())
}

/// The links of this kind that lead to these cases: from which to which.
///
/// # Errors
/// When the database fails.
pub async fn links_to<C: ConnectionTrait>(db: &C, cases: impl IntoIterator<Item = Uuid>, kind: &str) -> Result<Vec<(Uuid, Uuid)>> {
    let found = case_link::Entity::find().filter(case_link::Column::B.is_in(cases)).filter(case_link::Column::Kind.eq(kind));
    Ok(found.all(db).await?.into_iter().map(|link| (link.a, link.b)).collect())
}

/// The case of this kind with this reference, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn referenced<C: ConnectionTrait>(db: &C, kind: &Kind, reference: &str) -> Result<Option<Case>> {
    let found = CaseEntity::find().filter(CaseColumn::Kind.eq(kind.id)).filter(CaseColumn::Reference.eq(reference));
    Ok(found.one(db).await?)
}

/// The links of a case, either way round.
///
/// # Errors
/// When the database fails.
pub async fn links<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<case_link::Model>> {
    let either = sea_orm::Condition::any().add(case_link::Column::A.eq(case)).add(case_link::Column::B.eq(case));
    Ok(case_link::Entity::find().filter(either).all(db).await?)
}

/// The cases that are tied to a case by links of this kind, either way round.
///
/// # Errors
/// When the database fails.
pub async fn linked<C: ConnectionTrait>(db: &C, case: Uuid, kind: &str) -> Result<Vec<Uuid>> {
    let links = links(db, case).await?.into_iter().filter(|link| link.kind == kind);
    Ok(links.map(|link| if link.a == case { link.b } else { link.a }).collect())
}
