//! Finding entries by action, newest first.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0010_upkeep"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::create()
            .name("ledger_entry_action_idx")
            .table(Alias::new("ledger_entry"))
            .col(Alias::new("action"))
            .col(Alias::new("idx"))
            .to_owned();
        m.create_index(index).await
    }
}
