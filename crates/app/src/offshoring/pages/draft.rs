//! Handing in: the points of a return, checking, the declaration, the confirmation.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::cases::rounds;
use platform::error::FieldErrors;
use platform::forms::drafts;
use platform::forms::{review, submit as freezing};
use platform::ui::{self, ButtonKind, Check, Field};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{Typed, allowed, at, behalf, form, kit, page, viewed};
use crate::casework::passing::{self as asking};
use crate::offshoring::Proposals;
use crate::offshoring::act;
use crate::offshoring::model::{PROPOSAL, Proposal};

/// The points of the return that is to be answered.
pub(super) async fn points(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let all = rounds::points(&visit.cx, visit.cx.db(), &of.case).await?;
    let last = all.iter().map(|p| p.round).max().unwrap_or(0);
    let pack = act::pack_of(&visit.cx, &of.case)?;
    let form = act::form_of(&pack)?;
    let reason = rounds::decisions(&visit.cx, visit.cx.db(), &of.case)
        .await?
        .into_iter()
        .rev()
        .find(|d| d.choice == "returned" && d.round == last)
        .and_then(|d| d.reason);
    let answering = visit.cx.may("proposal.draft", of);
    Ok(html! {
        h2 .govuk-heading-m { (t!("proposal-points-title")) }
        @if let Some(reason) = reason { p .govuk-body { (reason) } }
        ol .govuk-list .govuk-list--number {
            @for point in all.iter().filter(|p| p.round == last) {
                li {
                    @if let Some(question) = point.question.as_deref().and_then(|q| form.question(q)) {
                        strong {
                            @match (&point.section, answering) {
                                (Some(section), true) => a .govuk-link href=(at(&of.case, &format!("answers/{section}"))) { (question.label) },
                                _ => (question.label),
                            }
                        }
                        ": "
                    }
                    (point.text)
                }
            }
        }
    })
}

pub(super) async fn check(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed(&visit, &id, "proposal.draft").await?;
    checking(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn checking(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let pack = act::pack_of(cx, &of.case)?;
    let questions = act::form_of(&pack)?;
    let kept = drafts::load(cx, of.case.id, of.case.round).await?;
    let choices = act::choices(cx, cx.db(), &of.case).await?;
    let href = |section: &str| at(&of.case, &format!("answers/{section}"));
    let faults = freezing::freeze(questions, &kept.answers, &pack.pack, &pack.edition, &choices).err();
    let unconfirmed = review::unconfirmed(questions, &kept);
    let may = cx.core().authz.check(&cx.actor, "proposal.submit", of);
    let ((label, about), error) = (behalf::declaration(visit, of), typed.error("declaration"));
    let declaration = ui::single_checkbox(
        &|id| texts::t(id),
        &Field::new("declaration", &label).error(error.as_deref()),
        &Check { value: "yes", checked: typed.fields.has("declaration"), small: false },
    );
    let waiting = asking::waiting::<Proposals>(cx, of).await?;
    let inner = html! {
        @if waiting > 0 { (ui::inset(html! { (t!("passing-still-open", count = waiting)) " " a .govuk-link href=(asking::list_path::<Proposals>(of)) { (t!("passing-see")) } })) }
        @if of.submitted() { (typed.area("reply", "proposal-reply", 6)) }
        h2 .govuk-heading-m { (t!("proposal-declaration-title")) }
        p .govuk-body { (about) }
        (declaration)
        (ui::button(&PROPOSAL.step_name("submit"), ButtonKind::Primary))
    };
    let body = html! {
        @if let Some(faults) = &faults { (faults.summary(&href)) }
        h1 .govuk-heading-l { (t!("answering-check")) }
        @if of.case.stage == "returned" { (points(visit, of).await?) }
        (review::check(questions, &kept.answers, &choices, &href))
        @if !unconfirmed.is_empty() {
            (ui::inset(html! {
                p .govuk-body { (t!("proposal-carried-first")) }
                ul .govuk-list .govuk-list--bullet { @for title in &unconfirmed { li { (title) } } }
            }))
        }
        @match (&may, &faults) {
            (Err(Error::Refused(refusal)), _) => (ui::inset(html! { (refusal.text()) })),
            (Err(_), _) => {},
            (Ok(()), None) if !unconfirmed.is_empty() => {},
            (Ok(()), Some(_)) => p .govuk-body { (t!("proposal-check-first")) },
            (Ok(()), None) => (form(visit, &at(&of.case, "submit"), Some(of.case.version), inner)?),
        }
    };
    Ok(page(visit, of, &t!("answering-check")).errors(typed.errors).body(&body))
}

pub(super) async fn submit(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = kit::seen::<Proposals>(visit, &id).await?;
    let declared = post.fields.get("declaration") == "yes";
    let cx = visit.leading_to(&at(&of.case, "sent"));
    match act::submit_read(&cx, of, post.fields.version()?, declared, post.fields.some("reply")).await {
        Ok(case) => Ok(see_other(&at(&case, "sent"))),
        Err(Error::Invalid(errors)) => {
            // Errors of answers are listed by section over the answers themselves.
            let mut own = FieldErrors::default();
            for (name, text) in errors.iter().filter(|(name, _)| ["declaration", "reply"].contains(name)) {
                own.add(name, text.clone());
            }
            let mut response = checking(visit, &viewed(visit, &id).await?, Typed { fields: &post.fields, errors: &own }).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response.into_response())
        }
        Err(other) => Err(other),
    }
}

/// The reference, large enough to read out, and what happens next and by when.
pub(super) async fn sent(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    let reference = of.case.reference.clone().ok_or(Error::NotFound)?;
    let body = html! {
        (ui::panel(&t!("proposal-sent"), &t!("proposal-sent-reference"), &reference))
        p .govuk-body { (t!("proposal-sent-mail")) }
        h2 .govuk-heading-m { (t!("proposal-what-after")) }
        p .govuk-body { (PROPOSAL.stage_next(&of.case.stage)) }
        @if let Some(due) = of.case.due { p .govuk-body { (t!("proposal-sent-due", date = visit.core().clock.day_text(due))) } }
        p .govuk-body { strong { (t!("proposal-start-nothing")) } }
        p .govuk-body { a .govuk-link href=(at(&of.case, "")) { (t!("proposal-follow")) } }
    };
    Ok(visit.page(&t!("proposal-sent")).active("/proposals").body(&body))
}
