//! E-mail that came in: each message once, what it says sealed, and what became of it.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0025_mail"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("incident_mail")
            .uuid("id")
            .text("mark")
            .text("digest")
            .long("received_at")
            .long("size")
            .text("kind")
            .text_null("why")
            .text("state")
            .uuid_null("account")
            .uuid_null("party")
            .uuid_null("about")
            .uuid_null("case")
            .uuid("original")
            .uuid_null("answer")
            .bytes("said")
            .bytes_null("reason")
            .uuid_null("decided_by")
            .long_null("decided_at")
            .int("version")
            .key(&["id"])
            .unique(&["mark", "digest"])
            .index(&["state", "id"])
            .index(&["case", "id"])
            .index(&["answer"])
            .index(&["account", "received_at"])
            .create(m)
            .await
    }
}
