//! The statement of duties as a paper: the button that makes it, and the way to what was made.

use axum::extract::Path;
use maud::{Markup, html};
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::super::act;
use super::super::statement::Statement;
use crate::paper;

fn address(at: Uuid) -> String {
    format!("/obligations/{at}/statement")
}

/// The button that makes the statement of `at`, and those made before, for whoever may have them.
pub(super) async fn offer(visit: &Visit, at: Uuid) -> Result<Markup> {
    let of = Statement::of(&visit.cx, at).await?;
    if !visit.cx.may("statement.make", &of) {
        return Ok(html! {});
    }
    let once = visit.once()?;
    let action = address(at);
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), ..ui::Form::default() };
    let button = ui::button(&t!("papers-make-obligations"), ButtonKind::Secondary);
    Ok(html! {
        (ui::form(&|id| texts::t(id), &form, button))
        (paper::list(&visit.cx, &of, &action).await?)
    })
}

/// The statement of `at`, for whoever may do `action` with it.
pub(in crate::obligation) async fn allowed(cx: &Cx, at: &str, action: &'static str) -> Result<Statement> {
    let of = Statement::of(cx, at.parse().map_err(|_| Error::NotFound)?).await?;
    cx.permit("statement.view", &of)?;
    cx.permit(action, &of)?;
    Ok(of)
}

/// Makes a statement, and leads to it.
pub(in crate::obligation) async fn make(Path(at): Path<String>, posted: Posted) -> Answer {
    let of = allowed(&posted.visit.cx, &at, "statement.make").await?;
    let made = act::make_statement(&posted.visit.cx, &of).await?;
    Ok(see_other(&format!("{}/{made}", address(of.at))))
}

/// A statement that was made.
pub(in crate::obligation) async fn download(visit: Visit, Path((at, made)): Path<(String, String)>) -> Answer {
    let of = allowed(&visit.cx, &at, "statement.view").await?;
    paper::download(&visit.cx, &of, &made).await
}
