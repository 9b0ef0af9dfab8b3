//! Which levels decide on a round of a proposal, and who approved at them. Part of this feature's store.

use std::collections::BTreeMap;

use platform::authz::AccountActor;
use platform::cases::store::{Case, CaseColumn, CaseEntity};
use platform::cases::{SUPPLIER, Words, queue};
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect};

use crate::offshoring::model::{Deciding, Level, PROPOSAL, Terms, Vote, Voter};

/// A level that decides, as stored.
mod level {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "decision_level")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        pub position: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub level: String,
        pub title: String,
        /// Role codes, as JSON.
        pub roles: String,
        pub quorum: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody's approval at a level, as stored. Its reason is the decision's.
mod vote {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "level_vote")]
    pub struct Model {
        /// The decision's.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case: Uuid,
        pub round: i32,
        pub level: String,
        pub actor: Uuid,
        /// In whose place, if not as itself.
        pub acts_for: Option<Uuid>,
        /// Sealed JSON ([`crate::offshoring::model::Terms`]).
        pub terms: Vec<u8>,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The levels and approvals of the present rounds of those of these cases that are being decided, by case.
///
/// # Errors
/// When the database fails.
pub async fn deciding<C: ConnectionTrait>(db: &C, cases: &[Case]) -> Result<BTreeMap<Uuid, Deciding>> {
    let rounds: BTreeMap<Uuid, i32> = cases.iter().filter(|case| case.stage == "deciding").map(|case| (case.id, case.round)).collect();
    if rounds.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut all: BTreeMap<Uuid, Deciding> = BTreeMap::new();
    let levels = level::Entity::find().filter(level::Column::Case.is_in(rounds.keys().copied()));
    for row in levels.order_by_asc(level::Column::Position).all(db).await? {
        if rounds.get(&row.case) == Some(&row.round) {
            all.entry(row.case).or_default().levels.push(read(row)?);
        }
    }
    let votes = vote::Entity::find().filter(vote::Column::Case.is_in(rounds.keys().copied()));
    for row in votes.order_by_asc(vote::Column::At).order_by_asc(vote::Column::Id).all(db).await? {
        if rounds.get(&row.case) == Some(&row.round) {
            all.entry(row.case).or_default().votes.push(Vote {
                id: row.id,
                level: row.level,
                actor: row.actor,
                acts_for: row.acts_for,
                at: row.at,
            });
        }
    }
    Ok(all)
}

/// The levels and approvals of the case's present round, whatever its stage.
///
/// # Errors
/// When the database fails.
pub async fn deciding_of<C: ConnectionTrait>(db: &C, case: &Case) -> Result<Deciding> {
    let asked = Case { stage: "deciding".to_owned(), ..case.clone() };
    Ok(deciding(db, std::slice::from_ref(&asked)).await?.remove(&case.id).unwrap_or_default())
}

fn read(row: level::Model) -> Result<Level> {
    let quorum = u32::try_from(row.quorum).map_err(Error::internal)?;
    let rule = rules::levels::Level { id: row.level, roles: serde_json::from_str(&row.roles)?, quorum };
    Ok(Level { rule, title: row.title })
}

/// Keeps which levels decide on the case's present round.
///
/// # Errors
/// When the database fails.
pub async fn set_levels(tx: &Tx, case: &Case, levels: &[&rules::pack::DecisionLevel]) -> Result<()> {
    let old = level::Entity::delete_many().filter(level::Column::Case.eq(case.id));
    old.filter(level::Column::Round.eq(case.round)).exec(tx.db()).await?;
    for (at, level) in levels.iter().enumerate() {
        let roles: Vec<&str> = level.roles.iter().map(|role| role.code()).collect();
        let row = level::ActiveModel {
            case: ActiveValue::Set(case.id),
            round: ActiveValue::Set(case.round),
            position: ActiveValue::Set(i32::try_from(at).unwrap_or(i32::MAX)),
            level: ActiveValue::Set(level.id.clone()),
            title: ActiveValue::Set(level.title.clone()),
            roles: ActiveValue::Set(serde_json::to_string(&roles)?),
            quorum: ActiveValue::Set(i32::try_from(level.quorum).unwrap_or(i32::MAX)),
        };
        level::Entity::insert(row).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// Keeps on which terms somebody approved at a level; `id` is the decision's.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn add_vote(cx: &Cx, tx: &Tx, case: &Case, (id, level, voter): (Uuid, &str, Voter), terms: &Terms) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let row = vote::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case.id),
        round: ActiveValue::Set(case.round),
        level: ActiveValue::Set(level.to_owned()),
        actor: ActiveValue::Set(voter.0),
        acts_for: ActiveValue::Set(voter.1),
        terms: ActiveValue::Set(words.seal("level_vote", &id.to_string(), "terms", &serde_json::to_string(terms)?)?),
        at: ActiveValue::Set(tx.now()),
    };
    tx.later([row])
}

/// The terms on which the present round was approved so far, first to last.
///
/// # Errors
/// When the database fails or words do not open.
pub async fn terms<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Terms>> {
    let found = vote::Entity::find().select_only().columns([vote::Column::Id, vote::Column::Terms]);
    let found = found.filter(vote::Column::Case.eq(case.id)).filter(vote::Column::Round.eq(case.round));
    let found: Vec<(Uuid, Vec<u8>)> = found.order_by_asc(vote::Column::At).order_by_asc(vote::Column::Id).into_tuple().all(db).await?;
    let words = Words::reading(cx, db, case).await?;
    let mut all = Vec::new();
    for (id, sealed) in found {
        if let Some(text) = words.open("level_vote", &id.to_string(), "terms", &sealed)? {
            all.push(serde_json::from_str(&text)?);
        }
    }
    Ok(all)
}

/// The condition of what waits for a role, or for the supplier's side: at its stage, and while a case is decided, at a level that lacks somebody. Whoever
/// approved at one, or for whom somebody did, can go on with none of the case's levels.
pub fn waiting(who: &str, account: Option<&AccountActor>) -> Option<Condition> {
    if who == SUPPLIER {
        return queue::waiting(&PROPOSAL, who);
    }
    let here = |column: level::Column| Expr::col((level::Entity, column));
    let there = |column: vote::Column| Expr::col((vote::Entity, column));
    let of_case = |query: &mut SelectStatement| {
        query.from(level::Entity).and_where(here(level::Column::Round).equals((CaseEntity, CaseColumn::Round)));
        query.and_where(here(level::Column::Case).equals((CaseEntity, CaseColumn::Id))).to_owned()
    };
    let votes = Query::select()
        .expr(Func::count(there(vote::Column::Id)))
        .from(vote::Entity)
        .and_where(there(vote::Column::Case).equals((level::Entity, level::Column::Case)))
        .and_where(there(vote::Column::Round).equals((level::Entity, level::Column::Round)))
        .and_where(there(vote::Column::Level).equals((level::Entity, level::Column::Level)))
        .to_owned();
    // A JSON list of codes: each stands in its quotation marks.
    let own = here(level::Column::Roles).like(format!("%\"{who}\"%"));
    let enough = SimpleExpr::SubQuery(None, Box::new(votes.into()));
    let lacking = of_case(Query::select().expr(Expr::val(1)).and_where(own).and_where(here(level::Column::Quorum).gt(enough)));
    // As it was before packs could say which levels decide.
    let none = of_case(Query::select().expr(Expr::val(1)));
    let before = Condition::all().add(Expr::exists(none).not()).add(Expr::val(who == "management"));
    let mut deciding = Condition::all().add(Condition::any().add(Expr::exists(lacking)).add(before));
    if let Some(account) = account {
        let mine: Vec<Uuid> = [Some(account.account), account.stands_for()].into_iter().flatten().collect();
        let voted = Query::select()
            .expr(Expr::val(1))
            .from(vote::Entity)
            .and_where(there(vote::Column::Case).equals((CaseEntity, CaseColumn::Id)))
            .and_where(there(vote::Column::Round).equals((CaseEntity, CaseColumn::Round)))
            .cond_where(Condition::any().add(vote::Column::Actor.is_in(mine.clone())).add(vote::Column::ActsFor.is_in(mine)))
            .to_owned();
        deciding = deciding.add(Expr::exists(voted).not());
    }
    // First by stage, of which the database has an index.
    let stages = PROPOSAL.waiting_for(who).into_iter().chain(["deciding"]);
    let awaited = Condition::any().add(CaseColumn::Stage.ne("deciding")).add(deciding);
    Some(Condition::all().add(CaseColumn::Stage.is_in(stages)).add(awaited))
}
