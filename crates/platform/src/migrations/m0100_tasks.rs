//! What a task is for, and whether somebody checks that it was done.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0100_tasks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let name = |name: &'static str| Alias::new(name);
        let columns = [
            ColumnDef::new(name("kind")).text().not_null().default("task").to_owned(),
            ColumnDef::new(name("source")).text().to_owned(),
            ColumnDef::new(name("checks")).boolean().not_null().default(false).to_owned(),
            ColumnDef::new(name("checked_at")).big_integer().to_owned(),
            ColumnDef::new(name("checked_by")).uuid().to_owned(),
            ColumnDef::new(name("lacks")).blob().to_owned(),
        ];
        for column in columns {
            m.alter_table(Table::alter().table(name("case_task")).add_column(column).to_owned()).await?;
        }
        let waiting = Index::create().name("case_task_waiting").table(name("case_task")).col(name("side")).col(name("done_at")).to_owned();
        m.create_index(waiting).await?;
        let checking =
            Index::create().name("case_task_checking").table(name("case_task")).col(name("checks")).col(name("checked_at")).to_owned();
        m.create_index(checking).await
    }
}
