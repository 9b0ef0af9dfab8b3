//! Bringing files of incidents in: choose them, then what became of each.

use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Column, Fact, Field, Form, Link, Row, Table};
use platform::web::{Answer, PageBuilder, Uploaded, Visit};
use platform::{Error, t, texts};

use super::blank;
use crate::incident_record::act::{self, Figures, Outcome, Told};
use crate::incident_record::model::INCIDENT_RECORDS;

const PAGE: &str = "/incident-records/import";
/// Most incidents that are told of one by one; the figures count all.
const SHOWN: usize = 200;

fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(INCIDENT_RECORDS.path).crumb(&INCIDENT_RECORDS.says("list-title"), INCIDENT_RECORDS.path)
}

/// The form, for whoever may bring files in.
pub(crate) async fn form(visit: Visit) -> Answer {
    draw(&visit, &FieldErrors::default())
}

fn draw(visit: &Visit, errors: &FieldErrors) -> Answer {
    visit.cx.permit("incident_import.take", &blank(&visit.cx)?)?;
    let words: ui::Words = &|id| texts::t(id);
    let (title, once) = (t!("incident-record-import"), visit.once()?);
    let form = Form { action: PAGE, csrf: &visit.csrf, once: Some(&once), files: true, ..Form::default() };
    let (label, hint) = (t!("incident-record-files"), t!("incident-record-files-hint", mib = visit.cx.core().settings.limits.upload_mib));
    let error = errors.get("files").map(Text::say);
    let field = Field::new("files", &label).hint(Some(&hint)).error(error.as_deref());
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("incident-record-import-about")) }
        ul .govuk-list .govuk-list--bullet {
            @for what in ["same", "differs", "masked", "parties"] { li { (texts::t(&format!("incident-record-import-{what}"))) } }
        }
        (ui::form(words, &form, html! {
            (ui::file_input(words, &field, Some(".json,.jsonl,.ndjson,.gz,application/json,application/gzip"), true))
            (ui::button(&t!("incident-record-import-do"), ButtonKind::Primary))
        }))
    };
    Ok(page(visit, &title).errors(errors).body(&body))
}

/// Takes the files in and says what became of each incident.
pub(crate) async fn import(uploaded: Uploaded) -> Answer {
    let Uploaded { visit, files, .. } = uploaded;
    visit.cx.permit("incident_import.take", &blank(&visit.cx)?)?;
    let files: Vec<(&str, &[u8])> =
        files.iter().filter(|file| file.field == "files").map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
    let wrong = |id: &'static str| {
        let mut errors = FieldErrors::default();
        errors.add("files", Text::new(id));
        errors
    };
    if files.is_empty() {
        return draw(&visit, &wrong("incident-record-files-missing"));
    }
    match act::import(&visit.cx.leading_to(INCIDENT_RECORDS.path), &files).await {
        Ok(told) if told.is_empty() => draw(&visit, &wrong("incident-record-files-empty")),
        Ok(told) => Ok(page(&visit, &t!("incident-record-imported")).body(&became(&told))),
        Err(Error::Invalid(errors)) => draw(&visit, &errors),
        Err(other) => Err(other),
    }
}

fn became(told: &[Told]) -> Markup {
    let mut of = Figures::default();
    of.count(told);
    let figures = [
        ("incident-record-imported-read", of.read),
        ("incident-record-imported-new", of.imported),
        ("incident-record-imported-unchanged", of.unchanged),
        ("incident-record-imported-quarantined", of.quarantined),
    ]
    .map(|(title, count)| (texts::t(title), count.to_string()));
    let facts: Vec<Fact> = figures.iter().map(|(title, count)| Fact::text(title, count)).collect();
    let heads = ["incident-record-imported-id", "incident-record-field-reference", "incident-record-imported-became"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let line = |one: &Told| {
        Row::new(vec![
            html! { span .vs-break { (one.id.clone().unwrap_or_else(|| t!("register-absent"))) } },
            html! {
                @match &one.reference {
                    Some(reference) => a .govuk-link href={ (INCIDENT_RECORDS.path) "?q=" (reference) } { (reference) },
                    None => span .vs-absent { (t!("register-absent")) },
                }
            },
            html! {
                ul .govuk-list { @for reason in &one.reasons { li { (reason.split_once(": ").map_or(reason.as_str(), |(_, text)| text)) } } }
            },
        ])
    };
    let aside: Vec<&Told> = told.iter().filter(|one| one.outcome == Outcome::Quarantined).collect();
    let noted: Vec<&Told> = told.iter().filter(|one| one.outcome == Outcome::Imported && !one.reasons.is_empty()).collect();
    let table = |caption: &str, part: &[&Told]| {
        let lines: Vec<Row> = part.iter().take(SHOWN).map(|one| line(one)).collect();
        html! {
            (ui::table(&Table { caption, caption_shown: true, columns: &columns, stack: true }, &lines))
            @if part.len() > SHOWN { p .govuk-body { (t!("incident-record-imported-more", shown = SHOWN, all = part.len())) } }
        }
    };
    html! {
        h1 .govuk-heading-l { (t!("incident-record-imported")) }
        (ui::summary_list(&facts, true))
        @if !aside.is_empty() { (table(&t!("incident-record-imported-aside"), &aside)) }
        @if !noted.is_empty() { (table(&t!("incident-record-imported-noted"), &noted)) }
        (ui::link_button(Link::new(&t!("incident-record-imported-list"), INCIDENT_RECORDS.path), ButtonKind::Primary))
    }
}
