//! How incidents stand before the regulator, and what was said of it round by round: rounds are added, and never changed.

use std::collections::BTreeMap;

use platform::cases::{Case, Words};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use rules::truth::Truth;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use crate::incident::regulator::{Kept, Round, SENT, Said, Waits};

/// How an incident stands.
mod standing {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_regulator")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        pub aware_at: i64,
        /// `yes`, `no` or `unknown`.
        pub concerns: String,
        /// `notify` or `not`, once decided.
        pub decision: Option<String>,
        pub first_at: Option<i64>,
        pub next_at: Option<i64>,
        pub alarm_at: Option<i64>,
        /// What waits, and until when.
        pub waits: Option<String>,
        pub due: Option<i64>,
        /// Until when the people concerned are to be told.
        pub people_due: Option<i64>,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was said of it.
mod round {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_regulator_round")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub no: i32,
        pub kind: String,
        /// Sealed JSON ([`super::Said`]).
        pub said: Vec<u8>,
        pub by: Uuid,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const ROUND: &str = "incident_regulator_round";

fn code(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    }
}

fn kept(row: &standing::Model) -> Kept {
    Kept {
        case: row.case,
        aware: row.aware_at,
        concerns: match row.concerns.as_str() {
            "yes" => Truth::True,
            "no" => Truth::False,
            _ => Truth::Unknown,
        },
        notify: row.decision.as_deref().map(|decision| decision == "notify"),
        first: row.first_at,
        next: row.next_at,
        people: row.people_due,
        alarm: row.alarm_at,
        version: row.version,
    }
}

fn written(of: &Case, kept: &Kept) -> standing::ActiveModel {
    let waits = kept.waits(&of.stage);
    standing::ActiveModel {
        case: ActiveValue::Set(of.id),
        aware_at: ActiveValue::Set(kept.aware),
        concerns: ActiveValue::Set(code(kept.concerns).to_owned()),
        decision: ActiveValue::Set(kept.notify.map(|notify| if notify { "notify" } else { "not" }.to_owned())),
        first_at: ActiveValue::Set(kept.first),
        next_at: ActiveValue::Set(kept.next),
        alarm_at: ActiveValue::Set(kept.alarm),
        waits: ActiveValue::Set(waits.map(|(waits, _)| waits.code().to_owned())),
        due: ActiveValue::Set(waits.map(|(_, due)| due)),
        people_due: ActiveValue::Set(kept.people),
        version: ActiveValue::Set(kept.version),
    }
}

/// How an incident stands.
///
/// # Errors
/// [`Error::NotFound`] of one that was never reported.
pub async fn get<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Kept> {
    standing::Entity::find_by_id(case).one(db).await?.as_ref().map(kept).ok_or(Error::NotFound)
}

/// How these incidents stand, each.
///
/// # Errors
/// When the database fails.
pub async fn of<C: ConnectionTrait>(db: &C, cases: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Kept>> {
    let rows = standing::Entity::find().filter(standing::Column::Case.is_in(cases)).all(db).await?;
    Ok(rows.iter().map(|row| (row.case, kept(row))).collect())
}

fn waits(row: &standing::Model) -> Option<(Waits, Millis)> {
    Some((Waits::from_code(row.waits.as_deref()?)?, row.due?))
}

/// What may wait for the data controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// What is to be done before the regulator.
    Regulator,
    /// That the people concerned are told.
    People,
}

impl Of {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Regulator, Self::People];

    fn due(self) -> standing::Column {
        match self {
            Self::Regulator => standing::Column::Due,
            Self::People => standing::Column::PeopleDue,
        }
    }

    fn waits(self, row: &standing::Model) -> Option<(Waits, Millis)> {
        match self {
            Self::Regulator => waits(row),
            Self::People => row.people_due.map(|until| (Waits::People, until)),
        }
    }
}

/// The incidents of which something waits for the data controller until an instant, the most pressing first; after this one, if any.
///
/// # Errors
/// When the database fails.
pub async fn due_until<C: ConnectionTrait>(
    db: &C,
    of: Of,
    after: Option<(Millis, Uuid)>,
    until: Millis,
    most: u64,
) -> Result<Vec<(Uuid, Waits, Millis)>> {
    let column = of.due();
    let mut query = standing::Entity::find().filter(column.lte(until));
    if let Some((due, case)) = after {
        let same = Condition::all().add(column.eq(due)).add(standing::Column::Case.gt(case));
        query = query.filter(Condition::any().add(column.gt(due)).add(same));
    }
    let rows = query.order_by_asc(column).order_by_asc(standing::Column::Case).limit(most).all(db).await?;
    Ok(rows.iter().filter_map(|row| of.waits(row).map(|(waits, due)| (row.case, waits, due))).collect())
}

/// Stores how a new incident stands.
pub(in crate::incident) async fn begin(tx: &Tx, of: &Case, kept: &Kept) -> Result<()> {
    standing::Entity::insert(written(of, kept)).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Writes how an incident stands. Its case's row is held.
pub(in crate::incident) async fn keep(tx: &Tx, of: &Case, kept: &Kept) -> Result<()> {
    standing::Entity::update(written(of, kept)).exec(tx.db()).await?;
    Ok(())
}

/// What was said, first to last.
///
/// # Errors
/// When the database fails or a round does not open.
pub async fn rounds<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Round>> {
    let rows = round::Entity::find().filter(round::Column::Case.eq(case.id)).order_by_asc(round::Column::No).all(db).await?;
    let words = Words::reading(cx, db, case).await?;
    let open = |row: round::Model| {
        let said = words.open(ROUND, &format!("{}/{}", row.case, row.no), "said", &row.said)?;
        let said = said.map(|text| serde_json::from_str::<Said>(&text)).transpose()?;
        Ok(Round { no: row.no, at: row.at, by: row.by, kind: row.kind, said })
    };
    rows.into_iter().map(open).collect()
}

/// The numbers of the rounds that tell of something that was sent, first to last.
///
/// # Errors
/// When the database fails.
pub async fn sent<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<i32>> {
    let found = round::Entity::find().select_only().column(round::Column::No).filter(round::Column::Case.eq(case));
    Ok(found.filter(round::Column::Kind.eq(SENT)).order_by_asc(round::Column::No).into_tuple().all(db).await?)
}

/// Adds what is said now. The case's row is held.
pub(in crate::incident) async fn say(cx: &Cx, tx: &Tx, case: &Case, no: i32, said: &Said, by: Uuid) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let row = round::ActiveModel {
        case: ActiveValue::Set(case.id),
        no: ActiveValue::Set(no),
        kind: ActiveValue::Set(said.code().to_owned()),
        said: ActiveValue::Set(words.seal(ROUND, &format!("{}/{no}", case.id), "said", &serde_json::to_string(said)?)?),
        by: ActiveValue::Set(by),
        at: ActiveValue::Set(tx.now()),
    };
    round::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}
