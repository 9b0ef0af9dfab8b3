//! Files: one row a version. Their bytes lie in the file store.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0030_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("file")
            .uuid("id")
            .text("kind")
            .text("thing")
            .text_null("field")
            .uuid("chain")
            .int("number")
            .uuid_null("superseded_by")
            .bytes("name")
            .text("content")
            .long("size")
            .text("sha256")
            .bytes("wrapped")
            .text_null("covers_from")
            .text_null("covers_to")
            .text_null("expires_on")
            .flag("internal")
            .flag("sensitive")
            .flag("scanned")
            .long("at")
            .uuid("account")
            .uuid("party")
            .text("side")
            .long_null("fixed_at")
            .key(&["id"])
            .unique(&["chain", "number"])
            .index(&["kind", "thing", "superseded_by"])
            .index(&["superseded_by"])
            .create(m)
            .await
    }
}
