//! The table of what breaches are about, and who sees which.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::authz::{Actor, Side};
use platform::cases::queue::Visible;
use platform::cases::store as cases;
use platform::cases::{Case, Words, rounds};
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QuerySelect as _};

use super::model::{Action, BREACH, Breach, Facts, Found};
use crate::casework;

/// What a breach is about, as stored.
mod breach {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "breach")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        pub arrangement: Option<Uuid>,
        pub finding: String,
        pub began_on: String,
        pub informed_on: Option<String>,
        pub approved_on: Option<String>,
        /// Rules of [`rules::cover`], joined by dots.
        pub gaps: String,
        /// Sealed.
        pub facts: Option<Vec<u8>>,
        /// Sealed.
        pub containment: Option<Vec<u8>>,
        /// Codes of what was decided, joined by dots.
        pub actions: String,
        /// Sealed JSON ([`super::Found`]): what a list said beside.
        pub found: Option<Vec<u8>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What lists brought in, by what a finding is known by when it comes again.
mod import {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "breach_import")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub case: Uuid,
        /// Of all that its row said.
        pub digest: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const TABLE: &str = "breach";

/// The levels of those who handled a breach before management did.
const HANDLING: [&str; 3] = ["open", "establish", "propose"];

/// What a breach is about, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The work, where it is in the register.
    pub arrangement: Option<Uuid>,
    /// What is established.
    pub facts: Facts,
    /// What no approval covered when it was found, by rule.
    pub gaps: Vec<String>,
    /// What was decided to follow.
    pub actions: Vec<Action>,
    /// What a list of findings said beside, of one that such a list brought in.
    pub found: Option<Found>,
}

/// The breaches that an actor may view: the SQL twin of the view policies in `authz/breach.cedar`.
pub fn visible(actor: &Actor) -> Visible {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => casework::at_places_seen(a.party),
        Actor::Operator | Actor::Job(_) | Actor::Account(_) => Visible::most(Condition::all()),
        Actor::Anonymous | Actor::Link { .. } => Visible::most(platform::register::nothing()),
    }
}

/// Breaches with what policies read of them, in the same order, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn load_all<C: ConnectionTrait>(db: &C, cases: Vec<Case>) -> Result<Vec<Breach>> {
    let sights = casework::sights(db, &cases).await?;
    let ids: Vec<Uuid> = cases.iter().map(|case| case.id).collect();
    let hands = rounds::hands(db, &ids).await?;
    let handled =
        |id: &Uuid| hands.get(id).into_iter().flatten().filter(|hand| HANDLING.contains(&hand.level.as_str())).map(|hand| hand.actor);
    let of = |(case, standing): (Case, _)| Breach { handled_by: handled(&case.id).collect(), standing, case };
    Ok(cases.into_iter().zip(sights).map(of).collect())
}

/// The breach with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Breach> {
    load_all(db, vec![cases::get(db, &BREACH, id).await?]).await?.pop().ok_or(Error::NotFound)
}

/// What a breach is about.
///
/// # Errors
/// When the database fails or its words do not open.
pub async fn about<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<About> {
    let row = breach::Entity::find_by_id(case.id).one(db).await?.ok_or_else(|| Error::internal("a breach is about nothing"))?;
    let words = Words::reading(cx, db, case).await?;
    let id = case.id.to_string();
    let day = |text: Option<String>| text.map(|text| text.parse::<Date>().map_err(Error::internal)).transpose();
    Ok(About {
        arrangement: row.arrangement,
        facts: Facts {
            finding: row.finding,
            began: row.began_on.parse().map_err(Error::internal)?,
            informed: day(row.informed_on)?,
            approved: day(row.approved_on)?,
            facts: words.read_some(TABLE, &id, "facts", row.facts.as_deref())?,
            containment: words.read_some(TABLE, &id, "containment", row.containment.as_deref())?,
        },
        gaps: row.gaps.split('.').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        actions: Action::split(&row.actions),
        found: words.read_some(TABLE, &id, "found", row.found.as_deref())?.map(|text| serde_json::from_str(&text)).transpose()?,
    })
}

/// Stores what a new breach is about.
pub(super) async fn insert(cx: &Cx, tx: &Tx, case: &Case, about: &About) -> Result<()> {
    let (words, id) = (Words::writing(cx, tx, case).await?, case.id.to_string());
    let facts = &about.facts;
    let found = about.found.as_ref().map(serde_json::to_string).transpose()?;
    let row = breach::ActiveModel {
        case: ActiveValue::Set(case.id),
        arrangement: ActiveValue::Set(about.arrangement),
        finding: ActiveValue::Set(facts.finding.clone()),
        began_on: ActiveValue::Set(facts.began.to_string()),
        informed_on: ActiveValue::Set(facts.informed.map(|day| day.to_string())),
        approved_on: ActiveValue::Set(facts.approved.map(|day| day.to_string())),
        gaps: ActiveValue::Set(about.gaps.join(".")),
        facts: ActiveValue::Set(words.seal_some(TABLE, &id, "facts", facts.facts.as_deref())?),
        containment: ActiveValue::Set(words.seal_some(TABLE, &id, "containment", facts.containment.as_deref())?),
        actions: ActiveValue::Set(Action::join(&about.actions)),
        found: ActiveValue::Set(words.seal_some(TABLE, &id, "found", found.as_deref())?),
    };
    breach::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Writes what is established now. The case's version guards it.
pub(super) async fn establish(cx: &Cx, tx: &Tx, case: &Case, facts: &Facts) -> Result<()> {
    let (words, id) = (Words::writing(cx, tx, case).await?, case.id.to_string());
    breach::Entity::update_many()
        .col_expr(breach::Column::Finding, Expr::value(facts.finding.clone()))
        .col_expr(breach::Column::BeganOn, Expr::value(facts.began.to_string()))
        .col_expr(breach::Column::InformedOn, Expr::value(facts.informed.map(|day| day.to_string())))
        .col_expr(breach::Column::ApprovedOn, Expr::value(facts.approved.map(|day| day.to_string())))
        .col_expr(breach::Column::Facts, Expr::value(words.seal_some(TABLE, &id, "facts", facts.facts.as_deref())?))
        .col_expr(breach::Column::Containment, Expr::value(words.seal_some(TABLE, &id, "containment", facts.containment.as_deref())?))
        .filter(breach::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Writes what was decided to follow. The case's version guards it.
pub(super) async fn decide(tx: &Tx, case: &Case, actions: &[Action]) -> Result<()> {
    breach::Entity::update_many()
        .col_expr(breach::Column::Actions, Expr::value(Action::join(actions)))
        .filter(breach::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The cases of the breaches about this work, each with its finding.
///
/// # Errors
/// When the database fails.
pub async fn about_work<C: ConnectionTrait>(db: &C, arrangement: Uuid) -> Result<Vec<(Case, String)>> {
    let rows: Vec<(Uuid, String)> = breach::Entity::find()
        .select_only()
        .columns([breach::Column::Case, breach::Column::Finding])
        .filter(breach::Column::Arrangement.eq(arrangement))
        .into_tuple()
        .all(db)
        .await?;
    let mut found: BTreeMap<Uuid, String> = rows.into_iter().collect();
    let cases = cases::all(db, &BREACH, found.keys().copied()).await?;
    Ok(cases.into_iter().filter_map(|case| Some((found.remove(&case.id)?, case))).map(|(finding, case)| (case, finding)).collect())
}

/// The breach that a finding with this key opened when it came before, and the digest of what it said then.
///
/// # Errors
/// When the database fails.
pub async fn brought_in<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<(Case, String)>> {
    let Some(row) = import::Entity::find_by_id(key).one(db).await? else { return Ok(None) };
    Ok(Some((cases::get(db, &BREACH, row.case).await?, row.digest)))
}

/// Keeps that a finding opened this breach; `false` when one with this key did before.
pub(super) async fn bring_in(tx: &Tx, key: &str, case: Uuid, digest: &str) -> Result<bool> {
    let row = import::ActiveModel {
        key: ActiveValue::Set(key.to_owned()),
        case: ActiveValue::Set(case),
        digest: ActiveValue::Set(digest.to_owned()),
        at: ActiveValue::Set(tx.now()),
    };
    let once = OnConflict::column(import::Column::Key).do_nothing().to_owned();
    Ok(import::Entity::insert(row).on_conflict(once).exec_without_returning(tx.db()).await? == 1)
}
