//! Papers that were made.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0007_paper"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("paper")
            .uuid("id")
            .text("kind")
            .text("subject_kind")
            .text("subject_id")
            .text("reference")
            .text("edition")
            .long("entry")
            .text("once")
            .text("code")
            .text("sha256")
            .long("size")
            .bytes("pdf")
            .long("made_at")
            .text("made_by")
            .key(&["id"])
            .unique(&["once"])
            .unique(&["code"])
            .index(&["subject_kind", "subject_id", "made_at"])
            .create(m)
            .await
    }
}
