//! The list of duties: those due first at the top, filtered by how they stand, whose they are, contract and party.

use std::collections::BTreeSet;

use axum::extract::RawQuery;
use maud::{Markup, html};
use platform::api::Area;
use platform::register::Count;
use platform::sheets::{self, Cell, Column as Field, Kind, List, Page};
use platform::ui::{self, Column, FilterGroup, FilterLink, Link, Pager, Row, Table, Tone};
use platform::web::{Access, Answer, Fields, Visit};
use platform::{Cx, Result, t, texts};
use uuid::Uuid;

use super::super::model::Status;
use super::super::store::{self, After, Ask, Column as Of, Duty, Whose};
use super::super::words::{Names, Shown, condition, due_text, role_or_party, seen, shown, status_says};
use super::{address, status_tag};
use crate::{contract, party};

/// So many contracts or parties are offered as filters; where there are more, one comes by the contract's page.
const OFFERED: u64 = 10;
/// Characters of evidence in a row.
const GLIMPSE: usize = 90;

/// What the address asks for. What it cannot mean is left aside.
fn asked(fields: &Fields) -> Ask {
    let id = |name: &str| fields.some(name).and_then(|v| v.parse::<Uuid>().ok());
    Ask {
        status: fields.some("status").and_then(|code| Status::LISTED.into_iter().find(|s| s.code() == code)),
        contract: id("contract"),
        party: id("party"),
        whose: fields.some("whose").and_then(|code| Whose::ALL.into_iter().find(|w| w.code() == code)),
        after: fields.some("after").and_then(After::read),
        most: None,
    }
}

fn href(ask: &Ask) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let pairs = [
        ("status", ask.status.map(|s| s.code().to_owned())),
        ("whose", ask.whose.map(|w| w.code().to_owned())),
        ("contract", ask.contract.map(|id| id.to_string())),
        ("party", ask.party.map(|id| id.to_string())),
        ("after", ask.after.as_ref().map(After::text)),
    ];
    for (name, value) in pairs.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        query.append_pair(name, &value);
    }
    let query = query.finish();
    if query.is_empty() { "/obligations".to_owned() } else { format!("/obligations?{query}") }
}

/// The address of the overdue duties of whoever reads it, and how many there are: for the home page.
///
/// # Errors
/// When the database fails.
pub(crate) async fn overdue(cx: &Cx) -> Result<(String, Count)> {
    let ask = Ask { status: Some(Status::Overdue), whose: Some(Whose::Mine), ..Ask::default() };
    Ok((href(&ask), store::counted(cx, &ask).await?))
}

/// The list of duties, for taking out.
pub(crate) const LIST: List = List {
    code: "obligations",
    title: "obligation-list-title",
    path: "/obligations",
    export: "/obligations/export",
    access: Access::SignedIn,
    area: Area::Duties,
    columns,
    read: |cx, address| Box::pin(sheet(cx, address)),
};

fn columns() -> Vec<Field> {
    let of = Field::of;
    vec![
        of("duty", "pack-duty", Kind::Text),
        of("contract", "list-contract", Kind::Text),
        of("owed_by", "pack-owed-by", Kind::Text),
        of("status", "obligation-status", Kind::Text),
        of("due_on", "obligation-due", Kind::Date),
        of("evidence_on", "list-evidence-on", Kind::Date),
        of("evidence", "obligation-evidence", Kind::Text),
        of("pack", "list-pack", Kind::Text),
        of("edition", "list-edition", Kind::Text),
        of("source", "list-duty-source", Kind::Text),
        of("contract_id", "list-id", Kind::Text),
    ]
}

async fn sheet(cx: &Cx, address: &str) -> Result<Page> {
    let ask = asked(&Fields::of_address(address)?);
    let (found, next) = store::page(cx, &ask).await?;
    let shown: Vec<&Duty> = found.iter().filter(|duty| cx.may("obligation.view", *duty)).collect();
    let names = Names::of(cx, shown.iter().map(|duty| &duty.row)).await?;
    let today = cx.core().clock.today();
    let row = |duty: &&Duty| {
        let (obligation, status) = (duty.obligation()?, duty.status(today));
        let (row, due) = (&duty.row, duty.due_on().filter(|_| duty.row.state != "not_applicable"));
        let day = row.shown_on.as_deref().filter(|_| row.met_on.is_none());
        let text = row.evidence.clone().or_else(|| day.map(|day| seen(day, row.shown_by.as_deref()))).or_else(|| row.reason.clone());
        Some(vec![
            Cell::Text(obligation.title.clone()),
            Cell::Text(duty.title.clone()),
            Cell::Text(role_or_party(duty, &names)),
            Cell::Code(status.code().to_owned(), status_says(status)),
            due.map_or(Cell::Blank, Cell::Date),
            Cell::day(row.met_on.as_deref().or(day)),
            Cell::text(text),
            Cell::Text(duty.pack.title.clone()),
            Cell::Text(row.edition.clone()),
            Cell::Text(obligation.source.join(", ")),
            Cell::Text(row.contract.to_string()),
        ])
    };
    Ok(Page { rows: shown.iter().filter_map(row).collect(), next: next.map(|after| href(&Ask { after: Some(after), ..ask.clone() })) })
}

pub(in crate::obligation) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let cx = &visit.cx;
    let ask = asked(&Fields::read(query.unwrap_or_default().as_bytes())?);
    let (found, next) = store::page(cx, &ask).await?;
    let shown: Vec<&Duty> = found.iter().filter(|duty| cx.may("obligation.view", *duty)).collect();
    let names = Names::of(cx, shown.iter().map(|duty| &duty.row)).await?;
    let title = t!("obligation-list-title");
    let table = table(cx, &title, &shown, &names);
    let lead = if cx.actor.is_authority() { "obligation-list-lead-authority" } else { "obligation-list-lead-supplier" };
    let count = store::counted(cx, &Ask { after: None, ..ask.clone() }).await?;
    let filtered = ask != Ask { after: ask.after.clone(), ..Ask::default() };
    let all = t!("register-show-all");
    let (first, next) = (href(&Ask { after: None, ..ask.clone() }), next.map(|after| href(&Ask { after: Some(after), ..ask.clone() })));
    let pager = Pager { first: ask.after.is_some().then_some(first.as_str()), previous: None, next: next.as_deref() };
    let filters = filters(cx, &ask).await?;
    // Where the list is narrowed to one place of a chain, or to the authority's roles under one contract, its statement is offered.
    let places: BTreeSet<Uuid> = shown.iter().map(|duty| duty.row.at).collect();
    let narrow = ask.contract.is_some() && (ask.party.is_some() || ask.whose.is_some());
    let statement = match places.first().filter(|_| narrow && places.len() == 1) {
        Some(at) => super::paper::offer(&visit, *at).await?,
        None => html! { @if !count.is_none() { p .govuk-hint { (t!("obligation-statement-how")) } } },
    };
    Ok(visit.page(&title).active("/obligations").wide().body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&texts::t(lead)))
        @if filtered || !count.is_none() { (filters) }
        p .govuk-body role="status" { (t!("obligation-count", count = count)) }
        @if shown.is_empty() {
            @if filtered { (ui::empty_state(&t!("register-nothing-found"), &t!("obligation-nothing-found"), Some(Link::new(&all, "/obligations")))) }
            @else { (ui::empty_state(&t!("obligation-empty"), &t!("obligation-empty-text"), None)) }
        } @else { (table) }
        (statement)
        (ui::pager(&|id| texts::t(id), &pager))
        @if !shown.is_empty() { (sheets::button(&visit, &LIST)) }
    }))
}

fn table(cx: &Cx, caption: &str, duties: &[&Duty], names: &Names) -> Markup {
    let today = cx.core().clock.today();
    let rows: Vec<Row> = duties
        .iter()
        .filter_map(|duty| {
            let obligation = duty.obligation()?;
            let status = duty.status(today);
            let cells = vec![
                html! {
                    a .govuk-link href=(address(duty)) { (obligation.title) }
                    div .govuk-hint { (duty.title) }
                    @if !duty.row.certain { div .govuk-hint { (condition(duty)) } }
                },
                html! { (role_or_party(duty, names)) },
                status_tag(status),
                html! { (due_text(duty)) },
                evidence(cx, duty, names),
                html! {
                    (t!("obligation-set-by", pack = &duty.pack.title, edition = &duty.row.edition))
                    div .govuk-hint { (obligation.source.join(", ")) }
                },
            ];
            Some(Row { tone: (status == Status::Overdue).then_some(Tone::Red), ..Row::new(cells) })
        })
        .collect();
    let heads =
        ["pack-duty", "pack-owed-by", "obligation-status", "obligation-due", "obligation-evidence", "obligation-governs"].map(texts::t);
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    ui::table(&Table { caption, caption_shown: false, columns: &columns, stack: true }, &rows)
}

fn evidence(cx: &Cx, duty: &Duty, names: &Names) -> Markup {
    match shown(cx, duty, names) {
        Shown::Recorded { text, by } => {
            let cut = text.char_indices().nth(GLIMPSE).map(|(at, _)| &text[..at]);
            html! { (cut.unwrap_or(&text)) @if cut.is_some() { "…" } div .govuk-hint { (by) } }
        }
        Shown::Seen(text) | Shown::Aside(text) => html! { (text) },
        Shown::Nothing => html! { span .vs-absent { (t!("obligation-evidence-none")) } },
    }
}

struct Offered {
    text: String,
    href: String,
    count: Option<String>,
    on: bool,
}

async fn filters(cx: &Cx, ask: &Ask) -> Result<Markup> {
    let from = Ask { after: None, ..ask.clone() };
    let mut groups: Vec<(String, Vec<Offered>)> = Vec::new();
    let mut standing = Vec::new();
    for status in Status::LISTED {
        let (on, only) = (ask.status == Some(status), Ask { status: Some(status), ..from.clone() });
        let count = store::counted(cx, &only).await?;
        if !count.is_none() || on {
            let to = if on { Ask { status: None, ..from.clone() } } else { only };
            standing.push(Offered { text: status_says(status), href: href(&to), count: Some(count.to_string()), on });
        }
    }
    groups.push((t!("obligation-status"), standing));
    let sides: &[Whose] =
        if cx.actor.is_authority() { &[Whose::Mine, Whose::Suppliers, Whose::Authority] } else { &[Whose::Mine, Whose::Below] };
    let mut whose = Vec::new();
    for side in sides {
        let (on, only) = (ask.whose == Some(*side), Ask { whose: Some(*side), ..from.clone() });
        let count = store::counted(cx, &only).await?;
        if !count.is_none() || on {
            let to = if on { Ask { whose: None, ..from.clone() } } else { only };
            whose.push(Offered {
                text: t!(&format!("obligation-whose-{}", side.code())),
                href: href(&to),
                count: Some(count.to_string()),
                on,
            });
        }
    }
    groups.push((t!("pack-owed-by"), whose));
    groups.push((t!("obligation-contract"), contracts(cx, &from).await?));
    groups.push((t!("obligation-party"), parties(cx, &from).await?));
    // A choice between one thing is none, unless it is on and can be taken off.
    groups.retain(|(_, offered)| offered.len() > 1 || offered.iter().any(|o| o.on));
    let links: Vec<Vec<FilterLink>> = groups
        .iter()
        .map(|(_, offered)| {
            offered.iter().map(|o| FilterLink { link: Link::new(&o.text, &o.href), count: o.count.as_deref(), on: o.on }).collect()
        })
        .collect();
    let groups: Vec<FilterGroup> = groups.iter().zip(&links).map(|((title, _), links)| FilterGroup { title, links }).collect();
    Ok(ui::filters(&|id| texts::t(id), &groups))
}

async fn contracts(cx: &Cx, from: &Ask) -> Result<Vec<Offered>> {
    let ids = match from.contract {
        Some(id) => store::occurring(cx, from, Of::Contract, 0).await?.into_iter().filter(|found| *found == id).collect(),
        None => store::occurring(cx, from, Of::Contract, OFFERED).await?,
    };
    if ids.len() as u64 > OFFERED {
        return Ok(Vec::new());
    }
    let titles = contract::store::titles(cx.db(), ids).await?;
    let offer = |(id, text): (Uuid, String)| {
        let on = from.contract == Some(id);
        Offered { text, href: href(&Ask { contract: (!on).then_some(id), ..from.clone() }), count: None, on }
    };
    Ok(titles.into_iter().map(offer).collect())
}

async fn parties(cx: &Cx, from: &Ask) -> Result<Vec<Offered>> {
    let ids = match from.party {
        Some(id) => store::occurring(cx, from, Of::Party, 0).await?.into_iter().filter(|found| *found == id).collect(),
        None => store::occurring(cx, from, Of::Party, OFFERED).await?,
    };
    if ids.len() as u64 > OFFERED {
        return Ok(Vec::new());
    }
    let names = party::store::names(cx.db(), ids).await?;
    let offer = |(id, text): (Uuid, String)| {
        let on = from.party == Some(id);
        Offered { text, href: href(&Ask { party: (!on).then_some(id), ..from.clone() }), count: None, on }
    };
    Ok(names.into_iter().map(offer).collect())
}
