//! An index that finds the few parties of a side whose owner is abroad, without reading all of that side.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0022_owner_abroad"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::create().name("party_side_owner_country_name_key_id").table(Alias::new("party")).to_owned();
        for column in ["side", "owner_country", "name_key", "id"] {
            index.col(Alias::new(column));
        }
        m.create_index(index).await
    }
}
