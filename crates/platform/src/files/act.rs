//! The writes of files. The bytes lie in the store before a row speaks of them; the row and its ledger entry, which holds the digest of the
//! bytes, are one transaction.

use jiff::civil::Date;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::attach::{Attached, File, place, sealed_for};
use super::held::{self, Held};
use super::receive::Received;
use super::rows::{self, Model};
use super::sweep;
use crate::authz::Side;
use crate::cx::{Cx, Entry, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::jobs::Job;
use crate::texts::Text;

/// What someone says of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Its name, cleaned by [`super::plain_name`].
    pub name: String,
    /// The first day that it covers.
    pub covers_from: Option<Date>,
    /// The last day that it covers.
    pub covers_to: Option<Date>,
    /// The last day on which it shows anything.
    pub expires_on: Option<Date>,
    /// Whether it stays within the authority.
    pub internal: bool,
}

impl About {
    /// Its dates in order; errors are told at the boxes of the form.
    fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        if self.covers_from.zip(self.covers_to).is_some_and(|(from, to)| to < from) {
            errors.add("file_to", Text::new("file-covers-order"));
        }
        if self.covers_from.zip(self.expires_on).is_some_and(|(from, end)| end < from) {
            errors.add("file_expires", Text::new("file-expires-early"));
        }
        errors.or(())
    }
}

/// Where a file goes.
#[derive(Debug, Clone, Copy)]
pub enum To<'a> {
    /// To a thing (kind, id), at a field or to the whole.
    Thing(&'a str, &'a str, Option<&'a str>),
    /// In the place of an earlier version.
    Version(Uuid),
}

/// Makes received bytes a file; its id.
///
/// # Errors
/// [`Error::Invalid`] for dates in the wrong order; [`Error::Conflict`] when the thing has too many files; [`Error::Stale`] when someone
/// replaced it meanwhile; [`Error::NotFound`], or a refusal.
pub async fn add(cx: &Cx, to: To<'_>, about: &About, received: &Received) -> Result<Uuid> {
    about.check()?;
    let mut tx = cx.begin().await?;
    let (at, before) = match to {
        To::Thing(kind, thing, field) => (Attached::find(cx, Some(&tx), kind, thing, field).await?, None),
        To::Version(id) => {
            let (file, at) = File::find(cx, Some(&tx), id).await?;
            (at, Some(file))
        }
    };
    at.check_add(cx)?;
    let thing = &at.subject.thing;
    let by = cx.actor.signed_in()?;
    let key = tx.key(cx, &at.sealed_for()).await?;
    let id = received.id.to_string();
    let old = before.as_ref().map(|b| &b.row);
    let row = Model {
        id: received.id,
        kind: thing.kind.to_owned(),
        thing: thing.id.clone(),
        field: at.field.clone(),
        chain: old.map_or(received.id, |o| o.chain),
        number: old.map_or(1, |o| o.number + 1),
        superseded_by: None,
        name: key.seal(&place(&id, "name"), about.name.as_bytes())?,
        content: received.kind.code.to_owned(),
        size: i64::try_from(received.size).map_err(Error::internal)?,
        sha256: received.sha256.clone(),
        wrapped: key.seal(&place(&id, "key"), received.key.bytes())?,
        covers_from: about.covers_from.map(|d| d.to_string()),
        covers_to: about.covers_to.map(|d| d.to_string()),
        expires_on: about.expires_on.map(|d| d.to_string()),
        internal: old.map_or(about.internal || at.subject.internal, |o| o.internal),
        sensitive: old.map_or(at.subject.sensitive, |o| o.sensitive),
        scanned: received.scanned,
        at: tx.now(),
        account: by.account,
        party: by.party,
        side: by.side.code().to_owned(),
        fixed_at: (at.subject.settled || cx.actor.is_authority()).then(|| tx.now()),
        held: at.begins().map(|held| held.code().to_owned()),
    };
    let after = at.file(row);
    let permit = match &before {
        None => cx.permit("file.add", &after)?,
        Some(before) => {
            // Leave to replace the one that stands is asked of that one; the entry is about the new one, which the second permit covers.
            cx.permit("file.replace", before)?;
            cx.permit("file.add", &after)?
        }
    };
    if rows::count(tx.db(), thing.kind, &thing.id).await? >= rows::MOST {
        return Err(Error::conflict("file-too-many"));
    }
    if let Some(before) = &before {
        rows::supersede(&tx, before.row.id, received.id).await?;
    }
    rows::Entity::insert(after.row.clone().into_active_model().reset_all()).exec_without_returning(tx.db()).await?;
    let entry = entry("file.add", &after.row).body(said(about));
    let entry = match &before {
        Some(before) => entry.about("replaces", before.row.id),
        None => entry,
    };
    held::look_later(&mut tx, &after.row);
    cx.commit(tx, permit, [entry]).await?;
    Ok(received.id)
}

/// A file that came to a thing by no form: within what somebody sent.
#[derive(Debug, Clone, Copy)]
pub struct Brought<'a> {
    /// The thing: kind and id.
    pub on: (&'a str, &'a str),
    /// Its name, cleaned by [`super::plain_name`].
    pub name: &'a str,
    /// Whether it stays within the authority.
    pub internal: bool,
    /// Whether it is looked through for data about people, and withheld until then; else it is sensitive, so that each look leaves an entry.
    pub screened: bool,
    /// Who sent it, as far as that is known: account, party and side.
    pub by: (Uuid, Uuid, Side),
}

/// Makes received bytes a file of a thing, within the transaction of the act that takes in what they came with, and whose permit covers them. It
/// is handed in at once, and nobody has looked at it yet. The entry that tells of it.
///
/// # Errors
/// [`Error::Conflict`] when the thing has too many files, or its key was destroyed.
pub async fn bring(cx: &Cx, tx: &mut Tx, brought: &Brought<'_>, received: &Received) -> Result<Entry> {
    let (kind, thing) = brought.on;
    if rows::count(tx.db(), kind, thing).await? >= rows::MOST {
        return Err(Error::conflict("file-too-many"));
    }
    let key = tx.key(cx, &sealed_for(kind, thing)).await?;
    let id = received.id.to_string();
    let (account, party, side) = brought.by;
    let row = Model {
        id: received.id,
        kind: kind.to_owned(),
        thing: thing.to_owned(),
        field: None,
        chain: received.id,
        number: 1,
        superseded_by: None,
        name: key.seal(&place(&id, "name"), brought.name.as_bytes())?,
        content: received.kind.code.to_owned(),
        size: i64::try_from(received.size).map_err(Error::internal)?,
        sha256: received.sha256.clone(),
        wrapped: key.seal(&place(&id, "key"), received.key.bytes())?,
        covers_from: None,
        covers_to: None,
        expires_on: None,
        internal: brought.internal,
        sensitive: !brought.screened,
        scanned: received.scanned,
        at: tx.now(),
        account,
        party,
        side: side.code().to_owned(),
        fixed_at: Some(tx.now()),
        held: brought.screened.then(|| Held::Waiting.code().to_owned()),
    };
    held::look_later(tx, &row);
    let told = entry("file.add", &row).body(said(&About { name: brought.name.to_owned(), ..About::default() }));
    rows::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx.db()).await?;
    Ok(told)
}

fn said(about: &About) -> Value {
    json!({ "name": about.name, "covers_from": about.covers_from, "covers_to": about.covers_to, "expires_on": about.expires_on })
}

/// Opens a sensitive file for whoever asked for it: the entry says that they did.
///
/// # Errors
/// [`Error::NotFound`], or a refusal.
pub async fn reveal(cx: &Cx, id: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let (file, _) = File::find(cx, Some(&tx), id).await?;
    let permit = cx.permit("file.reveal", &file)?;
    let entry = entry("file.reveal", &file.row);
    cx.commit(tx, permit, [entry]).await
}

/// An entry about a file: an auditor proves with its digest which bytes were there.
pub(super) fn entry(action: &'static str, row: &Model) -> Entry {
    let entry = Entry::new(action, "file", row.id)
        .about("on", &row.kind)
        .about("thing", &row.thing)
        .about("sha256", &row.sha256)
        .about("size", row.size)
        .about("content", &row.content)
        .about("version", row.number)
        .about("side", &row.side)
        .sealed_for(sealed_for(&row.kind, &row.thing));
    match &row.field {
        Some(field) => entry.about("field", field),
        None => entry,
    }
}

/// Takes back a file that was not handed in yet; its bytes are deleted once that is committed. An earlier version stands again.
///
/// # Errors
/// [`Error::NotFound`], or a refusal: what was handed in stays.
pub async fn remove(cx: &Cx, id: Uuid) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (file, _) = File::find(cx, Some(&tx), id).await?;
    let permit = cx.permit("file.remove", &file)?;
    rows::forget(&tx, &file.row).await?;
    tx.job(sweep_job(id));
    let entry = entry("file.remove", &file.row);
    cx.commit(tx, permit, [entry]).await
}

fn sweep_job(id: Uuid) -> Job {
    Job::new(sweep::ERASE, json!({ "id": id }))
}

/// A file that was handed in with a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handed {
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Hands in the draft files of a thing with the thing itself, within its act's transaction: from now on they stay. The act tells of them in
/// its own entry.
///
/// # Errors
/// When the database fails.
pub async fn hand_in(tx: &Tx, kind: &str, thing: impl ToString) -> Result<Vec<Handed>> {
    let thing = thing.to_string();
    let drafts = rows::drafts(tx, kind, &thing).await?;
    if !drafts.is_empty() {
        rows::fix(tx, kind, &thing).await?;
    }
    Ok(drafts.into_iter().map(|row| Handed { id: row.id, sha256: row.sha256 }).collect())
}

/// Forgets the draft files of a thing that is given up, within its act's transaction; how many.
///
/// # Errors
/// When the database fails.
pub async fn drop_drafts(tx: &mut Tx, kind: &str, thing: impl ToString) -> Result<usize> {
    let drafts = rows::drafts(tx, kind, &thing.to_string()).await?;
    for row in &drafts {
        rows::forget(tx, row).await?;
        tx.job(sweep_job(row.id));
    }
    Ok(drafts.len())
}
