//! Bids: who only bids for a contract so far, and what a bid says beside its case (OFF-7).

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0016_bid"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let bids = ColumnDef::new(Alias::new("bids")).boolean().not_null().default(false).to_owned();
        m.alter_table(Table::alter().table(Alias::new("chain_place")).add_column(bids).to_owned()).await?;
        Kit::table("bid")
            .uuid("case")
            .text_null("abroad")
            .bytes_null("statement")
            .key(&["case"])
            .refers("case", "case_file")
            .create(m)
            .await
    }
}
