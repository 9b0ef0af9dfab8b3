//! Roles in which somebody stands for somebody else, and decisions that were made so.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0104_acting_for"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("membership", "stands_for"), ("decision", "acts_for")] {
            let column = ColumnDef::new(Alias::new(column)).uuid().to_owned();
            m.alter_table(Table::alter().table(Alias::new(table)).add_column(column).to_owned()).await?;
        }
        let index = Index::create().name("membership_stands_for").table(Alias::new("membership")).col(Alias::new("stands_for")).to_owned();
        m.create_index(index).await
    }
}
