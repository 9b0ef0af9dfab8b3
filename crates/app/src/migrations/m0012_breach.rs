//! What breaches are about, beside their cases.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0012_breach"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("breach")
            .uuid("case")
            .uuid_null("arrangement")
            .text("finding")
            .text("began_on")
            .text_null("informed_on")
            .text_null("approved_on")
            .text("gaps")
            .bytes_null("facts")
            .bytes_null("containment")
            .text("actions")
            .key(&["case"])
            .refers("case", "case_file")
            .refers("arrangement", "arrangement")
            .index(&["arrangement", "case"])
            .create(m)
            .await
    }
}
