//! Findings that a list brought in, and reviews of approvals.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0015_watching"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let name = |name: &'static str| Alias::new(name);
        let columns = [
            ("breach", ColumnDef::new(name("found")).blob().to_owned()),
            ("approval", ColumnDef::new(name("review_every")).text().to_owned()),
            ("approval", ColumnDef::new(name("reviewed_on")).text().to_owned()),
            ("approval", ColumnDef::new(name("review_due")).text().to_owned()),
            ("arrangement", ColumnDef::new(name("review")).text().not_null().default("none").to_owned()),
            ("arrangement", ColumnDef::new(name("review_due")).text().to_owned()),
        ];
        for (table, column) in columns {
            m.alter_table(Table::alter().table(name(table)).add_column(column).to_owned()).await?;
        }
        let mut by_review = Index::create().name("arrangement_review_name_key_id").table(name("arrangement")).to_owned();
        for column in ["review", "name_key", "id"] {
            by_review.col(name(column));
        }
        m.create_index(by_review).await?;
        Kit::table("breach_import")
            .text("key")
            .uuid("case")
            .text("digest")
            .long("at")
            .key(&["key"])
            .refers("case", "case_file")
            .index(&["case"])
            .create(m)
            .await
    }
}
