//! A whole case as one archive: the button, and the file.

use axum::extract::Path;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Posted, Visit};
use platform::{Result, t, texts};

use super::{at, viewed};
use crate::offshoring::act;
use crate::offshoring::model::Proposal;

/// The form that takes the case out; nothing for who may not.
pub(super) fn button(visit: &Visit, of: &Proposal) -> Result<Markup> {
    if !visit.cx.may("proposal.archive", of) {
        return Ok(html! {});
    }
    let action = at(&of.case, "archive");
    let sealed = if visit.cx.may("proposal.reveal", of) { t!("archive-with-sealed") } else { t!("archive-without-sealed") };
    Ok(ui::details(
        &t!("archive-title"),
        html! {
            p .govuk-body { (t!("archive-text")) " " (sealed) }
            (ui::form(&|id| texts::t(id), &ui::Form { action: &action, csrf: &visit.csrf, ..ui::Form::default() },
                ui::button(&t!("archive-go"), ButtonKind::Secondary)))
        },
    ))
}

/// Makes the archive and gives it.
pub(super) async fn take(Path(id): Path<String>, posted: Posted) -> Answer {
    let of = viewed(&posted.visit, &id).await?;
    Ok(act::archive(&posted.visit.cx, of.case.id).await?.into_response())
}
