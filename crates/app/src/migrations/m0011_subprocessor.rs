//! The register of sub-processors.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0011_subprocessor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("subprocessor")
            .uuid("id")
            .uuid_null("party")
            .text("product")
            .text("product_key")
            .text("name")
            .text("name_key")
            .text_null("purpose")
            .text_null("location")
            .text_null("country")
            .text("state")
            .text("outcome")
            .text("needs")
            .text_null("proposal")
            .text_null("added_on")
            .text_null("removed_on")
            .long("changed_at")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("party", "party")
            .index(&["name_key", "id"])
            .index(&["party", "name_key", "id"])
            .index(&["product", "id"])
            .index(&["party", "product_key", "name_key"])
            .index(&["country", "name_key", "id"])
            .index(&["state", "name_key", "id"])
            .index(&["needs", "name_key", "id"])
            .create(m)
            .await
    }
}
