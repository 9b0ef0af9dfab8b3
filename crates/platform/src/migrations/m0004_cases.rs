//! Cases: what every case has, its rounds, decisions, thread, tasks and links.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0004_cases"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        case_file().create(m).await?;
        rounds(m).await?;
        around(m).await
    }
}

fn case_file() -> Kit {
    Kit::table("case_file")
        .uuid("id")
        .text("kind")
        .text_null("reference")
        .int_null("year")
        .long_null("number")
        .text("stage")
        .text("title")
        .text("search_key")
        .uuid("party")
        .uuid_null("contract")
        .uuid_null("place")
        .uuid_null("owner")
        .text_null("rating")
        .long_null("due")
        .int("round")
        .text("pack")
        .text("edition")
        .text("form")
        .int("version")
        .long("made_at")
        .uuid("made_by")
        .long("moved_at")
        .long_null("submitted_at")
        .uuid_null("submitted_by")
        .long_null("closed_at")
        .key(&["id"])
        .unique(&["reference"])
        .unique(&["kind", "year", "number"])
        .index(&["kind", "moved_at", "id"])
        .index(&["kind", "stage", "moved_at", "id"])
        .index(&["kind", "stage", "owner", "submitted_at"])
        .index(&["place", "stage", "moved_at", "id"])
        .index(&["contract", "kind"])
        .index(&["party"])
        .index(&["owner"])
}

/// What is handed in and decided, round by round.
async fn rounds(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    Kit::table("submission")
        .uuid("case")
        .int("round")
        .text("digest")
        .bytes("document")
        .text("edition")
        .long("at")
        .uuid("by")
        .key(&["case", "round"])
        .refers("case", "case_file")
        .create(m)
        .await?;
    Kit::table("decision")
        .uuid("id")
        .uuid("case")
        .int("round")
        .text("level")
        .uuid("actor")
        .text("choice")
        .bytes_null("reason")
        .text_null("about")
        .long("at")
        .key(&["id"])
        .index(&["case", "round", "at"])
        .index(&["actor"])
        .refers("case", "case_file")
        .create(m)
        .await?;
    Kit::table("return_point")
        .uuid("id")
        .uuid("case")
        .int("round")
        .int("position")
        .text_null("section")
        .text_null("question")
        .bytes("text")
        .long("at")
        .uuid("by")
        .key(&["id"])
        .index(&["case", "round"])
        .refers("case", "case_file")
        .create(m)
        .await?;
    Kit::table("reference_counter").text("kind").int("year").long("last").key(&["kind", "year"]).create(m).await
}

/// What is said and done around a case.
async fn around(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    Kit::table("case_message")
        .uuid("id")
        .uuid("case")
        .flag("internal")
        .bytes("body")
        .long("at")
        .uuid("account")
        .uuid("party")
        .key(&["id"])
        .index(&["case", "internal", "at"])
        .refers("case", "case_file")
        .create(m)
        .await?;
    Kit::table("case_task")
        .uuid("id")
        .uuid("case")
        .bytes("title")
        .bytes_null("detail")
        .text("side")
        .text_null("owner_role")
        .uuid_null("owner")
        .text_null("due")
        .long("made_at")
        .uuid("made_by")
        .long_null("done_at")
        .uuid_null("done_by")
        .bytes_null("note")
        .int("version")
        .key(&["id"])
        .index(&["case", "done_at"])
        .index(&["owner"])
        .refers("case", "case_file")
        .create(m)
        .await?;
    Kit::table("case_link")
        .uuid("a")
        .uuid("b")
        .text("kind")
        .long("at")
        .key(&["a", "b", "kind"])
        .index(&["b"])
        .refers("a", "case_file")
        .refers("b", "case_file")
        .create(m)
        .await
}
