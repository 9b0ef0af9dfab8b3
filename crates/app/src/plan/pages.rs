//! The screens of plans: the supplier writes, security agrees, both see which version is the one to work by, and who knows it.

pub(crate) mod prompted;
mod readers;

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::Case;
use platform::cases::rounds::NewPoint;
use platform::error::FieldErrors;
use platform::forms::drafts::Drafts;
use platform::forms::review;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Fact, Field};
use platform::web::{Access, Answer, Fields, Posted, Routes, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::form::Form;
use uuid::Uuid;

use super::model::{PLAN, Plan, Plans};
use super::{act, form_of, papers, store};
use crate::casework::answering::{self, Answered};
use crate::casework::handing::{self, Handed};
use crate::casework::pages as kit;
use crate::casework::papers::{Papers as _, list};
use crate::casework::typed::{Typed, form, id_of};
use crate::casework::{self, Process as _, at};
use crate::pack;

/// The routes of plans.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/plans", Access::SignedIn, casework::lists::page::<Plans>)
        .get("/plans/new", Access::SignedIn, new)
        .post("/plans/new", Access::SignedIn, begin)
        .get("/plans/{id}", Access::SignedIn, overview)
        .get("/plans/{id}/compare", Access::SignedIn, compare)
        .get("/plans/{id}/readers", Access::SignedIn, readers::list)
        .post("/plans/{id}/readers", Access::SignedIn, readers::ask)
        .post("/plans/{id}/readers/remind", Access::SignedIn, readers::remind)
        .post("/plans/{id}/readers/end", Access::SignedIn, readers::end)
        .get("/plan-readers/{token}", Access::Holder, readers::read)
        .post("/plan-readers/{token}", Access::Holder, readers::acknowledge)
        .get("/plans/{id}/step/{step}", Access::SignedIn, ask)
        .post("/plans/{id}/step/{step}", Access::SignedIn, take)
        .and(kit::routes::<Plans>())
        .and(answering::routes::<Plans>())
        .and(handing::routes::<Plans>())
        .and(casework::papers::routes::<Plans>())
}

impl Answered for Plans {
    async fn overview(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
        drawn(visit, id, shown).await
    }

    async fn over_list(visit: &Visit, of: &Plan, form: &Form, kept: &Drafts) -> Result<Markup> {
        let waiting = review::unconfirmed(form, kept);
        Ok(html! {
            @if of.case.stage == "returned" { (handing::points::<Self>(visit, of).await?) }
            @if of.change.is_some() {
                (ui::inset(html! {
                    p .govuk-body { (t!("plan-of-change")) }
                    @if !waiting.is_empty() { p .govuk-body { (t!("plan-of-change-sections", count = waiting.len())) } }
                }))
            }
        })
    }

    fn last_of_list(visit: &Visit, of: &Plan) -> Markup {
        html! {
            @if of.change.is_none() && of.case.stage == "draft" && visit.cx.may("plan.discard", of) {
                p .govuk-body { a .govuk-link href=(at::<Self>(&of.case, "step/discard")) { (PLAN.step_name("discard")) } }
            }
        }
    }

    async fn over_section(visit: &Visit, of: &Plan, form: &Form, section: &str, carried: bool) -> Result<Markup> {
        handing::points_here::<Self>(visit, &of.case, form, section, carried).await
    }
}

impl Handed for Plans {
    const SUBMIT: &'static str = "plan.submit";

    fn returning(_: &Plan) -> &'static str {
        "plan.return"
    }

    async fn submit(cx: &Cx, of: Plan, version: i32, declared: bool, reply: Option<&str>) -> Result<Case> {
        act::submit(cx, of.case.id, version, declared, reply).await
    }

    async fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str, points: &[NewPoint]) -> Result<()> {
        act::send_back(cx, id, version, reason, points).await
    }
}

async fn new(visit: Visit) -> Answer {
    choosing(&visit, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn choosing(visit: &Visit, typed: Typed<'_>) -> Answer {
    let pack = pack::packs(visit.core()).in_use(super::model::PACK).cloned();
    let pack = pack.ok_or_else(|| Error::internal("there is no pack of security guidance"))?;
    let about = form_of(&pack)?;
    let places = handing::offered(&visit.cx).await?;
    let ids: Vec<(String, &String)> = places.iter().map(|(id, text)| (id.to_string(), text)).collect();
    let choices: Vec<Choice> = ids.iter().map(|(id, text)| Choice::new(id, text)).collect();
    let (label, hint, error) = (t!("plan-choose-place"), t!("plan-choose-place-hint"), typed.error("place"));
    let field = Field::new("place", &label).hint(Some(&hint)).error(error.as_deref());
    let chosen = if choices.len() == 1 { choices.first().map(|c| c.value) } else { typed.fields.some("place") };
    let inner = html! {
        @if choices.len() > 8 { (ui::select(&|id| texts::t(id), &field, &choices, chosen, true)) }
        @else { (ui::radios(&|id| texts::t(id), &field, &choices, chosen, false)) }
        (ui::button(&t!("plan-start"), ButtonKind::Primary))
    };
    let body = html! {
        (handing::about(about))
        @if choices.is_empty() {
            (ui::inset(html! { (if visit.cx.actor.is_authority() { t!("plan-start-authority") } else { t!("plan-start-no-contract") }) }))
        } @else { (form(visit, "/plans/new", None, inner)?) }
    };
    Ok(visit.page(&about.title).active(Plans::PAGES).crumb(&texts::t(Plans::NAME), Plans::PAGES).errors(typed.errors).body(&body))
}

async fn begin(post: Posted) -> Answer {
    let Some(place) = post.fields.some("place").map(id_of).transpose()? else {
        let mut errors = FieldErrors::default();
        errors.add("place", Text::new("plan-choose-place-missing"));
        return choosing(&post.visit, Typed { fields: &post.fields, errors: &errors }).await;
    };
    let id = act::begin(&post.visit.cx, place).await?;
    Ok(see_other(&format!("/plans/{id}/answers")))
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    drawn(&visit, &id, None).await
}

/// The overview, with the sealed answer at `shown` open.
async fn drawn(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
    let of = kit::viewed::<Plans>(visit, id).await?;
    let rounds = answering::documents::<Plans>(&visit.cx, &of.case).await?;
    let steps = Plans::actions(visit, &of);
    let content = html! {
        @if of.superseded_by.is_none() { (kit::next::<Plans>(&of.case)) }
        (superseded(visit, &of).await?)
        @if of.case.stage == "returned" { (handing::points::<Plans>(visit, &of).await?) }
        (prompted::waiting(visit, &of).await?)
        (kit::ways(&steps))
        (known(visit, &of).await?)
        (kit::choices::<Plans>(visit, &of)?)
        @match rounds.is_empty() {
            false => {
                (answering::last::<Plans>(visit, &of, &rounds, shown)?)
                (list::<Plans>(visit, &of, Plans::PAPERS).await?)
            },
            true if of.case.submitted_at.is_some() => p .govuk-body { (platform::cases::words::destroyed()) },
            true => p .govuk-body { (t!("plan-not-submitted")) },
        }
    };
    Ok(kit::page::<Plans>(visit, &of, &t!("case-tab-overview")).body(&kit::frame::<Plans>(visit, &of, "", content).await?))
}

/// That another version is the one to work by.
async fn superseded(visit: &Visit, of: &Plan) -> Result<Markup> {
    let Some(by) = of.superseded_by else { return Ok(html! {}) };
    let number = store::get(visit.cx.db(), by).await?.number.unwrap_or_default();
    Ok(ui::inset(
        html! { (t!("plan-superseded", number = number)) " " a .govuk-link href={ "/plans/" (by) } { (t!("plan-see-version", number = number)) } },
    ))
}

/// The version before this one: the one whose place it took; of one that is not agreed, the one in force.
///
/// # Errors
/// When the database fails.
pub(super) async fn before(cx: &Cx, of: &Plan) -> Result<Option<Plan>> {
    let Some(place) = of.case.place else { return Ok(None) };
    let all = store::of_place(cx.db(), place).await?;
    let is_before = |plan: &Plan| if of.number.is_some() { plan.superseded_by == Some(of.case.id) } else { plan.in_force() };
    Ok(all.into_iter().find(|plan| plan.case.id != of.case.id && is_before(plan)))
}

/// Which version it is, what it came of, and where what changed can be read.
async fn known(visit: &Visit, of: &Plan) -> Result<Markup> {
    let cx = &visit.cx;
    let before = before(cx, of).await?;
    let mut facts = papers::agreed(cx, of).await?;
    if of.number.is_some() {
        let counted = store::readers::counted(cx.db(), &[of.case.id]).await?.remove(&of.case.id).unwrap_or_default();
        facts.push((t!("plan-readers-known"), readers::share(counted).unwrap_or_else(|| t!("plan-readers-nobody-yet"))));
    }
    let rows: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    let sent = of.case.submitted_at.is_some();
    Ok(html! {
        @if !rows.is_empty() { (ui::summary_list(&rows, true)) }
        @if let Some(change) = of.change { p .govuk-body { a .govuk-link href={ "/plan-changes/" (change) } { (t!("plan-see-change")) } } }
        @if let Some(before) = before.filter(|_| sent) {
            @let number = before.number.unwrap_or_default();
            p .govuk-body {
                a .govuk-link href=(at::<Plans>(&of.case, "compare")) { (t!("plan-see-compare", number = number)) }
            }
        }
    })
}

/// A version beside the one before it: what differs, question by question (SEC-29).
async fn compare(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Plans>(&visit, &id).await?;
    let cx = &visit.cx;
    let before = before(cx, &of).await?.ok_or(Error::NotFound)?;
    let (_, old) = answering::documents::<Plans>(cx, &before.case).await?.pop().ok_or(Error::NotFound)?;
    let (_, new) = answering::documents::<Plans>(cx, &of.case).await?.pop().ok_or(Error::NotFound)?;
    let version = |plan: &Plan| plan.number.map_or_else(|| t!("plan-version-next"), |number| t!("plan-version-number", number = number));
    let content = html! {
        h2 .govuk-heading-m { (t!("plan-compare")) }
        (review::compare(&old, &new, (&version(&before), &version(&of)), true))
    };
    Ok(kit::page::<Plans>(&visit, &of, &t!("plan-compare")).body(&kit::frame::<Plans>(&visit, &of, "", content).await?))
}

async fn ask(visit: Visit, Path((id, step)): Path<(String, String)>) -> Answer {
    let of = kit::allowed::<Plans>(&visit, &id, plain(&step)?).await?;
    draw(&visit, &of, &step, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

/// The action of a step that has a page here.
fn plain(step: &str) -> Result<&'static str> {
    if !["agree", "withdraw", "discard"].contains(&step) {
        return Err(Error::NotFound);
    }
    Ok(PLAN.step(step)?.action)
}

async fn draw(visit: &Visit, of: &Plan, step: &str, typed: Typed<'_>) -> Answer {
    let bars = if step == "agree" { act::bars(visit.cx.db(), of.change).await? } else { Vec::new() };
    if !bars.is_empty() {
        let name = PLAN.step_name(step);
        let body = html! {
            h1 .govuk-heading-l { (name) }
            p .govuk-body { (t!("plan-barred")) }
            ul .govuk-list .govuk-list--bullet { @for bar in &bars { li { (bar.text.say()) } } }
        };
        return Ok(kit::page::<Plans>(visit, of, &name).body(&body));
    }
    let reason = match step {
        "agree" => typed.area("reason", "plan-agree-reason", 4),
        "withdraw" => typed.area("reason", "plan-withdraw-reason", 4),
        _ => html! {},
    };
    kit::step::<Plans>(visit, of, step, typed, kit::Asked { before: html! {}, reason, warning: step != "agree" })
}

async fn take(Path((id, step)): Path<(String, String)>, post: Posted) -> Answer {
    plain(&step)?;
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Plans>(visit, &id).await?;
    let (cx, case) = (&visit.cx, of.case.id);
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let done = match step.as_str() {
        "agree" => act::agree(cx, case, version, reason).await,
        "withdraw" => act::withdraw(cx, case, version, reason).await,
        _ => act::discard(cx, case, version).await,
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Plans>(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &step, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
