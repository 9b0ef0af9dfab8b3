//! Tokens for programs, and what an idempotency key was used for.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0040_api"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("api_token")
            .uuid("id")
            .bytes("token")
            .uuid("account")
            .uuid("membership")
            .bytes("sealed_name")
            .text("scopes")
            .long("made_at")
            .long("until")
            .long_null("seen_at")
            .long_null("proved_at")
            .long_null("ended_at")
            .key(&["id"])
            .unique(&["token"])
            .index(&["account"])
            .index(&["membership"])
            .refers("account", "account")
            .refers("membership", "membership")
            .create(m)
            .await?;
        let mut request = ColumnDef::new(Alias::new("request"));
        m.alter_table(Table::alter().table(Alias::new("once")).add_column(request.text()).to_owned()).await
    }
}
