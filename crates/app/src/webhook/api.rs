//! Webhooks for programs.

use platform::api::{Api, Area, Call, Listed, Op, Param};
use platform::clock::timestamp;
use platform::hooks::rows::{self, delivery};
use platform::web::Answer;
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::act;
use super::model::{Details, Hook, STATES, blank};
use super::store::{self, DELIVERIES};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Administration;
    let one = "/api/v1/webhooks/{id}";
    let at = |rest: &str| format!("{one}/{rest}");
    let messages = Op::get("webhooks.deliveries", at("deliveries"), area).authority().lists_of::<WebhookDelivery>();
    Api::new()
        .add(Op::get("webhooks.list", "/api/v1/webhooks", area).authority().all_of::<Webhook>(), list)
        .add(Op::get("webhooks.one", one, area).authority().answers::<Webhook>(), read)
        .add(Op::post("webhooks.add", "/api/v1/webhooks", area).authority().takes::<NewWebhook>().answers::<Webhook>().makes(), add)
        .add(Op::put("webhooks.change", one, area).authority().takes::<NewWebhook>().answers::<Webhook>(), change)
        .add(Op::post("webhooks.test", at("test"), area).authority().answers::<Webhook>(), test)
        .add(Op::post("webhooks.secret", at("secret"), area).authority().confirmed().answers::<WebhookSecret>(), secret)
        .add(messages.queries([Param::code("state", DELIVERIES)]), deliveries)
        .add(Op::post("webhooks.replay", at("deliveries/{delivery}/replay"), area).authority().answers::<Webhook>(), replay)
}

/// A system that is told of changes.
#[derive(Serialize, ToSchema)]
struct Webhook {
    /// Its id.
    id: Uuid,
    /// What people call it.
    name: String,
    /// Where messages are sent.
    url: String,
    /// Beginnings of the actions that it is told of; none for everything.
    actions: Vec<String>,
    /// `active` or `paused`.
    state: String,
    /// For the next change.
    version: i32,
}

fn told(row: &rows::Model) -> Webhook {
    let Details { name, url, actions, state } = Details::of(row);
    Webhook { id: row.id, name, url, actions, state, version: row.version }
}

/// What is said of one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Where messages are sent.
    #[schema(min_length = 1, max_length = 500)]
    url: String,
    /// Beginnings of the actions that it is told of; none for everything.
    #[serde(default)]
    #[schema(max_items = 50, pattern = "^[a-z._]{1,60}$")]
    actions: Vec<String>,
    /// `active` or `paused`; active unless said otherwise.
    #[serde(default = "active")]
    #[schema(pattern = "^(active|paused)$", default = "active")]
    state: String,
}

fn active() -> String {
    STATES[0].to_owned()
}

impl NewWebhook {
    fn details(self) -> Details {
        Details { name: self.name, url: self.url, actions: Details::read_actions(&self.actions.join(" ")), state: self.state }
    }
}

/// The secret with which messages are signed.
#[derive(Serialize, ToSchema)]
struct WebhookSecret {
    /// `whsec_` and base64.
    secret: String,
}

/// A message to one.
#[derive(Serialize, ToSchema)]
struct WebhookDelivery {
    /// The message's id, the same however often it is sent.
    id: Uuid,
    /// The ledger entry that it tells of; none for a test.
    entry: Option<i64>,
    /// The action.
    action: String,
    /// `waiting`, `delivered` or `failed`.
    state: String,
    /// Tries so far.
    tries: i32,
    /// The status that the last try was answered with.
    status: Option<i32>,
    /// What went wrong last, by code.
    fault: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    at: String,
}

fn sent(of: delivery::Model) -> WebhookDelivery {
    let at = timestamp(of.made_at).to_string();
    WebhookDelivery {
        id: of.id,
        entry: of.entry,
        action: of.action,
        state: of.state,
        tries: of.tries,
        status: of.status,
        fault: of.fault,
        at,
    }
}

async fn seen(call: &Call) -> Result<rows::Model> {
    let hook = Hook(store::get(call.cx.db(), call.id("id")?).await?);
    call.cx.permit("webhook.view", &hook)?;
    Ok(hook.0)
}

async fn stands(call: &Call) -> Answer {
    let row = seen(call).await?;
    call.made(&format!("/api/v1/webhooks/{}", row.id), &told(&row), Some(row.version))
}

async fn list(call: Call) -> Answer {
    call.cx.permit("webhook.view", &blank())?;
    let all = store::all(call.cx.db()).await?;
    call.listed(&Listed { items: all.iter().map(told).collect(), after: None })
}

async fn read(call: Call) -> Answer {
    let row = seen(&call).await?;
    call.found(&told(&row), Some(row.version))
}

async fn add(call: Call) -> Answer {
    let id = act::add(&call.cx, &call.body::<NewWebhook>()?.details()).await?;
    let row = store::get(call.cx.db(), id).await?;
    call.made(&format!("/api/v1/webhooks/{id}"), &told(&row), Some(row.version))
}

async fn change(call: Call) -> Answer {
    let (row, version) = (seen(&call).await?, call.version()?);
    let now = || async { Ok::<Value, Error>(serde_json::to_value(told(&store::get(call.cx.db(), row.id).await?))?) };
    call.fresh(act::change(&call.cx, row.id, version, &call.body::<NewWebhook>()?.details()).await, now).await?;
    stands(&call).await
}

async fn test(call: Call) -> Answer {
    let row = seen(&call).await?;
    act::test(&call.cx, row.id).await?;
    stands(&call).await
}

async fn secret(call: Call) -> Answer {
    let row = seen(&call).await?;
    let secret = act::reveal(&call.cx, row.id).await?;
    call.found(&WebhookSecret { secret: secret.text().to_owned() }, None)
}

async fn deliveries(call: Call) -> Answer {
    let (row, most) = (seen(&call).await?, call.limit());
    let before = call.after(|text| text.parse().ok())?;
    let mut found = store::deliveries(call.cx.db(), row.id, before, call.query("state"), most).await?;
    let more = found.len() as u64 > most;
    found.truncate(usize::try_from(most).map_err(Error::internal)?);
    let after = found.last().filter(|_| more).map(|last| last.id.to_string());
    call.listed(&Listed { items: found.into_iter().map(sent).collect(), after })
}

async fn replay(call: Call) -> Answer {
    let row = seen(&call).await?;
    act::replay(&call.cx, row.id, call.id("delivery")?).await?;
    stands(&call).await
}
