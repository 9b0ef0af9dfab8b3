//! Checks of callers' identity (SEC-X1j): beside the question which of them were made stands what the agreed plan of the place says of them.

use platform::{Cx, Result};
use rules::form::{Form, FrozenDocument};

use super::model::Incident;
use super::store;
use crate::contract::chain;
use crate::plan::agreed::{self, Agreed};
use crate::plan::model::CALLERS;

/// The question of the form which checks were made.
pub(super) const MADE: &str = "caller_checks";

/// Whether a section of a form asks which were made.
pub(super) fn asks(form: &Form, section: &str) -> bool {
    form.section(section).is_some_and(|section| section.questions.iter().any(|question| question.id == MADE))
}

/// Whether a report says which were made.
pub(super) fn told(document: &FrozenDocument) -> bool {
    document.answers().get(MADE).is_some()
}

/// What the agreed plan says of checks where it happened, as far as the actor may read that plan.
///
/// # Errors
/// When the database fails, or a document was changed behind our back.
pub(super) async fn agreed(cx: &Cx, of: &Incident) -> Result<Option<Agreed>> {
    let Some(place) = of.case.place else { return Ok(None) };
    let mut place = chain::place(cx.db(), place).await?.row;
    // Of what happened above its place, it is the plan up there that counts.
    if let Some(tier) = store::about(cx, cx.db(), &of.case).await?.about_tier {
        while let Some(above) = place.above.filter(|_| place.tier > tier) {
            place = chain::place(cx.db(), above).await?.row;
        }
    }
    agreed::says(cx, place.id, CALLERS).await
}
