//! What was found in files of incidents, and what was decided about them.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0030_screened_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("incident_file")
            .uuid("file")
            .uuid("case")
            .bytes("looked")
            .long("at")
            .text_null("choice")
            .bytes_null("reason")
            .uuid_null("by")
            .long_null("decided_at")
            .key(&["file"])
            .refers("case", "case_file")
            .index(&["case"])
            .create(m)
            .await?;
        // Nobody has looked through what was attached before. What came by e-mail was sensitive for want of that; what answers a question that is sealed
        // stays so.
        m.get_connection()
            .execute_unprepared(
                "UPDATE file SET held = 'waiting', sensitive = FALSE WHERE kind = 'incident' AND (field IS NULL OR NOT sensitive)",
            )
            .await?;
        Ok(())
    }
}
