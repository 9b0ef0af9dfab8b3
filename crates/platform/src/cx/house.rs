//! Housekeeping: changes that the ledger does not tell of, to a closed list of tables.

use std::sync::Arc;

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DatabaseTransaction, IntoActiveModel, QueryTrait, UpdateMany};

use crate::clock::Millis;
use crate::core::Core;
use crate::db::{Writing, dialect};
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::seal::InHand;

/// An entity that may change without a ledger entry. Implemented in this crate alone; the list is closed and a test prints it.
pub trait Housekept: EntityTrait + sealed::Listed {}

pub(crate) mod sealed {
    /// Keeps the list of housekept tables within the platform.
    pub trait Listed {}
}

/// Lists an entity as housekept.
macro_rules! housekept {
    ($($entity:ty),+ $(,)?) => { $(
        impl $crate::cx::sealed::Listed for $entity {}
        impl $crate::cx::Housekept for $entity {}
    )+ };
}
pub(crate) use housekept;

/// A transaction that can change housekept tables only.
pub struct House {
    core: Arc<Core>,
    inner: Writing,
    jobs: Vec<Job>,
    now: Millis,
}

impl House {
    pub(super) async fn begin(core: &Arc<Core>, now: Millis) -> Result<Self> {
        Ok(Self { core: core.clone(), inner: core.db.begin().await?, jobs: Vec::new(), now })
    }

    /// For reading within the transaction.
    pub(crate) fn db(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// The transaction's instant.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// A job to be done once this is committed.
    pub fn job(&mut self, job: Job) {
        self.jobs.push(job);
    }

    /// Inserts a row.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn insert<A>(&self, row: A) -> Result<(), DbErr>
    where
        A: ActiveModelTrait,
        A::Entity: Housekept,
    {
        A::Entity::insert(row).exec_without_returning(&*self.inner).await.map(|_| ())
    }

    /// Saves a changed row.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn save<A>(&self, row: A) -> Result<(), DbErr>
    where
        A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
        A::Entity: Housekept,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.update(&*self.inner).await.map(|_| ())
    }

    /// Runs an update; the number of rows changed.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn update<E: Housekept>(&self, query: UpdateMany<E>) -> Result<u64, DbErr> {
        Ok(query.exec(&*self.inner).await?.rows_affected)
    }

    /// Runs a deletion; the number of rows gone.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn delete<E: Housekept>(&self, query: sea_orm::DeleteMany<E>) -> Result<u64, DbErr> {
        Ok(query.exec(&*self.inner).await?.rows_affected)
    }

    /// Finds rows within the transaction, locked until it ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find<E: Housekept>(&self, mut query: Select<E>) -> Result<Vec<E::Model>, DbErr> {
        dialect::lock_rows(self.inner.get_database_backend(), QueryTrait::query(&mut query));
        query.all(&*self.inner).await
    }

    /// Commits.
    ///
    /// # Errors
    /// When the database fails; nothing is written then.
    pub async fn done(self) -> Result<()> {
        jobs::insert(&self.core, &*self.inner, &self.jobs, self.now, &InHand::default()).await?;
        self.inner.commit().await?;
        Ok(())
    }
}
