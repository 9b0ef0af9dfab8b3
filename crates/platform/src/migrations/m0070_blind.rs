//! The blind index: digests of the words of what is sealed.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0070_blind"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("blind_word")
            .text("kind")
            .text("field")
            .bytes("word")
            .uuid("thing")
            .key(&["kind", "field", "word", "thing"])
            .index(&["kind", "thing"])
            .create(m)
            .await
    }
}
