//! Which levels decide on a proposal, who approved at them, and what an approval rests on.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0017_levels"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("decision_level")
            .uuid("case")
            .int("round")
            .int("position")
            .text("level")
            .text("title")
            .text("roles")
            .int("quorum")
            .key(&["case", "round", "level"])
            .refers("case", "case_file")
            .create(m)
            .await?;
        Kit::table("level_vote")
            .uuid("id")
            .uuid("case")
            .int("round")
            .text("level")
            .uuid("actor")
            .bytes("terms")
            .long("at")
            .key(&["id"])
            .refers("case", "case_file")
            .index(&["case", "round"])
            .create(m)
            .await?;
        Kit::table("approval_basis")
            .uuid("id")
            .uuid("case")
            .text("basis")
            .bytes_null("reason")
            .uuid("by")
            .long("at")
            .key(&["id"])
            .refers("case", "case_file")
            .index(&["case", "at"])
            .create(m)
            .await?;
        let stale = ColumnDef::new(Alias::new("stale_at")).big_integer().to_owned();
        m.alter_table(Table::alter().table(Alias::new("approval")).add_column(stale).to_owned()).await
    }
}
