//! Parties for programs.

use platform::authz::{Actor, Side};
use platform::register::{Enters, Picks, Records, Register};
use platform::{Cx, Result};
use sea_orm::Condition;
use serde_json::{Value, json};
use uuid::Uuid;

use super::act;
use super::model::{Details, PARTIES};
use super::pages::{kept, record_of};
use super::store::{self, Party};

/// The register of parties.
pub struct Parties;

impl Records for Parties {
    const REGISTER: &'static Register = &PARTIES;
    const NAME: &'static str = "Party";
    const ACTIONS: [&'static str; 2] = ["party.view", "party.change"];
    type Entity = store::Entity;
    type Thing = Party;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Party>> {
        store::with_sight(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Party> {
        store::get(cx.db(), id).await
    }

    fn stamp(party: &Party) -> (Uuid, i32) {
        (party.row.id, party.row.version)
    }

    fn record(party: &Party) -> Result<Value> {
        record_of(&party.row)
    }

    fn kept(cx: &Cx, _: &Party) -> &'static [&'static str] {
        kept(cx)
    }

    fn tells_history(cx: &Cx, _: &Party) -> bool {
        cx.actor.is_authority()
    }

    async fn picks(_: &Cx, _: &Party) -> Result<Picks> {
        Ok(Picks::new())
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for Parties {
    const ADD: &'static str = "party.add";
    type New = Details;

    fn blank(cx: &Cx) -> Result<(Party, Value)> {
        Ok((Party::new(cx.id()?, Side::Supplier, &Details::default(), 0), json!({})))
    }

    async fn picks_of_new(_: &Cx) -> Result<Picks> {
        Ok(Picks::new())
    }

    async fn add(cx: &Cx, new: Details) -> Result<Uuid> {
        act::add(cx, Side::Supplier, &new).await
    }
}
