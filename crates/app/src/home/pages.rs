//! One page: what waits for the visitor, oldest first; what the visitor waits for; how much there is at each stage.

use maud::html;
use platform::cases::queue;
use platform::t;
use platform::ui::{self, Link, Tile};
use platform::web::{Answer, Visit};

use crate::obligation::pages::list::overdue;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::{pages, store};

/// Rows of each queue.
const SHOWN: u64 = 20;

pub(super) async fn home(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let visible = || store::visible(&cx.actor);
    let (mine, theirs) = (queue::waits_for(&PROPOSAL, &cx.actor), queue::waited_for(&PROPOSAL, &cx.actor));
    let waiting = pages::waiting(&visit).await?;
    let queue_mine = queue::oldest(cx.db(), &PROPOSAL, visible(), mine, SHOWN).await?;
    let queue_theirs = queue::oldest(cx.db(), &PROPOSAL, visible(), theirs, SHOWN).await?;
    let (overdue_at, overdue) = overdue(cx).await?;
    let stages = queue::by_stage(cx.db(), &PROPOSAL, visible()).await?;
    let drawn: Vec<(String, String, String, ui::Tone)> = stages
        .iter()
        .filter_map(|(id, n)| {
            let tone = PROPOSAL.stage(id).ok()?.tone;
            Some((queue::count_text(*n), PROPOSAL.stage_name(id), format!("/proposals?stage={id}"), tone))
        })
        .collect();
    let tiles: Vec<Tile> =
        drawn.iter().map(|(figure, text, href, tone)| Tile { figure, text, note: None, href: Some(href), tone: *tone }).collect();
    let (start, all) = (t!("proposal-new"), t!("home-all"));
    let next = if cx.actor.is_authority() { Link::new(&all, "/proposals") } else { Link::new(&start, "/proposals/new") };
    let body = html! {
        h1 .govuk-heading-l { (t!("home-title")) }
        h2 .govuk-heading-m { (t!("home-mine", count = queue::count_text(waiting))) }
        @if queue_mine.is_empty() { (ui::empty_state(&t!("home-mine-empty"), &t!("home-mine-empty-text"), Some(next))) }
        @else { (pages::rows(&visit, &t!("home-mine-caption"), &queue_mine).await?) }
        @if waiting > SHOWN { p .govuk-body { a .govuk-link href="/proposals" { (all) } } }
        @if overdue.0 > 0 { p .govuk-body { a .govuk-link href=(overdue_at) { (t!("home-overdue", count = overdue)) } } }
        h2 .govuk-heading-m { (t!("home-theirs")) }
        @if queue_theirs.is_empty() { p .govuk-body { (t!("home-theirs-empty")) } }
        @else { (pages::rows(&visit, &t!("home-theirs"), &queue_theirs).await?) }
        @if !tiles.is_empty() { h2 .govuk-heading-m { (t!("home-portfolio")) } (ui::tiles(&tiles)) }
        @if !cx.actor.is_authority() { p .govuk-body { (ui::link_button(Link::new(&start, "/proposals/new"), ui::ButtonKind::Secondary)) } }
    };
    Ok(visit.page(&t!("home-title")).active("/").wide().body(&body))
}
