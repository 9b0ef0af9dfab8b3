//! The table of mail that came in, and who sees it.

use std::collections::BTreeMap;

use platform::authz::Actor;
use platform::cx::{Cx, Tx};
use platform::files::{Finding, Kind, Subject};
use platform::register::{Count, nothing};
use platform::seal::{self, Place};
use platform::texts::Text;
use platform::{Error, Result, random};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, ConnectionTrait, IntoActiveModel as _, QueryOrder as _, QuerySelect as _};

use super::model::{KIND, Mail, State, at};
use super::said::Said;

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident_mail")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of its Message-ID, in hexadecimal.
    pub mark: String,
    /// SHA-256 of what does not change on the way, in hexadecimal.
    pub digest: String,
    /// When it came in.
    pub received_at: i64,
    /// How large it is, in bytes.
    pub size: i64,
    /// Who or what wrote it, as `inbox::Kind` tells.
    pub kind: String,
    /// Why it waits or waited, by code; none of one that became a report at once.
    pub why: Option<String>,
    /// What became of it, by code.
    pub state: String,
    /// The sender's account, where the address is one of a supplier's and nobody found it forged.
    pub account: Option<Uuid>,
    /// The sender's party.
    pub party: Option<Uuid>,
    /// The incident that it seems to be about.
    pub about: Option<Uuid>,
    /// The incident that it was made, or added to.
    pub case: Option<Uuid>,
    /// The file that holds it as it came.
    pub original: Uuid,
    /// The job of the answer that names its incident.
    pub answer: Option<Uuid>,
    /// Sealed JSON: what it says.
    pub said: Vec<u8>,
    /// Sealed: why it was set aside.
    pub reason: Option<Vec<u8>>,
    /// Who decided about it.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<i64>,
    /// How many of its files are still to be looked at, as the scanner or the store did not answer when it became part of an incident.
    pub files_left: i32,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// It, for policies.
    pub fn thing(&self) -> Mail {
        Mail { id: self.id }
    }

    /// What became of it.
    pub fn stands(&self) -> Option<State> {
        State::from_code(&self.state)
    }
}

const TABLE: &str = "incident_mail";
/// Counted at most.
const MOST: u64 = 1_000;

/// The subject whose key seals what a message says.
pub fn subject(id: Uuid) -> String {
    format!("{KIND}:{id}")
}

/// The messages that an actor may view: the SQL twin of `mail.view`.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(account) if actor.is_authority() && READERS.contains(&account.role.as_str()) => Condition::all(),
        _ => nothing(),
    }
}

/// The roles that read mail, as `authz/mail.cedar` has them.
pub(super) const READERS: [&str; 3] = ["contract_manager", "security", "internal_audit"];

/// Seals what a message says.
pub(super) async fn sealed(cx: &Cx, tx: &Tx, id: Uuid, said: &Said) -> Result<Vec<u8>> {
    let key = tx.key(cx, &subject(id)).await?;
    key.seal(&Place { table: TABLE, id: &id.to_string(), field: "said" }, &serde_json::to_vec(said)?)
}

/// Seals why a message was set aside.
pub(super) async fn sealed_reason(cx: &Cx, tx: &Tx, id: Uuid, reason: &str) -> Result<Vec<u8>> {
    let key = tx.key(cx, &subject(id)).await?;
    key.seal(&Place { table: TABLE, id: &id.to_string(), field: "reason" }, reason.as_bytes())
}

/// A message, opened: what it says and why it was set aside; nothing of one whose key was destroyed.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The row.
    pub row: Model,
    /// What it says.
    pub said: Option<Said>,
    /// Why it was set aside.
    pub reason: Option<String>,
}

fn open(key: Option<&seal::Key>, row: Model) -> Result<Opened> {
    let Some(key) = key else { return Ok(Opened { row, said: None, reason: None }) };
    let id = row.id.to_string();
    let at = |field| Place { table: TABLE, id: &id, field };
    let said = serde_json::from_slice(&key.open(&at("said"), &row.said)?)?;
    let reason = row.reason.as_ref().map(|sealed| key.open(&at("reason"), sealed)).transpose()?;
    let reason = reason.map(|plain| String::from_utf8_lossy(&plain).into_owned());
    Ok(Opened { said: Some(said), reason, row })
}

/// These messages, opened, in their order.
///
/// # Errors
/// When the database fails or something was changed behind our back.
pub async fn opened<C: ConnectionTrait>(cx: &Cx, db: &C, rows: Vec<Model>) -> Result<Vec<Opened>> {
    let keys: BTreeMap<String, seal::Key> = seal::find_subject_keys(db, &cx.core().master, rows.iter().map(|row| subject(row.id))).await?;
    rows.into_iter().map(|row| open(keys.get(&subject(row.id)), row)).collect()
}

/// One message.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// One message, its row locked until the transaction ends, as it stood at `version`, and waiting.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when somebody decided about it already; [`Error::Stale`].
pub(super) async fn waiting(tx: &Tx, id: Uuid, version: i32) -> Result<Model> {
    let row = platform::register::lock::<Entity>(tx.db(), id).await?;
    if row.state != State::Waiting.code() {
        return Err(Error::Conflict(Text::new("mail-decided").with("state", row.stands().map(State::says).unwrap_or_default())));
    }
    if row.version != version {
        return Err(Error::Stale(Text::new("mail-stale")));
    }
    Ok(row)
}

/// One message, its row locked until the transaction ends, whatever became of it.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn lock(tx: &Tx, id: Uuid) -> Result<Model> {
    platform::register::lock::<Entity>(tx.db(), id).await
}

/// What a Message-ID is known by.
pub(super) fn mark(id: &str) -> String {
    hex::encode(random::digest(id.as_bytes()))
}

/// The messages with this id.
pub(super) async fn with_mark<C: ConnectionTrait>(db: &C, mark: &str) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::Mark.eq(mark)).limit(20).all(db).await?)
}

/// Stores a message; `false` where a twin was faster.
pub(super) async fn insert(tx: &Tx, row: Model) -> Result<bool> {
    let once = OnConflict::columns([Column::Mark, Column::Digest]).do_nothing().to_owned();
    Ok(Entity::insert(row.into_active_model().reset_all()).on_conflict(once).exec_without_returning(tx.db()).await? == 1)
}

/// Stores what became of a message, as it stood at `version`.
pub(super) async fn update(tx: &Tx, row: &Model, version: i32) -> Result<()> {
    let new: ActiveModel = Model { version: version + 1, ..row.clone() }.into();
    platform::register::save(tx.db(), new.reset_all(), row.id, version, "mail-stale").await
}

/// The incident of which one of these ids told the sender.
pub(super) async fn answered<C: ConnectionTrait>(db: &C, ids: &[Uuid]) -> Result<Option<Uuid>> {
    if ids.is_empty() {
        return Ok(None);
    }
    let row = Entity::find().filter(Column::Answer.is_in(ids.iter().copied())).order_by_desc(Column::Id).one(db).await?;
    Ok(row.and_then(|row| row.case))
}

/// How many messages of an account became reports since an instant.
pub(super) async fn reported_since<C: ConnectionTrait>(db: &C, account: Uuid, since: i64) -> Result<u64> {
    let query = Entity::find().filter(Column::Account.eq(account)).filter(Column::ReceivedAt.gt(since));
    Ok(query.filter(Column::State.eq(State::Reported.code())).count(db).await?)
}

/// The messages that the actor may view, newest first, before one of them, in this state and of this incident, or any: `most`, and one more when there are more.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Cx, (state, case): (Option<State>, Option<Uuid>), before: Option<Uuid>, most: u64) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(visible(&cx.actor));
    if let Some(case) = case {
        query = query.filter(Column::Case.eq(case));
    }
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state.code()));
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    Ok(query.order_by_desc(Column::Id).limit(most + 1).all(cx.db()).await?)
}

/// How many messages wait that the actor may view.
///
/// # Errors
/// When the database fails.
pub async fn count_waiting(cx: &Cx) -> Result<Count> {
    let waiting =
        Entity::find().select_only().column(Column::Id).filter(visible(&cx.actor)).filter(Column::State.eq(State::Waiting.code()));
    let found: Vec<Uuid> = waiting.limit(MOST + 1).into_tuple().all(cx.db()).await?;
    Ok(Count::told(found.len() as u64, MOST))
}

/// Messages have the file that holds them as they came: for few, one look at a time.
pub const FILES: Kind = Kind { kind: KIND, view: "mail.view", find: attached, fields: None };

fn attached<'a>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        if field.is_some() {
            return Err(Error::NotFound);
        }
        let row = get(cx.db(), id.parse().map_err(|_| Error::NotFound)?).await?;
        let href = at(row.id);
        Ok(Subject {
            thing: platform::authz::Guarded::resource(&row.thing()),
            add: None,
            note: None,
            reveal: Some("mail.reveal"),
            sensitive: true,
            internal: true,
            settled: true,
            screened: None,
            title: platform::t!("mail-one"),
            href,
        })
    })
}
