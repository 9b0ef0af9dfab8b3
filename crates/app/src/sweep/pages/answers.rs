//! What is answered: the list of answers, for the authority all, for a supplier what it is asked; and one answer, where it is given.

use axum::extract::Path;
use maud::{Markup, html};
use platform::api::Area;
use platform::cases::queue;
use platform::error::FieldErrors;
use platform::sheets::{self, Cell, Column as Field, Kind, List, Page as Sheet};
use platform::ui::{self, ButtonKind, Check, Choice, Column, Fact, FilterGroup, FilterLink, Link, Pager, Row, Table};
use platform::web::{Access, Answer as Page, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::{PAGE, WORDS, day, history, page, reference, tone};
use crate::casework::typed::{Typed, form, optional_date};
use crate::incident::model::INCIDENT;
use crate::incident::{self, Incidents};
use crate::sweep::act;
use crate::sweep::model::{ANSWER, ANSWERS, Answer, Given, LIST as SWEEPS, answer_at, at};
use crate::sweep::store::{self, After, Filter, Opened, answer};
use crate::{contract, party};
use platform::cases::api::Cases as _;

/// Incidents that are offered as the one that was reported.
const OFFERED: u64 = 50;

/// The answers, for taking out.
pub(crate) const LIST: List = List {
    code: "sweep-answers",
    title: "sweep-answers",
    path: ANSWERS,
    export: "/sweeps/answers/export",
    access: Access::SignedIn,
    area: Area::Cases,
    columns,
    read: |cx, address| Box::pin(sheet(cx, address)),
};

/// What an address asks for.
fn read(cx: &Cx, address: &str) -> Result<(Filter, Option<After>)> {
    let fields = Fields::of_address(address)?;
    let filter = Filter {
        sweep: fields.some("sweep").and_then(|id| id.parse().ok()),
        answer: fields.some("answer").and_then(Answer::from_code),
        late: fields.has("late").then(|| cx.core().clock.today()),
    };
    let after = fields.some("after").and_then(|after| {
        let (id, name) = after.split_once('.')?;
        Some((name.to_owned(), id.parse().ok()?))
    });
    Ok((filter, after))
}

fn href(filter: &Filter, after: Option<&After>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let parts = [
        ("sweep", filter.sweep.map(|id| id.to_string())),
        ("answer", filter.answer.map(|answer| answer.code().to_owned())),
        ("late", filter.late.map(|_| "yes".to_owned())),
        ("after", after.map(|(name, id)| format!("{id}.{name}"))),
    ];
    query.extend_pairs(parts.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let query = query.finish();
    if query.is_empty() { ANSWERS.to_owned() } else { format!("{ANSWERS}?{query}") }
}

/// What a list shows of answers beside their rows.
struct Beside {
    sweeps: std::collections::BTreeMap<Uuid, Opened>,
    parties: std::collections::BTreeMap<Uuid, String>,
    people: std::collections::BTreeSet<Uuid>,
    said: std::collections::BTreeMap<Uuid, String>,
}

impl Beside {
    async fn of(cx: &Cx, rows: &[answer::Model]) -> Result<Self> {
        let ids: std::collections::BTreeSet<Uuid> = rows.iter().map(|row| row.sweep).collect();
        let mut found = Vec::new();
        for id in ids {
            found.push(store::get(cx.db(), id).await?);
        }
        let parties = party::store::names(cx.db(), rows.iter().map(|row| row.party)).await?;
        Ok(Self {
            sweeps: store::open_all(cx, cx.db(), found).await?.into_iter().map(|of| (of.row.id, of)).collect(),
            people: store::with_people(cx.db(), cx.now(), parties.keys().copied()).await?,
            parties,
            said: store::said(cx, cx.db(), rows).await?,
        })
    }

    fn title(&self, row: &answer::Model) -> &str {
        self.sweeps.get(&row.sweep).map_or("", |of| of.title.as_str())
    }

    fn party(&self, row: &answer::Model) -> &str {
        self.parties.get(&row.party).map_or("", String::as_str)
    }
}

/// An answer in a word, for either side.
fn says(cx: &Cx, row: &answer::Model) -> String {
    let supplier = !cx.actor.is_authority();
    if supplier && row.stands() == Answer::Awaited { t!("sweep-answer-yours") } else { row.stands().says() }
}

fn tag(cx: &Cx, row: &answer::Model) -> Markup {
    let late = row.is_late(cx.core().clock.today());
    html! { (ui::tag(&says(cx, row), tone(row.stands(), late))) @if late { " " (t!("sweep-is-late")) } }
}

pub(super) async fn list(visit: Visit) -> Page {
    let cx = &visit.cx;
    let (filter, after) = read(cx, &visit.path)?;
    let authority = cx.actor.is_authority();
    let (rows, next) = store::answers(cx, &filter, after.clone(), PAGE).await?;
    let beside = Beside::of(cx, &rows).await?;
    let of_one = match filter.sweep.filter(|_| authority) {
        Some(id) => Some(super::seen(cx, id).await?),
        None => None,
    };
    let title = if authority { t!("sweep-answers") } else { t!("sweep-asked-you") };
    let empty = rows.is_empty();
    let narrow = filter.answer.is_some() || filter.late.is_some();
    let lines = if authority { theirs(cx, &rows, &beside, of_one.is_none()) } else { own(cx, &rows, &beside) };
    let next = next.as_ref().map(|after| href(&filter, Some(after)));
    let first = after.map(|_| href(&filter, None));
    let built = visit.page(&title).active(if authority { SWEEPS } else { ANSWERS }).wide();
    let built = match &of_one {
        Some(of) => built.crumb(&t!("sweep-list"), SWEEPS).crumb(&of.title, &at(of.row.id)),
        None if authority => built.crumb(&t!("sweep-list"), SWEEPS),
        None => built,
    };
    Ok(built.body(&html! {
        h1 .govuk-heading-l { (title) }
        @if let Some(of) = &of_one { p .govuk-body .vs-break { (of.title) } }
        @if !authority { (ui::lead(&t!("sweep-asked-you-lead"))) }
        (filters(&filter))
        @if empty {
            @if narrow { (ui::empty_state(&t!("sweep-answers-none-so"), &t!("sweep-answers-none-so-text"), None)) }
            @else if authority { (ui::empty_state(&t!("sweep-answers-none"), &t!("sweep-answers-none-text"), Some(Link::new(&t!("sweep-list"), SWEEPS)))) }
            @else { (ui::empty_state(&t!("sweep-asked-you-none"), &t!("sweep-asked-you-none-text"), None)) }
        } @else { (lines) }
        (ui::pager(WORDS, &Pager { first: first.as_deref(), previous: None, next: next.as_deref() }))
        @if !empty { (sheets::button(&visit, &LIST)) }
    }))
}

fn filters(filter: &Filter) -> Markup {
    let with = |answer, late: bool| Filter { answer, late: late.then(jiff::civil::Date::default), ..filter.clone() };
    let link = |text: String, of: Filter, on: bool| (text, href(&of, None), on);
    let mut all: Vec<(String, String, bool)> =
        vec![link(t!("sweep-filter-all"), with(None, false), filter.answer.is_none() && filter.late.is_none())];
    all.extend(Answer::ALL.map(|answer| link(answer.says(), with(Some(answer), false), filter.answer == Some(answer))));
    all.push(link(t!("sweep-late"), with(None, true), filter.late.is_some()));
    let links: Vec<FilterLink> =
        all.iter().map(|(text, href, on)| FilterLink { link: Link::new(text, href), count: None, on: *on }).collect();
    ui::filters(WORDS, &[FilterGroup { title: &t!("sweep-head-answer"), links: &links }])
}

/// The authority's list.
fn theirs(cx: &Cx, rows: &[answer::Model], beside: &Beside, sweep: bool) -> Markup {
    let mut heads = vec![t!("sweep-head-party"), t!("sweep-head-answer"), t!("sweep-head-until"), t!("sweep-head-incident")];
    if sweep {
        heads.push(t!("sweep-title"));
    }
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let line = |row: &answer::Model| {
        let until = row.until.as_deref().unwrap_or(&row.due);
        let mut cells = vec![
            html! {
                a .govuk-link href=(answer_at(row.id)) { (beside.party(row)) }
                @if !beside.people.contains(&row.party) { " " span .govuk-hint .vs-inline { (t!("sweep-nobody-here")) } }
            },
            tag(cx, row),
            html! { (day(until)) },
            html! { @if row.incident.is_some() { (t!("sweep-reported")) } @else if row.stands() == Answer::Affected { (t!("sweep-not-reported")) } },
        ];
        if sweep {
            cells.push(html! { a .govuk-link .vs-break href=(at(row.sweep)) { (beside.title(row)) } });
        }
        Row::new(cells)
    };
    let lines: Vec<Row> = rows.iter().map(line).collect();
    ui::table(&Table { caption: &t!("sweep-answers"), caption_shown: false, columns: &columns, stack: true }, &lines)
}

/// A supplier's list: what it is asked.
fn own(cx: &Cx, rows: &[answer::Model], beside: &Beside) -> Markup {
    let heads = [t!("sweep-head-question"), t!("sweep-due"), t!("sweep-head-answer")];
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let line = |row: &answer::Model| {
        Row::new(vec![
            html! { a .govuk-link .vs-break href=(answer_at(row.id)) { (beside.title(row)) } },
            html! { (day(&row.due)) },
            html! { @if row.running { (tag(cx, row)) } @else { (ui::tag(&t!("sweep-over"), ui::Tone::Grey)) } },
        ])
    };
    let lines: Vec<Row> = rows.iter().map(line).collect();
    ui::table(&Table { caption: &t!("sweep-asked-you"), caption_shown: false, columns: &columns, stack: true }, &lines)
}

/// What waits for a supplier, for its home: text and address.
pub(crate) async fn waiting(visit: &Visit) -> Result<Vec<(String, String)>> {
    const SHOWN: u64 = 20;
    let cx = &visit.cx;
    if cx.actor.is_authority() {
        let late = store::count_late(cx, cx.core().clock.today()).await?;
        let text = (!late.is_none()).then(|| (t!("home-sweeps-late", count = late), format!("{ANSWERS}?late=yes")));
        return Ok(text.into_iter().collect());
    }
    let rows = store::owed(cx, SHOWN).await?;
    let beside = Beside::of(cx, &rows).await?;
    let today = cx.core().clock.today();
    let says = |row: &answer::Model| {
        let title = beside.title(row);
        match row.stands() {
            Answer::Affected => t!("home-sweep-report", title = title),
            Answer::NotKnown => t!("home-sweep-until", title = title, day = day(row.until.as_deref().unwrap_or(&row.due))),
            _ if row.is_late(today) => t!("home-sweep-late", title = title, day = day(&row.due)),
            _ => t!("home-sweep", title = title, day = day(&row.due)),
        }
    };
    Ok(rows.iter().map(|row| (says(row), answer_at(row.id))).collect())
}

/// An answer that the visitor may view, with whether the party has people here.
pub(in crate::sweep) async fn seen(cx: &Cx, id: Uuid) -> Result<(answer::Model, bool)> {
    let row = store::get_answer(cx.db(), id).await?;
    let people = !store::with_people(cx.db(), cx.now(), [row.party]).await?.is_empty();
    cx.core().authz.check(&cx.actor, "sweep_answer.view", &row.thing(people))?;
    Ok((row, people))
}

pub(super) async fn one(visit: Visit, Path(id): Path<Uuid>) -> Page {
    draw(&visit, id, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, id: Uuid, typed: Typed<'_>) -> Page {
    let cx = &visit.cx;
    let (row, people) = seen(cx, id).await?;
    let thing = row.thing(people);
    let authority = cx.actor.is_authority();
    let beside = Beside::of(cx, std::slice::from_ref(&row)).await?;
    let (party, said) = (beside.party(&row), beside.said.get(&id));
    let of = beside.sweeps.get(&row.sweep).ok_or(Error::NotFound)?;
    let behalf = cx.may("sweep_answer.give_for", &thing);
    let may = behalf || cx.may("sweep_answer.give", &thing);
    let title = if authority { t!("sweep-answer-of", party = party) } else { of.title.clone() };
    let built = if authority {
        page(visit, &title).crumb(&t!("sweep-list"), SWEEPS).crumb(&of.title, &at(row.sweep))
    } else {
        visit.page(&title).active(ANSWERS).crumb(&t!("sweep-asked-you"), ANSWERS)
    };
    let asked = if authority { t!("sweep-question") } else { t!("sweep-question-yours", authority = &cx.core().settings.authority.name) };
    let body = html! {
        h1 .govuk-heading-l .vs-break { (title) }
        @if row.running { p .govuk-body { (tag(cx, &row)) " " (t!("sweep-due-by", day = day(&row.due))) } }
        @else { (ui::inset(html! { (t!("sweep-over-text")) })) }
        h2 .govuk-heading-m { (asked) }
        (crate::casework::pages::paragraphs(&of.question))
        @if authority && !people { (ui::inset(html! { (t!("sweep-nobody-here-text", party = party)) })) }
        @if row.stands() != Answer::Awaited { (given(cx, &row, said.map(String::as_str)).await?) }
        @if row.running && row.stands() == Answer::Affected && row.incident.is_none() && may { (report(cx, &row).await?) }
        @if may { (answering(visit, &row, said.map(String::as_str), typed, behalf).await?) }
        (history::drawn(cx, ANSWER, id).await?)
    };
    Ok(built.errors(typed.errors).body(&body))
}

/// What was answered.
async fn given(cx: &Cx, row: &answer::Model, said: Option<&str>) -> Result<Markup> {
    let mut facts = Vec::new();
    let (head, until, way, when) = (t!("sweep-head-answer"), t!("sweep-head-until"), t!("sweep-on-behalf"), t!("sweep-given"));
    facts.push(Fact::text(&head, &row.stands().says()));
    if let Some(by) = row.until.as_deref() {
        facts.push(Fact::text(&until, &day(by)));
    }
    if let Some(at) = row.given_at {
        facts.push(Fact::text(&when, &cx.core().clock.moment_text(at)));
    }
    if row.on_behalf {
        facts.push(Fact::text(&way, &t!("sweep-on-behalf-text")));
    }
    let incident = match row.incident {
        Some(id) => {
            let of = incident::store::get(cx.db(), id).await?;
            Some((id, reference(cx, id).await?, cx.may("incident.view", &of)))
        }
        None => None,
    };
    let reported = t!("sweep-head-incident");
    if let Some((id, reference, may)) = &incident {
        let shown = html! { @if *may { a .govuk-link href={ "/incidents/" (id) } { (reference) } } @else { (reference) } };
        facts.push(Fact::new(&reported, shown));
    }
    Ok(html! {
        h2 .govuk-heading-m { (t!("sweep-answered")) }
        (ui::summary_list(&facts, true))
        @if let Some(said) = said { (crate::casework::pages::paragraphs(said)) }
    })
}

/// The way from an answer to the report; for the authority, which enters what it was told, by each place of the party.
async fn report(cx: &Cx, row: &answer::Model) -> Result<Markup> {
    let (text, own) = (t!("sweep-report"), format!("/incidents/new?asked={}", row.id));
    let places = if cx.actor.is_authority() { contract::store::places_of(cx.db(), row.party).await? } else { Vec::new() };
    let names = contract::pages::place_names(cx, &places).await?;
    Ok(html! {
        h2 .govuk-heading-m { (t!("sweep-report-next")) }
        @if cx.actor.is_authority() {
            p .govuk-body { (t!("sweep-report-text-behalf")) }
            ul .govuk-list {
                @for (place, name) in places.iter().zip(&names) {
                    li { a .govuk-link href={ "/incidents/new/" (place.id) "?asked=" (row.id) } { (name) } }
                }
            }
        } @else {
            p .govuk-body { (t!("sweep-report-text")) }
            (ui::link_button(Link::new(&text, &own), ButtonKind::Primary))
        }
    })
}

async fn answering(visit: &Visit, row: &answer::Model, said: Option<&str>, typed: Typed<'_>, behalf: bool) -> Result<Markup> {
    let cx = &visit.cx;
    let standing = Some(row.stands()).filter(|answer| *answer != Answer::Awaited);
    let filled = Fields::new(said.map(|said| ("said".to_owned(), said.to_owned())).into_iter().collect());
    let typed = if typed.fields.pairs().is_empty() { Typed { fields: &filled, errors: typed.errors } } else { typed };
    let choices: Vec<(String, String)> = Answer::GIVEN
        .map(|answer| (answer.code().to_owned(), texts::t(&format!("sweep-give-{}", answer.code().replace('_', "-")))))
        .to_vec();
    let own = reported(cx, row).await?;
    let offered: Vec<Choice> = own.iter().map(|(id, says)| Choice::new(id, says)).collect();
    let (label, hint, wrong) = (t!("sweep-give-incident"), t!("sweep-give-incident-hint"), typed.error("incident"));
    let field = ui::Field::new("incident", &label).hint(Some(&hint)).error(wrong.as_deref()).optional(true);
    let chosen = row.incident.map(|id| id.to_string());
    let mask = t!("sweep-give-mask");
    let inner = html! {
        (typed.radios("answer", "sweep-give", &choices, standing.map(Answer::code)))
        (typed.optional_area("said", "sweep-give-said", 5))
        @if typed.errors.get("said").is_some_and(|text| text.id == "sweep-said-people") {
            (ui::single_checkbox(WORDS, &ui::Field::new("mask", &mask), &Check { value: "yes", checked: false, small: false }))
        }
        (typed.date("until", "sweep-give-until", row.until(), true))
        @if !offered.is_empty() { (ui::select(WORDS, &field, &offered, typed.fields.some("incident").or(chosen.as_deref()), false)) }
        (ui::button(&t!("sweep-give-send"), ButtonKind::Primary))
    };
    let title = if standing.is_some() { t!("sweep-give-again") } else { t!("sweep-give-title") };
    Ok(html! {
        h2 .govuk-heading-m { (title) }
        @if behalf { p .govuk-body { (t!("sweep-give-behalf")) } } @else { p .govuk-body { (t!("sweep-give-text")) } }
        (form(visit, &answer_at(row.id), Some(row.version), inner)?)
    })
}

/// Incidents of the party that the actor sees, newest first: one of them may be what it reported.
async fn reported(cx: &Cx, row: &answer::Model) -> Result<Vec<(String, String)>> {
    let filter = queue::Filter { party: Some(row.party), most: OFFERED, ..queue::Filter::default() };
    let (found, _) = queue::list(cx.db(), &INCIDENT, Incidents::visible(&cx.actor), &filter, None).await?;
    Ok(found.into_iter().map(|case| (case.id.to_string(), format!("{} {}", case.reference.unwrap_or_default(), case.title))).collect())
}

pub(super) async fn give(Path(id): Path<Uuid>, post: Posted) -> Page {
    let (visit, fields) = (&post.visit, &post.fields);
    seen(&visit.cx, id).await?;
    let mut errors = FieldErrors::default();
    let until = optional_date(fields, "until", &mut errors);
    let done = if errors.is_empty() {
        let given = Given {
            answer: Answer::from_code(fields.get("answer")).unwrap_or(Answer::Awaited),
            said: fields.get("said").to_owned(),
            until,
            incident: fields.some("incident").and_then(|id| id.parse().ok()),
            mask: fields.has("mask"),
        };
        act::give(&visit.cx, id, fields.version()?, &given).await
    } else {
        Err(Error::Invalid(errors))
    };
    match done {
        Ok(()) => Ok(see_other(&answer_at(id))),
        Err(Error::Invalid(errors)) => draw(visit, id, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

fn columns() -> Vec<Field> {
    let of = Field::of;
    vec![
        of("id", "list-id", Kind::Text),
        of("title", "sweep-title", Kind::Text),
        of("party", "sweep-head-party", Kind::Text),
        of("answer", "sweep-head-answer", Kind::Text),
        of("said", "sweep-head-said", Kind::Text),
        of("due", "sweep-due", Kind::Date),
        of("until", "sweep-head-until", Kind::Date),
        of("incident", "sweep-head-incident", Kind::Text),
        of("given", "sweep-given", Kind::Moment),
        of("late", "sweep-late", Kind::Text),
    ]
}

async fn sheet(cx: &Cx, address: &str) -> Result<Sheet> {
    let (filter, after) = read(cx, address)?;
    let (rows, next) = store::answers(cx, &filter, after, PAGE).await?;
    let beside = Beside::of(cx, &rows).await?;
    let today = cx.core().clock.today();
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let incident = match row.incident {
            Some(id) => Some(reference(cx, id).await?),
            None => None,
        };
        let yes = if row.is_late(today) { ("yes", t!("sweep-yes")) } else { ("no", t!("sweep-no")) };
        lines.push(vec![
            Cell::Text(row.id.to_string()),
            Cell::Text(beside.title(row).to_owned()),
            Cell::Text(beside.party(row).to_owned()),
            Cell::Code(row.answer.clone(), row.stands().says()),
            Cell::text(beside.said.get(&row.id).cloned()),
            Cell::day(Some(&row.due)),
            Cell::day(row.until.as_deref()),
            Cell::text(incident),
            row.given_at.map_or(Cell::Blank, Cell::Moment),
            Cell::Code(yes.0.to_owned(), yes.1),
        ]);
    }
    Ok(Sheet { rows: lines, next: next.as_ref().map(|after| href(&filter, Some(after))) })
}
