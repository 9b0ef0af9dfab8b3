//! Tasks that are no longer asked for, since what they were set for is over.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0105_dropped_tasks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new("dropped_at")).big_integer().to_owned();
        m.alter_table(Table::alter().table(Alias::new("case_task")).add_column(column).to_owned()).await
    }
}
