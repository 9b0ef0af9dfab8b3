//! The import tables. Nobody else touches them.

use platform::authz::{Actor, Guarded, Resource, Side};
use platform::register::nothing;
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use super::model::{Figures, OCDS, Report, State};

/// A run as stored.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_run")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What kind of data.
    pub kind: String,
    /// The files' names, a JSON list.
    pub files: String,
    /// `staged`, `applying`, `applied` or `undone`.
    pub state: String,
    /// Its figures, JSON.
    pub counts: String,
    /// When it was read.
    pub at: i64,
    /// Who read it: the account's id, or the kind of another actor.
    pub by: String,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Guarded for Model {
    fn resource(&self) -> Resource {
        Resource::new("import_run", self.id).with("state", self.state.as_str())
    }
}

impl Model {
    /// Where it stands.
    ///
    /// # Errors
    /// When the table holds another word.
    pub fn stands(&self) -> Result<State> {
        State::from_code(&self.state).ok_or_else(|| Error::internal("an import has no state"))
    }

    /// Its figures.
    ///
    /// # Errors
    /// When the table holds something else.
    pub fn figures(&self) -> Result<Figures> {
        Ok(serde_json::from_str(&self.counts)?)
    }

    /// The files' names.
    pub fn file_names(&self) -> Vec<String> {
        serde_json::from_str(&self.files).unwrap_or_default()
    }
}

/// Lines of runs.
pub mod line {
    use sea_orm::entity::prelude::*;

    /// One line.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_line")]
    pub struct Model {
        /// The run.
        #[sea_orm(primary_key, auto_increment = false)]
        pub run: Uuid,
        /// Its place in the input, from 1.
        #[sea_orm(primary_key, auto_increment = false)]
        pub n: i32,
        /// As in the report.
        pub outcome: String,
        /// `new`, `changed` or `none`.
        pub change: String,
        /// The report's line, JSON.
        pub report: String,
        /// The release to import, JSON.
        pub payload: Option<String>,
        /// The release's digest, in hexadecimal.
        pub digest: Option<String>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What stands for which key of a source.
pub mod key {
    use sea_orm::entity::prelude::*;

    /// One key.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_key")]
    pub struct Model {
        /// The source.
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        /// `release`, `contract` or `party`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        /// SHA-256 of what the source calls it, in hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// The record that stands for it.
        pub record: Option<Uuid>,
        /// Digest of the content last taken.
        pub digest: String,
        /// The instant of that content.
        pub at_ms: i64,
        /// What is kept beside, JSON.
        pub facts: Option<String>,
        /// The run that made it.
        pub run: Uuid,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The runs that `actor` may view: the twin of the `import.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    let keepers = ["administrator", "contract_manager", "procurement_lead", "internal_audit"];
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority && keepers.contains(&a.role.as_str()) => Condition::all(),
        _ => nothing(),
    }
}

/// The key as stored for what a source calls something.
pub(super) fn hashed(name: &str) -> String {
    platform::random::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The run `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// The newest runs that `actor` may view.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &impl ConnectionTrait, actor: &Actor, most: u64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(visible(actor)).order_by_desc(Column::At).order_by_desc(Column::Id).limit(most).all(db).await?)
}

pub(super) async fn insert(tx: &DatabaseTransaction, run: &Model) -> Result<()> {
    let row: ActiveModel = run.clone().into();
    Entity::insert(row.reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes state and figures over `run`, which is brought up to date.
pub(super) async fn update(tx: &DatabaseTransaction, run: &mut Model, state: State, figures: &Figures) -> Result<()> {
    let before = run.version;
    run.state = state.code().to_owned();
    run.counts = serde_json::to_string(figures)?;
    run.version += 1;
    let row: ActiveModel = run.clone().into();
    platform::register::save(tx, row.reset_all(), run.id, before, "import-stale").await
}

pub(super) async fn insert_lines(tx: &DatabaseTransaction, lines: Vec<line::Model>) -> Result<()> {
    // 7 values a row; SQLite binds at most 32,766.
    let rows: Vec<line::ActiveModel> = lines.into_iter().map(|row| line::ActiveModel::from(row).reset_all()).collect();
    if !rows.is_empty() {
        line::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn update_line(tx: &DatabaseTransaction, row: line::Model) -> Result<()> {
    line::ActiveModel::from(row).reset_all().update(tx).await?;
    Ok(())
}

/// Lines of a run after `n`, at most `most`, in order.
///
/// # Errors
/// When the database fails.
pub async fn lines(db: &impl ConnectionTrait, run: Uuid, after: i32, most: u64) -> Result<Vec<line::Model>> {
    let of = line::Entity::find().filter(line::Column::Run.eq(run)).filter(line::Column::N.gt(after));
    Ok(of.order_by_asc(line::Column::N).limit(most).all(db).await?)
}

/// As [`lines`], those with this outcome alone.
///
/// # Errors
/// When the database fails.
pub async fn lines_with(db: &impl ConnectionTrait, run: Uuid, outcome: &str, after: i32, most: u64) -> Result<Vec<line::Model>> {
    let of = line::Entity::find().filter(line::Column::Run.eq(run)).filter(line::Column::Outcome.eq(outcome));
    Ok(of.filter(line::Column::N.gt(after)).order_by_asc(line::Column::N).limit(most).all(db).await?)
}

/// The report's line of a stored one.
///
/// # Errors
/// When the table holds something else.
pub fn report(row: &line::Model) -> Result<Report> {
    Ok(serde_json::from_str(&row.report)?)
}

pub(super) async fn find(db: &impl ConnectionTrait, kind: &str, name: &str) -> Result<Option<key::Model>> {
    Ok(key::Entity::find_by_id((OCDS.to_owned(), kind.to_owned(), hashed(name))).one(db).await?)
}

/// Writes a key, over an older one of the same name.
pub(super) async fn put(tx: &DatabaseTransaction, row: key::Model, known: bool) -> Result<()> {
    let row = key::ActiveModel::from(row).reset_all();
    if known {
        row.update(tx).await?;
    } else {
        key::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The keys of this kind that a run made.
pub(super) async fn made_by(db: &impl ConnectionTrait, run: Uuid, kind: &str) -> Result<Vec<key::Model>> {
    Ok(key::Entity::find()
        .filter(key::Column::Run.eq(run))
        .filter(key::Column::Kind.eq(kind))
        .order_by_asc(key::Column::Key)
        .all(db)
        .await?)
}

pub(super) async fn forget(tx: &DatabaseTransaction, keys: &[key::Model]) -> Result<()> {
    for key in keys {
        key::Entity::delete_by_id((key.source.clone(), key.kind.clone(), key.key.clone())).exec(tx).await?;
    }
    Ok(())
}

/// What a source says of a contract beyond what the register keeps: JSON with `buyer`, `ocid` and `key`.
///
/// # Errors
/// When the database fails.
pub async fn published(db: &impl ConnectionTrait, contract: Uuid) -> Result<Option<serde_json::Value>> {
    let of = key::Entity::find().filter(key::Column::Record.eq(contract)).filter(key::Column::Kind.eq("contract"));
    let Some(row) = of.order_by_desc(key::Column::AtMs).one(db).await? else { return Ok(None) };
    Ok(row.facts.as_deref().map(serde_json::from_str).transpose()?)
}

/// A run that begins.
pub(super) fn fresh_run(id: Uuid, files: &[String], at: i64, by: String) -> Result<Model> {
    Ok(Model {
        id,
        kind: OCDS.to_owned(),
        files: serde_json::to_string(files)?,
        state: State::Staged.code().to_owned(),
        counts: serde_json::to_string(&Figures::default())?,
        at,
        by,
        version: 1,
    })
}

/// Whether anyone has ever acted for this party.
pub(super) async fn has_people(db: &impl ConnectionTrait, party: Uuid) -> Result<bool> {
    use platform::identity::membership;
    Ok(membership::Entity::find().filter(membership::Column::Party.eq(party)).one(db).await?.is_some())
}

/// Whether a case was ever begun on this contract.
pub(super) async fn has_cases(db: &impl ConnectionTrait, contract: Uuid) -> Result<bool> {
    use platform::cases::store::{CaseColumn, CaseEntity};
    Ok(CaseEntity::find().filter(CaseColumn::Contract.eq(contract)).one(db).await?.is_some())
}
