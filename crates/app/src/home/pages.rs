//! One page: what waits for the visitor, oldest first; what the visitor waits for; who has how much; how much there is at each stage.

use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::api::Cases as _;
use platform::cases::queue::{self, Desk};
use platform::cases::tasks::Awaited;
use platform::ui::{self, Link, Tile};
use platform::web::{Answer, Visit};
use platform::{Result, t, texts};

use crate::account::pages::notices::newest;
use crate::arrangement;
use crate::casework::{Process, handing, lists, says};
use crate::delegation;
use crate::incident::pages::regulator_waiting;
use crate::intake;
use crate::kinds::of_every_kind;
use crate::obligation::pages::list::overdue;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::pages::urgent_waiting;
use crate::offshoring::{Proposals, store};
use crate::sweep;

/// Rows of each queue.
const SHOWN: u64 = 20;

pub(super) async fn home(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let supplier = !cx.actor.is_authority();
    if supplier && !handing::may_begin(&visit.cx).await? {
        return without_a_place(&visit);
    }
    let visible = || store::visible(&cx.actor);
    let awaited = Proposals::waiting_for(&cx.actor);
    let (mine, theirs) = (queue::waits_for(awaited.clone(), &cx.actor), queue::waited_for(&PROPOSAL, awaited, &cx.actor));
    let waiting = lists::waiting::<Proposals>(&visit).await?;
    let queue_mine = queue::oldest(cx.db(), &PROPOSAL, visible(), mine, SHOWN).await?;
    let queue_theirs = queue::oldest(cx.db(), &PROPOSAL, visible(), theirs, SHOWN).await?;
    let (overdue_at, overdue) = overdue(cx).await?;
    let uncovered = arrangement::store::uncovered(cx.db(), &cx.actor).await?;
    let stale = arrangement::store::stale(cx.db(), &cx.actor).await?;
    let unreviewed = arrangement::store::unreviewed(cx.db(), &cx.actor).await?;
    let stages = queue::by_stage(cx.db(), &PROPOSAL, visible()).await?;
    let mut queues = Vec::new();
    of_every_kind!(P => queues.push(queued::<P>(&visit).await?));
    let regulator = regulator_waiting(&visit).await?;
    let asked = sweep::pages::answers::waiting(&visit).await?;
    let (start, all) = (t!("proposal-new"), t!("home-all"));
    let next = if supplier { Link::new(&start, "/proposals/new") } else { Link::new(&all, "/proposals") };
    let body = html! {
        h1 .govuk-heading-l { (t!("home-title")) }
        (delegation::pages::now(cx).await?)
        @if !regulator.is_empty() {
            h2 .govuk-heading-m { (t!("home-regulator")) }
            ul .govuk-list { @for (text, href) in &regulator { li { a .govuk-link href=(href) { (text) } } } }
        }
        // Where a clock runs, nobody is told that nothing waits.
        @if !queue_mine.is_empty() || regulator.is_empty() {
            h2 .govuk-heading-m { (t!("home-mine", count = queue::count_text(waiting))) }
            @if queue_mine.is_empty() { (ui::empty_state(&t!("home-mine-empty"), &t!("home-mine-empty-text"), Some(next))) }
            @else { (lists::rows::<Proposals>(&visit, &t!("home-mine-caption"), &queue_mine).await?) }
        }
        (desks(&lists::desks::<Proposals>(&visit).await?))
        @for queue in &queues { (queue) }
        @if !asked.is_empty() {
            h2 .govuk-heading-m { (if supplier { t!("home-sweeps") } else { t!("nav-sweeps") }) }
            ul .govuk-list { @for (text, href) in &asked { li { a .govuk-link href=(href) { (text) } } } }
        }
        (mail(&visit).await?)
        @if !uncovered.is_none() {
            p .govuk-body { a .govuk-link href="/arrangements?state=started&cover=uncovered" { (t!("home-uncovered", count = uncovered)) } }
        }
        @if !stale.is_none() {
            p .govuk-body { a .govuk-link href="/arrangements?cover=stale" { (t!("home-stale", count = stale)) } }
        }
        @if !unreviewed.is_none() {
            p .govuk-body { a .govuk-link href="/arrangements?state=started&review=overdue" { (t!("home-unreviewed", count = unreviewed)) } }
        }
        @if !overdue.is_none() { p .govuk-body { a .govuk-link href=(overdue_at) { (t!("home-overdue", count = overdue)) } } }
        @let urgent = urgent_waiting(&visit).await?;
        @if !urgent.is_empty() {
            h2 .govuk-heading-m { (t!("home-urgent")) }
            ul .govuk-list { @for (text, href) in &urgent { li { a .govuk-link href=(href) { (text) } } } }
        }
        (tasks_list(&visit).await?)
        (newest(&visit).await?)
        h2 .govuk-heading-m { (t!("home-theirs")) }
        @if queue_theirs.is_empty() { p .govuk-body { (t!("home-theirs-empty")) } }
        @else { (lists::rows::<Proposals>(&visit, &t!("home-theirs"), &queue_theirs).await?) }
        @if !supplier { (by_role(&stages)) }
        (by_stage(&stages))
        @if supplier { p .govuk-body { (ui::link_button(Link::new(&start, "/proposals/new"), ui::ButtonKind::Secondary)) } }
    };
    Ok(visit.page(&t!("home-title")).active("/").wide().body(&body))
}

/// What of a kind of case waits for the visitor, oldest first; nothing where nothing does, and of proposals, which have the page's first list.
async fn queued<P: Process>(visit: &Visit) -> Result<Markup> {
    if P::KIND.id == PROPOSAL.id {
        return Ok(html! {});
    }
    let (cx, title) = (&visit.cx, says(P::KIND, "home"));
    let mine = queue::waits_for(P::waiting_for(&cx.actor), &cx.actor);
    let waiting = queue::oldest(cx.db(), P::KIND, P::visible(&cx.actor), mine, SHOWN).await?;
    Ok(html! {
        @if !waiting.is_empty() {
            h2 .govuk-heading-m { (title) }
            (lists::rows::<P>(visit, &title, &waiting).await?)
        }
    })
}

/// How much mail waits, for those who decide about it.
async fn mail(visit: &Visit) -> Result<Markup> {
    let waits =
        if visit.cx.may("mail.report", &intake::model::any()) { Some(intake::store::count_waiting(&visit.cx).await?) } else { None };
    Ok(html! {
        @if let Some(count) = waits.filter(|count| !count.is_none()) {
            p .govuk-body { a .govuk-link href=(intake::model::LIST) { (t!("home-mail", count = count)) } }
        }
    })
}

/// The tasks of all kinds of case that are awaited of the visitor.
async fn tasks_awaited(visit: &Visit, awaited: Awaited) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    of_every_kind!(P => all.extend(lists::tasks::<P>(visit, awaited).await?));
    Ok(all)
}

/// Tasks for the visitor to do or to check, case by case.
async fn tasks_list(visit: &Visit) -> Result<Markup> {
    let actor = visit.cx.actor.signed_in()?;
    let doing = Awaited::Doing(actor.side, actor.account);
    let mut parts = vec![("home-tasks-doing", tasks_awaited(visit, doing).await?)];
    if actor.side == Side::Authority {
        parts.push(("home-tasks-checking", tasks_awaited(visit, Awaited::Checking).await?));
    }
    Ok(html! {
        @for (title, tasks) in &parts {
            @if !tasks.is_empty() {
                h2 .govuk-heading-m { (texts::t(title)) }
                ul .govuk-list { @for (text, href) in tasks { li { a .govuk-link href=(href) { (text) } } } }
            }
        }
    })
}

/// The parts of what waits for the visitor's role, with counts and links to the whole lists.
fn desks(parts: &[(Desk, u64)]) -> Markup {
    html! {
        @if !parts.is_empty() {
            ul .govuk-list .vs-parts aria-label=(t!("home-parts")) {
                @for (desk, n) in parts {
                    li { a .govuk-link href={ "/proposals?whose=" (desk.code()) } { (lists::desk_name(*desk)) } " (" (queue::count_text(*n)) ")" }
                }
            }
        }
    }
}

/// How much waits for each role. A stage may wait for more than one.
fn by_role(stages: &[(&'static str, u64)]) -> Markup {
    let mut roles: Vec<(&str, u64)> = Vec::new();
    for (stage, n) in stages {
        for role in PROPOSAL.stage(stage).map_or(&[][..], |s| s.waits_for) {
            match roles.iter_mut().find(|(known, _)| known == role) {
                Some((_, sum)) => *sum += n,
                None => roles.push((role, *n)),
            }
        }
    }
    let drawn: Vec<(String, String, String)> = roles
        .iter()
        .map(|(role, n)| {
            (queue::count_text(*n), texts::t(&format!("waits-for-{}", role.replace('_', "-"))), format!("/proposals?for={role}"))
        })
        .collect();
    let tiles: Vec<Tile> =
        drawn.iter().map(|(figure, text, href)| Tile { figure, text, note: None, href: Some(href), tone: ui::Tone::Blue }).collect();
    html! { @if !tiles.is_empty() { h2 .govuk-heading-m { (t!("home-roles")) } (ui::tiles(&tiles)) } }
}

fn by_stage(stages: &[(&'static str, u64)]) -> Markup {
    let drawn: Vec<(String, String, String, ui::Tone)> = stages
        .iter()
        .filter_map(|(id, n)| {
            let tone = PROPOSAL.stage(id).ok()?.tone;
            Some((queue::count_text(*n), PROPOSAL.stage_name(id), format!("/proposals?stage={id}"), tone))
        })
        .collect();
    let tiles: Vec<Tile> =
        drawn.iter().map(|(figure, text, href, tone)| Tile { figure, text, note: None, href: Some(href), tone: *tone }).collect();
    html! { @if !tiles.is_empty() { h2 .govuk-heading-m { (t!("home-portfolio")) } (ui::tiles(&tiles)) } }
}

/// For a party that stands in no chain now, such as a bidder: what it can do, and what comes when. What it had a part in stays to be read.
fn without_a_place(visit: &Visit) -> Answer {
    let authority = &visit.core().settings.authority;
    let ways = [("/check", "home-bidder-check"), ("/packs", "home-bidder-packs"), ("/account", "home-bidder-account")];
    let body = html! {
        h1 .govuk-heading-l { (t!("home-title")) }
        (ui::inset(html! { (t!("home-bidder")) }))
        h2 .govuk-heading-m { (t!("home-bidder-now")) }
        ul .govuk-list .govuk-list--bullet {
            @for (href, text) in ways { li { a .govuk-link href=(href) { (texts::t(text)) } } }
        }
        h2 .govuk-heading-m { (t!("home-bidder-later")) }
        p .govuk-body { (t!("home-bidder-tender")) }
        p .govuk-body { (t!("home-bidder-contract", authority = &authority.name)) }
    };
    Ok(visit.page(&t!("home-title")).active("/").body(&body))
}
