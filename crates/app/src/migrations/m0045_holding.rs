//! The registers of systems and of transfer routes: one table.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0045_holding"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("holding")
            .uuid("id")
            .text("register")
            .uuid("party")
            .text("name")
            .text("name_key")
            .text("kind")
            .text("country")
            .text_null("direction")
            .text("state")
            .text("details")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("party", "party")
            .index(&["register", "name_key", "id"])
            .index(&["party", "register", "name_key", "id"])
            .index(&["kind", "register", "name_key", "id"])
            .index(&["country", "register", "name_key", "id"])
            .index(&["direction", "register", "name_key", "id"])
            .index(&["state", "register", "name_key", "id"])
            .create(m)
            .await
    }
}
