//! The page on which anybody checks a paper, and what pages of other features show of papers.

use axum::http::header;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::authz::Guarded;
use platform::error::FieldErrors;
use platform::identity::throttle::{self, CLOSE, Count};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Fact, Field, Input};
use platform::web::{Answer, Posted, Visit};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::model::Code;
use super::store::{self, Model};

fn words(id: &str) -> String {
    texts::t(id)
}

/// Asks for the code.
pub(super) async fn check(visit: Visit) -> Answer {
    draw(&visit, "", &FieldErrors::default(), None)
}

/// Says what the paper with this code is. A form sent, so that no code stands in an address, a log or a history.
pub(super) async fn look(posted: Posted) -> Answer {
    let visit = posted.visit;
    let typed = posted.fields.get("code").to_owned();
    let mut errors = FieldErrors::default();
    let Some(code) = Code::read(&typed) else {
        errors.add("code", Text::new("papers-code-malformed"));
        return draw(&visit, &typed, &errors, None);
    };
    match found(&visit, &code).await? {
        Some(row) => draw(&visit, &typed, &errors, Some(&row)),
        None => {
            errors.add("code", Text::new("papers-code-unknown"));
            draw(&visit, &typed, &errors, None)
        }
    }
}

/// The paper with this code. Whoever guesses waits longer and longer; a code has a hundred bits all the same.
pub(super) async fn found(visit: &Visit, code: &Code) -> Result<Option<Model>> {
    let count = [Count::new(&["paper", &visit.address], CLOSE)];
    throttle::enter(&visit.cx, &count).await?;
    let found = store::with_code(visit.cx.db(), code).await?;
    if found.is_some() {
        let house = visit.cx.housekeep().await?;
        throttle::forgive(&house, &count).await?;
        house.done().await?;
    }
    Ok(found)
}

fn draw(visit: &Visit, typed: &str, errors: &FieldErrors, found: Option<&Model>) -> Answer {
    let title = t!("papers-check-title");
    let (label, hint) = (t!("papers-code"), t!("papers-code-hint"));
    let error = errors.get("code").map(Text::say);
    let field = Field::new("code", &label).hint(Some(&hint)).error(error.as_deref());
    let form = ui::Form { action: "/papers/check", csrf: &visit.csrf, ..ui::Form::default() };
    Ok(visit.page(&title).errors(errors).body(&html! {
        h1 .govuk-heading-l { (title) }
        @match found { Some(row) => (genuine(visit, row)), None => (ui::lead(&t!("papers-check-lead"))) }
        (ui::form(&words, &form, html! {
            (ui::input(&words, &field, &Input { value: typed, ..Input::default() }))
            (ui::button(&t!("papers-check-button"), ButtonKind::Primary))
        }))
    }))
}

/// What whoever holds a paper may compare with it.
fn genuine(visit: &Visit, row: &Model) -> Markup {
    let labels = ["kind", "reference", "date", "edition", "entry", "digest"].map(|id| t!(&format!("papers-fact-{id}")));
    let values = [
        kind(&row.kind),
        row.reference.clone(),
        visit.core().clock.day_text(row.made_at),
        row.edition.clone(),
        row.entry.to_string(),
        row.sha256.clone(),
    ];
    let facts: Vec<Fact> = labels
        .iter()
        .zip(&values)
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Fact::new(label, html! { span .vs-break { (value) } }))
        .collect();
    html! {
        (ui::inset(html! { strong { (t!("papers-genuine")) } " " (t!("papers-genuine-text", authority = &visit.core().settings.authority.name)) }))
        (ui::summary_list(&facts, true))
    }
}

fn kind(code: &str) -> String {
    t!(&format!("papers-kind-{code}"))
}

/// The papers about `on` with links to them under `base`, newest first; nothing when there are none.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Cx, on: &impl Guarded, base: &str) -> Result<Markup> {
    let rows = store::about(cx, on).await?;
    Ok(html! {
        @if !rows.is_empty() {
            h2 .govuk-heading-m { (t!("papers-list")) }
            ul .govuk-list {
                @for row in &rows {
                    li {
                        a .govuk-link href={ (base) "/" (row.id) } { (t!("papers-link", kind = kind(&row.kind), date = cx.core().clock.day_text(row.made_at))) }
                        " " span .govuk-hint { (t!("papers-size", kib = row.size.max(1).unsigned_abs().div_ceil(1024))) }
                    }
                }
            }
        }
    })
}

/// A paper about `on` as a download. The caller has asked whether the reader may have it.
///
/// # Errors
/// As [`store::open`].
pub async fn download(cx: &Cx, on: &impl Guarded, id: &str) -> Answer {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let (row, pdf) = store::open(cx, on, id).await?;
    let name: String =
        format!("{}-{}", row.reference, row.kind).chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")),
    ];
    Ok((headers, pdf).into_response())
}
