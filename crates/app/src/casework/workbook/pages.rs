//! The page of the workbook: taking it out, bringing it back, what it changes.

use axum::extract::Path;
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::forms::drafts::Drafts;
use platform::forms::workbook::{Brought, Change, Problem};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Column, Field, Link, Row, Table};
use platform::web::{Access, Answer, Posted, Routes, Uploaded, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::act::{self, Section};
use super::{MOST_SHOWN, Sheeted, given};
use crate::casework::at;
use crate::casework::pages::{allowed, page, viewed};
use crate::casework::typed::form;

/// The routes of these pages.
pub fn routes<P: Sheeted>() -> Routes {
    let under = |page: &str| format!("{}/{{id}}/{page}", P::PAGES);
    Routes::new()
        .get(under("workbook"), Access::SignedIn, ask::<P>)
        .post(under("workbook/export"), Access::SignedIn, take::<P>)
        .post(under("workbook/in"), Access::SignedIn, bring::<P>)
        .post(under("workbook/save"), Access::SignedIn, save::<P>)
}

/// The way to the page, for who may answer.
pub fn link<P: Sheeted>(visit: &Visit, of: &P::Thing) -> Markup {
    html! {
        @if visit.cx.may(P::TAKE_FORM, of) {
            p .govuk-body { a .govuk-link href=(at::<P>(P::case(of), "workbook")) { (t!("workbook-link")) } }
        }
    }
}

async fn ask<P: Sheeted>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed::<P>(&visit, &id, P::DRAFT).await?;
    asking::<P>(&visit, &of, &FieldErrors::default())
}

/// Both forms of the page.
fn asking<P: Sheeted>(visit: &Visit, of: &P::Thing, errors: &FieldErrors) -> Answer {
    let case = P::case(of);
    let (out, back) = (at::<P>(case, "workbook/export"), at::<P>(case, "answers"));
    let body = html! {
        h1 .govuk-heading-l { (t!("workbook-title")) }
        p .govuk-body { (t!("workbook-lead")) }
        h2 .govuk-heading-m { (t!("workbook-out-title")) }
        p .govuk-body { (t!("workbook-out-text")) }
        (ui::form(&|id| texts::t(id), &ui::Form { action: &out, csrf: &visit.csrf, ..ui::Form::default() },
            ui::button(&t!("workbook-out-go"), ButtonKind::Secondary)))
        h2 .govuk-heading-m { (t!("workbook-in-title")) }
        p .govuk-body { (t!("workbook-in-text")) }
        (choosing::<P>(visit, of, errors))
    };
    let page = page::<P>(visit, of, &t!("workbook-title")).back(&t!("workbook-back"), &back).errors(errors);
    let page = if errors.is_empty() { page } else { page.status(StatusCode::UNPROCESSABLE_ENTITY) };
    Ok(page.body(&body))
}

fn choosing<P: Sheeted>(visit: &Visit, of: &P::Thing, errors: &FieldErrors) -> Markup {
    let action = at::<P>(P::case(of), "workbook/in");
    let (label, hint, error) = (t!("workbook-file"), t!("workbook-file-hint"), errors.get("file").map(Text::say));
    let field = Field::new("file", &label).hint(Some(&hint)).error(error.as_deref());
    let frame = ui::Form { action: &action, csrf: &visit.csrf, files: true, ..ui::Form::default() };
    ui::form(
        &|id| texts::t(id),
        &frame,
        html! {
            (ui::file_input(&|id| texts::t(id), &field, Some(".xlsx"), false))
            (ui::button(&t!("workbook-in-go"), ButtonKind::Primary))
        },
    )
}

async fn take<P: Sheeted>(Path(id): Path<String>, posted: Posted) -> Answer {
    let of = viewed::<P>(&posted.visit, &id).await?;
    Ok(given(act::take::<P>(&posted.visit.cx, P::case(&of).id).await?))
}

/// Reads the workbook and shows what it would change.
async fn bring<P: Sheeted>(Path(id): Path<String>, uploaded: Uploaded) -> Answer {
    let Uploaded { visit, files, .. } = uploaded;
    let of = allowed::<P>(&visit, &id, P::DRAFT).await?;
    let Some(file) = files.into_iter().find(|file| file.field == "file") else {
        let mut errors = FieldErrors::default();
        errors.add("file", Text::new("workbook-file-missing"));
        return asking::<P>(&visit, &of, &errors);
    };
    match act::read::<P>(&visit.cx, &of, file.bytes).await {
        Ok((found, kept)) => preview::<P>(&visit, &of, &found, &kept),
        Err(Error::Invalid(errors)) => asking::<P>(&visit, &of, &errors),
        Err(other) => Err(other),
    }
}

fn preview<P: Sheeted>(visit: &Visit, of: &P::Thing, found: &Brought, kept: &Drafts) -> Answer {
    let (case, changes) = (P::case(of), found.changes.len());
    let saving = html! {
        @for (section, fields) in &found.fields {
            (ui::hidden(&format!("version.{section}"), &kept.version(section).to_string()))
            @for (name, value) in fields { (ui::hidden(&format!("{section}:{name}"), value)) }
        }
        @if found.problems.is_empty() { (ui::button(&t!("workbook-save"), ButtonKind::Primary)) }
        @else { (ui::button(&t!("workbook-save-good", count = changes), ButtonKind::Secondary)) }
    };
    let title = t!("workbook-preview");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        @if !found.problems.is_empty() {
            p .govuk-body { strong { (t!("workbook-problems-count", count = found.problems.len())) } }
            @if changes > 0 { p .govuk-body { (t!("workbook-problems-what")) } } @else { p .govuk-body { (t!("workbook-nothing-good")) } }
            (problems(&found.problems))
        }
        @if !found.emptied.is_empty() { p .govuk-body { (t!("workbook-emptied", count = found.emptied.len())) } }
        @if changes > 0 {
            (changed(&found.changes))
            (form(visit, &at::<P>(case, "workbook/save"), None, saving)?)
        } @else if found.problems.is_empty() {
            (ui::inset(html! { (t!("workbook-nothing")) }))
        }
        p .govuk-body { a .govuk-link href=(at::<P>(case, "workbook")) { (t!("workbook-again")) } }
        @if changes == 0 { (ui::link_button(Link::new(&t!("workbook-back"), &at::<P>(case, "answers")), ButtonKind::Secondary)) }
    };
    let page = page::<P>(visit, of, &title).back(&t!("workbook-back"), &at::<P>(case, "answers"));
    Ok(page.body(&body))
}

fn place(sheet: &str, cell: &str) -> String {
    if cell.is_empty() { sheet.to_owned() } else { t!("workbook-at", sheet = sheet, cell = cell) }
}

fn problems(all: &[Problem]) -> Markup {
    let heads = ["workbook-cell", "workbook-question", "workbook-what"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let rows: Vec<Row> = all
        .iter()
        .take(MOST_SHOWN)
        .map(|problem| {
            Row::new(vec![
                html! { (place(&problem.sheet, &problem.cell)) },
                html! { (problem.question.as_deref().unwrap_or_default()) },
                html! { (problem.text.say()) },
            ])
        })
        .collect();
    let caption = t!("workbook-problems");
    ui::table(&Table { caption: &caption, caption_shown: true, columns: &columns, stack: true }, &rows)
}

fn changed(all: &[Change]) -> Markup {
    let heads = ["workbook-cell", "workbook-question", "workbook-now", "workbook-then"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let said = |texts: &[String], sensitive: bool| {
        html! {
            @if texts.is_empty() { span .vs-unanswered { (t!("answering-unanswered")) } }
            @else if sensitive { span .vs-unanswered { (t!("answering-sealed")) } }
            @else { @for (n, line) in texts.iter().flat_map(|text| text.split('\n')).enumerate() { @if n > 0 { br; } span .vs-break { (line) } } }
        }
    };
    let rows: Vec<Row> = all
        .iter()
        .take(MOST_SHOWN)
        .map(|change| {
            Row::new(vec![
                html! { (place(&change.sheet, &change.cell)) },
                html! {
                    (change.label)
                    @if change.meanwhile { p .govuk-hint { (t!("workbook-meanwhile")) } }
                    @if change.not_asked { p .govuk-hint { (t!("workbook-not-asked")) } }
                },
                said(&change.before, change.sensitive),
                said(&change.after, change.sensitive),
            ])
        })
        .collect();
    let caption = t!("workbook-changes", count = all.len());
    ui::table(&Table { caption: &caption, caption_shown: true, columns: &columns, stack: true }, &rows)
}

/// Saves what the page before showed.
async fn save<P: Sheeted>(Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let of = allowed::<P>(visit, &id, P::DRAFT).await?;
    let sections = sections(posted.fields.pairs())?;
    act::save::<P>(&visit.cx, &of, sections).await?;
    Ok(see_other(&at::<P>(P::case(&of), "answers")))
}

/// The fields by section, in the order sent.
fn sections(pairs: &[(String, String)]) -> Result<Vec<Section>> {
    let mut found = Vec::new();
    for (name, value) in pairs {
        let Some(section) = name.strip_prefix("version.") else { continue };
        let version = value.parse().map_err(|_| Error::bad_request("error-version-missing"))?;
        let own = format!("{section}:");
        let fields = pairs.iter().filter_map(|(name, value)| Some((name.strip_prefix(&own)?.to_owned(), value.clone()))).collect();
        found.push(Section { id: section.to_owned(), version, fields });
    }
    if found.is_empty() { Err(Error::bad_request("error-version-missing")) } else { Ok(found) }
}
