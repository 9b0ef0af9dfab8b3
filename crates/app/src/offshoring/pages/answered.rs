//! Answering: what stands over and under a list of sections, and over a section.

use maud::{Markup, html};
use platform::forms::drafts::Drafts;
use platform::forms::review;
use platform::ui;
use platform::web::{Answer, Visit};
use platform::{Result, t};
use rules::form::Form;

use super::{at, case};
use crate::casework::answering::Answered;
use crate::casework::handing;
use crate::casework::passing as asking;
use crate::casework::workbook;
use crate::offshoring::Proposals;
use crate::offshoring::act;
use crate::offshoring::model::{PROPOSAL, Proposal};

impl Answered for Proposals {
    async fn overview(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
        case::drawn(visit, id, shown).await
    }

    async fn over_list(visit: &Visit, of: &Proposal, form: &Form, kept: &Drafts) -> Result<Markup> {
        Ok(html! {
            @if of.case.stage == "returned" { (handing::points::<Self>(visit, of).await?) }
            (carried_from(visit, of, form, kept).await?)
        })
    }

    fn under_list(visit: &Visit, of: &Proposal) -> Markup {
        html! {
            (workbook::link::<Proposals>(visit, of))
            @if visit.cx.may("proposal.pass_section", of) {
                p .govuk-body { a .govuk-link href=(asking::list_path::<Proposals>(of)) { (t!("passing-link")) } }
            }
        }
    }

    fn last_of_list(visit: &Visit, of: &Proposal) -> Markup {
        html! {
            @if visit.cx.may("proposal.discard", of) && of.case.stage == "draft" {
                p .govuk-body { a .govuk-link href=(at(&of.case, "step/discard")) { (PROPOSAL.step_name("discard")) } }
            }
        }
    }

    async fn over_section(visit: &Visit, of: &Proposal, form: &Form, section: &str, carried: bool) -> Result<Markup> {
        handing::points_here::<Self>(visit, &of.case, form, section, carried).await
    }
}

/// That answers were carried forward and wait to be confirmed, with what they come from where the visitor reads it.
async fn carried_from(visit: &Visit, of: &Proposal, form: &Form, kept: &Drafts) -> Result<Markup> {
    let waiting = review::unconfirmed(form, kept);
    if waiting.is_empty() {
        return Ok(html! {});
    }
    let earlier = act::carried_from(&visit.cx, of.case.id).await?;
    let reference = earlier.as_ref().and_then(|case| case.reference.clone()).unwrap_or_else(|| t!("proposal-carried-another"));
    // Only another edition of the form leaves answers behind, and only then is anything opened.
    let behind = match earlier.as_ref().filter(|case| case.edition != of.case.edition) {
        Some(case) => act::left_behind(&visit.cx, case, form).await?,
        None => Vec::new(),
    };
    Ok(ui::inset(html! {
        p .govuk-body { (t!("proposal-carried", reference = &reference, count = waiting.len())) }
        @if let Some(case) = &earlier { p .govuk-body { a .govuk-link href=(at(case, "")) { (t!("proposal-carried-see", reference = &reference)) } } }
        @if !behind.is_empty() {
            p .govuk-body { (t!("proposal-left-behind", reference = &reference)) }
            ul .govuk-list .govuk-list--bullet { @for question in &behind { li { (question) } } }
        }
    }))
}
