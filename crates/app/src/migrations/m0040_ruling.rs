//! Questions about rules with the rulings on them, and what contracts and plans ask of a duty.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0040_ruling"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("ruling")
            .uuid("case")
            .uuid("contract")
            .text("pack")
            .text("obligation")
            .bytes("question")
            .long_null("ruled_at")
            .text_null("from_on")
            .text_null("until_on")
            .bytes_null("says")
            .text_null("over_on")
            .uuid_null("over_by")
            .bytes_null("over_reason")
            .key(&["case"])
            .refers("case", "case_file")
            .refers("contract", "contract")
            .index(&["contract", "pack", "obligation"])
            .create(m)
            .await?;
        Kit::table("duty_term")
            .uuid("at")
            .text("pack")
            .text("obligation")
            .text("document")
            .uuid("contract")
            .text("way")
            .text_null("asks")
            .text_null("clause")
            .uuid_null("plan")
            .text("set_by")
            .long("set_at")
            .int("version")
            .key(&["at", "pack", "obligation", "document"])
            .refers("contract", "contract")
            .create(m)
            .await
    }
}
