//! Webhooks and their deliveries.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0060_webhooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("webhook")
            .uuid("id")
            .text("name")
            .text("url")
            .text("actions")
            .bytes("secret")
            .text("state")
            .long("next_entry")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .index(&["state"])
            .create(m)
            .await?;
        Kit::table("webhook_delivery")
            .uuid("id")
            .uuid("webhook")
            .long_null("entry")
            .text("action")
            .text("state")
            .int("tries")
            .int_null("status")
            .text_null("fault")
            .long("made_at")
            .long_null("tried_at")
            .key(&["id"])
            .index(&["webhook", "id"])
            .index(&["state", "made_at"])
            .refers("webhook", "webhook")
            .create(m)
            .await
    }
}
