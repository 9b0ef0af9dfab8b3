//! Idempotency keys that were answered.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::{ActiveValue, Actor, ConnectionTrait, Error, Result, Tx, random};
use crate::texts::Text;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "once")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub at: i64,
    pub location: Option<String>,
    /// What was asked for with it, digested; none for forms, whose keys nobody else writes.
    pub request: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

super::housekept!(Entity);

/// Where answered forms led, on its way into the table: those that wait for the writer together are written together.
#[derive(Debug, Default)]
pub struct Answers {
    waiting: std::sync::Mutex<Vec<(String, String)>>,
    turn: tokio::sync::Mutex<()>,
}

impl Answers {
    /// Takes in where the form with this key led, as stored, and returns once that is written, whoever wrote it.
    pub(super) async fn keep(&self, cx: &super::Cx, key: &str, location: &str) -> Result<()> {
        let waiting = || self.waiting.lock().map_err(|_| Error::internal("answers fell apart"));
        waiting()?.push((key.to_owned(), location.to_owned()));
        let _turn = self.turn.lock().await;
        let all = std::mem::take(&mut *waiting()?);
        if all.is_empty() {
            return Ok(());
        }
        let house = cx.housekeep().await?;
        for (key, location) in all {
            let change = Entity::update_many().col_expr(Column::Location, Expr::value(location)).filter(Column::Key.eq(key));
            house.update::<Entity>(change).await?;
        }
        house.done().await
    }
}

/// A key as one actor sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// As stored: one actor's key tells nothing about another's.
    pub(super) stored: String,
    /// What is asked for with it, digested.
    request: Option<String>,
    /// Where it leads once its one commit is done, where that is known before.
    pub(super) leads_to: Option<String>,
}

impl Key {
    pub(super) fn new(key: &str, actor: &Actor, request: Option<&[u8]>) -> Self {
        let (kind, id) = actor.reference();
        let stored = hex::encode(random::digest(format!("{kind}/{id}/{key}").as_bytes()));
        Self { stored, request: request.map(|r| hex::encode(random::digest(r))), leads_to: None }
    }

    /// The error for a request whose key `row` holds.
    fn taken(&self, row: Option<Model>) -> Error {
        let other = row.as_ref().and_then(|row| row.request.as_ref()).zip(self.request.as_ref()).is_some_and(|(a, b)| a != b);
        if other {
            Error::field("Idempotency-Key", Text::new("error-key-reused"))
        } else {
            Error::Repeated(row.and_then(|row| row.location))
        }
    }
}

/// Takes the key for `tx`; on PostgreSQL, a twin that holds it is waited for.
pub(super) async fn claim(tx: &Tx, key: &Key) -> Result<()> {
    let row = ActiveModel {
        key: ActiveValue::Set(key.stored.clone()),
        at: ActiveValue::Set(tx.now),
        location: ActiveValue::Set(key.leads_to.clone()),
        request: ActiveValue::Set(key.request.clone()),
    };
    let taken =
        Entity::insert(row).on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned()).exec_without_returning(tx.db()).await?;
    if taken == 1 {
        return Ok(());
    }
    Err(key.taken(Entity::find_by_id(&key.stored).one(tx.db()).await?))
}

/// That the key was not used.
pub(super) async fn refuse<C: ConnectionTrait>(db: &C, key: &Key) -> Result<()> {
    match Entity::find_by_id(&key.stored).one(db).await? {
        None => Ok(()),
        row => Err(key.taken(row)),
    }
}
