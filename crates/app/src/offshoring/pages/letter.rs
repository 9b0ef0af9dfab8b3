//! The decision as a letter that prints well.

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::rounds;
use platform::ui::{self, Fact};
use platform::web::{Answer, Visit};
use platform::{Error, Result, t};
use serde_json::Value;

use super::{at, decide, viewed};
use crate::offshoring::act;
use crate::offshoring::model::{METHOD, PROPOSAL, Proposal};
use crate::offshoring::store;
use crate::{contract, party};

pub(super) async fn letter(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    let case = &of.case;
    if !["approved", "declined", "not_offshoring"].contains(&case.stage.as_str()) {
        return Err(Error::NotFound);
    }
    let cx = &visit.cx;
    let decision = rounds::decisions(cx, cx.db(), case)
        .await?
        .into_iter()
        .rev()
        .find(|d| ["approved", "declined", "not_offshoring"].contains(&d.choice.as_str()))
        .ok_or(Error::NotFound)?;
    let names = party::store::names(cx.db(), [case.party].into_iter().chain(of.standing.lead)).await?;
    let titles = contract::store::titles(cx.db(), case.contract).await?;
    let to = of.standing.lead.and_then(|id| names.get(&id)).map_or("", String::as_str);
    let reference = case.reference.clone().unwrap_or_default();
    let authority = &visit.core().settings.authority.name;
    let body = html! {
        article .vs-letter {
            p .govuk-body { strong { (authority) } br; (visit.core().clock.day_text(decision.at)) }
            p .govuk-body { (t!("proposal-letter-to", party = to)) br; (t!("proposal-letter-reference", reference = &reference)) }
            h1 .govuk-heading-l { (t!("proposal-letter-subject", title = &case.title)) }
            p .govuk-body {
                (t!("proposal-letter-about", contract = case.contract.and_then(|id| titles.get(&id).cloned()).unwrap_or_default(), party = names.get(&case.party).map_or("", String::as_str)))
            }
            p .govuk-body-l { strong { (PROPOSAL.stage_name(&case.stage)) } ". " (PROPOSAL.stage_next(&case.stage)) }
            @if let Some(reason) = &decision.reason { h2 .govuk-heading-m { (t!("proposal-letter-reasons")) } p .govuk-body { (reason) } }
            @if case.stage == "declined" { (risks(&visit, &of, decision.about.as_deref())?) }
            @if case.stage == "approved" { (approved(&visit, &of).await?) }
            p .govuk-body { (t!("proposal-letter-sign", authority = authority)) }
        }
        p .govuk-body .vs-no-print { a .govuk-link href=(at(case, "")) { (t!("proposal-back-to-case")) } }
    };
    Ok(visit.page(&t!("proposal-letter", reference = reference)).active("/proposals").body(&body))
}

/// The assessed risks for which it was declined.
fn risks(visit: &Visit, of: &Proposal, about: Option<&str>) -> Result<Markup> {
    let pack = act::pack_of(&visit.cx, &of.case)?;
    let about: Value = serde_json::from_str(about.unwrap_or("{}"))?;
    let ids: Vec<&str> = about["factors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let method = pack.risk_methods.iter().find(|m| m.id == METHOD);
    Ok(html! {
        h2 .govuk-heading-m { (t!("proposal-letter-risks")) }
        ul .govuk-list .govuk-list--bullet {
            @for factor in method.iter().flat_map(|m| &m.factors).filter(|f| ids.contains(&f.id.as_str())) {
                li { strong { (factor.title) } ": " (factor.text) }
            }
        }
    })
}

async fn approved(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let row = store::approval(&visit.cx, visit.cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let pack = act::pack_of(&visit.cx, &of.case)?;
    let days = row.from.parse().ok().zip(row.to.parse().ok());
    let facts = match &row.scope {
        Some(scope) => decide::scope_facts(visit, scope, days).await?,
        None => vec![(t!("proposal-scope"), platform::cases::words::destroyed())],
    };
    let facts: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    let ids = row.controls;
    Ok(html! {
        h2 .govuk-heading-m { (t!("proposal-scope")) }
        (ui::summary_list(&facts, true))
        @if !row.conditions.is_empty() {
            h2 .govuk-heading-m { (t!("proposal-letter-conditions")) }
            ol .govuk-list .govuk-list--number { @for line in row.conditions.lines().filter(|l| !l.trim().is_empty()) { li { (line) } } }
        }
        h2 .govuk-heading-m { (t!("proposal-demanded")) }
        ul .govuk-list .govuk-list--bullet {
            @for control in pack.control_sets.iter().flat_map(|s| &s.controls).filter(|c| ids.contains(&c.id)) {
                li { strong { (control.title) } ": " (control.text) }
            }
        }
        p .govuk-hint { (t!("proposal-letter-digest", digest = &row.scope_digest)) }
    })
}
