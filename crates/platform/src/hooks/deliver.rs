//! Sending one message: signed, to an address that was judged, without following where it leads.

use std::time::Duration;

use reqwest::{Client, redirect};
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::reach;
use super::rows::{self, delivery};
use super::signing::Secret;
use crate::book::{self, entry};
use crate::clock::{Millis, SECOND, timestamp};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::jobs::{TRIES, Working};
use crate::seal::{self, Place};

/// The kind of job that sends a message.
pub const JOB: &str = "webhook.deliver";
/// The action of a message that only tries the address.
pub const TEST: &str = "webhook.test";
/// How long a receiver may take to answer, from the first byte sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends the delivery that the job names. What was delivered, or whose hook is gone or paused, is left alone.
pub fn deliver<'a>(cx: &'a Cx, _id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let id = payload.get("delivery").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| Error::bad_request("webhook-malformed"))?;
        let Some(of) = delivery::Entity::find_by_id(id).one(cx.db()).await? else { return Ok(()) };
        let hook = rows::Entity::find_by_id(of.webhook).one(cx.db()).await?;
        let Some(hook) = hook.filter(|hook| of.state == "waiting" && hook.state == "active") else { return Ok(()) };
        let body = body(cx, &of).await?;
        let secret = secret(cx, &hook).await?;
        let answer = send(cx, &hook, &secret, &of, &body).await;
        note(cx, &hook, &of, &answer).await?;
        match answer {
            Ok(status) if (200..300).contains(&status) => Ok(()),
            // Gone for good: the specification asks that nothing more be sent.
            Ok(410) => Ok(()),
            Ok(status) => Err(Error::internal(format!("a webhook answered {status}"))),
            Err(fault) => Err(Error::internal(format!("a webhook was not reached: {fault}"))),
        }
    })
}

/// The secret of a hook, opened.
///
/// # Errors
/// [`Error::Internal`] when its key is gone.
pub async fn secret(cx: &Cx, hook: &rows::Model) -> Result<Secret> {
    let key = seal::find_subject_key(cx.db(), &cx.core().master, &rows::Model::subject(hook.id)).await?;
    let key = key.ok_or_else(|| Error::internal("the key of a webhook's secret is gone"))?;
    let plain = key.open(&Place { table: "webhook", id: &hook.id.to_string(), field: "secret" }, &hook.secret)?;
    Secret::read(std::str::from_utf8(&plain).map_err(Error::internal)?)
}

/// What is sent: the action, when it was done, and the entry in ids and codes.
async fn body(cx: &Cx, of: &delivery::Model) -> Result<String> {
    let Some(index) = of.entry else {
        return Ok(json!({ "type": of.action, "timestamp": timestamp(of.made_at).to_string(), "data": {} }).to_string());
    };
    let row = entry::Entity::find_by_id(index).one(cx.db()).await?.ok_or(Error::NotFound)?;
    let said = book::said(&row)?;
    Ok(json!({
        "type": row.action,
        "timestamp": timestamp(row.at).to_string(),
        "data": {
            "entry": row.idx, "kind": row.kind, "id": row.subject_id, "about": said,
            "actor": { "kind": row.actor_kind, "id": row.actor_id },
        },
    })
    .to_string())
}

/// The status that the receiver answered with, or why there was none.
async fn send(cx: &Cx, hook: &rows::Model, secret: &Secret, of: &delivery::Model, body: &str) -> Result<u16, &'static str> {
    let private = cx.core().settings.webhooks.allow_private;
    let url = reach::address(&hook.url, private, "url").map_err(|_| "address")?;
    let at = reach::look_up(&url, private).await?;
    let (id, now) = (of.id.to_string(), cx.now() / SECOND);
    let signature = secret.sign(&id, now, body.as_bytes()).map_err(|_| "signature")?;
    let mut client = Client::builder().redirect(redirect::Policy::none()).no_proxy().timeout(PATIENCE).connect_timeout(PATIENCE / 2);
    if let Some(name) = url.domain() {
        client = client.resolve_to_addrs(name, &at);
    }
    let client = client.build().map_err(|_| "client")?;
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", concat!("Vouchsafe/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", id)
        .header("webhook-timestamp", now.to_string())
        .header("webhook-signature", signature)
        .body(body.to_owned());
    // Only the status is read: what else a receiver says is of no use, and may be endless.
    match request.send().await {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(error) if error.is_timeout() => Err("timeout"),
        Err(error) if error.is_connect() => Err("connection"),
        Err(_) => Err("broken"),
    }
}

async fn note(cx: &Cx, hook: &rows::Model, of: &delivery::Model, answer: &Result<u16, &'static str>) -> Result<()> {
    let house = cx.housekeep().await?;
    let now: Millis = house.now();
    let tries = of.tries + 1;
    let good = matches!(answer, Ok(200..300));
    let gone = matches!(answer, Ok(410));
    let state = if good {
        "delivered"
    } else if gone || tries >= TRIES {
        "failed"
    } else {
        "waiting"
    };
    let fault = match answer {
        Ok(_) if good => None,
        Ok(_) => Some("refused"),
        Err(fault) => Some(*fault),
    };
    let change = delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(state))
        .col_expr(delivery::Column::Tries, Expr::value(tries))
        .col_expr(delivery::Column::Status, Expr::value(answer.as_ref().ok().map(|status| i32::from(*status))))
        .col_expr(delivery::Column::Fault, Expr::value(fault))
        .col_expr(delivery::Column::TriedAt, Expr::value(now))
        .filter(delivery::Column::Id.eq(of.id));
    house.update(change).await?;
    if gone {
        let pause = rows::Entity::update_many().col_expr(rows::Column::State, Expr::value("paused")).filter(rows::Column::Id.eq(hook.id));
        house.update(pause).await?;
    }
    house.done().await
}
