//! The papers about an incident, and the marking that its form bears (SEC-X2).

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::Case;
use platform::ui::{self, ButtonKind, Tone};
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::form::Form;

use super::{form, kit};
use crate::casework::{Process as _, at};
use crate::incident::act;
use crate::incident::model::{Incident, Incidents};
use crate::paper;
use crate::paper::model::Kind;

/// The marking of the form, at the head of a page that shows what was answered or asks for it.
pub(super) fn marked(visit: &Visit, case: &Case) -> Markup {
    mark(Incidents::marking(&visit.cx, case).as_deref())
}

/// The same of a form that is only begun.
pub(super) fn marked_form(form: &Form) -> Markup {
    mark(form.marking.as_deref())
}

fn mark(marking: Option<&str>) -> Markup {
    html! {
        @if let Some(marking) = marking {
            p .govuk-body { span .govuk-visually-hidden { (t!("papers-word-marking")) ": " } (ui::tag(marking, Tone::Grey)) }
        }
    }
}

/// The papers that were made, and the buttons that make them for whoever may have them.
pub(super) async fn list(visit: &Visit, of: &Incident) -> Result<Markup> {
    let papers = at::<Incidents>(&of.case, "papers");
    let mut buttons = Vec::new();
    if visit.cx.may("incident.paper", of) {
        for kind in [Kind::Report, Kind::Acknowledgement] {
            buttons.push(button(visit, of, kind)?);
        }
    }
    Ok(html! {
        (ui::button_group(html! { @for button in &buttons { (button) } }))
        (paper::list(&visit.cx, of, &papers).await?)
    })
}

/// The button that makes a paper of this kind.
pub(super) fn button(visit: &Visit, of: &Incident, kind: Kind) -> Result<Markup> {
    let text = texts::t(&format!("papers-make-{}", kind.code()));
    let inner = html! { (ui::hidden("kind", kind.code())) (ui::button(&text, ButtonKind::Secondary)) };
    form(visit, &at::<Incidents>(&of.case, "papers"), None, inner)
}

/// Makes a paper, and leads to it.
pub(super) async fn make(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::allowed::<Incidents>(&post.visit, &id, "incident.paper").await?;
    let kind = Kind::from_code(post.fields.get("kind")).ok_or(Error::NotFound)?;
    let made = act::make_paper(&post.visit.cx, &of, kind).await?;
    Ok(see_other(&at::<Incidents>(&of.case, &format!("papers/{made}"))))
}
