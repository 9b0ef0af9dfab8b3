//! An approval that was given: how it stands, and the page that suspends it, puts it in force again or takes it back.

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::rounds;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{Typed, allowed, at, form, page, viewed};
use crate::offshoring::act;
use crate::offshoring::model::{Proposal, Standing, Turn, standing_says};
use crate::offshoring::{stale, store};

fn turn_of(code: &str) -> Result<Turn> {
    Turn::from_code(code).ok_or(Error::NotFound)
}

/// The ways in which the visitor may turn the approval now: text and address.
pub(super) fn turns(visit: &Visit, of: &Proposal, standing: Standing, stale: bool) -> Vec<(String, String)> {
    let may = |turn: &Turn| (stale || !turn.of_stale()) && turn.from().contains(&standing) && visit.cx.may(turn.action(), of);
    let link = |turn: Turn| (texts::t(&format!("proposal-approval-{}", turn.code())), at(&of.case, &format!("approval/{}", turn.code())));
    Turn::ALL.into_iter().filter(may).map(link).collect()
}

/// When the approval was last reviewed and next is: what is overdue is said so. Nothing where it is reviewed no more.
pub(super) async fn reviews(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let Some(approval) = store::approval(&visit.cx, visit.cx.db(), &of.case).await? else { return Ok(html! {}) };
    let day = |text: &Option<String>| text.as_deref().and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let (last, due, to) = (day(&approval.review.last), day(&approval.review.due), approval.to.parse::<jiff::civil::Date>().ok());
    let today = visit.core().clock.today();
    if to.is_some_and(|to| to < today) || (last.is_none() && due.is_none()) {
        return Ok(html! {});
    }
    let text = platform::clock::day_text;
    Ok(html! {
        p .govuk-body {
            @if due.is_some_and(|due| due < today) { (ui::tag(&t!("proposal-review-overdue"), Tone::Red)) " " }
            @if let Some(due) = due { (t!("proposal-review-due", day = text(due))) } @else { (t!("proposal-review-none-left")) }
            @if let Some(last) = last { " " (t!("proposal-review-last", day = text(last))) }
            " " a .govuk-link href=(at(&of.case, "tasks")) { (t!("proposal-review-see")) }
        }
    })
}

/// Why the approval is stale, if it is, and what that means.
pub(super) async fn why(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let reasons = stale::of(&visit.cx, visit.cx.db(), &of.case).await?;
    if reasons.is_empty() {
        return Ok(html! {});
    }
    let said = stale::told(&visit.cx, visit.cx.db(), &reasons).await?;
    let since = store::stale_since(visit.cx.db(), [of.case.id]).await?.remove(&of.case.id);
    Ok(html! {
        p .govuk-body {
            (ui::tag(&t!("proposal-stale"), Tone::Orange))
            @if let Some(at) = since { " " (t!("proposal-approval-since", date = visit.core().clock.day_text(at))) }
        }
        (ui::inset(html! {
            p .govuk-body { (t!("proposal-stale-about")) }
            ul .govuk-list .govuk-list--bullet { @for told in &said { li { (told.text) } } }
        }))
    })
}

/// What became of the approval, where it does not stand as it was given: since when, and why.
pub(super) async fn notice(visit: &Visit, of: &Proposal, standing: Standing) -> Result<Markup> {
    if standing == Standing::InForce {
        return Ok(html! {});
    }
    let decisions = rounds::decisions(&visit.cx, visit.cx.db(), &of.case).await?;
    let last = decisions.into_iter().rev().find(|d| d.level == "standing");
    Ok(html! {
        p .govuk-body { (ui::tag(&standing_says(standing), Tone::Red)) }
        @if let Some(last) = last {
            (ui::inset(html! {
                p .govuk-body { (t!("proposal-approval-since", date = visit.core().clock.day_text(last.at))) " " (texts::t(&format!("proposal-approval-{}-next", standing.code()))) }
                @if let Some(reason) = &last.reason { p .govuk-body { (reason) } }
            }))
        }
    })
}

pub(super) async fn ask(visit: Visit, Path((id, turn)): Path<(String, String)>) -> Answer {
    let turn = turn_of(&turn)?;
    let of = allowed(&visit, &id, turn.action()).await?;
    draw(&visit, &of, turn, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Proposal, turn: Turn, typed: Typed<'_>) -> Answer {
    act::may_turn(&visit.cx, visit.cx.db(), &of.case, turn).await?;
    let name = texts::t(&format!("proposal-approval-{}", turn.code()));
    let kind = if matches!(turn, Turn::Resume | Turn::Confirm | Turn::Renew) { ButtonKind::Primary } else { ButtonKind::Warning };
    // What is confirmed is what this page shows.
    let read = if turn == Turn::Confirm { stale::mark_of(&visit.cx, visit.cx.db(), &of.case).await? } else { None };
    let inner = html! {
        @if let Some(read) = &read { (ui::hidden("read", read)) }
        (typed.area("reason", "proposal-reason", 6))
        (ui::button(&name, kind))
    };
    let body = html! {
        h1 .govuk-heading-l { (name) }
        p .govuk-body { (texts::t(&format!("proposal-approval-{}-about", turn.code()))) }
        @if turn.of_stale() { (why(visit, of).await?) }
        (form(visit, &at(&of.case, &format!("approval/{}", turn.code())), Some(of.case.version), inner)?)
    };
    Ok(page(visit, of, &name).errors(typed.errors).body(&body))
}

pub(super) async fn take(Path((id, turn)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields, turn) = (&post.visit, &post.fields, turn_of(&turn)?);
    let of = viewed(visit, &id).await?;
    match act::turn(&visit.cx, of.case.id, fields.version()?, turn, fields.get("reason"), fields.get("read")).await {
        Ok(()) => Ok(see_other(&at(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, turn, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
