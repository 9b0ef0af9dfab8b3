//! The page of trends, and its list for taking out. Both sides read it: a supplier counts what it sees.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use platform::api::Area;
use platform::error::FieldErrors;
use platform::sheets::{self, Cell, Column as Of, Kind, List, Page};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Column, FilterGroup, FilterLink, Link, Row, Table};
use platform::web::{Access, Answer, Fields, Visit};
use platform::{Cx, Error, Result, t, texts};
use rules::incident::Category;
use uuid::Uuid;

use super::model::{self, Figure, NO_CATEGORY, Period, Recurring, Trends, category_says};
use super::{PATH, drawing};
use crate::geography::drawing::bar;
use crate::incident::store::figures::Asked;
use crate::{contract, party};

/// Suppliers on the page, and in a file.
pub(super) const PARTIES: u64 = 10;
const ALL_PARTIES: u64 = 100_000;
/// Causes that recur on the page.
const RECURRING: usize = 10;

/// The trends, for taking out: a row for each number on the page, and for each supplier.
pub(crate) const LIST: List = List {
    code: "incident-trends",
    title: "trend-title",
    path: PATH,
    export: "/incident-trends/export",
    access: Access::SignedIn,
    area: Area::Cases,
    columns,
    read: |cx, address| Box::pin(sheet(cx, address)),
};

/// What an address asks for, as it was typed.
struct Typed {
    asked: Asked,
    /// The boxes of both days.
    days: [[String; 3]; 2],
    errors: FieldErrors,
}

impl Typed {
    fn read(cx: &Cx, address: &str) -> Result<Self> {
        let fields = Fields::of_address(address)?;
        let mut errors = FieldErrors::default();
        let usual = Period::months_to(cx.core().clock.today(), 12);
        let mut day = |name: &str, otherwise: Date| {
            let boxes = match fields.some(name) {
                Some(iso) => iso.parse().map(Some).map_err(|_| Text::new("register-date-wrong")),
                None => fields.date(name),
            };
            match boxes {
                Ok(day) => day.unwrap_or(otherwise),
                Err(wrong) => {
                    errors.add(name, wrong);
                    otherwise
                }
            }
        };
        let (first, last) = (day("first", usual.first), day("last", usual.last));
        let period = match Period::new(first, last) {
            Ok(period) => period,
            Err(Error::Invalid(wrong)) if errors.is_empty() => {
                errors = wrong;
                usual
            }
            Err(_) => usual,
        };
        let typed = |name: &str, day: Date| {
            let boxes = ["day", "month", "year"].map(|part| fields.get(&format!("{name}.{part}")).to_owned());
            let read = [day.day().to_string(), day.month().to_string(), day.year().to_string()];
            if boxes.iter().all(String::is_empty) { read } else { boxes }
        };
        let days = [typed("first", period.first), typed("last", period.last)];
        let asked =
            asked(period, fields.get("party").parse().ok(), fields.get("tier").parse().ok(), Category::from_code(fields.get("category")));
        Ok(Self { asked, days, errors })
    }
}

/// What a reader asks for.
pub(super) fn asked(period: Period, party: Option<Uuid>, tier: Option<i32>, category: Option<Category>) -> Asked {
    Asked { first: period.first, last: period.last, before: period.before(), party, tier, category }
}

/// The address of the page so asked.
fn href(asked: &Asked) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let parts = [
        ("first", Some(asked.first.to_string())),
        ("last", Some(asked.last.to_string())),
        ("party", asked.party.map(|id| id.to_string())),
        ("tier", asked.tier.map(|tier| tier.to_string())),
        ("category", asked.category.map(|category| category.code().to_owned())),
    ];
    query.extend_pairs(parts.into_iter().filter_map(|(name, value)| Some((name, value?))));
    format!("{PATH}?{}", query.finish())
}

pub(super) async fn page(visit: Visit) -> Answer {
    let typed = Typed::read(&visit.cx, &visit.path)?;
    let trends = model::of(&visit.cx, typed.asked.clone(), PARTIES).await?;
    let names = names(&visit.cx, &trends).await?;
    let title = t!("trend-title");
    let narrow = typed.asked.party.is_some() || typed.asked.tier.is_some() || typed.asked.category.is_some();
    let nothing = trends.all.now == 0 && trends.all.before == 0;
    let content = html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("trend-lead")))
        (filters(&visit.cx, &typed.asked, &names).await?)
        (period(&typed))
        (summed(&trends))
        @if nothing {
            @if narrow { (ui::empty_state(&t!("trend-empty-narrow"), &t!("trend-empty-narrow-text"), Some(Link::new(&t!("trend-all"), PATH)))) }
            @else { (ui::empty_state(&t!("trend-empty"), &t!("trend-empty-text"), Some(Link::new(&t!("nav-incidents"), "/incidents")))) }
        } @else {
            (over(&trends)?)
            (categories(&trends)?)
            (suppliers(&trends, &names))
            (recurring(&trends, &names))
            (tiers(&trends))
            (times(&trends)?)
        }
        (recorded(&trends, &names))
        (sheets::button(&visit, &LIST))
    };
    Ok(visit.page(&title).active(PATH).wide().errors(&typed.errors).body(&content))
}

/// What the parties are called whom the reader may know.
type Names = BTreeMap<Uuid, String>;

pub(super) async fn names(cx: &Cx, trends: &Trends) -> Result<Names> {
    let parties = trends.parties.iter().chain(&trends.recorded.1).map(|(id, _)| *id).chain(trends.asked.party);
    party::store::seen_names(cx.db(), &cx.actor, parties).await
}

/// A party's name; of one that stands in no chain of the reader's any more, that.
pub(super) fn name(names: &Names, id: Uuid) -> String {
    names.get(&id).cloned().unwrap_or_else(|| t!("trend-hidden"))
}

/// A filter: its text, its address, whether it is on.
type Offered = (String, String, bool);

async fn filters(cx: &Cx, asked: &Asked, names: &Names) -> Result<Markup> {
    let today = cx.core().clock.today();
    let last_year = today.first_of_year().yesterday().unwrap_or(today);
    let periods = [
        ("trend-three", Period::months_to(today, 3)),
        ("trend-twelve", Period::months_to(today, 12)),
        ("trend-this-year", Period::year(today)),
        ("trend-last-year", Period::year(last_year)),
        ("trend-five", Period::months_to(today, 60)),
    ];
    let over = |of: Period| Asked { first: of.first, last: of.last, before: of.before(), ..asked.clone() };
    let mut groups: Vec<(String, Vec<Offered>)> = Vec::new();
    let period = |(id, of): (&str, Period)| (texts::t(id), href(&over(of)), over(of) == *asked);
    groups.push((t!("trend-period"), periods.into_iter().map(period).collect()));
    let tiers = contract::chain::tiers(cx.db(), &cx.actor, None).await?;
    if tiers.len() > 1 || asked.tier.is_some() {
        let link = |tier: i32| {
            let on = asked.tier == Some(tier);
            (t!("map-tier", tier = tier), href(&Asked { tier: (!on).then_some(tier), ..asked.clone() }), on)
        };
        groups.push((t!("map-by-tier"), tiers.into_iter().map(link).collect()));
    }
    let link = |category: Category| {
        let on = asked.category == Some(category);
        (texts::t(&category.message_id()), href(&Asked { category: (!on).then_some(category), ..asked.clone() }), on)
    };
    groups.push((t!("trend-category"), Category::ALL.iter().copied().map(link).collect()));
    if let Some(party) = asked.party {
        let without = Asked { party: None, ..asked.clone() };
        groups.push((t!("map-by-supplier"), vec![(name(names, party), href(&without), true)]));
    }
    let links: Vec<Vec<FilterLink>> = groups
        .iter()
        .map(|(_, links)| links.iter().map(|(text, href, on)| FilterLink { link: Link::new(text, href), count: None, on: *on }).collect())
        .collect();
    let drawn: Vec<FilterGroup> = groups.iter().zip(&links).map(|((title, _), links)| FilterGroup { title, links }).collect();
    Ok(ui::filters(&|id| texts::t(id), &drawn))
}

/// The form that chooses another period.
fn period(typed: &Typed) -> Markup {
    let day = |name: &str, label: &str, boxes: &[String; 3]| {
        let error = typed.errors.get(name).map(Text::say);
        let [day, month, year] = boxes;
        ui::date_input(
            &|id| texts::t(id),
            &ui::Field::new(name, label).error(error.as_deref()),
            [day.as_str(), month.as_str(), year.as_str()],
        )
    };
    let kept = [
        ("party", typed.asked.party.map(|id| id.to_string())),
        ("tier", typed.asked.tier.map(|tier| tier.to_string())),
        ("category", typed.asked.category.map(|category| category.code().to_owned())),
    ];
    let form = html! {
        form action=(PATH) method="get" {
            (day("first", &t!("trend-first"), &typed.days[0]))
            (day("last", &t!("trend-last"), &typed.days[1]))
            @for (name, value) in &kept { @if let Some(value) = value { (ui::hidden(name, value)) } }
            (ui::button(&t!("trend-show"), ButtonKind::Secondary))
        }
    };
    if typed.errors.is_empty() { ui::details(&t!("trend-other"), form) } else { form }
}

fn summed(trends: &Trends) -> Markup {
    let (asked, all) = (&trends.asked, &trends.all);
    let day = platform::clock::day_text;
    let until = asked.first.yesterday().unwrap_or(asked.first);
    html! {
        p .govuk-body {
            (t!("trend-summed", count = all.now, first = day(asked.first), last = day(asked.last))) " "
            (t!("trend-before", count = all.before, first = day(asked.before), last = day(until))) " "
            @if all.systemic + all.awareness > 0 { (t!("trend-causes", systemic = all.systemic, awareness = all.awareness)) " " }
            @if trends.none > 0 { (t!("trend-none", count = trends.none)) }
        }
    }
}

/// A month or year as people say it.
fn column_says(column: &str) -> String {
    let month = format!("{column}-01").parse::<Date>();
    month.map_or_else(|_| column.to_owned(), |date| date.strftime("%B %Y").to_string())
}

/// The same, short enough for a chart.
fn column_short(column: &str) -> String {
    let month = format!("{column}-01").parse::<Date>();
    month.map_or_else(|_| column.to_owned(), |date| date.strftime("%b %y").to_string())
}

fn over(trends: &Trends) -> Result<Markup> {
    let title = t!("trend-over");
    let drawn: Vec<(String, i64)> = trends.over.iter().map(|(column, number)| (column_short(column), *number)).collect();
    let (when, number) = (t!("trend-head-when"), t!("trend-head-number"));
    let rows: Vec<Row> =
        trends.over.iter().map(|(column, number)| Row::new(vec![html! { (column_says(column)) }, html! { (number) }])).collect();
    let columns = [Column::new(&when), Column::number(&number)];
    let table = ui::table(&Table { caption: &title, columns: &columns, ..Table::default() }, &rows);
    Ok(html! {
        h2 .govuk-heading-m { (title) }
        (drawing::columns(&title, &t!("trend-over-picture"), &drawn)?)
        (ui::details(&t!("trend-table"), table))
    })
}

/// The columns that tables share, after the first.
fn heads() -> [String; 4] {
    [t!("trend-head-number"), t!("trend-head-before"), t!("trend-head-systemic"), t!("trend-head-awareness")]
}

fn cells(name: Markup, of: &Figure, whole: Option<i64>) -> Row {
    let share = whole.filter(|whole| *whole > 0).and_then(|whole| u64::try_from(of.now * 1000 / whole).ok());
    Row::new(vec![
        name,
        html! { (of.now) @if let Some(share) = share { (bar(share, false)) } },
        html! { (of.before) },
        html! { (of.systemic) },
        html! { (of.awareness) },
    ])
}

/// A table of figures under a heading.
fn figures(title: &str, first: &str, rows: &[Row]) -> Markup {
    let heads = heads();
    let mut columns = vec![Column::new(first)];
    columns.extend(heads.iter().map(|head| Column::new(head)));
    ui::table(&Table { caption: title, columns: &columns, stack: true, ..Table::default() }, rows)
}

fn categories(trends: &Trends) -> Result<Markup> {
    let title = t!("trend-categories");
    let drawn: Vec<(String, i64)> = trends.categories.iter().map(|(code, of)| (category_says(code), of.now)).collect();
    let link = |code: &str| {
        let says = category_says(code);
        match Category::from_code(code) {
            Some(category) => html! { a .govuk-link href=(href(&Asked { category: Some(category), ..trends.asked.clone() })) { (says) } },
            None => html! { (says) },
        }
    };
    let rows: Vec<Row> = trends.categories.iter().map(|(code, of)| cells(link(code), of, None)).collect();
    Ok(html! {
        h2 .govuk-heading-m { (title) }
        (drawing::bars(&title, &t!("trend-categories-picture"), &drawn)?)
        p .govuk-hint { (t!("trend-categories-hint")) }
        (figures(&title, &t!("trend-category"), &rows))
    })
}

fn suppliers(trends: &Trends, names: &Names) -> Markup {
    let title = t!("map-suppliers");
    let link = |id: Uuid| html! { a .govuk-link href=(href(&Asked { party: Some(id), ..trends.asked.clone() })) { (name(names, id)) } };
    let rows: Vec<Row> = trends.parties.iter().map(|(id, of)| cells(link(*id), of, Some(trends.all.now))).collect();
    html! {
        @if !rows.is_empty() {
            h2 .govuk-heading-m { (title) }
            (figures(&title, &t!("map-head-supplier"), &rows))
            @if rows.len() as u64 == PARTIES { p .govuk-body { (t!("map-suppliers-first", number = PARTIES)) } }
        }
    }
}

/// Where a cause lies, in words.
pub(super) fn cause_says(cause: &str) -> String {
    match cause {
        "systemic" => t!("trend-cause-systemic"),
        "awareness" => t!("trend-cause-awareness"),
        _ => t!("trend-cause-unknown"),
    }
}

fn recurring(trends: &Trends, names: &Names) -> Markup {
    let title = t!("trend-recurring");
    let heads = [t!("map-head-supplier"), t!("trend-category"), t!("trend-head-cause"), t!("trend-head-number")];
    let [supplier, category, cause, number] = &heads;
    let columns = [Column::new(supplier), Column::new(category), Column::new(cause), Column::number(number)];
    let row = |of: &Recurring| {
        Row::new(vec![
            html! { (name(names, of.party)) },
            html! { (category_says(&of.category)) },
            html! { (cause_says(&of.cause)) },
            html! { (of.number) },
        ])
    };
    let rows: Vec<Row> = trends.recurring.iter().take(RECURRING).map(row).collect();
    html! {
        h2 .govuk-heading-m { (title) }
        p .govuk-body { (t!("trend-recurring-text")) }
        @if rows.is_empty() { p .govuk-body { (t!("trend-recurring-none")) } }
        @else { (ui::table(&Table { caption: &title, columns: &columns, stack: true, ..Table::default() }, &rows)) }
    }
}

fn tiers(trends: &Trends) -> Markup {
    let title = t!("map-tiers");
    let link = |tier: i32| {
        html! { a .govuk-link href=(href(&Asked { tier: Some(tier), ..trends.asked.clone() })) { (t!("map-tier", tier = tier)) } }
    };
    let rows: Vec<Row> = trends.tiers.iter().map(|(tier, of)| cells(link(*tier), of, Some(trends.all.now))).collect();
    html! { h2 .govuk-heading-m { (title) } (figures(&title, &t!("map-head-tier"), &rows)) }
}

/// A band in words.
pub(super) fn band_says(code: &str) -> String {
    texts::t(&format!("trend-band-{}", code.replace('_', "-")))
}

fn times(trends: &Trends) -> Result<Markup> {
    let title = t!("trend-times");
    let drawn: Vec<(String, i64)> = trends.discovery.iter().map(|(code, of)| (band_says(code), of.now)).collect();
    let heads = ["trend-head-band", "trend-head-discovery", "trend-head-discovery-before", "trend-head-event", "trend-head-event-before"];
    let heads = heads.map(texts::t);
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let row = |((code, found), (_, event)): (&(&str, Figure), &(&str, Figure))| {
        Row::new(vec![
            html! { (band_says(code)) },
            html! { (found.now) },
            html! { (found.before) },
            html! { (event.now) },
            html! { (event.before) },
        ])
    };
    let rows: Vec<Row> = trends.discovery.iter().zip(&trends.event).map(row).collect();
    Ok(html! {
        h2 .govuk-heading-m { (title) }
        p .govuk-body { (t!("trend-times-text")) }
        (drawing::bars(&title, &t!("trend-times-picture"), &drawn)?)
        (ui::table(&Table { caption: &title, columns: &columns, stack: true, ..Table::default() }, &rows))
    })
}

/// What others recorded, for those who see any of it.
fn recorded(trends: &Trends, names: &Names) -> Markup {
    let (categories, parties) = &trends.recorded;
    let (first, last) = (trends.asked.first.year(), trends.asked.last.year());
    let title = t!("trend-recorded");
    let heads = [t!("trend-head-number"), t!("trend-head-before")];
    let table = |first: &str, rows: Vec<(String, Figure)>| {
        let mut columns = vec![Column::new(first)];
        columns.extend(heads.iter().map(|head| Column::number(head)));
        let rows: Vec<Row> =
            rows.iter().map(|(name, of)| Row::new(vec![html! { (name) }, html! { (of.now) }, html! { (of.before) }])).collect();
        html! { @if !rows.is_empty() { (ui::table(&Table { caption: &title, columns: &columns, stack: true, ..Table::default() }, &rows)) } }
    };
    html! {
        @if !categories.is_empty() || !parties.is_empty() {
            h2 .govuk-heading-m { (title) }
            p .govuk-body { (t!("trend-recorded-text", first = first.to_string(), last = last.to_string())) }
            (table(&t!("trend-category"), categories.iter().map(|(code, of)| (category_says(code), *of)).collect()))
            (table(&t!("map-head-supplier"), parties.iter().take(RECURRING).map(|(id, of)| (name(names, *id), *of)).collect()))
        }
    }
}

fn columns() -> Vec<Of> {
    let of = Of::of;
    vec![
        of("by", "trend-head-by", Kind::Text),
        of("code", "list-id", Kind::Text),
        of("name", "trend-head-name", Kind::Text),
        of("cause", "trend-head-cause", Kind::Text),
        of("number", "trend-head-number", Kind::Number),
        of("before", "trend-head-before", Kind::Number),
        of("systemic", "trend-head-systemic", Kind::Number),
        of("awareness", "trend-head-awareness", Kind::Number),
    ]
}

async fn sheet(cx: &Cx, address: &str) -> Result<Page> {
    let typed = Typed::read(cx, address)?;
    if !typed.errors.is_empty() {
        return Err(Error::Invalid(typed.errors));
    }
    let trends = model::of(cx, typed.asked, ALL_PARTIES).await?;
    let names = names(cx, &trends).await?;
    let by = |code: &str| Cell::Code(code.to_owned(), texts::t(&format!("trend-by-{}", code.replace('_', "-"))));
    let line = |group: &str, code: String, name: String, of: &Figure| {
        let numbers = [of.now, of.before, of.systemic, of.awareness].map(Cell::Number);
        [by(group), Cell::Text(code), Cell::Text(name), Cell::Blank].into_iter().chain(numbers).collect::<Vec<Cell>>()
    };
    let mut rows = vec![line("all", "all".to_owned(), t!("trend-by-all"), &trends.all)];
    let alone = |number: i64| Figure { now: number, ..Figure::default() };
    rows.extend(trends.over.iter().map(|(column, number)| {
        let mut row = line("month", column.clone(), column_says(column), &alone(*number));
        row.splice(5.., [Cell::Blank, Cell::Blank, Cell::Blank]);
        row
    }));
    rows.extend(trends.categories.iter().map(|(code, of)| line("category", code.clone(), category_says(code), of)));
    rows.extend(trends.parties.iter().map(|(id, of)| line("supplier", id.to_string(), name(&names, *id), of)));
    rows.extend(trends.tiers.iter().map(|(tier, of)| line("tier", tier.to_string(), t!("map-tier", tier = tier), of)));
    for (group, bands) in [("discovery", &trends.discovery), ("event", &trends.event)] {
        rows.extend(bands.iter().map(|(code, of)| line(group, (*code).to_owned(), band_says(code), of)));
    }
    rows.extend(trends.recurring.iter().map(|of| {
        let what = t!("trend-recurring-row", supplier = name(&names, of.party), category = category_says(&of.category));
        let mut row = line("recurring", of.category.clone(), what, &alone(of.number));
        let cause = if of.cause.is_empty() { NO_CATEGORY.to_owned() } else { of.cause.clone() };
        row[3] = Cell::Code(cause, cause_says(&of.cause));
        row.splice(5.., [Cell::Blank, Cell::Blank, Cell::Blank]);
        row
    }));
    let recorded = trends.recorded.0.iter().map(|(code, of)| line("recorded_category", code.clone(), category_says(code), of));
    rows.extend(recorded.chain(trends.recorded.1.iter().map(|(id, of)| line("recorded_supplier", id.to_string(), name(&names, *id), of))));
    Ok(Page { rows, next: None })
}
