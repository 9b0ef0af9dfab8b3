//! Sections of a form passed to somebody by a link.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0103_passing"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("section_link")
            .uuid("id")
            .text("kind")
            .uuid("case")
            .int("round")
            .text("sections")
            .bytes("token")
            .uuid_null("above")
            .uuid_null("made_by")
            .bytes("name")
            .bytes("email")
            .bytes_null("remark")
            .text("state")
            .long("until")
            .long("made_at")
            .uuid("mail")
            .long("mailed_at")
            .long_null("opened_at")
            .long_null("last_at")
            .long_null("started_at")
            .long_null("handed_at")
            .long_null("ended_at")
            .int("version")
            .key(&["id"])
            .unique(&["token"])
            .index(&["case"])
            .refers("case", "case_file")
            .create(m)
            .await
    }
}
