//! Incidents that others recorded, with what lists, filters and finding need of them beside the whole of what they say.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0026_incident_record"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("incident_record")
            .uuid("id")
            .text("reference")
            .text_null("source")
            .text("source_id")
            .text("source_key")
            .text("digest")
            .text_null("victim")
            .text_null("partners")
            .text("name_key")
            .uuid_null("party")
            .text_null("happened")
            .text_null("year")
            .text_null("notified")
            .text_null("certainty")
            .text("categories")
            .text("signs")
            .text_null("country")
            .text("regulator_type")
            .text("regulator_category")
            .text("records_band")
            .text_null("summary")
            .text_null("published")
            .text("document")
            .text("imported_on")
            .uuid("run")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .refers("party", "party")
            .unique(&["reference"])
            .unique(&["source_key"])
            .index(&["name_key", "id"])
            .index(&["party", "name_key", "id"])
            .index(&["year", "name_key", "id"])
            .index(&["country", "name_key", "id"])
            .index(&["regulator_type", "name_key", "id"])
            .index(&["run", "id"])
            .create(m)
            .await
    }
}
