//! Installing: the upload, what it is and what it changes, the confirmation.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Check, Column, Fact, Field, Form, Row, Table};
use platform::web::{Answer, Fields, Posted, Uploaded, Visit, see_other};
use platform::{Error, t, texts};
use uuid::Uuid;

use super::difference;
use crate::casework::typed::form as frame;
use crate::edition::act;
use crate::edition::model::{Candidate, Touched};
use crate::edition::store as own;
use crate::pack::{intake, packs, pages as words, resource, store};

const PAGE: &str = "/packs/install";

/// The upload, for whoever may install.
pub(in crate::edition) async fn form(visit: Visit) -> Answer {
    draw(&visit, &FieldErrors::default())
}

fn may(visit: &Visit) -> bool {
    words::may_install(visit)
}

fn draw(visit: &Visit, errors: &FieldErrors) -> Answer {
    if !may(visit) {
        return Err(Error::NotFound);
    }
    let title = t!("edition-install-title");
    let once = visit.once()?;
    let form = Form { action: PAGE, csrf: &visit.csrf, once: Some(&once), files: true, ..Form::default() };
    let (label, hint) = (t!("edition-file"), t!("edition-file-hint"));
    let error = errors.get("file").map(Text::say).or_else(|| (!errors.is_empty()).then(|| t!("edition-file-faults")));
    let field = Field::new("file", &label).hint(Some(&hint)).error(error.as_deref());
    let faults: Vec<String> = errors.iter().filter(|(path, _)| path.starts_with("files")).map(|(_, text)| text.say()).collect();
    let mut shown = FieldErrors::default();
    if let Some(error) = errors.get("file") {
        shown.add("file", error.clone());
    } else if !errors.is_empty() {
        shown.add("file", Text::new("edition-file-faults"));
    }
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("edition-install-lead")))
        @if !faults.is_empty() {
            h2 .govuk-heading-m { (t!("edition-faults", count = faults.len())) }
            p .govuk-body { (t!("edition-faults-text")) }
            ul .govuk-list .govuk-list--bullet { @for fault in faults.iter().take(100) { li .vs-break { (fault) } } }
        }
        (ui::form(&|id| texts::t(id), &form, html! {
            (ui::file_input(&|id| texts::t(id), &field, Some(".zip,.yaml,.yml"), false))
            (ui::button(&t!("edition-file-look"), ButtonKind::Primary))
        }))
        p .govuk-body { (t!("edition-install-more")) }
    };
    let page = visit.page(&title).active("/packs").crumb(&t!("pack-list-title"), "/packs").errors(&shown);
    let page = if errors.is_empty() { page } else { page.status(StatusCode::UNPROCESSABLE_ENTITY) };
    Ok(page.body(&body))
}

/// Takes the upload in and leads to what it would change; what does not load is told, and nothing of it kept.
pub(in crate::edition) async fn upload(uploaded: Uploaded) -> Answer {
    let Uploaded { visit, files, .. } = uploaded;
    if !may(&visit) {
        return Err(Error::NotFound);
    }
    let Some(file) = files.iter().find(|file| file.field == "file") else {
        let mut errors = FieldErrors::default();
        errors.add("file", Text::new("edition-file-missing"));
        return draw(&visit, &errors);
    };
    let done = match intake::read(&file.name, &file.bytes) {
        Ok(source) => act::offer(&visit.cx, source).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(see_other(&format!("{PAGE}/{id}"))),
        Err(Error::Invalid(errors)) => draw(&visit, &errors),
        Err(Error::Conflict(text)) => {
            let mut errors = FieldErrors::default();
            errors.add("file", text);
            draw(&visit, &errors)
        }
        Err(other) => Err(other),
    }
}

/// What was uploaded, what it changes, what rests on it here.
pub(in crate::edition) async fn preview(visit: Visit, Path(offer): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    shown(&visit, offer, query.some("area"), &FieldErrors::default()).await
}

async fn shown(visit: &Visit, offer: Uuid, area: Option<&str>, errors: &FieldErrors) -> Answer {
    if !may(visit) {
        return Err(Error::NotFound);
    }
    let cx = &visit.cx;
    let (row, source) = store::offered(cx.db(), offer).await?;
    let found = Candidate::read(&packs(cx.core()), source)?;
    cx.permit("pack.install", &resource(&found.pack))?;
    let touched = own::touched(cx, &found.pack.pack, &found.difference).await?;
    let title = t!("edition-preview-title", title = &found.pack.title, edition = &found.pack.edition);
    let at = format!("{PAGE}/{offer}");
    let standing = [
        (t!("edition-uploaded"), t!("edition-uploaded-at", date = cx.core().clock.day_text(row.offered_at))),
        (t!("pack-edition"), found.pack.edition.clone()),
        (t!("pack-date"), platform::clock::day_text(found.pack.date)),
        (t!("edition-author"), found.pack.author.clone()),
        (t!("edition-manager"), found.pack.manager.clone()),
        (t!("edition-note"), found.pack.change_note.clone()),
        (t!("edition-holds"), t!("edition-holds-text", duties = found.pack.obligations.len(), forms = found.pack.forms.len())),
        (t!("edition-digest"), found.digest.clone()),
    ];
    let facts: Vec<Fact> = standing.iter().map(|(key, value)| Fact::new(key, html! { span .vs-break { (value) } })).collect();
    let body = html! {
        h1 .govuk-heading-l { (title) " " (words::tag(&found.pack)) }
        p .govuk-body-l { (found.pack.summary) }
        (ui::summary_list(&facts, true))
        (ui::inset(words::standing(&found.pack)))
        @if let Err(taken) = found.is_new() {
            (ui::warning_text(&|id| texts::t(id), &taken.to_string()))
        }
        h2 .govuk-heading-m { (t!("edition-touched")) }
        (rests(&found, &touched))
        (difference::against(found.against.as_ref(), &found.pack, &found.difference, area, &format!("{at}?of=pack")))
        h2 .govuk-heading-m { (t!("edition-confirm-title")) }
        p .govuk-body { (t!("edition-confirm-text")) }
        @if found.is_new().is_ok() { (frame(visit, &format!("{at}/confirm"), None, confirming(&touched, errors))?) }
        (frame(visit, &format!("{at}/discard"), None, ui::button(&t!("edition-discard"), ButtonKind::Secondary))?)
    };
    let page = visit.page(&title).active("/packs").crumb(&t!("pack-list-title"), "/packs").wide().errors(errors);
    let page = if errors.is_empty() { page } else { page.status(StatusCode::UNPROCESSABLE_ENTITY) };
    Ok(page.body(&body))
}

/// The confirmation; where answers would no longer be asked for, a box to tick as well.
fn confirming(touched: &Touched, errors: &FieldErrors) -> Markup {
    let label = t!("edition-dropping", answers = touched.answers());
    let error = errors.get("dropping").map(Text::say);
    let field = Field::new("dropping", &label).error(error.as_deref());
    html! {
        @if touched.answers() > 0 {
            (ui::single_checkbox(&|id| texts::t(id), &field, &Check { value: "yes", ..Check::default() }))
        }
        (ui::button(&t!("edition-confirm"), ButtonKind::Primary))
    }
}

/// What rests on the pack here, and what stays as it is.
fn rests(found: &Candidate, touched: &Touched) -> Markup {
    let heads = ["pack-edition", "edition-contracts", "edition-cases"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let mut editions: Vec<&String> = touched.contracts.keys().chain(touched.cases.keys()).collect();
    editions.sort();
    editions.dedup();
    let count = |of: &std::collections::BTreeMap<String, u64>, edition: &String| of.get(edition).copied().unwrap_or(0);
    let rows: Vec<Row> = editions
        .iter()
        .map(|edition| {
            Row::new(vec![html! { (edition) }, html! { (count(&touched.contracts, edition)) }, html! { (count(&touched.cases, edition)) }])
        })
        .collect();
    let caption = t!("edition-touched-caption");
    html! {
        @if rows.is_empty() { p .govuk-body { (t!("edition-touched-nothing")) } }
        @else {
            p .govuk-body { (t!("edition-touched-text", cases = touched.cases(), contracts = touched.contracts())) }
            (ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &rows))
        }
        @if !touched.dropped.is_empty() {
            h3 .govuk-heading-s { (t!("edition-dropped-title", count = touched.dropped.len())) }
            p .govuk-body { (t!("edition-dropped-text", edition = &found.pack.edition)) }
            (dropped(touched))
        }
    }
}

fn dropped(touched: &Touched) -> Markup {
    let heads = ["edition-question", "edition-answers"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let rows: Vec<Row> = touched
        .dropped
        .iter()
        .map(|gone| Row::new(vec![html! { (gone.label) br; code .vs-break { (gone.id) } }, html! { (gone.answers) }]))
        .collect();
    let caption = t!("edition-dropped-caption");
    ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &rows)
}

pub(in crate::edition) async fn confirm(Path(offer): Path<Uuid>, posted: Posted) -> Answer {
    match act::install_offered(&posted.visit.cx, offer, posted.fields.has("dropping")).await {
        Ok(pack) => Ok(see_other(&format!("/packs/{}/{}", pack.pack, pack.edition))),
        Err(Error::Invalid(errors)) => shown(&posted.visit, offer, None, &errors).await,
        Err(other) => Err(other),
    }
}

pub(in crate::edition) async fn discard(Path(offer): Path<Uuid>, posted: Posted) -> Answer {
    act::discard(&posted.visit.cx, offer).await?;
    Ok(see_other("/packs"))
}
