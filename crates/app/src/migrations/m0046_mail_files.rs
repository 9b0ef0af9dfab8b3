//! How many files of a message could not be looked at when it became part of an incident, and are tried again.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0046_mail_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new("files_left")).integer().not_null().default(0).to_owned();
        m.alter_table(Table::alter().table(Alias::new("incident_mail")).add_column(column).to_owned()).await
    }
}
