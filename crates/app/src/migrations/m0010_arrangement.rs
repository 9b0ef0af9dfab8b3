//! The register of arrangements, and whether an approval stands.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0010_arrangement"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let standing = ColumnDef::new(Alias::new("standing")).text().not_null().default("in_force").to_owned();
        m.alter_table(Table::alter().table(Alias::new("approval")).add_column(standing).to_owned()).await?;
        Kit::table("arrangement")
            .uuid("id")
            .uuid("contract")
            .uuid("party")
            .uuid("place")
            .text("tier")
            .text("name")
            .text("name_key")
            .text("kind")
            .text("country")
            .uuid_null("site")
            .uuid_null("origin")
            .int_null("at")
            .int("people")
            .text_null("data")
            .text("from")
            .text("to")
            .text("state")
            .text("cover")
            .uuid_null("approval")
            .text_null("covered_from")
            .text_null("covered_to")
            .int_null("warned")
            .text_null("started_on")
            .text_null("ended_on")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("contract", "contract")
            .refers("party", "party")
            .refers("place", "chain_place")
            .index(&["name_key", "id"])
            .index(&["contract", "name_key", "id"])
            .index(&["party", "name_key", "id"])
            .index(&["place", "name_key", "id"])
            .index(&["tier", "name_key", "id"])
            .index(&["kind", "name_key", "id"])
            .index(&["country", "name_key", "id"])
            .index(&["state", "name_key", "id"])
            .index(&["cover", "name_key", "id"])
            .index(&["approval", "name_key", "id"])
            .index(&["covered_to", "id"])
            .create(m)
            .await
    }
}
