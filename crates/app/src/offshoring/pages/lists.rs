//! Lists of proposals: everything that the visitor may see, filtered by links, found by words.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use maud::{Markup, html};
use platform::api::Area;
use platform::authz::Side;
use platform::cases::Case;
use platform::cases::queue::{self, After, Desk, Filter};
use platform::clock::{Clock, Millis};
use platform::sheets::{self, Cell, Column as Field, Kind, List, Page};
use platform::ui::{self, Column, FilterGroup, FilterLink, Link, Pager, Row, Table, Tone};
use platform::web::{Access, Answer, Fields, Visit};
use platform::{Cx, Result, t, texts};

use super::{desk, rating_name};
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::store;
use crate::{contract, party};

/// The parts of an address that filter, each kept by the links of the others.
const FILTERS: [&str; 4] = ["stage", "whose", "for", "after"];

/// Addresses of the list with one filter changed and the others kept as they are.
struct Addresses {
    keep: Vec<(String, String)>,
}

impl Addresses {
    fn of(fields: &Fields) -> Self {
        Self { keep: fields.pairs().iter().filter(|(name, value)| name != "after" && !value.is_empty()).cloned().collect() }
    }

    fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.keep.iter().filter(|(n, _)| n != name));
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { "/proposals".to_owned() } else { format!("/proposals?{query}") }
    }
}

/// The list of proposals, for taking out.
pub(crate) const LIST: List = List {
    code: "proposals",
    title: "nav-proposals",
    path: "/proposals",
    export: "/proposals/export",
    access: Access::SignedIn,
    area: Area::Cases,
    columns,
    read: |cx, address| Box::pin(sheet(cx, address)),
};

fn columns() -> Vec<Field> {
    let of = Field::of;
    vec![
        of("reference", "proposal-reference", Kind::Text),
        of("title", "proposal-title", Kind::Text),
        of("supplier", "proposal-supplier", Kind::Text),
        of("contract", "list-contract", Kind::Text),
        of("stage", "proposal-stage", Kind::Text),
        of("rating", "list-rating", Kind::Text),
        of("who_has_it", "proposal-who-has-it", Kind::Text),
        of("submitted_at", "list-submitted", Kind::Moment),
        of("moved_at", "list-state-since", Kind::Moment),
        of("due_at", "proposal-due", Kind::Moment),
        of("closed_at", "list-closed", Kind::Moment),
        of("id", "list-id", Kind::Text),
    ]
}

async fn sheet(cx: &Cx, address: &str) -> Result<Page> {
    let fields = Fields::read(address.split_once('?').map_or("", |(_, query)| query).as_bytes())?;
    let (found, next) = queue::list(cx.db(), &PROPOSAL, store::visible(&cx.actor), &filter(cx, &fields).await?, after(&fields)).await?;
    let names = party::store::names(cx.db(), found.iter().map(|c| c.party)).await?;
    let contracts = contract::store::titles(cx.db(), found.iter().filter_map(|c| c.contract)).await?;
    let drafts = store::draft_titles(cx, &found).await?;
    let holders = desk::holders(cx, &found).await?;
    let moment = |at: Option<Millis>| at.map_or(Cell::Blank, Cell::Moment);
    let mut rows = Vec::new();
    for of in store::load_all(cx.db(), found).await? {
        if !cx.may("proposal.view", &of) {
            continue;
        }
        let case = &of.case;
        let rating = case.rating.as_ref().filter(|_| cx.may("proposal.read_risk", &of));
        rows.push(vec![
            Cell::text(case.reference.clone()),
            Cell::Text(drafts.get(&case.id).unwrap_or(&case.title).clone()),
            Cell::text(names.get(&case.party).cloned()),
            Cell::text(case.contract.and_then(|id| contracts.get(&id).cloned())),
            Cell::Code(case.stage.clone(), PROPOSAL.stage_name(&case.stage)),
            rating.map_or(Cell::Blank, |code| Cell::Code(code.clone(), rating_name(code))),
            Cell::text(holders.get(&case.id).cloned()),
            moment(case.submitted_at),
            Cell::Moment(case.moved_at),
            moment(case.due),
            moment(case.closed_at),
            Cell::Text(case.id.to_string()),
        ]);
    }
    Ok(Page { rows, next: next.map(|(at, id)| Addresses::of(&fields).with("after", Some(&format!("{at}.{id}")))) })
}

/// What the address narrows the list to.
async fn filter(cx: &Cx, fields: &Fields) -> Result<Filter> {
    let whose = fields.some("whose").and_then(Desk::from_code);
    let words = ui::searched(fields.get("q"));
    let stages = match (fields.some("stage"), fields.some("for")) {
        (Some(stage), _) => vec![stage.to_owned()],
        // A role that no stage waits for finds nothing.
        (None, Some(role)) => {
            Some(PROPOSAL.waiting_for(role)).filter(|s| !s.is_empty()).unwrap_or(vec![""]).into_iter().map(str::to_owned).collect()
        }
        (None, None) => Vec::new(),
    };
    Ok(Filter {
        stages,
        found: store::drafts_called(cx, &words).await?,
        words,
        overdue_at: (fields.get("late") == "yes").then(|| cx.now()),
        contract: fields.some("contract").and_then(|id| id.parse().ok()),
        queue: whose.map(|desk| queue::desk(&PROPOSAL, &cx.actor, desk)),
        oldest_first: whose.is_some() || fields.some("for").is_some(),
        ..Filter::default()
    })
}

pub(super) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let cx = &visit.cx;
    let (found, next) = queue::list(cx.db(), &PROPOSAL, store::visible(&cx.actor), &filter(cx, &fields).await?, after(&fields)).await?;
    let addresses = Addresses::of(&fields);
    let more = next.map(|(at, id)| addresses.with("after", Some(&format!("{at}.{id}"))));
    let first = fields.some("after").map(|_| addresses.with("after", None));
    let kept = addresses.keep.iter().filter(|(n, _)| n != "after" && FILTERS.contains(&n.as_str()));
    let kept: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (t!("nav-proposals")) }
            @if may_start(&visit).await? { (ui::link_button(Link::new(&t!("proposal-new"), "/proposals/new"), ui::ButtonKind::Primary)) }
        }
        (ui::search(&|id| texts::t(id), &ui::Search { action: "/proposals", label: &t!("proposal-search"), hint: None, typed: fields.get("q"), kept: &kept }))
        (filters(&visit, &fields, &addresses).await?)
        @if found.is_empty() { (ui::empty_state(&t!("proposal-none"), &t!("proposal-none-text"), None)) }
        @else { (rows(&visit, &t!("nav-proposals"), &found).await?) }
        (ui::pager(&|id| texts::t(id), &Pager { first: first.as_deref(), previous: None, next: more.as_deref() }))
        @if !found.is_empty() { (sheets::button(&visit, &LIST)) }
    };
    Ok(visit.page(&t!("nav-proposals")).active("/proposals").wide().body(&body))
}

/// Whether the visitor's party has a place for which it may begin a proposal.
pub(crate) async fn may_start(visit: &Visit) -> Result<bool> {
    let actor = visit.cx.actor.signed_in()?;
    Ok(actor.side == Side::Supplier && !contract::store::places_of(visit.cx.db(), actor.party).await?.is_empty())
}

/// The filters as links: by stage, and of what waits for the visitor's role by who has it.
async fn filters(visit: &Visit, fields: &Fields, addresses: &Addresses) -> Result<Markup> {
    let cx = &visit.cx;
    let counts: BTreeMap<&str, u64> = queue::by_stage(cx.db(), &PROPOSAL, store::visible(&cx.actor)).await?.into_iter().collect();
    let on = fields.some("stage");
    let mut stages = vec![(t!("proposal-all-stages"), addresses.with("stage", None), None, on.is_none())];
    for (stage, n) in PROPOSAL.stages.iter().filter_map(|s| Some((s, counts.get(s.id)?))) {
        stages.push((
            PROPOSAL.stage_name(stage.id),
            addresses.with("stage", Some(stage.id)),
            Some(queue::count_text(*n)),
            on == Some(stage.id),
        ));
    }
    let mut queues = Vec::new();
    let whose = fields.some("whose").and_then(Desk::from_code);
    for (desk, n) in desks(visit).await? {
        queues.push((desk_name(desk), addresses.with("whose", Some(desk.code())), Some(queue::count_text(n)), whose == Some(desk)));
    }
    if !queues.is_empty() {
        queues.insert(0, (t!("proposal-whose-any"), addresses.with("whose", None), None, whose.is_none()));
    }
    let (stage_title, queue_title) = (t!("proposal-stage"), t!("proposal-whose"));
    let (stages, queues) = (links(&stages), links(&queues));
    let mut groups = Vec::new();
    if !queues.is_empty() {
        groups.push(FilterGroup { title: &queue_title, links: &queues });
    }
    groups.push(FilterGroup { title: &stage_title, links: &stages });
    Ok(ui::filters(&|id| texts::t(id), &groups))
}

fn links(all: &[Entry]) -> Vec<FilterLink<'_>> {
    all.iter().map(|(text, href, count, on)| FilterLink { link: Link::new(text, href), count: count.as_deref(), on: *on }).collect()
}

/// A filter's link: text, address, count, whether it is the one in force.
type Entry = (String, String, Option<String>, bool);

/// The name of a part of what waits for a role.
pub(crate) fn desk_name(desk: Desk) -> String {
    texts::t(&format!("proposal-whose-{}", desk.code()))
}

/// How much of what waits for the visitor's role is theirs, nobody's yet, and all of it; nothing for a role that no stage waits for.
pub(crate) async fn desks(visit: &Visit) -> Result<Vec<(Desk, u64)>> {
    let cx = &visit.cx;
    if queue::awaited_as(&cx.actor).is_none_or(|who| PROPOSAL.waiting_for(who).is_empty()) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for desk in Desk::ALL {
        all.push((desk, queue::count(cx.db(), &PROPOSAL, store::visible(&cx.actor), queue::desk(&PROPOSAL, &cx.actor, desk)).await?));
    }
    Ok(all)
}

fn after(fields: &Fields) -> Option<After> {
    let (at, id) = fields.some("after")?.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Proposals as a table; each row is asked of the policies once more.
pub(crate) async fn rows(visit: &Visit, caption: &str, found: &[Case]) -> Result<Markup> {
    let cx = &visit.cx;
    let names = party::store::names(cx.db(), found.iter().map(|c| c.party)).await?;
    let drafts = store::draft_titles(cx, found).await?;
    let holders = desk::holders(cx, found).await?;
    let words = [
        "proposal-reference",
        "proposal-title",
        "proposal-supplier",
        "proposal-stage",
        "proposal-who-has-it",
        "proposal-since",
        "proposal-due",
    ]
    .map(texts::t);
    let columns = words.each_ref().map(|w| Column::new(w));
    let clock = &cx.core().clock;
    let mut lines = Vec::new();
    for of in store::load_all(cx.db(), found.to_vec()).await? {
        let case = &of.case;
        if !cx.may("proposal.view", &of) {
            tracing::error!(case = %case.id, "a list found a proposal that its policy hides");
            continue;
        }
        let title = drafts.get(&case.id).unwrap_or(&case.title);
        let stage = PROPOSAL.stage(&case.stage)?;
        let late = case.due.is_some_and(|due| due < cx.now());
        let href = format!("/proposals/{}", case.id);
        let cells = vec![
            html! { a .govuk-link .vs-nowrap href=(href) { (case.reference.clone().unwrap_or_else(|| t!("proposal-no-reference"))) span .govuk-visually-hidden { " " (title) } } },
            html! { (title) },
            html! { (names.get(&case.party).map_or("", String::as_str)) },
            html! {
                (ui::tag(&PROPOSAL.stage_name(&case.stage), stage.tone))
                @if let Some(rating) = case.rating.as_ref().filter(|_| cx.may("proposal.read_risk", &of)) { " " (rating_name(rating)) }
            },
            html! { (holders.get(&case.id).map_or("", String::as_str)) },
            html! { (since(clock, case, cx.now())) },
            html! { @match case.due { Some(due) => { (clock.day_text(due)) @if late { " " (ui::tag(&t!("proposal-overdue"), Tone::Red)) } }, None => (t!("proposal-no-due")) } },
        ];
        lines.push(Row { cells, tone: late.then_some(Tone::Red) });
    }
    Ok(ui::table(&Table { caption, caption_shown: false, columns: &columns, stack: true }, &lines))
}

/// Since when a case is at its stage, and for an open one how long that is.
fn since(clock: &Clock, case: &Case, now: Millis) -> String {
    let day = clock.day_text(case.moved_at);
    if case.closed_at.is_some() {
        return day;
    }
    // Counted by days of the calendar, as people count: yesterday evening is a day ago.
    let days = (clock.date_of(now) - clock.date_of(case.moved_at)).get_days();
    t!("proposal-since-days", date = day, days = days)
}

/// How many wait for the visitor.
pub(crate) async fn waiting(visit: &Visit) -> Result<u64> {
    let cx = &visit.cx;
    queue::count(cx.db(), &PROPOSAL, store::visible(&cx.actor), queue::waits_for(&PROPOSAL, &cx.actor)).await
}
