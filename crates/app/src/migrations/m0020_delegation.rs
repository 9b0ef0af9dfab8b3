//! Who decides for whom while they are away, and approvals that were given so.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0020_delegation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("delegation")
            .uuid("id")
            .uuid("by")
            .uuid("to")
            .text("from_day")
            .text("to_day")
            .bytes("reason")
            .long("made_at")
            .key(&["id"])
            .refers("id", "membership")
            .index(&["by"])
            .index(&["to"])
            .create(m)
            .await?;
        let acts_for = ColumnDef::new(Alias::new("acts_for")).uuid().to_owned();
        m.alter_table(Table::alter().table(Alias::new("level_vote")).add_column(acts_for).to_owned()).await
    }
}
