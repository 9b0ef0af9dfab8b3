//! The writes on accounts: signing in, one's own login, and what administrators and leads do.

mod admin;
mod own;
mod reset;
mod signing;
mod tokens;

pub use admin::{
    Invite, close, demo_account, demo_link, end_membership, first_administrator, hand_over, invite, invite_again, take_second_factor,
};
pub use own::{change_password, choose_notices, drop_second_factor, new_recovery_codes, set_second_factor};
pub use reset::{RESET_JOB, ask_for_reset, send_reset};
pub use signing::{Caller, Signed, Tokens, accept, demo_sign_in, link_holder, prove, second_step, sign_in};
pub use tokens::{Asking, LONGEST as LONGEST_TOKEN_NAME, end_token, make_token};

use platform::authz::Actor;
use platform::cx::Entry;
use platform::identity::{account, holder::Holder, subject};
use platform::texts::Text;
use platform::{Cx, Error, Result};
use serde_json::{Value, json};
use uuid::Uuid;

/// The same request, by another actor: someone who just proved who they are.
fn acting(cx: &Cx, actor: Actor) -> Cx {
    let mut cx = cx.clone();
    cx.actor = actor;
    cx
}

/// A guarded update of an account's row.
async fn save(db: &impl sea_orm::ConnectionTrait, before: &account::Model, change: account::ActiveModel) -> Result<()> {
    use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let change = account::ActiveModel { version: Set(before.version + 1), ..change };
    let done = account::Entity::update_many()
        .set(change)
        .filter(account::Column::Id.eq(before.id))
        .filter(account::Column::Version.eq(before.version))
        .exec(db)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(Text::new("account-stale"))) }
}

/// An entry on an account, sealed with its holder's key.
fn entry(action: &'static str, account: Uuid, body: Value) -> Entry {
    Entry::new(action, "account", account).body(body).sealed_for(subject(account))
}

/// An entry on an account that names its holder, unless it has none any more.
fn naming(action: &'static str, account: Uuid, holder: &Holder) -> Entry {
    match &holder.email {
        Some(email) => entry(action, account, json!({ "email": email, "name": holder.name })),
        None => Entry::new(action, "account", account),
    }
}

/// Where the request came from, for an entry's body.
fn origin(from: &Caller) -> Value {
    json!({ "address": from.address, "browser": from.agent })
}
