//! The table of delegations, beside the memberships that they made.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::authz::{Actor, Side};
use platform::clock::Clock;
use platform::identity::{account, membership, subject};
use platform::seal::{self, Place};
use platform::{Cx, Error, Result, Tx};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect};

use super::model::{Asking, Delegation, NEVER, State};
use crate::pack;

/// A delegation, as stored.
mod delegation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "delegation")]
    pub struct Model {
        /// The membership that it made.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub by: Uuid,
        pub to: Uuid,
        pub from_day: String,
        pub to_day: String,
        /// Sealed with the key of who is away.
        pub reason: Vec<u8>,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The most delegations that a page shows.
pub const SHOWN: u64 = 200;

/// A delegation with the membership that it made.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// What policies see of it.
    pub thing: Delegation,
    /// First and last day.
    pub days: (Date, Date),
    /// The membership.
    pub membership: membership::Model,
    /// Why, sealed.
    reason: Vec<u8>,
    /// The last instant that it was made for.
    planned: i64,
}

impl Held {
    /// How it stands now.
    pub fn state(&self, clock: &Clock) -> State {
        let early = !self.membership.is_open(clock.now()) && self.membership.until.is_some_and(|until| until < self.planned);
        State::of(self.days, early, clock.today())
    }
}

async fn hold<C: ConnectionTrait>(cx: &Cx, db: &C, rows: Vec<delegation::Model>) -> Result<Vec<Held>> {
    let made = membership::Entity::find().filter(membership::Column::Id.is_in(rows.iter().map(|row| row.id))).all(db).await?;
    let mut all = Vec::new();
    for row in rows {
        let membership =
            made.iter().find(|one| one.id == row.id).cloned().ok_or_else(|| Error::internal("a delegation without its role"))?;
        let (from, until): (Date, Date) = (row.from_day.parse().map_err(Error::internal)?, row.to_day.parse().map_err(Error::internal)?);
        all.push(Held {
            thing: Delegation { id: row.id, by: row.by, to: row.to, role: membership.role.clone() },
            days: (from, until),
            membership,
            reason: row.reason,
            planned: cx.core().clock.end_of(until),
        });
    }
    Ok(all)
}

/// A delegation.
///
/// # Errors
/// [`Error::NotFound`]; when the database fails.
pub async fn get<C: ConnectionTrait>(cx: &Cx, db: &C, id: Uuid) -> Result<Held> {
    let row = delegation::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    hold(cx, db, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// The SQL twin of the policies on `delegation.view`.
pub fn visible(actor: &Actor) -> Condition {
    let Some(who) = actor.account() else {
        let all = matches!(actor, Actor::Operator | Actor::Job(_));
        return if all { Condition::all() } else { Condition::all().add(delegation::Column::Id.is_in(Vec::<Uuid>::new())) };
    };
    if who.side == Side::Authority && ["administrator", "security", "internal_audit"].contains(&who.role.as_str()) {
        return Condition::all();
    }
    Condition::any().add(delegation::Column::By.eq(who.account)).add(delegation::Column::To.eq(who.account))
}

/// The delegations that the actor sees, the latest first, at most `limit` after this one: of everybody, or those that one account gave or has.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Cx, of: Option<Uuid>, after: Option<Uuid>, limit: u64) -> Result<Vec<Held>> {
    let mut query = delegation::Entity::find().filter(visible(&cx.actor));
    if let Some(after) = after {
        query = query.filter(delegation::Column::Id.lt(after));
    }
    if let Some(account) = of {
        query = query.filter(Condition::any().add(delegation::Column::By.eq(account)).add(delegation::Column::To.eq(account)));
    }
    // Ids grow with time.
    let rows = query.order_by_desc(delegation::Column::Id).limit(limit).all(cx.db()).await?;
    hold(cx, cx.db(), rows).await
}

/// What of an account's has not ended: the delegations that it gave, and those that it has.
///
/// # Errors
/// When the database fails.
pub async fn open<C: ConnectionTrait>(cx: &Cx, db: &C, account: Uuid) -> Result<Vec<Held>> {
    let still = Query::select().column(membership::Column::Id).from(membership::Entity).cond_where(membership::open(cx.now())).to_owned();
    let rows = delegation::Entity::find()
        .filter(Condition::any().add(delegation::Column::By.eq(account)).add(delegation::Column::To.eq(account)))
        .filter(delegation::Column::Id.in_subquery(still))
        .order_by_asc(delegation::Column::FromDay)
        .order_by_asc(delegation::Column::Id);
    hold(cx, db, rows.all(db).await?).await
}

/// Those that have not ended of a membership whose role is given away.
///
/// # Errors
/// When the database fails.
pub async fn of_membership<C: ConnectionTrait>(cx: &Cx, db: &C, id: Uuid) -> Result<Vec<Held>> {
    let still = membership::Entity::find().filter(membership::Column::StandsFor.eq(id)).filter(membership::open(cx.now()));
    let ids: Vec<Uuid> = still.all(db).await?.into_iter().map(|row| row.id).collect();
    hold(cx, db, delegation::Entity::find().filter(delegation::Column::Id.is_in(ids)).all(db).await?).await
}

/// Why somebody decides in another's place, in their words; none once their key was destroyed.
///
/// # Errors
/// When the database fails or the words do not open.
pub async fn reason<C: ConnectionTrait>(cx: &Cx, db: &C, of: &Held) -> Result<Option<String>> {
    let Some(key) = seal::find_subject_key(db, &cx.core().master, &subject(of.thing.by)).await? else { return Ok(None) };
    let opened = key.open(&place(&of.thing.id.to_string()), &of.reason)?;
    Ok(Some(String::from_utf8_lossy(&opened).into_owned()))
}

fn place(id: &str) -> Place<'_> {
    Place { table: "delegation", id, field: "reason" }
}

/// Keeps a delegation of this membership, and the one that it makes.
///
/// # Errors
/// When the database fails, or the key of who is away was destroyed.
pub(super) async fn insert(cx: &Cx, tx: &Tx, of: &membership::Model, thing: &Delegation, asked: &Asking) -> Result<()> {
    let clock = &cx.core().clock;
    // From the first instant of its first day; from now, where that is today.
    let since = asked.from.yesterday().map_or(0, |day| clock.end_of(day) + 1).max(tx.now());
    let made = membership::ActiveModel {
        id: ActiveValue::Set(thing.id),
        account: ActiveValue::Set(thing.to),
        party: ActiveValue::Set(of.party),
        role: ActiveValue::Set(of.role.clone()),
        since: ActiveValue::Set(since),
        until: ActiveValue::Set(Some(clock.end_of(asked.until))),
        version: ActiveValue::Set(1),
        stands_for: ActiveValue::Set(Some(of.id)),
    };
    membership::Entity::insert(made).exec_without_returning(tx.db()).await?;
    let key = tx.key(cx, &subject(thing.by)).await?;
    let row = delegation::ActiveModel {
        id: ActiveValue::Set(thing.id),
        by: ActiveValue::Set(thing.by),
        to: ActiveValue::Set(thing.to),
        from_day: ActiveValue::Set(asked.from.to_string()),
        to_day: ActiveValue::Set(asked.until.to_string()),
        reason: ActiveValue::Set(key.seal(&place(&thing.id.to_string()), asked.reason.trim().as_bytes())?),
        made_at: ActiveValue::Set(tx.now()),
    };
    delegation::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Ends the membership that a delegation made, unless it has ended or changed meanwhile; whether it did.
///
/// # Errors
/// When the database fails.
pub(super) async fn end(tx: &Tx, of: &membership::Model) -> Result<bool> {
    let done = membership::Entity::update_many()
        .col_expr(membership::Column::Until, Expr::value(tx.now()))
        .col_expr(membership::Column::Version, Expr::value(of.version + 1))
        .filter(membership::Column::Id.eq(of.id))
        .filter(membership::Column::Version.eq(of.version))
        .filter(membership::open(tx.now()))
        .exec(tx.db())
        .await?;
    Ok(done.rows_affected == 1)
}

/// The pack whose levels decide on cases.
const LEVELS_OF: &str = "offshoring";

/// The roles that decide: those that the decision levels of proposals name, in any edition, and management, which also rules on breaches.
pub fn deciding(cx: &Cx) -> BTreeSet<String> {
    let packs = pack::packs(cx.core());
    let named =
        packs.of(LEVELS_OF).flat_map(|pack| &pack.decision_levels).flat_map(|level| level.roles.iter().map(|role| role.code().to_owned()));
    named.chain(["management".to_owned()]).collect()
}

/// The actor's own roles at the authority that decide.
///
/// # Errors
/// When the database fails.
pub async fn own<C: ConnectionTrait>(cx: &Cx, db: &C) -> Result<Vec<membership::Model>> {
    let Some(actor) = cx.actor.account().filter(|actor| actor.side == Side::Authority) else { return Ok(Vec::new()) };
    let roles = deciding(cx);
    let all = membership::own(db, actor.account, cx.now()).await?;
    Ok(all.into_iter().filter(|row| roles.contains(&row.role)).collect())
}

/// Whether an account can stand for somebody of this party until a day: it is there until then, may more than read, has a role there of its own and
/// audits nothing.
///
/// # Errors
/// When the database fails.
pub async fn suits<C: ConnectionTrait>(cx: &Cx, db: &C, account: Uuid, party: Uuid, until: Date) -> Result<bool> {
    let found = account::Entity::find_by_id(account).one(db).await?;
    let there = |row: &account::Model| row.ends_on.as_ref().is_none_or(|day| *day >= until.to_string());
    if !found.is_some_and(|row| row.stands(&cx.core().clock) && !row.read_only && there(&row)) {
        return Ok(false);
    }
    let own = membership::own(db, account, cx.now()).await?;
    Ok(own.iter().any(|row| row.party == party) && own.iter().all(|row| row.role != NEVER))
}
