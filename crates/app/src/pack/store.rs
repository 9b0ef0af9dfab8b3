//! The tables of installed editions: their files, which never change, how each stands, and what was uploaded and waits to be confirmed.

use std::collections::BTreeMap;

use platform::{Error, Result};
use rules::pack::PackSource;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, QueryOrder as _, QuerySelect as _};

/// An installed edition.
pub mod edition {
    use sea_orm::entity::prelude::*;

    /// Its row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pack_edition")]
    pub struct Model {
        /// The pack.
        #[sea_orm(primary_key, auto_increment = false)]
        pub pack: String,
        /// The edition.
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: String,
        /// SHA-256 of its files.
        pub digest: String,
        /// Its files by name, as JSON.
        pub files: String,
        /// When it was installed.
        pub installed_at: i64,
        /// By whom.
        pub installed_by: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How an edition was put by people.
pub mod state {
    use sea_orm::entity::prelude::*;

    /// Its row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pack_state")]
    pub struct Model {
        /// The pack.
        #[sea_orm(primary_key, auto_increment = false)]
        pub pack: String,
        /// The edition.
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: String,
        /// `current`, `earlier` or `withdrawn`.
        pub state: String,
        /// Since when.
        pub put_at: i64,
        /// By whom.
        pub put_by: String,
        /// Why.
        pub reason: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was uploaded and waits to be confirmed.
pub mod offer {
    use sea_orm::entity::prelude::*;

    /// Its row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pack_offer")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The pack.
        pub pack: String,
        /// The edition.
        pub edition: String,
        /// SHA-256 of its files.
        pub digest: String,
        /// Its files by name, as JSON.
        pub files: String,
        /// When it was uploaded.
        pub offered_at: i64,
        /// By whom.
        pub offered_by: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One row that counts the changes to packs, so that every node sees at a glance whether there were any.
mod count {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pack_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const ONE: i32 = 1;

/// How many changes to packs there have been.
pub(super) async fn version(db: &impl ConnectionTrait) -> Result<i64> {
    Ok(count::Entity::find_by_id(ONE).one(db).await?.map_or(0, |row| row.version))
}

/// Counts one more. Whoever changes packs does so first, and waits here for who is at it.
pub(crate) async fn begin_change(tx: &DatabaseTransaction) -> Result<()> {
    let first = count::ActiveModel { id: sea_orm::Set(ONE), version: sea_orm::Set(0) };
    let kept = OnConflict::column(count::Column::Id).do_nothing().to_owned();
    count::Entity::insert(first).on_conflict(kept).exec_without_returning(tx).await?;
    let more = Expr::col(count::Column::Version).add(1_i64);
    count::Entity::update_many().col_expr(count::Column::Version, more).filter(count::Column::Id.eq(ONE)).exec(tx).await?;
    Ok(())
}

/// An installed edition without its files.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Installed {
    /// The pack.
    pub pack: String,
    /// The edition.
    pub edition: String,
    /// The digest of its files.
    pub digest: String,
    /// When it was installed.
    pub installed_at: i64,
    /// By whom.
    pub installed_by: String,
}

/// Every installed edition, without its files.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Installed>> {
    use edition::Column as C;
    let query = edition::Entity::find().select_only().columns([C::Pack, C::Edition, C::Digest, C::InstalledAt, C::InstalledBy]);
    Ok(query.order_by_asc(C::Pack).order_by_asc(C::Edition).into_model().all(db).await?)
}

fn files(text: &str) -> Result<PackSource> {
    let files: BTreeMap<String, String> = serde_json::from_str(text)?;
    Ok(PackSource { files })
}

/// The files of an installed edition.
///
/// # Errors
/// [`Error::NotFound`] when it is not installed.
pub async fn source(db: &impl ConnectionTrait, pack: &str, edition: &str) -> Result<PackSource> {
    let row = edition::Entity::find_by_id((pack.to_owned(), edition.to_owned())).one(db).await?.ok_or(Error::NotFound)?;
    // What is no list of files has no digest of one either: the digest tells.
    Ok(files(&row.files).unwrap_or_default())
}

/// How editions were put by people.
///
/// # Errors
/// When the database fails.
pub async fn states(db: &impl ConnectionTrait) -> Result<Vec<state::Model>> {
    Ok(state::Entity::find().all(db).await?)
}

/// What people said last of an edition.
///
/// # Errors
/// When the database fails.
pub async fn state_of(db: &impl ConnectionTrait, pack: &str, edition: &str) -> Result<Option<state::Model>> {
    Ok(state::Entity::find_by_id((pack.to_owned(), edition.to_owned())).one(db).await?)
}

pub(crate) async fn install(tx: &DatabaseTransaction, row: edition::Model) -> Result<()> {
    edition::Entity::insert(edition::ActiveModel::from(row).reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

pub(crate) async fn put(tx: &DatabaseTransaction, row: state::Model) -> Result<()> {
    use state::Column as C;
    let replace = OnConflict::columns([C::Pack, C::Edition]).update_columns([C::State, C::PutAt, C::PutBy, C::Reason]).to_owned();
    state::Entity::insert(state::ActiveModel::from(row).reset_all()).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// What waits to be confirmed, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn offers(db: &impl ConnectionTrait) -> Result<Vec<Offered>> {
    use offer::Column as C;
    let found = offer::Entity::find().select_only().columns([C::Id, C::Pack, C::Edition, C::OfferedAt]);
    let rows: Vec<(Uuid, String, String, i64)> =
        found.order_by_desc(C::OfferedAt).order_by_desc(C::Id).limit(100).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(id, pack, edition, offered_at)| Offered { id, pack, edition, offered_at }).collect())
}

/// What waits to be confirmed, without its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its id.
    pub id: Uuid,
    /// The pack.
    pub pack: String,
    /// Its edition.
    pub edition: String,
    /// When it was uploaded.
    pub offered_at: i64,
}

/// One of these, with its files.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn offered(db: &impl ConnectionTrait, id: Uuid) -> Result<(offer::Model, PackSource)> {
    let row = offer::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    let source = files(&row.files)?;
    Ok((row, source))
}

pub(crate) async fn add_offer(tx: &DatabaseTransaction, row: offer::Model) -> Result<()> {
    offer::Entity::insert(offer::ActiveModel::from(row).reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

pub(crate) async fn drop_offer(tx: &DatabaseTransaction, id: Uuid) -> Result<()> {
    offer::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Drops what was uploaded of an edition that is installed now.
pub(crate) async fn drop_offers_of(tx: &DatabaseTransaction, pack: &str, edition: &str) -> Result<()> {
    let those = offer::Entity::delete_many().filter(offer::Column::Pack.eq(pack)).filter(offer::Column::Edition.eq(edition));
    those.exec(tx).await?;
    Ok(())
}
