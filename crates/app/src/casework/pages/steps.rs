//! A plain step: one question, one reason, one button.

use maud::{Markup, html};
use platform::Error;
use platform::texts::{self, Text};
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Visit};

use super::page;
use crate::casework::typed::{Typed, form};
use crate::casework::{Process, at};

/// What the page of a step asks for.
pub struct Asked {
    /// What comes before the reason.
    pub before: Markup,
    /// The box of the reason.
    pub reason: Markup,
    /// Whether the step gives something up.
    pub warning: bool,
}

/// The page of a step, at `step/<step>` under the case: its name, what it means (`step-<kind>-<step>-about`) and what it asks for.
///
/// # Errors
/// [`Error::Conflict`] when the step does not leave the case's stage.
pub fn step<P: Process>(visit: &Visit, of: &P::Thing, step: &str, typed: Typed<'_>, asked: Asked) -> Answer {
    let (case, def, name) = (P::case(of), P::KIND.step(step)?, P::KIND.step_name(step));
    if !def.from.contains(&case.stage.as_str()) {
        return Err(Error::Conflict(Text::new("case-step-not-now").with("step", name).with("stage", P::KIND.stage_name(&case.stage))));
    }
    let about = texts::t(&format!("step-{}-{}-about", P::KIND.id.replace('_', "-"), step.replace('_', "-")));
    let kind = if asked.warning { ButtonKind::Warning } else { ButtonKind::Primary };
    let inner = html! { (asked.before) (asked.reason) (ui::button(&name, kind)) };
    let body = html! {
        h1 .govuk-heading-l { (name) }
        p .govuk-body { (about) }
        (form(visit, &at::<P>(case, &format!("step/{step}")), Some(case.version), inner)?)
    };
    Ok(page::<P>(visit, of, &name).errors(typed.errors).body(&body))
}
