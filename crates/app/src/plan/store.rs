//! The table of versions, and who sees which.

use std::collections::BTreeMap;

use platform::authz::{Actor, Side};
use platform::cases::Case;
use platform::cases::queue::Visible;
use platform::cases::store::{self as cases, CaseColumn, CaseEntity};
use platform::cx::Tx;
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder as _};

use super::model::{PLAN, Plan};
use crate::casework;

pub mod prompts;
pub mod readers;

/// What versions have beside their cases.
mod plan {
    use sea_orm::entity::prelude::*;

    /// A version, as stored.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan")]
    pub struct Model {
        /// Its case.
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// Its number among those of its place; none before it is agreed.
        pub number: Option<i32>,
        /// The change that it came of.
        pub change: Option<Uuid>,
        /// When it was agreed.
        pub agreed_at: Option<i64>,
        /// The version that took its place.
        pub superseded_by: Option<Uuid>,
        /// When.
        pub superseded_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use plan::Model as Version;

/// The versions that an actor may view: the SQL twin of the view policies in `authz/plan.cedar`.
pub fn visible(actor: &Actor) -> Visible {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => casework::at_places_seen(a.party),
        // A draft is its supplier's own affair.
        Actor::Account(_) => Visible::most(Condition::all().add(CaseColumn::SubmittedAt.is_not_null())),
        Actor::Operator | Actor::Job(_) => Visible::most(Condition::all()),
        Actor::Anonymous | Actor::Link { .. } => Visible::most(platform::register::nothing()),
    }
}

/// Versions with what policies read of them, in the same order, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn load_all<C: ConnectionTrait>(db: &C, cases: Vec<Case>) -> Result<Vec<Plan>> {
    let sights = casework::sights(db, &cases).await?;
    let rows = rows(db, cases.iter().map(|case| case.id)).await?;
    let of = |(case, standing): (Case, casework::Sight)| {
        let row = rows.get(&case.id);
        let number = row.and_then(|row| row.number);
        let agreed_at = row.and_then(|row| row.agreed_at);
        let superseded_by = row.and_then(|row| row.superseded_by);
        let change = row.and_then(|row| row.change);
        Plan { case, standing, number, agreed_at, superseded_by, change }
    };
    Ok(cases.into_iter().zip(sights).map(of).collect())
}

/// What these versions have beside their cases.
///
/// # Errors
/// When the database fails.
pub async fn rows<C: ConnectionTrait>(db: &C, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Version>> {
    let rows = plan::Entity::find().filter(plan::Column::Case.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.case, row)).collect())
}

/// The version with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Plan> {
    load_all(db, vec![cases::get(db, &PLAN, id).await?]).await?.pop().ok_or(Error::NotFound)
}

/// Stores what a new version has beside its case.
pub(super) async fn insert(tx: &Tx, case: Uuid, change: Option<Uuid>) -> Result<()> {
    let row = plan::ActiveModel {
        case: ActiveValue::Set(case),
        number: ActiveValue::Set(None),
        change: ActiveValue::Set(change),
        agreed_at: ActiveValue::Set(None),
        superseded_by: ActiveValue::Set(None),
        superseded_at: ActiveValue::Set(None),
    };
    plan::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// The versions of a place, the latest begun first.
///
/// # Errors
/// When the database fails.
pub async fn of_place<C: ConnectionTrait>(db: &C, place: Uuid) -> Result<Vec<Plan>> {
    let query = CaseEntity::find().filter(CaseColumn::Kind.eq(PLAN.id)).filter(CaseColumn::Place.eq(place));
    let cases = query.order_by_desc(CaseColumn::MadeAt).order_by_desc(CaseColumn::Id).all(db).await?;
    load_all(db, cases).await
}

/// The version to work by at a place, if one was agreed.
///
/// # Errors
/// When the database fails.
pub async fn in_force<C: ConnectionTrait>(db: &C, place: Uuid) -> Result<Option<Plan>> {
    Ok(of_place(db, place).await?.into_iter().find(Plan::in_force))
}

/// The version that came of a change, if one was begun and not given up.
///
/// # Errors
/// When the database fails.
pub async fn of_change<C: ConnectionTrait>(db: &C, change: Uuid) -> Result<Option<Plan>> {
    let by_it = Query::select().column(plan::Column::Case).from(plan::Entity).and_where(plan::Column::Change.eq(change)).take();
    let query =
        CaseEntity::find().filter(CaseColumn::Id.in_subquery(by_it)).filter(CaseColumn::Stage.is_not_in(["withdrawn", "discarded"]));
    let found = query.order_by_desc(CaseColumn::MadeAt).one(db).await?;
    Ok(match found {
        Some(case) => load_all(db, vec![case]).await?.pop(),
        None => None,
    })
}

/// Writes that a version was agreed under a number. The case's version guards it.
pub(super) async fn agree(tx: &Tx, case: Uuid, number: i32) -> Result<()> {
    plan::Entity::update_many()
        .col_expr(plan::Column::Number, Expr::value(number))
        .col_expr(plan::Column::AgreedAt, Expr::value(tx.now()))
        .filter(plan::Column::Case.eq(case))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Writes that another version took the place of this one.
pub(super) async fn supersede(tx: &Tx, case: Uuid, by: Uuid) -> Result<()> {
    plan::Entity::update_many()
        .col_expr(plan::Column::SupersededBy, Expr::value(by))
        .col_expr(plan::Column::SupersededAt, Expr::value(tx.now()))
        .filter(plan::Column::Case.eq(case))
        .exec(tx.db())
        .await?;
    Ok(())
}
