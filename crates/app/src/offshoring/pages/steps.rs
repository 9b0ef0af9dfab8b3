//! The plain steps: one question, one reason, one button.

use axum::extract::Path;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, Choice, Field};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{Typed, allowed, at, kit, viewed};
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Recommending};
use crate::offshoring::model::{PROPOSAL, Proposal};

/// Steps that have a page here.
const PLAIN: [&str; 7] = ["hand_over", "pass_on", "not_offshoring", "reassess", "recommend", "discard", "withdraw"];

fn action_of(step: &str) -> Result<&'static str> {
    if !PLAIN.contains(&step) {
        return Err(Error::NotFound);
    }
    Ok(PROPOSAL.step(step)?.action)
}

pub(super) async fn ask(visit: Visit, Path((id, step)): Path<(String, String)>) -> Answer {
    let of = allowed(&visit, &id, action_of(&step)?).await?;
    draw(&visit, &of, &step, Typed { fields: &Fields::default(), errors: &FieldErrors::default() })
}

fn draw(visit: &Visit, of: &Proposal, step: &str, typed: Typed<'_>) -> Answer {
    let before = if step == "recommend" {
        recommending(typed)
    } else {
        html! {}
    };
    let reason = match step {
        "pass_on" => typed.optional_area("reason", "proposal-remark", 4),
        _ if PROPOSAL.step(step)?.needs_reason => typed.area("reason", "proposal-reason", 6),
        _ => html! {},
    };
    kit::step::<Proposals>(visit, of, step, typed, kit::Asked { before, reason, warning: ["withdraw", "discard"].contains(&step) })
}

fn recommending(typed: Typed<'_>) -> Markup {
    let (a, r, d) = (t!("proposal-recommend-approve"), t!("proposal-recommend-return"), t!("proposal-recommend-decline"));
    let choices = [Choice::new("approve", &a), Choice::new("return", &r), Choice::new("decline", &d)];
    let (label, error) = (t!("proposal-recommend-what"), typed.error("choice"));
    ui::radios(&|id| texts::t(id), &Field::new("choice", &label).error(error.as_deref()), &choices, typed.fields.some("choice"), false)
}

pub(super) async fn take(Path((id, step)): Path<(String, String)>, post: Posted) -> Answer {
    action_of(&step)?;
    let visit = &post.visit;
    let of = viewed(visit, &id).await?;
    let (cx, fields, case) = (&visit.cx, &post.fields, of.case.id);
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let result = if reason.chars().count() > 8_000 {
        Err(Error::field("reason", Text::new("error-too-long").with("max", 8_000)))
    } else {
        match step.as_str() {
            "hand_over" => act::hand_over(cx, case, version).await,
            "pass_on" => act::pass_on(cx, case, version, fields.some("reason")).await,
            "not_offshoring" => act::not_offshoring(cx, case, version, reason).await,
            "reassess" => act::reassess(cx, case, version, reason).await,
            "discard" => act::discard(cx, case, version).await,
            "withdraw" => act::withdraw(cx, case, version, reason).await,
            "recommend" => match Recommending::from_code(fields.get("choice")) {
                Some(choice) => act::recommend(cx, case, version, choice, reason).await,
                None => Err(Error::field("choice", Text::new("proposal-recommend-missing"))),
            },
            _ => Err(Error::NotFound),
        }
    };
    match result {
        Ok(()) => Ok(see_other(&at(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &step, Typed { fields, errors: &errors }),
        Err(other) => Err(other),
    }
}
