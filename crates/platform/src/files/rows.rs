//! The table of files, and who sees which of a thing's files.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect as _, QueryTrait};

use crate::authz::{AccountActor, Actor, Side};
use crate::cx::Tx;
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::register::nothing;
use crate::texts::Text;

/// One version of one file.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    /// Its id, under which its bytes lie in the store.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The kind of the thing that it is attached to.
    pub kind: String,
    /// That thing's id.
    pub thing: String,
    /// What of the thing it belongs to: `task.<id>`, `q.<question>`; none for the whole.
    pub field: Option<String>,
    /// The id of its first version, which stands for all of them.
    pub chain: Uuid,
    /// Which version, from 1.
    pub number: i32,
    /// The version that took its place.
    pub superseded_by: Option<Uuid>,
    /// Its name, sealed with the thing's key.
    pub name: Vec<u8>,
    /// What it is, by its content: the code of a [`super::kind::FileKind`].
    pub content: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The key of its bytes, sealed with the thing's key.
    pub wrapped: Vec<u8>,
    /// The first day that it covers, ISO.
    pub covers_from: Option<String>,
    /// The last day that it covers, ISO.
    pub covers_to: Option<String>,
    /// The day after which it shows nothing any more, ISO.
    pub expires_on: Option<String>,
    /// Whether it stays within the authority.
    pub internal: bool,
    /// Whether it answers a question whose answers are sealed.
    pub sensitive: bool,
    /// Whether a scanner called it clean; else none was set.
    pub scanned: bool,
    /// When it was uploaded.
    pub at: i64,
    /// By which account.
    pub account: Uuid,
    /// For which party.
    pub party: Uuid,
    /// The side of that party, by code.
    pub side: String,
    /// When it was handed in: from then on it stays. None while it belongs to a draft.
    pub fixed_at: Option<i64>,
    /// Why it is withheld, if it is: the code of a [`super::Held`].
    pub held: Option<String>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The files that `actor` may view among those of a thing that it may view: the SQL twin of `file.view`. Whether it may view the thing
/// itself, open its sensitive files (`reveals`) and decide about those that are withheld (`settles`), the thing's own policies say.
pub fn visible(actor: &Actor, reveals: bool, settles: bool) -> Condition {
    let own = |account: &AccountActor| Condition::all().add(Column::Party.eq(account.party)).add(Column::Account.eq(account.account));
    let decided = match (actor, settles) {
        (Actor::Account(account), false) => own(account),
        (Actor::Account(account), true) => {
            let theirs = match account.side {
                Side::Supplier => Column::Party.eq(account.party),
                Side::Authority => Column::Side.eq(Side::Authority.code()),
            };
            Condition::any().add(theirs).add(own(account))
        }
        _ => nothing(),
    };
    let seen = match actor {
        Actor::Operator | Actor::Job(_) => return Condition::all(),
        Actor::Anonymous | Actor::Link { .. } => return nothing(),
        Actor::Account(account) => match account.side {
            Side::Supplier => Condition::all().add(Column::Internal.eq(false)),
            Side::Authority => Condition::any().add(Column::FixedAt.is_not_null()).add(Column::Side.eq(Side::Authority.code())),
        },
    };
    let open = Condition::any().add(Column::Sensitive.eq(false)).add(Column::FixedAt.is_null());
    let let_through = Condition::any().add(Column::Held.is_null()).add(decided);
    if reveals { seen } else { Condition::all().add(seen).add(open).add(let_through) }
}

/// One file.
pub(super) async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// One file, its row locked until the transaction ends.
pub(super) async fn lock(tx: &Tx, id: Uuid) -> Result<Model> {
    let mut query = Entity::find_by_id(id);
    dialect::lock_rows(tx.db().get_database_backend(), QueryTrait::query(&mut query));
    query.one(tx.db()).await?.ok_or(Error::NotFound)
}

/// Of each of a thing's files the newest version that meets `which`, oldest file first: what has taken its place but is not to be seen yet
/// hides nothing. With a field, those of that field only.
pub(super) async fn of_thing<C: ConnectionTrait>(
    db: &C,
    kind: &str,
    thing: &str,
    field: Option<&str>,
    which: Condition,
) -> Result<Vec<Model>> {
    let mut all = every(db, kind, thing, field, which).await?;
    // Versions of one file stand together, the newest first.
    all.dedup_by_key(|row| row.chain);
    Ok(all)
}

/// Every version of a thing's files that meets `which`: file by file, the newest version first.
pub(super) async fn every<C: ConnectionTrait>(
    db: &C,
    kind: &str,
    thing: &str,
    field: Option<&str>,
    which: Condition,
) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::Thing.eq(thing)).filter(which);
    if let Some(field) = field {
        query = query.filter(Column::Field.eq(field));
    }
    Ok(query.order_by_asc(Column::Chain).order_by_desc(Column::Number).limit(MOST).all(db).await?)
}

/// Files of one thing at most: more are refused, so that a list always shows all.
pub(super) const MOST: u64 = 500;

/// How many files a thing has, versions and drafts included.
pub(super) async fn count<C: ConnectionTrait>(db: &C, kind: &str, thing: &str) -> Result<u64> {
    Ok(Entity::find().filter(Column::Kind.eq(kind)).filter(Column::Thing.eq(thing)).count(db).await?)
}

/// All versions of a file that meet `which`, newest first.
pub(super) async fn versions<C: ConnectionTrait>(db: &C, chain: Uuid, which: Condition) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::Chain.eq(chain)).filter(which).order_by_desc(Column::Number).all(db).await?)
}

/// Puts `by` in the place of `old`, or of none what `old` was replaced by.
pub(super) async fn supersede(tx: &Tx, old: Uuid, by: Uuid) -> Result<()> {
    let done = Entity::update_many()
        .col_expr(Column::SupersededBy, Expr::value(by))
        .filter(Column::Id.eq(old))
        .filter(Column::SupersededBy.is_null())
        .exec(tx.db())
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(Text::new("file-stale"))) }
}

/// The files of a thing that were not handed in yet.
pub(super) async fn drafts(tx: &Tx, kind: &str, thing: &str) -> Result<Vec<Model>> {
    let mut query = Entity::find()
        .filter(Column::Kind.eq(kind))
        .filter(Column::Thing.eq(thing))
        .filter(Column::FixedAt.is_null())
        .order_by_asc(Column::Id);
    dialect::lock_rows(tx.db().get_database_backend(), QueryTrait::query(&mut query));
    Ok(query.all(tx.db()).await?)
}

/// From now on these stay.
pub(super) async fn fix(tx: &Tx, kind: &str, thing: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::FixedAt, Expr::value(tx.now()))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Thing.eq(thing))
        .filter(Column::FixedAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Forgets a file that was never handed in; what it had replaced stands again.
pub(super) async fn forget(tx: &Tx, row: &Model) -> Result<()> {
    let back = Expr::value(row.superseded_by);
    Entity::update_many().col_expr(Column::SupersededBy, back).filter(Column::SupersededBy.eq(row.id)).exec(tx.db()).await?;
    let gone = Entity::delete_many().filter(Column::Id.eq(row.id)).filter(Column::FixedAt.is_null()).exec(tx.db()).await?;
    if gone.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(Text::new("file-stale"))) }
}

/// Which of these ids no row has.
pub(super) async fn unknown<C: ConnectionTrait>(db: &C, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let known = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await?;
    Ok(ids.iter().filter(|id| known.iter().all(|row| row.id != **id)).copied().collect())
}
