//! Lists of proposals: everything that the visitor may see, filtered by links, found by words.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use maud::{Markup, html};
use platform::cases::Case;
use platform::cases::queue::{self, After, Filter};
use platform::ui::{self, Column, FilterGroup, FilterLink, Link, Pager, Row, Table, Tone};
use platform::web::{Answer, Fields, Visit};
use platform::{Result, t, texts};

use super::rating_name;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::store;
use crate::party;

pub(super) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let cx = &visit.cx;
    let filter = Filter {
        stages: fields.some("stage").map(str::to_owned).into_iter().collect(),
        words: fields.get("q").chars().take(200).collect(),
        overdue_at: (fields.get("late") == "yes").then(|| cx.now()),
        contract: fields.some("contract").and_then(|id| id.parse().ok()),
        ..Filter::default()
    };
    let visible = || store::visible(&cx.actor);
    let (found, next) = queue::list(cx.db(), &PROPOSAL, visible(), &filter, after(&fields)).await?;
    let counts: BTreeMap<&str, u64> = queue::by_stage(cx.db(), &PROPOSAL, visible()).await?.into_iter().collect();
    let keep: Vec<(String, String)> = fields.pairs().iter().filter(|(n, _)| n != "after" && n != "stage").cloned().collect();
    let address = |stage: Option<&str>, after: Option<After>| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&keep);
        if let Some(stage) = stage {
            query.append_pair("stage", stage);
        }
        if let Some((at, id)) = after {
            query.append_pair("after", &format!("{at}.{id}"));
        }
        let query = query.finish();
        if query.is_empty() { "/proposals".to_owned() } else { format!("/proposals?{query}") }
    };
    let on = fields.some("stage");
    let mut links = vec![(t!("proposal-all-stages"), address(None, None), None, on.is_none())];
    for (stage, n) in PROPOSAL.stages.iter().filter_map(|s| Some((s, counts.get(s.id)?))) {
        links.push((PROPOSAL.stage_name(stage.id), address(Some(stage.id), None), Some(queue::count_text(*n)), on == Some(stage.id)));
    }
    let links: Vec<FilterLink> =
        links.iter().map(|(text, href, count, on)| FilterLink { link: Link::new(text, href), count: count.as_deref(), on: *on }).collect();
    let (title, search) = (t!("proposal-stage"), t!("proposal-search"));
    let more = next.map(|after| address(on, Some(after)));
    let first = fields.some("after").map(|_| address(on, None));
    let body = html! {
        h1 .govuk-heading-l { (t!("nav-proposals")) }
        form .vs-search action="/proposals" method="get" role="search" {
            label .govuk-label for="q" { (search) }
            input #q .govuk-input .govuk-input--width-20 name="q" type="search" value=(fields.get("q"));
            " " (ui::button(&t!("proposal-search-go"), ui::ButtonKind::Secondary))
        }
        @if !cx.actor.is_authority() { p .govuk-body { (ui::link_button(Link::new(&t!("proposal-new"), "/proposals/new"), ui::ButtonKind::Primary)) } }
        (ui::filters(&|id| texts::t(id), &[FilterGroup { title: &title, links: &links }]))
        @if found.is_empty() { (ui::empty_state(&t!("proposal-none"), &t!("proposal-none-text"), None)) }
        @else { (rows(&visit, &t!("nav-proposals"), &found).await?) }
        (ui::pager(&|id| texts::t(id), &Pager { first: first.as_deref(), previous: None, next: more.as_deref() }))
    };
    Ok(visit.page(&t!("nav-proposals")).active("/proposals").wide().body(&body))
}

fn after(fields: &Fields) -> Option<After> {
    let (at, id) = fields.some("after")?.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Proposals as a table; each row is asked of the policies once more.
pub(crate) async fn rows(visit: &Visit, caption: &str, found: &[Case]) -> Result<Markup> {
    let cx = &visit.cx;
    let names = party::store::names(cx.db(), found.iter().map(|c| c.party)).await?;
    let words =
        ["proposal-reference", "proposal-title", "proposal-supplier", "proposal-stage", "proposal-since", "proposal-due"].map(texts::t);
    let columns = words.each_ref().map(|w| Column::new(w));
    let clock = &cx.core().clock;
    let mut lines = Vec::new();
    for case in found {
        let of = store::load(cx.db(), case.clone()).await?;
        if !cx.may("proposal.view", &of) {
            tracing::error!(case = %case.id, "a list found a proposal that its policy hides");
            continue;
        }
        let stage = PROPOSAL.stage(&case.stage)?;
        let late = case.due.is_some_and(|due| due < cx.now());
        let href = format!("/proposals/{}", case.id);
        let cells = vec![
            html! { a .govuk-link href=(href) { (case.reference.clone().unwrap_or_else(|| t!("proposal-no-reference"))) span .govuk-visually-hidden { " " (case.title) } } },
            html! { (case.title) },
            html! { (names.get(&case.party).map_or("", String::as_str)) },
            html! {
                (ui::tag(&PROPOSAL.stage_name(&case.stage), stage.tone))
                @if let Some(rating) = case.rating.as_ref().filter(|_| cx.may("proposal.read_risk", &of)) { " " (rating_name(rating)) }
            },
            html! { (clock.day_text(case.moved_at)) },
            html! { @match case.due { Some(due) => { (clock.day_text(due)) @if late { " " (ui::tag(&t!("proposal-overdue"), Tone::Red)) } }, None => (t!("proposal-no-due")) } },
        ];
        lines.push(Row { cells, tone: late.then_some(Tone::Red) });
    }
    Ok(ui::table(&Table { caption, caption_shown: false, columns: &columns, stack: true }, &lines))
}

/// How many wait for the visitor.
pub(crate) async fn waiting(visit: &Visit) -> Result<u64> {
    let cx = &visit.cx;
    queue::count(cx.db(), &PROPOSAL, store::visible(&cx.actor), queue::waits_for(&PROPOSAL, &cx.actor)).await
}
