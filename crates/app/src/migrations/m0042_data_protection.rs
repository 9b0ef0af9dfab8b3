//! The data-protection and freedom-of-information terms of contracts, version by version, and the measures that guard their data.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0042_data_protection"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("measure")
            .uuid("id")
            .uuid("contract")
            .text("title")
            .text("title_key")
            .text("kind")
            .text("state")
            .text("details")
            .text("review_on")
            .text("set_by")
            .long("set_at")
            .int("version")
            .key(&["id"])
            .refers("contract", "contract")
            .index(&["title_key", "id"])
            .index(&["review_on", "id"])
            .index(&["contract", "title_key", "id"])
            .index(&["kind", "title_key", "id"])
            .index(&["state", "title_key", "id"])
            .create(m)
            .await?;
        Kit::table("data_protection")
            .uuid("id")
            .uuid("contract")
            .text("terms_at")
            .text("terms_at_key")
            .text("controller")
            .text("processor")
            .text("details")
            .text("review_on")
            .text("set_by")
            .long("set_at")
            .int("version")
            .key(&["id"])
            .refers("contract", "contract")
            .unique(&["contract"])
            .index(&["terms_at_key", "id"])
            .index(&["review_on", "id"])
            .index(&["contract", "terms_at_key", "id"])
            .index(&["controller", "terms_at_key", "id"])
            .index(&["processor", "terms_at_key", "id"])
            .create(m)
            .await?;
        Kit::table("data_protection_version")
            .uuid("terms")
            .int("version")
            .text("details")
            .text("set_by")
            .long("set_at")
            .key(&["terms", "version"])
            .refers("terms", "data_protection")
            .create(m)
            .await
    }
}
