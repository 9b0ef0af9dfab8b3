//! What becomes of incidents before the regulator: how each stands, and what was said of it, round by round.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0027_regulator"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("incident_regulator")
            .uuid("case")
            .long("aware_at")
            .text("concerns")
            .text_null("decision")
            .long_null("first_at")
            .long_null("next_at")
            .long_null("alarm_at")
            .text_null("waits")
            .long_null("due")
            .int("version")
            .key(&["case"])
            .refers("case", "case_file")
            .index(&["due", "case"])
            .create(m)
            .await?;
        Kit::table("incident_regulator_round")
            .uuid("case")
            .int("no")
            .text("kind")
            .bytes("said")
            .uuid("by")
            .long("at")
            .key(&["case", "no"])
            .refers("case", "case_file")
            .create(m)
            .await?;
        // Of what was reported before, nobody has looked whether data about people is concerned: its clock counts from the report.
        m.get_connection()
            .execute_unprepared(
                "INSERT INTO incident_regulator (\"case\", aware_at, concerns, waits, due, version) \
                 SELECT i.\"case\", f.submitted_at, 'unknown', \
                 CASE WHEN f.stage = 'no_incident' THEN NULL ELSE 'decision' END, \
                 CASE WHEN f.stage = 'no_incident' THEN NULL ELSE f.submitted_at + 259200000 END, 0 \
                 FROM incident i JOIN case_file f ON f.id = i.\"case\" WHERE f.submitted_at IS NOT NULL",
            )
            .await?;
        Ok(())
    }
}
