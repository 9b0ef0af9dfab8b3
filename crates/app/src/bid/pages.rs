//! The screens of bids. A bidder says whether it plans work abroad, answers the questionnaire and hands its bid in; the procurement lead reads
//! it, asks for more and chooses.

mod inviting;

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::Case;
use platform::cases::rounds::{self, Decided};
use platform::error::{Blocker, FieldErrors};
use platform::ui::{self, ButtonKind, Check, Choice, Fact, Field, Link};
use platform::web::{Access, Answer, Fields, Posted, Routes, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::Bids;
use super::act;
use super::model::{BID, Bid, Plans};
use super::store::{self, Read};
use crate::casework::pages as kit;
use crate::casework::typed::{Typed, form, read_date};
use crate::casework::{self, Process as _, at};
use crate::offshoring::Proposals;
use crate::offshoring::model::PROPOSAL;

/// The routes of bids.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/bids", Access::SignedIn, casework::lists::page::<Bids>)
        .get("/bids/new", Access::Authority, inviting::choose)
        .get("/bids/new/{contract}", Access::Authority, inviting::ask)
        .post("/bids/new/{contract}", Access::Authority, inviting::invite)
        .get("/bids/{id}", Access::SignedIn, overview)
        .get("/bids/{id}/plans", Access::SignedIn, stating)
        .post("/bids/{id}/plans", Access::SignedIn, state)
        .get("/bids/{id}/step/{step}", Access::SignedIn, ask)
        .post("/bids/{id}/step/{step}", Access::SignedIn, take)
        .and(kit::routes::<Bids>())
}

/// What a bid says and what came with it, if the visitor may read that now.
async fn read(visit: &Visit, of: &Bid) -> Result<Option<Read>> {
    if visit.cx.may("bid.read", of) { Ok(Some(store::read(&visit.cx, &of.case).await?)) } else { Ok(None) }
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Bids>(&visit, &id).await?;
    let (cx, case) = (&visit.cx, &of.case);
    let known = read(&visit, &of).await?;
    let decided = rounds::decisions(cx, cx.db(), case).await?;
    let steps = Bids::actions(&visit, &of);
    let content = html! {
        (kit::next::<Bids>(case))
        @match &known {
            Some(known) if cx.may("bid.state", &of) => (to_do(case, known)),
            Some(known) => (said(known)),
            None if of.case.submitted_at.is_some() => p .govuk-body { (t!("bid-being-answered")) },
            None => p .govuk-body { (t!("bid-not-handed-in")) },
        }
        @if let Some(known) = &known { (came(&visit, known)) }
        (kit::ways(&steps))
        @for (title, text) in exchange(&decided) { h2 .govuk-heading-m { (title) } (kit::paragraphs(text)) }
        (kit::choices::<Bids>(&visit, &of)?)
    };
    Ok(kit::page::<Bids>(&visit, &of, &t!("case-tab-overview")).body(&kit::frame::<Bids>(&visit, &of, "", content).await?))
}

/// Whether it plans work abroad, in words.
fn abroad(plans: &Plans) -> String {
    match plans.abroad {
        None => t!("bid-abroad-not-said"),
        Some(true) => t!("bid-abroad-yes"),
        Some(false) => t!("bid-abroad-no"),
    }
}

/// What the bidder does before it hands the bid in, one by one, and what is still lacking.
fn to_do(case: &Case, known: &Read) -> Markup {
    let abroad = abroad(&known.plans);
    html! {
        h2 .govuk-heading-m { (t!("bid-to-do")) }
        ol .govuk-list .govuk-list--number {
            li { a .govuk-link href=(at::<Bids>(case, "plans")) { (t!("bid-abroad-ask")) } " " (abroad) }
            @if known.plans.abroad == Some(true) {
                li { a .govuk-link href="/proposals/new" { (t!("bid-answer-questionnaire")) } " " (t!("bid-answer-questionnaire-about")) }
            }
            li { (t!("bid-hand-in-about")) }
        }
        @match known.lacking.as_deref() {
            Some([]) => p .govuk-body { strong { (t!("bid-lacks-nothing")) } },
            Some(lacking) => (lacks(lacking)),
            None => {},
        }
    }
}

fn lacks(lacking: &[Blocker]) -> Markup {
    html! {
        p .govuk-body { (t!("bid-lacks")) }
        ul .govuk-list .govuk-list--bullet { @for blocker in lacking { li { (blocker.text.say()) } } }
    }
}

/// What the bid says, for whoever only reads it.
fn said(known: &Read) -> Markup {
    let abroad = abroad(&known.plans);
    let asked = t!("bid-abroad");
    html! {
        h2 .govuk-heading-m { (t!("bid-says")) }
        (ui::summary_list(&[Fact::text(&asked, &abroad)], true))
        @if let Some(statement) = &known.plans.statement { h3 .govuk-heading-s { (t!("bid-statement")) } (kit::paragraphs(statement)) }
        @match known.lacking.as_deref() {
            Some([]) => p .govuk-body { (t!("bid-is-complete")) },
            Some(lacking) => (lacks(lacking)),
            None => {},
        }
    }
}

/// The questionnaires that came with it.
fn came(visit: &Visit, known: &Read) -> Markup {
    let name = |one: &Case| one.reference.clone().unwrap_or_else(|| t!("case-no-reference"));
    html! {
        @if !known.came.is_empty() {
            h2 .govuk-heading-m { (t!("bid-came")) }
            ul .govuk-list {
                @for one in &known.came {
                    li {
                        a .govuk-link href=(at::<Proposals>(one, "")) { (name(one)) }
                        @if visit.cx.actor.is_authority() || one.submitted_at.is_some() { " " (one.title) }
                        " " (ui::tag(&PROPOSAL.stage_name(&one.stage), PROPOSAL.stage(&one.stage).map_or(ui::Tone::Grey, |stage| stage.tone)))
                    }
                }
            }
        }
    }
}

/// What was asked and answered, and what was decided, in this order.
fn exchange(decided: &[Decided]) -> Vec<(String, &str)> {
    let title = |level: &str| match level {
        "ask" => Some(t!("bid-asked")),
        "answer" => Some(t!("bid-answered")),
        "choose" | "refuse" | "withdraw" => Some(t!("bid-decided")),
        _ => None,
    };
    decided.iter().filter_map(|d| Some((title(&d.level)?, d.reason.as_deref()?))).collect()
}

async fn stating(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Bids>(&visit, &id, "bid.state").await?;
    let known = store::plans(&visit.cx, visit.cx.db(), &of.case).await?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    pairs.extend(known.abroad.map(|abroad| ("abroad".to_owned(), if abroad { "yes" } else { "no" }.to_owned())));
    pairs.extend(known.statement.map(|text| ("statement".to_owned(), text)));
    plans_page(&visit, &of, Typed { fields: &Fields::new(pairs), errors: &FieldErrors::default() })
}

fn plans_page(visit: &Visit, of: &Bid, typed: Typed<'_>) -> Answer {
    let title = t!("bid-abroad-ask");
    let (yes, no, hint, error) = (t!("bid-abroad-yes"), t!("bid-abroad-no"), t!("bid-abroad-hint"), typed.error("abroad"));
    let choices = [Choice::new("yes", &yes), Choice::new("no", &no)];
    let field = Field::new("abroad", &title).hint(Some(&hint)).error(error.as_deref());
    let inner = html! {
        (ui::radios(&|id| texts::t(id), &field, &choices, typed.fields.some("abroad"), false))
        (typed.optional_area("statement", "bid-statement-ask", 6))
        (ui::button(&t!("bid-save"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("bid-abroad-about")) }
        p .govuk-body { a .govuk-link href="/check" { (t!("bid-abroad-check")) } }
        (form(visit, &at::<Bids>(&of.case, "plans"), Some(of.case.version), inner)?)
    };
    Ok(kit::page::<Bids>(visit, of, &title).errors(typed.errors).body(&body))
}

async fn state(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Bids>(visit, &id).await?;
    let abroad = match fields.get("abroad") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let plans = Plans { abroad, statement: fields.some("statement").map(str::to_owned) };
    match act::state(&visit.cx, of.case.id, fields.version()?, &plans).await {
        Ok(()) => Ok(see_other(&at::<Bids>(&of.case, ""))),
        Err(Error::Invalid(errors)) => {
            let of = kit::allowed::<Bids>(visit, &id, "bid.state").await?;
            plans_page(visit, &of, Typed { fields, errors: &errors })
        }
        Err(other) => Err(other),
    }
}

async fn ask(visit: Visit, Path((id, step)): Path<(String, String)>) -> Answer {
    let def = BID.step(&step).map_err(|_| Error::NotFound)?;
    let of = kit::allowed::<Bids>(&visit, &id, def.action).await?;
    if ["submit", "answer", "accept", "choose"].contains(&step.as_str())
        && let Some(lacking) = read(&visit, &of).await?.and_then(|known| known.lacking)
        && !lacking.is_empty()
    {
        return too_early(&visit, &of, &step, &lacking);
    }
    draw(&visit, &of, &step, Typed { fields: &Fields::default(), errors: &FieldErrors::default() })
}

/// What the bid lacks first, said before anything is typed.
fn too_early(visit: &Visit, of: &Bid, step: &str, lacking: &[Blocker]) -> Answer {
    let name = BID.step_name(step);
    let (text, href) = if visit.cx.may("bid.state", of) {
        (t!("bid-abroad-ask"), at::<Bids>(&of.case, "plans"))
    } else {
        (BID.step_name("ask"), at::<Bids>(&of.case, "step/ask"))
    };
    let body = html! {
        h1 .govuk-heading-l { (name) }
        (lacks(lacking))
        (ui::link_button(Link::new(&text, &href), ButtonKind::Primary))
        p .govuk-body { a .govuk-link href=(at::<Bids>(&of.case, "")) { (t!("bid-back")) } }
    };
    Ok(kit::page::<Bids>(visit, of, &name).body(&body))
}

fn draw(visit: &Visit, of: &Bid, step: &str, typed: Typed<'_>) -> Answer {
    let before = match step {
        "ask" => typed.date("due", "bid-ask-due", None, false),
        "choose" => others(typed),
        _ => html! {},
    };
    let reason = match step {
        "submit" => html! {},
        "accept" => typed.optional_area("reason", "bid-remark", 4),
        "ask" => typed.area("reason", "bid-question", 6),
        "answer" => typed.area("reason", "bid-answer", 6),
        _ => typed.area("reason", "bid-reason", 6),
    };
    kit::step::<Bids>(visit, of, step, typed, kit::Asked { before, reason, warning: ["refuse", "withdraw"].contains(&step) })
}

fn others(typed: Typed<'_>) -> Markup {
    let (label, hint) = (t!("bid-others"), t!("bid-others-hint"));
    let field = Field::new("others", &label).hint(Some(&hint));
    ui::single_checkbox(&|id| texts::t(id), &field, &Check { value: "yes", checked: typed.fields.has("others"), small: false })
}

async fn take(Path((id, step)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Bids>(visit, &id).await?;
    let (cx, case) = (&visit.cx, of.case.id);
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let done = match step.as_str() {
        "submit" => act::submit(cx, case, version).await,
        "answer" => act::answer(cx, case, version, reason).await,
        "accept" => act::accept(cx, case, version, fields.some("reason")).await,
        "choose" => act::choose(cx, case, version, reason, fields.get("others") == "yes").await,
        "refuse" => act::refuse(cx, case, version, reason).await,
        "withdraw" => act::withdraw(cx, case, version, reason).await,
        "ask" => {
            let mut errors = FieldErrors::default();
            match read_date(fields, "due", &mut errors) {
                Some(due) => act::ask(cx, case, version, reason, due).await,
                None => Err(Error::Invalid(errors)),
            }
        }
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Bids>(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &step, Typed { fields, errors: &errors }),
        Err(other) => Err(other),
    }
}
