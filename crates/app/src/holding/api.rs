//! Systems and transfer routes for programs.

use std::marker::PhantomData;

use platform::authz::Actor;
use platform::register::{Enters, Picks, Records, Register};
use platform::{Cx, Result};
use sea_orm::Condition;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::Holding;
use super::pages::{self, New};
use super::{act, store};
use crate::party;

/// One of the registers.
pub struct Held<H>(PhantomData<H>);

impl<H: Holding> Records for Held<H> {
    const REGISTER: &'static Register = H::REGISTER;
    const NAME: &'static str = H::NAME;
    const ACTIONS: [&'static str; 2] = [H::VIEW, H::CHANGE];
    const SETTLED: &'static [&'static str] = &["party"];
    type Entity = store::Entity;
    type Thing = store::Held;
    type Details = H::Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible::<H>(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<store::Held>> {
        store::with_sight::<H>(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<store::Held> {
        store::get::<H>(cx.db(), id).await
    }

    fn stamp(held: &store::Held) -> (Uuid, i32) {
        (held.row.id, held.row.version)
    }

    fn record(held: &store::Held) -> Result<Value> {
        held.record()
    }

    fn kept(_: &Cx, _: &store::Held) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, held: &store::Held) -> bool {
        pages::tells_history(cx, held)
    }

    async fn picks(_: &Cx, _: &store::Held) -> Result<Picks> {
        Ok(Picks::new())
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: H::Details) -> Result<()> {
        act::change::<H>(cx, id, version, &details).await
    }
}

impl<H: Holding> Enters for Held<H> {
    const ADD: &'static str = H::ADD;
    type New = New<H::Details>;

    fn blank(cx: &Cx) -> Result<(store::Held, Value)> {
        Ok((pages::blank::<H>(cx)?, json!({ "party": party::pages::own(cx) })))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        party::pages::picks(cx).await
    }

    async fn add(cx: &Cx, new: New<H::Details>) -> Result<Uuid> {
        act::add::<H>(cx, new.party, &new.details).await
    }
}
