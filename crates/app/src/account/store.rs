//! Queries over accounts and memberships.

use platform::authz::{Actor, Resource, Side};
use platform::clock::Millis;
use platform::identity::{PartyFace, account, holder, holder::Holder, membership, role_at, session};
use platform::{Cx, Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait};

use super::model;

/// Rows on a page of the list.
pub const PAGE: u64 = 50;

/// The account `id`.
pub(super) async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<account::Model> {
    account::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// The account `id`, locked until the transaction ends.
pub(crate) async fn lock<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<account::Model> {
    let mut query = account::Entity::find_by_id(id);
    platform::db::dialect::lock_rows(db.get_database_backend(), QueryTrait::query(&mut query));
    query.one(db).await?.ok_or(Error::NotFound)
}

/// These accounts.
///
/// # Errors
/// When the database fails.
pub(crate) async fn rows<C: ConnectionTrait>(db: &C, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await?)
}

/// What a membership is called: its role, its party, and in whose place it is, if in anybody's.
///
/// # Errors
/// When the database fails or a name does not open.
pub(super) async fn called(cx: &Cx, of: &membership::Model) -> Result<String> {
    let (party, acts_for) = (face(cx, of.party).await?.name, stands_for(cx, of).await?);
    Ok(role_at(&of.role, &party, acts_for.as_ref().map(|(_, name)| name.as_str())))
}

/// In whose place a membership is: their account and name; none of one's own.
///
/// # Errors
/// When the database fails or a name does not open.
pub(super) async fn stands_for(cx: &Cx, of: &membership::Model) -> Result<Option<(Uuid, String)>> {
    let Some(other) = of.stands_for else { return Ok(None) };
    let Some(other) = membership::Entity::find_by_id(other).one(cx.db()).await? else { return Ok(None) };
    let name = holder::names(cx.core(), cx.db(), [other.account]).await?.remove(&other.account).unwrap_or_default();
    Ok(Some((other.account, name)))
}

/// All memberships of an account, the standing ones first.
pub(super) async fn memberships<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<Vec<membership::Model>> {
    let mut all = membership::Entity::find()
        .filter(membership::Column::Account.eq(account))
        .order_by_asc(membership::Column::Since)
        .order_by_asc(membership::Column::Id)
        .all(db)
        .await?;
    all.sort_by_key(|m| m.until.is_some());
    Ok(all)
}

/// The parties in which the account has a standing role.
pub(super) async fn parties<C: ConnectionTrait>(db: &C, account: Uuid, now: Millis) -> Result<Vec<Uuid>> {
    Ok(memberships(db, account).await?.into_iter().filter(|m| m.stands(now)).map(|m| m.party).collect())
}

/// The account as policies see it.
pub(super) async fn thing<C: ConnectionTrait>(db: &C, account: Uuid, now: Millis) -> Result<Resource> {
    Ok(model::account_thing(account, &parties(db, account, now).await?))
}

/// Name and side of a party.
pub(crate) async fn face(cx: &Cx, party: Uuid) -> Result<PartyFace> {
    (cx.core().directory)(cx.db(), party).await?.ok_or(Error::NotFound)
}

/// The membership as policies see it.
pub(super) async fn membership_thing(cx: &Cx, row: &membership::Model) -> Result<Resource> {
    let side: Side = face(cx, row.party).await?.side;
    Ok(model::membership_thing(row.id, row.account, row.party, side, &row.role))
}

/// The membership with which a sign-in begins: the one used last, else the oldest that stands. Nobody begins in somebody else's place.
pub(super) async fn starting(cx: &Cx, account: Uuid) -> Result<Option<membership::Model>> {
    let standing = membership::own(cx.db(), account, cx.now()).await?;
    let last = session::Entity::find()
        .filter(session::Column::Account.eq(account))
        .order_by_desc(session::Column::SeenAt)
        .order_by_desc(session::Column::Id)
        .one(cx.db())
        .await?;
    let used = last.and_then(|s| standing.iter().find(|m| m.id == s.membership).cloned());
    Ok(used.or_else(|| standing.into_iter().next()))
}

/// How many accounts can go on as administrator, but for `except`: not those that only read, have a last day or nobody holds any more.
pub(super) async fn administrators<C: ConnectionTrait>(db: &C, except: Uuid, now: Millis) -> Result<u64> {
    let holders = Query::select()
        .column(membership::Column::Account)
        .from(membership::Entity)
        .and_where(membership::Column::Role.eq("administrator"))
        .and_where(membership::Column::StandsFor.is_null())
        .cond_where(membership::standing(now))
        .to_owned();
    Ok(account::Entity::find()
        .filter(account::Column::State.eq("active"))
        .filter(account::Column::ReadOnly.eq(false))
        .filter(account::Column::EndsOn.is_null())
        .filter(account::Column::EmailIndex.is_not_null())
        .filter(account::Column::Id.ne(except))
        .filter(account::Column::Id.in_subquery(holders))
        .count(db)
        .await?)
}

/// The accounts that have, or had, a role in one of these parties and can be successors: active, not `except`, the newest first.
pub(super) async fn colleagues(cx: &Cx, parties: &[Uuid], except: Uuid) -> Result<Vec<account::Model>> {
    let rows = account::Entity::find()
        .filter(account::Column::State.eq("active"))
        .filter(account::Column::Id.ne(except))
        .filter(account::Column::Id.in_subquery(with_role_in(parties, cx.now())))
        .order_by_desc(account::Column::Id)
        .limit(500)
        .all(cx.db())
        .await?;
    Ok(rows.into_iter().filter(|a| a.stands(&cx.core().clock) && !a.read_only).collect())
}

fn with_role_in(parties: &[Uuid], now: Millis) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(membership::Column::Account)
        .from(membership::Entity)
        .and_where(membership::Column::Party.is_in(parties.iter().copied()))
        .cond_where(membership::standing(now))
        .to_owned()
}

/// The SQL twin of the policies on `account.view`.
pub fn visible(actor: &Actor, now: Millis) -> Condition {
    let Some(who) = actor.account() else {
        return match actor {
            Actor::Operator | Actor::Job(_) => Condition::all(),
            _ => Condition::all().add(account::Column::Id.is_in(Vec::<Uuid>::new())),
        };
    };
    if ["administrator", "security", "internal_audit"].contains(&who.role.as_str()) {
        return Condition::all();
    }
    let seen = Condition::any().add(account::Column::Id.eq(who.account));
    if who.role == "supplier_lead" { seen.add(account::Column::Id.in_subquery(with_role_in(&[who.party], now))) } else { seen }
}

/// What the list is narrowed to.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Whole words of a name or e-mail address.
    pub words: String,
    /// A state, or empty.
    pub state: String,
    /// Continue after this account.
    pub after: Option<Uuid>,
    /// So many at once.
    pub limit: u64,
}

impl Default for Filter {
    fn default() -> Self {
        Self { words: String::new(), state: String::new(), after: None, limit: PAGE }
    }
}

/// One page of the accounts that the actor sees, the newest first, with who holds them, and whether more follow. Names are sealed, so no
/// database can order by them; ids grow with time.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn list(cx: &Cx, filter: &Filter) -> Result<(Vec<(account::Model, Holder)>, bool)> {
    let mut query = account::Entity::find().filter(visible(&cx.actor, cx.now()));
    if !filter.words.is_empty() {
        query = query.filter(holder::matching(cx.core(), cx.db(), &filter.words).await?);
    }
    if !filter.state.is_empty() {
        query = query.filter(account::Column::State.eq(&filter.state));
    }
    if let Some(after) = filter.after {
        query = query.filter(account::Column::Id.lt(after));
    }
    let mut rows = query.order_by_desc(account::Column::Id).limit(filter.limit + 1).all(cx.db()).await?;
    let more = rows.len() as u64 > filter.limit;
    rows.truncate(usize::try_from(filter.limit).unwrap_or(50));
    let mut holders = holder::all(cx.core(), cx.db(), &rows).await?;
    Ok((rows.into_iter().filter_map(|row| holders.remove(&row.id).map(|holder| (row, holder))).collect(), more))
}
