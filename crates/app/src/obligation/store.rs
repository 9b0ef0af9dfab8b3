//! The tables of duties and of what they are counted from. A row of `duty` holds what was computed (`super::keeping`) beside what people recorded,
//! so that lists, filters and counts read one table, page by page. A row is never deleted: what was recorded stays when the duty does not.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use platform::authz::{Actor, Guarded, Resource, Side};
use platform::register::{Count, count, nothing};
use platform::{Cx, Error, Result};
use rules::pack::{Obligation, Pack};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::model::{BY_PLACE, Happened, Key, Status, WARNING_DAYS};
use crate::contract::chain;
use crate::contract::store as contracts;
use crate::pack;

/// One duty: where it is owed, by when, and what was recorded.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty")]
pub struct Model {
    /// The place that owes it; the contract for a duty of one of the authority's roles.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: Uuid,
    /// The pack.
    #[sea_orm(primary_key, auto_increment = false)]
    pub pack: String,
    /// The obligation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub obligation: String,
    /// The contract.
    pub contract: Uuid,
    /// The place; none for a duty of one of the authority's roles.
    pub place: Option<Uuid>,
    /// The party that owes it.
    pub party: Uuid,
    /// The pack's edition.
    pub edition: String,
    /// [`BY_PLACE`], or the role of the authority that owes it.
    pub role: String,
    /// It is owed now.
    pub owed: bool,
    /// Its condition is known to hold, or it has none.
    pub certain: bool,
    /// It was shown to be met, by people or by what this service saw happen.
    pub met: bool,
    /// When this service saw happen what shows it, ISO.
    pub shown_on: Option<String>,
    /// The reference under which that can be found.
    pub shown_by: Option<String>,
    /// The last good day, ISO; [`NO_DAY`] where there is none. Lists go by it.
    pub due_key: String,
    /// `none`, `met` or `not_applicable`.
    pub state: String,
    /// When last met, ISO.
    pub met_on: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Where that can be found.
    pub found_at: Option<String>,
    /// The first day that the evidence covers, ISO.
    pub covers_from: Option<String>,
    /// The last day that the evidence covers, ISO.
    pub covers_to: Option<String>,
    /// Why it does not apply.
    pub reason: Option<String>,
    /// Who recorded it last: the account's id, or the kind of another actor.
    pub set_by: Option<String>,
    /// The party for which that account acted.
    pub set_party: Option<Uuid>,
    /// When.
    pub set_at: Option<i64>,
    /// Guards against lost updates; 0 while nothing was recorded.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What happened, and when: what duties are counted from beside the contract's own days.
pub mod event {
    use sea_orm::entity::prelude::*;

    /// One event on one day.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "duty_event")]
    pub struct Model {
        /// The place, or the contract.
        #[sea_orm(primary_key, auto_increment = false)]
        pub at: Uuid,
        /// The event's id, as packs name it.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event: String,
        /// The day, ISO.
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: String,
        /// The contract.
        pub contract: Uuid,
        /// The place; none when it concerns the whole contract.
        pub place: Option<Uuid>,
        /// The reference under which it can be found.
        pub reference: Option<String>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The key of a duty without a day: after every day.
pub const NO_DAY: &str = "9999-12-31";

/// A duty with what policies and pages read of it.
#[derive(Debug, Clone)]
pub struct Duty {
    /// The row.
    pub row: Model,
    /// The pack that sets it.
    pub pack: Arc<Pack>,
    /// The contract's title.
    pub title: String,
    /// The contract has ended.
    pub ended: bool,
    /// The contract's manager.
    pub manager: Option<Uuid>,
    /// The parties with a standing place at or above it.
    pub seen_by: BTreeSet<Uuid>,
}

impl Duty {
    /// The obligation as the pack has it; none when the edition that had it is gone.
    pub fn obligation(&self) -> Option<&Obligation> {
        self.pack.obligations.iter().find(|o| o.id == self.row.obligation)
    }

    /// The last good day, if there is one.
    pub fn due_on(&self) -> Option<Date> {
        self.row.due_key.parse().ok().filter(|_| self.row.due_key != NO_DAY)
    }

    /// How it stands on `today`.
    pub fn status(&self, today: Date) -> Status {
        let due = self.due_on();
        match self.row.state.as_str() {
            _ if !self.row.owed => Status::Past,
            "not_applicable" => Status::NotApplicable,
            _ if due.is_some_and(|day| day < today) => Status::Overdue,
            _ if due.is_some_and(|day| day <= horizon(today)) => Status::Soon,
            _ if self.row.met => Status::Met,
            _ => Status::Open,
        }
    }
}

impl Guarded for Duty {
    fn resource(&self) -> Resource {
        let row = &self.row;
        Resource::new("obligation", format!("{}.{}.{}", row.at, row.pack, row.obligation))
            .with("party", row.party)
            .with("role", row.role.as_str())
            .maybe("manager", self.manager)
            .set("seen_by", &self.seen_by)
    }
}

/// The last day on which something is due soon.
fn horizon(today: Date) -> Date {
    today.saturating_add(jiff::Span::new().days(WARNING_DAYS))
}

/// The duties that `actor` may view: the twin of the `obligation.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    chain::at_places_seen(actor, Column::Place)
}

/// Whose duties a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The actor's own: of its party, or of its role at the authority.
    Mine,
    /// A supplier's: of those below it in its chains.
    Below,
    /// All suppliers'.
    Suppliers,
    /// The authority's.
    Authority,
}

impl Whose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mine, Self::Below, Self::Suppliers, Self::Authority];

    /// Its code, for addresses and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Below => "below",
            Self::Suppliers => "suppliers",
            Self::Authority => "authority",
        }
    }

    fn condition(self, actor: &Actor) -> Condition {
        let Some(account) = actor.account() else { return nothing() };
        let all = Condition::all();
        match (self, account.side) {
            (Self::Mine, Side::Supplier) => all.add(Column::Party.eq(account.party)),
            (Self::Mine, Side::Authority) => {
                let mine = all.add(Column::Party.eq(account.party)).add(Column::Role.eq(account.role.as_str()));
                // Each contract has a manager of its own.
                let managed = || Expr::exists(contracts::managed_by(account.account, (Entity, Column::Contract)));
                if account.role == "contract_manager" { mine.add(managed()) } else { mine }
            }
            (Self::Below, _) => all.add(Column::Role.eq(BY_PLACE)).add(Column::Party.ne(account.party)),
            (Self::Suppliers, _) => all.add(Column::Role.eq(BY_PLACE)),
            (Self::Authority, _) => all.add(Column::Role.ne(BY_PLACE)),
        }
    }
}

/// Where a page of a list begins: after the duty with this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After(pub String, pub Key);

impl After {
    /// As an address says it.
    pub fn text(&self) -> String {
        let Self(due, (at, pack, duty)) = self;
        format!("{due}.{at}.{pack}.{duty}")
    }

    /// As an address said it.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let due = parts.next()?.to_owned();
        Some(Self(due, (parts.next()?.parse().ok()?, parts.next()?.to_owned(), parts.next()?.to_owned())))
    }
}

/// What is asked of a list; what is not set does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// How they stand.
    pub status: Option<Status>,
    /// The contract.
    pub contract: Option<Uuid>,
    /// The party.
    pub party: Option<Uuid>,
    /// Whose.
    pub whose: Option<Whose>,
    /// The duty that the page comes after.
    pub after: Option<After>,
    /// So many on a page, where not the usual number.
    pub most: Option<u64>,
}

impl Ask {
    fn condition(&self, cx: &Cx) -> Condition {
        let mut all = visible(&cx.actor).add(Column::Owed.eq(true));
        all = all.add_option(self.status.map(|status| standing(status, cx.core().clock.today())));
        all = all.add_option(self.contract.map(|id| Column::Contract.eq(id)));
        all = all.add_option(self.party.map(|id| Column::Party.eq(id)));
        all.add_option(self.whose.map(|whose| whose.condition(&cx.actor)))
    }
}

/// The rows that stand so on `today`: what [`Duty::status`] says of one.
fn standing(status: Status, today: Date) -> Condition {
    let (today, horizon) = (today.to_string(), horizon(today).to_string());
    let live = Condition::all().add(Column::State.ne("not_applicable"));
    match status {
        Status::Overdue => live.add(Column::DueKey.lt(today)),
        Status::Soon => live.add(Column::DueKey.gte(today)).add(Column::DueKey.lte(horizon)),
        Status::Open => live.add(Column::Met.eq(false)).add(Column::DueKey.gt(horizon)),
        Status::Met => live.add(Column::Met.eq(true)).add(Column::DueKey.gt(horizon)),
        Status::NotApplicable => Condition::all().add(Column::State.eq("not_applicable")),
        Status::Past => Condition::all().add(Column::Owed.eq(false)),
    }
}

/// Duties on one page of a list.
pub const PAGE: u64 = 50;

/// A page of the duties asked for that the actor may view, those due first at the top, and where the next page begins.
///
/// # Errors
/// When the database fails.
pub async fn page(cx: &Cx, ask: &Ask) -> Result<(Vec<Duty>, Option<After>)> {
    let mut query = Entity::find().filter(ask.condition(cx));
    if let Some(After(due, (at, pack, obligation))) = &ask.after {
        let here = [Column::DueKey, Column::At, Column::Pack, Column::Obligation].map(ColumnTrait::into_expr);
        let there = [due.as_str().into(), (*at).into(), pack.as_str().into(), obligation.as_str().into()];
        query = query.filter(Expr::tuple(here).gt(Expr::tuple(there)));
    }
    for column in [Column::DueKey, Column::At, Column::Pack, Column::Obligation] {
        query = query.order_by_asc(column);
    }
    let most = ask.most.unwrap_or(PAGE);
    let mut rows = query.limit(most + 1).all(cx.db()).await?;
    let more = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| After(row.due_key.clone(), (row.at, row.pack.clone(), row.obligation.clone())));
    Ok((load(cx, rows).await?, next))
}

/// Most duties of one place: packs hold some dozens each.
const MOST_AT_PLACE: u64 = 1_000;

/// All that is owed, or was once, at one place of a chain or by the authority's roles under a contract, whoever asks: those due first at the
/// top.
///
/// # Errors
/// [`Error::NotFound`] when nothing ever was.
pub async fn at(cx: &Cx, at: Uuid) -> Result<Vec<Duty>> {
    let here = Entity::find().filter(Column::At.eq(at)).order_by_asc(Column::DueKey);
    let rows = here.order_by_asc(Column::Pack).order_by_asc(Column::Obligation).limit(MOST_AT_PLACE).all(cx.db()).await?;
    if rows.is_empty() { Err(Error::NotFound) } else { load(cx, rows).await }
}

/// How many duties fit, as far as counted.
///
/// # Errors
/// When the database fails.
pub async fn counted(cx: &Cx, ask: &Ask) -> Result<Count> {
    count::<Entity>(cx.db(), ask.condition(cx), Condition::all()).await
}

/// Some of the contracts and parties of the duties asked for: each at most `most` and one, by what occurs in them.
///
/// # Errors
/// When the database fails.
pub async fn occurring(cx: &Cx, ask: &Ask, column: Column, most: u64) -> Result<Vec<Uuid>> {
    let query = Entity::find().filter(ask.condition(cx)).select_only().column(column).distinct().limit(most + 1);
    Ok(query.into_tuple().all(cx.db()).await?)
}

/// One duty. Whether the actor may see it, `cx.permit("obligation.view", …)` says.
///
/// # Errors
/// [`Error::NotFound`] when it was never owed there.
pub async fn get(cx: &Cx, at: Uuid, pack: &str, obligation: &str) -> Result<Duty> {
    let row = Entity::find_by_id((at, pack.to_owned(), obligation.to_owned())).one(cx.db()).await?.ok_or(Error::NotFound)?;
    load(cx, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Rows with what policies and pages read of them, in two queries however many there are. A duty whose pack this service no longer has, in any
/// edition, cannot be shown.
async fn load(cx: &Cx, rows: Vec<Model>) -> Result<Vec<Duty>> {
    let on = contracts::some(cx.db(), rows.iter().map(|row| row.contract)).await?;
    let seen = chain::seen_by(cx.db(), rows.iter().filter_map(|row| row.place)).await?;
    let packs = pack::packs(cx.core());
    let with = |row: Model| {
        let pack = packs.get(&row.pack, &row.edition).or_else(|| packs.newest(&row.pack))?.clone();
        let contract = on.get(&row.contract)?;
        let seen_by = row.place.and_then(|place| seen.get(&place).cloned()).unwrap_or_default();
        Some(Duty { pack, title: contract.title.clone(), ended: contract.state == "ended", manager: contract.manager, seen_by, row })
    };
    Ok(rows.into_iter().filter_map(with).collect())
}

pub(super) fn key(row: &Model) -> Key {
    (row.at, row.pack.clone(), row.obligation.clone())
}

pub(super) fn is(of: &Key) -> Condition {
    Condition::all().add(Column::At.eq(of.0)).add(Column::Pack.eq(of.1.as_str())).add(Column::Obligation.eq(of.2.as_str()))
}

/// Whether it is kept that something happened on its day.
pub(super) async fn is_kept(db: &DatabaseTransaction, contract: Uuid, happened: &Happened) -> Result<bool> {
    let id = (happened.place.unwrap_or(contract), happened.event.clone(), happened.day.to_string());
    Ok(event::Entity::find_by_id(id).one(db).await?.is_some())
}

/// Keeps no longer that something happened on a day, unless it is kept under another reference: whether it was.
pub(super) async fn forget_event(db: &DatabaseTransaction, contract: Uuid, happened: &Happened) -> Result<bool> {
    let at = happened.place.unwrap_or(contract);
    let mut gone = event::Entity::delete_many().filter(event::Column::At.eq(at)).filter(event::Column::Event.eq(&happened.event));
    gone = gone.filter(event::Column::Day.eq(happened.day.to_string()));
    gone = match &happened.reference {
        Some(reference) => gone.filter(event::Column::Reference.eq(reference)),
        None => gone.filter(event::Column::Reference.is_null()),
    };
    Ok(gone.exec(db).await?.rows_affected > 0)
}

/// Keeps that something happened on a day; a second time is once.
pub(super) async fn keep_event(db: &DatabaseTransaction, contract: Uuid, happened: &Happened) -> Result<()> {
    let row = event::Model {
        at: happened.place.unwrap_or(contract),
        event: happened.event.clone(),
        day: happened.day.to_string(),
        contract,
        place: happened.place,
        reference: happened.reference.clone(),
    };
    let once = OnConflict::columns([event::Column::At, event::Column::Event, event::Column::Day]).do_nothing().to_owned();
    let row = sea_orm::ActiveModelTrait::reset_all(event::ActiveModel::from(row));
    event::Entity::insert(row).on_conflict(once).exec_without_returning(db).await?;
    Ok(())
}

/// Saves what was recorded in `row`, over version `row.version` of it.
pub(super) async fn save(db: &DatabaseTransaction, row: &Model) -> Result<()> {
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(row.state.as_str()))
        .col_expr(Column::MetOn, Expr::value(row.met_on.clone()))
        .col_expr(Column::Evidence, Expr::value(row.evidence.clone()))
        .col_expr(Column::FoundAt, Expr::value(row.found_at.clone()))
        .col_expr(Column::CoversFrom, Expr::value(row.covers_from.clone()))
        .col_expr(Column::CoversTo, Expr::value(row.covers_to.clone()))
        .col_expr(Column::Reason, Expr::value(row.reason.clone()))
        .col_expr(Column::SetBy, Expr::value(row.set_by.clone()))
        .col_expr(Column::SetParty, Expr::value(row.set_party))
        .col_expr(Column::SetAt, Expr::value(row.set_at))
        .col_expr(Column::Version, Expr::value(row.version + 1));
    let done = update.filter(is(&key(row))).filter(Column::Version.eq(row.version)).exec(db).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(platform::texts::Text::new("obligation-stale"))) }
}
