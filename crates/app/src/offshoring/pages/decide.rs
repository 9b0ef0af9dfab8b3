//! Deciding: the question, the facts, what the rules say, what others recommend, and what each choice leads to. A decision asks for a
//! fresh sign-in before the page is shown, so that nothing typed is lost to it.

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::{people, rounds};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Fact, Field, Link};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{Typed, allowed, at, case, form, levels, page, rating_name, read_date, risk, viewed};
use crate::offshoring::act::{self, Approving};
use crate::offshoring::classify::classify;
use crate::offshoring::letter::scope_facts;
use crate::offshoring::model::{PROPOSAL, Proposal, Standing};
use crate::offshoring::scope::{Scope, asked_days};
use crate::offshoring::store;

pub(super) async fn question(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed(&visit, &id, "proposal.decline").await?;
    at_decision(&of)?;
    // Who approved at a level may still decline or send back, and approves no more.
    let approves = visit.cx.may("proposal.approve", &of);
    let choices = [
        ("approve", "proposal-consequence-approve", ButtonKind::Primary, "approve"),
        ("return", "proposal-consequence-return", ButtonKind::Secondary, "send_back"),
        ("decline", "proposal-consequence-decline", ButtonKind::Warning, "decline"),
    ];
    let body = html! {
        h1 .govuk-heading-l { (t!("proposal-decide-question", title = &of.case.title)) }
        (grounds(&visit, &of).await?)
        (levels::panel(&visit, &of).await?)
        h2 .govuk-heading-l { (t!("proposal-choose")) }
        @for (to, text, kind, step) in choices.into_iter().filter(|(to, ..)| approves || *to != "approve") {
            h3 .govuk-heading-m { (PROPOSAL.step_name(step)) }
            p .govuk-body { (texts::t(text)) }
            (ui::link_button(Link::new(&PROPOSAL.step_name(step), &at(&of.case, to)), kind))
        }
    };
    Ok(page(&visit, &of, &t!("proposal-decide")).body(&body))
}

fn at_decision(of: &Proposal) -> Result<()> {
    if of.case.stage == "deciding" {
        return Ok(());
    }
    let text = Text::new("case-step-not-now").with("step", t!("proposal-decide")).with("stage", PROPOSAL.stage_name(&of.case.stage));
    Err(Error::Conflict(text))
}

/// What bears on the decision.
async fn grounds(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let cx = &visit.cx;
    let (answers, digest) = act::handed_in(cx, cx.db(), &of.case).await?;
    let facts = scope_facts(cx, &Scope::of(&answers, &digest, None), asked_days(&answers)).await?;
    let rows: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    let assessment = store::assessment(cx, cx.db(), &of.case).await?;
    let decisions = rounds::decisions(cx, cx.db(), &of.case).await?;
    let said: Vec<_> =
        decisions.iter().filter(|d| d.round == of.case.round && ["pass_on", "assess", "recommend"].contains(&d.level.as_str())).collect();
    let names = people::names(cx, said.iter().flat_map(|d| d.people()).collect::<Vec<_>>()).await?;
    Ok(html! {
        h2 .govuk-heading-m { (t!("proposal-facts")) }
        (ui::summary_list(&rows, true))
        p .govuk-body { a .govuk-link href=(at(&of.case, "")) { (t!("proposal-all-answers")) } }
        h2 .govuk-heading-m { (t!("proposal-rules-say")) }
        @if let Some((activities, decision)) = classify(&answers, &visit.core().settings.authority.home)? { (case::explained(&activities, &decision)) }
        h2 .govuk-heading-m { (t!("proposal-tab-risk")) }
        @match &assessment { Some(row) => (risk::summary(visit, of, row).await?), None => p .govuk-body { (t!("proposal-risk-none")) } }
        h2 .govuk-heading-m { (t!("proposal-others-say")) }
        @for d in said {
            section {
                h3 .govuk-heading-s { (t!("proposal-said", name = people::who(&names, d.actor, d.acts_for).unwrap_or_default(), what = choice_name(&d.level, &d.choice))) }
                @if let Some(reason) = &d.reason { p .govuk-body { (reason) } }
            }
        }
    })
}

fn choice_name(level: &str, choice: &str) -> String {
    match level {
        "recommend" => texts::t(&format!("proposal-recommend-{choice}")),
        "assess" => t!("proposal-said-rated", rating = rating_name(choice)),
        _ => PROPOSAL.step_name(level),
    }
}

pub(super) async fn approving(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed(&visit, &id, "proposal.approve").await?;
    approve_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn approve_page(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    at_decision(of)?;
    let cx = &visit.cx;
    let pack = act::pack_of(cx, &of.case)?;
    let (answers, digest) = act::handed_in(cx, cx.db(), &of.case).await?;
    let row = store::assessment(cx, cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let outcome = act::concluded(&pack, &answers, &row)?.map_err(Error::Invalid)?;
    let demanded = act::controls_of(&pack, &outcome.control_sets);
    let controls = || pack.control_sets.iter().flat_map(|s| &s.controls);
    let more: Vec<Choice> =
        controls().filter(|c| !demanded.contains(&c.id)).map(|c| Choice { value: &c.id, label: &c.title, hint: Some(&c.text) }).collect();
    let earlier = store::terms(cx, cx.db(), &of.case).await?;
    let suspended = store::standing_of(cx.db(), of.case.id).await? == Some(Standing::Suspended);
    let days = asked_days(&answers);
    let preset = act::agreed_days(&earlier).or(days);
    let (label, error) = (t!("proposal-more-controls"), typed.error("controls"));
    let chosen = typed.fields.all("controls");
    let facts = scope_facts(cx, &Scope::of(&answers, &digest, None), days).await?;
    let rows: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    let name = PROPOSAL.step_name("approve");
    let inner = html! {
        (typed.date("from", "proposal-first-day", preset.map(|d| d.0), false))
        (typed.date("to", "proposal-last-day", preset.map(|d| d.1), false))
        (typed.optional_area("conditions", "proposal-conditions", 5))
        h2 .govuk-heading-m { (t!("proposal-demanded")) }
        ul .govuk-list .govuk-list--bullet { @for c in controls().filter(|c| demanded.contains(&c.id)) { li { strong { (c.title) } ": " (c.text) } } }
        (ui::details(&label, ui::checkboxes(&|id| texts::t(id), &Field::new("controls", &label).error(error.as_deref()).optional(true), &more, &chosen)))
        (typed.area("reason", "proposal-reason", 5))
        (ui::button(&name, ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (name) }
        p .govuk-body { (t!("proposal-consequence-approve")) }
        h2 .govuk-heading-m { (t!("proposal-scope")) }
        (ui::summary_list(&rows, true))
        (levels::panel(visit, of).await?)
        @if let Some(urgent) = of.urgent_now().filter(|urgent| urgent.stands(visit.core().clock.today()).runs()) {
            (ui::inset(html! {
                (t!("proposal-urgent-replaced-by", day = platform::clock::day_text(urgent.last_day())))
                @if suspended { " " strong { (t!("proposal-urgent-suspended-lifted")) } }
            }))
        }
        @if earlier.iter().any(|terms| !terms.conditions.is_empty()) {
            h2 .govuk-heading-m { (t!("proposal-conditions-so-far")) }
            ul .govuk-list .govuk-list--bullet { @for line in earlier.iter().flat_map(|terms| terms.conditions.lines()) { li { (line) } } }
        }
        (form(visit, &at(&of.case, "approve"), Some(of.case.version), inner)?)
    };
    Ok(page(visit, of, &name).errors(typed.errors).body(&body))
}

pub(super) async fn approve(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = viewed(visit, &id).await?;
    let fields = &post.fields;
    let mut errors = FieldErrors::default();
    let (from, to) = (read_date(fields, "from", &mut errors), read_date(fields, "to", &mut errors));
    let result = match (errors.or(()), from, to) {
        (Ok(()), Some(from), Some(to)) => {
            let with = Approving {
                reason: fields.get("reason").to_owned(),
                conditions: fields.get("conditions").to_owned(),
                more_controls: fields.all("controls").into_iter().map(str::to_owned).collect(),
                from,
                to,
            };
            act::approve(&visit.cx, of.case.id, fields.version()?, &with).await
        }
        (Err(error), _, _) => Err(error),
        _ => Err(Error::NotFound),
    };
    match result {
        Ok(given) => Ok(see_other(&at(&of.case, if given { "letter" } else { "" }))),
        Err(Error::Invalid(errors)) => approve_page(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn declining(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed(&visit, &id, "proposal.decline").await?;
    decline_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn decline_page(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    at_decision(of)?;
    let cx = &visit.cx;
    let pack = act::pack_of(cx, &of.case)?;
    let (answers, _) = act::handed_in(cx, cx.db(), &of.case).await?;
    let row = store::assessment(cx, cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let method = act::method(&pack, &answers)?;
    let rated: Vec<(&str, &str, String)> = method
        .method()
        .factors
        .iter()
        .filter_map(|f| {
            let (_, rating) = method.rating(row.judged.get(&f.id)?.judgement.residual)?;
            Some((f.id.as_str(), f.title.as_str(), t!("proposal-rated-after", rating = rating_name(rating))))
        })
        .collect();
    let choices: Vec<Choice> = rated.iter().map(|(id, title, hint)| Choice { value: id, label: title, hint: Some(hint) }).collect();
    let (label, error) = (t!("proposal-decline-for"), typed.error("factors"));
    let chosen = typed.fields.all("factors");
    let name = PROPOSAL.step_name("decline");
    let inner = html! {
        (ui::checkboxes(&|id| texts::t(id), &Field::new("factors", &label).error(error.as_deref()), &choices, &chosen))
        (typed.area("reason", "proposal-reason", 5))
        (ui::button(&name, ButtonKind::Warning))
    };
    let body = html! {
        h1 .govuk-heading-l { (name) }
        p .govuk-body { (t!("proposal-consequence-decline")) }
        (form(visit, &at(&of.case, "decline"), Some(of.case.version), inner)?)
    };
    Ok(page(visit, of, &name).errors(typed.errors).body(&body))
}

pub(super) async fn decline(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = viewed(visit, &id).await?;
    let fields = &post.fields;
    let factors: Vec<String> = fields.all("factors").into_iter().map(str::to_owned).collect();
    match act::decline(&visit.cx, of.case.id, fields.version()?, &factors, fields.get("reason")).await {
        Ok(()) => Ok(see_other(&at(&of.case, "letter"))),
        Err(Error::Invalid(errors)) => decline_page(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
