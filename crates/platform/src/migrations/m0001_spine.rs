//! Ledger, sealing keys, idempotency keys, jobs, refusal tallies.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0001_spine"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("ledger_entry")
            .long("idx")
            .long("at")
            .text("actor_kind")
            .text("actor_id")
            .text("action")
            .text("kind")
            .text("subject_id")
            .bytes("bytes")
            .key(&["idx"])
            .index(&["kind", "subject_id", "idx"])
            .index(&["actor_kind", "actor_id", "idx"])
            .create(m)
            .await?;
        Kit::table("ledger_node").long("idx").bytes("hash").key(&["idx"]).create(m).await?;
        Kit::table("ledger_head").int("id").long("size").bytes("root").key(&["id"]).create(m).await?;
        Kit::table("ledger_detail").long("idx").text("sealed_for").bytes("sealed").key(&["idx"]).index(&["sealed_for"]).create(m).await?;
        Kit::table("ledger_checkpoint").long("size").long("at").text("note").long_null("sent_at").key(&["size"]).create(m).await?;
        Kit::table("subject_key")
            .text("subject")
            .bytes_null("wrapped")
            .long("made_at")
            .long_null("destroyed_at")
            .key(&["subject"])
            .create(m)
            .await?;
        Kit::table("once").text("key").long("at").text_null("location").key(&["key"]).index(&["at"]).create(m).await?;
        Kit::table("job")
            .uuid("id")
            .text("kind")
            .text("payload")
            .long("run_at")
            .int("tries")
            .long_null("leased_until")
            .text("state")
            .text_null("error")
            .text_null("dedupe")
            .long("made_at")
            .long_null("ended_at")
            .key(&["id"])
            .unique(&["dedupe"])
            .index(&["state", "run_at"])
            .create(m)
            .await?;
        Kit::table("refusal_tally")
            .text("actor")
            .text("action")
            .long("since")
            .int("count")
            .int("written")
            .key(&["actor", "action"])
            .create(m)
            .await?;
        Kit::table("refusal_window").text("actor").long("last").text("recent").long_null("alarm_at").key(&["actor"]).create(m).await?;
        let head = Query::insert()
            .into_table(Alias::new("ledger_head"))
            .columns([Alias::new("id"), Alias::new("size"), Alias::new("root")])
            .values_panic([1.into(), 0i64.into(), ledger::tree::EMPTY_ROOT.0.to_vec().into()])
            .to_owned();
        m.execute(head).await
    }
}
