//! What was approved: its scope, its days, and whether it stands. Part of this feature's store.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::cases::Words;
use platform::cases::store::{self as cases, Case, CaseColumn};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait as _};

use crate::offshoring::model::{PROPOSAL, Standing};
use crate::offshoring::scope::Scope;

/// What was approved, as stored.
pub(super) mod approval {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "approval")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        pub round: i32,
        pub scope_digest: String,
        /// Sealed JSON ([`super::Scope`]): it repeats answers.
        pub scope: Vec<u8>,
        /// Sealed.
        pub conditions: Vec<u8>,
        pub controls: String,
        pub from: String,
        pub to: String,
        pub by: Uuid,
        pub at: i64,
        /// `in_force`, `suspended` or `revoked`.
        pub standing: String,
        /// How often it is reviewed, an ISO 8601 period.
        pub review_every: Option<String>,
        /// When it last was.
        pub reviewed_on: Option<String>,
        /// When it next is.
        pub review_due: Option<String>,
        /// Since when it is stale, for lists; what it rests on says whether it is.
        pub stale_at: Option<i64>,
        /// The urgent approval that it is; none of one that the levels gave.
        pub urgent: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was approved, with its words opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The round that it approves.
    pub round: i32,
    /// SHA-256 of the scope, in hexadecimal.
    pub scope_digest: String,
    /// Party, activities, places, data; none once the case's key was destroyed.
    pub scope: Option<Scope>,
    /// The conditions, one a line.
    pub conditions: String,
    /// Ids of the demanded controls.
    pub controls: Vec<String>,
    /// First day (ISO).
    pub from: String,
    /// Last day (ISO).
    pub to: String,
    /// Who approved.
    pub by: Uuid,
    /// When.
    pub at: Millis,
    /// Whether it stands.
    pub standing: Standing,
    /// How and when it is reviewed.
    pub review: Review,
    /// The urgent approval that it is; none of one that the levels gave.
    pub urgent: Option<Uuid>,
}

/// How often an approval is reviewed, when it last was and next is (ISO).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// An ISO 8601 period; none of an approval from before reviews were asked for.
    pub every: Option<String>,
    /// The day of the last review that was found done.
    pub last: Option<String>,
    /// By when the next one is; none where the approval ends first.
    pub due: Option<String>,
}

/// The approval of a case.
///
/// # Errors
/// When the database fails or words do not open.
pub async fn approval<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Option<Approval>> {
    let Some(row) = approval::Entity::find_by_id(case.id).one(db).await? else { return Ok(None) };
    let (words, id) = (Words::reading(cx, db, case).await?, case.id.to_string());
    Ok(Some(Approval {
        scope: words.open("approval", &id, "scope", &row.scope)?.map(|text| serde_json::from_str(&text)).transpose()?,
        conditions: words.read("approval", &id, "conditions", &row.conditions)?,
        controls: serde_json::from_str(&row.controls)?,
        round: row.round,
        scope_digest: row.scope_digest,
        from: row.from,
        to: row.to,
        by: row.by,
        at: row.at,
        standing: standing_from(&row.standing)?,
        review: Review { every: row.review_every, last: row.reviewed_on, due: row.review_due },
        urgent: row.urgent,
    }))
}

fn standing_from(code: &str) -> Result<Standing> {
    Standing::from_code(code).ok_or_else(|| Error::internal(format!("an approval stands as {code}")))
}

/// Whether the approval of a case stands; none where none was given.
///
/// # Errors
/// When the database fails.
pub async fn standing_of<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Option<Standing>> {
    approval::Entity::find_by_id(case).one(db).await?.map(|row| standing_from(&row.standing)).transpose()
}

/// How the approvals of these cases stand; what was not approved is left out.
///
/// # Errors
/// When the database fails.
pub async fn standings<C: ConnectionTrait>(db: &C, cases: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Standing>> {
    let found = approval::Entity::find().select_only().columns([approval::Column::Case, approval::Column::Standing]);
    let found: Vec<(Uuid, String)> = found.filter(approval::Column::Case.is_in(cases)).into_tuple().all(db).await?;
    found.into_iter().map(|(case, standing)| Ok((case, standing_from(&standing)?))).collect()
}

/// Keeps that the approval of a case was reviewed, and by when it next is.
///
/// # Errors
/// When the database fails.
pub async fn set_reviewed(tx: &Tx, case: Uuid, on: Date, due: Option<Date>) -> Result<()> {
    let change = approval::Entity::update_many()
        .col_expr(approval::Column::ReviewedOn, Expr::value(Some(on.to_string())))
        .col_expr(approval::Column::ReviewDue, Expr::value(due.map(|day| day.to_string())));
    change.filter(approval::Column::Case.eq(case)).exec(tx.db()).await?;
    Ok(())
}

/// Those of these cases whose approval was taken back, or had ended before today. What became of an urgent one puts a case to no rest: it is decided
/// yet.
///
/// # Errors
/// When the database fails.
pub async fn over<C: ConnectionTrait>(db: &C, cases: &[Uuid], today: Date) -> Result<BTreeSet<Uuid>> {
    let found = approval::Entity::find().select_only().column(approval::Column::Case);
    let found = found.filter(approval::Column::Case.is_in(cases.iter().copied())).filter(approval::Column::Urgent.is_null());
    let over =
        Condition::any().add(approval::Column::Standing.eq(Standing::Revoked.code())).add(approval::Column::To.lt(today.to_string()));
    let found = found.filter(over);
    Ok(found.into_tuple::<Uuid>().all(db).await?.into_iter().collect())
}

/// Keeps how the approval of a case stands now.
///
/// # Errors
/// When the database fails.
pub async fn set_standing(tx: &Tx, case: Uuid, standing: Standing) -> Result<()> {
    let change = approval::Entity::update_many().col_expr(approval::Column::Standing, Expr::value(standing.code()));
    change.filter(approval::Column::Case.eq(case)).exec(tx.db()).await?;
    Ok(())
}

/// Keeps until when the approval of a case holds now.
///
/// # Errors
/// When the database fails.
pub async fn set_last_day(tx: &Tx, case: Uuid, to: Date) -> Result<()> {
    let change = approval::Entity::update_many().col_expr(approval::Column::To, Expr::value(to.to_string()));
    change.filter(approval::Column::Case.eq(case)).exec(tx.db()).await?;
    Ok(())
}

/// The proposals of a contract whose approval stands and has this first day.
///
/// # Errors
/// When the database fails.
pub async fn beginning<C: ConnectionTrait>(db: &C, contract: Uuid, day: Date) -> Result<Vec<Case>> {
    let begun = approval::Entity::find().select_only().column(approval::Column::Case).filter(approval::Column::From.eq(day.to_string()));
    let begun = begun.filter(approval::Column::Standing.ne(Standing::Revoked.code())).into_query();
    let found = cases::CaseEntity::find().filter(CaseColumn::Kind.eq(PROPOSAL.id)).filter(CaseColumn::Contract.eq(contract));
    Ok(found.filter(CaseColumn::Id.in_subquery(begun)).order_by_asc(CaseColumn::Id).all(db).await?)
}

/// Stores the approval of a case, with its scope as it was frozen, in the place of an urgent one if there was one.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn insert_approval(cx: &Cx, tx: &Tx, case: &Case, of: &Approval, frozen: &str) -> Result<()> {
    let (words, id) = (Words::writing(cx, tx, case).await?, case.id.to_string());
    let row = approval::ActiveModel {
        case: ActiveValue::Set(case.id),
        round: ActiveValue::Set(of.round),
        scope_digest: ActiveValue::Set(of.scope_digest.clone()),
        scope: ActiveValue::Set(words.seal("approval", &id, "scope", frozen)?),
        conditions: ActiveValue::Set(words.seal("approval", &id, "conditions", &of.conditions)?),
        controls: ActiveValue::Set(serde_json::to_string(&of.controls)?),
        from: ActiveValue::Set(of.from.clone()),
        to: ActiveValue::Set(of.to.clone()),
        by: ActiveValue::Set(of.by),
        at: ActiveValue::Set(of.at),
        standing: ActiveValue::Set(of.standing.code().to_owned()),
        review_every: ActiveValue::Set(of.review.every.clone()),
        reviewed_on: ActiveValue::Set(of.review.last.clone()),
        review_due: ActiveValue::Set(of.review.due.clone()),
        stale_at: ActiveValue::Set(None),
        urgent: ActiveValue::Set(of.urgent),
    };
    let urgent = approval::Entity::delete_many().filter(approval::Column::Case.eq(case.id)).filter(approval::Column::Urgent.is_not_null());
    urgent.exec(tx.db()).await?;
    approval::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// The references of these proposals.
///
/// # Errors
/// When the database fails.
pub async fn references<C: ConnectionTrait>(db: &C, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let found = cases::CaseEntity::find().select_only().column(CaseColumn::Id).column(CaseColumn::Reference);
    let found = found.filter(CaseColumn::Id.is_in(ids)).filter(CaseColumn::Reference.is_not_null());
    Ok(found.into_tuple::<(Uuid, String)>().all(db).await?.into_iter().collect())
}

/// The proposals of a contract that have an approval, an urgent one too, latest first.
///
/// # Errors
/// When the database fails.
pub async fn approved_under<C: ConnectionTrait>(db: &C, contract: Uuid) -> Result<Vec<Case>> {
    let approved = cases::CaseEntity::find().filter(CaseColumn::Kind.eq(PROPOSAL.id)).filter(CaseColumn::Contract.eq(contract));
    let given = approval::Entity::find().select_only().column(approval::Column::Case).into_query();
    let approved = approved.filter(CaseColumn::Id.in_subquery(given)).order_by_desc(CaseColumn::MovedAt).order_by_desc(CaseColumn::Id);
    Ok(approved.all(db).await?)
}
