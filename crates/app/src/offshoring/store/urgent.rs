//! Urgent approvals, a row for each that was given, kept whatever became of it. Part of this feature's store.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::cases::Words;
use platform::cases::store::Case;
use platform::clock::day_text;
use platform::cx::{Cx, Tx};
use platform::{Error, Result, t, texts};
use rules::urgent::{End, Given, Stands};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect as _};

use crate::offshoring::model::{Urgent, Voter};
use crate::offshoring::scope::Scope;

/// The table, in the place of what is sealed.
const TABLE: &str = "urgent_approval";

/// An urgent approval, as stored.
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "urgent_approval")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case: Uuid,
        /// Digest of contract, party, activities and countries: the same for the same work.
        pub work: String,
        pub round: i32,
        pub by: Uuid,
        /// In whose place, if not as itself.
        pub given_for: Option<Uuid>,
        pub at: i64,
        pub from: String,
        pub until: String,
        pub ratify_by: String,
        /// Role codes, as JSON.
        pub ratifiers: String,
        /// Sealed.
        pub reason: Vec<u8>,
        /// Sealed.
        pub conditions: Vec<u8>,
        /// Sealed JSON ([`super::Scope`]): it repeats answers.
        pub scope: Vec<u8>,
        pub ratified_by: Option<Uuid>,
        /// In whose place, if not as itself.
        pub ratified_for: Option<Uuid>,
        pub ratified_at: Option<i64>,
        /// Sealed.
        pub ratified_why: Option<Vec<u8>>,
        /// A code of [`rules::urgent::End`].
        pub ended: Option<String>,
        pub ended_by: Option<Uuid>,
        pub ended_at: Option<i64>,
        /// Sealed.
        pub ended_why: Option<Vec<u8>>,
        /// When the levels decided on the work: what came before counts no more.
        pub decided_at: Option<i64>,
        /// When an entry was made of it that its days are over.
        pub noted_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(Error::internal)
}

fn read(row: &row::Model) -> Result<Urgent> {
    let end = row.ended.as_deref().map(|code| End::from_code(code).ok_or_else(|| Error::internal("an end that there is not")));
    Ok(Urgent {
        id: row.id,
        case: row.case,
        by: row.by,
        given_for: row.given_for,
        at: row.at,
        from: day(&row.from)?,
        until: day(&row.until)?,
        ratify_by: day(&row.ratify_by)?,
        ratifiers: serde_json::from_str(&row.ratifiers)?,
        ratified: row.ratified_by.zip(row.ratified_at),
        ratified_for: row.ratified_for,
        ended: end.transpose()?.zip(row.ended_at),
    })
}

/// The last urgent approval of each of these cases, by case.
///
/// # Errors
/// When the database fails.
pub async fn urgent_of<C: ConnectionTrait>(db: &C, cases: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Urgent>> {
    let all = urgents_of(db, cases).await?;
    Ok(all.into_iter().filter_map(|(case, mut all)| Some((case, all.pop()?))).collect())
}

/// All urgent approvals of each of these cases, first to last, by case.
///
/// # Errors
/// When the database fails.
pub async fn urgents_of<C: ConnectionTrait>(db: &C, cases: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Vec<Urgent>>> {
    let cases: BTreeSet<Uuid> = cases.into_iter().collect();
    if cases.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = row::Entity::find().filter(row::Column::Case.is_in(cases));
    let rows = found.order_by_asc(row::Column::At).order_by_asc(row::Column::Id).all(db).await?;
    let mut all: BTreeMap<Uuid, Vec<Urgent>> = BTreeMap::new();
    for row in &rows {
        all.entry(row.case).or_default().push(read(row)?);
    }
    Ok(all)
}

/// The words of an urgent approval, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrgentWords {
    /// Why it could not wait.
    pub reason: String,
    /// Its conditions, one a line.
    pub conditions: String,
    /// Why it was ratified.
    pub ratified: Option<String>,
    /// Why it ended: of one that was refused or taken back.
    pub ended: Option<String>,
    /// Who ended it.
    pub ended_by: Option<Uuid>,
    /// The round for which it was given.
    pub round: i32,
}

/// The urgent approvals of a case with their words, last to first.
///
/// # Errors
/// When the database fails or words do not open.
pub async fn urgents<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<(Urgent, UrgentWords)>> {
    let found = row::Entity::find().filter(row::Column::Case.eq(case.id));
    let rows = found.order_by_desc(row::Column::At).order_by_desc(row::Column::Id).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let words = Words::reading(cx, db, case).await?;
    let opened = |row: &row::Model| -> Result<UrgentWords> {
        let id = row.id.to_string();
        Ok(UrgentWords {
            reason: words.read(TABLE, &id, "reason", &row.reason)?,
            conditions: words.read(TABLE, &id, "conditions", &row.conditions)?,
            ratified: words.read_some(TABLE, &id, "ratified_why", row.ratified_why.as_deref())?,
            ended: words.read_some(TABLE, &id, "ended_why", row.ended_why.as_deref())?,
            ended_by: row.ended_by,
            round: row.round,
        })
    };
    rows.iter().map(|row| Ok((read(row)?, opened(row)?))).collect()
}

/// What an urgent approval was given for; none once the case's key was destroyed.
///
/// # Errors
/// [`Error::NotFound`] when there is none; when the database fails or it does not open.
pub async fn urgent_scope<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, id: Uuid) -> Result<Option<Scope>> {
    let row = row::Entity::find_by_id(id).filter(row::Column::Case.eq(case.id)).one(db).await?.ok_or(Error::NotFound)?;
    let words = Words::reading(cx, db, case).await?;
    Ok(words.open(TABLE, &id.to_string(), "scope", &row.scope)?.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// What marks the work for which urgent approvals are counted: the same contract, party, activities and countries.
///
/// # Errors
/// Never for a scope of ours.
pub fn work_of(case: &Case, scope: &Scope) -> Result<String> {
    let sorted = |all: &[String]| all.iter().cloned().collect::<BTreeSet<_>>();
    let text = serde_json::to_string(&(case.contract, scope.party, sorted(&scope.activities), sorted(&scope.countries)))?;
    Ok(hex::encode(platform::random::digest(text.as_bytes())))
}

/// The urgent approvals of the same work since it was last decided on, latest first.
///
/// # Errors
/// When the database fails.
pub async fn urgents_of_work<C: ConnectionTrait>(db: &C, work: &str) -> Result<Vec<Given>> {
    let found = row::Entity::find().filter(row::Column::Work.eq(work)).filter(row::Column::DecidedAt.is_null());
    let rows = found.order_by_desc(row::Column::At).order_by_desc(row::Column::Id).all(db).await?;
    rows.iter().map(|row| Ok(read(row)?.given())).collect()
}

/// Keeps an urgent approval that is given now.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn insert_urgent(
    cx: &Cx,
    tx: &Tx,
    case: &Case,
    of: &Urgent,
    (work, frozen, reason, conditions): (&str, &str, &str, &str),
) -> Result<()> {
    let (words, id) = (Words::writing(cx, tx, case).await?, of.id.to_string());
    let row = row::ActiveModel {
        id: ActiveValue::Set(of.id),
        case: ActiveValue::Set(case.id),
        work: ActiveValue::Set(work.to_owned()),
        round: ActiveValue::Set(case.round),
        by: ActiveValue::Set(of.by),
        given_for: ActiveValue::Set(of.given_for),
        at: ActiveValue::Set(of.at),
        from: ActiveValue::Set(of.from.to_string()),
        until: ActiveValue::Set(of.until.to_string()),
        ratify_by: ActiveValue::Set(of.ratify_by.to_string()),
        ratifiers: ActiveValue::Set(serde_json::to_string(&of.ratifiers)?),
        reason: ActiveValue::Set(words.seal(TABLE, &id, "reason", reason)?),
        conditions: ActiveValue::Set(words.seal(TABLE, &id, "conditions", conditions)?),
        scope: ActiveValue::Set(words.seal(TABLE, &id, "scope", frozen)?),
        ratified_by: ActiveValue::Set(None),
        ratified_for: ActiveValue::Set(None),
        ratified_at: ActiveValue::Set(None),
        ratified_why: ActiveValue::Set(None),
        ended: ActiveValue::Set(None),
        ended_by: ActiveValue::Set(None),
        ended_at: ActiveValue::Set(None),
        ended_why: ActiveValue::Set(None),
        decided_at: ActiveValue::Set(None),
        noted_at: ActiveValue::Set(None),
    };
    row::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Keeps who ratified an urgent approval, and why.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn set_ratified(cx: &Cx, tx: &Tx, case: &Case, id: Uuid, ((by, acts_for), why): (Voter, &str)) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    row::Entity::update_many()
        .col_expr(row::Column::RatifiedBy, Expr::value(Some(by)))
        .col_expr(row::Column::RatifiedFor, Expr::value(acts_for))
        .col_expr(row::Column::RatifiedAt, Expr::value(Some(tx.now())))
        .col_expr(row::Column::RatifiedWhy, Expr::value(Some(words.seal(TABLE, &id.to_string(), "ratified_why", why)?)))
        .filter(row::Column::Id.eq(id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Keeps what ended an urgent approval, by whom, and why where that is its own.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn set_ended(cx: &Cx, tx: &Tx, case: &Case, id: Uuid, (end, by, why): (End, Uuid, Option<&str>)) -> Result<()> {
    let sealed = match why {
        Some(why) => Some(Words::writing(cx, tx, case).await?.seal(TABLE, &id.to_string(), "ended_why", why)?),
        None => None,
    };
    row::Entity::update_many()
        .col_expr(row::Column::Ended, Expr::value(Some(end.code())))
        .col_expr(row::Column::EndedBy, Expr::value(Some(by)))
        .col_expr(row::Column::EndedAt, Expr::value(Some(tx.now())))
        .col_expr(row::Column::EndedWhy, Expr::value(sealed))
        .filter(row::Column::Id.eq(id))
        .filter(row::Column::Ended.is_null())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Keeps that the levels decided on this work: urgent approvals before that are counted no more.
///
/// # Errors
/// When the database fails.
pub async fn set_decided(tx: &Tx, work: &str) -> Result<()> {
    row::Entity::update_many()
        .col_expr(row::Column::DecidedAt, Expr::value(Some(tx.now())))
        .filter(row::Column::Work.eq(work))
        .filter(row::Column::DecidedAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The urgent approval with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn one_urgent<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Urgent> {
    read(&row::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?)
}

/// Those that nobody ratified and nothing ended, with a day to be ratified by that is `since` or later.
///
/// # Errors
/// When the database fails.
pub async fn unratified<C: ConnectionTrait>(db: &C, since: Date) -> Result<Vec<Urgent>> {
    let open = Condition::all()
        .add(row::Column::RatifyBy.gte(since.to_string()))
        .add(row::Column::RatifiedAt.is_null())
        .add(row::Column::Ended.is_null());
    let rows = row::Entity::find().filter(open).order_by_asc(row::Column::RatifyBy).order_by_asc(row::Column::Id).all(db).await?;
    rows.iter().map(read).collect()
}

/// Those whose days were over before today, which nothing else ended and of which no entry was made yet.
///
/// # Errors
/// When the database fails.
pub async fn urgents_over<C: ConnectionTrait>(db: &C, today: Date) -> Result<Vec<Uuid>> {
    let today = today.to_string();
    let lapsed = Condition::all().add(row::Column::RatifiedAt.is_null()).add(row::Column::RatifyBy.lt(&today));
    let ran_out = Condition::all().add(row::Column::RatifiedAt.is_not_null()).add(row::Column::Until.lt(&today));
    let found = row::Entity::find().select_only().column(row::Column::Id).filter(Condition::any().add(lapsed).add(ran_out));
    let found = found.filter(row::Column::Ended.is_null()).filter(row::Column::NotedAt.is_null()).order_by_asc(row::Column::Id);
    Ok(found.into_tuple().all(db).await?)
}

/// Keeps that an entry was made of it that its days are over; false where that was done already.
///
/// # Errors
/// When the database fails.
pub async fn set_noted(tx: &Tx, id: Uuid) -> Result<bool> {
    let noted = row::Entity::update_many().col_expr(row::Column::NotedAt, Expr::value(Some(tx.now())));
    let noted = noted.filter(row::Column::Id.eq(id)).filter(row::Column::NotedAt.is_null());
    Ok(noted.exec(tx.db()).await?.rows_affected == 1)
}

/// How an urgent approval stands today, in a line.
pub fn urgent_says(of: &Urgent, today: Date) -> String {
    match of.stands(today) {
        Stands::ToRatify => t!("proposal-urgent-to-ratify", day = day_text(of.ratify_by)),
        Stands::Ratified => t!("proposal-urgent-ratified", day = day_text(of.until)),
        Stands::Lapsed => t!("proposal-urgent-lapsed", day = day_text(of.ratify_by)),
        Stands::RanOut => t!("proposal-urgent-ran-out", day = day_text(of.until)),
        Stands::Ended(end) => texts::t(&format!("proposal-urgent-{}", end.code().replace('_', "-"))),
    }
}

/// How the urgent approvals of these cases stand, in one line each, by case. What the levels approved says nothing of one any more.
///
/// # Errors
/// When the database fails.
pub async fn urgent_marks(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
    let today = cx.core().clock.today();
    // Once the levels approved, theirs is what holds.
    let of = cases.iter().filter(|case| case.submitted_at.is_some() && case.stage != "approved").map(|case| case.id);
    let all = urgent_of(cx.db(), of).await?;
    let told = all.into_iter().filter(|(_, of)| of.ended.is_none_or(|(end, _)| end != End::Replaced));
    Ok(told.map(|(case, of)| (case, urgent_says(&of, today))).collect())
}
