//! What the agreed plan says of checks of callers, beside the question which were made.

use maud::{Markup, html};
use platform::web::Visit;
use platform::{Result, t, ui};

use super::kit;
use crate::casework::at;
use crate::incident::callers;
use crate::incident::model::Incident;
use crate::plan::Plans;

/// It, with the way to the plan; nothing where none is agreed, or the visitor may not read it.
///
/// # Errors
/// When the database fails.
pub(super) async fn beside(visit: &Visit, of: &Incident) -> Result<Markup> {
    let Some(agreed) = callers::agreed(&visit.cx, of).await? else { return Ok(html! {}) };
    let (case, number) = (&agreed.plan.case, agreed.plan.number.unwrap_or_default());
    let title = t!("incident-callers-plan", title = &case.title, version = number);
    Ok(ui::inset(html! {
        p .govuk-body { strong { (t!("incident-callers-agreed")) } }
        @match &agreed.says {
            Some(says) => (kit::paragraphs(says)),
            None => p .govuk-body { (t!("incident-callers-sealed")) },
        }
        p .govuk-body { a .govuk-link href=(at::<Plans>(case, "")) { (title) } }
    }))
}
