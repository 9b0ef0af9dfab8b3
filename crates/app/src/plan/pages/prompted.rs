//! What was added elsewhere and may change a plan, in words: at the plan, where it waits, and at the change that tells of it (SEC-9).

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use platform::web::Visit;
use platform::{Cx, Result, t, texts};
use uuid::Uuid;

use crate::contract::chain;
use crate::plan::model::Plan;
use crate::plan::store::prompts::{self, Model};
use crate::{holding, party, site};

/// What waits at a plan to be told of, and how to tell of it.
pub(super) async fn waiting(visit: &Visit, of: &Plan) -> Result<Markup> {
    let (Some(place), true) = (of.case.place, of.in_force()) else { return Ok(html! {}) };
    let waiting = prompts::waiting(visit.cx.db(), place).await?;
    if waiting.is_empty() {
        return Ok(html! {});
    }
    let supplier = !visit.cx.actor.is_authority();
    let link = |way: &str, one: &Model| format!("/plan-changes/{way}/{place}?prompt={}&added={}", one.id, one.added);
    let every: String = waiting.iter().map(|one| format!("&prompt={}", one.id)).collect();
    let all_at = |way: &str| format!("/plan-changes/{way}/{place}?{}", &every[1..]);
    let says = said(&visit.cx, &waiting).await?;
    Ok(html! {
        h2 .govuk-heading-m { (t!("plan-prompts")) }
        p .govuk-body { (if supplier { t!("plan-prompts-about") } else { t!("plan-prompts-about-authority") }) }
        ul .govuk-list .govuk-list--bullet {
            @for (one, says) in waiting.iter().zip(&says) {
                li {
                    (says)
                    @if supplier {
                        br;
                        a .govuk-link href=(link("notify", one)) { (t!("plan-prompt-notify")) } " "
                        a .govuk-link href=(link("request", one)) { (t!("plan-prompt-request")) }
                    }
                }
            }
        }
        @if supplier && waiting.len() > 1 {
            p .govuk-body {
                a .govuk-link href=(all_at("notify")) { (t!("plan-prompts-notify")) } " "
                a .govuk-link href=(all_at("request")) { (t!("plan-prompts-request")) }
            }
        }
    })
}

/// Each of these: what it is, when it was added, and what it is called with the way to it, as far as the actor may see that.
///
/// # Errors
/// When the database fails.
pub(crate) async fn said(cx: &Cx, all: &[Model]) -> Result<Vec<Markup>> {
    let names = names(cx, all).await?;
    let one = |one: &Model| {
        let (what, date) = (texts::t(&format!("plan-prompt-{}", one.kind.replace('_', "-"))), cx.core().clock.day_text(one.at));
        let href = page_of(&one.kind).map(|path| format!("{path}/{}", one.thing));
        html! {
            @match (names.get(&one.thing), href) {
                (Some(name), Some(href)) => { (t!("plan-prompt-named", what = what, date = date)) " " a .govuk-link href=(href) { (name) } },
                (Some(name), None) => { (t!("plan-prompt-named", what = what, date = date)) " " (name) },
                (None, Some(href)) if !NAMED.contains(&one.kind.as_str()) => a .govuk-link href=(href) { (t!("plan-prompt", what = what, date = date)) },
                _ => (t!("plan-prompt", what = what, date = date)),
            }
        }
    };
    Ok(all.iter().map(one).collect())
}

/// The kinds whose names are known here: without one, the actor may not see it.
const NAMED: [&str; 3] = ["site", "information_system", "transfer_route"];

/// Where the pages of a kind stand. A party that joined a chain has none for suppliers.
fn page_of(kind: &str) -> Option<&'static str> {
    match kind {
        "site" => Some("/sites"),
        "information_system" => Some("/systems"),
        "transfer_route" => Some("/transfer-routes"),
        "arrangement" => Some("/arrangements"),
        "subprocessor" => Some("/subprocessors"),
        _ => None,
    }
}

async fn names(cx: &Cx, all: &[Model]) -> Result<BTreeMap<Uuid, String>> {
    let of = |kinds: &'static [&'static str]| all.iter().filter(|one| kinds.contains(&one.kind.as_str())).map(|one| one.thing);
    let mut names = site::store::names(cx.db(), &cx.actor, of(&["site"])).await?;
    names.extend(holding::store::names(cx.db(), &cx.actor, of(&["information_system", "transfer_route"])).await?);
    let mut joined = BTreeMap::new();
    for place in of(&["place"]) {
        joined.insert(place, chain::place(cx.db(), place).await?.row.party);
    }
    let parties = party::store::seen_names(cx.db(), &cx.actor, joined.values().copied().collect::<BTreeSet<_>>()).await?;
    names.extend(joined.into_iter().filter_map(|(place, party)| Some((place, parties.get(&party)?.clone()))));
    Ok(names)
}
