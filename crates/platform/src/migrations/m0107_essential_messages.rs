//! Why a message tells data about people, where whoever wrote it said that it must.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0107_essential_messages"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new("essential")).blob().to_owned();
        m.alter_table(Table::alter().table(Alias::new("case_message")).add_column(column).to_owned()).await
    }
}
