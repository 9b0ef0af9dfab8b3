//! What was found in files of incidents, and what was decided about them. Whether a file is withheld stands with the file itself.

use std::collections::BTreeMap;

use platform::cases::{Case, Words};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue, ConnectionTrait};

use crate::incident::act::Choice;
use crate::incident::looked::Looked;

const TABLE: &str = "incident_file";

/// One file that was looked through.
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub file: Uuid,
        pub case: Uuid,
        /// Sealed JSON ([`super::Looked`]).
        pub looked: Vec<u8>,
        pub at: i64,
        /// What was decided last, by code.
        pub choice: Option<String>,
        /// Sealed.
        pub reason: Option<Vec<u8>>,
        pub by: Option<Uuid>,
        pub decided_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What is known of a file that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What was found; none once the case's key was destroyed.
    pub looked: Option<Looked>,
    /// When it was looked through.
    pub at: Millis,
    /// What was decided last, why, by whom and when.
    pub decided: Option<Decided>,
}

/// What somebody decided about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What.
    pub choice: Choice,
    /// Why.
    pub reason: String,
    /// Which account.
    pub by: Uuid,
    /// When.
    pub at: Millis,
}

/// Keeps what was found in a file.
pub(in crate::incident) async fn keep(cx: &Cx, tx: &Tx, case: &Case, file: Uuid, looked: &Looked) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let row = row::ActiveModel {
        file: ActiveValue::Set(file),
        case: ActiveValue::Set(case.id),
        looked: ActiveValue::Set(words.seal(TABLE, &file.to_string(), "looked", &serde_json::to_string(looked)?)?),
        at: ActiveValue::Set(tx.now()),
        choice: ActiveValue::Set(None),
        reason: ActiveValue::Set(None),
        by: ActiveValue::Set(None),
        decided_at: ActiveValue::Set(None),
    };
    let again = OnConflict::column(row::Column::File).update_columns([row::Column::Looked, row::Column::At]).to_owned();
    row::Entity::insert(row).on_conflict(again).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Keeps what was decided about a file.
pub(in crate::incident) async fn decided(cx: &Cx, tx: &Tx, case: &Case, file: Uuid, decided: &Decided) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let reason = words.seal(TABLE, &file.to_string(), "reason", &decided.reason)?;
    let done = row::Entity::update_many()
        .col_expr(row::Column::Choice, Expr::value(decided.choice.code()))
        .col_expr(row::Column::Reason, Expr::value(reason))
        .col_expr(row::Column::By, Expr::value(decided.by))
        .col_expr(row::Column::DecidedAt, Expr::value(decided.at))
        .filter(row::Column::File.eq(file))
        .exec(tx.db())
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::internal(format!("the file {file} was never looked through"))) }
}

/// What is known of the files of an incident that were looked through.
///
/// # Errors
/// When the database fails or its words do not open.
pub async fn known<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<BTreeMap<Uuid, Known>> {
    let rows = row::Entity::find().filter(row::Column::Case.eq(case.id)).all(db).await?;
    let words = Words::reading(cx, db, case).await?;
    let mut all = BTreeMap::new();
    for row in rows {
        let id = row.file.to_string();
        let looked = words.open(TABLE, &id, "looked", &row.looked)?.map(|text| serde_json::from_str(&text)).transpose()?;
        let reason = words.read_some(TABLE, &id, "reason", row.reason.as_deref())?;
        let choice = row.choice.as_deref().and_then(Choice::from_code);
        let decided = match (choice, reason, row.by, row.decided_at) {
            (Some(choice), Some(reason), Some(by), Some(at)) => Some(Decided { choice, reason, by, at }),
            _ => None,
        };
        all.insert(row.file, Known { looked, at: row.at, decided });
    }
    Ok(all)
}
