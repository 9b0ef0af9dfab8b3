//! Throttles against guessing that nobody can use to lock others out. Tries are counted before the proof is looked at, so that many at
//! once gain nothing, and tries that come too early are not counted, so that nobody can push the end of a pause away.
//!
//! A browser in which the account signed in before has a count of its own; others are counted by account and address, and, with a pause
//! of a minute at most, by account alone. Who is counted is named by the digest that finds them ([`super::account::Model::mark`]) or by an id:
//! digesting an address without a key would let anybody who reads the table try addresses out.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ConnectionTrait, QueryTrait};

use crate::clock::{DAY, MINUTE, Millis, SECOND};
use crate::cx::{Cx, House};
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::random;

/// A count is forgotten after so long without a failure.
const FORGET: Millis = DAY;

/// A count.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    /// What is counted, digested.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Failures since the last success.
    pub failures: i32,
    /// The last of them.
    pub last_at: i64,
    /// No further try before.
    pub until: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::cx::housekept!(Entity);

/// How pauses grow: `free` failures without one, then `first`, doubling, up to `longest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    free: i32,
    first: Millis,
    longest: Millis,
}

/// One browser that was here before, or one address.
pub const CLOSE: Pace = Pace { free: 5, first: 30 * SECOND, longest: 15 * MINUTE };
/// All strangers together: slow enough to make guessing hopeless, short enough to get in between.
pub const WIDE: Pace = Pace { free: 20, first: SECOND, longest: MINUTE };
/// Messages that somebody asks us to send.
pub const MESSAGES: Pace = Pace { free: 3, first: 5 * MINUTE, longest: 60 * MINUTE };

impl Pace {
    /// The pause after so many failures.
    pub fn pause(self, failures: i32) -> Millis {
        if failures < self.free {
            return 0;
        }
        let doublings = u32::try_from(failures - self.free).unwrap_or(0).min(30);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    key: String,
    pace: Pace,
    shared: bool,
}

impl Count {
    /// Counts by `parts`, which are stored digested.
    pub fn new(parts: &[&str], pace: Pace) -> Self {
        let key = parts.iter().map(|p| format!("{}:{p}", p.len())).collect::<Vec<_>>().concat();
        Self { key: hex::encode(random::digest(key.as_bytes())), pace, shared: false }
    }

    /// Shared by strangers: one's success takes back one's own try only.
    #[must_use]
    pub fn shared(mut self) -> Self {
        self.shared = true;
        self
    }
}

/// The counts of a try to prove to be `who`, a mark or an id, in the way `how`: from a browser known to the account, or from an address.
pub fn counts(how: &str, who: &str, address: &str, known: Option<&str>) -> Vec<Count> {
    match known {
        Some(device) => vec![Count::new(&[how, who, "device", device], CLOSE)],
        None => vec![Count::new(&[how, who, "address", address], CLOSE), Count::new(&[how, who, "all"], WIDE).shared()],
    }
}

/// Notes a try in all `counts`, as a failure until [`succeed`] takes it back.
///
/// # Errors
/// [`Error::TooMany`] with the seconds to wait, when one of them pauses; none is changed then.
pub async fn enter(cx: &Cx, counts: &[Count]) -> Result<()> {
    let house = cx.housekeep().await?;
    let now = cx.now();
    house.delete::<Entity>(Entity::delete_many().filter(Column::LastAt.lt(now - FORGET))).await?;
    let mut wait = 0;
    for count in counts {
        let blank = ActiveModel {
            key: ActiveValue::Set(count.key.clone()),
            failures: ActiveValue::Set(0),
            last_at: ActiveValue::Set(now),
            until: ActiveValue::Set(0),
        };
        Entity::insert(blank)
            .on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned())
            .exec_without_returning(house.db())
            .await?;
        let mut query = Entity::find_by_id(&count.key);
        dialect::lock_rows(house.db().get_database_backend(), QueryTrait::query(&mut query));
        let row = query.one(house.db()).await?.ok_or_else(|| Error::internal("a throttle vanished"))?;
        if row.until > now {
            wait = wait.max(row.until - now);
            continue;
        }
        let failures = row.failures.saturating_add(1);
        house
            .update::<Entity>(
                Entity::update_many()
                    .col_expr(Column::Failures, Expr::value(failures))
                    .col_expr(Column::LastAt, Expr::value(now))
                    .col_expr(Column::Until, Expr::value(now + count.pace.pause(failures)))
                    .filter(Column::Key.eq(&count.key)),
            )
            .await?;
    }
    if wait > 0 {
        // Dropped: a try that comes too early counts nowhere.
        return Err(Error::TooMany(u64::try_from((wait + SECOND - 1) / SECOND).unwrap_or(1)));
    }
    house.done().await
}

/// Whoever tries addresses of this kind out is slowed down; what they find looks like any page that is not there.
pub async fn missed(cx: &Cx, kind: &str, address: &str) -> Error {
    enter(cx, &[Count::new(&[kind, "address", address], CLOSE)]).await.err().unwrap_or(Error::NotFound)
}

/// The try succeeded: the counts start afresh, within the caller's transaction.
///
/// # Errors
/// When the database fails.
pub async fn succeed<C: ConnectionTrait>(db: &C, counts: &[Count]) -> Result<()> {
    use sea_orm::sea_query::ExprTrait as _;
    for count in counts {
        if count.shared {
            Entity::update_many()
                .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
                .col_expr(Column::Until, Expr::value(0_i64))
                .filter(Column::Key.eq(&count.key))
                .exec(db)
                .await?;
        } else {
            Entity::delete_by_id(&count.key).exec(db).await?;
        }
    }
    Ok(())
}

/// As [`succeed`], as housekeeping.
///
/// # Errors
/// When the database fails.
pub async fn forgive(house: &House, counts: &[Count]) -> Result<()> {
    succeed(house.db(), counts).await
}

#[cfg(test)]
mod tests;
