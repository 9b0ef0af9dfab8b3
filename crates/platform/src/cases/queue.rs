//! Lists and counts: what waits for me, what I wait for, and everything, filtered. Each query takes the feature's [`Visible`], the SQL
//! twin of its view policies; nothing here widens it.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{BinOper, ExprTrait as _, IntoColumnRef, IntoCondition as _, Query, SimpleExpr};
use sea_orm::{Condition, ConnectionTrait, Order, QueryOrder, QuerySelect, QueryTrait};

use super::lifecycle::{Kind, SUPPLIER};
use super::rows::{case_file::Column, decision};
use super::store::{Case, CaseEntity};
use crate::authz::{AccountActor, Actor, Side};
use crate::clock::Millis;
use crate::db::{count_up_to, dialect};
use crate::error::Result;
use crate::register::Count;
use crate::search;

/// Counts stop here and say "1,000+".
pub const COUNT_LIMIT: u64 = 1_000;
/// Rows of one page of a list.
pub const PAGE: u64 = 50;

/// The cases that an actor may view: the feature's twin of its view policies, and the way to them.
#[derive(Debug, Clone)]
pub struct Visible {
    condition: Condition,
    at_places: bool,
}

impl Visible {
    /// Most of all cases, as for the authority: read in the order of their kind.
    pub fn most(condition: Condition) -> Self {
        Self { condition, at_places: false }
    }

    /// Those at some places, few among all: sought by these places, or a supplier would wait the longer, the more others hand in.
    pub fn at_places(condition: Condition) -> Self {
        Self { condition, at_places: true }
    }

    /// Those of one kind.
    fn of(self, kind: &Kind) -> Condition {
        let column = Expr::col(Column::Kind);
        // What is put together is in no index: SQLite, which does not know how few they are, then takes the one by place.
        let same = if self.at_places { column.binary(BinOper::Custom("||"), "").eq(kind.id) } else { column.eq(kind.id) };
        Condition::all().add(same).add(self.condition)
    }
}

/// That the case of a row is one that an actor may view, but for those at these stages; `case` is the row's column. Asked of each row: they are
/// few, and the cases many.
pub fn seen_of(kind: &Kind, visible: Visible, but: &[&str], case: impl IntoColumnRef) -> SimpleExpr {
    let found = Query::select()
        .expr(Expr::value(1))
        .from(CaseEntity)
        .cond_where(visible.of(kind))
        .and_where(Column::Stage.is_not_in(but.iter().copied()))
        .and_where(Expr::col((CaseEntity, Column::Id)).equals(case))
        .to_owned();
    Expr::exists(found)
}

/// What a list is filtered by; what is not set does not filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Stages, any of them.
    pub stages: Vec<String>,
    /// The contract.
    pub contract: Option<Uuid>,
    /// The party.
    pub party: Option<Uuid>,
    /// The rating, by code.
    pub rating: Option<String>,
    /// Words, each of which a word of reference, title, party or contract must begin with.
    pub words: String,
    /// Cases that the words fit by something that is not stored in the open: found whether or not their words occur.
    pub found: Vec<Uuid>,
    /// Only those past their due instant.
    pub overdue_at: Option<Millis>,
    /// A queue to keep to.
    pub queue: Option<Condition>,
    /// Those that came to their stage first come first; else last.
    pub oldest_first: bool,
    /// So many on a page.
    pub most: u64,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            stages: Vec::new(),
            contract: None,
            party: None,
            rating: None,
            words: String::new(),
            found: Vec::new(),
            overdue_at: None,
            queue: None,
            oldest_first: false,
            most: PAGE,
        }
    }
}

impl Filter {
    /// As a condition, but for the words.
    fn condition(&self) -> Condition {
        let mut all = Condition::all();
        if !self.stages.is_empty() {
            all = all.add(Column::Stage.is_in(self.stages.iter().map(String::as_str)));
        }
        if let Some(contract) = self.contract {
            all = all.add(Column::Contract.eq(contract));
        }
        if let Some(party) = self.party {
            all = all.add(Column::Party.eq(party));
        }
        if let Some(rating) = &self.rating {
            all = all.add(Column::Rating.eq(rating));
        }
        if let Some(now) = self.overdue_at {
            all = all.add(Column::Due.lt(now));
        }
        if let Some(queue) = &self.queue {
            all = all.add(queue.clone());
        }
        all
    }

    /// That the words fit, or the case was found otherwise; none when nothing is searched for.
    async fn worded<C: ConnectionTrait>(&self, db: &C, kind: &Kind) -> Result<Option<Condition>> {
        let words = search_words(&self.words);
        if words.is_empty() {
            return Ok(None);
        }
        let mut written = Condition::all();
        for word in &words {
            written = written.add(search::begins(Column::SearchKey, word));
        }
        written = written.add_option(search::narrow(db, kind.id, words.iter().map(String::as_str)).await?);
        if self.found.is_empty() {
            // Nothing beside it: the few cases that can fit are then where the database begins.
            return Ok(Some(written));
        }
        Ok(Some(Condition::any().add(written).add(Column::Id.is_in(self.found.iter().copied()))))
    }
}

/// The words of a search as they are looked for.
pub fn search_words(typed: &str) -> Vec<String> {
    dialect::fold(typed).split_whitespace().take(8).map(str::to_owned).collect()
}

/// Where a page of a list begins: after the row with this instant and id.
pub type After = (Millis, Uuid);

/// A page of the cases that fit, in the filter's order, and where the next page begins.
///
/// # Errors
/// When the database fails.
pub async fn list<C: ConnectionTrait>(
    db: &C,
    kind: &Kind,
    visible: Visible,
    filter: &Filter,
    after: Option<After>,
) -> Result<(Vec<Case>, Option<After>)> {
    let mut query = CaseEntity::find().filter(visible.of(kind)).filter(filter.condition());
    if let Some(worded) = filter.worded(db, kind).await? {
        query = query.filter(worded);
    }
    if let Some((at, id)) = after {
        let (later, beside) =
            if filter.oldest_first { (Column::MovedAt.gt(at), Column::Id.gt(id)) } else { (Column::MovedAt.lt(at), Column::Id.lt(id)) };
        query = query.filter(Condition::any().add(later).add(Condition::all().add(Column::MovedAt.eq(at)).add(beside)));
    }
    let order = if filter.oldest_first { Order::Asc } else { Order::Desc };
    let mut rows = query.order_by(Column::MovedAt, order.clone()).order_by(Column::Id, order).limit(filter.most + 1).all(db).await?;
    let more = rows.len() as u64 > filter.most;
    rows.truncate(usize::try_from(filter.most).unwrap_or(usize::MAX));
    let next = more.then(|| rows.last().map(|row| (row.moved_at, row.id))).flatten();
    Ok((rows, next))
}

/// How many fit, at most [`COUNT_LIMIT`] and one.
///
/// # Errors
/// When the database fails.
pub async fn count<C: ConnectionTrait>(db: &C, kind: &Kind, visible: Visible, condition: Condition) -> Result<u64> {
    let query = CaseEntity::find().filter(visible.of(kind)).filter(condition);
    count_up_to(db, query.into_query(), COUNT_LIMIT + 1).await
}

/// A count as drawn: "12", "1,000+".
pub fn count_text(count: u64) -> String {
    Count::told(count, COUNT_LIMIT).to_string()
}

/// Parts of what waits for an actor's role or side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// What the actor has taken on.
    Mine,
    /// What nobody has taken on yet.
    Nobodys,
    /// All that waits for the role, whoever has it.
    All,
}

impl Desk {
    /// Every part.
    pub const ALL: [Self; 3] = [Self::Mine, Self::Nobodys, Self::All];

    /// The code, for addresses and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Nobodys => "nobodys",
            Self::All => "all",
        }
    }

    /// The part with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|desk| desk.code() == code)
    }
}

/// As whom stages wait for an actor: [`SUPPLIER`] or its role.
pub fn awaited_as(actor: &Actor) -> Option<&str> {
    let account = actor.account()?;
    Some(if account.side == Side::Supplier { SUPPLIER } else { account.role.as_str() })
}

/// Whose cases are an actor's to go on with: its own, and those of whom it stands for.
fn held_by(account: &AccountActor) -> Vec<Uuid> {
    [Some(account.account), account.stands_for()].into_iter().flatten().collect()
}

/// The condition of what stands at a stage that waits for a role, or for [`SUPPLIER`]; none where no stage does.
pub fn waiting(kind: &Kind, who: &str) -> Option<Condition> {
    let stages = Some(kind.waiting_for(who)).filter(|stages| !stages.is_empty())?;
    Some(Condition::all().add(Column::Stage.is_in(stages)))
}

/// The condition of a part of what waits for the actor's role or side (see [`super::api::Cases::waiting_for`]).
pub fn desk(waiting: Option<Condition>, actor: &Actor, desk: Desk) -> Condition {
    let (Some(account), Some(waiting)) = (actor.account(), waiting) else { return nothing() };
    let waiting = Condition::all().add(waiting);
    match desk {
        Desk::Mine => waiting.add(Column::Owner.is_in(held_by(account))),
        Desk::Nobodys => waiting.add(Column::Owner.is_null()),
        Desk::All => waiting,
    }
}

/// The condition of "waits for me": of what waits for the actor's role or side, what nobody else has taken on.
pub fn waits_for(waiting: Option<Condition>, actor: &Actor) -> Condition {
    let Some(account) = actor.account() else { return nothing() };
    desk(waiting, actor, Desk::All).add(Condition::any().add(Column::Owner.is_in(held_by(account))).add(Column::Owner.is_null()))
}

/// The condition of "what I wait for": what is open and waits for somebody else, of a case that the actor's side began or that this account had a
/// hand in.
pub fn waited_for(kind: &Kind, waiting: Option<Condition>, actor: &Actor) -> Condition {
    let Some(account) = actor.account() else { return nothing() };
    let open = Condition::all().add(Column::Stage.is_in(kind.open_stages()));
    let open = waiting.map_or(open.clone(), |mine| open.add(mine.not()));
    if account.side == Side::Supplier {
        return open;
    }
    let decided = Query::select()
        .column(decision::Column::Case)
        .from(decision::Entity)
        .and_where(decision::Column::Actor.eq(account.account))
        .to_owned();
    open.add(Column::Id.in_subquery(decided))
}

fn nothing() -> Condition {
    Condition::all().add(Expr::value(1).eq(0))
}

/// The cases of a queue, oldest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn oldest<C: ConnectionTrait>(db: &C, kind: &Kind, visible: Visible, queue: Condition, limit: u64) -> Result<Vec<Case>> {
    Ok(CaseEntity::find()
        .filter(visible.of(kind))
        .filter(queue)
        .order_by_asc(Column::MovedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// How many there are at each stage, each at most [`COUNT_LIMIT`] and one, in the order of the table; stages without any are left out.
///
/// # Errors
/// When the database fails.
pub async fn by_stage<C: ConnectionTrait>(db: &C, kind: &Kind, visible: Visible) -> Result<Vec<(&'static str, u64)>> {
    let mut found = Vec::new();
    for stage in kind.stages {
        match count(db, kind, visible.clone(), Column::Stage.eq(stage.id).into_condition()).await? {
            0 => {}
            n => found.push((stage.id, n)),
        }
    }
    Ok(found)
}
