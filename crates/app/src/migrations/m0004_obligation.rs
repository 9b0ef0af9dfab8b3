//! What was recorded about duties: when last met, with which evidence, or why set aside.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0004_obligation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("obligation_record")
            .uuid("place")
            .text("pack")
            .text("obligation")
            .uuid("contract")
            .text("state")
            .text_null("met_on")
            .text_null("evidence")
            .text_null("covers_to")
            .text_null("reason")
            .text("set_by")
            .long("set_at")
            .int("version")
            .key(&["place", "pack", "obligation"])
            .index(&["contract"])
            .refers("place", "chain_place")
            .create(m)
            .await
    }
}
