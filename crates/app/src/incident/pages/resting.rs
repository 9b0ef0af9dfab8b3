//! What was decided about information under the contracts of an incident, beside the question whether something of the authority's was involved; and
//! on which of those answers triage rests.

use maud::{Markup, html};
use platform::cases::Case;
use platform::texts::{self, Text};
use platform::ui::{self, Choice, Field};
use platform::web::{Fields, Visit};
use platform::{Cx, Error, Result, t};
use uuid::Uuid;

use crate::authority_data::pages::panel;
use crate::authority_data::store::{self as kept, Model};
use crate::casework::typed::Typed;
use crate::check::information::tag;
use crate::contract;
use crate::incident::model::Incident;
use crate::incident::relied::{self, Relied};

/// The field in which the answer is chosen.
pub(super) const FIELD: &str = "relies_on";

/// What was chosen; none where nothing was.
///
/// # Errors
/// [`Error::Invalid`] where it is no id.
pub(super) fn read(fields: &Fields) -> Result<Option<Uuid>> {
    let chosen = fields.some(FIELD).map(str::parse).transpose();
    chosen.map_err(|_| Error::field(FIELD, Text::new("incident-relies-on-wrong")))
}

/// The answer on which triage rests, if it rests on one.
pub(super) struct Rests(Option<(Relied, Model)>);

impl Rests {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn read(cx: &Cx, case: &Case) -> Result<Self> {
        let relied = match relied::last(cx, cx.db(), case).await? {
            Some(relied) => {
                let of = kept::get(cx.db(), relied.authority_data).await?;
                cx.may("authority_data.view", &of).then_some((relied, of.row))
            }
            None => None,
        };
        Ok(Self(relied))
    }

    /// The one on which triage rests.
    pub(super) fn on(&self) -> Option<Uuid> {
        self.0.as_ref().map(|(relied, _)| relied.authority_data)
    }

    /// On which answer it rests, and whether that was decided anew since; nothing where it rests on none.
    ///
    /// # Errors
    /// When what is stored is none of ours.
    pub(super) fn says(&self) -> Result<Markup> {
        let Some((relied, row)) = &self.0 else { return Ok(html! {}) };
        let outcome = row.outcome()?;
        Ok(html! {
            p .govuk-body {
                strong { (t!("incident-rests-on")) ": " }
                a .govuk-link href={ "/authority-data/" (row.id) } { (row.information) } " " (tag(outcome))
            }
            @if relied.version != row.version { (ui::inset(html! { (t!("incident-rests-on-anew")) })) }
        })
    }

    /// What was decided under each contract, and which of it the answer rests on. Nothing is answered by it: whoever triages says what is so.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn beside(&self, visit: &Visit, of: &Incident, typed: Typed<'_>) -> Result<Markup> {
        let cx = &visit.cx;
        let contracts = relied::contracts(cx, cx.db(), &of.case).await?;
        let titles = contract::store::titles(cx.db(), contracts.iter().copied()).await?;
        let mut panels = Vec::new();
        for contract in &contracts {
            panels.push((titles.get(contract).map_or("", String::as_str), panel(cx, *contract).await?));
        }
        let offered = relied::offered(cx, &of.case).await?;
        let settled = |row: &&Model| row.outcome != rules::authority_data::Outcome::Undetermined.code() && Some(row.id) != self.on();
        // The present one stands there whatever became of it, so that it is not lost in passing.
        let present = self.0.iter().map(|(_, row)| row);
        let lines: Vec<(String, String)> =
            present.chain(offered.iter().filter(settled)).map(|row| (row.id.to_string(), named(row))).collect();
        let choices: Vec<Choice> = lines.iter().map(|(id, says)| Choice::new(id, says)).collect();
        let (ask, hint, error) = (t!("incident-relies-on"), t!("incident-relies-on-hint"), typed.error(FIELD));
        let field = Field::new(FIELD, &ask).hint(Some(&hint)).error(error.as_deref()).optional(true);
        Ok(html! {
            @for (title, panel) in &panels {
                h3 .govuk-heading-s { (t!("incident-authority-data", contract = title)) }
                (panel)
            }
            @if !choices.is_empty() { (ui::select(&|id| texts::t(id), &field, &choices, typed.fields.some(FIELD), false)) }
        })
    }
}

/// An answer in one line: what the information is, and what was decided.
fn named(row: &Model) -> String {
    let outcome = texts::t(&format!("authority-data-field-outcome-{}", row.outcome.replace('_', "-")));
    t!("incident-relies-on-one", information = &row.information, outcome = outcome)
}
