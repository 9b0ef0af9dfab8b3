//! The write path. A [`Tx`] has no public commit and a [`Permit`] no public constructor, so that the only way to change data is
//!
//! ```text
//! let mut tx = cx.begin().await?;                   // one transaction
//! let permit = cx.permit("contract.add", &new)?;    // or a refusal, which names its policy
//! store::insert(tx.db(), &new).await?;              // the change
//! cx.commit(tx, permit, [entry]).await?;            // entries, jobs and data: all or nothing
//! ```
//!
//! Drafts, sessions and the like are kept through [`House`], which can touch only a closed list of tables.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, DatabaseTransaction, QueryTrait, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::authz::{Actor, Guarded};
use crate::clock::Millis;
use crate::core::Core;
use crate::db::Writing;
use crate::error::{Error, Result};
use crate::identity::membership;
use crate::jobs::{self, Job};
use crate::seal::{InHand, Key};
use crate::{book, random};

mod house;
pub(crate) mod once;

pub use house::{House, Housekept};
pub(crate) use house::{housekept, sealed};
pub use once::Answers;

/// Who acts, in which request, on which service. One argument instead of twelve.
#[derive(Clone)]
pub struct Cx {
    core: Arc<Core>,
    /// Who acts.
    pub actor: Actor,
    /// The request's id, shown on error pages and kept in logs.
    pub request: Uuid,
    /// The idempotency key of whoever asked, as stored.
    once: Option<once::Key>,
}

impl Cx {
    /// A context for `actor`.
    ///
    /// # Errors
    /// When the system gives no randomness for the request's id.
    pub fn new(core: &Arc<Core>, actor: Actor) -> Result<Self> {
        Ok(Self { core: core.clone(), actor, request: random::id(core.clock.now())?, once: None })
    }

    /// The same context, whose one commit answers the idempotency key `key` for ever.
    #[must_use]
    pub fn once(mut self, key: Option<String>) -> Self {
        self.once = key.map(|key| once::Key::new(&key, &self.actor, None));
        self
    }

    /// As [`Cx::once`], for a key that programs write: `request` is what is asked for with it, and a key used for something else is refused.
    #[must_use]
    pub fn once_for(mut self, key: &str, request: &[u8]) -> Self {
        self.once = Some(once::Key::new(key, &self.actor, Some(request)));
        self
    }

    /// The same context, whose one commit leads whoever asked to `location`: remembered for repetitions in that very transaction.
    #[must_use]
    pub fn leading_to(&self, location: &str) -> Self {
        let mut cx = self.clone();
        if let Some(once) = &mut cx.once {
            once.leads_to = Some(location.to_owned());
        }
        cx
    }

    /// The service.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Now, in milliseconds UTC.
    pub fn now(&self) -> Millis {
        self.core.clock.now()
    }

    /// A fresh id.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn id(&self) -> Result<Uuid> {
        random::id(self.now())
    }

    /// For reading outside a transaction.
    pub fn db(&self) -> &DatabaseConnection {
        self.core.db.reader()
    }

    /// Opens a writing transaction, which claims the request's idempotency key: of two twins the second waits here and learns where the
    /// first one led.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database does not answer; [`Error::Repeated`] when the key was used before.
    pub async fn begin(&self) -> Result<Tx> {
        self.open(self.core.db.begin().await?).await
    }

    /// As [`Cx::begin`], for an act that many do in the same minute, and which reads nothing beside its transaction once that has begun: on
    /// SQLite, those who wait share their way to the disk.
    ///
    /// # Errors
    /// As [`Cx::begin`].
    pub async fn begin_sharing(&self) -> Result<Tx> {
        self.open(self.core.db.begin_sharing().await?).await
    }

    async fn open(&self, inner: Writing) -> Result<Tx> {
        let mut tx = Tx {
            inner,
            jobs: Vec::new(),
            quiet: false,
            now: self.now(),
            claimed: None,
            destroyed: Mutex::default(),
            later: Mutex::default(),
            keys: InHand::default(),
        };
        // Whoever stands for somebody may do so no more by now.
        if let Some(account) = self.actor.account().filter(|account| account.acts_for.is_some()) {
            membership::still(tx.db(), &self.core.clock, account.membership).await?;
        }
        match self.claim(&mut tx).await {
            // Where the twin leads is read by others next: it is to be there.
            Err(repeated @ Error::Repeated(_)) => tx.inner.give_up().await.and(Err(repeated)),
            claimed => claimed.map(|()| tx),
        }
    }

    /// Takes the request's idempotency key for `tx`, unless it has it. A twin under way is waited for.
    async fn claim(&self, tx: &mut Tx) -> Result<()> {
        let Some(key) = self.once.as_ref().filter(|key| tx.claimed.as_ref() != Some(&key.stored)) else { return Ok(()) };
        once::claim(tx, key).await?;
        tx.claimed = Some(key.stored.clone());
        Ok(())
    }

    /// Asks for permission to do `action` on `on`.
    ///
    /// # Errors
    /// As [`crate::authz::Authz::check`].
    pub fn permit(&self, action: &'static str, on: &impl Guarded) -> Result<Permit> {
        self.core.authz.check(&self.actor, action, on)?;
        let on = on.resource();
        Ok(Permit { action, kind: on.kind, id: on.id, actor: self.actor.reference(), membership: self.actor.membership() })
    }

    /// Whether [`Cx::permit`] would say yes, or would after signing in again. For showing or leaving out a button.
    pub fn may(&self, action: &'static str, on: &impl Guarded) -> bool {
        self.core.authz.may(&self.actor, action, on)
    }

    /// Those of `actions` that [`Cx::may`] says yes to, for less than asking one by one.
    pub fn which(&self, actions: impl IntoIterator<Item = &'static str>, on: &impl Guarded) -> Vec<&'static str> {
        self.core.authz.which(&self.actor, actions, on)
    }

    /// Commits: runs the reactions, writes jobs, appends the ledger entries, ends the transaction.
    ///
    /// The permit covers the first entry. Further ones tell of what follows from it (a task opened by a step, a register row made by a
    /// decision) and carry no permit of their own: an act that changes a second thing in its own right asks for a second permit first.
    ///
    /// # Errors
    /// [`Error::Internal`] when there is no entry, or the permit is another actor's, or the first entry is about something else than it;
    /// [`Error::Repeated`] when the request's idempotency key was used before. Nothing is written then.
    pub async fn commit(&self, mut tx: Tx, permit: Permit, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        let first = entries.first().ok_or_else(|| Error::internal(format!("a commit of {} without an entry", permit.action)))?;
        if first.action != permit.action || first.kind != permit.kind || first.id != permit.id {
            return Err(Error::internal(format!(
                "a permit for {} on {} {} does not cover an entry {} on {} {}",
                permit.action, permit.kind, permit.id, first.action, first.kind, first.id
            )));
        }
        if permit.actor != self.actor.reference() || permit.membership != self.actor.membership() {
            return Err(Error::internal(format!("a permit for {} of another actor", permit.action)));
        }
        self.claim(&mut tx).await?;
        let mut at = 0;
        while at < entries.len() {
            let entry = entries[at].clone();
            for reaction in self.core.reactions.iter().filter(|r| r.on == entry.action) {
                let more = (reaction.run)(self, &mut tx, &entry).await?;
                entries.extend(more);
            }
            at += 1;
            if entries.len() > 10_000 {
                return Err(Error::internal("reactions without end"));
            }
        }
        let apart = || Error::internal("a transaction fell apart");
        let mut writes = std::mem::take(&mut *tx.later.lock().map_err(|_| apart())?);
        writes.extend(jobs::writes(&self.core, &*tx.inner, &tx.jobs, tx.now, &tx.keys).await?);
        let destroyed = tx.destroyed.lock().map_err(|_| apart())?.clone();
        book::append(self, &tx.inner, writes, (&entries, &destroyed), tx.now, &tx.keys).await?;
        tx.inner.commit().await?;
        self.core.wake.notify_one();
        Ok(())
    }

    /// Destroys the key of `subject` (`kind:id`) within the transaction, so that all sealed for it can never be read again; `false` when it
    /// had none. Its words leave the blind index. [`Cx::commit`] appends the entry `key.destroyed` for it. Nothing more can be sealed for the subject, in this transaction
    /// or later: a reason for destroying it is sealed for another one ([`Entry::sealed_for`]).
    ///
    /// # Errors
    /// [`Error::Internal`] when `subject` is not written as kind and id; when the database fails.
    pub async fn destroy_key(&self, tx: &Tx, subject: &str) -> Result<bool> {
        let (kind, id) = book::subject_parts(subject)?;
        // The account's row before its key, as everybody takes them: nobody may wait in a circle.
        if let Ok(thing) = id.as_str().parse() {
            crate::identity::holder::forget(&*tx.inner, kind.as_str(), thing).await?;
            crate::seal::blind::forget(&*tx.inner, kind.as_str(), thing).await?;
        }
        let done = crate::seal::destroy_subject_key(&*tx.inner, subject, tx.now).await?;
        tx.keys.forget(subject)?;
        if done {
            tx.destroyed.lock().map_err(|_| Error::internal("a transaction fell apart"))?.push(subject.to_owned());
        }
        Ok(done)
    }

    /// Opens a transaction for housekeeping: drafts, sessions, throttles, links opened, jobs, search index, and nothing else.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database does not answer.
    pub async fn housekeep(&self) -> Result<House> {
        House::begin(&self.core, self.now()).await
    }

    /// Where the first request with this idempotency key by this actor led.
    ///
    /// # Errors
    /// [`Error::Repeated`] when there was one.
    pub async fn refuse_repeat(&self, key: &str) -> Result<()> {
        let key = once::Key::new(key, &self.actor, None);
        let key = self.once.as_ref().filter(|own| own.stored == key.stored).unwrap_or(&key);
        once::refuse(self.db(), key).await
    }

    /// Whether this very request was answered before, by a twin that was faster, so that a double click is told apart from another person's
    /// change. [`Cx::begin`] has asked already.
    ///
    /// # Errors
    /// [`Error::Repeated`] when it was.
    pub async fn refuse_twin(&self, tx: &Tx) -> Result<()> {
        let Some(key) = self.once.as_ref().filter(|_| tx.claimed.is_none()) else { return Ok(()) };
        once::refuse(tx.db(), key).await
    }

    /// Remembers where the answered request led, for its repetitions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remember_answer(&self, location: &str) -> Result<()> {
        let Some(key) = &self.once else { return Ok(()) };
        self.core.answers.keep(self, &key.stored, location).await
    }
}

/// An open writing transaction. Dropped without [`Cx::commit`], it changes nothing.
pub struct Tx {
    inner: Writing,
    jobs: Vec<Job>,
    quiet: bool,
    now: Millis,
    /// The idempotency key that it holds, as stored.
    claimed: Option<String>,
    /// Subjects whose keys it destroyed.
    destroyed: Mutex<Vec<String>>,
    /// What is written with the commit.
    later: Mutex<Vec<Statement>>,
    keys: InHand,
}

impl Tx {
    /// For queries within the transaction.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// The key of `subject` (for example `proposal:…`), made on first use, as [`seal::subject_key_for`](crate::seal::subject_key_for).
    ///
    /// # Errors
    /// [`Error::Conflict`] when the key was destroyed; [`Error::Internal`] when no master key at hand opens it.
    pub async fn key(&self, cx: &Cx, subject: &str) -> Result<Key> {
        self.keys.key_for(&*self.inner, &cx.core.master, subject, self.now).await
    }

    /// Writes rows that nothing in this transaction reads again: with its ledger entries, as it is committed, which is less than a way to the
    /// database of their own.
    ///
    /// # Errors
    /// When a thread failed before; what the database has against them, the commit says.
    pub fn later<A: ActiveModelTrait>(&self, rows: impl IntoIterator<Item = A>) -> Result<()> {
        let rows: Vec<A> = rows.into_iter().collect();
        if !rows.is_empty() {
            let write = A::Entity::insert_many(rows).build(self.inner.get_database_backend());
            self.later.lock().map_err(|_| Error::internal("a transaction fell apart"))?.push(write);
        }
        Ok(())
    }

    /// The one instant that everything in this transaction carries.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// A job to be done once this transaction is committed, and only then.
    pub fn job(&mut self, job: Job) {
        self.jobs.extend((!self.quiet).then_some(job));
    }

    /// Leaves out every job that is asked for from here on: when records are entered by the thousand, nobody is written to about each.
    pub fn quietly(&mut self) {
        self.quiet = true;
    }
}

/// Leave to do one action on one thing. Made only by [`Cx::permit`].
#[derive(Debug)]
pub struct Permit {
    action: &'static str,
    kind: &'static str,
    id: String,
    /// Whom it was given to: kind and id.
    actor: (&'static str, String),
    membership: Option<Uuid>,
}

impl Permit {
    /// The entry that tells of what it permits.
    pub(crate) fn entry(&self) -> Entry {
        Entry::new(self.action, self.kind, &self.id)
    }

    /// Whether it is about the thing with this id.
    pub(crate) fn covers(&self, id: Uuid) -> bool {
        self.id == id.to_string()
    }
}

/// One line of the ledger as it is handed in: ids and codes in the open, values and reasons in the body, which is sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What was done: the action's code.
    pub action: &'static str,
    /// The kind of the thing it was done to.
    pub kind: &'static str,
    /// The thing's id.
    pub id: String,
    /// Codes and ids that stand in the open: stages, references, counts.
    pub about: BTreeMap<String, String>,
    /// Values and reasons; sealed with the key of `sealed_for`.
    pub body: Option<Value>,
    /// The subject whose key seals the body; the thing itself unless said otherwise.
    pub sealed_for: Option<String>,
}

impl Entry {
    /// `action` was done to the thing `kind` `id`.
    pub fn new(action: &'static str, kind: &'static str, id: impl ToString) -> Self {
        Self { action, kind, id: id.to_string(), about: BTreeMap::new(), body: None, sealed_for: None }
    }

    /// `action` was done to `on`.
    pub fn on(action: &'static str, on: &impl Guarded) -> Self {
        let on = on.resource();
        Self::new(action, on.kind, on.id)
    }

    /// With a code or id in the open: letters, digits and `._:-` only, beginning with a letter or digit, at most 128.
    #[must_use]
    pub fn about(mut self, name: &str, value: impl ToString) -> Self {
        self.about.insert(name.to_owned(), value.to_string());
        self
    }

    /// With values and reasons, sealed.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Sealed with another subject's key: an account's, for what is personal to its holder.
    #[must_use]
    pub fn sealed_for(mut self, subject: impl ToString) -> Self {
        self.sealed_for = Some(subject.to_string());
        self
    }

    /// The thing as one text, `kind:id`.
    pub fn subject(&self) -> String {
        format!("{}:{}", self.kind, self.id)
    }
}

/// The future that a reaction returns.
pub type Reacting<'a> = Pin<Box<dyn Future<Output = Result<Vec<Entry>>> + Send + 'a>>;

/// Something that follows from an entry, in the same transaction: how a later feature answers to an earlier one.
pub struct Reaction {
    /// The action it answers to.
    pub on: &'static str,
    /// What it does; it returns the entries of its own changes.
    pub run: for<'a> fn(&'a Cx, &'a mut Tx, &'a Entry) -> Reacting<'a>,
}
