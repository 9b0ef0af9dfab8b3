//! Contracts, the packs on them, and their chains.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0002_contract"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("contract")
            .uuid("id")
            .uuid("authority")
            .text("title")
            .text("title_key")
            .text_null("reference")
            .text_null("ocid")
            .text_null("description")
            .text_null("starts_on")
            .text_null("ends_on")
            .long_null("value_minor")
            .text_null("currency")
            .text("state")
            .uuid_null("manager")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("authority", "party")
            .unique(&["authority", "reference"])
            .unique(&["ocid"])
            .index(&["title_key", "id"])
            .index(&["state", "title_key", "id"])
            .index(&["manager"])
            .create(m)
            .await?;
        Kit::table("contract_pack")
            .uuid("contract")
            .text("pack")
            .text("edition")
            .long("put_at")
            .text("put_by")
            .text_null("reason")
            .key(&["contract", "pack"])
            .refers("contract", "contract")
            .index(&["pack"])
            .create(m)
            .await?;
        Kit::table("chain_place")
            .uuid("id")
            .uuid("contract")
            .uuid("party")
            .uuid_null("above")
            .int("tier")
            .text_null("role_text")
            .text("since")
            .text_null("until")
            .int("version")
            .key(&["id"])
            .refers("contract", "contract")
            .refers("party", "party")
            .index(&["contract", "tier", "id"])
            .index(&["party"])
            .create(m)
            .await?;
        Kit::table("chain_closure")
            .uuid("ancestor")
            .uuid("descendant")
            .uuid("contract")
            .int("depth")
            .uuid("ancestor_party")
            .uuid("descendant_party")
            .key(&["ancestor", "descendant"])
            .index(&["descendant", "depth"])
            .index(&["ancestor_party", "contract"])
            .index(&["ancestor_party", "descendant_party"])
            .index(&["contract"])
            .create(m)
            .await
    }
}
