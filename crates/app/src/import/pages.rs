//! Screens of imports: choose files, see what would come of them, bring it in, take it back.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Column, Fact, Field, Form, Row, Table};
use platform::web::{Answer, Posted, Uploaded, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::act::{self, Staging};
use super::model::{Figures, State};
use super::store;

/// Most lines shown of those kept out; the report has all.
const SHOWN: u64 = 200;

fn words(id: &str) -> String {
    texts::t(id)
}

/// Choose files.
pub(super) async fn start(visit: Visit) -> Answer {
    choose(&visit, &FieldErrors::default()).await
}

async fn choose(visit: &Visit, errors: &FieldErrors) -> Answer {
    let cx = &visit.cx;
    let blank = store::fresh_run(cx.id()?, &[], cx.now(), String::new())?;
    cx.permit("import_run.view", &blank)?;
    let runs = store::newest(cx.db(), &cx.actor, 20).await?;
    let once = visit.once()?;
    let (label, hint) = (t!("import-files"), t!("import-files-hint", mib = cx.core().settings.limits.upload_mib));
    let error = errors.get("files").map(Text::say);
    let field = Field::new("files", &label).hint(Some(&hint)).error(error.as_deref());
    let form = Form { action: "/contracts/import", csrf: &visit.csrf, once: Some(&once), files: true, ..Form::default() };
    let may = cx.may("import_run.stage", &blank);
    let page = html! {
        h1 .govuk-heading-l { (t!("import-title")) }
        p .govuk-body { (t!("import-lead")) }
        @if may {
            (ui::form(&words, &form, html! {
                (ui::file_input(&words, &field, Some(".json,.jsonl,.ndjson,application/json"), true))
                (ui::button(&t!("import-read"), ButtonKind::Primary))
            }))
        }
        @if !runs.is_empty() { (earlier(&runs)?) }
    };
    let title = t!("import-title");
    Ok(visit.page(&title).active("/contracts").crumb(&t!("import-contracts"), "/contracts").errors(errors).body(&page))
}

fn earlier(runs: &[store::Model]) -> Result<Markup> {
    let heads = [t!("import-files"), t!("import-state"), t!("import-releases"), t!("import-quarantined")];
    let columns = [Column::new(&heads[0]), Column::new(&heads[1]), Column::number(&heads[2]), Column::number(&heads[3])];
    let mut rows = Vec::new();
    for run in runs {
        let figures = run.figures()?;
        rows.push(Row::new(vec![
            html! { a .govuk-link href={ "/contracts/import/" (run.id) } { (run.file_names().join(", ")) } },
            html! { (state_words(run.stands()?)) },
            html! { (figures.lines) },
            html! { (figures.quarantined) },
        ]));
    }
    let caption = t!("import-earlier");
    Ok(ui::table(&Table { caption: &caption, caption_shown: true, columns: &columns, stack: true }, &rows))
}

fn state_words(state: State) -> String {
    t!(&format!("import-state-{}", state.code()))
}

/// Reads the files into a run and shows it.
pub(super) async fn upload(uploaded: Uploaded) -> Answer {
    let Uploaded { visit, files, .. } = uploaded;
    let files: Vec<_> = files.into_iter().filter(|file| file.field == "files").collect();
    if files.is_empty() {
        let mut errors = FieldErrors::default();
        errors.add("files", Text::new("import-files-missing"));
        return choose(&visit, &errors).await;
    }
    let mut staging = Staging::begin(&visit.cx)?;
    for file in &files {
        staging.file(&file.name);
        for portion in file.bytes.chunks(64 * 1024) {
            staging.push(portion).await?;
        }
        staging.end_of_file().await?;
    }
    Ok(shown(&staging.finish().await?))
}

/// A run: what it would do, did, or took back.
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let cx = &visit.cx;
    let run = act::view(cx, parse(&id)?).await?;
    let (state, figures) = (run.stands()?, run.figures()?);
    let quarantined = store::lines_with(cx.db(), run.id, "quarantined", 0, SHOWN).await?;
    let title = t!(&format!("import-run-{}", state.code()));
    let page = html! {
        h1 .govuk-heading-l { (title) }
        (facts(&run, &figures)?)
        (next(&visit, &run, &figures)?)
        @if !quarantined.is_empty() { (kept_out(&quarantined, &figures)?) }
    };
    let page_title = title.clone();
    Ok(visit
        .page(&page_title)
        .active("/contracts")
        .crumb(&t!("import-contracts"), "/contracts")
        .crumb(&t!("import-title"), "/contracts/import")
        .body(&page))
}

fn facts(run: &store::Model, figures: &Figures) -> Result<Markup> {
    let mut rows = vec![
        ("import-files", run.file_names().join(", ")),
        ("import-releases", figures.lines.to_string()),
        ("import-new", figures.new.to_string()),
        ("import-changed", figures.changed.to_string()),
        ("import-unchanged", figures.unchanged.to_string()),
        ("import-warned", figures.warned.to_string()),
        ("import-quarantined", figures.quarantined.to_string()),
    ];
    if run.stands()? != State::Staged {
        rows.push(("import-contracts-made", figures.contracts_made.to_string()));
        rows.push(("import-contracts-changed", figures.contracts_changed.to_string()));
        rows.push(("import-parties-made", figures.parties_made.to_string()));
    }
    if run.stands()? == State::Undone {
        rows.push(("import-left", figures.left.to_string()));
    }
    let keys: Vec<String> = rows.iter().map(|(id, _)| texts::t(id)).collect();
    let facts: Vec<Fact> = keys.iter().zip(&rows).map(|(key, (_, value))| Fact::text(key, value)).collect();
    Ok(ui::summary_list(&facts, true))
}

/// The one thing to do next.
fn next(visit: &Visit, run: &store::Model, figures: &Figures) -> Result<Markup> {
    let cx = &visit.cx;
    let once = visit.once()?;
    let form = |step: &str, text: &str, kind: ButtonKind| {
        let action = format!("/contracts/import/{}/{step}", run.id);
        let form = Form { action: &action, csrf: &visit.csrf, once: Some(&once), ..Form::default() };
        ui::form(&words, &form, ui::button(&texts::t(text), kind))
    };
    Ok(match run.stands()? {
        State::Staged if figures.new + figures.changed == 0 => html! { (ui::inset(html! { (t!("import-nothing-new")) })) },
        State::Staged if cx.may("import_run.apply", run) => html! {
            p .govuk-body { (t!("import-apply-lead")) }
            (form("apply", "import-apply", ButtonKind::Primary))
        },
        State::Applying if cx.may("import_run.apply", run) => html! {
            p .govuk-body { (t!("import-applying-lead")) }
            (form("apply", "import-apply-on", ButtonKind::Primary))
        },
        State::Applied => html! {
            p .govuk-body { (t!("import-applied-lead")) " " a .govuk-link href="/contracts" { (t!("import-to-contracts")) } }
            @if cx.may("import_run.undo", run) {
                p .govuk-body { (t!("import-undo-lead")) }
                (form("undo", "import-undo", ButtonKind::Warning))
            }
        },
        _ => html! {},
    })
}

fn kept_out(rows: &[store::line::Model], figures: &Figures) -> Result<Markup> {
    let heads = [t!("import-line"), t!("import-release"), t!("import-reasons")];
    let columns = [Column::number(&heads[0]), Column::new(&heads[1]), Column::new(&heads[2])];
    let mut drawn = Vec::new();
    for row in rows {
        let report = store::report(row)?;
        let name = report.ocid.or(report.id).unwrap_or_else(|| t!("import-unnamed"));
        drawn.push(Row::new(vec![
            html! { (row.n) },
            html! { span .vs-break { (name) } },
            html! { ul .govuk-list { @for reason in &report.reasons { li { (reason.split_once(": ").map_or(reason.as_str(), |(_, text)| text)) } } } },
        ]));
    }
    let caption = t!("import-kept-out");
    let table = Table { caption: &caption, caption_shown: true, columns: &columns, stack: true };
    let shown = u64::try_from(rows.len()).unwrap_or(SHOWN);
    Ok(html! {
        (ui::table(&table, &drawn))
        @if shown < figures.quarantined { p .govuk-body { (t!("import-kept-out-more", shown = shown, all = figures.quarantined)) } }
    })
}

/// Brings a run in.
pub(super) async fn apply(Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = posted.visit;
    let run = act::apply(&visit.cx, parse(&id)?).await?;
    Ok(shown(&run))
}

/// Takes a run back.
pub(super) async fn undo(Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = posted.visit;
    let run = act::undo(&visit.cx, parse(&id)?).await?;
    Ok(shown(&run))
}

/// Off to the run.
fn shown(run: &store::Model) -> Response {
    see_other(&format!("/contracts/import/{}", run.id))
}

fn parse(id: &str) -> Result<Uuid> {
    id.parse().map_err(|_| Error::NotFound)
}
