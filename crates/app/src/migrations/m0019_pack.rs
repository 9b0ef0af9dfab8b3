//! Packs that are installed while the service runs: their files, how each edition stands, what waits to be confirmed.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0019_pack"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("pack_edition")
            .text("pack")
            .text("edition")
            .text("digest")
            .text("files")
            .long("installed_at")
            .text("installed_by")
            .key(&["pack", "edition"])
            .create(m)
            .await?;
        Kit::table("pack_state")
            .text("pack")
            .text("edition")
            .text("state")
            .long("put_at")
            .text("put_by")
            .text("reason")
            .key(&["pack", "edition"])
            .create(m)
            .await?;
        Kit::table("pack_offer")
            .uuid("id")
            .text("pack")
            .text("edition")
            .text("digest")
            .text("files")
            .long("offered_at")
            .text("offered_by")
            .key(&["id"])
            .index(&["pack", "edition"])
            .create(m)
            .await?;
        Kit::table("pack_version").int("id").long("version").key(&["id"]).create(m).await
    }
}
