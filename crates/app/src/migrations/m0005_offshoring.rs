//! Offshoring: what a proposal has beside its case.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0005_offshoring"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("assessment")
            .uuid("case")
            .int("round")
            .text("path")
            .bytes("path_reason")
            .text("factors")
            .bytes("words")
            .text_null("inherent")
            .text_null("residual")
            .uuid_null("by")
            .long("made_at")
            .long_null("done_at")
            .int("version")
            .key(&["case", "round"])
            .refers("case", "case_file")
            .create(m)
            .await?;
        Kit::table("approval")
            .uuid("case")
            .int("round")
            .text("scope_digest")
            .bytes("scope")
            .bytes("conditions")
            .text("controls")
            .text("from")
            .text("to")
            .uuid("by")
            .long("at")
            .key(&["case"])
            .refers("case", "case_file")
            .create(m)
            .await
    }
}
