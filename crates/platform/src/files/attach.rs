//! What files are attached to. The product says of each kind how a thing is found, which of its actions lets someone add files to it, and
//! whether what is added now is handed in at once. Everything else is the same for all.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use sea_orm::Condition;
use uuid::Uuid;

use super::held::Held;
use super::rows::{self, Model, visible};
use super::store::Store;
use crate::authz::{Guarded, Resource};
use crate::config::Settings;
use crate::cx::{Cx, Tx};
use crate::error::{Error, Result};
use crate::seal::{self, Place};

/// The future of [`Kind::find`].
pub type Finding<'a> = Pin<Box<dyn Future<Output = Result<Subject>> + Send + 'a>>;

/// The future of [`Kind::fields`].
pub type Naming<'a> = Pin<Box<dyn Future<Output = Result<BTreeMap<String, String>>> + Send + 'a>>;

/// A kind of thing that can have files.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The kind, as policies and the ledger know it.
    pub kind: &'static str,
    /// The action that lets someone view the thing.
    pub view: &'static str,
    /// Finds the thing with this id, and what its policies say about files at this field. Within a transaction the thing is locked, so that
    /// it is not handed in at the same moment. It answers [`Error::NotFound`] for a field that the thing does not have.
    pub find: for<'a> fn(&'a Cx, Option<&'a Tx>, &'a str, Option<&'a str>) -> Finding<'a>,
    /// What the fields of the thing with this id are called, as far as the actor may know of them; none where files belong to whole things.
    pub fields: Option<for<'a> fn(&'a Cx, &'a str) -> Naming<'a>>,
}

/// A thing that can have files.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The thing, as its policies see it.
    pub thing: Resource,
    /// The action on the thing that lets someone add, replace and take back files; none while it takes none.
    pub add: Option<&'static str>,
    /// The action that lets someone of the authority add files that stay within it; none where there are no such files.
    pub note: Option<&'static str>,
    /// The action that lets someone open the sensitive ones among its files; none where there are no such files.
    pub reveal: Option<&'static str>,
    /// Whether every file here is sensitive: opening it leaves an entry.
    pub sensitive: bool,
    /// Whether every file here stays within the authority.
    pub internal: bool,
    /// Whether what is added now is handed in at once, rather than with a draft.
    pub settled: bool,
    /// How its files are looked through for data about people; none where they are not.
    pub screened: Option<Screened>,
    /// What people call it.
    pub title: String,
    /// Its page, where its files are listed.
    pub href: String,
}

/// That the files of a thing are withheld until somebody has looked through them for data about people (SEC-25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screened {
    /// The action on the thing that lets someone decide about what is withheld: suppliers about their own, the authority about its own; about any,
    /// whoever opens sensitive files besides.
    pub settle: &'static str,
    /// The page where that is done.
    pub href: String,
}

impl Subject {
    /// A thing without drafts, whose files are handed in at once: `add` lets someone add them, `note` those that stay within the authority.
    pub fn settled(thing: &impl Guarded, add: &'static str, note: Option<&'static str>, title: String, href: String) -> Self {
        let thing = thing.resource();
        Self { thing, add: Some(add), note, reveal: None, internal: false, sensitive: false, settled: true, screened: None, title, href }
    }
}

/// The kinds and the store: what the service has for files.
pub struct Desk {
    store: Store,
    kinds: Vec<Kind>,
}

impl Desk {
    /// Opens the store of these settings.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(settings: &Settings, kinds: Vec<Kind>) -> Result<Self> {
        Ok(Self { store: Store::open(settings)?, kinds })
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether things of this kind can have files.
    pub fn has(&self, code: &str) -> bool {
        self.kind(code).is_ok()
    }

    /// The kind with this code.
    pub(super) fn kind(&self, code: &str) -> Result<&Kind> {
        self.kinds.iter().find(|k| k.kind == code).ok_or(Error::NotFound)
    }
}

/// A thing, found, with what this actor may do about files at one field of it.
pub struct Attached {
    /// The thing.
    pub subject: Subject,
    /// The field; none for the whole.
    pub field: Option<String>,
    view: &'static str,
    seen: bool,
    adds: bool,
    notes: bool,
    reveals: bool,
    settles: bool,
}

impl Attached {
    /// Finds the thing; within `tx` it is locked.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such thing or field, or things of this kind have no files.
    pub async fn find(cx: &Cx, tx: Option<&Tx>, kind: &str, thing: &str, field: Option<&str>) -> Result<Self> {
        if field.is_some_and(|f| f.len() > 100 || !f.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))) {
            return Err(Error::NotFound);
        }
        let kind = cx.core().files.kind(kind)?;
        let subject = (kind.find)(cx, tx, thing, field).await?;
        let ask = |action: &'static str| match cx.core().authz.check(&cx.actor, action, &subject.thing) {
            Ok(()) => Ok(true),
            Err(Error::Refused(_) | Error::SignInAgain) => Ok(false),
            Err(other) => Err(other),
        };
        let some = |action: Option<&'static str>| action.map_or(Ok(false), ask);
        let open = subject.add.is_some();
        let notes = open && cx.actor.is_authority() && some(subject.note)?;
        let (seen, adds, reveals) = (ask(kind.view)?, some(subject.add)?, some(subject.reveal)?);
        let settles = some(subject.screened.as_ref().map(|screened| screened.settle))?;
        Ok(Self { view: kind.view, subject, field: field.map(str::to_owned), seen, adds, notes, reveals, settles })
    }

    /// The file `row`, as this actor meets it here.
    pub fn file(&self, row: Model) -> File {
        let adds = if row.internal && !self.subject.internal { self.notes } else { self.adds };
        File { row, seen: self.seen, adds, reveals: self.reveals, settles: self.settles }
    }

    /// Whether the actor may add a file here.
    pub fn may_add(&self, cx: &Cx) -> bool {
        self.check_add(cx).is_ok()
    }

    /// That the actor may view the thing.
    ///
    /// # Errors
    /// A refusal.
    pub(super) fn check_view(&self, cx: &Cx) -> Result<()> {
        cx.core().authz.check(&cx.actor, self.view, &self.subject.thing)
    }

    /// That the actor may add files to the thing: asked before anything is read in, and once more when it is written.
    ///
    /// # Errors
    /// A refusal; [`Error::Conflict`] while the thing takes none.
    pub(super) fn check_add(&self, cx: &Cx) -> Result<()> {
        if self.may_note() {
            return Ok(());
        }
        // What the actor may not see it does not learn about.
        self.check_view(cx)?;
        let add = self.subject.add.ok_or_else(|| Error::conflict("file-closed"))?;
        cx.core().authz.check(&cx.actor, add, &self.subject.thing)
    }

    /// Which of its files the actor may view.
    pub(super) fn visible(&self, cx: &Cx) -> Condition {
        visible(&cx.actor, self.reveals, self.settles)
    }

    /// As what a file that is added here begins: withheld, where they are looked through; what is sealed anyway is not.
    pub(super) fn begins(&self) -> Option<Held> {
        (self.subject.screened.is_some() && !self.subject.sensitive).then_some(Held::Waiting)
    }

    /// Whether the actor may choose to add files that stay within the authority.
    pub fn may_note(&self) -> bool {
        self.notes && !self.subject.internal
    }

    /// The subject whose key seals what is attached here.
    pub(super) fn sealed_for(&self) -> String {
        sealed_for(self.subject.thing.kind, &self.subject.thing.id)
    }
}

pub(super) fn sealed_for(kind: &str, thing: &str) -> String {
    format!("{kind}:{thing}")
}

/// A file with what this actor's rights on its thing say. Policies read those rights as attributes: who may view a thing may view its files.
#[derive(Debug, Clone)]
pub struct File {
    /// The row.
    pub row: Model,
    seen: bool,
    adds: bool,
    reveals: bool,
    settles: bool,
}

impl File {
    /// A file as met by someone with these rights on its thing: to view it, to add files to it, to open its sensitive ones, to decide about those
    /// that are withheld.
    pub fn new(row: Model, [seen, adds, reveals, settles]: [bool; 4]) -> Self {
        Self { row, seen, adds, reveals, settles }
    }

    /// Whether opening it leaves an entry: it is sensitive or withheld, and was handed in.
    pub fn closed(&self) -> bool {
        (self.row.sensitive || self.row.held.is_some()) && self.row.fixed_at.is_some() || self.row.held() == Some(Held::Withdrawn)
    }

    /// Finds a file and its thing; within `tx` both are locked.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(super) async fn find(cx: &Cx, tx: Option<&Tx>, id: Uuid) -> Result<(Self, Attached)> {
        let row = rows::get(cx.db(), id).await?;
        // The thing first, as adding does: nobody waits in a circle.
        let at = Attached::find(cx, tx, &row.kind, &row.thing, row.field.as_deref()).await?;
        let row = match tx {
            Some(tx) => rows::lock(tx, id).await?,
            None => row,
        };
        Ok((at.file(row), at))
    }
}

impl Guarded for File {
    fn resource(&self) -> Resource {
        Resource::new("file", self.row.id)
            .with("seen", self.seen)
            .with("adds", self.adds)
            .with("reveals", self.reveals)
            .with("internal", self.row.internal)
            .with("settles", self.settles)
            .with("held", self.row.held.is_some())
            .with("withdrawn", self.row.held() == Some(Held::Withdrawn))
            .with("account", self.row.account)
            .with("sensitive", self.row.sensitive)
            .with("fixed", self.row.fixed_at.is_some())
            .with("side", self.row.side.clone())
            .with("party", self.row.party)
    }
}

/// What the fields are called that these files of one thing belong to.
pub(super) async fn field_names(
    cx: &Cx,
    kind: &str,
    thing: &str,
    mut files: impl Iterator<Item = &Model>,
) -> Result<BTreeMap<String, String>> {
    match cx.core().files.kind(kind)?.fields {
        Some(fields) if files.any(|row| row.field.is_some()) => fields(cx, thing).await,
        _ => Ok(BTreeMap::new()),
    }
}

/// The place of a file's sealed column.
pub(super) fn place<'a>(id: &'a str, field: &'a str) -> Place<'a> {
    Place { table: "file", id, field }
}

/// A file's name, opened with its thing's key; none once that was destroyed.
pub(super) fn name(key: Option<&seal::Key>, row: &Model) -> Result<Option<String>> {
    let Some(key) = key else { return Ok(None) };
    let opened = key.open(&place(&row.id.to_string(), "name"), &row.name)?;
    Ok(Some(String::from_utf8_lossy(&opened).into_owned()))
}

/// The key of the thing that a file is attached to; none once it was destroyed.
pub(super) async fn key_of(cx: &Cx, kind: &str, thing: &str) -> Result<Option<seal::Key>> {
    seal::find_subject_key(cx.db(), &cx.core().master, &sealed_for(kind, thing)).await
}
