//! What is counted of each incident for trends.

use jiff::tz::TimeZone;
use platform::clock::Clock;
use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

use crate::incident::store::figures;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0035_incident_figure"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("incident_figure")
            .uuid("case")
            .uuid("party")
            .uuid_null("place")
            .uuid_null("reporter")
            .int("tier")
            .text("day")
            .int_null("since_event")
            .int_null("since_found")
            .text("categories")
            .text("cause")
            .text("standing")
            .key(&["case"])
            .refers("case", "case_file")
            // All that is counted of everybody's, so that the rows themselves are not read.
            .index(&["day", "standing", "tier", "party", "categories", "cause", "since_found", "since_event", "case"])
            .index(&["party", "day"])
            .index(&["place", "day"])
            .index(&["reporter", "day"])
            .create(m)
            .await?;
        // A migration does not know the authority's time zone.
        figures::fill(m.get_connection(), &Clock::system(TimeZone::UTC)).await.map(drop)
    }
}
