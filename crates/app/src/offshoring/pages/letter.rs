//! The decision as a letter that prints well, and the papers about a proposal.

use axum::extract::Path;
use maud::{Markup, html};
use platform::ui::{self, ButtonKind, Fact};
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Result, t, texts};

use super::{allowed, at, form, viewed};
use crate::offshoring::act;
use crate::offshoring::letter::{Approved, Letter};
use crate::offshoring::model::Proposal;
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
            (make(&visit, &of, Kind::Letter, ButtonKind::Primary)?)
            @if letter.approved.is_some() { (make(&visit, &of, Kind::Schedule, ButtonKind::Secondary)?) }
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

/// The button that makes a paper of this kind, for whoever may have it.
pub(super) fn make(visit: &Visit, of: &Proposal, kind: Kind, button: ButtonKind) -> Result<Markup> {
    if !visit.cx.may("proposal.paper", of) {
        return Ok(html! {});
    }
    let text = texts::t(&format!("papers-make-{}", kind.code()));
    let inner = html! { (ui::hidden("kind", kind.code())) (ui::button(&text, button)) };
    form(visit, &at(&of.case, "papers"), None, inner)
}

/// Makes a paper, and leads to it.
pub(super) async fn make_paper(Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = posted.visit;
    let of = allowed(&visit, &id, "proposal.paper").await?;
    let kind = Kind::from_code(posted.fields.get("kind")).ok_or(platform::Error::NotFound)?;
    let made = act::make_paper(&visit.cx, &of, kind).await?;
    Ok(see_other(&at(&of.case, &format!("papers/{made}"))))
}
