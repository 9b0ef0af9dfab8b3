//! Decisions on authority data for programs.

use platform::authz::Actor;
use platform::register::{Enters, Picks, Records, Register};
use platform::{Cx, Result};
use sea_orm::Condition;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{AUTHORITY_DATA, Details};
use super::pages::{New, blank};
use super::store::{self, Kept};
use super::{act, pages};

/// The register of what was decided.
pub struct AuthorityData;

impl Records for AuthorityData {
    const REGISTER: &'static Register = &AUTHORITY_DATA;
    const NAME: &'static str = "AuthorityData";
    const ACTIONS: [&'static str; 2] = ["authority_data.view", "authority_data.change"];
    const SETTLED: &'static [&'static str] = &["contract"];
    type Entity = store::Entity;
    type Thing = Kept;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Kept>> {
        store::with_sight(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Kept> {
        store::get(cx.db(), id).await
    }

    fn stamp(kept: &Kept) -> (Uuid, i32) {
        (kept.row.id, kept.row.version)
    }

    fn record(kept: &Kept) -> Result<Value> {
        kept.record()
    }

    fn kept(_: &Cx, _: &Kept) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, _: &Kept) -> bool {
        cx.actor.is_authority()
    }

    async fn picks(_: &Cx, _: &Kept) -> Result<Picks> {
        Ok(Picks::new())
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for AuthorityData {
    const ADD: &'static str = "authority_data.decide";
    type New = New;

    fn blank(cx: &Cx) -> Result<(Kept, Value)> {
        Ok((blank(cx)?, json!({})))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        pages::picks(cx).await
    }

    async fn add(cx: &Cx, new: New) -> Result<Uuid> {
        act::add(cx, new.contract, &new.details).await
    }
}
