//! What is taken to be known of a report, which the tests are put to.

use platform::cases::Case;
use platform::{Cx, Result};
use rules::form::Answers;
use rules::incident::Facts;

use super::model::Incidents;
use super::{judged, store};
use crate::casework::answering;

/// What is taken to be known.
pub struct Known {
    /// The answers that were sent last; none once they were destroyed.
    pub answers: Answers,
    /// What whoever triaged it said; before anybody did, what the answers say.
    pub facts: Facts,
    /// Whether somebody has triaged it.
    pub triaged: bool,
}

impl Known {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails or what was sent was changed behind our back.
    pub async fn read(cx: &Cx, case: &Case) -> Result<Self> {
        let last = answering::documents::<Incidents>(cx, case).await?.pop();
        let answers = last.map(|(_, document)| document.answers()).unwrap_or_default();
        let said = store::about(cx, cx.db(), case).await?.found.and_then(|found| found.facts);
        let triaged = said.is_some();
        let facts = said.unwrap_or_else(|| judged::facts(&answers));
        Ok(Self { answers, facts, triaged })
    }
}
