//! One question to many suppliers, and what each of them answers.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0036_sweep"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("sweep")
            .uuid("id")
            .uuid_null("incident")
            .bytes("title")
            .bytes("question")
            .uuid_null("contract")
            .text_null("country")
            .int_null("tier")
            .text("due")
            .int("asked")
            .uuid("made_by")
            .long("made_at")
            .uuid_null("ended_by")
            .long_null("ended_at")
            .bytes_null("reason")
            .int("version")
            .key(&["id"])
            .refers("incident", "case_file")
            .index(&["incident", "id"])
            .create(m)
            .await?;
        Kit::table("sweep_answer")
            .uuid("id")
            .uuid("sweep")
            .uuid("party")
            .text("name_key")
            .text("due")
            .flag("running")
            .text("answer")
            .bytes_null("said")
            .text_null("until")
            .uuid_null("incident")
            .flag("on_behalf")
            .uuid_null("given_by")
            .long_null("given_at")
            .int("reminded")
            .long_null("reminded_at")
            .int("version")
            .key(&["id"])
            .refers("sweep", "sweep")
            .refers("party", "party")
            .refers("incident", "case_file")
            .unique(&["sweep", "party"])
            .index(&["sweep", "name_key", "id"])
            .index(&["party", "running", "due", "id"])
            .index(&["running", "due", "id"])
            .index(&["incident"])
            .create(m)
            .await
    }
}
