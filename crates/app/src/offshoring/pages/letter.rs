//! The decision as a letter that prints well, and the papers about a proposal.

use axum::extract::Path;
use maud::{Markup, html};
use platform::t;
use platform::ui::{self, ButtonKind, Fact};
use platform::web::{Answer, Visit};

use super::{at, viewed};
use crate::casework::papers;
use crate::offshoring::Proposals;
use crate::offshoring::letter::{Approved, Letter};
use crate::paper::model::Kind;

pub(super) async fn letter(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    let case = &of.case;
    let letter = Letter::read(&visit.cx, &of).await?;
    let body = html! {
        article .vs-letter {
            p .govuk-body { strong { (visit.core().settings.authority.name) } br; (visit.core().clock.day_text(letter.at)) }
            p .govuk-body { (t!("proposal-letter-to", party = &letter.to)) br; (t!("proposal-letter-reference", reference = &letter.reference)) }
            h1 .govuk-heading-l { (letter.subject) }
            p .govuk-body { (letter.about) }
            p .govuk-body-l { strong { (letter.decision.0) } ". " (letter.decision.1) }
            @if let Some(reason) = &letter.reasons { h2 .govuk-heading-m { (t!("proposal-letter-reasons")) } p .govuk-body { (reason) } }
            @if !letter.risks.is_empty() { h2 .govuk-heading-m { (t!("proposal-letter-risks")) } (points(&letter.risks)) }
            @if let Some(approved) = &letter.approved { (scope(approved)) }
            p .govuk-body { (letter.sign) }
        }
        div .vs-no-print {
            (papers::button::<Proposals>(&visit, &of, Kind::Letter, ButtonKind::Primary)?)
            @if letter.approved.is_some() { (papers::button::<Proposals>(&visit, &of, Kind::Schedule, ButtonKind::Secondary)?) }
            p .govuk-body { a .govuk-link href=(at(case, "")) { (t!("proposal-back-to-case")) } }
        }
    };
    Ok(visit.page(&t!("proposal-letter", reference = &letter.reference)).active("/proposals").body(&body))
}

fn points(all: &[(String, String)]) -> Markup {
    html! { ul .govuk-list .govuk-list--bullet { @for (title, text) in all { li { strong { (title) } ": " (text) } } } }
}

fn scope(approved: &Approved) -> Markup {
    let facts: Vec<Fact> = approved.scope.iter().map(|(key, value)| Fact::text(key, value)).collect();
    html! {
        h2 .govuk-heading-m { (t!("proposal-scope")) }
        (ui::summary_list(&facts, true))
        @if !approved.conditions.is_empty() {
            h2 .govuk-heading-m { (t!("proposal-letter-conditions")) }
            ol .govuk-list .govuk-list--number { @for line in &approved.conditions { li { (line) } } }
        }
        @if !approved.controls.is_empty() { h2 .govuk-heading-m { (t!("proposal-demanded")) } (points(&approved.controls)) }
        p .govuk-hint { (t!("proposal-letter-digest", digest = &approved.digest)) }
    }
}
