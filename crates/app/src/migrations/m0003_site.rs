//! The register of sites.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0003_site"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("site")
            .uuid("id")
            .uuid("party")
            .text("name")
            .text("name_key")
            .text("kind")
            .text("country")
            .text("address")
            .int("people")
            .int_null("home_workers")
            .text_null("home_managed")
            .text_null("other_authority")
            .text_null("other_clients")
            .text_null("other_assurance")
            .text_null("clearance")
            .text_null("employment_checks")
            .text_null("certification")
            .text("state")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("party", "party")
            .index(&["name_key", "id"])
            .index(&["party", "state", "name_key", "id"])
            .index(&["kind", "name_key", "id"])
            .index(&["country", "name_key", "id"])
            .index(&["state", "name_key", "id"])
            .create(m)
            .await
    }
}
