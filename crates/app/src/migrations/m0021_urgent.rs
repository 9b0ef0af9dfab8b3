//! Urgent approvals: given ahead of the decision, ratified or not.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0021_urgent"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("urgent_approval")
            .uuid("id")
            .uuid("case")
            .text("work")
            .int("round")
            .uuid("by")
            .uuid_null("given_for")
            .long("at")
            .text("from")
            .text("until")
            .text("ratify_by")
            .text("ratifiers")
            .bytes("reason")
            .bytes("conditions")
            .bytes("scope")
            .uuid_null("ratified_by")
            .uuid_null("ratified_for")
            .long_null("ratified_at")
            .bytes_null("ratified_why")
            .text_null("ended")
            .uuid_null("ended_by")
            .long_null("ended_at")
            .bytes_null("ended_why")
            .long_null("decided_at")
            .key(&["id"])
            .refers("case", "case_file")
            .index(&["case", "at"])
            .index(&["work", "at"])
            .index(&["ratify_by"])
            .create(m)
            .await?;
        let urgent = ColumnDef::new(Alias::new("urgent")).uuid().to_owned();
        m.alter_table(Table::alter().table(Alias::new("approval")).add_column(urgent).to_owned()).await
    }
}
