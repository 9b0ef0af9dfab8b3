//! The register of parties.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0001_party"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("party")
            .uuid("id")
            .text("name")
            .text("name_key")
            .text("side")
            .text_null("country")
            .text_null("company_number")
            .text_null("address")
            .text_null("class")
            .text_null("notes")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .index(&["name_key", "id"])
            .index(&["side", "name_key", "id"])
            .index(&["class", "side", "name_key", "id"])
            .index(&["country", "side", "name_key", "id"])
            .create(m)
            .await?;
        // Which party stands above which in a chain: kept by the contracts' chains, read by every rule about who sees whom.
        Kit::table("party_sight").uuid("above").uuid("below").key(&["above", "below"]).index(&["below"]).create(m).await
    }
}
