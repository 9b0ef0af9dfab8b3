//! Proposals that the authority entered on behalf of a supplier.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0018_behalf"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("on_behalf")
            .uuid("case")
            .uuid("by")
            .text("way")
            .text("came_on")
            .bytes("reason")
            .long("made_at")
            .text_null("said")
            .uuid_null("said_by")
            .long_null("said_at")
            .key(&["case"])
            .refers("case", "case_file")
            .index(&["by"])
            .create(m)
            .await
    }
}
