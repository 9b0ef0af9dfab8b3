//! Security plans: which version a case is, of which change it came, what took its place, who was asked to read it, and what was added that may
//! change it.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0028_plan"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("plan")
            .uuid("case")
            .int_null("number")
            .uuid_null("change")
            .long_null("agreed_at")
            .uuid_null("superseded_by")
            .long_null("superseded_at")
            .key(&["case"])
            .refers("case", "case_file")
            .index(&["change", "case"])
            .create(m)
            .await?;
        Kit::table("plan_reader")
            .uuid("id")
            .uuid("plan")
            .bytes("token")
            .bytes("name")
            .bytes("email")
            .long("asked_at")
            .long("sent_at")
            .int("sent")
            .long_null("read_at")
            .long_null("ended_at")
            .key(&["id"])
            .refers("plan", "case_file")
            .index(&["token"])
            .index(&["plan", "asked_at"])
            .index(&["read_at", "sent_at"])
            .create(m)
            .await?;
        Kit::table("plan_prompt")
            .uuid("id")
            .uuid("place")
            .text("added")
            .text("kind")
            .uuid("thing")
            .long("at")
            .uuid_null("change")
            .key(&["id"])
            .refers("place", "chain_place")
            .unique(&["place", "kind", "thing"])
            .index(&["place", "change", "at"])
            .create(m)
            .await
    }
}
