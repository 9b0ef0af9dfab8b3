//! What a contract's packs ask about it, and the day of its signature.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0009_contract_facts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let signed = ColumnDef::new(Alias::new("signed_on")).text().to_owned();
        m.alter_table(Table::alter().table(Alias::new("contract")).add_column(signed).to_owned()).await?;
        Kit::table("contract_fact")
            .uuid("contract")
            .text("pack")
            .text("answers")
            .text("set_by")
            .long("set_at")
            .int("version")
            .key(&["contract", "pack"])
            .refers("contract", "contract")
            .create(m)
            .await
    }
}
