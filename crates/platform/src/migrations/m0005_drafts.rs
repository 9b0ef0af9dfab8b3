//! Drafts: the answers to a case's form, a row per section and round.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0005_drafts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("case_draft")
            .uuid("case")
            .int("round")
            .text("section")
            .bytes("answers")
            .int("version")
            .long("updated_at")
            .uuid_null("updated_by")
            .key(&["case", "round", "section"])
            .create(m)
            .await
    }
}
