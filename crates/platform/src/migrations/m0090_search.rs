//! What names begin with, for finding them.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0090_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("search_part")
            .text("kind")
            .text("part")
            .uuid("thing")
            .key(&["kind", "part", "thing"])
            .index(&["thing", "kind", "part"])
            .create(m)
            .await
    }
}
