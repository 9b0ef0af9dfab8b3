//! Files that are withheld until somebody has looked through them, or decided about what was found.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0106_held_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new("held")).text().to_owned();
        m.alter_table(Table::alter().table(Alias::new("file")).add_column(column).to_owned()).await?;
        let index = Index::create().name("file_held").table(Alias::new("file")).col(Alias::new("held")).col(Alias::new("kind")).to_owned();
        m.create_index(index).await
    }
}
