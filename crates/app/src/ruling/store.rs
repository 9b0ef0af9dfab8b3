//! The table of questions and rulings, and who sees which.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::authz::{Actor, Side};
use platform::cases::queue::Visible;
use platform::cases::store::{self as cases};
use platform::cases::{Case, Words};
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::model::{Given, Giving, Over, RULING, Rule, Ruling, Says, Stands, stands};
use crate::casework;

/// A question, and the ruling on it, as stored.
mod ruling {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ruling")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// On which it binds.
        pub contract: Uuid,
        pub pack: String,
        pub obligation: String,
        /// Sealed.
        pub question: Vec<u8>,
        /// When it was ruled; the columns below say nothing before.
        pub ruled_at: Option<i64>,
        pub from_on: Option<String>,
        pub until_on: Option<String>,
        /// Sealed JSON ([`super::Says`]).
        pub says: Option<Vec<u8>>,
        /// The first day on which it holds no more, because it was taken back or a later one took its place.
        pub over_on: Option<String>,
        pub over_by: Option<Uuid>,
        /// Sealed.
        pub over_reason: Option<Vec<u8>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const TABLE: &str = "ruling";

/// What a question is about, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The rule.
    pub rule: Rule,
    /// The contract on which a ruling binds.
    pub contract: Uuid,
    /// What was asked.
    pub question: String,
    /// The ruling, once it was given.
    pub given: Option<Given>,
}

/// The questions that an actor may view: the SQL twin of the view policies in `authz/ruling.cedar`.
pub fn visible(actor: &Actor) -> Visible {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => casework::at_places_seen(a.party),
        Actor::Operator | Actor::Job(_) | Actor::Account(_) => Visible::most(Condition::all()),
        Actor::Anonymous | Actor::Link { .. } => Visible::most(platform::register::nothing()),
    }
}

/// Questions with what policies read of them, in the same order, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn load_all<C: ConnectionTrait>(db: &C, cases: Vec<Case>) -> Result<Vec<Ruling>> {
    let sights = casework::sights(db, &cases).await?;
    Ok(cases.into_iter().zip(sights).map(|(case, standing)| Ruling { case, standing }).collect())
}

/// The question with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Ruling> {
    load_all(db, vec![cases::get(db, &RULING, id).await?]).await?.pop().ok_or(Error::NotFound)
}

/// What a question is about.
///
/// # Errors
/// When the database fails or its words do not open.
pub async fn about<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<About> {
    let row = ruling::Entity::find_by_id(case.id).one(db).await?.ok_or_else(|| Error::internal("a question is about nothing"))?;
    let words = Words::reading(cx, db, case).await?;
    let question = words.read(TABLE, &case.id.to_string(), "question", &row.question)?;
    let rule = Rule { pack: row.pack.clone(), obligation: row.obligation.clone() };
    Ok(About { rule, contract: row.contract, question, given: given(&words, case, row)? })
}

/// The ruling in a row, if one was given.
fn given(words: &Words, case: &Case, row: ruling::Model) -> Result<Option<Given>> {
    let (Some(at), Some(from)) = (row.ruled_at, &row.from_on) else { return Ok(None) };
    let id = case.id.to_string();
    let says = row.says.as_deref().map(|sealed| words.open(TABLE, &id, "says", sealed)).transpose()?.flatten();
    let over = match &row.over_on {
        None => None,
        Some(on) => Some(Over {
            on: day(on)?,
            by: row.over_by,
            reason: words.read_some(TABLE, &id, "over_reason", row.over_reason.as_deref())?.unwrap_or_default(),
        }),
    };
    Ok(Some(Given {
        case: case.id,
        reference: case.reference.clone().unwrap_or_default(),
        rule: Rule { pack: row.pack, obligation: row.obligation },
        at,
        from: day(from)?,
        until: row.until_on.as_deref().map(day).transpose()?,
        says: says.map(|text| serde_json::from_str::<Says>(&text)).transpose()?,
        over,
    }))
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(Error::internal)
}

/// The rulings that were given on a rule under a contract, whoever asks: the first given first. Everybody who reads the duty reads these.
///
/// # Errors
/// When the database fails or their words do not open.
pub async fn on_rule<C: ConnectionTrait>(cx: &Cx, db: &C, contract: Uuid, rule: &Rule) -> Result<Vec<Given>> {
    let query = ruling::Entity::find().filter(ruling::Column::Contract.eq(contract)).filter(ruling::Column::Pack.eq(&rule.pack));
    let query = query.filter(ruling::Column::Obligation.eq(&rule.obligation)).filter(ruling::Column::RuledAt.is_not_null());
    let rows = query.order_by_asc(ruling::Column::RuledAt).order_by_asc(ruling::Column::Case).all(db).await?;
    let cases: BTreeMap<Uuid, Case> =
        cases::all(db, &RULING, rows.iter().map(|row| row.case)).await?.into_iter().map(|case| (case.id, case)).collect();
    let mut found = Vec::new();
    for row in rows {
        let Some(case) = cases.get(&row.case) else { continue };
        let words = Words::reading(cx, db, case).await?;
        found.extend(given(&words, case, row)?);
    }
    Ok(found)
}

/// How the rulings among these cases stand on a day; nothing of questions that have none.
///
/// # Errors
/// When the database fails.
pub async fn standing<C: ConnectionTrait>(db: &C, ids: Vec<Uuid>, today: Date) -> Result<BTreeMap<Uuid, (Stands, Date, Option<Date>)>> {
    type Row = (Uuid, Option<String>, Option<String>, Option<String>, Option<Uuid>);
    let columns = [ruling::Column::Case, ruling::Column::FromOn, ruling::Column::UntilOn, ruling::Column::OverOn, ruling::Column::OverBy];
    let query = ruling::Entity::find().select_only().columns(columns).filter(ruling::Column::Case.is_in(ids));
    let rows: Vec<Row> = query.filter(ruling::Column::RuledAt.is_not_null()).into_tuple().all(db).await?;
    let mut found = BTreeMap::new();
    for (case, from, until, over, by) in rows {
        let Some(from) = from.as_deref().map(day).transpose()? else { continue };
        let (until, over) = (until.as_deref().map(day).transpose()?, over.as_deref().map(day).transpose()?);
        found.insert(case, (stands(from, until, over.map(|on| (on, by.is_some())), today), from, until));
    }
    Ok(found)
}

/// Stores what a new question is about.
pub(super) async fn insert(cx: &Cx, tx: &Tx, case: &Case, (contract, rule, question): (Uuid, &Rule, &str)) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let row = ruling::ActiveModel {
        case: ActiveValue::Set(case.id),
        contract: ActiveValue::Set(contract),
        pack: ActiveValue::Set(rule.pack.clone()),
        obligation: ActiveValue::Set(rule.obligation.clone()),
        question: ActiveValue::Set(words.seal(TABLE, &case.id.to_string(), "question", question)?),
        ruled_at: ActiveValue::Set(None),
        from_on: ActiveValue::Set(None),
        until_on: ActiveValue::Set(None),
        says: ActiveValue::Set(None),
        over_on: ActiveValue::Set(None),
        over_by: ActiveValue::Set(None),
        over_reason: ActiveValue::Set(None),
    };
    ruling::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Writes the ruling on a question. The case's version guards it.
pub(super) async fn rule(cx: &Cx, tx: &Tx, case: &Case, with: &Giving) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let says = words.seal(TABLE, &case.id.to_string(), "says", &serde_json::to_string(&with.says)?)?;
    ruling::Entity::update_many()
        .col_expr(ruling::Column::RuledAt, Expr::value(tx.now()))
        .col_expr(ruling::Column::FromOn, Expr::value(with.from.to_string()))
        .col_expr(ruling::Column::UntilOn, Expr::value(with.until.map(|day| day.to_string())))
        .col_expr(ruling::Column::Says, Expr::value(says))
        .filter(ruling::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Writes what ended a ruling. The case's version guards it.
pub(super) async fn end(cx: &Cx, tx: &Tx, case: &Case, over: &Over) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    ruling::Entity::update_many()
        .col_expr(ruling::Column::OverOn, Expr::value(over.on.to_string()))
        .col_expr(ruling::Column::OverBy, Expr::value(over.by))
        .col_expr(ruling::Column::OverReason, Expr::value(words.seal(TABLE, &case.id.to_string(), "over_reason", &over.reason)?))
        .filter(ruling::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    Ok(())
}
