//! Which master key wraps which subject's key, and which one wraps new ones: what changing the master key goes by.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0020_master_key"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new("master")).text().to_owned();
        m.alter_table(Table::alter().table(Alias::new("subject_key")).add_column(column).to_owned()).await?;
        // Destroyed keys are nobody's to wrap anew.
        let index = Index::create()
            .name("subject_key_master_idx")
            .table(Alias::new("subject_key"))
            .col(Alias::new("master"))
            .col(Alias::new("subject"))
            .and_where(Expr::col(Alias::new("wrapped")).is_not_null())
            .to_owned();
        m.create_index(index).await?;
        Kit::table("master_key").int("id").text("current").long("since").text("previous").key(&["id"]).create(m).await?;
        let row = Query::insert()
            .into_table(Alias::new("master_key"))
            .columns(["id", "current", "since", "previous"].map(Alias::new))
            .values_panic([1.into(), "".into(), 0i64.into(), "".into()])
            .to_owned();
        m.execute(row).await
    }
}
