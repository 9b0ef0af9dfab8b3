//! Measures for programs.

use platform::authz::Actor;
use platform::register::{Enters, Picks, Records, Register};
use platform::{Cx, Result};
use sea_orm::Condition;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Details, MEASURES};
use super::pages::{New, blank};
use super::store::{self, Measure};
use super::{act, pages};

/// The register of measures.
pub struct Measures;

impl Records for Measures {
    const REGISTER: &'static Register = &MEASURES;
    const NAME: &'static str = "Measure";
    const ACTIONS: [&'static str; 2] = ["measure.view", "measure.change"];
    const SETTLED: &'static [&'static str] = &["contract"];
    type Entity = store::Entity;
    type Thing = Measure;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Measure>> {
        store::with_sight(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Measure> {
        store::get(cx.db(), id).await
    }

    fn stamp(of: &Measure) -> (Uuid, i32) {
        (of.row.id, of.row.version)
    }

    fn record(of: &Measure) -> Result<Value> {
        of.record()
    }

    fn kept(_: &Cx, _: &Measure) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, _: &Measure) -> bool {
        cx.actor.is_authority()
    }

    async fn picks(_: &Cx, _: &Measure) -> Result<Picks> {
        Ok(Picks::new())
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for Measures {
    const ADD: &'static str = "measure.add";
    type New = New;

    fn blank(cx: &Cx) -> Result<(Measure, Value)> {
        Ok((blank(cx)?, json!({})))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        pages::picks(cx).await
    }

    async fn add(cx: &Cx, new: New) -> Result<Uuid> {
        act::add(cx, new.contract, &new.details).await
    }
}
