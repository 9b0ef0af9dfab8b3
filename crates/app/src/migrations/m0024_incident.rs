//! Incidents: what a report says of times and ways beside its answers, what was decided of it, and the further places that it touches.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0024_incident"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("incident")
            .uuid("case")
            .uuid_null("reporter")
            .int_null("about_tier")
            .text("channel")
            .bytes_null("told")
            .text_null("happened")
            .text_null("discovered")
            .int("lacking")
            .long_null("taken_up_at")
            .text_null("verdict")
            .text("limbs")
            .text("categories")
            .text_null("item")
            .flag("must_report")
            .bytes_null("facts")
            .key(&["case"])
            .refers("case", "case_file")
            .index(&["reporter", "case"])
            .create(m)
            .await?;
        Kit::table("incident_place")
            .uuid("case")
            .uuid("place")
            .uuid("contract")
            .key(&["case", "place"])
            .refers("case", "case_file")
            .index(&["contract", "case"])
            .create(m)
            .await?;
        Kit::table("incident_essential")
            .uuid("case")
            .text("path")
            .text("digest")
            .bytes("reason")
            .uuid("by")
            .long("at")
            .key(&["case", "path"])
            .refers("case", "case_file")
            .create(m)
            .await
    }
}
