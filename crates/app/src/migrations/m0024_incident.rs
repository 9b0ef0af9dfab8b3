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
            .uuid_null("via")
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
        Kit::table("incident_link")
            .uuid("id")
            .uuid("place")
            .bytes("token")
            .uuid("made_by")
            .long("made_at")
            .long_null("revoked_at")
            .int("reports")
            .long_null("last_at")
            .key(&["id"])
            .refers("place", "chain_place")
            .index(&["token"])
            .index(&["place", "made_at"])
            .create(m)
            .await?;
        Kit::table("incident_essential")
            .uuid("case")
            .text("path")
            .bytes("digest")
            .bytes("reason")
            .uuid("by")
            .long("at")
            .key(&["case", "path"])
            .refers("case", "case_file")
            .create(m)
            .await
    }
}
