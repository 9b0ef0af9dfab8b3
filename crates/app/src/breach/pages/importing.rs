//! Bringing in a list of findings: whose list it is and its file, then what became of each row.

use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Column, Fact, Field, Form, Link, Row, Table};
use platform::web::{Answer, Fields, Uploaded, Visit};
use platform::{Error, t, texts};

use super::opening::page;
use crate::breach::Breaches;
use crate::breach::act::{self, Figures, Outcome, Told};
use crate::breach::model::finding_says;
use crate::casework::Process as _;

const PAGE: &str = "/breaches/import";

/// The form, for whoever may open breaches.
pub(super) async fn form(visit: Visit) -> Answer {
    draw(&visit, &Fields::default(), &FieldErrors::default()).await
}

async fn draw(visit: &Visit, typed: &Fields, errors: &FieldErrors) -> Answer {
    if Breaches::begins(visit).await?.is_none() {
        return Err(Error::NotFound);
    }
    let words = |id: &str| texts::t(id);
    let (title, once) = (t!("breach-import"), visit.once()?);
    let form = Form { action: PAGE, csrf: &visit.csrf, once: Some(&once), files: true, ..Form::default() };
    let said = |name: &str| errors.get(name).map(Text::say);
    let (source, source_hint, source_error) = (t!("breach-import-source"), t!("breach-import-source-hint"), said("source"));
    let source = Field::new("source", &source).hint(Some(&source_hint)).error(source_error.as_deref()).optional(true);
    let (file, file_hint, file_error) = (t!("breach-import-file"), t!("breach-import-file-hint"), said("file"));
    let file = Field::new("file", &file).hint(Some(&file_hint)).error(file_error.as_deref());
    let columns = [
        "contract",
        "party",
        "work",
        "began",
        "finding",
        "country",
        "noticed",
        "informed",
        "approved",
        "facts",
        "containment",
        "id",
        "tier",
    ];
    let inner = html! {
        (ui::input(&words, &source, &ui::Input { value: typed.get("source"), ..ui::Input::default() }))
        (ui::file_input(&words, &file, Some(".csv,.json,.jsonl,.ndjson,text/csv,application/json"), false))
        (ui::details(&t!("breach-import-columns"), html! {
            dl .govuk-summary-list .govuk-summary-list--no-border {
                @for column in columns {
                    div .govuk-summary-list__row {
                        dt .govuk-summary-list__key { code { (column) } }
                        dd .govuk-summary-list__value { (texts::t(&format!("breach-import-column-{column}"))) }
                    }
                }
            }
        }))
        (ui::button(&t!("breach-import-do"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("breach-import-about")) }
        (ui::form(&words, &form, inner))
    };
    Ok(page(visit, &title).errors(errors).body(&body))
}

/// Takes the file in and says what became of each row.
pub(super) async fn import(uploaded: Uploaded) -> Answer {
    let Uploaded { visit, fields, files } = uploaded;
    if Breaches::begins(&visit).await?.is_none() {
        return Err(Error::NotFound);
    }
    let wrong = |field: &str, text: Text| {
        let mut errors = FieldErrors::default();
        errors.add(field, text);
        errors
    };
    let Some(file) = files.iter().find(|file| file.field == "file") else {
        return draw(&visit, &fields, &wrong("file", Text::new("breach-import-file-missing"))).await;
    };
    let rows = match rules::findings::read(&file.bytes) {
        Ok(rows) => rows,
        Err(bad) => return draw(&visit, &fields, &wrong("file", act::refuse(&bad))).await,
    };
    match act::import(&visit.cx.leading_to(super::Breaches::PAGES), fields.some("source"), &rows).await {
        Ok(told) => Ok(page(&visit, &t!("breach-imported")).body(&became(&file.name, &told))),
        Err(Error::Invalid(errors)) => draw(&visit, &fields, &errors).await,
        Err(other) => Err(other),
    }
}

fn became(file: &str, told: &[Told]) -> Markup {
    let Figures { rows, opened, known, differing, quarantined } = Figures::of(told);
    let figures = [
        ("breach-imported-rows", rows),
        ("breach-imported-opened", opened),
        ("breach-imported-known", known),
        ("breach-imported-differing", differing),
        ("breach-imported-quarantined", quarantined),
    ]
    .map(|(title, count)| (texts::t(title), count.to_string()));
    let facts: Vec<Fact> = figures.iter().map(|(title, count)| Fact::text(title, count)).collect();
    let heads = ["breach-imported-line", "breach-imported-number", "breach-imported-became"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let line = |one: &Told| {
        Row::new(vec![
            html! { (one.line) },
            html! { span .vs-nowrap[one.id.as_ref().is_some_and(|id| id.len() <= 20)] { (one.id.as_deref().unwrap_or_default()) } },
            html! {
                @match (one.outcome, &one.reference) {
                    (Outcome::Quarantined, _) | (_, None) => ul .govuk-list { @for reason in &one.reasons { li { (reason.text) } } },
                    (Outcome::Opened, Some(reference)) => {
                        a .govuk-link href={ "/breaches?q=" (reference) } { (reference) } ": "
                        (one.finding.as_deref().map(finding_says).unwrap_or_default())
                        @if one.judged { " (" (t!("breach-imported-judged")) ")" }
                    },
                    (Outcome::Known, Some(reference)) => {
                        a .govuk-link href={ "/breaches?q=" (reference) } { (reference) } ": " (t!("breach-imported-before"))
                        @if one.differs { " " strong { (t!("breach-imported-differs")) } }
                    },
                }
            },
        ])
    };
    let (wrong, right): (Vec<&Told>, Vec<&Told>) = told.iter().partition(|one| one.outcome == Outcome::Quarantined);
    let table = |caption: &str, part: &[&Told]| {
        let lines: Vec<Row> = part.iter().map(|one| line(one)).collect();
        ui::table(&Table { caption, caption_shown: true, columns: &columns, stack: true }, &lines)
    };
    html! {
        h1 .govuk-heading-l { (t!("breach-imported")) }
        p .govuk-body { (t!("breach-imported-of", file = file)) }
        (ui::summary_list(&facts, true))
        @if !wrong.is_empty() {
            p .govuk-body { (t!("breach-imported-mend")) }
            (table(&t!("breach-imported-out"), &wrong))
        }
        @if !right.is_empty() { (table(&t!("breach-imported-in"), &right)) }
        (ui::link_button(Link::new(&t!("breach-imported-list"), Breaches::PAGES), ButtonKind::Primary))
    }
}
