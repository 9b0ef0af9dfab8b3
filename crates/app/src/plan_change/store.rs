//! The table of notices, and who sees which change.

use platform::authz::{Actor, Side};
use platform::cases::queue::Visible;
use platform::cases::store::{self as cases, CaseColumn};
use platform::cases::{Case, Words};
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait};

use super::model::{CHANGE, Change, Notice};
use crate::casework;

/// A notice as stored.
mod notice {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan_change_notice")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// Sealed JSON: [`super::Notice`].
        pub notice: Vec<u8>,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const TABLE: &str = "plan_change_notice";

/// The changes that an actor may view: the SQL twin of the view policies in `authz/plan_change.cedar`.
pub fn visible(actor: &Actor) -> Visible {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => casework::at_places_seen(a.party),
        // A draft of which no notice was given is its supplier's own affair.
        Actor::Account(_) => Visible::most(Condition::all().add(CaseColumn::Reference.is_not_null())),
        Actor::Operator | Actor::Job(_) => Visible::most(Condition::all()),
        Actor::Anonymous | Actor::Link { .. } => Visible::most(platform::register::nothing()),
    }
}

/// Changes with what policies read of them, in the same order, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn load_all<C: ConnectionTrait>(db: &C, cases: Vec<Case>) -> Result<Vec<Change>> {
    let sights = casework::sights(db, &cases).await?;
    Ok(cases.into_iter().zip(sights).map(|(case, standing)| Change { case, standing }).collect())
}

/// The change with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Change> {
    load_all(db, vec![cases::get(db, &CHANGE, id).await?]).await?.pop().ok_or(Error::NotFound)
}

/// Stores the notice with which a change began.
pub(super) async fn insert(cx: &Cx, tx: &Tx, case: &Case, new: &Notice) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let row = notice::ActiveModel {
        case: ActiveValue::Set(case.id),
        notice: ActiveValue::Set(words.seal(TABLE, &case.id.to_string(), "notice", &serde_json::to_string(new)?)?),
        at: ActiveValue::Set(tx.now()),
    };
    notice::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// The notice with which a change began, if one was given and still opens.
///
/// # Errors
/// When the database fails.
pub async fn notice<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Option<Notice>> {
    let Some(row) = notice::Entity::find_by_id(case.id).one(db).await? else { return Ok(None) };
    let words = Words::reading(cx, db, case).await?;
    let opened = words.open(TABLE, &case.id.to_string(), "notice", &row.notice)?;
    Ok(opened.map(|text| serde_json::from_str(&text)).transpose()?)
}
