//! Until when the people whom an incident concerns are to be told, as its data controller decided.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0041_people_told"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new("people_due")).big_integer().to_owned();
        m.alter_table(Table::alter().table(Alias::new("incident_regulator")).add_column(column).to_owned()).await?;
        let index = Index::create()
            .name("incident_regulator_people_due")
            .table(Alias::new("incident_regulator"))
            .col(Alias::new("people_due"))
            .col(Alias::new("case"))
            .to_owned();
        m.create_index(index).await
    }
}
