//! Checkpoints: the ledger's signed head, made on a schedule and sent out of the machine. Without one kept elsewhere, nobody can see that
//! entries were cut off at the end.

use ledger::{Checkpoint, StoredHashes, tree};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::cx::{Cx, housekept};
use crate::error::{Error, Result};
use crate::identity::holder;
use crate::jobs::Working;
use crate::{book, files, keys, mail, t};

/// The kind of the scheduled job.
pub const JOB: &str = "ledger.checkpoint";

/// A checkpoint as stored.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One checkpoint.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_checkpoint")]
    pub struct Model {
        /// Entries in the ledger then.
        #[sea_orm(primary_key, auto_increment = false)]
        pub size: i64,
        /// When it was signed.
        pub at: i64,
        /// The signed note.
        pub note: String,
        /// When it, or a later one, left the machine; none while it has not.
        pub sent_at: Option<i64>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

housekept!(row::Entity);

/// Does the scheduled job: signs, keeps, sends.
pub fn work<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        make(cx).await?;
        send(cx).await
    })
}

/// Signs the ledger's head when anything was written since the last checkpoint, and keeps it; the latest checkpoint, if there is any.
///
/// # Errors
/// [`Error::Internal`] when the ledger no longer continues its last checkpoint: somebody changed its tables. Nothing is signed then.
pub async fn make(cx: &Cx) -> Result<Option<row::Model>> {
    let last = latest(cx.db()).await?;
    let (size, root) = book::head(cx.db()).await?;
    let stands = i64::try_from(size).map_err(Error::internal)?;
    if size == 0 || last.as_ref().is_some_and(|l| l.size == stands) {
        return Ok(last);
    }
    if let Some(last) = &last
        && !continues(cx.db(), last, size).await?
    {
        tracing::error!(size, checkpoint = last.size, "the ledger does not continue its last checkpoint: its tables were changed");
        metrics::counter!("vouchsafe_ledger_broken_total").increment(1);
        return Err(Error::internal("the ledger does not continue its last checkpoint; export and verify it"));
    }
    let note = Checkpoint::sign(&cx.core().ledger_key, size, root, cx.now()).map_err(Error::internal)?;
    let made = row::Model { size: stands, at: cx.now(), note, sent_at: None };
    let house = cx.housekeep().await?;
    // Another node may have been quicker with the same size; both notes say the same.
    if row::Entity::find_by_id(stands).one(house.db()).await?.is_none() {
        house
            .insert(row::ActiveModel {
                size: ActiveValue::Set(made.size),
                at: ActiveValue::Set(made.at),
                note: ActiveValue::Set(made.note.clone()),
                sent_at: ActiveValue::Set(None),
            })
            .await?;
    }
    house.done().await?;
    tracing::info!(size, "checkpoint signed");
    Ok(Some(made))
}

/// Sends the latest checkpoint out of the machine, unless it was sent or nothing says where to.
async fn send(cx: &Cx) -> Result<()> {
    let settings = &cx.core().settings;
    let wanted = &settings.checkpoints;
    if wanted.folder.as_os_str().is_empty() && wanted.mail.is_empty() {
        return Ok(());
    }
    let Some(latest) = latest(cx.db()).await?.filter(|l| l.sent_at.is_none()) else { return Ok(()) };
    if !wanted.folder.as_os_str().is_empty() {
        let (folder, bytes) = (wanted.folder.clone(), latest.note.clone().into_bytes());
        let name = format!("checkpoint-{:013}", latest.size);
        tokio::task::spawn_blocking(move || {
            keys::make_folder(&folder)?;
            files::write_whole(&folder.join(name), &bytes)
        })
        .await
        .map_err(Error::internal)??;
    }
    let subject = t!("checkpoint-mail-subject", size = latest.size);
    let text = t!(
        "checkpoint-mail",
        authority = &settings.authority.name,
        size = latest.size,
        moment = cx.core().clock.moment_text(latest.at),
        fingerprint = cx.core().ledger_key.public().fingerprint(),
    );
    let mut letters = Vec::with_capacity(wanted.mail.len());
    for to in &wanted.mail {
        let mark = hex::encode(holder::mark(cx, to).await?);
        letters
            .push(mail::message(to, &subject, &format!("{text}\n\n{}", latest.note)).once(&format!("checkpoint:{}:{mark}", latest.size)));
    }
    let mut house = cx.housekeep().await?;
    for letter in letters {
        house.job(letter);
    }
    let sent = row::Entity::update_many()
        .col_expr(row::Column::SentAt, Expr::value(cx.now()))
        .filter(row::Column::Size.lte(latest.size))
        .filter(row::Column::SentAt.is_null());
    house.update::<row::Entity>(sent).await?;
    house.done().await?;
    cx.core().wake.notify_one();
    Ok(())
}

/// The latest checkpoint.
///
/// # Errors
/// When the database fails.
pub async fn latest(db: &DatabaseConnection) -> Result<Option<row::Model>> {
    Ok(row::Entity::find().order_by_desc(row::Column::Size).one(db).await?)
}

/// The latest checkpoints, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &DatabaseConnection, limit: u64) -> Result<Vec<row::Model>> {
    Ok(row::Entity::find().order_by_desc(row::Column::Size).limit(limit).all(db).await?)
}

/// Whether the ledger's tables, `size` entries long, still hold the tree that `checkpoint` signed. Reads a number of hashes that grows with
/// the logarithm of the size; a changed entry whose hashes were left alone is found by an export alone.
///
/// # Errors
/// When the database fails.
pub async fn continues(db: &DatabaseConnection, checkpoint: &row::Model, size: u64) -> Result<bool> {
    let Ok(signed) = Checkpoint::peek(&checkpoint.note) else { return Ok(false) };
    if signed.size > size || i64::try_from(signed.size).ok() != Some(checkpoint.size) {
        return Ok(false);
    }
    let needs = ledger::Frontier::needs(signed.size).map_err(Error::internal)?;
    let stored: StoredHashes = match book::hashes(db, &needs).await {
        Ok(stored) => stored,
        Err(Error::Unavailable) => return Err(Error::Unavailable),
        Err(_) => return Ok(false),
    };
    Ok(tree::root(signed.size, &stored).is_ok_and(|root| root == signed.root))
}
