//! Weaknesses, and which incidents showed them.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0040_weakness"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("weakness")
            .uuid("id")
            .text("name")
            .text("name_key")
            .uuid_null("party")
            .uuid_null("contract")
            .text("state")
            .bytes_null("found_in")
            .bytes("about")
            .bytes_null("resolution")
            .text("noted_on")
            .text_null("resolved_on")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("party", "party")
            .refers("contract", "contract")
            .index(&["name_key", "id"])
            .index(&["state", "name_key", "id"])
            .index(&["noted_on", "id"])
            .create(m)
            .await?;
        Kit::table("incident_weakness")
            .uuid("case")
            .uuid("weakness")
            .uuid("by")
            .long("at")
            .key(&["case", "weakness"])
            .refers("case", "case_file")
            .refers("weakness", "weakness")
            .index(&["weakness", "case"])
            .create(m)
            .await
    }
}
