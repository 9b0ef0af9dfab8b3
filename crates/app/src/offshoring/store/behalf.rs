//! Which proposals the authority entered on behalf of a supplier: who, how and when they came, why, and what the supplier's lead says of it. Part
//! of this feature's store.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::cases::store::Case;
use platform::cases::{Words, people};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::{Result, files, t, texts};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ActiveValue, ConnectionTrait, QuerySelect as _, QueryTrait as _};

use crate::offshoring::model::PROPOSAL;
use crate::party;

/// The table, in the place of what is sealed.
const TABLE: &str = "on_behalf";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "on_behalf")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        pub by: Uuid,
        pub way: String,
        pub came_on: String,
        /// Sealed.
        pub reason: Vec<u8>,
        pub made_at: i64,
        /// `confirmed` or `contested`.
        pub said: Option<String>,
        pub said_by: Option<Uuid>,
        pub said_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How a questionnaire came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// On paper.
    Paper,
    /// By e-mail.
    Email,
}

impl Way {
    /// Every one, in the order offered.
    pub const ALL: [Self; 2] = [Self::Paper, Self::Email];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Email => "email",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }
}

/// What the supplier's lead says of an entry on its behalf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It is what the supplier answered.
    Confirmed,
    /// It is not.
    Contested,
}

impl Said {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Contested => "contested",
        }
    }
}

/// An entry on behalf of a supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The account that entered it.
    pub by: Uuid,
    /// How it came, by code.
    pub way: String,
    /// On which day.
    pub came_on: String,
    /// Why it was entered.
    pub reason: String,
    /// When it was begun.
    pub made_at: Millis,
    /// What the supplier's lead says of it, by code.
    pub said: Option<String>,
    /// When.
    pub said_at: Option<Millis>,
}

/// Who entered each of these cases that was entered on behalf of its supplier.
///
/// # Errors
/// When the database fails.
pub async fn entered_by<C: ConnectionTrait>(db: &C, cases: &[Uuid]) -> Result<BTreeMap<Uuid, Uuid>> {
    let rows: Vec<(Uuid, Uuid)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Case, row::Column::By])
        .filter(row::Column::Case.is_in(cases.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The cases that an account entered, for queries.
pub fn entered_by_one(account: Uuid) -> SelectStatement {
    row::Entity::find().select_only().column(row::Column::Case).filter(row::Column::By.eq(account)).into_query()
}

/// What is known of an entry on behalf; none where the supplier's own people began the proposal.
///
/// # Errors
/// When the database fails or the reason does not open.
pub async fn entered<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Option<Entered>> {
    let Some(row) = row::Entity::find_by_id(case.id).one(db).await? else { return Ok(None) };
    let words = Words::reading(cx, db, case).await?;
    let reason = words.read(TABLE, &case.id.to_string(), "reason", &row.reason)?;
    Ok(Some(Entered { by: row.by, way: row.way, came_on: row.came_on, reason, made_at: row.made_at, said: row.said, said_at: row.said_at }))
}

/// Notes that a case is entered on behalf of its supplier.
///
/// # Errors
/// When the database fails.
pub async fn insert_entered(cx: &Cx, tx: &Tx, case: &Case, by: Uuid, (way, came_on, reason): (Way, Date, &str)) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let row = row::ActiveModel {
        case: ActiveValue::Set(case.id),
        by: ActiveValue::Set(by),
        way: ActiveValue::Set(way.code().to_owned()),
        came_on: ActiveValue::Set(came_on.to_string()),
        reason: ActiveValue::Set(words.seal(TABLE, &case.id.to_string(), "reason", reason)?),
        made_at: ActiveValue::Set(tx.now()),
        said: ActiveValue::Set(None),
        said_by: ActiveValue::Set(None),
        said_at: ActiveValue::Set(None),
    };
    row::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Notes what the supplier's lead says of it; `false` when something was said before.
///
/// # Errors
/// When the database fails.
pub async fn say(tx: &Tx, case: Uuid, by: Uuid, said: Said) -> Result<bool> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::Said, Expr::value(said.code()))
        .col_expr(row::Column::SaidBy, Expr::value(by))
        .col_expr(row::Column::SaidAt, Expr::value(tx.now()))
        .filter(row::Column::Case.eq(case))
        .filter(row::Column::Said.is_null())
        .exec(tx.db())
        .await?;
    Ok(done.rows_affected == 1)
}

/// That cases were entered on behalf of their suppliers, in one line each, by case. The authority's people read by whom; a supplier reads that it
/// was the authority.
///
/// # Errors
/// When the database fails.
pub async fn marks(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
    let rows = row::Entity::find().filter(row::Column::Case.is_in(cases.iter().map(|case| case.id))).all(cx.db()).await?;
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names = people::names(cx, rows.iter().map(|row| row.by)).await?;
    let parties = party::store::names(cx.db(), cases.iter().map(|case| case.party)).await?;
    let authority = &cx.core().settings.authority.name;
    Ok(rows
        .iter()
        .map(|row| {
            let party = cases.iter().find(|case| case.id == row.case).and_then(|case| parties.get(&case.party));
            let by = names.get(&row.by).filter(|_| cx.actor.is_authority()).unwrap_or(authority);
            let mark = t!("proposal-behalf-mark", party = party.map_or("", String::as_str), by = by);
            let said = row.said.as_deref().map(|said| texts::t(&format!("proposal-behalf-{said}")));
            (row.case, said.map_or(mark.clone(), |said| format!("{mark}. {said}")))
        })
        .collect())
}

/// Whether the paper that a case was entered from is attached to it, for both sides to read.
///
/// # Errors
/// When the database fails.
pub async fn has_paper<C: ConnectionTrait>(db: &C, case: &Case) -> Result<bool> {
    let found = files::Entity::find()
        .filter(files::Column::Kind.eq(PROPOSAL.id))
        .filter(files::Column::Thing.eq(case.id.to_string()))
        .filter(files::Column::Side.eq("authority"))
        .filter(files::Column::Internal.eq(false))
        .filter(files::Column::Field.is_null());
    Ok(found.count(db).await? > 0)
}
