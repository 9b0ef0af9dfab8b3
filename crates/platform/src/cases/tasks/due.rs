//! Which tasks are due, and whose they are.

use jiff::civil::Date;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect as _};

use super::open;
use crate::cases::lifecycle::Kind;
use crate::cases::rows::{case_file, case_task};
use crate::error::{Error, Result};

/// Case, side, account, role, day and count, as they are read.
type Found = (Uuid, String, Option<Uuid>, Option<String>, String, i64);

/// Tasks of one case that are to be done by the same day by the same people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The case.
    pub case: Uuid,
    /// Which side must do them.
    pub side: String,
    /// The account that must; none while anybody of the side may.
    pub owner: Option<Uuid>,
    /// The role that must.
    pub role: Option<String>,
    /// By when.
    pub due: Date,
    /// How many.
    pub count: i64,
}

/// The open tasks that are due until a day, in cases of a kind that do not stand at these stages, those due first at the top.
///
/// # Errors
/// When the database fails.
pub async fn due_until<C: ConnectionTrait>(db: &C, (kind, but): (&Kind, &[&str]), until: Date) -> Result<Vec<Pending>> {
    use case_task::Column as C;
    let standing = Query::select()
        .column(case_file::Column::Id)
        .from(case_file::Entity)
        .and_where(case_file::Column::Kind.eq(kind.id))
        .and_where(case_file::Column::Stage.is_not_in(but.iter().copied()))
        .to_owned();
    let rows: Vec<Found> = case_task::Entity::find()
        .select_only()
        .columns([C::Case, C::Side, C::Owner, C::OwnerRole, C::Due])
        .column_as(C::Id.count(), "count")
        .filter(open())
        .filter(C::Due.lte(until.to_string()))
        .filter(C::Case.in_subquery(standing))
        .group_by(C::Case)
        .group_by(C::Side)
        .group_by(C::Owner)
        .group_by(C::OwnerRole)
        .group_by(C::Due)
        .order_by_asc(C::Due)
        .order_by_asc(C::Case)
        .into_tuple()
        .all(db)
        .await?;
    let read = |(case, side, owner, role, due, count): Found| {
        Ok(Pending { case, side, owner, role, due: due.parse().map_err(Error::internal)?, count })
    };
    rows.into_iter().map(read).collect()
}
