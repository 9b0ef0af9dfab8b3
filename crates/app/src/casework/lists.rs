//! The list of a kind of case, and its parts on other pages.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use maud::{Markup, html};
use platform::api::Area;
use platform::cases::Case;
use platform::cases::queue::{self, After, Desk, Filter};
use platform::cases::store as cases;
use platform::cases::tasks::{self, Awaited};
use platform::clock::{Clock, Millis};
use platform::sheets::{self, Cell, Column as Field, Kind, List, Page};
use platform::ui::{self, Column, FilterGroup, FilterLink, Link, Pager, Row, Table, Tone};
use platform::web::{Access, Answer, Fields, Visit};
use platform::{Cx, Result, t, texts};
use sea_orm::Condition;

use super::pages::holders;
use super::{Process, at, nearness, rating_name, says};
use crate::{contract, party};

/// The parts of an address that filter, each kept by the links of the others.
const FILTERS: [&str; 4] = ["stage", "whose", "for", "after"];

/// Addresses of the list with one filter changed and the others kept as they are.
struct Addresses {
    path: &'static str,
    keep: Vec<(String, String)>,
}

impl Addresses {
    fn of(path: &'static str, fields: &Fields) -> Self {
        Self { path, keep: fields.pairs().iter().filter(|(name, value)| name != "after" && !value.is_empty()).cloned().collect() }
    }

    fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.keep.iter().filter(|(n, _)| n != name));
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { self.path.to_owned() } else { format!("{}?{query}", self.path) }
    }
}

/// A kind's list, for taking out: its code, and where the form that takes it out is sent.
pub const fn list<P: Process>(code: &'static str, export: &'static str) -> List {
    List {
        code,
        title: P::NAME,
        path: P::PAGES,
        export,
        access: Access::SignedIn,
        area: Area::Cases,
        columns,
        read: |cx, address| Box::pin(sheet::<P>(cx, address)),
    }
}

fn columns() -> Vec<Field> {
    let of = Field::of;
    vec![
        of("reference", "case-reference", Kind::Text),
        of("title", "case-title", Kind::Text),
        of("supplier", "case-supplier", Kind::Text),
        of("contract", "list-contract", Kind::Text),
        of("stage", "case-stage", Kind::Text),
        of("rating", "list-rating", Kind::Text),
        of("who_has_it", "case-who-has-it", Kind::Text),
        of("submitted_at", "list-submitted", Kind::Moment),
        of("moved_at", "list-state-since", Kind::Moment),
        of("due_at", "case-due", Kind::Moment),
        of("closed_at", "list-closed", Kind::Moment),
        of("mark", "case-mark", Kind::Text),
        of("id", "list-id", Kind::Text),
    ]
}

async fn sheet<P: Process>(cx: &Cx, address: &str) -> Result<Page> {
    let fields = Fields::of_address(address)?;
    let (found, next) = queue::list(cx.db(), P::KIND, P::visible(&cx.actor), &filter::<P>(cx, &fields).await?, after(&fields)).await?;
    let names = party::store::names(cx.db(), found.iter().map(|c| c.party)).await?;
    let contracts = contract::store::titles(cx.db(), found.iter().filter_map(|c| c.contract)).await?;
    let (drafts, marks) = (P::titles(cx, &found).await?, P::marks(cx, &found).await?);
    let things = P::load(cx.db(), found).await?;
    let holders = holders::<P>(cx, &things).await?;
    let moment = |at: Option<Millis>| at.map_or(Cell::Blank, Cell::Moment);
    let mut rows = Vec::new();
    for of in &things {
        if !cx.may(P::VIEW, of) {
            continue;
        }
        let case = P::case(of);
        let rating = case.rating.as_ref().filter(|_| cx.may(P::RATING, of));
        rows.push(vec![
            Cell::text(case.reference.clone()),
            Cell::Text(drafts.get(&case.id).unwrap_or(&case.title).clone()),
            Cell::text(names.get(&case.party).cloned()),
            Cell::text(case.contract.and_then(|id| contracts.get(&id).cloned())),
            Cell::Code(case.stage.clone(), P::KIND.stage_name(&case.stage)),
            rating.map_or(Cell::Blank, |code| Cell::Code(code.clone(), rating_name(P::KIND, code))),
            Cell::text(holders.get(&case.id).cloned()),
            moment(case.submitted_at),
            Cell::Moment(case.moved_at),
            moment(case.due),
            moment(case.closed_at),
            Cell::text(marks.get(&case.id).cloned()),
            Cell::Text(case.id.to_string()),
        ]);
    }
    Ok(Page { rows, next: next.map(|(at, id)| Addresses::of(P::PAGES, &fields).with("after", Some(&format!("{at}.{id}")))) })
}

/// Both of two conditions, where there are two.
fn both(one: Option<Condition>, other: Option<Condition>) -> Option<Condition> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.add(other)),
        (one, other) => one.or(other),
    }
}

/// What the address narrows the list to.
async fn filter<P: Process>(cx: &Cx, fields: &Fields) -> Result<Filter> {
    let whose = fields.some("whose").and_then(Desk::from_code);
    let words = ui::searched(fields.get("q"));
    let role = fields.some("for").filter(|_| fields.some("stage").is_none());
    let awaited = role.map(|role| P::waiting(role, None));
    // A role for which nothing ever waits finds nothing.
    let nothing = matches!(awaited, Some(None));
    Ok(Filter {
        stages: fields.some("stage").or(nothing.then_some("")).into_iter().map(str::to_owned).collect(),
        found: P::called(cx, &words).await?,
        words,
        overdue_at: (fields.get("late") == "yes").then(|| cx.now()),
        contract: fields.some("contract").and_then(|id| id.parse().ok()),
        queue: both(awaited.flatten(), whose.map(|desk| queue::desk(P::waiting_for(&cx.actor), &cx.actor, desk))),
        oldest_first: whose.is_some() || fields.some("for").is_some(),
        ..Filter::default()
    })
}

/// The page of a kind's list: everything that the visitor may see, filtered by links, found by words.
///
/// # Errors
/// When the database fails.
pub async fn page<P: Process>(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let cx = &visit.cx;
    let (found, next) = queue::list(cx.db(), P::KIND, P::visible(&cx.actor), &filter::<P>(cx, &fields).await?, after(&fields)).await?;
    let addresses = Addresses::of(P::PAGES, &fields);
    let more = next.map(|(at, id)| addresses.with("after", Some(&format!("{at}.{id}"))));
    let first = fields.some("after").map(|_| addresses.with("after", None));
    let kept = addresses.keep.iter().filter(|(n, _)| n != "after" && FILTERS.contains(&n.as_str()));
    let kept: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (name, search, begins) = (texts::t(P::NAME), says(P::KIND, "search"), P::begins(&visit).await?);
    let search = ui::Search { action: P::PAGES, label: &search, hint: None, typed: fields.get("q"), kept: &kept };
    let body = html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (name) }
            @if let Some((text, href)) = &begins { (ui::link_button(Link::new(text, href), ui::ButtonKind::Primary)) }
        }
        (ui::search(&|id| texts::t(id), &search))
        (filters::<P>(&visit, &fields, &addresses).await?)
        @if found.is_empty() { (ui::empty_state(&says(P::KIND, "none"), &says(P::KIND, "none-text"), None)) }
        @else { (rows::<P>(&visit, &name, &found).await?) }
        (ui::pager(&|id| texts::t(id), &Pager { first: first.as_deref(), previous: None, next: more.as_deref() }))
        @if !found.is_empty() { (sheets::button(&visit, P::LIST)) }
    };
    Ok(visit.page(&name).active(P::PAGES).wide().body(&body))
}

/// The filters as links: by stage, and of what waits for the visitor's role by who has it.
async fn filters<P: Process>(visit: &Visit, fields: &Fields, addresses: &Addresses) -> Result<Markup> {
    let cx = &visit.cx;
    let counts: BTreeMap<&str, u64> = queue::by_stage(cx.db(), P::KIND, P::visible(&cx.actor)).await?.into_iter().collect();
    let on = fields.some("stage");
    let mut stages = vec![(t!("case-all-stages"), addresses.with("stage", None), None, on.is_none())];
    for (stage, n) in P::KIND.stages.iter().filter_map(|s| Some((s, counts.get(s.id)?))) {
        stages.push((
            P::KIND.stage_name(stage.id),
            addresses.with("stage", Some(stage.id)),
            Some(queue::count_text(*n)),
            on == Some(stage.id),
        ));
    }
    let mut queues = Vec::new();
    let whose = fields.some("whose").and_then(Desk::from_code);
    for (desk, n) in desks::<P>(visit).await? {
        queues.push((desk_name(desk), addresses.with("whose", Some(desk.code())), Some(queue::count_text(n)), whose == Some(desk)));
    }
    if !queues.is_empty() {
        queues.insert(0, (t!("case-whose-any"), addresses.with("whose", None), None, whose.is_none()));
    }
    let (stage_title, queue_title) = (t!("case-stage"), t!("case-whose"));
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
pub fn desk_name(desk: Desk) -> String {
    texts::t(&format!("case-whose-{}", desk.code()))
}

/// How much of what waits for the visitor's role is theirs, nobody's yet, and all of it; nothing for a role that no stage waits for.
///
/// # Errors
/// When the database fails.
pub async fn desks<P: Process>(visit: &Visit) -> Result<Vec<(Desk, u64)>> {
    let cx = &visit.cx;
    let Some(waiting) = P::waiting_for(&cx.actor) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for desk in Desk::ALL {
        let of = queue::desk(Some(waiting.clone()), &cx.actor, desk);
        all.push((desk, queue::count(cx.db(), P::KIND, P::visible(&cx.actor), of).await?));
    }
    // A role that no stage waits for by itself has parts only while something waits for it.
    let always = queue::awaited_as(&cx.actor).and_then(|who| queue::waiting(P::KIND, who)).is_some();
    Ok(if always || all.iter().any(|(_, n)| *n > 0) { all } else { Vec::new() })
}

fn after(fields: &Fields) -> Option<After> {
    let (at, id) = fields.some("after")?.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Cases as a table; each row is asked of the policies once more.
///
/// # Errors
/// When the database fails.
pub async fn rows<P: Process>(visit: &Visit, caption: &str, found: &[Case]) -> Result<Markup> {
    let cx = &visit.cx;
    let names = party::store::names(cx.db(), found.iter().map(|c| c.party)).await?;
    let (drafts, marks) = (P::titles(cx, found).await?, P::marks(cx, found).await?);
    let things = P::load(cx.db(), found.to_vec()).await?;
    let holders = holders::<P>(cx, &things).await?;
    let words = ["case-reference", "case-title", "case-supplier", "case-stage", "case-who-has-it", "case-since", "case-due"].map(texts::t);
    let columns = words.each_ref().map(|w| Column::new(w));
    let clock = &cx.core().clock;
    let mut lines = Vec::new();
    for of in &things {
        let case = P::case(of);
        if !cx.may(P::VIEW, of) {
            tracing::error!(case = %case.id, "a list found a case that its policy hides");
            continue;
        }
        let title = drafts.get(&case.id).unwrap_or(&case.title);
        let stage = P::KIND.stage(&case.stage)?;
        let late = case.due.is_some_and(|due| due < cx.now());
        let href = at::<P>(case, "");
        let cells = vec![
            html! { a .govuk-link .vs-nowrap href=(href) { (case.reference.clone().unwrap_or_else(|| t!("case-no-reference"))) span .govuk-visually-hidden { " " (title) } } },
            html! { (title) @if let Some(mark) = marks.get(&case.id) { br; span .govuk-hint { (mark) } } },
            html! { (names.get(&case.party).map_or("", String::as_str)) },
            html! {
                (ui::tag(&P::KIND.stage_name(&case.stage), stage.tone))
                @if let Some(rating) = case.rating.as_ref().filter(|_| cx.may(P::RATING, of)) { " " (rating_name(P::KIND, rating)) }
            },
            html! { (holders.get(&case.id).map_or("", String::as_str)) },
            html! { (since(clock, case, cx.now())) },
            html! { @match case.due { Some(due) => { (clock.day_text(due)) @if late { " " (ui::tag(&t!("case-overdue"), Tone::Red)) } }, None => (t!("case-no-due")) } },
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
    t!("case-since-days", date = day, days = days)
}

/// How many wait for the visitor.
///
/// # Errors
/// When the database fails.
pub async fn waiting<P: Process>(visit: &Visit) -> Result<u64> {
    let cx = &visit.cx;
    queue::count(cx.db(), P::KIND, P::visible(&cx.actor), queue::waits_for(P::waiting_for(&cx.actor), &cx.actor)).await
}

/// Cases of whose tasks one list tells at most.
const TASKS: u64 = 20;

/// The cases whose tasks the visitor may do or check now, those due first at the top: text, and the page of the tasks.
///
/// # Errors
/// When the database fails.
pub async fn tasks<P: Process>(visit: &Visit, awaited: Awaited) -> Result<Vec<(String, String)>> {
    let cx = &visit.cx;
    let waiting = tasks::waiting(cx.db(), (P::KIND, P::visible(&cx.actor), P::OVER), awaited, TASKS).await?;
    let rest = P::at_rest(cx, &waiting.iter().map(|one| one.case).collect::<Vec<_>>()).await?;
    let today = cx.core().clock.today();
    let cases = cases::all(cx.db(), P::KIND, waiting.iter().map(|one| one.case)).await?;
    let of: BTreeMap<_, _> = P::load(cx.db(), cases).await?.into_iter().map(|of| (P::case(&of).id, of)).collect();
    let action = if awaited == Awaited::Checking { P::ACTS.check_task } else { P::ACTS.finish_task };
    let shown = waiting
        .iter()
        .filter(|one| !rest.contains(&one.case))
        .filter_map(|one| Some((one, of.get(&one.case).filter(|of| cx.may(action, *of))?)));
    let line = |(one, of): (&tasks::Waiting, &P::Thing)| {
        let case = P::case(of);
        let reference = case.reference.clone().unwrap_or_else(|| t!("case-no-reference"));
        let text = match one.due.as_deref().and_then(|day| day.parse().ok()) {
            Some(day) => {
                let first = t!("home-tasks-first", reference = reference, count = one.count, date = platform::clock::day_text(day));
                // Of what is to be checked, the day was that of whoever had to do it.
                let near = if awaited == Awaited::Checking { None } else { nearness(day, today) };
                near.map_or(first.clone(), |near| t!("home-tasks-near", tasks = first, near = near))
            }
            None => t!("home-tasks-of", reference = reference, count = one.count),
        };
        (text, at::<P>(case, "tasks"))
    };
    Ok(shown.map(line).collect())
}
