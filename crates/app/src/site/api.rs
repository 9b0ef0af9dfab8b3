//! Sites for programs.

use platform::authz::Actor;
use platform::register::{Enters, Picks, Records, Register};
use platform::{Cx, Result};
use sea_orm::Condition;
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::model::{Details, SITES};
use super::pages::{New, blank};
use super::store::{self, Site};
use super::{act, pages};
use crate::party;

/// The register of sites.
pub struct Sites;

impl Records for Sites {
    const REGISTER: &'static Register = &SITES;
    const NAME: &'static str = "Site";
    const ACTIONS: [&'static str; 2] = ["site.view", "site.change"];
    const SETTLED: &'static [&'static str] = &["party"];
    type Entity = store::Entity;
    type Thing = Site;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Site>> {
        store::with_sight(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Site> {
        store::get(cx.db(), id).await
    }

    fn stamp(site: &Site) -> (Uuid, i32) {
        (site.row.id, site.row.version)
    }

    fn record(site: &Site) -> Result<Value> {
        let mut record = to_value(site.row.details())?;
        record["party"] = json!(site.row.party);
        Ok(record)
    }

    fn kept(_: &Cx, _: &Site) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, site: &Site) -> bool {
        pages::tells_history(cx, site)
    }

    async fn picks(_: &Cx, _: &Site) -> Result<Picks> {
        Ok(Picks::new())
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for Sites {
    const ADD: &'static str = "site.add";
    type New = New;

    fn blank(cx: &Cx) -> Result<(Site, Value)> {
        Ok((blank(cx)?, json!({ "party": party::pages::own(cx) })))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        party::pages::picks(cx).await
    }

    async fn add(cx: &Cx, new: New) -> Result<Uuid> {
        act::add(cx, new.party, &new.details).await
    }
}
