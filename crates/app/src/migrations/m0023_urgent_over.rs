//! When an entry was made of an urgent approval that its days are over.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0023_urgent_over"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new("noted_at")).big_integer().to_owned();
        m.alter_table(Table::alter().table(Alias::new("urgent_approval")).add_column(column).to_owned()).await
    }
}
