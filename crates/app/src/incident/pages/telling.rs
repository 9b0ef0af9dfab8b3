//! An incident in VERIS: the button, and the file.

use axum::extract::Path;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Posted, Visit};
use platform::{t, texts};

use super::kit;
use crate::casework::at;
use crate::incident::act;
use crate::incident::model::{Incident, Incidents};

/// The form that takes the incident out; nothing for who may not.
pub(super) fn button(visit: &Visit, of: &Incident) -> Markup {
    if !visit.cx.may("incident.take_out", of) {
        return html! {};
    }
    let action = at::<Incidents>(&of.case, "veris");
    let form = ui::Form { action: &action, csrf: &visit.csrf, ..ui::Form::default() };
    ui::details(
        &t!("incident-veris"),
        html! {
            p .govuk-body { (t!("incident-veris-about")) }
            (ui::form(&|id| texts::t(id), &form, ui::button(&t!("incident-veris-go"), ButtonKind::Secondary)))
        },
    )
}

/// Gives it.
pub(super) async fn take(Path(id): Path<String>, posted: Posted) -> Answer {
    let of = kit::viewed::<Incidents>(&posted.visit, &id).await?;
    Ok(act::take_out(&posted.visit.cx, of.case.id).await?.into_response())
}
