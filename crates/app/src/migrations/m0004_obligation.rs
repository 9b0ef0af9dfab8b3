//! Duties: which are owed where and by when, as computed from chains, packs, facts and events, with what people recorded about each; and the
//! days on which things happened that duties are counted from.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0004_obligation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("duty")
            // The place that owes it; the contract for a duty of one of the authority's roles.
            .uuid("at")
            .text("pack")
            .text("obligation")
            .uuid("contract")
            .uuid_null("place")
            .uuid("party")
            .text("edition")
            .text("role")
            .flag("owed")
            .flag("certain")
            .flag("met")
            .text_null("shown_on")
            .text_null("shown_by")
            .text("due_key")
            .text("state")
            .text_null("met_on")
            .text_null("evidence")
            .text_null("found_at")
            .text_null("covers_from")
            .text_null("covers_to")
            .text_null("reason")
            .text_null("set_by")
            .uuid_null("set_party")
            .long_null("set_at")
            .int("version")
            .key(&["at", "pack", "obligation"])
            .index(&["due_key", "at", "pack", "obligation"])
            .index(&["contract", "due_key"])
            .index(&["party", "due_key"])
            .index(&["party", "role", "due_key"])
            .index(&["place", "due_key"])
            .refers("contract", "contract")
            .create(m)
            .await?;
        Kit::table("duty_event")
            .uuid("at")
            .text("event")
            .text("day")
            .uuid("contract")
            .uuid_null("place")
            .text_null("reference")
            .key(&["at", "event", "day"])
            .index(&["contract"])
            .refers("contract", "contract")
            .create(m)
            .await
    }
}
