//! Choosing a place of a chain, where something is about to be entered about it, and what it is called.

use std::collections::BTreeMap;

use maud::{Markup, html};
use platform::{Cx, Result, t};
use uuid::Uuid;

use crate::contract::chain::{Place, place_row, seen_places};
use crate::contract::store;
use crate::party;

/// The most contracts that are offered to choose from.
const MOST: u64 = 50;

/// The places of the chains that the actor sees, contract by contract, or of the one that is named; each leads to `<path>/<place>`.
///
/// # Errors
/// When the database fails.
pub async fn choose(cx: &Cx, only: Option<Uuid>, path: &str) -> Result<Markup> {
    choose_for(cx, only, (path, "")).await
}

/// As [`choose`], each leading to `<path>/<place><query>`.
///
/// # Errors
/// As [`choose`].
pub async fn choose_for(cx: &Cx, only: Option<Uuid>, (path, query): (&str, &str)) -> Result<Markup> {
    let mut offered: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for on in store::seen(cx.db(), &cx.actor, only, MOST).await? {
        let places = seen_places(cx.db(), &cx.actor, on.row.id, false).await?;
        let names = party::store::names(cx.db(), places.iter().map(|place| place.row.party)).await?;
        let named = |place: &Place| {
            let name = names.get(&place.row.party).map_or("", String::as_str);
            (format!("{path}/{}{query}", place.row.id), t!("contract-choose-choice", party = name, tier = place.row.tier))
        };
        let places: Vec<_> = places.iter().map(named).collect();
        if !places.is_empty() {
            offered.push((on.row.title.clone(), places));
        }
    }
    Ok(html! {
        @if offered.is_empty() { (platform::ui::inset(html! { (t!("contract-choose-none")) })) }
        @else { h2 .govuk-heading-m { (t!("contract-choose-whose")) } }
        @if only.is_none() && offered.len() as u64 >= MOST { p .govuk-body { (t!("contract-choose-more")) } }
        @for (contract, places) in &offered {
            h3 .govuk-heading-s { (contract) }
            ul .govuk-list { @for (href, name) in places { li { a .govuk-link href=(href) { (name) } } } }
        }
    })
}

/// What a place is called: whose it is, under which contract.
///
/// # Errors
/// When the database fails.
pub async fn place_name(cx: &Cx, place: &place_row::Model) -> Result<String> {
    Ok(place_names(cx, std::slice::from_ref(place)).await?.pop().unwrap_or_default())
}

/// What places are called, in the same order.
///
/// # Errors
/// When the database fails.
pub async fn place_names(cx: &Cx, places: &[place_row::Model]) -> Result<Vec<String>> {
    let titles = store::titles(cx.db(), places.iter().map(|place| place.contract)).await?;
    let parties = party::store::names(cx.db(), places.iter().map(|place| place.party)).await?;
    let word = |names: &BTreeMap<Uuid, String>, id: &Uuid| names.get(id).cloned().unwrap_or_default();
    let says = |place: &place_row::Model| t!("case-place", contract = word(&titles, &place.contract), party = word(&parties, &place.party));
    Ok(places.iter().map(says).collect())
}
