//! What the map shows: how data is held by work abroad, who owns a party, what the authority holds of a country, and which countries a
//! proposal names.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0013_geography"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("arrangement", &["personal", "held_permanent", "held_temporary", "held_transient"][..]),
            ("party", &["owner", "owner_country"][..]),
        ];
        for (table, names) in columns {
            for name in names {
                let column = ColumnDef::new(Alias::new(*name)).text().null().to_owned();
                m.alter_table(Table::alter().table(Alias::new(table)).add_column(column).to_owned()).await?;
            }
        }
        // The second has all that sites are counted by: no row is read for it.
        for (table, names) in [("party", &["owner_country", "name_key", "id"][..]), ("site", &["state", "country", "party", "people"][..])]
        {
            let mut index = Index::create().name(format!("{table}_{}", names.join("_"))).table(Alias::new(table)).to_owned();
            for name in names {
                index.col(Alias::new(*name));
            }
            m.create_index(index).await?;
        }
        Kit::table("country")
            .uuid("id")
            .text("country")
            .text_null("adequacy")
            .text_null("condition")
            .text_null("mechanism")
            .text_null("assessment")
            .text_null("assessed_on")
            .text_null("review_on")
            .text_null("onward")
            .text_null("law")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .unique(&["country"])
            .create(m)
            .await?;
        Kit::table("case_country")
            .uuid("case")
            .text("country")
            .key(&["case", "country"])
            .refers("case", "case_file")
            .index(&["country", "case"])
            .create(m)
            .await
    }
}
