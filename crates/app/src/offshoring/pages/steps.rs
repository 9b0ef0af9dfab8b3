//! The plain steps: one question, one reason, one button. And the return, with its points.

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::rounds::NewPoint;
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field, Repeat};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::form::Form;

use super::{Typed, allowed, at, form, kit, page, viewed};
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Recommending};
use crate::offshoring::model::{PROPOSAL, Proposal};

/// The most points of one return.
const MOST: usize = 60;

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

/// The action with which this proposal is returned from where it stands.
fn returning_action(of: &Proposal) -> &'static str {
    if of.case.stage == "deciding" { "proposal.send_back" } else { "proposal.return" }
}

pub(super) async fn returning(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    let of = allowed(&visit, &id, returning_action(&of)).await?;
    return_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }, &[Typing::default()])
}

/// A point as typed.
#[derive(Debug, Clone, Default)]
struct Typing {
    question: String,
    text: String,
}

/// The points as typed, in the order of their numbers.
fn points(fields: &Fields) -> Vec<(usize, Typing)> {
    let mut numbers: Vec<usize> =
        fields.pairs().iter().filter_map(|(name, _)| name.strip_prefix("q.points.")?.split('.').next()?.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .take(MOST)
        .map(|n| {
            let get = |part: &str| fields.get(&format!("q.points.{n}.{part}")).to_owned();
            (n, Typing { question: get("question"), text: get("text") })
        })
        .collect()
}

fn return_page(visit: &Visit, of: &Proposal, typed: Typed<'_>, points: &[Typing]) -> Answer {
    let pack = act::pack_of(&visit.cx, &of.case)?;
    let questions = act::form_of(&pack)?;
    let choices: Vec<(String, String)> = asked(questions);
    let choices: Vec<Choice> = choices.iter().map(|(id, label)| Choice::new(id, label)).collect();
    let (which, what) = (t!("proposal-point-question"), t!("proposal-point-text"));
    let one = |n: &str, point: &Typing| {
        let (question, text) = (format!("q.points.{n}.question"), format!("q.points.{n}.text"));
        html! {
            (ui::select(&|id| texts::t(id), &Field::new(&question, &which).optional(true), &choices, Some(&point.question), true))
            (ui::textarea(&|id| texts::t(id), &Field::new(&text, &what), &point.text, 3, None))
        }
    };
    let entries: Vec<Markup> = points.iter().enumerate().map(|(n, point)| one(&(n + 1).to_string(), point)).collect();
    let blank = |n: &str| one(n, &Typing::default());
    let words = ["proposal-points-ask", "proposal-points-hint", "proposal-point-item", "proposal-point-add"].map(texts::t);
    let error = typed.error("points");
    let repeat = Repeat {
        group: "points",
        label: &words[0],
        hint: Some(&words[1]),
        error: error.as_deref(),
        item: &words[2],
        add: &words[3],
        min: 1,
        max: MOST,
    };
    let name = PROPOSAL.step_name("return");
    let inner = html! {
        (typed.area("reason", "proposal-return-reason", 4))
        (ui::repeat(&|id| texts::t(id), &repeat, &entries, &blank))
        (ui::button(&name, ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (name) }
        p .govuk-body { (t!("proposal-return-about")) }
        (form(visit, &at(&of.case, "return"), Some(of.case.version), inner)?)
    };
    Ok(page(visit, of, &name).errors(typed.errors).body(&body))
}

/// Every question that a point may name: id, and its section and wording.
fn asked(form: &Form) -> Vec<(String, String)> {
    let all = form
        .sections
        .iter()
        .flat_map(|section| section.questions.iter().flat_map(move |q| std::iter::once(q).chain(&q.questions).map(move |q| (section, q))));
    all.map(|(section, q)| (q.id.clone(), t!("proposal-point-of", section = &section.title, question = &q.label))).collect()
}

pub(super) async fn send_back(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = viewed(visit, &id).await?;
    let fields = &post.fields;
    let typing = points(fields);
    let removed = fields.some("remove").and_then(|r| r.strip_prefix("points.")?.parse::<usize>().ok());
    if fields.has("add") || removed.is_some() {
        let mut rows: Vec<Typing> = typing.into_iter().filter(|(n, _)| Some(*n) != removed).map(|(_, p)| p).collect();
        if fields.has("add") || rows.is_empty() {
            rows.push(Typing::default());
        }
        let of = allowed(visit, &id, returning_action(&of)).await?;
        return return_page(visit, &of, Typed { fields, errors: &FieldErrors::default() }, &rows);
    }
    let pack = act::pack_of(&visit.cx, &of.case)?;
    let questions = act::form_of(&pack)?;
    let asked: Vec<NewPoint> = typing
        .iter()
        .filter(|(_, p)| !p.text.is_empty())
        .map(|(_, p)| act::point(questions, Some(p.question.as_str()).filter(|q| !q.is_empty()), &p.text))
        .collect();
    match act::send_back(&visit.cx, of.case.id, fields.version()?, fields.get("reason"), &asked).await {
        Ok(()) => Ok(see_other(&at(&of.case, ""))),
        Err(Error::Invalid(errors)) => {
            let rows: Vec<Typing> = typing.into_iter().map(|(_, p)| p).collect();
            return_page(visit, &of, Typed { fields, errors: &errors }, &rows)
        }
        Err(other) => Err(other),
    }
}
