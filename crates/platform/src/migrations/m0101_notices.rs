//! What people were told, how each wants to be told, and finding tasks by their days.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0101_notices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("notice")
            .uuid("id")
            .text("key")
            .uuid("account")
            .text("sort")
            .text("kind")
            .uuid("thing")
            .bytes("subject")
            .bytes("text")
            .text("path")
            .flag("gathered")
            .long("made_at")
            .long_null("send_at")
            .uuid_null("mail")
            .long_null("mailed_at")
            .key(&["id"])
            .unique(&["key"])
            .index(&["account", "id"])
            .index(&["account", "send_at"])
            .index(&["kind", "thing"])
            .index(&["made_at"])
            .create(m)
            .await?;
        Kit::table("notice_choice").uuid("account").text("sort").text("how").key(&["account", "sort"]).create(m).await?;
        Kit::table("notice_hour").uuid("account").int("hour").key(&["account"]).create(m).await?;
        let name = |name: &'static str| Alias::new(name);
        let due = Index::create().name("case_task_due").table(name("case_task")).col(name("done_at")).col(name("due")).to_owned();
        m.create_index(due).await
    }
}
