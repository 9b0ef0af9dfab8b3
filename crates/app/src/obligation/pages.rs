//! The screens of duties: by contract and place, and one duty with the forms that record evidence.

use axum::extract::{Path, RawQuery};
use jiff::civil::Date;
use maud::{Markup, html};
use platform::authz::Guarded as _;
use platform::cases::people;
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Column, Fact, Field, Row, Table, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::act::{self, Shown};
use super::model::{Duty, Status};
use super::store;
use crate::contract::store::{self as contracts, Contract};
use crate::{pack, party};

/// Contracts on one page.
const MOST: u64 = 10;

pub(super) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let cx = &visit.cx;
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let only = fields.some("contract").and_then(|v| v.parse::<Uuid>().ok());
    let mut parts = Vec::new();
    for contract in contracts::seen(cx.db(), &cx.actor, only, MOST).await? {
        if cx.may("contract.view", &contract) {
            parts.push(of_contract(cx, &contract).await?);
        }
    }
    let title = t!("obligation-list-title");
    Ok(visit.page(&title).active("/obligations").wide().body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("obligation-list-lead")))
        @if parts.is_empty() { (ui::empty_state(&t!("obligation-empty"), &t!("obligation-empty-text"), None)) }
        @for part in &parts { (part) }
    }))
}

async fn of_contract(cx: &Cx, contract: &Contract) -> Result<Markup> {
    let all = store::duties(cx, &cx.actor, contract).await?;
    let names = party::store::names(cx.db(), all.iter().map(|(p, _)| p.row.party)).await?;
    let today = cx.core().clock.today();
    let parts: Vec<Markup> = all
        .iter()
        .map(|(place, owed)| {
            let name = names.get(&place.row.party).map_or("", String::as_str);
            let mine: Vec<&Duty> = owed.iter().filter(|d| cx.may("obligation.view", *d)).collect();
            let met = mine.iter().filter(|d| d.status(today) == Status::Met).count();
            html! {
                h3 .govuk-heading-s { (name) " " (ui::tag(&t!("contract-tier", tier = place.row.tier), Tone::Grey)) }
                p .govuk-body { (t!("obligation-count", met = met, all = mine.len())) }
                (table(name, today, &mine))
            }
        })
        .collect();
    Ok(html! {
        h2 .govuk-heading-m { a .govuk-link href={ "/contracts/" (contract.row.id) } { (contract.row.title) } }
        @if parts.is_empty() { p .govuk-body { (t!("obligation-no-places")) } }
        @for part in &parts { (part) }
    })
}

fn table(name: &str, today: Date, duties: &[&Duty]) -> Markup {
    let rows: Vec<Row> = duties
        .iter()
        .filter_map(|duty| {
            let obligation = duty.obligation()?;
            let status = duty.status(today);
            let row = Row::new(vec![
                html! { a .govuk-link href=(address(duty)) { (obligation.title) } },
                html! { (status_tag(status)) },
                html! { (due_text(duty)) },
                html! { (pack::pages::when(&duty.pack, obligation)) },
                html! { (t!("obligation-set-by", pack = &duty.pack.title, edition = &duty.pack.edition)) " " span .govuk-hint { (obligation.source.join(", ")) } },
            ]);
            Some(Row { tone: (status == Status::Overdue).then_some(Tone::Red), ..row })
        })
        .collect();
    let heads = [t!("pack-duty"), t!("obligation-status"), t!("obligation-due"), t!("pack-when"), t!("obligation-governs")];
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let caption = t!("obligation-table", party = name);
    html! { @if !rows.is_empty() { (ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &rows)) } }
}

fn address(duty: &Duty) -> String {
    format!("/obligations/{}/{}/{}", duty.place, duty.pack.pack, duty.id)
}

fn status_tag(status: Status) -> Markup {
    let tone = match status {
        Status::Open => Tone::Blue,
        Status::Met => Tone::Green,
        Status::Soon => Tone::Yellow,
        Status::Overdue => Tone::Red,
        Status::NotApplicable => Tone::Grey,
    };
    ui::tag(&t!(&format!("obligation-status-{}", status.code())), tone)
}

fn due_text(duty: &Duty) -> String {
    duty.due().date().map_or_else(|| t!("obligation-no-date"), platform::clock::day_text)
}

pub(super) async fn record(visit: Visit, Path((place, pack, duty)): Path<(Uuid, String, String)>) -> Answer {
    let duty = store::get(&visit.cx, place, &pack, &duty).await?;
    show(&visit, &duty, &Fields::default(), &FieldErrors::default()).await
}

async fn show(visit: &Visit, duty: &Duty, typed: &Fields, errors: &FieldErrors) -> Answer {
    let cx = &visit.cx;
    cx.permit("obligation.view", duty)?;
    let obligation = duty.obligation().ok_or(Error::NotFound)?;
    let party = party::store::names(cx.db(), [duty.party]).await?.remove(&duty.party).unwrap_or_default();
    let by = match duty.recorded.set_by.as_ref().and_then(|id| id.parse::<Uuid>().ok()) {
        Some(id) => people::names(cx.db(), [id]).await?.remove(&id).unwrap_or_default(),
        None => duty.recorded.set_by.clone().unwrap_or_default(),
    };
    let today = cx.core().clock.today();
    let controls: Vec<_> = obligation.controls.iter().map(|c| format!("{} {}", c.standard, c.id)).collect();
    let labels: Vec<String> =
        ["owed", "status", "due", "when", "asks", "governs", "source", "controls", "met-on", "evidence", "covers", "aside", "by"]
            .iter()
            .map(|id| t!(&format!("obligation-fact-{id}")))
            .collect();
    let mut facts = vec![
        Fact::text(&labels[0], &party),
        Fact::new(&labels[1], status_tag(duty.status(today))),
        Fact::text(&labels[2], &due_text(duty)),
        Fact::text(&labels[3], &pack::pages::when(&duty.pack, obligation)),
        Fact::text(&labels[4], &obligation.evidence),
        Fact::new(
            &labels[5],
            html! { a .govuk-link href={ "/packs/" (duty.pack.pack) "/" (duty.pack.edition) } { (t!("obligation-set-by", pack = &duty.pack.title, edition = &duty.pack.edition)) } " " (pack::pages::tag(&duty.pack)) },
        ),
        Fact::text(&labels[6], &obligation.source.join(", ")),
        Fact::text(&labels[7], &controls.join(", ")),
    ];
    let recorded = &duty.recorded;
    let day = |date: &Option<Date>| date.map(platform::clock::day_text);
    for (label, value) in
        [(8, day(&recorded.met_on)), (9, recorded.evidence.clone()), (10, day(&recorded.covers_to)), (11, recorded.aside.clone())]
    {
        if let Some(value) = value {
            facts.push(Fact::text(&labels[label], &value));
        }
    }
    if !by.is_empty() {
        facts.push(Fact::text(&labels[12], &by));
    }
    let page = visit.page(&obligation.title).active("/obligations").crumb(&t!("obligation-list-title"), "/obligations").errors(errors);
    let list = ui::summary_list(&facts, false);
    let files = platform::files::panel(visit, "obligation", &duty.resource().id, None).await?;
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (obligation.title) }
        p .govuk-body-l { (obligation.text) }
        (list)
        h2 .govuk-heading-m { (t!("obligation-files")) }
        (files)
        @if cx.may("obligation.meet", duty) { (met_form(visit, duty, typed, errors)?) }
        @if cx.may("obligation.set_aside", duty) { (aside_form(visit, duty, errors)?) }
    }))
}

fn met_form(visit: &Visit, duty: &Duty, typed: &Fields, errors: &FieldErrors) -> Result<Markup> {
    let words: ui::Words = &|id| texts::t(id);
    let (once, version, action) = (visit.once()?, duty.recorded.version.to_string(), format!("{}/met", address(duty)));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), version: Some(&version), ..ui::Form::default() };
    let labels = [
        t!("obligation-met-on"),
        t!("obligation-evidence"),
        t!("obligation-evidence-hint"),
        t!("obligation-covers-to"),
        t!("obligation-covers-hint"),
    ];
    let say = |name: &str| errors.get(name).map(Text::say);
    let (met, evidence, covers) = (say("met_on"), say("evidence"), say("covers_to"));
    let date = |name: &str| [typed.get(&format!("{name}.day")), typed.get(&format!("{name}.month")), typed.get(&format!("{name}.year"))];
    Ok(html! {
        h2 .govuk-heading-m { (t!("obligation-meet")) }
        (ui::form(words, &form, html! {
            (ui::date_input(words, &Field::new("met_on", &labels[0]).error(met.as_deref()), date("met_on")))
            (ui::textarea(words, &Field::new("evidence", &labels[1]).hint(Some(&labels[2])).error(evidence.as_deref()), typed.get("evidence"), 3, Some(2000)))
            (ui::date_input(words, &Field::new("covers_to", &labels[3]).hint(Some(&labels[4])).optional(true).error(covers.as_deref()), date("covers_to")))
            (ui::button(&t!("obligation-meet-save"), ButtonKind::Primary))
        }))
    })
}

fn aside_form(visit: &Visit, duty: &Duty, errors: &FieldErrors) -> Result<Markup> {
    let words: ui::Words = &|id| texts::t(id);
    let (once, version, action) = (visit.once()?, duty.recorded.version.to_string(), format!("{}/aside", address(duty)));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), version: Some(&version), ..ui::Form::default() };
    let label = t!("obligation-aside-reason");
    let error = errors.get("reason").map(Text::say);
    Ok(ui::details(
        &t!("obligation-aside"),
        ui::form(
            words,
            &form,
            html! {
                (ui::textarea(words, &Field::new("reason", &label).error(error.as_deref()), "", 3, Some(2000)))
                (ui::button(&t!("obligation-aside-save"), ButtonKind::Secondary))
            },
        ),
    ))
}

/// A date posted in three boxes; none when all are empty.
fn date(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<Date> {
    let part = |which: &str| fields.get(&format!("{name}.{which}"));
    if part("day").is_empty() && part("month").is_empty() && part("year").is_empty() {
        return None;
    }
    let read = (part("year").parse().ok(), part("month").parse().ok(), part("day").parse().ok());
    let date = match read {
        (Some(year), Some(month), Some(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    if date.is_none() {
        errors.add(name, Text::new("obligation-date-wrong"));
    }
    date
}

pub(super) async fn meet(Path((place, pack, duty)): Path<(Uuid, String, String)>, posted: Posted) -> Answer {
    let (visit, fields) = (posted.visit, posted.fields);
    let duty = store::get(&visit.cx, place, &pack, &duty).await?;
    let mut errors = FieldErrors::default();
    let met_on = date(&fields, "met_on", &mut errors);
    let covers_to = date(&fields, "covers_to", &mut errors);
    if met_on.is_none() {
        errors.add("met_on", Text::new("obligation-met-on-missing"));
    }
    let done = match (errors.is_empty(), met_on) {
        (true, Some(met_on)) => {
            act::meet(&visit.cx, &duty, fields.version()?, &Shown { met_on, evidence: fields.get("evidence").to_owned(), covers_to }).await
        }
        _ => Err(Error::Invalid(errors)),
    };
    answer(&visit, &duty, &fields, done).await
}

pub(super) async fn set_aside(Path((place, pack, duty)): Path<(Uuid, String, String)>, posted: Posted) -> Answer {
    let (visit, fields) = (posted.visit, posted.fields);
    let duty = store::get(&visit.cx, place, &pack, &duty).await?;
    let done = act::set_aside(&visit.cx, &duty, fields.version()?, fields.get("reason")).await;
    answer(&visit, &duty, &fields, done).await
}

async fn answer(visit: &Visit, duty: &Duty, fields: &Fields, done: Result<()>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(&address(duty))),
        Err(Error::Invalid(errors)) => show(visit, duty, fields, &errors).await,
        Err(other) => Err(other),
    }
}
