//! Accounts, memberships, sessions, known browsers, links sent out, recovery codes, throttles.

use sea_orm_migration::prelude::*;

use super::Kit;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "p0002_identity"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("account")
            .uuid("id")
            .bytes_null("email_index")
            .bytes("sealed_email")
            .bytes("sealed_name")
            .text_null("password")
            .bytes_null("totp")
            .long("totp_step")
            .flag("read_only")
            .text_null("ends_on")
            .text("state")
            .long("made_at")
            .int("version")
            .key(&["id"])
            .unique(&["email_index"])
            .create(m)
            .await?;
        Kit::table("membership")
            .uuid("id")
            .uuid("account")
            .uuid("party")
            .text("role")
            .long("since")
            .long_null("until")
            .int("version")
            .key(&["id"])
            .index(&["account"])
            .index(&["party", "role"])
            .refers("account", "account")
            .create(m)
            .await?;
        Kit::table("session")
            .uuid("id")
            .bytes("token")
            .uuid("account")
            .uuid("membership")
            .long("made_at")
            .long("seen_at")
            .long("proved_at")
            .long_null("ended_at")
            .text("agent")
            .key(&["id"])
            .unique(&["token"])
            .index(&["account"])
            .refers("account", "account")
            .refers("membership", "membership")
            .create(m)
            .await?;
        Kit::table("device")
            .bytes("token")
            .uuid("account")
            .long("made_at")
            .long("seen_at")
            .key(&["token", "account"])
            .refers("account", "account")
            .create(m)
            .await?;
        Kit::table("account_link")
            .uuid("id")
            .bytes("token")
            .uuid("account")
            .text("purpose")
            .long("made_at")
            .long("until")
            .long_null("ended_at")
            .key(&["id"])
            .unique(&["token"])
            .index(&["account"])
            .refers("account", "account")
            .create(m)
            .await?;
        Kit::table("recovery_code")
            .bytes("code")
            .uuid("account")
            .long("made_at")
            .long_null("used_at")
            .key(&["code"])
            .index(&["account"])
            .refers("account", "account")
            .create(m)
            .await?;
        Kit::table("throttle").text("key").int("failures").long("last_at").long("until").key(&["key"]).index(&["last_at"]).create(m).await
    }
}
