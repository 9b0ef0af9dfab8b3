//! Data-protection terms for programs.

use platform::authz::Actor;
use platform::register::{Enters, Picks, Records, Register};
use platform::{Cx, Result};
use sea_orm::Condition;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{DATA_PROTECTION, Details};
use super::pages::{New, blank};
use super::store::{self, Terms};
use super::{act, pages};

/// The register of data-protection terms.
pub struct DataProtection;

impl Records for DataProtection {
    const REGISTER: &'static Register = &DATA_PROTECTION;
    const NAME: &'static str = "DataProtectionTerms";
    const ACTIONS: [&'static str; 2] = ["data_protection.view", "data_protection.change"];
    const SETTLED: &'static [&'static str] = &["contract"];
    type Entity = store::Entity;
    type Thing = Terms;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Terms>> {
        store::with_sight(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Terms> {
        store::get(cx.db(), id).await
    }

    fn stamp(of: &Terms) -> (Uuid, i32) {
        (of.row.id, of.row.version)
    }

    fn record(of: &Terms) -> Result<Value> {
        of.record()
    }

    fn kept(_: &Cx, _: &Terms) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, _: &Terms) -> bool {
        cx.actor.is_authority()
    }

    async fn picks(_: &Cx, _: &Terms) -> Result<Picks> {
        Ok(Picks::new())
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for DataProtection {
    const ADD: &'static str = "data_protection.add";
    type New = New;

    fn blank(cx: &Cx) -> Result<(Terms, Value)> {
        Ok((blank(cx)?, json!({})))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        pages::picks(cx).await
    }

    async fn add(cx: &Cx, new: New) -> Result<Uuid> {
        act::add(cx, new.contract, &new.details).await
    }
}
