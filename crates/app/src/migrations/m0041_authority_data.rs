//! What was decided about pieces of information: whether they are authority data.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0041_authority_data"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("authority_data")
            .uuid("id")
            .uuid("contract")
            .text("information")
            .text("information_key")
            .text("details")
            .text("outcome")
            .text("decided_on")
            .text("decided_by")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("contract", "contract")
            .index(&["information_key", "id"])
            .index(&["decided_on", "id"])
            .index(&["contract", "outcome", "information_key", "id"])
            .index(&["outcome", "information_key", "id"])
            .create(m)
            .await
    }
}
