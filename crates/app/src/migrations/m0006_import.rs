//! Imports: runs, their lines, and what stands for which key of a source.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0006_import"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("import_run")
            .uuid("id")
            .text("kind")
            .text("files")
            .text("state")
            .text("counts")
            .long("at")
            .text("by")
            .int("version")
            .key(&["id"])
            .index(&["at"])
            .create(m)
            .await?;
        Kit::table("import_line")
            .uuid("run")
            .int("n")
            .text("outcome")
            .text("change")
            .text("report")
            .text_null("payload")
            .text_null("digest")
            .key(&["run", "n"])
            .refers("run", "import_run")
            .index(&["run", "outcome", "n"])
            .create(m)
            .await?;
        // The key is a SHA-256 of what the source calls it: such names have no bound that an index could bear.
        Kit::table("import_key")
            .text("source")
            .text("kind")
            .text("key")
            .uuid_null("record")
            .text("digest")
            .long("at_ms")
            .text_null("facts")
            .uuid("run")
            .key(&["source", "kind", "key"])
            .index(&["run", "kind"])
            .index(&["record"])
            .create(m)
            .await
    }
}
