//! Sub-processors for programs.

use platform::authz::Actor;
use platform::register::{Enters, Picks, Records, Register};
use platform::{Cx, Result};
use sea_orm::Condition;
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::model::{Details, SUBPROCESSORS};
use super::store::{self, Subprocessor};
use super::{act, pages};
use crate::party;

/// The register of sub-processors.
pub struct Subprocessors;

impl Records for Subprocessors {
    const REGISTER: &'static Register = &SUBPROCESSORS;
    const NAME: &'static str = "Subprocessor";
    const ACTIONS: [&'static str; 2] = ["subprocessor.view", "subprocessor.change"];
    type Entity = store::Entity;
    type Thing = Subprocessor;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Subprocessor>> {
        store::with_sight(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Subprocessor> {
        store::get(cx.db(), id).await
    }

    fn stamp(of: &Subprocessor) -> (Uuid, i32) {
        (of.row.id, of.row.version)
    }

    fn record(of: &Subprocessor) -> Result<Value> {
        pages::record_of(&of.row)
    }

    fn kept(_: &Cx, _: &Subprocessor) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, of: &Subprocessor) -> bool {
        pages::tells_history(cx, of)
    }

    async fn picks(cx: &Cx, _: &Subprocessor) -> Result<Picks> {
        party::pages::picks(cx).await
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for Subprocessors {
    const ADD: &'static str = "subprocessor.add";
    type New = Details;

    fn blank(cx: &Cx) -> Result<(Subprocessor, Value)> {
        let blank = pages::blank(cx)?;
        let base = json!({ "party": to_value(blank.row.party)? });
        Ok((blank, base))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        party::pages::picks(cx).await
    }

    async fn add(cx: &Cx, new: Details) -> Result<Uuid> {
        act::add(cx, &new).await
    }
}
