//! The screens of changes: notice and request by the supplier, their end and decision by security, and what belongs to them abroad.

use std::collections::BTreeSet;

use axum::extract::{Path, RawQuery};
use maud::{Markup, html};
use platform::cases::rounds::{self, NewPoint};
use platform::cases::{Case, queue};
use platform::error::FieldErrors;
use platform::forms::drafts::Drafts;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Fact, Field};
use platform::web::{Access, Answer, Fields, PageBuilder, Posted, Routes, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::form::Form;
use rules::plan_change::{Added, decide as judge};
use uuid::Uuid;

use super::model::{CHANGE, Change, Changes, Notice};
use super::papers::{exchange, noticed};
use super::{act, form_of, store};
use crate::casework::answering::{self, Answered};
use crate::casework::handing::{self, Handed};
use crate::casework::pages as kit;
use crate::casework::papers::{Papers as _, list};
use crate::casework::typed::{Typed, form, id_of, optional_date};
use crate::casework::{self, Process as _, at};
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::store as proposals;
use crate::plan::act::abroad;
use crate::plan::model::PACK;
use crate::plan::pages::prompted::said;
use crate::plan::store as versions;
use crate::plan::store::prompts;
use crate::{contract, pack};

/// The routes of changes.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/plan-changes", Access::SignedIn, casework::lists::page::<Changes>)
        .get("/plan-changes/new", Access::SignedIn, choose)
        .get("/plan-changes/notify/{place}", Access::SignedIn, noticing)
        .post("/plan-changes/notify/{place}", Access::SignedIn, notify)
        .get("/plan-changes/request/{place}", Access::SignedIn, requesting)
        .post("/plan-changes/request/{place}", Access::SignedIn, begin)
        .get("/plan-changes/{id}", Access::SignedIn, overview)
        .post("/plan-changes/{id}/proposal", Access::SignedIn, open_proposal)
        .post("/plan-changes/{id}/link", Access::SignedIn, link_proposal)
        .get("/plan-changes/{id}/step/{step}", Access::SignedIn, ask)
        .post("/plan-changes/{id}/step/{step}", Access::SignedIn, take)
        .and(kit::routes::<Changes>())
        .and(answering::routes::<Changes>())
        .and(handing::routes::<Changes>())
        .and(casework::papers::routes::<Changes>())
}

impl Answered for Changes {
    async fn overview(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
        drawn(visit, id, shown).await
    }

    async fn over_list(visit: &Visit, of: &Change, _: &Form, _: &Drafts) -> Result<Markup> {
        Ok(html! { @if of.case.stage == "returned" { (handing::points::<Self>(visit, of).await?) } })
    }

    fn last_of_list(visit: &Visit, of: &Change) -> Markup {
        html! {
            @if !of.told() && visit.cx.may("plan_change.discard", of) {
                p .govuk-body { a .govuk-link href=(at::<Self>(&of.case, "step/discard")) { (CHANGE.step_name("discard")) } }
            }
        }
    }

    async fn over_section(visit: &Visit, of: &Change, form: &Form, section: &str, carried: bool) -> Result<Markup> {
        handing::points_here::<Self>(visit, &of.case, form, section, carried).await
    }
}

impl Handed for Changes {
    const SUBMIT: &'static str = "plan_change.submit";

    fn returning(_: &Change) -> &'static str {
        "plan_change.return"
    }

    async fn before_declaring(visit: &Visit, of: &Change) -> Result<Markup> {
        let missing = act::goes_abroad(&visit.cx, of).await? == Some(true) && abroad(visit.cx.db(), of.case.id).await?.is_empty();
        Ok(html! {
            @if missing {
                (ui::inset(html! { (t!("plan-change-abroad-first")) " " a .govuk-link href=(at::<Self>(&of.case, "")) { (t!("plan-change-abroad-see")) } }))
            }
        })
    }

    async fn submit(cx: &Cx, of: Change, version: i32, declared: bool, reply: Option<&str>) -> Result<Case> {
        act::submit(cx, of.case.id, version, declared, reply).await
    }

    async fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str, points: &[NewPoint]) -> Result<()> {
        act::send_back(cx, id, version, reason, points).await
    }
}

fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(Changes::PAGES).crumb(&texts::t(Changes::NAME), Changes::PAGES)
}

/// Notice or request, place by place.
async fn choose(visit: Visit) -> Answer {
    let places = handing::offered(&visit.cx).await?;
    let title = t!("plan-change-new");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("plan-change-new-about")) }
        @if places.is_empty() {
            (ui::inset(html! { (if visit.cx.actor.is_authority() { t!("plan-change-start-authority") } else { t!("plan-change-start-no-contract") }) }))
        }
        @for (place, name) in &places {
            h2 .govuk-heading-m { (name) }
            ul .govuk-list {
                li { a .govuk-link href={ "/plan-changes/notify/" (place) } { (t!("plan-change-notify")) } " " span .govuk-hint { (t!("plan-change-notify-when")) } }
                li { a .govuk-link href={ "/plan-changes/request/" (place) } { (t!("plan-change-request")) } " " span .govuk-hint { (t!("plan-change-request-when")) } }
            }
        }
    };
    Ok(page(&visit, &title).body(&body))
}

/// The place of a notice or request, by name, for whoever may begin there.
async fn place_named(visit: &Visit, place: Uuid) -> Result<String> {
    let row = contract::chain::place(visit.cx.db(), place).await?.row;
    let (of, _) = act::blank(&visit.cx, visit.cx.db(), &row, None).await?;
    visit.cx.core().authz.check(&visit.cx.actor, "plan_change.view", &of)?;
    visit.cx.core().authz.check(&visit.cx.actor, "plan_change.begin", &of)?;
    contract::pages::place_name(&visit.cx, &row).await
}

async fn noticing(visit: Visit, Path(place): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    // What was added elsewhere stands there already.
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    notice_form(&visit, place, Typed { fields: &fields, errors: &FieldErrors::default() }).await
}

async fn notice_form(visit: &Visit, place: Uuid, typed: Typed<'_>) -> Answer {
    let name = place_named(visit, place).await?;
    let title = t!("plan-change-notify");
    let kinds: Vec<(&str, String)> = Added::ALL.iter().map(|kind| (kind.code(), texts::t(&kind.message_id()))).collect();
    let choices: Vec<Choice> = kinds.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (label, error) = (t!("plan-change-added"), typed.error("added"));
    let (handles, hint) = (t!("plan-change-handles"), t!("plan-change-handles-hint"));
    let known = [("yes", t!("answering-yes")), ("no", t!("answering-no")), ("unknown", t!("answering-unknown"))];
    let known: Vec<Choice> = known.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let handles_error = typed.error("handles");
    let handling = Field::new("handles", &handles).hint(Some(&hint)).error(handles_error.as_deref());
    let inner = html! {
        @for prompt in typed.fields.all("prompt") { (ui::hidden("prompt", prompt)) }
        (typed.line("title", "plan-change-title"))
        (ui::checkboxes(&|id| texts::t(id), &Field::new("added", &label).error(error.as_deref()), &choices, &typed.fields.all("added")))
        (ui::radios(&|id| texts::t(id), &handling, &known, typed.fields.some("handles"), false))
        (typed.area("about", "plan-change-about", 6))
        (typed.date("expected", "plan-change-expected", None, true))
        (ui::button(&t!("plan-change-notify-do"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { strong { (name) } }
        p .govuk-body { (t!("plan-change-notify-about")) }
        (form(visit, &format!("/plan-changes/notify/{place}"), None, inner)?)
    };
    Ok(page(visit, &title).errors(typed.errors).body(&body))
}

/// What was added elsewhere, if that is what this is about.
fn told(fields: &Fields) -> Result<Vec<Uuid>> {
    fields.all("prompt").into_iter().map(id_of).collect()
}

/// A notice as typed.
fn read(fields: &Fields) -> Result<Notice> {
    let mut errors = FieldErrors::default();
    let expected = optional_date(fields, "expected", &mut errors);
    let handles = match fields.get("handles") {
        "yes" => Some(true),
        "no" => Some(false),
        "unknown" => None,
        _ => {
            errors.add("handles", Text::new("plan-change-handles-missing"));
            None
        }
    };
    let added: BTreeSet<Added> = fields.all("added").into_iter().filter_map(Added::from_code).collect();
    let notice =
        Notice { title: fields.get("title").trim().to_owned(), added, handles, about: fields.get("about").trim().to_owned(), expected };
    for (name, text) in notice.faults().iter() {
        errors.add(name, text.clone());
    }
    errors.or(())?;
    Ok(notice)
}

async fn notify(Path(place): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let done = match read(fields) {
        Ok(notice) => act::notify(&visit.cx, place, &notice, &told(fields)?).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(case) => Ok(see_other(&at::<Changes>(&case, "sent"))),
        Err(Error::Invalid(errors)) => notice_form(visit, place, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

/// What a request is about, before it is begun.
async fn requesting(visit: Visit, Path(place): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    let name = place_named(&visit, place).await?;
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let inner = html! {
        @for prompt in fields.all("prompt") { (ui::hidden("prompt", prompt)) }
        (ui::button(&t!("plan-start"), ButtonKind::Primary))
    };
    let pack = pack::packs(visit.core()).in_use(PACK).cloned().ok_or_else(|| Error::internal("there is no pack of security guidance"))?;
    let about = form_of(&pack)?;
    let body = html! {
        (handing::about(about))
        p .govuk-body { strong { (name) } }
        (form(&visit, &format!("/plan-changes/request/{place}"), None, inner)?)
    };
    Ok(page(&visit, &about.title).body(&body))
}

async fn begin(Path(place): Path<Uuid>, post: Posted) -> Answer {
    let id = act::begin(&post.visit.cx, place, &told(&post.fields)?).await?;
    Ok(see_other(&format!("/plan-changes/{id}/answers")))
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    drawn(&visit, &id, None).await
}

/// The overview, with the sealed answer at `shown` open.
async fn drawn(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
    let of = kit::viewed::<Changes>(visit, id).await?;
    let (cx, case) = (&visit.cx, &of.case);
    let rounds = answering::documents::<Changes>(cx, case).await?;
    let decided = rounds::decisions(cx, cx.db(), case).await?;
    let steps = Changes::actions(visit, &of);
    let waits = if case.stage == "agreed" { act::waits(cx.db(), case).await? } else { Vec::new() };
    let content = html! {
        (kit::next::<Changes>(case))
        @if !waits.is_empty() {
            (ui::inset(html! { p .govuk-body { (t!("plan-change-waits")) } ul .govuk-list .govuk-list--bullet { @for bar in &waits { li { (bar.text.say()) } } } }))
        }
        @if case.stage == "returned" { (handing::points::<Changes>(visit, &of).await?) }
        @if case.stage == "agreed" && waits.is_empty() && cx.may("plan_change.take_effect", &of) {
            p .govuk-body { a .govuk-link href=(at::<Changes>(case, "step/take_effect")) { (CHANGE.step_name("take_effect")) } }
        }
        (kit::ways(&steps))
        (notice(cx, &of).await?)
        (added(cx, case).await?)
        @for (title, text) in exchange(&decided) { h2 .govuk-heading-m { (title) } (kit::paragraphs(text)) }
        (version(cx, case).await?)
        (work_abroad(visit, &of).await?)
        (kit::choices::<Changes>(visit, &of)?)
        (answering::last::<Changes>(visit, &of, &rounds, shown)?)
        @if of.told() { (list::<Changes>(visit, &of, Changes::PAPERS).await?) }
        @if rounds.is_empty() && case.submitted_at.is_some() { p .govuk-body { (platform::cases::words::destroyed()) } }
    };
    Ok(kit::page::<Changes>(visit, &of, &t!("case-tab-overview")).body(&kit::frame::<Changes>(visit, &of, "", content).await?))
}

/// The notice, and what it calls for, with reasons (OWN-1).
async fn notice(cx: &Cx, of: &Change) -> Result<Markup> {
    let Some(notice) = store::notice(cx, cx.db(), &of.case).await? else { return Ok(html! {}) };
    let facts = noticed(&notice);
    let rows: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    let decision = judge(&notice.facts());
    let outcome = decision.explained.outcome;
    Ok(html! {
        h2 .govuk-heading-m { (t!("plan-change-notice")) }
        (kit::paragraphs(&notice.about))
        (ui::summary_list(&rows, true))
        p .govuk-body { (texts::t(&format!("plan-change-calls-for-{}", outcome.code().replace('_', "-")))) }
        (ui::details(&t!("plan-change-why"), kit::reasons(&decision.explained, &t!("plan-change-missing"))))
    })
}

/// What was added elsewhere and is told of with this.
async fn added(cx: &Cx, case: &Case) -> Result<Markup> {
    let told = prompts::told_by(cx.db(), case.id).await?;
    Ok(html! {
        @if !told.is_empty() {
            h2 .govuk-heading-m { (t!("plan-change-tells-of")) }
            ul .govuk-list { @for one in &said(cx, &told).await? { li { (one) } } }
        }
    })
}

/// The plan's version that comes of the change.
async fn version(cx: &Cx, case: &Case) -> Result<Markup> {
    let Some(version) = versions::of_change(cx.db(), case.id).await?.filter(|version| cx.may("plan.view", version)) else {
        return Ok(html! {});
    };
    let says = match version.number {
        Some(number) => t!("plan-see-version", number = number),
        None => t!("plan-change-see-next"),
    };
    Ok(html! { p .govuk-body { a .govuk-link href={ "/plans/" (version.case.id) } { (says) } } })
}

/// The most proposals that are offered to be tied.
const OFFERED: u64 = 50;

/// The proposals for work abroad that belong to it, and how one comes to belong.
async fn work_abroad(visit: &Visit, of: &Change) -> Result<Markup> {
    let (cx, case) = (&visit.cx, &of.case);
    let linked = abroad(cx.db(), case.id).await?;
    let goes = act::goes_abroad(cx, of).await?;
    let may = cx.may("plan_change.link", of);
    if linked.is_empty() && (goes == Some(false) || !may && goes.is_none()) {
        return Ok(html! {});
    }
    let mut rows = Vec::new();
    for of in proposals::load_all(cx.db(), linked.clone()).await? {
        let (seen, proposal) = (cx.may("proposal.view", &of), of.case);
        // Of one that is not handed in, the authority reads no more than that there is one.
        rows.push(if seen {
            let name = proposal.reference.clone().unwrap_or_else(|| proposal.title.clone());
            (name, Some(format!("/proposals/{}", proposal.id)), Some(PROPOSAL.stage_name(&proposal.stage)))
        } else {
            (t!("plan-proposal-unsubmitted"), None, None)
        });
    }
    let offered = if may { offered(cx, case, &linked).await? } else { Vec::new() };
    let choices: Vec<Choice> = offered.iter().map(|(id, text)| Choice::new(id, text)).collect();
    let label = t!("plan-change-link-which");
    Ok(html! {
        h2 .govuk-heading-m { (t!("plan-change-abroad")) }
        @if goes == Some(true) && linked.is_empty() { p .govuk-body { (t!("plan-change-abroad-needs")) } }
        @if goes.is_none() && linked.is_empty() { p .govuk-body { (t!("plan-change-abroad-if")) } }
        @if !rows.is_empty() {
            ul .govuk-list {
                @for (name, href, stage) in &rows {
                    li {
                        @match href { Some(href) => a .govuk-link href=(href) { (name) }, None => (name) }
                        @if let Some(stage) = stage { ": " (stage) }
                    }
                }
            }
            p .govuk-body { (t!("plan-change-together")) }
        }
        @if may {
            (form(visit, &at::<Changes>(case, "proposal"), Some(case.version), ui::button(&t!("plan-change-open-proposal"), ButtonKind::Secondary))?)
            @if !choices.is_empty() {
                (form(visit, &at::<Changes>(case, "link"), Some(case.version), html! {
                    (ui::select(&|id| texts::t(id), &Field::new("proposal", &label), &choices, None, true))
                    (ui::button(&t!("plan-change-link"), ButtonKind::Secondary))
                })?)
            }
        }
    })
}

/// The proposals of the same place that the actor sees and that are not tied yet: id, and reference with title.
async fn offered(cx: &Cx, case: &Case, linked: &[Case]) -> Result<Vec<(String, String)>> {
    let filter = queue::Filter { contract: case.contract, most: OFFERED, ..queue::Filter::default() };
    let (found, _) = queue::list(cx.db(), &PROPOSAL, proposals::visible(&cx.actor), &filter, None).await?;
    let fits = |one: &&Case| {
        one.place == case.place && linked.iter().all(|known| known.id != one.id) && !["declined", "withdrawn"].contains(&one.stage.as_str())
    };
    let named = |one: &Case| match &one.reference {
        Some(reference) => format!("{reference}: {}", one.title),
        None => one.title.clone(),
    };
    Ok(found.iter().filter(fits).map(|one| (one.id.to_string(), named(one))).collect())
}

async fn open_proposal(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::viewed::<Changes>(&post.visit, &id).await?;
    let proposal = act::open_proposal(&post.visit.cx, of.case.id, post.fields.version()?).await?;
    Ok(see_other(&format!("/proposals/{proposal}/answers")))
}

async fn link_proposal(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::viewed::<Changes>(&post.visit, &id).await?;
    act::link_proposal(&post.visit.cx, of.case.id, post.fields.version()?, id_of(post.fields.get("proposal"))?).await?;
    Ok(see_other(&at::<Changes>(&of.case, "")))
}

/// Steps that have a page here.
const PLAIN: [&str; 8] = ["request", "call_for", "no_change", "agree", "decline", "take_effect", "withdraw", "discard"];

fn action_of(step: &str) -> Result<&'static str> {
    if !PLAIN.contains(&step) {
        return Err(Error::NotFound);
    }
    Ok(CHANGE.step(step)?.action)
}

async fn ask(visit: Visit, Path((id, step)): Path<(String, String)>) -> Answer {
    let of = kit::allowed::<Changes>(&visit, &id, action_of(&step)?).await?;
    draw(&visit, &of, &step, Typed { fields: &Fields::default(), errors: &FieldErrors::default() })
}

fn draw(visit: &Visit, of: &Change, step: &str, typed: Typed<'_>) -> Answer {
    let reason = match step {
        "agree" => {
            html! { (typed.area("reason", "plan-change-reason", 4)) (typed.optional_area("conditions", "plan-change-conditions", 6)) }
        }
        "call_for" | "no_change" | "decline" => typed.area("reason", "plan-change-reason", 4),
        "withdraw" => typed.area("reason", "plan-change-withdraw-reason", 4),
        _ => html! {},
    };
    let warning = ["decline", "withdraw", "discard"].contains(&step);
    kit::step::<Changes>(visit, of, step, typed, kit::Asked { before: html! {}, reason, warning })
}

async fn take(Path((id, step)): Path<(String, String)>, post: Posted) -> Answer {
    action_of(&step)?;
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Changes>(visit, &id).await?;
    let (cx, case) = (&visit.cx, of.case.id);
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let done = match step.as_str() {
        "request" => act::request(cx, case, version).await,
        "call_for" => act::call_for(cx, case, version, reason).await,
        "no_change" => act::no_change(cx, case, version, reason).await,
        "agree" => {
            let conditions: Vec<String> = fields.get("conditions").lines().map(str::to_owned).collect();
            act::agree(cx, case, version, reason, &conditions).await
        }
        "decline" => act::decline(cx, case, version, reason).await,
        "take_effect" => act::take_effect(cx, case, version).await,
        "withdraw" => act::withdraw(cx, case, version, reason).await,
        _ => act::discard(cx, case, version).await,
    };
    match done {
        Ok(()) if step == "request" => Ok(see_other(&at::<Changes>(&of.case, "answers"))),
        Ok(()) => Ok(see_other(&at::<Changes>(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &step, Typed { fields, errors: &errors }),
        Err(other) => Err(other),
    }
}
