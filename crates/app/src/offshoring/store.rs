//! The tables of proposals beside their cases, and who sees which.

use std::collections::BTreeMap;

use platform::authz::{Actor, Side};
use platform::cases::rounds;
use platform::cases::store::{Case, CaseColumn};
use platform::cx::Tx;
use platform::texts::Text;
use platform::{Error, Result};
use rules::risk::Judgement;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait};
use serde::{Deserialize, Serialize};

use super::model::{Hands, Proposal, Standing};
use crate::contract;

/// The assessment of one round.
pub mod assessment {
    use sea_orm::entity::prelude::*;

    /// One assessment, under way or done.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "assessment")]
    pub struct Model {
        /// The case.
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// The round.
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        /// The path, by code.
        pub path: String,
        /// Why this path, in words.
        pub path_reason: String,
        /// The judgements, as JSON: factor id to [`super::Judged`].
        pub factors: String,
        /// The highest rating before controls, by code, once done.
        pub inherent: Option<String>,
        /// The highest rating with controls, by code, once done.
        pub residual: Option<String>,
        /// Who recorded it.
        pub by: Option<Uuid>,
        /// When it was begun.
        pub made_at: i64,
        /// When it was recorded; none while it is under way.
        pub done_at: Option<i64>,
        /// Guards against lost updates.
        pub version: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was approved.
pub mod approval {
    use sea_orm::entity::prelude::*;

    /// One approval.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "approval")]
    pub struct Model {
        /// The case.
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// The round that it approves.
        pub round: i32,
        /// SHA-256 of the scope, in hexadecimal.
        pub scope_digest: String,
        /// Party, activities, places, data, as JSON ([`super::super::scope::Scope`]).
        pub scope: String,
        /// The conditions, one a line.
        pub conditions: String,
        /// Ids of the demanded controls, as a JSON list.
        pub controls: String,
        /// First day (ISO).
        pub from: String,
        /// Last day (ISO).
        pub to: String,
        /// Who approved.
        pub by: Uuid,
        /// When.
        pub at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A judgement with its author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// What was judged.
    pub judgement: Judgement,
    /// Why, in the assessor's words.
    pub why: String,
    /// By which account.
    pub by: Uuid,
}

/// The cases that an actor may view: the SQL twin of the view policies in `authz/proposal.cedar`.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority => Condition::all().add(CaseColumn::SubmittedAt.is_not_null()),
        Actor::Account(a) => Condition::all().add(CaseColumn::Place.in_subquery(contract::store::places_seen(a.party))),
        Actor::Anonymous | Actor::Link { .. } => platform::register::nothing(),
    }
}

/// A case with what policies read of it.
///
/// # Errors
/// When the database fails.
pub async fn load<C: ConnectionTrait>(db: &C, case: Case) -> Result<Proposal> {
    let standing = standing(db, case.place).await?;
    let hands = hands(db, &case).await?;
    Ok(Proposal { case, standing, hands })
}

/// Where a place stands.
///
/// # Errors
/// When the database fails.
pub async fn standing<C: ConnectionTrait>(db: &C, place: Option<Uuid>) -> Result<Standing> {
    let Some(place) = place else { return Ok(Standing::default()) };
    Ok(Standing { above: contract::store::at_or_above(db, place).await?, lead: Some(contract::store::lead_of(db, place).await?.party) })
}

async fn hands<C: ConnectionTrait>(db: &C, case: &Case) -> Result<Hands> {
    let mut hands = Hands { submitted: rounds::submitters(db, case.id).await?, ..Hands::default() };
    if hands.submitted.is_empty() {
        return Ok(hands);
    }
    for decision in rounds::decisions(db, case.id).await? {
        match decision.level.as_str() {
            "assess" => hands.assessed.push(decision.actor),
            "recommend" => hands.recommended.push(decision.actor),
            _ => {}
        }
    }
    for row in assessments(db, case.id).await? {
        hands.assessed.extend(row.by);
        hands.assessed.extend(judged(&row)?.values().map(|j| j.by));
    }
    Ok(hands)
}

/// The assessments of all rounds, first to last.
///
/// # Errors
/// When the database fails.
pub async fn assessments<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<assessment::Model>> {
    let mut rows = assessment::Entity::find().filter(assessment::Column::Case.eq(case)).all(db).await?;
    rows.sort_by_key(|row| row.round);
    Ok(rows)
}

/// The assessment of a round.
///
/// # Errors
/// When the database fails.
pub async fn assessment<C: ConnectionTrait>(db: &C, case: Uuid, round: i32) -> Result<Option<assessment::Model>> {
    Ok(assessment::Entity::find_by_id((case, round)).one(db).await?)
}

/// The judgements of an assessment, by factor.
///
/// # Errors
/// When the stored JSON is none of ours.
pub fn judged(row: &assessment::Model) -> Result<BTreeMap<String, Judged>> {
    Ok(serde_json::from_str(&row.factors)?)
}

/// Begins an assessment.
///
/// # Errors
/// When the database fails.
pub async fn begin_assessment(tx: &Tx, case: &Case, path: &str, reason: &str) -> Result<()> {
    let row = assessment::ActiveModel {
        case: ActiveValue::Set(case.id),
        round: ActiveValue::Set(case.round),
        path: ActiveValue::Set(path.to_owned()),
        path_reason: ActiveValue::Set(reason.to_owned()),
        factors: ActiveValue::Set("{}".to_owned()),
        inherent: ActiveValue::Set(None),
        residual: ActiveValue::Set(None),
        by: ActiveValue::Set(None),
        made_at: ActiveValue::Set(tx.now()),
        done_at: ActiveValue::Set(None),
        version: ActiveValue::Set(1),
    };
    assessment::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Saves a changed assessment over the version that it was read at.
///
/// # Errors
/// [`Error::Stale`] when someone else changed it meanwhile.
pub async fn update_assessment(tx: &Tx, row: &assessment::Model) -> Result<()> {
    let changed = assessment::Entity::update_many()
        .col_expr(assessment::Column::Path, Expr::value(row.path.clone()))
        .col_expr(assessment::Column::PathReason, Expr::value(row.path_reason.clone()))
        .col_expr(assessment::Column::Factors, Expr::value(row.factors.clone()))
        .col_expr(assessment::Column::Inherent, Expr::value(row.inherent.clone()))
        .col_expr(assessment::Column::Residual, Expr::value(row.residual.clone()))
        .col_expr(assessment::Column::By, Expr::value(row.by))
        .col_expr(assessment::Column::DoneAt, Expr::value(row.done_at))
        .col_expr(assessment::Column::Version, Expr::value(row.version + 1))
        .filter(assessment::Column::Case.eq(row.case))
        .filter(assessment::Column::Round.eq(row.round))
        .filter(assessment::Column::Version.eq(row.version))
        .exec(tx.db())
        .await?
        .rows_affected;
    if changed == 1 { Ok(()) } else { Err(Error::Stale(Text::new("proposal-assessment-stale"))) }
}

/// The approval of a case.
///
/// # Errors
/// When the database fails.
pub async fn approval<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Option<approval::Model>> {
    Ok(approval::Entity::find_by_id(case).one(db).await?)
}

/// Stores an approval.
///
/// # Errors
/// When the database fails.
pub async fn insert_approval(tx: &Tx, row: approval::Model) -> Result<()> {
    let row: approval::ActiveModel = row.into();
    approval::Entity::insert(sea_orm::ActiveModelTrait::reset_all(row)).exec_without_returning(tx.db()).await?;
    Ok(())
}
